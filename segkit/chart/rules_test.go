package chart

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

func TestTreeIsFoundAgainFromItsRules(t *testing.T) {
	e := &rulebook.Explanation{Book: rulebook.Book{Rules: []rulebook.Rule{
		{Name: "a", When: "orders < 6"},
		{Name: "b", When: `orders >= 6 and recency <= -1.5 and active == "Yes"`},
		{Name: "c", When: `orders >= 6 and recency <= -1.5 and active == "No"`},
		{Name: "a", When: `orders >= 6 and recency > -1.5 and city == "Leeds"`},
		{Name: "d", When: `orders >= 6 and recency > -1.5 and city not in ["Leeds", "York"]`},
		{Name: "e", When: `orders >= 6 and recency > -1.5 and city == "York"`}}}}
	for range e.Rules {
		e.Evidence = append(e.Evidence, rulebook.RuleEvidence{Customers: 10})
	}
	root := rootOf(e)
	var walk func(b *branch, path string) []string
	walk = func(b *branch, path string) (leaves []string) {
		if b.of != "" {
			path += "; " + b.of + " " + b.answer
		}
		if len(b.branches) == 0 {
			return []string{e.Rules[b.rule].Name + path}
		}
		for _, next := range b.branches {
			leaves = append(leaves, walk(next, path)...)
		}
		return leaves
	}
	want := map[string]bool{"a; orders < 6": true, "b; orders ≥ 6; recency ≤ −1.5; active is Yes": true, "c; orders ≥ 6; recency ≤ −1.5; active is No": true,
		"a; orders ≥ 6; recency > −1.5; city is Leeds": true, "d; orders ≥ 6; recency > −1.5; city is not Leeds; city is not York": true,
		"e; orders ≥ 6; recency > −1.5; city is not Leeds; city is York": true}
	for _, got := range walk(root, "") {
		if !want[got] && !want[strings.Replace(got, "is not Leeds; city is not York", "is not York; city is not Leeds", 1)] {
			t.Errorf("no rule says %q", got)
		}
	}
}

// Columns whose names are no words are written as col("…").
func TestRuleTreeOfColumnsWithLongNames(t *testing.T) {
	e := &rulebook.Explanation{}
	for _, when := range []string{`col("Income (k$)") < 68 and age < 40`, `col("Income (k$)") < 68 and age >= 40`, `col("Income (k$)") >= 68`} {
		e.Rules = append(e.Rules, rulebook.Rule{Name: "a", When: when})
		e.Evidence = append(e.Evidence, rulebook.RuleEvidence{Segment: "a", Says: when, Customers: 5})
	}
	if root := rootOf(e); len(root.branches) != 2 || root.branches[0].of != "Income" {
		t.Errorf("%+v", root)
	}
}

func TestRulesThatAreNoTreeStandInARow(t *testing.T) {
	for _, rules := range [][]string{{"orders > 3", "recency > 3"}, {"orders > 3 or recency > 2", "orders <= 3"}, {"orders > recency", "orders <= recency"}, {"(", ")"}} {
		e := &rulebook.Explanation{Fidelity: rulebook.Fidelity{Conditions: 2, Accuracy: 0.5}}
		for _, when := range rules {
			e.Rules = append(e.Rules, rulebook.Rule{Name: "a", When: when})
			e.Evidence = append(e.Evidence, rulebook.RuleEvidence{Segment: "a", Says: when, Customers: 5, Coverage: 0.5, Precision: 1, Recall: 0.5})
		}
		root := rootOf(e)
		if len(root.branches) != 2 || root.branches[0].of != "" || root.branches[1].answer != rules[1] {
			t.Errorf("%q: %+v", rules, root.branches)
		}
		titled(t, "Rules of at most 2 conditions put 50 % of customers where the segments do")(RuleTree(e))
	}
	if _, err := RuleTree(&rulebook.Explanation{}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no rules give error %v", err)
	}
	e := &rulebook.Explanation{Book: rulebook.Book{Rules: []rulebook.Rule{{Name: "a", When: "true"}}}}
	if _, err := RuleTree(e); !errors.Is(err, fault.ErrSchema) {
		t.Errorf("rules without evidence give error %v", err)
	}
}

func TestGapTitleFollowsTheRule(t *testing.T) {
	g := &choose.GapStatistic{Method: "KMeans", Draws: 10, SEFactor: 1, K: []int{1, 2, 3, 4}, Gap: []float64{0.1, 0.48, 0.5, 0.4}, SE: []float64{0.05, 0.05, 0.05, 0.05}}
	titled(t, "The gap statistic chooses k = 2 (firstSEmax): gap 0.48, standard error 0.050")(Gap(g))
	titled(t, "The gap statistic chooses k = 3 (globalmax): gap 0.50, standard error 0.050")(Gap(g, choose.GlobalMax))
	g.Gap = []float64{0.1, 0.2, 0.3, 0.4}
	titled(t, "The gap still rises at k = 4, the largest number tried")(Gap(g))
	g.Gap = []float64{0.4, 0.3, 0.2, 0.1}
	titled(t, "The gap statistic finds no groups: one segment does as well as several")(Gap(g))
	if _, err := Gap(new(choose.Sweep).Gap); err == nil || !strings.Contains(err.Error(), "choose.SweepOptions{Gap: 50}") {
		t.Errorf("a sweep without one: %v", err)
	}
	g.Gap = []float64{0.4, 0.3, 0.6, 0.5}
	titled(t, "The first peak of the gap is at k = 1 (no groups), but it rises higher later, to 0.60 at k = 3")(Gap(g))
	g.Gap = []float64{math.NaN(), math.Inf(1), math.NaN(), math.NaN()}
	if _, err := Gap(g); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no gap gives error %v", err)
	}
	var option *fault.OptionError
	if _, err := Gap(g, 99); !errors.As(err, &option) {
		t.Errorf("an unknown rule gives error %v", err)
	}
}

func TestOverlapDrawsCustomersElseCells(t *testing.T) {
	b := &rulebook.Book{Rules: []rulebook.Rule{{Name: "a", When: "r >= 2"}, {Name: "b", When: "r == 3"}, {Name: "a", When: "r == 1 and f == 1"}}}
	l, err := b.LintOver(rulebook.Axis{Column: "r", Values: []float64{1, 2, 3}}, rulebook.Axis{Column: "f", Values: []float64{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Overlap(l)
	if err != nil || !strings.HasPrefix(f.Title, "1 of 6 cells fits no rule") {
		t.Errorf("title %q, error %v", f.Title, err)
	}
	if !strings.Contains(f.Alt, "Rules 1 and 2 share 2 cells.") || strings.Contains(f.Alt, "Rules 1 and 3") {
		t.Errorf("description %q", f.Alt)
	}
	if got := segmentsOf(*b); got[0] != got[2] || got[0] == got[1] {
		t.Errorf("rules of one name are one segment: %v", got)
	}
	if _, err := Overlap(&rulebook.Lint{Book: *b}); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("nothing counted gives error %v", err)
	}
	many := rulebook.RuleCounts{}
	for i := range 30 { // rules 5 and 29 alone share customers
		many.Holds, many.Both = append(many.Holds, 1), append(many.Both, make([]int, 30))
		many.Both[i][i] = 1
	}
	many.Both[5][29], many.Both[29][5] = 1, 1
	if shown := overlapping(many); len(shown) != mostOverlapping || shown[len(shown)-1] != 29 {
		t.Errorf("rules %v of 30 are drawn, and 29 overlaps", shown)
	}
}

// Answers are in the user's words for codes, and in yes and no where the numbers are 1 and 0; the rules keep what the table holds.
func TestRuleTreeSpeaksTheUsersWords(t *testing.T) {
	e := &rulebook.Explanation{Columns: []table.Column{{Name: "sports"}, {Name: "plan", Levels: []string{"C22", "C4", "C9"}, Labels: []string{"family", "", ""}}},
		YesNo: []bool{true, false}}
	for _, when := range []string{"sports < 1", `sports >= 1 and plan == "C22"`, `sports >= 1 and plan != "C22"`} {
		e.Rules = append(e.Rules, rulebook.Rule{Name: "a", When: when})
		e.Evidence = append(e.Evidence, rulebook.RuleEvidence{Segment: "a", Says: when, Customers: 5})
	}
	answers := make(map[string]bool)
	var walk func(b *branch)
	walk = func(b *branch) {
		answers[b.of+": "+b.answer] = true
		for _, next := range b.branches {
			walk(next)
		}
	}
	walk(rootOf(e))
	for _, want := range []string{"sports: no", "sports: yes", "plan: is family", "plan: is not family"} {
		if !answers[want] {
			t.Errorf("nobody answers %q: %v", want, answers)
		}
	}
}
