package rulebook

import (
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// What customers are worth, laid out: the sums of a table's value columns that go with every change of segments.

// valueColumns appends to a sheet, whose rows are there, the sums of every value column (rows x v) and their shares of the whole.
func valueColumns(out *sheet.Sheet, columns []table.Column, sums [][]float64, totals []float64) {
	for c, column := range columns {
		out.Columns = append(out.Columns, sheet.Column{Name: column.Name, Unit: column.Unit}, sheet.Column{Name: "of " + column.Name})
		values := make([]float64, len(sums))
		for r := range sums {
			values[r] = sums[r][c]
		}
		for r, cell := range sheet.Numbers(values) {
			out.Rows[r] = append(out.Rows[r], cell, sheet.Percent(worth.Share(values[r], totals[c])))
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
