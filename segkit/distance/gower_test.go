package distance

import (
	"math"
	"testing"
)

// A missing cell leaves its column out of the pair, a shared no leaves an asymmetric one out; both have an end.
func TestGowerOfWhatIsKnown(t *testing.T) {
	na := math.NaN()
	number, answer := gowerColumn{inverse: 1. / 10}, gowerColumn{category: true, asymmetric: true}
	columns := []gowerColumn{number, answer, answer}
	for _, c := range []struct {
		name string
		a, b []float64
		want float64
	}{
		{"all known", []float64{0, 1, 0}, []float64{5, 0, 1}, 2.5 / 3},
		{"one missing", []float64{na, 1, 1}, []float64{5, 0, 1}, 1. / 2},
		{"shared no", []float64{0, 0, 1}, []float64{5, 0, 1}, 0.5 / 2},
		{"nothing but shared noes", []float64{na, 0, 0}, []float64{5, 0, 0}, 0},
		{"nothing in common", []float64{na, 0, na}, []float64{5, na, na}, 1},
		{"beyond the range", []float64{-90, 0, 0}, []float64{5, 0, 0}, 1},
	} {
		if got := gower(columns, c.a, c.b); got != c.want || gower(columns, c.b, c.a) != got {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
