package choose

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// Every null draw has the covariance of the data, not only the draws on average: with many columns that is what makes draws and
// data alike. So it is by weights, with as many columns as rows, and with columns that are constant or sums of others.
func TestBlobHasTheCovarianceOfTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(1, 30).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "d")
		x := table.FromRaw(table.Raw{IDs: make([]string, n), Columns: make([]table.Column, d), Data: make([]float64, n*d)})
		for i := range x.Raw().IDs {
			x.Raw().IDs[i] = strconv.Itoa(i)
		}
		for j := range x.Raw().Columns {
			x.Raw().Columns[j].Name = strconv.Itoa(j)
			kind := rapid.IntRange(0, 3).Draw(t, "kind")
			for i := range n {
				switch {
				case kind == 0: // constant
				case kind == 1 && j > 0: // a multiple of the one before
					x.Raw().Data[i*d+j] = 3 * x.Raw().Data[i*d+j-1]
				default:
					x.Raw().Data[i*d+j] = rapid.Float64Range(-10, 10).Draw(t, "value")
				}
			}
		}
		if rapid.Bool().Draw(t, "weighted") {
			x.Raw().Weights = rapid.SliceOfN(rapid.Float64Range(.1, 5), n, n).Draw(t, "weights")
		}
		means, want := covariance.Of(x, pick.All(d))
		draw := newBlob(x).draw(seed.Stream(rapid.Int().Draw(t, "seed"), "draw", 0))
		_, got := covariance.Of(draw, pick.All(d))
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
