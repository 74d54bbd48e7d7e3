package segkit

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Transformer changes columns before clustering. It is options only; fitting returns a separate value, which can be saved.
type Transformer interface {
	// Fit learns what Apply needs from t (n x d), and leaves t as it was.
	Fit(t *Table) (Fitted, error)
}

// Fitted is a transformer that has learnt its numbers. It is plain data with exported fields, saved as JSON under its Kind.
type Fitted interface {
	// Apply returns a new table with the columns changed. Columns are found by name.
	Apply(t *Table) (*Table, error)
	// Kind names the type in a model file: "log1p", "scale".
	Kind() string
}

// Inverter is a Fitted that can be undone: cluster centres back in euros.
type Inverter interface {
	Invert(t *Table) (*Table, error)
}

// Before is what every fitted transformer keeps of the table it was fitted on: enough for Apply to find its columns by name
// and for Invert to give them back as they were.
type Before struct {
	Columns     []Column `json:"columns"`               // (c) the columns that are changed
	Transformed bool     `json:"transformed,omitempty"` // they had left the customers' own units already
}

// scope resolves the columns that a transformer is asked to change; no names means all that accepts. It refuses a table
// without rows, and columns that are not accepted or hold an infinite value.
func scope(op string, t *Table, names []string, accepts func(Column) bool) (Before, []int, error) {
	if t == nil {
		return Before{}, nil, nilError(op, "table")
	}
	if t.Len() == 0 {
		return Before{}, nil, fmt.Errorf("segkit: %s cannot learn from an empty table: %w", op, ErrEmpty)
	}
	var at []int
	for _, name := range names {
		j, err := t.index(name)
		switch {
		case err != nil:
			return Before{}, nil, fmt.Errorf("segkit: %s: %w", op, trimmed(err))
		case slices.Contains(at, j):
			return Before{}, nil, &OptionError{Method: op, Field: "Columns", Value: strings.Join(names, ", "), Want: fmt.Sprintf("every column once (%q stands there twice)", name)}
		case !accepts(t.columns[j]):
			return Before{}, nil, kindError(op, t.columns[j])
		}
		at = append(at, j)
	}
	if len(names) == 0 {
		for j, c := range t.columns {
			if accepts(c) {
				at = append(at, j)
			}
		}
	}
	if len(at) == 0 {
		what := "a number"
		if !accepts(Column{}) {
			what = "of the kind it changes"
		}
		return Before{}, nil, fmt.Errorf("segkit: %s: none of the %d columns is %s: %w", op, len(t.columns), what, ErrSchema)
	}
	b := Before{Transformed: t.transformed}
	for _, j := range at {
		b.Columns = append(b.Columns, t.columns[j])
	}
	b.Columns = cloneColumns(b.Columns)
	return b, at, t.refuseInfinite(op, at)
}

func isNumber(c Column) bool { return !c.Categorical() }

// kindError says that a column is not of the kind that a transformer changes.
func kindError(op string, c Column) error {
	e := &CellError{Op: op, Column: c.Name, Err: ErrSchema, Why: "holds categories, not numbers", Remedy: "name the numeric columns in Columns"}
	switch {
	case !c.Categorical():
		e.Why, e.Remedy = "holds numbers, not categories", "name the categories in Columns"
	case op == "Ordinal":
		e.Why, e.Remedy = "holds categories without an order", "use OneHot, or read the column with its Levels from low to high"
	}
	return e
}

// find returns where the fitted columns are in a table to be transformed (c). It refuses a missing column, another unit,
// other levels, and infinite values.
func (b Before) find(op string, t *Table) ([]int, error) {
	at := make([]int, len(b.Columns))
	for p, c := range b.Columns {
		j, err := t.index(c.Name)
		if err != nil {
			return nil, fmt.Errorf("segkit: %s: %w", op, trimmed(err))
		}
		got := t.columns[j]
		switch {
		case c.Categorical() != got.Categorical() && got.Categorical():
			return nil, kindError(op, got)
		case !slices.Equal(c.Levels, got.Levels):
			return nil, &CellError{Op: op, Column: c.Name, Err: ErrSchema,
				Why: fmt.Sprintf("has the levels %s, but was fitted with %s", list(got.Levels), list(c.Levels))}
		case c.Unit != "" && got.Unit != "" && c.Unit != got.Unit:
			return nil, unitError(op, c, got)
		}
		at[p] = j
	}
	return at, t.refuseInfinite(op, at)
}

func unitError(op string, want, got Column) error {
	return &CellError{Op: op, Column: want.Name, Err: ErrSchema,
		Why:    fmt.Sprintf("is in %q here, but was in %q when this was fitted", got.Unit, want.Unit),
		Remedy: "convert the column first"}
}

func list(levels []string) string {
	if len(levels) == 0 {
		return "none"
	}
	return clip(strings.Join(levels, ", "))
}

// findBack returns where the fitted columns are in a table to be inverted (c).
func (b Before) findBack(op string, t *Table) ([]int, error) {
	at := make([]int, len(b.Columns))
	for p, c := range b.Columns {
		j, err := t.index(c.Name)
		if err != nil {
			return nil, fmt.Errorf("segkit: %s: %w", op, trimmed(err))
		}
		at[p] = j
	}
	return at, nil
}

// check refuses numbers, as read from a file, that do not fit the columns: each slice holds one finite number per column.
func (b Before) check(kind string, numbers ...[]float64) error {
	for _, v := range numbers {
		if len(v) != len(b.Columns) {
			return fmt.Errorf("segkit: transform %q has %d numbers for %d columns: %w", kind, len(v), len(b.Columns), ErrFormat)
		}
		for p, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("segkit: transform %q has %v for column %q: %w", kind, x, b.Columns[p].Name, ErrFormat)
			}
		}
	}
	return nil
}

// change returns t with the values of columns at replaced by value(p, v), where p counts in at.
func (t *Table) change(at []int, value func(p int, v float64) float64) *Table {
	out := t.with(slices.Clone(t.columns), slices.Clone(t.data))
	d := len(t.columns)
	for i := range t.ids {
		for p, j := range at {
			out.data[i*d+j] = value(p, out.data[i*d+j])
		}
	}
	return out
}

// left marks a changed table as out of the customers' own units: columns at now have the given unit.
func (t *Table) left(at []int, unit func(c Column) string) *Table {
	t.transformed = true
	for _, j := range at {
		t.columns[j].Unit = unit(t.columns[j])
	}
	return t
}

// restore gives an inverted table its columns back as they were before the transform.
func (b Before) restore(t *Table, at []int) *Table {
	t.transformed = b.Transformed
	for p, j := range at {
		t.columns[j] = b.Columns[p]
	}
	return t
}

// refuse returns e, with the coordinates of the first cell of columns at that is bad and the number of all such cells, or
// nil if there is none.
func (t *Table) refuse(at []int, bad func(v float64) bool, e CellError) error {
	for i := range t.ids {
		for _, j := range at {
			v := t.At(i, j)
			if !bad(v) {
				continue
			}
			if e.Count++; e.Count == 1 {
				e.File, e.Row, e.ID, e.Column = t.source, i+1, t.ids[i], t.columns[j].Name
				if !math.IsNaN(v) {
					e.Value = fmt.Sprint(v)
				}
			}
		}
	}
	if e.Count == 0 {
		return nil
	}
	return &e
}

func (t *Table) refuseInfinite(op string, at []int) error {
	return t.refuse(at, func(v float64) bool { return math.IsInf(v, 0) }, CellError{Op: op, Err: ErrNotFinite,
		Why: "is infinite", Remedy: "correct it, or make it missing"})
}
