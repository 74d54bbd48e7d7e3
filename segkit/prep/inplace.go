package prep

import (
	"slices"

	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// Steps that change values where they stand, for scoring many customers without a copy of the table for each step: InPlace takes the
// columns as they are at the step (a table without rows) and returns what changes whole rows (m*d). It reports false, having changed only
// some of them, where it meets a customer that Apply would refuse. The numbers are those of Apply, to the last bit.

// InPlace implements scoring without a copy.
func (f fittedLog1p) InPlace(stage *table.Table) func(rows []float64) bool {
	return inPlace(f.Schema, "prep.Log1p", stage, func(column []float64, d int, _ int) bool {
		for i := 0; i < len(column); i += d {
			if !(column[i] > -1) { // missing ones too
				return false
			}
			column[i] = log1p(column[i])
		}
		return true
	})
}

// InPlace implements scoring without a copy.
func (f fittedScale) InPlace(stage *table.Table) func(rows []float64) bool {
	at, err := f.Find("prep."+f.name(), stage)
	if err != nil {
		return nil
	}
	_, d := stage.Dims()
	center, scale := make([]float64, d), slices.Repeat([]float64{1}, d) // columns that are not scaled keep their values
	for p, j := range at {
		center[j], scale[j] = f.Center[p], f.Scale[p]
	}
	center, scale = vec.Repeat(center), vec.Repeat(scale)
	return func(rows []float64) bool {
		vec.Scale(rows, center, scale)
		return true
	}
}

// InPlace implements scoring without a copy.
func (f fittedWinsor) InPlace(stage *table.Table) func(rows []float64) bool {
	return valueByValue(f.Schema, "prep.Winsor", stage, f.value)
}

// InPlace implements scoring without a copy.
func (f fittedYeoJohnson) InPlace(stage *table.Table) func(rows []float64) bool {
	return valueByValue(f.Schema, "prep.YeoJohnson", stage, f.value)
}

// InPlace implements scoring without a copy.
func (f fittedQuantile) InPlace(stage *table.Table) func(rows []float64) bool {
	return valueByValue(f.Schema, "prep.Quantile", stage, f.value)
}

// InPlace implements scoring without a copy.
func (f fittedImpute) InPlace(stage *table.Table) func(rows []float64) bool {
	return valueByValue(f.Schema, "prep.Impute", stage, f.value)
}

// InPlace implements scoring without a copy.
func (f fittedSnap) InPlace(stage *table.Table) func(rows []float64) bool {
	return valueByValue(f.Schema, "prep.Snap", stage, f.value)
}

// valueByValue changes the columns of b by value, where p counts in them.
func valueByValue(b table.Schema, op string, stage *table.Table, value func(p int, v float64) float64) func(rows []float64) bool {
	return inPlace(b, op, stage, func(column []float64, d int, p int) bool {
		for i := 0; i < len(column); i += d {
			column[i] = value(p, column[i])
		}
		return true
	})
}

// inPlace has do change one column after the other: every d-th value of column, which begins with that of the first row. It is nil where the columns
// do not fit, which Apply says.
func inPlace(b table.Schema, op string, stage *table.Table, do func(column []float64, d, p int) bool) func(rows []float64) bool {
	at, err := b.Find(op, stage)
	if err != nil {
		return nil
	}
	_, d := stage.Dims()
	return func(rows []float64) bool {
		for p, j := range at {
			if !do(rows[j:], d, p) {
				return false
			}
		}
		return true
	}
}
