package choose

import (
	"math"

	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// SweepOptions are the choices for a sweep besides the method's own.
type SweepOptions struct {
	Draws          int // null draws of each kind; 0 means 199, and fewer than 99 cannot reach level .01; negative means none, which categories, missing cells, and distances by angle or by answers require
	SilhouetteRows int // customers for whom silhouettes are computed, drawn at random from larger tables; 0 means 5000, negative means all
	StartRows      int // customers on whom the starts of k-means are tried; 0 means 200,000, negative means all. The best start of a sample continues with all customers
	Seed           int // of the null draws and of that sample; the customers that draws are compared with are the same for every seed

	Gap      int          // reference draws of the gap statistic at every k; 0 means none
	Pairs    int          // pairs of bootstrap samples whose solutions are compared at every k; 0 means none
	Strength int          // splits of prediction strength at every k; 0 means none
	Goal     Goal         // what the segments are for; with Outcome, every k is also judged by how well it separates the metric
	Outcome  *table.Table // what customers did after the as-of date, joined by id; its first column of numbers, or of yes and no, is the metric if the goal names none
}

// Sweep is a method run at several numbers of segments, next to the same sweep on data with one group only (NullControl).
// A cost curve falls and bends for any data; only what lies outside the band of the draws is due to more than spread.
type Sweep struct {
	N, D           int
	Columns        []string       // (d)
	Ancestry       table.Ancestry // what the columns were made from
	Method         string         // "KMeans"
	Total          float64        // cost at k = 1: all the spread there is
	Points         []SweepPoint
	Draws          int // null draws of each kind
	DrawRows       int // customers in each, and in the part of the data compared with them
	SilhouetteRows int // customers for whom silhouettes were computed
	StartRows      int // customers on whom the starts were tried, if fewer than all; else 0

	IDs          []string      // (N), or those of the rows that frequency weights repeat
	Times        []int         // how many customers each is, if frequency weights repeat rows; else nil
	Gap          *GapStatistic // nil if not requested
	ValueColumns []string      // columns of the swept table with Role Value, by which a segment of few customers may be large enough; nil if there are none, or if the table was transformed

	Control *NullControl // nil without null draws, and if no number of segments could be compared with them
	Goal    Goal
}

// SweepPoint is one number of segments.
type SweepPoint struct {
	K                             int
	Cost                          float64         // k-means: within-segment sum of squares
	Silhouette                    float64         // mean, by Euclidean distances; NaN for k = 1 and if columns are categories or have missing values
	SilhouetteLow, SilhouetteHigh float64         // its 95 % interval if it comes from a sample; else equal to it
	Restarts                      starts.Evidence // every start, on the customers on whom it was tried
	Size                          []int           // (K) customers in each segment
	Share                         []float64       // (K) of all customers (of their weight)
	ValueShare                    [][]float64     // (K x ValueColumns) of what all customers are worth; NaN if that is not positive
	Labels                        table.Labels    // (N) of the solution, numbered to continue those of the previous k; see Sweep.Segments
	Origin                        []float64       // (K) how purely each segment comes from a single segment of the previous k: 1 - entropy / ln(previous k) (SLSa); nil at the first k

	Simplified       float64         // silhouette by distances to centres, NaN when Silhouette is
	CalinskiHarabasz float64         // NaN when Silhouette is
	DaviesBouldin    float64         // NaN when Silhouette is
	Strength         PredictionPoint // zero if not requested
	Stability        *Stabilities    // nil if not requested
	Separation       describe.Effect // eta squared of the goal's metric in the outcome table; zero if not requested

	// The same on the null draws of both kinds, which were compared with DrawRows customers of the data. Costs are scaled, and
	// silhouettes shifted, from the level of these customers to that of all customers at the same k.
	P                             float64   // probability that the step to k saves as large a share of the cost without groups, allowing for all steps; the larger of the two kinds; NaN without draws
	Null                          []float64 // (2 x draws) costs, those on the Gaussian draws first
	NullLow, NullMedian, NullHigh float64   // lowest, median, highest of them; NaN without draws
	NullSilhouetteHigh            float64   // highest mean silhouette of a draw, NaN without draws and for k = 1
}

// point returns the point at k; k = 1 is known for every sweep.
func (s *Sweep) point(k int) SweepPoint {
	for _, p := range s.Points {
		if p.K == k {
			return p
		}
	}
	if k != 1 {
		return SweepPoint{P: math.NaN()}
	}
	return SweepPoint{K: 1, Cost: s.Total, P: math.NaN()}
}

// Segments returns the solution with k segments, bound to the customers. Its segments are called "1", "2", … and keep their
// numbers from one k to the next: a segment that continues one of the previous solution has the same number (Match).
func (s *Sweep) Segments(k int) (*table.Segments, error) {
	if s == nil {
		return nil, fault.Nil("choose.Sweep.Segments", "sweep")
	}
	p := s.point(k)
	if p.Labels == nil {
		return nil, fault.Option("choose.Sweep.Segments", "k", k, fmt.Sprintf("%d to %d, as in the sweep", s.Points[0].K, s.Points[len(s.Points)-1].K))
	}
	segments, err := table.NewSegments(s.IDs, p.Labels, wording.Numbered(k))
	if err != nil {
		return nil, err
	}
	segments.FormedBy, segments.Ancestry, segments.Times = slices.Clone(s.Columns), s.Ancestry, s.Times
	return segments, nil
}

// smallestShare is the share of customers in the segment with fewest, NaN where no sizes are known.
func (p SweepPoint) smallestShare() float64 {
	if p.Share == nil {
		return math.NaN()
	}
	return slices.Min(p.Share)
}

// Squares reports whether the costs are sums of squares within segments, as those of KMeans, MiniBatch and Hierarchical.
func (s *Sweep) Squares() bool {
	return s != nil && slices.Contains([]string{"KMeans", "MiniBatch", "Hierarchical"}, s.Method)
}
