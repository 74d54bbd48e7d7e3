package chart

// Outcome: what the segments did afterwards, with intervals.

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Outcome draws the mean of a column of next by segment, with a 95 % interval: Student's t for numbers, Wilson's score interval (1927,
// doi:10.1080/01621459.1927.10502953) for a column of 0 and 1, or of two levels such as no and yes. For numbers, a segment with fewer than 30 customers has a mean
// but no interval, because so few say too little about the spread. The title compares the leading segment with the others by intervals of the differences, which
// hold for all pairs of segments at once (Dunn 1961, doi:10.1080/01621459.1961.10482090): Welch's of two means (1947, doi:10.1093/biomet/34.1-2.28), Newcombe's of
// two shares (1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 10). Customers are joined by id; missing values are left out and
// counted, and so are customers of next without a segment, such as those who first came after the segments were made. The Weighting of next is respected: means are
// weighted, and intervals use what the rows are worth.
func Outcome(s *table.Segments, next *table.Table, column string) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Outcome", "segments")
	}
	if next == nil {
		return nil, fault.Nil("chart.Outcome", "table")
	}
	o, err := outcomesOf(s, next, column)
	if err != nil {
		return nil, err
	}
	k := len(o.groups)
	p := newPlot("mean "+o.column.Label()+" per customer, with 95 % interval", "")
	if o.binary {
		of := o.name()
		if had, _ := next.Column(column); !had.Categorical() {
			of += " = 1"
		}
		p.X.Label.Text = "share of customers with " + of + ", with 95 % interval"
	}
	p.Y.LineStyle.Width = 0
	p.Add(grid(true, false))
	fig := &Figure{}
	fig.describe("The %s by segment, with 95 %% intervals.", o.what())
	overall := o.all.student(.05)
	names, farthest := o.marks(p, overall.mean)
	said, widest := o.figures(fig, farthest)
	p.Add(line(plotter.XYs{{X: overall.mean, Y: -0.6}, {X: overall.mean, Y: float64(k) - 0.4}}, 1, ink, 4, 3), said)
	p.X.Min = min(0, p.X.Min)
	p.X.Tick.Marker = ticks{percent: o.binary, room: max(60, defaultWidth-160-widest)}
	p.Y.Tick.Marker = named(names)
	p.Y.Min, p.Y.Max = -0.6, float64(k)-0.4
	fig.Panels = panel(p)

	method, differences := "Student's t", "Welch"
	if o.binary {
		method, differences = "Wilson", "Newcombe"
	}
	ofAll, _ := o.write(overall)
	fig.remark("Dashed: mean of all, %s. Intervals: %s, 95 %%, each segment on its own; the title rests on intervals of differences (%s, 95 %% for all "+
		"pairs at once).", ofAll, method, differences)
	if o.missing > 0 {
		fig.remark("%s without a value left out.", count(o.missing, "customer"))
	}
	if o.without > 0 {
		fig.remark("%s without a segment left out.", count(o.without, "customer"))
	}
	fig.describe("%s", fig.Note)
	fig.Title = o.title()
	fig.Height = fig.besidePanels() + vg.Length(k)*roomFor(names, 30) + underRows
	return fig, nil
}

// outcomes are the values of a column, by segment.
type outcomes struct {
	segments *table.Segments
	column   table.Column
	binary   bool       // all values are 0 or 1
	groups   []int      // (k) labels of the segments
	values   []sample   // (k)
	means    []estimate // (k)
	all      sample     // of all groups together
	missing  int        // customers without a value
	without  int        // customers without a segment
}

func outcomesOf(s *table.Segments, next *table.Table, column string) (*outcomes, error) {
	next, without, err := inSegments(s, next)
	if err != nil {
		return nil, err
	}
	c, all, err := next.Metric(column)
	if err != nil {
		return nil, err
	}
	labelsOf, err := s.LabelsFor("chart.Outcome", next)
	if err != nil {
		return nil, err
	}
	o := &outcomes{segments: s, column: c, binary: true, groups: groupsOf(s, labelsOf), all: sample{weighting: next.Weighting()}, without: without}
	for range o.groups {
		o.values = append(o.values, sample{weighting: next.Weighting()})
	}
	w, customers := next.Weights(), customersOf(next)
	for i, v := range all {
		if !finite(v) {
			o.missing += customers(i)
			continue
		}
		weight := 1.0
		if w != nil {
			weight = w[i]
		}
		o.values[place(o.groups, labelsOf[i])].add(v, weight)
		o.all.add(v, weight)
		o.binary = o.binary && (v == 0 || v == 1)
	}
	if len(o.all.values) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Outcome: column %q has no value in %s", column, count(next.Len(), "customer"))
	}
	for _, values := range o.values {
		mean := values.of(o.binary, .05)
		if !o.binary && mean.n < describe.SmallSegment {
			mean.low, mean.high = math.NaN(), math.NaN()
		}
		o.means = append(o.means, mean)
	}
	return o, nil
}

func (o *outcomes) name() string { return short(clean(o.column.Name)) }

// what is drawn, such as "mean spend".
func (o *outcomes) what() string {
	if o.binary {
		return "share of " + o.name()
	}
	return "mean " + o.name()
}

func (o *outcomes) write(e estimate) (mean, interval string) {
	if o.binary {
		return share(e.mean), share(e.low) + " to " + share(e.high)
	}
	mean, low, high := e.digits()
	return wording.Measured(mean, o.column.Unit), low + " to " + high
}

// marks draws a dot with its interval for each segment, the first at the top. It returns the names of the rows (k), from the bottom, and how far the marks reach,
// which is at least to reach.
func (o *outcomes) marks(p *plot.Plot, reach float64) (names []string, farthest float64) {
	k := len(o.groups)
	names, farthest = make([]string, k), reach
	for g, l := range o.groups {
		y, m := float64(k-1-g), o.means[g]
		names[k-1-g] = setRow(segment(o.segments.Names, l))
		if m.n == 0 {
			continue
		}
		p.Add(dots(plotter.XYs{{X: m.mean, Y: y}}, 5, Color(l), Shape(l)))
		farthest = max(farthest, m.mean)
		if m.known() {
			p.Add(line(plotter.XYs{{X: m.low, Y: y}, {X: m.high, Y: y}}, 1.25, ink),
				line(plotter.XYs{{X: m.low, Y: y - 0.16}, {X: m.low, Y: y + 0.16}}, 1.25, ink),
				line(plotter.XYs{{X: m.high, Y: y - 0.16}, {X: m.high, Y: y + 0.16}}, 1.25, ink))
			farthest = max(farthest, m.high)
		}
	}
	return names, farthest
}

// figures writes each segment's mean and interval at x, and into the text alternative; widest is the longest.
func (o *outcomes) figures(fig *Figure, x float64) (said labels, widest vg.Length) {
	for g, l := range o.groups {
		y, m := float64(len(o.groups)-1-g), o.means[g]
		text := "no customers"
		switch mean, interval := o.write(m); {
		case m.known():
			text = fmt.Sprintf("%s (%s)\n%s", mean, interval, count(m.n, "customer"))
		case m.n > 0:
			text = fmt.Sprintf("%s, no interval\n%s", mean, count(m.n, "customer"))
		}
		right := beside(x, y, text, sans(small))
		right.dx += 6 // clear of the mark
		said = append(said, right)
		widest = max(widest, sans(small).Width(text))
		fig.describe("%s: %s.", segment(o.segments.Names, l), strings.ReplaceAll(text, "\n", ", "))
	}
	return said, widest
}

// inSegments returns the rows of t whose customers are in s, and how many other customers there are; all rows if s knows none of them.
func inSegments(s *table.Segments, t *table.Table) (*table.Table, int, error) {
	known, err := s.ByID("chart.Outcome")
	if err != nil {
		return nil, 0, err
	}
	var rows []int
	without, customers := 0, customersOf(t)
	for i, id := range t.IDs() {
		if _, ok := known[id]; ok {
			rows = append(rows, i)
		} else {
			without += customers(i)
		}
	}
	if without == 0 || rows == nil {
		return t, 0, nil
	}
	return t.Rows(rows), without, nil
}

// title says which segment is ahead, and of which others that may be chance: of those from which it does not differ.
func (o *outcomes) title() string {
	s, groups, means, c, what := o.segments, o.groups, o.means, o.column, o.what()
	k := float64(s.K())
	differ := func(a, b int) bool { return lead(o.values[a], o.values[b], o.binary, .05/max(1, k*(k-1)/2)) > 0 }
	best := -1
	ahead := func(a, b float64) bool { return a > b != c.LowerIsBetter && a != b }
	for g, m := range means {
		if m.known() && groups[g] >= 0 && (best < 0 || ahead(m.mean, means[best].mean)) {
			best = g
		}
	}
	if best < 0 {
		return fmt.Sprintf("Too few customers for an interval of the %s in any segment", what)
	}
	var beside []string
	others, any := 0, false
	for g, m := range means {
		if g == best || !m.known() {
			continue
		}
		others++
		any = any || m.mean != means[best].mean
		if !differ(best, g) {
			beside = append(beside, quote(segment(s.Names, groups[g])))
		}
	}
	word := "highest"
	if c.LowerIsBetter {
		word = "lowest"
	}
	among := ""
	for g, m := range means {
		if groups[g] >= 0 && m.n > 0 && !m.known() && ahead(m.mean, means[best].mean) {
			among = fmt.Sprintf("Among segments of %d customers or more, ", describe.SmallSegment)
		}
	}
	mean, interval := o.write(means[best])
	title := fmt.Sprintf("%s%s has the %s %s, %s (95 %% interval %s)", among, quote(segment(s.Names, groups[best])), word, what, mean, interval)
	switch {
	case others == 0:
		return fmt.Sprintf("The %s of %s is %s (95 %% interval %s)", what, quote(segment(s.Names, groups[best])), mean, interval)
	case !any:
		return fmt.Sprintf("No segment stands out: the %s is %s in all", what, mean)
	case len(beside) == 0:
		return title + ", a lead beyond chance"
	case len(beside) <= 2:
		return title + ", but its lead over " + sheet.List(beside) + " may be chance"
	default:
		return title + fmt.Sprintf(", but its lead over %d other segments may be chance", len(beside))
	}
}

// estimate is a mean with its interval; the interval is NaN where one value, or none, gives no idea of the spread.
type estimate struct {
	n               int
	mean, low, high float64
	worth           float64 // how many customers the weights leave
	variance        float64 // of the mean
}

func (e estimate) known() bool { return finite(e.low) && finite(e.high) }

// digits writes the mean and its interval to the first digit of the interval's half width, or to the second where the first is a 1:
// what stands behind is noise. Without an interval, or where it has no width, the mean is written as other numbers are.
func (e estimate) digits() (mean, low, high string) {
	half := (e.high - e.low) / 2
	if !(half > 0) || math.IsInf(half, 0) {
		return sheet.Number(e.mean), sheet.Number(e.low), sheet.Number(e.high)
	}
	place := math.Floor(math.Log10(half))
	if half < 2*math.Pow(10, place) {
		place--
	}
	decimals := int(min(max(0, -place), 6))
	return sheet.Fixed(e.mean, decimals), sheet.Fixed(e.low, decimals), sheet.Fixed(e.high, decimals)
}

// sample is some customers' values with their weights (n).
type sample struct {
	values, weights []float64
	weighting       table.Weighting
}

func (s *sample) add(value, weight float64) {
	s.values, s.weights = append(s.values, value), append(s.weights, weight)
}

// of is the share of ones or the mean of numbers, with an interval that misses the truth with probability alpha.
func (s sample) of(binary bool, alpha float64) estimate {
	if binary {
		return s.wilson(alpha)
	}
	return s.student(alpha)
}

// lead is the least by which the larger of a and b is ahead: the lower end of the interval of their difference.
func lead(a, b sample, binary bool, alpha float64) float64 {
	x, y := a.of(binary, alpha), b.of(binary, alpha)
	if x.mean < y.mean {
		x, y = y, x
	}
	if binary {
		return x.mean - y.mean - math.Hypot(x.mean-x.low, y.high-y.mean)
	}
	if x.worth <= 1 || y.worth <= 1 {
		return math.NaN()
	}
	sum := x.variance + y.variance
	if sum == 0 {
		return x.mean - y.mean
	}
	degrees := sum * sum / (x.variance*x.variance/(x.worth-1) + y.variance*y.variance/(y.worth-1))
	return x.mean - y.mean - distuv.StudentsT{Mu: 0, Sigma: 1, Nu: degrees}.Quantile(1-alpha/2)*math.Sqrt(sum)
}

// mean returns the weighted mean without an interval.
func (s sample) mean() estimate {
	e := estimate{n: len(s.values), mean: math.NaN(), low: math.NaN(), high: math.NaN()}
	if e.n == 0 {
		return e
	}
	var sum, total float64
	for i, v := range s.values {
		sum += v * s.weights[i]
		total += s.weights[i]
	}
	e.mean = sum / total
	if s.weighting == table.FrequencyWeights {
		e.n = int(total)
	}
	e.worth = s.weighting.Worth(s.weights)
	return e
}

// student is the mean with the interval of Student's t; it trusts the mean of n values to be about normal.
func (s sample) student(alpha float64) estimate {
	e := s.mean()
	if e.worth <= 1 {
		return e
	}
	var squares, total float64
	for i, v := range s.values {
		squares += (v - e.mean) * (v - e.mean) * s.weights[i]
		total += s.weights[i]
	}
	e.variance = squares / total / (e.worth - 1)
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: e.worth - 1}.Quantile(1-alpha/2) * math.Sqrt(e.variance)
	e.low, e.high = e.mean-half, e.mean+half
	return e
}

// wilson is the share of ones with its score interval, which stays between 0 and 1.
func (s sample) wilson(alpha float64) estimate {
	e := s.mean()
	if e.n == 0 {
		return e
	}
	e.low, e.high = stats.Wilson(e.mean, e.worth, distuv.UnitNormal.Quantile(1-alpha/2))
	return e
}
