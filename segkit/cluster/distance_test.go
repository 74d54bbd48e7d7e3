package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/table"
)

func TestDistanceNames(t *testing.T) {
	for d := distance.Euclidean; d <= distance.Gower; d++ {
		text, _ := d.MarshalText()
		var back distance.Distance
		if err := back.UnmarshalText(text); err != nil || back != d {
			t.Errorf("%s comes back as %v, %v", text, back, err)
		}
	}
	if err := new(distance.Distance).UnmarshalText([]byte("euclid")); err == nil {
		t.Error("an unknown distance is read")
	}
}

func pairwise(x *table.Table, m KMedoids) func(i, j int) float64 {
	s := newMedoidSearch(context.Background(), m.resolved(), x)
	return func(i, j int) float64 { return s.between(s.row(i), s.row(j)) }
}

// Distances by their textbook formulas, in another way than they are computed.
func TestDistancesByDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const n, d = 20, 5
	x, answers := table.FromRaw(table.Raw{IDs: make([]string, n)}), table.FromRaw(table.Raw{IDs: make([]string, n)})
	for range d {
		x.Raw().Columns, answers.Raw().Columns = append(x.Raw().Columns, table.Column{}), append(answers.Raw().Columns, table.Column{})
	}
	for range n * d {
		x.Raw().Data, answers.Raw().Data = append(x.Raw().Data, r.NormFloat64()), append(answers.Raw().Data, float64(r.IntN(2)))
	}
	for _, c := range []struct {
		distance distance.Distance
		x        *table.Table
		want     func(a, b []float64) float64
	}{
		{distance.Euclidean, x, func(a, b []float64) float64 {
			sum := 0.0
			for j := range a {
				sum = math.Hypot(sum, a[j]-b[j])
			}
			return sum
		}},
		{distance.Manhattan, x, func(a, b []float64) float64 {
			sum := 0.0
			for j := range a {
				sum += max(a[j], b[j]) - min(a[j], b[j])
			}
			return sum
		}},
		{distance.Cosine, x, func(a, b []float64) float64 {
			ab, aa, bb := 0.0, 0.0, 0.0
			for j := range a {
				ab, aa, bb = ab+a[j]*b[j], aa+a[j]*a[j], bb+b[j]*b[j]
			}
			return 1 - ab/math.Sqrt(aa*bb)
		}},
		{distance.Jaccard, answers, func(a, b []float64) float64 {
			both, either := 0.0, 0.0
			for j := range a {
				both, either = both+a[j]*b[j], either+max(a[j], b[j])
			}
			if either == 0 {
				return 0
			}
			return 1 - both/either
		}},
	} {
		between := pairwise(c.x, KMedoids{K: 2, Distance: c.distance})
		for i := range n {
			for j := range n {
				want := c.want(c.x.Raw().Row(i), c.x.Raw().Row(j))
				if got := between(i, j); math.Abs(got-want) > 1e-12 || got != between(j, i) || i == j && got > 1e-15 {
					t.Fatalf("%v of %d and %d: %v, by definition %v", c.distance, i, j, got, want)
				}
			}
		}
	}
}

// Dissimilarities of R's data set flower (Struyf, Hubert & Rousseeuw 1996, doi:10.18637/jss.v001.i04), printed in
// tests/daisy-ex.Rout.save of package cluster. Rows 1 to 4 and 17, and those that hold the extremes of the last three columns.
func TestGowerFlower(t *testing.T) {
	ranks := func(n int) []string { return make([]string, n) }
	x := table.FromRaw(table.Raw{IDs: make([]string, 8), Columns: []table.Column{
		{Name: "winters"}, {Name: "shadow"}, {Name: "tubers"}, {Name: "color", Levels: ranks(6)}, {Name: "soil", Levels: ranks(4), Ordered: true},
		{Name: "preference", Levels: ranks(19), Ordered: true}, {Name: "height"}, {Name: "distance"}},
		Data: []float64{
			0, 1, 1, 4, 3, 15, 25, 15, // 1
			1, 0, 0, 2, 1, 3, 150, 50, // 2
			0, 1, 0, 3, 3, 1, 150, 50, // 3
			0, 0, 1, 4, 2, 16, 125, 50, // 4
			1, 0, 0, 2, 2, 17, 150, 60, // 17
			0, 1, 0, 5, 2, 2, 20, 15, // 5: least height
			1, 0, 0, 4, 2, 18, 200, 60, // 16: last preference, greatest height
			0, 0, 1, 2, 1, 5, 25, 10, // 18: least distance
		}})
	plain := pairwise(x, KMedoids{K: 1, Distance: distance.Gower})
	asymmetric := pairwise(x, KMedoids{K: 1, Distance: distance.Gower, Asymmetric: []string{"tubers"}})
	for _, c := range []struct{ got, want float64 }{
		{plain(1, 0), .8875408}, {plain(2, 0), .5272467}, {plain(2, 1), .5147059}, {plain(3, 0), .3517974}, {plain(4, 1), .1904412},
		{asymmetric(2, 1), .5882353},
	} {
		if math.Abs(c.got-c.want) > 5e-8 {
			t.Errorf("%.7f, published %.7f", c.got, c.want)
		}
	}
}
