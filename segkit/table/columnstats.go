package table

import (
	"math"

	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/stats"
)

// What is typical of one column, in the whole table or in a segment of it: the numbers that Summary and Describe share.

// Part is one column of a table or of some of its customers, sorted once.
type Part struct {
	Column          Column
	Values, Weights []float64 // (n); weights may be nil
	Weighting       Weighting
	sample          quantile.Sample
}

func NewPart(c Column, values, weights []float64, weighting Weighting) Part {
	out := Part{Column: c, Values: values, Weights: weights, Weighting: weighting}
	if !c.Categorical() {
		out.sample = quantile.Of(values, weights, weighting == FrequencyWeights)
	}
	return out
}

// Of returns the part of the customers in rows.
func (p Part) Of(rows []int) Part {
	values, weights := make([]float64, len(rows)), p.Weights
	if weights != nil {
		weights = make([]float64, len(rows))
	}
	for r, i := range rows {
		values[r] = p.Values[i]
		if weights != nil {
			weights[r] = p.Weights[i]
		}
	}
	return NewPart(p.Column, values, weights, p.Weighting)
}

// Stats returns what is typical of the part. Index and Difference compare with the whole, and are NaN here.
func (p Part) Stats() Stats {
	nan := math.NaN()
	s := Stats{Mean: nan, Low: nan, High: nan, Median: nan, Q1: nan, Q3: nan, Index: nan, Difference: nan}
	for i, v := range p.Values {
		if n := p.Weighting.customers(p.Weights, i); math.IsNaN(v) {
			s.Missing += n
		} else {
			s.N += n
		}
	}
	s.Worth = p.Weighting.EffectiveSize(p.Values, p.Weights)
	if p.Column.Categorical() {
		s.Levels = stats.LevelShares(p.Values, p.Weights, len(p.Column.Levels))
		return s
	}
	mean, sd, _ := stats.Moments(p.Values, p.Weights)
	s.Mean = mean
	s.Low, s.High = stats.MeanInterval(mean, sd, s.Worth)
	if p.sample.At(0) >= 0 { // what nobody has below 0 has no mean below 0
		s.Low = math.Max(s.Low, 0)
	}
	s.Q1, s.Median, s.Q3 = p.sample.At(0.25), p.sample.At(0.5), p.sample.At(0.75)
	return s
}

// Quantile returns the q-quantile of the values that are not missing, NaN for a category.
func (p Part) Quantile(q float64) float64 { return p.sample.At(q) }

// Sum returns the weighted sum of the values that are not missing.
func (p Part) Sum() float64 {
	sum := 0.0
	for i, v := range p.Values {
		switch {
		case math.IsNaN(v):
		case p.Weights != nil:
			sum += float64(p.Weights[i] * v)
		default:
			sum += v
		}
	}
	return sum
}

// EffectiveSize returns how many customers the values that are not missing are worth as evidence. Weights may be nil.
func (w Weighting) EffectiveSize(values, weights []float64) float64 {
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
	return w.Worth(known)
}

// Stats says what is typical of a column. A number has Mean to Difference; a category has Levels.
type Stats struct {
	N, Missing           int     // customers with and without a value
	Worth                float64 // how many customers those with a value are worth as evidence: N without weights; see Weighting
	Mean, Median, Q1, Q3 float64 // NaN if there is no value
	Low, High            float64 // 95 % interval of the mean, by Student's t, not below 0 if no value is; NaN with fewer than two values
	Index                float64 // 100 * mean / mean of the whole; NaN unless Scale.Ratio
	Difference           float64 // (median - median of the whole) / Scale.Unit, signed as measured; NaN if there is no scale
	Levels               []float64
}
