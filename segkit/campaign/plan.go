package campaign

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// PlanOptions are what a plan knows besides the profile. If something is missing, the plan says so.
type PlanOptions struct {
	Plays  []Play       // nil means PlayBook()
	Ahead  *value.Worth // what is expected from each segment (value's Forecast.By); nil leaves it open
	Sizes  *Sizes       // how each segment would be tested, and with how many (Test.Size); nil leaves it open
	Result *Result      // what a test of the same segments showed; nil leaves everything a hypothesis
	Spent  string       // column of what customers brought; "" means the profile's first value column
}

// ActionPlan is the page that a manager reads first.
type ActionPlan struct {
	Unit     string // of money
	Days     int    // of the time ahead; 0 if nothing was forecast
	Segments []SegmentPlan
	Notes    []string
	pays     []string // segments in which a test has shown that the offer pays
}

// SegmentPlan is one segment of a plan. Anything unknown is NaN or "".
type SegmentPlan struct {
	Segment    string
	Who        []string // sentences in plain words
	Customers  int
	Share      float64     // of all customers
	Spent      float64     // what they brought, in the time that the profile covers
	SpentShare float64     // of what all brought
	Expected   value.Range // what they are expected to bring in the time ahead, if nothing is done
	Risk       float64     // share of them expected not to order in that time
	Play       Play
	Because    string  // the figure that speaks for the play, compared with that of all customers
	Point      float64 // what it brings if one customer in a hundred responds, before cost
	Test       string  // how it will be tested, with how many people
	Shown      string  // what a test showed; "" if there was none
	Hypothesis string  // what nobody knows yet
}

// Plan says for each segment of a profile who its customers are, what they brought and are expected to bring, and what to do. It names the figure that speaks for
// the action, what a success is worth, how it will be tested, and what is only a hypothesis. What to do comes from a play book, which is data that you edit. What
// customers brought, and what they are expected to bring, is not what an action would change: only a test shows that, and only if Result has one.
func Plan(p *describe.Profile, o ...PlanOptions) (*ActionPlan, error) {
	const op = "campaign.Plan"
	if p == nil {
		return nil, fault.Nil(op, "profile")
	}
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	out := &ActionPlan{}
	spent := 0
	if opt.Spent != "" {
		if spent = slices.Index(p.ValueColumns, opt.Spent); spent < 0 {
			return nil, &fault.CellError{Op: op, Column: opt.Spent, Why: "is not a column of what customers are worth", Remedy: "name one of " + wording.List(p.ValueColumns) + ", or give the column the role table.Value", Err: fault.ErrMissingColumn}
		}
	}
	if len(p.ValueColumns) > 0 {
		out.Unit = p.Columns[p.Index(p.ValueColumns[spent])].Unit
	}
	if opt.Ahead != nil && opt.Ahead.Money {
		out.Days, out.Unit = opt.Ahead.Days, opt.Ahead.Currency
	}
	nan := math.NaN()
	personas := p.Personas()
	for l, g := range p.Segments {
		s := SegmentPlan{Segment: g.Name, Who: personas[l].Sentences, Customers: g.Size, Share: g.Share, Spent: nan, SpentShare: nan, Expected: value.Range{Mean: nan, Low: nan, High: nan}, Risk: nan, Point: nan}
		if len(p.ValueColumns) > 0 {
			s.SpentShare = g.ValueShare[spent]
			s.Spent = s.SpentShare * p.ValueTotals[spent]
		}
		if a := aheadOf(opt.Ahead, g.Name); a != nil {
			s.Risk = a.Silent
			if opt.Ahead.Money && !a.Off {
				s.Expected = a.Value
			}
		}
		out.Segments = append(out.Segments, s)
	}
	figures, err := figuresOf(p, out)
	if err != nil {
		return nil, err
	}
	if err := out.choose(op, p, figures, opt.Plays); err != nil {
		return nil, err
	}
	out.pays = opt.Result.Pays()
	for l := range out.Segments {
		s := &out.Segments[l]
		s.Hypothesis = s.Play.Hypothesis
		if s.Play.Success != "" {
			s.Test = opt.Sizes.says(s.Segment)
		}
		if at := opt.Result.of(s.Segment); at >= 0 {
			s.tested(opt.Result, at)
		}
	}
	out.Notes = []string{"What customers brought in, and what they are expected to bring in if nothing is done, is not what an action would change. What it would change is a hypothesis until a test with a hold-out has shown it."}
	for _, part := range []struct {
		what  string
		given bool
		known func(segment string) bool
	}{
		{"Ahead", opt.Ahead != nil, func(name string) bool { return aheadOf(opt.Ahead, name) != nil }},
		{"Sizes", opt.Sizes != nil, func(name string) bool { return opt.Sizes.of(name) >= 0 }},
		{"Result", opt.Result != nil, func(name string) bool { return opt.Result.of(name) >= 0 }},
	} {
		if err := out.unknown(op, part.what, part.given, part.known); err != nil {
			return nil, err
		}
	}
	if opt.Ahead == nil {
		out.Notes = append(out.Notes, "Nothing was forecast: give PlanOptions.Ahead.")
	} else if off := opt.Ahead.OffNote(); off != "" {
		out.Notes = append(out.Notes, off)
	}
	if opt.Sizes == nil && opt.Result == nil {
		out.Notes = append(out.Notes, "No test was planned: give PlanOptions.Sizes.")
	}
	return out, nil
}

// tested replaces what was proposed by what a test has shown, where it has shown anything: at is the segment's place in the result.
func (s *SegmentPlan) tested(r *Result, at int) {
	s.Test, s.Shown = "", r.saysOf(at)
	money := r.Return
	if money == nil {
		return
	}
	name := orName(r.Test.Name)
	switch back := money.Segments[at]; {
	case !back.Shown(r.Test.Level):
	case back.Value > 0:
		s.Play = Play{Name: "Send it", Do: fmt.Sprintf("%s: send it to all of them except a few, who are held out again.", name), Success: s.Play.Success}
		s.Because, s.Hypothesis, s.Point = s.Shown, "that it does as much next time", float64(s.Customers)/100*back.Value
	default:
		s.Play = Play{Name: "Do not send it", Do: fmt.Sprintf("%s: it costs more here than it brings.", name)}
		s.Because, s.Hypothesis, s.Point = s.Shown, "that another offer would pay off", math.NaN()
	}
}

// unknown notes the segments of which a part of the plan's material knows nothing; it is an error if that is all of them.
func (a *ActionPlan) unknown(op, what string, given bool, known func(segment string) bool) error {
	if !given {
		return nil
	}
	var missing []string
	for _, s := range a.Segments {
		if !known(s.Segment) {
			missing = append(missing, s.Segment)
		}
	}
	switch {
	case len(missing) == 0:
	case len(missing) == len(a.Segments):
		return &fault.CellError{Op: op, Why: fmt.Sprintf("PlanOptions.%s has none of the profile's segments (%s)", what, wording.Quoted(missing)), Remedy: "make both from the same segments", Err: fault.ErrUnmatched}
	default:
		a.Notes = append(a.Notes, fmt.Sprintf("PlanOptions.%s has nothing on %s.", what, wording.Quoted(missing)))
	}
	return nil
}

func aheadOf(w *value.Worth, segment string) *value.SegmentWorth {
	if w == nil {
		return nil
	}
	at := slices.IndexFunc(w.Segments, func(s value.SegmentWorth) bool { return s.Segment == segment })
	if at < 0 {
		return nil
	}
	return &w.Segments[at]
}

// figuresOf is a table with a row per segment and a column per figure that conditions may name.
func figuresOf(p *describe.Profile, plan *ActionPlan) (*table.Table, error) {
	var columns []table.Column
	var values [][]float64 // by column
	add := func(c table.Column, of func(l int) float64) {
		if slices.ContainsFunc(columns, func(o table.Column) bool { return o.Name == c.Name }) {
			return
		}
		column := make([]float64, len(p.Segments))
		for l := range column {
			column[l] = of(l)
		}
		columns, values = append(columns, c), append(values, column)
	}
	for j, c := range p.Columns {
		if c.Categorical() || c.Role == table.Outcome {
			continue
		}
		middle := func(s table.Stats) float64 {
			if p.Scale[j].ByMean {
				return s.Mean
			}
			return s.Median
		}
		add(table.Column{Name: c.Name, Unit: c.Unit, Phrase: c.Phrase}, func(l int) float64 { return middle(p.Segments[l].Stats[j]) })
		add(table.Column{Name: c.Name + "_all", Unit: c.Unit}, func(int) float64 { return middle(p.All[j]) })
	}
	each := func(name string, of func(s SegmentPlan) float64) {
		add(table.Column{Name: name}, func(l int) float64 { return of(plan.Segments[l]) })
	}
	each("customers", func(s SegmentPlan) float64 { return float64(s.Customers) })
	each("share", func(s SegmentPlan) float64 { return s.Share })
	each("expected", func(s SegmentPlan) float64 { return s.Expected.Mean / float64(s.Customers) })
	each("risk", func(s SegmentPlan) float64 { return s.Risk })
	var data []float64
	for l := range p.Segments {
		for _, column := range values {
			data = append(data, column[l])
		}
	}
	return table.New(wording.Numbered(len(p.Segments)), columns, data)
}

// choose gives each segment the first play whose condition it meets. Of the package's own plays, those about columns that the customers do not have are passed over.
func (a *ActionPlan) choose(op string, p *describe.Profile, figures *table.Table, plays []Play) error {
	own := plays == nil
	if own {
		plays = PlayBook()
	}
	for at, play := range plays {
		hit, err := figures.Where(play.When)
		if err == nil {
			for _, name := range []string{play.Because, play.Worth} {
				if _, missing := figures.Column(name); name != "" && missing != nil {
					err = missing
				}
			}
		}
		if err != nil && own {
			continue
		}
		if err != nil {
			return fault.Errorf(fault.ErrCondition, "segkit: %s: play %d, %q: %v", op, at+1, play.Name, fault.Trimmed(err))
		}
		met := hit.IDs()
		for l := range a.Segments {
			s := &a.Segments[l]
			if s.Play.Name != "" || !slices.Contains(met, figures.IDs()[l]) {
				continue
			}
			s.Play = play
			s.Because = because(p, figures, l, play.Because)
			if play.Worth != "" {
				worth, _ := figures.Values(play.Worth)
				s.Point = float64(s.Customers) / 100 * worth[l]
			}
		}
	}
	for l := range a.Segments {
		if s := &a.Segments[l]; s.Play.Name == "" {
			s.Play = Play{Name: "No play fits", Do: "Add a play for them to the play book.", Hypothesis: "everything about them"}
		}
	}
	return nil
}

// because reads like "last order 306 days ago, against 105 days for the typical customer".
func because(p *describe.Profile, figures *table.Table, l int, column string) string {
	if column == "" {
		return ""
	}
	values, err := figures.Values(column)
	if err != nil {
		return ""
	}
	c, _ := figures.Column(column)
	text := c.Saying(wording.Figure(values[l]))
	if all, err := figures.Values(column + "_all"); err == nil {
		text += ", against " + wording.Measured(wording.Figure(all[l]), c.Unit) + " for the typical customer"
	}
	return text
}

// says is how a segment will be tested, and what that finds; "" without a plan.
func (s *Sizes) says(segment string) string {
	if s == nil {
		return ""
	}
	at := s.of(segment)
	if at < 0 || s.Segments[at].HeldOut == 0 {
		return "not in the test"
	}
	g := s.Segments[at]
	offer := "an offer"
	if s.Test.Name != "" {
		offer = s.Test.Name
	}
	text := fmt.Sprintf("%s get %s, %s get nothing, chosen at random", sheet.Count(g.Offered), offer, sheet.Count(g.HeldOut))
	switch {
	case !math.IsNaN(g.Finds):
		return text + fmt.Sprintf(": detects %s a customer or more", strings.TrimSpace(sheet.Fixed(g.Finds, 2)+" "+s.Unit))
	case !math.IsNaN(g.FindsRate):
		return text + fmt.Sprintf(": detects %s or more extra orders in a hundred", sheet.Fixed(100*g.FindsRate, 1))
	}
	return text
}

// of is the place of a segment, -1 where it is not there.
func (s *Sizes) of(segment string) int {
	return slices.IndexFunc(s.Segments, func(g Size) bool { return g.Segment == segment })
}

// of is the place of a segment, -1 where it is not there or there is no result.
func (r *Result) of(segment string) int {
	if r == nil {
		return -1
	}
	return slices.IndexFunc(r.main().Segments, func(e Effect) bool { return e.Segment == segment })
}

// saysOf is what a test showed of a segment.
func (r *Result) saysOf(at int) string {
	main := r.main()
	e := main.Segments[at]
	text := main.Write(e.Value, true)
	if !math.IsNaN(e.Low) {
		text += fmt.Sprintf(" (%s to %s)", main.number(e.Low), main.number(e.High))
	}
	return fmt.Sprintf("%s: %s, %s", orName(r.Test.Name), text, r.says(at))
}

func (a *ActionPlan) money(v float64) string {
	if math.IsNaN(v) {
		return sheet.Missing
	}
	return strings.TrimSpace(sheet.Fixed(v, 0) + " " + a.Unit)
}

// brought, expected and point are the sentences about money.
func (a *ActionPlan) brought(s SegmentPlan) string {
	if math.IsNaN(s.Spent) {
		return sheet.Missing
	}
	return fmt.Sprintf("%s (%s)", a.money(s.Spent), wording.Percent(s.SpentShare))
}

func (a *ActionPlan) expected(s SegmentPlan) string {
	if math.IsNaN(s.Expected.Mean) {
		return sheet.Missing
	}
	return fmt.Sprintf("%s (%s to %s)", a.money(s.Expected.Mean), sheet.Fixed(s.Expected.Low, 0), sheet.Fixed(s.Expected.High, 0))
}

func (a *ActionPlan) risk(s SegmentPlan) string {
	if math.IsNaN(s.Risk) {
		return ""
	}
	return fmt.Sprintf("%s of them will not order", wording.Percent(s.Risk))
}

func (a *ActionPlan) point(s SegmentPlan) string {
	if math.IsNaN(s.Point) {
		return sheet.Missing
	}
	return a.money(s.Point)
}

// ahead heads the column of what is expected.
func (a *ActionPlan) ahead() string {
	if a.Days > 0 {
		return fmt.Sprintf("next %d days, if nothing is done", a.Days)
	}
	return "next, if nothing is done"
}

// Sheet has a row per segment. Click on an action to see what it is based on.
func (a *ActionPlan) Sheet() sheet.Sheet {
	text := func(name string) sheet.Column { return sheet.Column{Name: name, Text: true} }
	out := sheet.Sheet{Caption: a.finding(), Total: len(a.Segments), Notes: a.Notes,
		Columns: []sheet.Column{text("who"), text("they brought in"), text(a.ahead()), text("what to do"), text("one more success in a hundred brings in")}}
	tests := slices.ContainsFunc(a.Segments, func(s SegmentPlan) bool { return s.Test != "" })
	if tests {
		out.Columns = append(out.Columns, text("how to test it"))
	}
	for _, s := range a.Segments {
		row := []string{
			sheet.Lines(append([]string{s.Segment, wording.Plural(s.Customers, "customer") + ", " + wording.Percent(s.Share)}, s.Who...)...),
			a.brought(s), sheet.Lines(a.expected(s), a.risk(s)),
			sheet.Folded(s.Play.Name+": "+s.Play.Do, prefixed("Because: ", s.Because), prefixed("Shown: ", s.Shown), prefixed("Only a hypothesis: ", s.Hypothesis)),
			a.point(s)}
		if tests {
			row = append(row, s.Test)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// finding is the caption: what a test has shown to pay, or where a point of success is worth most.
func (a *ActionPlan) finding() string {
	if len(a.pays) > 0 {
		return "Shown to pay: " + wording.Quoted(a.pays)
	}
	best := -1
	for l, s := range a.Segments {
		if !math.IsNaN(s.Point) && (best < 0 || s.Point > a.Segments[best].Point) {
			best = l
		}
	}
	if best < 0 {
		return "What to do with each segment"
	}
	s := a.Segments[best]
	return fmt.Sprintf("One more success in a hundred is worth most in %q: %s, before costs", s.Segment, a.money(s.Point))
}

// Frame returns a row per segment: segment, customers, share, spent, spent_share, expected, expected_low, expected_high, risk, play, because, point, test, shown, hypothesis.
func (a *ActionPlan) Frame() table.Frame {
	of := func(name string, f func(s SegmentPlan) string) frame.Columns { return frame.Each(name, a.Segments, f) }
	return frame.New(of("segment", func(s SegmentPlan) string { return s.Segment }),
		frame.Each("customers", a.Segments, func(s SegmentPlan) int { return s.Customers }),
		frame.Numbers([]string{"share", "spent", "spent_share", "expected", "expected_low", "expected_high", "risk"}, a.Segments, func(s SegmentPlan) []float64 {
			return []float64{s.Share, s.Spent, s.SpentShare, s.Expected.Mean, s.Expected.Low, s.Expected.High, s.Risk}
		}),
		of("play", func(s SegmentPlan) string { return s.Play.Name }), of("because", func(s SegmentPlan) string { return s.Because }),
		frame.Numbers([]string{"point"}, a.Segments, func(s SegmentPlan) []float64 { return []float64{s.Point} }),
		of("test", func(s SegmentPlan) string { return s.Test }), of("shown", func(s SegmentPlan) string { return s.Shown }), of("hypothesis", func(s SegmentPlan) string { return s.Hypothesis }))
}
