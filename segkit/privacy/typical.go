package privacy

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/describe"
)

// A typical customer who is nobody.

// makeUp puts a made-up customer in the place of the real ones who show what a segment is like: medians (means where segments are compared by means) of two digits, and
// the most frequent levels. Where somebody of the table has these very values, numbers are rounded further and then moved, the least
// telling first, as long as they stay between the segment's quartiles; what cannot be moved is left out. It is a row of nobody in the end, missing values aside.
func (s *Shared) makeUp(l int) {
	p := s.Profile
	g := &p.Segments[l]
	g.Exemplars = describe.Exemplars{OnBorder: g.Exemplars.OnBorder}
	if g.Size == 0 {
		return
	}
	values, units := make([]float64, len(p.Columns)), make([]float64, len(p.Columns))
	for j, c := range p.Columns {
		st := g.Stats[j]
		switch {
		case c.Categorical():
			values[j] = mode(st.Levels)
		case p.Scale[j].YesNo:
			values[j] = math.Round(st.Mean)
		case p.Scale[j].ByMean:
			values[j], units[j] = rounded(st.Mean, 2)
		default:
			values[j], units[j] = rounded(st.Median, 2)
		}
	}
	order := p.Telling()
	slices.Reverse(order)
	for _, j := range order {
		if !s.someone(values) {
			break
		}
		s.move(g, values, units, j)
	}
	for _, j := range order {
		if !s.someone(values) {
			break
		}
		values[j] = math.NaN()
	}
	g.Exemplars.Values, g.Exemplars.MadeUp = values, true
}

// move looks for another value of a number that is nobody's, beside the others of the made-up customer.
func (s *Shared) move(g *describe.SegmentProfile, values, units []float64, j int) {
	st, was := g.Stats[j], values[j]
	if units[j] == 0 || math.IsNaN(was) {
		return
	}
	coarse, _ := rounded(was, 1)
	candidates := []float64{coarse}
	for _, unit := range []float64{units[j], units[j] / 2} { // whole steps, then halves: of whole numbers these are surely nobody's
		for step := 1.0; step <= 10; step++ {
			candidates = append(candidates, was+float64(step*unit), was-float64(step*unit))
		}
	}
	for _, v := range candidates {
		if v < st.Q1 || v > st.Q3 {
			continue
		}
		if values[j] = v; !s.someone(values) {
			return
		}
	}
	values[j] = was
}

// someone reports whether a customer has all these values (d); those that are NaN are not asked.
func (s *Shared) someone(values []float64) bool {
	if !slices.ContainsFunc(values, func(v float64) bool { return !math.IsNaN(v) }) {
		return false
	}
	for i := range s.raw.Len() {
		row, same := s.raw.Raw().Row(i), true
		for j, v := range values {
			if !math.IsNaN(v) && row[j] != v {
				same = false
				break
			}
		}
		if same {
			return true
		}
	}
	return false
}

// rounded is v with so many digits, and the unit of the last of them; of whole numbers the unit is at least 1.
func rounded(v float64, digits int) (float64, float64) {
	if v == 0 || math.IsNaN(v) {
		return v, 0
	}
	unit := math.Pow10(int(math.Floor(math.Log10(math.Abs(v)))) + 1 - digits)
	if v == math.Trunc(v) {
		unit = max(unit, 1)
	}
	if unit < 1 { // a power of ten below 1 is no exact number, its inverse is
		inverse := math.Round(1 / unit)
		return math.Round(v*inverse) / inverse, unit
	}
	return math.Round(v/unit) * unit, unit
}

// mode is the most frequent of the levels that may be told, NaN if none.
func mode(shares []float64) float64 {
	best := math.NaN()
	for l, share := range shares {
		if share > 0 && (math.IsNaN(best) || share > shares[int(best)]) {
			best = float64(l)
		}
	}
	return best
}
