package chart

// Glyphs: the marks of segments, distinct in shape and weight also where colour is lost, and the swatches of legends.

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// solid is a filled polygon; corners are multiples of the radius.
type solid []vg.Point

func (s solid) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	corners := make([]vg.Point, len(s))
	for i, p := range s {
		corners[i] = at.Add(p.Scale(style.Radius))
	}
	c.FillPolygon(style.Color, corners)
}

// strokes are lines between pairs of points, in multiples of the radius.
type strokes []vg.Point

func (s strokes) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	for i := 0; i+1 < len(s); i += 2 {
		from, to := at.Add(s[i].Scale(style.Radius)), at.Add(s[i+1].Scale(style.Radius))
		c.StrokeLine2(draw.LineStyle{Color: style.Color, Width: style.Radius * 0.6}, from.X, from.Y, to.X, to.Y)
	}
}

// ring is an open circle with a line as heavy as that of strokes.
type ring struct{}

func (ring) DrawGlyph(c *draw.Canvas, style draw.GlyphStyle, at vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: style.Radius * 0.5})
	var p vg.Path
	p.Move(vg.Point{X: at.X + style.Radius*0.9, Y: at.Y})
	p.Arc(at, style.Radius*0.9, 0, 2*math.Pi)
	p.Close()
	c.Stroke(p)
}

var (
	square   = solid{{X: -.9, Y: -.9}, {X: .9, Y: -.9}, {X: .9, Y: .9}, {X: -.9, Y: .9}}
	triangle = solid{{X: -1.1, Y: -.8}, {X: 1.1, Y: -.8}, {X: 0, Y: 1.2}}
	wedge    = solid{{X: -1.1, Y: .8}, {X: 1.1, Y: .8}, {X: 0, Y: -1.2}}
	diamond  = solid{{X: -1.3, Y: 0}, {X: 0, Y: -1.3}, {X: 1.3, Y: 0}, {X: 0, Y: 1.3}}
	cross    = strokes{{X: -1, Y: -1}, {X: 1, Y: 1}, {X: -1, Y: 1}, {X: 1, Y: -1}}
	dash     = strokes{{X: -1.2}, {X: 1.2}}
	tick     = strokes{{X: -1, Y: -.1}, {X: -.25, Y: -.9}, {X: -.25, Y: -.9}, {X: 1.1, Y: 1}}
	plus     = strokes{{X: -1.2}, {X: 1.2}, {Y: -1.2}, {Y: 1.2}}
)

var shapes = [...]draw.GlyphDrawer{draw.CircleGlyph{}, square, triangle, cross, ring{}, diamond, plus, wedge}

// discs are numbers on white discs, moved apart where they would hide each other; a line leads to where they belong.
type discs []disc

type disc struct {
	x, y float64
	text string
}

var _ plot.Plotter = discs(nil)

const discRadius = vg.Length(7.5)

// places returns where on the page the discs belong and where they stand.
func (ds discs) places(c draw.Canvas, p *plot.Plot) (home, at []vg.Point) {
	tx, ty := p.Transforms(&c)
	home = make([]vg.Point, len(ds))
	for i, d := range ds {
		home[i] = vg.Point{X: tx(d.x), Y: ty(d.y)}
	}
	in := c.Rectangle
	in.Min, in.Max = in.Min.Add(vg.Point{X: discRadius, Y: discRadius}), in.Max.Sub(vg.Point{X: discRadius, Y: discRadius})
	return home, apart(home, 2*discRadius+1, in)
}

func (ds discs) Plot(c draw.Canvas, p *plot.Plot) {
	home, at := ds.places(c, p)
	for i := range ds {
		if from, to := home[i], at[i]; math.Hypot(float64(to.X-from.X), float64(to.Y-from.Y)) > float64(discRadius) {
			c.StrokeLine2(draw.LineStyle{Color: ink, Width: vg.Points(1)}, from.X, from.Y, to.X, to.Y)
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: ink, Radius: vg.Points(2), Shape: draw.CircleGlyph{}}, from)
		}
	}
	style := aligned(bold(small), draw.XCenter, draw.YCenter)
	for i, d := range ds {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: color.White, Radius: discRadius, Shape: draw.CircleGlyph{}}, at[i])
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: ink, Radius: discRadius, Shape: draw.RingGlyph{}}, at[i])
		c.FillText(style, at[i].Add(vg.Point{Y: drop}), d.text)
	}
}

// apart pushes points away from each other, in equal parts, until all are at least the given distance apart; they stay in the rectangle.
func apart(home []vg.Point, distance vg.Length, in vg.Rectangle) []vg.Point {
	at := append([]vg.Point(nil), home...)
	for range 200 {
		moved := false
		for i := range at {
			at[i] = nearestIn(in, at[i])
		}
		for i := range at {
			for j := range i {
				dx, dy := float64(at[i].X-at[j].X), float64(at[i].Y-at[j].Y)
				r := math.Hypot(dx, dy)
				if r >= float64(distance)-0.01 {
					continue
				}
				if r < 1e-6 || math.Abs(dy) < 1e-3*math.Abs(dx) { // in a row: give way upward and downward too
					angle := float64(i) * 2.4
					dx, dy = dx+0.5*math.Cos(angle), dy+0.5*math.Sin(angle)
					r = math.Hypot(dx, dy)
				}
				push := vg.Length((float64(distance) - r) / 2 / r)
				step := vg.Point{X: vg.Length(dx), Y: vg.Length(dy)}.Scale(push)
				at[i], at[j], moved = at[i].Add(step), at[j].Sub(step), true
			}
		}
		if !moved {
			break
		}
	}
	return at
}

// swatch is a patch of colour in a legend; swatches shows the first colours of several segments, for "the coloured bar".
type swatch struct{ fill color.Color }

func (s swatch) Thumbnail(c *draw.Canvas) {
	c.SetColor(s.fill)
	c.Fill(middle(c).Path())
}

type swatches []int

func (s swatches) Thumbnail(c *draw.Canvas) {
	r := middle(c)
	n := min(3, len(s))
	step := r.Size().X / vg.Length(n)
	for i := range n {
		part := r
		part.Min.X = r.Min.X + vg.Length(i)*step
		part.Max.X = part.Min.X + step
		c.SetColor(Color(s[i]))
		c.Fill(part.Path())
	}
}

func middle(c *draw.Canvas) vg.Rectangle {
	r := c.Rectangle
	h := r.Size().Y
	r.Min.Y, r.Max.Y = r.Min.Y+h*0.15, r.Max.Y-h*0.15
	return r
}

// roundSwatch is a disc of colour in a legend.
type roundSwatch struct{ fill color.Color }

func (d roundSwatch) Thumbnail(c *draw.Canvas) {
	radius := min(c.Max.X-c.Min.X, c.Max.Y-c.Min.Y) / 2
	c.DrawGlyph(draw.GlyphStyle{Color: d.fill, Radius: radius, Shape: draw.CircleGlyph{}}, vg.Point{X: c.Max.X - radius, Y: (c.Min.Y + c.Max.Y) / 2})
}

var _ = []plot.Thumbnailer{swatch{}, swatches{}}
