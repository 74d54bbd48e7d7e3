package predict

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/bintree"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Boosted are gradient-boosted trees (Friedman 2001, doi:10.1214/aos/1013203451): in each round, a tree for each segment takes a step
// that lowers the log loss. For two segments, one tree a round is enough. Columns are cut into at most 255 bins. Nothing is random, so
// there is no seed. It costs rounds x k x n·d.
type Boosted struct {
	Rounds  int     // 0 means 100
	Rate    float64 // share of each step that is taken; 0 means .1
	Leaves  int     // of a tree; 0 means 31
	MinLeaf int     // customers in a leaf; 0 means 20
	Ridge   float64 // shrinks the steps towards 0; 0 means 1
}

var _ Predictor = Boosted{}

func (p Boosted) Check(x *table.Table, _ int) error {
	if err := given("predict.Boosted", x); err != nil {
		return err
	}
	switch {
	case p.Rounds < 0:
		return fault.Option("predict.Boosted", "Rounds", p.Rounds, "at least 1, or 0 for 100")
	case !(p.Rate >= 0 && p.Rate <= 1):
		return fault.Option("predict.Boosted", "Rate", p.Rate, "above 0 and up to 1, or 0 for .1")
	case p.Leaves < 0 || p.Leaves == 1:
		return fault.Option("predict.Boosted", "Leaves", p.Leaves, "at least 2, or 0 for 31")
	case p.MinLeaf < 0:
		return fault.Option("predict.Boosted", "MinLeaf", p.MinLeaf, "at least 1, or 0 for 20")
	case !(p.Ridge >= 0) || math.IsInf(p.Ridge, 0):
		return fault.Option("predict.Boosted", "Ridge", p.Ridge, "a number above 0, or 0 for 1")
	}
	return nil
}

// withDefaults fills the zeros in.
func (p Boosted) withDefaults() Boosted {
	if p.Rounds == 0 {
		p.Rounds = 100
	}
	if p.Rate == 0 {
		p.Rate = .1
	}
	if p.Leaves == 0 {
		p.Leaves = 31
	}
	if p.MinLeaf == 0 {
		p.MinLeaf = 20
	}
	if p.Ridge == 0 {
		p.Ridge = 1
	}
	return p
}

func (p Boosted) Learn(ctx context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	p = p.withDefaults()
	n, outs := x.Len(), outputs(k)
	f := &fittedBoosted{Bins: binned(x), K: k, Start: make([]float64, outs)}
	codes, err := f.Bins.codes(ctx, x)
	if err != nil {
		return nil, err
	}
	shares := sharesOf(x, labels, k)
	for o := range f.Start { // log odds of two, logs of more
		f.Start[o] = math.Log(max(shares[o], 1e-9))
		if outs == 1 {
			f.Start[o] = math.Log(max(shares[1], 1e-9) / max(shares[0], 1e-9)) // a fold may lack one of them
		}
	}
	scores, gradient, curvature := matrix(outs, n), matrix(outs, n), matrix(outs, n)
	for o := range scores {
		for i := range scores[o] {
			scores[o][i] = f.Start[o]
		}
	}
	growers := make([]*bintree.Booster, outs)
	for c := range growers {
		growers[c] = bintree.Boost{Leaves: p.Leaves, MinLeaf: p.MinLeaf, Ridge: p.Ridge}.On(f.Bins, codes)
	}
	inner := ctx
	if outs > 1 {
		inner = par.Inside(ctx) // the trees of a round share the processors
	}
	step := job.Steps(ctx, "boosted trees", p.Rounds)
	for range p.Rounds {
		err := par.Rows(ctx, n, func(_, from, to int) {
			prob := make([]float64, max(outs, 2))
			for i := from; i < to; i++ {
				for c := range outs {
					prob[c] = scores[c][i]
				}
				fromScores(prob)
				for c := range outs {
					l := c
					if outs == 1 {
						l = 1
					}
					q := prob[l]
					gradient[c][i], curvature[c][i] = x.Weight(i)*q, x.Weight(i)*q*(1-q)
					if labels[i] == l {
						gradient[c][i] -= x.Weight(i)
					}
				}
			}
		})
		if err != nil {
			return nil, err
		}
		round, failed := make([]*bintree.Tree, outs), make([]error, outs)
		err = par.Items(ctx, outs, func(c int) {
			var of []int32
			if round[c], of, failed[c] = growers[c].Grow(inner, gradient[c], curvature[c]); failed[c] != nil {
				return
			}
			for l := range round[c].Values {
				round[c].Values[l] *= p.Rate
			}
			for i, l := range of {
				scores[c][i] += round[c].Values[l]
			}
		})
		if err != nil {
			return nil, err
		}
		for _, err := range failed {
			if err != nil {
				return nil, err
			}
		}
		f.Rounds = append(f.Rounds, round)
		step()
	}
	return f, nil
}

type fittedBoosted struct {
	Bins   bins              `json:"bins"`
	K      int               `json:"k"`
	Start  []float64         `json:"start"`  // (outputs) scores before the first round
	Rounds [][]*bintree.Tree `json:"rounds"` // (rounds x outputs)
}

func (f *fittedBoosted) Probabilities(ctx context.Context, x *table.Table) ([][]float64, error) {
	codes, err := f.Bins.codes(ctx, x)
	if err != nil {
		return nil, err
	}
	out := matrix(x.Len(), f.K)
	const few = 512
	err = par.Items(ctx, (x.Len()+few-1)/few, func(c int) {
		from, to := c*few, min(x.Len(), (c+1)*few)
		for i := from; i < to; i++ {
			copy(out[i], f.Start)
		}
		for _, round := range f.Rounds {
			for o, t := range round {
				for i := from; i < to; i++ {
					out[i][o] += t.Values[t.Leaf(codes, i)]
				}
			}
		}
		for i := from; i < to; i++ {
			fromScores(out[i])
		}
	})
	return out, err
}

func (f *fittedBoosted) valid(columns []table.Column, k int) error {
	if f == nil || f.K != k || len(f.Start) != outputs(k) || !finite(f.Start...) {
		return errors.New("the trees are not whole")
	}
	var all []*bintree.Tree
	for _, round := range f.Rounds {
		if len(round) != outputs(k) {
			return fmt.Errorf("a round of %d trees for %d segments", len(round), k)
		}
		all = append(all, round...)
	}
	return f.Bins.valid(columns, 1, all)
}
