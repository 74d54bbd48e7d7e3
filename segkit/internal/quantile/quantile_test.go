package quantile

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Type 7 by its definition: numpy.quantile([1, 2, 4, 8], 0.4) = 2.4; R: quantile(c(15, 20, 35, 40, 50), .4) = 29.
func TestTypeSeven(t *testing.T) {
	for _, c := range []struct {
		values []float64
		p, out float64
	}{
		{[]float64{8, 1, 4, 2}, 0.4, 2.4},
		{[]float64{15, 20, 35, 40, 50}, 0.4, 29},
		{[]float64{3, math.NaN(), 1}, 0.5, 2},
		{[]float64{7}, 0.9, 7},
		{[]float64{1, 2}, 1, 2},
		{[]float64{1, 2}, 0, 1},
	} {
		if got := Of(c.values, nil).At(c.p); math.Abs(got-c.out) > 1e-12 {
			t.Errorf("quantile %g of %v = %g, want %g", c.p, c.values, got, c.out)
		}
	}
	if got := Of([]float64{math.NaN()}, nil).At(0.5); !math.IsNaN(got) {
		t.Errorf("quantile of nothing = %g", got)
	}
}

func TestWeightTwoIsTwoCustomers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 20).Draw(t, "values")
		weights, repeated := make([]float64, len(values)), []float64{}
		for i, v := range values {
			w := rapid.IntRange(0, 3).Draw(t, "weight")
			weights[i] = float64(w)
			for range w {
				repeated = append(repeated, v)
			}
		}
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		got, want := Of(values, weights).At(p), Of(repeated, nil).At(p)
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("weighted %g, repeated %g", got, want)
		}
	})
}
