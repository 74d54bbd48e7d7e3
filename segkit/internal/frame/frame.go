// Package frame writes results as the data frames of gota, which notebook users know. Every result's Frame method declares its
// columns here, so that what is peculiar to gota stays in one file.
//
//	frame.New(
//		frame.Each("k", points, func(p Point) int { return p.K }),
//		frame.Numbers([]string{"low", "high"}, points, func(p Point) []float64 { return []float64{p.Low, p.High} }),
//	)
package frame

import (
	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// Frame is what gota calls a DataFrame.
type Frame = dataframe.DataFrame

// Columns stand side by side in a frame.
type Columns []series.Series

// New is the frame of all columns in order.
func New(columns ...Columns) Frame {
	var all []series.Series
	for _, c := range columns {
		all = append(all, c...)
	}
	return dataframe.New(all...)
}

// Column is one column of the given values (n).
func Column[T string | int | float64 | bool](name string, values []T) Columns {
	var kind series.Type
	switch any(values).(type) {
	case []string:
		kind = series.String
	case []int:
		kind = series.Int
	case []float64:
		kind = series.Float
	case []bool:
		kind = series.Bool
	}
	return Columns{series.New(values, kind, name)}
}

// Each is one column with a value of each row.
func Each[R any, T string | int | float64 | bool](name string, rows []R, value func(row R) T) Columns {
	values := make([]T, len(rows))
	for i, row := range rows {
		values[i] = value(row)
	}
	return Column(name, values)
}

// Numbers is as many columns of numbers as there are names (m); values gives those of a row (m).
func Numbers[R any](names []string, rows []R, values func(row R) []float64) Columns {
	columns := make([][]float64, len(names))
	for _, row := range rows {
		for c, v := range values(row) {
			columns[c] = append(columns[c], v)
		}
	}
	var out Columns
	for c, name := range names {
		out = append(out, Column(name, columns[c])...)
	}
	return out
}

// Texts is a column of n texts, some of which may be missing.
func Texts(name string, n int, text func(i int) (text string, known bool)) Columns {
	cells := make([]any, n)
	for i := range cells {
		if s, known := text(i); known {
			cells[i] = s
		}
	}
	return Columns{series.New(cells, series.String, name)}
}

// With is the frame with columns added, or in the place of those of the same names.
func With(f Frame, columns Columns) Frame {
	for _, c := range columns {
		f = f.Mutate(c)
	}
	return f
}
