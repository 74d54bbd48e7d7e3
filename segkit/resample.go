package segkit

// Customers drawn again: bootstrap samples of a table, a method run on each, and how the solutions compare with that on all.

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
)

// resampling is the same method on many bootstrap samples of x, two to a pair.
type resampling struct {
	x         *Table
	m         Method
	reference Labels // (n) the solution on x
	k         int    // its segments
	pairs     int
	seed      int
}

// recovery is how the solutions on the samples compare.
type recovery struct {
	rand    []float64   // (pairs) adjusted Rand of the two solutions, NaN where undefined
	jaccard [][]float64 // (2*pairs x k) best overlap of each segment of the reference with one of the sample's, NaN without customers
	same    []int       // (n) samples that put the customer into the same segment, after the best matching
	seen    []int       // (n) samples whose solution says something about the customer
}

// absent is the label of a customer of whom a solution says nothing: not drawn, by a method that cannot assign others.
const absent = Noise - 1

// run solves all samples, and calls report after each.
func (r resampling) run(ctx context.Context, report func()) (*recovery, error) {
	n := r.x.Len()
	out := &recovery{make([]float64, r.pairs), make([][]float64, 2*r.pairs), make([]int, n), make([]int, n)}
	errs := make([]error, r.pairs)
	var mu sync.Mutex
	err := par.Items(ctx, r.pairs, func(p int) {
		var halves [2]Labels
		for h := range halves {
			i := 2*p + h
			labels, err := r.solve(ctx, i)
			if err != nil {
				errs[p] = fmt.Errorf("the customers drawn again: %w", trimmed(err))
				return
			}
			halves[h] = labels
			jaccard, of := recovered(r.reference, labels, r.k)
			out.jaccard[i] = jaccard
			mu.Lock()
			for row, l := range labels {
				if l == absent {
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
		a, b := present(halves[0], halves[1])
		out.rand[p] = math.NaN()
		if v, err := AdjustedRand(a, b); err == nil {
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
// than repeated, which is the same to every method of this package and takes 63 % of the rows.
func (r resampling) solve(ctx context.Context, i int) (Labels, error) {
	n := r.x.Len()
	stream := seed.Stream(r.seed, "bootstrap", i)
	times := make([]int, n)
	for range n {
		times[stream.IntN(n)]++
	}
	byWeight := countsWeights(r.m)
	var rows []int
	for row, t := range times {
		for range t {
			rows = append(rows, row)
			if byWeight {
				break
			}
		}
	}
	sample := r.x.pick(rows)
	if byWeight {
		if sample.weights = make([]float64, len(rows)); r.x.weights == nil {
			sample.weighting = FrequencyWeights
		}
		for p, row := range rows {
			sample.weights[p] = float64(times[row]) * r.x.weight(row)
		}
	}
	c, err := FitContext(ctx, sample, afresh(r.m, stream.Int(), r.x))
	if err != nil {
		return nil, err
	}
	if c.Assigner != nil {
		labels, _, _, err := c.Assigner.Assign(r.x)
		return labels, err
	}
	labels := make(Labels, n)
	for row := range labels {
		labels[row] = absent
	}
	for p, row := range rows {
		labels[row] = c.Labels[p]
	}
	return labels, nil
}

// countsWeights reports whether a row of weight 2 is to m what two equal rows are. A smallest size counts rows, and of methods
// from elsewhere nothing is known.
func countsWeights(m Method) bool {
	if km, ok := m.(KMeans); ok && (km.MinSize > 0 || km.MinShare > 0) {
		return false
	}
	_, ours := spellOut(m)
	return ours
}

// resampleRestarts is how many starts a sample gets at most: a poor start is part of what would differ the next time.
const resampleRestarts = 3

// afresh returns m with few starts and another seed. A given start is dropped: it would lead every sample to the same place.
func afresh(m Method, seed int, x *Table) Method {
	switch m := m.(type) {
	case KMeans:
		m.K, m.Start = m.resolved().K, nil
		m.Restarts, m.Seed = min(m.resolved().Restarts, resampleRestarts), seed
		return m
	case MiniBatch:
		m.Restarts, m.Seed = min(m.resolved().Restarts, resampleRestarts), seed
		return m
	case KMedoids:
		m.Restarts, m.Seed = min(m.resolved().Restarts, resampleRestarts), seed
		return m
	case KPrototypes:
		m.Restarts, m.Seed = min(m.resolved(x).Restarts, resampleRestarts), seed
		return m
	case GaussianMixture:
		m.K, m.Start = m.resolved().K, nil
		m.Restarts, m.Seed = min(m.resolved().Restarts, resampleRestarts), seed
		return m
	case LatentClass:
		m.Restarts, m.Seed = min(m.resolved().Restarts, resampleRestarts), seed
		return m
	}
	return m
}

// recovered returns the best overlap of each of the k segments of reference with a segment of labels, NaN for one without
// customers there, and the segment of reference that each of labels continues, -1 for none.
func recovered(reference, labels Labels, k int) (jaccard []float64, of []int) {
	before, after := present(reference, labels)
	o := newOverlap(before, after, k, after.K())
	for a := range k {
		best := math.NaN()
		if o.before[a] > 0 {
			best = 0
			for b := range o.after {
				best = max(best, o.jaccard(a, b))
			}
		}
		jaccard = append(jaccard, best)
	}
	return jaccard, o.match()
}

// present returns the labels of the customers of whom both solutions say something.
func present(a, b Labels) (_, _ Labels) {
	missing := 0
	for i := range a {
		if a[i] == absent || b[i] == absent {
			missing++
		}
	}
	if missing == 0 {
		return a, b
	}
	inA, inB := make(Labels, 0, len(a)-missing), make(Labels, 0, len(a)-missing)
	for i := range a {
		if a[i] != absent && b[i] != absent {
			inA, inB = append(inA, a[i]), append(inB, b[i])
		}
	}
	return inA, inB
}
