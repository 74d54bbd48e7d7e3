package privacy

import "math"

// What a reader can work out about a cell that was left out. The cells of a table and its totals are flows: what enters a row through its total
// leaves it through its cells, what a column takes in leaves it through its total, and the grand total closes the circle. Published
// cells are fixed, those left out may be anything from 0 up (anything at all in a table with negative sums). The most and the least that a cell can be are the optimum of a linear program, which
// for such a network is a largest flow (Cox 1995, "Network models for complementary cell suppression", JASA 90, 1453-1462): exact, in
// whole numbers.

// arc is one cell or total of a table.
type arc struct {
	from, to int   // nodes
	value    int64 // as it is
	spare    int64 // by how much it may be less than it is: all of it, as readers know that it is not negative
	open     bool  // left out
	zero     bool  // of no customers, which is shown and stays
	cost     float64
	row, col int // r and c are the totals
}

const unlimited = math.MaxInt64

// network is a table as arcs. Node 0..r-1 are rows, r that of totals; then columns. A table of one column has two nodes.
type network struct {
	nodes int
	arcs  []arc
	at    [][]int // (nodes) arcs that touch each
}

func (n *network) add(a arc) {
	for len(n.at) < n.nodes {
		n.at = append(n.at, nil)
	}
	n.at[a.from], n.at[a.to] = append(n.at[a.from], len(n.arcs)), append(n.at[a.to], len(n.arcs))
	n.arcs = append(n.arcs, a)
}

// flow is how far each arc has moved from its value.
type flow []int64

// room is how much further arc e can move when it is passed from node v: forward it grows without limit, backward it shrinks.
func (n *network) room(f flow, e, v int) int64 {
	if a := n.arcs[e]; a.from != v && a.spare != unlimited {
		return a.spare + f[e]
	}
	return unlimited
}

func (n *network) across(e, v int) int {
	if a := n.arcs[e]; a.from == v {
		return a.to
	}
	return n.arcs[e].from
}

// push moves an amount along the arcs that lead from node v.
func (n *network) push(f flow, path []int, v int, amount int64) {
	for _, e := range path {
		if n.arcs[e].from == v {
			f[e] += amount
		} else {
			f[e] -= amount
		}
		v = n.across(e, v)
	}
}

// most is how much can flow from one node to another through open arcs other than without, up to enough; f is where it flows. It is
// found along shortest paths (Edmonds & Karp 1972, doi:10.1145/321694.321699).
func (n *network) most(from, to, without int, enough int64) (total int64, f flow) {
	f = make(flow, len(n.arcs))
	for total < enough {
		by := make([]int, n.nodes) // arc by which a node was reached, +1
		queue := []int{from}
		for len(queue) > 0 && by[to] == 0 {
			v := queue[0]
			queue = queue[1:]
			for _, e := range n.at[v] {
				if w := n.across(e, v); n.arcs[e].open && e != without && w != from && by[w] == 0 && n.room(f, e, v) > 0 {
					by[w] = e + 1
					queue = append(queue, w)
				}
			}
		}
		if by[to] == 0 {
			return total, f
		}
		var path []int
		amount := int64(unlimited)
		for w := to; w != from; {
			e := by[w] - 1
			v := n.across(e, w)
			amount = min(amount, n.room(f, e, v))
			path = append([]int{e}, path...)
			w = v
		}
		if amount == unlimited && enough == unlimited { // all on the way grow, and nothing ends that
			return unlimited, f
		}
		amount = min(amount, enough-total)
		n.push(f, path, from, amount)
		total += amount
	}
	return total, f
}

// up and down are how much more and how much less arc e could be than it is, as far as what is published tells; unlimited where nothing
// bounds it.
func (n *network) up(e int) int64 {
	total, _ := n.most(n.arcs[e].to, n.arcs[e].from, e, unlimited)
	return total
}

func (n *network) down(e int) int64 {
	total, _ := n.most(n.arcs[e].from, n.arcs[e].to, e, n.arcs[e].spare)
	return total
}
