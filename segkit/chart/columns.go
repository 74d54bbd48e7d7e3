package chart

// Reading columns and segments of a table for drawing.

import (
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/table"
)

// numbers returns the column's finite values with their weights (1 where the table has none), and how many are missing.
func numbers(op string, t *table.Table, column string) (c table.Column, values, weights []float64, missing int, err error) {
	c, err = t.Column(column)
	if err != nil {
		return c, nil, nil, 0, err
	}
	if c.Categorical() {
		return c, nil, nil, 0, fault.Errorf(fault.ErrSchema, "segkit: chart.%s: column %q holds %d levels, not numbers", op, column, len(c.Levels))
	}
	all, err := t.Values(column)
	if err != nil {
		return c, nil, nil, 0, err
	}
	w, of := t.Weights(), customersOf(t)
	for i, v := range all {
		if !finite(v) {
			missing += of(i)
			continue
		}
		values = append(values, v)
		if w == nil {
			weights = append(weights, 1)
		} else {
			weights = append(weights, w[i])
		}
	}
	if len(values) == 0 {
		return c, nil, nil, missing, fault.Errorf(fault.ErrEmpty, "segkit: chart.%s: column %q has no value in %s", op, column, count(t.Len(), "customer"))
	}
	return c, values, weights, missing, nil
}

// customersOf returns how many customers row i of t is where they are counted: its weight where weights repeat rows, else one.
func customersOf(t *table.Table) func(i int) int {
	weights := t.Weights()
	return func(i int) int {
		if weights == nil || t.Weighting() != table.FrequencyWeights {
			return 1
		}
		return int(weights[i])
	}
}

// evidence returns the weights of t (n) scaled to add up to what the rows are worth, for residuals; nil without weights.
func evidence(t *table.Table) []float64 {
	weights, sum := t.Weights(), 0.0
	for _, w := range weights {
		sum += w
	}
	worth := t.Weighting().Worth(weights)
	for i := range weights {
		weights[i] *= worth / sum
	}
	return weights
}

// allCustomers is the number of customers in t.
func allCustomers(t *table.Table) (n int) {
	of := customersOf(t)
	for i := range t.Len() {
		n += of(i)
	}
	return n
}

func finite(v float64) bool { return !math.IsNaN(v - v) }

// numeric returns the table's columns that hold numbers.
func numeric(t *table.Table) []table.Column {
	var out []table.Column
	for _, c := range t.Columns() {
		if !c.Categorical() {
			out = append(out, c)
		}
	}
	return out
}

// extent returns the lowest and highest of the finite values.
func extent(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// groupsOf lists the labels to draw: every segment, and noise last where there is any.
func groupsOf(s *table.Segments, labels table.Labels) []int {
	groups := pick.All(s.K())
	for _, l := range labels {
		if l < 0 {
			return append(groups, table.Noise)
		}
	}
	return groups
}

// place returns where the label stands in groups.
func place(groups []int, label int) int {
	if label < 0 {
		return len(groups) - 1
	}
	return label
}

// mostBars is how many lying bars a page takes.
const mostBars = 24
