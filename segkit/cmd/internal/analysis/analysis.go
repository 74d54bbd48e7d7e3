// Package analysis takes order lines to everything that a report shows: the path of the first lesson, without a notebook.
package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/cmd/internal/choices"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/privacy"
	"github.com/segkit/lab/segkit/report"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// Choices are all that a person decides. The zero value lets the data decide.
type Choices struct {
	K        int             // number of segments; 0 takes what the evidence favours
	AsOf     time.Time       // last day that is looked at; zero means the last day of the orders
	Days     int             // how far to look ahead, and how many days are held back to judge by; 0 means 90
	Columns  []string        // that form the segments; nil means recency, orders and basket
	Window   int             // only so many days up to the last one count; 0 for all
	Rules    []features.Rule // of cleaning, in order; nil means those of Before, and where lines lack a value the rule that removes them
	Before   []features.Rule // those of the report before; nil means those that suit most shops
	Seed     int             // of all draws
	Language string          // of names of segments, as report.Contents has it
	Assumed  []string        // what was assumed of the file before its lines were read, as sentences
}

// fewest customers that a model is formed on.
const fewest = 30

// Run takes order lines, and perhaps what else is known of the customers, to the contents of a report. A model that is given is kept; otherwise one is
// fitted to the customers of Days before the last day, and judged by the days since.
//
// last is the record of the report before, nil for none: forecasts that it holds are set beside what came since, and customers are followed from its day,
// as long as the model is the same.
func Run(ctx context.Context, orders *features.Orders, more *table.Table, model *segkit.Model, last *report.Record, c Choices) (*report.Contents, error) {
	a := &run{ctx: ctx, c: c, more: more, last: last}
	if a.c.Days == 0 {
		a.c.Days = 90
	}
	if a.c.Columns == nil {
		a.c.Columns = []string{"recency", "orders", "basket"}
	}
	steps := []struct {
		name string
		do   func() error
	}{
		{"cleaning", func() error { return a.clean(orders, model) }},
		{"customers", a.tables},
		{"segments", func() error { return a.segment(model) }},
		{"description", a.describe},
		{"rules", a.explain},
		{"forecast", a.forecast},
		{"verdict", a.judge},
		{"plan", a.plan},
		{"age of the model", a.age},
		{"movement", a.follow},
	}
	for i, step := range steps {
		job.Report(ctx, job.Progress{Task: "report: " + step.name, Done: i, Total: len(steps)})
		if err := step.do(); err != nil {
			return nil, err
		}
	}
	job.Report(ctx, job.Progress{Task: "report", Done: len(steps), Total: len(steps)})
	return &a.out, nil
}

// run is an analysis in the making.
type run struct {
	ctx  context.Context
	c    Choices
	last *report.Record
	more *table.Table // what else is known of the customers; nil for nothing
	out  report.Contents

	cleaned     *features.Cleaned
	spec        features.Spec
	today, then time.Time         // the last day that is looked at, and that from which the segments are judged
	before      *table.Table      // the customers of then; nil where the orders do not reach back so far
	next        *table.Table      // what they did since
	segments    *table.Segments   // of before
	kept        []report.Forecast // that this report makes
}

func (a *run) decide(what, value, why string) {
	a.out.Decisions = append(a.out.Decisions, report.Decision{What: what, Value: value, Why: why})
}

// clean applies the model's rules, those that were chosen, those of the report before, or the usual ones.
func (a *run) clean(orders *features.Orders, model *segkit.Model) (err error) {
	assumed, err := orders.Notes()
	if err != nil {
		return err
	}
	for _, note := range slices.Concat(a.c.Assumed, assumed) {
		note = choices.InFlags(note)
		if a.decide("reading", note, ""); choices.Asks(note) {
			a.out.Notes = append(a.out.Notes, note)
		}
	}
	rules := features.UsualRules
	if a.c.Before != nil {
		rules = a.c.Before
	}
	a.spec.Window = a.c.Window
	if model != nil {
		if a.spec, err = features.ParseSpec(model.Spec); err != nil {
			return err
		}
		unlike, err := a.spec.Familiar(orders)
		if err != nil {
			return err
		}
		if unlike != "" {
			a.decide("reading", choices.InFlags(unlike), "")
		}
		rules = a.spec.Rules
		if theirs, ours := choices.Names(rules), choices.Names(a.c.Rules); a.c.Rules != nil && theirs != ours {
			return fault.Errorf(fault.ErrOption, "segkit: report: the model was made from orders cleaned by other rules (%s) than those of --rules (%s): leave --rules out, or make a new model in a new folder", theirs, ours)
		}
	}
	if model == nil && a.c.Rules != nil {
		rules = a.c.Rules
	} else if rules, err = choices.Whole(orders, rules); err != nil {
		return err
	}
	if a.cleaned, err = orders.Clean(rules...); err != nil {
		return err
	}
	a.out.Cleaning = a.cleaned.Ledger
	for i, r := range a.cleaned.Rules() {
		step := a.out.Cleaning.Steps[i]
		left := step.Removed
		if r.Name != features.MissingValue.Name || left.Lines == 0 {
			a.decide("cleaning", r.String(), choices.InFlags(step.Note))
			continue
		}
		a.decide("cleaning", r.String(), "lines lack a date, a quantity, a price or an amount")
		a.decide("lines left out for that, and their money", fmt.Sprintf("%d; %s", left.Lines, strings.TrimSpace(a.cleaned.Currency()+" "+left.Net().Text())), "")
	}
	return nil
}

const aWeek = 7 * 24 * time.Hour

// tables makes the customers of today and of the day from which the segments are judged.
func (a *run) tables() error {
	first, last, err := a.cleaned.Period()
	if err != nil {
		return err
	}
	if a.cleaned.Ledger.Closing.Sales.Units <= 0 {
		return &fault.CellError{Op: "report", File: a.cleaned.Name(), Err: fault.ErrEmpty, Remedy: "look at the file with segkit inspect",
			Why: fmt.Sprintf("has no sales left after cleaning: all %d order lines are without a customer, cancelled or tests", a.cleaned.Ledger.Opening.Lines)}
	}
	if a.today = day(last); !a.c.AsOf.IsZero() {
		a.today = day(a.c.AsOf)
	}
	if a.today.Before(day(first)) {
		return &fault.CellError{Op: "report", File: a.cleaned.Name(), Err: fault.ErrEmpty,
			Why: fmt.Sprintf("begins on %s, after the day to look at, %s", first.Format(time.DateOnly), a.today.Format(time.DateOnly)), Remedy: "choose a day within the orders"}
	}
	spec := a.spec
	if a.out.Customers, err = a.customers(a.today); err != nil {
		return err
	}
	if a.out.Dictionary, err = a.cleaned.Dictionary(a.today, spec); err != nil {
		return err
	}
	a.out.Language = a.c.Language
	a.out.AsOf, a.out.First, a.out.Last, a.out.Days = a.today, day(first), day(last), a.c.Days
	silence, err := a.cleaned.Silence(a.today)
	if err != nil {
		return err
	}
	if a.today.Sub(day(last)) > aWeek { // a closed shop is nothing to mind
		a.out.Notes = append(a.out.Notes, silence)
	}
	a.out.Currency = a.cleaned.Currency()
	a.then = a.today.AddDate(0, 0, -a.c.Days)
	switch {
	case a.today.After(day(last)):
		a.decide("judged by later days", "no", "the orders end before the day to look at")
		return nil
	case a.then.AddDate(0, 0, -a.c.Days).Before(day(first)):
		a.decide("judged by later days", "no", "the orders do not reach back far enough")
		return nil
	}
	before, err := a.customers(a.then)
	if err != nil {
		return err
	}
	if before.Len() < fewest {
		a.decide("judged by later days", "no", "too few customers were known then")
		return nil
	}
	if a.next, err = a.cleaned.Outcome(a.then, a.c.Days, a.spec); err != nil {
		return err
	}
	a.before = before
	return nil
}

// customers makes the customers of a day, with what else is known of them.
func (a *run) customers(asOf time.Time) (*table.Table, error) {
	t, err := a.cleaned.Features(asOf, a.spec)
	if err == nil {
		t, err = report.Speaking(a.c.Language, t)
	}
	if err != nil || a.more == nil {
		return t, err
	}
	more := a.more
	found, err := privacy.Identifiers(more)
	if err != nil {
		return nil, err
	}
	for _, c := range more.Columns() { // the orders say where customers bought, the other file where they are registered
		why := "known twice, taken from the orders"
		if slices.ContainsFunc(found, func(f privacy.Identifier) bool { return f.Alone && f.Column == c.Name }) { // a name tells nothing of others
			why = "left aside"
		} else if _, err := t.Column(c.Name); err != nil {
			continue
		}
		if len(more.Columns()) == 1 { // it knows nothing else
			return t, nil
		}
		if more, err = more.Drop(c.Name); err != nil {
			return nil, err
		}
		if asOf.Equal(a.today) {
			a.decide(why, c.Name, "")
		}
	}
	if asOf.Equal(a.today) {
		if err := a.listed(t, more); err != nil {
			return nil, err
		}
	}
	return t.Join(more)
}

// listed counts the customers who have orders but no row in the file of customers. A file without any of them is refused: its ids are read of the wrong column.
func (a *run) listed(customers, more *table.Table) error {
	known := map[string]bool{}
	for _, id := range more.IDs() {
		known[id] = true
	}
	for _, id := range customers.IDs() {
		if !known[id] {
			a.out.Unlisted++
		}
	}
	if more.Len() == 0 || a.out.Unlisted < customers.Len() {
		return nil
	}
	return &fault.CellError{Op: "report", File: a.cleaned.Name(), Err: fault.ErrSchema,
		Why:    fmt.Sprintf("has none of the customers of the file of customers: an id is like %q here, and like %q there", wording.Clip(customers.IDs()[0]), wording.Clip(more.IDs()[0])),
		Remedy: "name the column that holds the ids of the orders with --id, or write the ids alike"}
}

// segment fits the model where none was given, and scores the customers of today and of then.
func (a *run) segment(model *segkit.Model) (err error) {
	formed := a.before
	if formed == nil {
		formed = a.out.Customers
	}
	if formed.Len() < fewest {
		return &fault.CellError{Op: "report", File: a.cleaned.Name(), Err: fault.ErrEmpty,
			Why: fmt.Sprintf("has %d customers, too few to form segments from (at least %d)", formed.Len(), fewest), Remedy: "collect more orders"}
	}
	if model == nil {
		if model, err = a.fit(formed); err != nil {
			return err
		}
	} else {
		a.out.ModelKept = true
		a.decide("model", "kept", "so that segments mean what they meant before")
	}
	a.out.Model = model
	if a.out.Segments, err = model.Score(a.out.Customers); err != nil {
		return err
	}
	if a.before != nil {
		a.segments, err = model.Score(a.before)
	}
	return err
}

// fit chooses a number of segments, unless it was given, and fits the model.
func (a *run) fit(customers *table.Table) (*segkit.Model, error) {
	recipe := segkit.Recipe{Columns: a.c.Columns, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: max(a.c.K, 2), Seed: a.c.Seed}}
	sweep, err := choose.SweepKContext(a.ctx, customers, recipe, 1, min(8, customers.Len()-1), choose.SweepOptions{Seed: a.c.Seed, Outcome: a.next, Goal: choose.Goal{Metric: a.metric()}})
	if err != nil {
		return nil, err
	}
	a.out.Sweep = sweep
	k, why := a.c.K, "as it was given"
	if k == 0 {
		advice := sweep.Advice()
		if k, why = advice.K, "what the evidence favours"; sweep.Control != nil && !advice.Structure {
			why = "no number stands out, and this one serves best"
		}
	}
	if k == 0 {
		k, why = usual, "no number stands out"
	}
	a.decide("number of segments", fmt.Sprint(k), why)
	recipe.Method = cluster.KMeans{K: k, Seed: a.c.Seed}
	return recipe.FitContext(a.ctx, customers)
}

// usual is the number of segments where nothing speaks for another: as many as people act on without a list at hand.
const usual = 4

// metric is what the segments are to tell apart: money.
func (a *run) metric() string {
	if a.next == nil {
		return ""
	}
	return "spend"
}

func (a *run) describe() (err error) {
	if a.out.Profile, err = describe.SegmentsContext(a.ctx, a.out.Customers, a.out.Segments); err != nil {
		return err
	}
	a.out.Shared, err = privacy.ShareContext(a.ctx, a.out.Customers, a.out.Segments, privacy.Rules{})
	return err
}

func (a *run) explain() (err error) {
	a.out.Rules, err = rulebook.ExplainContext(a.ctx, a.out.Customers, a.out.Segments, rulebook.Options{MaxConditions: 2, Seed: a.c.Seed})
	return err
}

// forecast says what each segment will bring, and what a forecast of then would have said of the days since.
func (a *run) forecast() error {
	m, err := a.buying(a.today, 0)
	if err != nil {
		a.out.Notes = append(a.out.Notes, choices.InFlags(fmt.Sprintf("Nothing was forecast: %v", fault.Trimmed(err))))
		return a.ctx.Err()
	}
	for _, days := range []int{max(a.c.Days/soonest, 1), a.c.Days} {
		ahead, err := m.buying.ForecastContext(a.ctx, m.summary, m.horizon(a.c, days))
		if err != nil {
			return err
		}
		if a.out.Ahead, err = ahead.ByContext(a.ctx, a.out.Segments); err != nil { // the longest is the last
			return err
		}
		a.kept = append(a.kept, report.ForecastOf(a.today, a.out.Ahead, ahead.AllValue))
	}
	if m.spend.Dependence != "" {
		a.out.Notes = append(a.out.Notes, m.spend.Dependence)
	}
	if a.before == nil {
		return nil
	}
	if m, err = a.buying(a.then, a.c.Days); err != nil {
		return a.ctx.Err()
	}
	proof, err := m.buying.HoldoutContext(a.ctx, m.summary, m.horizon(a.c, a.c.Days))
	if err != nil {
		return err
	}
	if a.out.Proof, err = proof.ByContext(a.ctx, a.segments); err != nil {
		return err
	}
	a.out.Ahead, err = a.out.Ahead.Against(a.out.Proof)
	return err
}

// soonest is the part of the days ahead of which a shorter forecast is kept, so that a monthly report need not wait for a whole season to see how the last
// ones did.
const soonest = 3

// bought is a model of buying as it was known on a day.
type bought struct {
	summary *value.Summary
	buying  *value.Buying
	spend   *value.Spending
}

func (b bought) horizon(c Choices, days int) value.Horizon {
	return value.Horizon{Days: days, Spend: b.spend, Seed: c.Seed}
}

// buying fits a model of buying to what was known on a day, with so many days held out behind it.
func (a *run) buying(asOf time.Time, holdout int) (out bought, err error) {
	if out.summary, err = value.Summarize(a.cleaned, asOf, value.SummaryOptions{Holdout: holdout}); err != nil {
		return out, err
	}
	if out.buying, err = (value.MBGNBD{Seed: a.c.Seed}).FitContext(a.ctx, out.summary); err != nil {
		return out, err
	}
	out.spend, err = value.GammaGamma{Seed: a.c.Seed}.FitContext(a.ctx, out.summary)
	return out, err
}

// judge asks of the segments of then, in the light of what came since; without a then, of those of today. The rules are always those that are printed.
func (a *run) judge() (err error) {
	o := judge.Options{Sweep: a.out.Sweep, Rules: a.out.Rules, Seed: a.c.Seed}
	customers, segments := a.out.Customers, a.out.Segments
	a.out.Judged = a.today
	if a.before != nil {
		customers, segments, a.out.Judged = a.before, a.segments, a.then
		o.Goal, o.Outcome = choose.Goal{Metric: a.metric()}, a.next
	}
	a.out.Verdict, err = judge.SegmentsContext(a.ctx, customers, segments, o)
	return err
}

// plan says what to do about each segment, and how to test it.
func (a *run) plan() (err error) {
	o := campaign.PlanOptions{Ahead: a.out.Ahead}
	if a.before != nil {
		test := campaign.Test{Response: "active", Revenue: "spend", Winsor: .99, Seed: a.c.Seed}
		then, err := test.Size(a.next, a.segments)
		if err != nil {
			return err
		}
		if o.Sizes, err = then.For(a.out.Segments); err != nil { // those who would be tested are the customers of today
			return err
		}
		a.out.Sizes = o.Sizes
	}
	a.out.Plan, err = campaign.Plan(a.out.Profile, o)
	return err
}

func day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
