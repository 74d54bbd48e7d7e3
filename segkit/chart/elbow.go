package chart

// Elbow: how much spread is left inside the segments at each k, and what data without groups would show.

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// Elbow draws the cost and the mean silhouette (if there is one) of a sweep over k, each in front of the grey band of the same sweep
// on data without groups. The title says what Kneedle marks and whether the drop there lies outside the band, or that there is no
// knee. It also says where the silhouette is highest, overall and within the limits of the Goal, as Advice does.
func Elbow(s *choose.Sweep) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Elbow", "sweep")
	}
	if len(s.Points) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Elbow: the sweep has no k")
	}
	scale, write := 1.0, sheet.Number
	relative := s.Total > 0 && finite(s.Total) // costs as shares of the whole
	if relative {
		scale, write = 1/s.Total, share
	}
	cost, quality := costPanel(s, scale, relative), silhouettePanel(s)
	for _, p := range []*plot.Plot{cost, quality} {
		overK(p, s.Points[0].K, s.Points[len(s.Points)-1].K)
		p.Y.Min = min(0, p.Y.Min)
		p.Y.Max += 0.08 * (p.Y.Max - p.Y.Min) // room for marks
		p.Title.TextStyle = toned(aligned(sans(small), draw.XCenter, draw.YTop), soft)
	}
	fig := &Figure{Title: elbowTitle(s), Height: 4 * vg.Inch, Panels: [][]*plot.Plot{{cost, quality}}}
	if best, _ := s.HighestSilhouette(); best.K > 0 {
		fig.describe("Two curves over the number of segments.")
	} else {
		fig.Panels = [][]*plot.Plot{{cost}}
		fig.describe("A curve over the number of segments.")
	}
	for _, p := range s.Points {
		chance := ""
		if s.Draws > 0 && finite(p.NullLow) {
			chance = fmt.Sprintf(" (without groups %s to %s)", write(p.NullLow*scale), write(p.NullHigh*scale))
		}
		fig.describe("k = %d: spread %s%s, silhouette %s.", p.K, write(p.Cost*scale), chance, sheet.Fixed(p.Silhouette, 2))
	}
	fig.remark("%s on %s and %s.", clean(s.Method), count(s.N, "customer"), count(s.D, "column"))
	switch {
	case relative && s.Squares():
		fig.remark("Spread: sum of squares within segments, as a share of the total.")
	case relative:
		fig.remark("Spread: the cost, as a share of the cost of one segment.")
	}
	if len(worseEnds(s)) > 0 {
		fig.remark("Dashes above the line: starts that ended in a worse solution.")
	}
	if s.Draws > 0 {
		fig.remark("Data without groups: one group, drawn %s as a Gaussian and %s with the columns' own distributions.", times(s.Draws), times(s.Draws))
	}
	if s.SilhouetteRows > 0 && s.SilhouetteRows < s.N {
		fig.remark("Silhouettes of %s, drawn at random, with 95 %% intervals.", count(s.SilhouetteRows, "customer"))
	}
	return fig, nil
}

// elbowTitle says what Kneedle marks, whether data without groups would look the same, and where the silhouette is highest.
func elbowTitle(s *choose.Sweep) string {
	first, last := s.Points[0].K, s.Points[len(s.Points)-1].K
	knee, marked := s.Knee()
	_, elbow := s.Elbow()
	var title string
	switch {
	case !marked:
		title = fmt.Sprintf("No elbow between %d and %d: the curve has no knee", first, last)
	case s.Draws <= 0:
		title = fmt.Sprintf("Kneedle marks %d; whether data without groups bends there, too, was not tried", knee)
	case elbow:
		title = fmt.Sprintf("Kneedle marks %d, and the drop there is beyond what data without groups shows", knee)
	default:
		title = fmt.Sprintf("No elbow between %d and %d: Kneedle marks %d, but data without groups drops as far", first, last, knee)
	}
	if p, within := s.HighestSilhouette(); p.K > 0 {
		title += fmt.Sprintf("; the silhouette is highest at %d (%s)", p.K, sheet.Fixed(p.Silhouette, 2))
		if s.Draws > 0 && p.Silhouette <= p.NullSilhouetteHigh {
			title += ", no higher than in data without groups"
		}
		switch {
		case within.K == 0 || within.K == p.K:
		case p.K > s.Goal.MaxSegments:
			title += fmt.Sprintf(", and among at most %d segments at %d (%s)", s.Goal.MaxSegments, within.K, sheet.Fixed(within.Silhouette, 2))
		case p.K == 2:
			title += fmt.Sprintf(", and among three or more at %d (%s)", within.K, sheet.Fixed(within.Silhouette, 2))
		default:
			title += fmt.Sprintf(", and within the limits of the goal at %d (%s)", within.K, sheet.Fixed(within.Silhouette, 2))
		}
	}
	return title
}

// costPanel draws the costs before the band of the null draws, and marks the knee.
func costPanel(s *choose.Sweep, scale float64, relative bool) *plot.Plot {
	p := newPlot("number of segments k", "cost")
	switch {
	case relative:
		p.Y.Label.Text, p.Y.Tick.Marker = "spread left within segments", ticks{percent: true}
	case s.Squares():
		p.Y.Label.Text = "sum of squares within segments"
	}
	var curve, ends, low, high, median, knee plotter.XYs
	marked, ok := s.Knee()
	for _, at := range s.Points {
		k := float64(at.K)
		curve = append(curve, plotter.XY{X: k, Y: at.Cost * scale})
		if ok && at.K == marked {
			knee = plotter.XYs{{X: k, Y: 0}, {X: k, Y: at.Cost * scale}}
		}
		if s.Draws > 0 && finite(at.NullLow) && finite(at.NullHigh) {
			low = append(low, plotter.XY{X: k, Y: at.NullLow * scale})
			high = append(high, plotter.XY{X: k, Y: at.NullHigh * scale})
			median = append(median, plotter.XY{X: k, Y: at.NullMedian * scale})
		}
	}
	p.Add(grid(false, true))
	p.Title.Text = "the data"
	if len(low) > 0 {
		p.Add(ribbon(low, high), line(median, 0.75, rest, 3, 2))
		p.Title.Text = "blue line: the data; grey band: data without groups"
	}
	for _, end := range worseEnds(s) {
		ends = append(ends, plotter.XY{X: end.X, Y: end.Y * scale})
	}
	p.Add(dots(ends, 2.2, blue, dash), line(curve, 2, blue), dots(curve, 3, blue, draw.CircleGlyph{}))
	if knee != nil {
		p.Add(line(knee, 0.75, soft, 2, 2), dots(knee[1:], 4.5, vermillion, diamond),
			labels{{x: knee[1].X, y: knee[1].Y, text: fmt.Sprintf("Kneedle: %d", marked), style: aligned(bold(small), draw.XLeft, draw.YBottom), dx: 5, dy: 5, halo: true}})
	}
	return p
}

// worseEnds returns k and cost of the starts that ended visibly above the best one.
func worseEnds(s *choose.Sweep) (ends plotter.XYs) {
	for _, at := range s.Points {
		for i, r := range at.Restarts {
			if r.Cost-at.Cost > s.Points[0].Cost/100 && i < mostStarts {
				ends = append(ends, plotter.XY{X: float64(at.K), Y: r.Cost})
			}
		}
	}
	return ends
}

// silhouettePanel draws the mean silhouettes above what the null draws reached, and marks the highest.
func silhouettePanel(s *choose.Sweep) *plot.Plot {
	p := newPlot("number of segments k", "mean silhouette")
	var curve, chance, floor plotter.XYs
	var intervals []plot.Plotter
	for _, at := range s.Points {
		k := float64(at.K)
		if finite(at.Silhouette) {
			curve = append(curve, plotter.XY{X: k, Y: at.Silhouette})
		}
		if at.SilhouetteHigh > at.SilhouetteLow { // of a sample
			intervals = append(intervals, line(plotter.XYs{{X: k, Y: at.SilhouetteLow}, {X: k, Y: at.SilhouetteHigh}}, 1, ink))
		}
		if s.Draws > 0 && finite(at.NullSilhouetteHigh) {
			chance = append(chance, plotter.XY{X: k, Y: at.NullSilhouetteHigh})
			floor = append(floor, plotter.XY{X: k, Y: min(0, at.NullSilhouetteHigh)})
		}
	}
	p.Add(grid(false, true))
	p.Title.Text = "the data"
	if len(chance) > 0 {
		p.Add(ribbon(floor, chance))
		p.Title.Text = "blue line: the data; grey: reached without groups"
	}
	p.Add(intervals...)
	if len(curve) > 0 {
		p.Add(line(curve, 2, blue), dots(curve, 3, blue, draw.CircleGlyph{}))
	}
	if best, _ := s.HighestSilhouette(); best.K > 0 {
		k := float64(best.K)
		p.Add(dots(plotter.XYs{{X: k, Y: best.Silhouette}}, 4.5, vermillion, diamond),
			labels{{x: k, y: best.Silhouette, text: sheet.Fixed(best.Silhouette, 2), style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 8}})
	}
	return p
}
