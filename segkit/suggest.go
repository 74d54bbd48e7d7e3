package segkit

import (
	"fmt"
	"slices"
	"strings"
)

// A name that does not exist is mostly a name mistyped: the error says which one was meant, or which ones there are.

// unknownColumn is the error for a column name that is not among names. op, such as "ReadCSV: ", may be empty.
func unknownColumn(op, name string, names []string) error {
	return fmt.Errorf("segkit: %sno column %q%s: %w", op, name, suggestion(name, names), ErrMissingColumn)
}

// suggestion continues a sentence about a wrong name: `: did you mean "spend"?` or ` among a, b, c`.
func suggestion(name string, names []string) string {
	if near := nearest(name, names); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	const most = 12
	if len(names) > most {
		return fmt.Sprintf(" among %s and %d others", strings.Join(names[:most], ", "), len(names)-most)
	}
	if len(names) == 0 {
		return "; there are none"
	}
	return " among " + strings.Join(names, ", ")
}

// nearest returns the first of names at the smallest edit distance, if that is at most a third of the name's length; case
// and the marks between words count for nothing.
func nearest(name string, names []string) string {
	plain := func(s string) []rune {
		return []rune(strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(clip(s))))
	}
	best, want := "", plain(name)
	limit := max(1, len(want)/3) + 1
	for _, n := range names {
		if d := editDistance(want, plain(n)); d < limit {
			best, limit = n, d
		}
	}
	return best
}

// editDistance is the number of runes to insert, drop or change (Levenshtein 1966).
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			cost := diagonal
			if ra != rb {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// known returns an OptionError for the first of asked that is not among names.
func known(method, field string, asked, names []string) error {
	for _, name := range asked {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%w: %w", &OptionError{method, field, fmt.Sprintf("%q", name),
				"a column of the data" + suggestion(name, names)}, ErrMissingColumn)
		}
	}
	return nil
}
