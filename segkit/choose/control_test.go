package choose_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// cloud draws n customers in two columns.
func cloud(t *testing.T, seed int, n int, draw func(r *rand.Rand) (a, b float64)) *table.Table {
	r := rand.New(rand.NewPCG(uint64(seed), 4))
	var data []float64
	for range n {
		a, b := draw(r)
		data = append(data, a, b)
	}
	return trial.Numbered(t, 2, data)
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
			s, err := choose.SweepK(cloud(t, seed, 100, c.draw), segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 1}}, 2, 5, choose.SweepOptions{Seed: seed, Draws: 99, SilhouetteRows: 50})
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

// Of one Gaussian group, p is as likely to be anything: of mean 1/2 (10.5 of 20 with 19 draws), whether there are nearly as many
// columns as customers, or more customers than a draw has. Draws that only resemble the covariance, and draws of fewer customers than
// the data, gave 1 nearly always, so that groups in many columns went unseen: those here are found.
func TestControlIsCalibrated(t *testing.T) {
	for _, c := range []struct{ n, d int }{{60, 20}, {700, 3}} {
		var gaussian, copula float64
		const tables = 30
		for seed := range tables {
			s := controlled(t, gaussians(t, seed, c.n, c.d, 0), seed)
			gaussian, copula = gaussian+s.Control.Gaussian/tables, copula+s.Control.Copula/tables
		}
		// The standard error of a mean of 30 is .053; draws from the copula have its margins and correlation estimated.
		if math.Abs(gaussian-.525) > .16 || math.Abs(copula-.525) > .2 {
			t.Errorf("%d customers, %d columns: mean p %.3f and %.3f, want .525", c.n, c.d, gaussian, copula)
		}
	}
	for seed := range 10 {
		if s := controlled(t, gaussians(t, seed, 150, 30, 4.5), seed); s.Control.Gaussian > .05 || s.Control.Copula > .05 {
			t.Errorf("two groups in 30 columns: p = %v and %v", s.Control.Gaussian, s.Control.Copula)
		}
	}
}

// controlled sweeps with few draws.
func controlled(t *testing.T, x *table.Table, seed int) *choose.Sweep {
	t.Helper()
	s, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 2}}, 2, 3, choose.SweepOptions{Seed: seed, Draws: 19})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gaussians draws n customers in d columns, every other of whom is so many deviations away from the rest, a little in each column.
func gaussians(t *testing.T, seed, n, d int, apart float64) *table.Table {
	r, data := rand.New(rand.NewPCG(uint64(seed), uint64(n))), make([]float64, n*d)
	for i := range data {
		data[i] = r.NormFloat64() + float64(i/d%2)*apart/math.Sqrt(float64(d))
	}
	return trial.Numbered(t, d, data)
}

// How large the difference is does not depend on how many customers show it.
func TestControlSaysHowLarge(t *testing.T) {
	few, many := controlled(t, gaussians(t, 1, 400, 1, 6), 1).Control, controlled(t, gaussians(t, 1, 4000, 1, 6), 1).Control
	if few.K != 2 || many.K != 2 || few.By != many.By || few.Effect() < 1.2 || math.Abs(few.Effect()-many.Effect()) > .1 {
		t.Errorf("of 400 and of 4,000 customers: %+v, %+v", *few, *many)
	}
	s := sweep(t, gaussians(t, 1, 400, 4, 6), 2, 4)
	if text := s.Control.Sheet().Caption; !strings.Contains(text, "a large difference") || !strings.Contains(text, "against a median of ") {
		t.Error(text)
	}
}

// What stands out among the customers compared is told apart from the same of all customers, which chart and table show.
func TestControlNamesWhoseFigureItIs(t *testing.T) {
	for _, n := range []int{400, 3000} {
		s := controlled(t, gaussians(t, 2, n, 2, 6), 2)
		at := slices.IndexFunc(s.Points, func(p choose.SweepPoint) bool { return p.K == s.Control.K })
		shown := s.Points[at].Silhouette
		if s.Control.By != "silhouette" {
			before := s.Total
			if at > 0 {
				before = s.Points[at-1].Cost
			}
			shown = 1 - s.Points[at].Cost/before
		}
		text := strings.Join(s.Control.Sheet().Notes, " ")
		if math.Abs(s.Control.All-shown) > 1e-12 || (s.Control.Rows == 500) != (n > 500) || strings.Contains(text, "for the 500 customers compared (") != (n > 500) {
			t.Errorf("%d customers: %v for all, the sweep has %v: %s", n, s.Control.All, shown, text)
		}
	}
}

// The control sees as many customers as its draws have, and chart and panel compare all of them with draws brought to their size: one
// group lies within its band, however many columns.
func TestOneGroupLiesWithinItsBand(t *testing.T) {
	s := controlled(t, gaussians(t, 3, 2000, 20, 0), 3)
	for _, p := range s.Points {
		if p.Cost < .98*p.NullLow || p.Cost > 1.02*p.NullHigh || p.Silhouette > p.NullSilhouetteHigh+.02 {
			t.Errorf("k = %d: cost %v, band %v to %v; silhouette %v, at most %v", p.K, p.Cost, p.NullLow, p.NullHigh, p.Silhouette, p.NullSilhouetteHigh)
		}
	}
}

// Where a few customers hold the spread, the sample that is compared decides, and the result says so, with a remedy.
func TestControlTellsHeavyTails(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	var data []float64
	for range 1500 { // two groups under a heavy tail: whether a sample shows them depends on who is in it
		data = append(data, math.Exp(1.6*r.NormFloat64()), r.NormFloat64()+3*float64(r.IntN(2)))
	}
	x := trial.Numbered(t, 2, data)
	first := controlled(t, x, 1).Control
	if text := first.Sheet().Caption; len(first.HeavyTails) != 1 || !strings.Contains(text, "This p is not stable") || !strings.Contains(text, "prep.Log1p") {
		t.Errorf("heavy tails in %q: %s", first.HeavyTails, text)
	}
	for i := 0; i < len(data); i += 2 {
		data[i] = math.Log(data[i])
	}
	if c := controlled(t, trial.Numbered(t, 2, data), 1).Control; c.HeavyTails != nil {
		t.Errorf("logarithms have heavy tails in %q", c.HeavyTails)
	}
	if c := controlled(t, trial.Numbered(t, 2, data[:600]), 1).Control; c.HeavyTails != nil {
		t.Errorf("all 300 customers are compared, but %q are named", c.HeavyTails)
	}
}

// Two answers from two seeds are never given without a word.
func TestControlTellsACloseCall(t *testing.T) {
	close, differ := 0, 0
	for apart := 2.2; apart < 2.7; apart += .1 {
		x := gaussians(t, int(10*apart), 300, 2, apart)
		var answers []*choose.NullControl
		for seed := range 4 {
			answers = append(answers, trial.Sure(choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{Restarts: 2}}, 2, 3, choose.SweepOptions{Seed: seed, Draws: 99, SilhouetteRows: 100})).Control)
		}
		said, yes := 0, 0
		for _, c := range answers {
			if c.Structure {
				yes++
			}
			if c.Close {
				said++
			}
		}
		close += said
		if yes > 0 && yes < len(answers) {
			if differ++; said == 0 {
				t.Errorf("%.1f apart: structure by %d of 4 seeds, without a word", apart, yes)
			}
		}
	}
	if far := controlled(t, gaussians(t, 1, 300, 2, 6), 1).Control; far.Close {
		t.Error("groups 6 apart are a close call")
	}
	t.Logf("%d close calls, seeds differ on %d of 5 tables", close, differ)
}
