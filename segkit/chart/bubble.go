package chart

// Bubble: segments by how attractive they are and what they are like, as large as they are (Dolnicar, Grün & Leisch 2018,
// doi:10.1007/978-981-10-8818-6, chapter 10).

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// Bubble draws each segment of a profile as a disc, positioned by its medians of two columns, with an area in proportion to a third (its
// share of the sum, for a column with role Value). The name "" means the share of customers.
func Bubble(p *describe.Profile, x, y, size string) (*Figure, error) {
	if p == nil {
		return nil, fault.Nil("chart.Bubble", "profile")
	}
	across, err := scaleOf(p, "Bubble", x, false)
	if err != nil {
		return nil, err
	}
	up, err := scaleOf(p, "Bubble", y, false)
	if err != nil {
		return nil, err
	}
	large, err := scaleOf(p, "Bubble", size, true)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(p.Segments))
	for l, s := range p.Segments {
		names[l] = s.Name
	}
	var bs bubbles // by label
	largest := 0.0
	for l := range p.Segments {
		b := bubble{x: across.values[l], y: up.values[l], size: large.values[l], label: l, name: segment(names, l)}
		if b.size < 0 {
			return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.Bubble: %s of %s is %s, and a disc cannot be smaller than nothing: choose another size",
				large.name, called(names, l), sheet.Number(b.size))
		}
		if finite(b.x) && finite(b.y) && finite(b.size) && p.Segments[l].Size > 0 {
			bs, largest = append(bs, b), max(largest, b.size)
		}
	}
	if len(bs) == 0 || largest == 0 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.Bubble: no segment has a position and a size")
	}
	fig := &Figure{Height: 4.8 * vg.Inch}
	pl := newPlot(across.axis, up.axis)
	pl.X.Tick.Marker, pl.Y.Tick.Marker = ticks{room: 320, percent: across.share}, ticks{percent: up.share}
	fig.describe("Discs of segments by %s and %s.", across.name, up.name)
	for _, b := range bs {
		fig.describe("%s: %s, %s; size %s.", b.name, across.write(b.x), up.write(b.y), large.write(b.size))
	}
	bs.addTo(pl)
	fig.Panels = panel(pl)
	top := bs[0]
	fig.Title = fmt.Sprintf("Largest by %s is %s (%s): %s %s, %s %s", large.name, called(names, top.label), large.write(top.size),
		across.name, across.write(top.x), up.name, up.write(top.y))
	fig.remark("Area: %s.", large.name)
	return fig, nil
}

// scale is one number per segment, with how it is written.
type scale struct {
	name, axis string
	share      bool
	unit       string
	values     []float64 // (k)
}

func (s scale) write(v float64) string {
	if s.share {
		return share(v)
	}
	return amount(v, s.unit)
}

// scaleOf reads a column of the profile, or the share of customers for ""; sums asks for the share in the sum of a value column.
func scaleOf(p *describe.Profile, op, column string, sums bool) (scale, error) {
	if column == "" {
		s := scale{name: "share of customers", axis: "share of customers", share: true}
		for _, g := range p.Segments {
			s.values = append(s.values, g.Share)
		}
		return s, nil
	}
	for v, name := range p.ValueColumns {
		if sums && name == column {
			s := scale{name: "share of " + short(clean(name)), share: true}
			for _, g := range p.Segments {
				s.values = append(s.values, g.ValueShare[v])
			}
			return s, nil
		}
	}
	for j, c := range p.Columns {
		if c.Name != column {
			continue
		}
		if c.Categorical() {
			return scale{}, fault.Errorf(fault.ErrSchema, "segkit: chart.%s: column %q holds %d levels, not numbers", op, column, len(c.Levels))
		}
		word := "median "
		if p.Scale[j].ByMean {
			word = "mean "
		}
		s := scale{name: word + short(clean(c.Name)), axis: word + clean(c.Label()), unit: c.Unit}
		for _, g := range p.Segments {
			v := g.Stats[j].Median
			if p.Scale[j].ByMean {
				v = g.Stats[j].Mean
			}
			s.values = append(s.values, v)
		}
		return s, nil
	}
	return scale{}, fault.Errorf(fault.ErrMissingColumn, "segkit: chart.%s: the profile has no column %q", op, column)
}

const largestBubble = vg.Length(26) // radius

// addTo draws the discs, given by label, with a legend of their names, and leaves room around them. It sorts them, the largest first: small ones lie on top.
func (bs bubbles) addTo(p *plot.Plot) {
	largest := 0.0
	for _, b := range bs {
		largest = max(largest, b.size)
		p.Legend.Add(fmt.Sprintf("%d %s", b.label+1, setInLegend(b.name)), roundSwatch{Color(b.label)})
	}
	for i := range bs {
		bs[i].radius = largestBubble * vg.Length(math.Sqrt(bs[i].size/largest))
	}
	sort.SliceStable(bs, func(a, b int) bool { return bs[a].size > bs[b].size })
	p.Add(grid(true, true), bs)
	widen(&p.X, 0.12)
	widen(&p.Y, 0.15)
}

// bubbles are discs with numbers, largest first.
type bubbles []bubble

type bubble struct {
	x, y, size float64
	radius     vg.Length
	label      int
	name       string
}

func (bs bubbles) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, b := range bs {
		xmin, xmax, ymin, ymax = min(xmin, b.x), max(xmax, b.x), min(ymin, b.y), max(ymax, b.y)
	}
	return
}

func (bs bubbles) GlyphBoxes(p *plot.Plot) (boxes []plot.GlyphBox) {
	for _, b := range bs {
		boxes = append(boxes, plot.GlyphBox{X: p.X.Norm(b.x), Y: p.Y.Norm(b.y), Rectangle: around(vg.Point{}, b.radius, b.radius)})
	}
	return boxes
}

func (bs bubbles) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	at := make([]vg.Point, len(bs))
	taken := make([]vg.Rectangle, len(bs)) // the discs, and then numbers beside them
	for i, b := range bs {
		at[i] = vg.Point{X: tx(b.x), Y: ty(b.y)}
		fill := color.NRGBAModel.Convert(Color(b.label)).(color.NRGBA)
		fill.A = 0xA0
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: fill, Radius: b.radius, Shape: draw.CircleGlyph{}}, at[i])
		taken[i] = around(at[i], b.radius, b.radius)
	}
	for i, b := range bs { // behind all discs, so that none hides the edge of another
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: ink, Radius: b.radius, Shape: draw.RingGlyph{}}, at[i])
	}
	style := aligned(bold(small), draw.XCenter, draw.YCenter)
	for i := len(bs) - 1; i >= 0; i-- { // small ones, which lie on top, first
		b, half := bs[i], vg.Length(7)
		spot := around(at[i], half, half)
		if b.radius >= 10 && !slices.ContainsFunc(taken[i+1:], func(o vg.Rectangle) bool { return touch(spot, o) }) {
			c.FillText(toned(style, against(Color(b.label))), at[i].Add(vg.Point{Y: drop}), fmt.Sprint(b.label+1))
			continue
		}
		away := vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: (c.Min.Y + c.Max.Y) / 2}
		free, ok := freePlace(c.Rectangle, taken, away, at[i], half, half-1)
		if !ok { // in a corner: towards the middle
			free, ok = freePlace(c.Rectangle, taken, at[i].Scale(2).Sub(away), at[i], half, half-1)
		}
		if ok {
			near := nearestIn(free, at[i])
			along, _ := direction(at[i], near)
			edge := at[i].Add(along.Scale(b.radius))
			c.StrokeLine2(draw.LineStyle{Color: ink, Width: vg.Points(0.75)}, edge.X, edge.Y, near.X, near.Y)
			c.FillText(style, vg.Point{X: (free.Min.X + free.Max.X) / 2, Y: (free.Min.Y+free.Max.Y)/2 + drop}, fmt.Sprint(b.label+1))
			taken = append(taken, free)
		}
	}
}
