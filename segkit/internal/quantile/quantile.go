// Package quantile gives the quantiles of weighted values: type 7 of Hyndman & Fan (1996, doi:10.2307/2684934), the default
// of R and numpy, with weights taken as counts: a customer of weight 2 is the same as two customers. Weights that add up to
// less than one per value (shares, say) are scaled to one per value on average first.
package quantile

import (
	"math"
	"sort"
)

// Sample is a set of values sorted once, to be asked for several quantiles.
type Sample struct {
	values []float64 // (m) ascending, without missing ones
	upTo   []float64 // (m) cumulative weights, nil when every weight is 1
	total  float64   // sum of weights
}

// Of sorts a copy of values (n), leaving NaN and values without weight out. Weights (n) may be nil. Cost n log n.
func Of(values, weights []float64) Sample {
	s := Sample{values: make([]float64, 0, len(values))}
	if weights == nil {
		for _, v := range values {
			if !math.IsNaN(v) {
				s.values = append(s.values, v)
			}
		}
		sort.Float64s(s.values)
		s.total = float64(len(s.values))
		return s
	}
	order := make([]int, 0, len(values))
	for i, v := range values {
		if !math.IsNaN(v) && weights[i] > 0 {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return values[order[a]] < values[order[b]] })
	s.upTo = make([]float64, len(order))
	for p, i := range order {
		s.total += weights[i]
		s.values, s.upTo[p] = append(s.values, values[i]), s.total
	}
	if n := float64(len(order)); s.total < n {
		for p := range s.upTo {
			s.upTo[p] *= n / s.total
		}
		s.total = n
	}
	return s
}

// At returns the p-quantile, 0 <= p <= 1; NaN when there are no values.
func (s Sample) At(p float64) float64 {
	if len(s.values) == 0 {
		return math.NaN()
	}
	at := 1 + p*math.Max(s.total-1, 0)
	low := math.Floor(at)
	a, b := s.ranked(low), s.ranked(low+1)
	if a == b {
		return a
	}
	return a + (at-low)*(b-a)
}

// ranked returns the value at a rank counted from 1, where a value of weight w takes w ranks.
func (s Sample) ranked(rank float64) float64 {
	last := len(s.values) - 1
	if s.upTo == nil {
		return s.values[min(int(rank)-1, last)]
	}
	return s.values[min(sort.SearchFloat64s(s.upTo, rank), last)]
}
