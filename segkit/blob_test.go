package segkit

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/seed"
)

// Every null draw has the covariance of the data, not only the draws on average: with many columns that is what makes draws and
// data alike. So it is by weights, with as many columns as rows, and with columns that are constant or sums of others.
func TestBlobHasTheCovarianceOfTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(1, 30).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "d")
		x := &Table{ids: make([]string, n), columns: make([]Column, d), data: make([]float64, n*d)}
		for i := range x.ids {
			x.ids[i] = strconv.Itoa(i)
		}
		for j := range x.columns {
			x.columns[j].Name = strconv.Itoa(j)
			kind := rapid.IntRange(0, 3).Draw(t, "kind")
			for i := range n {
				switch {
				case kind == 0: // constant
				case kind == 1 && j > 0: // a multiple of the one before
					x.data[i*d+j] = 3 * x.data[i*d+j-1]
				default:
					x.data[i*d+j] = rapid.Float64Range(-10, 10).Draw(t, "value")
				}
			}
		}
		if rapid.Bool().Draw(t, "weighted") {
			x.weights = rapid.SliceOfN(rapid.Float64Range(.1, 5), n, n).Draw(t, "weights")
		}
		means, want := x.covariance(allRows(d))
		draw := newBlob(x).draw(seed.Stream(rapid.Int().Draw(t, "seed"), "draw", 0))
		_, got := draw.covariance(allRows(d))
		scale, most := 0.0, 0.0 // draws are scaled
		for j := range d {
			if v := want.At(j, j); v > most {
				most, scale = v, v/got.At(j, j)
			}
		}
		if most < 1e-20 {
			return // all customers are alike
		}
		for a := range d {
			for b := range d {
				if w, g := want.At(a, b), got.At(a, b)*scale; !(math.Abs(w-g) <= 1e-7*most) {
					t.Fatalf("covariance of columns %d and %d: %v, the data have %v (means %v)", a, b, g, w, means)
				}
			}
		}
	})
}
