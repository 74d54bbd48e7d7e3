package linkage

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/vec"
)

// between is the distance of two groups of rows by definition: for Ward twice the rise in the sum of squares.
type between func(x []float64, d int, mass []float64, a, b []int) float64

func row(x []float64, d, i int) []float64 { return x[i*d : (i+1)*d] }

func squares(x []float64, d int, mass []float64, rows []int) (sum float64) {
	mean, total := make([]float64, d), 0.0
	for _, i := range rows {
		total += mass[i]
		for j := range d {
			mean[j] += mass[i] * x[i*d+j]
		}
	}
	for j := range d {
		mean[j] /= total
	}
	for _, i := range rows {
		sum += mass[i] * vec.Square(row(x, d, i), mean)
	}
	return sum
}

func wardBetween(x []float64, d int, mass []float64, a, b []int) float64 {
	both := append(append([]int(nil), a...), b...)
	return 2 * (squares(x, d, mass, both) - squares(x, d, mass, a) - squares(x, d, mass, b))
}

func averageBetween(x []float64, d int, mass []float64, a, b []int) float64 {
	sum, total := 0.0, 0.0
	for _, i := range a {
		for _, j := range b {
			sum += mass[i] * mass[j] * math.Sqrt(vec.Square(row(x, d, i), row(x, d, j)))
			total += mass[i] * mass[j]
		}
	}
	return sum / total
}

func completeBetween(x []float64, d int, _ []float64, a, b []int) (most float64) {
	for _, i := range a {
		for _, j := range b {
			most = max(most, math.Sqrt(vec.Square(row(x, d, i), row(x, d, j))))
		}
	}
	return most
}

func singleBetween(x []float64, d int, _ []float64, a, b []int) float64 {
	least := math.Inf(1)
	for _, i := range a {
		for _, j := range b {
			least = min(least, math.Sqrt(vec.Square(row(x, d, i), row(x, d, j))))
		}
	}
	return least
}

// Every merge, in the order of the tree, joins a pair of groups that no other pair is nearer than, by the definition of the
// linkage. Without ties there is one such tree, so this is equality with the direct method; with ties it is validity.
func TestEveryMergeJoinsANearestPair(t *testing.T) {
	report := func(int) {}
	for _, l := range []struct {
		name    string
		between between
		joins   func(x []float64, d int, mass []float64) ([]nn.Edge, error)
	}{
		{"Ward", wardBetween, func(x []float64, d int, mass []float64) ([]nn.Edge, error) {
			return Ward(context.Background(), x, d, mass, report)
		}},
		{"average", averageBetween, func(x []float64, d int, mass []float64) ([]nn.Edge, error) {
			return Pairs(context.Background(), x, d, mass, Average, report)
		}},
		{"complete", completeBetween, func(x []float64, d int, mass []float64) ([]nn.Edge, error) {
			return Pairs(context.Background(), x, d, mass, Complete, report)
		}},
		{"single", singleBetween, func(x []float64, d int, mass []float64) ([]nn.Edge, error) {
			edges, err := nn.New(x, d).Span(context.Background(), nil, report)
			for i := range edges {
				edges[i].Weight = math.Sqrt(edges[i].Weight)
			}
			return edges, err
		}},
	} {
		t.Run(l.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				n, d := rapid.IntRange(1, 22).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "d")
				value := rapid.Float64Range(-10, 10)
				if rapid.Bool().Draw(t, "grid") {
					value = rapid.Map(rapid.IntRange(0, 4), func(v int) float64 { return float64(v) })
				}
				x := rapid.SliceOfN(value, n*d, n*d).Draw(t, "x")
				mass := make([]float64, n)
				for i := range mass {
					mass[i] = float64(rapid.IntRange(1, 3).Draw(t, "mass"))
				}
				joins, err := l.joins(x, d, mass)
				if err != nil {
					t.Fatal(err)
				}
				groups := map[int][]int{}
				for i := range n {
					groups[i] = []int{i}
				}
				merges := Tree(n, joins)
				for m, merge := range merges {
					least := math.Inf(1)
					for a, rowsA := range groups {
						for b, rowsB := range groups {
							if a < b {
								least = min(least, l.between(x, d, mass, rowsA, rowsB))
							}
						}
					}
					a, b := groups[merge.A], groups[merge.B]
					if a == nil || b == nil || a[0] > b[0] {
						t.Fatalf("merge %d joins %v and %v", m, a, b)
					}
					if dist := l.between(x, d, mass, a, b); dist > least+1e-9 || math.Abs(merge.Height-dist) > 1e-9*(1+dist) {
						t.Fatalf("merge %d at height %v joins groups at %v; the nearest pair is at %v", m, merge.Height, dist, least)
					}
					delete(groups, merge.A)
					delete(groups, merge.B)
					groups[n+m] = append(append([]int(nil), a...), b...)
					if merge.Size != len(groups[n+m]) {
						t.Fatalf("merge %d holds %d rows, not %d", m, len(groups[n+m]), merge.Size)
					}
				}
				if len(merges) != n-1 {
					t.Fatalf("%d merges of %d rows", len(merges), n)
				}
			})
		})
	}
}

// More rows than one tree of centres lasts, so that it is built again, against the same chain on plain scans.
func TestWardPrunesNothingThatMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(100, 400).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "d")
		x := make([]float64, n*d)
		state := rapid.Uint64().Draw(t, "seed") | 1
		for i := range x {
			state = state*6364136223846793005 + 1442695040888963407
			x[i] = float64(state>>40) / (1 << 20)
		}
		got, err := Ward(context.Background(), x, d, nil, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		w := &ward{d: d, x: append([]float64(nil), x...), mass: make([]float64, n)}
		for i := range n {
			w.mass[i] = 1
		}
		nearest := func(a, before int) (to int, least float64) {
			w.a, w.q = a, w.center(a)
			to, least = -1, math.Inf(1)
			if before >= 0 {
				to, least = before, w.rise(before)
			}
			for c := range n {
				if c != a && w.mass[c] > 0 {
					if v := w.rise(c); v < least {
						to, least = c, v
					}
				}
			}
			return to, least
		}
		join := func(a, b int) {
			share := w.mass[b] / (w.mass[a] + w.mass[b])
			for j, v := range w.center(b) {
				w.center(a)[j] += (v - w.center(a)[j]) * share
			}
			w.mass[a], w.mass[b] = w.mass[a]+w.mass[b], 0
		}
		start := func() int {
			for c := range n {
				if w.mass[c] > 0 {
					return c
				}
			}
			return -1
		}
		want, err := chain(context.Background(), n, start, nearest, join, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("join %d is %+v, plain %+v", i, got[i], want[i])
			}
		}
	})
}
