package cluster

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/em"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// startFamilies are the beginnings of a mixture, in the order of its starts.
var startFamilies = [...]starts.Family{starts.KMeansStart, starts.WhitenedStart, starts.RandomRowsStart, starts.SpreadStart, starts.WhitenedRowsStart}

func (p *mixing) family(r int) starts.Family {
	if p.m.Start != nil {
		return starts.OnlyStart
	}
	return startFamilies[r%len(startFamilies)]
}

// A start from rows is the best of several short runs: most beginnings lead to poor optima, and a few iterations tell which, in less
// time than it takes a single one to rest. Short runs need no more rows than the parameters do. On rings, labyrinths and zigzags ten of ten
// iterations, or twenty of five, found the best optimum less often, and so did k-means partitions with short runs of their own.
const (
	shortRuns       = 8
	shortIterations = 20
	fewRows         = 1000
	rowsAParameter  = 10
)

// begin returns the parameters from which start r goes on until it rests, and the number of short runs they are the best of: 0 without.
func (p *mixing) begin(ctx context.Context, r int) (best em.Params, runs int, err error) {
	if p.m.Start != nil {
		return p.m.Start.params(), 0, nil
	}
	random, family := seed.Stream(p.m.Seed, "mixture start", r), p.family(r)
	if family == starts.KMeansStart || family == starts.WhitenedStart || p.m.K == 1 {
		best, err = p.start(ctx, family, random)
		return best, 0, err
	}
	some := p.sample(random)
	var leader starts.Restart
	for runs = range shortRuns {
		params, err := some.start(ctx, family, random)
		if err != nil {
			return best, 0, err
		}
		s, err := some.climb(ctx, params, min(shortIterations, p.m.MaxIter))
		if err != nil {
			return best, 0, err
		}
		if ended := s.Ended(); runs == 0 || cmp.Or(cmp.Compare(ended.Collapsed, leader.Collapsed), cmp.Compare(ended.Cost, leader.Cost)) < 0 {
			best, leader = s.fit.Params, ended
		}
	}
	return best, shortRuns, nil
}

// sample is the same work on as many random rows as short runs need; p itself where it has no more, or no more that differ.
func (p *mixing) sample(random *rand.Rand) *mixing {
	n, d := p.x.Dims()
	size := max(fewRows, rowsAParameter*p.m.Shape.parameters(p.m.K, d))
	if size >= n {
		return p
	}
	at := pick.Sample(n, size, random)
	some := &mixing{m: p.m, x: p.x.Rows(at), ridge: p.ridge, rows: p.rows, standard: p.standard.Rows(at), white: p.white.Rows(at)}
	for _, x := range []*table.Table{some.standard, some.white} {
		if distinct.Count(x.Raw().Data, size, d, p.m.K) < p.m.K {
			return p
		}
	}
	for i := range at {
		some.weight += some.x.Weight(i)
	}
	return some
}

// start returns the parameters of a partition that begins as the family does.
func (p *mixing) start(ctx context.Context, family starts.Family, random *rand.Rand) (em.Params, error) {
	labels, err := p.partition(ctx, family, random)
	if err != nil {
		return em.Params{}, err
	}
	k, d := p.m.K, len(p.x.Raw().Columns)
	old := em.Params{K: k, D: d, Means: runningMeans(p.x, labels, k), Cov: make([]float64, k*d*d)}
	total, err := p.sum(ctx, p.parts(), func(part *em.Moments, from, to int) {
		part.Labelled(old.Means, labels[from:to], p.data(from, to), p.weights(from, to))
	})
	if err != nil {
		return em.Params{}, err
	}
	params := total.Update(old, p.m.Shape.shape(), p.ridge)
	if family != starts.KMeansStart && family != starts.WhitenedStart { // cells around single rows may hold too few for a spread of their own alone
		pooled := params.Pooled()
		for c, rows := range labels.Counts() {
			own := float64(rows) / float64(rows+2*d) // the spread of all counts as much as that of 2d rows
			for j, all := range pooled {
				v := &params.Cov[c*d*d+j]
				*v = float64(own**v) + float64((1-own)*all)
			}
		}
	}
	return params, nil
}

// partition divides the rows as the family does, into K parts that all have some.
func (p *mixing) partition(ctx context.Context, family starts.Family, random *rand.Rand) (table.Labels, error) {
	x := p.standard
	if family == starts.WhitenedStart || family == starts.WhitenedRowsStart {
		x = p.white
	}
	if family == starts.KMeansStart || family == starts.WhitenedStart {
		quiet := job.WithProgress(ctx, func(job.Progress) {})
		c, err := KMeans{K: p.m.K, Restarts: 1, Seed: random.Int()}.Cluster(quiet, x)
		if err != nil {
			return nil, err
		}
		return c.Labels, nil
	}
	centers, err := differing(x, p.m.K, random), error(nil)
	if family != starts.RandomRowsStart {
		spread := newLloyd(ctx, KMeans{K: p.m.K}, x, p.rows)
		defer spread.end()
		if centers, err = spread.plusPlus(ctx, random); err != nil {
			return nil, err
		}
	}
	n, d := x.Dims()
	labels, nearest, dist := make(table.Labels, n), make([]int32, n), make([]float64, n)
	err = p.rows(ctx, n, func(_, from, to int) {
		vec.Nearest(x.Raw().Data[from*d:to*d], d, centers, nearest[from:to], dist[from:to])
		for i := from; i < to; i++ {
			labels[i] = int(nearest[i])
		}
	})
	return labels, err
}

// differing returns k random rows of x (k*d), no two of them equal. There must be so many.
func differing(x *table.Table, k int, random *rand.Rand) []float64 {
	d := len(x.Raw().Columns)
	var rows []float64
	for _, i := range random.Perm(x.Len()) {
		known := false
		for at := 0; at < len(rows) && !known; at += d {
			known = slices.Equal(rows[at:at+d], x.Raw().Row(i))
		}
		if known {
			continue
		}
		if rows = append(rows, x.Raw().Row(i)...); len(rows) == k*d {
			break
		}
	}
	return rows
}

// whitened returns x in its principal directions, each of variance 1; a direction in which it has next to no width is 0.
func whitened(x *table.Table) *table.Table {
	n, d := x.Dims()
	means, cov := covariance.Of(x, pick.All(d))
	var eigen mat.EigenSym
	eigen.Factorize(cov, true)
	var directions mat.Dense
	eigen.VectorsTo(&directions)
	variances := eigen.Values(nil)
	widest := slices.Max(variances)
	out := x.WithData(x.Raw().Columns, make([]float64, n*d))
	_ = par.Rows(context.Background(), n, func(_, from, to int) { // a background context is never cancelled: one pass takes milliseconds
		for i := from; i < to; i++ {
			for c, v := range variances {
				if v <= 1e-12*widest {
					continue
				}
				sum := 0.0
				for j, value := range x.Raw().Row(i) {
					sum += float64((value - means[j]) * directions.At(j, c))
				}
				out.Raw().Data[i*d+c] = sum / math.Sqrt(v)
			}
		}
	})
	return out
}
