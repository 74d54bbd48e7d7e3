// Package stats has the small statistics that rooms share: moments, shares, intervals, means of what is known.
package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ClearBIC is a difference in BIC that leaves hardly a doubt (Kass & Raftery 1995, doi:10.1080/01621459.1995.10476572).
const ClearBIC = 10

// Student95 is the 97.5 % quantile of Student's t: it bounds the middle 95 %.
func Student95(degrees float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: degrees}.Quantile(0.975)
}

// Normal95 is the 97.5 % quantile of the normal distribution.
const Normal95 = 1.959963984540054

// MeanInterval is the interval of Student's t, 95 %, of the mean of n values whose standard deviation (with n) is sd. It trusts
// the mean to be about normal; one value leaves no interval: NaN.
func MeanInterval(mean, sd, n float64) (low, high float64) {
	if !(n > 1) {
		return math.NaN(), math.NaN()
	}
	half := Student95(n-1) * sd / math.Sqrt(n-1)
	return mean - half, mean + half
}

// Wilson is the score interval of a share of n (Wilson 1927, doi:10.1080/01621459.1927.10502953), which stays between 0 and 1. z is the quantile
// of the normal distribution that gives its level, as Normal95 does.
func Wilson(share, n, z float64) (low, high float64) {
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return math.Max(0, middle-half), math.Min(1, middle+half)
}

// Moments are the mean, standard deviation (with n) and skewness (m3 / m2^1.5) of the values that are there, weighted;
// NaN where undefined. Deviations are taken from the mean, so a large common offset costs no digits.
func Moments(values, weights []float64) (mean, sd, skewness float64) {
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

// SDs are the standard deviations that Moments gives of every column of rows (in: n*d, row by row; out: d), without a copy of each column.
func SDs(rows []float64, d int, weights []float64) []float64 {
	mean, total, sd := make([]float64, d), make([]float64, d), make([]float64, d)
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	for i := 0; i*d < len(rows); i++ {
		w := weight(i)
		for j, v := range rows[i*d : (i+1)*d] {
			if !math.IsNaN(v) {
				mean[j] += float64(w * v)
				total[j] += w
			}
		}
	}
	for j := range mean {
		mean[j] /= total[j] // 0/0 is NaN
	}
	for i := 0; i*d < len(rows); i++ {
		w := weight(i)
		for j, v := range rows[i*d : (i+1)*d] {
			if e := v - mean[j]; !math.IsNaN(v) {
				sd[j] += float64(w * e * e)
			}
		}
	}
	for j := range sd {
		sd[j] = math.Sqrt(sd[j] / total[j])
	}
	return sd
}

// LevelShares returns the weighted share of each of k levels among the values that are there (k); NaN where none is.
func LevelShares(values, weights []float64, k int) []float64 {
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

// ZeroOne reports whether the values (n, NaN is missing) are 0 and 1 and nothing else, and both occur.
func ZeroOne(values []float64) bool {
	var zero, one bool
	for _, v := range values {
		zero, one = zero || v == 0, one || v == 1
		if v != 0 && v != 1 && v == v {
			return false
		}
	}
	return zero && one
}

// IQRToSD is the interquartile range of a normal distribution, in standard deviations.
const IQRToSD = 1.349

// OnlyValue returns the value that all of values (n, NaN left out) have, if there is one.
func OnlyValue(values []float64) (only float64, ok bool) {
	only = math.NaN()
	for _, v := range values {
		if math.IsNaN(only) {
			only = v
		}
		if !math.IsNaN(v) && v != only {
			return 0, false
		}
	}
	return only, true
}

// MeanKnown returns the mean of the values that are not NaN.
func MeanKnown(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

// Enough is the weight that so many customers need have, a little less than their number since weights add up with rounding.
func Enough(customers int) float64 { return float64(customers) * (1 - 1e-9) }
