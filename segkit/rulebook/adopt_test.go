package rulebook

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Eight customers, three clusters; the rules take 3, 3 and 2 of them. Paired A-low, B-high, C-rest: 3 + 2 + 1 agree by hand.
func TestAdoptCountsWhoIsWhereTheAuditHasThem(t *testing.T) {
	raw, s := trial.Refinable(t)
	rules := &Book{Rules: []Rule{{"low", "orders <= 3"}, {"high", "5 <= orders <= 7"}}, Rest: "others"}
	s.Labels = table.Labels{0, 0, 0, 0, 1, 1, 2, 2}
	a, err := Adopt(raw, rules, s)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Segments.Labels, table.Labels{0, 0, 0, 2, 1, 1, 1, 2}) || !slices.Equal(a.Matching.Of, []int{0, 1, 2}) {
		t.Errorf("segments %v, pairs %v", a.Segments.Labels, a.Matching.Of)
	}
	want, err := compare.AdjustedRand(s.Labels, a.Segments.Labels)
	if err != nil {
		t.Fatal(err)
	}
	if now := a.History[0]; now.Accuracy != 6./8 || now.AdjustedRand != want {
		t.Errorf("%+v, want .75 and %g", now, want)
	}
	agree := a.Frame().Col("agree").Records()
	if got := strings.Join(agree, " "); got != "true true true false true true false true" {
		t.Errorf("agreed on: %s", got)
	}
	next, err := a.Audit(raw, a.Segments)
	if err != nil {
		t.Fatal(err)
	}
	if len(next.History) != 2 || next.History[1].Accuracy != 1 || len(a.History) != 1 {
		t.Errorf("history %+v", next.History)
	}
	for _, c := range []struct {
		of   *Adoption
		part string
	}{{a, "75.0 % of 8 customers"}, {next, "At adoption it was 75.0 % of customers"}} {
		if text := c.of.Sheet().Text(); !strings.Contains(text, c.part) {
			t.Errorf("the sheet does not say %q:\n%s", c.part, text)
		}
	}
}

func TestAdoptTellsOfClustersWithoutARuleAndOfNoise(t *testing.T) {
	raw, s := trial.Refinable(t)
	s.Labels = table.Labels{0, 0, 0, 0, 1, 1, table.Noise, 2}
	a, err := Adopt(raw, &Book{Rules: []Rule{{"low", "orders <= 3"}}}, s)
	if err != nil {
		t.Fatal(err)
	}
	if a.History[0].Accuracy != 5./8 { // three of A, two of B in the rest
		t.Errorf("accuracy %g", a.History[0].Accuracy)
	}
	if text := a.Sheet().Text(); !strings.Contains(text, `No rule matches the audit's "C" (1 customer)`) {
		t.Error(text)
	}
	one, err := table.NewSegments(s.IDs, make(table.Labels, 8), []string{"all"})
	if err != nil {
		t.Fatal(err)
	}
	if a, err = Adopt(raw, &Book{Rules: []Rule{{"all", "orders < 100 or missing(orders)"}}}, one); err != nil || !math.IsNaN(a.History[0].AdjustedRand) || a.History[0].Accuracy != 1 {
		t.Errorf("one segment: %+v, %v", a, err)
	}
}

func TestAdoptErrors(t *testing.T) {
	raw, s := trial.Refinable(t)
	rules := &Book{Rules: []Rule{{"low", "orders <= 3"}}}
	if _, err := Adopt(raw, nil, s); !errors.Is(err, fault.ErrNil) {
		t.Errorf("no rules: %v", err)
	}
	if _, err := Adopt(raw, rules, nil); !errors.Is(err, fault.ErrNil) {
		t.Errorf("no audit: %v", err)
	}
	if _, err := Adopt(raw.Head(0), rules, s); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := Adopt(raw, rules, &table.Segments{IDs: s.IDs[:7], Labels: s.Labels[:7], Names: s.Names}); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "c7") {
		t.Errorf("customer without audit: %v", err)
	}
	if _, err := Adopt(raw, &Book{Rules: []Rule{{"low", "order <= 3"}}}, s); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("wrong rule: %v", err)
	}
}
