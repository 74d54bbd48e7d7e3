package chart

// Elbow: how much spread is left inside the segments at each k, and what data without groups would show.

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/sheet"
)

// Elbow draws the cost and the mean silhouette of a sweep over k, each before the grey band of the same sweep on data
// without groups. The title says what Kneedle marks and whether the drop there lies outside the band; where there is no
// knee it says so.
func Elbow(s *segkit.Sweep) (*Figure, error) {
	if len(s.Points) == 0 {
		return nil, fmt.Errorf("segkit: chart.Elbow: the sweep has no k: %w", segkit.ErrEmpty)
	}
	first, last := s.Points[0].K, s.Points[len(s.Points)-1].K
	scale, label := 1/s.Total, "spread left within segments"
	if !(s.Total > 0) || !finite(scale) {
		scale, label = 1, "sum of squares within segments"
	}
	cost := newPlot("number of segments k", label)
	quality := newPlot("number of segments k", "mean silhouette")
	for _, p := range []*plot.Plot{cost, quality} {
		p.X.Tick.Marker, p.Y.Tick.Marker = ticks{most: 10, whole: true}, ticks{most: 6}
		p.Title.TextStyle = toned(aligned(sans(small), draw.XCenter, draw.YTop), soft)
		p.Add(grid(false, true))
	}
	if scale != 1 {
		cost.Y.Tick.Marker = ticks{most: 6, percent: true}
	}

	var curve, low, high, median, width, chance plotter.XYs
	best := -1
	for i, p := range s.Points {
		k := float64(p.K)
		curve = append(curve, plotter.XY{X: k, Y: p.Cost * scale})
		if finite(p.NullLow) && finite(p.NullHigh) && s.Draws > 0 {
			low = append(low, plotter.XY{X: k, Y: p.NullLow * scale})
			high = append(high, plotter.XY{X: k, Y: p.NullHigh * scale})
			median = append(median, plotter.XY{X: k, Y: p.NullMedian * scale})
		}
		if finite(p.NullSilhouetteHigh) && s.Draws > 0 {
			chance = append(chance, plotter.XY{X: k, Y: p.NullSilhouetteHigh})
		}
		if finite(p.Silhouette) {
			width = append(width, plotter.XY{X: k, Y: p.Silhouette})
			if best < 0 || p.Silhouette > s.Points[best].Silhouette {
				best = i
			}
		}
	}
	cost.Title.Text, quality.Title.Text = "the data", "the data"
	if len(low) > 0 {
		cost.Add(ribbon(low, high), line(median, 0.75, rest, 3, 2))
		cost.Title.Text = "blue line: the data; grey band: data without groups"
	}
	cost.Add(line(curve, 2, blue), dots(curve, 3, blue, draw.CircleGlyph{}))
	if len(chance) > 0 {
		floor := make(plotter.XYs, len(chance))
		for i, p := range chance {
			floor[i] = plotter.XY{X: p.X, Y: min(0, p.Y)}
		}
		quality.Add(ribbon(floor, chance))
		quality.Title.Text = "blue line: the data; grey: reached without groups"
	}
	quality.Add(line(width, 2, blue), dots(width, 3, blue, draw.CircleGlyph{}))
	if best >= 0 {
		p := s.Points[best]
		quality.Add(dots(plotter.XYs{{X: float64(p.K), Y: p.Silhouette}}, 4.5, vermillion, diamond),
			labels{{x: float64(p.K), y: p.Silhouette, text: sheet.Fixed(p.Silhouette, 2), style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 8}})
	}
	knee, marked := s.Knee()
	if marked {
		for _, p := range s.Points {
			if p.K == knee {
				at := plotter.XY{X: float64(knee), Y: p.Cost * scale}
				cost.Add(line(plotter.XYs{{X: at.X, Y: 0}, at}, 0.75, soft, 2, 2), dots(plotter.XYs{at}, 4.5, vermillion, diamond),
					labels{{x: at.X, y: 0, text: fmt.Sprintf("Kneedle: %d", knee), style: aligned(bold(small), draw.XLeft, draw.YBottom), dx: 4, dy: 6, halo: true}})
			}
		}
	}
	cost.Y.Min, quality.Y.Min = 0, min(0, quality.Y.Min)
	for _, p := range []*plot.Plot{cost, quality} {
		p.X.Min, p.X.Max = float64(first)-0.3, float64(last)+0.3
		p.Y.Max += 0.08 * (p.Y.Max - p.Y.Min) // room for marks
	}
	fig := &Figure{Height: 4 * vg.Inch, Panels: [][]*plot.Plot{{cost, quality}}}

	_, elbow := s.Elbow()
	switch {
	case !marked:
		fig.Title = fmt.Sprintf("No elbow between %d and %d: the curve has no knee", first, last)
	case s.Draws <= 0:
		fig.Title = fmt.Sprintf("Kneedle marks %d; whether data without groups would bend there was not tried", knee)
	case elbow:
		fig.Title = fmt.Sprintf("Kneedle marks %d, and the drop there lies outside what data without groups shows", knee)
	default:
		fig.Title = fmt.Sprintf("No elbow between %d and %d: Kneedle marks %d, but data without groups drops as far there", first, last, knee)
	}
	if best >= 0 {
		p := s.Points[best]
		fig.Title += fmt.Sprintf("; the silhouette is highest at %d (%s)", p.K, sheet.Fixed(p.Silhouette, 2))
		if s.Draws > 0 && p.Silhouette <= p.NullSilhouetteHigh {
			fig.Title += ", no higher than without groups"
		}
	}
	fig.describe("Two curves over the number of segments.")
	write := sheet.Number
	if scale != 1 {
		write = share
	}
	for _, p := range s.Points {
		chance := ""
		if s.Draws > 0 && finite(p.NullLow) {
			chance = fmt.Sprintf(" (without groups %s to %s)", write(p.NullLow*scale), write(p.NullHigh*scale))
		}
		fig.describe("k = %d: spread %s%s, silhouette %s.", p.K, write(p.Cost*scale), chance, sheet.Fixed(p.Silhouette, 2))
	}
	fig.remark("%s on %s and %s.", clean(s.Method), count(s.N, "customer"), count(s.D, "column"))
	if scale != 1 {
		fig.remark("Spread: sum of squares, as a share of the whole.")
	}
	if s.Draws > 0 {
		fig.remark("Data without groups: one blob of the same covariance, drawn %s.", times(s.Draws))
	}
	if s.SilhouetteRows > 0 && s.SilhouetteRows < s.N {
		fig.remark("Silhouettes of %s, drawn at random.", count(s.SilhouetteRows, "customer"))
	}
	return fig, nil
}

// ribbon fills what lies between two curves over the same x.
func ribbon(low, high plotter.XYs) *plotter.Polygon {
	around := append(plotter.XYs{}, low...)
	for i := len(high) - 1; i >= 0; i-- {
		around = append(around, high[i])
	}
	return area(around, band)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return sheet.Count(n) + " times"
}
