// Package worth has what customers are worth, by the value columns of a table, and how large that makes a segment.
package worth

import (
	"math"
	"strings"

	"github.com/segkit/lab/segkit/table"
)

// Worth is the value columns of a table.
type Worth struct {
	Columns []table.Column // (v) of Role Value
	values  [][]float64    // (v x n) weighted; 0 where missing, as in describe.SegmentProfile.ValueShare
}

// Of returns the worth of the customers of t.
func Of(t *table.Table) Worth {
	var w Worth
	for j, c := range t.Raw().Columns {
		if c.Role != table.Value || c.Categorical() {
			continue
		}
		values := t.Raw().Column(j)
		for i, v := range values {
			if values[i] = float64(t.Weight(i) * v); math.IsNaN(v) {
				values[i] = 0
			}
		}
		w.Columns, w.values = append(w.Columns, c), append(w.values, values)
	}
	return w
}

// Sum returns the sums over some customers (v).
func (w Worth) Sum(rows []int) []float64 {
	sums := make([]float64, len(w.Columns))
	for c, values := range w.values {
		for _, i := range rows {
			sums[c] += values[i]
		}
	}
	return sums
}

// All returns the sums over all customers (v).
func (w Worth) All() []float64 {
	sums := make([]float64, len(w.Columns))
	for c, values := range w.values {
		for _, v := range values {
			sums[c] += v
		}
	}
	return sums
}

// BySegment returns the sums over the customers of each of k segments (k x v); noise is left out.
func (w Worth) BySegment(l table.Labels, k int) [][]float64 {
	sums := make([][]float64, k)
	for s := range sums {
		sums[s] = make([]float64, len(w.Columns))
	}
	for i, s := range l {
		for c := range w.Columns {
			if s >= 0 {
				sums[s][c] += w.values[c][i]
			}
		}
	}
	return sums
}

// Share is part / whole, NaN where the whole is not positive.
func Share(part, whole float64) float64 {
	if whole > 0 {
		return part / whole
	}
	return math.NaN()
}

// Largest returns how large a segment is: the largest of its shares, that of the customers and those of the value columns (v; NaN where there is none). It says
// what that is a share of.
func Largest(customers float64, columns []string, shares []float64) (share float64, of string) {
	share, of = customers, "customers"
	for v, s := range shares {
		if s > share {
			share, of = s, columns[v]
		}
	}
	return share, of
}

// Measures names what Largest looks at: "customers", "customers or of spend, whichever is more".
func Measures(columns []string) string {
	if len(columns) == 0 {
		return "customers"
	}
	return "customers or of " + strings.Join(columns, " or of ") + ", whichever is more"
}
