package segkit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/segkit/lab/segkit"
)

// cloud draws n customers in two columns.
func cloud(t *testing.T, seed int, n int, draw func(r *rand.Rand) (a, b float64)) *segkit.Table {
	r := rand.New(rand.NewPCG(uint64(seed), 4))
	var data []float64
	for range n {
		a, b := draw(r)
		data = append(data, a, b)
	}
	return numbered(t, 2, data)
}

// The method itself, tested as a statistician would: one group of whatever shape is declined, and has no elbow, at least 95 times
// in 100; separated groups are accepted as often. A single start and few customers make it no easier.
func TestControlDeclinesOneGroupAndAcceptsThree(t *testing.T) {
	for name, c := range map[string]struct {
		draw       func(r *rand.Rand) (a, b float64)
		structured bool
	}{
		"uniform cloud": {draw: func(r *rand.Rand) (a, b float64) { return r.Float64(), r.Float64() }},
		"correlated Gaussian": {draw: func(r *rand.Rand) (a, b float64) {
			a = r.NormFloat64()
			return a, .8*a + .6*r.NormFloat64()
		}},
		"correlated lognormal": {draw: func(r *rand.Rand) (a, b float64) {
			a = r.NormFloat64()
			return math.Exp(a), math.Exp(.8*a + .6*r.NormFloat64())
		}},
		"three groups": {structured: true, draw: func(r *rand.Rand) (a, b float64) {
			turn := 2 * math.Pi * float64(r.IntN(3)) / 3
			return 4*math.Cos(turn) + r.NormFloat64(), 4*math.Sin(turn) + r.NormFloat64()
		}},
	} {
		accepted, elbows := 0, 0
		for seed := range 100 {
			s, err := segkit.SweepK(cloud(t, seed, 100, c.draw), segkit.KMeans{Seed: seed, Restarts: 1}, 2, 5, segkit.SweepOptions{Seed: seed, Draws: 99, SilhouetteRows: 50})
			if err != nil {
				t.Fatal(err)
			}
			if s.Control.Structure {
				accepted++
			}
			if _, ok := s.Elbow(); ok {
				elbows++
			}
		}
		if c.structured && (accepted < 95 || elbows < 95) || !c.structured && (accepted > 5 || elbows > 5) {
			t.Errorf("%s: structure in %d of 100, elbows in %d", name, accepted, elbows)
		}
	}
}
