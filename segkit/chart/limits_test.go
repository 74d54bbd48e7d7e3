package chart

import (
	"errors"
	"math"
	"testing"

	"github.com/segkit/lab/segkit/fault"
)

// Gini's coefficient at its limits: 0 where all bring the same, 1 - 1/n where one brings everything, and none where there is nothing
// to share out.
func TestGiniAtItsLimits(t *testing.T) {
	ones := []float64{1, 1, 1, 1}
	for _, c := range []struct {
		values, weights []float64
		want            float64
	}{
		{[]float64{5, 5, 5, 5}, ones, 0},
		{[]float64{9, 0, 0, 0}, ones, 1 - 1./4},
		{[]float64{7}, ones[:1], 0},
		{[]float64{9, 0}, []float64{1, 3}, 1 - 1./4},
	} {
		curve, err := concentration(c.values, c.weights)
		if err != nil || math.Abs(curve.gini()-c.want) > 1e-12 {
			t.Errorf("%v: %v, want %v (%v)", c.values, curve.gini(), c.want, err)
		}
	}
	for _, nothing := range [][]float64{{0, 0}, {-1, 1}} {
		if _, err := concentration(nothing, ones[:2]); !errors.Is(err, fault.ErrUndefined) {
			t.Errorf("%v: %v", nothing, err)
		}
	}
}
