package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Schema is what every fitted transformer keeps of the table that it was fitted to: enough for Apply to find its columns by
// name and for Invert to restore them.
type Schema struct {
	Columns     []Column `json:"columns"`               // (c) the columns that are changed
	Transformed bool     `json:"transformed,omitempty"` // they had left the customers' own units already
}

// ColumnNames returns the names of the columns (c).
func (b Schema) ColumnNames() []string { return FromRaw(Raw{Columns: b.Columns}).Names() }

// SchemaOf finds the columns that a transformer is asked to change; no names means all that it accepts. It refuses a table
// without rows, and columns that are not accepted or contain an infinite value.
func SchemaOf(op string, t *Table, names []string, accepts func(Column) bool) (Schema, []int, error) {
	if t == nil {
		return Schema{}, nil, fault.Nil(op, "table")
	}
	if accepts == nil {
		return Schema{}, nil, fault.Nil(op, "test of a column")
	}
	if t == nil {
		return Schema{}, nil, fault.Nil(op, "table")
	}
	if t.Len() == 0 {
		return Schema{}, nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: there are no rows to learn from", op)
	}
	var at []int
	for _, name := range names {
		j, err := t.Index(name)
		switch {
		case err != nil:
			return Schema{}, nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
		case slices.Contains(at, j):
			return Schema{}, nil, &fault.OptionError{Method: op, Field: "Columns", Value: strings.Join(names, ", "), Want: fmt.Sprintf("every column once (%q appears twice)", name)}
		case !accepts(t.raw.Columns[j]):
			return Schema{}, nil, t.raw.Columns[j].KindError(op)
		}
		at = append(at, j)
	}
	if len(names) == 0 {
		for j, c := range t.raw.Columns {
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
		return Schema{}, nil, fault.Errorf(fault.ErrSchema, "segkit: %s: none of the %d columns is %s", op, len(t.raw.Columns), what)
	}
	b := Schema{Transformed: t.raw.Transformed}
	for _, j := range at {
		b.Columns = append(b.Columns, t.raw.Columns[j])
	}
	b.Columns = CloneColumns(b.Columns)
	return b, at, refuseInfinite(op, t, at)
}

// KindError says that a column is not of the kind that a transformer changes.
func (c Column) KindError(op string) error {
	e := &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema, Why: "holds categories, not numbers", Remedy: "put prep.OneHot before it, which turns categories into numbers, or name only the numeric columns in Columns"}
	switch {
	case c.Categorical() && op != "OneHot" && op != "Ordinal" && condition.AreDates(c.Levels):
		e.Why, e.Remedy = "holds dates, not numbers", fmt.Sprintf(`count days in a new column: With("days", %s)`, strconv.Quote(fmt.Sprintf(`days_since(%s, "2024-03-31")`, inFormula(c.Name))))
	case !c.Categorical():
		e.Why, e.Remedy = "holds numbers, not categories", "name the categories in Columns"
	case op == "prep.Ordinal":
		e.Why, e.Remedy = "holds categories without an order", "use prep.OneHot, or read the column with its Levels from low to high"
	}
	return e
}

// Find returns where the fitted columns are in a table to be transformed (c). It refuses a missing column, another unit,
// other levels, and infinite values.
func (b Schema) Find(op string, t *Table) ([]int, error) {
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	at := make([]int, len(b.Columns))
	for p, c := range b.Columns {
		j, err := t.Index(c.Name)
		if err != nil {
			return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
		}
		got := t.raw.Columns[j]
		switch {
		case c.Categorical() != got.Categorical() && got.Categorical():
			return nil, got.KindError(op)
		case !slices.Equal(c.Levels, got.Levels):
			return nil, &fault.CellError{Op: op, Column: c.Name, Err: fault.ErrSchema,
				Why: fmt.Sprintf("has the levels %s, but was fitted with %s", wording.List(got.Levels), wording.List(c.Levels))}
		}
		if err := suggest.OtherUnit(op, c.Name, got.Unit, c.Unit); err != nil {
			return nil, err
		}
		at[p] = j
	}
	return at, refuseInfinite(op, t, at)
}

// inFormula is a column's name as formulas take it.
func inFormula(name string) string {
	if strings.ContainsFunc(name, wording.NotInName) {
		return fmt.Sprintf("col(%q)", name)
	}
	return name
}

// FindBack returns where the fitted columns are in a table to be inverted (c).
func (b Schema) FindBack(op string, t *Table) ([]int, error) {
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	at := make([]int, len(b.Columns))
	for p, c := range b.Columns {
		j, err := t.Index(c.Name)
		if err != nil {
			return nil, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
		}
		at[p] = j
	}
	return at, nil
}

// Check refuses numbers, as read from a file, that do not fit the columns: each slice holds one finite number per column.
func (b Schema) Check(kind string, numbers ...[]float64) error {
	for _, v := range numbers {
		if len(v) != len(b.Columns) {
			return fault.Errorf(fault.ErrFormat, "segkit: transform %q has %d numbers for %d columns", kind, len(v), len(b.Columns))
		}
		for p, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fault.Errorf(fault.ErrFormat, "segkit: transform %q has %v for column %q", kind, x, b.Columns[p].Name)
			}
		}
	}
	return nil
}

// Restore gives an inverted table its columns back as they were before the transform.
func (b Schema) Restore(t *Table, at []int) *Table {
	t.raw.Transformed = b.Transformed
	for p, j := range at {
		t.raw.Columns[j] = b.Columns[p]
	}
	return t
}

func refuseInfinite(op string, t *Table, at []int) error {
	return t.Refuse(at, func(v float64) bool { return math.IsInf(v, 0) }, fault.CellError{Op: op, Err: fault.ErrNotFinite,
		Why: "is infinite", Remedy: "correct it, or make it missing"})
}
