package track

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Drift says how far columns have moved between a reference and now. A column has drifted if two things are true: chance alone would seldom give a
// drift as large (Q), and it is large enough to matter (Size). With few customers, the population stability index is large by chance; with many, it
// is significant even when it is negligible.
type Drift struct {
	From, To string // what was compared
	Columns  []ColumnDrift
	Shared   int // customers in both, who were drawn with both of their rows; -1 if the reference is a model, which keeps no customers
	Options  DriftOptions

	growing bool // all days up to each date count
}

// ColumnDrift is the drift of one column.
type ColumnDrift struct {
	Column  string
	PSI     float64 // population stability index: the sum over bins of (now - then) ln(now / then)
	Limit   float64 // below which draws without any drift stay, at the given level
	KS      float64 // Kolmogorov-Smirnov statistic, the greatest difference between the two distribution functions; NaN for a category
	JS      float64 // Jensen-Shannon divergence of the bins, in bits: 0 to 1
	P       float64 // share of draws, counting the data as one, with a PSI as large
	Q       float64 // P, adjusted for the number of columns (Benjamini & Hochberg 1995)
	Drifted bool    // Q is at most Level and PSI at least Size
	Season  bool    // it drifted, but not from the same time a year earlier
}

// DriftOptions says what counts as drift.
type DriftOptions struct {
	Draws int     // without drift; 0 means 199, or more if there are too many columns to rule out chance with 199
	Level float64 // accepted share of false alarms among all alarms; 0 means .05
	Size  float64 // PSI from which a drift counts; 0 means .1, negative means any
	Seed  int
}

func (o DriftOptions) withDefaults() (DriftOptions, error) {
	if o.Level == 0 {
		o.Level = .05
	}
	if o.Size == 0 {
		o.Size = .1
	}
	switch {
	case !(o.Level > 0 && o.Level < 1):
		return o, fault.Option("track.DriftOptions", "Level", o.Level, "a share between 0 and 1, or 0 for .05")
	}
	return o, nil
}

// forColumns fills in the draws. The least P that draws can give is 1 / (Draws + 1), and adjusting for so many columns multiplies it with their number: with
// too few draws a single column could never be found to drift.
func (o DriftOptions) forColumns(columns int) (DriftOptions, error) {
	least := int(math.Ceil(float64(columns)/o.Level)) - 1
	switch {
	case o.Draws == 0:
		o.Draws = max(199, 2*least+1)
	case o.Draws < least:
		return o, fault.Option("track.DriftOptions", "Draws", o.Draws, fmt.Sprintf("at least %d for %s at level %v, or 0 for enough", least, wording.Plural(columns, "column"), o.Level))
	}
	return o, nil
}

// bins is how many groups of equal size numbers are put into.
const bins = 10

// Compare looks for drift in columns of two tables of customers, such as those of two months; no columns means all that both have. Months share most of
// their customers, and so are not independent samples: draws resample customers, each with both of their rows or with the only one. So identical data
// never drift, and two halves of one month raise an alarm as often as Level says. Missing values are a bin of their own, and each bin counts half a
// customer more, so that an empty bin does not make the index infinite. It costs draws·n·d.
func Compare(reference, current *table.Table, columns []string, o ...DriftOptions) (*Drift, error) {
	return compareTables(job.DefaultContext, reference, current, columns, o...)
}

// CompareContext is Compare under ctx.
func compareTables(ctx context.Context, reference, current *table.Table, columns []string, o ...DriftOptions) (*Drift, error) {
	const op = "track.Compare"
	opt, err := option.AtMostOne(op, o)
	if err == nil {
		opt, err = opt.withDefaults()
	}
	switch {
	case err != nil:
		return nil, err
	case reference == nil || current == nil:
		return nil, fault.Nil(op, "table")
	case reference.Len() == 0 || current.Len() == 0:
		return nil, fmt.Errorf("segkit: %s: one of the tables has no customers: %w", op, fault.ErrEmpty)
	}
	if columns == nil {
		for _, name := range reference.Names() {
			if _, err := current.Index(name); err == nil {
				columns = append(columns, name)
			}
		}
	}
	var binned []binnedColumn
	for _, name := range columns {
		b, err := binTogether(op, reference, current, name)
		if err != nil {
			return nil, err
		}
		binned = append(binned, b)
	}
	if len(binned) == 0 {
		return nil, fmt.Errorf("segkit: %s: the tables have no column in common: %w", op, fault.ErrSchema)
	}
	if opt, err = opt.forColumns(len(binned)); err != nil {
		return nil, err
	}
	return resample(ctx, binned, reference.Raw().IDs, current.Raw().IDs, opt)
}

// binnedColumn is a column of two tables in common bins, the last of them for missing values where there are any.
type binnedColumn struct {
	name         string
	bins         int
	before, now  []int // (n) of each table
	a, b         []float64
	isCategories bool
}

// binTogether puts a column of both tables into bins that both have formed.
func binTogether(op string, reference, current *table.Table, name string) (b binnedColumn, err error) {
	x, err := reference.Column(name)
	if err == nil {
		_, err = current.Column(name)
	}
	if err != nil {
		return b, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	y, _ := current.Column(name)
	if x.Categorical() != y.Categorical() {
		return b, &fault.CellError{Op: op, Column: name, Why: "holds categories in one table and numbers in the other", Err: fault.ErrSchema}
	}
	b.name = name
	b.a, _ = reference.Values(name)
	b.b, _ = current.Values(name)
	if x.Categorical() {
		levels := slices.Clone(x.Levels)
		for _, l := range y.Levels {
			if !slices.Contains(levels, l) {
				levels = append(levels, l)
			}
		}
		b.isCategories, b.bins = true, len(levels)
		b.before, b.now = levelBins(b.a, x.Levels, levels), levelBins(b.b, y.Levels, levels)
		return b.withMissing(), nil
	}
	sample := quantile.Of(slices.Concat(b.a, b.b), nil, false)
	var cuts []float64
	for q := 1; q < bins; q++ {
		if v := sample.At(float64(q) / bins); v == v {
			cuts = append(cuts, v)
		}
	}
	cuts = slices.Compact(cuts)
	b.bins = len(cuts) + 1
	b.before, b.now = cutBins(b.a, cuts), cutBins(b.b, cuts)
	return b.withMissing(), nil
}

// withMissing gives missing values, which have no bin yet (-1), one behind the others.
func (b binnedColumn) withMissing() binnedColumn {
	any := false
	for _, side := range [2][]int{b.before, b.now} {
		for i, at := range side {
			if at < 0 {
				side[i], any = b.bins, true
			}
		}
	}
	if any {
		b.bins++
	}
	return b
}

func levelBins(values []float64, own, all []string) []int {
	out := make([]int, len(values))
	for i, v := range values {
		if out[i] = -1; !math.IsNaN(v) {
			out[i] = slices.Index(all, own[int(v)])
		}
	}
	return out
}

func cutBins(values, cuts []float64) []int {
	out := make([]int, len(values))
	for i, v := range values {
		if out[i] = -1; !math.IsNaN(v) {
			out[i] = sort.SearchFloat64s(cuts, v)
		}
	}
	return out
}

// resample judges the columns by draws of customers, each with what they were on both sides. How the difference of the shares varies over the draws is how it
// varies by chance; what remains when the difference that was seen is taken off is a draw without drift.
func resample(ctx context.Context, columns []binnedColumn, before, now []string, o DriftOptions) (*Drift, error) {
	type customer struct{ then, now int } // rows; -1 where they are not there
	index := make(map[string]int, len(before))
	customers := make([]customer, 0, len(before)+len(now))
	for i, id := range before {
		index[id] = i
		customers = append(customers, customer{i, -1})
	}
	out := &Drift{Options: o}
	for j, id := range now {
		if i, ok := index[id]; ok {
			customers[i].now = j
			out.Shared++
			continue
		}
		customers = append(customers, customer{-1, j})
	}
	then, after := make([][]int, len(columns)), make([][]int, len(columns))
	psi := make([][]float64, len(columns))
	for c, of := range columns {
		then[c], after[c] = countBins(of.before, of.bins), countBins(of.now, of.bins)
		psi[c] = make([]float64, o.Draws)
	}
	step := job.Steps(ctx, "drift by chance alone", o.Draws)
	err := par.Items(ctx, o.Draws, func(draw int) {
		r := seed.Stream(o.Seed, "drift", draw)
		drawnThen, drawnAfter := make([][]int, len(columns)), make([][]int, len(columns))
		for c := range columns {
			drawnThen[c], drawnAfter[c] = make([]int, columns[c].bins), make([]int, columns[c].bins)
		}
		for range customers {
			of := customers[r.IntN(len(customers))]
			for c := range columns {
				if of.then >= 0 {
					drawnThen[c][columns[c].before[of.then]]++
				}
				if of.now >= 0 {
					drawnAfter[c][columns[c].now[of.now]]++
				}
			}
		}
		for c := range columns {
			psi[c][draw] = withoutDrift(then[c], after[c], drawnThen[c], drawnAfter[c])
		}
		step()
	})
	if err != nil {
		return nil, err
	}
	for c, of := range columns {
		d := judged(of.name, then[c], after[c], psi[c], o)
		if d.KS = math.NaN(); !of.isCategories {
			d.KS = kolmogorovSmirnov(of.a, of.b)
		}
		out.Columns = append(out.Columns, d)
	}
	out.adjust()
	return out, nil
}

// withoutDrift is the stability index of shares around those of both sides together, which differ as those of a draw do, less the difference that was seen.
func withoutDrift(then, now, drawnThen, drawnNow []int) (psi float64) {
	p, q, drawnP, drawnQ := smoothed(then), smoothed(now), smoothed(drawnThen), smoothed(drawnNow)
	least := math.Inf(1) // share of an empty bin
	for _, counts := range [2][]int{then, now} {
		least = min(least, .5/(float64(total(counts))+.5*float64(len(counts))))
	}
	for b := range p {
		half := ((drawnQ[b] - drawnP[b]) - (q[b] - p[b])) / 2
		middle := (p[b] + q[b]) / 2
		low, high := max(middle-half, least), max(middle+half, least)
		psi += float64((high - low) * math.Log(high/low))
	}
	return psi
}

func total(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func countBins(of []int, bins int) []int {
	out := make([]int, bins)
	for _, b := range of {
		out[b]++
	}
	return out
}

// judged compares counts by bin with what draws without drift gave.
func judged(name string, then, now []int, draws []float64, o DriftOptions) ColumnDrift {
	d := ColumnDrift{Column: name, PSI: stabilityIndex(then, now), JS: jensenShannon(then, now)}
	as := 1
	for _, v := range draws {
		if v >= d.PSI*(1-1e-12) {
			as++
		}
	}
	d.P = float64(as) / float64(len(draws)+1)
	sorted := slices.Sorted(slices.Values(draws))
	d.Limit = sorted[min(int(math.Ceil((1-o.Level)*float64(len(draws)+1)))-1, len(sorted)-1)]
	return d
}

// adjust fills in Q and Drifted.
func (d *Drift) adjust() {
	p := make([]float64, len(d.Columns))
	for c := range p {
		p[c] = d.Columns[c].P
	}
	for c, q := range stats.FalseDiscovery(p, len(p), false) {
		d.Columns[c].Q = q
		d.Columns[c].Drifted = q <= d.Options.Level && d.Columns[c].PSI >= d.Options.Size
	}
}

// stabilityIndex is PSI with half a customer in every bin, so that an empty one is not infinite.
func stabilityIndex(then, now []int) (psi float64) {
	shareThen, shareNow := smoothed(then), smoothed(now)
	for b := range then {
		psi += float64((shareNow[b] - shareThen[b]) * math.Log(shareNow[b]/shareThen[b]))
	}
	return psi
}

func smoothed(counts []int) []float64 {
	all := float64(total(counts)) + .5*float64(len(counts))
	out := make([]float64, len(counts))
	for b, n := range counts {
		out[b] = (float64(n) + .5) / all
	}
	return out
}

// jensenShannon is the divergence (Lin 1991, doi:10.1109/18.61115) of two sets of counts, in bits.
func jensenShannon(then, now []int) (js float64) {
	a, b := float64(total(then)), float64(total(now))
	if a == 0 || b == 0 {
		return math.NaN()
	}
	for i := range then {
		p, q := float64(then[i])/a, float64(now[i])/b
		for _, v := range [2]float64{p, q} {
			if v > 0 {
				js += float64(v / 2 * math.Log2(v/((p+q)/2)))
			}
		}
	}
	return max(js, 0)
}

// kolmogorovSmirnov is the greatest difference of the distribution functions of two samples, missing values left out.
func kolmogorovSmirnov(a, b []float64) float64 {
	known := func(values []float64) []float64 {
		out := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
		slices.Sort(out)
		return out
	}
	a, b = known(a), known(b)
	if len(a) == 0 || len(b) == 0 {
		return math.NaN()
	}
	greatest := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		v := min(a[i], b[j])
		for i < len(a) && a[i] == v {
			i++
		}
		for j < len(b) && b[j] == v {
			j++
		}
		greatest = max(greatest, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return greatest
}

// FromModel looks for drift of customers from those to which a model was fitted. The model keeps their shares in the bins of every
// column, but no customer. Shared customers therefore cannot be drawn with both of their rows, and draws treat both sides as independent
// samples of one population; if customers are shared, this errs towards fewer alarms. It also compares the distances to the centres and
// the shares of the segments.
func FromModel(model *segkit.Model, current *table.Table, o ...DriftOptions) (*Drift, error) {
	const op = "track.FromModel"
	opt, err := option.AtMostOne(op, o)
	if err == nil {
		opt, err = opt.withDefaults()
	}
	switch {
	case err != nil:
		return nil, err
	case model == nil:
		return nil, fault.Nil(op, "model")
	case current == nil:
		return nil, fault.Nil(op, "table")
	case model.Training == nil:
		return nil, &fault.CellError{Op: op, Why: "the model does not know how its training customers were distributed", Remedy: "fit it again with this version, and save it", Err: fault.ErrEmpty}
	}
	segments, err := model.Score(current)
	if err != nil {
		return nil, err
	}
	type column struct {
		name      string
		then, now []int
		ks        float64
	}
	var columns []column
	add := func(c column, d segkit.Distribution, now []int) {
		for _, share := range d.Shares {
			c.then = append(c.then, int(math.Round(share*float64(d.Count))))
		}
		missing := slices.Contains(now, -1)
		if missing || d.Missing > 0 {
			c.then = append(c.then, d.Missing)
		}
		b := binnedColumn{bins: len(d.Shares), now: now}.withMissing()
		c.now = countBins(b.now, len(c.then))
		columns = append(columns, c)
	}
	for j, c := range model.Columns {
		d := model.Training[j]
		values, err := current.Values(c.Name)
		if err != nil || d.Count == 0 {
			continue // computed from others, or never known
		}
		if have, _ := current.Column(c.Name); c.Categorical() {
			add(column{name: c.Name, ks: math.NaN()}, d, levelBins(values, have.Levels, c.Levels)) // a level that the model does not know counts as missing
			continue
		}
		now := cutBins(values, d.Cuts)
		known := slices.DeleteFunc(slices.Clone(now), func(b int) bool { return b < 0 })
		add(column{name: c.Name, ks: ksOfBins(d.Shares, countBins(known, len(d.Shares)))}, d, now)
	}
	if segments.Distance != nil && model.Distances.Count > 0 {
		add(column{name: distanceColumn, ks: math.NaN()}, model.Distances, cutBins(segments.Distance, model.Distances.Cuts))
	}
	columns = append(columns, column{segmentColumn, model.Sizes, segments.Counts(), math.NaN()})
	if opt, err = opt.forColumns(len(columns)); err != nil {
		return nil, err
	}
	made, err := features.ParseSpec(model.Spec)
	out := &Drift{From: "the training customers", Shared: -1, To: wording.Plural(len(segments.IDs), "customer"), Options: opt, growing: err == nil && made.Window == 0}
	for at, c := range columns {
		d := judged(c.name, c.then, c.now, independent(opt, at, c.then, c.now), opt)
		d.KS = c.ks
		out.Columns = append(out.Columns, d)
	}
	out.adjust()
	return out, nil
}

// ksOfBins is Kolmogorov and Smirnov's difference at the borders of bins.
func ksOfBins(then []float64, now []int) (greatest float64) {
	n := total(now)
	if n == 0 {
		return math.NaN()
	}
	a, b := 0.0, 0.0
	for i := range then {
		a += then[i]
		b += float64(now[i]) / float64(n)
		greatest = max(greatest, math.Abs(a-b))
	}
	return greatest
}

// independent returns the PSI of draws in which both sides are samples of one population.
func independent(o DriftOptions, column int, then, now []int) []float64 {
	a, b := total(then), total(now)
	pooled := make([]float64, len(then))
	for i := range then {
		pooled[i] = float64(then[i]+now[i]) / float64(max(a+b, 1))
	}
	out := make([]float64, o.Draws)
	for draw := range out {
		r := seed.Stream(o.Seed, fmt.Sprint("drift from a model ", column), draw)
		out[draw] = stabilityIndex(multinomial(r, a, pooled), multinomial(r, b, pooled))
	}
	return out
}

// multinomial draws how many of n fall into each bin, one binomial after the other.
func multinomial(r *rand.Rand, n int, shares []float64) []int {
	out := make([]int, len(shares))
	left := 1.0
	for b, share := range shares {
		if n == 0 {
			break
		}
		if share >= left || b == len(shares)-1 {
			out[b] = n
			break
		}
		out[b] = int(distuv.Binomial{N: float64(n), P: share / left, Src: r}.Rand())
		n -= out[b]
		left -= share
	}
	return out
}

// Drift looks for drift in the columns that form the segments, and in the segments themselves, between dates from and to of the history. If from lies within
// the year before to, and the history has the day a year before to, a column that has drifted, but not from that day, is reported as seasonal.
func (h *History) Drift(from, to int, columns []string, o ...DriftOptions) (*Drift, error) {
	return h.DriftContext(job.DefaultContext, from, to, columns, o...)
}

// DriftContext is Drift under ctx.
func (h *History) DriftContext(ctx context.Context, from, to int, columns []string, o ...DriftOptions) (*Drift, error) {
	const op = "track.Drift"
	for _, t := range []int{from, to} {
		if err := h.at(op, t); err != nil {
			return nil, err
		}
	}
	if columns == nil {
		columns = h.Segments[to].FormedBy
	}
	if from >= to {
		return nil, fault.Option(op, "to", to, fmt.Sprintf("a date after %d", from))
	}
	out, err := compareTables(ctx, h.withSegment(from), h.withSegment(to), append(slices.Clone(columns), segmentColumn), o...)
	if err != nil {
		return nil, err
	}
	out.From, out.To, out.growing = h.Dates[from].Format(time.DateOnly), h.Dates[to].Format(time.DateOnly), h.spec.Window == 0
	return out, h.seasons(ctx, out, h.Dates[from], to, columns, o)
}

// seasons marks what drifted from a day within the last year to date t, but not from the same time a year before: there the column must have been as it is
// now, by more than a lack of evidence. A reference that is older than a year may have drifted since in ways that came before that day, so nothing is told
// of seasons then.
func (h *History) seasons(ctx context.Context, d *Drift, reference time.Time, to int, columns []string, o []DriftOptions) error {
	t := h.yearBefore(to)
	if t < 0 || !h.Dates[t].Before(reference) || len(d.Drifted()) == 0 {
		return nil
	}
	last, err := compareTables(ctx, h.withSegment(t), h.withSegment(to), append(slices.Clone(columns), segmentColumn), o...)
	if err != nil {
		return err
	}
	for c := range d.Columns {
		for _, then := range last.Columns {
			if then.Column == d.Columns[c].Column {
				d.Columns[c].Season = d.Columns[c].Drifted && !then.Drifted && then.PSI < max(d.Options.Size, d.Columns[c].PSI/2)
			}
		}
	}
	return nil
}

// yearBefore is the date nearest to a year before date t, within a week of it; -1 if there is none.
func (h *History) yearBefore(t int) int {
	want := h.Dates[t].AddDate(-1, 0, 0)
	nearest, off := -1, 8
	for at, d := range h.Dates {
		if days := max(daysBetween(d, want), daysBetween(want, d)); days < off {
			nearest, off = at, days
		}
	}
	return nearest
}

// DriftFromModel is FromModel for the customers of date t, under the frozen model that the history follows. If the model was made within the year before t and the
// history has the day a year before, a column that has drifted, but not from that day, is reported as seasonal.
func (h *History) DriftFromModel(t int, o ...DriftOptions) (*Drift, error) {
	return h.DriftFromModelContext(job.DefaultContext, t, o...)
}

// DriftFromModelContext is DriftFromModel under ctx.
func (h *History) DriftFromModelContext(ctx context.Context, t int, o ...DriftOptions) (*Drift, error) {
	const op = "track.DriftFromModel"
	if err := h.at(op, t); err != nil {
		return nil, err
	}
	if h.model == nil {
		return nil, &fault.CellError{Op: op, Why: "this history has a different model at every date", Remedy: "compare two of its dates (Drift), or Follow one model", Err: fault.ErrUndefined}
	}
	out, err := FromModel(h.model, h.Tables[t], o...)
	if err != nil {
		return nil, err
	}
	out.To, out.growing = h.Dates[t].Format(time.DateOnly), h.spec.Window == 0
	made, err := features.ParseSpec(h.model.Spec)
	if err != nil {
		return out, nil // it is not known when the model was made, so that nothing can be told of seasons
	}
	var columns []string
	for _, c := range h.model.Columns {
		if _, err := h.Tables[t].Index(c.Name); err == nil {
			columns = append(columns, c.Name)
		}
	}
	return out, h.seasons(ctx, out, made.AsOf, t, columns, o)
}

// segmentColumn and distanceColumn are the names of the segments and of the distances to their centres among the columns of a drift.
const (
	segmentColumn  = "segment"
	distanceColumn = "distance to the centre"
)

// withSegment is the table of date t with the segments as a category.
func (h *History) withSegment(t int) *table.Table {
	raw, s := h.Tables[t], h.Segments[t]
	at := h.indexes(s)
	n, d := raw.Dims()
	columns := append(raw.Columns(), table.Column{Name: segmentColumn, Levels: h.Names, Role: table.Descriptor})
	data := make([]float64, 0, n*(d+1))
	for i := range n {
		label := math.NaN()
		if s.Labels[i] >= 0 {
			label = float64(at[s.Labels[i]])
		}
		data = append(append(data, raw.Raw().Row(i)...), label)
	}
	return raw.WithData(columns, data)
}

// Drifted returns the columns that have drifted, without seasonal ones.
func (d *Drift) Drifted() []string {
	if d == nil {
		return nil
	}
	var out []string
	for _, c := range d.Columns {
		if c.Drifted && !c.Season {
			out = append(out, c.Column)
		}
	}
	return out
}

// Sheet lays out the columns, beginning with those that moved most.
func (d *Drift) Sheet() sheet.Sheet {
	if d == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "PSI"}, {Name: "by chance up to"}, {Name: "q"}, {Name: "KS"}, {Name: "JS", Unit: "bits"}, {Name: "finding", Text: true}}}
	moved := 0
	sorted := slices.Clone(d.Columns)
	slices.SortStableFunc(sorted, func(a, b ColumnDrift) int { return cmp.Compare(b.PSI, a.PSI) })
	for _, c := range sorted {
		finding := "no drift shown"
		switch {
		case c.Season:
			finding = "a season: as a year before"
		case c.Drifted:
			finding = "has drifted"
			moved++
		case c.Q <= d.Options.Level:
			finding = "more than chance, but small"
		case c.PSI >= d.Options.Size:
			finding = "chance alone gives as much"
		}
		ks := sheet.Missing
		if !math.IsNaN(c.KS) {
			ks = sheet.Fixed(c.KS, 3)
		}
		out.Rows = append(out.Rows, []string{c.Column, sheet.Fixed(c.PSI, 3), sheet.Fixed(c.Limit, 3), sheet.Fixed(c.Q, 3), ks, sheet.Fixed(c.JS, 3), finding})
	}
	out.Caption = fmt.Sprintf("%s drifted between %s and %s", wording.Plural(moved, "column"), d.From, d.To)
	if d.From == "" {
		out.Caption = fmt.Sprintf("%s drifted", wording.Plural(moved, "column"))
	}
	out.Notes = []string{fmt.Sprintf("Drift is reported where chance seldom gives as much (q up to %v, over all columns) and the index is at least %v. On their own, the rules of thumb .1 and .25 raise false alarms when customers are few.", d.Options.Level, d.Options.Size)}
	if d.growing && moved > 0 {
		out.Notes = append(out.Notes, growing)
	}
	if d.Shared < 0 {
		out.Notes = append(out.Notes, "The model keeps no customers, so both sides are treated as different customers. Where many are the same, there are fewer alarms than stated, and a small drift may stay hidden.")
	}
	if d.Shared > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("In both: %s, drawn with the rows of both.", wording.Plural(d.Shared, "customer")))
	}
	return out
}
