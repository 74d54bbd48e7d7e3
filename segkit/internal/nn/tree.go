// Package nn finds near rows: a k-d tree (Bentley 1975, doi:10.1145/361002.361007), distances to the k-th neighbour, and
// minimum spanning trees on it.
//
// All distances are squared and Euclidean, summed over the features in order without fusing. A box's distance is summed in
// the same way, and rounding is monotone: it never exceeds the distance of a row in the box, not even by the last bit, so
// pruning changes no result.
package nn

// leafRows is the number of rows below which looking at each is quicker than dividing further.
const leafRows = 12

// Tree is a k-d tree over n rows of d features. Every node holds a range of positions; Rows says which row stands where.
type Tree struct {
	D     int
	Rows  []int32   // (n) the row at each position
	X     []float64 // (n*d) the rows' values by position
	Nodes []Node    // parents before children; the root is node 0, the left child of node i is i+1
	boxes []float64 // (nodes * 2d) least, then greatest values
}

// Node is a range of positions.
type Node struct {
	From, To int32
	Right    int32 // right child; 0 for a leaf
}

// New builds the tree of x (n*d, n at least 1). It costs n log n * d; memory is n*d.
func New(x []float64, d int) *Tree {
	n := len(x) / d
	t := &Tree{D: d, Rows: make([]int32, n), X: make([]float64, 0, n*d)}
	for i := range t.Rows {
		t.Rows[i] = int32(i)
	}
	t.divide(x, 0, int32(n))
	for _, i := range t.Rows {
		t.X = append(t.X, x[int(i)*d:(int(i)+1)*d]...)
	}
	return t
}

// divide makes the node of positions from..to and, at the median of the widest feature, its children.
func (t *Tree) divide(x []float64, from, to int32) {
	d, at := t.D, len(t.Nodes)
	t.Nodes = append(t.Nodes, Node{From: from, To: to})
	rows := t.Rows[from:to]
	first := int(rows[0]) * d
	t.boxes = append(append(t.boxes, x[first:first+d]...), x[first:first+d]...)
	low, high := t.box(at)
	for _, i := range rows[1:] {
		for j, v := range x[int(i)*d : (int(i)+1)*d] {
			low[j], high[j] = min(low[j], v), max(high[j], v)
		}
	}
	if len(rows) <= leafRows {
		return
	}
	widest := 0
	for j := range d {
		if high[j]-low[j] > high[widest]-low[widest] {
			widest = j
		}
	}
	half := len(rows) / 2
	split(rows, half, func(a, b int32) bool {
		va, vb := x[int(a)*d+widest], x[int(b)*d+widest]
		return va < vb || va == vb && a < b
	})
	t.divide(x, from, from+int32(half))
	t.Nodes[at].Right = int32(len(t.Nodes))
	t.divide(x, from+int32(half), to)
}

// split reorders rows so that none of the first k is above one of the rest (quickselect, Hoare 1961).
func split(rows []int32, k int, below func(a, b int32) bool) {
	for len(rows) > 1 {
		a, b, c := rows[0], rows[len(rows)/2], rows[len(rows)-1]
		if below(b, a) {
			a, b = b, a
		}
		pivot := b // the median of three
		if below(c, b) {
			if pivot = c; below(c, a) {
				pivot = a
			}
		}
		i, j := 0, len(rows)-1
		for i <= j {
			for below(rows[i], pivot) {
				i++
			}
			for below(pivot, rows[j]) {
				j--
			}
			if i <= j {
				rows[i], rows[j] = rows[j], rows[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			rows = rows[:j+1]
		case k >= i:
			rows, k = rows[i:], k-i
		default:
			return
		}
	}
}

// box returns the least and greatest values in a node (d each).
func (t *Tree) box(node int) (low, high []float64) {
	b := t.boxes[node*2*t.D : (node+1)*2*t.D]
	return b[:t.D:t.D], b[t.D:]
}

// Widen stretches the box of a node (out) to hold q (in: d), and reports whether it had to.
func (t *Tree) Widen(node int32, q []float64) (changed bool) {
	low, high := t.box(int(node))
	for j, v := range q {
		if v < low[j] {
			low[j], changed = v, true
		}
		if v > high[j] {
			high[j], changed = v, true
		}
	}
	return changed
}

// Row returns the values at a position (d).
func (t *Tree) Row(pos int32) []float64 { return t.X[int(pos)*t.D : (int(pos)+1)*t.D] }

// Children returns the children of a node that is not a leaf, the nearer one to q (in: d) first, with the squares of
// their boxes' distances.
func (t *Tree) Children(node int32, q []float64) (near, far int32, toNear, toFar float64) {
	near, far = node+1, t.Nodes[node].Right
	toNear, toFar = t.toBox(near, q), t.toBox(far, q)
	if toFar < toNear {
		return far, near, toFar, toNear
	}
	return near, far, toNear, toFar
}

// acrossBox returns the distance of q to the far end of the box of a node, which is never below that of a row in it, not even by the last bit.
func (t *Tree) acrossBox(node int32, q []float64) (s float64) {
	low, high := t.box(int(node))
	for j, v := range q {
		e := max(v-low[j], high[j]-v)
		s += float64(e * e)
	}
	return s
}

// toBox returns the distance of q to the box of a node.
func (t *Tree) toBox(node int32, q []float64) (s float64) {
	b := t.boxes[int(node)*2*t.D : (int(node)+1)*2*t.D]
	low, high := b[:len(q)], b[len(q):]
	high = high[:len(q)]
	for j, v := range q {
		e := max(low[j]-v, v-high[j], 0)
		s += float64(e * e)
	}
	return s
}
