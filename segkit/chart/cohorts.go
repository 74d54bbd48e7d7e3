package chart

// Cohorts: customers by the month of their first order, and what sorting alone would show.

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/track"
)

// Cohorts draws a row for each month of first orders, with the share of its customers who ordered 1, 2, … months later, up to 12. Next to it is the share who were
// still there after each number of months, with the curve for customers who differ and never change (Fader & Hardie 2007). Along that curve retention rises by
// sorting alone, so a similar curve says nothing about loyalty.
func Cohorts(c *track.Cohorts) (*Figure, error) {
	if c == nil {
		return nil, fault.Nil("chart.Cohorts", "cohorts")
	}
	if len(c.Months) < 2 {
		return nil, fmt.Errorf("segkit: chart.Cohorts: the orders cover %s: cohorts need at least two months: %w", count(len(c.Months), "month"), fault.ErrEmpty)
	}
	most := min(12, len(c.Months)-1)
	first := max(0, len(c.Months)-24)
	top := 0.0
	for a := first; a < len(c.Months); a++ {
		for since := 1; since < len(c.Active[a]) && since <= most; since++ {
			if c.Customers[a] > 0 {
				top = max(top, float64(c.Active[a][since])/float64(c.Customers[a]))
			}
		}
	}
	p := newPlot("months after the first order", "")
	p.Title.Text = "% who ordered in the month"
	p.Y.LineStyle.Width, p.X.LineStyle.Width = 0, 0
	var cells rects
	var texts labels
	var names []string
	fig := &Figure{}
	fig.describe("Triangle of cohorts: share who ordered in the months after the first order.")
	rows := len(c.Months) - first
	for a := first; a < len(c.Months); a++ {
		y := float64(len(c.Months) - 1 - a)
		names = append([]string{fmt.Sprintf("%s  %s", c.Months[a].Format("2006-01"), sheet.Count(c.Customers[a]))}, names...)
		var said []string
		for since := 1; since < len(c.Active[a]) && since <= most && c.Customers[a] > 0; since++ {
			v := float64(c.Active[a][since]) / float64(c.Customers[a])
			fill := shades[class(v, 0, top)]
			cells = append(cells, rect{float64(since) - 0.5, float64(since) + 0.5, y - 0.5, y + 0.5, fill, color.White})
			texts = append(texts, label{x: float64(since), y: y, text: sheet.Fixed(100*v, 0), style: toned(aligned(sans(small), draw.XCenter, draw.YCenter), against(fill)), dy: drop})
			said = append(said, sheet.Fixed(100*v, 0))
		}
		if said != nil {
			fig.describe("%s, %s: %s.", c.Months[a].Format("2006-01"), count(c.Customers[a], "customer"), strings.Join(said, ", "))
		}
	}
	p.Y.Tick.Marker, p.X.Tick.Marker = named(names), ticks{most: 12, whole: true}
	p.Add(cells, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0.5, float64(most)+0.5, -0.5, float64(rows)-0.5
	fig.Panels, fig.Height = panel(p), vg.Length(rows)*14+130
	fig.remark("Beside each month: how many customers came in it. The first months also hold older customers, whose earlier orders are not in the file.")
	s := c.Sorting
	if s == nil {
		fig.Title = fmt.Sprintf("%s in %s", capital(count(sum0(c.Customers), "customer")), count(len(c.Months), "cohort"))
		return fig, nil
	}
	var seen, made plotter.XYs
	for t := range s.Survival {
		seen, made = append(seen, plotter.XY{X: float64(t), Y: s.Seen[t]}), append(made, plotter.XY{X: float64(t), Y: s.Survival[t]})
	}
	q := newPlot("months after the first order", "")
	q.Title.Text = "still there: seen (dots), by sorting (line)"
	q.Y.Tick.Marker, q.X.Tick.Marker = ticks{percent: true}, ticks{most: 6, whole: true}
	q.Add(grid(false, true), line(made, 2, rest), dots(seen, 3, blue, draw.CircleGlyph{}))
	q.Y.Min, q.Y.Max = 0, 1.02
	fig.Panels = [][]*plot.Plot{{p, q}}
	end := len(s.Survival) - 1
	fig.Title = fmt.Sprintf("After %s, %s were still there; if customers differ but none ever changes, %s would be", count(end, "month"), share(s.Seen[end]), share(s.Survival[end]))
	fig.describe("Still there after %s: %s seen, %s by sorting alone.", count(end, "month"), share(s.Seen[end]), share(s.Survival[end]))
	if s.Alpha+s.Beta > 1000 {
		fig.remark("Line: customers hardly differ in how readily they leave.")
		return fig, nil
	}
	fig.remark("Line: the shifted beta-geometric (alpha %s, beta %s). Those who leave readily leave first, so retention rises with time although no customer becomes more loyal.", sheet.Fixed(s.Alpha, 2), sheet.Fixed(s.Beta, 2))
	return fig, nil
}

func sum0(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}
