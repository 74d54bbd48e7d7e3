package choose

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/internal/pick"
)

// The rows of the largest values are those at the front of all rows in order, whatever the weights, and as many as were asked for; of evenly spread
// values, few others are sorted with them.
func TestFromLargest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, value := range []func(i int) float64{
		func(int) float64 { return r.ExpFloat64() },
		func(int) float64 { return float64(r.IntN(5)) },
		func(i int) float64 { return float64(i % 100) }, // every hundredth is the smallest
		func(i int) float64 { return -float64(i % 100) },
		func(int) float64 { return math.NaN() },
	} {
		for _, n := range []int{1, 99, 5000} {
			values, weights := make([]float64, n), make([]float64, n)
			for i := range values {
				values[i], weights[i] = value(i), r.ExpFloat64()
			}
			order, total := pick.All(n), 0.0
			slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
			for _, w := range weights {
				total += w
			}
			got, weighs := fromLargest(values, func(i int) float64 { return weights[i] }, fewFarthest*total), 0.0
			for _, i := range got {
				weighs += weights[i]
			}
			if !slices.Equal(got, order[:len(got)]) || !(weighs > fewFarthest*total) {
				t.Errorf("%d of %d values such as %g are not the largest, or too few", len(got), n, values[0])
			}
			if n == 5000 && values[0] != math.Trunc(values[0]) && values[0] == values[0] && len(got) > n/20 {
				t.Errorf("%d of %d values are sorted", len(got), n)
			}
		}
	}
}
