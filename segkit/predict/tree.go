package predict

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/bintree"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// Tree is one small tree (Breiman, Friedman, Olshen & Stone 1984, "Classification and Regression Trees"): each split makes the two sides
// as pure as one split can. Every segment counts one more customer in each leaf, so that no segment is impossible. Columns are cut into
// at most 255 bins. For rules that people can read, rulebook.Explain finds better ones.
type Tree struct {
	Depth   int // most splits on the way to a leaf; 0 means 3
	MinLeaf int // customers in a leaf; 0 means 5
}

var _ Predictor = Tree{}

func (p Tree) Check(x *table.Table, _ int) error {
	if err := given("predict.Tree", x); err != nil {
		return err
	}
	switch {
	case p.Depth < 0:
		return fault.Option("predict.Tree", "Depth", p.Depth, "at least 1, or 0 for 3")
	case p.MinLeaf < 0:
		return fault.Option("predict.Tree", "MinLeaf", p.MinLeaf, "at least 1, or 0 for 5")
	}
	return nil
}

func (p Tree) Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	if p.Depth == 0 {
		p.Depth = 3
	}
	if p.MinLeaf == 0 {
		p.MinLeaf = 5
	}
	f := fittedTree{Bins: binned(x)}
	codes, err := f.Bins.codes(ctx, x)
	if err != nil {
		return nil, err
	}
	rows := make([]bintree.Row, x.Len())
	for i, l := range labels {
		rows[i] = bintree.Row{At: int32(i), Class: int32(l), Weight: x.Weight(i)}
	}
	f.Tree = bintree.Classify{Columns: len(f.Bins), MinLeaf: float64(p.MinLeaf) * (1 - 1e-9), Depth: p.Depth}.Grow(f.Bins, codes, k, rows, seed.Stream(0, "tree", 0))
	f.Counts = matrix(len(f.Tree.Values)/k, k)
	for i, l := range labels {
		f.Counts[f.Tree.Leaf(codes, i)][l] += x.Weight(i)
	}
	return f, nil
}

type fittedTree struct {
	Bins   bins          `json:"bins"`
	Tree   *bintree.Tree `json:"tree"`
	Counts [][]float64   `json:"counts"` // (leaves x k) training customers
}

func (f fittedTree) Probabilities(ctx context.Context, x *table.Table) ([][]float64, error) {
	codes, err := f.Bins.codes(ctx, x)
	if err != nil {
		return nil, err
	}
	out := matrix(x.Len(), len(f.Counts[0]))
	for i := range out {
		total := 0.0
		for l, n := range f.Counts[f.Tree.Leaf(codes, i)] {
			out[i][l] = n + 1
			total += n + 1
		}
		for l := range out[i] {
			out[i][l] /= total
		}
	}
	return out, nil
}

func (f fittedTree) valid(columns []table.Column, k int) error {
	if f.Tree == nil || len(f.Counts) == 0 || len(f.Tree.Values) != len(f.Counts)*k {
		return errors.New("the tree is not whole")
	}
	for leaf, counts := range f.Counts {
		for _, n := range counts {
			if !(n >= 0) || math.IsInf(n, 0) {
				return fmt.Errorf("leaf %d holds %v customers", leaf+1, n)
			}
		}
		if len(counts) != k {
			return fmt.Errorf("leaf %d counts %d segments of %d", leaf+1, len(counts), k)
		}
	}
	return f.Bins.valid(columns, k, []*bintree.Tree{f.Tree})
}
