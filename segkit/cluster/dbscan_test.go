package cluster_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// The example of scikit-learn's documentation of DBSCAN, with the labels it prints.
func TestDBSCANExample(t *testing.T) {
	x := trial.Numbered(t, 2, []float64{1, 2, 2, 2, 2, 3, 8, 7, 8, 8, 25, 80})
	c := fit(t, x, cluster.DBSCAN{Eps: 3, MinSamples: 2})
	if want := (table.Labels{0, 0, 0, 1, 1, table.Noise}); !slices.Equal(c.Labels, want) || c.K != 2 {
		t.Fatalf("labels %v, K %d", c.Labels, c.K)
	}
}

// Against the definitions of the paper, with all pairs compared: cores, density-reachability, noise.
func TestDBSCANIsWhatItsDefinitionsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, _, _ := repeated(t, trial.Small(t)) // small integers halved: distances tie with Eps
		n, weights := x.Len(), x.Weights()
		m := cluster.DBSCAN{Eps: rapid.SampledFrom([]float64{0.5, 1, math.Sqrt2 / 2, 2}).Draw(t, "eps"), MinSamples: rapid.IntRange(1, 8).Draw(t, "samples")}
		c, err := cluster.Fit(x, m)
		if err != nil {
			t.Fatal(err)
		}
		near := func(i, j int) bool { return math.Sqrt(trial.Squared(x.Row(i), x.Row(j))) <= m.Eps }
		core, segment := make([]bool, n), make([]int, n)
		for i := range n {
			total := 0.0
			for j := range n {
				if near(i, j) {
					total += weights[j]
				}
			}
			core[i], segment[i] = total >= float64(m.MinSamples), -1
		}
		found := 0
		var spread func(i int)
		spread = func(i int) {
			segment[i] = found
			for j := range n {
				if core[j] && segment[j] < 0 && near(i, j) {
					spread(j)
				}
			}
		}
		for i := range n {
			if core[i] && segment[i] < 0 {
				spread(i)
				found++
			}
		}
		if c.K != found {
			t.Fatalf("%d segments, want %d", c.K, found)
		}
		for i := range n {
			if !core[i] { // the segment of the nearest core within Eps, the earlier row's on a tie
				best := math.Inf(1)
				for j := range n {
					if d := trial.Squared(x.Row(i), x.Row(j)); core[j] && near(i, j) && d < best {
						best, segment[i] = d, segment[j]
					}
				}
			}
			for j := range i + 1 {
				if (segment[i] < 0) != (c.Labels[i] < 0) || (segment[i] == segment[j]) != (c.Labels[i] == c.Labels[j]) {
					t.Fatalf("rows %d and %d: labels %v, want the division %v", j, i, c.Labels, segment)
				}
			}
		}
	})
}

func TestDBSCANChoosesEps(t *testing.T) {
	x := trial.Groups(t, 500, 2, 3, 6)
	c := fit(t, x, cluster.DBSCAN{})
	m := c.Method.(cluster.DBSCAN)
	cores := 0
	for i := range x.Len() {
		near := 0
		for j := range x.Len() {
			if math.Sqrt(trial.Squared(x.Row(i), x.Row(j))) <= m.Eps {
				near++
			}
		}
		if near >= m.MinSamples {
			cores++
		}
	}
	if m.MinSamples != 4 || cores != 475 || c.K != 3 {
		t.Fatalf("%+v: %d cores, %d segments; want 4 = twice the columns, 475 = 95 %%, 3", m, cores, c.K)
	}
	// On few values, most customers stand where others do; that alone makes no segments.
	steps := trial.Mapped(t, trial.Groups(t, 2000, 2, 1, 0), math.Round)
	if c := fit(t, steps, cluster.DBSCAN{}); c.K != 1 || c.Method.(cluster.DBSCAN).Eps < 1 {
		t.Fatalf("a blob in whole numbers: %d segments, %+v", c.K, c.Method)
	}
	// Too few customers for a core, and new customers far away, are noise.
	if few := fit(t, x.Head(3), cluster.DBSCAN{}); few.K != 0 || !slices.Equal(few.Labels, table.Labels{-1, -1, -1}) {
		t.Fatalf("3 customers: %v", few.Labels)
	}
	far, err := c.Predict(trial.Numbered(t, 2, []float64{1e6, 1e6, x.Row(7)[0], x.Row(7)[1]}))
	if err != nil || far[0] != table.Noise || far[1] != c.Labels[7] {
		t.Fatalf("predicted %v, %v", far, err)
	}
}

func TestDensityRefusals(t *testing.T) {
	x := trial.Groups(t, 30, 2, 2, 5)
	for _, c := range []struct {
		m    cluster.Method
		want string
	}{
		{cluster.DBSCAN{Eps: -1}, "DBSCAN.Eps = -1"},
		{cluster.DBSCAN{Eps: math.NaN()}, "DBSCAN.Eps = NaN"},
		{cluster.DBSCAN{Eps: math.Inf(1)}, "DBSCAN.Eps = +Inf"},
		{cluster.DBSCAN{MinSamples: -1}, "DBSCAN.MinSamples = -1"},
		{cluster.HDBSCAN{MinSize: 1}, "HDBSCAN.MinSize = 1, want at least 2"},
		{cluster.HDBSCAN{MinSize: -1}, "HDBSCAN.MinSize = -1"},
		{cluster.HDBSCAN{MinSamples: -1}, "HDBSCAN.MinSamples = -1"},
	} {
		var option *fault.OptionError
		if err := c.m.Check(x); !errors.As(err, &option) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.m, err)
		}
	}
}
