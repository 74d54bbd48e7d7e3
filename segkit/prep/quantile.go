package prep

import (
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/table"
)

// Quantile replaces every value with its rank among the customers: the share who have less, or the value of a normal
// distribution at that rank. Only the order of customers remains of a column, without outliers. Values between two
// reference quantiles are interpolated; equal customers share the middle of their ranks; values outside the observed range
// go to the ends. Missing values stay missing. Shares are weighted by the table's weights. Fit costs c·n log n.
type Quantile struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
	Normal  bool     `json:"normal"`            // to a normal distribution instead of 0 to 1
	Points  int      `json:"points"`            // reference quantiles, evenly spaced, at least 2; 0 means 100
}

// fittedQuantile is Quantile with its reference quantiles.
type fittedQuantile struct {
	table.Schema
	Normal     bool        `json:"normal"`
	References [][]float64 `json:"references"` // (c x points) in rising order, in the columns' units
}

var (
	_ Transformer = Quantile{}
	_ Inverter    = fittedQuantile{}
)

func (o Quantile) WithDefaults() Transformer {
	if o.Points == 0 {
		o.Points = 100
	}
	return o
}

// Fit finds the reference quantiles (type 7) of the values that are not missing.
func (o Quantile) Fit(t *table.Table) (Fitted, error) {
	o = o.WithDefaults().(Quantile)
	if o.Points < 2 {
		return nil, fault.Option("prep.Quantile", "Points", o.Points, "at least 2, or 0 for 100")
	}
	b, at, err := table.SchemaOf("prep.Quantile", t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	f := fittedQuantile{Schema: b, Normal: o.Normal}
	for _, j := range at {
		sample := quantile.Of(t.Raw().Column(j), t.Raw().Weights, t.Raw().Weighting == table.FrequencyWeights)
		e := &fault.CellError{Op: "prep.Quantile", File: t.Raw().Source, Column: t.Raw().Columns[j].Name, Err: fault.ErrUndefined, Remedy: "leave the column out"}
		switch low, high := sample.At(0), sample.At(1); {
		case math.IsNaN(low):
			e.Why = "has no value at all"
			return nil, e
		case low == high:
			e.Why = fmt.Sprintf("is %v for every customer, so all share one rank", low)
			return nil, e
		}
		references := make([]float64, o.Points)
		for i := range references {
			references[i] = sample.At(float64(i) / float64(o.Points-1))
			if i > 0 {
				references[i] = max(references[i], references[i-1]) // interpolation may round below
			}
		}
		f.References = append(f.References, references)
	}
	return f, nil
}

// place returns where v stands among rising references: 0 at the first, 1 at the last.
func place(v float64, references []float64) float64 {
	last := len(references) - 1
	low := sort.SearchFloat64s(references, v) // the first that is not below v
	switch {
	case math.IsNaN(v):
		return v
	case low > last:
		return 1
	case references[low] > v && low == 0:
		return 0
	case references[low] > v:
		below := references[low-1]
		return (float64(low-1) + (v-below)/(references[low]-below)) / float64(last)
	}
	high := low
	for high < last && references[high+1] == v {
		high++
	}
	return float64(low+high) / 2 / float64(last)
}

// valueAt returns the value at a place, 0 to 1.
func valueAt(place float64, references []float64) float64 {
	last := len(references) - 1
	at := min(max(place, 0), 1) * float64(last)
	if math.IsNaN(at) {
		return at
	}
	low := min(int(at), last-1)
	a, b := references[low], references[low+1]
	return a + (at-float64(low))*(b-a)
}

// inset is how far the ends stay from the ends of a normal distribution, which has none: half the step between references.
func inset(points int) float64 { return .5 / float64(points) }

// Apply replaces values with ranks. The unit becomes "share below" or "normal score".
func (f fittedQuantile) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Quantile", t)
	if err != nil {
		return nil, err
	}
	unit := "share below"
	if f.Normal {
		unit = "normal score"
	}
	out := change(t, at, f.value)
	return left(out, at, func(table.Column) string { return unit }), nil
}

func (f fittedQuantile) value(p int, v float64) float64 {
	q := place(v, f.References[p])
	if !f.Normal {
		return q
	}
	e := inset(len(f.References[p]))
	return distuv.UnitNormal.Quantile(e + float64(q*(1-2*e)))
}

// Invert restores the columns in their own units.
func (f fittedQuantile) Invert(t *table.Table) (*table.Table, error) {
	at, err := f.FindBack("prep.Quantile", t)
	if err != nil {
		return nil, err
	}
	return f.Restore(change(t, at, func(p int, v float64) float64 {
		if f.Normal {
			e := inset(len(f.References[p]))
			v = (distuv.UnitNormal.CDF(v) - e) / (1 - 2*e)
		}
		return valueAt(v, f.References[p])
	}), at), nil
}

// Kind is "quantile".
func (fittedQuantile) Kind() string { return "quantile" }

func (f fittedQuantile) Valid() error {
	if len(f.References) != len(f.Columns) {
		return fault.Errorf(fault.ErrFormat, "segkit: transform \"quantile\" has references for %d of %d columns", len(f.References), len(f.Columns))
	}
	for p, references := range f.References {
		if len(references) < 2 || !sort.Float64sAreSorted(references) || math.IsNaN(references[0]) || math.IsInf(references[0], 0) || math.IsInf(references[len(references)-1], 0) {
			return fault.Errorf(fault.ErrFormat, "segkit: transform \"quantile\" has references for column %q that are not two or more rising numbers", f.Columns[p].Name)
		}
	}
	return nil
}
