package campaign

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/internal/stats"
)

// Effect is what the offer changed in one segment, per customer who was drawn for it, whether or not they opened it. Anything undefined is
// NaN.
type Effect struct {
	Segment                       string
	Offered, HeldOut              int     // customers whose outcome is known
	MeanOffered, MeanHeldOut      float64 // of each arm; their difference is Raw
	Raw, RawLow, RawHigh          float64 // difference of the arms, with Welch's interval, or Newcombe's for shares
	Value, Low, High              float64 // the same, adjusted for what they did before; Raw where Adjusted is false
	Adjusted                      bool
	SE                            float64 // standard error of Value
	Skew                          float64 // of all customers' values: with fewer than 355 Skew^2 customers in an arm, an interval of money is rough
	P, Corrected                  float64 // chance of a Value this large without an effect; the same corrected for the number of segments (Holm 1979)
	Shrunk, ShrunkLow, ShrunkHigh float64 // Value shrunk towards the mean of the segments as far as they may be alike: a better guess for a single segment

	degrees float64 // of freedom of SE
}

// Shown reports whether an effect is shown at the given level, corrected for the number of segments. A Value of exactly 0 is no effect at any level.
func (e Effect) Shown(level float64) bool { return e.Value != 0 && e.Corrected < level }

const (
	leastToAdjust = 30 // customers in each arm
	leastCounted  = 5  // yes and no in each arm, from which on a share is about normal
)

// arm is what one arm of a segment did: y (n) after the offer went out, x (n) before.
type arm struct{ y, x []float64 }

// estimate compares two arms. share says that y is 0 or 1; center is the mean of x over both arms.
//
// The adjusted effect is that of a regression of y on the arm, x, and both, with x taken from its mean, which never has a larger variance
// than the plain difference in large samples, whatever the true relation (Lin 2013, doi:10.1214/12-AOAS583): a line of its own in each arm, and the difference of the two
// at the mean of x. A slope common to both arms has no such warrant. The standard error is that of a sandwich, HC2 (MacKinnon & White 1985,
// doi:10.1016/0304-4076(85)90158-7), which without x is Welch's, with Welch's degrees of freedom. Below 30 customers in an arm nothing is adjusted.
func estimate(offered, held arm, share bool) Effect {
	nan := math.NaN()
	e := Effect{Offered: len(offered.y), HeldOut: len(held.y), MeanOffered: mean(offered.y), MeanHeldOut: mean(held.y), RawLow: nan, RawHigh: nan,
		Low: nan, High: nan, SE: nan, P: nan, Corrected: nan, Shrunk: nan, ShrunkLow: nan, ShrunkHigh: nan, degrees: nan}
	e.Raw = e.MeanOffered - e.MeanHeldOut
	e.Value = e.Raw
	if min(e.Offered, e.HeldOut) < 2 {
		return e
	}
	one, none := plainLine(offered), plainLine(held)
	e.between(one, none)
	e.RawLow, e.RawHigh = e.Low, e.High
	if share {
		e.RawLow, e.RawHigh = newcombe(e.MeanOffered, float64(e.Offered), e.MeanHeldOut, float64(e.HeldOut))
		if fewest(offered.y, held.y) < leastCounted {
			e.Low, e.High, e.SE = e.RawLow, e.RawHigh, (e.RawHigh-e.RawLow)/(2*stats.Normal95)
			e.P = unlike(int(sum(offered.y)), e.Offered, int(sum(held.y)), e.HeldOut)
			return e
		}
	}
	if min(e.Offered, e.HeldOut) < leastToAdjust || offered.x == nil {
		return e
	}
	center := (sum(offered.x) + sum(held.x)) / float64(e.Offered+e.HeldOut)
	one, ok := sloped(offered, center)
	none, too := sloped(held, center)
	if ok && too {
		e.Adjusted = true
		e.between(one, none)
	}
	return e
}

// fit is the height of an arm's line at the centre, its variance, and the degrees of freedom that the line leaves.
type fit struct{ at, variance, degrees float64 }

// between makes the effect the difference of two fits.
func (e *Effect) between(one, none fit) {
	e.Value = one.at - none.at
	v := one.variance + none.variance
	e.SE = math.Sqrt(v)
	if e.SE == 0 { // nothing varies: no interval
		e.SE, e.Low, e.High, e.P = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		return
	}
	e.degrees = v * v / (one.variance*one.variance/one.degrees + none.variance*none.variance/none.degrees)
	e.infer()
}

// infer fills in interval and P from Value, SE and the degrees of freedom.
func (e *Effect) infer() {
	half := stats.Student95(e.degrees) * e.SE
	e.Low, e.High = e.Value-half, e.Value+half
	e.P = 2 * distuv.StudentsT{Sigma: 1, Nu: e.degrees}.Survival(math.Abs(e.Value)/e.SE)
}

func plainLine(a arm) fit {
	n, m, squares := float64(len(a.y)), mean(a.y), 0.0
	for _, y := range a.y {
		squares += float64((y - m) * (y - m))
	}
	return fit{m, squares / (n - 1) / n, n - 1}
}

// sloped fits y = a + b x in one arm by least squares and takes it at the centre; false where x does not vary, or one customer alone decides the slope.
func sloped(a arm, center float64) (fit, bool) {
	n, mx, my := float64(len(a.y)), mean(a.x), mean(a.y)
	var xx, xy float64
	for i, x := range a.x {
		xx += float64((x - mx) * (x - mx))
		xy += float64((x - mx) * (a.y[i] - my))
	}
	if xx == 0 {
		return fit{}, false
	}
	slope, f := xy/xx, fit{degrees: n - 2}
	f.at = my + float64(slope*(center-mx))
	for i, x := range a.x {
		residual := a.y[i] - my - float64(slope*(x-mx))
		weight, leverage := 1/n+(center-mx)*(x-mx)/xx, 1/n+(x-mx)*(x-mx)/xx
		if leverage > 1-1e-9 {
			return fit{}, false
		}
		f.variance += float64(weight * weight * residual * residual / (1 - leverage))
	}
	return f, true
}

func sum(values []float64) (s float64) {
	for _, v := range values {
		s += v
	}
	return s
}

func mean(values []float64) float64 { return sum(values) / float64(len(values)) }

// fewest is the smallest number of yes or no in either arm.
func fewest(arms ...[]float64) float64 {
	least := math.Inf(1)
	for _, y := range arms {
		yes := sum(y)
		least = min(least, yes, float64(len(y))-yes)
	}
	return least
}

// newcombe is the interval of a difference of two shares from their score intervals (Newcombe 1998, method 10,
// doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I).
func newcombe(p1, n1, p0, n0 float64) (low, high float64) {
	l1, u1 := stats.Wilson(p1, n1, stats.Normal95)
	l0, u0 := stats.Wilson(p0, n0, stats.Normal95)
	return p1 - p0 - math.Hypot(p1-l1, u0-p0), p1 - p0 + math.Hypot(u1-p1, p0-l0)
}

// unlike is Fisher's exact test, two-sided, of yes1 in n1 customers against yes0 in n0.
func unlike(yes1, n1, yes0, n0 int) float64 {
	return stats.NewFisher(n1+n0).Unlike(yes1, n1, yes1+yes0, n1+n0)
}

// correct fills in Corrected by the step-down method of Holm (1979, "A simple sequentially rejective multiple test procedure", Scandinavian
// Journal of Statistics 6, 65-70): the chance that any segment without an effect shows one is at most the level.
func correct(effects []Effect) {
	var order []int
	for l, e := range effects {
		if !math.IsNaN(e.P) {
			order = append(order, l)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(effects[a].P, effects[b].P) })
	worst := 0.0
	for rank, l := range order {
		worst = max(worst, min(1, float64(len(order)-rank)*effects[l].P))
		effects[l].Corrected = worst
	}
}

// together is the effect over all segments, each weighted by its customers; segments without a standard error stay out.
func together(effects []Effect) Effect {
	nan := math.NaN()
	all := Effect{Segment: "all segments", RawLow: nan, RawHigh: nan, Low: nan, High: nan, SE: nan, P: nan, Corrected: nan, Shrunk: nan, ShrunkLow: nan, ShrunkHigh: nan, degrees: nan}
	total, variance, spread, half := 0.0, 0.0, 0.0, 0.0
	for _, e := range effects {
		if !math.IsNaN(e.SE) {
			total += float64(e.Offered + e.HeldOut)
		}
	}
	for _, e := range effects {
		all.Offered += e.Offered
		all.HeldOut += e.HeldOut
		if math.IsNaN(e.SE) {
			continue
		}
		w := float64(e.Offered+e.HeldOut) / total
		all.MeanOffered += w * e.MeanOffered
		all.MeanHeldOut += w * e.MeanHeldOut
		all.Raw += w * e.Raw
		all.Value += w * e.Value
		all.Adjusted = all.Adjusted || e.Adjusted
		half = math.Hypot(half, w*(e.RawHigh-e.RawLow)/2)
		v := w * w * e.SE * e.SE
		variance += v
		if degrees := e.degrees; !math.IsNaN(degrees) {
			spread += v * v / degrees
		}
	}
	if variance == 0 {
		return all
	}
	all.SE, all.degrees = math.Sqrt(variance), 1e6
	if spread > 0 {
		all.degrees = variance * variance / spread
	}
	all.RawLow, all.RawHigh = all.Raw-half, all.Raw+half
	all.infer()
	all.Corrected = all.P
	return all
}
