package vec

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A screen finds the labels of Nearest: on round groups, on grids full of ties, on columns far from 0 and of all sizes, with centres that are rows, that lie
// within rounding of each other, or in one place, and with rows on the very border.
func TestScreenFindsTheNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	kinds := map[string]func(scale float64) float64{
		"normal": func(float64) float64 { return r.NormFloat64() },
		"grid":   func(float64) float64 { return float64(r.IntN(3)) },
		"far":    func(scale float64) float64 { return 1e9*scale + r.NormFloat64() },
		"sized":  func(scale float64) float64 { return math.Ldexp(r.NormFloat64(), int(20*scale)) },
		"wild":   func(float64) float64 { return math.Ldexp(r.NormFloat64(), 240-r.IntN(480)) },
		"tiny":   func(float64) float64 { return math.Ldexp(r.NormFloat64(), -60-r.IntN(90)) },
	}
	screened, decided := map[string]int{}, map[string]int{}
	for kind, value := range kinds {
		for round := range 600 {
			n, d, k := 1+r.IntN(700), 1+r.IntN(12), 1+r.IntN(20)
			scale := make([]float64, d)
			for j := range scale {
				scale[j] = r.NormFloat64()
			}
			drawn := func(rows int) []float64 {
				v := make([]float64, rows*d)
				for i := range v {
					v[i] = value(scale[i%d])
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
						moved, twice := s.Search().Nearest(x, got, x, d, sums, rows)
						apart, counted := make([]float64, k*Stride(d)), make([]int, k)
						SumRows(x, d, got, apart, counted)
						for l := range k {
							if at := l * Stride(d); rows[l] != counted[l] || !slices.Equal(sums[at:at+d], apart[at:at+d]) {
								t.Fatalf("%s %d, n=%d d=%d k=%d, blocks of %d rows: segment %d has sums %v, %d rows; want %v, %d", kind, round, n, d, k, set.rows, l, sums[at:at+d], rows[l], apart[at:at+d], counted[l])
							}
						}
						if !slices.Equal(got, want) || moved != changed || got[:n+1][n] != 17 {
							t.Fatalf("%s %d, n=%d d=%d k=%d, blocks of %d rows: %d changed to %v, want %d, %v", kind, round, n, d, k, set.rows, moved, got, changed, want)
						}
						screened[kind] += n
						decided[kind] += n - twice
					}
				})
			}
		}
	}
	if wide.rows > 0 && (decided["normal"] < screened["normal"]*3/4 || decided["far"] == 0 || decided["grid"] == 0 || decided["wild"] == screened["wild"]) {
		t.Fatalf("of %v rows, %v were decided by screens alone", screened, decided)
	}
}

func BenchmarkScreen(b *testing.B) {
	for _, shape := range [][2]int{{3, 5}, {6, 5}, {8, 5}, {20, 8}, {8, 50}} {
		for _, set := range instructionSets() {
			if set.rows == 0 {
				continue
			}
			b.Run(fmt.Sprintf("d=%d,k=%d,rows=%d", shape[0], shape[1], set.rows), func(b *testing.B) {
				const n = 2048
				d, k := shape[0], shape[1]
				r := rand.New(rand.NewPCG(1, 2))
				x, centers := make([]float64, n*d), make([]float64, k*d)
				for i := range x {
					x[i] = r.NormFloat64()
				}
				for i := range centers {
					centers[i] = r.NormFloat64()
				}
				labels := make([]int32, n)
				with(set, func() {
					var s Screen
					s.Set(centers, d)
					search := s.Search()
					for b.Loop() {
						search.Nearest(x, labels, nil, 0, nil, nil)
					}
				})
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/float64(k), "ns/distance")
			})
		}
	}
}
