package segkit

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/internal/quantile"
)

// What is typical of one column, in the whole table or in a segment of it: the numbers that Summary and Describe share.

// part is one column of a table or of some of its customers, sorted once.
type part struct {
	column          Column
	values, weights []float64 // (n); weights may be nil
	weighting       Weighting
	sample          quantile.Sample
}

func newPart(c Column, values, weights []float64, weighting Weighting) part {
	out := part{column: c, values: values, weights: weights, weighting: weighting}
	if !c.Categorical() {
		out.sample = quantile.Of(values, weights, weighting == FrequencyWeights)
	}
	return out
}

// of returns the part of the customers in rows.
func (p part) of(rows []int) part {
	values, weights := make([]float64, len(rows)), p.weights
	if weights != nil {
		weights = make([]float64, len(rows))
	}
	for r, i := range rows {
		values[r] = p.values[i]
		if weights != nil {
			weights[r] = p.weights[i]
		}
	}
	return newPart(p.column, values, weights, p.weighting)
}

// stats returns what is typical of the part. Index and Difference need the whole to compare with and are NaN here.
func (p part) stats() Stats {
	nan := math.NaN()
	s := Stats{Mean: nan, Low: nan, High: nan, Median: nan, Q1: nan, Q3: nan, Index: nan, Difference: nan}
	for i, v := range p.values {
		if n := p.weighting.customers(p.weights, i); math.IsNaN(v) {
			s.Missing += n
		} else {
			s.N += n
		}
	}
	s.Worth = effectiveSize(p.values, p.weights, p.weighting)
	if p.column.Categorical() {
		s.Levels = levelShares(p.values, p.weights, len(p.column.Levels))
		return s
	}
	mean, sd, _ := moments(p.values, p.weights)
	s.Mean = mean
	if s.Worth > 1 {
		half := student95(s.Worth-1) * sd / math.Sqrt(s.Worth-1)
		s.Low, s.High = mean-half, mean+half
	}
	s.Q1, s.Median, s.Q3 = p.sample.At(0.25), p.sample.At(0.5), p.sample.At(0.75)
	return s
}

// student95 is the 97.5 % quantile of Student's t, normal95 that of the normal distribution: they bound the middle 95 %.
func student95(degrees float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: degrees}.Quantile(0.975)
}

const normal95 = 1.959963984540054

// sum adds the values that are there, weighted.
func (p part) sum() float64 {
	sum := 0.0
	for i, v := range p.values {
		switch {
		case math.IsNaN(v):
		case p.weights != nil:
			sum += float64(p.weights[i] * v)
		default:
			sum += v
		}
	}
	return sum
}

// effectiveSize is how many customers the values that are there are worth as evidence. Weights may be nil.
func effectiveSize(values, weights []float64, weighting Weighting) float64 {
	n, known := 0, []float64(nil)
	for i, v := range values {
		switch {
		case math.IsNaN(v):
			continue
		case weights != nil:
			known = append(known, weights[i])
		}
		n++
	}
	if weights == nil || n == 0 {
		return float64(n)
	}
	return weighting.Worth(known)
}

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
