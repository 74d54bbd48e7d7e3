package privacy

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// Crosstab is a cross table before anything is suppressed: how many customers are in each cell and, for a table of money, what they are
// worth together.
type Crosstab struct {
	Row, Column   string   // what the rows and the columns are: "segment", "city"
	Rows, Columns []string // (r), (c)
	Customers     [][]int  // (r x c)

	Amount, Unit string         // what is summed: "spend", "EUR"; "" for a table of customers
	Sums         [][]float64    // (r x c) of Amount; nil for a table of customers
	Largest      [][][2]float64 // (r x c) what the two largest customers add to the sum, the larger first; absolute values
}

// Cross counts the customers of raw by segment and by a category, or a column of 0 and 1. With an amount, a column of numbers such as spend, it also adds this up,
// and counts those who have one. Customers are joined by id; those in no segment have a row of their own, those without a value a column. The column "" gives only
// the segments and their total.
func Cross(raw *table.Table, s *table.Segments, column string, amount ...string) (Crosstab, error) {
	const op = "privacy.Cross"
	labels, err := s.LabelsFor(op, raw)
	if err != nil {
		return Crosstab{}, err
	}
	t := Crosstab{Row: "segment", Column: column}
	for l := range s.K() {
		t.Rows = append(t.Rows, s.Name(l))
	}
	of := make([]int, raw.Len())
	if t.Columns = []string{"customers"}; column != "" {
		if t.Columns, of, err = levelsOf(op, raw, column); err != nil {
			return Crosstab{}, err
		}
	}
	amounts := make([]float64, raw.Len())
	switch {
	case len(amount) > 1:
		return Crosstab{}, fault.Errorf(fault.ErrSchema, "segkit: %s takes one amount, not %d", op, len(amount))
	case len(amount) == 1:
		c, err := raw.Column(amount[0])
		if err != nil {
			return Crosstab{}, err
		}
		if c.Categorical() {
			return Crosstab{}, fault.Errorf(fault.ErrSchema, "segkit: %s: %q is a category, which cannot be added up: name a column of numbers", op, c.Name)
		}
		if column == "" {
			t.Columns[0] = c.Name
		}
		t.Amount, t.Unit = c.Name, c.Unit
		amounts, _ = raw.Values(c.Name)
	}
	for _, l := range labels {
		if l == table.Noise {
			t.Rows = append(t.Rows, s.Name(table.Noise))
			break
		}
	}
	t.Customers, t.Sums, t.Largest = grid[int](t.Rows, t.Columns), grid[float64](t.Rows, t.Columns), grid[[2]float64](t.Rows, t.Columns)
	for i, l := range labels {
		if l == table.Noise {
			l = len(t.Rows) - 1
		}
		if t.Amount != "" {
			t.add(raw, i, l, of[i], amounts[i])
		} else {
			t.Customers[l][of[i]] += raw.Customers(i)
		}
	}
	if t.Amount == "" {
		t.Sums, t.Largest = nil, nil
	}
	return t, nil
}

// add counts customer i of raw in a cell, and the amount that they are worth; who has none is not of those that a sum rests on.
func (t Crosstab) add(raw *table.Table, i, r, c int, amount float64) {
	if math.IsNaN(amount) {
		return
	}
	t.Customers[r][c] += raw.Customers(i)
	t.Sums[r][c] += float64(raw.Weight(i) * amount)
	each := [2]float64{math.Abs(amount)}
	if raw.Customers(i) > 1 { // the row stands for several
		each[1] = each[0]
	}
	t.Largest[r][c] = two(t.Largest[r][c], each)
}

// pool puts columns together: to says which of the new ones each goes to.
func (t Crosstab) pool(to []int, names []string) Crosstab {
	out := t
	out.Columns, out.Customers = names, grid[int](t.Rows, names)
	if t.Sums != nil {
		out.Sums, out.Largest = grid[float64](t.Rows, names), grid[[2]float64](t.Rows, names)
	}
	for r, row := range t.Customers {
		for c, n := range row {
			out.Customers[r][to[c]] += n
			if t.Sums != nil {
				out.Sums[r][to[c]] += t.Sums[r][c]
				out.Largest[r][to[c]] = two(out.Largest[r][to[c]], t.Largest[r][c])
			}
		}
	}
	return out
}

// grid is a table of zeros, one for each pair of a row and a column.
func grid[T any](rows, columns []string) [][]T {
	out := make([][]T, len(rows))
	for r := range out {
		out[r] = make([]T, len(columns))
	}
	return out
}

// two are the two largest of four, of which each pair is sorted.
func two(a, b [2]float64) [2]float64 {
	if a[0] < b[0] {
		a, b = b, a
	}
	return [2]float64{a[0], max(a[1], b[0])}
}

// levelsOf names the levels of a column and says which each customer has (n); behind them stands "unknown" where somebody has none.
func levelsOf(op string, raw *table.Table, column string) (names []string, of []int, err error) {
	j, err := raw.Index(column)
	if err != nil {
		return nil, nil, err
	}
	c, values := raw.Raw().Columns[j], raw.Raw().Column(j)
	switch {
	case c.Categorical():
		for l := range c.Levels {
			names = append(names, c.Word(l))
		}
	case stats.ZeroOne(values):
		names = []string{"no", "yes"}
	default:
		return nil, nil, &fault.CellError{Op: op, Column: column, Why: "holds numbers, and a table of counts needs a few levels",
			Remedy: "cut it into bands first", Err: fault.ErrSchema}
	}
	known := len(names)
	of = make([]int, len(values))
	for i, v := range values {
		if of[i] = known; !math.IsNaN(v) {
			of[i] = int(v)
		} else if len(names) == known {
			names = append(names, "unknown")
		}
	}
	return names, of, nil
}

// check holds what Suppress needs, since the fields are open to everyone.
func (t Crosstab) check(op string) error {
	bad := func(format string, args ...any) error {
		return fault.Errorf(fault.ErrSchema, "segkit: %s: %s", op, fmt.Sprintf(format, args...))
	}
	if len(t.Rows) == 0 || len(t.Columns) == 0 || len(t.Customers) != len(t.Rows) {
		return bad("the table has %d rows of customers, but %d names of rows and %d names of columns", len(t.Customers), len(t.Rows), len(t.Columns))
	}
	if t.Sums != nil && (len(t.Sums) != len(t.Rows) || len(t.Largest) != len(t.Rows)) {
		return bad("a table of %s needs its sums, and the two largest amounts, for each of %d rows", t.Amount, len(t.Rows))
	}
	if (t.Sums != nil) != (t.Amount != "") {
		return bad("a table of sums must name their Amount, and a table of customers must not: it has %q", t.Amount)
	}
	for r, row := range t.Customers {
		if len(row) != len(t.Columns) || t.Sums != nil && (len(t.Sums[r]) != len(row) || len(t.Largest[r]) != len(row)) {
			return bad("row %q has %d cells for %d columns", t.Rows[r], len(row), len(t.Columns))
		}
		for c, n := range row {
			switch {
			case n < 0:
				return bad("row %q, column %q has %d customers", t.Rows[r], t.Columns[c], n)
			case t.Sums != nil && !(math.Abs(t.Sums[r][c]) < 1e13):
				return bad("row %q, column %q adds up to %v, want a number below 10,000,000,000,000", t.Rows[r], t.Columns[c], t.Sums[r][c])
			case t.Sums != nil && !(t.Largest[r][c][0] >= t.Largest[r][c][1] && t.Largest[r][c][1] >= 0):
				return bad("row %q, column %q has the largest amounts %v, want two from 0 up, the larger first", t.Rows[r], t.Columns[c], t.Largest[r][c])
			}
		}
	}
	return nil
}
