package chart

import (
	"testing"

	"gonum.org/v1/plot/plotter"
	"pgregory.net/rapid"
)

func TestHullIsConvexAndHoldsEveryPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var points plotter.XYs // whole numbers: turns are exact, points repeat and lie in lines
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			points = append(points, plotter.XY{X: float64(rapid.IntRange(-5, 5).Draw(t, "x")), Y: float64(rapid.IntRange(-5, 5).Draw(t, "y"))})
		}
		around := hull(points)
		n := len(around)
		if n < 3 {
			return
		}
		for i := range around {
			a, b := around[i], around[(i+1)%n]
			if !leftTurn(a, b, around[(i+2)%n]) {
				t.Fatalf("%v turns right", around)
			}
			for _, p := range points {
				if leftTurn(b, a, p) {
					t.Fatalf("%v lies outside %v", p, around)
				}
			}
		}
	})
}

func TestCoreIsTheInnerHalf(t *testing.T) {
	got := core(plotter.XYs{{X: 9}, {X: 1}, {X: -3}, {X: 2}, {X: 100}}, plotter.XY{})
	if len(got) != 3 || got[0].X != 1 || got[1].X != 2 || got[2].X != -3 {
		t.Errorf("core %v", got)
	}
}
