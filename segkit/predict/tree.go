package predict

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/growtree"
	"github.com/segkit/lab/segkit/internal/tree"
	"github.com/segkit/lab/segkit/table"
)

// Tree is one small tree that can be read: up to three conditions deep it is the best there is on its candidate thresholds. Each
// segment counts one customer more in every leaf, so that nothing is impossible. A customer whose value is missing gets the
// probabilities of the node where it is asked for. It learns from at most 10,000 customers, drawn from larger tables.
type Tree struct {
	Conditions int     // on the way to a leaf; 0 means 3, at most 6
	Worth      float64 // share of all customers by which one more leaf must make the leaves purer; 0 means .005
}

var _ Predictor = Tree{}

func (p Tree) Check(x *table.Table, _ int) error {
	if err := given("Tree", x); err != nil {
		return err
	}
	switch {
	case p.Conditions < 0 || p.Conditions > 6:
		return fault.Option("Tree", "Conditions", p.Conditions, "1 to 6, or 0 for 3")
	case !(p.Worth >= 0 && p.Worth < 1):
		return fault.Option("Tree", "Worth", p.Worth, "a share from 0 to 1, or 0 for .005")
	}
	return nil
}

func (p Tree) Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	if p.Conditions == 0 {
		p.Conditions = 3
	}
	if p.Worth == 0 {
		p.Worth = .005
	}
	root := growtree.Grow(x, labels, k, tree.Options{Conditions: p.Conditions, Worth: p.Worth, Gini: true})
	return fittedTree{Root: root, K: k}, ctx.Err()
}

type fittedTree struct {
	Root *tree.Node `json:"root"`
	K    int        `json:"k"`
}

func (f fittedTree) Probabilities(ctx context.Context, x *table.Table) ([][]float64, error) {
	d, out := growtree.Data(x, make(table.Labels, x.Len()), f.K), matrix(x.Len(), f.K)
	for i := range out {
		at, _ := f.Root.Reach(d, i)
		total := 0.0
		for l, n := range at.Counts {
			out[i][l] = n + 1
			total += out[i][l]
		}
		for l := range out[i] {
			out[i][l] /= total
		}
	}
	return out, ctx.Err()
}

func (f fittedTree) valid(columns []table.Column, k int) error {
	if f.K != k {
		return fmt.Errorf("a tree of %d segments for %d", f.K, k)
	}
	var sound func(n *tree.Node, depth int) error
	sound = func(n *tree.Node, depth int) error {
		switch {
		case n == nil || len(n.Counts) != k || !finite(n.Counts...) || slices.Min(n.Counts) < 0 || depth > 64:
			return errors.New("a node of the tree is not whole")
		case n.Low == nil && n.High == nil:
			return nil
		case n.Column < 0 || n.Column >= len(columns) || !finite(n.At):
			return fmt.Errorf("the tree asks for column %d of %d", n.Column+1, len(columns))
		}
		return errors.Join(sound(n.Low, depth+1), sound(n.High, depth+1))
	}
	return sound(f.Root, 0)
}
