package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Words for codes: a table keeps the codes, and people read the words.

// Dictionary says what codes mean, column by column: {"plan": {"C22": "family", "C4": "student"}, "sports": {"0": "idle", "1": "sporty"}}.
type Dictionary map[string]map[string]string

// Labelled returns the table with the words of a data dictionary for its codes. Names, personas, rules in words and charts then say
// "family" where the table holds "C22"; conditions, SQL and files keep the codes. Label numbers that are 0 or 1 as "0" and "1". A
// code that the table lacks is ignored, and a level without a word, or with an empty one, keeps its own. Errors: a column that is
// missing or holds other numbers, a column none of whose codes occur, two levels with the same word. Cost n for a column of numbers.
func (t *Table) Labelled(words Dictionary) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.Labelled", "table")
	}
	out := t.WithData(t.Columns(), t.raw.Data)
	for _, name := range slices.Sorted(maps.Keys(words)) {
		j, err := t.Index(name)
		if err != nil {
			return nil, fmt.Errorf("segkit: table.Table.Labelled: %w", fault.Trimmed(err))
		}
		c, codes := &out.raw.Columns[j], words[name]
		refuse := func(why, remedy string) error {
			return &fault.CellError{Op: "table.Table.Labelled", File: t.raw.Source, Column: name, Why: why, Remedy: remedy, Err: fault.ErrSchema}
		}
		levels := c.Levels
		if !c.Categorical() {
			if !stats.ZeroOne(t.Raw().Column(j)) {
				return nil, refuse("holds numbers other than 0 and 1, which have no labels",
					fmt.Sprintf("read the column as text with table.CSVOptions{Text: []string{%q}}", name))
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
			return nil, refuse(fmt.Sprintf("has none of the codes %s", wording.List(slices.Sorted(maps.Keys(codes)))), "its levels are "+wording.List(levels))
		}
		if !c.Categorical() {
			c.Low, c.High = labels[0], labels[1]
			continue
		}
		c.Labels = labels
		seen := make(map[string]int, len(levels))
		for l := range levels {
			if first, twice := seen[c.Word(l)]; twice {
				return nil, refuse(fmt.Sprintf("has the word %q for two levels, %q and %q", wording.Clip(c.Word(l)), wording.Clip(levels[first]), wording.Clip(levels[l])),
					"give each a word of its own")
			}
			seen[c.Word(l)] = l
		}
	}
	return out, nil
}

// ZeroOnes reports which columns (d) contain only 0 and 1.
func (r *Raw) ZeroOnes() []bool {
	is := make([]bool, len(r.Columns))
	for j, c := range r.Columns {
		is[j] = !c.Categorical() && stats.ZeroOne(r.Column(j))
	}
	return is
}
