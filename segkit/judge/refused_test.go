package judge

import (
	"errors"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// What is nil or has nobody in it is refused in a sentence, or answered; nothing panics.

func TestNilArgumentsAreRefused(t *testing.T) {
	raw, s := trial.Refinable(t)
	book := &rulebook.Book{Rules: []rulebook.Rule{{Name: "A", When: "orders > 3"}}}
	var noTable *table.Table
	var nobody *table.Segments
	var noRules *rulebook.Book
	for what, err := range map[string]error{
		"Describe, table":    fails(describe.Segments(noTable, s)),
		"Describe, segments": fails(describe.Segments(raw, nobody)),
		"Explain, table":     fails(rulebook.Explain(noTable, s, rulebook.Options{})),
		"Explain, segments":  fails(rulebook.Explain(raw, nobody, rulebook.Options{})),
		"Judge, table":       fails(Segments(noTable, s, Options{})),
		"Judge, segments":    fails(Segments(raw, nobody, Options{})),
		"Refine, table":      fails(rulebook.Refine(noTable, s)),
		"Refine, segments":   fails(rulebook.Refine(raw, nobody)),
		"Carve, table":       fails(rulebook.Carve(noTable, book, segkit.Recipe{})),
		"Adopt, table":       fails(rulebook.Adopt(noTable, book, s)),
		"Adopt, rules":       fails(rulebook.Adopt(raw, noRules, s)),
		"Match, segments":    fails(compare.Match(s, nobody)),
		"Assign, table":      fails(book.Assign(noTable)),
		"Assign, rules":      fails(noRules.Assign(raw)),
		"Lint, table":        fails(book.Lint(noTable)),
		"SQL, rules":         fails(noRules.SQL(dialect.Standard, raw)),
		"Where, table":       fails(noTable.Where("orders > 3")),
	} {
		if !errors.Is(err, fault.ErrNil) || !strings.Contains(err.Error(), "nil: look at the error") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// fails drops the result of a call.
func fails[T any](_ T, err error) error { return err }

func TestNobodyToLint(t *testing.T) {
	nobody := trial.Sure(table.New(nil, []table.Column{{Name: "a"}, {Name: "b"}}, nil))
	l, err := (&rulebook.Book{Rules: []rulebook.Rule{{Name: "A", When: "a + b > 4"}}}).Lint(nobody) // neither customers nor cells
	if err != nil || !strings.Contains(l.Sheet().Caption, "no customer") {
		t.Errorf("%v, %v", l, err)
	}
	one := trial.Sure(table.New([]string{"x"}, []table.Column{{Name: "a"}}, []float64{1}))
	if l = trial.Sure((&rulebook.Book{Rules: []rulebook.Rule{{Name: "A", When: "a > 4"}}}).Lint(one)); l.Sheet().Caption != "None of 1 customer fits a rule" {
		t.Error(l.Sheet().Caption)
	}
	for _, twice := range [][]float64{{1, 1, 2}, nil} {
		if _, err := (&rulebook.Book{Rules: []rulebook.Rule{{Name: "A", When: "a > 4"}}}).LintOver(rulebook.Axis{Column: "a", Values: twice}); err == nil || !strings.Contains(err.Error(), "each once") {
			t.Errorf("%v: %v", twice, err)
		}
	}
}

// Beyond 2^53 there are no whole numbers one apart.
func TestLintOfHugeNumbers(t *testing.T) {
	raw := trial.Sure(table.New([]string{"x", "y"}, []table.Column{{Name: "a"}}, []float64{1, 3e16}))
	l := trial.Sure((&rulebook.Book{Rules: []rulebook.Rule{{Name: "A", When: "a > 1e16"}, {Name: "B", When: "a <= 1e16"}}}).Lint(raw))
	if l.Cells.N != 2 || l.Cells.Takes[0] != 1 || l.Cells.Takes[1] != 1 {
		t.Errorf("%+v", l.Cells)
	}
}

func TestExplainWithoutColumnsNamed(t *testing.T) {
	raw, s := trial.Planted(t, 200)
	if e, err := rulebook.Explain(raw, s, rulebook.Options{Columns: []string{}, Folds: 2}); err != nil || len(e.Rules) == 0 {
		t.Errorf("%v, %v", e, err)
	}
}
