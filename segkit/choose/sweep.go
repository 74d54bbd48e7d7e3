package choose

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/separation"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// SweepOptions are the choices of a sweep beside the method's own.
type SweepOptions struct {
	Draws          int // null draws of each kind; 0 means 199, and fewer than 99 cannot reach level .01; negative means none, as it must for categories, missing cells, and distances by angle or by answers
	SilhouetteRows int // customers the silhouettes are computed on, drawn at random from larger tables; 0 means 5000, negative means all
	Seed           int // of the null draws and of that sample

	Gap      int          // reference draws of the gap statistic at every k; 0 means none
	Pairs    int          // pairs of bootstrap samples whose solutions are compared at every k; 0 means none
	Strength int          // splits of prediction strength at every k; 0 means none
	Goal     Goal         // what the segments are for; with Outcome, every k is also judged by how well it tells the metric apart
	Outcome  *table.Table // what customers did after the as-of date, joined by id; its first number, or yes and no, is the goal's metric where that has no name
}

// Sweep is a method run at several numbers of segments, beside the same sweep on data with one group only (NullControl). A
// cost curve falls and bends for any data; what lies outside the band of the draws is owed to more than spread.
type Sweep struct {
	N, D           int
	Columns        []string       // (d)
	Ancestry       table.Ancestry // what the columns were made of
	Method         string         // "KMeans"
	Total          float64        // cost at k = 1: all the spread there is
	Points         []SweepPoint
	Draws          int // null draws of each kind
	DrawRows       int // customers in each, and as many of the data's beside them
	SilhouetteRows int // customers the silhouettes were computed on

	IDs     []string      // (N)
	Gap     *GapStatistic // nil where it was not asked for
	Control *NullControl  // nil without null draws, and where no number of segments could be compared with them
	Goal    Goal
}

// SweepPoint is one number of segments.
type SweepPoint struct {
	K                             int
	Cost                          float64         // k-means: within-segment sum of squares
	Silhouette                    float64         // mean by Euclidean distances, NaN for k = 1 and where columns are categories or miss values
	SilhouetteLow, SilhouetteHigh float64         // its 95 % interval where it is that of a sample; else equal to it
	Restarts                      starts.Evidence // every start
	Labels                        table.Labels    // (N) of the solution, numbered to continue those of the k before; see Sweep.Segments
	Origin                        []float64       // (K) how purely each segment comes out of one of the k before: 1 - entropy / ln(k before) (SLSa); nil at the first k

	Simplified       float64         // silhouette by distances to centres, NaN as that is
	CalinskiHarabasz float64         // NaN as that is
	DaviesBouldin    float64         // NaN as that is
	Strength         PredictionPoint // zero where it was not asked for
	Stability        *Stabilities    // nil where it was not asked for
	Separation       describe.Effect // eta squared of the goal's metric in the outcome table; zero where it was not asked for

	// The same on the null draws of both kinds, as they stand to DrawRows customers of the data: costs are scaled, and silhouettes
	// moved, by what those have at the same k for what all have.
	P                             float64   // that the step to k saves as large a share of the cost without groups, allowing for all steps; the larger of the two kinds; NaN without draws
	Null                          []float64 // (2 x draws) costs, those on the Gaussian draws first
	NullLow, NullMedian, NullHigh float64   // lowest, median, highest of them; NaN without draws
	NullSilhouetteHigh            float64   // highest mean silhouette of a draw, NaN without draws and for k = 1
}

var _ sheet.Sheeter = (*Sweep)(nil)

// SweepK runs m at every number of segments from..to on x (n x d) under DefaultContext.
func SweepK(raw *table.Table, r segkit.Recipe, from, to int, o ...SweepOptions) (*Sweep, error) {
	return SweepKContext(job.DefaultContext, raw, r, from, to, o...)
}

// SweepKContext is SweepK under ctx. It costs a Fit for each k, distances from at most SilhouetteRows customers to all for
// each k, and the same on every null draw with fewer starts and customers (2 starts, at most 500 customers), and once on as many
// customers of x. What is asked for
// beyond costs what Gap, PredictionStrength and Stability do for every k: on two processors, KMeans at k = 2 to 8 on 100,000
// customers by 6 columns with 50 pairs took 17 s without null draws, 46 s with them. The table's Weighting is respected: rows that repeat
// are repeated for it, at that cost; otherwise costs and silhouettes are weighted, and a null draw has as many customers as the
// rows are worth.
func SweepKContext(ctx context.Context, raw *table.Table, r segkit.Recipe, from, to int, o ...SweepOptions) (*Sweep, error) {
	x, m, err := preparedK("SweepK", raw, r)
	if err != nil {
		return nil, err
	}
	return sweepPrepared(ctx, x, m, from, to, o...)
}

// preparedK returns the table as a recipe prepares it, and its method, whose number of segments must be given.
func preparedK(op string, raw *table.Table, r segkit.Recipe) (*table.Table, cluster.KMethod, error) {
	switch {
	case raw == nil:
		return nil, nil, fault.Nil(op, "table")
	case r.Method == nil:
		return nil, nil, fault.Option("Recipe", "Method", nil, "a method such as KMeans{}")
	}
	m, ok := r.Method.(cluster.KMethod)
	if !ok {
		return nil, nil, fault.Option("Recipe", "Method", wording.TypeName(r.Method), "a method whose number of segments is given, such as KMeans")
	}
	x, err := r.Prepare(raw)
	return x, m, err
}

// sweepPrepared is SweepK of a method on a prepared table.
func sweepPrepared(ctx context.Context, x *table.Table, m cluster.KMethod, from, to int, o ...SweepOptions) (*Sweep, error) {
	switch {
	case x == nil:
		return nil, fault.Nil("SweepK", "table")
	case m == nil:
		return nil, fault.Nil("SweepK", "method")
	}
	opt, err := option.AtMostOne("SweepK", o)
	if err != nil {
		return nil, err
	}
	draws := opt.Draws // as the user set it
	rows := x
	x, of := rows.Repeated()
	if opt, err = opt.resolved(x); err != nil {
		return nil, err
	}
	if err := checkRange("SweepK", x, m, from, to); err != nil {
		return nil, err
	}
	if why := WhyNoControl(m, x); why != "" && opt.Draws > 0 {
		return nil, fault.Option("SweepK", "Draws", draws, fmt.Sprintf("-1, for none (0 asks for %d): a draw from one group of normal shape %s", nullDraws, why))
	}
	metric, err := opt.metric(rows)
	if err != nil {
		return nil, err
	}
	if of != nil && metric != nil {
		metric = pick.At(metric, of)
	}
	compute := func() (*Sweep, error) { return sweep(ctx, x, m, from, to, opt, metric) }
	s, options, known := (*Sweep)(nil), "", false
	if options, known = memory.Spell(m); known {
		content := opt // the limits of the goal change nothing in the sweep
		content.Outcome, content.Goal = nil, Goal{}
		s, err = memory.Recall(ctx, memory.Key("sweep", x.Fingerprint(), options, from, to, content, metric), compute)
	} else {
		s, err = compute()
	}
	if err != nil {
		return nil, err
	}
	s.Goal = opt.Goal
	if of != nil {
		s.ofRows(pick.Firsts(of))
	}
	return s, nil
}

// ofRows turns a sweep of repeated rows into one of the rows themselves; first is the place of each.
func (s *Sweep) ofRows(first []int) {
	s.IDs = pick.At(s.IDs, first)
	for at := range s.Points {
		p := &s.Points[at]
		p.Labels = pick.At(p.Labels, first)
		if p.Stability != nil {
			p.Stability.ofRows(first)
		}
	}
}

// resolved returns the options with their defaults filled in.
func (o SweepOptions) resolved(x *table.Table) (SweepOptions, error) {
	if o.Draws == 0 {
		o.Draws = nullDraws
	}
	o.Draws = max(o.Draws, 0)
	if o.SilhouetteRows == 0 {
		o.SilhouetteRows = separation.SampleRows
	}
	if o.SilhouetteRows < 0 || o.SilhouetteRows > x.Len() {
		o.SilhouetteRows = x.Len()
	}
	o.Goal = o.Goal.WithDefaults()
	if o.Outcome != nil {
		o.Goal.Metric = o.Outcome.MetricName(o.Goal.Metric)
	}
	switch {
	case !(o.Goal.MinShare > 0 && o.Goal.MinShare <= .5):
		return o, fault.Option("SweepK", "Goal.MinShare", o.Goal.MinShare, "a share above 0, up to .5; 0 for .05")
	case o.Goal.MaxSegments < 2:
		return o, fault.Option("SweepK", "Goal.MaxSegments", o.Goal.MaxSegments, "at least 2, or 0 for 5")
	case o.Gap < 0:
		return o, fault.Option("SweepK", "Gap", o.Gap, "draws, or 0 for no gap statistic")
	case o.Pairs < 0:
		return o, fault.Option("SweepK", "Pairs", o.Pairs, "pairs of bootstrap samples, or 0 for no stability")
	case o.Strength < 0:
		return o, fault.Option("SweepK", "Strength", o.Strength, "splits, or 0 for no prediction strength")
	}
	return o, nil
}

// metric returns the goal's metric of every customer of x (n), NaN for those whom the outcome does not know; nil without outcome.
func (o SweepOptions) metric(x *table.Table) ([]float64, error) {
	if o.Outcome == nil {
		return nil, nil
	}
	c, values, absent, err := o.Outcome.MetricFor(x.Raw().IDs, o.Goal.Metric)
	if err != nil {
		return nil, err
	}
	if err := table.MadeOf(x.Raw().Columns...).CheckAfter("SweepK", c); err != nil {
		return nil, err
	}
	if absent == x.Len() {
		return nil, &fault.CellError{Op: "SweepK", Column: o.Goal.Metric, Why: "no customer of the sweep is in the outcome table: they are joined by id", Err: fault.ErrSchema}
	}
	return values, nil
}

// WhyNoControl says why costs of m on draws from a blob cannot stand beside those on x, "" if they can.
func WhyNoControl(m cluster.KMethod, x *table.Table) string {
	if km, ok := m.(cluster.KMedoids); ok && (km.Distance == distance.Cosine || km.Distance == distance.Jaccard) {
		return fmt.Sprintf("says nothing about the %s distance", km.Distance)
	}
	for j, c := range x.Raw().Columns {
		switch {
		case c.Categorical():
			return fmt.Sprintf("has no categories such as those of %q", c.Name)
		case slices.ContainsFunc(x.Raw().Column(j), math.IsNaN):
			return fmt.Sprintf("misses no values, as %q does", c.Name)
		}
	}
	return ""
}

func sweep(ctx context.Context, x *table.Table, m cluster.KMethod, from, to int, o SweepOptions, metric []float64) (*Sweep, error) {
	n, d := x.Dims()
	s := &Sweep{N: n, D: d, Columns: x.Names(), Ancestry: table.MadeOf(x.Raw().Columns...), Method: wording.TypeName(m), Draws: o.Draws, DrawRows: min(int(math.Ceil(stats.Enough(n)*x.Worth()/float64(n))), nullRows),
		SilhouetteRows: o.SilhouetteRows, IDs: x.IDs()}
	strengths := new(PredictionStrengths)
	var err error
	if o.Strength > 0 { // first, because it may refuse
		if strengths, err = strengthPrepared(ctx, x, m, from, to, PredictionOptions{Splits: o.Strength, Seed: o.Seed}); err != nil {
			return nil, err
		}
	}
	if o.Gap > 0 {
		if s.Gap, err = gapPrepared(ctx, x, m, from, to, GapOptions{Draws: o.Gap, Seed: o.Seed}); err != nil {
			return nil, err
		}
	}
	report := job.Steps(ctx, fmt.Sprintf("%s, k = %d to %d", s.Method, from, to), 1+to-from+2*o.Draws)
	quiet := job.WithProgress(ctx, func(job.Progress) {})
	whole, err := cluster.FitContext(quiet, x, m.WithK(1))
	if err != nil {
		return nil, err
	}
	if whole.Likelihood != nil {
		return nil, fault.Option("SweepK", "method", s.Method, "a method whose cost is a sum of distances: use SweepBIC for those with a likelihood")
	}
	s.Total = whole.Cost
	sample := pick.Sample(n, o.SilhouetteRows, seed.Stream(o.Seed, "silhouette sample", 0))
	for k := from; k <= to; k++ {
		c, err := cluster.FitContext(quiet, x, m.WithK(k))
		if err != nil {
			return nil, err
		}
		p := SweepPoint{K: k, Cost: c.Cost, Restarts: c.Restarts, Labels: c.Labels}
		if k > from {
			before := s.Points[k-from-1].Labels
			p.Labels = overlap.Continue(before, c.Labels)
			p.Origin = overlap.SLSA(before, p.Labels)
		}
		if err := p.measure(quiet, x, sample); err != nil {
			return nil, err
		}
		if o.Strength > 0 {
			p.Strength = strengths.Points[k-from]
		}
		if metric != nil {
			p.Separation = describe.NumberEffect(metric, x.Raw().Weights, x.Raw().Weighting, p.Labels, k)
		}
		s.Points = append(s.Points, p)
		report()
	}
	if err := s.addControl(quiet, x, m, o, report); err != nil {
		return nil, err
	}
	return s, s.addStability(ctx, x, m, o)
}

// measure adds what needs no further fit. Measures by Euclidean distance are NaN where columns are categories or miss values.
func (p *SweepPoint) measure(ctx context.Context, x *table.Table, sample []int) (err error) {
	p.Simplified, p.CalinskiHarabasz, p.DaviesBouldin = math.NaN(), math.NaN(), math.NaN()
	if x.CheckNumbers("SweepK") == nil {
		p.Simplified, p.CalinskiHarabasz, p.DaviesBouldin = separation.SimplifiedSilhouette(x, p.Labels), separation.CalinskiHarabasz(x, p.Labels), separation.DaviesBouldin(x, p.Labels)
	}
	p.Silhouette, p.SilhouetteLow, p.SilhouetteHigh, err = separation.SampledSilhouette(ctx, x, p.Labels, sample)
	return err
}

// addStability draws the customers again at every k above 1; on data with one group too where there are null draws.
func (s *Sweep) addStability(ctx context.Context, x *table.Table, m cluster.KMethod, o SweepOptions) error {
	if o.Pairs == 0 {
		return nil
	}
	opt := StabilityOptions{Pairs: o.Pairs, Seed: o.Seed}
	if o.Draws > 0 {
		opt.Draws = stabilityDraws
	}
	for at := range s.Points {
		p := &s.Points[at]
		if p.K == 1 {
			continue // nothing to disagree about
		}
		var err error
		if p.Stability, err = stability(ctx, x, m.WithK(p.K), &cluster.Clustering{IDs: x.Raw().IDs, K: p.K, Labels: p.Labels}, opt); err != nil {
			return err
		}
	}
	return nil
}

// Squares reports whether the costs are sums of squares within segments, as those of KMeans, MiniBatch and Hierarchical.
func (s *Sweep) Squares() bool {
	return slices.Contains([]string{"KMeans", "MiniBatch", "Hierarchical"}, s.Method)
}

// Sheet lists the numbers of segments.
func (s *Sweep) Sheet() sheet.Sheet {
	cost := "cost"
	if s.Squares() {
		cost = "within sum of squares"
	}
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "k"}, {Name: cost}, {Name: "explained", Unit: "%"},
		{Name: "drop", Unit: "%"}, {Name: "without groups", Unit: "lowest – highest"}, {Name: "silhouette"}, {Name: "starts that found it", Text: true}}}
	marked, knee := s.Knee()
	elbow, ok := s.Elbow()
	switch {
	case ok:
		out.Caption = fmt.Sprintf("The costs bend at k = %d, and data without groups bend less there", elbow)
	case knee && s.Draws > 0:
		out.Caption = fmt.Sprintf("Kneedle marks k = %d, but data without groups bend as much there: no elbow", marked)
	case knee:
		out.Caption = fmt.Sprintf("Kneedle marks k = %d; whether data without groups bend there too was not tried", marked)
	default:
		out.Caption = "The costs have no knee"
	}
	for _, p := range s.Points {
		drop := sheet.Missing
		if before := s.point(p.K - 1); before.K > 0 {
			drop = sheet.Fixed(100*(1-p.Cost/before.Cost), 1)
		}
		band := sheet.Missing
		if s.Draws > 0 {
			band = sheet.Number(p.NullLow) + " – " + sheet.Number(p.NullHigh)
		}
		found := sheet.Missing // a tree has no starts
		if len(p.Restarts) > 0 {
			found = fmt.Sprintf("%d of %d", p.Restarts.Hits(), len(p.Restarts))
		}
		out.Rows = append(out.Rows, []string{sheet.Count(p.K), sheet.Number(p.Cost), sheet.Fixed(100*(1-p.Cost/s.Total), 1), drop, band,
			sheet.Fixed(p.Silhouette, 3), found})
	}
	if s.Control != nil {
		var beyond []string
		for _, p := range s.Points {
			if p.P <= controlLevel {
				beyond = append(beyond, sheet.Count(p.K))
			}
		}
		if beyond == nil {
			out.Notes = append(out.Notes, "No step saves more than without groups.")
		} else {
			out.Notes = append(out.Notes, "Steps that save more than without groups: to k = "+sheet.List(beyond)+".")
		}
		compared := ""
		if s.DrawRows < s.N {
			compared = fmt.Sprintf(" They stand beside %s of the customers, drawn at random.", sheet.Count(s.DrawRows))
		}
		out.Notes = append(out.Notes, fmt.Sprintf("Without groups: the same sweep on data of one group, %s customers each: %d draws from a Gaussian, "+
			"and as many with the columns' own distributions.%s", sheet.Count(s.DrawRows), s.Draws, compared), s.Control.says())
	}
	if s.SilhouetteRows < s.N {
		out.Notes = append(out.Notes, fmt.Sprintf("Silhouettes are those of %s customers drawn at random.", sheet.Count(s.SilhouetteRows)))
	}
	return out
}

// Segments returns the solution with k segments, bound to the customers. Its segments are called "1", "2", … and keep their
// numbers from k to k: a segment that continues one of the solution before has its number (Match).
func (s *Sweep) Segments(k int) (*table.Segments, error) {
	p := s.point(k)
	if p.Labels == nil {
		return nil, fault.Option("Sweep.Segments", "k", k, fmt.Sprintf("%d to %d, as in the sweep", s.Points[0].K, s.Points[len(s.Points)-1].K))
	}
	segments, err := table.NewSegments(s.IDs, p.Labels, wording.Numbered(k))
	if err != nil {
		return nil, err
	}
	segments.FormedBy, segments.Ancestry = slices.Clone(s.Columns), s.Ancestry
	return segments, nil
}

// Frame returns one row per number of segments. Criteria that were not asked for are NaN.
func (s *Sweep) Frame() dataframe.DataFrame {
	var ks []int
	names := []string{"cost", "explained", "null_low", "null_median", "null_high", "p", "silhouette", "null_silhouette_high", "simplified",
		"calinski_harabasz", "davies_bouldin", "hit_rate", "smallest_share", "gap", "strength", "stability", "separation"}
	columns := make([][]float64, len(names))
	for at, p := range s.Points {
		ks = append(ks, p.K)
		gap, strength, stable, separation := math.NaN(), math.NaN(), math.NaN(), math.NaN()
		if s.Gap != nil {
			gap = s.Gap.Gap[at]
		}
		if p.Strength.K > 0 {
			strength = p.Strength.Mean
		}
		if p.Stability != nil {
			stable = p.Stability.Mean
		}
		if p.Separation.Measure != "" {
			separation = p.Separation.Value
		}
		for i, v := range []float64{p.Cost, 1 - p.Cost/s.Total, p.NullLow, p.NullMedian, p.NullHigh, p.P, p.Silhouette, p.NullSilhouetteHigh, p.Simplified,
			p.CalinskiHarabasz, p.DaviesBouldin, p.Restarts.HitRate(), p.smallestShare(), gap, strength, stable, separation} {
			columns[i] = append(columns[i], v)
		}
	}
	all := []series.Series{series.New(ks, series.Int, "k")}
	for i, name := range names {
		all = append(all, series.New(columns[i], series.Float, name))
	}
	return dataframe.New(all...)
}

// smallestShare is the share of customers in the smallest segment.
func (p SweepPoint) smallestShare() float64 {
	return float64(smallest(p.Labels, p.K)) / float64(len(p.Labels))
}
