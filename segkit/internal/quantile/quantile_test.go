package quantile

import (
	"math"
	"slices"
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
		if got := Of(c.values, nil, false).At(c.p); math.Abs(got-c.out) > 1e-12 {
			t.Errorf("quantile %g of %v = %g, want %g", c.p, c.values, got, c.out)
		}
	}
	if got := Of([]float64{math.NaN()}, nil, false).At(0.5); !math.IsNaN(got) {
		t.Errorf("quantile of nothing = %g", got)
	}
}

// By hand: weights of 1 and 3 are worth 16/10 = 1.6 customers, so the median is the mean over the ranks .3 to 1.3 of 1.6, where the
// value 0 takes the first .4: 1 - .1 = .9. A weight of nearly 0 changes nothing, and one that outweighs all others decides alone.
func TestUnequalWeights(t *testing.T) {
	for _, c := range []struct {
		values, weights []float64
		p, out          float64
	}{
		{[]float64{0, 1}, []float64{1, 3}, .5, .9},
		{[]float64{0, 1, 4}, []float64{.1, .1, .1}, .5, 1},
		{[]float64{0, 1, 4, 9}, []float64{1, 1, 1, 1e-12}, .5, 1},
		{[]float64{0, 1, 4}, []float64{1, 1e12, 1}, .25, 1},
		{[]float64{5}, []float64{.3}, .7, 5},
	} {
		if got := Of(c.values, c.weights, false).At(c.p); math.Abs(got-c.out) > 1e-9 {
			t.Errorf("quantile %g of %v weighing %v = %g, want %g", c.p, c.values, c.weights, got, c.out)
		}
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
		got, want := Of(values, weights, true).At(p), Of(repeated, nil, true).At(p)
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("weighted %g, repeated %g", got, want)
		}
	})
}

// Equal weights of any size are no weights; the size of all weights together says nothing; and a quantile lies among the values,
// rises with p, and moves no further than rounding where weights are off by rounding.
func TestAnyWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 30).Draw(t, "values")
		p := rapid.OneOf(rapid.SampledFrom([]float64{0, .2, .25, .5, .75, 1}), rapid.Float64Range(0, 1)).Draw(t, "p")
		scale := math.Exp(rapid.Float64Range(-20, 20).Draw(t, "log scale"))
		near := func(what string, a, b float64) {
			if math.Abs(a-b) > 1e-9 {
				t.Fatalf("%s: %g, want %g", what, a, b)
			}
		}
		equal := slices.Repeat([]float64{scale}, len(values))
		if got, want := Of(values, equal, false).At(p), Of(values, nil, false).At(p); got != want {
			t.Fatalf("equal weights: %g, want %g", got, want)
		}

		weights, larger, rounded := make([]float64, len(values)), make([]float64, len(values)), make([]float64, len(values))
		for i := range weights {
			weights[i] = rapid.Float64Range(1e-3, 10).Draw(t, "weight")
			larger[i], rounded[i] = scale*weights[i], weights[i]*(1+1e-15*float64(i%3-1))
		}
		s := Of(values, weights, false)
		near("all weights scaled", Of(values, larger, false).At(p), s.At(p))
		near("weights rounded", Of(values, rounded, false).At(p), s.At(p))
		if v := s.At(p); v < slices.Min(values)-1e-12 || v > slices.Max(values) {
			t.Fatalf("quantile %g outside %v", v, values)
		}
		if q := rapid.Float64Range(p, 1).Draw(t, "q"); s.At(q) < s.At(p)-1e-9 {
			t.Fatalf("the %g-quantile %g is above the %g-quantile %g", p, s.At(p), q, s.At(q))
		}
	})
}
