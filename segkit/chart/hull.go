package chart

// Hulls: where the bulk of a segment lies in the plane.

import (
	"math"
	"slices"
	"sort"

	"gonum.org/v1/plot/plotter"
)

// core returns the half of the points (and one, where they are odd) that lies nearest to the center.
func core(points plotter.XYs, center plotter.XY) plotter.XYs {
	away := func(p plotter.XY) float64 { return math.Hypot(p.X-center.X, p.Y-center.Y) }
	out := slices.Clone(points)
	sort.SliceStable(out, func(a, b int) bool { return away(out[a]) < away(out[b]) })
	return out[:(len(out)+1)/2]
}

// hull returns the corners of the smallest convex polygon around the points, counter-clockwise from the leftmost (Andrew 1979,
// doi:10.1016/0020-0190(79)90072-3); fewer than three where the points lie on a line.
func hull(points plotter.XYs) plotter.XYs {
	sorted := slices.Clone(points)
	slices.SortFunc(sorted, func(a, b plotter.XY) int {
		switch {
		case a.X < b.X || a.X == b.X && a.Y < b.Y:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	sorted = slices.Compact(sorted)
	if len(sorted) < 3 {
		return sorted
	}
	chain := func(along plotter.XYs) (out plotter.XYs) {
		for _, p := range along {
			for len(out) > 1 && !leftTurn(out[len(out)-2], out[len(out)-1], p) {
				out = out[:len(out)-1]
			}
			out = append(out, p)
		}
		return out[:len(out)-1] // the last one begins the other chain
	}
	lower := chain(sorted)
	slices.Reverse(sorted)
	return append(lower, chain(sorted)...)
}

func leftTurn(a, b, c plotter.XY) bool { return (b.X-a.X)*(c.Y-a.Y)-(b.Y-a.Y)*(c.X-a.X) > 0 }
