package choose

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/refit"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// resampling is the same method on many bootstrap samples of x, two to a pair.
type resampling struct {
	x         *table.Table
	m         cluster.Method
	reference table.Labels // (n) the solution on x
	k         int          // its segments
	pairs     int
	rows      int // customers in a sample
	seed      int
	found     distinct.Found // the different rows of x, where samples give rows weights
}

// recovery is how the solutions on the samples compare.
type recovery struct {
	rand    []float64   // (pairs) adjusted Rand of the two solutions, NaN where undefined
	jaccard [][]float64 // (2*pairs x k) best overlap of each segment of the reference with one of the sample's, NaN without customers
	same    []int       // (n) samples that put the customer into the same segment, after the best matching
	seen    []int       // (n) samples whose solution says something about the customer
}

// run solves all samples, and calls report after each.
func (r resampling) run(ctx context.Context, report func()) (*recovery, error) {
	n := r.x.Len()
	out := &recovery{make([]float64, r.pairs), make([][]float64, 2*r.pairs), make([]int, n), make([]int, n)}
	if countsWeights(r.m) {
		r.found = distinct.Rows(ctx, r.x.Raw().Data, n, len(r.x.Raw().Columns))
	}
	errs := make([]error, r.pairs)
	var mu sync.Mutex
	err := par.Items(ctx, r.pairs, func(p int) {
		var halves [2]table.Labels
		for h := range halves {
			i := 2*p + h
			labels, err := r.solve(ctx, i)
			if err != nil {
				errs[p] = fmt.Errorf("the customers drawn again: %w", fault.Trimmed(err))
				return
			}
			halves[h] = labels
			jaccard, of := overlap.Recovered(r.reference, labels, r.k)
			out.jaccard[i] = jaccard
			mu.Lock()
			for row, l := range labels {
				if l == overlap.Absent {
					continue
				}
				out.seen[row]++
				if l >= 0 && of[l] == r.reference[row] {
					out.same[row]++
				}
			}
			mu.Unlock()
			report()
		}
		a, b := overlap.Present(halves[0], halves[1])
		out.rand[p] = math.NaN()
		if v, err := compare.AdjustedRand(a, b); err == nil {
			out.rand[p] = v
		}
	})
	if err != nil {
		return nil, err
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// solve runs the method on sample i and extends its solution to every customer of x (n). Drawn rows are given weights rather
// than repeated, which is the same to every method of this package and takes at most 63 % of the rows.
func (r resampling) solve(ctx context.Context, i int) (table.Labels, error) {
	n := r.x.Len()
	stream := seed.Stream(r.seed, "bootstrap", i)
	times, different := make([]int32, n), 0
	for range r.rows {
		row := stream.IntN(n)
		if times[row]++; times[row] == 1 {
			different++
		}
	}
	byWeight, size := countsWeights(r.m), r.rows
	if byWeight {
		size = different
	}
	rows := make([]int, 0, size)
	for row, t := range times {
		for range t {
			rows = append(rows, row)
			if byWeight {
				break
			}
		}
	}
	sample := r.x.Rows(rows)
	if byWeight {
		if sample.Raw().Weights = make([]float64, len(rows)); r.x.Raw().Weights == nil {
			sample.Raw().Weighting = table.FrequencyWeights
		}
		for p, row := range rows {
			sample.Raw().Weights[p] = float64(times[row]) * r.x.Weight(row)
		}
		ctx = distinct.Known(ctx, sample.Raw().Data, r.found.Sample(rows))
	}
	c, err := refit.AtMost(ctx, sample, refit.Afresh(r.m, stream.Int()), r.k)
	if err != nil {
		return nil, err
	}
	if c.Assigner != nil {
		return c.Predict(r.x)
	}
	labels := make(table.Labels, n)
	for row := range labels {
		labels[row] = overlap.Absent
	}
	for p, row := range rows {
		labels[row] = c.Labels[p]
	}
	return labels, nil
}

// countsWeights reports whether a row of weight 2 is to m what two equal rows are. A smallest size counts rows, and of methods
// from elsewhere nothing is known.
func countsWeights(m cluster.Method) bool {
	if km, ok := m.(cluster.KMeans); ok && (km.MinSize > 0 || km.MinShare > 0) {
		return false
	}
	_, ours := memory.Spell(m)
	return ours
}
