package segkit_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
)

// small draws tables of few values, so that equal rows, ties and empty segments are common.
func small(t *rapid.T) *segkit.Table {
	d := rapid.IntRange(1, 3).Draw(t, "d")
	n := rapid.IntRange(1, 40).Draw(t, "n")
	data := rapid.SliceOfN(rapid.Map(rapid.IntRange(-4, 4), func(v int) float64 { return float64(v) / 2 }), n*d, n*d).Draw(t, "data")
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i))
	}
	var columns []segkit.Column
	for j := range d {
		columns = append(columns, segkit.Column{Name: string(rune('a' + j))})
	}
	x, err := segkit.NewTable(ids, columns, data)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func countDifferent(x *segkit.Table) int {
	seen := map[string]bool{}
	for i := range x.Len() {
		seen[fmt.Sprint(x.Row(i))] = true
	}
	return len(seen)
}

func squared(a, b []float64) (s float64) {
	for j := range a {
		s += (a[j] - b[j]) * (a[j] - b[j])
	}
	return s
}

// sameStarts compares what starts came to; how far they agree with the best depends on the others too.
func sameStarts(a, b segkit.RestartEvidence) bool {
	return slices.EqualFunc(a, b, func(a, b segkit.Restart) bool {
		return a.Cost == b.Cost && a.Iterations == b.Iterations && a.Converged == b.Converged
	})
}

func TestKMeansLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := small(t)
		m := segkit.KMeans{
			K: rapid.IntRange(1, countDifferent(x)).Draw(t, "k"), Seed: rapid.Int().Draw(t, "seed"), Restarts: rapid.IntRange(1, 4).Draw(t, "restarts"),
			MaxIter: rapid.IntRange(1, 20).Draw(t, "iterations"), Tol: rapid.SampledFrom([]float64{0, -1, 1, 1e9}).Draw(t, "tol"),
			Init: rapid.SampledFrom([]segkit.Init{segkit.PlusPlus, segkit.RandomRows}).Draw(t, "init"),
		}
		c, err := segkit.Fit(x, m)
		if err != nil {
			t.Fatal(err)
		}
		cost := 0.0
		for i := range x.Len() {
			nearest, at := math.Inf(1), -1
			for s := range c.K {
				if q := squared(x.Row(i), c.Centers.Row(s)); q < nearest {
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
				if tieless(x, c) && squared(mean, c.Centers.Row(s)) > 1e-18 {
					t.Fatalf("centre %v, mean %v", c.Centers.Row(s), mean)
				}
			}
		}
		c2, err := segkit.Fit(x, withRestarts(m, 2*m.Restarts))
		if err != nil {
			t.Fatal(err)
		}
		if c2.Cost > c.Cost || !sameStarts(c2.Restarts[:m.Restarts], c.Restarts) {
			t.Fatalf("best of %d costs %v, best of %d costs %v", 2*m.Restarts, c2.Cost, m.Restarts, c.Cost)
		}
	})
}

func withRestarts(m segkit.KMeans, n int) segkit.KMeans { m.Restarts = n; return m }

func tieless(x *segkit.Table, c *segkit.Clustering) bool {
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
		x := numbered(t, 2, data)
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
		c := fit(t, x, segkit.KMeans{K: k, Restarts: 30, Tol: -1, Seed: int(seed)})
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
func withinSquares(x *segkit.Table, labels []int, k int) (sum float64) {
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
				sum += squared(x.Row(i), mean)
			}
		}
	}
	return sum
}

func TestKMeansCostNeverRises(t *testing.T) {
	for _, x := range []*segkit.Table{groups(t, 400, 3, 5, 1), grid(t, 4, 200, 2)} {
		for _, init := range []segkit.Init{segkit.PlusPlus, segkit.RandomRows} {
			last := math.Inf(1)
			for it := 1; it <= 30; it++ {
				c := fit(t, x, segkit.KMeans{K: 7, Restarts: 1, MaxIter: it, Tol: -1, Init: init, Seed: 2})
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
	x := groups(t, 20_000, 3, 1, 0) // one blob: centres creep for long; so many different customers that none moves singly
	start := pick(t, x, []int{3, 99, 7, 350, 222})
	variance := withinSquares(x, make([]int, 20_000), 1) / 20_000 / 3
	before, want := start, 0
	for moved := math.Inf(1); moved > 1e-4*variance; want++ {
		after := fit(t, x, segkit.KMeans{Start: start, Tol: -1, MaxIter: want + 1}).Centers
		moved = 0
		for s := range 5 {
			moved += squared(before.Row(s), after.Row(s))
		}
		before = after
	}
	c := fit(t, x, segkit.KMeans{Start: start})
	if end := fit(t, x, segkit.KMeans{Start: start, Tol: -1}).Iterations; c.Iterations != want || !c.Converged || end <= want {
		t.Fatalf("%d iterations, want %d; to the end %d", c.Iterations, want, end)
	}
}

func TestKMeansContinuesItsStart(t *testing.T) {
	x := numbered(t, 1, []float64{0, 1, 2, 10, 11, 50})
	start := numbered(t, 1, []float64{60, -5, 8})
	c := fit(t, x, segkit.KMeans{Start: start})
	if want := (segkit.Labels{1, 1, 1, 2, 2, 0}); !slices.Equal(c.Labels, want) || c.K != 3 || len(c.Restarts) != 1 {
		t.Fatalf("labels %v, want %v: label i continues row i of Start", c.Labels, want)
	}
	if got := c.Centers.At(2, 0); got != 10.5 {
		t.Fatalf("third centre %v, want 10.5", got)
	}
	// The same from a start whose columns stand in another order.
	two := numbered(t, 2, []float64{0, 9, 1, 9, 20, 0, 21, 0})
	swapped := table(t, []string{"s1", "s2"}, []segkit.Column{{Name: "b"}, {Name: "a"}}, []float64{0, 22, 9, 2})
	if c := fit(t, two, segkit.KMeans{Start: swapped}); !slices.Equal(c.Labels, segkit.Labels{1, 1, 0, 0}) {
		t.Fatalf("labels %v", c.Labels)
	}
	for _, bad := range []struct {
		m    segkit.KMeans
		says string
	}{
		{segkit.KMeans{K: 2, Start: start}, "KMeans.Start = 3 rows, want 2"},
		{segkit.KMeans{Start: numbered(t, 2, []float64{0, 1, 2, math.NaN()}).Head(2)}, "row 2"},
		{segkit.KMeans{Start: table(t, []string{"s"}, []segkit.Column{{Name: "z"}}, []float64{1})}, `segkit: KMeans.Start: no column "a"`},
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
	x := groups(t, 500, 3, 5, 1)
	start := pick(t, x, []int{3, 99, 7, 450, 222})
	rows := rand.New(rand.NewPCG(1, 1)).Perm(500)
	a, b := fit(t, x, segkit.KMeans{Start: start}), fit(t, pick(t, x, rows), segkit.KMeans{Start: start})
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
		once := groups(t, n, 2, 3, 1)
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
		weighted, err := once.WithWeights(weights, segkit.FrequencyWeights)
		if err != nil {
			t.Fatal(err)
		}
		start := pick(t, once, []int{0, 1, 2})
		a, b := fit(t, weighted, segkit.KMeans{Start: start}), fit(t, numbered(t, 2, data), segkit.KMeans{Start: start})
		for p, i := range rows {
			if a.Labels[i] != b.Labels[p] {
				t.Fatalf("customer %d of %d: weighted in segment %d, repeated in %d", i, n, a.Labels[i], b.Labels[p])
			}
		}
		if math.Abs(a.Cost-b.Cost) > 1e-12*a.Cost {
			t.Fatalf("cost weighted %v, repeated %v", a.Cost, b.Cost)
		}
		canonical(t, fit(t, weighted, segkit.KMeans{K: 3}).Labels, weights)
	}
}

// Two starts on one spot: the second segment begins empty and is given the farthest row.
func TestKMeansFillsEmptySegments(t *testing.T) {
	x := column(t, 0, 1, 2, 100)
	c := fit(t, x, segkit.KMeans{Start: column(t, 1, 1), MaxIter: 1})
	if want := (segkit.Labels{0, 0, 0, 1}); !slices.Equal(c.Labels, want) || c.Cost != 2 {
		t.Fatalf("labels %v, cost %v; want %v, 2", c.Labels, c.Cost, want)
	}
	// The farthest row of all is alone in its segment, and stays there.
	c = fit(t, column(t, 0, 1, 60), segkit.KMeans{Start: column(t, 100, 0, -1000), MaxIter: 1})
	if counts := c.Labels.Counts(); !slices.Equal(counts, []int{1, 1, 1}) || c.Cost != 0 {
		t.Fatalf("sizes %v, cost %v", counts, c.Cost)
	}
	// A run does not rest on an empty segment, however large its tolerance.
	r := rand.New(rand.NewPCG(2, 3))
	for range 3000 {
		x := column(t, r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64())
		c := fit(t, x, segkit.KMeans{Start: column(t, r.NormFloat64(), r.NormFloat64(), r.NormFloat64()), Tol: 1e9})
		if counts := c.Labels.Counts(); c.Converged && (len(counts) < 3 || slices.Min(counts) == 0) {
			t.Fatalf("rests with sizes %v", counts)
		}
	}
	// All centres far away, five segments empty at once.
	c = fit(t, groups(t, 200, 2, 6, 10), segkit.KMeans{Start: numbered(t, 2, []float64{-900, 0, -901, 0, -902, 0, -903, 0, -904, 0, 900, 900})})
	if counts := c.Labels.Counts(); len(counts) != 6 || slices.Min(counts) == 0 {
		t.Fatalf("sizes %v", counts)
	}
}

// A customer halfway between two centres is in the lower-numbered segment, also after segments were put in order. Runs are cut short:
// at rest no customer lies halfway, since single moves bring it to one side.
func TestKMeansSettlesTies(t *testing.T) {
	ties := 0
	for seed := range uint64(300) {
		x := grid(t, seed, 12, 1)
		if countDifferent(x) < 3 {
			continue
		}
		c := fit(t, x, segkit.KMeans{K: 3, Restarts: 1, Seed: int(seed), MaxIter: 1})
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
	x := numbered(t, 2, data)
	careful := fit(t, x, segkit.KMeans{K: 16, Restarts: 40}).Restarts
	random := fit(t, x, segkit.KMeans{K: 16, Restarts: 40, Init: segkit.RandomRows}).Restarts
	if careful.Hits() < 30 || random.Best() >= careful.Best() && random.Hits() >= careful.Hits() {
		t.Fatalf("careful starts hit %d of 40, random rows %d", careful.Hits(), random.Hits())
	}
}

func TestKMeansOptions(t *testing.T) {
	x := groups(t, 20, 2, 2, 5)
	for _, m := range []segkit.KMeans{{K: 2, Restarts: -1}, {K: 2, MaxIter: -1}, {K: 2, Tol: math.NaN()}, {K: 2, Init: 9}, {K: -1}} {
		var option *segkit.OptionError
		if err := m.Check(x); !errors.As(err, &option) || option.Method != "KMeans" {
			t.Errorf("%+v: %v", m, err)
		}
	}
	c := fit(t, x, segkit.KMeans{K: 2, Seed: 5})
	if want := (segkit.KMeans{K: 2, Restarts: 10, MaxIter: 300, Tol: 1e-4, Seed: 5}); c.Method != segkit.Method(want) || len(c.Restarts) != 10 {
		t.Fatalf("ran as %+v, want %+v", c.Method, want)
	}
	for _, i := range []segkit.Init{segkit.PlusPlus, segkit.RandomRows} {
		text, _ := i.MarshalText()
		var again segkit.Init
		if err := again.UnmarshalText(text); err != nil || again != i {
			t.Fatalf("%v read back as %v, %v", i, again, err)
		}
	}
	if err := new(segkit.Init).UnmarshalText([]byte("forgy")); err == nil || !strings.Contains(err.Error(), `"k-means++" or "random rows"`) {
		t.Fatalf("unknown start: %v", err)
	}
}

func TestRestartEvidence(t *testing.T) {
	r := segkit.RestartEvidence{{Cost: 100.5}, {Cost: 100, Converged: true}, {Cost: 130}, {Cost: 100.001}}
	if r.Best() != 100 || r.Hits() != 2 || r.NearTies() != 1 || r.HitRate() != 0.5 {
		t.Fatalf("best %v, hits %d, near ties %d", r.Best(), r.Hits(), r.NearTies())
	}
	s := r.Sheet()
	if !strings.Contains(s.Caption, "2 of 4 starts") || s.Rows[2][2] != "30.00" || len(s.Notes) != 1 {
		t.Fatalf("%+v", s)
	}
	if !math.IsNaN(segkit.RestartEvidence(nil).Best()) || !math.IsNaN(segkit.RestartEvidence(nil).HitRate()) {
		t.Fatal("no starts have no best cost")
	}
	if all := (segkit.RestartEvidence{{Cost: 0}, {Cost: 0}}); all.Hits() != 2 || all.Sheet().Rows[0][2] != "0.00" {
		t.Fatalf("%+v", all.Sheet())
	}
}
