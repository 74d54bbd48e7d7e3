package cluster

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/linkage"
	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Hierarchical repeatedly joins the two nearest groups of customers, from single customers to one group of all, and cuts
// the tree of these joins so that K groups are left, or at a Height. Clustering.Tree keeps the whole tree, so other cuts
// cost nothing. Joins follow nearest-neighbour chains (Murtagh 1983, doi:10.1093/comjnl/26.4.354; Müllner 2011,
// arXiv:1109.2378), for single linkage a minimum spanning tree.
//
// If several pairs are equally near, the tree is one of those that joining a nearest pair at each step can give; which one
// depends only on the order of the rows. Equal customers are joined first, at height 0. Distances are Euclidean, so scale
// the columns first (Standardize). Ward's and average linkage count rows by the table's weights; for the other two, weights
// change only the order of the segments. New customers have no place in a tree: Predict gives ErrNoPredict.
//
// Ward and Single hold O(n d) and cost about n log n * d in few dimensions, up to n^2 d in many. Average and Complete cost
// n^2 d and hold all n^2/2 distances, at most 1 GB: 16,384 customers.
type Hierarchical struct {
	K       int     `json:"k"`       // number of segments, 1 to the number of different customers; 0 if Height is given
	Height  float64 `json:"height"`  // cut the tree here instead: a segment is whatever joins at or below this height
	Linkage Linkage `json:"linkage"` // how far apart two groups are
}

// Linkage is the distance between two groups.
type Linkage uint8

const (
	// Ward joins the pair that raises the within-segment sum of squares least, which fits k-means: round segments of
	// similar size. The height is the square root of twice the rise, for two customers their distance (R calls it ward.D2).
	Ward     Linkage = iota
	Average          // mean distance of all pairs: a compromise
	Complete         // distance of the farthest pair: segments of similar diameter; sensitive to a single distant customer
	Single           // distance of the nearest pair: finds chains and odd shapes, and lone customers
)

// mostPairs is the number of distances that Average and Complete may hold: 1 GB.
const mostPairs = 1 << 27

var _ KMethod = Hierarchical{}

var linkageNames = [...]string{Ward: "Ward", Average: "average", Complete: "complete", Single: "single"}

func (l Linkage) String() string { return enum.Name(l, linkageNames[:]) }

// MarshalText writes the name that String gives.
func (l Linkage) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (l *Linkage) UnmarshalText(text []byte) error {
	return enum.Read(l, text, "linkage", linkageNames[:])
}

// WithK implements KMethod. It replaces a Height.
func (m Hierarchical) WithK(k int) Method { m.K, m.Height = k, 0; return m }

// Check implements Method. It costs n*d.
func (m Hierarchical) Check(x *table.Table) error {
	if err := x.CheckNumbers("cluster.Hierarchical"); err != nil {
		return err
	}
	n := x.Len()
	byPairs := m.Linkage == Average || m.Linkage == Complete
	switch {
	case m.Linkage > Single:
		return fault.Option("cluster.Hierarchical", "Linkage", uint8(m.Linkage), "Ward, Average, Complete or Single")
	case !(m.Height >= 0) || math.IsInf(m.Height, 0):
		return fault.Option("cluster.Hierarchical", "Height", m.Height, "a height above 0, or 0 to cut by K")
	case m.Height > 0 && m.K != 0:
		return fault.Option("cluster.Hierarchical", "K", m.K, fmt.Sprintf("0, because the tree is cut at Height = %v; or leave out Height", m.Height))
	case m.Height == 0 && m.K == 0:
		return fault.Option("cluster.Hierarchical", "K", m.K, "at least 1, or a Height to cut at")
	case byPairs && n*(n-1)/2 > mostPairs:
		return fault.Option("cluster.Hierarchical", "Linkage", m.Linkage,
			fmt.Sprintf("Ward or Single for %d customers (%s linkage holds the distance of every pair, 1 GB at 16384 customers), or a sample of them", n, m.Linkage))
	}
	if m.Height > 0 {
		return nil
	}
	return checkK("cluster.Hierarchical", m.K, x)
}

// Cluster implements Method. Centers are the segments' means. Cost is the within-segment sum of squares, whatever the
// linkage, so that linkages can be compared; only Ward's tries to minimise it.
func (m Hierarchical) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	tree, err := m.tree(ctx, x)
	if err != nil {
		return nil, err
	}
	c := &Clustering{Method: m, Tree: tree, Iterations: len(tree.Merges), Converged: true}
	if m.Height > 0 {
		c.Labels = tree.CutAt(m.Height)
	} else if c.Labels, err = tree.Cut(m.K); err != nil {
		return nil, err
	}
	c.K = c.Labels.K()
	c.Centers, c.Cost = segmentMeans(x, c.Labels, c.K)
	return c, nil
}

func (m Hierarchical) tree(ctx context.Context, x *table.Table) (*Tree, error) {
	n, d := x.Dims()
	report := func(joins int) {
		job.Report(ctx, job.Progress{Task: fmt.Sprintf("%s linkage", m.Linkage), Done: joins, Total: max(n-1, 1)})
	}
	var joins []nn.Edge
	var err error
	switch m.Linkage {
	case Ward:
		joins, err = linkage.Ward(ctx, x.Raw().Data, d, x.Raw().Weights, report)
	case Average:
		joins, err = linkage.Pairs(ctx, x.Raw().Data, d, x.Raw().Weights, linkage.Average, report)
	case Complete:
		joins, err = linkage.Pairs(ctx, x.Raw().Data, d, nil, linkage.Complete, report)
	case Single: // a minimum spanning tree holds all that matters: Gower & Ross 1969, doi:10.2307/2346439
		joins, err = nn.New(x.Raw().Data, d).Span(ctx, nil, report)
	}
	if err != nil {
		return nil, err
	}
	if m.Linkage == Ward || m.Linkage == Single { // which work on squares
		rootWeights(joins)
	}
	return newTree(linkage.Tree(n, joins), x.Raw().Weights), nil
}

// rootWeights turns squared distances into distances.
func rootWeights(edges []nn.Edge) {
	for i := range edges {
		edges[i].Weight = math.Sqrt(edges[i].Weight)
	}
}

// segmentMeans returns the weighted means of the segments (k x d), and the weighted sum of squared distances to them.
func segmentMeans(x *table.Table, labels table.Labels, k int) (centers *table.Table, cost float64) {
	d := len(x.Raw().Columns)
	centers = table.FromRaw(table.Raw{Columns: x.Raw().Columns, Data: make([]float64, k*d), Transformed: x.Raw().Transformed})
	weight := make([]float64, k)
	for s := range k {
		centers.Raw().IDs = append(centers.Raw().IDs, strconv.Itoa(s+1))
	}
	for i, s := range labels {
		weight[s] += x.Weight(i)
		center := centers.Raw().Row(s)
		for j, v := range x.Raw().Row(i) { // a running mean leaves equal values what they are
			center[j] += float64((v - center[j]) * (x.Weight(i) / weight[s]))
		}
	}
	for i, s := range labels {
		cost += float64(x.Weight(i) * vec.Square(x.Raw().Row(i), centers.Raw().Row(s)))
	}
	return centers, cost
}
