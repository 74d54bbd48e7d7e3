package prep

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// OneHot replaces a category with a column of 0 and 1 for each of its levels, called "city=Leeds". In Euclidean distance, two customers with different
// levels are then √2 apart, so how much a category counts depends on the scales of the numbers: look at the shares of the distance. A category with more
// than 500 levels is refused. A missing value is missing in all columns of its category. Weights make no difference. Fit costs c, Apply n times the new
// columns.
type OneHot struct {
	Columns []string `json:"columns,omitempty"` // empty: every category
}

// mostLevels is how many levels a category may have: more are ids or texts, whose columns fill the memory and say nothing.
const mostLevels = 500

// fittedOneHot is OneHot bound to its columns and their levels.
type fittedOneHot struct{ table.Schema }

var (
	_ Transformer = OneHot{}
	_ Inverter    = fittedOneHot{}
)

// Fit binds the columns; there are no numbers to learn.
func (o OneHot) Fit(t *table.Table) (Fitted, error) {
	b, _, err := table.SchemaOf("prep.OneHot", t, o.Columns, table.Column.Categorical)
	if err != nil {
		return nil, err
	}
	for _, c := range b.Columns {
		if len(c.Levels) > mostLevels {
			return nil, &fault.CellError{Op: "prep.OneHot", File: t.Raw().Source, Column: c.Name, Why: fmt.Sprintf("has %s levels, each of which would become a column", sheet.Count(len(c.Levels))),
				Remedy: "pool the rare ones with prep.Pool first, or leave the column out", Err: fault.ErrSchema}
		}
	}
	return fittedOneHot{b}, nil
}

func levelColumn(c table.Column, level string) string { return c.Name + "=" + level }

// Apply puts the new columns in the place of the category.
func (f fittedOneHot) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.OneHot", t)
	if err != nil {
		return nil, err
	}
	out := t.WithData(nil, nil)
	out.Raw().Transformed = true
	for j, c := range t.Raw().Columns {
		if !slices.Contains(at, j) {
			out.Raw().Columns = append(out.Raw().Columns, c)
			continue
		}
		for _, level := range c.Levels {
			out.Raw().Columns = append(out.Raw().Columns, table.Column{Name: levelColumn(c, level), Role: c.Role, Area: c.Area, Ancestry: table.MadeOf(c)})
		}
	}
	out.Raw().Data = make([]float64, 0, t.Len()*len(out.Raw().Columns))
	for i := range t.Raw().IDs {
		for j, v := range t.Raw().Row(i) {
			if !slices.Contains(at, j) {
				out.Raw().Data = append(out.Raw().Data, v)
				continue
			}
			for level := range t.Raw().Columns[j].Levels {
				cell := 0.0
				if math.IsNaN(v) {
					cell = v
				} else if level == int(v) {
					cell = 1
				}
				out.Raw().Data = append(out.Raw().Data, cell)
			}
		}
	}
	return out, out.Check()
}

// Invert restores the categories: the level whose column is highest, the first if several are equal, so that the mean of
// a segment becomes its most frequent level.
func (f fittedOneHot) Invert(t *table.Table) (*table.Table, error) {
	first := make([]int, len(f.Columns))
	var taken []int
	for p, c := range f.Columns {
		for level, name := range c.Levels {
			j, err := t.Index(levelColumn(c, name))
			if err != nil {
				return nil, fmt.Errorf("segkit: prep.OneHot: %w", fault.Trimmed(err))
			}
			if level == 0 {
				first[p] = j
			}
			taken = append(taken, j)
		}
	}
	out := t.WithData(nil, nil)
	out.Raw().Transformed = f.Transformed
	for j, c := range t.Raw().Columns {
		if p := slices.Index(first, j); p >= 0 {
			out.Raw().Columns = append(out.Raw().Columns, f.Columns[p])
		} else if !slices.Contains(taken, j) {
			out.Raw().Columns = append(out.Raw().Columns, c)
		}
	}
	for i := range t.Raw().IDs {
		at := 0 // in taken
		level := make(map[int]float64, len(first))
		for p, c := range f.Columns {
			level[first[p]] = highest(t.Raw().Row(i), taken[at:at+len(c.Levels)])
			at += len(c.Levels)
		}
		for j, v := range t.Raw().Row(i) {
			if l, ok := level[j]; ok {
				out.Raw().Data = append(out.Raw().Data, l)
			} else if !slices.Contains(taken, j) {
				out.Raw().Data = append(out.Raw().Data, v)
			}
		}
	}
	return out, out.Check()
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

func (f fittedOneHot) Valid() error { return f.Check("onehot") }

// TakesCategories says that a recipe without Columns includes categories.
func (OneHot) TakesCategories() bool { return true }
