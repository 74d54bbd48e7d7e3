package segkit

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// What may be unusual about a customer whom Score assigns, in Segments.Flags.
const (
	NewLevel     table.Flag = 1 << iota // a level of a category that the model has not seen: in no segment
	MissingValue                        // a missing value that the method needs: in no segment
	Unusable                            // a value that a step of the model cannot take, such as an infinite one: in no segment
	OutOfRange                          // a number far outside the training range: scored all the same
)

// Score assigns every customer of raw (n x any) to a segment. Distance is the distance to the segment's centre in the space
// that was clustered: Euclidean, for KMedoids its own Distance, for KPrototypes the square root of its combined cost. Margin is
// 1 - distance to the customer's own centre / distance to the next. Both are nil for methods that assign by likelihood or
// density. The training table gets its training labels, unless a smallest size kept customers from the nearest segment.
//
// Columns are found by name, in the model's units. A column that raw lacks is computed if Table.With computed it in the training table and raw has the
// columns that this needs; otherwise it is an error. One bad customer does not stop the others: a level that the model has not seen, a missing value that
// the method needs, and a value that a step cannot take leave that customer in no segment (Noise); a value far outside the training range (by more than half
// that range) is scored all the same. All are flagged and counted, see Segments.Flags and Remarks. It costs n·k·d, and more for methods that assign by
// density.
func (m *Model) Score(raw *table.Table) (*table.Segments, error) {
	s, found, err := m.score(raw)
	if err == nil {
		s.Remarks = found.sentences()
	}
	return s, err
}

// score is Score, with its remarks as they can be added up.
func (m *Model) score(raw *table.Table) (*table.Segments, remarks, error) {
	if m == nil {
		return nil, nil, fault.Nil("Model.Score", "model")
	}
	if m.Assigner == nil {
		return nil, nil, fmt.Errorf("segkit: Model.Score: %w: use cluster.Fit(recipe.Prepare(…), method) and its Segments for the customers it was fitted on", fault.ErrNoPredict)
	}
	x, unseen, err := m.read(raw)
	if err != nil {
		return nil, nil, err
	}
	c := &checkup{n: raw.Len()}
	labels, distance, margin, ok := m.straight(x, unseen, c)
	if !ok {
		if labels, distance, margin, err = m.carefully(x, unseen, c); err != nil {
			return nil, nil, err
		}
	}
	s := &table.Segments{IDs: slices.Clip(raw.Raw().IDs), Names: slices.Clone(m.Names), Labels: labels, Distance: distance, Margin: margin,
		Model: m, Times: raw.Times(), Flags: c.flags}
	s.FormedAlso(m.FormingColumns(raw)...)
	return s, c.remarks, nil
}

// carefully scores customers, some of which may be unusual.
func (m *Model) carefully(x *table.Table, unseen []unseenLevel, c *checkup) (labels table.Labels, distance, margin []float64, err error) {
	x = c.levels(x, unseen)
	low, high := m.bounds()
	c.ranges(x, cells(x, func(j int, v float64) bool { return v < low[j] || v > high[j] }), m.Training)
	x = c.finite(x)
	for _, f := range m.Transforms {
		if err := c.each(&x, f.Apply); err != nil {
			return nil, nil, nil, err
		}
	}
	x = c.complete(x, m.Assigner)
	var nearest, second []float64
	if err := c.each(&x, func(t *table.Table) (_ *table.Table, err error) {
		labels, nearest, second, err = m.assign(t)
		return t, err
	}); err != nil {
		return nil, nil, nil, err
	}
	if nearest == nil {
		return scattered(c, labels, table.Noise), nil, nil, nil
	}
	distance, margin = make([]float64, len(labels)), make([]float64, len(labels))
	vec.Margins(nearest, second, distance, margin)
	return scattered(c, labels, table.Noise), scattered(c, distance, math.NaN()), scattered(c, margin, math.NaN()), nil
}

// cell is where something unusual stands.
type cell struct{ row, column int }

// cells returns the cells of x that are bad, row by row.
func cells(x *table.Table, bad func(j int, v float64) bool) []cell {
	n, d := x.Dims()
	chunks := make([][]cell, par.Chunks(n))
	par.Rows(context.Background(), n, func(chunk, from, to int) {
		for i := from; i < to; i++ {
			for j, v := range x.Raw().Data[i*d : (i+1)*d] {
				if bad(j, v) {
					chunks[chunk] = append(chunks[chunk], cell{i, j})
				}
			}
		}
	})
	return slices.Concat(chunks...)
}

// checkup follows customers through scoring: those who cannot be scored leave, and it is kept who, why and how many.
type checkup struct {
	n       int   // customers at the beginning
	rows    []int // of the customers who are left, rising; nil for all
	flags   []table.Flag
	remarks remarks
}

// remark is what was unusual about so many customers, in words that depend on how many there are.
type remark struct {
	key    string // the same for what may be added up
	of     int
	levels []string // that the model has not seen, the first few
	say    func(r remark) string
}

type remarks []remark

// add counts more customers.
func (all *remarks) add(r remark) {
	at := slices.IndexFunc(*all, func(have remark) bool { return have.key == r.key })
	if at < 0 {
		*all = append(*all, r)
		return
	}
	have := &(*all)[at]
	have.of += r.of
	for _, level := range r.levels {
		if len(have.levels) < mostLevels && !slices.Contains(have.levels, level) {
			have.levels = append(have.levels, level)
		}
	}
}

// mostLevels is how many new levels of a column are told.
const mostLevels = 20

func (all remarks) sentences() (out []string) {
	for _, r := range all {
		out = append(out, wording.Plural(r.of, "customer")+" "+r.say(r)+".")
	}
	return out
}

// flag marks a customer, by the row among those who are left.
func (c *checkup) flag(row int, f table.Flag) {
	if c.flags == nil {
		c.flags = make([]table.Flag, c.n)
	}
	if c.rows != nil {
		row = c.rows[row]
	}
	c.flags[row] |= f
}

// without returns x without the customers at rows (rising, may repeat), and flags them all.
func (c *checkup) without(x *table.Table, rows []int, f table.Flag) *table.Table {
	if len(rows) == 0 {
		return x
	}
	out := make([]bool, x.Len())
	for _, i := range rows {
		c.flag(i, f)
		out[i] = true
	}
	var stay, left []int
	for i := range out {
		if !out[i] {
			stay = append(stay, i)
			if c.rows != nil {
				left = append(left, c.rows[i])
			}
		}
	}
	if c.rows == nil {
		left = stay
	}
	if c.rows = left; left == nil {
		c.rows = []int{}
	}
	return x.Rows(stay)
}

// outside drops the customers of bad cells, and remarks on each column: "3 customers have no value for orders, and are in no segment".
func (c *checkup) outside(x *table.Table, bad []cell, f table.Flag, why func(column string, of int) string) *table.Table {
	count, rows := make([]int, len(x.Raw().Columns)), make([]int, len(bad))
	for p, at := range bad {
		count[at.column]++
		rows[p] = at.row
	}
	for j, of := range count {
		if of > 0 {
			column := x.Raw().Columns[j].Name
			c.remark(of, func(of int) string { return why(column, of) + ", and " + wording.Be(of) + " in no segment" })
		}
	}
	return c.without(x, rows, f)
}

// remark says what is unusual about some customers.
func (c *checkup) remark(customers int, say func(of int) string) {
	c.remarks.add(remark{key: say(2), of: customers, say: func(r remark) string { return say(r.of) }})
}

// levels drops the customers who have a level that the model has not seen.
func (c *checkup) levels(x *table.Table, unseen []unseenLevel) *table.Table {
	d := len(x.Raw().Columns)
	count, names, rows := make([]int, d), make([][]string, d), make([]int, len(unseen))
	for p, u := range unseen {
		count[u.column]++
		rows[p] = u.row
		if len(names[u.column]) < mostLevels && !slices.Contains(names[u.column], u.level) {
			names[u.column] = append(names[u.column], u.level)
		}
	}
	for j, of := range count {
		if of > 0 {
			column := x.Raw().Columns[j].Name
			c.remarks.add(remark{"level of " + column, of, names[j], func(r remark) string {
				return fmt.Sprintf("%s a level of %s that the model has not seen (%s), and %s in no segment", wording.Have(r.of), column, wording.List(r.levels), wording.Be(r.of))
			}})
		}
	}
	return c.without(x, rows, NewLevel)
}

// bounds returns how far the numbers of each column (d) may lie from the training range: half of it. Those of a category, and of a column
// whose range is not known, are the largest numbers, so that infinite ones always lie outside.
func (m *Model) bounds() (low, high []float64) {
	low, high = slices.Repeat([]float64{-math.MaxFloat64}, len(m.Columns)), slices.Repeat([]float64{math.MaxFloat64}, len(m.Columns))
	for j, d := range m.Training {
		if d.Count > 0 && m.Columns[j].Numeric() {
			low[j], high[j] = max(low[j], d.Min-(d.Max-d.Min)/2), min(high[j], d.Max+(d.Max-d.Min)/2)
		}
	}
	return low, high
}

// ranges flags the customers with cells out of the bounds.
func (c *checkup) ranges(x *table.Table, out []cell, training []Distribution) {
	count := make([]int, len(x.Raw().Columns))
	for _, at := range out {
		if math.IsInf(x.At(at.row, at.column), 0) {
			continue // it is not scored at all
		}
		c.flag(at.row, OutOfRange)
		count[at.column]++
	}
	for j, of := range count {
		if of > 0 {
			column, d := x.Raw().Columns[j].Name, training[j]
			c.remark(of, func(of int) string {
				return fmt.Sprintf("%s far outside the training range of %s (%s to %s), and %s scored all the same", map[bool]string{true: "lies", false: "lie"}[of == 1],
					column, sheet.Number(d.Min), sheet.Number(d.Max), wording.Be(of))
			})
		}
	}
}

// finite drops the customers with an infinite value.
func (c *checkup) finite(x *table.Table) *table.Table {
	bad := cells(x, func(_ int, v float64) bool { return math.IsInf(v, 0) })
	return c.outside(x, bad, Unusable, func(column string, of int) string { return wording.Have(of) + " an infinite " + column })
}

// complete drops the customers whose prepared values an assigner cannot use: missing ones, if it does not take them, and ones too large to be squared.
func (c *checkup) complete(x *table.Table, a any) *table.Table {
	m, ok := a.(interface{ TakesMissing() bool })
	takes := ok && m.TakesMissing()
	x = c.outside(x, cells(x, func(_ int, v float64) bool { return math.IsNaN(v) && !takes }), MissingValue,
		func(column string, of int) string { return wording.Have(of) + " no value for " + column })
	return c.outside(x, cells(x, func(_ int, v float64) bool { return math.Abs(v) > vec.Largest }), Unusable,
		func(column string, of int) string {
			return wording.Have(of) + " a value of " + column + " that is too large to be squared"
		})
}

// each has a step done with the customers who are left. Those that it refuses, each for a cell of their own, leave; what is wrong with the
// table as a whole is an error.
func (c *checkup) each(x **table.Table, do func(t *table.Table) (*table.Table, error)) error {
	out, err := do(*x)
	if !ofOneCustomer(err) {
		*x = out
		return err
	}
	refused := map[string]int{} // how many, by why
	var rows []int
	var search func(from, to int)
	search = func(from, to int) {
		part := make([]int, to-from)
		for i := range part {
			part[i] = from + i
		}
		_, err := do((*x).Rows(part))
		switch {
		case !ofOneCustomer(err):
		case len(part) == 1:
			e := err.(*fault.CellError)
			rows = append(rows, from)
			refused[fmt.Sprintf("%s: %s", e.Column, e.Why)]++
		default:
			search(from, (from+to)/2)
			search((from+to)/2, to)
		}
	}
	search(0, (*x).Len())
	for _, why := range slices.Sorted(maps.Keys(refused)) {
		of := refused[why]
		column, why, _ := strings.Cut(why, ": ")
		c.remark(of, func(of int) string { return fmt.Sprintf("%s in no segment: %s %s", wording.Be(of), column, why) })
	}
	if *x, err = do(c.without(*x, rows, Unusable)); ofOneCustomer(err) {
		return fmt.Errorf("segkit: Model.Score: %w", fault.Trimmed(err)) // it refuses customers together that it takes alone
	}
	return err
}

// ofOneCustomer reports whether an error speaks of a cell in a row.
func ofOneCustomer(err error) bool {
	e, ok := err.(*fault.CellError)
	return ok && e.Row > 0
}

// scattered gives the values of those who are left their places among all customers; the others get none.
func scattered[S ~[]E, E any](c *checkup, values S, none E) S {
	if c.rows == nil {
		return values
	}
	out := slices.Repeat(S{none}, c.n)
	for p, i := range c.rows {
		out[i] = values[p]
	}
	return out
}

// unseenLevel is a cell whose category the model has not seen.
type unseenLevel struct {
	cell
	level string
}

// read returns the columns of raw that the model was fitted on, found by name: in the same units, with the same levels. A level that
// the model has not seen is missing, and told.
func (m *Model) read(raw *table.Table) (x *table.Table, unseen []unseenLevel, err error) {
	if raw == nil {
		return nil, nil, fault.Nil("Model.Score", "table")
	}
	if raw.Raw().Transformed != m.Transformed {
		e := &fault.CellError{Op: "Model.Score", Why: "the table holds transformed values, but the model was fitted on customers' own units", Remedy: "score the raw table", Err: fault.ErrSchema}
		if m.Transformed {
			e.Why, e.Remedy = "the model was fitted on transformed values, but the table is in customers' own units", "transform it in the same way"
		}
		return nil, nil, e
	}
	if raw, err = m.computed(raw); err != nil {
		return nil, nil, err
	}
	if x, err = raw.Only(m.ColumnNames()); err != nil {
		return nil, nil, err
	}
	have := x.Raw().Columns
	for p, want := range m.Columns {
		got := have[p]
		if want.Categorical() != got.Categorical() {
			return nil, nil, otherKind(x, p, want)
		}
		if err := suggest.OtherUnit("Model.Score", want.Name, got.Unit, want.Unit); err != nil {
			return nil, nil, err
		}
	}
	x = x.WithData(table.CloneColumns(m.Columns), x.Raw().Data)
	for p, want := range m.Columns {
		if !slices.Equal(want.Levels, have[p].Levels) {
			x = x.WithData(x.Raw().Columns, slices.Clone(x.Raw().Data)) // raw may own them
			unseen = append(unseen, relevel(x, p, have[p].Levels)...)
		}
	}
	return x, unseen, nil
}

// computed adds to raw the columns of the model that raw lacks, where it is known how they were computed.
func (m *Model) computed(raw *table.Table) (*table.Table, error) {
	var missing []string
	for _, c := range m.Columns {
		if _, err := raw.Index(c.Name); err == nil {
			continue
		}
		if c.Formula != "" {
			if with, err := raw.With(c.Name, c.Formula); err == nil {
				raw = with
				continue
			}
			missing = append(missing, fmt.Sprintf("%q (which is %s)", c.Name, c.Formula))
			continue
		}
		missing = append(missing, fmt.Sprintf("%q", c.Name))
	}
	if len(missing) > 0 {
		return nil, lacks(raw.Raw().Source, missing, raw.Names())
	}
	return raw, nil
}

// lacks is the error for columns that a table does not have.
func lacks(source string, missing, have []string) error {
	return &fault.CellError{Op: "Model.Score", File: source, Err: fault.ErrMissingColumn,
		Why: fmt.Sprintf("the model needs %s, which %s not among %s", sheet.List(missing), wording.Be(len(missing)), strings.Join(have, ", "))}
}

// otherKind is the error for column p of x, which holds text where the model knows numbers, or the other way round; its first cell shows it.
func otherKind(x *table.Table, p int, want table.Column) error {
	got := x.Raw().Columns[p]
	e := &fault.CellError{Op: "Model.Score", File: x.Raw().Source, Column: want.Name, Err: fault.ErrSchema,
		Why: fmt.Sprintf("holds %s here, but held %s when the model was fitted", holds(got), holds(want))}
	for i, id := range x.Raw().IDs {
		if v := x.At(i, p); got.Categorical() && !math.IsNaN(v) {
			e.Row, e.ID, e.Value = i+1, id, got.Levels[int(v)]
			e.Why, e.Remedy = "is text, which makes categories of the column, but it held numbers when the model was fitted", "mend the cells that are not numbers"
			break
		}
	}
	return e
}

func holds(c table.Column) string {
	if c.Categorical() {
		return "categories"
	}
	return "numbers"
}

// relevel rewrites the cells of column j, which are indexes into the levels of a file, as indexes into those of the model: a file
// that lacks a level numbers the others differently. It changes t, whose data the caller has just made.
func relevel(t *table.Table, j int, have []string) (unseen []unseenLevel) {
	to := make([]float64, len(have))
	for l, level := range have {
		to[l] = math.NaN()
		if at, ok := t.Raw().Columns[j].LevelOf(level); ok {
			to[l] = float64(at)
		}
	}
	d := len(t.Raw().Columns)
	for i := range t.Raw().IDs {
		v := &t.Raw().Data[i*d+j]
		if math.IsNaN(*v) {
			continue
		}
		l := int(*v)
		if *v = to[l]; math.IsNaN(*v) {
			unseen = append(unseen, unseenLevel{cell{i, j}, have[l]})
		}
	}
	return unseen
}

// refusal is the error of a call that has no place for customers who cannot be scored.
func (m *Model) refusal(raw *table.Table, unseen []unseenLevel) error {
	first := unseen[0]
	c := m.Columns[first.column]
	return &fault.CellError{Op: "Prepare", File: raw.Raw().Source, Row: first.row + 1, ID: raw.Raw().IDs[first.row], Column: c.Name, Value: first.level, Count: len(unseen),
		Err: fault.ErrSchema, Why: "is a level that the model was not fitted with", Remedy: "the levels are " + wording.List(c.Levels)}
}
