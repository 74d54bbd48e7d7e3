// Package assign pairs the rows of a matrix with its columns so that the values of the pairs add up to as much as possible
// (the Hungarian method: Kuhn 1955, doi:10.1002/nav.3800020109, in the form with shortest augmenting paths of Jonker &
// Volgenant 1987, doi:10.1007/BF02278710).
package assign

import "math"

// Most returns for every row of value (r x c) the column paired with it, -1 for none: each column is used once at most, and
// min(r, c) pairs are made. Values are whole, so the sum is exact; their sizes times r + c must fit an int. Of several pairings
// with the same sum, the same one is returned every time. It costs r·c·min(r, c).
func Most(value [][]int) []int {
	r, c := len(value), 0
	if r > 0 {
		c = len(value[0])
	}
	if r <= c {
		return pair(r, c, func(i, j int) int { return -value[i][j] })
	}
	of := make([]int, r)
	for i := range of {
		of[i] = -1
	}
	for j, i := range pair(c, r, func(j, i int) int { return -value[i][j] }) {
		of[i] = j
	}
	return of
}

// pair returns the column of every row (r <= c) at the least total cost. Rows join one after the other, each along the
// shortest path of exchanges among the rows before it, by costs reduced to what the potentials leave.
func pair(r, c int, cost func(i, j int) int) []int {
	rowPotential, potential := make([]int, r), make([]int, c+1)
	rowOf := make([]int, c+1) // of every column, -1 for none; column c stands for the row that joins
	for j := range rowOf {
		rowOf[j] = -1
	}
	for joining := range r {
		rowOf[c] = joining
		least, from, done := make([]int, c), make([]int, c), make([]bool, c+1)
		for j := range least {
			least[j] = math.MaxInt
		}
		at := c
		for rowOf[at] >= 0 {
			done[at] = true
			i, next, step := rowOf[at], -1, math.MaxInt
			for j := range c {
				if done[j] {
					continue
				}
				if reduced := cost(i, j) - rowPotential[i] - potential[j]; reduced < least[j] {
					least[j], from[j] = reduced, at
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := range done {
				switch {
				case done[j]:
					rowPotential[rowOf[j]] += step
					potential[j] -= step
				case j < c:
					least[j] -= step
				}
			}
			at = next
		}
		for at != c {
			rowOf[at] = rowOf[from[at]]
			at = from[at]
		}
	}
	of := make([]int, r)
	for j, i := range rowOf[:c] {
		if i >= 0 {
			of[i] = j
		}
	}
	return of
}
