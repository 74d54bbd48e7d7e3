package chart

// Confusion: which segment is taken for which, on customers that were held out.

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/sheet"
)

// Confusion draws a row for each true segment and a column for each predicted segment: how many of the row's customers are assigned
// to it, and their share of the row. Correct predictions are on the diagonal, framed.
func Confusion(r *predict.Report) (*Figure, error) {
	if r == nil {
		return nil, fault.Nil("chart.Confusion", "report")
	}
	names, k := r.Classifier.Names, len(r.Confusion)
	if k == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Confusion: the report has no segment")
	}
	fig := &Figure{Title: confusionTitle(r)}
	cell := min(widestColumn, (defaultWidth-2*margin-traitNames-8)/vg.Length(k))
	fig.Width = max(4.5*vg.Inch, traitNames+cell*vg.Length(k)+2*margin+8)
	fig.describe("Table of true segments (rows) by named segments (columns).")
	var cells, right rects
	var texts labels
	rows, heads := make([]string, k), make([]string, k)
	for l, row := range r.Confusion {
		y, all := float64(k-1-l), 0.0
		for _, n := range row {
			all += n
		}
		rows[k-1-l] = set(sans(small), segment(names, l), traitNames-6)
		heads[l] = segment(names, l) + "\n" + sheet.Count(r.Each[l].Named)
		var told []string
		for m, n := range row {
			x := float64(m)
			fill, said := color.Color(color.White), "0"
			if n > 0 {
				v := n / all
				fill, said = shades[class(v, 0, 1)], sheet.Number(n)
				if cell >= 48 {
					said += "\n" + share(v)
				}
				told = append(told, fmt.Sprintf("%s as %s", sheet.Number(n), segment(names, m)))
			}
			at := rect{x - 0.5, x + 0.5, y - 0.5, y + 0.5, fill, color.White}
			cells = append(cells, at)
			if l == m {
				at.edge, at.fill = ink, color.Transparent
				right = append(right, at)
			}
			texts = append(texts, label{x: x, y: y, text: said, style: aligned(toned(sans(small), against(fill)), draw.XCenter, draw.YCenter), dy: drop})
		}
		if told == nil {
			told = []string{"no customer"}
		}
		fig.describe("%s: %s.", segment(names, l), strings.Join(told, ", "))
	}
	above, tall := headings(heads, cell, float64(k)-0.5)
	fig.Panels = panel(gridOf(rows, k, cells, right, texts, above))
	fig.remark("Rows: the true segment. Columns: the named segment, with how often it is named. Framed: correct. Shades: share of the row.")
	fig.Height = fig.besidePanels() + vg.Length(k)*36 + tall + 16
	return fig, nil
}

// confusionTitle says how many are right, and which segment is most often taken for which.
func confusionTitle(r *predict.Report) string {
	title := fmt.Sprintf("%s names %s of %s correctly", wording.TypeName(r.Classifier.Predictor), share(r.Accuracy().Value), count(r.Customers, "customer"))
	from, to, most := 0, 0, 0.0
	for l, row := range r.Confusion {
		for m, n := range row {
			if l != m && n > most {
				from, to, most = l, m, n
			}
		}
	}
	if most == 0 {
		return title
	}
	names := r.Classifier.Names
	return fmt.Sprintf("%s; %s is most often taken for %s (%s)", title, called(names, from), called(names, to), sheet.Number(most))
}
