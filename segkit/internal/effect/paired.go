package effect

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// draws is how often customers are drawn again.
const draws = 400

// Paired is how much of the differences between customers two divisions of the same customers account for.
type Paired struct {
	Customers     int     // with a value, and with a segment in both
	First, Second float64 // eta squared of each, 0 to 1
	Difference    float64 // of First less Second, each adjusted for its number of segments (Kelley 1935, doi:10.1073/pnas.21.9.554)
	Low, High     float64 // interval of Difference, 95 %, by paired bootstrap; NaN where all is alike
}

// Compare tells how much more the first labels (n) say about the values (n, NaN is missing) than the second (n) of the same rows.
// Weights (n) may be nil. random is the seed of the draws.
func Compare(ctx context.Context, values, weights []float64, first, second table.Labels, random int) (*Paired, error) {
	var v, w []float64
	var groups [2][]int
	for i, x := range values {
		if math.IsNaN(x) || first[i] == table.Noise || second[i] == table.Noise {
			continue
		}
		v, groups[0], groups[1] = append(v, x), append(groups[0], first[i]), append(groups[1], second[i])
		if weights == nil {
			w = append(w, 1)
		} else {
			w = append(w, weights[i])
		}
	}
	n, nan := len(v), math.NaN()
	out := &Paired{Customers: n, First: nan, Second: nan, Difference: nan, Low: nan, High: nan}
	if n == 0 || slices.Min(v) == slices.Max(v) {
		return out, nil
	}
	var k [2]int
	for s := range groups {
		k[s] = slices.Max(groups[s]) + 1
	}
	worth := table.SamplingWeights.EffectiveSize(v, w)
	shares := func(w []float64) (share [2]float64, difference float64) {
		for s := range groups {
			eta2, filled := shareBetween(v, w, groups[s], k[s])
			if worth <= float64(filled) {
				return share, nan
			}
			adjusted := 1 - (1-eta2)*(worth-1)/(worth-float64(filled))
			if share[s] = eta2; s == 1 {
				adjusted = -adjusted
			}
			difference += adjusted
		}
		return share, difference
	}
	share, difference := shares(w)
	out.First, out.Second, out.Difference = share[0], share[1], difference
	drawn := make([]float64, draws)
	err := par.Items(ctx, draws, func(b int) {
		r, again := seed.Stream(random, "compare", b), make([]float64, n)
		for range n {
			i := r.IntN(n)
			again[i] += w[i]
		}
		_, drawn[b] = shares(again)
	})
	if err != nil {
		return nil, err
	}
	drawn = slices.DeleteFunc(drawn, math.IsNaN) // one customer drawn again and again differs from none
	if len(drawn) == 0 {
		return out, nil
	}
	mean := 0.0
	for _, d := range drawn {
		mean += d / float64(len(drawn))
	}
	// Drawn again, many small segments account for more than they do: only how far the draws lie apart is taken from them.
	q := quantile.Of(drawn, nil, false)
	out.Low, out.High = difference+q.At(.025)-mean, difference+q.At(.975)-mean
	return out, nil
}

// shareBetween is eta squared of values (n) with weights that may be 0, and how many of the k groups have any; NaN where values are alike.
func shareBetween(values, weights []float64, groups []int, k int) (eta2 float64, filled int) {
	sums, totals := make([]float64, k), make([]float64, k)
	var sum, total, squares, among float64
	for i, v := range values {
		w := weights[i]
		sums[groups[i]] += float64(w * v)
		totals[groups[i]] += w
		sum += float64(w * v)
		total += w
	}
	mean := sum / total
	for i, v := range values {
		squares += float64(weights[i] * (v - mean) * (v - mean))
	}
	for g, t := range totals {
		if t > 0 {
			filled++
			among += float64(t * (sums[g]/t - mean) * (sums[g]/t - mean))
		}
	}
	if squares == 0 {
		return math.NaN(), filled
	}
	return min(among/squares, 1), filled
}

// More reads like "3.2 points more (1.9 to 4.5)", of a difference between shares.
func More(difference, low, high float64) string {
	word, sign := "more", 1.0
	if difference < 0 {
		word, sign, low, high = "less", -1, -high, -low
	}
	points := func(v float64) string { return sheet.Fixed(100*v, 1) }
	return fmt.Sprintf("%s points %s (%s to %s)", points(sign*difference), word, points(low), points(high))
}
