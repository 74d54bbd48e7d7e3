package chart

// Starts: whether the seed decides, at every number of segments.

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/starts"
)

// Starts draws every start of a sweep, side by side over its k, at a height that shows how far its cost is above the best of
// that k; those that found the best solution are filled (starts.Evidence.Hits). If few are, another seed may give other
// segments.
func Starts(s *choose.Sweep) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Starts", "sweep")
	}
	var points []choose.SweepPoint
	most := 0
	for _, at := range s.Points {
		if len(at.Restarts) > 0 {
			points = append(points, at)
			most = max(most, len(at.Restarts))
		}
	}
	if len(points) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Starts: %s has no starts to compare", clean(s.Method))
	}
	p := newPlot("number of segments k", "cost above the best")
	p.Y.Tick.Marker = ticks{percent: true}
	p.Add(grid(false, true))
	fig := &Figure{Title: startsTitle(points), Height: 4 * vg.Inch}
	fig.describe("Costs of all starts over the number of segments.")
	var found, missed plotter.XYs
	var counts labels
	highest := 0.0
	for _, at := range points {
		above := aboveBest(at.Restarts)
		highest = max(highest, slices.Max(above))
		said := fmt.Sprintf("%d of %d", at.Restarts.Hits(), len(above))
		counts = append(counts, label{x: float64(at.K), y: 0, text: said, style: aligned(bold(small), draw.XCenter, draw.YTop), dy: -8})
		fig.describe("k = %d: %s found the best; the worst is %s above it.", at.K, said, share(slices.Max(above)))
	}
	if highest == 0 {
		highest = 0.01
	}
	for _, at := range points {
		above := aboveBest(at.Restarts)
		above = above[:min(len(above), mostStarts)]
		for i, x := range abreast(above, highest/40, min(0.1, 0.8/float64(min(most, mostStarts)))) {
			to := &missed
			if above[i] <= sameSolution {
				to = &found
			}
			*to = append(*to, plotter.XY{X: float64(at.K) + x, Y: above[i]})
		}
	}
	p.Add(dots(missed, 2.8, blue, ring{}), dots(found, 2.8, blue, draw.CircleGlyph{}), counts)
	overK(p, points[0].K, points[len(points)-1].K)
	p.Y.Min, p.Y.Max = -0.03*highest, 1.05*highest
	fig.Panels = panel(p)
	fig.remark("%s on %s. Each circle is a start; filled circles, counted below, lie within 0.01 %% of the best cost at that k.", clean(s.Method),
		count(s.N, "customer"))
	if most > mostStarts {
		fig.remark("The first %d starts of each k are drawn.", mostStarts)
	}
	return fig, nil
}

const (
	mostStarts   = 100  // have room side by side
	sameSolution = 1e-4 // as starts.Evidence.Hits has it
)

// startsTitle names the k at which the fewest starts find the best solution, and those at which all do.
func startsTitle(points []choose.SweepPoint) string {
	fewest, single := points[0], true
	var all []string // beyond k = 1, which has one solution only
	for _, at := range points {
		single = single && len(at.Restarts) == 1
		if at.Restarts.HitRate() < fewest.Restarts.HitRate() {
			fewest = at
		}
		if at.Restarts.HitRate() == 1 && at.K > 1 {
			all = append(all, sheet.Count(at.K))
		}
	}
	switch {
	case single:
		return "One start at each k cannot tell whether there are better solutions"
	case fewest.Restarts.HitRate() == 1 && len(points) == 1:
		return fmt.Sprintf("Every start finds the same solution at k = %d", points[0].K)
	case fewest.Restarts.HitRate() == 1:
		return fmt.Sprintf("Every start finds the same solution, at every k from %d to %d", points[0].K, points[len(points)-1].K)
	}
	verb := "find"
	if fewest.Restarts.Hits() == 1 {
		verb = "finds"
	}
	title := fmt.Sprintf("At k = %d only %d of %d starts %s the best solution", fewest.K, fewest.Restarts.Hits(), len(fewest.Restarts), verb)
	if all != nil {
		title += fmt.Sprintf("; at k = %s all do", sheet.List(all))
	}
	return title
}

// aboveBest is how far each start ends above the best one, as a share of its cost.
func aboveBest(r starts.Evidence) []float64 {
	best, out := r.Best(), make([]float64, len(r))
	for i, start := range r {
		if start.Cost > best {
			out[i] = (start.Cost - best) / math.Abs(best)
		}
	}
	return out
}

// abreast returns where across its column each value stands, so that those of one slot in height do not hide each other.
func abreast(values []float64, slot, step float64) []float64 {
	members := map[int][]int{}
	for i, v := range values {
		at := int(math.Floor(v/slot + 0.5))
		members[at] = append(members[at], i)
	}
	out := make([]float64, len(values))
	for i, v := range values {
		row := members[int(math.Floor(v/slot+0.5))]
		out[i] = step * (float64(slices.Index(row, i)) - float64(len(row)-1)/2)
	}
	return out
}
