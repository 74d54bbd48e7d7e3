package chart

// The plane of the two principal axes, and customers in it: what Scatter and Biplot draw.

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// components are the two principal axes of a table.
type components struct {
	rows     []int       // rows without a missing value
	points   plotter.XYs // where they lie
	drawn    plotter.XYs // where they are drawn: the same, or on the axes of their own two columns
	share    [2]float64  // of the variance
	loadings [2][]float64
	names    []string
}

// principal finds the axes by prep.PCA, from the rows that are complete; columns in the customers' own units are
// standardised first, those that never vary left as they are.
func principal(op string, x *table.Table) (components, error) {
	var c components
	columns := numeric(x)
	d := len(columns)
	if d < 2 {
		return c, fault.Errorf(fault.ErrSchema, "segkit: chart.%s: two axes need at least two numeric columns, the table has %d: draw Histograms instead", op, d)
	}
	var at []int
	for j, column := range x.Columns() {
		if !column.Categorical() {
			at = append(at, j)
			c.names = append(c.names, clean(column.Name))
		}
	}
	var ids []string
	var data, weights []float64
	for i, id := range x.IDs() {
		row := make([]float64, d)
		for p, j := range at {
			row[p] = x.At(i, j)
		}
		if slices.ContainsFunc(row, func(v float64) bool { return !finite(v) }) {
			continue
		}
		c.rows, ids, data = append(c.rows, i), append(ids, id), append(data, row...)
	}
	if len(ids) < 2 {
		return c, fault.Errorf(fault.ErrEmpty, "segkit: chart.%s: %s without a missing value, and two are needed: use prep.Impute first", op, count(len(ids), "customer"))
	}
	t, err := table.New(ids, columns, data)
	if err != nil {
		return c, err
	}
	if all := x.Weights(); all != nil {
		for _, i := range c.rows {
			weights = append(weights, all[i])
		}
		if t, err = t.WithWeights(weights, x.Weighting()); err != nil {
			return c, err
		}
	}
	if varying := varying(t); !x.Transformed() && len(varying) > 0 {
		if _, t, err = fitted(prep.Standardize{Columns: varying}, t); err != nil {
			return c, err
		}
	}
	f, scores, err := fitted(prep.PCA{}, t)
	if err != nil {
		return c, err
	}
	pca := f.(prep.FittedPCA)
	for a := range c.share {
		if a < len(pca.Loadings) {
			c.share[a], c.loadings[a] = pca.Share()[a], pca.Loadings[a]
		} else { // customers on a line do not differ across it
			c.loadings[a] = make([]float64, d)
		}
	}
	c.points = make(plotter.XYs, len(ids))
	for i := range c.points {
		if c.points[i].X = scores.At(i, 0); len(pca.Loadings) > 1 {
			c.points[i].Y = scores.At(i, 1)
		}
	}
	c.drawn = c.points
	return c, nil
}

// onOwnAxes draws the customers of a table with two columns of numbers by these, as they are: turned onto principal axes they could
// not be recognised. Distances are still those of points.
func (c *components) onOwnAxes(x *table.Table) {
	c.drawn = make(plotter.XYs, len(c.rows))
	var at []int
	for j, column := range x.Columns() {
		if !column.Categorical() {
			at = append(at, j)
		}
	}
	for i, row := range c.rows {
		c.drawn[i] = plotter.XY{X: x.At(row, at[0]), Y: x.At(row, at[1])}
	}
}

// members picks the labels of the complete rows from those of all (n).
func (c components) members(all table.Labels) table.Labels {
	out := make(table.Labels, len(c.rows))
	for i, r := range c.rows {
		out[i] = all[r]
	}
	return out
}

// fitted fits a transform to t and applies it there.
func fitted(o prep.Transformer, t *table.Table) (prep.Fitted, *table.Table, error) {
	f, err := o.Fit(t)
	if err != nil {
		return nil, nil, err
	}
	out, err := f.Apply(t)
	return f, out, err
}

// varying names the columns of t that are not the same for all customers.
func varying(t *table.Table) (names []string) {
	for j, c := range t.Columns() {
		for i := range t.Len() {
			if t.At(i, j) != t.At(0, j) {
				names = append(names, c.Name)
				break
			}
		}
	}
	return names
}

// heaviest orders the columns by the size of their loadings on an axis, which weight returns.
func (c components) heaviest(a int) (order []int, weight func(j int) float64) {
	order = pick.All(len(c.names))
	weight = func(j int) float64 { return steady(math.Abs(c.loadings[a][j])) }
	sort.SliceStable(order, func(x, y int) bool { return weight(order[x]) > weight(order[y]) })
	return order, weight
}

// axis labels an axis by its share of the variance and the columns that make it: "axis 1: 58 % of the variance (recency, −orders)".
func (c components) axis(a int) string {
	order, weight := c.heaviest(a)
	var parts []string
	for _, j := range order[:min(3, len(order))] {
		if weight(j) < 0.3 {
			break
		}
		sign := "+"
		if c.loadings[a][j] < 0 {
			sign = "−"
		}
		parts = append(parts, sign+c.names[j])
	}
	return fmt.Sprintf("axis %d: %s (%s of the variance)", a+1, strings.Join(parts, " "), share(c.share[a]))
}

// mostPoints are drawn: more would hide each other and make the picture heavy.
const mostPoints = 2000

// cloud is customers in the plane, by group.
type cloud struct {
	groups  []int              // (g) labels, noise last
	counts  []int              // (g) customers
	centers []plotter.XY       // (g) of points; not numbers where a group is empty
	places  []plotter.XY       // (g) the same where they are drawn
	marks   []*plotter.Scatter // (g) the points that are drawn
	sample  []int              // which these are
}

// cloud divides the points into groups by their labels. At most about 2,000 are drawn, the same share of every group, but 30 where there are so many.
func (c components) cloud(groups []int, members table.Labels) cloud {
	out := cloud{groups: groups, counts: make([]int, len(groups)), centers: make([]plotter.XY, len(groups)),
		places: make([]plotter.XY, len(groups)), marks: make([]*plotter.Scatter, len(groups))}
	for i, l := range members {
		g := place(groups, l)
		out.counts[g]++
		out.centers[g].X += c.points[i].X
		out.centers[g].Y += c.points[i].Y
		out.places[g].X += c.drawn[i].X
		out.places[g].Y += c.drawn[i].Y
	}
	for g, l := range groups {
		for _, mean := range []*plotter.XY{&out.centers[g], &out.places[g]} {
			mean.X /= float64(out.counts[g])
			mean.Y /= float64(out.counts[g])
		}
		out.marks[g] = dots(nil, 2, Color(l), Shape(l))
	}
	seen := make([]int, len(groups))
	for i, l := range members {
		g := place(groups, l)
		n := out.counts[g]
		keep := min(n, max(30, mostPoints*n/len(members)))
		if seen[g]*keep/n != (seen[g]+1)*keep/n { // evenly, in the order of the table
			out.marks[g].XYs = append(out.marks[g].XYs, c.drawn[i])
			out.sample = append(out.sample, i)
		}
		seen[g]++
	}
	return out
}

// addTo draws the points, small groups last, on top. Opacity is 0xFF for full colours.
func (c cloud) addTo(p *plot.Plot, opacity uint8) {
	order := make([]int, len(c.groups))
	for g := range order {
		order[g] = g
	}
	sort.SliceStable(order, func(a, b int) bool { return c.counts[order[a]] > c.counts[order[b]] })
	for _, g := range order {
		if c.counts[g] > 0 {
			marks := *c.marks[g] // the legend keeps the full colour
			tone := color.NRGBAModel.Convert(marks.Color).(color.NRGBA)
			tone.A = opacity
			marks.Color = tone
			p.Add(&marks)
		}
	}
}

// number puts the segments into the legend with a number each, which the discs set at their centres; fig's description tells where.
func (c cloud) number(s *table.Segments, p *plot.Plot, fig *Figure) (numbers discs) {
	for g, l := range c.groups {
		if l < 0 {
			p.Legend.Add("no segment", c.marks[g])
			continue
		}
		number := strconv.Itoa(l + 1)
		p.Legend.Add(number+" "+setInLegend(segment(s.Names, l)), c.marks[g])
		if c.counts[g] > 0 {
			numbers = append(numbers, disc{c.places[g].X, c.places[g].Y, number})
			fig.describe("%s at (%s, %s).", segment(s.Names, l), sheet.Number(round(c.places[g].X)), sheet.Number(round(c.places[g].Y)))
		}
	}
	return numbers
}

// sampled tells in the note which of all customers are drawn.
func (f *Figure) sampled(c components, points cloud, x *table.Table) {
	if n := len(c.rows); len(points.sample) < n {
		f.remark("%s of %s drawn, evenly from each segment.", sheet.Count(len(points.sample)), count(n, "customer"))
	}
	if left := x.Len() - len(c.rows); left > 0 {
		f.remark("%s with a missing value left out.", count(left, "customer"))
	}
	if !x.Transformed() && &c.drawn[0] == &c.points[0] {
		f.remark("Every column is standardised (mean 0, standard deviation 1).")
	}
}

// round keeps two decimals, enough for a place in the plane.
func round(v float64) float64 { return math.Round(v*100) / 100 }

// evenScales widens the range of one axis so that a unit is about as long on both: angles between arrows are then true.
func evenScales(fig *Figure, p *plot.Plot) {
	w, h := fig.size()
	canvas := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: w, Y: h}}}
	width := w - 2*margin - 45 // ticks and label of the upright axis
	if legend := p.Legend.Rectangle(canvas).Size().X; legend > 0 {
		width -= legend + gap
	}
	height := h - fig.besidePanels() - 35
	widen := func(a *plot.Axis, unit float64, room vg.Length) {
		extra := (unit*float64(room) - (a.Max - a.Min)) / 2
		a.Min, a.Max = a.Min-extra, a.Max+extra
	}
	for _, a := range []*plot.Axis{&p.X, &p.Y} { // names stand beyond the tips
		space := 0.06 * (a.Max - a.Min)
		a.Min, a.Max = a.Min-space, a.Max+space
	}
	unit := max((p.X.Max-p.X.Min)/float64(width), (p.Y.Max-p.Y.Min)/float64(height))
	widen(&p.X, unit, width)
	widen(&p.Y, unit, height)
}
