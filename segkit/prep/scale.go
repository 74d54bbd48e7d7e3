package prep

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// Standardize subtracts the mean and divides by the standard deviation (with n, as scikit-learn does), so that every column weighs
// the same in a distance. Missing values are left out of both and stay missing. A column whose values are all equal is refused: it
// cannot distinguish any two customers, and leaving it in should be a deliberate choice. Both are weighted by the table's weights.
// Fit costs n·c.
type Standardize struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
}

// Robust subtracts the median and divides by IQR/1.349, which for a normal distribution is its standard deviation, so
// that a few very large customers do not squeeze all others together. Missing values are left out of both and stay
// missing. A column whose quartiles are equal is refused. Median and quartiles are weighted by the table's weights. Fit
// costs c·n log n.
type Robust struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
}

// fittedScale is Standardize, Robust or MinMax with its numbers: x becomes (x - Center) / Scale.
type fittedScale struct {
	table.Schema
	Center []float64 `json:"center"` // (c) in the columns' units
	Scale  []float64 `json:"scale"`  // (c) in the columns' units, above 0
	Unit   string    `json:"unit"`   // of the result: "sd", "robust sd" or "of the range"
}

var (
	_ Transformer = Standardize{}
	_ Transformer = Robust{}
	_ Inverter    = fittedScale{}
)

// Fit learns means and standard deviations.
func (o Standardize) Fit(t *table.Table) (Fitted, error) {
	return fitScale("prep.Standardize", "sd", t, o.Columns, func(values []float64) (center, scale float64, why, remedy string) {
		mean, sd, _ := stats.Moments(values, t.Raw().Weights)
		if v, alike := stats.OnlyValue(values); alike {
			mean, sd = v, 0 // whatever rounding makes of them
		}
		return mean, sd, fmt.Sprintf("is %v for every customer and cannot be standardised", mean), "leave the column out"
	})
}

// Fit learns medians and interquartile ranges.
func (o Robust) Fit(t *table.Table) (Fitted, error) {
	return fitScale("prep.Robust", "robust sd", t, o.Columns, func(values []float64) (center, scale float64, why, remedy string) {
		s := quantile.Of(values, t.Raw().Weights, t.Raw().Weighting == table.FrequencyWeights)
		median, q1, q3 := s.At(.5), s.At(.25), s.At(.75)
		return median, (q3 - q1) / stats.IQRToSD, fmt.Sprintf("is %v for at least half of the customers, so its interquartile range is 0", median),
			"use prep.Standardize for this column, or leave it out"
	})
}

// fitScale asks measure for the centre and scale of each column, and for what to say should the scale be of no use.
func fitScale(op, unit string, t *table.Table, names []string, measure func(values []float64) (center, scale float64, why, remedy string)) (Fitted, error) {
	b, at, err := table.SchemaOf(op, t, names, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	f := fittedScale{Schema: b, Center: make([]float64, len(at)), Scale: make([]float64, len(at)), Unit: unit}
	for p, j := range at {
		var why, remedy string
		f.Center[p], f.Scale[p], why, remedy = measure(t.Raw().Column(j))
		e := &fault.CellError{Op: op, File: t.Raw().Source, Column: t.Raw().Columns[j].Name, Err: fault.ErrUndefined}
		switch s := f.Scale[p]; {
		case math.IsNaN(f.Center[p]):
			e.Why, e.Remedy = "has no value at all", "leave the column out"
		case s == 0:
			e.Why, e.Remedy = why, remedy
		case math.IsInf(s, 0) || math.IsNaN(s):
			e.Why, e.Remedy = "holds values too large to scale", "use prep.Log1p first, or another unit"
		default:
			continue
		}
		return nil, e
	}
	return f, nil
}

// Apply centres and scales. The unit becomes "sd", "robust sd" or "of the range".
func (f fittedScale) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep."+f.name(), t)
	if err != nil {
		return nil, err
	}
	out := change(t, at, func(p int, v float64) float64 { return (v - f.Center[p]) / f.Scale[p] })
	return left(out, at, func(table.Column) string { return f.Unit }), nil
}

// Invert restores the columns in their own units.
func (f fittedScale) Invert(t *table.Table) (*table.Table, error) {
	at, err := f.FindBack("prep."+f.name(), t)
	if err != nil {
		return nil, err
	}
	return f.Restore(change(t, at, func(p int, v float64) float64 { return float64(v*f.Scale[p]) + f.Center[p] }), at), nil
}

// Kind is "scale".
func (fittedScale) Kind() string { return "scale" }

// name is that of the transform, which is one of three.
func (f fittedScale) name() string {
	switch f.Unit {
	case "sd":
		return "Standardize"
	case unitOfRange:
		return "MinMax"
	}
	return "Robust"
}

func (f fittedScale) Valid() error {
	if err := f.Check("scale", f.Center, f.Scale); err != nil {
		return err
	}
	for p, s := range f.Scale {
		if s <= 0 {
			return fault.Errorf(fault.ErrFormat, "segkit: transform \"scale\" has a scale of %v for column %q", s, f.Columns[p].Name)
		}
	}
	return nil
}
