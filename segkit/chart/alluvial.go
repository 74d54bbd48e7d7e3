package chart

// Alluvial: how the segments of k come out of those of k - 1 (Dolnicar & Leisch 2017, doi:10.1007/s11002-017-9423-8).

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Alluvial draws the segments of a sweep at every k as columns of nodes, with heights in proportion to their customers, and between them
// the streams of customers from k to k + 1. A node's number is that of its segment, which keeps it from one k to the next. Its shade and
// the number beside it say how purely it comes from one segment of the previous k (SLSa, 0 to 1). A segment that stays pure over several
// k is one on which the data insist; a mixed one results from the choice of k.
func Alluvial(s *choose.Sweep) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.Alluvial", "sweep")
	}
	f, points, err := flowOf("Alluvial", s)
	if err != nil {
		return nil, err
	}
	fig := &Figure{Title: alluvialTitle(points)}
	fig.describe("Segments at each number of segments, and the customers who move between them.")
	for c, at := range points {
		if at.Origin == nil {
			continue
		}
		var said []string
		for l, purity := range at.Origin {
			if finite(purity) {
				f.columns[c][l].fill = shades[class(purity, 0, 1)]
				f.columns[c][l].beside = sheet.Fixed(purity, 2)
				said = append(said, fmt.Sprintf("%d %s", l+1, sheet.Fixed(purity, 2)))
			}
		}
		if said != nil { // those of k = 1 have one place to come from
			fig.describe("k = %d: SLSa of segments %s.", at.K, strings.Join(said, ", "))
		}
	}
	f.addTo(fig, s, points, "SLSa", func(at float64) string { return sheet.Fixed(at, 1) })
	fig.remark("Figures beside the segments, and shades: SLSa, 1 where all its customers come from one segment of the previous k, 0 where they " +
		"come evenly from all.")
	return fig, nil
}

// AlluvialBy is Alluvial with nodes shaded by the mean of a numeric column of t, which is joined by id: it shows what the
// segments of each k are about, and what one more adds.
func AlluvialBy(s *choose.Sweep, t *table.Table, column string) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.AlluvialBy", "sweep")
	}
	if t == nil {
		return nil, fault.Nil("chart.AlluvialBy", "table")
	}
	f, points, err := flowOf("AlluvialBy", s)
	if err != nil {
		return nil, err
	}
	c, known, _, missing, err := numbers("AlluvialBy", t, column)
	if err != nil {
		return nil, err
	}
	means, err := meansOf(s, points, t, column)
	if err != nil {
		return nil, err
	}
	low, high := slices.Max(known), slices.Min(known)
	for _, at := range means {
		a, b := extent(at)
		low, high = min(low, a), max(high, b)
	}
	name := short(clean(c.Name))
	fig := &Figure{}
	fig.describe("Segments at each number of segments, shaded by their mean %s, and the customers who move between them.", name)
	for p, at := range points {
		var said []string
		for l, m := range means[p] {
			if finite(m) {
				f.columns[p][l].fill = shades[class(m, low, high)]
				f.columns[p][l].beside = sheet.Number(m)
				said = append(said, fmt.Sprintf("%d %s", l+1, sheet.Number(m)))
			}
		}
		fig.describe("k = %d: means of segments %s.", at.K, strings.Join(said, ", "))
	}
	first, last := 0, len(points)-1
	if points[0].K == 1 && last > 0 {
		first = 1 // one segment has one mean
	}
	a, b := extent(means[first])
	fig.Title = fmt.Sprintf("At k = %d the means of %s run from %s to %s", points[first].K, name, sheet.Number(a), amount(b, c.Unit))
	if last > first {
		a, b = extent(means[last])
		fig.Title += fmt.Sprintf(", at k = %d from %s to %s", points[last].K, sheet.Number(a), amount(b, c.Unit))
	}
	f.addTo(fig, s, points, set(sans(small), "mean "+clean(c.Name), 90), func(at float64) string { return sheet.Number(low + at*(high-low)) })
	fig.remark("Figures beside the segments, and shades: the mean %s.", clean(c.Label()))
	if missing > 0 {
		fig.remark("%s without a value.", count(missing, "customer"))
	}
	return fig, nil
}

// meansOf returns the mean of the column in each segment of each point; not a number where nobody has a value.
func meansOf(s *choose.Sweep, points []choose.SweepPoint, t *table.Table, column string) ([][]float64, error) {
	all, err := t.Values(column)
	if err != nil {
		return nil, err
	}
	value := make(map[string]float64, len(all))
	for i, id := range t.IDs() {
		value[id] = all[i]
	}
	means := make([][]float64, len(points))
	for p, at := range points {
		means[p] = make([]float64, at.K)
		counts := make([]float64, at.K)
		for i, l := range at.Labels {
			v, ok := value[s.IDs[i]]
			if !ok {
				return nil, fault.Errorf(fault.ErrUnmatched, "segkit: chart.AlluvialBy: customer %s of the sweep is not in the table: use the table that was swept, "+
					"before its transforms",
					s.IDs[i])
			}
			if l >= 0 && finite(v) {
				means[p][l] += v
				counts[l]++
			}
		}
		for l := range counts {
			means[p][l] /= counts[l]
		}
	}
	return means, nil
}

// flowOf returns the nodes, numbered and not yet shaded, and the streams of the points that hold labels.
func flowOf(op string, s *choose.Sweep) (flow, []choose.SweepPoint, error) {
	var points []choose.SweepPoint
	for _, at := range s.Points {
		if len(at.Labels) == len(s.IDs) && len(at.Labels) > 0 {
			points = append(points, at)
		}
	}
	if len(points) == 0 {
		return flow{}, nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.%s: the sweep does not say who is in which segment", op)
	}
	var f flow
	for p, at := range points {
		nodes, streams := make([]node, at.K), []stream(nil)
		share := 1 / float64(len(at.Labels))
		for l := range nodes {
			nodes[l] = node{fill: faint, text: strconv.Itoa(l + 1)}
		}
		moved := map[[2]int]int{}
		for i, l := range at.Labels {
			if l < 0 {
				continue
			}
			nodes[l].size += share
			if p > 0 && points[p-1].Labels[i] >= 0 {
				moved[[2]int{points[p-1].Labels[i], l}]++
			}
		}
		if p > 0 {
			for from := range points[p-1].K {
				for to := range at.K {
					if n := moved[[2]int{from, to}]; n > 0 {
						streams = append(streams, stream{from: from, to: to, size: float64(n) * share, fill: veil})
					}
				}
			}
			f.streams = append(f.streams, streams)
		}
		f.columns = append(f.columns, nodes)
	}
	return f, points, nil
}

// addTo makes the panel of an alluvial figure, with a key to the shades: at says in words where a fifth of their range begins.
func (f flow) addTo(fig *Figure, s *choose.Sweep, points []choose.SweepPoint, what string, at func(share float64) string) {
	p := newPlot("number of segments k", "")
	p.HideY()
	names := make([]string, len(points))
	for i, at := range points {
		names[i] = strconv.Itoa(at.K)
	}
	p.X.Tick.Marker, p.X.LineStyle.Width = named(names), 0
	p.Add(f)
	p.Legend.Add(what)
	if at(0) == at(1) { // all have the same
		p.Legend.Add(at(0), swatch{shades[class(0, 0, 0)]})
	} else {
		for c := len(shades) - 1; c >= 0; c-- {
			low, high := float64(c)/float64(len(shades)), float64(c+1)/float64(len(shades))
			p.Legend.Add(at(low)+" to "+at(high), swatch{shades[c]})
		}
	}
	fig.Panels, fig.Height = panel(p), 4.8*vg.Inch
	fig.remark("%s on %s.", clean(s.Method), count(s.N, "customer"))
	if thin := f.thin(); thin > 0 {
		fig.remark("%s of fewer than %s of customers not drawn.", count(thin, "stream"), share(leastSeen))
	}
}

// alluvialTitle names the segment of most mixed origin, and says up to where all are pure.
func alluvialTitle(points []choose.SweepPoint) string {
	k, label, lowest := 0, 0, math.Inf(1)
	for _, at := range points {
		for l, purity := range at.Origin {
			if finite(purity) && purity < lowest {
				k, label, lowest = at.K, l, purity
			}
		}
	}
	switch {
	case k == 0:
		return fmt.Sprintf("Only k = %d: there is no smaller k for its segments to come from", points[0].K)
	case lowest >= 0.95:
		return fmt.Sprintf("From k = %d to %d every segment comes from a single earlier one: SLSa at least %s", points[0].K, points[len(points)-1].K,
			sheet.Fixed(lowest, 2))
	default:
		return fmt.Sprintf("Segment %d at k = %d has the most mixed origin: SLSa %s", label+1, k, sheet.Fixed(lowest, 2))
	}
}
