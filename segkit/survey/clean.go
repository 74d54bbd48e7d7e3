package survey

// Cleaning: rules in order, and a ledger of what each removed.

import (
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// Cleaned is what the rules left, with a ledger of what they removed.
type Cleaned struct {
	*Answers
	Ledger *Ledger
}

// Ledger says how many sheets each rule removed. Opening minus everything removed is Closing, in both counts.
type Ledger struct {
	Opening Count
	Steps   []Step
	Closing Count
	Notes   []string
}

// Count is how many sheets there are, and how many answers they contain: steps, lists, numbers and words, including "don't know".
type Count struct{ Sheets, Answers int }

// Step is one rule and what it removed.
type Step struct {
	Rule    string
	Removed Count
	Alone   int // sheets that the rule would remove from those read, if it were the only one
}

// Clean applies the rules in order. Each rule sees only what the earlier ones left: the median time for Speeder is computed from the
// sheets that remain. Cost n·q per rule.
func (a *Answers) Clean(rules ...Rule) (*Cleaned, error) {
	if a == nil {
		return nil, fault.Nil("survey.Answers.Clean", "answers")
	}
	left := a
	ledger := &Ledger{Opening: a.tally()}
	for _, r := range rules {
		alone, _, err := r.marks(a)
		if err != nil {
			return nil, err
		}
		marked, note, err := r.marks(left)
		if err != nil {
			return nil, err
		}
		var rows []int
		for i, gone := range marked {
			if !gone {
				rows = append(rows, i)
			}
		}
		before := left.tally()
		left = left.rows(rows)
		after := left.tally()
		ledger.Steps = append(ledger.Steps, Step{Rule: r.String(), Removed: Count{before.Sheets - after.Sheets, before.Answers - after.Answers}, Alone: sum(alone)})
		if note != "" {
			ledger.Notes = append(ledger.Notes, note)
		}
		if len(rows) == 0 {
			return nil, fault.Errorf(fault.ErrEmpty, "segkit: survey.Answers.Clean: the rule %q leaves no sheet", r.String())
		}
	}
	ledger.Closing = left.tally()
	return &Cleaned{left, ledger}, nil
}

// Flags says for each sheet which rules would remove it, each by itself, without removing any: a table of no and yes (n x rules).
func (a *Answers) Flags(rules ...Rule) (*table.Table, error) {
	if a == nil {
		return nil, fault.Nil("survey.Answers.Flags", "answers")
	}
	if len(rules) == 0 {
		return nil, fault.Option("survey.Answers", "Flags", "nothing", "at least one rule, such as survey.StraightLiner()")
	}
	t := table.Raw{IDs: a.ids, Source: a.source, IDName: a.idName, Numbered: a.numbered, Data: make([]float64, len(a.ids)*len(rules))}
	for p, r := range rules {
		marked, _, err := r.marks(a)
		if err != nil {
			return nil, err
		}
		t.Columns = append(t.Columns, table.Column{Name: r.String(), Levels: []string{"no", "yes"}, Role: table.Descriptor})
		for i, yes := range marked {
			if yes {
				t.Data[i*len(rules)+p] = 1
			}
		}
	}
	return checked(table.FromRaw(t))
}

func sum(marked []bool) (n int) {
	for _, yes := range marked {
		if yes {
			n++
		}
	}
	return n
}

// tally counts sheets and answers.
func (a *Answers) tally() Count {
	c := Count{Sheets: len(a.ids)}
	for j, q := range a.questions {
		for _, level := range a.given[j] {
			if q.Kind != Administrative && level != missing {
				c.Answers++
			}
		}
	}
	return c
}

// rows are the answers of some respondents.
func (a *Answers) rows(rows []int) *Answers {
	out := &Answers{idName: a.idName, numbered: a.numbered, source: a.source, notes: a.notes, timed: a.timed, questions: slices.Clone(a.questions), ids: pick(a.ids, rows)}
	if a.seconds != nil {
		out.seconds = pick(a.seconds, rows)
	}
	for j := range a.questions {
		out.given = append(out.given, pick(a.given[j], rows))
		q := &out.questions[j]
		if q.numbers != nil {
			q.numbers = pick(q.numbers, rows)
		}
		if q.texts != nil {
			q.texts = pick(q.texts, rows)
		}
	}
	return out
}

// pick takes values by position.
func pick[V any](values []V, rows []int) []V {
	out := make([]V, len(rows))
	for p, i := range rows {
		out[p] = values[i]
	}
	return out
}
