package segkit

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/internal/em"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/vec"
)

// StartFamily is how a start begins. A Gaussian mixture begins in several ways, in turn, because the EM algorithm climbs to the
// nearest summit: k-means cuts through long groups that lie side by side, so from its partitions all starts may agree on the
// wrong summit.
type StartFamily uint8

const (
	OnlyStart         StartFamily = iota // the method has a single way to begin, or was given one
	KMeansStart                          // a k-means partition of the standardised columns
	WhitenedStart                        // a k-means partition of whitened columns: uncorrelated, each of variance 1
	RandomRowsStart                      // k random customers, the others going to the nearest
	SpreadStart                          // k customers far apart, as in k-means++
	WhitenedRowsStart                    // the same in whitened columns
)

// startFamilies are the beginnings of a mixture, in the order of its starts.
var startFamilies = [...]StartFamily{KMeansStart, WhitenedStart, RandomRowsStart, SpreadStart, WhitenedRowsStart}

var startFamilyNames = [...]string{OnlyStart: "", KMeansStart: "k-means", WhitenedStart: "k-means, whitened", RandomRowsStart: "random rows",
	SpreadStart: "k-means++", WhitenedRowsStart: "k-means++, whitened"}

func (f StartFamily) String() string {
	if int(f) < len(startFamilyNames) {
		return startFamilyNames[f]
	}
	return fmt.Sprintf("StartFamily(%d)", uint8(f))
}

// MarshalText writes the name that String gives.
func (f StartFamily) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (f *StartFamily) UnmarshalText(text []byte) error {
	at := slices.Index(startFamilyNames[:], string(text))
	if at < 0 {
		return fmt.Errorf("segkit: %q is no family of starts: %w", clip(string(text)), ErrFormat)
	}
	*f = StartFamily(at)
	return nil
}

func (p *mixing) family(r int) StartFamily {
	if p.m.Start != nil {
		return OnlyStart
	}
	return startFamilies[r%len(startFamilies)]
}

// start returns the parameters of Start, or of the partition that belongs to start r.
func (p *mixing) start(ctx context.Context, r int, parts []*em.Moments) (em.Params, error) {
	if p.m.Start != nil {
		return p.m.Start.params(), nil
	}
	family := p.family(r)
	labels, err := p.partition(ctx, family, seed.Stream(p.m.Seed, "mixture start", r))
	if err != nil {
		return em.Params{}, err
	}
	k, d := p.m.K, len(p.x.columns)
	old := em.Params{K: k, D: d, Means: p.x.means(labels, k), Cov: make([]float64, k*d*d)}
	total, err := p.sum(ctx, parts, func(part *em.Moments, from, to int) {
		part.Labelled(old.Means, labels[from:to], p.data(from, to), p.weights(from, to))
	})
	if err != nil {
		return em.Params{}, err
	}
	params := total.Update(old, p.m.Shape.shape(), p.ridge)
	if family != KMeansStart && family != WhitenedStart { // cells around single rows may hold too few for a spread of their own
		pooled := params.Pooled()
		for c := range k {
			copy(params.Cov[c*d*d:], pooled)
		}
	}
	return params, nil
}

// partition divides the rows as the family does, into K parts that all have some.
func (p *mixing) partition(ctx context.Context, family StartFamily, random *rand.Rand) (Labels, error) {
	x := p.standard
	if family == WhitenedStart || family == WhitenedRowsStart {
		x = p.white
	}
	if family == KMeansStart || family == WhitenedStart {
		quiet := WithProgress(ctx, func(Progress) {})
		c, err := KMeans{K: p.m.K, Restarts: 1, Seed: random.Int()}.Cluster(quiet, x)
		if err != nil {
			return nil, err
		}
		return c.Labels, nil
	}
	centers, err := differing(x, p.m.K, random), error(nil)
	if family != RandomRowsStart {
		spread := newLloyd(KMeans{K: p.m.K}, x)
		spread.rows = p.rows
		if centers, err = spread.plusPlus(ctx, random); err != nil {
			return nil, err
		}
	}
	n, d := x.Dims()
	labels, nearest, dist := make(Labels, n), make([]int32, n), make([]float64, n)
	err = p.rows(ctx, n, func(_, from, to int) {
		vec.Nearest(x.data[from*d:to*d], d, centers, nearest[from:to], dist[from:to])
		for i := from; i < to; i++ {
			labels[i] = int(nearest[i])
		}
	})
	return labels, err
}

// differing returns k random rows of x (k*d), no two of them equal. There must be so many.
func differing(x *Table, k int, random *rand.Rand) []float64 {
	d := len(x.columns)
	var rows []float64
	for _, i := range random.Perm(x.Len()) {
		known := false
		for at := 0; at < len(rows) && !known; at += d {
			known = slices.Equal(rows[at:at+d], x.row(i))
		}
		if known {
			continue
		}
		if rows = append(rows, x.row(i)...); len(rows) == k*d {
			break
		}
	}
	return rows
}

// whitened returns x in its principal directions, each of variance 1; a direction in which it has next to no width is 0.
func whitened(x *Table) *Table {
	n, d := x.Dims()
	means, cov := x.covariance(allRows(d))
	var eigen mat.EigenSym
	eigen.Factorize(cov, true)
	var directions mat.Dense
	eigen.VectorsTo(&directions)
	variances := eigen.Values(nil)
	widest := slices.Max(variances)
	out := x.with(x.columns, make([]float64, n*d))
	_ = par.Rows(context.Background(), n, func(_, from, to int) { // a background context is never cancelled: one pass takes milliseconds
		for i := from; i < to; i++ {
			for c, v := range variances {
				if v <= 1e-12*widest {
					continue
				}
				sum := 0.0
				for j, value := range x.row(i) {
					sum += float64((value - means[j]) * directions.At(j, c))
				}
				out.data[i*d+c] = sum / math.Sqrt(v)
			}
		}
	})
	return out
}
