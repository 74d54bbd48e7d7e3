package tree

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/pick"
)

// Grow returns the tree. With more than three conditions the best tree of three is grown further where it ends, and so is a
// leaf that has fewer conditions than allowed.
func Grow(d *Data, o Options) *Node {
	all := pick.All(d.Len())
	g := grower{Data: d, o: o}
	for i := range all {
		g.total += d.weight(i)
	}
	root := g.grow(all, nil)
	g.label(root, all)
	if o.Gini { // two leaves that name the same class have probabilities of their own
		return root
	}
	for range roundingPasses {
		root.questions(func(n *Node) { g.move(n, root, all, o.Slack) })
		g.label(root, all)
	}
	root.merge()
	g.label(root, all)
	return root
}

// roundingPasses is how often every threshold is looked at again: the others may have moved.
const roundingPasses = 2

// grower grows one tree.
type grower struct {
	*Data
	o     Options
	total float64 // weight of all rows
}

// grow returns the tree for rows that a path has led to.
func (g *grower) grow(rows []int, path Path) *Node {
	spare := g.o.Conditions - path.Conditions()
	if spare <= 0 || len(rows) == 0 {
		return &Node{}
	}
	n := newSearch(g.Data, rows, g.o, g.total).best(rows, min(spare, exact)).build()
	if n.Leaf() {
		return n
	}
	g.label(n, rows)
	if !g.o.Gini {
		for range refiningPasses {
			n.questions(func(at *Node) { g.move(at, n, rows, 0) })
			g.label(n, rows)
		}
	}
	g.extend(n, rows, path)
	return n
}

// refiningPasses is how often thresholds move from the candidates of the search to the best value, one after the other.
const refiningPasses = 2

// extend grows the leaves of n further where conditions are left.
func (g *grower) extend(n *Node, rows []int, path Path) {
	if n.Leaf() {
		return
	}
	for _, low := range []bool{true, false} {
		side, at := &n.High, path.with(g.Columns[n.Column], n, low)
		if low {
			side = &n.Low
		}
		var there []int
		for _, i := range rows {
			if n.next(g.Data, i) == *side {
				there = append(there, i)
			}
		}
		if (*side).Leaf() {
			*side = g.grow(there, at)
		} else {
			g.extend(*side, there, at)
		}
	}
}

// label counts the classes of the rows that come to each node.
func (g *grower) label(n *Node, rows []int) {
	n.every(func(at *Node) { at.Counts = make([]float64, g.Classes) })
	for _, i := range rows {
		for at := n; at != nil; at = at.next(g.Data, i) {
			at.Counts[g.Class[i]] += g.weight(i)
			if at.Leaf() {
				break
			}
		}
	}
	n.every(func(at *Node) {
		at.Class = 0
		for l, c := range at.Counts {
			if c > at.Counts[at.Class]+float64(1e-9*g.total) {
				at.Class = l
			}
		}
	})
}

// every calls do for every node, parents first.
func (n *Node) every(do func(*Node)) {
	do(n)
	if !n.Leaf() {
		n.Low.every(do)
		n.High.every(do)
	}
}

// questions calls do for every node that asks, parents first.
func (n *Node) questions(do func(*Node)) {
	n.every(func(at *Node) {
		if !at.Leaf() {
			do(at)
		}
	})
}

// merge makes one leaf of two that say the same, and takes out questions that have only one answer since thresholds moved.
func (n *Node) merge() {
	if n.Leaf() {
		return
	}
	n.Low.merge()
	n.High.merge()
	switch {
	case n.Low.empty():
		*n = *n.High
	case n.High.empty():
		*n = *n.Low
	case n.Low.Leaf() && n.High.Leaf() && n.Low.Class == n.High.Class:
		n.Low, n.High = nil, nil
	}
}

// empty reports whether no row comes here.
func (n *Node) empty() bool { return slices.Max(n.Counts) == 0 }

// step is a value of a column and what is gained in rows put right when those with it go to the low side.
type step struct{ value, gain float64 }

// gap is a place for a threshold, between two neighbouring values.
type gap struct{ below, above, right float64 }

// move puts the threshold of n, a node of the tree root, where most rows are put right while all else stays; among the places that
// cost at most slack of all rows against the best, where the number is roundest. Levels stay.
func (g *grower) move(n, root *Node, rows []int, slack float64) {
	column := g.Columns[n.Column]
	if column.Levels > 0 {
		return
	}
	var steps []step
	for _, i := range rows {
		v := g.Values[n.Column][i]
		if math.IsNaN(v) || !root.passes(n, g.Data, i) {
			continue
		}
		gain := 0.0
		if n.Low.classOf(g.Data, i) == g.Class[i] {
			gain += g.weight(i)
		}
		if n.High.classOf(g.Data, i) == g.Class[i] {
			gain -= g.weight(i)
		}
		steps = append(steps, step{v, gain})
	}
	slices.SortFunc(steps, func(a, b step) int {
		if a.value != b.value {
			return int(math.Copysign(1, a.value-b.value))
		}
		return 0
	})
	var gaps []gap
	sum, best, now := 0.0, math.Inf(-1), math.Inf(-1)
	for p, s := range steps {
		if p > 0 && steps[p-1].value < s.value {
			here := gap{steps[p-1].value, s.value, sum}
			gaps = append(gaps, here)
			best = max(best, sum)
			if column.low(here.below, n.At) && !column.low(here.above, n.At) {
				now = sum
			}
		}
		sum += s.gain
	}
	tie := 1e-9 * g.total
	if slack == 0 {
		if best > now+tie {
			for _, here := range gaps {
				if here.right >= best-tie {
					n.At = here.above
					if column.AtMost {
						n.At = here.below
					}
					return
				}
			}
		}
		return
	}
	gaps = slices.DeleteFunc(gaps, func(here gap) bool { return here.right < best-float64(slack*g.total)-tie })
	if len(gaps) > 0 {
		n.At = roundest(gaps, column, tie)
	}
}

// passes reports whether row i comes by node n on its way from root.
func (root *Node) passes(n *Node, d *Data, i int) bool {
	for at := root; at != nil; at = at.next(d, i) {
		if at == n {
			return true
		}
		if at.Leaf() {
			return false
		}
	}
	return false
}
