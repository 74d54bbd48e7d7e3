package stats

import (
	"math"
	"slices"
)

// FalseDiscovery returns the q-value of each p-value (out: n): the lowest rate of false discoveries at which it is one. tests is how
// many there are in all, n or more; those that p (n) does not hold, because they cannot matter, count as 1. It is the procedure of
// Benjamini & Hochberg (1995, doi:10.1111/j.2517-6161.1995.tb02031.x), which holds for tests that are independent or positively
// dependent; with any true it is that of Benjamini & Yekutieli (2001, doi:10.1214/aos/1013699998), which holds for any dependence
// and costs a factor of about the logarithm of their number. NaN stays NaN.
func FalseDiscovery(p []float64, tests int, anyDependence bool) []float64 {
	factor := float64(max(tests, len(p)))
	if anyDependence {
		factor *= harmonic(max(tests, len(p)))
	}
	var sorted []float64
	for _, v := range p {
		if v*factor < float64(len(p)) { // the q-value of all others is 1: not even the last rank is enough
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	least, lowest := 1.0, make([]float64, len(sorted)) // of each p-value and all larger ones
	for i := len(sorted) - 1; i >= 0; i-- {
		least = min(least, sorted[i]*factor/float64(i+1))
		lowest[i] = least
	}
	q := make([]float64, len(p))
	for i, v := range p {
		switch {
		case math.IsNaN(v):
			q[i] = v
		case v*factor < float64(len(p)):
			at, _ := slices.BinarySearch(sorted, v)
			q[i] = lowest[at]
		default:
			q[i] = 1
		}
	}
	return q
}

// harmonic is 1 + 1/2 + … + 1/n.
func harmonic(n int) (sum float64) {
	if n > 1e6 { // Euler and Maclaurin, to the last digit
		v := float64(n)
		return math.Log(v) + 0.57721566490153286 + 1/(2*v) - 1/(12*v*v)
	}
	for i := n; i > 0; i-- {
		sum += 1 / float64(i)
	}
	return sum
}

// Fisher tests tables of two by two, of up to the given number of things each.
type Fisher struct{ logFactorials []float64 } // (most + 1)

// NewFisher prepares the tests: O(most).
func NewFisher(most int) Fisher {
	f := Fisher{make([]float64, most+1)}
	for i := range f.logFactorials {
		f.logFactorials[i], _ = math.Lgamma(float64(i + 1))
	}
	return f
}

func (f Fisher) logChoose(n, k int) float64 {
	return f.logFactorials[n] - f.logFactorials[k] - f.logFactorials[n-k]
}

// More is Fisher's exact test (1935, "The logic of inductive inference", doi:10.2307/2342435), one-sided: the probability that both
// or more of n things have two properties together, if the properties have nothing to do with each other and first and second of
// the n have them. It costs as many terms as the tail has.
func (f Fisher) More(both, first, second, n int) float64 {
	least, most := max(0, first+second-n), min(first, second)
	switch {
	case both <= least:
		return 1
	case both > most:
		return 0
	}
	if float64(both)*float64(n) < float64(first)*float64(second) { // the other tail is the shorter one
		return max(0, 1-f.tail(both-1, -1, first, second, n))
	}
	return min(1, f.tail(both, 1, first, second, n))
}

// Fewer is More in the other direction: the probability of both or fewer.
func (f Fisher) Fewer(both, first, second, n int) float64 {
	return f.More(first-both, first, n-second, n)
}

// Unlike is the test, two-sided: the probability of any table with the same margins that is no likelier than this one.
func (f Fisher) Unlike(both, first, second, n int) float64 {
	log := func(k int) float64 {
		return f.logChoose(first, k) + f.logChoose(n-first, second-k) - f.logChoose(n, second)
	}
	seen, p := log(both), 0.0
	for k := max(0, first+second-n); k <= min(first, second); k++ {
		if l := log(k); l <= seen+1e-9 { // equal tables differ by rounding
			p += math.Exp(l)
		}
	}
	return min(p, 1)
}

// tail adds the probabilities from both on, upwards (step 1) or downwards (step -1).
func (f Fisher) tail(both, step, first, second, n int) float64 {
	least, most := max(0, first+second-n), min(first, second)
	start := math.Exp(f.logChoose(first, both) + f.logChoose(n-first, second-both) - f.logChoose(n, second))
	sum, term := 1.0, 1.0
	for x := both; x+step >= least && x+step <= most && term > sum*1e-17; x += step {
		if step > 0 {
			term *= float64(first-x) * float64(second-x) / (float64(x+1) * float64(n-first-second+x+1))
		} else {
			term *= float64(x) * float64(n-first-second+x) / (float64(first-x+1) * float64(second-x+1))
		}
		sum += term
	}
	return start * sum
}
