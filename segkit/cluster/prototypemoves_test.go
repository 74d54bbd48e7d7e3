package cluster_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// smallMixed draws tables of few values in p numbers and q categories, often with weights, so that equal rows and ties are common.
func smallMixed(r *rapid.T) *table.Table {
	n, p, q := rapid.IntRange(1, 16).Draw(r, "n"), rapid.IntRange(0, 2).Draw(r, "numbers"), rapid.IntRange(0, 3).Draw(r, "categories")
	var columns []table.Column
	for j := range p {
		columns = append(columns, table.Column{Name: fmt.Sprint("number ", j)})
	}
	for j := range max(q, 1-p) {
		columns = append(columns, table.Column{Name: fmt.Sprint("category ", j), Levels: []string{"x", "y", "z"}[:2+j%2]})
	}
	var ids []string
	var data, weights []float64
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
		for _, c := range columns {
			if c.Categorical() {
				data = append(data, float64(rapid.IntRange(0, len(c.Levels)-1).Draw(r, "level")))
			} else {
				data = append(data, float64(rapid.IntRange(-3, 3).Draw(r, "value"))/2)
			}
		}
		weights = append(weights, rapid.Float64Range(0.1, 5).Draw(r, "weight"))
	}
	x, err := table.New(ids, columns, data)
	if err == nil && rapid.Bool().Draw(r, "weighted") {
		x, err = x.WithWeights(weights)
	}
	if err != nil {
		r.Fatal(err)
	}
	return x
}

// Where k-prototypes rests, no other segment for a pile of equal customers lowers the cost, as recomputed from the definition for every
// pile and segment; equal customers are together, and everyone is nearest to the own prototype, whose cost is the one of the definition.
func TestNoSingleMoveLowersTheCostOfPrototypes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := smallMixed(r)
		prototypesRest(r, x, cluster.KPrototypes{K: rapid.IntRange(1, trial.CountDifferent(x)).Draw(r, "k"), Gamma: rapid.Float64Range(0.05, 3).Draw(r, "gamma"), Restarts: 1,
			Seed: rapid.Int().Draw(r, "seed")})
	})
}

// Two customers are equal but for the last digit of their weights, so that the mean of their numbers is not quite the number of either. With as many segments as
// there are different customers, the cost is nothing but that rounding, and no reason to go on.
func TestPrototypesRestWhereTheCostIsRounding(t *testing.T) {
	columns := []table.Column{{Name: "a"}, {Name: "p", Levels: []string{"x", "y"}}}
	x := trial.Table(t, strings.Fields("1 2 3 4 5 6 7 8 9"), columns, []float64{0, 0, 0, 0, 0.5, 0, 0, 1, 0.5, 1, -1.5, 1, 1, 0, -0.5, 0, -1.5, 1})
	x, err := x.WithWeights([]float64{1, 1, 1, 1, 1, 1, 1, 1, math.Nextafter(1, 2)})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range 20 {
		prototypesRest(t, x, cluster.KPrototypes{K: 7, Gamma: 1, Restarts: 1, Seed: seed})
	}
}

func prototypesRest(t rapid.TB, x *table.Table, m cluster.KPrototypes) {
	t.Helper()
	c, err := cluster.Fit(x, m)
	if err != nil {
		t.Fatal(err)
	}
	now, sizes := costOfDivision(x, c.Labels, c.K, m.Gamma), c.Labels.Counts()
	if !c.Converged || slices.Min(sizes) == 0 || math.Abs(now-c.Cost) > 1e-9*(1+now) || c.Cost != c.Restarts[0].Cost {
		t.Fatalf("converged: %v, sizes %v, cost %v, by definition %v, of the start %v", c.Converged, sizes, c.Cost, now, c.Restarts[0].Cost)
	}
	piles := map[string][]int{}
	for i := range x.Len() {
		piles[fmt.Sprint(x.Row(i))] = append(piles[fmt.Sprint(x.Row(i))], i)
	}
	for _, pile := range piles {
		from := c.Labels[pile[0]]
		if slices.ContainsFunc(pile, func(i int) bool { return c.Labels[i] != from }) {
			t.Fatalf("equal rows %v are apart: %v", pile, c.Labels)
		}
		if sizes[from] == len(pile) {
			continue
		}
		for to := range c.K {
			moved := slices.Clone(c.Labels)
			for _, i := range pile {
				moved[i] = to
			}
			if after := costOfDivision(x, moved, c.K, m.Gamma); after < now*(1-2e-9)-1e-12 {
				t.Fatalf("moving rows %v from %d to %d lowers the cost from %v to %v", pile, from, to, now, after)
			}
		}
	}
	if predicted, err := c.Predict(x); err != nil || !slices.Equal(predicted, c.Labels) {
		t.Fatalf("labels %v, nearest prototypes %v (%v)", c.Labels, predicted, err)
	}
}

// More iterations never cost more, the moves among them.
func TestSingleMovesOfPrototypesNeverRaiseTheCost(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x, last := smallMixed(r), math.Inf(1)
		m := cluster.KPrototypes{K: rapid.IntRange(1, trial.CountDifferent(x)).Draw(r, "k"), Restarts: 1, Seed: rapid.Int().Draw(r, "seed")}
		for m.MaxIter = 1; ; m.MaxIter++ {
			c, err := cluster.Fit(x, m)
			if err != nil {
				r.Fatal(err)
			}
			if c.Cost > last*(1+1e-12)+1e-12 {
				r.Fatalf("cost %v after %d iterations, %v before", c.Cost, m.MaxIter, last)
			}
			if last = c.Cost; c.Converged {
				return
			}
		}
	})
}

// Three customers and one answer, where Huang's iterations can rest too early. Of -1, 1 and 2.9 with the answers x, x, x it is the move
// of k-means (TestSingleMoveByHand): -1 against 1 and 2.9 costs 1.805 instead of 2. Where 1 and 2.9 differ in an answer, the move would
// cost Gamma more than it saves.
func TestSingleMoveOfPrototypesByHand(t *testing.T) {
	columns := []table.Column{{Name: "a"}, {Name: "p", Levels: []string{"x", "y"}}}
	for _, c := range []struct {
		gamma, answer, cost float64
		labels              table.Labels
	}{
		{1, 0, 1.805, table.Labels{1, 0, 0}},
		{1, 1, 2, table.Labels{0, 0, 1}},
		{0.1, 1, 1.905, table.Labels{1, 0, 0}}, // 1.805 and one of two has another answer
	} {
		x := trial.Table(t, []string{"1", "2", "3"}, columns, []float64{-1, 0, 1, 0, 2.9, c.answer})
		for seed := range 20 {
			got := fit(t, x, cluster.KPrototypes{K: 2, Gamma: c.gamma, Restarts: 1, Seed: seed})
			if math.Abs(got.Cost-c.cost) > 1e-12 || !slices.Equal(got.Labels, c.labels) {
				t.Errorf("gamma %v, answer %v, seed %d: labels %v, cost %v, want %v, %v", c.gamma, c.answer, seed, got.Labels, got.Cost, c.labels, c.cost)
			}
		}
	}
}

// The number of processors makes no difference in any bit.
func TestSingleMovesOfPrototypesOnAnyProcessors(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var data []float64
	for range 2000 {
		data = append(data, float64(r.IntN(30)), float64(r.IntN(3)), float64(r.IntN(2)), r.NormFloat64())
	}
	levels := []string{"x", "y", "z"}
	x := trial.Table(t, trial.Numbered(t, 4, data).IDs(), []table.Column{{Name: "a"}, {Name: "p", Levels: levels}, {Name: "q", Levels: levels}, {Name: "b"}}, data)
	m := cluster.KPrototypes{K: 6, Restarts: 4}
	var first *cluster.Clustering
	for _, procs := range []int{1, 2, 8} {
		trial.WithProcs(procs, func() {
			c := fit(t, x, m)
			if first == nil {
				first = c
			}
			if c.Cost != first.Cost || !slices.Equal(c.Labels, first.Labels) || !slices.Equal(c.Centers.Row(5), first.Centers.Row(5)) {
				t.Errorf("cost %v on %d processors, %v on one", c.Cost, procs, first.Cost)
			}
		})
	}
}
