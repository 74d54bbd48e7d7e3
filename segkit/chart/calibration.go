package chart

// Calibration: do probabilities mean what they say (DeGroot & Fienberg 1983, doi:10.2307/2987588)?

import (
	"fmt"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/sheet"
)

// Calibration draws groups of held-out customers by the probability of their likeliest segment, against the share of them who are in it. On
// the diagonal, a probability of 70 % is right for 70 %; below it, predictions are overconfident.
func Calibration(r *predict.Report) (*Figure, error) {
	if r == nil {
		return nil, fault.Nil("chart.Calibration", "report")
	}
	if len(r.Bins) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Calibration: the report has no probabilities")
	}
	fig := &Figure{Title: calibrationTitle(r), Width: 5.6 * vg.Inch, Height: 4.6 * vg.Inch}
	p := newPlot("probability of the most likely segment", "share of customers in it")
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{percent: true, most: 6, room: 300}, ticks{percent: true, most: 7}
	p.Add(grid(true, true), line(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, 1, rest, 4, 3))
	var curve plotter.XYs
	lowest := 1.0
	fig.describe("Groups of customers by probability, with 95 %% intervals of the share in that segment.")
	for _, b := range r.Bins {
		curve = append(curve, plotter.XY{X: b.Says, Y: b.Right.Value})
		p.Add(line(plotter.XYs{{X: b.Says, Y: b.Right.Low}, {X: b.Says, Y: b.Right.High}}, 1.25, ink))
		lowest = min(lowest, b.Says, b.Right.Low)
		fig.describe("%s at %s: right for %s (%s to %s).", count(b.Customers, "customer"), share(b.Says), share(b.Right.Value), share(b.Right.Low), share(b.Right.High))
	}
	p.Add(line(curve, 2, blue), dots(curve, 4, blue, draw.CircleGlyph{}))
	from := max(0, lowest-0.05)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = from, 1, from, 1
	fig.Panels = panel(p)
	fig.remark("%s held out, in %s of about the same size. Bars: 95 %% intervals (Wilson). Dashed: where probabilities mean what they say.",
		count(r.Customers, "customer"), count(len(r.Bins), "group"))
	return fig, nil
}

// clearlyOff is the distance of probability and share from which a title says that something is off.
const clearlyOff = .02

// calibrationTitle says how far probabilities are off, and to which side.
func calibrationTitle(r *predict.Report) string {
	off := sheet.Fixed(100*r.Off, 1)
	says, right, all := 0.0, 0.0, 0.0
	for _, b := range r.Bins {
		n := float64(b.Customers)
		says, right, all = says+n*b.Says, right+n*b.Right.Value, all+n
	}
	says, right = says/all, right/all
	switch {
	case r.Off < clearlyOff:
		return fmt.Sprintf("Probabilities mean what they say: off by %s points on average", off)
	case says-right >= clearlyOff:
		return fmt.Sprintf("Probabilities are too bold: they say %s and are right for %s, off by %s points on average", share(says), share(right), off)
	case right-says >= clearlyOff:
		return fmt.Sprintf("Probabilities are too cautious: they say %s and are right for %s, off by %s points on average", share(says), share(right), off)
	}
	return fmt.Sprintf("Probabilities are off by %s points on average, in both directions", off)
}
