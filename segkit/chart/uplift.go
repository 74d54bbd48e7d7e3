package chart

// Uplift: what an offer changed in each segment, with intervals.

import (
	"cmp"
	"fmt"
	"math"
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
	fig := &Figure{}
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
		names[k-1-g] = setRow(name)
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
		fig.describe("%s: %s; %s.", clean(of.Segment), e.Write(of.Value, true), curled(e.Says(of)))
	}
	p.Add(said)
	p.X.Tick.Marker = ticks{room: max(60, defaultWidth-160-widest)}
	p.Y.Tick.Marker = named(names)
	p.Y.Min, p.Y.Max = -0.6, float64(k)-0.4
	fig.Panels = panel(p)
	fig.Title = upliftTitle(e)
	fig.remark("The effect is the difference from customers who were held out at random, not what customers spent.")
	if k > 2 {
		fig.remark("Each interval stands on its own: among several segments, one may clear the line by chance. The title is corrected for their number.")
	}
	if shrunk {
		fig.remark("Ring: the effect pulled towards those of the other segments as far as they may differ by chance; a better guess for a single segment.")
	}
	fig.Height = fig.besidePanels() + vg.Length(k)*34 + underRows
	return fig, nil
}

// plainly writes a number of an interval.
func plainly(v float64) string { return sheet.Fixed(v, wording.FigureDecimals(v)) }

func withSign(v float64) string {
	if v > 0 {
		return "+" + plainly(v)
	}
	return plainly(v)
}

// upliftTitle says where an effect is shown, the largest first.
func upliftTitle(e *campaign.Effects) string {
	var helps, harms []string
	sorted := slices.Clone(e.Segments)
	slices.SortStableFunc(sorted, func(a, b campaign.Effect) int { return cmp.Compare(math.Abs(b.Value), math.Abs(a.Value)) })
	for _, of := range sorted {
		said := quote(segment([]string{of.Segment}, 0)) + " (" + e.Write(of.Value, true) + ")"
		switch {
		case !of.Shown(e.Test.Level):
		case of.Value > 0:
			helps = append(helps, said)
		default:
			harms = append(harms, said)
		}
	}
	w := map[string]struct{ raised, lowered, lowersToo, none, noneElsewhere string }{
		"response": {"made more customers order", "made fewer customers order", "fewer", "No effect on the share of customers who order", "no effect"},
		"revenue":  {"raised spending", "lowered spending", "lowered it", "No effect on spending", "no effect"},
		"return":   {"brought a profit", "brought a loss", "a loss", "Neither profit nor loss", "neither profit nor loss"},
	}[e.Measure]
	others := len(e.Segments) - len(helps) - len(harms)
	if others == len(e.Segments) {
		switch {
		case others > 1 && e.Total.Shown(e.Test.Level):
			verb := w.raised
			if e.Total.Value < 0 {
				verb = w.lowered
			}
			return fmt.Sprintf("The offer %s in all segments together (%s), but no segment shows it on its own", verb, e.Write(e.Total.Value, true))
		case others > 1:
			return fmt.Sprintf("%s is shown in any of %s", w.none, count(others, "segment"))
		}
		return w.none + " is shown"
	}
	title := "The offer "
	switch {
	case harms == nil:
		title += w.raised + " in " + some(helps, "segment")
	case helps == nil:
		title += w.lowered + " in " + some(harms, "segment")
	default:
		title += w.raised + " in " + some(helps, "segment") + ", and " + w.lowersToo + " in " + some(harms, "segment")
	}
	switch {
	case others == 1:
		title += "; " + w.noneElsewhere + " is shown in the other segment"
	case others > 1:
		title += fmt.Sprintf("; %s is shown in the other %s", w.noneElsewhere, count(others, "segment"))
	}
	return title
}
