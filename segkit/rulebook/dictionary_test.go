package rulebook

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/table"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// People read the words of the dictionary, and the table keeps its codes: in conditions, rules as formulas, SQL and files.
func TestLabelled(t *testing.T) {
	rows := twoValues(t, "plan", "C22", "C4", table.CSVOptions{})
	labelled, err := rows.Labelled(table.Dictionary{"plan": {"C22": "families", "C4": "students", "C9": "no one has it"}})
	if err != nil {
		t.Fatal(err)
	}
	p, s := halves(t, labelled)
	if got := p.Names(); !slices.Equal(got, []string{"Families", "Students"}) {
		t.Errorf("names %q", got)
	}
	if got := p.Personas()[0]; !strings.Contains(got.Like, "plan families") || !strings.Contains(got.Sentences[0], "plan families: 100 %") {
		t.Errorf("%+v", got)
	}
	e, err := Explain(labelled, s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e.Words(s.Name(0)) != "plan is families" || e.Rules[0].When != `plan == "C22"` {
		t.Errorf("%q, %q", e.Words(s.Name(0)), e.Rules[0].When)
	}
	if got, err := labelled.Where(`plan == "C4"`); err != nil || got.Len() != 20 {
		t.Errorf("%v customers, %v", got, err)
	}
	if _, err := labelled.Where(`plan == "students"`); err == nil || !strings.Contains(err.Error(), `did you mean "C4"`) {
		t.Errorf("a word in a condition: %v", err)
	}
	if got := rows.Raw().Columns[0]; got.Labels != nil {
		t.Errorf("the table before has %q", got.Labels)
	}
	if text := labelled.Summary().Sheet().Text() + p.Sheet().Text(); strings.Contains(text, "C22") || !strings.Contains(text, "families") {
		t.Error(text)
	}
}

// An answer takes the user's words for yes and no, a number that is 0 or 1 too; with one of the two the other is its contrary.
func TestLabelledAnswers(t *testing.T) {
	for what, c := range map[string]struct {
		rows       *table.Table
		dictionary table.Dictionary
		want       []string
	}{
		"numbers":         {twoValues(t, "sports", "0", "1", table.CSVOptions{}), table.Dictionary{"sports": {"0": "idle", "1": "sporty"}}, []string{"Idle", "Sporty"}},
		"levels":          {twoValues(t, "sports", "no", "yes", table.CSVOptions{}), table.Dictionary{"sports": {"no": "idle", "yes": "sporty"}}, []string{"Idle", "Sporty"}},
		"one of two":      {twoValues(t, "sports", "0", "1", table.CSVOptions{}), table.Dictionary{"sports": {"1": "sporty"}}, []string{"Not sporty", "Sporty"}},
		"yes before no":   {twoValues(t, "V7", "no", "yes", table.CSVOptions{Levels: map[string][]string{"V7": {"yes", "no"}}}), table.Dictionary{"V7": {"yes": "loyal"}}, []string{"Not loyal", "Loyal"}},
		"an empty word":   {twoValues(t, "sports", "0", "1", table.CSVOptions{}), table.Dictionary{"sports": {"0": " ", "1": "sporty"}}, []string{"Not sporty", "Sporty"}},
		"words of answer": {twoValues(t, "paid", "C2", "C4", table.CSVOptions{}), table.Dictionary{"paid": {"C2": "always", "C4": "never"}}, []string{"Paid always", "Paid never"}},
	} {
		rows, err := c.rows.Labelled(c.dictionary)
		if err != nil {
			t.Fatal(what, err)
		}
		p, s := halves(t, rows)
		if got := p.Names(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
		e, err := Explain(rows, s, Options{})
		if err != nil {
			t.Fatal(what, err)
		}
		if got := wording.Capital(e.Words(s.Name(1))); what != "words of answer" && got != c.want[1] {
			t.Errorf("%s: the rule says %q, the name %q", what, got, c.want[1])
		}
	}
}

func TestLabelledRefuses(t *testing.T) {
	plans, ages := twoValues(t, "plan", "C22", "C4", table.CSVOptions{}), twoValues(t, "age", "30", "40", table.CSVOptions{})
	for what, c := range map[string]struct {
		rows  *table.Table
		words table.Dictionary
		is    error
		parts []string
	}{
		"no such column":    {plans, table.Dictionary{"plans": {"C4": "students"}}, fault.ErrMissingColumn, []string{`"plans"`, `did you mean "plan"?`}},
		"numbers":           {ages, table.Dictionary{"age": {"30": "young"}}, fault.ErrSchema, []string{`"age"`, "other than 0 and 1", "Text"}},
		"none of the codes": {plans, table.Dictionary{"plan": {"22": "families"}}, fault.ErrSchema, []string{`"plan"`, "22", "C22, C4"}},
		"one word for two":  {plans, table.Dictionary{"plan": {"C22": "families", "C4": "families"}}, fault.ErrSchema, []string{"families", `"C22" and "C4"`}},
		"nil":               {nil, table.Dictionary{}, fault.ErrNil, []string{"Labelled", "nil"}},
	} {
		_, err := c.rows.Labelled(c.words)
		if !errors.Is(err, c.is) {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for _, part := range c.parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %s", what, err, part)
			}
		}
	}
}

func TestLabelsFitTheLevels(t *testing.T) {
	_, err := table.New([]string{"a"}, []table.Column{{Name: "plan", Levels: []string{"C22", "C4"}, Labels: []string{"families"}}}, []float64{0})
	if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "1 labels for 2 levels") {
		t.Error(err)
	}
}
