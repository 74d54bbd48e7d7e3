package predict

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// design makes numbers of equal weight of any columns, for predictors that add or measure: a number is standardised, a missing one
// stands at the mean and, if some were missing at first, is said so in a column of its own; each level of a category is 0 or 1.
type design struct {
	Columns []designColumn `json:"columns"`
}

type designColumn struct {
	Levels int     `json:"levels,omitempty"` // of a category
	Mean   float64 `json:"mean,omitempty"`
	SD     float64 `json:"sd,omitempty"`
	Lost   bool    `json:"lost,omitempty"` // a column says where the number was missing
}

func newDesign(x *table.Table) design {
	var d design
	for j, c := range x.Raw().Columns {
		if c.Categorical() {
			d.Columns = append(d.Columns, designColumn{Levels: len(c.Levels)})
			continue
		}
		values := x.Raw().Column(j)
		mean, sd, _ := stats.Moments(values, x.Raw().Weights)
		of := designColumn{Mean: mean, SD: sd}
		if math.IsNaN(mean) { // all are missing
			of.Mean = 0
		}
		if !(sd > 1e-12*math.Abs(mean)) { // constant, up to rounding
			of.SD = 1
		}
		for _, v := range values {
			of.Lost = of.Lost || math.IsNaN(v)
		}
		d.Columns = append(d.Columns, of)
	}
	return d
}

// width is how many numbers column c becomes.
func (c designColumn) width() int {
	switch {
	case c.Levels > 0:
		return c.Levels
	case c.Lost:
		return 2
	}
	return 1
}

// width is how many numbers a customer becomes.
func (d design) width() (w int) {
	for _, c := range d.Columns {
		w += c.width()
	}
	return w
}

// row writes the numbers of one customer (d) into out (width).
func (d design) row(values, out []float64) {
	clear(out)
	at := 0
	for j, c := range d.Columns {
		switch v := values[j]; {
		case math.IsNaN(v):
			if c.Lost {
				out[at+1] = 1
			}
		case c.Levels > 0:
			out[at+int(v)] = 1
		default:
			out[at] = (v - c.Mean) / c.SD
		}
		at += c.width()
	}
}

// rows returns the numbers of all customers (n x width), row by row.
func (d design) rows(x *table.Table) []float64 {
	w := d.width()
	out := make([]float64, x.Len()*w)
	for i := range x.Len() {
		d.row(x.Raw().Row(i), out[i*w:(i+1)*w])
	}
	return out
}

func (d design) valid(columns []table.Column) error {
	if len(d.Columns) != len(columns) {
		return fmt.Errorf("it was learned from %d columns, but names %d", len(d.Columns), len(columns))
	}
	for j, c := range d.Columns {
		if c.Levels != len(columns[j].Levels) || !finite(c.Mean, c.SD) || c.Levels == 0 && !(c.SD > 0) {
			return fmt.Errorf("column %q does not fit what was learned of it", columns[j].Name)
		}
	}
	return nil
}
