package distance

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Gower's distance (Gower 1971, doi:10.2307/2528823): the mean, over the columns that are known of both customers, of how
// much they differ there: numbers and the ranks of ordered levels by their difference over the range of the column, other
// categories by 0 or 1. A column is asymmetric if to share a no there is no likeness: such a pair leaves the column out.
//
// Two customers of whom no column is known in common are 1 apart, as far as can be. A value beyond the range of the table
// that was clustered counts as 1 at most.

// gowerColumn is what Gower's distance knows of a column.
type gowerColumn struct {
	category   bool // compared as same or other
	asymmetric bool
	inverse    float64 // 1 / range of a number or a rank; 0 where all are alike
}

func gower(columns []gowerColumn, a, b []float64) float64 {
	sum, used, shared := 0.0, 0, false
	for j := range columns {
		c, u, v := &columns[j], a[j], b[j]
		if u != u || v != v { // NaN: missing
			continue
		}
		shared = true
		switch {
		case c.asymmetric && u == 0 && v == 0:
			continue
		case !c.category:
			sum += min(1, math.Abs(u-v)*c.inverse)
		case u != v:
			sum++
		}
		used++
	}
	switch {
	case used > 0:
		return sum / float64(used)
	case shared:
		return 0
	}
	return 1
}

// Ranges returns the largest minus the smallest value of every column (d).
func Ranges(x *table.Table) []float64 {
	_, d := x.Dims()
	low, high := slices.Repeat([]float64{math.Inf(1)}, d), slices.Repeat([]float64{math.Inf(-1)}, d)
	for i := range x.Raw().IDs {
		for j, v := range x.Raw().Row(i) {
			if !math.IsNaN(v) {
				low[j], high[j] = min(low[j], v), max(high[j], v)
			}
		}
	}
	for j := range high {
		high[j] = max(0, high[j]-low[j]) // a column without values has range 0
	}
	return high
}

func gowerColumns(columns []table.Column, asymmetric []string, ranges []float64) []gowerColumn {
	out := make([]gowerColumn, len(columns))
	for j, c := range columns {
		out[j].asymmetric = slices.Contains(asymmetric, c.Name)
		out[j].category = c.Categorical() && !c.Ordered || out[j].asymmetric
		if ranges[j] > 0 {
			out[j].inverse = 1 / ranges[j]
		}
	}
	return out
}

// checkGower refuses infinite and huge numbers, customers of whom nothing is known, and asymmetric columns that are not there
// or hold something else than yes and no.
func checkGower(op string, x *table.Table, asymmetric []string) error {
	if err := suggest.Known(op, "Asymmetric", asymmetric, x.Names()); err != nil {
		return err
	}
	all := make([]int, len(x.Raw().Columns))
	for j, c := range x.Raw().Columns {
		all[j] = j
		if !slices.Contains(asymmetric, c.Name) {
			continue
		}
		if err := checkYesNo(op, x, j, true); err != nil {
			return err
		}
	}
	if err := x.Refuse(all, func(v float64) bool { return math.Abs(v) > vec.Largest }, fault.CellError{Op: op, Err: fault.ErrNotFinite,
		Why: "is infinite or too large to compare", Remedy: "correct it, or make it missing"}); err != nil {
		return err
	}
	for i := range x.Raw().IDs {
		if !slices.ContainsFunc(x.Raw().Row(i), func(v float64) bool { return !math.IsNaN(v) }) {
			return &fault.CellError{Op: op, File: x.Raw().Source, Row: i + 1, ID: x.Raw().IDs[i], Err: fault.ErrNotFinite,
				Why: fmt.Sprintf("the customer has no value in any of %s", wording.Plural(len(all), "column")), Remedy: "leave such customers out"}
		}
	}
	return nil
}
