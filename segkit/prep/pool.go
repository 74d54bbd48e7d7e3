package prep

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/query"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// Pool combines the rare levels of a category: nothing reliable can be said about a city with three customers, and nothing at all from a column
// with thousands of levels. Levels are pooled by their share in the table that it is fitted to, weighted by the table's weights, and stay
// pooled for new customers. Missing values stay missing. Fit costs n·c, Apply n·c.
type Pool struct {
	Columns []string `json:"columns,omitempty"` // empty: every category without an order
	Share   float64  `json:"share"`             // of the customers with a value, below which a level is rare; 0 means 0.02
	Into    string   `json:"into"`              // the level for the rare ones; "" means "other"
}

// fittedPool is Pool with the levels that it found.
type fittedPool struct {
	table.Schema
	To     [][]int    `json:"to"`     // (c, levels) the new level of each
	Levels [][]string `json:"levels"` // (c) the new levels
}

var (
	_ Transformer = Pool{}
	_ Fitted      = fittedPool{}
)

func (o Pool) WithDefaults() Transformer {
	if o.Share == 0 {
		o.Share = .02
	}
	if o.Into == "" {
		o.Into = "other"
	}
	return o
}

// Fit finds the rare levels. If there is a level with the name Into, they join it.
func (o Pool) Fit(t *table.Table) (Fitted, error) {
	const op = "prep.Pool"
	o = o.WithDefaults().(Pool)
	if !(o.Share > 0 && o.Share < 1) {
		return nil, fault.Option(op, "Share", o.Share, "a share above 0 and below 1 (0 means 0.02)")
	}
	b, at, err := table.SchemaOf(op, t, o.Columns, func(c table.Column) bool { return c.Categorical() && !c.Ordered })
	if err != nil {
		return nil, err
	}
	f := fittedPool{Schema: b}
	for _, j := range at {
		c := t.Raw().Columns[j]
		shares := stats.LevelShares(t.Raw().Column(j), t.Raw().Weights, len(c.Levels))
		to, levels, pooled := make([]int, len(c.Levels)), []string(nil), false
		for l, name := range c.Levels {
			if shares[l] < o.Share || name == o.Into { // a level that nobody has is rare; where nobody has any, none is
				to[l], pooled = -1, true
				continue
			}
			to[l] = len(levels)
			levels = append(levels, name)
		}
		for l := range to {
			if to[l] < 0 {
				to[l] = len(levels)
			}
		}
		if pooled {
			levels = append(levels, o.Into)
		}
		f.To, f.Levels = append(f.To, to), append(f.Levels, levels)
	}
	return f, nil
}

// Apply combines rare levels, after the others. Labels stay with the levels that remain.
func (f fittedPool) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.Pool", t)
	if err != nil {
		return nil, err
	}
	out := change(t, at, func(p int, v float64) float64 {
		if math.IsNaN(v) {
			return v
		}
		return float64(f.To[p][int(v)])
	})
	for p, j := range at {
		c := &out.Raw().Columns[j]
		if words := c.Labels; words != nil {
			c.Labels = make([]string, len(f.Levels[p]))
			for l, to := range f.To[p] {
				if c.Levels[l] == f.Levels[p][to] {
					c.Labels[to] = words[l]
				}
			}
		}
		c.Levels = slices.Clone(f.Levels[p])
	}
	return out, nil
}

// TakesCategories says that a recipe without Columns includes categories.
func (Pool) TakesCategories() bool { return true }

// Kind is "pool".
func (fittedPool) Kind() string { return "pool" }

func (f fittedPool) Valid() error {
	if len(f.To) != len(f.Columns) || len(f.Levels) != len(f.Columns) {
		return fault.Errorf(fault.ErrFormat, "segkit: transform \"pool\" has levels for %d of %d columns", len(f.To), len(f.Columns))
	}
	for p, c := range f.Columns {
		if len(f.To[p]) != len(c.Levels) || slices.ContainsFunc(f.To[p], func(l int) bool { return l < 0 || l >= len(f.Levels[p]) }) {
			return fault.Errorf(fault.ErrFormat, "segkit: transform \"pool\" does not fit the %d levels of column %q", len(c.Levels), c.Name)
		}
	}
	return f.Check("pool")
}

// SQL implements the step of Model.SQL.
func (f fittedPool) SQL(q *query.Query) {
	at := q.At(f.ColumnNames())
	q.Change("Pool", at, func(p int, x string) string {
		into := map[int][]string{}
		for l, to := range f.To[p] {
			into[to] = append(into[to], q.Text(f.Columns[p].Levels[l]))
		}
		text := "CASE"
		for to, level := range f.Levels[p] {
			text += fmt.Sprintf(" WHEN %s IN (%s) THEN %s", x, strings.Join(into[to], ", "), q.Text(level))
		}
		return text + " END"
	})
	for p, j := range at {
		q.Columns[j].Levels = f.Levels[p]
	}
}
