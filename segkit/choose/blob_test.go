package choose

import (
	"cmp"
	"fmt"
	"math"
	"slices"
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
			return // all customers are identical
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

// The customers compared are the same in whatever order they stand, for whatever seed, and in a table that has others besides.
func TestTheSameCustomersAreCompared(t *testing.T) {
	var ids, backwards []string
	for i := range 2000 {
		ids = append(ids, fmt.Sprint("c", i))
	}
	backwards = slices.Clone(ids)
	slices.Reverse(backwards)
	a, b := pick.At(ids, byID(ids, 500)), pick.At(backwards, byID(backwards, 500))
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) || len(slices.Compact(a)) != 500 {
		t.Error("the order of the rows decides who is compared")
	}
	rank := func(id string) uint64 { return seed.Stream(0, id, 0).Uint64() }
	sorted := slices.Clone(ids)
	slices.SortFunc(sorted, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	for _, size := range []int{0, 1, 2, 7, 500, 1990, 1999, 2000} { // they are those whose hashes come first
		got, want := pick.At(ids, byID(ids, size)), slices.Clone(sorted[:size])
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%d of 2000: others than those that come first", size)
		}
	}
	early := 0 // as at random: half of them stand in the first half, with a standard deviation of 10
	for _, row := range byID(ids, 500) {
		if row < 1000 {
			early++
		}
	}
	if early < 200 || early > 300 {
		t.Errorf("%d of 500 are from the first half", early)
	}
}
