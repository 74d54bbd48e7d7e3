package linkage

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/vec"
)

// Ward joins the rows of x (n*d) so that each join raises the within-cluster sum of squares by as little as possible (Ward
// 1963, doi:10.1080/01621459.1963.10500845). Mass (n) may be nil. The weight of a join is twice that rise: for two rows of
// mass 1 their squared distance.
//
// Clusters are kept as centres and masses in a k-d tree whose nodes know their lightest cluster: what a node holds is at
// least as far as its box lets a cluster of that mass be. In few dimensions it costs about n log n * d, at worst n^2 d;
// memory is O(n d).
func Ward(ctx context.Context, x []float64, d int, mass []float64, report func(joins int)) ([]nn.Edge, error) {
	n := len(x) / d
	w := &ward{d: d, x: append([]float64(nil), x...), mass: make([]float64, n), at: make([]int32, n), left: make([]int32, n)}
	for i := range n {
		w.left[i], w.mass[i] = int32(i), 1
		if mass != nil {
			w.mass[i] = mass[i]
		}
	}
	report(0)
	w.build()
	return chain(ctx, n, func() int { return int(w.left[0]) }, w.nearest, w.join, report)
}

// ward is the clusters that are left, each named by its earliest row.
type ward struct {
	d    int
	x    []float64 // (n*d) centres
	mass []float64 // (n) 0 for a cluster that has gone into another
	left []int32   // clusters left, ascending
	at   []int32   // (n) position in the tree

	tree     *nn.Tree
	cluster  []int32   // by position
	parent   []int32   // by node
	leaf     []int32   // by position: its node
	lightest []float64 // by node: least mass, +Inf where all have gone

	// of the search under way
	a, best int
	q       []float64
	least   float64
}

// build makes the tree of the clusters that are left. Boxes only grow as centres move, so it is made again from time to time.
func (w *ward) build() {
	packed := make([]float64, 0, len(w.left)*w.d)
	for _, c := range w.left {
		packed = append(packed, w.center(int(c))...)
	}
	w.tree = nn.New(packed, w.d)
	n, nodes := len(w.left), len(w.tree.Nodes)
	w.cluster, w.leaf = make([]int32, n), make([]int32, n)
	w.parent, w.lightest = make([]int32, nodes), make([]float64, nodes)
	for p, i := range w.tree.Rows {
		w.cluster[p] = w.left[i]
		w.at[w.left[i]] = int32(p)
	}
	for i := nodes - 1; i >= 0; i-- {
		node := w.tree.Nodes[i]
		if node.Right != 0 {
			w.parent[i+1], w.parent[node.Right] = int32(i), int32(i)
		} else {
			for p := node.From; p < node.To; p++ {
				w.leaf[p] = int32(i)
			}
		}
		w.weigh(int32(i))
	}
	w.parent[0] = -1
}

func (w *ward) center(c int) []float64 { return w.x[c*w.d : (c+1)*w.d] }

// weigh finds the lightest cluster of a node, from its children where it has some.
func (w *ward) weigh(i int32) {
	node := w.tree.Nodes[i]
	least := math.Inf(1)
	if node.Right != 0 {
		least = min(w.lightest[i+1], w.lightest[node.Right])
	} else {
		for _, c := range w.cluster[node.From:node.To] {
			if w.mass[c] > 0 {
				least = min(least, w.mass[c])
			}
		}
	}
	w.lightest[i] = least
}

// rise is twice the rise in the sum of squares when centres at squared distance dist join.
func rise(massA, massB, dist float64) float64 {
	return 2 * (massA * massB / (massA + massB)) * dist
}

// slack covers the rounding of rise, a few parts in 2^53, where it bounds clusters of more mass.
const slack = 1 - 1e-14

func (w *ward) nearest(a, before int) (to int, dist float64) {
	w.a, w.q, w.best, w.least = a, w.center(a), -1, math.Inf(1)
	if before >= 0 {
		w.best, w.least = before, w.rise(before)
	}
	w.visit(0, 0, before)
	return w.best, w.least
}

func (w *ward) rise(c int) float64 { return rise(w.mass[w.a], w.mass[c], vec.Square(w.q, w.center(c))) }

// visit looks at a node whose box is at squared distance dist.
func (w *ward) visit(i int32, dist float64, before int) {
	light := w.lightest[i]
	if w.least == 0 && w.best >= 0 || math.IsInf(light, 1) || rise(w.mass[w.a], light, dist)*slack > w.least {
		return
	}
	node := w.tree.Nodes[i]
	if node.Right != 0 {
		near, far, toNear, toFar := w.tree.Children(i, w.q)
		w.visit(near, toNear, before)
		w.visit(far, toFar, before)
		return
	}
	for _, c := range w.cluster[node.From:node.To] {
		c := int(c)
		if c == w.a || w.mass[c] == 0 {
			continue
		}
		if v := w.rise(c); v < w.least || v == w.least && w.best != before && c < w.best {
			w.best, w.least = c, v
		}
	}
}

// join puts b into a, where the heavier of the two stands in the tree.
func (w *ward) join(a, b int) {
	ca, cb := w.center(a), w.center(b)
	share := w.mass[b] / (w.mass[a] + w.mass[b])
	for j, v := range cb {
		ca[j] += float64((v - ca[j]) * share) // equal centres stay what they are
	}
	keep, gone := w.at[a], w.at[b]
	if w.mass[b] > w.mass[a] {
		keep, gone = gone, keep
	}
	w.mass[a] += w.mass[b]
	w.mass[b] = 0
	w.at[a], w.cluster[keep], w.cluster[gone] = keep, int32(a), int32(b)
	w.left = without(w.left, int32(b))
	if len(w.left) < 3*len(w.cluster)/4 {
		w.build()
		return
	}
	for i := w.leaf[keep]; i >= 0; i = w.parent[i] {
		w.tree.Widen(i, ca)
		w.weigh(i)
	}
	for i := w.leaf[gone]; i >= 0; i = w.parent[i] {
		w.weigh(i)
	}
}
