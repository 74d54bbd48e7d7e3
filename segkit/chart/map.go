package chart

// Maps: degrees on paper, outlines of regions, a scale. Nothing is downloaded: what lies behind the customers is what the user brings.

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/polygon"
	"github.com/segkit/lab/segkit/internal/sphere"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Boundaries are the outlines of regions, as geo.ReadBoundaries reads them from GeoJSON.
type Boundaries interface {
	// Outlines returns the regions by name (r), and the rings of each as longitudes and latitudes in degrees, the first point again at the end.
	Outlines() (names []string, rings [][][][2]float64)
}

// MapOptions says what a map shows besides customers.
type MapOptions struct {
	Boundaries Boundaries   // nil for none
	Marks      *table.Table // shops and the like, with latitude and longitude, labelled with their ids; nil for none
}

func oneMapOption(op string, o []MapOptions) (MapOptions, error) {
	switch {
	case len(o) > 1:
		return MapOptions{}, fault.Option("chart."+op, "MapOptions", len(o), "at most one")
	case len(o) == 0:
		return MapOptions{}, nil
	}
	return o[0], nil
}

// projection is the equirectangular one, true to scale along its own latitude: a map of some hundred kilometres is hardly distorted.
type projection struct{ latitude, shrink float64 }

func projectionAt(latitude float64) projection {
	return projection{latitude, math.Cos(sphere.Radians(latitude))}
}

func (p projection) at(longitude, latitude float64) plotter.XY {
	return plotter.XY{X: longitude * p.shrink, Y: latitude}
}

func (p projection) String() string {
	side := "N"
	if p.latitude < 0 {
		side = "S"
	}
	return fmt.Sprintf("Equirectangular map, true to scale at %s° %s.", sheet.Fixed(math.Abs(p.latitude), 0), side)
}

// coordinates returns the places of the rows of t (n), and which of them are known.
func coordinates(op string, t *table.Table) (latitudes, longitudes []float64, known []int, err error) {
	if t == nil {
		return nil, nil, nil, fault.Nil("chart."+op, "table")
	}
	for _, c := range []struct {
		name string
		to   *[]float64
		most float64
	}{{"latitude", &latitudes, 90}, {"longitude", &longitudes, 180}} {
		column, err := t.Column(c.name)
		if err != nil || column.Categorical() {
			return nil, nil, nil, fault.Errorf(fault.ErrSchema, "segkit: chart.%s: the table has no numeric column %q: make it with geo.Locate, and join its Table", op, c.name)
		}
		j, _ := t.Index(c.name)
		if err := t.Refuse([]int{j}, func(v float64) bool { return math.Abs(v) > c.most }, fault.CellError{Op: "chart." + op, Why: "is no " + c.name + " in degrees",
			Remedy: "let geo.Locate read the coordinates, which looks for such cells", Err: fault.ErrSchema}); err != nil {
			return nil, nil, nil, err
		}
		*c.to, _ = t.Values(c.name)
	}
	for i := range latitudes {
		if finite(latitudes[i]) && finite(longitudes[i]) {
			known = append(known, i)
		}
	}
	if known == nil {
		return nil, nil, nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.%s: no row of the table has a place", op)
	}
	return latitudes, longitudes, known, nil
}

// shore is the outline of one region on paper.
type shore struct {
	rings []plotter.XYs
	fill  color.Color // nil for none
}

// shores are regions, filled and then edged.
type shores []shore

var _ plot.DataRanger = shores(nil)

// shoresOf projects boundaries, and returns the names of the regions (r).
func shoresOf(b Boundaries, p projection) (names []string, out shores) {
	if b == nil {
		return nil, nil
	}
	names, regions := b.Outlines()
	for _, rings := range regions {
		var o shore
		for _, ring := range rings {
			xys := make(plotter.XYs, len(ring))
			for i, at := range ring {
				xys[i] = p.at(at[0], at[1])
			}
			o.rings = append(o.rings, xys)
		}
		o.turn(rings)
		out = append(out, o)
	}
	return names, out
}

// turn has the outer rings run one way and holes the other, as fills of all formats expect it. In degrees are the same rings before they were projected.
func (o shore) turn(inDegrees [][][2]float64) {
	for r, ring := range inDegrees {
		depth := 0
		for q, other := range inDegrees {
			if q != r && len(ring) > 0 && polygon.Holds(other, ring[0][0], ring[0][1]) {
				depth++
			}
		}
		if (signedArea(o.rings[r]) > 0) != (depth%2 == 0) {
			slices.Reverse(o.rings[r])
		}
	}
}

func signedArea(ring plotter.XYs) (twice float64) {
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		twice += float64((a.X-ring[0].X)*(b.Y-ring[0].Y)) - float64((b.X-ring[0].X)*(a.Y-ring[0].Y))
	}
	return twice
}

// middle is the centre of the largest ring, and the ranges that a text there may fill.
func (o shore) middle() (at plotter.XY, width, height float64) {
	largest := 0.0
	for _, ring := range o.rings {
		twice := signedArea(ring)
		if twice <= largest {
			continue
		}
		largest, at = twice, plotter.XY{}
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			cross := (a.X-ring[0].X)*(b.Y-ring[0].Y) - (b.X-ring[0].X)*(a.Y-ring[0].Y)
			at.X += cross * (a.X + b.X - 2*ring[0].X)
			at.Y += cross * (a.Y + b.Y - 2*ring[0].Y)
		}
		at.X, at.Y = ring[0].X+at.X/(3*twice), ring[0].Y+at.Y/(3*twice)
		xmin, xmax, ymin, ymax := plotter.XYRange(ring)
		width, height = xmax-xmin, ymax-ymin
	}
	return at, width, height
}

func (os shores) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, o := range os {
		for _, ring := range o.rings {
			x0, x1, y0, y1 := plotter.XYRange(ring)
			xmin, xmax, ymin, ymax = min(xmin, x0), max(xmax, x1), min(ymin, y0), max(ymax, y1)
		}
	}
	return
}

const finest = vg.Length(.4) // points of an outline nearer to each other are drawn as one

func (os shores) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	path := func(o shore) (path vg.Path) {
		for _, ring := range o.rings {
			var last vg.Point
			for i, at := range ring {
				on := vg.Point{X: tx(at.X), Y: ty(at.Y)}
				switch {
				case i == 0:
					path.Move(on)
				case math.Hypot(float64(on.X-last.X), float64(on.Y-last.Y)) < float64(finest):
					continue
				default:
					path.Line(on)
				}
				last = on
			}
			path.Close()
		}
		return path
	}
	for _, o := range os {
		if o.fill != nil {
			c.SetColor(o.fill)
			c.Fill(path(o))
		}
	}
	c.SetLineStyle(draw.LineStyle{Color: rest, Width: vg.Points(.75)})
	for _, o := range os {
		c.Stroke(path(o))
	}
}

// mostTall is how high a map gets.
const mostTall = 6.2 * vg.Inch

// frameMap gives the plot the shape of its map: degrees of both axes are as long as they are on earth, unit to a point. It draws a scale.
func frameMap(fig *Figure, p *plot.Plot) (unit float64) {
	p.HideAxes()
	p.X.Padding, p.Y.Padding = 0, 0
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		widen(a, .03)
	}
	w, _ := fig.size()
	width := w - 2*margin
	if legend := p.Legend.Rectangle(draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: w, Y: w}}}).Size().X; legend > 0 {
		width -= legend + gap
	}
	across, up := p.X.Max-p.X.Min, p.Y.Max-p.Y.Min
	height := min(mostTall, max(width/3, width*vg.Length(up/across)))
	unit = max(across/float64(width), up/float64(height))
	p.Y.Min, p.Y.Max = spread(p.Y.Min, p.Y.Max, unit*float64(height))
	p.X.Min, p.X.Max = spread(p.X.Min, p.X.Max, unit*float64(width))
	fig.Height = height + fig.besidePanels() + 2

	degree := sphere.Radius * math.Pi / 180
	km := (p.X.Max - p.X.Min) * degree / 4
	for _, m := range []float64{5, 2, 1} {
		if round := m * math.Pow(10, math.Floor(math.Log10(km))); round <= km {
			km = round
			break
		}
	}
	x, y := p.X.Min+float64(8*unit), p.Y.Min+float64(8*unit)
	bar := plotter.XYs{{X: x, Y: y}, {X: x + km/degree, Y: y}}
	p.Add(line(bar, 2, ink), labels{{x: x + km/degree, y: y, text: sheet.Number(km) + " km", style: aligned(sans(small), draw.XLeft, draw.YCenter), dx: 4, dy: drop}})
	return unit
}

// spread widens a range around its middle.
func spread(from, to, length float64) (float64, float64) {
	middle := (from + to) / 2
	return middle - length/2, middle + length/2
}

// apart returns the labels without those that would lie on an earlier one, where a point of the page is so many units of both axes.
func (ls labels) apart(unit float64) (out labels) {
	var taken []vg.Rectangle
	for _, l := range ls {
		at := vg.Point{X: vg.Length(l.x / unit), Y: vg.Length(l.y / unit)}
		box := l.style.Rectangle(l.text).Add(at)
		if !slices.ContainsFunc(taken, func(o vg.Rectangle) bool { return touch(box, o) }) {
			taken, out = append(taken, box), append(out, l)
		}
	}
	return out
}
