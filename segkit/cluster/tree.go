package cluster

import (
	"fmt"
	"sort"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/grouping"
	"github.com/segkit/lab/segkit/internal/linkage"
	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/table"
)

// Tree says how n customers join, two groups at a time, until all are in one group, as a dendrogram shows it.
type Tree struct {
	Merges  []Merge   // (n-1) in order of rising height
	Weights []float64 // (n) of the customers, nil if each counts once
}

// Merge is one step of a Tree. A and B are rows 0..n-1, or n+i for the group that Merges[i] made; A holds the earlier row.
type Merge struct {
	A, B   int
	Height float64 // distance of the two
	Size   int     // rows of both together
}

// newTree takes over the merges of the kernel.
func newTree(merges []linkage.Merge, weights []float64) *Tree {
	t := &Tree{Merges: make([]Merge, len(merges)), Weights: weights}
	for i, m := range merges {
		t.Merges[i] = Merge(m)
	}
	return t
}

// Len returns n, the number of customers.
func (t *Tree) Len() int { return len(t.Merges) + 1 }

// Cut returns the k groups (1 to n) that the last k-1 merges join, as canonical labels (n). If the cut falls between merges of
// equal height, the order of the rows decides which of them are made. It costs O(n).
func (t *Tree) Cut(k int) (table.Labels, error) {
	if t == nil {
		return nil, fault.Nil("cluster.Tree.Cut", "tree")
	}
	if k < 1 || k > t.Len() {
		return nil, fault.Option("cluster.Tree", "Cut(k)", k, fmt.Sprintf("1 to %d (the number of customers)", t.Len()))
	}
	return t.after(t.Len() - k), nil
}

// CutAt returns the groups that exist at a height, as canonical labels (n): all merges up to that height are made.
func (t *Tree) CutAt(height float64) table.Labels {
	return t.after(sort.Search(len(t.Merges), func(i int) bool { return t.Merges[i].Height > height }))
}

// after returns the groups that the first merges make.
func (t *Tree) after(merges int) table.Labels {
	n := t.Len()
	sets, member := nn.NewSets(n), make([]int32, merges) // a row of each merge
	row := func(group int) int32 {
		if group < n {
			return int32(group)
		}
		return member[group-n]
	}
	for i, m := range t.Merges[:merges] {
		member[i] = row(m.A)
		sets.Union(row(m.A), row(m.B))
	}
	labels := make(table.Labels, n)
	for i := range labels {
		labels[i] = int(sets.Find(int32(i)))
	}
	labels = grouping.Of(labels).Labels
	return labels.Renumber(pick.BySize(labels, t.Weights, n-merges))
}

// Order returns the rows (n) as a dendrogram shows them, so that no two branches cross; the group with the earlier row comes first.
func (t *Tree) Order() []int {
	n := t.Len()
	order := make([]int, 0, n)
	for open := []int{n + len(t.Merges) - 1}; len(open) > 0; {
		group := open[len(open)-1]
		open = open[:len(open)-1]
		if group < n {
			order = append(order, group)
			continue
		}
		open = append(open, t.Merges[group-n].B, t.Merges[group-n].A)
	}
	return order
}
