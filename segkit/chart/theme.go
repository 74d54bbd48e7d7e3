package chart

// The theme: colours, type, axes and ticks of every chart.

import (
	"image/color"
	"math"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/sheet"
)

// Okabe and Ito's colours, and the greys for everything that is not data.
var (
	blue       = color.NRGBA{0x00, 0x72, 0xB2, 0xFF}
	orange     = color.NRGBA{0xE6, 0x9F, 0x00, 0xFF}
	green      = color.NRGBA{0x00, 0x9E, 0x73, 0xFF}
	vermillion = color.NRGBA{0xD5, 0x5E, 0x00, 0xFF}
	sky        = color.NRGBA{0x56, 0xB4, 0xE9, 0xFF}
	purple     = color.NRGBA{0xCC, 0x79, 0xA7, 0xFF}
	yellow     = color.NRGBA{0xF0, 0xE4, 0x42, 0xFF}
	black      = color.NRGBA{0x00, 0x00, 0x00, 0xFF}

	ink   = color.NRGBA{0x22, 0x22, 0x22, 0xFF} // text
	soft  = color.NRGBA{0x59, 0x59, 0x59, 0xFF} // notes, axis labels: contrast 7 to 1 on white
	rest  = color.NRGBA{0x99, 0x99, 0x99, 0xFF} // noise, everything beside the point
	band  = color.NRGBA{0xD9, 0xD9, 0xD9, 0xFF} // what chance would show
	faint = color.NRGBA{0xE8, 0xE8, 0xE8, 0xFF} // grid
)

// shades go from little to much, lighter to darker also where colour is lost.
var shades = [...]color.NRGBA{{0xE3, 0xEE, 0xF7, 0xFF}, {0xB0, 0xD0, 0xEA, 0xFF}, {0x72, 0xAB, 0xD8, 0xFF}, {0x2A, 0x73, 0xAE, 0xFF}, {0x0B, 0x47, 0x80, 0xFF}}

// palette is the order in which segments take the colours: strong ones first, yellow last.
var palette = [...]color.NRGBA{blue, orange, green, vermillion, sky, purple, black, yellow}

// more are the colours of further segments, from Tol's muted ones (2021, SRON/EPS/TN/09-002), without those that look like the first.
var more = [...]color.NRGBA{{0x33, 0x22, 0x88, 0xFF}, {0xDD, 0xCC, 0x77, 0xFF}, {0x44, 0xAA, 0x99, 0xFF}, {0x88, 0x22, 0x55, 0xFF},
	{0x99, 0x99, 0x33, 0xFF}, {0x66, 0x11, 0x00, 0xFF}, {0x88, 0xCC, 0xEE, 0xFF}, {0xAA, 0x44, 0x99, 0xFF}}

// Color returns the colour of the segment with the given label, the same one in every chart. Beyond sixteen segments,
// the colours repeat, and Shape and the written names distinguish them. Noise is grey.
func Color(label int) color.Color {
	switch round := label % (len(palette) + len(more)); {
	case label < 0:
		return rest
	case round < len(palette):
		return palette[round]
	default:
		return more[round-len(palette)]
	}
}

// against returns ink or white, whichever stands out from the colour.
func against(c color.Color) color.Color {
	if grey := color.GrayModel.Convert(c).(color.Gray); grey.Y < 0x80 {
		return color.White
	}
	return ink
}

// Shape returns the mark of the segment with the given label. Colour and shape together are unique up to 64 segments.
func Shape(label int) draw.GlyphDrawer {
	if label < 0 {
		return cross
	}
	return shapes[(label+label/len(shapes))%len(shapes)]
}

// Sizes of type, in points: 9 points are 12 pixels.
const (
	small = 9.0
	large = 12.0
)

// handler sets all text, at home in the fonts that come with gonum/plot.
var handler = setter{text.Plain{Fonts: font.DefaultCache}}

func sans(size float64) text.Style {
	return text.Style{Color: ink, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(size)}, Handler: handler}
}

func bold(size float64) text.Style {
	s := sans(size)
	s.Font.Weight = xfont.WeightBold
	return s
}

// toned returns the style in another colour.
func toned(s text.Style, c color.Color) text.Style { s.Color = c; return s }

// newPlot returns an empty plot in the theme, with axis labels x and y ("" for none).
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.TextHandler = handler
	p.Title.TextStyle, p.Title.Padding = bold(small), vg.Points(4)
	p.Title.TextStyle.XAlign, p.Title.TextStyle.YAlign = draw.XCenter, draw.YTop
	p.Legend.TextStyle, p.Legend.ThumbnailWidth, p.Legend.Padding = sans(small), vg.Points(14), vg.Points(2)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Label.TextStyle.Color, a.Label.TextStyle.Handler = sans(small).Font, soft, handler
		a.Label.Padding = vg.Points(3)
		a.Tick.Label.Font, a.Tick.Label.Color, a.Tick.Label.Handler = sans(small).Font, ink, handler
		a.Tick.Length, a.Padding = 0, vg.Points(2)
		a.LineStyle.Width, a.LineStyle.Color = vg.Points(0.75), rest
		a.Tick.Marker = ticks{}
	}
	p.X.Tick.Marker = ticks{room: 380}
	p.X.Label.Text, p.Y.Label.Text = x, y
	return p
}

// grid returns quiet lines at the ticks of the axes asked for.
func grid(vertical, horizontal bool) plot.Plotter {
	g := plotter.NewGrid()
	g.Vertical = draw.LineStyle{Color: faint, Width: vg.Points(0.75)}
	g.Horizontal = g.Vertical
	if !vertical {
		g.Vertical.Color = nil
	}
	if !horizontal {
		g.Horizontal.Color = nil
	}
	return g
}

// ticks places round numbers and writes them with thousands separators.
type ticks struct {
	most    int       // how many at most, 0 means 6
	room    vg.Length // width of a horizontal axis, where labels could collide; 0 means there is enough
	percent bool      // values are shares of 1
	whole   bool      // values are counts: no fractions
}

var _ plot.Ticker = ticks{}

// Ticks returns the multiples of 1, 2 or 5 times a power of ten that lie in the range: as many as have room side by side.
func (t ticks) Ticks(min, max float64) []plot.Tick {
	most := t.most
	if most == 0 {
		most = 6
	}
	marks := t.place(min, max, most)
	for ; most > 2 && t.room > 0; most-- {
		var width vg.Length
		for _, m := range marks {
			width += sans(small).Width(m.Label) + vg.Points(small)
		}
		if width <= t.room && legible(marks, t.room, func(v float64) float64 { return (v - min) / (max - min) }) {
			break
		}
		marks = t.place(min, max, most-1)
	}
	return marks
}

func (t ticks) place(min, max float64, most int) []plot.Tick {
	scale, suffix := 1.0, ""
	if t.percent {
		scale, suffix = 100, " %"
	}
	low, high := min*scale, max*scale
	if !(high > low) || math.IsInf(high-low, 0) {
		return nil
	}
	step := roundStep((high - low) / float64(most))
	for math.Floor(high/step)-math.Ceil(low/step)+1 > float64(most) {
		step = roundStep(step * 1.01)
	}
	if t.whole {
		step = math.Max(step, 1)
	}
	decimals := int(math.Max(0, -math.Floor(math.Log10(step)+1e-9)))
	var out []plot.Tick
	first := math.Ceil(low/step - 1e-9)
	for n := range most + 1 { // counted: beyond 2^53, first + 1 is first
		i := first + float64(n)
		if i*step > high+1e-9*step {
			break
		}
		label := sheet.Fixed(i*step, decimals) + suffix
		if decimals > 6 {
			label = sheet.Number(i * step)
		}
		out = append(out, plot.Tick{Value: i * step / scale, Label: label})
	}
	return out
}

// legible reports whether no two labels touch on an axis as long as room, along which a value lies at a share of the length.
func legible(marks []plot.Tick, room vg.Length, at func(v float64) float64) bool {
	for i, m := range marks[:max(0, len(marks)-1)] {
		next := marks[i+1]
		if (sans(small).Width(m.Label)+sans(small).Width(next.Label))/2+vg.Points(4) > room*vg.Length(at(next.Value)-at(m.Value)) {
			return false
		}
	}
	return true
}

// steps marks a logarithmic axis as long as room at powers of ten, and between them where there are fewer than three; labels that would touch are left out.
type steps struct{ room vg.Length }

func (s steps) Ticks(min, max float64) []plot.Tick {
	var out []plot.Tick
	for _, each := range [][]float64{{1}, {1, 3}, {1, 2, 5}} {
		out = out[:0]
		for base := math.Pow(10, math.Floor(math.Log10(min))); base <= max; base *= 10 {
			for _, m := range each {
				if v := m * base; v >= min && v <= max {
					out = append(out, plot.Tick{Value: v, Label: sheet.Number(v)})
				}
			}
		}
		if len(out) >= 3 {
			break
		}
	}
	for every := 1; ; every++ {
		var some []plot.Tick
		for i := 0; i < len(out); i += every {
			some = append(some, out[i])
		}
		if legible(some, s.room, func(v float64) float64 { return math.Log(v/min) / math.Log(max/min) }) {
			return some
		}
	}
}

// roundStep returns the smallest of 1, 2, 5 times a power of ten that is at least v.
func roundStep(v float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*base >= v {
			return m * base
		}
	}
	return 10 * base
}

// marked puts round numbers at the given places of an axis.
func marked(places ...float64) plot.Ticker {
	marks := make(plot.ConstantTicks, len(places))
	for i, v := range places {
		marks[i] = plot.Tick{Value: v, Label: sheet.Number(v)}
	}
	return marks
}

// named puts the given names at 0, 1, 2, … of an axis.
func named(names []string) plot.Ticker {
	marks := make(plot.ConstantTicks, len(names))
	for i, n := range names {
		marks[i] = plot.Tick{Value: float64(i), Label: n}
	}
	return marks
}

// class returns which of the shades a value takes, of equal parts of the range.
func class(v, low, high float64) int {
	n := len(shades)
	if !(high > low) {
		return n / 2
	}
	return max(0, min(n-1, int(math.Floor((v-low)/(high-low)*float64(n)))))
}

// tint goes from white to blue on the better side and to orange on the other, full at two standard deviations. Both ends
// are light enough for dark text (contrast 5 to 1 and more).
func tint(difference float64, lowerIsBetter bool) color.Color {
	if !finite(difference) {
		return color.NRGBA{0xF2, 0xF2, 0xF2, 0xFF}
	}
	if lowerIsBetter {
		difference = -difference
	}
	full := color.NRGBA{0x6B, 0xB3, 0xE3, 0xFF}
	if difference < 0 {
		full = color.NRGBA{0xF0, 0xA3, 0x4F, 0xFF}
	}
	t := math.Min(1, math.Abs(difference)/2)
	mix := func(c uint8) uint8 { return uint8(math.Round(0xFF + t*(float64(c)-0xFF))) }
	return color.NRGBA{mix(full.R), mix(full.G), mix(full.B), 0xFF}
}

// outline gives pale colours an edge on the white page.
func outline(label int) color.Color {
	if Color(label) == color.Color(yellow) {
		return rest
	}
	return nil
}

// widen leaves room at the ends of an axis, as a share of its range.
func widen(a *plot.Axis, by float64) {
	space := by * (a.Max - a.Min)
	if space == 0 {
		space = max(1, math.Abs(a.Max)/10)
	}
	a.Min, a.Max = a.Min-space, a.Max+space
}

// overK makes the horizontal axis one of numbers of segments.
func overK(p *plot.Plot, first, last int) {
	p.X.Tick.Marker = ticks{most: 10, whole: true}
	p.X.Min, p.X.Max = float64(first)-0.4, float64(last)+0.4
}
