package prep

import (
	"context"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/table"
)

// Transformer changes columns before clustering. It has only options; fitting returns a separate value, which can be saved.
type Transformer interface {
	// Fit learns what Apply needs from t (n x d), and leaves t unchanged.
	Fit(t *table.Table) (Fitted, error)
}

// Fitted is a transformer that has learnt its numbers. It is plain data with exported fields, saved as JSON under its Kind.
type Fitted interface {
	// Apply returns a new table with the columns changed. Columns are found by name.
	Apply(t *table.Table) (*table.Table, error)
	// Kind names the type in a model file: "log1p", "scale".
	Kind() string
}

// Inverter is a Fitted that can be undone, for example to show cluster centres in euros.
type Inverter interface {
	Invert(t *table.Table) (*table.Table, error)
}

// change returns t with the values of columns at replaced by value(p, v), where p counts in at. Chunks of rows are changed at the same time.
func change(t *table.Table, at []int, value func(p int, v float64) float64) *table.Table {
	out := t.WithData(slices.Clone(t.Raw().Columns), slices.Clone(t.Raw().Data))
	n, d := t.Dims()
	par.Rows(context.Background(), n, func(_, from, to int) { // it fails only with its context
		for row := out.Raw().Data[from*d : to*d]; len(row) > 0; row = row[d:] {
			for p, j := range at {
				row[j] = value(p, row[j])
			}
		}
	})
	return out
}

// left marks a changed table as out of the customers' own units: columns at now have the given unit.
func left(t *table.Table, at []int, unit func(c table.Column) string) *table.Table {
	t.Raw().Transformed = true
	for _, j := range at {
		t.Raw().Columns[j].Unit = unit(t.Raw().Columns[j])
	}
	return t
}

// Apply fits each transformer to the result of the previous ones, beginning with t, and returns the final table. Use it for tables that
// describe customers. For clustering, use a recipe, which keeps the fitted transformers for new customers.
func Apply(t *table.Table, transformers ...Transformer) (*table.Table, error) {
	if t == nil {
		return nil, fault.Nil("prep.Apply", "table")
	}
	for _, o := range transformers {
		if o == nil {
			return nil, fault.Nil("prep.Apply", "transformer")
		}
		f, err := o.Fit(t)
		if err != nil {
			return nil, err
		}
		if t, err = f.Apply(t); err != nil {
			return nil, err
		}
	}
	return t, nil
}
