package chart

// Reading columns and segments of a table for drawing.

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit"
)

// numbers returns the column's finite values with their weights (1 where the table has none), and how many are missing.
func numbers(op string, t *segkit.Table, column string) (c segkit.Column, values, weights []float64, missing int, err error) {
	c, err = t.Column(column)
	if err != nil {
		return c, nil, nil, 0, err
	}
	if c.Categorical() {
		return c, nil, nil, 0, fmt.Errorf("segkit: chart.%s: column %q holds %d levels, not numbers: %w", op, column, len(c.Levels), segkit.ErrSchema)
	}
	all, err := t.Values(column)
	if err != nil {
		return c, nil, nil, 0, err
	}
	w := t.Weights()
	for i, v := range all {
		if !finite(v) {
			missing++
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
		return c, nil, nil, missing, fmt.Errorf("segkit: chart.%s: column %q has no value in %s: %w", op, column, count(t.Len(), "customer"), segkit.ErrEmpty)
	}
	return c, values, weights, missing, nil
}

func finite(v float64) bool { return !math.IsNaN(v - v) }

// numeric returns the table's columns that hold numbers.
func numeric(t *segkit.Table) []segkit.Column {
	var out []segkit.Column
	for _, c := range t.Columns() {
		if !c.Categorical() {
			out = append(out, c)
		}
	}
	return out
}
