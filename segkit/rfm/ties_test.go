package rfm

import (
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/table"
	"pgregory.net/rapid"
)

// crowd makes n values: so many at the given value, the others counted up from first.
func crowd(at float64, n int, others ...float64) []float64 {
	return append(slices.Repeat([]float64{at}, n), others...)
}

// 85 of 100 customers lapsed for 400 days, 15 for 5 to 145: R's findInterval, where a value on the cut goes above it, gives the
// 85 the worst recency and the others the best. The ends of the other two scores follow the same rule.
func TestACrowdAtTheFarEndScoresLikeTheFarEnd(t *testing.T) {
	recent := []float64{5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115, 125, 135, 145}
	for name, c := range map[string]struct {
		values []float64
		bins   int
		want   map[float64]int // from 1 for the smallest values
	}{
		"largest":                    {crowd(400, 85, recent...), 5, map[float64]int{400: 5, 145: 1, 5: 1}},
		"one beyond":                 {crowd(400, 85, append(recent, 401)...), 5, map[float64]int{401: 5, 400: 5, 145: 1}},
		"two scores":                 {crowd(400, 85, append(recent, 401)...), 2, map[float64]int{401: 2, 400: 2, 145: 1}},
		"on the upper cuts":          {crowd(99, 65, append(upTo(34), 100)...), 5, map[float64]int{100: 5, 99: 5, 34: 2, 1: 1}},
		"on the last cut":            {crowd(99, 30, upTo(70)...), 5, map[float64]int{99: 5, 70: 4, 1: 1}},
		"smallest":                   {crowd(1, 85, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), 5, map[float64]int{1: 1, 2: 5, 16: 5}},
		"one below":                  {crowd(1, 85, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), 5, map[float64]int{0: 1, 1: 1, 3: 5}},
		"on one cut, fewer than due": {crowd(20.5, 15, upTo(85)...), 5, map[float64]int{20: 1, 20.5: 2, 85: 5}},
		"two values":                 {crowd(2, 3, 1), 5, map[float64]int{1: 1, 2: 5}},
		"all equal":                  {crowd(7, 10), 5, map[float64]int{7: 1}},
	} {
		s, err := Score(customers(t, c.values, c.values, c.values), Options{Bins: c.bins})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range c.values {
			if want, ok := c.want[v]; ok && (s.F[i] != want || s.M[i] != want || s.R[i] != c.bins+1-want) {
				t.Errorf("%s: %g scores %s, want %d of orders and money, %d of recency", name, v, s.Code(i), want, c.bins+1-want)
				break
			}
		}
	}
}

// The longest lapsed are never "New": their recency is the worst, whichever name the map gives them.
func TestTheLongestLapsedAreNotNew(t *testing.T) {
	recency := crowd(400, 85, upTo(15)...)
	orders := slices.Repeat([]float64{1}, 100)
	s, err := Score(customers(t, recency, orders, orders), Options{})
	if err != nil {
		t.Fatal(err)
	}
	segments, err := s.Segments(nil)
	if err != nil {
		t.Fatal(err)
	}
	if lapsed, recent := segments.Name(segments.Labels[0]), segments.Name(segments.Labels[99]); lapsed != "Hibernating" || recent != "New" {
		t.Errorf("400 days are %q, 15 days %q", lapsed, recent)
	}
}

// The smallest value gets the lowest score and the largest the highest, however the others are tied; more than half of the
// customers at one value never share a score with the end that is farther from them; and a weight of two is two customers.
func TestOppositeEndsNeverShareAScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 80).Draw(t, "n")
		most, share := rapid.IntRange(0, 9).Draw(t, "crowd at"), rapid.IntRange(0, 10).Draw(t, "share")
		values, weights, repeated := make([]float64, n), make([]float64, n), []float64{}
		for i := range values {
			values[i], weights[i] = float64(most), float64(rapid.IntRange(1, 3).Draw(t, "weight"))
			if rapid.IntRange(0, 9).Draw(t, "crowd") >= share {
				values[i] = float64(rapid.IntRange(0, 9).Draw(t, "value"))
			}
			repeated = append(repeated, slices.Repeat([]float64{values[i]}, int(weights[i]))...)
		}
		o := Options{Bins: rapid.IntRange(2, 9).Draw(t, "bins"), By: rapid.SampledFrom([]Breaks{Quantiles, Jenks}).Draw(t, "by")}
		s, err := Score(customers(t, repeated, repeated, repeated), o)
		if err != nil {
			t.Fatal(err)
		}
		low, high := slices.Min(repeated), slices.Max(repeated)
		score := map[float64]int{}
		for i, v := range repeated {
			score[v] = s.F[i]
			if s.F[i] != s.M[i] || s.R[i] != s.Bins+1-s.F[i] {
				t.Fatalf("%g scores %s", v, s.Code(i))
			}
		}
		if low < high && (score[low] != 1 || score[high] != s.Bins) {
			t.Fatalf("%g to %g score %d to %d", low, high, score[low], score[high])
		}
		for v, own := range score {
			below, above := 0, 0
			for _, other := range repeated {
				if other < v {
					below++
				} else if other > v {
					above++
				}
			}
			if half := 2*(below+above) < len(repeated); half && o.By == Quantiles &&
				(below > above && own == score[low] || above > below && own == score[high]) {
				t.Fatalf("%g, with %d below and %d above, scores %d, like the end far from it", v, below, above, own)
			}
		}
		rows, err := customers(t, values, values, values).WithWeights(weights, table.FrequencyWeights)
		if err != nil {
			t.Fatal(err)
		}
		weighted, err := Score(rows, o)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if o.By == Quantiles && weighted.F[i] != score[v] { // Jenks may have two solutions that cost the same
				t.Fatalf("%g with weights scores %d, repeated %d", v, weighted.F[i], score[v])
			}
		}
	})
}
