package distinct

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Rows that are equal, and no others, are one; each stands where it is first. What is known of a sample is what is found in it.
func TestRows(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d, value := rapid.IntRange(1, 3).Draw(r, "d"), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, 2, math.NaN()})
		n := rapid.IntRange(1, 30).Draw(r, "n")
		rows := rapid.SliceOfN(value, n*d, n*d).Draw(r, "rows")
		found := Rows(context.Background(), rows, n, d)
		for i := range n {
			first := 0
			for !same(rows[i*d:(i+1)*d], rows[first*d:(first+1)*d]) {
				first++
			}
			if found.First[found.Of[i]] != first {
				r.Fatalf("row %d is first at %d, found %d", i, first, found.First[found.Of[i]])
			}
		}
		which := rapid.SliceOfN(rapid.IntRange(0, n-1), 1, 40).Draw(r, "which")
		if rapid.Bool().Draw(r, "rising") {
			slices.Sort(which)
			which = slices.Compact(which)
		}
		var sample []float64
		for _, i := range which {
			sample = append(sample, rows[i*d:(i+1)*d]...)
		}
		want := Rows(context.Background(), sample, len(which), d)
		if got := found.Sample(which); !reflect.DeepEqual(got, want) {
			r.Fatalf("of the sample %v is known, %v found", got, want)
		}
		ctx := Known(context.Background(), sample, Found{First: []int{-1}, Of: make([]int, len(which))})
		if got := Rows(ctx, sample, len(which), d); got.First[0] != -1 {
			r.Fatal("what is known is found again")
		}
		if got := Rows(ctx, rows, n, d); !reflect.DeepEqual(got, found) {
			r.Fatalf("what is known of one table counts for another: %v, want %v", got, found)
		}
	})
}
