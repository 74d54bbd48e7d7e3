package choose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/control"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/refit"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// StabilityOptions are the choices for Stability besides the method's own.
type StabilityOptions struct {
	Pairs int // pairs of bootstrap samples; 0 means 50
	Rows  int // customers in a sample; 0 means as many as the table has, but at most 100,000; negative means as many as it has
	Draws int // one-group draws that are treated in the same way, for comparison; 0 means 5 if such draws make sense, negative means none
	Seed  int // of the samples and the draws
}

// Stabilities says how well a method's solution holds up when the customers are drawn again: as a whole, segment by
// segment, and customer by customer.
type Stabilities struct {
	Method    string
	K         int // segments of the solution
	Pairs     int
	Rows      int                // customers in a sample, if it has fewer than the table; 0 otherwise
	Segments  *table.Segments    // the solution on all customers, to which everything below refers
	Rand      []float64          // (Pairs) adjusted Rand between the two solutions of a pair, each extended to all customers; NaN if undefined
	Mean      float64            // of Rand
	Low, High float64            // 95 % interval of Mean: how far other pairs would move it
	Null      []float64          // (draws) Mean on data with one group; nil if not requested
	Each      []SegmentStability // (K)
	Survival  []float64          // (n) share of resamples that put the customer into the same segment, NaN for noise
	Customers []int              // (n) that a row stands for, if weights repeat rows; nil if every row is one customer
}

// SegmentStability is the stability of one segment within its solution (SLSw).
type SegmentStability struct {
	Name      string
	Size      int
	Jaccard   []float64 // (Pairs) best overlap with a segment of a resample, averaged over the two of the pair
	Mean      float64
	Dissolved float64   // share of resamples in which the best overlap is .5 or less
	Recovered float64   // share in which it is .75 or more
	Null      []float64 // (draws) Mean of the segment of the same rank in size on data with one group; nil if not requested
}

const (
	stabilityPairs = 50
	stabilityRows  = 100_000
	stabilityDraws = 5
	nullPairs      = 10 // pairs on a one-group draw at most
)

// Stability runs the method of r on pairs of bootstrap samples of raw (n customers) as r prepares it, extends every solution to all customers, and compares them.
// The two solutions of a pair are compared with each other by the adjusted Rand index (Dolnicar & Leisch 2010, doi:10.1007/s11002-009-9083-4). Every segment of the
// solution on the data is compared with the nearest segment of each sample by their overlap (Hennig 2007, doi:10.1016/j.csda.2006.11.025; SLSw in Dolnicar & Leisch
// 2017, doi:10.1007/s11002-017-9423-8), and every customer's segment with the one that continues it. If a method cannot assign new customers, the comparison uses
// those that two samples share. A sample in which there are fewer different customers than segments is divided into fewer, so that a segment of which it has
// nobody does not come back. It runs under DefaultContext.
//
// The same is done, with at most 10 pairs, on draws from one group with the data's rank correlation and the columns' own
// distributions (as in NullControl). Much is stable without being real: the largest segment always looks so, and so do a few
// segments along one long direction. By default this is left out for methods that choose their own number of segments, and for
// tables that such draws do not resemble (categories, missing cells).
//
// The table's Weighting is respected: the customers of repeated rows are drawn one by one; otherwise rows are drawn and keep their
// weights, while overlaps count rows.
//
// If there are more than 100,000 customers, a sample has 100,000, drawn with replacement, and so has a draw from one group: the m out of n
// bootstrap (Bickel, Götze & van Zwet 1997, Statistica Sinica 7: 1-31). Solutions of smaller samples vary more, so the stability reported is
// usually too low rather than too high; Low and High say how far other samples of that size would move the mean, and StabilityOptions.Rows draws
// more.
//
// A stable solution need not be right, but an unstable one is no basis for a decision. It costs a Fit, a fit with at most 3 starts on 63 % of the
// rows for each of the 2·Pairs samples, n·d·k for each sample to find everybody's segment, and as much again for every 5 draws.
func Stability(raw *table.Table, r segkit.Recipe, o ...StabilityOptions) (*Stabilities, error) {
	return StabilityContext(job.DefaultContext, raw, r, o...)
}

// StabilityContext is Stability under ctx.
func StabilityContext(ctx context.Context, raw *table.Table, r segkit.Recipe, o ...StabilityOptions) (*Stabilities, error) {
	x, err := r.Prepare(raw)
	if err != nil {
		return nil, err
	}
	s, err := stabilityPrepared(ctx, x, r.Method, o...)
	if err != nil {
		return nil, err
	}
	chosen, err := r.Select(raw)
	if err != nil {
		return nil, err
	}
	if s.Segments.Names, err = describe.Names(raw, s.Segments, chosen.Names()...); err != nil {
		return nil, err
	}
	for a := range s.Each {
		s.Each[a].Name = s.Segments.Names[a]
	}
	return s, nil
}

// stabilityPrepared is Stability of a method on a prepared table.
func stabilityPrepared(ctx context.Context, x *table.Table, m cluster.Method, o ...StabilityOptions) (*Stabilities, error) {
	if x == nil {
		return nil, fault.Nil("choose.Stability", "table")
	}
	opt, err := option.AtMostOne("choose.Stability", o)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, &fault.OptionError{Method: "choose.Stability", Field: "Method", Value: nil, Want: "a method such as cluster.KMeans{K: 4}"}
	}
	opt.Pairs = cmp.Or(opt.Pairs, stabilityPairs)
	if opt.Pairs < 1 {
		return nil, fault.Option("choose.Stability", "Pairs", opt.Pairs, "at least 1, or 0 for 50")
	}
	x, of := x.Repeated()
	if err := m.Check(x); err != nil {
		return nil, err
	}
	opt.Rows = sampleRows(opt.Rows, x.Len())
	switch why := unlikeOneGroup(m, x); {
	case opt.Draws > 0 && why != "":
		return nil, fault.Option("choose.Stability", "Draws", opt.Draws, "-1, for none: "+why)
	case opt.Draws == 0 && why == "":
		opt.Draws = stabilityDraws
	}
	opt.Draws = max(opt.Draws, 0)
	compute := func() (*Stabilities, error) {
		reference, err := cluster.FitContext(job.WithProgress(ctx, func(job.Progress) {}), x, m)
		if err != nil {
			return nil, err
		}
		return stability(ctx, x, m, reference, opt)
	}
	s, err := (*Stabilities)(nil), error(nil)
	if options, known := memory.Spell(m); known {
		s, err = memory.Recall(ctx, memory.Key("stability", x.Fingerprint(), options, opt), compute)
	} else {
		s, err = compute()
	}
	if err == nil && of != nil {
		s.ofRows(pick.Firsts(of))
	}
	return s, err
}

// sampleRows is how many of n customers a sample has where so many are asked for.
func sampleRows(asked, n int) int {
	if asked = cmp.Or(asked, stabilityRows); asked < 0 {
		return n
	}
	return min(asked, n)
}

// unlikeOneGroup says why the stability of m on one-group draws cannot stand beside that on x, "" if it can.
func unlikeOneGroup(m cluster.Method, x *table.Table) string {
	km, ok := m.(cluster.KMethod)
	if !ok {
		return "a method that chooses its own number of segments finds another number in data with one group"
	}
	if why := control.WhyNot(km, x); why != "" {
		return "a draw from one group " + why
	}
	return ""
}

// stability compares solutions of m on bootstrap samples of x with reference, that on x. Options are resolved.
func stability(ctx context.Context, x *table.Table, m cluster.Method, reference *cluster.Clustering, o StabilityOptions) (*Stabilities, error) {
	segments := reference.Segments()
	s := &Stabilities{Method: wording.TypeName(m), K: segments.K(), Pairs: o.Pairs, Segments: segments, Survival: make([]float64, x.Len())}
	if o.Rows < x.Len() {
		s.Rows = o.Rows
	}
	most := min(o.Pairs, nullPairs)
	report := job.Steps(ctx, fmt.Sprintf("stability of %s", wording.Plural(s.K, "segment")), 2*o.Pairs+o.Draws*(1+2*most))
	quiet := job.WithProgress(ctx, func(job.Progress) {})

	found, err := resampling{x: x, m: m, reference: segments.Labels, k: s.K, pairs: o.Pairs, rows: o.Rows, seed: o.Seed}.run(quiet, report)
	if err != nil {
		return nil, fmt.Errorf("segkit: choose.Stability: %w", err)
	}
	s.Rand, s.Mean = found.rand, stats.MeanKnown(found.rand)
	half := float64(1.96 * standardError(found.rand))
	s.Low, s.High = s.Mean-half, min(1, s.Mean+half)
	for i, l := range segments.Labels {
		s.Survival[i] = math.NaN()
		if l >= 0 && found.seen[i] > 0 {
			s.Survival[i] = float64(found.same[i]) / float64(found.seen[i])
		}
	}
	for a, size := range segments.Counts() {
		s.Each = append(s.Each, found.segment(a, segments.Names[a], size))
	}
	if o.Draws == 0 {
		return s, nil
	}
	blob, ranks := newCopulaBlob(x.Rows(byID(x.Raw().IDs, o.Rows))), bySize(segments.Labels, s.K)
	for i := range o.Draws {
		stream := seed.Stream(o.Seed, "stability draw", i)
		draw := blob.draw(stream)
		without, labels, err := alone(quiet, draw, m, s.K, most, stream, report)
		var few *fault.OptionError
		switch {
		case errors.As(err, &few): // answers of a few kinds may be fewer kinds in a draw, which then says nothing
			continue
		case err != nil:
			return nil, fmt.Errorf("segkit: choose.Stability: a draw without groups: %w", fault.Trimmed(err))
		}
		s.Null = append(s.Null, stats.MeanKnown(without.rand))
		for rank, a := range bySize(labels, s.K) {
			each := &s.Each[ranks[rank]]
			each.Null = append(each.Null, without.segment(a, "", 0).Mean)
		}
	}
	return s, nil
}

// alone returns the recovery of m on a draw, and the labels of its solution there.
func alone(ctx context.Context, draw *table.Table, m cluster.Method, k, pairs int, r *rand.Rand, report func()) (*recovery, table.Labels, error) {
	c, err := cluster.FitContext(ctx, draw, refit.Afresh(m, r.Int()))
	if err != nil {
		return nil, nil, err
	}
	report()
	found, err := resampling{x: draw, m: m, reference: c.Labels, k: k, pairs: pairs, rows: draw.Len(), seed: r.Int()}.run(ctx, report)
	return found, c.Labels, err
}

// segment sums up the recovery of segment a.
func (r *recovery) segment(a int, name string, size int) SegmentStability {
	s := SegmentStability{Name: name, Size: size, Jaccard: make([]float64, len(r.rand))}
	dissolved, recovered, known := 0, 0, 0
	for p := range s.Jaccard {
		s.Jaccard[p] = stats.MeanKnown([]float64{r.jaccard[2*p][a], r.jaccard[2*p+1][a]})
	}
	for _, jaccard := range r.jaccard {
		if math.IsNaN(jaccard[a]) {
			continue
		}
		known++
		if jaccard[a] <= lost {
			dissolved++
		}
		if jaccard[a] >= stable {
			recovered++
		}
	}
	s.Mean = stats.MeanKnown(s.Jaccard)
	s.Dissolved, s.Recovered = float64(dissolved)/float64(known), float64(recovered)/float64(known)
	return s
}

// bySize returns the k segments by falling size, ties by number.
func bySize(labels table.Labels, k int) []int {
	sizes, order := make([]int, k), make([]int, k)
	for s := range order {
		order[s] = s
	}
	for _, l := range labels {
		if l >= 0 {
			sizes[l]++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[b], sizes[a]) })
	return order
}

// standardError is that of the mean of the known values, NaN for fewer than two.
func standardError(values []float64) float64 {
	mean, squares, n := stats.MeanKnown(values), 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			squares += float64((v - mean) * (v - mean))
			n++
		}
	}
	return math.Sqrt(squares / (n - 1) / n)
}

// ofRows is Segments.OfRows for the stability of repeated rows.
func (s *Stabilities) ofRows(first []int) {
	for p, at := range first {
		next := len(s.Survival)
		if p+1 < len(first) {
			next = first[p+1]
		}
		s.Customers = append(s.Customers, next-at)
	}
	s.Segments, s.Survival = s.Segments.OfRows(first), pick.At(s.Survival, first)
}

// lost is the overlap up to which a segment is not found again (Hennig 2007, doi:10.1016/j.csda.2006.11.025).
const lost = .5

// How overlaps are read, after Hennig 2007 (doi:10.1016/j.csda.2006.11.025) and the practice that followed; continues is where a
// segment counts as dissolved.
const (
	doubtful     = .6
	stable       = .75
	highlyStable = .85
)
