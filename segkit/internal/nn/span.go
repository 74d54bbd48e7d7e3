package nn

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
)

// Edge joins rows A and B.
type Edge struct {
	A, B   int32
	Weight float64
}

// Span returns a minimum spanning tree of the rows (n-1 edges, in no order of weight) under mutual reachability: the
// greatest of the squared distance and the two rows' core (n, by row). A nil core means plain distance.
//
// Borůvka's rounds (1926): every component finds its lightest edge outwards, and all are added at once. A row's way out only
// grows longer as its component grows, so what an earlier round found or excluded is kept, and most rows need no search. In
// few dimensions a round costs about n log n * d, and there are at most log n rounds; memory is O(n d). Report is told the
// number of edges found after every round.
//
// The tree is the same at any number of processors: rows of one component share the lightest weight found so far as it
// comes, but it excludes only heavier edges, and of equal ones the first by position, then in the order of the row's search, is taken.
func (t *Tree) Span(ctx context.Context, core []float64, report func(edges int)) ([]Edge, error) {
	n := len(t.Rows)
	s := &spanning{t: t, core: make([]float64, n), group: make([]int32, n), bound: make([]float64, n), out: make([]int32, n),
		lightest: make([]atomic.Uint64, n), whole: make([]int32, len(t.Nodes)), least: make([]float64, len(t.Nodes))}
	for p := range n {
		s.group[p], s.out[p] = int32(p), -1
		if core != nil {
			s.core[p] = core[t.Rows[p]]
			s.bound[p] = s.core[p]
		}
	}
	for i := len(t.Nodes) - 1; i >= 0; i-- {
		node := t.Nodes[i]
		if node.Right != 0 {
			s.least[i] = min(s.least[i+1], s.least[node.Right])
			continue
		}
		s.least[i] = math.Inf(1)
		for p := node.From; p < node.To; p++ {
			s.least[i] = min(s.least[i], s.core[p])
		}
	}
	edges := make([]Edge, 0, n-1)
	sets := NewSets(n)
	for len(edges) < n-1 {
		report(len(edges))
		s.prepare(sets)
		if err := par.Rows(ctx, n, func(_, from, to int) {
			search := outward{spanning: s}
			for p := from; p < to; p++ {
				search.from(int32(p))
			}
		}); err != nil {
			return nil, err
		}
		edges = s.join(sets, edges)
	}
	report(n - 1)
	return edges, nil
}

// spanning is the state of Span, by position.
type spanning struct {
	t        *Tree
	core     []float64       // (n)
	group    []int32         // (n) component, named by one of its positions
	bound    []float64       // (n) no edge out of the component is lighter; exact where out is known
	out      []int32         // (n) other end of the lightest edge out of the component, -1 if unknown
	lightest []atomic.Uint64 // (n) by component: bits of the lightest weight out of it found in this round
	whole    []int32         // (nodes) component that all rows of the node belong to, -1 if there are several
	least    []float64       // (nodes) least core
}

// prepare begins a round.
func (s *spanning) prepare(sets *Sets) {
	for p := range s.group {
		s.group[p] = sets.Find(int32(p))
		s.lightest[p].Store(math.Float64bits(math.Inf(1)))
	}
	for p, q := range s.out {
		switch {
		case q < 0:
		case s.group[q] == s.group[p]:
			s.out[p] = -1
		default:
			s.lower(s.group[p], s.bound[p])
		}
	}
	for i := len(s.whole) - 1; i >= 0; i-- {
		node := s.t.Nodes[i]
		if node.Right != 0 {
			if s.whole[i] = s.whole[i+1]; s.whole[node.Right] != s.whole[i] {
				s.whole[i] = -1
			}
			continue
		}
		s.whole[i] = s.group[node.From]
		for p := node.From + 1; p < node.To; p++ {
			if s.group[p] != s.whole[i] {
				s.whole[i] = -1
			}
		}
	}
}

// lower makes weight the component's lightest if it is. Weights are not negative, so their bits are ordered as they are.
func (s *spanning) lower(group int32, weight float64) {
	bits := math.Float64bits(weight)
	for {
		old := s.lightest[group].Load()
		if old <= bits || s.lightest[group].CompareAndSwap(old, bits) {
			return
		}
	}
}

func (s *spanning) limit(group int32) float64 { return math.Float64frombits(s.lightest[group].Load()) }

// join adds every component's lightest edge. Of a ring of equally light ones, the last is left out.
func (s *spanning) join(sets *Sets, edges []Edge) []Edge {
	done := make([]bool, len(s.group))
	for p, q := range s.out {
		if g := s.group[p]; q >= 0 && !done[g] && s.bound[p] == s.limit(g) {
			done[g] = true
			if sets.Union(int32(p), q) {
				edges = append(edges, Edge{s.t.Rows[p], s.t.Rows[q], s.bound[p]})
			}
		}
	}
	return edges
}

// outward searches the lightest edge from one row out of its component.
type outward struct {
	*spanning
	p, group, out int32
	q             []float64
	core, weight  float64
	floor         float64 // nothing is lighter: stop there
}

func (o *outward) from(p int32) {
	s := o.spanning
	o.p, o.group, o.out = p, s.group[p], -1
	if s.out[p] >= 0 || s.bound[p] > s.limit(o.group) {
		return
	}
	o.q, o.core, o.weight, o.floor = s.t.Row(p), s.core[p], math.Inf(1), s.bound[p]
	o.visit(0, 0)
	if o.out >= 0 && o.weight <= s.limit(o.group) {
		s.out[p], s.bound[p] = o.out, o.weight
		s.lower(o.group, o.weight)
	} else {
		s.bound[p] = max(s.bound[p], min(o.weight, s.limit(o.group)))
	}
}

// visit looks at a node whose box is at distance dist.
func (o *outward) visit(node int32, dist float64) {
	if s := o.spanning; s.whole[node] == o.group {
		return
	} else if least := max(dist, o.core, s.least[node]); least >= o.weight || least > s.limit(o.group) {
		return
	}
	t := o.t
	n := t.Nodes[node]
	if n.Right != 0 {
		near, far, toNear, toFar := t.Children(node, o.q)
		o.visit(near, toNear)
		if o.weight > o.floor {
			o.visit(far, toFar)
		}
		return
	}
	for p := n.From; p < n.To; p++ {
		if o.spanning.group[p] == o.group || o.spanning.core[p] >= o.weight {
			continue
		}
		if w := max(vec.Square(o.q, t.Row(p)), o.core, o.spanning.core[p]); w < o.weight {
			o.weight, o.out = w, p
			if w <= o.floor {
				return
			}
		}
	}
}

// Sets are disjoint sets of 0..n-1 (Tarjan 1975, doi:10.1145/321879.321884).
type Sets struct{ parent, size []int32 }

// NewSets returns n sets of one.
func NewSets(n int) *Sets {
	s := &Sets{make([]int32, n), make([]int32, n)}
	for i := range s.parent {
		s.parent[i], s.size[i] = int32(i), 1
	}
	return s
}

// Find returns the member that names the set of i.
func (s *Sets) Find(i int32) int32 {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

// Union joins the sets of i and j, and reports whether they were two.
func (s *Sets) Union(i, j int32) bool {
	i, j = s.Find(i), s.Find(j)
	if i == j {
		return false
	}
	if s.size[i] < s.size[j] {
		i, j = j, i
	}
	s.parent[j] = i
	s.size[i] += s.size[j]
	return true
}
