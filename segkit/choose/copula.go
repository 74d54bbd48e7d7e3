package choose

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// How columns go together apart from how each is distributed: the correlation of the normal deviates behind them.

// deviates are the normal deviates behind one column, as far as its order tells: customers who share a value share the mean of
// theirs.
type deviates struct {
	scores []float64 // (n)
	series []float64 // (deviateTerms) of the scores as a function of the deviate, in normalised Hermite polynomials from the first on
}

// deviateTerms is how far the series goes: enough for columns of two values up to correlations of .95.
const deviateTerms = 60

func newDeviates(n int, column []ties) deviates {
	d := deviates{make([]float64, n), make([]float64, deviateTerms)}
	below := hermite(math.Inf(-1))
	for _, t := range column {
		upTo := hermite(normalQuantile(t.high))
		score := (below[0] - upTo[0]) / (t.high - t.low)
		for _, i := range t.rows {
			d.scores[i] = score
		}
		for k := range d.series {
			d.series[k] += float64(score * (below[k] - upTo[k]))
		}
		below = upTo
	}
	return d
}

// hermite returns the integrals from z to infinity of density x normalised Hermite polynomial k+1: the density x polynomial k at z,
// divided by the root of k+1.
func hermite(z float64) (out [deviateTerms]float64) {
	if math.IsInf(z, 0) {
		return out
	}
	last, at := 0.0, math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
	for k := range out {
		out[k] = at / math.Sqrt(float64(k+1))
		last, at = at, (float64(z*at)-float64(math.Sqrt(float64(k))*last))/math.Sqrt(float64(k+1))
	}
	return out
}

// correlation returns that of the deviates behind two columns whose scores have the given covariance: Mehler's formula says what
// covariance a correlation gives, and halving finds the one that gives this.
func (d deviates) correlation(e deviates, covariance float64) float64 {
	low, high := -1.0, 1.0
	for range 50 {
		r := (low + high) / 2
		given, power := 0.0, r
		for k := range d.series {
			given += float64(d.series[k] * e.series[k] * power)
			power *= r
		}
		if given < covariance {
			low = r
		} else {
			high = r
		}
	}
	return (low + high) / 2
}

func normalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(min(p, 1)) }
