package chart

// Dendrogram: how customers join into groups, and where a cut leaves k of them.

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

const (
	mostBranches = 30 // are drawn apart; what joins below them is one wedge
	mostCuts     = 60 // segments have room on a page
	branchRow    = 2*discRadius + 2
)

// Dendrogram draws the top of a tree (Clustering.Tree of cluster.Hierarchical) on its side, and the cut that leaves k
// segments (1 to n, and at most 60), with the numbers and colours that Tree.Cut gives them. At most 30 branches are drawn
// separately, or k if that is more; a wedge stands for everything that joins below, with the number of its customers. Cost
// n.
//
// The title compares the gap between joins in which the cut lies with the widest gap that is drawn.
func Dendrogram(tree *cluster.Tree, k int) (*Figure, error) {
	if tree == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Dendrogram: there is no tree: only a clustering made with segkit.Hierarchical has one")
	}
	n := tree.Len()
	if n < 2 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Dendrogram: a tree of %s has no join to draw", count(n, "customer"))
	}
	if k > mostCuts && k <= n {
		return nil, &fault.OptionError{Method: "chart", Field: "Dendrogram(k)", Value: k, Want: fmt.Sprintf("1 to %d, which is what fits on a page", mostCuts)}
	}
	labels, err := tree.Cut(k)
	if err != nil {
		return nil, err
	}
	top := newCrown(tree, labels, k)

	fig := &Figure{Title: top.title()}
	p := newPlot("height of the join", "customers in the branch")
	p.Add(grid(true, false))
	cut, _, _ := top.gap(k)
	p.Add(line(plotter.XYs{{X: cut, Y: -0.7}, {X: cut, Y: float64(len(top.rows)) - 0.3}}, 1, soft, 4, 3))
	p.Add(top.draw(p, cut))
	names := make([]string, len(top.rows))
	for row, group := range top.rows {
		names[len(names)-1-row] = sheet.Count(top.size(group))
	}
	p.Y.Tick.Marker, p.X.Tick.Marker = named(names), ticks{room: 300}
	p.Y.LineStyle.Width = 0
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, max(cut, top.height(top.root()))*1.03, -0.7, float64(len(top.rows))-0.3
	if p.X.Max == 0 {
		p.X.Max = 1
	}

	sizes := make([]int, k)
	for _, l := range labels {
		sizes[l]++
	}
	fig.describe("Tree of %s, cut at %s into:", count(n, "customer"), sheet.Number(cut))
	for l, size := range sizes {
		said := fmt.Sprintf("segment %d: %s (%s)", l+1, share(float64(size)/float64(n)), sheet.Count(size))
		p.Legend.Add(said, swatch{Color(l)})
		fig.describe("%s.", said)
	}
	var last []string
	for i := n - 2; i >= max(0, n-6); i-- {
		last = append(last, sheet.Number(tree.Merges[i].Height))
	}
	fig.describe("Heights of the last joins, from the top: %s.", strings.Join(last, ", "))
	fig.Panels = panel(p)

	if len(top.rows) < n {
		fig.remark("The top of the tree of %s; a wedge stands for everything that joins below it.", count(n, "customer"))
	}
	if _, low, high := top.gap(k); low == high && k > 1 {
		fig.remark("The cut falls among joins of equal height, so the order of the rows decides which of them count.")
	}
	fig.remark("Data without groups has a widest gap, too: chart.Elbow compares with such data.")
	fig.Height = max(branchRow*vg.Length(len(top.rows)+1), 110) + 40 + fig.besidePanels()
	return fig, nil
}

// crown is the part of a tree that is drawn. Groups are numbered as in cluster.Merge.
type crown struct {
	tree   *cluster.Tree
	labels table.Labels // (n)
	k      int
	rows   []int // groups that are not divided further, from the top of the page
	first  []int // (n-1) a row of each merge's group
}

func newCrown(tree *cluster.Tree, labels table.Labels, k int) crown {
	n := tree.Len()
	c := crown{tree: tree, labels: labels, k: k, first: make([]int, n-1)}
	for i, m := range tree.Merges {
		c.first[i] = m.A
		if m.A >= n {
			c.first[i] = c.first[m.A-n]
		}
	}
	divided := n - min(n, max(mostBranches, k)) // merges from here on
	for open := []int{c.root()}; len(open) > 0; {
		group := open[len(open)-1]
		open = open[:len(open)-1]
		if group-n < divided {
			c.rows = append(c.rows, group)
			continue
		}
		m := tree.Merges[group-n]
		open = append(open, m.B, m.A)
	}
	return c
}

func (c crown) root() int { return 2*c.tree.Len() - 2 }

func (c crown) height(group int) float64 {
	if n := c.tree.Len(); group >= n {
		return c.tree.Merges[group-n].Height
	}
	return 0
}

func (c crown) size(group int) int {
	if n := c.tree.Len(); group >= n {
		return c.tree.Merges[group-n].Size
	}
	return 1
}

// segment returns the label of a group that lies within one segment; ok is false for one that the cut divides.
func (c crown) segment(group int) (label int, ok bool) {
	n := c.tree.Len()
	if group < n {
		return c.labels[group], true
	}
	return c.labels[c.first[group-n]], group-n < n-c.k
}

// gap returns where a cut into k segments lies, between the highest join that it makes and the lowest that it does not.
func (c crown) gap(k int) (cut, low, high float64) {
	n, merges := c.tree.Len(), c.tree.Merges
	high = 1.1 * merges[n-2].Height
	if k < n {
		low = merges[n-k-1].Height
	}
	if k > 1 {
		high = merges[n-k].Height
	}
	return low + (high-low)/2, low, high
}

// title compares the gap of the cut with the widest one among those that leave 2 segments or more.
func (c crown) title() string {
	n := c.tree.Len()
	if c.height(c.root()) == 0 {
		return fmt.Sprintf("All %s are identical: every join is at height 0", count(n, "customer"))
	}
	best, widest := 0, -1.0
	for k := 2; k <= min(n-1, max(mostBranches, c.k)); k++ {
		if _, low, high := c.gap(k); high-low > widest {
			best, widest = k, high-low
		}
	}
	if best == 0 {
		return fmt.Sprintf("Two customers join at height %s", sheet.Number(c.height(c.root())))
	}
	_, low, high := c.gap(best)
	between := fmt.Sprintf("the widest gap between joins (%s to %s)", sheet.Number(low), sheet.Number(high))
	if best == c.k {
		return fmt.Sprintf("The cut into %d segments lies in %s", c.k, between)
	}
	_, low, high = c.gap(c.k)
	at := fmt.Sprintf("The cut into %d segments lies between joins at %s and %s", c.k, sheet.Number(low), sheet.Number(high))
	if c.k == 1 {
		at = "Uncut, all customers are one segment"
	}
	return fmt.Sprintf("%s; %s would leave %d", at, between, best)
}

// draw adds the branches to p, coloured up to the cut, and returns the segments' numbers, which stand there.
func (c crown) draw(p *plot.Plot, cut float64) (numbers discs) {
	n := c.tree.Len()
	at := make(map[int]float64, 2*len(c.rows)) // y of the groups that are drawn
	branch := func(x0, y0, x1, y1 float64, tone color.Color) {
		p.Add(line(plotter.XYs{{X: x0, Y: y0}, {X: x1, Y: y1}}, 1.5, tone))
	}
	// stem leads a group from its own height to that of the join above it, which may lie beyond the cut.
	stem := func(group int, above float64) {
		y, from := at[group], c.height(group)
		if label, within := c.segment(group); within {
			branch(from, y, min(above, cut), y, Color(label))
			from = cut
		}
		if from < above {
			branch(from, y, above, y, soft)
		}
	}
	number := func(group int) {
		if label, within := c.segment(group); within {
			numbers = append(numbers, disc{cut, at[group], strconv.Itoa(label + 1)})
		}
	}
	for row, group := range c.rows {
		y := float64(len(c.rows) - 1 - row)
		at[group] = y
		if label, _ := c.segment(group); group >= n {
			wedge := area(plotter.XYs{{X: 0, Y: y - 0.36}, {X: 0, Y: y + 0.36}, {X: c.height(group), Y: y}}, Color(label))
			if edge := outline(label); edge != nil {
				wedge.LineStyle = draw.LineStyle{Color: edge, Width: vg.Points(0.75)}
			}
			p.Add(wedge)
		}
	}
	for group := 2*n - len(c.rows); group <= c.root(); group++ { // the joins that are drawn, from the lowest
		m, tone := c.tree.Merges[group-n], color.Color(soft)
		label, within := c.segment(group)
		if within {
			tone = Color(label)
		} else {
			number(m.A)
			number(m.B)
		}
		branch(m.Height, at[m.A], m.Height, at[m.B], tone)
		stem(m.A, m.Height)
		stem(m.B, m.Height)
		at[group] = (at[m.A] + at[m.B]) / 2
	}
	stem(c.root(), max(cut, c.height(c.root())))
	number(c.root())
	return numbers
}
