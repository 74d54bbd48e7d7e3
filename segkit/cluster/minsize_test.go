package cluster_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// On few customers all divisions can be tried: none that keeps the smallest size is cheaper for the centres that were found.
func TestSmallestSizeAgainstEveryDivision(t *testing.T) {
	bound := 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 3))
		n, k := 5+r.IntN(4), 2+r.IntN(3)
		least := 1 + r.IntN(n/k)
		data := make([]float64, 2*n)
		for i := range data {
			if data[i] = r.NormFloat64(); seed%3 == 0 {
				data[i] = float64(r.IntN(9)) // ties
			}
			data[i] *= 1 + float64(20*(i/(2*(n-1)))) // the last customer lies far away
		}
		x := trial.Numbered(t, 2, data)
		if trial.CountDifferent(x) < k {
			continue
		}
		if seed%2 == 0 {
			weights := make([]float64, n)
			for i := range weights {
				weights[i] = 0.5 + r.Float64()
			}
			var err error
			if x, err = x.WithWeights(weights); err != nil {
				t.Fatal(err)
			}
		}
		c := fit(t, x, cluster.KMeans{K: k, MinSize: least, Restarts: 2, MaxIter: 1 + r.IntN(5), Seed: int(seed)})
		counts := c.Labels.Counts()
		if len(counts) < k || slices.Min(counts) < least {
			t.Fatalf("seed %d: sizes %v, want %d at least", seed, counts, least)
		}
		cheapest, labels, sizes := math.Inf(1), make([]int, n), make([]int, k)
		var try func(i int, cost float64)
		try = func(i int, cost float64) {
			if i == n {
				if slices.Min(sizes) >= least {
					cheapest = min(cheapest, cost)
				}
				return
			}
			w := 1.0
			if x.Weights() != nil {
				w = x.Weights()[i]
			}
			for s := range k {
				labels[i] = s
				sizes[s]++
				try(i+1, cost+w*trial.Squared(x.Row(i), c.Centers.Row(s)))
				sizes[s]--
			}
		}
		try(0, 0)
		if math.Abs(c.Cost-cheapest) > 1e-9*(1+cheapest) {
			t.Fatalf("seed %d: cost %v, the best division with %d each costs %v", seed, c.Cost, least, cheapest)
		}
		if ids := c.Centers.IDs(); !slices.IsSorted(ids) {
			t.Fatalf("seed %d: centres are called %v", seed, ids)
		}
		if predicted, err := c.Predict(x); err != nil {
			t.Fatal(err)
		} else if !slices.Equal(predicted, c.Labels) {
			bound++
		}
	}
	if bound < 20 {
		t.Fatalf("the smallest size decided in %d cases only", bound)
	}
}

func TestSmallestSizeThatDoesNotBindChangesNothing(t *testing.T) {
	x := trial.Groups(t, 3000, 3, 4, 6)
	free, held := fit(t, x, cluster.KMeans{K: 4}), fit(t, x, cluster.KMeans{K: 4, MinShare: 0.1})
	if !slices.Equal(free.Labels, held.Labels) || free.Cost != held.Cost {
		t.Fatalf("cost %v, without a smallest size %v", held.Cost, free.Cost)
	}
}

// The cost falls from one iteration to the next also where the size binds, and equal sizes can be asked for.
func TestSmallestSizeCostNeverRises(t *testing.T) {
	x := trial.Groups(t, 500, 2, 3, 2)
	last := math.Inf(1)
	for it := 1; it <= 25; it++ {
		c := fit(t, x, cluster.KMeans{K: 5, MinShare: 0.2, Restarts: 1, MaxIter: it, Tol: -1})
		if counts := c.Labels.Counts(); !slices.Equal(counts, []int{100, 100, 100, 100, 100}) {
			t.Fatalf("sizes %v", counts)
		}
		if c.Cost > last*(1+1e-12) {
			t.Fatalf("cost %v after %d iterations, %v before", c.Cost, it, last)
		}
		last = c.Cost
	}
}

func TestSmallestSizeRefusals(t *testing.T) {
	x := trial.Groups(t, 100, 2, 3, 4)
	for _, r := range []struct {
		m     cluster.KMeans
		words []string
	}{
		{cluster.KMeans{K: 3, MinSize: 34}, []string{"MinSize = 34", "0 to 33", "100 customers in 3 segments"}},
		{cluster.KMeans{K: 3, MinSize: -1}, []string{"MinSize = -1"}},
		{cluster.KMeans{K: 3, MinShare: 0.34}, []string{"MinShare = 0.34", "0 to 0.33", "33 of 100"}},
		{cluster.KMeans{K: 3, MinShare: -0.1}, []string{"MinShare = -0.1"}},
		{cluster.KMeans{K: 3, MinShare: math.NaN()}, []string{"MinShare = NaN"}},
		{cluster.KMeans{K: 3, MinShare: math.Inf(1)}, []string{"MinShare = +Inf"}},
	} {
		err := r.m.Check(x)
		for _, w := range r.words {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%v does not say %s", err, w)
			}
		}
	}
	if c := fit(t, x, cluster.KMeans{K: 2, MinShare: 0.07}); slices.Min(c.Labels.Counts()) < 7 {
		t.Errorf("sizes %v", c.Labels.Counts())
	}
}

// A row is one row whatever it weighs: three of six rows in each segment, though one of them stands for a hundred customers.
func TestSmallestSizeCountsRows(t *testing.T) {
	for _, as := range []table.Weighting{table.SamplingWeights, table.FrequencyWeights} {
		x, err := trial.Column(t, 0, 1, 2, 3, 4, 100).WithWeights([]float64{1, 1, 1, 1, 1, 100}, as)
		if err != nil {
			t.Fatal(err)
		}
		if c := fit(t, x, cluster.KMeans{K: 2, MinSize: 3}); !slices.Equal(c.Labels, table.Labels{1, 1, 1, 0, 0, 0}) {
			t.Errorf("labels %v", c.Labels)
		}
	}
}
