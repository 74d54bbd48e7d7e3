package rfm

import (
	"slices"

	"github.com/segkit/lab/segkit/internal/pick"
)

// Natural breaks: bins whose values lie as close together as can be. Cartographers know the method by Jenks's name; the exact
// solution is Fisher's (1958, "On grouping for maximum homogeneity", doi:10.1080/01621459.1958.10501479).

// jenks returns the cuts that part the values into bins with the least sum of squared deviations from their bins' means, each
// cut being the largest value of its bin (bins-1). Weights may be nil. With fewer distinct values than bins, the second bin
// and those above it stay empty, so that the smallest value still gets the lowest score and the largest the highest.
//
// Fisher's recursion over the number of bins is solved by divide and conquer, for the best last bin of more values never
// begins further to the left. Cost n log n + bins m log m with m distinct values.
func jenks(values, weights []float64, bins int) []float64 {
	distinct, sums := squares(values, weights)
	m := len(distinct)
	k := min(bins, m)
	least := make([]float64, m+1) // of the first e values in so many bins
	for e := 1; e <= m; e++ {
		least[e] = sums.within(0, e)
	}
	begins := make([][]int, k+1) // of the last bin, for every number of bins and values
	for b := 2; b <= k; b++ {
		next := make([]float64, m+1)
		begins[b] = make([]int, m+1)
		var solve func(e1, e2, from, to int) // for the first e1 to e2 values, whose last bin begins in from..to
		solve = func(e1, e2, from, to int) {
			if e1 > e2 {
				return
			}
			e, best := (e1+e2)/2, -1
			for begin := max(from, b-1); begin <= min(to, e-1); begin++ {
				if cost := least[begin] + sums.within(begin, e); best < 0 || cost < next[e] {
					best, next[e] = begin, cost
				}
			}
			begins[b][e] = best
			solve(e1, e-1, from, best)
			solve(e+1, e2, best, to)
		}
		solve(b, m, b-1, m-1)
		least = next
	}
	cuts := make([]float64, bins-1)
	for b, e := k, m; b > 1; b-- {
		e = begins[b][e]
		cuts[bins-1-(k-b)-1] = distinct[e-1]
	}
	for c := range bins - k {
		cuts[c] = distinct[0]
	}
	return cuts
}

// running are sums over the first values, in order: their weights, values and squares, the values being taken from their mean so
// that a large common offset costs no digits.
type running struct{ w, x, xx []float64 }

// squares returns the distinct values, ascending, and their running sums.
func squares(values, weights []float64) (distinct []float64, s running) {
	order := pick.All(len(values))
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] < values[b]:
			return -1
		case values[a] > values[b]:
			return 1
		}
		return 0
	})
	var count []float64 // weight of each
	var mean, total float64
	for _, i := range order {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if last := len(distinct) - 1; last < 0 || distinct[last] != values[i] {
			distinct, count = append(distinct, values[i]), append(count, 0)
		}
		count[len(count)-1] += w
		total += w
		mean += float64(w / total * (values[i] - mean))
	}
	s = running{make([]float64, len(distinct)+1), make([]float64, len(distinct)+1), make([]float64, len(distinct)+1)}
	for i, v := range distinct {
		d := v - mean
		s.w[i+1] = s.w[i] + count[i]
		s.x[i+1] = s.x[i] + float64(count[i]*d)
		s.xx[i+1] = s.xx[i] + float64(count[i]*d*d)
	}
	return distinct, s
}

// within is the sum of squared deviations from their mean of the distinct values from..to-1.
func (s running) within(from, to int) float64 {
	x := s.x[to] - s.x[from]
	return max(0, s.xx[to]-s.xx[from]-float64(x*x)/(s.w[to]-s.w[from]))
}
