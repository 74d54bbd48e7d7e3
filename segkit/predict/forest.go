package predict

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/bintree"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Forest is a random forest (Breiman 2001, doi:10.1023/A:1010933404324): trees grown on customers drawn with replacement, with each
// split chosen among a few columns that are drawn again every time. Columns are cut into at most 255 bins. Probabilities are averaged
// over the trees, with the shares of the segments as one more tree, so that no segment is impossible. It costs trees x n log n x
// columns.
type Forest struct {
	Trees   int // 0 means 200
	Columns int // considered for each split; 0 means the square root of their number
	MinLeaf int // customers in a leaf; 0 means 1
	Depth   int // most splits on the way to a leaf; 0 is no limit
	Seed    int
}

var _ Predictor = Forest{}

func (p Forest) Check(x *table.Table, _ int) error {
	if err := given("predict.Forest", x); err != nil {
		return err
	}
	_, d := x.Dims()
	switch {
	case p.Trees < 0:
		return fault.Option("predict.Forest", "Trees", p.Trees, "at least 1, or 0 for 200")
	case p.Columns < 0 || p.Columns > d:
		return fault.Option("predict.Forest", "Columns", p.Columns, fmt.Sprintf("1 to %d (the columns), or 0 for their root", d))
	case p.MinLeaf < 0:
		return fault.Option("predict.Forest", "MinLeaf", p.MinLeaf, "at least 1, or 0 for 1")
	case p.Depth < 0:
		return fault.Option("predict.Forest", "Depth", p.Depth, "at least 1, or 0 for no limit")
	}
	return nil
}

func (p Forest) Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	n, d := x.Dims()
	if p.Trees == 0 {
		p.Trees = 200
	}
	if p.Columns == 0 {
		p.Columns = int(math.Sqrt(float64(d)))
	}
	f := &fittedForest{Shares: sharesOf(x, labels, k), Trees: make([]*bintree.Tree, p.Trees)}
	f.Bins = binned(x)
	codes, err := f.Bins.codes(ctx, x)
	if err != nil {
		return nil, err
	}
	mean := 0.0 // weight of a customer
	for i := range n {
		mean += x.Weight(i) / float64(n)
	}
	o := bintree.Classify{Columns: p.Columns, MinLeaf: float64(max(p.MinLeaf, 1)) * (1 - 1e-9), Depth: p.Depth}
	if x.Raw().Weights != nil && p.MinLeaf <= 1 {
		o.MinLeaf = 0
	}
	step := job.Steps(ctx, "forest", p.Trees)
	err = par.Items(ctx, p.Trees, func(t int) {
		r, drawn := seed.Stream(p.Seed, "forest", t), make([]int32, n)
		for range n {
			drawn[r.IntN(n)]++
		}
		rows := make([]bintree.Row, 0, n)
		for i, times := range drawn {
			if times > 0 {
				rows = append(rows, bintree.Row{At: int32(i), Class: int32(labels[i]), Weight: float64(times) * x.Weight(i) / mean})
			}
		}
		f.Trees[t] = o.Grow(f.Bins, codes, k, rows, r)
		step()
	})
	return f, err
}

// bins are those of all columns.
type bins []bintree.Bins

func binned(x *table.Table) bins {
	out := make(bins, len(x.Raw().Columns))
	for j, c := range x.Raw().Columns {
		if c.Categorical() && !c.Ordered {
			out[j] = bintree.LevelBins(x.Raw().Column(j), len(c.Levels))
		} else {
			out[j] = bintree.NumberBins(x.Raw().Column(j))
		}
	}
	return out
}

// codes returns the bins of all cells (d x n).
func (b bins) codes(ctx context.Context, x *table.Table) ([][]uint8, error) {
	out := make([][]uint8, len(b))
	err := par.Items(ctx, len(b), func(j int) { out[j] = b[j].Codes(x.Raw().Column(j)) })
	return out, err
}

type fittedForest struct {
	Bins   bins            `json:"bins"`
	Shares []float64       `json:"shares"` // (k)
	Trees  []*bintree.Tree `json:"trees"`
}

func (f *fittedForest) Probabilities(ctx context.Context, x *table.Table) ([][]float64, error) {
	codes, err := f.Bins.codes(ctx, x)
	if err != nil {
		return nil, err
	}
	k := len(f.Shares)
	out := matrix(x.Len(), k)
	const few = 512 // customers whose codes stay at hand while all trees are asked
	err = par.Items(ctx, (x.Len()+few-1)/few, func(c int) {
		from, to := c*few, min(x.Len(), (c+1)*few)
		for i := from; i < to; i++ {
			copy(out[i], f.Shares)
		}
		for _, t := range f.Trees {
			for i := from; i < to; i++ {
				leaf := t.Leaf(codes, i)
				for l, share := range t.Values[leaf*k : leaf*k+k] {
					out[i][l] += share
				}
			}
		}
		for i := from; i < to; i++ {
			for l := range out[i] {
				out[i][l] /= float64(len(f.Trees) + 1)
			}
		}
	})
	return out, err
}

func (f *fittedForest) valid(columns []table.Column, k int) error {
	if f == nil || len(f.Shares) != k || !finite(f.Shares...) || len(f.Trees) == 0 {
		return errors.New("the forest is not whole")
	}
	return f.Bins.valid(columns, k, f.Trees)
}

// valid refuses bins and trees that do not fit the columns, with so many values to a leaf.
func (b bins) valid(columns []table.Column, values int, trees []*bintree.Tree) error {
	if len(b) != len(columns) {
		return fmt.Errorf("bins of %d columns for %d", len(b), len(columns))
	}
	for j, c := range columns {
		if levels := c.Categorical() && !c.Ordered; levels && len(b[j].Levels) != len(c.Levels) || !levels && (b[j].Levels != nil || !slices.IsSorted(b[j].Cuts)) {
			return fmt.Errorf("the bins do not fit column %q", c.Name)
		}
	}
	for _, t := range trees {
		if err := t.Check(len(columns), values); err != nil {
			return err
		}
	}
	return nil
}
