package chart

// Funnel: how far visits get.

import (
	"fmt"

	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
)

// Stages is what weblog.Funnel counts: the steps, how many visits reach each, how many visitors, and the finding.
type Stages interface {
	Stages() (steps []string, visits, visitors []int)
	Says() string
}

// Funnel draws a bar for each step, with a length in proportion to the visits that reach it; the share that goes on is shown between two
// bars.
func Funnel(s Stages) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Funnel", "funnel")
	}
	steps, visits, visitors := s.Stages()
	if len(steps) == 0 || visits[0] == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Funnel: no visit reaches the first step")
	}
	fig := &Figure{Title: curled(s.Says())}
	fig.describe("Bars of visits by the farthest step reached.")
	p := newPlot("", "")
	p.HideX()
	p.Y.LineStyle.Width, p.Y.Padding = 0, vg.Points(4)
	var bars rects
	var texts labels
	var names []string
	first := float64(visits[0])
	for k, name := range steps {
		y, long := float64(len(steps)-1-k), float64(visits[k])
		names = append([]string{set(sans(small), clean(name), 150)}, names...)
		bars = append(bars, rect{0, long, y - 0.26, y + 0.26, blue, nil})
		said := fmt.Sprintf("%s (%s)", count(visits[k], "visit"), share(long/first))
		texts = append(texts, beside(long, y, said, bold(small)))
		if k > 0 && visits[k-1] > 0 {
			texts = append(texts, label{x: 0, y: y + 0.5, text: share(long/float64(visits[k-1])) + " go on", style: toned(sans(small), soft), dx: 6, dy: drop})
		}
		fig.describe("%s: %s of %s.", clean(name), said, count(visitors[k], "visitor"))
	}
	p.Y.Tick.Marker = named(names)
	p.Add(bars, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, first*1.02, -0.5, float64(len(steps))-0.5
	fig.remark("A step counts if all earlier ones were taken in the same visit. %s took the last one at least once.", count(visitors[len(visitors)-1], "visitor"))
	fig.Panels = panel(p)
	fig.Height = fig.besidePanels() + vg.Length(len(steps))*44 + 10
	return fig, nil
}
