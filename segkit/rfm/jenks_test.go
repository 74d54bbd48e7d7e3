package rfm

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Upper ends of the classes as jenkspy 0.4.1 (Python) gives them.
func TestJenksAgreesWithAnotherImplementation(t *testing.T) {
	squares, cubes := make([]float64, 200), make([]float64, 300)
	for i := range squares {
		squares[i] = float64((i + 1) * (i + 1) * 7919 % 1009)
	}
	for i := range cubes {
		v := float64((i + 1) * (i + 1) * (i + 1) % 97)
		cubes[i] = v * v
	}
	for _, c := range []struct {
		values []float64
		cuts   []float64
	}{
		{[]float64{1.3, 7.1, 7.3, 2.3, 3.9, 4.1, 7.8, 1.2, 4.3, 7.3, 5.0, 4.3}, []float64{2.3, 5}},
		{squares, []float64{195, 377, 564, 776}},
		{cubes, []float64{1156, 3025, 4900, 6241}},
	} {
		if got := jenks(c.values, nil, len(c.cuts)+1); !slices.Equal(got, c.cuts) {
			t.Errorf("cut at %v, want %v", got, c.cuts)
		}
	}
}

// spread is the sum of squared deviations from the mean of each bin.
func spread(values, weights []float64, cuts []float64) (sum float64) {
	for b := 0; b <= len(cuts); b++ {
		low, high := math.Inf(-1), math.Inf(1)
		if b > 0 {
			low = cuts[b-1]
		}
		if b < len(cuts) {
			high = cuts[b]
		}
		var w, x float64
		inside := func(v float64) bool { return low < v && v <= high }
		for i, v := range values {
			if inside(v) {
				w, x = w+weights[i], x+weights[i]*v
			}
		}
		for i, v := range values {
			if inside(v) {
				sum += weights[i] * (v - x/w) * (v - x/w)
			}
		}
	}
	return sum
}

// No choice of cuts among the values does better.
func TestJenksIsTheBestOfAllCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, bins := rapid.IntRange(1, 12).Draw(t, "n"), rapid.IntRange(2, 5).Draw(t, "bins")
		values, weights := make([]float64, n), make([]float64, n)
		for i := range values {
			values[i] = float64(rapid.IntRange(0, 20).Draw(t, "value")) + 1e6
			weights[i] = float64(rapid.IntRange(1, 3).Draw(t, "weight"))
		}
		cuts := jenks(values, weights, bins)
		if len(cuts) != bins-1 || !slices.IsSorted(cuts) {
			t.Fatalf("cuts %v", cuts)
		}
		best := math.Inf(1)
		var try func(chosen []float64)
		distinct := slices.Compact(slices.Sorted(slices.Values(values)))
		try = func(chosen []float64) {
			if len(chosen) == bins-1 {
				best = min(best, spread(values, weights, chosen))
				return
			}
			for _, v := range distinct {
				if len(chosen) == 0 || v >= chosen[len(chosen)-1] {
					try(append(slices.Clone(chosen), v))
				}
			}
		}
		try(nil)
		if got := spread(values, weights, cuts); got > best+1e-6 {
			t.Fatalf("%v cut at %v: %g, possible is %g", values, cuts, got, best)
		}
		// a weight of 2 is the same as two customers
		var repeated []float64
		for i, v := range values {
			repeated = append(repeated, slices.Repeat([]float64{v}, int(weights[i]))...)
		}
		if again := spread(values, weights, jenks(repeated, nil, bins)); math.Abs(again-best) > 1e-6 {
			t.Fatalf("repeated customers give %g, weights %g", again, best)
		}
	})
}

func TestJenksOfFewDistinctValuesUsesBothEnds(t *testing.T) {
	orders := []float64{1, 1, 1, 1, 2, 9}
	s, err := Score(customers(t, upTo(6), orders, upTo(6)), Options{By: Jenks})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{1, 1, 1, 1, 4, 5}; !slices.Equal(s.F, want) {
		t.Errorf("scores %v, want %v", s.F, want)
	}
	if s, err = Score(customers(t, upTo(6), []float64{3, 3, 3, 3, 3, 3}, upTo(6)), Options{By: Jenks}); err != nil || s.F[0] != 1 {
		t.Errorf("one value: %v, %v", s, err)
	}
}
