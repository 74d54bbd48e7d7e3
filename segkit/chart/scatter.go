package chart

// Scatter: customers in the plane of the two principal axes (Pearson 1901, doi:10.1080/14786440109462720), or of their own two columns.

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/table"
)

// Scatter draws the customers of x (n x d, d at least 2 numeric columns): two columns directly, more on the two axes along which customers differ most. The title
// says how many of the customers drawn have their nearest neighbour in another segment, a measure that assumes nothing about the segments' shapes. x is what was
// clustered (Recipe.Prepare, Model.Prepare); the columns of a table in the customers' own units are first brought to one scale. Each segment has its number at its
// centre and a line around the half of its customers nearest to the centre. At most 2,000 points are drawn, the same share of every segment; customers with a
// missing value are left out and counted. Cost n d² for the covariances, d³ for the axes.
func Scatter(x *table.Table, s *table.Segments) (*Figure, error) {
	labelsOf, err := s.LabelsFor("chart.Scatter", x)
	if err != nil {
		return nil, err
	}
	pc, err := principal("Scatter", x)
	if err != nil {
		return nil, err
	}
	members := pc.members(labelsOf)
	groups := groupsOf(s, members)
	fig := &Figure{Height: 4.8 * vg.Inch}
	kept := pc.share[0] + pc.share[1]
	across, up, plane := pc.axis(0), pc.axis(1), fmt.Sprintf("On the two main axes (%s of the variance)", share(kept))
	columns := numeric(x)
	own := len(columns) == 2
	if own {
		pc.onOwnAxes(x)
		across, up, plane = clean(columns[0].Label()), clean(columns[1].Label()), fmt.Sprintf("By %s and %s", short(pc.names[0]), short(pc.names[1]))
	}
	fig.describe("%s, customers and the centres of the segments:", plane)
	p := newPlot(across, up)
	p.X.Tick.Marker = ticks{room: 320}
	p.Add(grid(true, true))

	points := pc.cloud(groups, members)
	points.addTo(p, 0xFF)
	pc.addCores(p, points, members)
	p.Add(points.number(s, p, fig))
	fig.Panels = panel(p)

	if own && (x.Transformed() || columns[0].Unit == columns[1].Unit) {
		evenScales(fig, p)
	}
	fig.Title = plane + ", too few customers are in segments to tell whether they mix"
	if mixed := pc.mixed(points.sample, members); finite(mixed) {
		word := "hardly mix"
		switch {
		case mixed > .2:
			word = "mix"
		case mixed > .05:
			word = "mix at their borders"
		}
		fig.Title = fmt.Sprintf("%s, segments %s: %s of customers have their nearest neighbour in another", plane, word, share(mixed))
	}
	fig.sampled(pc, points, x)
	fig.remark("Numbers mark the segments' centres; lines are the convex hulls of the half of each segment nearest to its centre.")
	return fig, nil
}

// addCores draws a line around the inner half of every group: the hulls of whole groups would be made by their outermost customers.
func (c components) addCores(p *plot.Plot, points cloud, members table.Labels) {
	for g, l := range points.groups {
		if l < 0 {
			continue
		}
		var own plotter.XYs
		drawn := map[plotter.XY]plotter.XY{}
		for i, of := range members {
			if of == l {
				own, drawn[c.points[i]] = append(own, c.points[i]), c.drawn[i]
			}
		}
		inner := core(own, points.centers[g])
		for i, at := range inner {
			inner[i] = drawn[at]
		}
		if around := hull(inner); len(around) > 2 {
			around = append(around, around[0])
			p.Add(line(around, 3, color.White), line(around, 1.5, Color(l)))
		}
	}
}

// mixed is the share of the customers of rows whose nearest neighbour among them is in another segment, ties going to the first row;
// customers in no segment are left out. It is not a number where there are fewer than two segments. Cost m².
func (c components) mixed(rows []int, labels table.Labels) float64 {
	rows = slices.DeleteFunc(slices.Clone(rows), func(i int) bool { return labels[i] < 0 })
	if !slices.ContainsFunc(rows, func(i int) bool { return labels[i] != labels[rows[0]] }) {
		return math.NaN()
	}
	elsewhere := 0
	for _, i := range rows {
		nearest, least := -1, math.Inf(1)
		for _, h := range rows {
			if d := math.Hypot(c.points[i].X-c.points[h].X, c.points[i].Y-c.points[h].Y); h != i && d < least {
				nearest, least = h, d
			}
		}
		if nearest >= 0 && labels[nearest] != labels[i] {
			elsewhere++
		}
	}
	return float64(elsewhere) / float64(len(rows))
}
