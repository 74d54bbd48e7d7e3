package segkit

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// planted are n customers in segments by rule: "orders >= 6 and recency <= 90", the others with orders >= 6, and the rest.
func planted(t testing.TB, n int) (*Table, *Segments) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	ids, labels, data := make([]string, n), make(Labels, n), []float64(nil)
	for i := range ids {
		ids[i] = fmt.Sprintf("c%04d", i)
		orders, recency := float64(1+r.IntN(12)), float64(1+r.IntN(365))
		data = append(data, recency, orders, math.Exp(r.NormFloat64())*40)
		switch {
		case orders >= 6 && recency <= 90:
			labels[i] = 2
		case orders >= 6:
			labels[i] = 1
		}
	}
	x, err := NewTable(ids, []Column{{Name: "recency", Unit: "days", LowerIsBetter: true}, {Name: "orders"}, {Name: "basket", Unit: "EUR"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSegments(ids, labels, []string{"Rare", "Lapsed", "Regulars"})
	if err != nil {
		t.Fatal(err)
	}
	return x, s
}

func explained(t testing.TB, x *Table, s *Segments, o RuleOptions) *Explanation {
	t.Helper()
	e, err := Explain(x, s, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestPlantedRulesAreFound(t *testing.T) {
	x, s := planted(t, 1500)
	e := explained(t, x, s, RuleOptions{MaxConditions: 2})
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
func exclusive(t *testing.T, x *Table, s *Segments, e *Explanation) {
	t.Helper()
	taken := make(map[string]string)
	labels, err := s.LabelsOf(x)
	if err != nil {
		t.Fatal(err)
	}
	own := make(map[string]string)
	for i, id := range x.ids {
		own[id] = s.Name(labels[i])
	}
	for i, rule := range e.Rules {
		in, err := x.Where(rule.When)
		if err != nil {
			t.Fatal(err)
		}
		right := 0
		for _, id := range in.ids {
			if before, twice := taken[id]; twice {
				t.Fatalf("%s is taken by %q and by %q", id, before, rule.When)
			}
			taken[id] = rule.When
			if own[id] == rule.Name {
				right++
			}
		}
		if got := e.Evidence[i]; got.Customers != in.Len() || x.weights == nil && math.Abs(got.Precision-float64(right)/float64(in.Len())) > 1e-12 {
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
	for i, id := range x.ids {
		total += x.weight(i)
		name := assigned.Name(assigned.Labels[i])
		if name == own[id] || name == e.rest() && labels[i] == Noise {
			right += x.weight(i)
		}
	}
	if math.Abs(right/total-e.Fidelity.Accuracy) > 1e-12 {
		t.Errorf("the rule book puts %g where the segments do, the fidelity says %g", right/total, e.Fidelity.Accuracy)
	}
}

func TestRulesTakeWhomTheySay(t *testing.T) {
	x, s := planted(t, 600)
	x.data[1], x.data[3*7], x.data[3*9+1] = math.NaN(), math.NaN(), math.NaN()
	s.Labels[11] = Noise
	for conditions := 1; conditions <= 5; conditions++ {
		e := explained(t, x, s, RuleOptions{MaxConditions: conditions})
		exclusive(t, x, s, e)
		if conditions == 2 && e.Untaken == 0 {
			t.Error("customers without orders were taken")
		}
	}
}

func TestExplainRefuses(t *testing.T) {
	x, s := planted(t, 60)
	transformed, err := (Standardize{}).Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	z, err := transformed.Apply(x)
	if err != nil {
		t.Fatal(err)
	}
	one, err := NewSegments(x.IDs(), make(Labels, 60), nil)
	if err != nil {
		t.Fatal(err)
	}
	outcome := x.with(x.Columns(), x.data)
	outcome.columns[2].Role = Outcome
	alike := &Segments{IDs: s.IDs, Labels: s.Labels, Names: []string{"A", "B", "A"}}
	for says, call := range map[string]struct {
		x        *Table
		s        *Segments
		o        RuleOptions
		sentinel error
	}{
		"transformed values":       {z, s, RuleOptions{}, ErrSchema},
		"rules tell segments":      {x, one, RuleOptions{}, ErrUndefined},
		"is an outcome":            {outcome, s, RuleOptions{Columns: []string{"basket"}}, ErrSchema},
		`did you mean "orders"`:    {x, s, RuleOptions{Columns: []string{"order"}}, ErrMissingColumn},
		"name of two segments":     {x, alike, RuleOptions{}, ErrSchema},
		"MaxConditions = 6":        {x, s, RuleOptions{MaxConditions: 6}, nil},
		"Folds = 1":                {x, s, RuleOptions{Folds: 1}, nil},
		"customer has no segment":  {x, &Segments{IDs: s.IDs[1:], Labels: s.Labels[1:], Names: s.Names}, RuleOptions{}, ErrSchema},
		"there are no rows":        {x.Head(0), s, RuleOptions{}, ErrEmpty},
		"every column once":        {x, s, RuleOptions{Columns: []string{"orders", "orders"}}, nil},
		"the table has no feature": {x.with([]Column{{Name: "a", Role: Value}}, x.data[:60]), s, RuleOptions{}, ErrSchema},
	} {
		_, err := Explain(call.x, call.s, call.o)
		if err == nil || !strings.Contains(err.Error(), says) || call.sentinel != nil && !errors.Is(err, call.sentinel) {
			t.Errorf("want an error that says %q: %v", says, err)
		}
	}
}
