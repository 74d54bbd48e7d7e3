package chart

// MapPoints: where customers live, by segment.

import (
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/internal/sphere"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// MapPoints draws every customer of t at latitude and longitude, columns of those names in degrees as geo.Locate makes them, in the colours of
// their segments, or in one colour if s is nil. Boundaries are behind them, marks such as shops in front.
//
// The title says whether the map is related to the segments: how many customers have their nearest neighbour in another segment, compared with
// the share that would if places were assigned at random. Without segments, it says how far half of the customers live from the nearest mark,
// or from the centre of all. At most about 2,000 points are drawn, the same share of each segment; customers without a place are left out and
// counted. A map of points shows where individual people live: for a page that others see, draw MapShares.
func MapPoints(t *table.Table, s *table.Segments, o ...MapOptions) (*Figure, error) {
	opts, err := oneMapOption("MapPoints", o)
	if err != nil {
		return nil, err
	}
	latitudes, longitudes, known, err := coordinates("MapPoints", t)
	if err != nil {
		return nil, err
	}
	labelsOf := make(table.Labels, t.Len())
	if s != nil {
		if labelsOf, err = s.LabelsFor("chart.MapPoints", t); err != nil {
			return nil, err
		}
	}
	on := projectionAt(mean(latitudes, known))
	c := components{rows: known}
	for _, i := range known {
		c.points = append(c.points, on.at(longitudes[i], latitudes[i]))
	}
	c.drawn = c.points
	members := c.members(labelsOf)
	groups := []int{0}
	if s != nil {
		groups = groupsOf(s, members)
	}
	points := c.cloud(groups, members)
	fig := &Figure{}
	p := newPlot("", "")
	_, behind := shoresOf(opts.Boundaries, on)
	for r := range behind {
		behind[r].fill = color.NRGBA{0xF6, 0xF6, 0xF6, 0xFF}
	}
	if behind != nil {
		p.Add(behind)
	}
	for g := range points.marks {
		points.marks[g].Radius = vg.Points(1.8)
	}
	points.addTo(p, 0xC0)
	if s != nil {
		for g, l := range groups {
			p.Legend.Add(setInLegend(segment(s.Names, l)), points.marks[g])
			fig.describe("%s: %s.", capital(segment(s.Names, l)), count(points.counts[g], "customer"))
		}
		fig.Title = c.neighbours(points.sample, members)
	}
	fig.Alt = fmt.Sprintf("Map of %s. %s", count(len(known), "customer"), fig.Alt)
	var shops *landmarks
	if opts.Marks != nil {
		if shops, err = landmarksOf(opts.Marks, on); err != nil {
			return nil, err
		}
		p.Add(shops)
		fig.describe("Marks: %s.", sheet.List(shops.names))
	}
	if s == nil {
		fig.Title = howFar(latitudes, longitudes, known, shops)
	}
	if n := len(points.sample); n < len(known) {
		fig.remark("%s of %s drawn.", sheet.Count(n), count(len(known), "customer"))
	}
	if left := t.Len() - len(known); left > 0 {
		fig.remark("%s without a place left out.", count(left, "customer"))
	}
	fig.remark("%v", on)
	fig.Panels = panel(p)
	frameMap(fig, p)
	return fig, nil
}

func mean(v []float64, rows []int) (m float64) {
	for _, i := range rows {
		m += v[i]
	}
	return m / float64(len(rows))
}

// neighbours says whether segments lie together on the map. By lot, a neighbour is in another segment as often as any customer is.
func (c components) neighbours(rows []int, labels table.Labels) string {
	mixed := c.mixed(rows, labels)
	if !finite(mixed) {
		return fmt.Sprintf("%s on the map, all in one segment", count(len(labels), "customer"))
	}
	counts, n := map[int]float64{}, 0.0
	for _, i := range rows {
		if labels[i] >= 0 {
			counts[labels[i]]++
			n++
		}
	}
	lot := 0.0
	for _, l := range slices.Sorted(maps.Keys(counts)) {
		lot += counts[l] / n * (n - counts[l]) / (n - 1)
	}
	said := "Segments lie apart on the map"
	switch spread := math.Sqrt(lot * (1 - lot) / n); {
	case mixed > lot-2*spread:
		said = "Where customers live says nothing about their segment"
	case mixed > .8*lot:
		said = "Where customers live says a little about their segment"
	}
	return fmt.Sprintf("%s: %s have their nearest neighbour in another; at random, %s would", said, share(mixed), share(lot))
}

// landmarks are places with names, such as shops.
type landmarks struct {
	names                 []string
	latitudes, longitudes []float64
	at                    plotter.XYs
}

var _ plot.Plotter = (*landmarks)(nil)

func landmarksOf(t *table.Table, on projection) (*landmarks, error) {
	latitudes, longitudes, known, err := coordinates("MapPoints", t)
	if err != nil {
		return nil, err
	}
	m := &landmarks{}
	for _, i := range known {
		m.names = append(m.names, clean(t.IDs()[i]))
		m.latitudes, m.longitudes = append(m.latitudes, latitudes[i]), append(m.longitudes, longitudes[i])
		m.at = append(m.at, on.at(longitudes[i], latitudes[i]))
	}
	return m, nil
}

func (m *landmarks) DataRange() (xmin, xmax, ymin, ymax float64) { return plotter.XYRange(m.at) }

// Plot sets names where they hide neither a mark nor another name; where there is no such place near, none.
func (m *landmarks) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	const half = vg.Length(4)
	var taken []vg.Rectangle
	spots := make([]vg.Point, len(m.at))
	for i, at := range m.at {
		spots[i] = vg.Point{X: tx(at.X), Y: ty(at.Y)}
		taken = append(taken, around(spots[i], half, half))
	}
	for _, spot := range spots {
		for _, layer := range []draw.GlyphStyle{{Color: color.White, Radius: half + 1, Shape: square}, {Color: ink, Radius: half, Shape: square}} {
			c.DrawGlyph(layer, spot)
		}
	}
	style := aligned(bold(small), draw.XCenter, draw.YCenter)
	for i, spot := range spots {
		name := set(style, m.names[i], 90)
		w, h := style.Width(name)/2+2, style.Height(name)/2
		free, ok := freePlace(c.Rectangle, taken, spot.Sub(vg.Point{X: 1}), spot, w, h)
		if !ok || free.Min.X-spot.X > 30 || spot.X-free.Max.X > 30 || free.Min.Y-spot.Y > 20 || spot.Y-free.Max.Y > 20 {
			continue
		}
		c.SetColor(color.NRGBA{0xFF, 0xFF, 0xFF, 0xD8})
		c.Fill(free.Path())
		c.FillText(style, vg.Point{X: (free.Min.X + free.Max.X) / 2, Y: (free.Min.Y+free.Max.Y)/2 + drop}, name)
		taken = append(taken, free)
	}
}

// howFar says how far half of the customers live from the nearest mark, or from their middle where there are no marks.
func howFar(latitudes, longitudes []float64, known []int, shops *landmarks) string {
	away := func(to func(i int) float64) float64 {
		var km []float64
		for _, i := range known {
			km = append(km, to(i))
		}
		slices.Sort(km)
		return km[len(km)/2]
	}
	if shops != nil {
		half := away(func(i int) float64 {
			least := math.Inf(1)
			for m := range shops.names {
				least = min(least, sphere.Distance(latitudes[i], longitudes[i], shops.latitudes[m], shops.longitudes[m]))
			}
			return least
		})
		return fmt.Sprintf("Half of %s live within %s km of the nearest of %s", count(len(known), "customer"), sheet.Number(half), count(len(shops.names), "marked place"))
	}
	middle := func(v []float64) float64 {
		var all []float64
		for _, i := range known {
			all = append(all, v[i])
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	latitude, longitude := middle(latitudes), middle(longitudes)
	half := away(func(i int) float64 { return sphere.Distance(latitudes[i], longitudes[i], latitude, longitude) })
	return fmt.Sprintf("Half of %s live within %s km of their centre, at %s°, %s°", count(len(known), "customer"), sheet.Number(half), sheet.Fixed(latitude, 1), sheet.Fixed(longitude, 1))
}
