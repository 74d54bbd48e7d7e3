// Package linkage joins rows step by step into one cluster: Ward's method and single linkage in O(n d) memory, average and
// complete linkage on the matrix of all distances, and the tree that the joins make.
//
// Ward, average and complete linkage follow chains of nearest neighbours until two clusters are each other's nearest, and
// join those (Benzécri 1982; Murtagh 1983, doi:10.1093/comjnl/26.4.354; as in Müllner 2011, arXiv:1109.2378). All three are reducible: a join
// brings no cluster nearer to a third, so the chain stays valid, and sorting the joins by height gives the tree that joining
// the nearest pair at each step would. Of equally near clusters the chain's last comes first, then the one with the earliest row.
package linkage

import (
	"cmp"
	"slices"

	"github.com/segkit/lab/segkit/internal/nn"
)

// Merge joins two clusters: A and B are rows 0..n-1, or n+i for the result of merge i. A holds the earlier row.
type Merge struct {
	A, B   int
	Height float64
	Size   int // rows
}

// Tree sorts the n-1 joins of n rows, of which any spans two clusters, by height, and names the clusters they join.
func Tree(n int, joins []nn.Edge) []Merge {
	joins = slices.Clone(joins)
	slices.SortStableFunc(joins, func(a, b nn.Edge) int { return cmp.Compare(a.Weight, b.Weight) })
	sets := nn.NewSets(n)
	cluster, first, size := make([]int, n), make([]int32, n), make([]int, n) // by the set's name
	for i := range n {
		cluster[i], first[i], size[i] = i, int32(i), 1
	}
	merges := make([]Merge, len(joins))
	for m, e := range joins {
		a, b := sets.Find(e.A), sets.Find(e.B)
		if first[b] < first[a] {
			a, b = b, a
		}
		merges[m] = Merge{cluster[a], cluster[b], e.Weight, size[a] + size[b]}
		early := first[a]
		sets.Union(a, b)
		s := sets.Find(a)
		cluster[s], first[s], size[s] = n+m, early, merges[m].Size
	}
	return merges
}
