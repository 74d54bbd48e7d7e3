package choose

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/control"
	"github.com/segkit/lab/segkit/internal/covariance"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// GapStatistic compares log costs with those of data without groups (Tibshirani, Walther & Hastie 2001,
// doi:10.1111/1467-9868.00293).
type GapStatistic struct {
	Method    string
	Reference Reference
	Draws     int
	SEFactor  float64   // standard errors that the rules with SE grant
	K         []int     // (ks)
	LogCost   []float64 // (ks) ln of the cost on the data
	Expected  []float64 // (ks) its mean on the reference draws
	Gap       []float64 // (ks) Expected - LogCost
	SE        []float64 // (ks) standard error of Gap: sd of the draws (divisor Draws) times sqrt(1 + 1/Draws)
}

// GapOptions are the choices for Gap besides the method's own.
type GapOptions struct {
	Draws     int       // reference draws; 0 means 100
	Reference Reference // zero means UniformBox
	SEFactor  float64   // standard errors that the rules with SE grant; 0 means 1
	Seed      int       // of the draws
}

// Reference is the shape of the data without groups that a gap statistic compares with.
type Reference uint8

const (
	UniformBox    Reference = iota // uniform over the range of every column
	PrincipalAxes                  // uniform over the range along the principal axes
)

func (r Reference) String() string {
	return [...]string{"uniform over the columns' ranges", "uniform over the ranges along the principal axes", "unknown"}[min(r, PrincipalAxes+1)]
}

// GapRule chooses a number of segments from a gap curve.
type GapRule uint8

const (
	FirstSEMax    GapRule = iota // the first k within SE of the first local maximum, as R's clusGap prefers
	Tibs2001SEMax                // the first k with Gap(k) >= Gap(k+1) - SE(k+1), as in the paper
	GlobalSEMax                  // the first k within SE of the largest gap
	FirstMax                     // the first local maximum
	GlobalMax                    // the largest gap
)

func (r GapRule) String() string {
	return [...]string{"firstSEmax", "Tibs2001SEmax", "globalSEmax", "firstmax", "globalmax", "unknown"}[min(r, GlobalMax+1)]
}

var _ sheet.Sheeter = (*GapStatistic)(nil)

// Gap runs the method of r at every number of segments from..to on the table that r prepares from raw (n x d) and on draws of n customers without groups, under
// DefaultContext. Begin at 1, so that a single segment is a possible answer. Gap gives no bound on the chance of a wrong answer, and a single group that is not
// box-shaped, such as correlated columns compared with UniformBox, can look like several.
//
// The paper's W is the method's own cost: for KMeans the within-segment sum of squares, as in the paper and in R's clusGap with
// d.power = 2 (its default, 1, sums distances instead). Gap is not defined for methods with a likelihood, nor for categories, missing
// cells, and distances by angle or answers. If all customers of each segment are alike, the cost is 0 and the gap +Inf: no number of
// segments is better. The table's Weighting is respected: repeated rows are drawn one by one, others keep their weights in the draws.
// It costs a Fit for each k on the data and on each draw.
func Gap(raw *table.Table, r segkit.Recipe, from, to int, o ...GapOptions) (*GapStatistic, error) {
	return GapContext(job.DefaultContext, raw, r, from, to, o...)
}

// GapContext is Gap under ctx.
func GapContext(ctx context.Context, raw *table.Table, r segkit.Recipe, from, to int, o ...GapOptions) (*GapStatistic, error) {
	return onPrepared(ctx, "choose.Gap", raw, r, from, to, o, gapPrepared)
}

// gapPrepared is Gap of a method on a prepared table.
func gapPrepared(ctx context.Context, x *table.Table, m cluster.KMethod, from, to int, opt GapOptions) (*GapStatistic, error) {
	opt.Draws = cmp.Or(opt.Draws, 100)
	opt.SEFactor = cmp.Or(opt.SEFactor, 1)
	switch {
	case opt.Draws < 2:
		return nil, fault.Option("choose.Gap", "Draws", opt.Draws, "at least 2, or 0 for 100")
	case opt.Reference > PrincipalAxes:
		return nil, fault.Option("choose.Gap", "Reference", uint8(opt.Reference), "choose.UniformBox or choose.PrincipalAxes")
	case !(opt.SEFactor > 0) || math.IsInf(opt.SEFactor, 0):
		return nil, fault.Option("choose.Gap", "SEFactor", opt.SEFactor, "a number above 0, or 0 for 1")
	}
	if err := hasLikelihood("choose.Gap", m, from, to); err != nil {
		return nil, err
	}
	x, _ = x.Repeated()
	if err := checkRange("choose.Gap", x, m, from, to); err != nil {
		return nil, err
	}
	if why := control.WhyNot(m, x); why != "" {
		return nil, fault.Option("choose.Gap", "method", wording.TypeName(m), "a method and columns for which data without groups can be drawn: such a draw "+why)
	}
	factor := opt.SEFactor
	opt.SEFactor = 0 // how the curve is read changes nothing in it
	compute := func() (*GapStatistic, error) { return gapStatistic(ctx, x, m, from, to, opt) }
	g, err := (*GapStatistic)(nil), error(nil)
	if options, known := memory.Spell(m); known {
		g, err = memory.Recall(ctx, memory.Key("gap", x.Fingerprint(), options, from, to, opt), compute)
	} else {
		g, err = compute()
	}
	if err != nil {
		return nil, err
	}
	g.SEFactor = factor
	return g, nil
}

func gapStatistic(ctx context.Context, x *table.Table, m cluster.KMethod, from, to int, o GapOptions) (*GapStatistic, error) {
	g := &GapStatistic{Method: wording.TypeName(m), Reference: o.Reference, Draws: o.Draws}
	report := job.Steps(ctx, fmt.Sprintf("gap of %s, k = %d to %d", g.Method, from, to), 1+o.Draws)
	quiet := job.WithProgress(ctx, func(job.Progress) {})
	for k := from; k <= to; k++ {
		g.K = append(g.K, k)
	}
	var err error
	if g.LogCost, err = logCosts(quiet, x, m, g.K); err != nil {
		return nil, err
	}
	report()
	draw := reference(x, o.Reference)
	drawn, errs := make([][]float64, o.Draws), make([]error, o.Draws) // (draws x ks)
	err = par.Items(ctx, o.Draws, func(i int) {
		drawn[i], errs[i] = logCosts(quiet, draw(seed.Stream(o.Seed, "gap draw", i)), m, g.K)
		report()
	})
	if err != nil {
		return nil, err
	}
	for _, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("segkit: choose.Gap: reference draw: %w", fault.Trimmed(err))
		}
	}
	draws := float64(o.Draws)
	for at, c := range g.LogCost {
		mean, squares := 0.0, 0.0
		for i := range drawn {
			mean += drawn[i][at] / draws
		}
		for i := range drawn {
			squares += float64((drawn[i][at] - mean) * (drawn[i][at] - mean))
		}
		if math.IsInf(mean, -1) {
			return nil, &fault.CellError{Op: "choose.Gap", Remedy: "try fewer segments", Err: fault.ErrUndefined,
				Why: fmt.Sprintf("with %s, the customers of each are identical even without groups: the cost is 0 and has no logarithm", wording.Plural(g.K[at], "segment"))}
		}
		g.Expected = append(g.Expected, mean)
		g.Gap = append(g.Gap, mean-c)
		g.SE = append(g.SE, math.Sqrt(squares/draws*(1+1/draws)))
	}
	return g, nil
}

// logCosts returns the log of the cost at each k.
func logCosts(ctx context.Context, x *table.Table, m cluster.KMethod, ks []int) ([]float64, error) {
	var out []float64
	for _, k := range ks {
		c, err := cluster.FitContext(ctx, x, m.WithK(k))
		switch {
		case err != nil:
			return nil, err
		case c.Likelihood != nil:
			return nil, bySweepBIC("choose.Gap", wording.TypeName(m), ks[0], ks[len(ks)-1])
		}
		out = append(out, math.Log(c.Cost))
	}
	return out, nil
}

// reference returns what draws the customers of x anew, with their weights, without groups.
func reference(x *table.Table, shape Reference) func(*rand.Rand) *table.Table {
	n, d := x.Dims()
	axes := mat.NewDense(d, d, nil) // (d x d) a unit vector in each column
	if shape == PrincipalAxes {
		_, cov := covariance.Of(x, pick.All(d))
		var eigen mat.EigenSym
		eigen.Factorize(cov, true)
		eigen.VectorsTo(axes)
	} else {
		for j := range d {
			axes.Set(j, j, 1)
		}
	}
	low, high := slices.Repeat([]float64{math.Inf(1)}, d), slices.Repeat([]float64{math.Inf(-1)}, d)
	for i := range n {
		for a := range d {
			at := 0.0
			for j, v := range x.Raw().Row(i) {
				at += float64(v * axes.At(j, a))
			}
			low[a], high[a] = min(low[a], at), max(high[a], at)
		}
	}
	return func(r *rand.Rand) *table.Table {
		out := x.WithData(x.Raw().Columns, make([]float64, n*d))
		for i := range n {
			row := out.Raw().Row(i)
			for a := range d {
				at := low[a] + float64((high[a]-low[a])*r.Float64())
				for j := range row {
					row[j] += float64(at * axes.At(j, a))
				}
			}
		}
		return out
	}
}

// Best returns the number of segments that a rule chooses. It is not ok if the curve has not turned by the largest number
// tried, because a larger number may be better, unless the gap is infinite there.
func (g *GapStatistic) Best(rule GapRule) (k int, ok bool) {
	at, ok := rule.choose(g.Gap, g.SE, g.SEFactor)
	return g.K[at], ok
}

// choose returns the place of the choice on a curve of gaps, and whether the curve turns behind it.
func (r GapRule) choose(gap, se []float64, factor float64) (at int, ok bool) {
	last := len(gap) - 1
	switch r {
	case Tibs2001SEMax:
		for at < last && gap[at] < gap[at+1]-float64(factor*se[at+1]) {
			at++
		}
		return at, at < last || math.IsInf(gap[at], 1)
	case FirstSEMax, FirstMax:
		for at < last && gap[at+1] > gap[at] {
			at++
		}
	default:
		at = slices.Index(gap, slices.Max(gap))
	}
	ok = at < last || math.IsInf(gap[at], 1)
	if r == FirstSEMax || r == GlobalSEMax {
		enough := gap[at] - float64(factor*se[at])
		at = slices.IndexFunc(gap, func(v float64) bool { return v >= enough })
	}
	return at, ok
}

// later reads like "to 1.27 at k = 7" where the curve rises clearly higher than at the chosen k, and is empty where it does not.
func (g *GapStatistic) later(chosen int) string {
	if k, _ := g.Best(GlobalSEMax); k <= chosen {
		return ""
	}
	top := slices.Index(g.Gap, slices.Max(g.Gap))
	return fmt.Sprintf("to %s at k = %d", sheet.Fixed(g.Gap[top], 2), g.K[top])
}

// Sheet lists the numbers of segments, and says what each rule chooses.
func (g *GapStatistic) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "k"}, {Name: "ln cost"}, {Name: "without groups"}, {Name: "gap"}, {Name: "standard error"}}}
	switch k, ok := g.Best(FirstSEMax); {
	case len(g.K) == 1:
		out.Caption = fmt.Sprintf("Only k = %d was tried: there is nothing to choose from", k)
	case k == 1 && ok && g.later(k) != "":
		out.Caption = "The first peak of the gap is at k = 1 (no groups), but it rises higher later, " + g.later(k)
	case k == 1 && ok:
		out.Caption = "The gap statistic finds no groups: one segment does as well as several"
	case ok && math.IsInf(g.Gap[slices.Index(g.K, k)], 1):
		out.Caption = fmt.Sprintf("The gap statistic chooses k = %d, where the customers of each segment are identical", k)
	case ok:
		out.Caption = fmt.Sprintf("The gap statistic chooses k = %d", k)
	default:
		out.Caption = fmt.Sprintf("The gap still rises at k = %d, the largest number tried", g.K[len(g.K)-1])
	}
	var choices []string
	for rule := FirstSEMax; rule <= GlobalMax; rule++ {
		choice := fmt.Sprintf("%s none", rule)
		if k, ok := g.Best(rule); ok {
			choice = fmt.Sprintf("%s %d", rule, k)
		}
		choices = append(choices, choice)
	}
	for at, k := range g.K {
		row := []string{sheet.Count(k)}
		for _, v := range []float64{g.LogCost[at], g.Expected[at], g.Gap[at], g.SE[at]} {
			row = append(row, sheet.Fixed(v, 3))
		}
		out.Rows = append(out.Rows, row)
	}
	out.Notes = append(out.Notes, "What each rule chooses: "+sheet.List(choices)+".",
		fmt.Sprintf("Without groups: mean ln cost of %s on %d draws, %s.", g.Method, g.Draws, g.Reference))
	if g.K[0] > 1 {
		out.Notes = append(out.Notes, "One segment was not tried, so it could not be chosen: begin at k = 1.")
	}
	return out
}

// Frame returns one row per number of segments.
func (g *GapStatistic) Frame() table.Frame {
	return frame.New(frame.Column("k", g.K), frame.Column("log_cost", g.LogCost), frame.Column("expected", g.Expected),
		frame.Column("gap", g.Gap), frame.Column("se", g.SE))
}
