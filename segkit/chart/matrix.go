package chart

// A matrix of cells with a text of two lines each, under turned or straight headings: what the pictures of baskets share.

import (
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// matrix is rows by columns; an empty cell stays white.
type matrix struct {
	rows, columns []string
	cells         [][]matrixCell
	tallest       vg.Length // of a row; 0 is one line of text
	names         vg.Length // room for the names of the rows
}

type matrixCell struct {
	above, below string // bold, and small beneath it; below may be empty
	fill         color.Color
}

// drawMatrix makes m the only panel of the figure and gives that its size, by its title and note: set these before.
func (f *Figure) drawMatrix(m matrix) {
	k, d := len(m.columns), len(m.rows)
	cell := min(widestColumn, (defaultWidth-2*margin-m.names-8)/vg.Length(k))
	f.Width = max(4.5*vg.Inch, m.names+cell*vg.Length(k)+2*margin+8)
	var cells rects
	var texts labels
	names := make([]string, d)
	for i, row := range m.cells {
		y := float64(d - 1 - i)
		names[d-1-i] = set(sans(small), m.rows[i], m.names-8)
		for j, c := range row {
			if c.fill == nil {
				c.fill = color.NRGBA{0xFA, 0xFA, 0xFA, 0xFF}
			}
			cells = append(cells, rect{float64(j) - 0.5, float64(j) + 0.5, y - 0.5, y + 0.5, c.fill, color.White})
			up := vg.Length(0)
			if c.below != "" {
				up = 7
				texts = append(texts, label{x: float64(j), y: y, text: c.below, style: toned(aligned(sans(small), draw.XCenter, draw.YCenter), against(c.fill)), dy: drop - up})
			}
			texts = append(texts, label{x: float64(j), y: y, text: c.above, style: toned(aligned(bold(small), draw.XCenter, draw.YCenter), against(c.fill)), dy: drop + up})
		}
	}
	above, tall := headings(m.columns, cell, float64(d)-0.5)
	f.Panels = panel(gridOf(names, k, cells, texts, above))
	f.Height = f.besidePanels() + vg.Length(d)*roomFor(names, max(m.tallest, 18)) + tall + 16
}

// headings sets names above columns of the given width, turned where they have no room side by side; a second line stays whole.
func headings(names []string, cell vg.Length, y float64) (out labels, tall vg.Length) {
	straight := cell >= 48
	for _, name := range names {
		name, below, _ := strings.Cut(name, "\n")
		_, whole := wrapWords(bold(small), name, cell-4, 4)
		straight = straight && bold(small).Width(below) <= cell-2 && whole
	}
	turned := max(1, min(nameLines, int(cell/vg.Points(small*lineHeight)))) // lines that stand side by side
	long := min(200, rowNames*nameLines/vg.Length(turned))
	for x, name := range names {
		name, below, _ := strings.Cut(name, "\n")
		head := label{x: float64(x), y: y, style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 4}
		if straight {
			head.text = strings.TrimSpace(wrap(bold(small), name, cell-4, 4) + "\n" + below)
		} else {
			head.text = strings.TrimSpace(setIn(turned, bold(small), name, long) + " " + below)
			head.style.Rotation = math.Pi / 2
			head.style.XAlign, head.style.YAlign = draw.XLeft, draw.YCenter
		}
		tall = max(tall, head.style.Rectangle(head.text).Size().Y)
		out = append(out, head)
	}
	return out, tall
}

// gridOf is a plot of cells, each 1 wide and high, in rows with these names, from below, and so many columns.
func gridOf(names []string, columns int, marks ...plot.Plotter) *plot.Plot {
	p := newPlot("", "")
	p.HideX()
	p.Y.LineStyle.Width, p.X.Padding, p.Y.Padding = 0, 0, vg.Points(4)
	p.Y.Tick.Marker = named(names)
	p.Add(marks...)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(columns)-0.5, -0.5, float64(len(names))-0.5
	return p
}
