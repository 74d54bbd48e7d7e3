package segkit

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/sheet"
)

// SweepOptions are the choices of a sweep beside the method's own.
type SweepOptions struct {
	Draws          int // null draws of each kind; 0 means 99, the fewest that can reach level .01; negative means none, as it must for categories, missing cells, and distances by angle or by answers
	SilhouetteRows int // customers the silhouettes are computed on, drawn at random from larger tables; 0 means 5000, negative means all
	Seed           int // of the null draws and of that sample

	Gap      int    // reference draws of the gap statistic at every k; 0 means none
	Pairs    int    // pairs of bootstrap samples whose solutions are compared at every k; 0 means none
	Strength int    // splits of prediction strength at every k; 0 means none
	Goal     Goal   // what the segments are for; with Outcome, every k is also judged by how well it tells the metric apart
	Outcome  *Table // what customers did after the as-of date, joined by id
}

// Sweep is a method run at several numbers of segments, beside the same sweep on data with one group only (NullControl). A
// cost curve falls and bends for any data; what lies outside the band of the draws is owed to more than spread.
type Sweep struct {
	N, D           int
	Columns        []string // (d)
	Method         string   // "KMeans"
	Total          float64  // cost at k = 1: all the spread there is
	Points         []SweepPoint
	Draws          int // null draws of each kind
	DrawRows       int // customers in each
	SilhouetteRows int // customers the silhouettes were computed on

	IDs     []string      // (N)
	Gap     *GapStatistic // nil where it was not asked for
	Control *NullControl  // nil without null draws
	Goal    Goal
}

// SweepPoint is one number of segments.
type SweepPoint struct {
	K          int
	Cost       float64         // k-means: within-segment sum of squares
	Silhouette float64         // mean by Euclidean distances, NaN for k = 1 and where columns are categories or miss values
	Restarts   RestartEvidence // every start
	Labels     Labels          // (N) of the solution, numbered to continue those of the k before
	Origin     []float64       // (K) how purely each segment comes out of one of the k before: 1 - entropy / ln(k before) (SLSa); nil at the first k

	Simplified       float64         // silhouette by distances to centres, NaN where there are none
	CalinskiHarabasz float64         // NaN for k = 1
	DaviesBouldin    float64         // NaN for k = 1
	Strength         PredictionPoint // zero where it was not asked for
	Stability        *Stabilities    // nil where it was not asked for
	Separation       Effect          // eta squared of the goal's metric in the outcome table; zero where it was not asked for

	// The same on the null draws of both kinds. Costs are scaled so that every draw has the data's Total.
	P                             float64   // that the step to k saves as large a share of the cost without groups, allowing for all steps; the larger of the two kinds; NaN without draws
	Null                          []float64 // (2 x draws) costs, those on the Gaussian draws first
	NullLow, NullMedian, NullHigh float64   // lowest, median, highest of them; NaN without draws
	NullSilhouetteHigh            float64   // highest mean silhouette of a draw, NaN without draws and for k = 1
}

const silhouetteSample = 5_000

var _ sheet.Sheeter = (*Sweep)(nil)

// SweepK runs m at every number of segments from..to on x (n x d) under DefaultContext.
func SweepK(x *Table, m KMethod, from, to int, o ...SweepOptions) (*Sweep, error) {
	return SweepKContext(DefaultContext, x, m, from, to, o...)
}

// SweepKContext is SweepK under ctx. It costs a Fit for each k, distances from at most SilhouetteRows customers to all for
// each k, and the same on every null draw with fewer starts and customers (2 starts, at most 500 customers).
func SweepKContext(ctx context.Context, x *Table, m KMethod, from, to int, o ...SweepOptions) (*Sweep, error) {
	var opt SweepOptions
	switch len(o) {
	case 0:
	case 1:
		opt = o[0]
	default:
		return nil, &OptionError{"SweepK", "SweepOptions", len(o), "at most one"}
	}
	if opt.Draws == 0 {
		opt.Draws = nullDraws
	}
	opt.Draws = max(opt.Draws, 0)
	if opt.SilhouetteRows == 0 {
		opt.SilhouetteRows = silhouetteSample
	}
	if opt.SilhouetteRows < 0 || opt.SilhouetteRows > x.Len() {
		opt.SilhouetteRows = x.Len()
	}
	switch {
	case from < 1:
		return nil, &OptionError{"SweepK", "from", from, "at least 1 segment"}
	case to < from:
		return nil, &OptionError{"SweepK", "to", to, fmt.Sprintf("at least from = %d", from)}
	}
	for _, k := range []int{from, to} {
		if err := m.WithK(k).Check(x); err != nil {
			return nil, err
		}
	}
	if why := unlikeBlob(m, x); why != "" && opt.Draws > 0 {
		return nil, &OptionError{"SweepK", "Draws", opt.Draws, "-1, for none: a draw from one group of normal shape " + why}
	}
	compute := func() (*Sweep, error) { return sweep(ctx, x, m, from, to, opt) }
	options, known := spellOut(m)
	if !known {
		return compute()
	}
	return memory.Recall(ctx, memory.Key("sweep", x.Fingerprint(), options, from, to, opt), compute)
}

// unlikeBlob says why costs of m on draws from a blob cannot stand beside those on x, "" if they can.
func unlikeBlob(m KMethod, x *Table) string {
	if km, ok := m.(KMedoids); ok && (km.Distance == Cosine || km.Distance == Jaccard) {
		return fmt.Sprintf("says nothing about the %s distance", km.Distance)
	}
	for j, c := range x.columns {
		switch {
		case c.Categorical():
			return fmt.Sprintf("has no categories such as those of %q", c.Name)
		case slices.ContainsFunc(x.values(j), math.IsNaN):
			return fmt.Sprintf("misses no values, as %q does", c.Name)
		}
	}
	return ""
}

func sweep(ctx context.Context, x *Table, m KMethod, from, to int, o SweepOptions) (*Sweep, error) {
	n, d := x.Dims()
	s := &Sweep{N: n, D: d, Columns: x.Names(), Method: methodName(m), Draws: o.Draws, DrawRows: min(n, nullRows), SilhouetteRows: o.SilhouetteRows}
	report := countSteps(ctx, fmt.Sprintf("%s, k = %d to %d", s.Method, from, to), 1+to-from+2*o.Draws)
	quiet := WithProgress(ctx, func(Progress) {})

	whole, err := FitContext(quiet, x, m.WithK(1))
	if err != nil {
		return nil, err
	}
	if whole.Likelihood != nil {
		return nil, &OptionError{"SweepK", "method", s.Method, "a method whose cost is a sum of distances: use SweepBIC for those with a likelihood"}
	}
	s.Total = whole.Cost
	sample := sampleRows(n, o.SilhouetteRows, seed.Stream(o.Seed, "silhouette sample", 0))
	for k := from; k <= to; k++ {
		c, err := FitContext(quiet, x, m.WithK(k))
		if err != nil {
			return nil, err
		}
		p := SweepPoint{K: k, Cost: c.Cost, Restarts: c.Restarts}
		if p.Silhouette, _, _, err = sampledSilhouette(quiet, x, c.Labels, sample); err != nil {
			return nil, err
		}
		s.Points = append(s.Points, p)
		report()
	}
	if err := s.addControl(quiet, x, m, o, report); err != nil {
		return nil, err
	}
	return s, nil
}

// sampleRows returns size of n rows, drawn without replacement, in rising order; all of them for size = n.
func sampleRows(n, size int, r interface{ Perm(int) []int }) []int {
	if size == n {
		return allRows(n)
	}
	rows := r.Perm(n)[:size]
	slices.Sort(rows)
	return rows
}

// allRows returns 0..n-1.
func allRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// methodName is the type's name: "KMeans".
func methodName(m Method) string {
	name := fmt.Sprintf("%T", m)
	return name[strings.LastIndexByte(name, '.')+1:]
}

// Squares reports whether the costs are sums of squares within segments, as those of KMeans, MiniBatch and Hierarchical.
func (s *Sweep) Squares() bool {
	return slices.Contains([]string{"KMeans", "MiniBatch", "Hierarchical"}, s.Method)
}

// sweepData is a Sweep without its methods, for gob.
type sweepData Sweep

// MarshalBinary encodes the sweep exactly.
func (s *Sweep) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode((*sweepData)(s))
	return b.Bytes(), err
}

// UnmarshalBinary is the inverse of MarshalBinary.
func (s *Sweep) UnmarshalBinary(b []byte) error {
	var d sweepData
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&d); err != nil {
		return fmt.Errorf("segkit: not a stored sweep: %w", ErrFormat)
	}
	*s = Sweep(d)
	return nil
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
	if s.Draws > 0 {
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
		out.Notes = append(out.Notes, fmt.Sprintf("Without groups: the same sweep on data of one group, %s customers each: %d draws from a Gaussian, and as many with the columns' own distributions.",
			sheet.Count(s.DrawRows), s.Draws), s.Control.says())
	}
	if s.SilhouetteRows < s.N {
		out.Notes = append(out.Notes, fmt.Sprintf("Silhouettes are those of %s customers drawn at random.", sheet.Count(s.SilhouetteRows)))
	}
	return out
}

// Frame returns one row per number of segments.
func (s *Sweep) Frame() dataframe.DataFrame {
	var ks []int
	columns := map[string][]float64{}
	names := []string{"cost", "explained", "null_low", "null_median", "null_high", "silhouette", "null_silhouette_high", "hit_rate"}
	for _, p := range s.Points {
		ks = append(ks, p.K)
		for i, v := range []float64{p.Cost, 1 - p.Cost/s.Total, p.NullLow, p.NullMedian, p.NullHigh, p.Silhouette, p.NullSilhouetteHigh, p.Restarts.HitRate()} {
			columns[names[i]] = append(columns[names[i]], v)
		}
	}
	all := []series.Series{series.New(ks, series.Int, "k")}
	for _, name := range names {
		all = append(all, series.New(columns[name], series.Float, name))
	}
	return dataframe.New(all...)
}
