package combine

// Segments made of the segments of several views.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Limits say how many segments a combination may have, and how large they must be.
type Limits struct {
	K        int     // number of segments: at most this many for Cross, exactly this many for Consensus; 0: as many as MinShare allows
	MinShare float64 // smallest share of customers in a segment; 0 means .05
}

// Combination has segments that were made from the segments of several views.
type Combination struct {
	Method   string          // "cross table" or "consensus"
	Limits   Limits          // as requested
	Views    []string        // (m) names
	Labels   [][]string      // (m) names of the segments of each view
	Segments *table.Segments // of the customers who are in every view (n), the largest first
	Cells    []Cell          // (u) the different combinations of labels
	Kept     []float64       // (m) share of each view that they preserve: mutual information divided by the view's entropy
	Rare     int             // cells with too few customers to make a segment
	Moved    int             // customers of these cells
	Heights  []float64       // (u-1) of a consensus: the share of views that keep groups apart, at which these join
}

const (
	crossTable = "cross table"
	consensus  = "consensus"
	minShare   = .05
)

// combined brings the groups of cells into their final form. in is the group of each cell (u).
func combined(method string, views Views, o Limits, s *shared, cells []Cell, of, in []int) *Combination {
	c := &Combination{Method: method, Limits: o, Views: views.names(), Cells: cells}
	for _, view := range views {
		c.Labels = append(c.Labels, view.Segments.Names)
	}
	labels := make(table.Labels, len(s.ids))
	for i, cell := range of {
		labels[i] = in[cell]
	}
	k := labels.K()
	sizes, first, order := labels.Counts(), make([]int, k), make([]int, k)
	for i := len(labels) - 1; i >= 0; i-- {
		first[labels[i]] = i
	}
	for g := range order {
		order[g] = g
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(first[a], first[b]))
	})
	labels = labels.Renumber(order)
	for i, cell := range of {
		cells[cell].Segment = labels[i]
	}
	members, all := c.members()
	c.Kept = all.kept(members)
	c.Segments = &table.Segments{IDs: s.ids, Labels: labels, Names: c.names(members)}
	formed := true
	for _, view := range views {
		formed = formed && view.Segments.FormedBy != nil
		c.Segments.Ancestry = c.Segments.Ancestry.And(view.Segments.Ancestry)
	}
	for _, view := range views {
		for _, column := range view.Segments.FormedBy {
			if formed && !slices.Contains(c.Segments.FormedBy, column) {
				c.Segments.FormedBy = append(c.Segments.FormedBy, column)
			}
		}
	}
	return c
}

// members are the customers of each segment (k), with the labels that the views give them.
func (c *Combination) members() ([]*group, *known) {
	all, k := groups(c.Cells)
	var out []*group
	for i, g := range all {
		for len(out) <= c.Cells[i].Segment {
			out = append(out, nil)
		}
		if at := &out[c.Cells[i].Segment]; *at == nil {
			*at = g
		} else {
			(*at).add(g)
		}
	}
	return out, k
}

const (
	mostly = .75 // share of a segment's customers for whom one label speaks
	partly = .20 // share from which a label is worth a word
)

// names calls each segment by what the views mostly say of it: "Frequent · careful planners".
func (c *Combination) names(members []*group) []string {
	taken := map[string]int{}
	out := make([]string, len(members))
	for i, g := range members {
		var parts []string
		for v := range c.Views {
			parts = append(parts, c.word(g, v))
		}
		name := strings.Join(parts, " · ")
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, taken[name])
		}
		out[i] = name
	}
	return out
}

// word is what a view says of a group: one label, two of them, or that it is mixed.
func (c *Combination) word(g *group, v int) string {
	top := g.top(v)
	name := func(l int) string {
		if l == len(g.counts[v])-1 {
			return "no segment"
		}
		return c.Labels[v][l]
	}
	first := g.counts[v][top[0]] / g.n
	switch second := g.share(v, top, 1); {
	case first >= mostly:
		return name(top[0])
	case second >= partly && first+second >= mostly:
		return name(top[0]) + " or " + name(top[1])
	case first < partly:
		return "any of " + c.Views[v]
	case second < partly:
		return "mostly " + name(top[0])
	}
	return "mixed in " + c.Views[v]
}

// top are the labels of view v by falling number of customers, ties by label.
func (g *group) top(v int) []int {
	order := make([]int, len(g.counts[v]))
	for l := range order {
		order[l] = l
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.counts[v][b], g.counts[v][a]) })
	return order
}

// share is that of the label at a place of top.
func (g *group) share(v int, top []int, place int) float64 {
	if place >= len(top) {
		return 0
	}
	return g.counts[v][top[place]] / g.n
}

// Assign puts other customers, or the same ones later, into the segments. The argument views has their segments from the same sources, as
// scored by the models, under the same names and in any order. A new combination of labels goes where it changes least. Customers who are
// not in all views get no row.
func (c *Combination) Assign(views Views) (*table.Segments, error) {
	const op = "combine.Combination.Assign"
	if c == nil {
		return nil, fault.Nil(op, "combination")
	}
	var ordered Views
	for v, name := range c.Views {
		at := slices.IndexFunc(views, func(view View) bool { return view.Name == name })
		if at < 0 {
			return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: no view is called %q: the segments are made from %s", op, name, sheet.List(c.Views))
		}
		ordered = append(ordered, views[at])
		if s := views[at].Segments; s != nil && s.K() != len(c.Labels[v]) {
			return nil, fault.Errorf(fault.ErrSchema, "segkit: %s: %s has %s where there were %d: score the customers with the same model", op, name,
				wording.Plural(s.K(), "segment"), len(c.Labels[v]))
		}
	}
	s, err := ordered.shared(op)
	if err != nil {
		return nil, err
	}
	cells, of := s.cells()
	segment := map[string]int{}
	for _, cell := range c.Cells {
		segment[fmt.Sprint(cell.Labels)] = cell.Segment
	}
	to := make([]int, len(cells))
	for i, cell := range cells {
		l, ok := segment[fmt.Sprint(cell.Labels)]
		if !ok {
			l = c.nearest(cell)
		}
		to[i] = l
	}
	out := &table.Segments{IDs: s.ids, Labels: make(table.Labels, len(s.ids)), Names: c.Segments.Names, FormedBy: c.Segments.FormedBy, Ancestry: c.Segments.Ancestry}
	for i, cell := range of {
		out.Labels[i] = to[cell]
	}
	return out, nil
}

// nearest is the segment that one customer of a cell that is new would change least.
func (c *Combination) nearest(cell Cell) int {
	cell.Customers = 1
	all, k := groups(append(slices.Clone(c.Cells), cell)) // the widths of all labels
	members := make([]*group, c.Segments.K())
	for i, own := range c.Cells {
		if at := &members[own.Segment]; *at == nil {
			*at = all[i]
		} else {
			(*at).add(all[i])
		}
	}
	best, least := 0, math.Inf(1)
	for l, g := range members {
		if lost := k.lost(g, all[len(all)-1]); lost < least {
			best, least = l, lost
		}
	}
	return best
}

// Smallest returns the share and the label of the smallest segment.
func (c *Combination) Smallest() (share float64, label int) {
	counts := c.Segments.Counts()
	for l, n := range counts {
		if n <= counts[label] {
			label = l
		}
	}
	return float64(counts[label]) / float64(len(c.Segments.IDs)), label
}

// Sheet has a row for every segment: how many customers, and what each view says about them.
func (c *Combination) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "share", Unit: "%"}}, Whole: true}
	for _, view := range c.Views {
		out.Columns = append(out.Columns, sheet.Column{Name: view, Text: true})
	}
	members, _ := c.members()
	n := float64(len(c.Segments.IDs))
	for l, g := range members {
		row := []string{c.Segments.Names[l], sheet.Count(int(g.n)), sheet.Fixed(100*g.n/n, 1)}
		for v := range c.Views {
			var parts []string
			for _, label := range g.top(v) {
				if share := g.counts[v][label] / g.n; share >= partly || parts == nil {
					name := "no segment"
					if label < len(g.counts[v])-1 {
						name = c.Labels[v][label]
					}
					parts = append(parts, fmt.Sprintf("%s (%s)", name, wording.Percent(share)))
				}
			}
			row = append(row, strings.Join(parts, ", "))
		}
		out.Rows = append(out.Rows, row)
	}
	var kept []string
	for v, share := range c.Kept {
		if !math.IsNaN(share) {
			kept = append(kept, wording.Percent(share)+" of "+c.Views[v])
		}
	}
	smallest, _ := c.Smallest()
	out.Caption = fmt.Sprintf("A %s of %s: %s, the smallest %s; they keep %s", c.Method, sheet.List(c.Views), wording.Plural(c.Segments.K(), "segment"),
		sheet.Percent(smallest), sheet.List(kept))
	out.Notes = []string{fmt.Sprintf("%s who are in all of %s. What is kept is the information about a view's segments, by their entropy: 100 %% would tell them apart without error.",
		wording.Plural(len(c.Segments.IDs), "customer"), sheet.List(c.Views))}
	if c.Rare > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%s of %d had too few customers (%s in all) and went where the least is lost.", wording.Plural(c.Rare, "cell"), len(c.Cells), sheet.Count(c.Moved)))
	}
	return out
}

// Frame has a row for every cell: the segment of each view, the segment of the combination, and the customers.
func (c *Combination) Frame() table.Frame {
	var columns []frame.Columns
	for v, name := range c.Views {
		columns = append(columns, frame.Each(name, c.Cells, func(cell Cell) string {
			if cell.Labels[v] < 0 {
				return "no segment"
			}
			return c.Labels[v][cell.Labels[v]]
		}))
	}
	return frame.New(append(columns, frame.Each("segment", c.Cells, func(cell Cell) string { return c.Segments.Names[cell.Segment] }),
		frame.Each("customers", c.Cells, func(cell Cell) int { return cell.Customers }))...)
}

var _ sheet.Sheeter = (*Combination)(nil)

// check refuses limits that make no sense.
func (o Limits) check(op string) error {
	switch {
	case o.K < 0:
		return fault.Option(op, "K", o.K, "at least 1, or 0 for as many as MinShare allows")
	case !(o.MinShare >= 0 && o.MinShare <= .5):
		return fault.Option(op, "MinShare", o.MinShare, "more than 0 and at most 0.5, or 0 for 0.05")
	}
	return nil
}
