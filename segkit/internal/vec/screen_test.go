package vec

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A screen finds the labels of Nearest: on round groups, on grids full of ties, on columns far from 0 and of all sizes, with centres that are rows, that lie
// within rounding of each other, or in one place, and with rows on the very border.
func TestScreenFindsTheNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	kinds := []struct {
		name  string
		value func(scale float64) float64
	}{
		{"normal", func(float64) float64 { return r.NormFloat64() }},
		{"grid", func(float64) float64 { return float64(r.IntN(3)) }},
		{"far", func(scale float64) float64 { return 1e9*scale + r.NormFloat64() }},
		{"sized", func(scale float64) float64 { return math.Ldexp(r.NormFloat64(), int(20*scale)) }},
		{"wild", func(float64) float64 { return math.Ldexp(r.NormFloat64(), 40-r.IntN(80)) }},
		{"tiny", func(float64) float64 { return math.Ldexp(r.NormFloat64(), -28-r.IntN(120)) }},
		{"huge", func(float64) float64 { return math.Ldexp(r.NormFloat64(), 240-r.IntN(480)) }},
	}
	screened, decided := map[string]int{}, map[string]int{}
	for _, kind := range kinds {
		for round := range 300 {
			n, d, k := 1+r.IntN(700), 1+r.IntN(12), 1+r.IntN(20)
			scale := make([]float64, d)
			for j := range scale {
				scale[j] = r.NormFloat64()
			}
			drawn := func(rows int) []float64 {
				v := make([]float64, rows*d)
				for i := range v {
					v[i] = kind.value(scale[i%d])
				}
				return v
			}
			x, centers := drawn(n), drawn(k)
			for c := range k {
				other := centers[r.IntN(k)*d:][:d]
				switch center := centers[c*d:][:d]; r.IntN(6) {
				case 0: // at a row
					copy(center, x[r.IntN(n)*d:])
				case 1: // a hair away from another
					for j, v := range other {
						center[j] = math.Nextafter(v, 2*v)
					}
				case 2, 3: // mirrors another in a row, so that it is as far away, or hardly farther
					hair := float64(r.IntN(2)) * math.Ldexp(r.NormFloat64(), -26+r.IntN(6))
					for j, v := range x[r.IntN(n)*d:][:d] {
						center[j] = v + (v-other[j])*(1+hair)
					}
				}
			}
			for _, set := range instructionSets() {
				with(set, func() {
					want, got := make([]int32, n), make([]int32, n, n+1)
					for i := range got {
						got[i] = int32(r.IntN(k+1)) - 1
					}
					copy(want, got)
					got[:n+1][n] = 17
					var s Screen
					for range 2 { // and once more, when nothing changes
						if !s.Set(centers, d) {
							return
						}
						changed := Nearest(x, d, centers, want, make([]float64, n))
						sums, rows := make([]float64, k*Stride(d)), make([]int, k)
						moved, twice := s.Nearest(x, got, x, d, sums, rows)
						apart, counted := make([]float64, k*Stride(d)), make([]int, k)
						SumRows(x, d, got, apart, counted)
						for l := range k {
							if at := l * Stride(d); rows[l] != counted[l] || !slices.Equal(sums[at:at+d], apart[at:at+d]) {
								t.Fatalf("%s %d, n=%d d=%d k=%d, blocks of %d rows: segment %d has sums %v, %d rows; want %v, %d", kind.name, round, n, d, k, set.rows, l, sums[at:at+d], rows[l], apart[at:at+d], counted[l])
							}
						}
						if !slices.Equal(got, want) || moved != changed || got[:n+1][n] != 17 {
							t.Fatalf("%s %d, n=%d d=%d k=%d, blocks of %d rows: %d changed to %v, want %d, %v", kind.name, round, n, d, k, set.rows, moved, got, changed, want)
						}
						screened[kind.name] += n
						decided[kind.name] += n - twice
					}
				})
			}
		}
	}
	if wide.rows == 0 {
		return
	}
	for _, kind := range kinds[:6] { // the last is beyond single precision
		if share := float64(decided[kind.name]) / float64(screened[kind.name]); !(share > .2) {
			t.Errorf("%s: of %d rows %d were decided by screens alone", kind.name, screened[kind.name], decided[kind.name])
		}
	}
}

// BenchmarkPass is one look at all rows of a table, chunk by chunk, with their sums. It tells what the fastest tenth of the chunks stay
// under: a machine with other work slows the rest.
func BenchmarkPass(b *testing.B) {
	for _, shape := range [][3]int{{1_000_000, 3, 5}, {1_000_000, 8, 5}, {200_000, 20, 8}, {1_000_000, 8, 50}, {10_000, 6, 5}} {
		n, d, k := shape[0], shape[1], shape[2]
		r := rand.New(rand.NewPCG(1, 2))
		x, centers := make([]float64, n*d), make([]float64, k*d)
		for _, values := range [][]float64{x, centers} {
			for i := range values {
				values[i] = r.NormFloat64()
			}
		}
		labels, dist := make([]int32, n), make([]float64, n)
		sums, rows := make([]float64, k*Stride(d)), make([]int, k)
		var screen *Screen
		for _, set := range instructionSets() {
			if set.rows == 0 {
				continue
			}
			for name, chunk := range map[string]func(x []float64, labels []int32, dist []float64){
				"exact": func(x []float64, labels []int32, dist []float64) {
					Nearest(x, d, centers, labels, dist)
					SumRows(x, d, labels, sums, rows)
				},
				"screen": func(x []float64, labels []int32, _ []float64) {
					screen.Nearest(x, labels, x, d, sums, rows)
				},
			} {
				b.Run(fmt.Sprintf("n=%d,d=%d,k=%d,blocks=%d/%s", n, d, k, set.rows, name), func(b *testing.B) {
					const size = 2048
					var took []float64
					with(set, func() {
						screen = new(Screen)
						screen.Set(centers, d)
						for b.Loop() {
							for from := 0; from < n; from += size {
								to := min(n, from+size)
								start := time.Now()
								chunk(x[from*d:to*d], labels[from:to], dist[from:to])
								took = append(took, float64(time.Since(start).Nanoseconds())/float64(to-from))
							}
						}
					})
					slices.Sort(took)
					b.ReportMetric(took[len(took)/10], "ns/row")
				})
			}
		}
	}
}
