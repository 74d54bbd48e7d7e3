package table

import (
	"cmp"
	"slices"
)

// Noise is the label of a customer that a method leaves out of every segment.
const Noise = -1

// Labels says which segment each row is in (n): 0..k-1 by falling weight, ties by first row; Noise = -1.
type Labels []int

// K returns the number of segments: one more than the largest label.
func (l Labels) K() int {
	k := 0
	for _, s := range l {
		k = max(k, s+1)
	}
	return k
}

// Counts returns the number of rows in each segment (k), noise left out.
func (l Labels) Counts() []int {
	counts := make([]int, l.K())
	for _, s := range l {
		if s >= 0 {
			counts[s]++
		}
	}
	return counts
}

// Renumber gives the rows of segment order[s] the label s; noise stays.
func (l Labels) Renumber(order []int) Labels {
	to := make([]int, len(order))
	for s, old := range order {
		to[old] = s
	}
	out := make(Labels, len(l))
	for i, old := range l {
		out[i] = Noise
		if old >= 0 {
			out[i] = to[old]
		}
	}
	return out
}

// CanonicalOrder returns the k segments by falling weight, ties by first row. Weights (n) may be nil.
func CanonicalOrder(l Labels, weights []float64, k int) []int {
	total, first, order := make([]float64, k), make([]int, k), make([]int, k)
	for s := range k {
		order[s], first[s] = s, len(l)
	}
	for i, s := range l {
		switch {
		case s < 0:
			continue
		case weights == nil:
			total[s]++
		default:
			total[s] += weights[i]
		}
		first[s] = min(first[s], i)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(total[b], total[a]), cmp.Compare(first[a], first[b]))
	})
	return order
}
