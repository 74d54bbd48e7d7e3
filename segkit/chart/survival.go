package chart

// Survival: how long customers stay, where leaving has a date.

import (
	"image/color"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/value"
)

// Survival draws the share of each segment that stays, as steps; ticks on the lines are customers who were not followed any longer. With up to three segments, the
// 95 % bands are drawn too. The title says whether the segments differ.
func Survival(s *value.Survival) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Survival", "survival")
	}
	fig := &Figure{Title: curled(s.Says()), Height: 4.4 * vg.Inch}
	label := "time"
	if s.Unit != "" {
		label += " (" + clean(s.Unit) + ")"
	}
	p := newPlot(label, "customers who stay")
	p.Y.Tick.Marker = ticks{percent: true}
	p.Add(grid(false, true))
	names, drawn := make([]string, len(s.Curves)), 0
	for l, c := range s.Curves {
		names[l] = c.Segment
		if len(c.Times) > 0 {
			drawn++
		}
	}
	if drawn == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Survival: no segment has a customer who was followed")
	}
	for l, c := range s.Curves {
		if len(c.Times) > 0 && drawn <= 3 {
			between := ribbon(stepsAt(c.Times, c.Low), stepsAt(c.Times, c.High))
			pale := color.NRGBAModel.Convert(Color(l)).(color.NRGBA)
			pale.A = 0x30
			between.Color = pale
			p.Add(between)
		}
	}
	fig.describe("Steps of the share of customers who stay.")
	var medians []string
	for l, c := range s.Curves {
		if len(c.Times) == 0 {
			continue
		}
		steps := stepsAt(c.Times, c.Share)
		var censored plotter.XYs
		for d, left := range c.Times {
			if c.Share[d] == shareBefore(c.Share, d) {
				censored = append(censored, plotter.XY{X: left, Y: c.Share[d]})
			}
		}
		p.Add(line(steps, 2, Color(l)), dots(censored, 2.5, Color(l), Shape(l)))
		p.Legend.Add(setInLegend(segment(names, l)), swatch{Color(l)})
		end := len(c.Times) - 1
		fig.describe("%s, %s: %s stay beyond %s.", segment(names, l), count(c.Customers, "customer"), share(c.Share[end]), amount(c.Times[end], s.Unit))
		if finite(c.Median) {
			medians = append(medians, called(names, l)+" "+amount(c.Median, s.Unit))
		}
	}
	p.X.Min, p.Y.Min, p.Y.Max = 0, 0, 1.02
	fig.Panels = panel(p)
	if len(medians) > 0 {
		fig.remark("Half have left after: %s.", some(medians, "segment"))
	}
	fig.remark("Kaplan-Meier. Marks: customers who had not left when they were last followed.")
	if drawn <= 3 {
		fig.remark("Bands: 95 %% intervals.")
	}
	if s.LeftOut > 0 {
		fig.remark("%s %s left out.", count(s.LeftOut, "customer"), are(s.LeftOut))
	}
	return fig, nil
}

func shareBefore(shares []float64, d int) float64 {
	if d == 0 {
		return 1
	}
	return shares[d-1]
}
