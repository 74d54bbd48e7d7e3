package chart

// Gain and lift: what comes of contacting those first who are likeliest in a segment.

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/sheet"
)

// Gain draws what share of a segment is found among the likeliest share of the held-out customers (predict.Report.Rank),
// compared with choosing customers at random and with knowing who they are.
func Gain(r *predict.Ranking) (*Figure, error) {
	if err := ranked("Gain", r); err != nil {
		return nil, err
	}
	name := quote(segment([]string{r.Segment}, 0))
	fifth := r.At(.2)
	fig := &Figure{Title: fmt.Sprintf("The most likely fifth of customers hold %s of %s", share(fifth), name), Width: 5.6 * vg.Inch, Height: 4.6 * vg.Inch}
	p := newPlot("share of customers, most likely first", "share of the segment found")
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{percent: true, most: 6, room: 300}, ticks{percent: true, most: 7}
	curve := make(plotter.XYs, len(r.Found))
	for i := range curve {
		curve[i] = plotter.XY{X: r.Contacted[i], Y: r.Found[i]}
	}
	p.Add(grid(true, true),
		line(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, 1, rest, 4, 3),
		line(plotter.XYs{{X: 0, Y: 0}, {X: r.Share, Y: 1}, {X: 1, Y: 1}}, 1, rest, 1, 2),
		line(thin(curve), 2, blue),
		line(plotter.XYs{{X: 0.2, Y: 0}, {X: 0.2, Y: fifth}}, 0.75, soft, 2, 2),
		dots(plotter.XYs{{X: 0.2, Y: fifth}}, 3.5, vermillion, draw.CircleGlyph{}),
		labels{{x: 0.62, y: 0.62, text: "drawn at random", style: aligned(toned(sans(small), soft), draw.XLeft, draw.YTop), dx: 4, dy: -4}})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1.02
	fig.Panels = panel(p)
	fig.remark("%s held out, %s of them in the segment. Dotted: a perfect ranking.", count(r.Customers, "customer"), share(r.Share))
	fig.describe("Gain curve: the most likely 5 %% hold %s of the segment, 10 %% %s, 20 %% %s, 50 %% %s. %s", share(r.At(.05)), share(r.At(.1)), share(fifth), share(r.At(.5)), fig.Note)
	return fig, nil
}

// Lift draws how much more frequent a segment is among the likeliest share of the held-out customers than among all (predict.Report.Rank).
func Lift(r *predict.Ranking) (*Figure, error) {
	if err := ranked("Lift", r); err != nil {
		return nil, err
	}
	name := quote(segment([]string{r.Segment}, 0))
	tenth := r.At(.1) / .1
	fig := &Figure{Title: liftTitle(name, tenth), Width: 5.6 * vg.Inch, Height: 4.2 * vg.Inch}
	p := newPlot("share of customers, most likely first", "times as frequent as among all")
	p.X.Tick.Marker = ticks{percent: true, most: 6, room: 300}
	var curve plotter.XYs
	fig.describe("Lift curve of the segment.")
	for at := 5; at <= 100; at += 5 {
		x := float64(at) / 100
		curve = append(curve, plotter.XY{X: x, Y: r.At(x) / x})
		if at == 5 || at == 10 || at == 20 || at == 50 {
			fig.describe("The most likely %d %%: %s times as frequent.", at, sheet.Fixed(r.At(x)/x, 2))
		}
	}
	p.Add(grid(true, true), line(plotter.XYs{{X: 0, Y: 1}, {X: 1, Y: 1}}, 1, rest, 4, 3), line(curve, 2, blue), dots(curve, 2.5, blue, draw.CircleGlyph{}),
		dots(plotter.XYs{{X: 0.1, Y: tenth}}, 4.5, vermillion, diamond),
		labels{{x: 1, y: 1, text: "drawn at random", style: aligned(toned(sans(small), soft), draw.XRight, draw.YTop), dy: -4}})
	highest := 1.0
	for _, at := range curve {
		highest = max(highest, at.Y)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1.08*highest
	fig.Panels = panel(p)
	fig.remark("%s held out, %s of them in the segment: at most %s times as frequent.", count(r.Customers, "customer"), share(r.Share), sheet.Number(1/r.Share))
	return fig, nil
}

// liftTitle says how the first tenth compares with all.
func liftTitle(name string, lift float64) string {
	if math.Abs(lift-1) < .05 {
		return fmt.Sprintf("Among the most likely tenth, %s is no more frequent than among all", name)
	}
	return fmt.Sprintf("Among the most likely tenth, %s is %s times as frequent as among all", name, sheet.Fixed(lift, 1))
}

// ranked refuses a ranking that holds nothing.
func ranked(op string, r *predict.Ranking) error {
	if r == nil {
		return fault.Nil(op, "ranking")
	}
	if len(r.Found) < 2 || len(r.Found) != len(r.Contacted) {
		return fault.Errorf(fault.ErrEmpty, "segkit: chart.%s: the ranking has no customer", op)
	}
	return nil
}
