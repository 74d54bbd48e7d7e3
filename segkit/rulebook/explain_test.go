package rulebook

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/growtree"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

func explained(t testing.TB, x *table.Table, s *table.Segments, o Options) *Explanation {
	t.Helper()
	e, err := Explain(x, s, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestPlantedRulesAreFound(t *testing.T) {
	x, s := trial.Planted(t, 1500)
	e := explained(t, x, s, Options{MaxConditions: 2})
	want := []Rule{{"Rare", "orders < 6"}, {"Lapsed", "orders >= 6 and recency > 90"}, {"Regulars", "orders >= 6 and recency <= 90"}}
	if !slices.Equal(e.Rules, want) {
		t.Errorf("%q, want %q", e.Rules, want)
	}
	if e.Fidelity.Accuracy != 1 || e.Fidelity.AdjustedRand != 1 || e.Untaken != 0 {
		t.Errorf("%+v", e.Fidelity)
	}
	if got := e.Words("Regulars"); got != "orders at least 6, recency at most 90 days" {
		t.Error(got)
	}
}

// exclusive checks that every rule takes by itself whom the evidence says, that no customer is taken twice, and that the rule
// book gives everyone the segment that the fidelity counts.
func exclusive(t *testing.T, x *table.Table, s *table.Segments, e *Explanation) {
	t.Helper()
	taken := make(map[string]string)
	labels, err := s.LabelsOf(x)
	if err != nil {
		t.Fatal(err)
	}
	own := make(map[string]string)
	for i, id := range x.Raw().IDs {
		own[id] = s.Name(labels[i])
	}
	for i, rule := range e.Rules {
		in, err := x.Where(rule.When)
		if err != nil {
			t.Fatal(err)
		}
		right := 0
		for _, id := range in.Raw().IDs {
			if before, twice := taken[id]; twice {
				t.Fatalf("%s is taken by %q and by %q", id, before, rule.When)
			}
			taken[id] = rule.When
			if own[id] == rule.Name {
				right++
			}
		}
		if got := e.Evidence[i]; got.Customers != in.Count() || x.Raw().Weights == nil && math.Abs(got.Precision-float64(right)/float64(in.Len())) > 1e-12 {
			t.Errorf("%q takes %d customers, %d of its segment; the evidence is %+v", rule.When, in.Len(), right, got)
		}
	}
	if x.Len()-len(taken) != e.Untaken {
		t.Errorf("%d customers are taken by no rule, not %d", x.Len()-len(taken), e.Untaken)
	}
	assigned, err := e.Assign(x)
	if err != nil {
		t.Fatal(err)
	}
	right, total := 0.0, 0.0
	for i, id := range x.Raw().IDs {
		total += x.Weight(i)
		name := assigned.Name(assigned.Labels[i])
		if name == own[id] || name == e.rest() && labels[i] == table.Noise {
			right += x.Weight(i)
		}
	}
	if math.Abs(right/total-e.Fidelity.Accuracy) > 1e-12 {
		t.Errorf("the rule book puts %g where the segments do, the fidelity says %g", right/total, e.Fidelity.Accuracy)
	}
}

func TestRulesTakeWhomTheySay(t *testing.T) {
	x, s := trial.Planted(t, 600)
	x.Raw().Data[1], x.Raw().Data[3*7], x.Raw().Data[3*9+1] = math.NaN(), math.NaN(), math.NaN()
	s.Labels[11] = table.Noise
	for _, conditions := range []int{1, 2, 5} {
		e := explained(t, x, s, Options{MaxConditions: conditions, Folds: 2})
		exclusive(t, x, s, e)
		if conditions == 2 && e.Untaken == 0 {
			t.Error("customers without orders were taken")
		}
	}
}

func TestExplainRefuses(t *testing.T) {
	x, s := trial.Planted(t, 60)
	transformed, err := (prep.Standardize{}).Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	z, err := transformed.Apply(x)
	if err != nil {
		t.Fatal(err)
	}
	one, err := table.NewSegments(x.IDs(), make(table.Labels, 60), nil)
	if err != nil {
		t.Fatal(err)
	}
	outcome := x.WithData(x.Columns(), x.Raw().Data)
	outcome.Raw().Columns[2].Role = table.Outcome
	alike := &table.Segments{IDs: s.IDs, Labels: s.Labels, Names: []string{"A", "B", "A"}}
	for says, call := range map[string]struct {
		x        *table.Table
		s        *table.Segments
		o        Options
		sentinel error
	}{
		"transformed values":       {z, s, Options{}, fault.ErrSchema},
		"rules tell segments":      {x, one, Options{}, fault.ErrUndefined},
		"is an outcome":            {outcome, s, Options{Columns: []string{"basket"}}, fault.ErrSchema},
		`did you mean "orders"`:    {x, s, Options{Columns: []string{"order"}}, fault.ErrMissingColumn},
		"name of two segments":     {x, alike, Options{}, fault.ErrSchema},
		"MaxConditions = 6":        {x, s, Options{MaxConditions: 6}, nil},
		"Folds = 1":                {x, s, Options{Folds: 1}, nil},
		"customer has no segment":  {x, &table.Segments{IDs: s.IDs[1:], Labels: s.Labels[1:], Names: s.Names}, Options{}, fault.ErrUnmatched},
		"there are no rows":        {x.Head(0), s, Options{}, fault.ErrEmpty},
		"every column once":        {x, s, Options{Columns: []string{"orders", "orders"}}, nil},
		"the table has no feature": {x.WithData([]table.Column{{Name: "a", Role: table.Value}}, x.Raw().Data[:60]), s, Options{}, fault.ErrSchema},
	} {
		_, err := Explain(call.x, call.s, call.o)
		if err == nil || !strings.Contains(err.Error(), says) || call.sentinel != nil && !errors.Is(err, call.sentinel) {
			t.Errorf("want an error that says %q: %v", says, err)
		}
	}
}

// The order of the rows changes nothing, the folds included.
func TestRulesDoNotKnowTheOrder(t *testing.T) {
	x, s := trial.Planted(t, 400)
	for i := range s.Labels { // with some that no rule can know
		if i%9 == 0 {
			s.Labels[i] = i % 3
		}
	}
	want := explained(t, x, s, Options{})
	got := explained(t, x.Rows(rand.New(rand.NewPCG(1, 1)).Perm(400)), s, Options{})
	if !slices.Equal(got.Rules, want.Rules) || !slices.Equal(got.Evidence, want.Evidence) || !slices.Equal(got.Shorter, want.Shorter) {
		t.Errorf("%+v\nafter shuffling, before\n%+v", got, want)
	}
}

// A customer of weight 2 is two customers.
func TestRulesTakeWeightsAsCounts(t *testing.T) {
	x, s := trial.Planted(t, 300)
	weights, rows := make([]float64, 300), []int(nil)
	for i := range weights {
		if i%9 == 0 {
			s.Labels[i] = i % 3
		}
		weights[i] = float64(1 + i%2)
		rows = append(rows, slices.Repeat([]int{i}, 1+i%2)...)
	}
	weighted, err := x.WithWeights(weights, table.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	twice := x.Rows(rows)
	for i := range twice.Raw().IDs {
		twice.Raw().IDs[i] = fmt.Sprint(i)
	}
	a := explained(t, weighted, s, Options{})
	b := explained(t, twice, &table.Segments{IDs: twice.Raw().IDs, Labels: pick.At(s.Labels, rows), Names: s.Names}, Options{})
	if !slices.Equal(a.Rules, b.Rules) || math.Abs(a.Fidelity.Accuracy-b.Fidelity.Accuracy) > 1e-12 {
		t.Errorf("%q %g with weights, %q %g with copies", a.Rules, a.Fidelity.Accuracy, b.Rules, b.Fidelity.Accuracy)
	}
	for i := range a.Evidence {
		if p, q := a.Evidence[i], b.Evidence[i]; math.Abs(p.Precision-q.Precision)+math.Abs(p.Recall-q.Recall)+math.Abs(p.Coverage-q.Coverage) > 1e-12 {
			t.Errorf("%+v with weights, %+v with copies", p, q)
		}
	}
	exclusive(t, weighted, s, a)
}

// Longer rules are never worth less, nor are cheaper ones less true; unseen customers are said no better than seen ones, on
// average.
func TestLongerRulesSayMore(t *testing.T) {
	x, s := trial.Planted(t, 500)
	r := rand.New(rand.NewPCG(5, 5))
	for i := range s.Labels {
		if r.IntN(5) == 0 {
			s.Labels[i] = r.IntN(3)
		}
	}
	worth := func(e *Explanation, price float64) float64 { return e.Fidelity.Accuracy - price*float64(len(e.Rules)) }
	const rounding = 0.001 * 8 * roundings // thresholds at most, times what each may cost
	before := math.Inf(-1)
	for conditions := 1; conditions <= 4; conditions++ {
		e := explained(t, x, s, Options{MaxConditions: conditions, Folds: 3})
		if now := worth(e, 0.01); now < before-rounding {
			t.Errorf("%d conditions are worth %g, fewer are worth %g", conditions, now, before)
		} else {
			before = now
		}
		if e.Held.Accuracy > e.Fidelity.Accuracy+0.02 {
			t.Errorf("unseen customers %g, seen ones %g", e.Held.Accuracy, e.Fidelity.Accuracy)
		}
		if len(e.Shorter) != conditions || e.Shorter[conditions-1] != e.Held || e.Fidelity.Conditions != conditions {
			t.Errorf("%+v", e)
		}
		exclusive(t, x, s, e)
	}
	dear, free := explained(t, x, s, Options{Worth: 0.2, Folds: 2}), explained(t, x, s, Options{Worth: -1, Folds: 2})
	if len(dear.Rules) >= len(free.Rules) || dear.Fidelity.Accuracy > free.Fidelity.Accuracy {
		t.Errorf("%d rules at a price of 0.2 (%g), %d for nothing (%g)", len(dear.Rules), dear.Fidelity.Accuracy, len(free.Rules), free.Fidelity.Accuracy)
	}
}

const roundings = 2

// Categories, ordered and not; names and levels that formulas must quote; whom nothing is known of is told.
func TestRulesOfCategories(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	cities, visits := []string{"Bonn", `Köln "Süd"`, "select", "Ulm"}, []string{"never", "monthly", "weekly", "daily"}
	var ids []string
	var labels table.Labels
	var data []float64
	for i := range 400 {
		city, visit, member := float64(r.IntN(4)), float64(r.IntN(4)), float64(r.IntN(2))
		l := 0
		switch {
		case city == 1:
			l = 1
		case visit >= 2 && member == 1:
			l = 2
		}
		if i%50 == 0 {
			city = math.NaN()
		}
		ids, labels, data = append(ids, fmt.Sprint("c", i)), append(labels, l), append(data, city, visit, member)
	}
	x, err := table.New(ids, []table.Column{{Name: "home city", Levels: cities}, {Name: "in", Levels: visits, Ordered: true},
		{Name: "Club (y/n)", Levels: []string{"No", "Yes"}}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(ids, labels, []string{"Rest", "Southern", "Loyal"})
	if err != nil {
		t.Fatal(err)
	}
	e := explained(t, x, s, Options{})
	exclusive(t, x, s, e)
	if e.Untaken != 8 || e.Fidelity.Accuracy != 392.0/400 {
		t.Errorf("%d untaken, %+v", e.Untaken, e.Fidelity)
	}
	if got, want := e.Words("Southern"), `home city is Köln "Süd"`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, part := range []string{"in at least weekly", "Club", `is not Köln "Süd"`} {
		if got := e.Words("Loyal"); !strings.Contains(got, part) {
			t.Errorf("%q, want it to say %s", got, part)
		}
	}
	if rows, _ := e.Frame().Dims(); rows != len(e.Rules) || len(e.Sheet().Rows) != rows {
		t.Errorf("%d rules, %d rows", len(e.Rules), rows)
	}
	if e.Rest == "" {
		t.Error("whom no rule takes is put into the segment named Rest")
	}
}

func TestTenThousandLevels(t *testing.T) {
	var ids, levels []string
	var data []float64
	var labels table.Labels
	for i := range 10_000 {
		ids, levels = append(ids, fmt.Sprint("c", i)), append(levels, fmt.Sprintf("level %05d", i))
		level, l := float64(i), 0
		if i%3 == 0 {
			level, l = 77, 1
		}
		data, labels = append(data, level), append(labels, l)
	}
	x, err := table.New(ids, []table.Column{{Name: "street", Levels: levels}}, data)
	if err != nil {
		t.Fatal(err)
	}
	e := explained(t, x, &table.Segments{IDs: ids, Labels: labels, Names: []string{"A", "B"}}, Options{MaxConditions: 1})
	if e.Words("B") != "street is level 00077" || e.Fidelity.Accuracy < 0.999 {
		t.Errorf("%q %+v", e.Rules, e.Fidelity)
	}
}

// Segments that the columns know nothing of: everyone is put into the largest, and the measure that is not defined is not given.
func TestNothingToSay(t *testing.T) {
	x, s := trial.Planted(t, 200)
	for i := range x.Raw().Data {
		x.Raw().Data[i] = 1
	}
	e := explained(t, x, s, Options{})
	exclusive(t, x, s, e)
	if len(e.Rules) != 1 || e.Rules[0].When != "true" || e.Words(e.Rules[0].Name) != "everyone" || e.Fidelity.AdjustedRand != 0 {
		t.Errorf("%q %+v", e.Rules, e.Fidelity)
	}
	if notes := strings.Join(e.Sheet().Notes, " "); !strings.Contains(notes, "worth having for") {
		t.Error(notes)
	}
}

// The columns that formed the segments are spoken of where nobody asks for others, and outcomes never are.
func TestColumnsOfRules(t *testing.T) {
	x, s := trial.Planted(t, 200)
	m, err := segkit.Recipe{Columns: []string{"basket"}, Prep: []prep.Transformer{prep.Log1p{}}, Method: cluster.KMeans{K: 2}}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	by, err := m.Score(x)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range explained(t, x, by, Options{}).Rules {
		if !strings.HasPrefix(rule.When, "basket ") {
			t.Errorf("%q", rule)
		}
	}
	later := x.WithData(x.Columns(), x.Raw().Data)
	later.Raw().Columns[1].Role = table.Outcome
	for _, rule := range explained(t, later, s, Options{}).Rules {
		if strings.Contains(rule.When, "orders") {
			t.Errorf("%q", rule)
		}
	}
}

func TestExplainIsRemembered(t *testing.T) {
	x, s := trial.Planted(t, 200)
	store := trial.InMap{}
	ctx := memory.With(context.Background(), store)
	first, err := ExplainContext(ctx, x, s, Options{MaxConditions: 2})
	if err != nil {
		t.Fatal(err)
	}
	again, err := ExplainContext(ctx, x, s, Options{MaxConditions: 2})
	if err != nil || len(store) != 1 || again.Of != s || !reflect.DeepEqual(first, again) {
		t.Errorf("%d stored, %v\n%+v\n%+v", len(store), err, first, again)
	}
	renamed := &table.Segments{IDs: s.IDs, Labels: s.Labels, Names: []string{"a", "b", "c"}}
	other, err := ExplainContext(ctx, x, renamed, Options{MaxConditions: 2})
	if err != nil || other.Rules[0].Name != "a" {
		t.Errorf("%v, %+v", err, other)
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := ExplainContext(ctx, x, s, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Of many columns those are asked about that tell most.
func TestRulesOfManyColumns(t *testing.T) {
	x, s := trial.Planted(t, 300)
	r := rand.New(rand.NewPCG(4, 4))
	var noise []table.Column
	for j := range 60 {
		noise = append(noise, table.Column{Name: fmt.Sprint("noise", j)})
	}
	var data []float64
	for range x.Len() * len(noise) {
		data = append(data, r.NormFloat64())
	}
	many, err := x.Join(trial.Sure(table.New(x.IDs(), noise, data)))
	if err != nil {
		t.Fatal(err)
	}
	if e := explained(t, many, s, Options{MaxConditions: 2, Folds: 2}); e.Fidelity.Accuracy != 1 || len(e.Rules) != 3 {
		t.Errorf("%q %+v", e.Rules, e.Fidelity)
	}
}

// Nothing depends on how many processors there are.
func TestRulesOnAnyProcessors(t *testing.T) {
	x, s := trial.Planted(t, 200)
	want := explained(t, x, s, Options{})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if got := explained(t, x, s, Options{}); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\non one processor, on more\n%+v", got, want)
	}
}

// Thresholds of hundreds of digits are written as powers of ten, and still take whom they say.
func TestRulesOfHugeAndTinyNumbers(t *testing.T) {
	x := trial.Sure(table.New(wording.Numbered(4), []table.Column{{Name: "huge"}, {Name: "tiny"}}, []float64{1, 4e-9, 2, 2e-9, 1e300, 3e-9, 2e300, 1e-9}))
	for column, labels := range map[string]table.Labels{"huge": {0, 0, 1, 1}, "tiny": {0, 1, 0, 1}} {
		e := trial.Sure(Explain(x, trial.Sure(table.NewSegments(x.IDs(), labels, nil)), Options{Columns: []string{column}, Folds: 2}))
		if e.Fidelity.Accuracy != 1 {
			t.Errorf("%s: %v", column, e.Fidelity)
		}
		for i, r := range e.Rules {
			if got := trial.Sure(x.Where(r.When)); len(r.When) > 40 || len(e.Evidence[i].Says) > 40 || got.Len() != 2 {
				t.Errorf("%s (%s) takes %d", r.When, e.Evidence[i].Says, got.Len())
			}
		}
	}
}

// Of more customers than a tree is grown on, rules are made from some and tried on all, which the sheet says. A tenth of the customers here
// have a segment that no rule can know, two in three of them a wrong one: rules are right as often as they can be, within the error that
// is stated.
func TestRulesOfASample(t *testing.T) {
	x, s := trial.Planted(t, 3*growtree.Rows)
	r, wrong := rand.New(rand.NewPCG(5, 1)), 0
	for i, l := range s.Labels {
		if r.IntN(10) == 0 {
			if s.Labels[i] = r.IntN(3); s.Labels[i] != l {
				wrong++
			}
		}
	}
	e := explained(t, x, s, Options{MaxConditions: 2})
	best := 1 - float64(wrong)/float64(x.Len())
	if off := math.Abs(e.Held.Accuracy - best); off > 3*e.HeldError || e.HeldError > .01 {
		t.Errorf("%g of customers get their segment, %g can; the standard error is %g", e.Held.Accuracy, best, e.HeldError)
	}
	if plain := math.Sqrt(best * (1 - best) / float64(x.Len())); e.HeldError < plain/4 || e.HeldError > 3*plain {
		t.Errorf("the standard error over the folds is %g, that of a share %g", e.HeldError, plain)
	}
	taken := e.Untaken
	for _, rule := range e.Evidence {
		taken += rule.Customers
	}
	if taken != x.Len() || e.N != x.Len() || e.Rows != growtree.Rows {
		t.Errorf("rules made from %d are tried on %d: %d of %d", e.Rows, e.N, taken, x.Len())
	}
	if again := explained(t, x.Rows(r.Perm(x.Len())), s, Options{MaxConditions: 2}); again.Held != e.Held || math.Abs(again.HeldError-e.HeldError) > 1e-12 || !slices.Equal(again.Rules, e.Rules) {
		t.Errorf("%+v ± %g, in another order %+v ± %g", e.Held, e.HeldError, again.Held, again.HeldError)
	}
	says := func(e *Explanation) bool {
		return strings.Contains(strings.Join(e.Sheet().Notes, "\n"), "made from 10,000 of the")
	}
	few := explained(t, x.Head(growtree.Rows), s, Options{MaxConditions: 2})
	more := explained(t, x.Head(growtree.Rows+1), s, Options{MaxConditions: 2})
	if !says(e) || !says(more) || says(few) || few.Rows != 0 {
		t.Errorf("who is in a sample is said of %d: %t, of %d: %t, of %d: %t", e.N, says(e), more.N, says(more), few.N, says(few))
	}
}
