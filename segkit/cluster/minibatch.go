package cluster

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// MiniBatch is k-means that learns from small random batches of customers instead of all (Sculley 2010,
// doi:10.1145/1772690.1772862): each customer in a batch pulls the nearest centre toward itself, and the more customers
// the centre has seen, the less it moves. FitBatches feeds it one table after another, for more data than fit in
// memory.
//
// The centres are running means of batches, so it does not make the single moves of KMeans, which end at exact means.
//
// It settles near the segments of KMeans at a slightly higher cost, usually by a few percent; if the table fits in memory and KMeans is fast enough, use that. All
// rows are equally likely to be drawn, whatever their weights; the weights decide how much they pull and cost. A start takes (2 + ln k + 1)*k*d for each row of 3
// batches, then k*d for every row of every batch, and n*k*d once to evaluate it. Memory is O(n + (Batch + k)*d) for each start under way.
type MiniBatch struct {
	K        int `json:"k"`        // number of segments, 1 to the number of different customers
	Batch    int `json:"batch"`    // customers in a batch; 0 means 1024
	MaxIter  int `json:"max_iter"` // most batches in each start; 0 means 1000
	Restarts int `json:"restarts"` // starts; 0 means 3
	Seed     int `json:"seed"`     // any number; the same number gives the same segments
}

var _ KMethod = MiniBatch{}

const (
	patience   = 10 // batches that may bring no better smoothed cost before a start ends
	remembered = 50 // batches that the smoothed cost remembers at most: with a memory of all in a large table no start would ever end early
)

// What KMethod and Restarter ask for.

func (m MiniBatch) AtMost(starts int) Method {
	m.Restarts = min(m.resolved().Restarts, starts)
	return m
}
func (m MiniBatch) Reseeded(seed int) Method { m.Seed = seed; return m }
func (m MiniBatch) WithK(k int) Method       { m.K = k; return m }

// resolved returns m with its defaults filled in.
func (m MiniBatch) resolved() MiniBatch {
	m.Batch = cmp.Or(m.Batch, 1024)
	m.MaxIter = cmp.Or(m.MaxIter, 1000)
	m.Restarts = cmp.Or(m.Restarts, 3)
	return m
}

// Check implements Method. It costs n*d.
func (m MiniBatch) Check(x *table.Table) error {
	if err := x.CheckNumbers("cluster.MiniBatch"); err != nil {
		return err
	}
	m = m.resolved()
	switch {
	case m.Batch < 1:
		return fault.Option("cluster.MiniBatch", "Batch", m.Batch, "at least 1, or 0 for 1024")
	case m.MaxIter < 1:
		return fault.Option("cluster.MiniBatch", "MaxIter", m.MaxIter, "at least 1, or 0 for 1000")
	case m.Restarts < 1:
		return fault.Option("cluster.MiniBatch", "Restarts", m.Restarts, "at least 1, or 0 for 3")
	}
	return checkK("cluster.MiniBatch", m.K, x)
}

// Cluster implements Method.
func (m MiniBatch) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	m = m.resolved()
	p := newLloyd(ctx, KMeans{K: m.K, Tol: -1}.resolved(), x, par.InTurn)
	defer p.end()
	best, restarts, err := starts.Best(ctx, fmt.Sprintf("mini-batch k-means, k = %d", m.K), m.Restarts, par.Items,
		func(r int) (*solution, error) { return m.start(ctx, p, seed.Stream(m.Seed, "mini-batch start", r)) }, p.divided())
	if err != nil {
		return nil, err
	}
	if err := p.settle(ctx, best); err != nil {
		return nil, err
	}
	c := p.clustering(x, best, restarts)
	c.Method = m
	return c, nil
}

// start draws batches until they bring nothing new, and prices the centres on all rows.
func (m MiniBatch) start(ctx context.Context, p *lloyd, r *rand.Rand) (*solution, error) {
	s := &solution{labels: make([]int32, p.n), dist: make([]float64, p.n)}
	sample := p.sample(r, max(3*m.Batch, 10*m.K))
	var err error
	if s.centers, err = sample.plusPlus(ctx, r); err != nil {
		return nil, err
	}
	g := newGradient(s.centers, m.K, p.d)
	smooth, lowest, since := 0.0, math.Inf(1), 0
	follow := min(1, max(2*float64(m.Batch)/float64(p.n+1), 2.0/remembered)) // of the smoothed cost: about one table counts
	for s.iterations < m.MaxIter && !s.converged {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		batch := p.sample(r, m.Batch)
		cost := g.learn(batch.x, batch.w) / float64(batch.n)
		s.iterations++
		if smooth += float64(follow * (cost - smooth)); s.iterations == 1 {
			smooth = cost
		}
		if since++; smooth < lowest {
			lowest, since = smooth, 0
		}
		s.converged = since >= patience
	}
	return s, p.finish(ctx, s)
}

// sample returns m rows drawn with replacement, or all where there are no more.
func (p *lloyd) sample(r *rand.Rand, m int) *lloyd {
	if m >= p.n {
		return p
	}
	q := *p
	q.n, q.x, q.w = m, make([]float64, 0, m*p.d), nil
	for range m {
		i := r.IntN(p.n)
		q.x = append(q.x, p.row(i)...)
		if p.w != nil {
			q.w = append(q.w, p.w[i])
		}
	}
	return &q
}

// finish gives every row its nearest centre. A centre that has none moves to the row farthest from its own, K times at most: values so
// tiny that their squared distances are 0 leave centres without rows for ever.
func (p *lloyd) finish(ctx context.Context, s *solution) error {
	for moves := 0; ; moves++ {
		err := p.rows(ctx, p.n, func(_, from, to int) {
			vec.Nearest(p.x[from*p.d:to*p.d], p.d, s.centers, s.labels[from:to], s.dist[from:to])
		})
		if err != nil {
			return err
		}
		rows := make([]int, p.m.K)
		for _, l := range s.labels {
			rows[l]++
		}
		empty, far := slices.Index(rows, 0), 0
		if empty < 0 || moves == p.m.K {
			return p.price(ctx, s)
		}
		for i, dist := range s.dist {
			if dist > s.dist[far] {
				far = i
			}
		}
		copy(s.centers[empty*p.d:], p.row(far))
	}
}

// gradient is the state that batches change: centres, and the weight of the rows that each has seen.
type gradient struct {
	d             int
	centers, seen []float64 // (k*d), (k)
	labels        []int32   // of a batch
	dist          []float64 // of a batch
}

func newGradient(centers []float64, k, d int) *gradient {
	return &gradient{d: d, centers: centers, seen: make([]float64, k)}
}

// learn moves the centres by a batch x (m*d) with weights w (m, or nil), and returns what the batch cost before.
func (g *gradient) learn(x, w []float64) (cost float64) {
	m := len(x) / g.d
	g.labels, g.dist = slices.Grow(g.labels[:0], m)[:m], slices.Grow(g.dist[:0], m)[:m]
	vec.Nearest(x, g.d, g.centers, g.labels, g.dist)
	for i, l := range g.labels {
		weight := 1.0
		if w != nil {
			weight = w[i]
		}
		cost += float64(weight * g.dist[i])
		g.seen[l] += weight
		rate := weight / g.seen[l]
		center := g.centers[int(l)*g.d : (int(l)+1)*g.d]
		for j, v := range x[i*g.d : (i+1)*g.d] {
			center[j] += float64(rate * (v - center[j]))
		}
	}
	return cost
}

// FitBatches clusters customers that arrive in one table after another, such as pieces of a file larger than memory. The
// first table is clustered by KMeans (with Restarts starts) and must hold K different customers; the others move its
// centres, Batch rows at a time, in the order in which they arrive, so customers should be in no particular order.
// Several passes over the data refine the centres.
//
// The result has no labels, because no customers are kept; use Predict to label any table. Cost is the customers' cost at the
// time they arrived, and Iterations the number of tables. An error in the sequence ends the fit and is returned with the
// number of the table. Memory is that of the largest table. It runs under job.DefaultContext.
func (m MiniBatch) FitBatches(batches iter.Seq2[*table.Table, error]) (*Clustering, error) {
	return m.FitBatchesContext(job.DefaultContext, batches)
}

// FitBatchesContext is FitBatches under ctx.
func (m MiniBatch) FitBatchesContext(ctx context.Context, batches iter.Seq2[*table.Table, error]) (*Clustering, error) {
	if batches == nil {
		return nil, fault.Nil("cluster.MiniBatch.FitBatches", "sequence of batches")
	}
	m = m.resolved()
	var first *table.Table
	var g *gradient
	cost, tables := 0.0, 0
	for x, err := range batches {
		tables++
		if err == nil && first == nil {
			first = x
			g, cost, err = m.begin(ctx, x)
		} else if err == nil {
			cost, err = m.next(ctx, first, g, x, cost)
		}
		if err != nil {
			return nil, fmt.Errorf("segkit: batch %d: %w", tables, fault.Trimmed(err))
		}
	}
	if first == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: cluster.MiniBatch: no batches")
	}
	order := make([]int, m.K)
	for l := range order {
		order[l] = l
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.seen[b], g.seen[a]) })
	c := &Clustering{Method: m, K: m.K, Cost: cost, Iterations: tables}
	c.Centers, c.Assigner = centersOf(first, orderedCenters(g.centers, g.d, order))
	return c, nil
}

// begin clusters the first table of a sequence.
func (m MiniBatch) begin(ctx context.Context, x *table.Table) (g *gradient, cost float64, err error) {
	if err := m.Check(x); err != nil {
		return nil, 0, err
	}
	c, err := FitContext(ctx, x, KMeans{K: m.K, Restarts: m.Restarts, Tol: -1, Seed: m.Seed})
	if err != nil {
		return nil, 0, err
	}
	g = newGradient(slices.Clone(c.Centers.Raw().Data), m.K, len(x.Raw().Columns))
	for i, l := range c.Labels {
		g.seen[l] += x.Weight(i)
	}
	return g, c.Cost, nil
}

// next learns from a further table and returns the cost so far.
func (m MiniBatch) next(ctx context.Context, first *table.Table, g *gradient, x *table.Table, cost float64) (float64, error) {
	x, err := x.Select(first.Names()...)
	if err == nil && x.Len() > 0 {
		err = x.CheckNumbers("cluster.MiniBatch")
	}
	if err != nil {
		return 0, err
	}
	for from := 0; from < x.Len() && ctx.Err() == nil; from += m.Batch {
		to := min(x.Len(), from+m.Batch)
		var w []float64
		if x.Raw().Weights != nil {
			w = x.Raw().Weights[from:to]
		}
		cost += g.learn(x.Raw().Data[from*g.d:to*g.d], w)
	}
	return cost, ctx.Err()
}
