// Package suggest finds what people may have meant.
package suggest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/wording"
)

// A name that does not exist is mostly a name mistyped: the error says which one was meant, or which ones there are.

// Column is the error for a column name that is not among names. op, such as "ReadCSV", may be empty.
func Column(op, name string, names []string) error {
	return &fault.CellError{Op: op, Why: fmt.Sprintf("no column %q%s", wording.Clip(name), Suggestion(name, names)), Err: fault.ErrMissingColumn}
}

// Suggestion continues a sentence about a wrong name: `: did you mean "spend"?` or ` among a, b, c`.
func Suggestion(name string, names []string) string {
	if near := Nearest(name, names); near != "" {
		return fmt.Sprintf("; did you mean %q?", wording.Clip(near))
	}
	const most = 12
	shown := make([]string, min(most, len(names)))
	for i := range shown {
		shown[i] = wording.Clip(names[i])
	}
	if len(names) > most {
		return fmt.Sprintf(" among %s and %d others", strings.Join(shown, ", "), len(names)-most)
	}
	if len(names) == 0 {
		return "; there are none"
	}
	return " among " + strings.Join(shown, ", ")
}

// Nearby lists names, the nearest first, and of many says how many others there are.
func Nearby(name string, names []string) string {
	const most = 20
	want, away := plain(name), map[string]int{}
	for _, n := range names {
		away[n] = editDistance(want, plain(n))
	}
	near := slices.Clone(names)
	slices.SortStableFunc(near, func(a, b string) int { return away[a] - away[b] })
	more := len(near) - most
	near = near[:min(most, len(near))]
	for i := range near {
		near[i] = wording.Clip(near[i])
	}
	if more > 0 {
		return fmt.Sprintf("%s and %d others", strings.Join(near, ", "), more)
	}
	return strings.Join(near, ", ")
}

// plain is a name without case and marks between words.
func plain(s string) []rune {
	return []rune(strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(wording.Clip(s))))
}

// Nearest returns the first of names at the smallest edit distance, if that is at most a third of the name's length; case
// and the marks between words count for nothing.
func Nearest(name string, names []string) string {
	best, want := "", plain(name)
	limit := max(1, len(want)/3) + 1
	for _, n := range names {
		if d := editDistance(want, plain(n)); d < limit {
			best, limit = n, d
		}
	}
	return best
}

// editDistance is the number of runes to insert, drop, change or swap with their neighbour (Damerau 1964, in the restricted
// form that edits no place twice).
func editDistance(a, b []rune) int {
	var before, last []int // the rows of i-2 and i-1
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			changed := last[j]
			if a[i] != b[j] {
				changed++
			}
			row[j+1] = min(changed, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// Known returns an OptionError for the first of asked that is not among names.
func Known(method, field string, asked, names []string) error {
	for _, name := range asked {
		if !slices.Contains(names, name) {
			return &fault.OptionError{Method: method, Field: field, Value: fmt.Sprintf("%q", name), Want: "a column of the data" + Suggestion(name, names),
				Err: fault.ErrMissingColumn}
		}
	}
	return nil
}

// OtherUnit is the error for a column that was in another unit when something was fitted to it, nil where both may be the same.
func OtherUnit(op, column, here, fitted string) error {
	if cell.SameUnit(here, fitted) {
		return nil
	}
	return &fault.CellError{Op: op, Column: column, Err: fault.ErrSchema,
		Why: fmt.Sprintf("is in %q here, but was in %q when this was fitted", here, fitted), Remedy: "convert the column first"}
}
