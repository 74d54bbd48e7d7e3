package chart

// An SVG canvas for pictures inside a page. It differs from gonum's vgsvg, which writes files: coordinates are pixels with
// the origin at the top left, runs of equal style share one group (a third of the size), every text carries its length (a
// browser's own font cannot make labels overlap), there is a title and a description, and no ids that could collide.

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/internal/inert"
)

// pixels per point, as in CSS.
const pixels = 96.0 / 72

// fonts of equal letter widths come first, so that text looks as it was measured.
const fontFamily = "'Liberation Sans',Arimo,Arial,Helvetica,sans-serif"

var errNotFinite = errors.New("something would be drawn at a position that is missing or infinite")

type svgCanvas struct {
	body   bytes.Buffer
	height float64 // pixels
	group  string  // attributes of the open group
	now    svgState
	stack  []svgState
	title  string // of the texts that follow, "" for none
	err    error
}

type svgState struct {
	at    affine
	color color.Color
	width vg.Length
	dash  []vg.Length
	shift vg.Length
}

// affine maps (x, y) to (a x + c y + e, b x + d y + f).
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) then(n affine) affine { // n first, then m
	return affine{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

var _ vg.CanvasSizer = (*sizedSVG)(nil)

// sizedSVG adds the size that gonum's draw.New asks for.
type sizedSVG struct {
	svgCanvas
	w, h vg.Length
}

func newSVG(w, h vg.Length) *sizedSVG {
	c := &sizedSVG{w: w, h: h}
	c.height = h.Points() * pixels
	c.now.at = affine{a: 1, d: 1}
	vg.Initialize(c)
	return c
}

func (c *sizedSVG) Size() (w, h vg.Length) { return c.w, c.h }

// fileStyle is that of a picture in a file of its own; pageStyle lets one inside a page fill its width, up to a size at which the
// picture's text is as large as the page's, and never be made so small that its text cannot be read: nb lets it scroll on a narrower
// page, and the shadow that says so shows through the white.
func fileStyle(vg.Length) string { return "max-width:100%;height:auto;background:#fff" }
func pageStyle(w vg.Length) string {
	px := w.Points() * pixels
	return fmt.Sprintf("width:100%%;min-width:%spx;max-width:%spx;height:auto;background:#fff;mix-blend-mode:multiply", decimal(.75*px), decimal(1.25*px))
}

// document returns the whole picture with its title and description, both as plain text.
func (c *sizedSVG) document(title, description, style string) ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	c.style("")
	w, h := decimal(c.w.Points()*pixels), decimal(c.height)
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="%s" width="%s" height="%s" viewBox="0 0 %s %s" `+
		`style="%s;font-family:%s">`+"\n", escape(title), w, h, w, h, style, fontFamily)
	fmt.Fprintf(&out, "<title>%s</title>\n<desc>%s</desc>\n", escape(title), escape(description))
	out.Write(c.body.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes(), nil
}

func (c *svgCanvas) SetLineWidth(w vg.Length)                  { c.now.width = w }
func (c *svgCanvas) SetLineDash(dash []vg.Length, s vg.Length) { c.now.dash, c.now.shift = dash, s }
func (c *svgCanvas) SetColor(clr color.Color)                  { c.now.color = clr }
func (c *svgCanvas) Push()                                     { c.stack = append(c.stack, c.now) }
func (c *svgCanvas) Pop() {
	c.now, c.stack = c.stack[len(c.stack)-1], c.stack[:len(c.stack)-1]
}

func (c *svgCanvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.now.at = c.now.at.then(affine{a: cos, b: sin, c: -sin, d: cos})
}

func (c *svgCanvas) Translate(p vg.Point) {
	c.now.at = c.now.at.then(affine{a: 1, d: 1, e: p.X.Points(), f: p.Y.Points()})
}

func (c *svgCanvas) Scale(x, y float64) { c.now.at = c.now.at.then(affine{a: x, d: y}) }

func (c *svgCanvas) Stroke(p vg.Path) {
	if c.now.width <= 0 {
		return
	}
	hex, opacity := paint(c.now.color)
	attributes := fmt.Sprintf(`fill="none" stroke="%s" stroke-width="%s"`, hex, decimal(c.now.width.Points()*pixels))
	if opacity != "" {
		attributes += fmt.Sprintf(` stroke-opacity="%s"`, opacity)
	}
	if len(c.now.dash) > 0 {
		var dash []string
		for _, d := range c.now.dash {
			dash = append(dash, decimal(d.Points()*pixels))
		}
		attributes += fmt.Sprintf(` stroke-dasharray="%s"`, strings.Join(dash, ","))
		if c.now.shift != 0 {
			attributes += fmt.Sprintf(` stroke-dashoffset="%s"`, decimal(c.now.shift.Points()*pixels))
		}
	}
	c.style(attributes)
	fmt.Fprintf(&c.body, "<path d=\"%s\"/>\n", c.path(p))
}

func (c *svgCanvas) Fill(p vg.Path) {
	hex, opacity := paint(c.now.color)
	attributes := fmt.Sprintf(`fill="%s"`, hex)
	if opacity != "" {
		attributes += fmt.Sprintf(` fill-opacity="%s"`, opacity)
	}
	c.style(attributes)
	if len(p) == 3 && p[0].Type == vg.MoveComp && p[1].Type == vg.ArcComp && math.Abs(p[1].Angle) >= 2*math.Pi && p[2].Type == vg.CloseComp {
		x, y := c.point(p[1].Pos)
		fmt.Fprintf(&c.body, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\"/>\n", decimal(x), decimal(y), decimal(c.length(p[1].Radius)))
		return
	}
	fmt.Fprintf(&c.body, "<path d=\"%s\"/>\n", c.path(p))
}

func (c *svgCanvas) FillString(face font.Face, pt vg.Point, s string) {
	if face.Font.Size <= 0 || strings.TrimSpace(s) == "" {
		return
	}
	hex, _ := paint(c.now.color)
	attributes := fmt.Sprintf(`font-size="%s" fill="%s"`, decimal(face.Font.Size.Points()*pixels), hex)
	if face.Font.Weight >= xfont.WeightBold {
		attributes += ` font-weight="bold"`
	}
	c.style(attributes)
	x, y := c.point(pt)
	turn := ""
	if m := c.now.at; m.b != 0 {
		turn = fmt.Sprintf(` transform="rotate(%s %s %s)"`, decimal(-math.Atan2(m.b, m.a)*180/math.Pi), decimal(x), decimal(y))
	}
	title := ""
	if c.title != "" {
		title = "<title>" + escape(c.title) + "</title>"
	}
	fmt.Fprintf(&c.body, "<text x=\"%s\" y=\"%s\" textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\"%s>%s%s</text>\n",
		decimal(x), decimal(y), decimal(widthOf(face, s).Points()*pixels), turn, title, escape(s))
}

// DrawImage embeds the image as PNG.
func (c *svgCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		c.err = err
		return
	}
	c.style("")
	x, y := c.point(vg.Point{X: r.Min.X, Y: r.Max.Y})
	fmt.Fprintf(&c.body, "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,%s\"/>\n",
		decimal(x), decimal(y), decimal(c.length(r.Size().X)), decimal(c.length(r.Size().Y)), base64.StdEncoding.EncodeToString(data.Bytes()))
}

// style makes sure that what follows stands in a group with these attributes; "" closes the open one.
func (c *svgCanvas) style(attributes string) {
	if attributes == c.group {
		return
	}
	if c.group != "" {
		c.body.WriteString("</g>\n")
	}
	if attributes != "" {
		c.body.WriteString("<g " + attributes + ">\n")
	}
	c.group = attributes
}

// point returns where p lies in the picture, in pixels from the top left.
func (c *svgCanvas) point(p vg.Point) (x, y float64) {
	m := c.now.at
	x, y = m.a*p.X.Points()+m.c*p.Y.Points()+m.e, m.b*p.X.Points()+m.d*p.Y.Points()+m.f
	x, y = x*pixels, c.height-y*pixels
	if math.IsNaN(x-x) || math.IsNaN(y-y) { // Inf - Inf is NaN too
		c.err = errNotFinite
	}
	return x, y
}

func (c *svgCanvas) length(l vg.Length) float64 {
	return l.Points() * pixels * math.Hypot(c.now.at.a, c.now.at.b)
}

// path returns the path's data: steps in tenths of a pixel from point to point, each rounded so that no error adds up.
func (c *svgCanvas) path(p vg.Path) string {
	b := pathData{}
	to := func(pt vg.Point) (x, y int) {
		px, py := c.point(pt)
		return int(math.Round(px * 10)), int(math.Round(py * 10))
	}
	for i, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			b.move(to(comp.Pos))
		case vg.LineComp:
			b.line(to(comp.Pos))
		case vg.ArcComp:
			on := func(angle float64) vg.Point {
				sin, cos := math.Sincos(angle)
				return vg.Point{X: comp.Pos.X + comp.Radius*vg.Length(cos), Y: comp.Pos.Y + comp.Radius*vg.Length(sin)}
			}
			if i == 0 {
				b.move(to(on(comp.Start)))
			} else {
				b.line(to(on(comp.Start)))
			}
			sweep := "0" // counter-clockwise: y grows upward in vg
			if comp.Angle < 0 {
				sweep = "1"
			}
			r := decimal(c.length(comp.Radius))
			for piece := 1.0; piece <= 3; piece++ { // SVG knows no arc that ends where it starts
				b.step("a"+r+","+r+" 0 0 "+sweep+" ", to, on(comp.Start+comp.Angle*piece/3))
			}
		case vg.CurveComp:
			b.step([]string{1: "q", 2: "c"}[len(comp.Control)], to, append(append([]vg.Point{}, comp.Control...), comp.Pos)...)
		case vg.CloseComp:
			b.close()
		}
	}
	return b.String()
}

// pathData writes the d attribute of a path.
type pathData struct {
	strings.Builder
	x, y   int // where the pen is, in tenths
	x0, y0 int // where the outline began
}

func tenths(v int) string { return decimal(float64(v) / 10) }

func (b *pathData) move(x, y int) {
	b.WriteString("M" + tenths(x) + "," + tenths(y))
	b.x, b.y, b.x0, b.y0 = x, y, x, y
}

func (b *pathData) line(x, y int) {
	switch dx, dy := x-b.x, y-b.y; {
	case dx == 0 && dy == 0:
		return
	case dy == 0:
		b.WriteString("h" + tenths(dx))
	case dx == 0:
		b.WriteString("v" + tenths(dy))
	default:
		b.WriteString("l" + tenths(dx) + "," + tenths(dy))
	}
	b.x, b.y = x, y
}

// step writes a command with its points, all relative to where the pen is, and moves the pen to the last.
func (b *pathData) step(command string, to func(vg.Point) (x, y int), points ...vg.Point) {
	b.WriteString(command)
	for i, pt := range points {
		x, y := to(pt)
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(tenths(x-b.x) + "," + tenths(y-b.y))
		if i == len(points)-1 {
			b.x, b.y = x, y
		}
	}
}

func (b *pathData) close() {
	b.WriteByte('z')
	b.x, b.y = b.x0, b.y0
}

// paint returns the colour as #rrggbb and its opacity, "" where it is solid.
func paint(clr color.Color) (hex, opacity string) {
	if clr == nil {
		clr = color.Black
	}
	n := color.NRGBAModel.Convert(clr).(color.NRGBA)
	if n.A < 255 {
		opacity = strconv.FormatFloat(float64(n.A)/255, 'f', 2, 64)
	}
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B), opacity
}

// decimal writes a number of pixels to a tenth.
func decimal(v float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// escape makes any text fit to stand in XML: characters that XML cannot hold become spaces.
func escape(s string) string { return escaper.Replace(cleaned(s, inert.Longest)) }
