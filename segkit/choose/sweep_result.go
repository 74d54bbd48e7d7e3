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

// SweepOptions are the choices of a sweep beside the method's own.
type SweepOptions struct {
	Draws          int // null draws of each kind; 0 means 199, and fewer than 99 cannot reach level .01; negative means none, as it must for categories, missing cells, and distances by angle or by answers
	SilhouetteRows int // customers the silhouettes are computed on, drawn at random from larger tables; 0 means 5000, negative means all
	StartRows      int // customers that the starts of k-means are tried on; 0 means 200,000, negative means all. The best start of a sample goes on with all customers
	Seed           int // of the null draws and of that sample; the customers that draws are compared with are the same for every seed

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
	StartRows      int // customers that the starts were tried on, where these were fewer than all; else 0

	IDs     []string      // (N), or those of the rows that frequency weights repeat
	Times   []int         // how many customers each is, where frequency weights repeat rows; else nil
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
	Restarts                      starts.Evidence // every start, on the customers that it was tried on
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
// numbers from k to k: a segment that continues one of the solution before has its number (Match).
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

// smallestShare is the share of customers in the smallest segment.
func (p SweepPoint) smallestShare() float64 {
	return float64(smallest(p.Labels, p.K)) / float64(len(p.Labels))
}

// Squares reports whether the costs are sums of squares within segments, as those of KMeans, MiniBatch and Hierarchical.
func (s *Sweep) Squares() bool {
	return s != nil && slices.Contains([]string{"KMeans", "MiniBatch", "Hierarchical"}, s.Method)
}
