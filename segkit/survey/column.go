package survey

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// column is one column of a sheet before it is known what it means: the texts that stand in it, and who wrote which.
type column struct {
	name, text string
	group      string       // the question that it is an item of, where the file says so
	levels     []string     // (l) texts that differ, at least one cell each
	at         []int        // (n) index into levels, -1 for a missing cell
	count      []int        // (l) cells
	read       table.Column // what the table that it comes from knows of it
	why        string       // of a column of no and yes that was made of marks: of which
	place      *place
}

// place says where the cells of a column stand, for errors.
type place struct {
	op, source string
	ids        []string // (n), nil before they are known
}

// columnOf takes a column out of a table, with the texts of numbers.
func columnOf(r *table.Raw, j int) *column {
	c := &column{name: r.Columns[j].Name, read: r.Columns[j], at: make([]int, len(r.IDs))}
	known := map[float64]int{}
	for i, v := range r.Column(j) {
		if v != v {
			c.at[i] = missing
			continue
		}
		l, ok := known[v]
		if !ok {
			l = len(c.levels)
			known[v] = l
			text := strconv.FormatFloat(v, 'f', -1, 64)
			if r.Columns[j].Categorical() {
				text = r.Columns[j].Levels[int(v)]
			}
			c.levels, c.count = append(c.levels, text), append(c.count, 0)
		}
		c.at[i] = l
		c.count[l]++
	}
	c.sort()
	return c
}

// sort orders the texts: numbers by size, others by the alphabet.
func (c *column) sort() {
	numbers := make([]float64, len(c.levels))
	numeric := true
	for l, text := range c.levels {
		var err error
		if numbers[l], err = strconv.ParseFloat(text, 64); err != nil {
			numeric = false
		}
	}
	order := make([]int, len(c.levels))
	for l := range order {
		order[l] = l
	}
	slices.SortFunc(order, func(a, b int) int {
		if numeric && numbers[a] != numbers[b] {
			return cmp.Compare(numbers[a], numbers[b])
		}
		return strings.Compare(c.levels[a], c.levels[b])
	})
	c.remap(order)
}

// remap keeps the texts in order (m), which are indexes; cells of others become missing.
func (c *column) remap(order []int) {
	to := make([]int, len(c.levels))
	for l := range to {
		to[l] = missing
	}
	levels, count := make([]string, len(order)), make([]int, len(order))
	for m, l := range order {
		to[l], levels[m], count[m] = m, c.levels[l], c.count[l]
	}
	for i, l := range c.at {
		if l >= 0 {
			c.at[i] = to[l]
		}
	}
	c.levels, c.count = levels, count
}

// mean reads cells as others, as Options.Means says: alike but for case. Those of none, and those that mean "", are no answers.
func (c *column) mean(means map[string]string, none []string) {
	index := map[string]int{}
	to := make([]int, len(c.levels))
	var levels []string
	for l, text := range c.levels {
		if slices.Contains(none, text) {
			text = ""
		} else if meant, ok := means[text]; ok {
			text = meant
		}
		if text == "" {
			to[l] = missing
			continue
		}
		m, ok := index[text]
		if !ok {
			m = len(levels)
			index[text], levels = m, append(levels, text)
		}
		to[l] = m
	}
	count := make([]int, len(levels))
	for i, l := range c.at {
		if l < 0 {
			continue
		}
		if c.at[i] = to[l]; to[l] >= 0 {
			count[to[l]]++
		}
	}
	c.levels, c.count = levels, count
	c.sort()
}

// answered is the number of cells that are not missing.
func (c *column) answered() (n int) {
	for _, k := range c.count {
		n += k
	}
	return n
}

// refuse is the error about the cells of level l; the first of them is named.
func (c *column) refuse(l int, remedy, why string) *fault.CellError {
	i := slices.Index(c.at, l)
	e := &fault.CellError{Op: c.place.op, File: c.place.source, Column: c.name, Value: c.levels[l], Row: i + 1, Count: c.count[l], Why: why, Remedy: remedy, Err: fault.ErrSchema}
	if c.place.ids != nil {
		e.ID = c.place.ids[i]
	}
	return e
}

// asNone is the remedy that takes the cells of level l as no answers to this question alone.
func (c *column) asNone(l int) string {
	return fmt.Sprintf("take it as no answer to this question with Options.Missing: {%q: {%q}}", c.name, c.levels[l])
}

// folded is a text as it is compared with words that are known: small letters, plain quotes and hyphens, single blanks, no stop at the end.
func folded(text string) string {
	text = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "–", "-", "—", "-", "\u00a0", " ", "\u202f", " ").Replace(strings.ToLower(text))
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), ".!")
}

// quoted lists texts for a sentence.
func quoted(texts []string) string { return wording.Quoted(texts) }
