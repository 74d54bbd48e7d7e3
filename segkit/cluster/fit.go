package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// Method is a clustering algorithm: options only. Neither call modifies x or the receiver.
type Method interface {
	// Check is cheap and catches everything that depends on options or data; Cluster may assume that it passed.
	Check(x *table.Table) error
	Cluster(ctx context.Context, x *table.Table) (*Clustering, error)
}

// KMethod is a method whose number of segments is given.
type KMethod interface {
	Method
	WithK(k int) Method
}

// Restarter is a method that starts several times and keeps the best.
type Restarter interface {
	Method
	// AtMost returns the method with at most this many starts: samples and draws of a table need fewer.
	AtMost(starts int) Method
	// Reseeded returns the method with another seed, and without a given start, which would lead every sample to the same place.
	Reseeded(seed int) Method
}

// Assigner assigns new rows to segments: the fitted state of a method. It is plain data, saved as JSON under its Kind.
type Assigner interface {
	// Assign returns the label of every row of x (n x d, same columns as fitted) and its squared distances to the nearest and
	// second-nearest segment (n each, second is +Inf if there is no other; both nil if the method has no distances).
	Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error)
	// Reorder returns the assigner whose segment s is this one's segment order[s].
	Reorder(order []int) Assigner
	Kind() string
}

// Clustering is one complete run of a method. Fields that a method cannot give are nil.
type Clustering struct {
	Method     Method // with its defaults filled in
	K          int
	IDs        []string     // (n) customers, as in the table that was clustered
	Labels     table.Labels // (n)
	Centers    *table.Table // (k x d) in the space that was clustered
	Medoids    []int        // (k) rows of prototypes
	Membership *mat.Dense   // (n x k) probabilities
	Tree       *Tree        // how the rows join
	Assigner   Assigner     // nil if new rows cannot be assigned
	Cost       float64      // what the method minimises; k-means: within-segment sum of squares
	Iterations int
	Converged  bool
	Restarts   starts.Evidence // every start, in order: the hit rate comes from here
	Likelihood *Likelihood     // with BIC and AIC

	Persistence []float64 // (k) 0 to 1: how long a segment of HDBSCAN persists as the required density rises
	Outlier     []float64 // (n) 0 to 1: how far a row lies from the dense part of its group

	columns []table.Column // that were clustered
	times   []int          // how many customers each row is; nil where each is one
	ordered bool           // the labels are canonical already, or continue a given start, and keep its order
}

// Segments binds the labels to the customers, with segments called "1", "2", … in order of decreasing size. There are always K
// of them, including any that is nobody's likeliest, which can happen in a mixture.
func (c *Clustering) Segments() *table.Segments {
	s, _ := table.NewSegments(c.IDs, c.Labels, wording.Numbered(max(c.K, c.Labels.K()))) // ids and labels come from one table
	s.FormedAlso(c.columns...)
	s.Times = c.times
	return s
}

// Predict returns the segment of every row of x (n x d), which must have the columns that were clustered. It returns
// ErrNoPredict if the method cannot do this.
func (c *Clustering) Predict(x *table.Table) (table.Labels, error) {
	if c == nil {
		return nil, fault.Nil("cluster.Clustering.Predict", "clustering")
	}
	if c.Assigner == nil {
		return nil, fmt.Errorf("segkit: cluster.Clustering.Predict: %w: its labels are in Clustering.Labels", fault.ErrNoPredict)
	}
	if x == nil {
		return nil, fault.Nil("cluster.Clustering.Predict", "table")
	}
	if a, ok := c.Assigner.(Nearest); ok {
		return a.labels(x)
	}
	labels, _, _, err := c.Assigner.Assign(x)
	return labels, err
}

// Fit clusters x (n x d) with method m under DefaultContext.
func Fit(x *table.Table, m Method) (*Clustering, error) { return FitContext(job.DefaultContext, x, m) }

// FitContext checks m against x, runs it, and returns the result with canonical labels: 0 is the segment with the
// largest weight, ties by first row. A method that continues a given start keeps the start's order instead.
func FitContext(ctx context.Context, x *table.Table, m Method) (*Clustering, error) {
	switch {
	case m == nil:
		return nil, fault.Nil("cluster.Fit", "method")
	case x == nil:
		return nil, fault.Nil("cluster.Fit", "table")
	}
	if err := m.Check(x); err != nil {
		return nil, err
	}
	c, err := m.Cluster(ctx, x)
	if err != nil {
		return nil, err
	}
	c.IDs, c.columns, c.times = x.Raw().IDs, x.Raw().Columns, x.Times()
	if !c.ordered {
		c.reorder(pick.BySize(c.Labels, x.Raw().Weights, c.K))
	}
	return c, nil
}

// reorder makes segment order[s] of c segment s.
func (c *Clustering) reorder(order []int) {
	if slices.IsSorted(order) {
		return
	}
	c.Labels = c.Labels.Renumber(order)
	if c.Centers != nil {
		c.Centers = c.Centers.Rows(order)
	}
	if c.Medoids != nil {
		c.Medoids = pick.At(c.Medoids, order)
	}
	if c.Membership != nil {
		n, k := c.Membership.Dims()
		sorted := mat.NewDense(n, k, nil)
		for s, old := range order {
			sorted.SetCol(s, mat.Col(nil, old, c.Membership))
		}
		c.Membership = sorted
	}
	if c.Persistence != nil {
		c.Persistence = pick.At(c.Persistence, order)
	}
	if c.Assigner != nil {
		c.Assigner = c.Assigner.Reorder(order)
	}
}

// checkK refuses a number of segments below 1 or above the number of different customers.
func checkK(method string, k int, x *table.Table) error {
	switch {
	case k < 1 || k > x.Len():
		return fault.Option(method, "K", k, fmt.Sprintf("1 to %d (the number of customers)", x.Len()))
	}
	if different := distinct.Count(x.Raw().Data, x.Len(), len(x.Raw().Columns), k); different < k {
		return fault.Option(method, "K", k, fmt.Sprintf("1 to %d (only so many of the %d customers differ in %s)",
			different, x.Len(), strings.Join(x.Names(), ", ")))
	}
	return nil
}
