package bintree

import (
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Classify are the choices of a classification tree.
type Classify struct {
	Columns int     // looked at in each node, drawn anew; those that are the same for all of its rows do not count
	MinLeaf float64 // weight that a leaf must have
	Depth   int     // most questions on the way to a leaf; 0 is no limit
}

// Row is a row that a classification tree learns from.
type Row struct {
	At     int32 // in the codes
	Class  int32
	Weight float64 // above 0
}

// Grow grows a tree that makes leaves pure by the Gini index (Breiman 2001, doi:10.1023/A:1010933404324). rows are put into another
// order. A category is ordered by the share of the node's most frequent class, which is the best division for two classes
// (Breiman, Friedman, Olshen & Stone 1984, 4.2.2) and a good one for more. The leaves' values are shares of the classes.
// Cost: rows x columns looked at x depth.
func (o Classify) Grow(bins []Bins, codes [][]uint8, classes int, rows []Row, r *rand.Rand) *Tree {
	g := &classifier{Classify: o, bins: bins, codes: codes, k: classes, r: r, tree: &Tree{Nodes: []Node{{Column: -1, Set: -1}}},
		columns: make([]int, len(bins)), hist: make([]float64, 256*classes), total: make([]float64, classes),
		left: make([]float64, classes), right: make([]float64, classes), spare: make([]Row, len(rows)), pure: make([]int32, classes)}
	for j := range g.columns {
		g.columns[j] = j
	}
	g.grow(0, rows, 0)
	return g.tree
}

type classifier struct {
	Classify
	bins  []Bins
	codes [][]uint8
	k     int
	r     *rand.Rand
	tree  *Tree

	columns            []int
	hist               []float64 // (256 x k)
	filled             Set       // bins of hist that hold something
	total, left, right []float64 // (k)
	spare              []Row
	pure               []int32 // (k) 1 + the leaf of one class alone
}

func (g *classifier) grow(at int, rows []Row, depth int) {
	clear(g.total)
	for i := range rows {
		g.total[rows[i].Class] += rows[i].Weight
	}
	sum, squares, kinds := 0.0, 0.0, 0
	for _, w := range g.total {
		sum += w
		squares += float64(w * w)
		if w > 0 {
			kinds++
		}
	}
	best := question{gain: float64(squares/sum*(1+1e-12)) + 1e-300}
	if kinds > 1 && sum >= 2*g.MinLeaf && (g.Depth == 0 || depth < g.Depth) {
		g.search(rows, sum, &best)
	}
	if best.gain <= squares/sum*(1+1e-12)+1e-300 {
		g.leaf(at, sum, kinds)
		return
	}
	cut := g.part(rows, &best)
	low := g.tree.ask(at, best)
	g.grow(low, rows[:cut], depth+1)
	g.grow(low+1, rows[cut:], depth+1)
}

// leaf makes node at a leaf with the shares in total. In trees without limits, which have thousands, leaves of one class share their values.
func (g *classifier) leaf(at int, sum float64, kinds int) {
	place := int32(len(g.tree.Values) / g.k)
	if kinds == 1 && g.Depth == 0 {
		l := slices.IndexFunc(g.total, func(w float64) bool { return w > 0 })
		if g.pure[l] > 0 {
			g.tree.Nodes[at].Low = g.pure[l] - 1
			return
		}
		g.pure[l] = place + 1
	}
	g.tree.Nodes[at].Low = place
	for _, w := range g.total {
		g.tree.Values = append(g.tree.Values, w/sum)
	}
}

// part moves the rows that go low to the front, each side in its order, and returns how many they are.
func (g *classifier) part(rows []Row, q *question) int {
	codes, low, high := g.codes[q.column], 0, 0
	for _, row := range rows {
		if q.low(codes[row.At]) {
			rows[low] = row
			low++
		} else {
			g.spare[high] = row
			high++
		}
	}
	copy(rows[low:], g.spare[:high])
	return low
}

// search looks for the best question in columns drawn at random, or in all; ties go to the first.
func (g *classifier) search(rows []Row, sum float64, best *question) {
	if g.Columns >= len(g.columns) {
		for j := range g.codes {
			g.look(j, rows, sum, best)
		}
		return
	}
	for left, looked := len(g.columns), 0; left > 0 && looked < g.Columns; left-- {
		p := g.r.IntN(left)
		g.columns[p], g.columns[left-1] = g.columns[left-1], g.columns[p]
		if g.look(g.columns[left-1], rows, sum, best) {
			looked++
		}
	}
}

// look counts the rows by the bins of one column and looks for a better question in it; false where all rows share a bin.
func (g *classifier) look(column int, rows []Row, sum float64, best *question) bool {
	codes, k, hist := g.codes[column], g.k, g.hist
	g.filled = Set{}
	for i := range rows {
		row := &rows[i]
		code := codes[row.At]
		hist[int(code)*k+int(row.Class)] += row.Weight
		g.filled[code>>6] |= 1 << (code & 63)
	}
	var order []int
	several := 0
	g.filled.each(func(bin int) { several++ })
	if several > 1 {
		if g.bins[column].Categorical() {
			order = g.byShare()
		}
		if g.filled.has(Missing) {
			g.scan(column, order, sum, true, best)
		}
		g.scan(column, order, sum, false, best)
	}
	g.filled.each(func(bin int) { clear(hist[bin*k : bin*k+k]) })
	return several > 1
}

// byShare orders the filled bins of a category by the share of the most frequent class of all.
func (g *classifier) byShare() (order []int) {
	frequent := 0
	for l, w := range g.total {
		if w > g.total[frequent] {
			frequent = l
		}
	}
	var share [256]float64
	g.filled.each(func(bin int) {
		if bin == Missing {
			return
		}
		of := 0.0
		for _, w := range g.hist[bin*g.k : bin*g.k+g.k] {
			of += w
		}
		share[bin] = g.hist[bin*g.k+frequent] / of
		order = append(order, bin)
	})
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case share[a] < share[b]:
			return -1
		case share[a] > share[b]:
			return 1
		}
		return 0
	})
	return order
}

// scan tries every place to part the bins, in the given order or in their own, with the missing rows low or high.
func (g *classifier) scan(column int, order []int, sum float64, lost bool, best *question) {
	k := g.k
	left, right := g.left[:k], g.right[:k]
	clear(left)
	copy(right, g.total)
	below, squaresLow, squaresHigh := 0.0, 0.0, 0.0
	for _, w := range right {
		squaresHigh += float64(w * w)
	}
	move := func(bin int) {
		for l, w := range g.hist[bin*k : bin*k+k] {
			if w != 0 {
				squaresLow += float64(w * (2*left[l] + w))
				squaresHigh -= float64(w * (2*right[l] - w))
				left[l] += w
				right[l] -= w
				below += w
			}
		}
	}
	if lost {
		move(Missing)
	}
	better := func() bool {
		above := sum - below // what rounding leaves of fractional weights is no row
		if below < g.MinLeaf || above < g.MinLeaf || above <= 1e-9*sum || below <= 1e-9*sum {
			return false
		}
		gain := squaresLow/below + squaresHigh/above
		if gain <= best.gain {
			return false
		}
		best.gain = gain
		return true
	}
	known := !g.filled.has(Missing) // then missing values of other rows go with the most
	toLow := func() bool { return lost || known && 2*below > sum }
	if g.bins[column].Categorical() {
		var set Set
		for _, bin := range order {
			move(bin)
			set.add(uint8(bin))
			if better() {
				chosen := set
				*best = question{column: column, set: &chosen, lost: toLow(), gain: best.gain}
			}
		}
		return
	}
	for w, word := range g.filled {
		if w == Missing>>6 {
			word &^= 1 << (Missing & 63)
		}
		for ; word != 0; word &= word - 1 {
			bin := w*64 + bits.TrailingZeros64(word)
			move(bin)
			if better() {
				*best = question{column: column, bin: uint8(bin), lost: toLow(), gain: best.gain}
			}
		}
	}
}
