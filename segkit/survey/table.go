package survey

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// From answers to a table that everything else takes.

// Table returns the named questions as a table (n respondents x d questions), or if none are named, all except open questions and columns about
// the sheet. Scales are ordered categories with their levels from low to high, as they were answered: Reversed has no effect here. Yes and no
// and lists are categories, numbers are numbers. "Don't know" and missing answers are missing; DontKnows says which are which. A name that ends
// in * stands for all questions that begin with it. Errors: a question that does not exist, or is open.
func (a *Answers) Table(questions ...string) (*table.Table, error) {
	const op = "survey.Answers.Table"
	return a.table(op, questions, func(q Question) bool { return q.Kind < Open }, func(q Question) (table.Column, func(i int, level int32) float64, error) {
		c := table.Column{Name: q.Name, About: q.Text}
		switch q.Kind {
		case Number:
			return c, func(i int, _ int32) float64 { return q.numbers[i] }, nil
		case Open, Administrative:
			return c, nil, q.unfit(op, "a table holds scales, lists, numbers, and yes and no", "leave it out, or say what it is in Options.Kinds")
		case Scale:
			c.Ordered, c.Labels = true, slices.Clone(q.Labels)
		}
		c.Levels = slices.Clone(q.Levels)
		return c, func(_ int, level int32) float64 { return float64(level) }, nil
	})
}

// Scores returns the named questions as numbers (n x d), or all scales and yes/no questions if none are named: the steps of a scale as their Values, 1 to 5
// (in the unit "of 5") or -5 to 5, no as 0 and yes as 1. It treats the steps as equal, which is your decision. Reversed questions are scored the other way
// round, so that a high score always means much of what the battery asks for: step 2 of 1 to 5 becomes 4. "Don't know" and missing answers are missing: use
// prep.Impute. Errors: a question that does not exist, or has no such steps.
func (a *Answers) Scores(questions ...string) (*table.Table, error) {
	return a.scores("survey.Answers.Scores", questions)
}

func (a *Answers) scores(op string, questions []string) (*table.Table, error) {
	return a.table(op, questions, func(q Question) bool { return q.Values != nil }, func(q Question) (table.Column, func(i int, level int32) float64, error) {
		c := table.Column{Name: q.Name, About: q.Text}
		switch {
		case q.Kind == Number:
			return c, func(i int, _ int32) float64 { return q.numbers[i] }, nil
		case q.Values == nil:
			return c, nil, q.unfit(op, "scores are the steps of scales, numbers, and yes and no", "leave it out, or list its levels from low to high in Options.Scales")
		case q.Kind == Scale && (q.Values[0] == 0 || q.Values[0] == 1):
			c.Unit = fmt.Sprintf("of %g", q.Values[len(q.Values)-1])
		}
		score := slices.Clone(q.Values)
		if q.Reversed {
			for l := range score {
				score[l] = q.Values[0] + q.Values[len(q.Values)-1] - q.Values[l]
			}
		}
		return c, func(_ int, level int32) float64 { return score[level] }, nil
	})
}

// DontKnows returns whether each respondent said "don't know" in one of its forms, for each named question, or if none are named, for
// each in which anybody did: 1 or 0, missing if the answer is missing (n x d). The columns are called "<question>: don't know".
func (a *Answers) DontKnows(questions ...string) (*table.Table, error) {
	return a.table("survey.Answers.DontKnows", questions, func(q Question) bool { return q.DontKnow != nil }, func(q Question) (table.Column, func(i int, level int32) float64, error) {
		return table.Column{Name: q.Name + ": don't know", Levels: []string{"no", "yes"}}, nil, nil
	})
}

// table makes a table of questions. wants says which are taken if none are named; column makes the column, and what its cells hold
// for a level, nil for 1 where somebody said don't know.
func (a *Answers) table(op string, questions []string, wants func(Question) bool, column func(Question) (table.Column, func(i int, level int32) float64, error)) (*table.Table, error) {
	at, err := a.find(op, questions)
	if err != nil {
		return nil, err
	}
	if len(questions) == 0 {
		for j, q := range a.questions {
			if wants(q) {
				at = append(at, j)
			}
		}
	}
	if len(at) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: there is no such question among the %d", op, len(a.questions))
	}
	t := table.Raw{IDs: a.ids, Source: a.source, IDName: a.idName, Numbered: a.numbered, Data: make([]float64, len(a.ids)*len(at))}
	for p, j := range at {
		c, value, err := column(a.questions[j])
		if err != nil {
			return nil, err
		}
		t.Columns = append(t.Columns, c)
		for i, level := range a.given[j] {
			v := math.NaN()
			switch {
			case value == nil && level != missing:
				v = 0
				if level <= dontKnow {
					v = 1
				}
			case value != nil && level >= 0:
				v = value(i, level)
			}
			t.Data[i*len(at)+p] = v
		}
	}
	return checked(table.FromRaw(t))
}

// checked refuses a table that cannot be one, mostly since a respondent sent two sheets.
func checked(t *table.Table) (*table.Table, error) {
	err := t.Check()
	if errors.Is(err, fault.ErrDuplicate) {
		return nil, fmt.Errorf("%w, with Answers.Clean(survey.Repeated)", err)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// unfit is the error for a question that cannot be in a table.
func (q Question) unfit(op, why, remedy string) error {
	because := ""
	if q.Why != "" {
		because = " (" + q.Why + ")"
	}
	return &fault.CellError{Op: op, Column: q.Name, Why: fmt.Sprintf("is a question of the kind %q%s, and %s", q.Kind, because, why), Remedy: remedy, Err: fault.ErrSchema}
}
