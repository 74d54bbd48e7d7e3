package segkit

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatWeightsAreWorth(t *testing.T) {
	weights := make([]float64, 1000)
	for i := range weights {
		weights[i] = 1
		if i >= 900 {
			weights[i] = 9
		}
	}
	// Kish 1965: (900 + 900)^2 / (900 + 100 * 81) = 360
	if got := SamplingWeights.Worth(weights); got != 360 {
		t.Errorf("sampling weights are worth %g customers, want 360", got)
	}
	if got := FrequencyWeights.Worth(weights); got != 1800 {
		t.Errorf("frequency weights are worth %g customers, want 1800", got)
	}
	if got := SamplingWeights.Worth(nil); !math.IsNaN(got) {
		t.Errorf("no weights are worth %g customers", got)
	}
}

func TestWeightsOfEachKind(t *testing.T) {
	x := numbers(t, 1, 0, 1, 4)
	w, err := x.WithWeights([]float64{1, 2, 5})
	if err != nil || w.Weighting() != SamplingWeights {
		t.Errorf("weights are taken as %v (%v)", w.Weighting(), err)
	}
	f, err := x.WithWeights([]float64{1, 2, 5}, FrequencyWeights)
	if err != nil || f.Weighting() != FrequencyWeights || f.Head(2).Weighting() != FrequencyWeights || f.Fingerprint() == w.Fingerprint() {
		t.Errorf("frequency weights are taken as %v (%v)", f.Weighting(), err)
	}
	var back Table
	if err := back.UnmarshalBinary(sure(f.MarshalBinary())); err != nil || back.Fingerprint() != f.Fingerprint() {
		t.Errorf("stored and read, the weights mean something else (%v)", err)
	}
	if _, err := x.WithWeights([]float64{1, 2.5, 5}, FrequencyWeights); !errors.Is(err, ErrSchema) {
		t.Errorf("a row repeated 2.5 times: %v", err)
	}
	if _, err := x.WithWeights([]float64{1, 2, 5}, Weighting(7)); err == nil {
		t.Error("an unknown kind of weights is taken")
	}
}

// The median of 0, 1 and 4 with equal weights is 1, whatever their size; a sum of tenths falls short of a whole number.
func TestEqualWeightsAreNoWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-100, 100), 2, 40).Draw(t, "values")
		w := rapid.OneOf(rapid.SampledFrom([]float64{.1, .3, 3, 1e-9}), rapid.Float64Range(.01, 20)).Draw(t, "weight")
		plain := &Table{ids: make([]string, len(values)), columns: []Column{{Name: "x"}}, data: values}
		weights := make([]float64, len(values))
		for i := range weights {
			weights[i] = w
		}
		weighted := sure(plain.WithWeights(weights))
		a, b := weighted.Summary().Columns[0], plain.Summary().Columns[0]
		for i, pair := range [][2]float64{{a.Q1, b.Q1}, {a.Median, b.Median}, {a.Q3, b.Q3}, {a.Mean, b.Mean}, {a.SD, b.SD}} {
			if math.Abs(pair[0]-pair[1]) > 1e-9 {
				t.Fatalf("figure %d of %v is %g with weights %g, want %g", i, values, pair[0], w, pair[1])
			}
		}
	})
}
