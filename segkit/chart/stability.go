package chart

// Stability: what the choice of k does to how alike two samples of the same customers are divided.

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// pale is the fill of boxes, behind which lines stay visible.
var pale = shades[1]

// Stability draws, for every k of a sweep with SweepOptions.Pairs, a box of the adjusted Rand indices between the solutions of
// two samples of the same customers and, thin and grey beside it, the means on data without groups. The title names the highest
// k, and those that cannot be distinguished from it.
func Stability(s *choose.Sweep) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Stability", "sweep")
	}
	var points []choose.SweepPoint
	for _, at := range s.Points {
		if at.Stability != nil && finite(at.Stability.Mean) {
			points = append(points, at)
		}
	}
	if len(points) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Stability: the sweep holds no stability: ask for it with choose.SweepOptions{Pairs: 50}")
	}
	p := newPlot("number of segments k", "adjusted Rand index between samples")
	p.Add(grid(false, true))
	fig := &Figure{Title: stabilityTitle(points), Height: 4 * vg.Inch}
	fig.describe("Boxes over the number of segments: how similarly two samples are divided.")
	compared := false
	var means labels
	for _, at := range points {
		k, of := float64(at.K), at.Stability
		b, ok := boxOf(of.Rand, nil, false, 0)
		if !ok {
			continue
		}
		said := fmt.Sprintf("k = %d: mean %s (%s to %s)", at.K, sheet.Fixed(of.Mean, 2), sheet.Fixed(of.Low, 2), sheet.Fixed(of.High, 2))
		b.addTo(p, k-0.1, 0.2, pale, false)
		means = append(means, label{x: k - 0.1, y: b.high, text: sheet.Fixed(of.Mean, 2),
			style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 4})
		if null, ok := boxOf(of.Null, nil, false, 0); ok {
			compared = true
			p.Add(line(plotter.XYs{{X: k + 0.25, Y: null.low}, {X: k + 0.25, Y: null.high}}, 3, rest),
				dots(plotter.XYs{{X: k + 0.25, Y: null.median}}, 3, rest, square))
			said += fmt.Sprintf(", without groups %s to %s", sheet.Fixed(null.low, 2), sheet.Fixed(null.high, 2))
		}
		fig.describe("%s.", said)
	}
	p.Add(means)
	overK(p, points[0].K, points[len(points)-1].K)
	p.Y.Min, p.Y.Max = min(0, p.Y.Min), 1.06
	fig.Panels = panel(p)
	fig.remark("%s on %s: at each k, the solutions of %s of resamples are compared on all customers; 1 means the same division, about 0 what chance "+
		"gives. Above the boxes: the means.",
		clean(s.Method), count(s.N, "customer"), count(points[0].Stability.Pairs, "pair"))
	if compared {
		fig.remark("Grey: the means in data without groups, from lowest to highest.")
	}
	return fig, nil
}

// stabilityTitle names the highest k, those whose intervals reach as high, and whether data without groups do.
func stabilityTitle(points []choose.SweepPoint) string {
	best := slices.MaxFunc(points, func(a, b choose.SweepPoint) int {
		return cmp.Compare(a.Stability.Mean, b.Stability.Mean)
	})
	top := best.Stability
	if len(points) == 1 {
		return fmt.Sprintf("At k = %d two samples agree to %s on average (adjusted Rand)", best.K, sheet.Fixed(top.Mean, 2))
	}
	var level []string
	beaten := len(top.Null) > 0
	for _, at := range points {
		of := at.Stability
		if at.K != best.K && of.High >= top.Low {
			level = append(level, sheet.Count(at.K))
		}
		beaten = beaten && (len(of.Null) == 0 || of.Mean <= slices.Max(of.Null))
	}
	said := fmt.Sprintf("k = %d (mean adjusted Rand %s)", best.K, sheet.Fixed(top.Mean, 2))
	if beaten {
		return fmt.Sprintf("No k is more stable than data without groups; the highest is %s, where one group reaches %s", said,
			sheet.Fixed(slices.Max(top.Null), 2))
	}
	title := "The most stable is " + said
	if len(level) > 0 {
		title += ", not clearly ahead of k = " + sheet.List(level)
	}
	if len(top.Null) > 0 {
		reach, worst := "reaches", slices.Max(top.Null)
		if worst < top.Low {
			reach = "reaches only"
		}
		title += fmt.Sprintf("; data without groups %s %s", reach, sheet.Fixed(worst, 2))
	}
	return title
}
