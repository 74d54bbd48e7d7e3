package records

// A file that was cut off in the digits of its last amount can be read all the same. Other cells of the column, which are all written alike, show it.

import (
	"bytes"
	"slices"
)

// alike is of how many records at most the cells are compared, and like how many it takes to say how they are written.
const alike, like = 1000, 3

// CutShort returns the last cell of a block that ends without a line end, and the one above it, where the last one is written shorter than all others are: it is empty, has fewer
// decimals than the same number of all others, or is shorter than they, which are all as long. The grid must hold the whole block.
func (s *Scanner) CutShort() (last, above string, cut bool) {
	column, text := s.Columns[len(s.Columns)-1], s.Text()
	n := len(column) - 1
	if n < like || len(text) == 0 || text[len(text)-1] == '\n' {
		return "", "", false
	}
	cell := func(i int) []byte { return bytes.TrimSpace(s.Data[column[i].From:column[i].To]) }
	same := func(of func(cell []byte) int) bool { // of all others, and less of the last
		want := of(cell(n - 1))
		return of(cell(n)) < want && !slices.ContainsFunc(column[max(0, n-alike):n], func(c Span) bool { return of(bytes.TrimSpace(s.Data[c.From:c.To])) != want })
	}
	filled := func(cell []byte) int { return min(len(cell), 1) }
	if !same(filled) && !same(decimals) && !same(func(cell []byte) int { return len(cell) }) {
		return "", "", false
	}
	return string(cell(n)), string(cell(n - 1)), true
}

// decimals is how many characters stand behind the last mark of a number.
func decimals(cell []byte) int {
	if at := bytes.LastIndexAny(cell, ".,"); at >= 0 {
		return len(cell) - 1 - at
	}
	return 0
}
