package segkit

import (
	"errors"
	"strings"
	"testing"
)

// What is nil or has nobody in it is refused in a sentence, or answered; nothing panics.

func TestNilArgumentsAreRefused(t *testing.T) {
	raw, s := refinable(t)
	book := &RuleBook{Rules: []Rule{{"A", "orders > 3"}}}
	var noTable *Table
	var nobody *Segments
	var noRules *RuleBook
	for what, err := range map[string]error{
		"Describe, table":    fails(Describe(noTable, s)),
		"Describe, segments": fails(Describe(raw, nobody)),
		"Explain, table":     fails(Explain(noTable, s, RuleOptions{})),
		"Explain, segments":  fails(Explain(raw, nobody, RuleOptions{})),
		"Judge, table":       fails(Judge(noTable, s, VerdictOptions{})),
		"Judge, segments":    fails(Judge(raw, nobody, VerdictOptions{})),
		"Refine, table":      fails(Refine(noTable, s)),
		"Refine, segments":   fails(Refine(raw, nobody)),
		"Carve, table":       fails(Carve(noTable, book, Recipe{})),
		"Adopt, table":       fails(Adopt(noTable, book, s)),
		"Adopt, rules":       fails(Adopt(raw, noRules, s)),
		"Match, segments":    fails(Match(s, nobody)),
		"Assign, table":      fails(book.Assign(noTable)),
		"Assign, rules":      fails(noRules.Assign(raw)),
		"Lint, table":        fails(book.Lint(noTable)),
		"SQL, rules":         fails(noRules.SQL(StandardSQL, raw)),
		"Where, table":       fails(noTable.Where("orders > 3")),
	} {
		if !errors.Is(err, ErrEmpty) || !strings.Contains(err.Error(), "nil: look at the error") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// fails drops the result of a call.
func fails[T any](_ T, err error) error { return err }

func TestNobodyToLint(t *testing.T) {
	nobody := sure(NewTable(nil, []Column{{Name: "a"}, {Name: "b"}}, nil))
	l, err := (&RuleBook{Rules: []Rule{{"A", "a + b > 4"}}}).Lint(nobody) // neither customers nor cells
	if err != nil || !strings.Contains(l.Sheet().Caption, "no customer") {
		t.Errorf("%v, %v", l, err)
	}
	one := sure(NewTable([]string{"x"}, []Column{{Name: "a"}}, []float64{1}))
	if l = sure((&RuleBook{Rules: []Rule{{"A", "a > 4"}}}).Lint(one)); l.Sheet().Caption != "None of 1 customer fits a rule" {
		t.Error(l.Sheet().Caption)
	}
	for _, twice := range [][]float64{{1, 1, 2}, nil} {
		if _, err := (&RuleBook{Rules: []Rule{{"A", "a > 4"}}}).LintOver(Axis{"a", twice}); err == nil || !strings.Contains(err.Error(), "each once") {
			t.Errorf("%v: %v", twice, err)
		}
	}
}

// Beyond 2^53 there are no whole numbers one apart.
func TestLintOfHugeNumbers(t *testing.T) {
	raw := sure(NewTable([]string{"x", "y"}, []Column{{Name: "a"}}, []float64{1, 3e16}))
	l := sure((&RuleBook{Rules: []Rule{{"A", "a > 1e16"}, {"B", "a <= 1e16"}}}).Lint(raw))
	if l.Cells.N != 2 || l.Cells.Takes[0] != 1 || l.Cells.Takes[1] != 1 {
		t.Errorf("%+v", l.Cells)
	}
}

func TestExplainWithoutColumnsNamed(t *testing.T) {
	raw, s := planted(t, 200)
	if e, err := Explain(raw, s, RuleOptions{Columns: []string{}, Folds: 2}); err != nil || len(e.Rules) == 0 {
		t.Errorf("%v, %v", e, err)
	}
}
