package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// What the linter found, for people.

// Exclusive reports whether the order of the rules makes no difference: no customer (and no cell, if cells were counted)
// fits rules of more than one segment.
func (l *Lint) Exclusive() bool { return l.Customers.Several == 0 && l.Cells.Several == 0 }

// Exhaustive reports whether the rest is empty and will stay so: every customer (and every cell, if cells were counted)
// fits a rule.
func (l *Lint) Exhaustive() bool { return l.Customers.None == 0 && l.Cells.None == 0 }

// says is the finding as a clause: "10 of 125 cells fit no rule; 58 fit rules of several segments: their order decides".
func (c RuleCounts) says(noun string) string {
	of := " of " + wording.Plural(c.N, noun)
	none, several := sheet.Count(c.None)+of+fits(c.None)+"no rule", fits(c.Several)+"rules of several segments: their order decides"
	switch {
	case c.N == 0:
		return "there is no " + noun + " to try the rules on"
	case c.None == c.N:
		return "none of " + wording.Plural(c.N, noun) + fits(1) + "a rule"
	case c.None == 0 && c.Several == 0:
		return "each of " + wording.Plural(c.N, noun) + " fits the rules of exactly one segment"
	case c.None == 0:
		return "every " + noun + " fits a rule; " + sheet.Count(c.Several) + of + several
	case c.Several == 0:
		return none + ", the others those of exactly one segment"
	}
	return none + "; " + sheet.Count(c.Several) + several
}

func fits(n int) string {
	if n == 1 {
		return " fits "
	}
	return " fit "
}

// Sheet lists the rules with what is wrong with each. It shows what the rules do to customers, or to cells if there are
// no customers.
func (l *Lint) Sheet() sheet.Sheet {
	counts, noun := l.Customers, "customer"
	if counts.N == 0 && l.Cells.N > 0 {
		counts, noun = l.Cells, "cell"
	}
	unknown := slices.ContainsFunc(counts.Unknown, func(n int) bool { return n > 0 })
	says := counts.says(noun)
	out := sheet.Sheet{Caption: strings.ToUpper(says[:1]) + says[1:],
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "when", Text: true},
			{Name: "fit", Unit: noun + "s"}, {Name: "taken", Unit: noun + "s"}}}
	if unknown {
		out.Columns = append(out.Columns, sheet.Column{Name: "unknown", Unit: noun + "s"})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "finding", Text: true})
	for i, rule := range l.Book.Rules {
		row := []string{rule.Name, rule.When, sheet.Count(counts.Holds[i]), sheet.Count(counts.Takes[i])}
		if unknown {
			row = append(row, sheet.Count(counts.Unknown[i]))
		}
		out.Rows = append(out.Rows, append(row, l.finding(i)))
	}
	if l.Customers.N > 0 && l.Cells.N > 0 {
		out.Notes = append(out.Notes, "Of all customers who may come, "+l.Cells.says("cell")+".")
	}
	out.Notes = append(out.Notes, l.notes()...)
	return out
}

// finding is what is wrong with rule i, "" for nothing.
func (l *Lint) finding(i int) string {
	customers, cells := l.Customers, l.Cells
	switch {
	case cells.N > 0 && cells.Holds[i] == 0:
		return "can never hold"
	case cells.N > 0 && cells.Takes[i] == 0:
		return "can never take anyone: all are taken by " + l.before(cells, i)
	case customers.N > 0 && customers.Holds[i] == 0:
		return "holds for no customer"
	case customers.N > 0 && customers.Takes[i] == 0:
		return "all are taken by " + l.before(customers, i)
	case customers.N > 0 && customers.Takes[i] < customers.Holds[i]:
		return sheet.Count(customers.Holds[i]-customers.Takes[i]) + " are taken by " + l.before(customers, i)
	case cells.N > 0 && cells.Takes[i] < cells.Holds[i]:
		return wording.Plural(cells.Holds[i]-cells.Takes[i], "cell") + " taken by " + l.before(cells, i)
	}
	return ""
}

// before names the rules ahead of i that hold where i does: one where one is enough.
func (l *Lint) before(c RuleCounts, i int) string {
	const most = 3
	var names []string
	for j := range i {
		name := l.Book.Rules[j].Name
		if c.Both[i][j] == c.Holds[i] {
			return name
		}
		if c.Both[i][j] > 0 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if more := len(names) - most; more > 0 {
		names = append(names[:most], wording.Plural(more, "other"))
	}
	return sheet.List(names)
}

// notes are the examples, and what could not be counted.
func (l *Lint) notes() []string {
	var notes []string
	example := func(cells []RuleCell, says string) {
		if cells == nil {
			return
		}
		note := fmt.Sprintf("%s, for example: %s", says, cells[0].When)
		if cells[0].Segments != nil {
			note += " (" + strings.Join(cells[0].Segments, ", ") + ")"
		}
		if l.Customers.N > 0 {
			note += fmt.Sprintf(", with %s of this table", wording.Plural(cells[0].Customers, "customer"))
		}
		notes = append(notes, note+".")
	}
	example(l.Gaps, "A cell that fits no rule")
	example(l.Overlaps, "A cell of several segments, which goes to the first of them")
	if n := l.Customers.Undecided; n > 0 {
		notes = append(notes, fmt.Sprintf("For %s, a value is missing that a rule before their segment's asks for; unknown is not true, so they "+
			"were passed on.", wording.Plural(n, "customer")))
	}
	if l.Cells.N > 0 {
		notes = append(notes, fmt.Sprintf("Cells: the combinations of values of %s that the rules can tell apart.", sheet.List(l.Columns)))
	}
	if l.Why != "" {
		notes = append(notes, "Only the customers in this table were counted, not all who may come: "+l.Why+".")
	}
	return notes
}

// Frame returns one row per rule: for how many customers and cells it holds, how many it takes, and for how many customers
// it is unknown. Counts that were not made are 0.
func (l *Lint) Frame() table.Frame {
	columns := []frame.Columns{l.Book.columns()}
	for _, c := range []struct {
		name   string
		counts []int
	}{{"customers_fit", l.Customers.Holds}, {"customers_taken", l.Customers.Takes}, {"customers_unknown", l.Customers.Unknown},
		{"cells_fit", l.Cells.Holds}, {"cells_taken", l.Cells.Takes}} {
		if c.counts == nil {
			c.counts = make([]int, len(l.Book.Rules))
		}
		columns = append(columns, frame.Column(c.name, c.counts))
	}
	return frame.New(columns...)
}
