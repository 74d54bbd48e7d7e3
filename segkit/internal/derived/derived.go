// Package derived finds columns that are made from others where only their values show it: copies in other units, logarithms, bands, sums and
// their parts, products and their factors. A table that was put together elsewhere holds such columns without a record of their formulas. (Exact sums within
// one file are found when it is read, and then are on record.)
package derived

import (
	"cmp"
	"math"
	"slices"
)

// Column is a column of a table. Values of a category are the numbers of its levels; NaN is missing.
type Column struct {
	Name     string
	Category bool
	At       func(customer int) float64
}

const (
	// sure is how little likely shuffled values must be to fit, as the negative of a logarithm: ties of a few customers may be chance.
	sure = 30
	// several values in order are no coincidence. Two or three may be: customers of a business may all spend more than private ones, which is a
	// finding. Only a column with as many values as the other, a copy, may have fewer.
	several = 5
	// rounding is the share of a column's spread that a sum may leave: amounts are rounded to cents.
	rounding = 1e-6
	// few customers tell of nearly every pair of columns that it is free.
	few = 100
)

// Ties finds, for every column of n customers, those of the columns that formed something from which its values follow, or whose values follow from
// its own and those of other columns; nil if there is none, or too few customers show it. It costs n log n for each pair that is not free at first
// sight, 20 d³, or 2,000 d² where there are fewer than 100 columns, and d³ for each column that formed something.
func Ties(n int, columns []Column, formed []bool) [][]string {
	ties := make([][]string, len(columns))
	some := thinned(n, columns)
	sums(some, columns, formed, ties)
	sums(logarithms(some), columns, formed, ties) // products
	summed := slices.Clone(ties)
	for c := range columns {
		for f := range columns {
			if !formed[c] && ties[c] == nil && (formed[f] || summed[f] != nil) && pair(n, columns[f], columns[c]) {
				if ties[c] = summed[f]; formed[f] {
					ties[c] = []string{columns[f].Name}
				}
			}
		}
	}
	return ties
}

// sureOf reports whether a column has enough customers with different values that a rule that could be one of so many, as a logarithm, is not met
// by chance.
func sureOf(times []int, ways float64) bool { return arrangements(times)-ways > sure }

// pair reports whether one of two columns follows from the other: numbers in the same or the opposite order, levels that are ranges of a number, and
// levels of which each has one value.
func pair(n int, a, b Column) bool {
	for _, by := range [][2]Column{{a, b}, {b, a}} {
		fine, coarse := by[0], by[1]
		follows := monotone
		switch {
		case fine.Category:
			follows = nested
		case coarse.Category:
			follows = banded
		}
		if !follows(fine.At, coarse.At, complete(n, a, b, few)) {
			continue
		}
		rows := complete(n, a, b, n)
		if !follows(fine.At, coarse.At, rows) {
			continue
		}
		// As many columns follow from fine as there are ways to give the values to its levels; numbers in order leave two.
		from, to := times(fine.At, rows), times(coarse.At, rows)
		ways := math.Ln2
		switch {
		case fine.Category:
			ways = float64(len(from)) * math.Log(float64(len(to)))
		case coarse.Category:
			ways = logFactorial(len(to))
		}
		if (len(to) >= several || len(to) == len(from)) && sureOf(to, ways) {
			return true
		}
	}
	return false
}

// complete returns the rows of the first customers whose values are known in both columns, at most so many.
func complete(n int, a, b Column, most int) (rows []int) {
	for i := 0; i < n && len(rows) < most; i++ {
		if !math.IsNaN(a.At(i)) && !math.IsNaN(b.At(i)) {
			rows = append(rows, i)
		}
	}
	return rows
}

// monotone reports whether coarse never falls, or never rises, as fine rises, and is equal where fine is.
func monotone(fine, coarse func(int) float64, rows []int) bool {
	order, rises, falls := sorted(fine, rows), true, true
	for at := 1; at < len(order); at++ {
		i, j := order[at-1], order[at]
		if alike(coarse(i), coarse(j)) {
			continue
		}
		up, apart := coarse(i) < coarse(j), fine(i) < fine(j)
		rises, falls = rises && up && apart, falls && !up && apart
	}
	return rises || falls
}

// banded reports whether every level of the category coarse is a range of fine.
func banded(fine, coarse func(int) float64, rows []int) bool {
	order, seen := sorted(fine, rows), map[float64]bool{}
	for at, i := range order {
		if at > 0 && coarse(i) == coarse(order[at-1]) {
			continue
		}
		if seen[coarse(i)] || at > 0 && fine(i) == fine(order[at-1]) {
			return false
		}
		seen[coarse(i)] = true
	}
	return true
}

// nested reports whether all customers of a level of the category fine have the same value of coarse.
func nested(fine, coarse func(int) float64, rows []int) bool {
	of := map[float64]float64{}
	for _, i := range rows {
		if v, known := of[fine(i)]; known && v != coarse(i) {
			return false
		}
		of[fine(i)] = coarse(i)
	}
	return true
}

// sorted returns rows in rising order of their values.
func sorted(values func(int) float64, rows []int) []int {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(i, j int) int { return cmp.Or(cmp.Compare(values(i), values(j)), cmp.Compare(i, j)) })
	return rows
}

// times returns how many rows have each value.
func times(values func(int) float64, rows []int) (of []int) {
	rows = sorted(values, rows)
	for at, i := range rows {
		if at == 0 || !alike(values(rows[at-1]), values(i)) {
			of = append(of, 0)
		}
		of[len(of)-1]++
	}
	return of
}

// alike reports whether two numbers are equal, or were computed in another order of operations.
func alike(a, b float64) bool { return math.Abs(a-b) <= 1e-12*(math.Abs(a)+math.Abs(b)) }

// arrangements is the logarithm of the number of ways in which the values can be dealt to the customers; times says how many have each value.
func arrangements(times []int) float64 {
	slices.Sort(times) // a sum in the same order every time
	n, same := 0, 0.0
	for _, t := range times {
		n, same = n+t, same+logFactorial(t)
	}
	return logFactorial(n) - same
}

func logFactorial(n int) float64 {
	v, _ := math.Lgamma(float64(n) + 1)
	return v
}
