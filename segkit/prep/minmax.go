package prep

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/table"
)

// MinMax scales every column to 0 at its smallest value and 1 at its largest. One extreme customer squeezes all others together: use
// Winsor first, or Robust instead. New customers beyond the two values end up below 0 or above 1. Missing values stay missing. A
// column whose values are all equal is refused. Weights make no difference: a row of any weight can be the smallest or the largest.
// Fit costs n·c.
type MinMax struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
}

var _ Transformer = MinMax{}

const unitOfRange = "of the range"

// Fit learns the smallest and the largest values.
func (o MinMax) Fit(t *table.Table) (Fitted, error) {
	return fitScale("prep.MinMax", unitOfRange, t, o.Columns, func(values []float64) (center, scale float64, why, remedy string) {
		low, high := math.NaN(), math.NaN()
		for _, v := range values {
			if !(v >= low) && !math.IsNaN(v) {
				low = v
			}
			if !(v <= high) && !math.IsNaN(v) {
				high = v
			}
		}
		return low, high - low, fmt.Sprintf("is %v for every customer, so it has no range", low), "leave the column out"
	})
}
