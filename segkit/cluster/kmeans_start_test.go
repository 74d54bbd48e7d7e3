package cluster

import (
	"context"
	"math"
	"testing"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
)

// The first centre is drawn by weight, the second by weight x squared distance to the first.
func TestPlusPlusDrawsByWeightAndDistance(t *testing.T) {
	x, err := trial.Numbers(t, 1, 0, 1, 3).WithWeights([]float64{1, 2, 5})
	if err != nil {
		t.Fatal(err)
	}
	p := newLloyd(context.Background(), KMeans{K: 1}.resolved(), x, par.InTurn)
	const draws = 20_000
	first, second := map[float64]int{}, map[int]int{}
	dist, parts := []float64{9, 4, 0}, make([]float64, 1) // to the row at 3
	if err := p.potential(t.Context(), nil, dist, dist, parts); err != nil || parts[0] != 9+8 {
		t.Fatalf("potential %v, %v, want 1*9 + 2*4 + 5*0", parts, err)
	}
	for i := range draws {
		centers, err := p.plusPlus(t.Context(), seed.Stream(1, "first", i))
		if err != nil {
			t.Fatal(err)
		}
		first[centers[0]]++
		second[p.draw(seed.Stream(1, "second", i), dist, parts)]++
	}
	near := func(what string, got int, share float64) {
		if sd := math.Sqrt(draws * share * (1 - share)); math.Abs(float64(got)-draws*share) > 4*sd {
			t.Errorf("%s: drawn %d times of %d, want about %.0f", what, got, draws, draws*share)
		}
	}
	near("first centre at 0", first[0], 1./8)
	near("first centre at 3", first[3], 5./8)
	near("second centre at 0", second[0], 9./17)
	if second[2] != 0 {
		t.Errorf("the first centre was drawn again %d times", second[2])
	}
}

// Rounding between the sums of chunks and those of rows never draws a row of potential 0.
func TestDrawAtTheEdge(t *testing.T) {
	x := trial.Numbers(t, 1, 0, 1, 2)
	p := newLloyd(context.Background(), KMeans{K: 2}.resolved(), x, par.InTurn)
	r := seed.Stream(1, "edge", 0)
	if i := p.draw(r, []float64{0, 1, 0}, []float64{1e-300}); i != 1 {
		t.Fatalf("drew row %d", i)
	}
	if i := p.draw(r, []float64{0, 1, 0}, []float64{1e300}); i != 1 { // more is left than the rows hold
		t.Fatalf("drew row %d", i)
	}
}
