package choose

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/refit"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/separation"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// NullControl tests a sweep against data with one group only. There are two kinds of such data: a Gaussian with the data's
// covariance (as in SigClust, Liu, Hayes, Nobel & Marron 2008, doi:10.1198/016214508000000454), and a Gaussian copula with the
// data's rank correlation and the columns' own distributions, reduced to one peak. The first takes skewed or evenly spread
// columns for groups, the second does not; neither destroys the correlation between columns, as permuting them would.
//
// Like is compared with like: draws have as many customers as the part of the data that they are compared with (all, or 500 chosen
// by a hash of their ids, so that neither seed nor order matters), exactly its correlation, and as many starts. If the data are
// one Gaussian, the first p is therefore exact: at most a with probability a, whatever the number of customers and columns
// (docs/control.md has figures). Only the draws depend on the seed: Close says if other draws might well decide differently.
//
// At every k, two numbers are compared with those of the draws: the share of the cost that the step from k-1 saves, and the
// mean silhouette. Each is standardised by its mean and standard deviation among all the others, because draws vary more at
// some k than at others. The largest over all k counts: p = (1 + draws whose largest is as large) / (1 + draws), so that
// choosing among the k gives no advantage. There is structure only if both kinds say so; p does not say how much, but Effect
// does.
//
// It cannot see four things. Groups so close that together they have one peak and the draws' elliptic shape: two groups of equal
// size two standard deviations apart; at three, it sees them if they differ slightly in several columns, but hardly if they
// differ in only one. Groups of a few percent in a sweep of few customers. Groups that are separate in only one of several
// columns, because the cost is a sum over all columns (look at histograms too). Differences that only a large table shows,
// because draws have at most 500 customers. And it mistakes some single groups for structure: shapes with bends or corners that
// no correlation describes, such as a banana.
type NullControl struct {
	Draws            int     // of each kind
	Gaussian, Copula float64 // p-values against the two kinds
	K                int     // the k at which the sweep stands out most against both
	By               string  // what stands out there: "saved cost" or "silhouette"
	Value, OneGroup  float64 // its value for the customers compared, and the median of the draws, for the kind of draws in which it is larger
	All              float64 // its value for all customers and with all starts, as in the points of the sweep
	Rows             int     // customers compared, if fewer than all; else 0
	Structure        bool    // both p-values are at most Level
	Level            float64 // .01

	Close      bool     // the same number of draws with another seed would put a p on the other side of Level with a chance above 1 %
	HeavyTails []string // columns in which a few outlying customers account for so much of the spread that comparing other customers may give another p
}

const savedCost = "saved cost"

const (
	nullDraws    = 199 // 99 can just reach controlLevel, and then a single draw decides
	nullRows     = 500 // customers in a null draw, and as many of the data's beside it: a large table costs no more than these
	nullRestarts = 2   // starts on a null draw and on the customers beside it: without groups, all starts end about as well
	controlLevel = .01
)

var _ sheet.Sheeter = (*NullControl)(nil)

// course is a sweep as the control sees it, on the data or on a draw.
type course struct {
	costs       []float64 // (points) as a share of that at k = 1
	silhouettes []float64 // (points) NaN for k = 1
}

// course is the sweep itself, on all customers.
func (s *Sweep) course() (c course) {
	for _, p := range s.Points {
		c.costs, c.silhouettes = append(c.costs, p.Cost/s.Total), append(c.silhouettes, p.Silhouette)
	}
	return c
}

// features are what stands out or does not: the share that each step saves (points, NaN where the k before is not in the
// sweep), then the silhouettes (points).
func (c course) features(points []SweepPoint) []float64 {
	all := make([]float64, 0, 2*len(points))
	for at, p := range points {
		before := math.NaN()
		switch {
		case p.K == 2:
			before = 1
		case at > 0:
			before = c.costs[at-1]
		}
		all = append(all, 1-c.costs[at]/before)
	}
	return append(all, c.silhouettes...)
}

// addControl runs the sweep on every null draw, and on as many customers of x.
func (s *Sweep) addControl(ctx context.Context, x *table.Table, m cluster.KMethod, o SweepOptions, report func()) error {
	for at := range s.Points {
		p := &s.Points[at]
		p.P, p.NullLow, p.NullMedian, p.NullHigh, p.NullSilhouetteHigh = math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	if o.Draws == 0 {
		return nil
	}
	m = quick(m, x, s.DrawRows)
	sample := min(o.SilhouetteRows, s.DrawRows)
	like := x.Rows(byID(x.Raw().IDs, s.DrawRows))
	blobs := []blob{newBlob(like), newCopulaBlob(like)}
	own, err := s.repeat(ctx, like, m, byID(like.Raw().IDs, sample))
	if err != nil {
		return err
	}
	draws, errs := make([]course, 2*o.Draws), make([]error, 2*o.Draws)
	err = par.Items(ctx, len(draws), func(i int) {
		r := seed.Stream(o.Seed, "null draw", i%o.Draws) // the same for both kinds: where both describe the data, they agree
		draw := blobs[i/o.Draws].draw(r)
		draws[i], errs[i] = s.repeat(par.Inside(ctx), draw, m, pick.Sample(s.DrawRows, sample, r))
		report()
	})
	if err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("segkit: choose.SweepK: null draw: %w", fault.Trimmed(err))
		}
	}
	s.band(own, draws)
	s.judge(own, draws[:o.Draws], draws[o.Draws:])
	if s.Control != nil && s.DrawRows < x.Len() {
		s.Control.Rows, s.Control.HeavyTails = s.DrawRows, heavyTails(x)
	}
	return nil
}

// byID returns size of the rows, in rising order, as if drawn at random, but always the same: those whose ids come first by a hash.
// With other customers compared p would be another one, and no seed shall choose it, nor the order of the rows, nor the preparation.
func byID(ids []string, size int) []int {
	all := pick.All(len(ids))
	if size == len(ids) {
		return all
	}
	place := make([]uint64, len(ids))
	_ = par.Rows(context.Background(), len(ids), func(_, from, to int) {
		for i := from; i < to; i++ {
			place[i] = seed.First(0, ids[i])(0)
		}
	})
	// Hashes are spread evenly, so those that come first are among the share of all numbers that size is of n, give or take a little: only
	// these few are put in order.
	within := func(of float64) float64 { return math.Ldexp(of/float64(len(ids)), 64) }
	little := 8 * math.Sqrt(float64(size))
	below, above := within(float64(size)-little), within(float64(size)+little)
	rows, perhaps := []int(nil), []int(nil)
	for i, p := range place {
		switch {
		case float64(p) < below:
			rows = append(rows, i)
		case float64(p) < above:
			perhaps = append(perhaps, i)
		}
	}
	if len(rows) > size || len(rows)+len(perhaps) < size {
		rows, perhaps = nil, all
	}
	slices.SortFunc(perhaps, func(a, b int) int { return cmp.Or(cmp.Compare(place[a], place[b]), cmp.Compare(ids[a], ids[b])) })
	rows = append(rows, perhaps[:size-len(rows)]...)
	slices.Sort(rows)
	return rows
}

// A column has a heavy tail where the few customers farthest from its mean hold so much of its spread that what a sample shows
// depends on how many of them it has: the farthest hundredth holds 8 % in a normal column, 22 % in an exponential one, 49 % in a
// lognormal one.
const (
	fewFarthest = .01
	heavyTail   = .3
)

// heavyTails returns the names of the columns of x (n x d) that have heavy tails, the heaviest first. It costs about n for each.
func heavyTails(x *table.Table) []string {
	held := make([]float64, len(x.Raw().Columns))
	_ = par.Items(context.Background(), len(held), func(j int) {
		column := x.Raw().Column(j)
		if other := slices.IndexFunc(column, func(v float64) bool { return v != column[0] }); other < 0 ||
			!slices.ContainsFunc(column, func(v float64) bool { return v != column[0] && v != column[other] }) { // a rare answer is no tail
			return
		}
		mean, total, all := 0.0, 0.0, 0.0
		for i, v := range column {
			mean += float64(x.Weight(i) * v)
			total += x.Weight(i)
		}
		mean /= total
		for i, v := range column {
			column[i] = (v - mean) * (v - mean)
			all += float64(x.Weight(i) * column[i])
		}
		far, few := 0.0, 0.0
		for _, i := range fromLargest(column, x.Weight, fewFarthest*total) {
			if few += x.Weight(i); few > fewFarthest*total {
				break
			}
			far += float64(x.Weight(i) * column[i])
		}
		if far > heavyTail*all {
			held[j] = far / all
		}
	})
	heavy := slices.DeleteFunc(pick.All(len(held)), func(j int) bool { return held[j] == 0 })
	slices.SortStableFunc(heavy, func(a, b int) int { return cmp.Compare(held[b], held[a]) })
	var names []string
	for _, j := range heavy {
		names = append(names, x.Raw().Columns[j].Name)
	}
	return names
}

// fromLargest returns rows in falling order of their values (n), equal ones in that of the table: the first of all, down to where they weigh more
// than least together, and some more, or all. Every hundredth value tells which are likely to be among them, and only these are sorted.
func fromLargest(values []float64, weight func(row int) float64, least float64) []int {
	some := make([]float64, 0, len(values)/100+1)
	for i := 0; i < len(values); i += 100 {
		some = append(some, values[i])
	}
	slices.Sort(some)
	from, rows, weighs := some[len(some)*97/100], []int(nil), 0.0
	for i, v := range values {
		if v >= from {
			rows, weighs = append(rows, i), weighs+weight(i)
		}
	}
	if weighs < 2*least { // not just least: in another order a sum is another in its last digit
		rows = pick.All(len(values))
	}
	slices.SortFunc(rows, func(a, b int) int { return cmp.Or(cmp.Compare(values[b], values[a]), cmp.Compare(a, b)) })
	return rows
}

// quick returns m with few starts, and with a smallest size that suits as many rows as x has.
func quick(m cluster.KMethod, x *table.Table, rows int) cluster.KMethod {
	few := refit.WithStarts(m, nullRestarts).(cluster.KMethod)
	if km, ok := few.(cluster.KMeans); ok {
		km.MinSize, km.MinShare = km.Least(x.Len())*rows/x.Len(), 0
		return km
	}
	return few
}

// repeat runs the sweep on a null draw, or on the customers that the draws are compared with, with silhouettes of the given rows.
func (s *Sweep) repeat(ctx context.Context, draw *table.Table, m cluster.KMethod, rows []int) (course, error) {
	var c course
	whole, err := cluster.FitContext(ctx, draw, m.WithK(1))
	if err != nil {
		return c, err
	}
	all := make([]table.Labels, len(s.Points))
	for at, p := range s.Points {
		fit := whole
		if k := distinct.Count(draw.Raw().Data, draw.Len(), len(draw.Raw().Columns), p.K); k > 1 { // answers of a few kinds may be fewer kinds in a draw
			if fit, err = cluster.FitContext(ctx, draw, m.WithK(k)); err != nil {
				return c, err
			}
		}
		c.costs, all[at] = append(c.costs, fit.Cost/whole.Cost), fit.Labels
	}
	found, err := separation.SampledSilhouettes(ctx, draw, all, rows)
	for _, f := range found {
		c.silhouettes = append(c.silhouettes, f.Mean)
	}
	return c, err
}

// band puts the draws of both kinds beside the points. What a method finds in few customers by chance it does not find in many:
// so the draws are moved by what the same k gives on the customers compared, own, and on all.
func (s *Sweep) band(own course, draws []course) {
	for at := range s.Points {
		p := &s.Points[at]
		scale, shift := s.Total, 0.0
		if own.costs[at] > 0 {
			scale = p.Cost / own.costs[at]
		}
		if p.K > 1 {
			shift = p.Silhouette - own.silhouettes[at]
		}
		for _, c := range draws {
			p.Null = append(p.Null, c.costs[at]*scale)
			if mean := c.silhouettes[at] + shift; mean > p.NullSilhouetteHigh || math.IsNaN(p.NullSilhouetteHigh) {
				p.NullSilhouetteHigh = mean
			}
		}
		p.NullLow, p.NullHigh = slices.Min(p.Null), slices.Max(p.Null)
		p.NullMedian = quantile.Of(p.Null, nil, false).At(.5)
	}
}

// judge compares the sweep on the customers compared, own, with the draws of either kind.
func (s *Sweep) judge(own course, gaussian, copula []course) {
	of := func(c course) []float64 { return c.features(s.Points) }
	a, b := standAmong(own, gaussian, of), standAmong(own, copula, of)
	if !a.known() || !b.known() { // one segment, or customers all alike
		return
	}
	s.Control = &NullControl{Draws: len(gaussian), Gaussian: a.best(), Copula: b.best(), Level: controlLevel}
	steps := func(c course) []float64 { return of(c)[:len(s.Points)] }
	c, d := standAmong(own, gaussian, steps), standAmong(own, copula, steps)
	s.Control.Structure = max(s.Control.Gaussian, s.Control.Copula) <= controlLevel
	again := a.again * b.again
	s.Control.Close = min(again, 1-again) > unlikely
	most := math.Inf(-1)
	for f := range a.z {
		at := f % len(s.Points)
		if z := min(a.z[f], b.z[f]); z > most {
			most, s.Control.K, s.Control.By = z, s.Points[at].K, savedCost
			if f >= len(s.Points) {
				s.Control.By = "silhouette"
			}
			s.Control.Value, s.Control.OneGroup = of(own)[f], max(typical(gaussian, of, f), typical(copula, of, f))
			s.Control.All = of(s.course())[f]
		}
		if f < len(s.Points) {
			s.Points[at].P = max(c.p[f], d.p[f])
		}
	}
}

// typical is the median of a feature among draws.
func typical(draws []course, features func(course) []float64, f int) float64 {
	var values []float64
	for _, c := range draws {
		values = append(values, features(c)[f])
	}
	return quantile.Of(values, nil, false).At(.5)
}

// standing is how far each feature of the data stands out among the draws.
type standing struct {
	z     []float64 // (features) standardised by the draws; NaN where it is undefined
	p     []float64 // (features) of draws standing out as far in any feature
	again float64   // chance that as many other draws give a p of at most controlLevel
}

// unlikely is the chance of another answer by other draws that is not worth a word.
const unlikely = .01

// known reports whether a feature is defined.
func (s standing) known() bool {
	return slices.ContainsFunc(s.p, func(p float64) bool { return !math.IsNaN(p) })
}

// best is the p-value of the feature that stands out most.
func (s standing) best() float64 {
	least := 1.0
	for _, p := range s.p {
		if p < least {
			least = p
		}
	}
	return least
}

func standAmong(own course, draws []course, features func(course) []float64) standing {
	all := [][]float64{features(own)}
	for _, c := range draws {
		all = append(all, features(c))
	}
	for f := range all[0] {
		amongOthers(all, f)
	}
	out := standing{z: all[0]}
	for _, z := range out.z {
		beyond := 1
		for _, c := range all[1:] {
			if slices.ContainsFunc(c, func(of float64) bool { return of >= z }) {
				beyond++
			}
		}
		p := float64(beyond) / float64(len(all))
		if math.IsNaN(z) {
			p = math.NaN()
		}
		out.p = append(out.p, p)
	}
	var most []float64 // of each draw
	for _, c := range all[1:] {
		most = append(most, largest(c))
	}
	out.again = within(int(controlLevel*float64(len(all)))-1, len(most), beyond(most, largest(out.z)))
	return out
}

// largest is the largest of what is defined.
func largest(z []float64) float64 {
	most := math.Inf(-1)
	for _, v := range z {
		if v > most {
			most = v
		}
	}
	return most
}

// beyond estimates with which chance a draw reaches value. Where hardly any of the draws does, the highest tenth of them is continued
// by an exponential tail, so that a value far beyond all is told from one that is just beyond (as Knijnenburg et al. 2009,
// doi:10.1093/bioinformatics/btp211, do with a generalised Pareto tail).
func beyond(draws []float64, value float64) float64 {
	draws = slices.Clone(draws)
	slices.SortFunc(draws, func(a, b float64) int { return cmp.Compare(b, a) })
	tail := len(draws) / 10
	if tail < 2 || value <= draws[tail] {
		reached := 0
		for reached < len(draws) && draws[reached] >= value {
			reached++
		}
		return float64(reached) / float64(len(draws))
	}
	excess := 0.0
	for _, v := range draws[:tail] {
		excess += (v - draws[tail]) / float64(tail)
	}
	return float64(tail) / float64(len(draws)) * math.Exp(-(value-draws[tail])/excess)
}

// within is the chance that at most the given number of n draws happen, each with chance p.
func within(most, n int, p float64) float64 {
	if most < 0 {
		return 0
	}
	return distuv.Binomial{N: float64(n), P: p}.CDF(float64(most))
}

// amongOthers standardises feature f of each by the mean and deviation of all the others; NaN where one of them is undefined.
func amongOthers(all [][]float64, f int) {
	others, sum, squares := float64(len(all)-1), 0.0, 0.0
	for _, v := range all {
		sum += v[f]
	}
	mean := sum / (others + 1)
	for _, v := range all {
		squares += float64((v[f] - mean) * (v[f] - mean))
	}
	for _, v := range all {
		among := (sum - v[f]) / others
		variance := max(0, squares-float64((v[f]-mean)*(v[f]-among))) / (others - 1)
		if v[f] -= among; v[f] != 0 {
			v[f] /= math.Sqrt(variance)
		}
	}
}

// Effect returns how much stands out, as a multiple of what one group alone would show: Value / OneGroup. Unlike p, it does not depend on
// the number of customers, and hardly on the number of columns: two equal groups 2, 3 and 4 standard deviations apart have about 1.05,
// 1.15 and 1.3, in 4 columns as in 64. It is +Inf if something stands out here but nothing does with one group, and NaN if nothing stands
// out at all.
func (c *NullControl) Effect() float64 {
	switch {
	case c.K == 0:
		return math.NaN()
	case c.OneGroup <= 0:
		return math.Inf(1)
	}
	return c.Value / c.OneGroup
}

const moderateEffect, largeEffect = 1.1, 1.2

// size says in a sentence how large the effect is; "" where nothing stands out.
func (c *NullControl) size() string {
	if c.K == 0 {
		return ""
	}
	var size string
	switch effect := c.Effect(); {
	case effect >= largeEffect:
		size = "a large difference"
	case effect >= moderateEffect:
		size = "a moderate difference"
	default:
		size = "a slight difference, whatever its p"
	}
	form, figure := "At k = %d the silhouette is %s%s, against a median of %s with one group: %s.", func(v float64) string { return sheet.Fixed(v, 2) }
	if c.By == savedCost {
		form, figure = "The step to k = %d saves %s of the cost%s, against a median of %s with one group: %s.", sheet.Percent
	}
	compared := ""
	switch {
	case c.Rows > 0:
		compared = fmt.Sprintf(" for the %s customers compared (%s for all)", sheet.Count(c.Rows), figure(c.All))
	case figure(c.Value) != figure(c.All):
		compared = fmt.Sprintf(" with as few starts as the draws get (%s with all)", figure(c.All))
	}
	return fmt.Sprintf(form, c.K, figure(c.Value), compared, figure(c.OneGroup), size)
}

// says is the finding in a sentence or two.
func (c *NullControl) says() string {
	against := fmt.Sprintf("p = %s against one Gaussian, %s against one group with the columns' own distributions", sheet.Number(c.Gaussian),
		sheet.Number(c.Copula))
	if c.Structure {
		return strings.TrimSpace(fmt.Sprintf("There is more than one group: one group alone hardly ever shows as much (%s). %s", against, c.size())) + c.doubts()
	}
	return fmt.Sprintf("No natural segments: by chance, one group alone shows as much (%s), so any split is a construction.", against) + c.doubts()
}

// doubts says what else could have come out, and how to know better; "" if nothing.
func (c *NullControl) doubts() (text string) {
	if c.Close {
		text += fmt.Sprintf(" It is a close call, and another seed may decide differently: more draws would tell (SweepOptions.Draws, now %s).", sheet.Count(c.Draws))
	}
	if c.HeavyTails != nil {
		text += fmt.Sprintf(" This p is not stable: it compares a sample of the customers, and a few of them hold much of the spread in %s, so another "+
			"sample may give another result. Take logarithms first (prep.Log1p), or cap the values (prep.Winsor).", sheet.List(c.HeavyTails))
	}
	return text
}

// Sheet lists the two kinds of draws with their p-values.
func (c *NullControl) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: c.says(), Columns: []sheet.Column{{Name: "one group", Text: true}, {Name: "draws"}, {Name: "p"},
		{Name: "more than one?", Text: true}}}
	for _, kind := range []struct {
		name string
		p    float64
	}{{"Gaussian with the data's covariance", c.Gaussian}, {"with the columns' own distributions and rank correlation", c.Copula}} {
		verdict := "no"
		if kind.p <= c.Level {
			verdict = "yes"
		}
		out.Rows = append(out.Rows, []string{kind.name, sheet.Count(c.Draws), sheet.Number(kind.p), verdict})
	}
	if c.K > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("The sweep stands out most by the %s at k = %d. %s", c.By, c.K, c.size()))
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Structure needs p of at most %s against both. A p cannot be below 1/(1 + draws).",
		sheet.Fixed(c.Level, 2)))
	return out
}

// Frame returns a row per kind of draws: kind, draws, p.
func (c *NullControl) Frame() table.Frame {
	return frame.New(frame.Column("kind", []string{"gaussian", "copula"}), frame.Column("draws", []int{c.Draws, c.Draws}),
		frame.Column("p", []float64{c.Gaussian, c.Copula}))
}
