package table

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
)

// What methods and transforms ask of a table before they begin. Each names the first cell that will not do, and counts them.

// CheckNumbers is the part of Method.Check that all methods on numbers share: at least one row and one column, no categories,
// nothing missing or infinite. It costs n*d.
func (t *Table) CheckNumbers(op string) error {
	if t == nil {
		return fault.Nil(op, "table")
	}
	n, d := t.Dims()
	if n == 0 {
		return fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	}
	if d == 0 {
		return fault.Errorf(fault.ErrSchema, "segkit: %s: the table has no columns to cluster", op)
	}
	for _, c := range t.raw.Columns {
		if c.Categorical() {
			remedy := "prep.OneHot first"
			if c.Ordered {
				remedy = "prep.Ordinal first"
			}
			return &fault.CellError{Op: op, Column: c.Name, Why: "holds categories, which have no distance",
				Remedy: "leave it out of the columns to cluster, and use it to describe the segments, or use " + remedy, Err: fault.ErrSchema}
		}
	}
	return t.CheckFinite(op)
}

// CheckFinite refuses cells that cannot be used in a distance: missing, infinite, or too large to square. It costs n*d.
func (t *Table) CheckFinite(op string) error {
	if t == nil {
		return fault.Nil(op, "table")
	}
	if !t.any(func(rows []float64) bool { return !vec.Usable(rows) }) {
		return nil
	}
	var bad *fault.CellError
	for i := range t.raw.IDs {
		for j, v := range t.Raw().Row(i) {
			if math.Abs(v) <= vec.Largest { // false for NaN
				continue
			}
			if bad != nil {
				bad.Count++
				continue
			}
			bad = &fault.CellError{Op: op, File: t.raw.Source, Row: i + 1, ID: t.raw.IDs[i], Column: t.raw.Columns[j].Name, Count: 1, Err: fault.ErrNotFinite}
			switch {
			case math.IsNaN(v):
				bad.Why, bad.Remedy = "value is missing", "use prep.Impute first, or leave the column out: a recipe clusters those that its Columns name"
			case math.IsInf(v, 0):
				bad.Value, bad.Why, bad.Remedy = fmt.Sprint(v), "is not a finite number", "correct it, or make it missing and use prep.Impute"
			default:
				bad.Value, bad.Why, bad.Remedy = fmt.Sprint(v), "is too large to be squared", "correct it, or use prep.Log1p or another unit first"
			}
		}
	}
	return bad
}

// any reports whether there are bad rows, looking at chunks of them (rows*d values) at the same time.
func (t *Table) any(bad func(rows []float64) bool) bool {
	n, d := t.Dims()
	var found atomic.Bool
	par.Rows(context.Background(), n, func(_, from, to int) {
		if !found.Load() && bad(t.raw.Data[from*d:to*d]) {
			found.Store(true)
		}
	})
	return found.Load()
}

// Refuse returns e, with the coordinates of the first cell of the columns at that is bad and the number of all such cells, or
// nil if there is none.
func (t *Table) Refuse(at []int, bad func(v float64) bool, e fault.CellError) error {
	if t == nil {
		return fault.Nil("table.Table.Refuse", "table")
	}
	d := len(t.raw.Columns)
	if !t.any(func(rows []float64) bool {
		for ; len(rows) > 0; rows = rows[d:] {
			for _, j := range at {
				if bad(rows[j]) {
					return true
				}
			}
		}
		return false
	}) {
		return nil
	}
	for i := range t.raw.IDs {
		for _, j := range at {
			v := t.At(i, j)
			if !bad(v) {
				continue
			}
			if e.Count++; e.Count == 1 {
				e.File, e.Row, e.ID, e.Column = t.raw.Source, i+1, t.raw.IDs[i], t.raw.Columns[j].Name
				if !math.IsNaN(v) {
					e.Value = fmt.Sprint(v)
				}
			}
		}
	}
	return &e
}
