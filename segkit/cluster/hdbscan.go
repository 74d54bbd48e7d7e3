package cluster

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/linkage"
	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// HDBSCAN finds segments of any shape and of different densities (Campello, Moulavi & Sander 2013,
// doi:10.1007/978-3-642-37456-2_14). It looks at all densities at once: as the required density rises, groups split or thin
// out, and the groups of at least MinSize customers that stay together over the longest range are the segments. The rest is
// Noise. The method finds the number of segments itself; it may be 0, if no group ever splits into two that are large
// enough, and then everyone is Noise.
//
// Clustering.Persistence says how persistent each segment is (0 to 1), Clustering.Outlier how far a customer lies from the dense
// part of its group (GLOSH, Campello et al. 2015, doi:10.1145/2733381; 0 to 1), and Clustering.Tree is the tree of all
// densities: its heights are mutual reachability distances. Equal heights are treated as one, so neither segments nor scores
// depend on the order of the rows. The Python packages split equal heights one by one, in an order that depends on the rows. If
// many distances are equal, as in counts, grades and codes, their segments may therefore differ from these in many rows: in one
// set, in 400 of 4,096 rows.
//
// Groups of at least MinSize and MinSamples identical customers are infinitely dense: they never split, so each such group is a
// segment, together with what lies near it, unless it is the only group. Its Persistence is 1; for Outlier, its customers count
// as if they were as near as the nearest customers that are not identical.
//
// Distances are Euclidean, so scale the columns first (Standardize). Rows count by the table's weights, as repeated rows
// would. A new customer joins its nearest neighbour's segment if it is dense enough there. That needs the training rows,
// so the model cannot be saved (ErrNotPortable). A training row gets its own label back.
//
// Neighbours are found in a k-d tree, the tree of densities by Borůvka's method on it: about n log n * (d + MinSamples) in
// few dimensions, up to n^2 d in many; memory is O(n d).
type HDBSCAN struct {
	MinSize    int `json:"min_size"`    // customers that make a segment, 2 or more; 0 means 2 % of all, at least 5
	MinSamples int `json:"min_samples"` // customers who must be near a dense one, itself included; larger values smooth more; 0 means MinSize, at most 10
}

var _ Method = HDBSCAN{}

// Check implements Method. It costs n*d.
func (m HDBSCAN) Check(x *table.Table) error {
	switch {
	case m.MinSize < 0 || m.MinSize == 1:
		return fault.Option("cluster.HDBSCAN", "MinSize", m.MinSize, "at least 2, or 0 for 2 % of the customers")
	case m.MinSamples < 0:
		return fault.Option("cluster.HDBSCAN", "MinSamples", m.MinSamples, "at least 1, or 0 for MinSize, at most 10")
	}
	return x.CheckNumbers("cluster.HDBSCAN")
}

func (m HDBSCAN) resolved(x *table.Table) HDBSCAN {
	if m.MinSize == 0 {
		total := 0.0
		for i := range x.Raw().IDs {
			total += x.Weight(i)
		}
		m.MinSize = max(5, int(math.Ceil(total/50)))
	}
	if m.MinSamples == 0 {
		m.MinSamples = min(m.MinSize, 10)
	}
	return m
}

// Cluster implements Method. Cost is NaN: it maximises persistence.
func (m HDBSCAN) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	m = m.resolved(x)
	n, d := x.Dims()
	report := func(edges int) { job.Report(ctx, job.Progress{Task: "HDBSCAN", Done: edges, Total: max(n-1, 1)}) }
	report(0)
	a := &denseRows{columns: x.Names(), samples: stats.Enough(m.MinSamples), weights: x.EvidenceWeights(), tree: nn.New(x.Raw().Data, d)}
	var err error
	if a.core, err = a.tree.Core(ctx, a.weights, a.samples); err != nil {
		return nil, err
	}
	c := &Clustering{Method: m, Labels: make(table.Labels, n), Outlier: make([]float64, n), Persistence: []float64{},
		Assigner: a, Cost: math.NaN(), Converged: true}
	if math.IsInf(a.core[0], 1) { // fewer customers than MinSamples: none is dense
		a.group, a.groups, a.labels = make([]int, n), []linkage.Group{{Parent: -1}}, table.Labels{table.Noise}
		for i := range c.Labels {
			c.Labels[i] = table.Noise
		}
		report(n - 1)
		return c, nil
	}
	edges, err := a.tree.Span(ctx, a.core, report)
	if err != nil {
		return nil, err
	}
	rootWeights(edges)
	merges := linkage.Tree(n, edges)
	c.Tree = newTree(merges, x.Raw().Weights)
	core := make([]float64, n)
	for i, v := range a.core {
		core[i] = math.Sqrt(v)
	}
	dense := linkage.Condense(n, merges, core, a.weights, stats.Enough(m.MinSize))

	a.group, a.groups = dense.Group, dense.Groups
	number := make(table.Labels, len(dense.Groups)) // of the selected groups
	for g, v := range dense.Groups {
		if number[g] = table.Noise; v.Selected {
			number[g] = c.K
			c.K++
			c.Persistence = append(c.Persistence, dense.Persistence(g))
		}
	}
	for g := range dense.Groups {
		a.labels = append(a.labels, table.Noise)
		if within := dense.Within(g); within >= 0 {
			a.labels[g] = number[within]
		}
	}
	for i, g := range dense.Group {
		c.Labels[i] = a.labels[g]
		c.Outlier[i] = 1 - dense.Level[i]/dense.Groups[g].Death
	}
	return c, nil
}

// denseRows assigns a row to the segment in which its nearest training row still is at the density where the two meet.
type denseRows struct {
	columns []string // (d)
	samples float64
	tree    *nn.Tree
	core    []float64       // (n) squared distance to the MinSamples-th neighbour
	weights []float64       // (n) or nil
	group   []int           // (n) smallest group of each training row
	groups  []linkage.Group // the condensed tree
	labels  table.Labels    // (groups)
}

var _ Assigner = &denseRows{}

func (*denseRows) Kind() string { return "hdbscan" }

func (a *denseRows) Reorder(order []int) Assigner {
	b := *a
	b.labels = a.labels.Renumber(order)
	return &b
}

// Assign implements Assigner; there are no distances to segments.
func (a *denseRows) Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	if x, err = rowsToAssign(x, a.columns); err != nil {
		return nil, nil, nil, err
	}
	labels = make(table.Labels, x.Len())
	err = par.Rows(job.DefaultContext, x.Len(), func(_, from, to int) {
		for i := from; i < to; i++ {
			labels[i] = a.label(x.Raw().Row(i))
		}
	})
	return labels, nil, nil, err
}

func (a *denseRows) label(q []float64) int {
	row, dist := a.tree.Nearest(q, 0, nil)
	if dist == 0 {
		return a.labels[a.group[row]]
	}
	row, reach := a.tree.Nearest(q, a.tree.CoreOf(q, a.weights, a.samples, 1), a.core)
	g := a.group[row]
	for a.groups[g].Birth > 1/math.Sqrt(reach) {
		g = a.groups[g].Parent
	}
	return a.labels[g]
}

func (*denseRows) NotPortable() error { return needsRows("cluster.HDBSCAN") }

// MarshalJSON gives ErrNotPortable.
func (a *denseRows) MarshalJSON() ([]byte, error) { return nil, a.NotPortable() }
