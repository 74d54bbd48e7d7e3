package segkit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Words for codes: a table keeps the codes, and people read the words.

// Dictionary says what codes mean, column by column: {"plan": {"C22": "family", "C4": "student"}, "sports": {"0": "idle", "1": "sporty"}}.
type Dictionary map[string]map[string]string

// Labelled returns the table with the words of a data dictionary for its codes. Names, personas, rules in words and charts then read
// "family" where the table holds "C22"; conditions, SQL and files keep the codes. Numbers that are 0 or 1 are
// labelled as "0" and "1". A code that the table lacks is passed over, and a level without a word, or with an empty one, keeps
// its own. Errors: a column that is missing or of other numbers, a column none of whose codes occur, two levels with the same
// word. Cost n for a column of numbers.
func (t *Table) Labelled(words Dictionary) (*Table, error) {
	if t == nil {
		return nil, nilError("Labelled", "table")
	}
	out := t.with(t.Columns(), t.data)
	for _, name := range slices.Sorted(maps.Keys(words)) {
		j, err := t.index(name)
		if err != nil {
			return nil, fmt.Errorf("segkit: Labelled: %w", trimmed(err))
		}
		c, codes := &out.columns[j], words[name]
		refuse := func(why, remedy string) error {
			return &CellError{Op: "Labelled", File: t.source, Column: name, Why: why, Remedy: remedy, Err: ErrSchema}
		}
		levels := c.Levels
		if !c.Categorical() {
			if !zeroOne(t.values(j)) {
				return nil, refuse("holds numbers other than 0 and 1, which have no labels",
					fmt.Sprintf("read the column as text with CSVOptions{Text: []string{%q}}", name))
			}
			levels = []string{"0", "1"}
		}
		labels := make([]string, len(levels))
		if c.Labels != nil {
			copy(labels, c.Labels)
		}
		known := false
		for l, code := range levels {
			if word, ok := codes[code]; ok {
				labels[l], known = strings.TrimSpace(word), true
			}
		}
		if !known {
			return nil, refuse(fmt.Sprintf("has none of the codes %s", list(slices.Sorted(maps.Keys(codes)))), "its levels are "+list(levels))
		}
		if !c.Categorical() {
			c.Low, c.High = labels[0], labels[1]
			continue
		}
		c.Labels = labels
		seen := make(map[string]int, len(levels))
		for l := range levels {
			if first, twice := seen[c.Word(l)]; twice {
				return nil, refuse(fmt.Sprintf("has the word %q for two levels, %q and %q", clip(c.Word(l)), clip(levels[first]), clip(levels[l])),
					"give each a word of its own")
			}
			seen[c.Word(l)] = l
		}
	}
	return out, nil
}

// zeroOne reports whether the values (n, NaN is missing) are 0 and 1 and nothing else, and both occur.
func zeroOne(values []float64) bool {
	var zero, one bool
	for _, v := range values {
		zero, one = zero || v == 0, one || v == 1
		if v != 0 && v != 1 && v == v {
			return false
		}
	}
	return zero && one
}

// zeroOnes tells the columns (d) that hold 0 and 1 and nothing else.
func (t *Table) zeroOnes() []bool {
	is := make([]bool, len(t.columns))
	for j, c := range t.columns {
		is[j] = !c.Categorical() && zeroOne(t.values(j))
	}
	return is
}
