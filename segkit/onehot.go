package segkit

import (
	"fmt"
	"math"
	"slices"
)

// OneHot replaces a category by a column of 0 and 1 for each of its levels, called "city=Leeds". In a Euclidean distance, two
// customers of different levels are then √2 apart, so a category counts as much as the numbers' scales leave it: look at the
// shares of the distance. Missing values stay missing, in every column of theirs. Fit costs c, Apply n times the new columns.
type OneHot struct {
	Columns []string `json:"columns,omitempty"` // empty: every category
}

// fittedOneHot is OneHot bound to its columns and their levels.
type fittedOneHot struct{ Before }

var (
	_ Transformer = OneHot{}
	_ Inverter    = fittedOneHot{}
)

// Fit binds the columns; there are no numbers to learn.
func (o OneHot) Fit(t *Table) (Fitted, error) {
	b, _, err := scope("OneHot", t, o.Columns, Column.Categorical)
	if err != nil {
		return nil, err
	}
	return fittedOneHot{b}, nil
}

func levelColumn(c Column, level string) string { return c.Name + "=" + level }

// Apply puts the new columns where the category stood.
func (f fittedOneHot) Apply(t *Table) (*Table, error) {
	at, err := f.find("OneHot", t)
	if err != nil {
		return nil, err
	}
	out := t.with(nil, nil)
	out.transformed = true
	for j, c := range t.columns {
		if !slices.Contains(at, j) {
			out.columns = append(out.columns, c)
			continue
		}
		for _, level := range c.Levels {
			out.columns = append(out.columns, Column{Name: levelColumn(c, level), Role: c.Role, Ancestry: MadeOf(c)})
		}
	}
	out.data = make([]float64, 0, t.Len()*len(out.columns))
	for i := range t.ids {
		for j, v := range t.row(i) {
			if !slices.Contains(at, j) {
				out.data = append(out.data, v)
				continue
			}
			for level := range t.columns[j].Levels {
				cell := 0.0
				if math.IsNaN(v) {
					cell = v
				} else if level == int(v) {
					cell = 1
				}
				out.data = append(out.data, cell)
			}
		}
	}
	return out, out.check()
}

// Invert gives the categories back: the level whose column is highest, the first of equals, so that the mean of a segment
// becomes its most frequent level.
func (f fittedOneHot) Invert(t *Table) (*Table, error) {
	first := make([]int, len(f.Columns))
	var taken []int
	for p, c := range f.Columns {
		for level, name := range c.Levels {
			j, err := t.index(levelColumn(c, name))
			if err != nil {
				return nil, fmt.Errorf("segkit: OneHot: %w", trimmed(err))
			}
			if level == 0 {
				first[p] = j
			}
			taken = append(taken, j)
		}
	}
	out := t.with(nil, nil)
	out.transformed = f.Transformed
	for j, c := range t.columns {
		if p := slices.Index(first, j); p >= 0 {
			out.columns = append(out.columns, f.Columns[p])
		} else if !slices.Contains(taken, j) {
			out.columns = append(out.columns, c)
		}
	}
	for i := range t.ids {
		at := 0 // in taken
		level := make(map[int]float64, len(first))
		for p, c := range f.Columns {
			level[first[p]] = highest(t.row(i), taken[at:at+len(c.Levels)])
			at += len(c.Levels)
		}
		for j, v := range t.row(i) {
			if l, ok := level[j]; ok {
				out.data = append(out.data, l)
			} else if !slices.Contains(taken, j) {
				out.data = append(out.data, v)
			}
		}
	}
	return out, out.check()
}

// highest returns which of the cells of row at columns at is highest, the first of equals; NaN if one is missing.
func highest(row []float64, at []int) float64 {
	best := 0
	for level, j := range at {
		if math.IsNaN(row[j]) {
			return row[j]
		}
		if row[j] > row[at[best]] {
			best = level
		}
	}
	return float64(best)
}

// Kind is "onehot".
func (fittedOneHot) Kind() string { return "onehot" }

func (f fittedOneHot) valid() error { return f.check("onehot") }
