package nn

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
)

// rows draws n rows of d features; on a coarse grid every second time, so that rows coincide and distances tie.
func rows(t *rapid.T) (x []float64, n, d int) {
	n, d = rapid.IntRange(1, 90).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "d")
	value := rapid.Float64Range(-10, 10)
	if rapid.Bool().Draw(t, "grid") {
		value = rapid.Map(rapid.IntRange(0, 4), func(v int) float64 { return float64(v) })
	}
	return rapid.SliceOfN(value, n*d, n*d).Draw(t, "x"), n, d
}

func silent(int) {}

func TestTreeHoldsEveryRowInItsBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, n, d := rows(t)
		tree := New(x, d)
		seen := slices.Clone(tree.Rows)
		slices.Sort(seen)
		for i := range n {
			if seen[i] != int32(i) || !slices.Equal(tree.Row(int32(i)), x[int(tree.Rows[i])*d:int(tree.Rows[i]+1)*d]) {
				t.Fatalf("positions %v", tree.Rows)
			}
		}
		for i, node := range tree.Nodes {
			for p := node.From; p < node.To; p++ {
				if tree.toBox(int32(i), tree.Row(p)) != 0 {
					t.Fatalf("row %d lies outside node %d", tree.Rows[p], i)
				}
			}
			if node.Right != 0 && (tree.Nodes[i+1].From != node.From || tree.Nodes[i+1].To != tree.Nodes[node.Right].From || tree.Nodes[node.Right].To != node.To) {
				t.Fatalf("the children of node %d do not divide it", i)
			}
		}
	})
}

func TestCoreIsTheDistanceThatHoldsEnoughWeight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, n, d := rows(t)
		var weights []float64
		if rapid.Bool().Draw(t, "weighted") {
			weights = rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 8), func(v int) float64 { return float64(v) / 4 }), n, n).Draw(t, "weights")
		}
		need := float64(rapid.IntRange(1, 20).Draw(t, "need"))
		got, err := New(x, d).Core(context.Background(), weights, need)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			order := make([]int, n)
			for j := range n {
				order[j] = j
			}
			to := func(j int) float64 { return vec.Square(x[i*d:(i+1)*d], x[j*d:(j+1)*d]) }
			slices.SortFunc(order, func(a, b int) int {
				if to(a) < to(b) {
					return -1
				} else if to(a) > to(b) {
					return 1
				}
				return 0
			})
			total, want := 0.0, math.Inf(1)
			for _, j := range order {
				if weights == nil {
					total++
				} else {
					total += weights[j]
				}
				if total >= need {
					want = to(j)
					break
				}
			}
			if got[i] != want {
				t.Fatalf("row %d: %v, want %v", i, got[i], want)
			}
		}
	})
}

func TestNearestLooksAtEveryRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, n, d := rows(t)
		q := rapid.SliceOfN(rapid.Float64Range(-12, 12), d, d).Draw(t, "q")
		if rapid.Bool().Draw(t, "a row") {
			q = x[:d]
		}
		least := rapid.SampledFrom([]float64{0, 1, 9}).Draw(t, "least")
		core, err := New(x, d).Core(context.Background(), nil, float64(min(n, rapid.IntRange(1, 3).Draw(t, "samples"))))
		if err != nil {
			t.Fatal(err)
		}
		best, reach, dist := -1, math.Inf(1), math.Inf(1)
		for i := range n {
			s := vec.Square(q, x[i*d:(i+1)*d])
			if r := max(s, least, core[i]); r < reach || r == reach && s < dist {
				best, reach, dist = i, r, s
			}
		}
		if row, got := New(x, d).Nearest(q, least, core); row != best && reach > 0 || got != reach {
			t.Fatalf("row %d at %v, want %d at %v", row, got, best, reach)
		}
	})
}

// Ties everywhere, and rows in several chunks: the edges themselves are the same, not only their weights.
func TestSpanIsTheSameAtAnyNumberOfProcessors(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, 3*4*par.Chunk)
	for i := range x {
		x[i] = float64(r.IntN(25))
	}
	tree := New(x, 3)
	core, err := tree.Core(context.Background(), nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	var want []Edge
	for _, procs := range []int{1, 2, 8, 8} {
		old := runtime.GOMAXPROCS(procs)
		got, err := tree.Span(context.Background(), core, silent)
		runtime.GOMAXPROCS(old)
		if want == nil {
			want = got
		}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("other edges with GOMAXPROCS = %d (%v)", procs, err)
		}
	}
}

// A row's way out, once found or excluded, is not searched again for nothing: on many rows that must not lose an edge.
func TestSpanOfManyRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 20 {
		n, d := 1500, 1+round%4
		x := make([]float64, n*d)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		edges, err := New(x, d).Span(context.Background(), nil, silent)
		if err != nil {
			t.Fatal(err)
		}
		got, want := 0.0, 0.0
		for _, e := range edges {
			got += e.Weight
		}
		for _, w := range prim(n, func(i, j int) float64 { return vec.Square(x[i*d:(i+1)*d], x[j*d:(j+1)*d]) }) {
			want += w
		}
		if math.Abs(got-want) > 1e-9*want {
			t.Fatalf("round %d: the tree weighs %v, want %v", round, got, want)
		}
	}
}

// prim returns the weights of a minimum spanning tree by Prim's method on all pairs.
func prim(n int, weight func(i, j int) float64) (weights []float64) {
	to, in := make([]float64, n), make([]bool, n)
	for i := range to {
		to[i] = math.Inf(1)
	}
	for at := 0; len(weights) < n-1; {
		in[at] = true
		next := -1
		for j := range n {
			if in[j] {
				continue
			}
			to[j] = min(to[j], weight(at, j))
			if next < 0 || to[j] < to[next] {
				next = j
			}
		}
		weights, at = append(weights, to[next]), next
	}
	return weights
}

// The sorted weights of a minimum spanning tree are the same for all of them: compared with Prim's method on all pairs.
func TestSpanWeighsWhatPrimsTreeWeighs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, n, d := rows(t)
		tree := New(x, d)
		var core []float64
		if rapid.Bool().Draw(t, "reach") {
			var err error
			if core, err = tree.Core(context.Background(), nil, float64(min(n, rapid.IntRange(1, 6).Draw(t, "samples")))); err != nil {
				t.Fatal(err)
			}
		}
		weight := func(i, j int) float64 {
			w := vec.Square(x[i*d:(i+1)*d], x[j*d:(j+1)*d])
			if core != nil {
				w = max(w, core[i], core[j])
			}
			return w
		}
		edges, err := tree.Span(context.Background(), core, silent)
		if err != nil {
			t.Fatal(err)
		}
		sets, got := NewSets(n), []float64{}
		for _, e := range edges {
			if !sets.Union(e.A, e.B) || e.Weight != weight(int(e.A), int(e.B)) {
				t.Fatalf("edge %+v closes a ring or weighs otherwise", e)
			}
			got = append(got, e.Weight)
		}
		want := prim(n, weight)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("weights %v, want %v", got, want)
		}
	})
}

func TestWithinCountsEveryRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, n, d := rows(t)
		q := rapid.SliceOfN(rapid.Float64Range(-12, 12), d, d).Draw(t, "q")
		reach := rapid.SampledFrom([]float64{0, 1, 4, 50, math.Inf(1)}).Draw(t, "reach")
		var weights []float64
		if rapid.Bool().Draw(t, "weighted") {
			weights = rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 8), func(v int) float64 { return float64(v) }), n, n).Draw(t, "weights")
		}
		want := 0.0
		for i := range n {
			if vec.Square(q, x[i*d:(i+1)*d]) > reach {
				continue
			}
			if weights == nil {
				want++
			} else {
				want += weights[i]
			}
		}
		if got := New(x, d).Within(q, reach, weights); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
