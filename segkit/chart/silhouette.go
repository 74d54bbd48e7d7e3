package chart

// Silhouette: how well customers sit in their segments (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7).

import (
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/sheet"
)

// Silhouette draws the silhouettes of all customers, best first in each segment, every segment as a band of equal height
// (so that a segment of one customer can be seen next to one of thousands). Customers left of zero are nearer to another
// segment.
func Silhouette(s *measure.Silhouettes) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Silhouette", "silhouettes")
	}
	k := len(s.Segments)
	if k == 0 || !finite(s.Mean) {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.Silhouette: no customer has a silhouette")
	}
	values := make([][]float64, k)
	for i, v := range s.Values {
		if l := s.Labels[i]; l >= 0 && finite(v) {
			values[l] = append(values[l], v)
		}
	}
	p := newPlot("silhouette (1: far from other segments, 0: on the border, below 0: nearer to another)", "")
	p.X.Tick.Marker = ticks{room: 280}
	p.Y.LineStyle.Width = 0
	p.Add(grid(true, false))
	fig := &Figure{}
	fig.describe("Silhouettes per segment.")
	names := make([]string, k)
	lowest, highest := -0.05, 0.0
	weakest := -1
	var beside0 labels
	for l, group := range values {
		y := float64(k - 1 - l)
		name := segment(s.Names, l)
		of := s.Segments[l]
		names[k-1-l] = setRow(name)
		if of.Size == 0 || len(group) == 0 {
			beside0 = append(beside0, beside(0, y, "no customers", toned(sans(small), soft)))
			continue
		}
		sort.Sort(sort.Reverse(sort.Float64Slice(group)))
		edge := plotter.XYs{{X: group[0], Y: y + 0.42}}
		for i, v := range group {
			edge = append(edge, plotter.XY{X: v, Y: y + 0.42 - 0.84*(float64(i)+0.5)/float64(len(group))})
		}
		edge = thin(append(edge, plotter.XY{X: group[len(group)-1], Y: y - 0.42}))
		edge = append(edge, plotter.XY{X: 0, Y: y - 0.42}, plotter.XY{X: 0, Y: y + 0.42})
		knife := area(edge, Color(l))
		if c := outline(l); c != nil {
			knife.LineStyle = draw.LineStyle{Color: c, Width: vg.Points(0.5)}
		}
		p.Add(knife)
		lowest, highest = min(lowest, group[len(group)-1]), max(highest, group[0])
		if weakest < 0 || of.Mean < s.Segments[weakest].Mean {
			weakest = l
		}
		fig.describe("%s: %s, mean %s, %s below 0.", name, count(of.Size, "customer"), sheet.Fixed(of.Mean, 2), share(of.BelowZero))
	}
	for l, of := range s.Segments {
		if of.Size > 0 && !math.IsNaN(of.Mean) {
			beside0 = append(beside0, beside(highest, float64(k-1-l),
				fmt.Sprintf("mean %s\n%s below 0\n%s", sheet.Fixed(of.Mean, 2), share(of.BelowZero), count(of.Size, "customer")), sans(small)))
		}
	}
	p.Add(line(plotter.XYs{{X: s.Mean, Y: -0.6}, {X: s.Mean, Y: float64(k) - 0.4}}, 1, ink, 4, 3), beside0)
	p.Y.Tick.Marker = named(names)
	p.X.Min, p.X.Max = lowest, highest
	p.Y.Min, p.Y.Max = -0.6, float64(k)-0.4
	fig.Panels = panel(p)
	fig.remark("Dashed: mean of all, %s. Each band shows all customers of the segment, best first.", sheet.Fixed(s.Mean, 2))
	if s.Sampled > 0 {
		fig.remark("%s drawn at random: the mean of all customers lies between %s and %s (95 %% interval).", count(s.Sampled, "customer"), sheet.Fixed(s.Low, 2), sheet.Fixed(s.High, 2))
	}
	if s.Simplified {
		fig.remark("Simplified: by distances to the segments' means.")
	}
	fig.Title = silhouetteTitle(s, weakest)
	fig.describe("Mean of all: %s.", sheet.Fixed(s.Mean, 2))
	fig.Height = fig.besidePanels() + vg.Length(k)*34 + underRows
	return fig, nil
}

// silhouetteTitle says how the mean comes about: by segments that are all alike, or by a weak one.
func silhouetteTitle(s *measure.Silhouettes, weakest int) string {
	mean, worst := sheet.Fixed(s.Mean, 2), s.Segments[weakest]
	best := worst.Mean
	for _, of := range s.Segments {
		best = max(best, of.Mean) // false for NaN
	}
	title := fmt.Sprintf("Mean silhouette %s; %s is weakest (%s)", mean, quote(segment(s.Names, weakest)), sheet.Fixed(worst.Mean, 2))
	if best-worst.Mean < 0.05 {
		title = fmt.Sprintf("Mean silhouette %s, in all segments about the same", mean)
	}
	if worst.BelowZero > 0 {
		title += fmt.Sprintf(", where %s of customers are nearer to another segment", share(worst.BelowZero))
	}
	return title
}
