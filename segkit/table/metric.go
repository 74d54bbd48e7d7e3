package table

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/wording"
)

// The goal's metric: a number per customer, or yes and no, measured afterwards.

// Metric returns a column as a metric (n): numbers unchanged; for yes and no (Column.Yes), 1 for yes; for two other levels, 1 for
// the second, under a name such as "status = left". Missing stays NaN. Any other category is ErrSchema, with what to do about it.
func (t *Table) Metric(column string) (Column, []float64, error) {
	if t == nil {
		return Column{}, nil, fault.Nil("table.Table.Metric", "table")
	}
	j, err := t.Index(column)
	if err != nil {
		return Column{}, nil, err
	}
	c, values := t.raw.Columns[j], t.Raw().Column(j)
	switch yes := c.Yes(); {
	case !c.Categorical():
	case len(c.Levels) == 2:
		if yes < 0 {
			c.Name += " = " + c.Word(1)
		}
		if yes == 0 {
			for i, v := range values {
				values[i] = 1 - v
			}
		}
		c.Levels, c.Labels, c.Ordered = nil, nil, false
	default:
		return Column{}, nil, &fault.CellError{Op: "table.Table.Metric", Column: column, Err: fault.ErrSchema,
			Why:    fmt.Sprintf("is a category of %s, and a metric is a number, or yes and no", wording.Plural(len(c.Levels), "level")),
			Remedy: fmt.Sprintf("ask about one of them: With(\"metric\", `%s == %q`)", condition.Name(column), c.Levels[len(c.Levels)-1])}
	}
	return c, values, nil
}

// MetricName returns name or, if that is "", the first column that can be a metric; "" if there is none.
func (t *Table) MetricName(name string) string {
	if at := slices.IndexFunc(t.raw.Columns, func(c Column) bool { return !c.Categorical() || len(c.Levels) == 2 }); name == "" && at >= 0 {
		return t.raw.Columns[at].Name
	}
	return name
}

// MetricFor returns a metric of t for the customers with the given ids (n), NaN for those who are not in t, and the number of
// these.
func (t *Table) MetricFor(ids []string, column string) (c Column, values []float64, absent int, err error) {
	if t == nil {
		return Column{}, nil, 0, fault.Nil("table.Table.MetricFor", "table")
	}
	c, of, err := t.Metric(column)
	if err != nil {
		return c, nil, 0, err
	}
	known := make(map[string]float64, t.Len())
	for i, id := range t.raw.IDs {
		known[id] = of[i]
	}
	values = make([]float64, len(ids))
	for i, id := range ids {
		v, ok := known[id]
		if values[i] = v; !ok {
			values[i] = math.NaN()
			absent++
		}
	}
	return c, values, absent, nil
}
