// Package folds deals customers into parts for cross-validation, by their ids: neither the order of the rows nor a customer more or
// less moves many of them.
package folds

import (
	"cmp"
	"hash/fnv"
	"slices"

	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// Parts of a table for cross-validation, and samples of it, drawn by the customers' ids: neither depends on the order of the
// rows, and a customer more or less moves few others.

// Draw returns all rows in an order drawn for the ids: that of some of the rows is theirs in the order of all. Cost n log n.
func Draw(ids []string, seedOf int, purpose string) []int {
	type drawn struct {
		key uint64
		row int
	}
	order, first := make([]drawn, len(ids)), seed.First(seedOf, purpose)
	for i, id := range ids {
		h := fnv.New64a()
		h.Write([]byte(id))
		order[i] = drawn{first(int(h.Sum64())), i}
	}
	slices.SortFunc(order, func(a, b drawn) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Compare(ids[a.row], ids[b.row])
	})
	rows := make([]int, len(ids))
	for p, d := range order {
		rows[p] = d.row
	}
	return rows
}

// Deal deals the customers into count parts, 0..count-1 (n), in which every segment has its share (Kohavi 1995, "A study of
// cross-validation and bootstrap for accuracy estimation and model selection", IJCAI): sizes differ by at most one, those
// of a segment too. Segments are dealt by falling size, ties by who is drawn first, so that their labels do not matter.
func Deal(ids []string, labels table.Labels, count, seedOf int) []int {
	order := Draw(ids, seedOf, "folds")
	inOrder := make(table.Labels, len(order))
	for p, i := range order {
		inOrder[p] = labels[i]
	}
	turns := make([][]int, 1+labels.K()) // noise, then the segments
	turn := make([]int, labels.K())
	for r, l := range pick.BySize(inOrder, nil, labels.K()) {
		turn[l] = 1 + r
	}
	for p, i := range order {
		at := 0
		if l := inOrder[p]; l >= 0 {
			at = turn[l]
		}
		turns[at] = append(turns[at], i)
	}
	of := make([]int, len(ids))
	for p, i := range slices.Concat(turns...) {
		of[i] = p % count
	}
	return of
}
