package segkit

import (
	"math"

	"github.com/segkit/lab/segkit/internal/quantile"
)

// What is typical of one column, in the whole table or in a segment of it: the numbers that Summary and Describe share.

// moments are the mean, standard deviation (with n) and skewness (m3 / m2^1.5) of the values that are there, weighted;
// NaN where undefined. Deviations are taken from the mean, so a large common offset costs no digits.
func moments(values, weights []float64) (mean, sd, skewness float64) {
	each := func(f func(v, w float64)) {
		for i, v := range values {
			if math.IsNaN(v) {
				continue
			}
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			f(v, w)
		}
	}
	var sum, total, m2, m3 float64
	each(func(v, w float64) { sum += float64(w * v); total += w })
	if total == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	mean = sum / total
	each(func(v, w float64) {
		d := v - mean
		m2 += float64(w * d * d)
		m3 += float64(w * d * d * d)
	})
	sd = math.Sqrt(m2 / total)
	return mean, sd, (m3 / total) / (sd * sd * sd) // 0/0 is NaN
}

// levelShares returns the weighted share of each of k levels among the values that are there (k); NaN where none is.
func levelShares(values, weights []float64, k int) []float64 {
	shares, total := make([]float64, k), 0.0
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		shares[int(v)] += w
		total += w
	}
	for l := range shares {
		shares[l] /= total
	}
	return shares
}

// statsOf returns what is typical of a column's values (n) with their weights (n, or nil). Index and Difference need the
// whole to compare with and are NaN here.
func statsOf(c Column, values, weights []float64) Stats {
	nan := math.NaN()
	s := Stats{Mean: nan, Median: nan, Q1: nan, Q3: nan, Index: nan, Difference: nan}
	for _, v := range values {
		if math.IsNaN(v) {
			s.Missing++
		} else {
			s.N++
		}
	}
	if c.Categorical() {
		s.Levels = levelShares(values, weights, len(c.Levels))
		return s
	}
	s.Mean, _, _ = moments(values, weights)
	sample := quantile.Of(values, weights)
	s.Q1, s.Median, s.Q3 = sample.At(0.25), sample.At(0.5), sample.At(0.75)
	return s
}
