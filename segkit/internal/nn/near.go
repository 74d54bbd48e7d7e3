package nn

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/internal/heap"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
)

// How much lies near a row: the distance within which neighbours of a given weight are found, and the nearest row.

// Core returns for every row (n) the squared distance within which rows of total weight need lie, itself included; +Inf
// where all rows together weigh less. Weights (n, by row) may be nil. It costs about n log n * need in few dimensions.
func (t *Tree) Core(ctx context.Context, weights []float64, need float64) ([]float64, error) {
	core := make([]float64, len(t.Rows))
	err := par.Rows(ctx, len(t.Rows), func(_, from, to int) {
		s := around{t: t, weights: weights, need: need}
		for p := from; p < to; p++ {
			core[t.Rows[p]] = s.distance(t.Row(int32(p)), 0)
		}
	})
	return core, err
}

// CoreOf is Core for one new row q (in: d), which itself weighs own. weights (in: n by row, or nil for ones) and need are as there.
func (t *Tree) CoreOf(q []float64, weights []float64, need, own float64) float64 {
	return (&around{t: t, weights: weights, need: need}).distance(q, own)
}

// around collects the nearest rows that together weigh need: a heap with the farthest on top.
type around struct {
	t       *Tree
	weights []float64
	need    float64
	q       []float64
	heap    heap.Heap // by falling distance: its keys are negative
	total   float64
}

func (s *around) weight(row int32) float64 {
	if s.weights == nil {
		return 1
	}
	return s.weights[row]
}

func (s *around) farthest() float64 { return -s.heap[0].Key }

func (s *around) distance(q []float64, own float64) float64 {
	s.q, s.heap, s.total = q, s.heap[:0], own
	if own >= s.need {
		return 0
	}
	s.visit(0)
	if s.total < s.need {
		return math.Inf(1)
	}
	return s.farthest()
}

// full reports whether nothing at this distance or beyond can lower the answer.
func (s *around) full(dist float64) bool { return s.total >= s.need && dist >= s.farthest() }

func (s *around) visit(node int32) {
	t := s.t
	if n := t.Nodes[node]; n.Right == 0 {
		for p := n.From; p < n.To; p++ {
			if dist := vec.Square(s.q, t.Row(p)); !s.full(dist) {
				s.add(dist, t.Rows[p])
			}
		}
		return
	}
	near, far, toNear, toFar := t.Children(node, s.q)
	if !s.full(toNear) {
		s.visit(near)
	}
	if !s.full(toFar) {
		s.visit(far)
	}
}

// add puts a row in and takes out the farthest while the rest weighs enough.
func (s *around) add(dist float64, row int32) {
	s.total += s.weight(row)
	if v := (heap.Item{Key: -dist, Row: row}); len(s.heap) > 0 && dist < s.farthest() && s.total-s.weight(s.heap[0].Row) >= s.need {
		s.total -= s.weight(s.heap[0].Row)
		s.heap.Replace(v)
	} else {
		s.heap.Push(v)
	}
	for s.total-s.weight(s.heap[0].Row) >= s.need {
		s.total -= s.weight(s.heap[0].Row)
		s.heap.Pop()
	}
}

// Nearest returns the row nearest to q by the greatest of squared distance, least and the row's own core (n, by row; nil for
// none): with both it is mutual reachability. Ties go to the row at the smaller distance, then to the lower row; of those
// where q itself stands, without least and core, any may come.
func (t *Tree) Nearest(q []float64, least float64, core []float64) (row int, reach float64) {
	s := nearest{t: t, q: q, least: least, core: core, row: -1, reach: math.Inf(1), dist: math.Inf(1)}
	s.visit(0)
	return int(s.row), s.reach
}

type nearest struct {
	t           *Tree
	q           []float64
	least       float64
	core        []float64
	row         int32
	reach, dist float64
}

func (s *nearest) visit(node int32) {
	t := s.t
	if n := t.Nodes[node]; n.Right == 0 {
		for p := n.From; p < n.To; p++ {
			row, dist := t.Rows[p], vec.Square(s.q, t.Row(p))
			reach := max(dist, s.least)
			if s.core != nil {
				reach = max(reach, s.core[row])
			}
			if reach < s.reach || reach == s.reach && (dist < s.dist || dist == s.dist && row < s.row) {
				s.row, s.reach, s.dist = row, reach, dist
			}
		}
		return
	}
	near, far, toNear, toFar := t.Children(node, s.q)
	if toNear <= s.reach && s.reach > 0 {
		s.visit(near)
	}
	if toFar <= s.reach && s.reach > 0 {
		s.visit(far)
	}
}

// Within returns the weight (by row: n, or nil for ones) of the rows at a squared distance of at most reach from q.
func (t *Tree) Within(q []float64, reach float64, weights []float64) float64 {
	return t.within(0, q, reach, weights)
}

func (t *Tree) within(node int32, q []float64, reach float64, weights []float64) (total float64) {
	if t.toBox(node, q) > reach {
		return 0
	}
	n := t.Nodes[node]
	all := t.acrossBox(node, q) <= reach // then no row need be looked at
	switch {
	case all && weights == nil:
		return float64(n.To - n.From)
	case !all && n.Right != 0:
		return t.within(node+1, q, reach, weights) + t.within(n.Right, q, reach, weights)
	}
	for p := n.From; p < n.To; p++ {
		if all || vec.Square(q, t.Row(p)) <= reach {
			if weights == nil {
				total++
			} else {
				total += weights[t.Rows[p]]
			}
		}
	}
	return total
}
