package segkit

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

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
	// nearest and second-nearest segment (n each, second +Inf where there is no other; nil where the method has no distances).
	Assign(x *Table) (labels Labels, nearest, second []float64, err error)
	// Reorder returns the assigner whose segment s is this one's segment order[s].
	Reorder(order []int) Assigner
	Kind() string
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
	Tree       *Tree      // how the rows join
	Assigner   Assigner   // nil where new rows cannot be assigned
	Cost       float64    // what the method minimises; k-means: within-segment sum of squares
	Iterations int
	Converged  bool
	Restarts   RestartEvidence // every start, in order: the hit rate comes from here
	Likelihood *Likelihood     // with BIC and AIC

	Persistence []float64 // (k) 0 to 1: how lasting a segment of HDBSCAN is as the required density rises
	Outlier     []float64 // (n) 0 to 1: how far a row lies from the dense part of its group

	columns []Column // that were clustered
	ordered bool     // the labels continue a given start, and must keep its order
}

// Segments binds the labels to the customers, with segments called "1", "2", … by falling size. There are K of them: one that is
// nobody's likeliest, as a mixture may have, is there too.
func (c *Clustering) Segments() *Segments {
	s, _ := NewSegments(c.IDs, c.Labels, numbered(max(c.K, c.Labels.K()))) // ids and labels come from one table
	s.formedAlso(c.columns...)
	return s
}

// Predict returns the segment of every row of x (n x d), which must have the columns that were clustered. It returns
// ErrNoPredict where the method has no such thing.
func (c *Clustering) Predict(x *Table) (Labels, error) {
	if c.Assigner == nil {
		return nil, fmt.Errorf("segkit: Predict: %w: its labels are in Clustering.Labels", ErrNoPredict)
	}
	if x == nil {
		return nil, nilError("Predict", "table")
	}
	labels, _, _, err := c.Assigner.Assign(x)
	return labels, err
}

// Fit clusters x (n x d) with method m under DefaultContext.
func Fit(x *Table, m Method) (*Clustering, error) { return FitContext(DefaultContext, x, m) }

// FitContext checks m against x, runs it, and returns the result with canonical labels: 0 is the segment of the largest
// weight, ties by first row. A method that continues a given start keeps the start's order instead.
func FitContext(ctx context.Context, x *Table, m Method) (*Clustering, error) {
	switch {
	case m == nil:
		return nil, nilError("Fit", "method")
	case x == nil:
		return nil, nilError("Fit", "table")
	}
	if err := m.Check(x); err != nil {
		return nil, err
	}
	c, err := m.Cluster(ctx, x)
	if err != nil {
		return nil, err
	}
	c.IDs, c.columns = x.ids, x.columns
	if !c.ordered {
		c.reorder(canonicalOrder(c.Labels, x.weights, c.K))
	}
	return c, nil
}

// reorder makes segment order[s] of c segment s.
func (c *Clustering) reorder(order []int) {
	if slices.IsSorted(order) {
		return
	}
	c.Labels = c.Labels.renumber(order)
	if c.Centers != nil {
		c.Centers = c.Centers.pick(order)
	}
	if c.Medoids != nil {
		c.Medoids = picked(c.Medoids, order)
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
		c.Persistence = picked(c.Persistence, order)
	}
	if c.Assigner != nil {
		c.Assigner = c.Assigner.Reorder(order)
	}
}

// picked returns the elements of v in the given order.
func picked[T any](v []T, order []int) []T {
	out := make([]T, len(order))
	for i, at := range order {
		out[i] = v[at]
	}
	return out
}

// checkNumbers is the part of Check that every method on numbers shares: at least one row and one column, no categories,
// nothing missing or infinite.
func checkNumbers(op string, x *Table) error {
	if x == nil {
		return nilError(op, "table")
	}
	n, d := x.Dims()
	if n == 0 {
		return fmt.Errorf("segkit: %s: %w", op, ErrEmpty)
	}
	if d == 0 {
		return fmt.Errorf("segkit: %s: the table has no columns to cluster: %w", op, ErrSchema)
	}
	for _, c := range x.columns {
		if c.Categorical() {
			return &CellError{Op: op, Column: c.Name, Why: "holds categories, which have no distance",
				Remedy: "leave it out of the columns to cluster, and use it to describe the segments, or use " + numbersOf(c), Err: ErrSchema}
		}
	}
	return checkFinite(op, x)
}

// numbersOf names the transform that makes numbers of a category.
func numbersOf(c Column) string {
	if c.Ordered {
		return "Ordinal first"
	}
	return "OneHot first"
}

// checkK refuses a number of segments below 1 or above the number of different customers.
func checkK(method string, k int, x *Table) error {
	switch {
	case k < 1:
		return &OptionError{method, "K", k, "at least 1"}
	case k > x.Len():
		return &OptionError{method, "K", k, fmt.Sprintf("1 to %d (the number of customers)", x.Len())}
	}
	if different := differentRows(x, k); different < k {
		return &OptionError{method, "K", k, fmt.Sprintf("1 to %d (so many of the %d customers differ in %s)",
			different, x.Len(), strings.Join(x.Names(), ", "))}
	}
	return nil
}

// largest is the largest size of a value whose squared distances still sum to a finite number.
const largest = 1e140

// checkFinite names the first cell that cannot be used in a distance and counts them all.
func checkFinite(op string, x *Table) error {
	var bad *CellError
	for i := range x.ids {
		for j, v := range x.row(i) {
			if math.Abs(v) <= largest { // false for NaN
				continue
			}
			if bad != nil {
				bad.Count++
				continue
			}
			bad = &CellError{Op: op, File: x.source, Row: i + 1, ID: x.ids[i], Column: x.columns[j].Name, Count: 1, Err: ErrNotFinite}
			switch {
			case math.IsNaN(v):
				bad.Why, bad.Remedy = "value is missing", "use Impute first, or leave the column out"
			case math.IsInf(v, 0):
				bad.Value, bad.Why, bad.Remedy = fmt.Sprint(v), "is not a finite number", "correct it, or make it missing and use Impute"
			default:
				bad.Value, bad.Why, bad.Remedy = fmt.Sprint(v), "is too large to be squared", "correct it, or use Log1p or another unit first"
			}
		}
	}
	if bad == nil {
		return nil
	}
	return bad
}
