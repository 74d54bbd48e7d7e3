package vec

import (
	"math"
	"math/rand/v2"
	"testing"
)

// random returns rows x d values, some of them equal, so that ties and zeros occur.
func random(r *rand.Rand, rows, d int) []float64 {
	v := make([]float64, rows*d)
	for i := range v {
		v[i] = math.Round(r.NormFloat64()*4) / 4
	}
	return v
}

// Four rows at a time give the bits of one row at a time, ties included.
func TestRowsInFoursEqualRowsAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n, d, k := 1+r.IntN(23), 1+r.IntN(9), 1+r.IntN(7)
		x, centers := random(r, n, d), random(r, k, d)
		labels, dist, from := make([]int32, n), make([]float64, n), make([]float64, n)
		changed := Nearest(x, d, centers, labels, dist)
		if again := Nearest(x, d, centers, labels, dist); again != 0 {
			t.Fatalf("second pass changed %d labels", again)
		}
		sums, lower := make([]float64, n), make([]float64, n)
		AddDistances(x, centers, d, sums)
		for i := range from {
			from[i] = 2
		}
		Lower(x, centers[:d], from, lower)
		moved := 0
		for i := range n {
			best, label, second, sum := math.Inf(1), 0, math.Inf(1), 0.0
			for c := range k {
				s := 0.0
				for j := range d {
					e := x[i*d+j] - centers[c*d+j]
					s += float64(e * e)
				}
				sum += math.Sqrt(s)
				if s < best {
					best, second, label = s, best, c
				} else if s < second {
					second = s
				}
				if c == 0 && lower[i] != min(2, s) {
					t.Fatalf("Lower gave %v, want %v", lower[i], min(2, s))
				}
			}
			if label != 0 {
				moved++
			}
			if int(labels[i]) != label || dist[i] != best || sums[i] != sum {
				t.Fatalf("n=%d d=%d k=%d row %d: got %d at %v, sum %v; want %d at %v, sum %v", n, d, k, i, labels[i], dist[i], sums[i], label, best, sum)
			}
			l, q, s := make([]int32, 1), make([]float64, 1), make([]float64, 1)
			NearestTwo(x[i*d:(i+1)*d], d, centers, l, q, s)
			if int(l[0]) != label || q[0] != best || s[0] != second {
				t.Fatalf("NearestTwo: got %d, %v, %v; want %d, %v, %v", l[0], q[0], s[0], label, best, second)
			}
		}
		if changed != moved {
			t.Fatalf("%d labels changed, Nearest said %d", moved, changed)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	const n, d, k = 2048, 6, 5
	r := rand.New(rand.NewPCG(1, 2))
	x, centers := random(r, n, d), random(r, k, d)
	labels, dist := make([]int32, n), make([]float64, n)
	for b.Loop() {
		Nearest(x, d, centers, labels, dist)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/k, "ns/distance")
}
