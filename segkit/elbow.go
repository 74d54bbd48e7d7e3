package segkit

import "slices"

// Knee returns what Kneedle alone marks on the sweep's costs, as kneed and yellowbrick do. Kneedle marks a knee on almost
// any smooth curve, also on data without groups: Elbow asks for more. The ends of the sweep are never marked, so that a
// sweep must start at 1 for 2 to be a possible answer. ok is false where there is no knee.
func (s *Sweep) Knee() (k int, ok bool) {
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

// Elbow returns the number of segments at which the costs bend, if the data speak for one: Kneedle marks it, and the step
// to it saves a larger share of the cost than the same step on any of the null draws. ok is false otherwise, and always
// for a sweep without null draws: no evidence, no elbow.
//
// The null draws are normal. One group whose columns are far from normal even after the transforms, such as small counts, can
// bend more than they do and pass: true says that the data are not one normal cloud, not that the groups are real.
func (s *Sweep) Elbow() (k int, ok bool) {
	k, ok = s.Knee()
	if !ok || !s.beyondNull(k) {
		return 0, false
	}
	return k, true
}

// beyondNull reports whether the step from k-1 to k segments saves more than on every null draw.
func (s *Sweep) beyondNull(k int) bool {
	before, at := s.point(k-1), s.point(k)
	if len(at.Null) == 0 || len(before.Null) == 0 {
		return false
	}
	saved := 1 - at.Cost/before.Cost
	for i := range at.Null {
		if saved <= 1-at.Null[i]/before.Null[i] {
			return false
		}
	}
	return true
}

// point returns the point at k; k = 1 is known for every sweep.
func (s *Sweep) point(k int) SweepPoint {
	for _, p := range s.Points {
		if p.K == k {
			return p
		}
	}
	if k != 1 {
		return SweepPoint{}
	}
	null := make([]float64, s.Draws) // null draws are scaled to the same total
	for i := range null {
		null[i] = s.Total
	}
	return SweepPoint{K: 1, Cost: s.Total, Null: null}
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
			at, ok, threshold = i, true, above[i]-sensitivity*step
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
