package segkit

import (
	"context"

	"gonum.org/v1/gonum/mat"
)

// Method is a clustering algorithm: options only. Neither call modifies x or the receiver.
type Method interface {
	// Check is cheap and catches everything that depends on options or data; Cluster may assume it passed.
	Check(x *Table) error
	Cluster(ctx context.Context, x *Table) (*Clustering, error)
}

// KMethod is a method whose number of segments is given.
type KMethod interface {
	Method
	WithK(k int) Method
}

// Assigner assigns new rows to segments: the fitted state of a method. It is plain data, saved as JSON under its Kind.
type Assigner interface {
	// Assign returns the label of every row of x (n x d, same columns as fitted) and its squared distances to the
	// nearest and second-nearest segment (n each; nil where the method has no distances).
	Assign(x *Table) (labels Labels, nearest, second []float64, err error)
	Kind() string
}

// Restart is one start of a method that has several.
type Restart struct {
	Cost       float64
	Iterations int
	Converged  bool
}

// Clustering is one complete run of a method. Fields that a method cannot give are nil.
type Clustering struct {
	Method     Method // with its defaults filled in
	K          int
	IDs        []string   // (n) customers, as in the table that was clustered
	Labels     Labels     // (n)
	Centers    *Table     // (k x d) in the space that was clustered
	Medoids    []int      // (k) rows of prototypes
	Membership *mat.Dense // (n x k) probabilities
	Assigner   Assigner   // nil where new rows cannot be assigned
	Cost       float64    // what the method minimises; k-means: within-segment sum of squares
	Iterations int
	Converged  bool
	Restarts   []Restart // every start, in order: the hit rate comes from here
}

// Segments binds the labels to the customers, with segments called "1", "2", … by falling size.
func (c *Clustering) Segments() *Segments {
	s, _ := NewSegments(c.IDs, c.Labels, nil) // ids and labels come from one table
	return s
}

// Predict returns the segment of every row of x (n x d), which must have the columns that were clustered. It returns
// ErrNoPredict where the method has no such thing.
func (c *Clustering) Predict(x *Table) (Labels, error) {
	if c.Assigner == nil {
		return nil, ErrNoPredict
	}
	labels, _, _, err := c.Assigner.Assign(x)
	return labels, err
}

// Fit clusters x (n x d) with method m under DefaultContext.
func Fit(x *Table, m Method) (*Clustering, error) { return FitContext(DefaultContext, x, m) }

// FitContext checks m against x, runs it, and returns the result with canonical labels: 0 is the largest segment.
func FitContext(ctx context.Context, x *Table, m Method) (*Clustering, error) {
	if err := m.Check(x); err != nil {
		return nil, err
	}
	c, err := m.Cluster(ctx, x)
	if err != nil {
		return nil, err
	}
	c.IDs = x.ids
	return c, nil
}
