package chart

// Boxes: how a set of numbers lies, as five of them (Tukey 1977, Exploratory Data Analysis), standing over a place or lying beside a name.

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"github.com/segkit/lab/segkit/internal/quantile"
)

// boxplot is the ends of the whiskers, the quartiles and the median.
type boxplot struct{ low, q1, median, q3, high float64 }

// boxOf sums up the values that are not missing, weighted where weights are not nil; the whiskers leave out the given share at
// each end. ok is false where there is none.
func boxOf(values, weights []float64, repeats bool, tail float64) (b boxplot, ok bool) {
	at := quantile.Of(values, weights, repeats).At
	return boxplot{at(tail), at(0.25), at(0.5), at(0.75), at(1 - tail)}, finite(at(0.5))
}

// addTo draws the box at a place of the axis that names stand on, half as wide as twice half; lying boxes have their numbers on x.
func (b boxplot) addTo(p *plot.Plot, at, half float64, fill color.Color, lying bool) {
	xy := func(place, value float64) plotter.XY {
		if lying {
			return plotter.XY{X: value, Y: place}
		}
		return plotter.XY{X: place, Y: value}
	}
	tone := against(fill)
	if b.q1 == b.q3 { // no box to stand out from
		tone = ink
	}
	a, z := xy(at-half, b.q1), xy(at+half, b.q3)
	p.Add(line(plotter.XYs{xy(at, b.low), xy(at, b.q1)}, 1, ink), line(plotter.XYs{xy(at, b.q3), xy(at, b.high)}, 1, ink),
		line(plotter.XYs{xy(at-half/2, b.low), xy(at+half/2, b.low)}, 1, ink),
		line(plotter.XYs{xy(at-half/2, b.high), xy(at+half/2, b.high)}, 1, ink),
		rects{{min(a.X, z.X), max(a.X, z.X), min(a.Y, z.Y), max(a.Y, z.Y), fill, ink}},
		line(plotter.XYs{xy(at-half, b.median), xy(at+half, b.median)}, 2, tone))
}
