package prep

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/table"
)

// Winsor pulls values beyond two quantiles in to these quantiles, so that one wholesale buyer does not become a segment. Units stay,
// missing stays missing, and the step cannot be undone. The quantiles are weighted by the table's weights. Fit costs c·n log n.
type Winsor struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
	Low     float64  `json:"low"`               // share of customers below the lower bound; 0 means 0.01, negative means no lower bound
	High    float64  `json:"high"`              // share of customers below the upper bound; 0 means 0.99, 1 means no upper bound
}

// fittedWinsor is Winsor with its bounds.
type fittedWinsor struct {
	table.Schema
	Low     []float64 `json:"low"`     // (c) in the columns' units
	High    []float64 `json:"high"`    // (c) in the columns' units
	Clipped []int     `json:"clipped"` // (c) cells pulled in, in the table that it was fitted to
}

var (
	_ Transformer = Winsor{}
	_ Fitted      = fittedWinsor{}
)

func (o Winsor) WithDefaults() Transformer {
	if o.Low == 0 {
		o.Low = 0.01
	}
	if o.High == 0 {
		o.High = 0.99
	}
	return o
}

// Fit finds the quantiles (type 7) of the values that are not missing.
func (o Winsor) Fit(t *table.Table) (Fitted, error) {
	o = o.WithDefaults().(Winsor)
	switch low := max(o.Low, 0); {
	case !(o.High > 0 && o.High <= 1): // NaN too
		return nil, fault.Option("prep.Winsor", "High", o.High, "a share above 0 and up to 1 (0 means 0.99)")
	case !(low < o.High):
		return nil, fault.Option("prep.Winsor", "Low", o.Low, fmt.Sprintf("a share below High, which is %v (negative for no lower bound)", o.High))
	}
	b, at, err := table.SchemaOf("prep.Winsor", t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	c := len(at)
	f := fittedWinsor{Schema: b, Low: make([]float64, c), High: make([]float64, c), Clipped: make([]int, c)}
	for p, j := range at {
		values := t.Raw().Column(j)
		s := quantile.Of(values, t.Raw().Weights, t.Raw().Weighting == table.FrequencyWeights)
		if math.IsNaN(s.At(.5)) {
			return nil, &fault.CellError{Op: "prep.Winsor", File: t.Raw().Source, Column: t.Raw().Columns[j].Name, Err: fault.ErrUndefined,
				Why: "has no value at all", Remedy: "leave the column out"}
		}
		f.Low[p], f.High[p] = s.At(max(o.Low, 0)), s.At(o.High)
		if o.Low < 0 {
			f.Low[p] = -math.MaxFloat64
		}
		if o.High == 1 {
			f.High[p] = math.MaxFloat64
		}
		for i, v := range values {
			if v < f.Low[p] || v > f.High[p] {
				f.Clipped[p] += t.Customers(i)
			}
		}
		if f.Clipped[p] > 0 && f.Low[p] == f.High[p] {
			return nil, &fault.CellError{Op: "prep.Winsor", File: t.Raw().Source, Column: t.Raw().Columns[j].Name, Err: fault.ErrUndefined,
				Why:    fmt.Sprintf("would be %v for every customer: the %d of %d with another value lie beyond the bounds", f.Low[p], f.Clipped[p], t.Len()),
				Remedy: "leave this column out of prep.Winsor.Columns, or out of the recipe"}
		}
	}
	return f, nil
}

// Apply pulls values in to the bounds.
func (f fittedWinsor) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Winsor", t)
	if err != nil {
		return nil, err
	}
	return change(t, at, f.value), nil
}

func (f fittedWinsor) value(p int, v float64) float64 { return min(max(v, f.Low[p]), f.High[p]) }

// Kind is "winsor".
func (fittedWinsor) Kind() string { return "winsor" }

func (f fittedWinsor) Valid() error {
	if err := f.Check("winsor", f.Low, f.High); err != nil {
		return err
	}
	if len(f.Clipped) != len(f.Columns) {
		return fault.Errorf(fault.ErrFormat, "segkit: transform \"winsor\" has %d counts for %d columns", len(f.Clipped), len(f.Columns))
	}
	for p, c := range f.Columns {
		if f.Low[p] > f.High[p] {
			return fault.Errorf(fault.ErrFormat, "segkit: transform \"winsor\" has bounds %v to %v for column %q", f.Low[p], f.High[p], c.Name)
		}
	}
	return nil
}
