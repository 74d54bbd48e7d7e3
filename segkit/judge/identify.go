package judge

import (
	"context"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/folds"
	"github.com/segkit/lab/segkit/internal/growtree"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/tree"
	"github.com/segkit/lab/segkit/table"
)

// Can you find the segments again by what you know of everybody: age, city, channel? A small tree tries, on customers it
// has not seen.

const (
	identifyConditions = 3
	identifyFolds      = 5
	identifyWorth      = 0.005 // share of all customers by which one more leaf must make the leaves purer
)

// identifiability is how well a tree of three conditions over the columns of x (n x d, raw) tells who is in which segment: the macro
// AUC of its probabilities for customers it was not grown from, with an interval of 95 %. Customers in no segment are left
// out. A customer whose value is missing gets the probabilities of the node where it is asked for. The interval is that of
// other customers of the same kind with the trees as they are; where trees are made from 10,000 of more customers, it is as wide at least as the
// folds differ. It is ErrUndefined for fewer than two segments with customers. Beside the search it costs n k, and n log n to deal the customers out.
func identifiability(ctx context.Context, x *table.Table, labels table.Labels, seed int) (found identified, err error) {
	var in []int
	for i, l := range labels {
		if l != table.Noise {
			in = append(in, i)
		}
	}
	x, labels = x.Rows(in), pick.At(labels, in)
	bySize := pick.BySize(labels, nil, labels.K()) // so that labels decide no tie; empty segments come last and drop out
	labels = labels.Renumber(bySize)
	x.Raw().Weights = x.EvidenceWeights() // leaves and intervals count customers seen
	k := labels.K()
	d := growtree.Data(x, labels, k)
	fold := folds.Deal(x.Raw().IDs, labels, identifyFolds, seed)
	prob := make([][]float64, x.Len())
	drawn := growtree.Draw(x)
	err = par.Items(ctx, identifyFolds, func(f int) {
		seen := func(i int) bool { return fold[i] != f || len(fold) == 1 } // one customer is in the first fold: undefined, as macroAUC says
		n := growtree.Grow(x, labels, k, seen, drawn, tree.Options{Conditions: identifyConditions, Worth: identifyWorth, Gini: true})
		says := make(map[*tree.Node][]float64)
		for i := range fold {
			if fold[i] == f {
				at, _ := n.Reach(d, i)
				if says[at] == nil {
					says[at] = shares(at.Counts)
				}
				prob[i] = says[at]
			}
		}
	})
	if err != nil {
		return found, err
	}
	auc, se, inOrder, err := macroAUC(prob, labels, x.Raw().Weights)
	each := slices.Repeat([]float64{math.NaN()}, len(bySize))
	for r, auc := range inOrder {
		each[bySize[r]] = auc
	}
	rows := growtree.Sampled(x.Len() - x.Len()/identifyFolds)
	if rows > 0 {
		se = max(se, acrossFolds(prob, labels, x.Raw().Weights, fold))
	}
	return identified{auc, max(0, auc-float64(stats.Normal95*se)), min(1, auc+float64(stats.Normal95*se)), se, each, rows, x.Len()}, err
}

// acrossFolds is the standard error of the macro AUC by that of each fold, whose trees were made from other customers; 0 where fewer than two folds
// have one. As the folds share most of what their trees were made from, it is low rather than high.
func acrossFolds(prob [][]float64, labels table.Labels, weights []float64, fold []int) float64 {
	var each []float64
	for f := range identifyFolds {
		var in []int
		for i, of := range fold {
			if of == f {
				in = append(in, i)
			}
		}
		w := weights
		if w != nil {
			w = pick.At(w, in)
		}
		if auc, _, _, err := macroAUC(pick.At(prob, in), pick.At(labels, in), w); err == nil {
			each = append(each, auc)
		}
	}
	if len(each) < 2 {
		return 0
	}
	return stat.StdErr(stat.StdDev(each, nil), float64(len(each)))
}

// identified is how well segments are found again.
type identified struct {
	auc, low, high float64
	se             float64   // of auc
	each           []float64 // (k) of each segment against the rest; NaN without customers
	rows, of       int       // customers that a tree was grown on, where these were fewer than it might have seen, else 0; and all
}

// shares are probabilities from the weights of the classes, each one customer richer (Laplace), so that nothing is impossible.
func shares(counts []float64) []float64 {
	out, total := make([]float64, len(counts)), 0.0
	for l, n := range counts {
		out[l] = n + 1
		total += out[l]
	}
	for l := range out {
		out[l] /= total
	}
	return out
}

// macroAUC is the mean over the segments of the probability that a customer in the segment has a higher score for it (prob, n x k)
// than one in another segment, ties counting half (Hand & Till 2001, doi:10.1023/A:1010920819831, one against the rest).
// Segments without customers are left out; each (k) is that of every segment. se is its standard error for other customers
// with the same scores, by the placements of DeLong, DeLong & Clarke-Pearson (1988, doi:10.2307/2531595). Weights (n) may be
// nil, and add up to what the rows are worth. It is ErrUndefined for fewer than two segments. Cost k n, and k m log m for m
// different scores.
func macroAUC(prob [][]float64, labels table.Labels, weights []float64) (auc, se float64, each []float64, err error) {
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	inside, all := make([]float64, labels.K()), 0.0
	for i, l := range labels {
		inside[l] += weight(i)
		all += weight(i)
	}
	segments := 0.0
	for _, w := range inside {
		if w > 0 {
			segments++
		}
	}
	if segments < 2 {
		return 0, 0, nil, fault.Errorf(fault.ErrUndefined, "segkit: AUC: all customers are in one segment")
	}
	type tied struct { // the customers of one score: their weight in the segment and outside, the share of the others below them, and of those inside above
		inside, outside, below, above float64
	}
	pull := make([]float64, len(labels)) // how far each customer moves the mean
	for c, in := range inside {
		if in == 0 {
			each = append(each, math.NaN())
			continue
		}
		scores := make(map[float64]*tied) // few: a tree has few leaves
		for i, l := range labels {
			t := scores[prob[i][c]]
			if t == nil {
				t = new(tied)
				scores[prob[i][c]] = t
			}
			if l == c {
				t.inside += weight(i)
			} else {
				t.outside += weight(i)
			}
		}
		out := all - in
		mean, insideBelow, outsideBelow := 0.0, 0.0, 0.0
		for _, score := range slices.Sorted(maps.Keys(scores)) {
			t := scores[score]
			t.below, t.above = (outsideBelow+t.outside/2)/out, (in-insideBelow-t.inside/2)/in
			mean += t.inside / in * (outsideBelow + t.outside/2) / out
			insideBelow, outsideBelow = insideBelow+t.inside, outsideBelow+t.outside
		}
		auc += mean / segments
		each = append(each, mean)
		for i, l := range labels {
			placement, group := scores[prob[i][c]].above, out
			if l == c {
				placement, group = scores[prob[i][c]].below, in
			}
			pull[i] += (placement - mean) / group / segments
		}
	}
	for i, p := range pull {
		se += float64(weight(i) * p * p)
	}
	return auc, math.Sqrt(se), each, nil
}
