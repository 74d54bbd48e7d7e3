package chart

// AccuracyBySegment: how well is each segment found, and how well can it be?

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
)

// AccuracyBySegment draws, for each segment, the share of its members whom a questionnaire assigns to it, with its 95 % interval, next to the
// segment's ceiling: the share of them who would come into it again with a new sample.
func AccuracyBySegment(q Questionnaire) (*Figure, error) {
	if q == nil {
		return nil, fault.Nil("chart.AccuracyBySegment", "questionnaire")
	}
	names, found, ceiling := q.BySegment()
	k := len(names)
	if k == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.AccuracyBySegment: there are no segments")
	}
	p := newPlot("members named correctly", "")
	p.Y.LineStyle.Width = 0
	p.X.Tick.Marker = ticks{percent: true}
	p.Add(grid(true, false))
	fig := &Figure{}
	fig.describe("Share of each segment's members who are named correctly, with 95 %% intervals.")
	var said labels
	shown := make([]string, k)
	worst, ceilings := -1, false
	for l, of := range found {
		y := float64(k - 1 - l)
		name := segment(names, l)
		shown[k-1-l] = setRow(name)
		if !finite(of.Value) {
			said = append(said, beside(1, y, "no members", toned(sans(small), soft)))
			continue
		}
		if worst < 0 || of.Value < found[worst].Value {
			worst = l
		}
		text := share(of.Value)
		if finite(ceiling[l]) {
			ceilings = true
			p.Add(line(plotter.XYs{{X: ceiling[l], Y: y - .3}, {X: ceiling[l], Y: y + .3}}, 3, soft))
			text += "\nceiling " + share(ceiling[l])
		}
		p.Add(line(plotter.XYs{{X: of.Low, Y: y}, {X: of.High, Y: y}}, 1.25, ink))
		for _, end := range []float64{of.Low, of.High} {
			p.Add(line(plotter.XYs{{X: end, Y: y - .12}, {X: end, Y: y + .12}}, 1.25, ink))
		}
		p.Add(dots(plotter.XYs{{X: of.Value, Y: y}}, 5, Color(l), Shape(l)))
		said = append(said, beside(1, y, text, sans(small)))
		fig.describe("%s: %s (%s to %s).", name, strings.ReplaceAll(text, "\n", ", "), share(of.Low), share(of.High))
	}
	p.Add(said)
	p.Y.Tick.Marker = named(shown)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, -.6, float64(k)-.4
	fig.Panels = panel(p)
	fig.Title = "No segment has members to find"
	if worst >= 0 {
		fig.Title = fmt.Sprintf("%s is found least often: %s of its members", capital(called(names, worst)), share(found[worst].Value))
		if finite(ceiling[worst]) {
			fig.Title += fmt.Sprintf("; a new sample would put %s there again", share(ceiling[worst]))
		}
	}
	fig.remark("Measured on respondents who had no part in choosing the questions. Lines: 95 %% intervals (Wilson).")
	if ceilings {
		fig.remark("Grey bars: ceilings, the share of members who would come into the same segment again if the recipe were fitted to other respondents.")
	}
	fig.Height = fig.besidePanels() + vg.Length(k)*40 + underRows
	return fig, nil
}
