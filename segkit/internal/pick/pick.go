// Package pick chooses rows, all, some in a given order, or a sample, and puts segments in order.
package pick

import (
	"cmp"
	"slices"
)

// At returns the elements of v (in: n) in the given order (in: m places in v), as a new slice (out: m).
func At[T any](v []T, order []int) []T {
	out := make([]T, len(order))
	for i, at := range order {
		out[i] = v[at]
	}
	return out
}

// Sample returns size of n rows, drawn without replacement, in rising order (out: size); all of them for size = n.
func Sample(n, size int, r interface{ Perm(int) []int }) []int {
	if size == n {
		return All(n)
	}
	rows := r.Perm(n)[:size]
	slices.Sort(rows)
	return rows
}

// All returns 0..n-1 (out: n).
func All(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// Firsts returns the first place of every row in of (in: rows, ascending, that may repeat).
func Firsts(of []int) (at []int) {
	for p, i := range of {
		if p == 0 || of[p-1] != i {
			at = append(at, p)
		}
	}
	return at
}

// BySize returns the k segments of labels (n, 0..k-1, below 0 for none) by falling weight, ties by first row. Weights (n) may be nil.
func BySize[L int | int32](labels []L, weights []float64, k int) []int {
	total, first, order := make([]float64, k), make([]int, k), make([]int, k)
	for s := range k {
		order[s], first[s] = s, len(labels)
	}
	for i, s := range labels {
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

// Times returns how often each row stands among n repeated ones, given the first place of each.
func Times(first []int, n int) []int {
	out := make([]int, len(first))
	for i, at := range first {
		next := n
		if i+1 < len(first) {
			next = first[i+1]
		}
		out[i] = next - at
	}
	return out
}
