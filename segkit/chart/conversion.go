package chart

// Conversion: how long visitors take to their first order.

import (
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
)

// Waiting is what weblog.Conversion estimates: the share who have bought after 0, 1, … days with its 95 % interval, how many were followed
// that long without having bought before, and the finding.
type Waiting interface {
	Curve() (share, low, high []float64, atRisk []int)
	Says() string
}

// Conversion draws the share of visitors who have bought, against the days since their first visit, with its 95 % interval.
func Conversion(w Waiting) (*Figure, error) {
	if w == nil {
		return nil, fault.Nil("chart.Conversion", "conversion")
	}
	bought, low, high, atRisk := w.Curve()
	if len(bought) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Conversion: no visitor is followed")
	}
	fig := &Figure{Title: curled(w.Says()), Height: 4.2 * vg.Inch}
	fig.describe("Steps of the share of visitors who have bought.")
	days := make([]float64, len(bought))
	for d := range days {
		days[d] = float64(d)
	}
	p := newPlot("days since the first visit", "visitors who have bought")
	p.Y.Tick.Marker, p.X.Tick.Marker = ticks{percent: true}, ticks{whole: true}
	around := ribbon(risingSteps(days, low), risingSteps(days, high))
	p.Add(grid(false, true), around, line(risingSteps(days, bought), 2, blue))
	p.X.Min, p.Y.Min, p.Y.Max = 0, 0, min(1, 1.15*high[len(high)-1]+0.01)
	for _, d := range []int{0, 7, 30, 90, 180, 365} {
		if d < len(bought) {
			fig.describe("After %s: %s, of %s followed that long.", count(d, "day"), share(bought[d]), count(atRisk[d], "visitor"))
		}
	}
	fig.remark("Kaplan-Meier: visitors who have not bought count for as long as they were observed. Grey: 95 %% interval.")
	fig.Panels = panel(p)
	return fig, nil
}

// risingSteps are the corners of a curve that stays as it is until the next time.
func risingSteps(times, values []float64) (out plotter.XYs) {
	for t := range times {
		if t > 0 {
			out = append(out, plotter.XY{X: times[t], Y: values[t-1]})
		}
		out = append(out, plotter.XY{X: times[t], Y: values[t]})
	}
	return out
}
