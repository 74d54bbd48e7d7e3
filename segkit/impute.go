package segkit

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/internal/quantile"
)

// Impute fills missing cells, for methods that cannot use them. What is filled in is made up: Missing counts it, and a
// column that is mostly missing is better left out. Units stay, and there is no way back. Fit costs c·n log n.
type Impute struct {
	Columns []string `json:"columns,omitempty"` // empty: every column, categories included unless Fill is FillConstant
	Fill    Fill     `json:"fill"`              // zero means FillMedian
	Value   float64  `json:"value,omitempty"`   // what FillConstant fills in
}

// Fill says what a missing cell is filled with.
type Fill uint8

const (
	FillMedian   Fill = iota // the median of a number, the most frequent level of a category
	FillMode                 // the most frequent value; of several, the smallest
	FillConstant             // Impute.Value: for "no orders" meaning 0
)

var fillNames = [...]string{FillMedian: "median", FillMode: "mode", FillConstant: "constant"}

func (f Fill) String() string {
	if int(f) < len(fillNames) {
		return fillNames[f]
	}
	return fmt.Sprintf("Fill(%d)", uint8(f))
}

// MarshalText writes the choice as its name.
func (f Fill) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *Fill) UnmarshalText(text []byte) error {
	for i, name := range fillNames {
		if name == string(text) {
			*f = Fill(i)
			return nil
		}
	}
	return fmt.Errorf("segkit: %q is not a way to fill, want median, mode or constant: %w", clip(string(text)), ErrFormat)
}

// fittedImpute is Impute with its values.
type fittedImpute struct {
	Before
	Values  []float64 `json:"values"`  // (c) in the columns' units, or indexes of levels
	Missing []int     `json:"missing"` // (c) cells filled where it was fitted
}

var (
	_ Transformer = Impute{}
	_ Fitted      = fittedImpute{}
)

// Fit finds what to fill in, also for columns that miss nothing here: new customers may.
func (o Impute) Fit(t *Table) (Fitted, error) {
	accepts := func(Column) bool { return true }
	switch {
	case int(o.Fill) >= len(fillNames):
		return nil, &OptionError{"Impute", "Fill", o.Fill, "FillMedian, FillMode or FillConstant"}
	case o.Fill != FillConstant && o.Value != 0:
		return nil, &OptionError{"Impute", "Value", o.Value, "Fill: FillConstant beside it"}
	case math.IsNaN(o.Value) || math.IsInf(o.Value, 0):
		return nil, &OptionError{"Impute", "Value", o.Value, "a finite number"}
	case o.Fill == FillConstant:
		accepts = isNumber
	}
	b, at, err := scope("Impute", t, o.Columns, accepts)
	if err != nil {
		return nil, err
	}
	f := fittedImpute{Before: b, Values: make([]float64, len(at)), Missing: make([]int, len(at))}
	for p, j := range at {
		values := t.values(j)
		for _, v := range values {
			if math.IsNaN(v) {
				f.Missing[p]++
			}
		}
		switch {
		case o.Fill == FillConstant:
			f.Values[p] = o.Value
		case o.Fill == FillMode || t.columns[j].Categorical():
			f.Values[p] = t.mode(values)
		default:
			f.Values[p] = quantile.Of(values, t.weights, t.weighting == FrequencyWeights).At(.5)
		}
		if math.IsNaN(f.Values[p]) {
			return nil, &CellError{Op: "Impute", File: t.source, Column: t.columns[j].Name, Err: ErrUndefined,
				Why: fmt.Sprintf("has no value at all, so there is no %s", o.Fill), Remedy: "leave the column out, or use FillConstant"}
		}
	}
	return f, nil
}

// mode returns the most frequent of values (n, NaN left out), the smallest of several, or NaN.
func (t *Table) mode(values []float64) float64 {
	count := make(map[float64]float64)
	best := math.NaN()
	for i, v := range values {
		if !math.IsNaN(v) {
			count[v] += t.weight(i)
		}
	}
	for v, n := range count { // the order does not show: ties go to the smallest
		if math.IsNaN(best) || n > count[best] || n == count[best] && v < best {
			best = v
		}
	}
	return best
}

// Apply fills what is missing.
func (f fittedImpute) Apply(t *Table) (*Table, error) {
	at, err := f.find("Impute", t)
	if err != nil {
		return nil, err
	}
	return t.change(at, func(p int, v float64) float64 {
		if math.IsNaN(v) {
			return f.Values[p]
		}
		return v
	}), nil
}

// Kind is "impute".
func (fittedImpute) Kind() string { return "impute" }

func (f fittedImpute) valid() error {
	if err := f.check("impute", f.Values); err != nil {
		return err
	}
	if len(f.Missing) != len(f.Columns) {
		return fmt.Errorf("segkit: transform \"impute\" has %d counts for %d columns: %w", len(f.Missing), len(f.Columns), ErrFormat)
	}
	for p, c := range f.Columns {
		if v := f.Values[p]; c.Categorical() && (v < 0 || v >= float64(len(c.Levels)) || v != math.Trunc(v)) {
			return fmt.Errorf("segkit: transform \"impute\" fills column %q with %v, which is none of its %d levels: %w", c.Name, v, len(c.Levels), ErrFormat)
		}
	}
	return nil
}
