package chart

// Marks that gonum/plot does not have: bars that lie, text that is never cut off.

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// rects are filled rectangles in data coordinates: bars, histogram bins, cells of a heat map.
type rects []rect

type rect struct {
	x0, x1, y0, y1 float64
	fill           color.Color
	edge           color.Color // nil for none
}

var _ plot.DataRanger = rects(nil)

func (rs rects) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	outline := func(r rect) []vg.Point {
		return []vg.Point{{X: tx(r.x0), Y: ty(r.y0)}, {X: tx(r.x1), Y: ty(r.y0)}, {X: tx(r.x1), Y: ty(r.y1)}, {X: tx(r.x0), Y: ty(r.y1)}}
	}
	for _, r := range rs {
		c.FillPolygon(r.fill, outline(r))
	}
	for _, r := range rs { // edges after all fills: fewer changes of style make a smaller SVG
		if r.edge != nil {
			corners := outline(r)
			c.StrokeLines(draw.LineStyle{Color: r.edge, Width: vg.Points(0.75)}, append(corners, corners[0]))
		}
	}
}

func (rs rects) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, r := range rs {
		xmin, xmax = min(xmin, r.x0, r.x1), max(xmax, r.x0, r.x1)
		ymin, ymax = min(ymin, r.y0, r.y1), max(ymax, r.y0, r.y1)
	}
	return
}

// labels are texts at data coordinates. The plot makes room for them, so that they stay inside the picture.
type labels []label

type label struct {
	x, y   float64
	text   string
	style  text.Style
	dx, dy vg.Length // shift on the page
	halo   bool      // on a white patch, above lines and points
}

var _ plot.GlyphBoxer = labels(nil)

func (ls labels) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for _, l := range ls {
		at := vg.Point{X: tx(l.x) + l.dx, Y: ty(l.y) + l.dy}
		if l.halo {
			c.SetColor(color.NRGBA{0xFF, 0xFF, 0xFF, 0xD8})
			c.Fill(l.style.Rectangle(l.text).Add(at).Path())
		}
		c.FillText(l.style, at, l.text)
	}
}

func (ls labels) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	var boxes []plot.GlyphBox
	for _, l := range ls {
		if l.text == "" {
			continue
		}
		boxes = append(boxes, plot.GlyphBox{X: p.X.Norm(l.x), Y: p.Y.Norm(l.y),
			Rectangle: l.style.Rectangle(l.text).Add(vg.Point{X: l.dx, Y: l.dy})})
	}
	return boxes
}

// fit reports whether every text is narrower than the cell it stands in.
func (ls labels) fit(cell vg.Length) bool {
	for _, l := range ls {
		if l.style.Width(l.text) > cell-2 {
			return false
		}
	}
	return true
}

// drop lowers the middle of a line's box to the middle of its letters, as gonum does for ticks.
const drop = vg.Length(1.5)

// beside sets text to the right of a point, in the middle of its height.
func beside(x, y float64, s string, style text.Style) label {
	return label{x: x, y: y, text: s, style: aligned(style, draw.XLeft, draw.YCenter), dx: 4, dy: drop}
}

// headed sets a heading above the middle of the data; a plot's own title stands above the middle of data and labels. The ranges of
// the axes must be set.
func headed(p *plot.Plot, s string) {
	middle := (p.X.Min + p.X.Max) / 2
	if _, logarithmic := p.X.Scale.(plot.LogScale); logarithmic {
		middle = math.Sqrt(p.X.Min * p.X.Max)
	}
	p.Add(labels{{x: middle, y: p.Y.Max, text: s, style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 3}})
}

// aligned returns the style with other anchors.
func aligned(s text.Style, x draw.XAlignment, y draw.YAlignment) text.Style {
	s.XAlign, s.YAlign = x, y
	return s
}

// line returns a line through the points; they must be finite.
func line(points plotter.XYs, width float64, c color.Color, dashes ...vg.Length) *plotter.Line {
	return &plotter.Line{XYs: points, LineStyle: draw.LineStyle{Color: c, Width: vg.Points(width), Dashes: dashes}}
}

// area fills the polygon through the points.
func area(points plotter.XYs, c color.Color) *plotter.Polygon {
	return &plotter.Polygon{XYs: []plotter.XYs{points}, Color: c}
}

// dots marks the points.
func dots(points plotter.XYs, radius float64, c color.Color, shape draw.GlyphDrawer) *plotter.Scatter {
	return &plotter.Scatter{XYs: points, GlyphStyle: draw.GlyphStyle{Color: c, Radius: vg.Points(radius), Shape: shape}}
}

// thin drops points that lie within a hair's breadth of the last one kept: a curve of 500,000 customers needs a few hundred.
func thin(points plotter.XYs) plotter.XYs {
	if len(points) < 3 {
		return points
	}
	xmin, xmax, ymin, ymax := plotter.XYRange(points)
	near := func(a, b plotter.XY) bool {
		return math.Abs(a.X-b.X) <= (xmax-xmin)/400 && math.Abs(a.Y-b.Y) <= (ymax-ymin)/400
	}
	out := plotter.XYs{points[0]}
	for _, p := range points[1 : len(points)-1] {
		if !near(p, out[len(out)-1]) {
			out = append(out, p)
		}
	}
	return append(out, points[len(points)-1])
}

// ribbon fills what lies between two curves over the same x.
func ribbon(low, high plotter.XYs) *plotter.Polygon {
	around := append(plotter.XYs{}, low...)
	for i := len(high) - 1; i >= 0; i-- {
		around = append(around, high[i])
	}
	return area(around, band)
}

// stepsAt go from 1 at 0 and fall at the times to the values.
func stepsAt(times, values []float64) plotter.XYs {
	out := plotter.XYs{{X: 0, Y: 1}}
	for d, v := range values {
		out = append(out, plotter.XY{X: times[d], Y: out[len(out)-1].Y}, plotter.XY{X: times[d], Y: v})
	}
	return out
}
