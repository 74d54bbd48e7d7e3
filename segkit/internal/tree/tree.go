// Package tree grows small classification trees that people can say in words: few conditions on the way to a leaf, and
// round thresholds.
//
// Up to three conditions deep the tree is the best there is on the candidate thresholds, not a greedy one: with so few
// conditions all trees can be looked through, because what two conditions do follows from counting pairs (as in MurTree:
// Demirović et al. 2022, "MurTree: Optimal Decision Trees via Dynamic Programming and Search", JMLR 23). A leaf must pay for
// itself, as in Hu, Rudin & Seltzer 2019 ("Optimal Sparse Decision Trees", NeurIPS 32).
//
// A comparison with a missing value holds on neither side, as in SQL: such a row ends where it is asked, in no leaf.
package tree

import (
	"math"
)

// Column says how a column is asked about.
type Column struct {
	Levels  int  // of a category without order, asked for one level; 0 where a threshold is asked for
	Ordered bool // the values are indexes of ordered levels: any threshold is as sayable as another
	AtMost  bool // a threshold t reads "at most t", else "at least t"
}

// Data are the rows that a tree learns to tell apart.
type Data struct {
	Columns []Column    // (d)
	Values  [][]float64 // (d x n); NaN is missing
	Class   []int       // (n) 0..Classes-1
	Classes int
	Weights []float64 // (n) or nil: every row counts once
}

// Len returns n.
func (d *Data) Len() int { return len(d.Class) }

func (d *Data) weight(i int) float64 {
	if d.Weights == nil {
		return 1
	}
	return d.Weights[i]
}

// Options are the choices of Grow.
type Options struct {
	Conditions int     // on the way to a leaf, at most
	Worth      float64 // share of all rows that one more leaf must put right
	Slack      float64 // share of all rows that a rounder threshold may cost
	Gini       bool    // leaves are to be pure (sum of squared shares) rather than right: for probabilities. Then thresholds are not rounded, and leaves may name the same class
}

// Node is a leaf, or a question with two answers. Low are the rows below the threshold ("at least": v < At; "at most":
// v <= At) or of the level At; High are the others. Rows whose value is missing are in neither.
type Node struct {
	Column    int
	At        float64
	Low, High *Node     // nil in a leaf
	Counts    []float64 // (classes) weight of the rows that come here
	Class     int       // the most frequent of them, the first of equals
}

// Leaf reports whether nothing is asked here.
func (n *Node) Leaf() bool { return n.Low == nil }

// low reports whether v lies on the low side of at.
func (c Column) low(v, at float64) bool {
	switch {
	case c.Levels > 0:
		return v == at
	case c.AtMost:
		return v <= at
	}
	return v < at
}

// next returns where row i goes from n, which is no leaf; nil where its value is missing.
func (n *Node) next(d *Data, i int) *Node {
	v := d.Values[n.Column][i]
	switch {
	case math.IsNaN(v):
		return nil
	case d.Columns[n.Column].low(v, n.At):
		return n.Low
	}
	return n.High
}

// Reach returns the last node that row i comes to, and whether it is a leaf.
func (n *Node) Reach(d *Data, i int) (at *Node, leaf bool) {
	for !n.Leaf() {
		to := n.next(d, i)
		if to == nil {
			return n, false
		}
		n = to
	}
	return n, true
}

// classOf returns the class of the leaf that row i comes to, -1 for none.
func (n *Node) classOf(d *Data, i int) int {
	if at, leaf := n.Reach(d, i); leaf {
		return at.Class
	}
	return -1
}

// Bound is what the way to a leaf asks of one column: Low < v (or <=), v < High (or <=), one level, or none of some.
type Bound struct {
	Column int
	From   float64   // lower threshold, NaN for none
	To     float64   // upper threshold, NaN for none
	Is     float64   // level, NaN for none
	Not    []float64 // levels, where Is is NaN
}

// Conditions counts the comparisons of the bound.
func (b Bound) Conditions() int {
	count := len(b.Not)
	for _, v := range []float64{b.From, b.To, b.Is} {
		if !math.IsNaN(v) {
			count++
		}
	}
	return count
}

// Path is what the way to a leaf asks, one bound for each column in the order of asking.
type Path []Bound

// Conditions counts the comparisons of all bounds.
func (p Path) Conditions() int {
	count := 0
	for _, b := range p {
		count += b.Conditions()
	}
	return count
}

// with returns the path after one more answer; what an answer makes superfluous is gone.
func (p Path) with(c Column, n *Node, low bool) Path {
	out := make(Path, 0, len(p)+1)
	b := Bound{Column: n.Column, From: math.NaN(), To: math.NaN(), Is: math.NaN()}
	at := len(p)
	for q, old := range p {
		if old.Column == n.Column {
			b, at = old, q
		}
		out = append(out, old)
	}
	switch {
	case c.Levels > 0 && low:
		b.Is, b.Not = n.At, nil
	case c.Levels > 0:
		if math.IsNaN(b.Is) {
			b.Not = append(append([]float64(nil), b.Not...), n.At)
		}
	case low:
		b.To = n.At
		if was := p.bound(n.Column); was != nil && was.To < n.At {
			b.To = was.To
		}
	default:
		b.From = n.At
		if was := p.bound(n.Column); was != nil && was.From > n.At {
			b.From = was.From
		}
	}
	if at == len(out) {
		return append(out, b)
	}
	out[at] = b
	return out
}

func (p Path) bound(column int) *Bound {
	for q := range p {
		if p[q].Column == column {
			return &p[q]
		}
	}
	return nil
}

// Leaves calls see for every leaf with the way to it, low sides first.
func (n *Node) Leaves(columns []Column, see func(leaf *Node, path Path)) { n.leaves(columns, nil, see) }

func (n *Node) leaves(columns []Column, path Path, see func(leaf *Node, path Path)) {
	if n.Leaf() {
		see(n, path)
		return
	}
	n.Low.leaves(columns, path.with(columns[n.Column], n, true), see)
	n.High.leaves(columns, path.with(columns[n.Column], n, false), see)
}
