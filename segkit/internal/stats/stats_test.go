package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// All columns at once have the bits of each alone, also where values are missing, and where a column has none.
func TestSDsOfRowsAreThoseOfColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		n, d := r.IntN(50), 1+r.IntN(6)
		rows, weights := make([]float64, n*d), make([]float64, n)
		for i := range rows {
			if rows[i] = 1e3 + r.NormFloat64(); round%2 == 0 && r.IntN(3) == 0 || i%d == 4 {
				rows[i] = math.NaN()
			}
		}
		for i := range weights {
			weights[i] = r.Float64()
		}
		if round%3 == 0 {
			weights = nil
		}
		for j, got := range SDs(rows, d, weights) {
			var column []float64
			for i := range n {
				column = append(column, rows[i*d+j])
			}
			if _, want, _ := Moments(column, weights); math.Float64bits(got) != math.Float64bits(want) && !(got != got && want != want) {
				t.Fatalf("%d x %d, column %d: %v, want %v", n, d, j, got, want)
			}
		}
	}
}

func TestZeroOne(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		values []float64
		want   bool
	}{{[]float64{0, 1, nan, 1}, true}, {[]float64{1, 1, 1}, false}, {[]float64{0, 0, nan}, false}, {[]float64{0, 1, 2}, false}, {[]float64{0, 1, .5}, false}, {[]float64{nan}, false}, {nil, false}} {
		if got := ZeroOne(c.values); got != c.want {
			t.Errorf("%v: %v", c.values, got)
		}
	}
}
