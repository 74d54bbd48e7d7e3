// Package pick chooses rows: all, some in a given order, or a sample.
package pick

import (
	"slices"
)

// At returns the elements of v in the given order.
func At[T any](v []T, order []int) []T {
	out := make([]T, len(order))
	for i, at := range order {
		out[i] = v[at]
	}
	return out
}

// Sample returns size of n rows, drawn without replacement, in rising order; all of them for size = n.
func Sample(n, size int, r interface{ Perm(int) []int }) []int {
	if size == n {
		return All(n)
	}
	rows := r.Perm(n)[:size]
	slices.Sort(rows)
	return rows
}

// All returns 0..n-1.
func All(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// Firsts returns the first place of every row in of.
func Firsts(of []int) (at []int) {
	for p, i := range of {
		if p == 0 || of[p-1] != i {
			at = append(at, p)
		}
	}
	return at
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
