package chart

// Cold start: how much must have been seen of a customer before the segment can be named?

import (
	"fmt"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/predict"
)

// ColdStart draws the share of held-out customers who are classified correctly, by the number of their orders seen
// (predict.Options.Seen), compared with predicting the largest segment for everybody.
func ColdStart(r *predict.Report) (*Figure, error) {
	if r == nil {
		return nil, fault.Nil("chart.ColdStart", "report")
	}
	k := len(r.ColdStart)
	if k == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.ColdStart: the report has no quality by orders seen: name the column of orders in predict.Options.Seen")
	}
	fig := &Figure{Title: coldStartTitle(r), Height: 4 * vg.Inch}
	p := newPlot("orders seen", "customers named correctly")
	p.Y.Tick.Marker = ticks{percent: true}
	p.Add(grid(false, true))
	var right, largest plotter.XYs
	var said labels
	names := make([]string, k)
	fig.describe("Share named correctly by orders seen, with 95 %% intervals.")
	for g, of := range r.ColdStart {
		x := float64(g)
		right, largest = append(right, plotter.XY{X: x, Y: of.Accuracy.Value}), append(largest, plotter.XY{X: x, Y: of.Largest})
		names[g] = of.Orders + "\n" + count(of.Customers, "customer")
		for _, end := range []float64{of.Accuracy.Low, of.Accuracy.High} {
			p.Add(line(plotter.XYs{{X: x - 0.05, Y: end}, {X: x + 0.05, Y: end}}, 1.25, ink))
		}
		p.Add(line(plotter.XYs{{X: x, Y: of.Accuracy.Low}, {X: x, Y: of.Accuracy.High}}, 1.25, ink))
		said = append(said, label{x: x, y: of.Accuracy.High, text: share(of.Accuracy.Value), style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 5, halo: true})
		fig.describe("%s seen, %s: %s (%s to %s), largest segment for all %s.", of.Orders, count(of.Customers, "customer"), share(of.Accuracy.Value),
			share(of.Accuracy.Low), share(of.Accuracy.High), share(of.Largest))
	}
	p.Add(line(largest, 1.5, rest, 4, 3), dots(largest, 3.5, soft, cross), line(right, 2, blue), dots(right, 4, blue, draw.CircleGlyph{}), said)
	p.Legend.Add(short(clean("named by the predictor")), line(nil, 2, blue))
	p.Legend.Add("largest segment for all", line(nil, 1.5, rest, 4, 3))
	p.X.Tick.Marker = named(names)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.4, float64(k)-0.6, 0, 1.08
	fig.Panels = panel(p)
	fig.remark("Held-out customers. Bars: 95 %% intervals (Wilson).")
	return fig, nil
}

// coldStartTitle compares the fewest orders with the most.
func coldStartTitle(r *predict.Report) string {
	first, last := r.ColdStart[0], r.ColdStart[len(r.ColdStart)-1]
	if len(r.ColdStart) == 1 {
		return fmt.Sprintf("With %s seen, %s are named correctly", orders(first), share(first.Accuracy.Value))
	}
	title := fmt.Sprintf("With %s seen, %s are named correctly; with %s, %s", orders(first), share(first.Accuracy.Value), last.Orders, share(last.Accuracy.Value))
	if first.Accuracy.Low <= first.Largest {
		title += ": at first hardly more than by naming the largest segment"
	}
	return title
}

// orders reads like "1 order" or "3 to 5 orders".
func orders(g predict.ColdStartGroup) string {
	if g.Orders == "1" {
		return "1 order"
	}
	return g.Orders + " orders"
}
