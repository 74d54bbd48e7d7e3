package prep

import (
	"math"
	"math/rand/v2"
	"testing"
)

// scipy 1.17.1: stats.yeojohnson_llf maximised with minimize_scalar(method="brent", tol=1e-12), whose maxima are good to about
// 1e-8, and stats.yeojohnson at that lambda.
func TestYeoJohnsonAgreesWithScipy(t *testing.T) {
	for _, c := range []struct {
		x      []float64
		lambda float64
		y      []float64
	}{
		{[]float64{1, 2, 3, 6, 20}, -0.525666773150305,
			[]float64{0.5809041431897128, 0.8345636264582753, 0.9844222316539836, 1.218356217459531, 1.5184240856307194}},
		{[]float64{-3, -1, 0, .5, 2, 9}, 0.5734100111719637,
			[]float64{-4.364192594727011, -1.1833154153567966, 0, 0.4564754801313585, 1.5303650200716197, 4.786521723075484}},
		{[]float64{0, 0, 1, 1, 2, 3, 50.5}, -0.600288550779089,
			[]float64{0, 0, 0.5670239539809769, 0.5670239539809769, 0.8044166369182676, 0.9410454355892972, 1.5095285633415447}},
		{[]float64{-20, -9, -4, -2, -1, 0}, 2.0963358812949684,
			[]float64{-2.6386763345384288, -2.0650842475147395, -1.4908748999847137, -1.0424738701280858, -0.6705113742840848, 0}},
	} {
		got, why, _ := likeliestPower(c.x, nil)
		if why != "" || math.Abs(got-c.lambda) > 1e-7 {
			t.Errorf("lambda of %v is %v, want %v (%s)", c.x, got, c.lambda, why)
		}
		for i, x := range c.x {
			if y, _, _ := power(x, c.lambda); math.Abs(y-c.y[i]) > 1e-14*max(1, math.Abs(y)) {
				t.Errorf("%v to the power %v is %v, want %v", x, c.lambda, y, c.y[i])
			}
		}
	}
}

func TestSlopeOfThePowerIsItsDifference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		x, l := 20*r.NormFloat64(), 1+2*r.NormFloat64()
		if r.IntN(4) == 0 {
			l = float64(r.IntN(3)) + 1e-7*r.NormFloat64() // around the two seams, 0 and 2
		}
		_, slope, _ := power(x, l)
		above, _, _ := power(x, l+1e-5)
		below, _, _ := power(x, l-1e-5)
		if want := (above - below) / 2e-5; math.Abs(slope-want) > 1e-5*max(1, math.Abs(want)) {
			t.Fatalf("x = %v, lambda = %v: slope %v, by difference %v", x, l, slope, want)
		}
	}
}

// A log-normal column asks for the logarithm, a normal one for nothing.
func TestLikeliestPowerIsWhatTheDataWereMadeWith(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	logs, plain := make([]float64, 20_000), make([]float64, 20_000)
	for i := range logs {
		logs[i], plain[i] = math.Expm1(3+.5*r.NormFloat64()), 10*r.NormFloat64()
	}
	if l, _, _ := likeliestPower(logs, nil); math.Abs(l) > .05 {
		t.Errorf("lambda of a log-normal column is %v", l)
	}
	if l, _, _ := likeliestPower(plain, nil); math.Abs(l-1) > .05 {
		t.Errorf("lambda of a normal column is %v", l)
	}
}

// A strict weak order: equal values are equal whichever comes first, or a sort may do anything. Customers who are alike, in value and
// in weight, are the common case.
func TestValuesHaveAStrictWeakOrder(t *testing.T) {
	some := []weighted{{0, 1}, {0, 1}, {0, 2}, {1, 1}, {-1, .5}, {math.Copysign(0, -1), 1}}
	for _, a := range some {
		for _, b := range some {
			if byValue(a, b) != -byValue(b, a) || a == b && byValue(a, b) != 0 {
				t.Errorf("%v and %v compare as %d, the other way as %d", a, b, byValue(a, b), byValue(b, a))
			}
			for _, c := range some {
				if byValue(a, b) == 0 && byValue(b, c) == 0 && byValue(a, c) != 0 {
					t.Errorf("%v, %v and %v: equality does not carry over", a, b, c)
				}
			}
		}
	}
}
