package rulebook

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// What is wrong with a rule book, counted: who is in no segment, who is in several, which rules never take anyone. First over
// the customers of a table, then over all combinations of values that the rules can tell apart, since the customers who
// show a gap may come next month only.

// Lint is what Book.Lint finds.
type Lint struct {
	Book      Book
	Customers RuleCounts // N is 0 if there was no table
	Cells     RuleCounts // N is 0 if they cannot be counted
	Columns   []string   // that the cells combine
	Why       string     // why there are no cells; "" if there are
	Gaps      []RuleCell // the cells in no segment, those with most customers first; at most 1,000
	Overlaps  []RuleCell // the cells in more than one, likewise
}

// RuleCounts says what rules do to customers, or to cells.
type RuleCounts struct {
	N         int     // customers, or cells
	None      int     // taken by no rule: they are in the rest
	Several   int     // taken by rules of more than one segment: the order of the rules decides
	Undecided int     // for whom a rule before their segment's cannot be decided, because a value is missing
	Holds     []int   // (rules) who meet the condition
	Takes     []int   // (rules) for which it is the first that is true
	Unknown   []int   // (rules) for which it is unknown
	Both      [][]int // (rules x rules) who meet both, Holds on the diagonal; the earlier rule takes them
}

// RuleCell is a combination of values that rules cannot distinguish.
type RuleCell struct {
	When      string   // the condition for it: "r == 5 and f <= 2"
	Segments  []string // whose rules hold, in the order of the rules; the first one gets it
	Customers int      // of the table in it
}

// Axis is a column with its possible values.
type Axis struct {
	Column string
	Values []float64
}

const (
	mostCells      = 2_000_000 // that are tried
	mostCellsShown = 1_000
)

// Lint counts the customers whom the rules miss and those whom more than one rule claims, among the customers of t and among all possible
// customers. For all possible customers, every column is cut wherever a rule can distinguish values: at the constants with which it is
// compared, and at the levels named. The combinations of these pieces are the cells. Every rule holds for all of a cell or for none of it,
// so the count is exact. Whole-number columns are cut between whole numbers; a column without negative values is assumed never to have any;
// a missing value is a piece of its own if a rule asks for it. If a rule compares columns with each other, or if there are more than 2
// million cells, only the customers are counted, and Why says so. Rows count as often as frequency weights repeat them; sampling weights
// change no count.
//
// It costs (n + cells) times the length of the rules.
func (b *Book) Lint(t *table.Table) (*Lint, error) {
	rules, err := b.check("rulebook.Book.Lint", t)
	if err != nil {
		return nil, err
	}
	out := &Lint{Book: *b, Customers: newRuleCounts(len(rules))}
	_, of := b.segments()
	for i := range t.Raw().IDs {
		out.Customers.add(rules, of, t.Raw().Row(i), t.Customers(i))
	}
	axes, why := b.cut(t, rules)
	if out.Why = why; why == "" {
		out.addCells(t, rules, axes)
	}
	return out, nil
}

// LintOver is Lint over all combinations of the given values, such as scores, without customers. The rules may compare
// the columns in any way, but may use no others.
func (b *Book) LintOver(axes ...Axis) (*Lint, error) {
	t, cuts := &table.Table{}, make([]cut, len(axes))
	for j, a := range axes {
		distinct := slices.Compact(slices.Sorted(slices.Values(a.Values)))
		if len(distinct) == 0 || len(distinct) < len(a.Values) || math.IsNaN(distinct[0]) {
			return nil, fault.Option("rulebook.Book.LintOver", "Values", a.Values, fmt.Sprintf("the values of %q, each once", a.Column))
		}
		t.Raw().Columns = append(t.Raw().Columns, table.Column{Name: a.Column})
		cuts[j].column = j
		for _, v := range a.Values {
			cuts[j].pieces = append(cuts[j].pieces, piece{v, condition.Name(a.Column) + " == " + wording.Number(v)})
		}
	}
	if err := t.Check(); err != nil {
		return nil, err
	}
	rules, err := b.check("rulebook.Book.LintOver", t)
	if err != nil {
		return nil, err
	}
	out := &Lint{Book: *b, Customers: newRuleCounts(len(rules))}
	out.addCells(t, rules, cuts)
	if out.Why != "" {
		return nil, &fault.CellError{Op: "rulebook.Book.LintOver", Why: out.Why, Remedy: "give fewer values, or lint the customers of a table", Err: fault.ErrSchema}
	}
	return out, nil
}

func newRuleCounts(rules int) RuleCounts {
	c := RuleCounts{Holds: make([]int, rules), Takes: make([]int, rules), Unknown: make([]int, rules), Both: make([][]int, rules)}
	for i := range c.Both {
		c.Both[i] = make([]int, rules)
	}
	return c
}

// add counts so many customers alike, or one cell, given the segment of every rule, and returns the rules that hold.
func (c *RuleCounts) add(rules []condition.Term, of []int, row []float64, times int) []int {
	var holding []int
	unknown, several := false, false
	for i, rule := range rules {
		switch v := rule.Eval(row); {
		case v == 1:
			holding = append(holding, i)
			several = several || of[i] != of[holding[0]]
		case v != v:
			c.Unknown[i] += times
			unknown = unknown || holding == nil
		}
	}
	for _, i := range holding {
		for _, j := range holding {
			c.Both[i][j] += times
		}
		c.Holds[i] += times
	}
	c.N += times
	if holding == nil {
		c.None += times
	} else {
		c.Takes[holding[0]] += times
	}
	if several {
		c.Several += times
	}
	if unknown {
		c.Undecided += times
	}
	return holding
}

// found is a cell worth telling.
type found struct {
	cell  int
	rules []int // that hold
}

// addCells counts the cells and keeps those that belong to nobody or to more than one.
func (l *Lint) addCells(t *table.Table, rules []condition.Term, cuts []cut) {
	n := 1
	for _, c := range cuts {
		if n *= len(c.pieces); n > mostCells {
			l.Why = "there are more than " + wording.Plural(mostCells, "cell")
			return
		}
	}
	l.Cells = newRuleCounts(len(rules))
	_, of := l.Book.segments()
	row := make([]float64, len(t.Raw().Columns))
	var gaps, overlaps []found
	for cell := range n {
		at := cell
		for _, c := range slices.Backward(cuts) { // the last column changes fastest
			row[c.column] = c.pieces[at%len(c.pieces)].value
			at /= len(c.pieces)
		}
		several := l.Cells.Several
		switch holding := l.Cells.add(rules, of, row, 1); {
		case holding == nil:
			gaps = append(gaps, found{cell, nil})
		case l.Cells.Several > several:
			overlaps = append(overlaps, found{cell, holding})
		}
	}
	in := customersIn(t, cuts, n)
	l.Gaps, l.Overlaps = l.told(gaps, in, cuts), l.told(overlaps, in, cuts)
	for _, c := range cuts {
		l.Columns = append(l.Columns, t.Raw().Columns[c.column].Name)
	}
}

// told writes the cells out, those with most customers first.
func (l *Lint) told(cells []found, customers []int, cuts []cut) []RuleCell {
	slices.SortStableFunc(cells, func(a, b found) int { return cmp.Compare(customers[b.cell], customers[a.cell]) })
	var out []RuleCell
	for _, f := range cells[:min(len(cells), mostCellsShown)] {
		cell := RuleCell{When: cellText(cuts, f.cell), Customers: customers[f.cell]}
		for _, r := range f.rules {
			if name := l.Book.Rules[r].Name; !slices.Contains(cell.Segments, name) {
				cell.Segments = append(cell.Segments, name)
			}
		}
		out = append(out, cell)
	}
	return out
}
