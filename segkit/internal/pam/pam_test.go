package pam

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
)

func build(t *testing.T, n int, between func(i, j int) float64) *Matrix {
	t.Helper()
	m, err := Build(context.Background(), n, between, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func ones(n int) []float64 { return slices.Repeat([]float64{1}, n) }

// cost is the definition.
func cost(m *Matrix, weights []float64, medoids []int) (sum float64) {
	for o, w := range weights {
		nearest := math.Inf(1)
		for _, i := range medoids {
			nearest = min(nearest, float64(m.row(i)[o]))
		}
		sum += w * nearest
	}
	return sum
}

func improve(t *testing.T, m *Matrix, weights []float64, start []int) Solution {
	t.Helper()
	s, err := Improve(context.Background(), m, weights, after(start, m.n), len(start), 100)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// after is an order of n items that begins with start.
func after(start []int, n int) []int {
	order := slices.Clone(start)
	for i := range n {
		if !slices.Contains(start, i) {
			order = append(order, i)
		}
	}
	return order
}

// subsets calls do with every choice of k of n items.
func subsets(n, k int, do func([]int)) {
	var choose func(from int, chosen []int)
	choose = func(from int, chosen []int) {
		if len(chosen) == k {
			do(chosen)
			return
		}
		for i := from; i <= n-(k-len(chosen)); i++ {
			choose(i+1, append(chosen, i))
		}
	}
	choose(0, make([]int, 0, k))
}

// The 5 x 5 matrix of the tests of the Python package kmedoids: PAM and FasterPAM end at 9 with k = 2.
func TestPublishedMatrix(t *testing.T) {
	d := [][]float64{{0, 2, 3, 4, 5}, {2, 0, 6, 7, 8}, {3, 6, 0, 9, 10}, {4, 7, 9, 0, 11}, {5, 8, 10, 11, 0}}
	m := build(t, 5, func(i, j int) float64 { return d[i][j] })
	subsets(5, 2, func(start []int) {
		if got := cost(m, ones(5), improve(t, m, ones(5), start).Medoids); got != 9 {
			t.Errorf("from %v: cost %v, published 9", start, got)
		}
	})
}

// The example with missing values of R's package cluster (tests/pam.R): Manhattan distances over the columns known of both,
// raised to all three. PAM ends at medoids 2 and 6, mean distance 6.375 (no exchange improves them, though 3 and 7 with 5.625
// are better), and at medoid 6, 9.25.
func TestPublishedWithMissing(t *testing.T) {
	na := math.NaN()
	x := [][3]float64{{9, 0, 1}, {4, 1, 2}, {1, 2, na}, {0, 3, 7}, {1, 4, na}, {4, 5, 8}, {9, 6, 9}, {16, na, 8}}
	m := build(t, 8, func(i, j int) float64 {
		sum, known := 0.0, 0
		for c := range 3 {
			if e := math.Abs(x[i][c] - x[j][c]); !math.IsNaN(e) {
				sum, known = sum+e, known+1
			}
		}
		return sum * 3 / float64(known)
	})
	for _, want := range []struct {
		start, medoids []int
		mean           float64
	}{{[]int{1, 5}, []int{1, 5}, 6.375}, {[]int{0}, []int{5}, 9.25}} {
		got := slices.Sorted(slices.Values(improve(t, m, ones(8), want.start).Medoids))
		if mean := cost(m, ones(8), got) / 8; !slices.Equal(got, want.medoids) || math.Abs(mean-want.mean) > 1e-6 {
			t.Errorf("medoids %v, mean %v; published %v, %v", got, mean, want.medoids, want.mean)
		}
	}
}

// What is claimed of one start: no exchange of one medoid for another item lowers the cost. And of several: on small sets the
// best of them is the best there is.
func TestAgainstAllSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 120 {
		n := 2 + r.IntN(11)
		k := 1 + r.IntN(n)
		d, weights := make([]float64, n*n), make([]float64, n)
		for i := range n {
			weights[i] = float64(1 + r.IntN(3))
			for j := range i {
				if d[i*n+j] = r.Float64(); trial%2 == 0 {
					d[i*n+j] = float64(r.IntN(4)) // many ties, and different items at distance 0
				}
			}
		}
		m := build(t, n, func(i, j int) float64 { return d[i*n+j] })
		least := math.Inf(1)
		subsets(n, k, func(medoids []int) { least = min(least, cost(m, weights, medoids)) })
		best := math.Inf(1)
		for range 40 {
			start := r.Perm(n)[:k]
			s := improve(t, m, weights, start)
			got := cost(m, weights, s.Medoids)
			if !s.Converged || got > cost(m, weights, start) || got < least-1e-9 {
				t.Fatalf("n %d, k %d: cost %v from %v, least %v, converged %v", n, k, got, cost(m, weights, start), least, s.Converged)
			}
			for slot := range k {
				for c := range n {
					other := slices.Clone(s.Medoids)
					if other[slot] = c; !slices.Contains(s.Medoids, c) && cost(m, weights, other) < got*(1-2*1e-9) {
						t.Fatalf("n %d, k %d: %v costs %v, but %v costs %v", n, k, s.Medoids, got, other, cost(m, weights, other))
					}
				}
			}
			best = min(best, got)
		}
		if best > least*(1+1e-6) {
			t.Errorf("n %d, k %d: best of 40 starts %v, least %v", n, k, best, least)
		}
	}
}

// An exchange's price, worked out for all medoids at once, is the difference of two costs by definition.
func TestTryIsTheDifferenceOfCosts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n, k = 30, 4
	d := make([]float64, n*n)
	for i := range d {
		d[i] = r.Float64()
	}
	weights := ones(n)
	weights[3] = 7
	m := build(t, n, func(i, j int) float64 { return d[i*n+j] })
	s := newSearch(m, weights, r.Perm(n)[:k])
	for range 20 {
		for c := range n {
			if s.chosen[c] {
				continue
			}
			before, lowest := cost(m, weights, s.medoids), math.Inf(1)
			for slot := range k {
				other := slices.Clone(s.medoids)
				other[slot] = c
				lowest = min(lowest, cost(m, weights, other)-before)
			}
			if _, change := s.try(c); math.Abs(change-lowest) > 1e-9 || math.Abs(s.cost-before) > 1e-9 {
				t.Fatalf("change %v, by definition %v; cost %v, %v", change, lowest, s.cost, before)
			}
		}
		if c := r.IntN(n); !s.chosen[c] {
			s.swap(r.IntN(k), c) // also for the worse
		}
	}
}

func TestBuildComparesEveryPairOnce(t *testing.T) {
	for _, n := range []int{1, 2, Strip - 1, Strip, Strip + 1, 3*Strip + 5} {
		var calls, strips atomic.Int64
		m, err := Build(context.Background(), n, func(i, j int) float64 { calls.Add(1); return float64(max(i, j)*1000 + min(i, j)) },
			func() { strips.Add(1) })
		if err != nil || calls.Load() != int64(n*(n-1)/2) || strips.Load() != int64(Strips(n)) {
			t.Fatalf("n %d: %d calls, %d strips, %v", n, calls.Load(), strips.Load(), err)
		}
		for i := range n {
			for j, d := range m.row(i) {
				if want := float32(max(i, j)*1000 + min(i, j)); i != j && d != want || i == j && d != 0 {
					t.Fatalf("n %d: %v at %d, %d", n, d, i, j)
				}
			}
		}
	}
}

func TestCancelling(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m := build(t, 200, func(i, j int) float64 { return float64(i - j) })
	cancel()
	for _, start := range [][]int{{1}, {1, 2}} {
		if _, err := Improve(ctx, m, ones(200), after(start, 200), len(start), 5); !errors.Is(err, context.Canceled) {
			t.Errorf("k = %d: %v", len(start), err)
		}
	}
}
