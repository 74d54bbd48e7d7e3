package chart

// AccuracyByLength: how many questions does it take to name the segment of a respondent?

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/predict"
)

// Questionnaire is what a chart needs of a short questionnaire that predicts segments, as typing.Find makes it.
type Questionnaire interface {
	// ByLength returns the share of respondents classified correctly with 1, 2, … questions, from one standard error below to one above,
	// and how many questions were chosen.
	ByLength() (accuracy []predict.Interval, taken int)
	// BySegment returns the share of each segment's members who are assigned to it (k), and its ceiling (k; NaN if there is none).
	BySegment() (names []string, found []predict.Interval, ceiling []float64)
	// Beside returns what to compare the accuracy with: the desired accuracy, 0 for none; that of predicting the largest segment for
	// everybody; that of all questions, and their number.
	Beside() (wanted, largest, all float64, questions int)
}

// AccuracyByLength draws the share of respondents classified correctly against the number of questions asked, with one standard error up and down. For
// comparison it shows the accuracy of predicting the largest segment for everybody and of asking every question. The ring marks the chosen length.
func AccuracyByLength(q Questionnaire) (*Figure, error) {
	if q == nil {
		return nil, fault.Nil("chart.AccuracyByLength", "questionnaire")
	}
	accuracy, taken := q.ByLength()
	if len(accuracy) == 0 || taken < 1 || taken > len(accuracy) {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.AccuracyByLength: the questionnaire asks nothing")
	}
	wanted, largest, all, questions := q.Beside()
	fig := &Figure{Height: 4 * vg.Inch}
	p := newPlot("questions asked", "respondents named correctly")
	p.Y.Tick.Marker = ticks{percent: true}
	p.Add(grid(false, true))
	var curve plotter.XYs
	names := make([]string, len(accuracy))
	fig.describe("Share of respondents named correctly by number of questions, with one standard error each way.")
	for m, of := range accuracy {
		x := float64(m + 1)
		curve = append(curve, plotter.XY{X: x, Y: of.Value})
		names[m] = fmt.Sprint(m + 1)
		p.Add(line(plotter.XYs{{X: x, Y: of.Low}, {X: x, Y: of.High}}, 1.25, ink))
		for _, end := range []float64{of.Low, of.High} {
			p.Add(line(plotter.XYs{{X: x - .08, Y: end}, {X: x + .08, Y: end}}, 1.25, ink))
		}
		fig.describe("%s: %s.", count(m+1, "question"), share(of.Value))
	}
	right := float64(len(accuracy)) + .5
	level := func(y, at float64, side draw.XAlignment, text string) {
		p.Add(line(plotter.XYs{{X: .5, Y: y}, {X: right, Y: y}}, 1.25, rest, 4, 3),
			labels{{x: at, y: y, text: text, style: toned(aligned(sans(small), side, draw.YBottom), soft), dy: 3, halo: true}})
		fig.describe("%s.", text)
	}
	level(largest, right, draw.XRight, "largest segment for all: "+share(largest))
	if questions > len(accuracy) {
		level(all, right, draw.XRight, fmt.Sprintf("all %d questions: %s", questions, share(all)))
	}
	if wanted > 0 { // on the left, where the curve is low
		level(wanted, .5, draw.XLeft, "wanted: "+share(wanted))
	}
	at := curve[taken-1]
	p.Add(line(curve, 2, blue), dots(curve, 4, blue, draw.CircleGlyph{}), dots(plotter.XYs{at}, 8, ink, draw.RingGlyph{}),
		labels{{x: at.X, y: accuracy[taken-1].Low, text: share(at.Y), style: aligned(bold(small), draw.XCenter, draw.YTop), dy: -6, halo: true}})
	p.X.Tick.Marker = named(append([]string{""}, names...))
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = .5, right, 0, 1.04
	fig.Panels = panel(p)
	fig.Title = fmt.Sprintf("%s place %s of respondents correctly", capital(count(taken, "question")), share(at.Y))
	if taken == 1 {
		fig.Title = fmt.Sprintf("One question places %s of respondents correctly", share(at.Y))
	}
	if wanted > 0 && !slices.ContainsFunc(accuracy, func(of predict.Interval) bool { return of.Value >= wanted }) {
		fig.Title += fmt.Sprintf("; even %d do not reach the %s wanted", len(accuracy), share(wanted))
	}
	fig.remark("Measured on respondents who had no part in choosing the questions. Bars: one standard error each way, across the folds.")
	return fig, nil
}
