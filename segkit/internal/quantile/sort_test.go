package quantile

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Sorted by their digits, values are in the order in which comparing them puts them: of every size, sign and spread.
func TestSortingByDigits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for name, draw := range map[string]func() float64{
		"normal":       r.NormFloat64,
		"any bits":     func() float64 { return math.Float64frombits(r.Uint64()) },
		"small counts": func() float64 { return float64(r.IntN(5)) },
		"one value":    func() float64 { return 7 },
		"extremes": func() float64 {
			return [...]float64{math.Inf(1), math.Inf(-1), 5e-324, -5e-324, math.MaxFloat64, 0}[r.IntN(6)]
		},
	} {
		for _, n := range []int{0, 1, few - 1, few, few + 1, 20_000} {
			values := make([]float64, n)
			for i := range values {
				for values[i] = draw(); math.IsNaN(values[i]); {
					values[i] = draw()
				}
			}
			want := slices.Clone(values)
			slices.Sort(want)
			if ascending(values); !slices.Equal(values, want) {
				t.Errorf("%d values, %s: not in order", n, name)
			}
		}
	}
}

func BenchmarkOf(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 2))
	values := make([]float64, 600_000)
	for i := range values {
		values[i] = math.Log1p(float64(r.IntN(100_000)))
	}
	for b.Loop() {
		Of(values, nil, false)
	}
}
