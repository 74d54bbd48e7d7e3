package chart

// Scatter: customers in the plane of the two principal axes (Pearson 1901, doi:10.1080/14786440109462720).

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/sheet"
)

// mostPoints are drawn: more would hide each other and make the picture heavy.
const mostPoints = 2000

// Scatter draws the customers of x (n x d, d at least 2 numeric columns) on the two axes along which they differ most.
// x is what was clustered (Recipe.Prepare, Model.Prepare); the columns of a table in the customers' own units are brought to one scale first.
// At most 2,000 points are drawn, the same share of every segment; customers with a missing value are left out and counted.
// Cost n d² for the covariances, d³ for the axes.
func Scatter(x *segkit.Table, s *segkit.Segments) (*Figure, error) {
	labelsOf, err := s.LabelsOf(x)
	if err != nil {
		return nil, err
	}
	pc, err := principal(x)
	if err != nil {
		return nil, err
	}
	members := make(segkit.Labels, len(pc.rows))
	for i, r := range pc.rows {
		members[i] = labelsOf[r]
	}
	groups := groupsOf(s, members)
	fig := &Figure{Height: 4.8 * vg.Inch}
	fig.describe("Customers on two principal axes; centres of the segments:")
	p := newPlot(pc.axis(0), pc.axis(1))
	p.X.Tick.Marker = ticks{room: 320}
	p.Add(grid(true, true))

	marks := make([]*plotter.Scatter, len(groups))
	centers := make([]plotter.XY, len(groups))
	counts := make([]int, len(groups))
	for i, l := range members {
		g := place(groups, l)
		counts[g]++
		centers[g].X += pc.points[i].X
		centers[g].Y += pc.points[i].Y
	}
	for g, l := range groups {
		centers[g].X /= float64(counts[g])
		centers[g].Y /= float64(counts[g])
		marks[g] = dots(nil, 2, Color(l), Shape(l))
	}
	drawn := 0
	seen := make([]int, len(groups))
	for i, l := range members {
		g := place(groups, l)
		keep := min(counts[g], max(30, mostPoints*counts[g]/len(members)))
		if seen[g]*keep/counts[g] != (seen[g]+1)*keep/counts[g] { // evenly, in the order of the table
			marks[g].XYs = append(marks[g].XYs, pc.points[i])
			drawn++
		}
		seen[g]++
	}
	order := make([]int, len(groups)) // small segments last, on top
	for g := range order {
		order[g] = g
	}
	sort.SliceStable(order, func(a, b int) bool { return counts[order[a]] > counts[order[b]] })
	for _, g := range order {
		if counts[g] > 0 {
			p.Add(marks[g])
		}
	}
	var numbers discs
	for g, l := range groups {
		if l < 0 {
			p.Legend.Add("no segment", marks[g])
			continue
		}
		p.Legend.Add(strconv.Itoa(l+1)+" "+clip(sans(small), segment(s.Names, l), 120), marks[g])
		if counts[g] > 0 {
			numbers = append(numbers, disc{centers[g].X, centers[g].Y, strconv.Itoa(l + 1)})
			fig.describe("%s at (%s, %s).", segment(s.Names, l), sheet.Number(round(centers[g].X)), sheet.Number(round(centers[g].Y)))
		}
	}
	p.Add(numbers)
	fig.Panels = panel(p)

	kept := pc.share[0] + pc.share[1]
	if stray, clustered := strays(pc.points, members, centers[:s.K()]); clustered == 0 || s.K() < 2 {
		fig.Title = fmt.Sprintf("Two axes show %s of the variance", share(kept))
	} else {
		fig.Title = fmt.Sprintf("On the two main axes (%s of the variance), %s of customers lie nearer to another segment's centre",
			share(kept), share(float64(stray)/float64(clustered)))
	}
	if drawn < len(members) {
		fig.remark("%s of %s drawn, evenly from each segment.", sheet.Count(drawn), count(len(members), "customer"))
	}
	if left := x.Len() - len(members); left > 0 {
		fig.remark("%s with a missing value left out.", count(left, "customer"))
	}
	if !x.Transformed() {
		fig.remark("Every column is brought to one scale (mean 0, standard deviation 1).")
	}
	fig.remark("Numbers mark the segments' centres.")
	return fig, nil
}

// components are the two principal axes of a table.
type components struct {
	rows     []int       // rows without a missing value
	points   plotter.XYs // where they lie
	share    [2]float64  // of the variance
	loadings [2][]float64
	names    []string
}

func principal(x *segkit.Table) (components, error) {
	var c components
	var at []int
	for j, column := range x.Columns() {
		if !column.Categorical() {
			at = append(at, j)
			c.names = append(c.names, short(clean(column.Name)))
		}
	}
	d := len(at)
	if d < 2 {
		return c, fmt.Errorf("segkit: chart.Scatter: two axes need at least two numeric columns, the table has %d: draw Histograms instead: %w", d, segkit.ErrSchema)
	}
	var data []float64
	for i := range x.Len() {
		row := make([]float64, d)
		whole := true
		for p, j := range at {
			row[p] = x.At(i, j)
			whole = whole && finite(row[p])
		}
		if whole {
			c.rows = append(c.rows, i)
			data = append(data, row...)
		}
	}
	n := len(c.rows)
	if n < 2 {
		return c, fmt.Errorf("segkit: chart.Scatter: %s without a missing value, two are needed: use Impute first: %w", count(n, "customer"), segkit.ErrEmpty)
	}
	m := mat.NewDense(n, d, data)
	for j := range d {
		column := mat.Col(nil, j, m)
		mean, sd := stat.PopMeanStdDev(column, nil)
		if !finite(sd) {
			return c, fmt.Errorf("segkit: chart.Scatter: column %q holds values too large to be squared: use Log1p first: %w", c.names[j], segkit.ErrUndefined)
		}
		if x.Transformed() || !(sd > 1e-12*math.Abs(mean)) {
			sd = 1
		}
		for i, v := range column {
			m.Set(i, j, (v-mean)/sd)
		}
	}
	var covariance mat.SymDense
	stat.CovarianceMatrix(&covariance, m, nil)
	var eigen mat.EigenSym
	if !eigen.Factorize(&covariance, true) {
		return c, fmt.Errorf("segkit: chart.Scatter: the principal axes cannot be computed: %w", segkit.ErrUndefined)
	}
	values := eigen.Values(nil) // rising
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	total := 0.0
	for _, v := range values {
		total += math.Max(v, 0)
	}
	if !(total > 0) {
		return c, fmt.Errorf("segkit: chart.Scatter: all %s are alike, there is nothing to tell apart: %w", count(n, "customer"), segkit.ErrUndefined)
	}
	for a := range 2 {
		v := mat.Col(nil, d-1-a, &vectors)
		largest := 0
		for j := range v {
			if math.Abs(v[j]) > math.Abs(v[largest])+1e-9 {
				largest = j
			}
		}
		if v[largest] < 0 { // the sign is free: the strongest column points up
			for j := range v {
				v[j] = -v[j]
			}
		}
		c.share[a], c.loadings[a] = math.Max(values[d-1-a], 0)/total, v
	}
	c.points = make(plotter.XYs, n)
	for i := range c.points {
		for j := range d {
			c.points[i].X += m.At(i, j) * c.loadings[0][j]
			c.points[i].Y += m.At(i, j) * c.loadings[1][j]
		}
	}
	return c, nil
}

// axis labels an axis by its share of the variance and the columns that make it: "axis 1: 58 % of the variance (recency, −orders)".
func (c components) axis(a int) string {
	order := make([]int, len(c.names))
	for j := range order {
		order[j] = j
	}
	weight := func(j int) float64 { return math.Abs(c.loadings[a][j]) }
	sort.SliceStable(order, func(x, y int) bool { return weight(order[x]) > weight(order[y])+1e-9 })
	var parts []string
	for _, j := range order[:min(3, len(order))] {
		if weight(j) < 0.3 {
			break
		}
		sign := "+"
		if c.loadings[a][j] < 0 {
			sign = "−"
		}
		parts = append(parts, sign+clip(sans(small), c.names[j], 70))
	}
	return fmt.Sprintf("axis %d: %s (%s of the variance)", a+1, strings.Join(parts, " "), share(c.share[a]))
}

// strays counts the customers who lie nearer to another segment's centre than to their own, and all who are in a segment.
func strays(points plotter.XYs, labels segkit.Labels, centers []plotter.XY) (stray, clustered int) {
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

// round keeps two decimals, enough for a place in the plane.
func round(v float64) float64 { return math.Round(v*100) / 100 }
