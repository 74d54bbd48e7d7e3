package chart

// Arrows from the origin, with names that lie on nothing: neither on each other, nor on heads of arrows, nor on discs.

import (
	"image/color"
	"math"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/internal/pick"
)

type arrows struct {
	tips   []arrow
	around discs // whose places names keep clear of
}

type arrow struct {
	x, y float64
	name string
}

var _ plot.DataRanger = arrows{}

func (as arrows) DataRange() (xmin, xmax, ymin, ymax float64) {
	for _, a := range as.tips {
		xmin, xmax = min(xmin, a.x), max(xmax, a.x)
		ymin, ymax = min(ymin, a.y), max(ymax, a.y)
	}
	return
}

const headLength = vg.Length(6)

func (as arrows) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	origin := vg.Point{X: tx(0), Y: ty(0)}
	tips := make([]vg.Point, len(as.tips))
	for i, a := range as.tips {
		tips[i] = vg.Point{X: tx(a.x), Y: ty(a.y)}
	}
	for _, style := range []draw.LineStyle{{Color: color.White, Width: vg.Points(3)}, {Color: ink, Width: vg.Points(1.25)}} {
		for _, tip := range tips {
			c.StrokeLine2(style, origin.X, origin.Y, tip.X, tip.Y)
		}
	}
	for _, tip := range tips {
		if along, length := direction(origin, tip); length > 1 {
			back, side := tip.Sub(along.Scale(headLength)), vg.Point{X: -along.Y, Y: along.X}.Scale(headLength*0.4)
			c.FillPolygon(ink, []vg.Point{tip, back.Add(side), back.Sub(side)})
		}
	}
	at := as.places(c, p, origin, tips)
	for i, tip := range tips { // lines first: names lie on them
		near := nearestIn(at[i], tip)
		if math.Hypot(float64(near.X-tip.X), float64(near.Y-tip.Y)) > 8 && at[i] != (vg.Rectangle{}) {
			c.StrokeLine2(draw.LineStyle{Color: soft, Width: vg.Points(0.75)}, tip.X, tip.Y, near.X, near.Y)
		}
	}
	style := aligned(sans(small), draw.XLeft, draw.YBottom)
	for i, patch := range at {
		if patch == (vg.Rectangle{}) {
			continue
		}
		c.SetColor(color.NRGBA{0xFF, 0xFF, 0xFF, 0xE0})
		c.Fill(patch.Path())
		c.FillText(style, patch.Min.Add(vg.Point{X: 1, Y: 2}), as.tips[i].name)
	}
}

// places returns a patch of the page for each name: the nearest free one beyond the arrow's tip, longest arrows first. Where
// none is free it is empty, and the name is left to the figure's description.
func (as arrows) places(c draw.Canvas, p *plot.Plot, origin vg.Point, tips []vg.Point) []vg.Rectangle {
	var taken []vg.Rectangle
	_, discs := as.around.places(c, p)
	for _, at := range discs {
		taken = append(taken, around(at, discRadius, discRadius))
	}
	order := pick.All(len(tips))
	for _, tip := range tips {
		taken = append(taken, around(tip, 2, 2))
	}
	length := func(i int) float64 { _, l := direction(origin, tips[i]); return l }
	sort.SliceStable(order, func(a, b int) bool { return length(order[a]) > length(order[b]) })
	out := make([]vg.Rectangle, len(tips))
	for _, i := range order {
		size := sans(small).Rectangle(as.tips[i].name).Size()
		if at, ok := freePlace(c.Rectangle, taken, origin, tips[i], size.X/2+1, size.Y/2+1); ok {
			out[i] = at
			taken = append(taken, at)
		}
	}
	return out
}

// freePlace seeks a patch of half width w and half height h inside the page that touches none of those taken: first
// beyond the tip in the arrow's own direction, then turned away from it, then farther out.
func freePlace(page vg.Rectangle, taken []vg.Rectangle, origin, tip vg.Point, w, h vg.Length) (at vg.Rectangle, ok bool) {
	along, _ := direction(origin, tip)
	angle := math.Atan2(float64(along.Y), float64(along.X))
	for distance := vg.Length(4); distance < 240; distance += 5 {
		for turn := range 13 {
			sin, cos := math.Sincos(angle + float64((turn+1)/2)*math.Pi/12*float64(1-2*(turn%2)))
			reach := distance + vg.Length(math.Abs(cos))*w + vg.Length(math.Abs(sin))*h
			at = around(tip.Add(vg.Point{X: vg.Length(cos), Y: vg.Length(sin)}.Scale(reach)), w, h)
			free := at.Min.X >= page.Min.X && at.Max.X <= page.Max.X && at.Min.Y >= page.Min.Y && at.Max.Y <= page.Max.Y
			for _, o := range taken {
				free = free && !touch(at, o)
			}
			if free {
				return at, true
			}
		}
	}
	return vg.Rectangle{}, false
}

// touch reports whether two patches overlap.
func touch(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

func around(at vg.Point, w, h vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: at.X - w, Y: at.Y - h}, Max: vg.Point{X: at.X + w, Y: at.Y + h}}
}

// direction returns the way from one point to another, of length 1; to the right where they are the same.
func direction(from, to vg.Point) (along vg.Point, length float64) {
	d := to.Sub(from)
	length = math.Hypot(float64(d.X), float64(d.Y))
	if length < 1e-9 {
		return vg.Point{X: 1}, length
	}
	return d.Scale(vg.Length(1 / length)), length
}

// nearestIn returns the point of the patch that is nearest to p.
func nearestIn(r vg.Rectangle, p vg.Point) vg.Point {
	return vg.Point{X: max(r.Min.X, min(r.Max.X, p.X)), Y: max(r.Min.Y, min(r.Max.Y, p.Y))}
}
