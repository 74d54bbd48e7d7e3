package cluster_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/starts"
)

// rings draws 600 customers from two rings, one around the other.
func rings() (data []float64) {
	r := rand.New(rand.NewPCG(15, 1))
	for i := range 600 {
		radius, turn := float64(1+i%2*2)+.15*r.NormFloat64(), 2*math.Pi*r.Float64()
		data = append(data, radius*math.Cos(turn), radius*math.Sin(turn))
	}
	return data
}

// labyrinth draws 600 customers along a corridor that winds inwards.
func labyrinth() (data []float64) {
	r := rand.New(rand.NewPCG(15, 2))
	corners := [][2]float64{{0, 0}, {6, 0}, {6, 6}, {1, 6}, {1, 2}, {4, 2}, {4, 4}, {2.5, 4}}
	for range 600 {
		at := r.Float64() * 27.5
		for s := 1; s < len(corners); s++ {
			a, b := corners[s-1], corners[s]
			long := math.Abs(b[0]-a[0]) + math.Abs(b[1]-a[1])
			if at > long && s < len(corners)-1 {
				at -= long
				continue
			}
			data = append(data, a[0]+(b[0]-a[0])*at/long+.12*r.NormFloat64(), a[1]+(b[1]-a[1])*at/long+.12*r.NormFloat64())
			break
		}
	}
	return data
}

// Where components have to be bent around shapes that are no normal distributions, optima are many. The best of a hundred starts is as
// good as scikit-learn's, up to a thousandth of what the components gain over a single one. Costs of scikit-learn 1.7.2, the lower of
//
//	for init in ("random_from_data", "k-means++"):
//	    g = GaussianMixture(k, n_init=20, init_params=init, random_state=0, max_iter=300, tol=1e-6).fit(x)
//	    print(-g.score(x) * len(x))
//
// While starts from rows took the mean spread of all their cells, instead of mostly each cell's own, none in 300 found the first.
func TestMixturesOfBentShapesReachTheBestKnown(t *testing.T) {
	for _, c := range []struct {
		name string
		data []float64
		k    int
		cost float64
	}{
		{"rings", rings(), 4, 2071.775603},
		{"labyrinth", labyrinth(), 4, 1981.347946},
		{"labyrinth", labyrinth(), 8, 1604.675567},
	} {
		x := trial.Numbered(t, 2, c.data)
		gap := fit(t, x, cluster.GaussianMixture{K: 1}).Cost - c.cost
		if got := fit(t, x, cluster.GaussianMixture{K: c.k, Restarts: 100}); gap < 100 || got.Cost > c.cost+1e-3*gap {
			t.Errorf("%s, k = %d: cost %.3f, scikit-learn %.3f, the gap to one component %.1f", c.name, c.k, got.Cost, c.cost, gap)
		}
	}
}

// The best of several short runs leads to better optima than a beginning taken as it comes: by five starts of that kind the best known
// solution of the labyrinth was found with 7 of 20 seeds. The evidence says what was run.
func TestShortRunsLeadToBetterOptima(t *testing.T) {
	const best = 1981.347946
	x := trial.Numbered(t, 2, labyrinth())
	found := 0
	for seed := range 10 {
		got := fit(t, x, cluster.GaussianMixture{K: 4, Seed: seed})
		if got.Cost < best+.5 {
			found++
		}
		for _, s := range got.Restarts {
			direct := s.From == starts.KMeansStart || s.From == starts.WhitenedStart
			if direct != (s.ShortRuns == 0) {
				t.Errorf("a start from %v continued the best of %d short runs", s.From, s.ShortRuns)
			}
		}
		sheet := got.Restarts.Sheet()
		if len(got.Restarts) != 5 || !slices.Contains(sheet.Notes, "24 short runs came before: a start from rows continues the best of its own.") {
			t.Errorf("the evidence says %q", sheet.Notes)
		}
	}
	if found < 7 {
		t.Errorf("found with %d of 10 seeds", found)
	}
}

// Short runs on a sample lead the start on all rows, at any number of processors to the same bits.
func TestShortRunsOnASampleLeadAllRows(t *testing.T) {
	x := trial.Groups(t, 3000, 2, 3, 6)
	var costs []float64
	for _, procs := range []int{1, 2, 8} {
		trial.WithProcs(procs, func() { costs = append(costs, fit(t, x, cluster.GaussianMixture{K: 3}).Cost) })
	}
	if costs[0] != costs[1] || costs[0] != costs[2] {
		t.Errorf("costs %v", costs)
	}
	got := fit(t, x, cluster.GaussianMixture{K: 3})
	again := fit(t, x, cluster.GaussianMixture{Start: new(got.Assigner.(cluster.FittedMixture))})
	if len(again.Restarts) != 1 {
		t.Errorf("from given parameters there are %d starts", len(again.Restarts))
	}
	if got.Restarts.Hits() < 4 || again.Cost > got.Cost || got.Cost > again.Cost+1e-6*3000 {
		t.Errorf("%d of 5 starts found three plain groups; cost %v, %v after further iterations", got.Restarts.Hits(), got.Cost, again.Cost)
	}
}
