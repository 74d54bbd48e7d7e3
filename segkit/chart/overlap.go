package chart

// Overlap: which rules of a rule book claim the same customers, and which customers each one gets.

import (
	"image/color"
	"slices"
	"sort"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// mostOverlapping rules have room side by side; where there are more, those are drawn that overlap most.
const mostOverlapping = 16

// Overlap draws what the linter of a rule book has counted: a heat map of rules, whose cells say what percentage of those who
// meet a rule (row) an earlier rule (column) also claims. Beside it are bars for those who meet the rule, coloured for the part
// that it gets. It counts customers, or cells if the linter had no table.
func Overlap(l *rulebook.Lint) (*Figure, error) {
	if l == nil {
		return nil, fault.Nil("chart.Overlap", "lint")
	}
	counts, noun := l.Customers, "customer"
	if counts.N == 0 {
		counts, noun = l.Cells, "cell"
	}
	if counts.N == 0 || len(l.Book.Rules) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Overlap: nothing was counted")
	}
	shown := overlapping(counts)
	d := len(shown)
	const names, bars, said = vg.Length(140), vg.Length(80), vg.Length(85) // room beside the cells
	cell := min(vg.Length(34), (defaultWidth-2*margin-names-bars-said)/vg.Length(d))
	fig := &Figure{Title: capital(curled(l.Sheet().Caption)), Width: max(5*vg.Inch, names+cell*vg.Length(d)+bars+said+2*margin)}
	fig.describe("Heat map of %s and bars of how many each takes.", count(d, "rule"))
	p := newPlot("", "")
	p.HideX()
	p.Y.LineStyle.Width = 0

	var cells rects
	var texts labels
	rows := make([]string, d+1) // from below
	rows[0] = "none of them"
	for row, i := range shown {
		y, number := float64(d-row), strconv.Itoa(i+1)
		rows[d-row] = set(sans(small), clean(l.Book.Rules[i].Name), names-30) + "  " + number
		texts = append(texts, label{x: float64(row), y: float64(d) + 0.5, text: number,
			style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 3})
		for column, j := range shown[:row] {
			both, fill := counts.Both[i][j], color.Color(faint)
			if both > 0 {
				v := float64(both) / float64(counts.Holds[i])
				fill = shades[class(v, 0, 1)]
				texts = append(texts, label{x: float64(column), y: y, text: sheet.Fixed(max(1, 100*v), 0),
					style: toned(aligned(sans(small), draw.XCenter, draw.YCenter), against(fill)), dy: drop})
				fig.describe("Rules %d and %d share %s.", j+1, i+1, count(both, noun))
			}
			cells = append(cells, rect{float64(column) - 0.5, float64(column) + 0.5, y - 0.5, y + 0.5, fill, color.White})
		}
	}
	p.Y.Tick.Marker = named(rows)
	taken, words, end := takes(l.Book, counts, shown, float64(d)-0.2, float64(bars/cell))
	p.Add(cells, taken, texts, words)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, end, -0.5, float64(d)+0.5
	fig.Panels = panel(p)
	fig.remark("Cells: of 100 %ss that fit the rule (row), how many fit the earlier rule (column) too. Bars: how many fit it, coloured as far "+
		"as it takes them.", noun)
	if left := len(l.Book.Rules) - d; left > 0 {
		fig.remark("%s with less overlap not drawn.", count(left, "rule"))
	}
	fig.Height = fig.besidePanels() + vg.Length(d+1)*roomFor(rows, 22) + 24
	return fig, nil
}

// takes draws a bar per rule, the first at the top, and one for those that no rule takes: from x on, the longest as wide as given.
func takes(b rulebook.Book, c rulebook.RuleCounts, shown []int, x, wide float64) (bars rects, words labels, end float64) {
	longest := max(1, c.None)
	for _, i := range shown {
		longest = max(longest, c.Holds[i])
	}
	at := func(n int) float64 { return x + wide*float64(n)/float64(longest) }
	end = at(longest)
	bar := func(y float64, holds, gets, label int, said string) {
		bars = append(bars, rect{x, at(gets), y - 0.32, y + 0.32, Color(label), nil}, rect{at(gets), at(holds), y - 0.32, y + 0.32, band, nil})
		words = append(words, beside(end, y, said, sans(small)))
	}
	segments := segmentsOf(b)
	for row, i := range shown {
		said := sheet.Count(c.Takes[i])
		if c.Takes[i] < c.Holds[i] {
			said += " of " + sheet.Count(c.Holds[i])
		}
		bar(float64(len(shown)-row), c.Holds[i], c.Takes[i], segments[i], said)
	}
	bar(0, c.None, 0, table.Noise, sheet.Count(c.None))
	return bars, words, end
}

// overlapping returns the rules to draw, in their order.
func overlapping(c rulebook.RuleCounts) []int {
	order := pick.All(len(c.Holds))
	shared := make([]int, len(order))
	for i := range order {
		for j, both := range c.Both[i] {
			if i != j {
				shared[i] += both
			}
		}
	}
	if len(order) > mostOverlapping {
		sort.SliceStable(order, func(a, b int) bool { return shared[order[a]] > shared[order[b]] })
		order = order[:mostOverlapping]
		slices.Sort(order)
	}
	return order
}

// segmentsOf returns the label that Book.Assign gives to the customers of each rule.
func segmentsOf(b rulebook.Book) []int {
	var names []string
	labels := make([]int, len(b.Rules))
	for i, rule := range b.Rules {
		l := slices.Index(names, rule.Name)
		if l < 0 {
			l, names = len(names), append(names, rule.Name)
		}
		labels[i] = l
	}
	return labels
}
