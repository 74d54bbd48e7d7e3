package cluster_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// sameStarts compares what starts came to; how far they agree with the best depends on the others too.
func sameStarts(a, b starts.Evidence) bool {
	return slices.EqualFunc(a, b, func(a, b starts.Restart) bool {
		return a.Cost == b.Cost && a.Iterations == b.Iterations && a.Converged == b.Converged
	})
}

func TestKMeansLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := trial.Small(t)
		m := cluster.KMeans{
			K: rapid.IntRange(1, trial.CountDifferent(x)).Draw(t, "k"), Seed: rapid.Int().Draw(t, "seed"), Restarts: rapid.IntRange(1, 4).Draw(t, "restarts"),
			MaxIter: rapid.IntRange(1, 20).Draw(t, "iterations"), Tol: rapid.SampledFrom([]float64{0, -1, 1, 1e9}).Draw(t, "tol"),
			Init: rapid.SampledFrom([]cluster.Init{cluster.PlusPlus, cluster.RandomRows}).Draw(t, "init"),
		}
		c, err := cluster.Fit(x, m)
		if err != nil {
			t.Fatal(err)
		}
		cost := 0.0
		for i := range x.Len() {
			nearest, at := math.Inf(1), -1
			for s := range c.K {
				if q := trial.Squared(x.Row(i), c.Centers.Row(s)); q < nearest {
					nearest, at = q, s
				}
			}
			if c.Labels[i] != at {
				t.Fatalf("row %d is in segment %d, nearest is %d", i, c.Labels[i], at)
			}
			cost += nearest
		}
		if math.Abs(cost-c.Cost) > 1e-9*(1+cost) {
			t.Fatalf("cost %v, the centres give %v", c.Cost, cost)
		}
		counts := c.Labels.Counts()
		if c.Iterations > m.MaxIter || c.Converged && (len(counts) < m.K || slices.Min(counts) == 0) {
			t.Fatalf("%d iterations of %d, sizes %v of %d", c.Iterations, m.MaxIter, counts, m.K)
		}
		if !slices.IsSortedFunc(counts, func(a, b int) int { return b - a }) {
			t.Fatalf("sizes %v do not fall", counts)
		}
		if c.Converged && m.Tol < 0 {
			for s := range c.K { // at rest every centre is the mean of its rows, where no row lies between two
				mean := make([]float64, len(x.Row(0)))
				for i, l := range c.Labels {
					if l == s {
						for j, v := range x.Row(i) {
							mean[j] += v / float64(counts[s])
						}
					}
				}
				if tieless(x, c) && trial.Squared(mean, c.Centers.Row(s)) > 1e-18 {
					t.Fatalf("centre %v, mean %v", c.Centers.Row(s), mean)
				}
			}
		}
		c2, err := cluster.Fit(x, withRestarts(m, 2*m.Restarts))
		if err != nil {
			t.Fatal(err)
		}
		if c2.Cost > c.Cost || !sameStarts(c2.Restarts[:m.Restarts], c.Restarts) {
			t.Fatalf("best of %d costs %v, best of %d costs %v", 2*m.Restarts, c2.Cost, m.Restarts, c.Cost)
		}
	})
}

func withRestarts(m cluster.KMeans, n int) cluster.KMeans { m.Restarts = n; return m }

func tieless(x *table.Table, c *cluster.Clustering) bool {
	_, nearest, second, err := c.Assigner.Assign(x)
	for i := range nearest {
		if nearest[i] == second[i] {
			return false
		}
	}
	return err == nil
}

// On at most seven customers the best division can be found by trying them all: k-means never beats it, and with many
// starts nearly always finds it.
func TestKMeansAgainstEveryDivision(t *testing.T) {
	found, tried := 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 9))
		n, k := 4+r.IntN(4), 2+r.IntN(2)
		data := make([]float64, 2*n)
		for i := range data {
			data[i] = r.NormFloat64()
		}
		x := trial.Numbered(t, 2, data)
		best := math.Inf(1)
		labels := make([]int, n)
		var try func(i int)
		try = func(i int) {
			if i == n {
				best = min(best, withinSquares(x, labels, k))
				return
			}
			for labels[i] = 0; labels[i] < k; labels[i]++ {
				try(i + 1)
			}
		}
		try(0)
		c := fit(t, x, cluster.KMeans{K: k, Restarts: 30, Tol: -1, Seed: int(seed)})
		if c.Cost < best-1e-9 {
			t.Fatalf("seed %d: cost %v below the optimum %v", seed, c.Cost, best)
		}
		tried++
		if c.Cost < best+1e-9 {
			found++
		}
	}
	if found < tried*9/10 {
		t.Fatalf("found the optimum in %d of %d", found, tried)
	}
}

// withinSquares is the within-segment sum of squares by its definition.
func withinSquares(x *table.Table, labels []int, k int) (sum float64) {
	_, d := x.Dims()
	for s := range k {
		mean, n := make([]float64, d), 0.0
		for i, l := range labels {
			if l == s {
				n++
				for j, v := range x.Row(i) {
					mean[j] += v
				}
			}
		}
		for j := range mean {
			mean[j] /= n
		}
		for i, l := range labels {
			if l == s {
				sum += trial.Squared(x.Row(i), mean)
			}
		}
	}
	return sum
}

func TestKMeansCostNeverRises(t *testing.T) {
	for _, x := range []*table.Table{trial.Groups(t, 400, 3, 5, 1), trial.Grid(t, 4, 200, 2)} {
		for _, init := range []cluster.Init{cluster.PlusPlus, cluster.RandomRows} {
			last := math.Inf(1)
			for it := 1; it <= 30; it++ {
				c := fit(t, x, cluster.KMeans{K: 7, Restarts: 1, MaxIter: it, Tol: -1, Init: init, Seed: 2})
				if c.Cost > last*(1+1e-12) {
					t.Fatalf("%v: cost %v after %d iterations, %v before", init, c.Cost, it, last)
				}
				last = c.Cost
			}
		}
	}
}

// The run stops after the first step whose squared moves add up to at most Tol times the mean variance.
func TestKMeansTolerance(t *testing.T) {
	x := trial.Groups(t, 20_000, 3, 1, 0) // one blob: centres creep for long; so many different customers that none moves singly
	start := trial.RowsOf(t, x, []int{3, 99, 7, 350, 222})
	variance := withinSquares(x, make([]int, 20_000), 1) / 20_000 / 3
	before, want := start, 0
	for moved := math.Inf(1); moved > 1e-4*variance; want++ {
		after := fit(t, x, cluster.KMeans{Start: start, Tol: -1, MaxIter: want + 1}).Centers
		moved = 0
		for s := range 5 {
			moved += trial.Squared(before.Row(s), after.Row(s))
		}
		before = after
	}
	c := fit(t, x, cluster.KMeans{Start: start})
	if end := fit(t, x, cluster.KMeans{Start: start, Tol: -1}).Iterations; c.Iterations != want || !c.Converged || end <= want {
		t.Fatalf("%d iterations, want %d; to the end %d", c.Iterations, want, end)
	}
}

func TestKMeansContinuesItsStart(t *testing.T) {
	x := trial.Numbered(t, 1, []float64{0, 1, 2, 10, 11, 50})
	start := trial.Numbered(t, 1, []float64{60, -5, 8})
	c := fit(t, x, cluster.KMeans{Start: start})
	if want := (table.Labels{1, 1, 1, 2, 2, 0}); !slices.Equal(c.Labels, want) || c.K != 3 || len(c.Restarts) != 1 {
		t.Fatalf("labels %v, want %v: label i continues row i of Start", c.Labels, want)
	}
	if got := c.Centers.At(2, 0); got != 10.5 {
		t.Fatalf("third centre %v, want 10.5", got)
	}
	// The same from a start whose columns stand in another order.
	two := trial.Numbered(t, 2, []float64{0, 9, 1, 9, 20, 0, 21, 0})
	swapped := trial.Table(t, []string{"s1", "s2"}, []table.Column{{Name: "b"}, {Name: "a"}}, []float64{0, 22, 9, 2})
	if c := fit(t, two, cluster.KMeans{Start: swapped}); !slices.Equal(c.Labels, table.Labels{1, 1, 0, 0}) {
		t.Fatalf("labels %v", c.Labels)
	}
	for _, bad := range []struct {
		m    cluster.KMeans
		says string
	}{
		{cluster.KMeans{K: 2, Start: start}, "KMeans.Start = 3 rows, want 2"},
		{cluster.KMeans{Start: trial.Numbered(t, 2, []float64{0, 1, 2, math.NaN()}).Head(2)}, "row 2"},
		{cluster.KMeans{Start: trial.Table(t, []string{"s"}, []table.Column{{Name: "z"}}, []float64{1})}, `segkit: cluster.KMeans.Start: no column "a"`},
	} {
		xx := x
		if _, d := bad.m.Start.Dims(); d == 2 {
			xx = two
		}
		if err := bad.m.Check(xx); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("Check says %v, want it to say %s", err, bad.says)
		}
	}
}

// From a given start, a row permutation moves the labels along and nothing else, to the last digits.
func TestKMeansRowOrderFromAGivenStart(t *testing.T) {
	x := trial.Groups(t, 500, 3, 5, 1)
	start := trial.RowsOf(t, x, []int{3, 99, 7, 450, 222})
	rows := rand.New(rand.NewPCG(1, 1)).Perm(500)
	a, b := fit(t, x, cluster.KMeans{Start: start}), fit(t, trial.RowsOf(t, x, rows), cluster.KMeans{Start: start})
	for p, i := range rows {
		if a.Labels[i] != b.Labels[p] {
			t.Fatalf("customer %d: segment %d, after a permutation %d", i, a.Labels[i], b.Labels[p])
		}
	}
	if math.Abs(a.Cost-b.Cost) > 1e-12*a.Cost || a.Iterations != b.Iterations {
		t.Fatalf("cost %v in %d iterations, after a permutation %v in %d", a.Cost, a.Iterations, b.Cost, b.Iterations)
	}
}

// A weight of 3 is the same as the row three times.
func TestKMeansWeightsAreRepeatedRows(t *testing.T) {
	for _, n := range []int{60, 40_000} {
		once := trial.Groups(t, n, 2, 3, 1)
		r := rand.New(rand.NewPCG(8, 8))
		var rows []int
		var data []float64
		weights := make([]float64, n)
		for i := range n {
			weights[i] = float64(1 + r.IntN(3))
			for range int(weights[i]) {
				rows, data = append(rows, i), append(data, once.Row(i)...)
			}
		}
		weighted, err := once.WithWeights(weights, table.FrequencyWeights)
		if err != nil {
			t.Fatal(err)
		}
		start := trial.RowsOf(t, once, []int{0, 1, 2})
		a, b := fit(t, weighted, cluster.KMeans{Start: start}), fit(t, trial.Numbered(t, 2, data), cluster.KMeans{Start: start})
		for p, i := range rows {
			if a.Labels[i] != b.Labels[p] {
				t.Fatalf("customer %d of %d: weighted in segment %d, repeated in %d", i, n, a.Labels[i], b.Labels[p])
			}
		}
		if math.Abs(a.Cost-b.Cost) > 1e-12*a.Cost {
			t.Fatalf("cost weighted %v, repeated %v", a.Cost, b.Cost)
		}
		canonical(t, fit(t, weighted, cluster.KMeans{K: 3}).Labels, weights)
	}
}

// Two starts on one spot: the second segment begins empty and is given the farthest row.
func TestKMeansFillsEmptySegments(t *testing.T) {
	x := trial.Column(t, 0, 1, 2, 100)
	c := fit(t, x, cluster.KMeans{Start: trial.Column(t, 1, 1), MaxIter: 1})
	if want := (table.Labels{0, 0, 0, 1}); !slices.Equal(c.Labels, want) || c.Cost != 2 {
		t.Fatalf("labels %v, cost %v; want %v, 2", c.Labels, c.Cost, want)
	}
	// The farthest row of all is alone in its segment, and stays there.
	c = fit(t, trial.Column(t, 0, 1, 60), cluster.KMeans{Start: trial.Column(t, 100, 0, -1000), MaxIter: 1})
	if counts := c.Labels.Counts(); !slices.Equal(counts, []int{1, 1, 1}) || c.Cost != 0 {
		t.Fatalf("sizes %v, cost %v", counts, c.Cost)
	}
	// A run does not rest on an empty segment, however large its tolerance.
	r := rand.New(rand.NewPCG(2, 3))
	for range 3000 {
		x := trial.Column(t, r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		c := fit(t, x, cluster.KMeans{Start: trial.Column(t, r.NormFloat64(), r.NormFloat64(), r.NormFloat64()), Tol: 1e9})
		if counts := c.Labels.Counts(); c.Converged && (len(counts) < 3 || slices.Min(counts) == 0) {
			t.Fatalf("rests with sizes %v", counts)
		}
	}
	// All centres far away, five segments empty at once.
	c = fit(t, trial.Groups(t, 200, 2, 6, 10), cluster.KMeans{Start: trial.Numbered(t, 2, []float64{-900, 0, -901, 0, -902, 0, -903, 0, -904, 0, 900, 900})})
	if counts := c.Labels.Counts(); len(counts) != 6 || slices.Min(counts) == 0 {
		t.Fatalf("sizes %v", counts)
	}
}

// A customer halfway between two centres is in the lower-numbered segment, also after segments were put in order. Runs are cut short:
// at rest no customer lies halfway, since single moves bring it to one side.
func TestKMeansSettlesTies(t *testing.T) {
	ties := 0
	for seed := range uint64(300) {
		x := trial.Grid(t, seed, 12, 1)
		if trial.CountDifferent(x) < 3 {
			continue
		}
		c := fit(t, x, cluster.KMeans{K: 3, Restarts: 1, Seed: int(seed), MaxIter: 1})
		labels, nearest, second, err := c.Assigner.Assign(x)
		if err != nil || !slices.Equal(labels, c.Labels) {
			t.Fatalf("seed %d: labels %v, predicted %v (%v)", seed, c.Labels, labels, err)
		}
		canonical(t, c.Labels, nil)
		for i := range nearest {
			if nearest[i] == second[i] {
				ties++
			}
		}
	}
	if ties == 0 {
		t.Fatal("no ties among 300 tables: this test tests nothing")
	}
}

// Sixteen clear groups: careful starts find them all nearly every time, which is what makes ten starts enough.
func TestKMeansPlusPlusStartsWell(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 16))
	var data []float64
	for i := range 800 {
		data = append(data, float64(20*(i%4))+r.NormFloat64(), float64(20*(i/4%4))+r.NormFloat64())
	}
	x := trial.Numbered(t, 2, data)
	careful := fit(t, x, cluster.KMeans{K: 16, Restarts: 40}).Restarts
	random := fit(t, x, cluster.KMeans{K: 16, Restarts: 40, Init: cluster.RandomRows}).Restarts
	if careful.Hits() < 30 || random.Best() >= careful.Best() && random.Hits() >= careful.Hits() {
		t.Fatalf("careful starts hit %d of 40, random rows %d", careful.Hits(), random.Hits())
	}
}

func TestKMeansOptions(t *testing.T) {
	x := trial.Groups(t, 20, 2, 2, 5)
	for _, m := range []cluster.KMeans{{K: 2, Restarts: -1}, {K: 2, MaxIter: -1}, {K: 2, Tol: math.NaN()}, {K: 2, Init: 9}, {K: -1}} {
		var option *fault.OptionError
		if err := m.Check(x); !errors.As(err, &option) || option.Method != "cluster.KMeans" {
			t.Errorf("%+v: %v", m, err)
		}
	}
	c := fit(t, x, cluster.KMeans{K: 2, Seed: 5})
	if want := (cluster.KMeans{K: 2, Restarts: 10, MaxIter: 300, Tol: 1e-4, Seed: 5}); c.Method != cluster.Method(want) || len(c.Restarts) != 10 {
		t.Fatalf("ran as %+v, want %+v", c.Method, want)
	}
	for _, i := range []cluster.Init{cluster.PlusPlus, cluster.RandomRows} {
		text, _ := i.MarshalText()
		var again cluster.Init
		if err := again.UnmarshalText(text); err != nil || again != i {
			t.Fatalf("%v read back as %v, %v", i, again, err)
		}
	}
	if err := new(cluster.Init).UnmarshalText([]byte("forgy")); err == nil || !strings.Contains(err.Error(), "k-means++, random rows") {
		t.Fatalf("unknown start: %v", err)
	}
}

func TestRestartEvidence(t *testing.T) {
	r := starts.Evidence{{Cost: 100.5}, {Cost: 100, Converged: true}, {Cost: 130}, {Cost: 100.001}}
	if r.Best() != 100 || r.Hits() != 2 || r.NearTies() != 1 || r.HitRate() != 0.5 {
		t.Fatalf("best %v, hits %d, near ties %d", r.Best(), r.Hits(), r.NearTies())
	}
	s := r.Sheet()
	if !strings.Contains(s.Caption, "2 of 4 starts") || s.Rows[2][2] != "30.00" || len(s.Notes) != 1 {
		t.Fatalf("%+v", s)
	}
	if !math.IsNaN(starts.Evidence(nil).Best()) || !math.IsNaN(starts.Evidence(nil).HitRate()) {
		t.Fatal("no starts have no best cost")
	}
	if all := (starts.Evidence{{Cost: 0}, {Cost: 0}}); all.Hits() != 2 || all.Sheet().Rows[0][2] != "0.00" {
		t.Fatalf("%+v", all.Sheet())
	}
}

// Rows exactly between two centres go to the larger segment when segments are put in order. One that had no other rows, as in these tables, is filled
// again: what has converged has all its segments, and what ran out of iterations by that has not converged.
func TestKMeansKeepsSegmentsOfTiedRows(t *testing.T) {
	for _, tied := range []struct {
		seed int
		data []float64
	}{
		{1763, []float64{-2, 2, -.5, -1.5, 1.5, -1, 1.5, 0, 0, -1.5, 0, -2, -1, -1.5, -.5, 1.5}},
		{4125, []float64{0, -1, -2, 0, -1, 1.5, 1.5, 1, 1.5, -1.5, -1, 1, 1.5, 0, 1.5, -2}},
	} {
		x := trial.Column(t, tied.data...)
		m := cluster.KMeans{K: 4, Seed: tied.seed, Restarts: 1, MaxIter: 2, Tol: 1e9, Init: cluster.RandomRows}
		if c := fit(t, x, m); c.Converged || c.Restarts[0].Converged {
			t.Errorf("converged with segments of %d customers", c.Labels.Counts())
		}
		for m.Restarts = 1; m.Restarts < 4; m.Restarts++ {
			m.MaxIter = 0
			c := fit(t, x, m)
			if counts := c.Labels.Counts(); !c.Converged || len(counts) < 4 || slices.Min(counts) == 0 || c.Cost != c.Restarts.Best() {
				t.Errorf("converged: %v, segments of %d customers, cost %v, of the starts %v", c.Converged, counts, c.Cost, c.Restarts.Best())
			}
		}
	}
}

// Fits of tables of different sizes at once, which hand each other's room on, give what each gives alone. So does predicting: the labels that
// come with distances.
func TestKMeansAtOnceIsKMeansAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	tables, alone := make([]*table.Table, 12), make([]*cluster.Clustering, 12)
	fit := func(i int) *cluster.Clustering {
		c, err := cluster.Fit(tables[i], cluster.KMeans{K: 2 + i%4, Restarts: 3, Seed: i})
		if err != nil {
			t.Error(err)
		}
		return c
	}
	for i := range tables {
		n := 20 + r.IntN(3000)
		values, weights := make([]float64, 2*n), make([]float64, n)
		for at := range values {
			if values[at] = r.NormFloat64(); i%3 == 0 { // and many rows alike
				values[at] = float64(r.IntN(9))
			}
		}
		for at := range weights {
			weights[at] = 1 + float64(r.IntN(3))
		}
		tables[i] = trial.Numbers(t, 2, values...)
		if i%2 == 0 {
			var err error
			if tables[i], err = tables[i].WithWeights(weights); err != nil {
				t.Fatal(err)
			}
		}
		alone[i] = fit(i)
	}
	var wg sync.WaitGroup
	for range 4 {
		for i, want := range alone {
			wg.Go(func() {
				got := fit(i)
				if got.Cost != want.Cost || !slices.Equal(got.Labels, want.Labels) || !reflect.DeepEqual(got.Restarts, want.Restarts) {
					t.Errorf("table %d: cost %v at once, %v alone", i, got.Cost, want.Cost)
				}
				labels, err := got.Predict(tables[i])
				assigned, _, _, err2 := got.Assigner.Assign(tables[i])
				if err != nil || err2 != nil || !slices.Equal(labels, assigned) {
					t.Errorf("table %d: predicted other labels than assigned, %v, %v", i, err, err2)
				}
			})
		}
	}
	wg.Wait()
}
