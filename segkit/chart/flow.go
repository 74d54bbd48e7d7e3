package chart

// Flow: which segment of one segmentation continues which of another, and who changes.

import (
	"fmt"
	"image/color"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/overlap"
)

// Flow draws the segments of two segmentations of the same customers as two columns of nodes, with heights in proportion to their
// customers, and the streams of customers between them. A segment that continues another has the same colour.
func Flow(m *compare.Matching) (*Figure, error) {
	if m == nil {
		return nil, fault.Nil("chart.Flow", "matching")
	}
	if m.Customers == 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: chart.Flow: the two segmentations have no customer in common")
	}
	f := flow{columns: [][]node{make([]node, m.From.K()), make([]node, m.To.K())}, streams: make([][]stream, 1), names: true}
	part := 1 / float64(m.Customers)
	for l := range f.columns[0] {
		f.columns[0][l].fill = Color(l)
	}
	next := m.From.K() // colours of new segments
	for l := range f.columns[1] {
		own := m.Of[l]
		if !m.Continues(l) {
			own, next = next, next+1
		}
		f.columns[1][l].fill = Color(own)
	}
	stay := 0
	for from, counts := range m.Counts {
		for to, n := range counts {
			if n == 0 {
				continue
			}
			f.columns[0][from].size += float64(n) * part
			f.columns[1][to].size += float64(n) * part
			moved := stream{from: from, to: to, size: float64(n) * part, fill: veil}
			if m.Of[to] == from && m.Continues(to) {
				stay += n
				tone := color.NRGBAModel.Convert(Color(from)).(color.NRGBA)
				tone.A = 0x70
				moved.fill, moved.edge = tone, Color(from)
			}
			f.streams[0] = append(f.streams[0], moved)
		}
	}
	fig := &Figure{}
	fig.describe("Two columns of segments and the customers who move between them.")
	for side, names := range [][]string{m.From.Names, m.To.Names} {
		for l := range f.columns[side] {
			n := &f.columns[side][l]
			n.text = figures(set(sans(small), segment(names, l), 150), share(n.size), 150)
		}
	}
	old, fresh := overlap.Used(m.Counts)
	begin, end := len(fresh), len(old)
	for to, from := range m.Of {
		if m.Continues(to) {
			begin, end = begin-1, end-1
			fig.describe("%s continues %s: %s, overlap %s.", capital(called(m.To.Names, to)), called(m.From.Names, from),
				count(m.Counts[from][to], "customer"), coefficient(m.Jaccard[to], widestCell))
		}
	}
	for _, change := range m.Changes() {
		fig.describe("%s", curled(change))
	}
	fig.Title = fmt.Sprintf("%s of customers stay in their segment", share(float64(stay)*part))
	if end > 0 {
		fig.Title += fmt.Sprintf("; %s without a successor", count(end, "segment"))
	}
	if begin > 0 {
		fig.Title += fmt.Sprintf("; %s new", count(begin, "segment"))
	}
	p := newPlot("", "")
	p.HideAxes()
	p.Add(f)
	fig.Panels = panel(p)
	fig.remark("%s in both, adjusted Rand %s. A segment that continues another has its colour; grey streams, without an edge, change segment.",
		count(m.Customers, "customer"),
		coefficient(m.AdjustedRand, widestCell))
	if thin := f.thin(); thin > 0 {
		fig.remark("%s of fewer than %s of customers not drawn.", count(thin, "stream"), share(leastSeen))
	}
	fig.Height = fig.besidePanels() + f.height(28)
	return fig, nil
}
