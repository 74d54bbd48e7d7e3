package rulebook

import (
	"math"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// What customers are worth: the sums of a table's value columns that go with every change of segments.

// worth is the value columns of a table.
type worth struct {
	columns []table.Column // (v) of Role Value
	values  [][]float64    // (v x n) weighted; 0 where missing, as in Profile.ValueShare
}

func worthOf(t *table.Table) worth {
	var w worth
	for j, c := range t.Raw().Columns {
		if c.Role != table.Value || c.Categorical() {
			continue
		}
		values := t.Raw().Column(j)
		for i, v := range values {
			if values[i] = float64(t.Weight(i) * v); math.IsNaN(v) {
				values[i] = 0
			}
		}
		w.columns, w.values = append(w.columns, c), append(w.values, values)
	}
	return w
}

// of returns the sums over some customers (v).
func (w worth) of(rows []int) []float64 {
	sums := make([]float64, len(w.columns))
	for c, values := range w.values {
		for _, i := range rows {
			sums[c] += values[i]
		}
	}
	return sums
}

// all returns the sums over all customers (v).
func (w worth) all() []float64 {
	sums := make([]float64, len(w.columns))
	for c, values := range w.values {
		for _, v := range values {
			sums[c] += v
		}
	}
	return sums
}

// bySegment returns the sums over the customers of each of k segments (k x v); noise is left out.
func (w worth) bySegment(l table.Labels, k int) [][]float64 {
	sums := make([][]float64, k)
	for s := range sums {
		sums[s] = make([]float64, len(w.columns))
	}
	for i, s := range l {
		for c := range w.columns {
			if s >= 0 {
				sums[s][c] += w.values[c][i]
			}
		}
	}
	return sums
}

// valueColumns appends to a sheet, whose rows are there, the sums of every value column (rows x v) and their shares of the whole.
func valueColumns(out *sheet.Sheet, columns []table.Column, sums [][]float64, totals []float64) {
	for c, column := range columns {
		out.Columns = append(out.Columns, sheet.Column{Name: column.Name, Unit: column.Unit}, sheet.Column{Name: "of " + column.Name})
		values := make([]float64, len(sums))
		for r := range sums {
			values[r] = sums[r][c]
		}
		for r, cell := range sheet.Numbers(values) {
			out.Rows[r] = append(out.Rows[r], cell, sheet.Percent(shareOf(values[r], totals[c])))
		}
	}
}

// valueFrame are the sums of every value column (rows x v) as columns of a frame.
func valueFrame(columns []table.Column, sums [][]float64) frame.Columns {
	names := make([]string, len(columns))
	for c, column := range columns {
		names[c] = column.Name
	}
	return frame.Numbers(names, sums, func(row []float64) []float64 { return row })
}

// shareOf is part / whole, NaN where the whole is not positive.
func shareOf(part, whole float64) float64 {
	if whole > 0 {
		return part / whole
	}
	return math.NaN()
}
