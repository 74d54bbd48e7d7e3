package vec

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
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

// Of no rows, distances add nothing.
func TestDistancesToNothing(t *testing.T) {
	sums := make([]float64, 40)
	AddDistances(make([]float64, 3*len(sums)), nil, 3, sums)
	if slices.Max(sums) != 0 {
		t.Errorf("%v", sums)
	}
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
		sums, lower, own := make([]float64, n), make([]float64, n), make([]float64, n)
		Distances(x, d, centers, labels, own)
		if !slices.Equal(own, dist) {
			t.Fatalf("n=%d d=%d k=%d: distances %v, want %v", n, d, k, own, dist)
		}
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

// One value that is missing, infinite or too large is found wherever it stands; the largest that can be squared may stand anywhere.
func TestUsable(t *testing.T) {
	for _, set := range instructionSets() {
		with(set, func() {
			for n := range 40 {
				x := slices.Repeat([]float64{Largest, 0, -Largest}, n)[:n]
				if !Usable(x) {
					t.Fatalf("blocks of %d rows: %v is refused", set.rows, x)
				}
				for i := range x {
					for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Nextafter(Largest, 1e200), -math.Nextafter(Largest, 1e200)} {
						was := x[i]
						if x[i] = bad; Usable(x) {
							t.Fatalf("blocks of %d rows: %v passes", set.rows, x)
						}
						x[i] = was
					}
				}
			}
		})
	}
}

// instructionSets are what this processor has, plain Go first.
func instructionSets() []kernels {
	if wide.rows == 0 {
		return []kernels{{}}
	}
	return append([]kernels{{}}, available()...)
}

// with does something with the given kernels.
func with(k kernels, do func()) {
	defer func(was kernels) { wide = was }(wide)
	wide = k
	do()
}

// Assembly gives the bits of plain Go: at every number of features, points and rows around the block, on random rows, on rows
// full of ties, on values whose squares vanish or almost overflow; and it writes nothing behind its slices.
func TestAssemblyEqualsPlainGo(t *testing.T) {
	if wide.rows == 0 {
		t.Skip("this processor has no instructions that the assembly uses")
	}
	r := rand.New(rand.NewPCG(3, 4))
	values := []func() float64{
		r.NormFloat64,
		func() float64 { return float64(r.IntN(3)) },
		func() float64 { return math.Ldexp(r.NormFloat64(), -530-r.IntN(20)) },
		func() float64 { return 1e140 * (2*r.Float64() - 1) },
		func() float64 { return math.Copysign(0, r.NormFloat64()) },
	}
	filled := func(n int, value func() float64) []float64 {
		v := make([]float64, n+1)
		for i := range n {
			v[i] = value()
		}
		v[n] = 17 // the guard
		return v
	}
	for d := 1; d <= 40; d++ {
		for _, k := range []int{1, 2, 3, 4, 5, 7, 8, 9, 50, 60} {
			value := values[r.IntN(len(values))]
			n := r.IntN(70)
			x, centers, from := filled(n*d, value)[:n*d], filled(k*d, value)[:k*d], filled(n, func() float64 { return math.Abs(value()) })[:n]
			labels := make([]int32, n, n+1)
			for i := range labels {
				labels[i] = int32(r.IntN(k))
			}
			run := func() (o results) {
				o.labels = append(append(o.labels, labels...), 17)
				o.dist, o.lower, o.total = filled(n, func() float64 { return -1 }), filled(n, func() float64 { return -1 }), filled(n, func() float64 { return 0.1 })
				o.rows = make([]int, k+1)
				o.changed = Nearest(x, d, centers, o.labels[:n], o.dist[:n])
				o.two, o.twoDist, o.second = append(slices.Clone(labels), 17), slices.Clone(o.lower), slices.Clone(o.lower)
				NearestTwo(x, d, centers, o.two[:n], o.twoDist[:n], o.second[:n])
				Lower(x, centers[:d], from, o.lower[:n])
				AddDistances(x, centers, d, o.total[:n])
				sums := filled(k*Stride(d), func() float64 { return 0 })
				SumRows(x, d, o.labels[:n], sums[:len(sums)-1], o.rows[:k])
				for l := range k {
					o.sums = append(o.sums, sums[l*Stride(d):][:d]...)
				}
				o.sums = append(o.sums, sums[len(sums)-1])
				return o
			}
			var want results
			for i, set := range instructionSets() {
				with(set, func() {
					got := run()
					if i == 0 {
						want = got
					} else if !reflect.DeepEqual(got.exactly(), want.exactly()) {
						t.Fatalf("n=%d d=%d k=%d, blocks of %d rows:\n%+v\nwant\n%+v", n, d, k, set.rows, got, want)
					}
				})
			}
		}
	}
}

// Values that repeat along others: every number of values around the vectors and the periods, with missing and infinite values, zeros of both
// signs, and centres at a customer's very place.
func TestRepeatingKernelsEqualPlainGo(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1e308, 5e-324}
	values := func(n int, odds float64) []float64 {
		v := make([]float64, n, n+1)
		for i := range v {
			if v[i] = r.NormFloat64(); r.Float64() < odds {
				v[i] = odd[r.IntN(len(odd))]
			}
		}
		v[:n+1][n] = 17 // the guard
		return v
	}
	bits := func(v []float64) []uint64 {
		out := make([]uint64, len(v)+1)
		for i, v := range v[:len(v)+1] {
			if out[i] = math.Float64bits(v); v != v {
				out[i] = math.Float64bits(math.NaN())
			}
		}
		return out
	}
	agreed := map[bool]int{}
	for n := range 140 {
		for _, d := range []int{1, 2, 3, 7, 8, 20} {
			odds := []float64{0, 0, .01, .3}[r.IntN(4)]
			x, center, scale, low, high := values(n, odds), Repeat(values(d, odds)), Repeat(values(d, odds)), Repeat(values(d, 0)), Repeat(values(d, 0))
			for j := range low {
				low[j], high[j] = low[j]-3, high[j]+3
			}
			nearest, second := values(n, odds), values(n, odds)
			for i := range nearest {
				nearest[i], second[i] = math.Abs(nearest[i]), math.Abs(second[i])
			}
			for _, set := range instructionSets() {
				with(set, func() {
					scaled, distance, margin := append(slices.Clone(x), 17)[:n], append(slices.Clone(x), 17)[:n], append(slices.Clone(x), 17)[:n]
					Scale(scaled, center, scale)
					Margins(nearest, second, distance, margin)
					within := Within(x, low, high)
					all := true
					for i, v := range x {
						j := i % d
						want := [3]float64{(v - center[j]) / scale[j], math.Sqrt(nearest[i])}
						if second[i] > 0 {
							want[2] = 1 - math.Sqrt(nearest[i]/second[i])
						}
						got := [3]float64{scaled[i], distance[i], margin[i]}
						if !slices.Equal(bits(append(got[:], 17)[:3]), bits(append(want[:], 17)[:3])) {
							t.Fatalf("n=%d d=%d, blocks of %d rows, value %d: %v, want %v", n, d, set.rows, i, got, want)
						}
						all = all && v >= low[j] && v <= high[j]
					}
					if agreed[all]++; within != all {
						t.Fatalf("n=%d d=%d, blocks of %d rows: within %v, want %v, of %v", n, d, set.rows, within, all, x)
					}
					for _, guarded := range [][]float64{x, scaled, distance, margin} {
						if guarded[:n+1][n] != 17 {
							t.Fatalf("n=%d d=%d, blocks of %d rows: written behind the end", n, d, set.rows)
						}
					}
				})
			}
		}
	}
	if agreed[true] < 100 || agreed[false] < 100 {
		t.Fatalf("within and not within: %v", agreed)
	}
}

// results are what the functions of this package write.
type results struct {
	labels, two                               []int32
	dist, twoDist, second, lower, total, sums []float64
	rows                                      []int
	changed                                   int
}

// exactly lets -0 differ from 0.
func (o results) exactly() (all []any) {
	for _, v := range [][]float64{o.dist, o.twoDist, o.second, o.lower, o.total, o.sums} {
		bits := make([]uint64, len(v))
		for i := range v {
			bits[i] = math.Float64bits(v[i])
		}
		all = append(all, bits)
	}
	return append(all, o.labels, o.two, o.rows, o.changed)
}

func BenchmarkNearest(b *testing.B) {
	for _, shape := range [][2]int{{3, 5}, {6, 5}, {8, 5}, {20, 8}, {8, 50}} {
		for _, set := range instructionSets() {
			b.Run(fmt.Sprintf("d=%d,k=%d,rows=%d", shape[0], shape[1], set.rows), func(b *testing.B) {
				const n = 2048
				d, k := shape[0], shape[1]
				r := rand.New(rand.NewPCG(1, 2))
				x, centers := random(r, n, d), random(r, k, d)
				labels, dist := make([]int32, n), make([]float64, n)
				with(set, func() {
					for b.Loop() {
						Nearest(x, d, centers, labels, dist)
					}
				})
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/float64(k), "ns/distance")
			})
		}
	}
}

func BenchmarkSumRows(b *testing.B) {
	for _, set := range instructionSets() {
		b.Run(fmt.Sprintf("rows=%d", set.rows), func(b *testing.B) {
			const n, d, k = 2048, 8, 5
			r := rand.New(rand.NewPCG(1, 2))
			x, labels := random(r, n, d), make([]int32, n)
			for i := range labels {
				labels[i] = int32(r.IntN(k))
			}
			sums, rows := make([]float64, k*Stride(d)), make([]int, k)
			with(set, func() {
				for b.Loop() {
					SumRows(x, d, labels, sums, rows)
				}
			})
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
}
