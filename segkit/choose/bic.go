package choose

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// BICSweep compares methods that have a likelihood, at several numbers of segments: how many, and of what shape.
type BICSweep struct {
	N        int        // customers
	From, To int        // numbers of segments tried
	Points   []BICPoint // method by method, k rising
}

// BICPoint is one method at one number of segments.
type BICPoint struct {
	Method     string // "GaussianMixture, tied"
	K          int
	Likelihood cluster.Likelihood
	Restarts   starts.Evidence // every start
	Collapsed  int             // segments with hardly anything but equal customers; see FittedMixture
	Smallest   int             // customers in the smallest segment
}

var _ sheet.Sheeter = (*BICSweep)(nil)

// SweepBIC runs each method at every number of segments from..to on x (n x d) under DefaultContext:
//
//	SweepBIC(x, 1, 8, GaussianMixture{}, GaussianMixture{Shape: TiedCovariance})
func SweepBIC(x *table.Table, from, to int, methods ...cluster.KMethod) (*BICSweep, error) {
	return SweepBICContext(job.DefaultContext, x, from, to, methods...)
}

// SweepBICContext is SweepBIC under ctx. The table's Weighting is respected: the likelihood and the n of BIC are for as many
// customers as the rows are worth. It costs a Fit for each method and k.
func SweepBICContext(ctx context.Context, x *table.Table, from, to int, methods ...cluster.KMethod) (*BICSweep, error) {
	switch {
	case len(methods) == 0:
		return nil, fault.Option("choose.SweepBIC", "methods", 0, "at least one, such as cluster.GaussianMixture{}")
	case slices.Contains(methods, nil):
		return nil, fault.Option("choose.SweepBIC", "methods", nil, "methods such as cluster.GaussianMixture{}")
	case from < 1:
		return nil, fault.Option("choose.SweepBIC", "from", from, "at least 1 segment")
	case to < from:
		return nil, fault.Option("choose.SweepBIC", "to", to, fmt.Sprintf("at least from = %d", from))
	}
	options, known := "", true
	for _, m := range methods {
		for _, k := range []int{from, to} {
			if err := m.WithK(k).Check(x); err != nil {
				return nil, err
			}
		}
		text, ok := memory.Spell(m)
		options, known = options+"\n"+text, known && ok
	}
	compute := func() (*BICSweep, error) { return sweepBIC(ctx, x, from, to, methods) }
	if !known {
		return compute()
	}
	return memory.Recall(ctx, memory.Key("bic sweep", x.Fingerprint(), options, from, to), compute)
}

func sweepBIC(ctx context.Context, x *table.Table, from, to int, methods []cluster.KMethod) (*BICSweep, error) {
	s := &BICSweep{N: x.Count(), From: from, To: to}
	report := job.Steps(ctx, fmt.Sprintf("BIC, k = %d to %d", from, to), len(methods)*(1+to-from))
	quiet := job.WithProgress(ctx, func(job.Progress) {})
	for _, m := range methods {
		for k := from; k <= to; k++ {
			c, err := cluster.FitContext(quiet, x, m.WithK(k))
			if err != nil {
				return nil, err
			}
			if c.Likelihood == nil {
				return nil, fault.Option("choose.SweepBIC", "methods", wording.TypeName(m), "a method with a likelihood, cluster.GaussianMixture or cluster.LatentClass; choose.SweepK compares others")
			}
			p := BICPoint{Method: wording.TypeName(m), K: k, Likelihood: *c.Likelihood, Restarts: c.Restarts, Smallest: fewestCustomers(x, c.Labels, k)}
			if v, ok := m.(interface{ Variant() string }); ok {
				p.Method += ", " + v.Variant()
			}
			if a, ok := c.Assigner.(cluster.FittedMixture); ok {
				for _, collapsed := range a.Collapsed {
					if collapsed {
						p.Collapsed++
					}
				}
			}
			s.Points = append(s.Points, p)
			report()
		}
	}
	return s, nil
}

// fewestCustomers returns the number of customers in the smallest of k segments.
func fewestCustomers(t *table.Table, labels table.Labels, k int) int {
	counts := make([]int, k)
	for i, l := range labels {
		if l >= 0 {
			counts[l] += t.Customers(i)
		}
	}
	return slices.Min(counts)
}

// Best returns the point with the lowest BIC, the first if several are equal. A point with collapsed segments counts only if
// all have some, because its likelihood depends on the ridge.
func (s *BICSweep) Best() BICPoint {
	best := s.Points[0]
	for _, p := range s.Points[1:] {
		if sound, was := p.Collapsed == 0, best.Collapsed == 0; sound && !was || sound == was && p.Likelihood.BIC() < best.Likelihood.BIC() {
			best = p
		}
	}
	return best
}

// Sheet lists the points of a single method with all their details, or the BIC of several methods side by side.
func (s *BICSweep) Sheet() sheet.Sheet {
	best := s.Best()
	out := s.sideBySide()
	if out.Columns == nil {
		out = s.list(best)
	}
	out.Caption = fmt.Sprintf("BIC chooses %s by %s", wording.Plural(best.K, "segment"), best.Method)
	if s.collapsed() {
		note := collapsedNote
		if best.Collapsed > 0 || best.K < s.To && s.unsound(best.K) {
			note += fmt.Sprintf(" Every solution with more than %s has some that collapsed, so BIC cannot tell whether more are better. %s", wording.Plural(best.K, "segment"), collapsedRemedy)
			if best.Collapsed > 0 || best.K == 1 {
				out.Caption = "BIC cannot choose: every solution of 2 or more segments has some that collapsed"
			}
		}
		out.Notes = append(out.Notes, note)
	}
	var close []string
	for _, p := range s.Points {
		if p.Collapsed == 0 && p.Likelihood.BIC()-best.Likelihood.BIC() < stats.ClearBIC && (p.K != best.K || p.Method != best.Method) {
			close = append(close, fmt.Sprintf("%d by %s", p.K, p.Method))
		}
	}
	if close != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("Within %d of the best, which is no clear difference: %s.", stats.ClearBIC, strings.Join(close, "; ")))
	}
	if best.K == s.To {
		out.Notes = append(out.Notes, "The best number is the largest one tried: try more.")
	}
	return out
}

const (
	collapsedMark   = "*"
	collapsedNote   = "*: has segments that collapsed onto a few or nearly equal customers. Its likelihood is an artefact, so it is not chosen."
	collapsedRemedy = "A column in which many customers have the same value (one order, say) causes that: leave it out, or cluster with cluster.KMeans and choose.SweepK."
)

// collapsed reports whether any point has collapsed segments.
func (s *BICSweep) collapsed() bool {
	return slices.ContainsFunc(s.Points, func(p BICPoint) bool { return p.Collapsed > 0 })
}

// unsound reports whether every point of more than k segments has collapsed ones.
func (s *BICSweep) unsound(k int) bool {
	return !slices.ContainsFunc(s.Points, func(p BICPoint) bool { return p.K > k && p.Collapsed == 0 })
}

// list lays out a row per point.
func (s *BICSweep) list(best BICPoint) sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "k"}, {Name: "parameters"}, {Name: "log-likelihood"}, {Name: "BIC"}, {Name: "above the best"},
		{Name: "AIC"}, {Name: "smallest", Unit: "customers"}, {Name: "collapsed"}, {Name: "starts that found it", Text: true}}}
	for _, p := range s.Points {
		l, above := p.Likelihood, collapsedMark
		if p.Collapsed == best.Collapsed {
			above = sheet.Fixed(l.BIC()-best.Likelihood.BIC(), 1)
		}
		out.Rows = append(out.Rows, []string{sheet.Count(p.K), sheet.Count(l.Parameters), sheet.Fixed(l.Log, 1), sheet.Fixed(l.BIC(), 1),
			above, sheet.Fixed(l.AIC(), 1), sheet.Count(p.Smallest), sheet.Count(p.Collapsed),
			fmt.Sprintf("%d of %d", p.Restarts.Hits(), len(p.Restarts))})
	}
	return out
}

// sideBySide lays out a row per number of segments and a column per method, if there are several.
func (s *BICSweep) sideBySide() (out sheet.Sheet) {
	each := 1 + s.To - s.From // points of a method
	if len(s.Points) == each {
		return out
	}
	out.Columns = []sheet.Column{{Name: "k"}}
	for at, p := range s.Points {
		row := at % each
		if row == 0 {
			out.Columns = append(out.Columns, sheet.Column{Name: p.Method})
		}
		if at < each {
			out.Rows = append(out.Rows, []string{sheet.Count(p.K)})
		}
		cell := sheet.Fixed(p.Likelihood.BIC(), 1)
		if p.Collapsed > 0 {
			cell += " " + collapsedMark
		}
		out.Rows[row] = append(out.Rows[row], cell)
	}
	return out
}

// Frame returns a row per method and number of segments.
func (s *BICSweep) Frame() table.Frame {
	return frame.New(
		frame.Each("method", s.Points, func(p BICPoint) string { return p.Method }),
		frame.Each("k", s.Points, func(p BICPoint) int { return p.K }),
		frame.Each("parameters", s.Points, func(p BICPoint) int { return p.Likelihood.Parameters }),
		frame.Numbers([]string{"log_likelihood", "bic", "aic"}, s.Points, func(p BICPoint) []float64 {
			return []float64{p.Likelihood.Log, p.Likelihood.BIC(), p.Likelihood.AIC()}
		}),
		frame.Each("smallest", s.Points, func(p BICPoint) int { return p.Smallest }),
		frame.Each("collapsed", s.Points, func(p BICPoint) int { return p.Collapsed }),
		frame.Each("hit_rate", s.Points, func(p BICPoint) float64 { return p.Restarts.HitRate() }))
}
