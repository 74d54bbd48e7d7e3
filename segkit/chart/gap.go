package chart

// Gap: how far costs lie below those of data without groups, at each k.

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// Gap draws a gap statistic over k with its standard errors, and marks what the rule chooses, by default choose.FirstSEMax.
// The note says what the other rules choose.
func Gap(g *choose.GapStatistic, rule ...choose.GapRule) (*Figure, error) {
	if g == nil {
		return nil, fmt.Errorf("segkit: chart.Gap: there is no gap statistic: choose.Gap computes one, and a sweep holds one if choose.SweepOptions{Gap: 50} asks for it")
	}
	by := choose.FirstSEMax
	switch len(rule) {
	case 0:
	case 1:
		by = rule[0]
	default:
		return nil, &fault.OptionError{Method: "chart.Gap", Field: "rule", Value: len(rule), Want: "at most one"}
	}
	if by > choose.GlobalMax {
		return nil, &fault.OptionError{Method: "chart.Gap", Field: "rule", Value: uint8(by),
			Want: "FirstSEMax, Tibs2001SEMax, GlobalSEMax, FirstMax or GlobalMax"}
	}
	var curve, bars plotter.XYs
	for i, k := range g.K {
		if finite(g.Gap[i]) && finite(g.SE[i]) {
			curve = append(curve, plotter.XY{X: float64(k), Y: g.Gap[i]})
			bars = append(bars, plotter.XY{X: g.Gap[i] - g.SE[i], Y: g.Gap[i] + g.SE[i]})
		}
	}
	if len(curve) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Gap: there is no gap to draw")
	}
	p := newPlot("number of segments k", "gap: ln cost without groups − ln cost")
	p.Add(grid(false, true))
	fig := &Figure{Height: 4 * vg.Inch}
	fig.describe("A curve over the number of segments, with standard errors.")
	for i, at := range curve {
		for _, end := range []float64{bars[i].X, bars[i].Y} {
			p.Add(line(plotter.XYs{{X: at.X - 0.07, Y: end}, {X: at.X + 0.07, Y: end}}, 1.25, ink))
		}
		p.Add(line(plotter.XYs{{X: at.X, Y: bars[i].X}, {X: at.X, Y: bars[i].Y}}, 1.25, ink))
		fig.describe("k = %s: %s ± %s.", sheet.Number(at.X), sheet.Fixed(at.Y, 3), sheet.Fixed(bars[i].Y-at.Y, 3))
	}
	p.Add(line(curve, 2, blue), dots(curve, 3, blue, draw.CircleGlyph{}))
	choice, decided := g.Best(by)
	for i, at := range curve {
		if at.X != float64(choice) || !decided {
			continue
		}
		p.Add(dots(plotter.XYs{at}, 4.5, vermillion, diamond),
			labels{{x: at.X, y: bars[i].Y, text: fmt.Sprintf("%s: %d", by, choice),
				style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 5, halo: true}})
	}
	overK(p, g.K[0], g.K[len(g.K)-1])
	p.Y.Max += 0.08 * (p.Y.Max - p.Y.Min)
	fig.Panels = panel(p)
	fig.Title = gapTitle(g, by, choice, decided)
	if last := len(g.K) - 1; math.IsInf(g.Gap[last], 1) {
		fig.remark("At k = %d the customers of each segment are all identical: the gap is infinite, and not drawn.", g.K[last])
	}
	fig.remark("%s; without groups: %d draws, %s. Bars: one standard error each way.", clean(g.Method), g.Draws, g.Reference)
	var others []string
	for other := choose.FirstSEMax; other <= choose.GlobalMax; other++ {
		if other == by {
			continue
		}
		if k, ok := g.Best(other); ok {
			others = append(others, fmt.Sprintf("%s %d", other, k))
		} else {
			others = append(others, fmt.Sprintf("%s none", other))
		}
	}
	fig.remark("Other rules: %s.", strings.Join(others, ", "))
	if g.K[0] > 1 {
		fig.remark("One segment was not tried, so it could not be chosen.")
	}
	return fig, nil
}

// gapTitle says what the rule chooses, or that the curve has not turned.
func gapTitle(g *choose.GapStatistic, rule choose.GapRule, k int, decided bool) string {
	last := g.K[len(g.K)-1]
	at := 0
	for i := range g.K {
		if g.K[i] == k {
			at = i
		}
	}
	later, _ := g.Best(choose.GlobalSEMax)
	switch {
	case !decided:
		return fmt.Sprintf("The gap still rises at k = %d, the largest number tried", last)
	case k == 1 && later > 1:
		top := slices.Index(g.Gap, slices.Max(g.Gap))
		return fmt.Sprintf("The first peak of the gap is at k = 1 (no groups), but it rises higher later, to %s at k = %d", sheet.Fixed(g.Gap[top], 2),
			g.K[top])
	case k == 1:
		return "The gap statistic finds no groups: one segment does as well as several"
	default:
		return fmt.Sprintf("The gap statistic chooses k = %d (%s): gap %s, standard error %s", k, rule, sheet.Fixed(g.Gap[at], 2),
			sheet.Fixed(g.SE[at], 3))
	}
}
