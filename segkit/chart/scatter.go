package chart

// Scatter: customers in the plane of the two principal axes (Pearson 1901, doi:10.1080/14786440109462720).

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/table"
)

// Scatter draws the customers of x (n x d, d at least 2 numeric columns) on the two axes along which they differ most.
// x is what was clustered (Recipe.Prepare, Model.Prepare); the columns of a table in the customers' own units are brought to one scale first.
// Each segment has its number at its centre and a line around the half of it that lies nearest to that.
// At most 2,000 points are drawn, the same share of every segment; customers with a missing value are left out and counted.
// Cost n d² for the covariances, d³ for the axes.
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
	fig.describe("Customers on two principal axes; centres of the segments:")
	p := newPlot(pc.axis(0), pc.axis(1))
	p.X.Tick.Marker = ticks{room: 320}
	p.Add(grid(true, true))

	points := pc.cloud(groups, members)
	points.addTo(p, 0xFF)
	pc.addCores(p, points, members)
	p.Add(points.number(s, p, fig))
	fig.Panels = panel(p)

	kept := pc.share[0] + pc.share[1]
	if stray, clustered := strays(pc.points, members, points.centers[:s.K()]); clustered == 0 || s.K() < 2 {
		fig.Title = fmt.Sprintf("Two axes show %s of the variance", share(kept))
	} else {
		fig.Title = fmt.Sprintf("On the two main axes (%s of the variance), %s of customers lie nearer to another segment's centre",
			share(kept), share(float64(stray)/float64(clustered)))
	}
	fig.sampled(pc, points, x)
	fig.remark("Numbers mark the segments' centres; lines are the convex hulls of the half of each segment that lies nearest to it.")
	return fig, nil
}

// addCores draws a line around the inner half of every group: the hulls of whole groups would be made by their outermost customers.
func (c components) addCores(p *plot.Plot, points cloud, members table.Labels) {
	for g, l := range points.groups {
		if l < 0 {
			continue
		}
		var own plotter.XYs
		for i, of := range members {
			if of == l {
				own = append(own, c.points[i])
			}
		}
		if around := hull(core(own, points.centers[g])); len(around) > 2 {
			around = append(around, around[0])
			p.Add(line(around, 3, color.White), line(around, 1.5, Color(l)))
		}
	}
}

// strays counts the customers who lie nearer to another segment's centre than to their own, and all who are in a segment.
func strays(points plotter.XYs, labels table.Labels, centers []plotter.XY) (stray, clustered int) {
	for i, l := range labels {
		if l < 0 {
			continue
		}
		clustered++
		own := math.Hypot(points[i].X-centers[l].X, points[i].Y-centers[l].Y)
		for g, c := range centers {
			if g != l && math.Hypot(points[i].X-c.X, points[i].Y-c.Y) < own*(1-1e-12) {
				stray++
				break
			}
		}
	}
	return stray, clustered
}
