package chart

// Week: when visits begin.

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// Hours is what weblog.Habits counts: how many visits begin in each hour, with a row for each day of the week, and the finding.
type Hours interface {
	Grid() (days, hours []string, visits [][]float64)
	Says() string
}

// Week draws the hours of the week, with a row for each day: the darker, the more visits begin then.
func Week(h Hours) (*Figure, error) {
	if h == nil {
		return nil, fault.Nil("chart.Week", "habits")
	}
	days, hours, visits := h.Grid()
	top := 0.0
	for _, row := range visits {
		for _, v := range row {
			top = max(top, v)
		}
	}
	if top == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Week: there are no visits")
	}
	fig := &Figure{Title: curled(h.Says())}
	fig.describe("Hours of the week; the darker, the more visits begin in them.")
	p := newPlot("hour of the day", "")
	p.Y.LineStyle.Width, p.X.LineStyle.Width, p.X.Padding, p.Y.Padding = 0, 0, 0, vg.Points(4)
	var cells rects
	var texts labels
	var names []string
	for d, day := range days {
		y := float64(len(days) - 1 - d)
		names = append([]string{day}, names...)
		busiest, all := 0, 0.0
		for t, v := range visits[d] {
			fill := shades[class(v, 0, top)]
			cells = append(cells, rect{float64(t), float64(t) + 1, y - 0.5, y + 0.5, fill, color.White})
			if all += v; v > visits[d][busiest] {
				busiest = t
			}
			if v == top && bold(small).Width(sheet.Count(int(v))) <= 18 { // the width of a cell
				texts = append(texts, label{x: float64(t) + 0.5, y: y, text: sheet.Count(int(v)), style: toned(aligned(bold(small), draw.XCenter, draw.YCenter), against(fill)), dy: drop})
			}
		}
		fig.describe("%s: %s visits, most between %s and %d.", day, sheet.Count(int(all)), hours[busiest], busiest+1)
	}
	p.Y.Tick.Marker, p.X.Tick.Marker = named(names), marked(0, 3, 6, 9, 12, 15, 18, 21, 24)
	p.Add(cells, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, float64(len(hours)), -0.5, float64(len(days))-0.5
	fig.remark("Five shades in equal steps; the darkest hour has %s.", count(int(top), "visit"))
	fig.Panels = panel(p)
	fig.Height = fig.besidePanels() + vg.Length(len(days))*24 + 50
	return fig, nil
}
