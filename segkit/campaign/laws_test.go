package campaign

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
)

// The laws of a test, by simulation. Limits are three standard errors of a share of so many draws.

// Law: without any effect, one test in twenty shows an effect of all segments, at most one in twenty of any segment, and one in twenty that segments differ. 1,000 seeds, skewed money of which most is 0.
func TestFalseAlarms(t *testing.T) {
	const seeds = 1000
	earlier, s := people(t, 2400, 4, .3, 1)
	test := voucher
	test.Contact, test.Reward = 0, 0 // so that the return has no effect, either
	test.Holdout, test.Winsor = .3, .99
	count := map[string]int{}
	for random := range seeds {
		test.Seed = random
		m := trial.Sure(test.Draw(earlier, s))
		r := trial.Sure(m.Read(after(t, m, random, nothing)))
		for _, e := range r.measures() {
			if e.Total.Shown(.05) {
				count[e.Measure+" of all"]++
			}
			if e.Differ() {
				count[e.Measure+" differs"]++
			}
			for _, of := range e.Segments {
				if of.Shown(.05) {
					count[e.Measure+" of any"]++
					break
				}
			}
		}
	}
	reach := 3 * math.Sqrt(.05*.95/seeds)
	for what, n := range count {
		rate := float64(n) / seeds
		t.Logf("%s: %.3f", what, rate)
		if rate > .05+reach || rate < .05-reach {
			t.Errorf("%s in %.3f of tests without an effect, want .05", what, rate)
		}
	}
	if len(count) != 9 {
		t.Error(count)
	}
}

// Law: intervals hold the truth in 95 of 100 tests; those that are drawn together do on average over segments, whether the segments differ not at all, a little or much.
func TestCoverage(t *testing.T) {
	const seeds = 300
	for what, apart := range map[string]float64{"alike": 0, "apart": 2, "far apart": 8} {
		var held, shrunk, all, of, nearer float64
		var errorRaw, errorShrunk float64
		for random := range seeds {
			earlier, s := people(t, 1600, 4, .5, random)
			test := voucher
			test.Seed = random
			m := trial.Sure(test.Draw(earlier, s))
			truth := make([]float64, 4)
			r := seed.Stream(random, "truth", 0)
			mean := 0.0
			for l := range truth {
				truth[l] = 3 + apart*r.NormFloat64()
				mean += truth[l] / 4
			}
			result := trial.Sure(m.Read(after(t, m, random, func(segment int, r *rand.Rand) float64 { return truth[segment] * 2 * r.Float64() })))
			for l, e := range result.Revenue.Segments {
				of++
				if e.Low <= truth[l] && truth[l] <= e.High {
					held++
				}
				if e.ShrunkLow <= truth[l] && truth[l] <= e.ShrunkHigh {
					shrunk++
				}
				errorRaw += (e.Value - truth[l]) * (e.Value - truth[l])
				errorShrunk += (e.Shrunk - truth[l]) * (e.Shrunk - truth[l])
			}
			if e := result.Revenue.Total; e.Low <= mean && mean <= e.High {
				all++
			}
		}
		nearer = errorShrunk / errorRaw
		t.Logf("%s: segments %.3f, drawn together %.3f, all %.3f; squared error of drawn together against own %.2f", what, held/of, shrunk/of, all/seeds, nearer)
		for which, rate := range map[string]float64{"segments": held / of, "drawn together": shrunk / of} {
			if rate < .95-3*math.Sqrt(.05*.95/of)-.01 || rate > .99 {
				t.Errorf("%s, %s: intervals hold the truth in %.3f", what, which, rate)
			}
		}
		if rate := all / seeds; rate < .95-3*math.Sqrt(.05*.95/seeds) {
			t.Errorf("%s, all: intervals hold the truth in %.3f", what, rate)
		}
		if nearer > 1.1 || what == "alike" && nearer > .7 {
			t.Errorf("%s: drawn together is %.2f times as far off", what, nearer)
		}
	}
}

// Law: adjusting for what customers did before does not hurt in large samples, however the arms depend on it, where a slope common to both arms does: with a tenth held out, and slopes that differ,
// its variance is a multiple of the plain one's (Freedman 2008, doi:10.1016/j.aam.2006.12.003; Lin 2013, doi:10.1214/12-AOAS583).
func TestAdjustingDoesNotHurt(t *testing.T) {
	const n, held, draws = 1000, 100, 2000
	for what, slopes := range map[string][2]float64{"alike": {1, 1}, "none": {0, 0}, "crossed": {2, -.2}, "one arm only": {0, 2}} {
		x, noise := make([]float64, n), make([]float64, n)
		r := seed.Stream(1, "adjusting "+what, 0)
		for i := range x {
			x[i], noise[i] = math.Exp(.7*r.NormFloat64()), r.NormFloat64()
		}
		var plain, own, common [3]float64
		for draw := range draws {
			var arms [2]arm
			for rank, i := range seed.Stream(draw, "adjusting", 1).Perm(n) {
				which := Offered
				if rank < held {
					which = HeldOut
				}
				a := &arms[which]
				a.x, a.y = append(a.x, x[i]), append(a.y, slopes[which]*x[i]+noise[i])
			}
			e := estimate(arms[Offered], arms[HeldOut], false)
			for at, v := range map[*[3]float64]float64{&plain: e.Raw, &own: e.Value, &common: commonSlope(arms)} {
				at[0]++
				at[1] += v
				at[2] += v * v
			}
		}
		variance := func(s [3]float64) float64 { return s[2]/s[0] - s[1]/s[0]*s[1]/s[0] }
		t.Logf("%s: variance against the plain difference: own slopes %.2f, common slope %.2f", what, variance(own)/variance(plain), variance(common)/variance(plain))
		if ratio := variance(own) / variance(plain); ratio > 1.03 {
			t.Errorf("%s: adjusting has %.2f times the variance", what, ratio)
		}
		if what == "crossed" && variance(common)/variance(plain) < 1.5 {
			t.Errorf("a common slope has only %.2f times the variance here: this test shows nothing", variance(common)/variance(plain))
		}
	}
}

// commonSlope is the effect of a regression of y on the arm and x without interaction.
func commonSlope(arms [2]arm) float64 {
	var xx, xy float64
	for _, a := range arms {
		mx, my := mean(a.x), mean(a.y)
		for i, x := range a.x {
			xx += (x - mx) * (x - mx)
			xy += (x - mx) * (a.y[i] - my)
		}
	}
	return mean(arms[Offered].y) - mean(arms[HeldOut].y) - xy/xx*(mean(arms[Offered].x)-mean(arms[HeldOut].x))
}

// hc2 is a least-squares fit of y (n) on rows (n x d), with its HC2 covariance, by matrices.
func hc2(rows [][]float64, y []float64) (beta []float64, covariance [][]float64) {
	n, d := len(rows), len(rows[0])
	x := mat.NewDense(n, d, nil)
	for i, row := range rows {
		x.SetRow(i, row)
	}
	var gram, inverse, xy, b, h mat.Dense
	gram.Mul(x.T(), x)
	if err := inverse.Inverse(&gram); err != nil {
		panic(err)
	}
	xy.Mul(x.T(), mat.NewDense(n, 1, y))
	b.Mul(&inverse, &xy)
	h.Mul(x, &inverse)
	meat := mat.NewDense(d, d, nil)
	for i, row := range rows {
		leverage, at := 0.0, 0.0
		for j, v := range row {
			leverage += h.At(i, j) * v
			at += b.At(j, 0) * v
		}
		w := (y[i] - at) * (y[i] - at) / (1 - leverage)
		for j, v := range row {
			for l, u := range row {
				meat.Set(j, l, meat.At(j, l)+w*v*u)
			}
		}
	}
	var left, all mat.Dense
	left.Mul(&inverse, meat)
	all.Mul(&left, &inverse)
	for j := range d {
		beta = append(beta, b.At(j, 0))
		covariance = append(covariance, mat.Row(nil, j, &all))
	}
	return beta, covariance
}
