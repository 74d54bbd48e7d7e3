// Package quantile gives the quantiles of weighted values: type 7 of Hyndman & Fan (1996, doi:10.2307/2684934), the default
// of R and numpy.
//
// In a sample of n, the p-quantile of type 7 is the mean of the values whose ranks lie between p(n-1) and p(n-1) + 1, where each value
// takes one rank. A weight is the number of ranks that a value takes (Akinshin 2023, "Weighted quantile estimators",
// arXiv:2304.07265). So no sum of weights is compared with a whole number, and a rounding error in it moves a quantile by no more than
// that error.
package quantile

import (
	"math"
	"slices"
	"sort"
)

// Sample is a set of values sorted once, to be asked for several quantiles.
type Sample struct {
	values []float64 // (m) ascending, without missing ones
	upTo   []float64 // (m) cumulative weights, nil when every weight is 1
	n      float64   // size of the sample
	rank   float64   // weight of one rank: the sum of weights / n
}

// Of sorts a copy of values (n), leaving NaN and values without weight out. Weights (n) may be nil. They are counts where repeats
// is true: a value of weight 2 is the same as two values. Otherwise only their ratios matter, and the sample is as large as Kish's
// effective size says, (sum w)^2 / sum w^2: of equal weights, the number of values. Cost n; n log n with weights.
func Of(values, weights []float64, repeats bool) Sample {
	s := Sample{values: make([]float64, 0, len(values))}
	if weights == nil {
		for _, v := range values {
			if !math.IsNaN(v) {
				s.values = append(s.values, v)
			}
		}
		ascending(s.values)
		s.n, s.rank = float64(len(s.values)), 1
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
	total, squares := 0.0, 0.0
	for p, i := range order {
		total += weights[i]
		squares += float64(weights[i] * weights[i])
		s.values, s.upTo[p] = append(s.values, values[i]), total
	}
	s.n, s.rank = total, 1
	if repeats {
		return s
	}
	if slices.IndexFunc(order, func(i int) bool { return weights[i] != weights[order[0]] }) < 0 { // to the last bit as without weights
		s.upTo, s.n = nil, float64(len(order))
		return s
	}
	s.n, s.rank = total*total/squares, squares/total
	return s
}

// At returns the p-quantile, 0 <= p <= 1; NaN when there are no values. Cost is that of a binary search, and of as many values as
// share a rank.
func (s Sample) At(p float64) float64 {
	if len(s.values) == 0 {
		return math.NaN()
	}
	last := len(s.values) - 1
	low := float64(p * math.Max(s.n-1, 0))
	if s.upTo == nil {
		high := 1 + low
		at := min(int(high), last+1) - 1
		a, b := s.values[at], s.values[min(at+1, last)]
		return a + float64((high-math.Floor(high))*(b-a))
	}
	low = float64(low * s.rank)
	high := low + s.rank
	at := min(sort.Search(len(s.upTo), func(k int) bool { return s.upTo[k] > low }), last)
	first, mean := s.values[at], s.values[at]
	for ; at < last && s.upTo[at] < high; at++ {
		mean += float64((min(s.upTo[at+1], high) - s.upTo[at]) / s.rank * (s.values[at+1] - first))
	}
	return min(mean, s.values[at])
}
