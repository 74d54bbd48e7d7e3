package chart

// Lorenz: how unequal customers are in one column (Lorenz 1905, doi:10.2307/2276207), drawn from the best customer down.

import (
	"fmt"
	"slices"
	"sort"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Lorenz draws what share of the column's sum the best customers bring: "A fifth of customers bring 61 % of spend". Missing
// values are left out and counted. A column whose sum is not above 0 has no shares: ErrUndefined. Customers count by their
// weights.
func Lorenz(t *table.Table, column string) (*Figure, error) {
	if t == nil {
		return nil, fault.Nil("chart.Lorenz", "table")
	}
	c, values, weights, missing, err := numbers("Lorenz", t, column)
	if err != nil {
		return nil, err
	}
	curve, err := concentration(values, weights)
	if err != nil {
		return nil, fmt.Errorf("segkit: chart.Lorenz: column %q %w", column, err)
	}
	name := short(clean(c.Name))
	fifth := curve.at(0.2)
	fig := &Figure{
		Title: fmt.Sprintf("A fifth of customers bring %s of %s", share(fifth), name),
		Width: 5.6 * vg.Inch, Height: 4.6 * vg.Inch,
	}
	if len(values) < 5 {
		fig.Title = fmt.Sprintf("How %s, %s in all, is shared among %s", name, amount(curve.total, c.Unit), count(len(values), "customer"))
	}
	p := newPlot("share of customers, highest "+name+" first", "share of "+name)
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{percent: true, most: 6, room: 300}, ticks{percent: true, most: 7}
	p.Add(grid(true, true),
		line(plotter.XYs{{X: 0, Y: 0}, {X: 1, Y: 1}}, 1, rest, 4, 3),
		line(thin(curve.points), 2, blue))
	p.Add(
		line(plotter.XYs{{X: 0.2, Y: 0}, {X: 0.2, Y: fifth}}, 0.75, soft, 2, 2),
		dots(plotter.XYs{{X: 0.2, Y: fifth}}, 3.5, vermillion, draw.CircleGlyph{}),
		labels{
			{x: 0.2, y: fifth, text: "20 % of customers\n" + set(bold(small), share(fifth)+" of "+clean(c.Name), 150), style: aligned(bold(small), draw.XLeft, draw.YTop), dx: 7, dy: -3, halo: true},
			{x: 0.62, y: 0.62, text: "all customers alike", style: aligned(toned(sans(small), soft), draw.XLeft, draw.YTop), dx: 4, dy: -4},
		})
	p.X.Min, p.X.Max, p.Y.Min = 0, 1, min(0, p.Y.Min)
	fig.Panels = panel(p)

	fig.remark("%s, %s in all.", count(allCustomers(t)-missing, "customer"), amount(curve.total, c.Unit))
	if values[0] >= 0 && slices.Min(values) >= 0 {
		fig.remark("Gini coefficient %s; four fifths of %s come from %s of customers.", sheet.Fixed(curve.gini(), 2), name, share(curve.reach(0.8)))
	} else {
		fig.remark("Some customers are below zero, so the best of the others bring more than the total.")
	}
	if missing > 0 {
		fig.remark("%s without a value left out.", count(missing, "customer"))
	}
	fig.describe("Concentration curve of %s: the best 1 %% of customers bring %s, 5 %% bring %s, 10 %% bring %s, 20 %% bring %s, 50 %% bring %s. %s",
		c.Label(), share(curve.at(.01)), share(curve.at(.05)), share(curve.at(.1)), share(fifth), share(curve.at(.5)), fig.Note)
	return fig, nil
}

// cumulated is a concentration curve: points from (0, 0) to (1, 1), best customers first.
type cumulated struct {
	points plotter.XYs
	total  float64
}

func concentration(values, weights []float64) (cumulated, error) {
	order := pick.All(len(values))
	sort.SliceStable(order, func(a, b int) bool { return values[order[a]] > values[order[b]] })
	var total, people float64
	for _, i := range order {
		total += values[i] * weights[i]
		people += weights[i]
	}
	if !(total > 0) || !finite(total) {
		return cumulated{}, fault.Errorf(fault.ErrUndefined, "sums to %s, and only a positive sum can be divided into shares", sheet.Number(total))
	}
	out := cumulated{points: make(plotter.XYs, 1, len(values)+1), total: total}
	var sum, n float64
	for _, i := range order {
		sum += values[i] * weights[i]
		n += weights[i]
		out.points = append(out.points, plotter.XY{X: n / people, Y: sum / total})
	}
	return out, nil
}

// at returns the share of the sum that the best x of customers bring, x in [0, 1].
func (c cumulated) at(x float64) float64 {
	i := sort.Search(len(c.points), func(i int) bool { return c.points[i].X >= x })
	return between(c.points, i, x, func(p plotter.XY) (from, to float64) { return p.X, p.Y })
}

// reach returns the share of customers that bring y of the sum; the curve must rise.
func (c cumulated) reach(y float64) float64 {
	i := sort.Search(len(c.points), func(i int) bool { return c.points[i].Y >= y })
	return between(c.points, i, y, func(p plotter.XY) (from, to float64) { return p.Y, p.X })
}

// between interpolates to v on the segment that ends at point i.
func between(points plotter.XYs, i int, v float64, axes func(plotter.XY) (from, to float64)) float64 {
	if i == 0 || i == len(points) {
		_, to := axes(points[min(i, len(points)-1)])
		return to
	}
	x0, y0 := axes(points[i-1])
	x1, y1 := axes(points[i])
	return y0 + (y1-y0)*(v-x0)/(x1-x0)
}

// gini is twice the area between the curve and the diagonal.
func (c cumulated) gini() float64 {
	var area float64
	for i := 1; i < len(c.points); i++ {
		a, b := c.points[i-1], c.points[i]
		area += (b.X - a.X) * (a.Y + b.Y)
	}
	return area - 1
}
