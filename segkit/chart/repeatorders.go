package chart

// RepeatOrders: what a model of buying expected beside what was seen, before and behind the as-of date (Fader, Hardie & Lee 2005, figures 2 to 5).

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/value"
)

// RepeatOrders draws, on the left, how many customers have how many repeat days, in the data and by the model that was fitted to them. On the right it draws the
// mean of their orders in the hold-out: by the model, in the data, and if they ordered as often as last time.
func RepeatOrders(h *value.Holdout) (*Figure, error) {
	if h == nil {
		return nil, fault.Nil("chart.RepeatOrders", "hold-out")
	}
	if len(h.Groups) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.RepeatOrders: the hold-out has no customers")
	}
	fig := &Figure{Title: repeatTitle(h)}
	names := make([]string, len(h.Groups))
	counted, means := newPlot("repeat days up to the as-of date", "customers"), newPlot("repeat days up to the as-of date", "mean orders in the next "+count(h.Days, "day"))
	var bars rects
	var expected, seen, model, last plotter.XYs
	fig.describe("Left: customers by repeat days. Right: their mean number of orders in the next %s.", count(h.Days, "day"))
	for g, of := range h.Groups {
		names[g] = sheet.Count(of.Repeats)
		if g == len(names)-1 {
			names[g] += "+"
		}
		x := float64(g)
		bars = append(bars, rect{x - .38, x + .38, 0, float64(of.Customers), band, nil})
		expected = append(expected, plotter.XY{X: x, Y: of.Expected})
		fig.describe("%s repeat days: %s, %s expected.", names[g], count(of.Customers, "customer"), sheet.Fixed(of.Expected, 0))
		if of.Customers > 0 {
			seen, model, last = append(seen, plotter.XY{X: x, Y: of.Actual}), append(model, plotter.XY{X: x, Y: of.Forecast}), append(last, plotter.XY{X: x, Y: of.AsLastTime})
			fig.describe("Later: %s seen, %s forecast, %s last time.", sheet.Fixed(of.Actual, 2), sheet.Fixed(of.Forecast, 2), sheet.Fixed(of.AsLastTime, 2))
		}
	}
	counted.Add(grid(false, true), bars, dots(expected, 4, blue, draw.CircleGlyph{}))
	means.Add(grid(false, true), line(last, 1.25, rest, 4, 3), line(seen, 2, ink), dots(seen, 4, ink, draw.BoxGlyph{}), line(model, 2, blue), dots(model, 4, blue, draw.CircleGlyph{}))
	for _, p := range []*plot.Plot{counted, means} {
		p.X.Tick.Marker, p.Y.Min = named(names), 0
		p.X.Min, p.X.Max = -.5, float64(len(names))-.5
	}
	top := expected[0].Y
	for g, of := range h.Groups {
		top = max(top, float64(of.Customers), expected[g].Y)
	}
	counted.Y.Max, counted.Y.Tick.Marker = 1.08*top, ticks{whole: true}
	most := 0.0
	for _, of := range slices.Concat(seen, model, last) {
		most = max(most, of.Y)
	}
	if most > 0 {
		means.Y.Max = 1.08 * most
	}
	fig.Panels = [][]*plot.Plot{{counted, means}}
	fig.Height = 3.9 * vg.Inch
	fig.remark("Left: bars are customers in the data; dots are what %s expects for the data it was fitted to. Right: squares were seen, dots were forecast; dashed: as many as in the %s before.", h.Model, count(h.Days, "day"))
	return fig, nil
}

// repeatTitle says how far the forecast of all orders is off, beside that of "as last time".
func repeatTitle(h *value.Holdout) string {
	off := func(forecast float64) string {
		d := forecast/float64(h.Actual) - 1
		switch {
		case math.Round(forecast) == float64(h.Actual):
			return "exactly as many"
		case h.Actual == 0:
			return "too many"
		case math.Abs(d) < .0005:
			return "nearly as many"
		case d < 0:
			return share(-d) + " too few"
		}
		return share(d) + " too many"
	}
	return fmt.Sprintf("%s forecast %s, and %s came: %s; repeating last time would be %s", h.Model, count(int(math.Round(h.Orders.Mean)), "order"), sheet.Count(h.Actual), off(h.Orders.Mean), off(float64(h.AsLastTime)))
}
