package chart

// Uplift: what an offer changed in each segment, with intervals.

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Uplift draws what an offer changed in each segment and overall: the effect with its 95 % interval, and beside it the effect shrunk towards the other segments (a
// ring). Right of the dashed line the offer helped, left of it the offer did harm; an interval across the line shows no effect. The title says where an effect is
// shown, corrected for the number of segments.
func Uplift(e *campaign.Effects) (*Figure, error) {
	if e == nil {
		return nil, fault.Nil("chart.Uplift", "effects")
	}
	rows := append(slices.Clone(e.Segments), e.Total)
	if len(e.Segments) == 0 || !slices.ContainsFunc(rows, func(of campaign.Effect) bool { return finite(of.Value) }) {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Uplift: no segment has customers in both arms")
	}
	percent := e.Measure == "response"
	scale, axis := 1.0, map[string]string{"response": "additional customers who order, per 100 who got the offer", "revenue": "additional spending per customer who got the offer",
		"return": "gain per customer who got the offer, after its cost"}[e.Measure]
	if percent {
		scale = 100
	} else if e.Unit != "" {
		axis += " (" + clean(e.Unit) + ")"
	}
	p := newPlot(axis+", with 95 % interval", "")
	p.Y.LineStyle.Width = 0
	p.Add(grid(true, false))
	k := len(rows)
	fig := &Figure{Height: vg.Length(k)*34 + 110}
	fig.describe("The effect of an offer on %s by segment, with 95 %% intervals.", e.Measure)
	names := make([]string, k)
	farthest := 0.0
	for g, of := range rows {
		if finite(of.Value) {
			farthest = max(farthest, scale*of.Value)
		}
		if finite(of.High) {
			farthest = max(farthest, scale*of.High)
		}
		name := clean(of.Segment)
		if g < k-1 {
			name = segment([]string{of.Segment}, 0)
		}
		names[k-1-g] = wrap(sans(small), name, 130, 2)
	}
	p.Add(line(plotter.XYs{{X: 0, Y: -0.6}, {X: 0, Y: float64(k) - 0.4}}, 1, ink, 4, 3))
	var said labels
	var widest vg.Length
	shrunk := false
	for g, of := range rows {
		y, tone, mark := float64(k-1-g), Color(g), Shape(g)
		if g == k-1 {
			tone, mark = ink, diamond
		}
		if !finite(of.Value) {
			continue
		}
		if finite(of.Low) {
			low, high := scale*of.Low, scale*of.High
			p.Add(line(plotter.XYs{{X: low, Y: y}, {X: high, Y: y}}, 1.25, ink),
				line(plotter.XYs{{X: low, Y: y - 0.13}, {X: low, Y: y + 0.13}}, 1.25, ink),
				line(plotter.XYs{{X: high, Y: y - 0.13}, {X: high, Y: y + 0.13}}, 1.25, ink))
		}
		if finite(of.Shrunk) {
			shrunk = true
			p.Add(dots(plotter.XYs{{X: scale * of.Shrunk, Y: y + .27}}, 3.5, soft, draw.RingGlyph{}))
		}
		p.Add(dots(plotter.XYs{{X: scale * of.Value, Y: y}}, 5, tone, mark))
		text := e.Write(of.Value, true)
		if finite(of.Low) {
			text = fmt.Sprintf("%s (%s to %s)", withSign(scale*of.Value), plainly(scale*of.Low), plainly(scale*of.High))
		}
		text += fmt.Sprintf("\n%s offered, %s held out", sheet.Count(of.Offered), sheet.Count(of.HeldOut))
		right := beside(farthest, y, text, sans(small))
		right.dx += 6
		said = append(said, right)
		widest = max(widest, sans(small).Width(text))
		fig.describe("%s: %s; %s.", clean(of.Segment), e.Write(of.Value, true), e.Says(of))
	}
	p.Add(said)
	p.X.Tick.Marker = ticks{room: max(60, defaultWidth-160-widest)}
	p.Y.Tick.Marker = named(names)
	p.Y.Min, p.Y.Max = -0.6, float64(k)-0.4
	fig.Panels = panel(p)
	fig.Title = upliftTitle(e)
	fig.remark("Intervals: each on its own, so among several segments one that clears the line may still be chance; the title is corrected for their number.")
	if shrunk {
		fig.remark("Ring: pulled towards the other segments as far as differences may be chance; the better guess for a single segment.")
	}
	fig.remark("Compared with customers held out at random: what customers spent is not what an offer changes.")
	return fig, nil
}

// plainly writes a number of an interval.
func plainly(v float64) string { return sheet.Fixed(v, wording.Decimals(v)) }

func withSign(v float64) string {
	if v > 0 {
		return "+" + plainly(v)
	}
	return plainly(v)
}

// upliftTitle says where an effect is shown.
func upliftTitle(e *campaign.Effects) string {
	var helps, harms []string
	for _, of := range e.Segments {
		switch word := quote(segment([]string{of.Segment}, 0)); {
		case !of.Shown(e.Test.Level):
		case of.Value > 0:
			helps = append(helps, word+" ("+e.Write(of.Value, true)+")")
		default:
			harms = append(harms, word+" ("+e.Write(of.Value, true)+")")
		}
	}
	what := map[string]string{"response": "more orders", "revenue": "more money", "return": "a profit"}[e.Measure]
	less := map[string]string{"response": "fewer orders", "revenue": "less money", "return": "a loss"}[e.Measure]
	title := "No effect is shown in any segment"
	switch {
	case len(helps) > 0 && len(harms) > 0:
		title = fmt.Sprintf("The offer brings %s in %s, and %s in %s", what, sheet.List(helps), less, sheet.List(harms))
	case len(helps) > 0:
		title = fmt.Sprintf("The offer brings %s in %s", what, sheet.List(helps))
		if len(helps) < len(e.Segments) {
			title += "; no other segment shows that"
		}
	case len(harms) > 0:
		title = fmt.Sprintf("The offer brings %s in %s; that it brings %s anywhere is not shown", less, sheet.List(harms), what)
	case e.Total.Shown(e.Test.Level):
		title += fmt.Sprintf(" alone, but in all together it is: %s", e.Write(e.Total.Value, true))
	}
	return title
}
