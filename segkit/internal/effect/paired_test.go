package effect

import (
	"context"
	"math"
	"testing"

	"github.com/segkit/lab/segkit/table"
)

// Where no value is known, or all are the same, there is nothing that labels could say about them.
func TestNothingIsSaidOfValuesThatDoNotDiffer(t *testing.T) {
	labels := table.Labels{0, 1, 0, 1, 0, 1}
	nan := math.NaN()
	for customers, values := range map[int][]float64{6: {3, 3, 3, 3, 3, 3}, 4: {3, 3, nan, 3, 3, nan}, 0: {nan, nan, nan, nan, nan, nan}} {
		got, err := Compare(context.Background(), values, nil, labels, labels, 1)
		if err != nil || got.Customers != customers {
			t.Fatalf("%v: %+v, %v", values, got, err)
		}
		for _, v := range []float64{got.First, got.Second, got.Difference, got.Low, got.High} {
			if !math.IsNaN(v) {
				t.Errorf("%v: %+v", values, got)
			}
		}
	}
}
