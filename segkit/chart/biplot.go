package chart

// Biplot: customers in the plane of the two principal axes, and the columns as arrows (Gabriel 1971, doi:10.1093/biomet/58.3.453).

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// mostArrows are drawn; where there are more, the longest.
const mostArrows = 20

// Biplot draws the customers of x as Scatter does, with an arrow per column: the higher a customer's value in that column,
// the farther along the arrow the customer lies, as far as two axes can show it. Columns whose arrows point the same way are
// correlated. (Arrows are the loadings of prep.PCA on a common scale, points its scores: the form biplot.) x is what was
// clustered, before any PCA; columns in the customers' own units are brought to one scale first. Segments may be nil. Cost
// as Scatter.
func Biplot(x *table.Table, s *table.Segments) (*Figure, error) {
	if x == nil {
		return nil, fault.Nil("chart.Biplot", "table")
	}
	labels := make(table.Labels, x.Len())
	var err error
	if s == nil {
		for i := range labels {
			labels[i] = table.Noise
		}
	} else if labels, err = s.LabelsFor("chart.Biplot", x); err != nil {
		return nil, err
	}
	pc, err := principal("Biplot", x)
	if err != nil {
		return nil, err
	}
	members := pc.members(labels)
	groups := []int{table.Noise}
	if s != nil {
		groups = groupsOf(s, members)
	}
	points := pc.cloud(groups, members)
	if s == nil {
		points.marks[0].Shape = draw.CircleGlyph{}
	}

	fig := &Figure{Title: biplotTitle(pc), Height: 5 * vg.Inch}
	p := newPlot(pc.brief(0), pc.brief(1))
	p.Add(grid(true, true))
	points.addTo(p, 0x80) // so that the arrows stand out
	var centers discs
	if s != nil {
		fig.describe("Customers on two principal axes; centres of the segments:")
		centers = points.number(s, p, fig)
	}
	tips, left, apart := pc.arrows()
	fig.describe("Arrows of the columns:")
	for _, a := range tips {
		fig.describe("%s to (%s, %s).", a.name, sheet.Number(round(a.x)), sheet.Number(round(a.y)))
	}
	for i := range tips {
		tips[i].name = set(sans(small), tips[i].name, 110)
	}
	p.Add(arrows{tips, centers}, centers)

	fig.sampled(pc, points, x)
	fig.remark("An arrow points to where its column rises, and is the longer the more the column shapes these axes. Columns whose arrows point the same way go together.")
	if s != nil {
		fig.remark("Numbers mark the segments' centres.")
	}
	if len(left) > 0 {
		fig.remark("Shorter arrows not drawn: %s.", sheet.List(left))
	}
	if len(apart) > 0 {
		fig.remark("Hardly on these axes: %s.", sheet.List(apart))
	}
	fig.Panels = panel(p)
	evenScales(fig, p)
	return fig, nil
}

// arrows returns the tips, scaled so that the longest reaches about as far as the customers do; the names of columns for whose
// arrows there are too many, and of those that lie apart from the plane: arrows too short to have a direction.
func (c components) arrows() (tips []arrow, left, apart []string) {
	order := make([]int, len(c.names))
	up := c.loadings[1]
	if c.share[1] < 1e-9 { // all lie on a line, and the direction across it says nothing
		up = make([]float64, len(c.names))
	}
	length := func(j int) float64 { return steady(math.Hypot(c.loadings[0][j], up[j])) }
	for j := range order {
		order[j] = j
	}
	sort.SliceStable(order, func(a, b int) bool { return length(order[a]) > length(order[b]) })
	longest := length(order[0])
	far := make([]float64, len(c.points))
	for i, p := range c.points {
		far[i] = math.Hypot(p.X, p.Y)
	}
	slices.Sort(far)
	reach := far[len(far)*95/100] // customers farther out would stretch the arrows
	if reach == 0 {
		reach = far[len(far)-1]
	}
	for _, j := range order {
		switch {
		case length(j) < 0.15*longest:
			apart = append(apart, c.names[j])
		case len(tips) == mostArrows:
			left = append(left, c.names[j])
		default:
			tips = append(tips, arrow{reach / longest * c.loadings[0][j], reach / longest * up[j], c.names[j]})
		}
	}
	return tips, left, apart
}

// brief labels an axis by its share alone: the arrows say what makes it.
func (c components) brief(a int) string {
	return fmt.Sprintf("axis %d (%s of the variance)", a+1, share(c.share[a]))
}

// biplotTitle says how much the axes show and which columns run along them.
func biplotTitle(c components) string {
	title := fmt.Sprintf("Two axes show %s of the variance: the first %s", share(c.share[0]+c.share[1]), c.runs(0))
	if c.share[1] > 1e-9 {
		title += "; the second " + c.runs(1)
	}
	return title
}

// runs reads like "is spend and orders against recency": the columns with the largest loadings, at most two on each side.
func (c components) runs(a int) string {
	order, weight := c.heaviest(a)
	var up, down []string
	for _, j := range order {
		side := &up
		if c.loadings[a][j] < 0 {
			side = &down
		}
		if weight(j) >= 0.6*weight(order[0]) && len(*side) < 2 {
			*side = append(*side, short(c.names[j]))
		}
	}
	out := "is " + strings.Join(up, " and ")
	if len(down) > 0 {
		out += " against " + strings.Join(down, " and ")
	}
	return out
}
