package bintree

import (
	"cmp"
	"context"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
)

// Boost are the choices of a regression tree that takes a Newton step.
type Boost struct {
	Leaves  int     // most of them
	MinLeaf int     // rows that a leaf must have
	Ridge   float64 // added to the curvature of a leaf
}

// leastCurvature keeps steps finite where nearly all is certain already.
const leastCurvature = 1e-3

// Booster grows one tree after the other on the same rows; it is for one goroutine at a time.
type Booster struct {
	Boost
	bins  []Bins
	codes [][]uint8

	ctx                 context.Context // of loops too short to be cancelled: Grow looks between them
	gradient, curvature []float64
	tree                *Tree
	rows, spare         []int32
	here                []step
	free                [][][256]sums // left behind by leaves that need them no more
}

// On returns a Booster of rows whose codes (d x n) are those of the bins.
func (o Boost) On(bins []Bins, codes [][]uint8) *Booster {
	n := len(codes[0])
	return &Booster{Boost: o, bins: bins, codes: codes, rows: make([]int32, n), spare: make([]int32, n), here: make([]step, n)}
}

// Grow grows a tree that lowers a loss most, given its gradient and curvature in every row (n each): leaf by leaf, always where
// most is gained (Friedman 2001, doi:10.1214/aos/1013203451; Chen & Guestrin 2016, doi:10.1145/2939672.2939785). Levels are ordered
// by their own steps, which finds the best division of a category (Fisher 1958, doi:10.1080/01621459.1958.10501479). The
// leaves' values are the steps. It also returns the leaf of every row (n). Cost: columns x (rows x depth / 2 + 256 x leaves).
func (g *Booster) Grow(ctx context.Context, gradient, curvature []float64) (*Tree, []int32, error) {
	g.ctx, g.gradient, g.curvature, g.tree = context.WithoutCancel(ctx), gradient, curvature, &Tree{Nodes: []Node{{Column: -1, Set: -1}}}
	for i := range g.rows {
		g.rows[i] = int32(i)
	}
	root := &open{rows: g.rows}
	root.hist = g.count(g.rows)
	leaves := []*open{root}
	g.search(root)
	for len(leaves) < g.Leaves && ctx.Err() == nil {
		next := 0
		for l := range leaves {
			if leaves[l].best.gain > leaves[next].best.gain {
				next = l
			}
		}
		from := leaves[next]
		if from.best.gain <= 0 {
			break
		}
		low, high := g.divide(from)
		leaves[next] = low
		leaves = append(leaves, high)
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	of := make([]int32, len(gradient))
	for l, leaf := range leaves {
		g.tree.Nodes[leaf.node].Low = int32(l)
		g.tree.Values = append(g.tree.Values, -leaf.sum.gradient/(leaf.sum.curvature+g.Ridge))
		for _, i := range leaf.rows {
			of[i] = int32(l)
		}
		if leaf.hist != nil {
			g.free = append(g.free, leaf.hist)
		}
	}
	return g.tree, of, nil
}

// step is what one row asks for.
type step struct{ gradient, curvature float64 }

// sums are those of rows: of one bin, or of a node.
type sums struct {
	gradient, curvature float64
	rows                int
}

func (s *sums) add(other sums) {
	s.gradient += other.gradient
	s.curvature += other.curvature
	s.rows += other.rows
}

func (s sums) less(other sums) sums {
	return sums{s.gradient - other.gradient, s.curvature - other.curvature, s.rows - other.rows}
}

// worth is twice what the loss falls by the step of a leaf.
func (s sums) worth(ridge float64) float64 { return s.gradient * s.gradient / (s.curvature + ridge) }

// open is a leaf that may yet become a question.
type open struct {
	node int
	rows []int32
	sum  sums
	hist [][256]sums // (d x 256)
	best question
}

// worthSharing is how many rows are counted column by column on all processors.
const worthSharing = 4096

// columns calls do for every column, in parallel where there are many rows.
func (g *Booster) columns(rows int, do func(j int)) {
	ctx := g.ctx
	if rows < worthSharing {
		ctx = par.Inside(ctx)
	}
	par.Items(ctx, len(g.bins), do)
}

// empty returns bins of every column (d x 256), which leaves that became questions leave behind.
func (g *Booster) empty() [][256]sums {
	if last := len(g.free) - 1; last >= 0 {
		hist := g.free[last]
		g.free = g.free[:last]
		clear(hist)
		return hist
	}
	return make([][256]sums, len(g.bins))
}

// count adds the rows up by the bins of every column.
func (g *Booster) count(rows []int32) [][256]sums {
	hist := g.empty()
	here := g.here[:len(rows)] // side by side, for all columns
	for p, i := range rows {
		here[p] = step{g.gradient[i], g.curvature[i]}
	}
	g.columns(len(rows), func(j int) {
		codes, h := g.codes[j], &hist[j]
		for p, i := range rows {
			at, row := &h[codes[i]], &here[p]
			at.gradient += row.gradient
			at.curvature += row.curvature
			at.rows++
		}
	})
	return hist
}

// divide asks the best question of a leaf. Only the smaller side is counted: the other holds the rest.
func (g *Booster) divide(from *open) (low, high *open) {
	codes, q := g.codes[from.best.column], from.best
	cut, above := 0, 0
	for _, i := range from.rows {
		if q.low(codes[i]) {
			from.rows[cut] = i
			cut++
		} else {
			g.spare[above] = i
			above++
		}
	}
	copy(from.rows[cut:], g.spare[:above])
	at := g.tree.ask(from.node, q)
	low, high = &open{node: at, rows: from.rows[:cut]}, &open{node: at + 1, rows: from.rows[cut:]}
	small, large := low, high
	if len(high.rows) < len(low.rows) {
		small, large = high, low
	}
	small.hist = g.count(small.rows)
	large.hist = from.hist
	g.columns(len(from.rows), func(j int) {
		all, less := &large.hist[j], &small.hist[j]
		for b := range all {
			all[b] = all[b].less(less[b])
		}
	})
	from.hist = nil
	g.search(low)
	g.search(high)
	return low, high
}

// search finds the best question of a leaf, ties to the first column.
func (g *Booster) search(leaf *open) {
	leaf.sum = sums{}
	for b := range leaf.hist[0] {
		leaf.sum.add(leaf.hist[0][b])
	}
	if len(leaf.rows) < 2*g.MinLeaf {
		g.free, leaf.hist = append(g.free, leaf.hist), nil
		return
	}
	each := make([]question, len(g.bins))
	g.columns(len(leaf.rows), func(j int) { each[j] = g.look(j, leaf) })
	for _, q := range each {
		if q.gain > leaf.best.gain {
			leaf.best = q
		}
	}
}

func (g *Booster) look(j int, leaf *open) (best question) {
	hist, whole := &leaf.hist[j], leaf.sum.worth(g.Ridge)
	order := make([]int, 0, 255)
	for b := range g.bins[j].Count() {
		if hist[b].rows > 0 {
			order = append(order, b)
		}
	}
	categorical := g.bins[j].Categorical()
	if categorical {
		const smooth = 10 // so that rare levels stand in the middle
		by := func(b int) float64 { return hist[b].gradient / (hist[b].curvature + smooth) }
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(by(a), by(b)) })
	}
	for _, lost := range [2]bool{false, true} {
		if lost && hist[Missing].rows == 0 {
			break
		}
		var below sums
		if lost {
			below = hist[Missing]
		}
		var set Set
		for _, b := range order {
			below.add(hist[b])
			set.add(uint8(b))
			above := leaf.sum.less(below)
			if below.rows < g.MinLeaf || above.rows < g.MinLeaf || below.curvature < leastCurvature || above.curvature < leastCurvature {
				continue
			}
			if gain := below.worth(g.Ridge) + above.worth(g.Ridge) - whole; gain > best.gain && gain > 1e-9*whole {
				best = question{column: j, bin: uint8(b), lost: lost || hist[Missing].rows == 0 && below.rows > above.rows, gain: gain}
				if categorical {
					chosen := set
					best.set = &chosen
				}
			}
		}
	}
	return best
}
