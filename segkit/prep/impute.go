package prep

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/table"
)

// Impute fills missing cells, for methods that cannot use them. The filled-in values are made up: Missing counts them, and a column
// that is mostly missing is better left out. Units stay, and the step cannot be undone. Medians and modes are weighted by the table's
// weights; Missing counts customers, so it counts a row as often as frequency weights repeat it. Fit costs c·n log n.
type Impute struct {
	Columns []string `json:"columns,omitempty"` // empty: every column, categories included unless Fill is FillConstant
	Fill    Fill     `json:"fill"`              // zero means FillMedian
	Value   float64  `json:"value,omitempty"`   // what FillConstant fills in
}

// Fill says what to put into a missing cell.
type Fill uint8

const (
	FillMedian   Fill = iota // the median of a number, the most frequent level of a category
	FillMode                 // the most frequent value; if there are several, the smallest
	FillConstant             // Impute.Value: for "no orders" meaning 0
)

var fillNames = [...]string{FillMedian: "median", FillMode: "mode", FillConstant: "constant"}

func (f Fill) String() string { return enum.Name(f, fillNames[:]) }

// MarshalText writes the choice as its name.
func (f Fill) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *Fill) UnmarshalText(text []byte) error {
	return enum.Read(f, text, "way to fill", fillNames[:])
}

// fittedImpute is Impute with its values.
type fittedImpute struct {
	table.Schema
	Values  []float64 `json:"values"`  // (c) in the columns' units, or indexes of levels
	Missing []int     `json:"missing"` // (c) cells filled in the table that it was fitted to
}

var (
	_ Transformer = Impute{}
	_ Fitted      = fittedImpute{}
)

// Fit finds what to fill in, even for columns with nothing missing here, because new customers may have missing values.
func (o Impute) Fit(t *table.Table) (Fitted, error) {
	accepts := func(table.Column) bool { return true }
	switch {
	case int(o.Fill) >= len(fillNames):
		return nil, fault.Option("prep.Impute", "Fill", o.Fill, "prep.FillMedian, prep.FillMode or prep.FillConstant")
	case o.Fill != FillConstant && o.Value != 0:
		return nil, fault.Option("prep.Impute", "Value", o.Value, "Fill: prep.FillConstant with it")
	case math.IsNaN(o.Value) || math.IsInf(o.Value, 0):
		return nil, fault.Option("prep.Impute", "Value", o.Value, "a finite number")
	case o.Fill == FillConstant:
		accepts = table.Column.Numeric
	}
	b, at, err := table.SchemaOf("prep.Impute", t, o.Columns, accepts)
	if err != nil {
		return nil, err
	}
	f := fittedImpute{Schema: b, Values: make([]float64, len(at)), Missing: make([]int, len(at))}
	for p, j := range at {
		values := t.Raw().Column(j)
		for i, v := range values {
			if math.IsNaN(v) {
				f.Missing[p] += t.Customers(i)
			}
		}
		switch {
		case o.Fill == FillConstant:
			f.Values[p] = o.Value
		case o.Fill == FillMode || t.Raw().Columns[j].Categorical():
			f.Values[p] = mode(t, values)
		default:
			f.Values[p] = quantile.Of(values, t.Raw().Weights, t.Raw().Weighting == table.FrequencyWeights).At(.5)
		}
		if math.IsNaN(f.Values[p]) {
			return nil, &fault.CellError{Op: "prep.Impute", File: t.Raw().Source, Column: t.Raw().Columns[j].Name, Err: fault.ErrUndefined,
				Why: fmt.Sprintf("has no value at all, so it has no %s", o.Fill), Remedy: "leave the column out, or use prep.FillConstant"}
		}
	}
	return f, nil
}

// mode returns the most frequent of values (n, NaN left out), the smallest of several, or NaN.
func mode(t *table.Table, values []float64) float64 {
	count := make(map[float64]float64)
	best := math.NaN()
	for i, v := range values {
		if !math.IsNaN(v) {
			count[v] += t.Weight(i)
		}
	}
	for v, n := range count { // the order does not show: ties go to the smallest
		if math.IsNaN(best) || n > count[best] || n == count[best] && v < best {
			best = v
		}
	}
	return best
}

// Apply fills missing cells.
func (f fittedImpute) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Impute", t)
	if err != nil {
		return nil, err
	}
	return change(t, at, f.value), nil
}

func (f fittedImpute) value(p int, v float64) float64 {
	if math.IsNaN(v) {
		return f.Values[p]
	}
	return v
}

// Kind is "impute".
func (fittedImpute) Kind() string { return "impute" }

func (f fittedImpute) Valid() error {
	if err := f.Check("impute", f.Values); err != nil {
		return err
	}
	if len(f.Missing) != len(f.Columns) {
		return fault.Errorf(fault.ErrFormat, "segkit: transform \"impute\" has %d counts for %d columns", len(f.Missing), len(f.Columns))
	}
	for p, c := range f.Columns {
		if v := f.Values[p]; c.Categorical() && (v < 0 || v >= float64(len(c.Levels)) || v != math.Trunc(v)) {
			return fault.Errorf(fault.ErrFormat, "segkit: transform \"impute\" fills column %q with %v, which is not one of its %d levels", c.Name, v, len(c.Levels))
		}
	}
	return nil
}
