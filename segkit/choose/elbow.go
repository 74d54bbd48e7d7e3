package choose

import (
	"slices"
)

// Knee returns what Kneedle alone marks on the sweep's costs, as kneed and yellowbrick do. Kneedle marks a knee on almost
// any smooth curve, even for data without groups; Elbow asks for more. The ends of the sweep are never marked, so a sweep
// must start at 1 for 2 to be a possible answer. ok is false if there is no knee.
func (s *Sweep) Knee() (k int, ok bool) {
	if s == nil {
		return 0, false
	}
	var ks, costs []float64
	for _, p := range s.Points {
		ks, costs = append(ks, float64(p.K)), append(costs, p.Cost)
	}
	at, ok := kneedle(ks, costs, 1, curveShape{Convex: true, Falling: true})
	if !ok {
		return 0, false
	}
	return s.Points[at].K, true
}

// Elbow returns the number of segments at which the costs bend, if the data support one. That means that Kneedle marks it, and
// that the step to it saves a larger share of the cost than it would with one group only, by both kinds of null draws at level
// .01, allowing for the choice among all steps (SweepPoint.P). Otherwise ok is false; it is also false if the NullControl as a
// whole finds one group, and always for a sweep without null draws: no evidence, no elbow.
//
// Kneedle alone is not evidence. In data without groups, within-segment sums of squares fall like k^(-2/d), a curve with a knee
// for any d: 320 of 320 such sweeps got one, and its position moves with the range of k.
func (s *Sweep) Elbow() (k int, ok bool) {
	k, ok = s.Knee()
	if !ok || !(s.point(k).P <= controlLevel) || s.Control != nil && !s.Control.Structure {
		return 0, false
	}
	return k, true
}

// curveShape says how a curve bends. The zero value rises and flattens out.
type curveShape struct {
	Convex  bool // bends upwards
	Falling bool
}

// kneedle finds the first knee of the curve y over rising x (Satopää, Albrecht, Irwin & Raghavan 2011, "Finding a kneedle in
// a haystack", doi:10.1109/ICDCSW.2011.20, offline form, without smoothing): the first local maximum of the difference to
// the diagonal after which the difference falls by more than sensitivity x the mean step of x before it rises again. The
// ends of the curve are no knees, and a flat or straight curve has none.
func kneedle(x, y []float64, sensitivity float64, shape curveShape) (at int, ok bool) {
	n := len(x)
	if n < 3 || slices.Max(y) == slices.Min(y) {
		return 0, false
	}
	u, v := unit(x), unit(y)
	mirrored := shape.Convex != shape.Falling // the knee is at the right: look from there
	if shape.Convex {
		flip(v)
	}
	if mirrored {
		flip(u)
		slices.Reverse(u)
		slices.Reverse(v)
	}
	above := make([]float64, n) // above the diagonal
	for i := range above {
		above[i] = v[i] - u[i]
	}
	step, threshold := 1/float64(n-1), 0.0
	for i := 1; i < n-1; i++ {
		if above[i] >= above[i-1] && above[i] >= above[i+1] {
			at, ok, threshold = i, true, above[i]-float64(sensitivity*step)
		}
		if ok && above[i+1] < threshold {
			if mirrored {
				at = n - 1 - at
			}
			return at, true
		}
	}
	return 0, false
}

// flip turns values in 0..1 upside down.
func flip(v []float64) {
	for i := range v {
		v[i] = 1 - v[i]
	}
}

// unit maps values to 0..1.
func unit(v []float64) []float64 {
	lo, hi := slices.Min(v), slices.Max(v)
	out := make([]float64, len(v))
	for i := range v {
		out[i] = (v[i] - lo) / (hi - lo)
	}
	return out
}
