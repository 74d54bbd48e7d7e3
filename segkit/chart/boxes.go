package chart

// Boxes: how the customers of each segment lie in their columns.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

const (
	boxesAbreast = 3
	boxTail      = 0.05 // of the customers lie beyond each whisker
	longTail     = 30   // times the lowest whisker is the highest of a column with a logarithmic axis: below, boxes at the left can still be told apart
)

// Boxes draws a panel per column of raw, with a box per segment: median, middle half, and whiskers that leave out 5 % at each end. The dashed line
// is the median of all customers. If no column is named, it takes all numeric columns, or if there are more than 20, those in which medians differ
// most. A column with a long tail (above 0, whiskers that span a factor of 30 or more, the median at the lower end) has a logarithmic axis, and
// says so. Missing values are left out and weights are respected; customers are joined by id.
func Boxes(raw *table.Table, s *table.Segments, columns ...string) (*Figure, error) {
	labelsOf, err := s.LabelsFor("chart.Boxes", raw)
	if err != nil {
		return nil, err
	}
	if len(columns) == 0 {
		for _, c := range numeric(raw) {
			columns = append(columns, c.Name)
		}
	}
	if len(columns) == 0 {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.Boxes: the table has no numeric column: draw a Mosaic of a category")
	}
	groups := groupsOf(s, labelsOf)
	var all []strip
	for _, name := range columns {
		st, err := stripOf(raw, name, groups, labelsOf)
		if err != nil {
			return nil, err
		}
		all = append(all, st)
	}
	fig := &Figure{Title: boxesTitle(s, all)}
	var left []string
	if len(all) > mostTraits {
		order := make([]int, len(all))
		for j := range order {
			order[j] = j
		}
		sort.SliceStable(order, func(a, b int) bool { return all[order[a]].apart() > all[order[b]].apart() })
		for _, j := range order[mostTraits:] {
			left = append(left, short(clean(all[j].column.Name)))
		}
		order = order[:mostTraits]
		slices.Sort(order)
		for to, j := range order {
			all[to] = all[j]
		}
		all = all[:mostTraits]
	}

	across := min(boxesAbreast, len(all))
	room := (defaultWidth - 2*margin - traitNames) / vg.Length(across)
	names, heads := make([]string, len(groups)), make([]string, len(all))
	for g, l := range groups {
		names[len(groups)-1-g] = set(sans(small), segment(s.Names, l), traitNames-6)
	}
	missing := 0
	for j, st := range all {
		beside := names
		if j%across > 0 {
			beside = make([]string, len(groups))
		} else {
			fig.Panels = append(fig.Panels, make([]*plot.Plot, across))
		}
		heads[j] = set(bold(small), st.heading(), room-gap)
		fig.Panels[j/across][j%across] = st.panel(groups, beside, heads[j], room-gap)
		missing += st.missing
		fig.describe("%s, medians:", clean(st.column.Label()))
		for g, l := range groups {
			if b := st.boxes[g]; finite(b.median) {
				fig.describe("%s %s (middle half %s to %s).", segment(s.Names, l), sheet.Number(b.median), sheet.Number(b.q1), sheet.Number(b.q3))
			}
		}
	}
	rows := vg.Length(len(fig.Panels))
	fig.remark("Boxes: the middle half with its median; whiskers leave out 5 %% at each end. Dashed: median of all %s.", count(allCustomers(raw), "customer"))
	if missing > 0 {
		fig.remark("%s left out.", count(missing, "missing value"))
	}
	fig.leftOut(left)
	fig.Height = fig.besidePanels() + rows*(vg.Length(len(groups))*roomFor(names, 20)+roomFor(heads, 15)+35) + 10
	return fig, nil
}

// strip is one column: a box for all customers and one for each group.
type strip struct {
	column  table.Column
	all     boxplot
	boxes   []boxplot // (g) not numbers where a group has no value; the first k are segments
	k       int
	missing int
}

func stripOf(raw *table.Table, name string, groups []int, labelsOf table.Labels) (strip, error) {
	c, _, _, missing, err := numbers("Boxes", raw, name)
	if err != nil {
		return strip{}, err
	}
	values, err := raw.Values(name)
	if err != nil {
		return strip{}, err
	}
	weights, repeats := raw.Weights(), raw.Weighting() == table.FrequencyWeights
	st := strip{column: c, missing: missing, k: slices.Max(groups) + 1, boxes: make([]boxplot, len(groups))}
	st.all, _ = boxOf(values, weights, repeats, boxTail)
	own, weigh := make([][]float64, len(groups)), make([][]float64, len(groups)) // weights stay nil where the table has none
	for i, v := range values {
		g := place(groups, labelsOf[i])
		own[g] = append(own[g], v)
		if weights != nil {
			weigh[g] = append(weigh[g], weights[i])
		}
	}
	for g := range groups {
		st.boxes[g], _ = boxOf(own[g], weigh[g], repeats, boxTail)
	}
	if !finite(st.high() - st.low()) {
		return st, fault.Errorf(fault.ErrUndefined, "segkit: chart.Boxes: column %q holds values too far apart to draw", name)
	}
	return st, nil
}

func (st strip) low() float64 { return st.extreme(func(b boxplot) float64 { return b.low }, math.Min) }
func (st strip) high() float64 {
	return st.extreme(func(b boxplot) float64 { return b.high }, math.Max)
}

func (st strip) extreme(of func(boxplot) float64, farther func(a, b float64) float64) float64 {
	out := of(st.all)
	for _, b := range st.boxes {
		if finite(b.median) {
			out = farther(out, of(b))
		}
	}
	return out
}

// apart is how far the medians of segments lie apart, in the breadth of the middle half of all customers.
func (st strip) apart() float64 {
	low, high := st.medians()
	breadth := st.all.q3 - st.all.q1
	if breadth == 0 {
		breadth = st.all.high - st.all.low
	}
	switch {
	case !(high > low):
		return 0
	case breadth == 0:
		return math.Inf(1)
	}
	return (high - low) / breadth
}

func (st strip) medians() (low, high float64) {
	var all []float64
	for _, b := range st.boxes[:st.k] {
		all = append(all, b.median)
	}
	return extent(all)
}

func (st strip) panel(groups []int, names []string, heading string, room vg.Length) *plot.Plot {
	p := newPlot("", "")
	p.X.Tick.Marker, p.Y.LineStyle.Width = ticks{most: 5, room: room}, 0
	k := len(groups)
	p.Add(grid(true, false), line(plotter.XYs{{X: st.all.median, Y: -0.6}, {X: st.all.median, Y: float64(k) - 0.4}}, 1, ink, 4, 3))
	for g, l := range groups {
		y := float64(k - 1 - g)
		if b := st.boxes[g]; finite(b.median) {
			b.addTo(p, y, 0.3, Color(l), true)
		}
	}
	p.Y.Tick.Marker = named(names)
	low, high := st.low(), st.high()
	space := 0.03 * (high - low)
	if space == 0 {
		space = max(1, math.Abs(high)/10)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = low-space, high+space, -0.6, float64(k)-0.4
	if st.logarithmic() {
		space := math.Pow(high/low, 0.03)
		p.X.Min, p.X.Max, p.X.Scale, p.X.Tick.Marker = low/space, high*space, plot.LogScale{}, steps{room}
	}
	headed(p, heading)
	return p
}

func (st strip) heading() string {
	if st.logarithmic() {
		return clean(st.column.Label()) + ", log scale"
	}
	return clean(st.column.Label())
}

// logarithmic reports whether the column has a long tail: a wide span, whose geometric middle is nearer to the median than the middle is.
func (st strip) logarithmic() bool {
	low, high := st.low(), st.high()
	return low > 0 && high >= longTail*low && math.Abs(st.all.median-math.Sqrt(low*high)) < math.Abs(st.all.median-(low+high)/2)
}

// boxesTitle names the column in which the medians lie farthest apart.
func boxesTitle(s *table.Segments, all []strip) string {
	if s.K() < 2 {
		return "A single segment, which is everyone"
	}
	best := slices.MaxFunc(all, func(a, b strip) int { return cmp.Compare(a.apart(), b.apart()) })
	low, high := best.medians()
	if !(high > low) {
		return "The medians of the segments are the same in all of these columns"
	}
	return fmt.Sprintf("Segments are farthest apart in %s: medians from %s to %s", short(clean(best.column.Name)), sheet.Number(low),
		amount(high, best.column.Unit))
}
