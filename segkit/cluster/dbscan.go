package cluster

import (
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/grouping"
	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// DBSCAN finds segments of any shape: customers who have many others near them, joined if they are near each other (Ester,
// Kriegel, Sander & Xu 1996, "A density-based algorithm for discovering clusters", KDD-96). A customer with at least
// MinSamples customers within Eps, itself included, is a core; cores within Eps of each other share a segment; anyone else
// within Eps of a core belongs to the nearest one's segment (ties to the earlier row), and the rest is Noise. The method
// finds the number of segments itself; it may be 0, and then everyone is Noise.
//
// The cores' segments do not depend on the order of the rows. Distances are Euclidean, so scale the columns first (Standardize). Rows count by
// what they are worth as evidence (Weighting). One Eps applies to all segments: if they differ in density, use HDBSCAN. New customers are assigned
// by the same rule, which needs the cores, so the model cannot be saved (ErrNotPortable).
//
// The neighbours are found in a k-d tree and joined along a minimum spanning tree of the cores, so a large Eps costs no
// more than a small one: about n log n * MinSamples in few dimensions, up to n^2 d in many; memory is O(n d).
type DBSCAN struct {
	Eps        float64 `json:"eps"`         // how near is near, in the units of the columns; 0 means the value that makes 95 % of customers cores (the paper's section 4.2, for 5 % noise)
	MinSamples int     `json:"min_samples"` // customers within Eps that make a core, itself included; 0 means twice the number of columns
}

// coreShare is the share of customers that the default Eps makes cores. Those who are cores by others at their very place are
// left aside: on columns of few values, an Eps of 0 would make every place a segment.
const coreShare = 0.95

var _ Method = DBSCAN{}

// Check implements Method. It costs n*d.
func (m DBSCAN) Check(x *table.Table) error {
	switch {
	case !(m.Eps >= 0) || math.IsInf(m.Eps, 0):
		return fault.Option("cluster.DBSCAN", "Eps", m.Eps, "a distance above 0, or 0 to let the data choose")
	case m.MinSamples < 0:
		return fault.Option("cluster.DBSCAN", "MinSamples", m.MinSamples, "at least 1, or 0 for twice the number of columns")
	}
	return x.CheckNumbers("cluster.DBSCAN")
}

// Cluster implements Method. Cost is NaN: nothing is minimised.
func (m DBSCAN) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	n, d := x.Dims()
	if m.MinSamples == 0 {
		m.MinSamples = 2 * d
	}
	report := func(edges int) { job.Report(ctx, job.Progress{Task: "DBSCAN", Done: edges, Total: max(n, 1)}) }
	report(0)
	far, err := nn.New(x.Raw().Data, d).Core(ctx, x.EvidenceWeights(), stats.Enough(m.MinSamples))
	if err != nil {
		return nil, err
	}
	for i, v := range far {
		far[i] = math.Sqrt(v)
	}
	if m.Eps == 0 {
		m.Eps = defaultEps(far)
	}
	a := coreRows{columns: x.Names(), eps: m.Eps}
	var cores []float64 // rows
	for i, v := range far {
		if v <= m.Eps {
			cores = append(cores, x.Raw().Row(i)...)
		}
	}
	c := &Clustering{Method: m, Cost: math.NaN(), Converged: true}
	if len(cores) > 0 {
		a.tree = nn.New(cores, d)
		edges, err := a.tree.Span(ctx, nil, report)
		if err != nil {
			return nil, err
		}
		rootWeights(edges)
		sets := nn.NewSets(len(cores) / d)
		for _, e := range edges {
			if e.Weight <= m.Eps {
				sets.Union(e.A, e.B)
			}
		}
		for i := range len(cores) / d {
			a.labels = append(a.labels, int(sets.Find(int32(i))))
		}
		a.labels = grouping.Of(a.labels).Labels
		c.K = a.labels.K()
	}
	if c.Labels, err = a.assign(ctx, x); err != nil {
		return nil, err
	}
	c.Assigner = a
	report(n)
	return c, nil
}

// defaultEps is chosen from the distances at which customers become cores (n), +Inf where all are too few.
func defaultEps(far []float64) float64 {
	apart := slices.Sorted(slices.Values(far))
	for len(apart) > 0 && apart[0] == 0 {
		apart = apart[1:]
	}
	if len(apart) == 0 || math.IsInf(apart[0], 1) {
		return 0
	}
	return apart[int(math.Ceil(coreShare*float64(len(apart))))-1]
}

// coreRows assigns rows to the segment of the nearest core within eps.
type coreRows struct {
	columns []string // (d)
	eps     float64
	tree    *nn.Tree     // of the cores; nil where there are none
	labels  table.Labels // (cores)
}

var _ Assigner = coreRows{}

func (coreRows) Kind() string { return "dbscan" }

func (a coreRows) Reorder(order []int) Assigner { a.labels = a.labels.Renumber(order); return a }

// Assign implements Assigner; there are no distances to segments.
func (a coreRows) Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	if x, err = rowsToAssign(x, a.columns); err == nil {
		labels, err = a.assign(job.DefaultContext, x)
	}
	return labels, nil, nil, err
}

func (a coreRows) assign(ctx context.Context, x *table.Table) (table.Labels, error) {
	labels := make(table.Labels, x.Len())
	err := par.Rows(ctx, x.Len(), func(_, from, to int) {
		for i := from; i < to; i++ {
			labels[i] = table.Noise
			if a.tree == nil {
				continue
			}
			if core, dist := a.tree.Nearest(x.Raw().Row(i), 0, nil); math.Sqrt(dist) <= a.eps {
				labels[i] = a.labels[core]
			}
		}
	})
	return labels, err
}

func (coreRows) NotPortable() error { return needsRows("cluster.DBSCAN") }

// MarshalJSON gives ErrNotPortable.
func (a coreRows) MarshalJSON() ([]byte, error) { return nil, a.NotPortable() }

// needsRows is why a method that assigns by its training rows has no file, and what to do instead.
func needsRows(method string) error {
	return fault.Errorf(fault.ErrNotPortable, "segkit: %s assigns new customers by those it was fitted on, and a model file holds no customers: save the segments (WriteCSV), "+
		"or fit cluster.KMeans from the segments' means and save that", method)
}

// rowsToAssign returns the columns that were clustered, which must be there and finite.
func rowsToAssign(x *table.Table, columns []string) (*table.Table, error) {
	x, err := x.Select(columns...)
	if err != nil {
		return nil, err
	}
	return x, x.CheckFinite("cluster.Assigner.Assign")
}
