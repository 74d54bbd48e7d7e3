package segkit

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
)

// KPrototypes divides customers with numbers and categories into K segments around prototypes: the mean of every number and
// the most frequent level of every category (Huang 1998, doi:10.1023/A:1009769707641). The distance to a prototype is the
// summed squared differences of the numbers, plus Gamma for every category that is another. With numbers alone it is k-means,
// with categories alone k-modes. Ordered levels count as any others; where their order matters, use KMedoids with Gower.
//
// Gamma says how much a category weighs. By default it is half the mean variance of the numeric columns: with standardized
// numbers 0.5, so that being in another city counts as much as 0.7 standard deviations in one number. Huang takes a share of
// the standard deviation, which is the same for standardized columns; for others the variance keeps the segments the same
// when dollars become cents. Clustering.Method holds the gamma used, and Influence shows what it does.
//
// A start ends where Huang's iterations rest; the single moves of KMeans are not made, so that numbers alone can end at a higher cost.
//
// Missing cells are refused: use Impute, or make "no answer" a level of its own, or KMedoids with Gower. Rows count by
// the table's weights. An iteration costs n*k*d; memory is O(n d + k l) for l levels in all.
type KPrototypes struct {
	K        int     `json:"k"`        // number of segments, 1 to the number of different customers
	Gamma    float64 `json:"gamma"`    // weight of a category; 0 means half the mean variance of the numbers, 1 if there are none
	Restarts int     `json:"restarts"` // starts; 0 means 10
	MaxIter  int     `json:"max_iter"` // iterations of each start at most; 0 means 300
	Seed     int     `json:"seed"`     // any number; the same number gives the same segments
}

var _ KMethod = KPrototypes{}

// WithK implements KMethod.
func (m KPrototypes) WithK(k int) Method { m.K = k; return m }

// resolved returns m with its defaults filled in.
func (m KPrototypes) resolved(x *Table) KPrototypes {
	if m.Restarts == 0 {
		m.Restarts = 10
	}
	if m.MaxIter == 0 {
		m.MaxIter = 300
	}
	if m.Gamma == 0 {
		m.Gamma = usualGamma(x)
	}
	return m
}

// usualGamma is half the mean variance of the numeric columns.
func usualGamma(x *Table) float64 {
	sum, numbers := 0.0, 0
	for j, c := range x.columns {
		if !c.Categorical() {
			_, sd, _ := moments(x.values(j), x.weights)
			sum += float64(sd * sd)
			numbers++
		}
	}
	if sum == 0 {
		return 1
	}
	return sum / float64(2*numbers)
}

// Check implements Method. It costs n*d.
func (m KPrototypes) Check(x *Table) error {
	if x == nil {
		return nilError("KPrototypes", "table")
	}
	n, d := x.Dims()
	switch {
	case n == 0:
		return fmt.Errorf("segkit: KPrototypes: %w", ErrEmpty)
	case d == 0:
		return fmt.Errorf("segkit: KPrototypes: the table has no columns to cluster: %w", ErrSchema)
	}
	if err := checkFinite("KPrototypes", x); err != nil {
		return err
	}
	switch {
	case m.K < 1:
		return &OptionError{"KPrototypes", "K", m.K, "at least 1"}
	case m.K > n:
		return &OptionError{"KPrototypes", "K", m.K, fmt.Sprintf("1 to %d (the number of customers)", n)}
	case m.Gamma < 0 || math.IsNaN(m.Gamma) || m.Gamma > largest*largest:
		return &OptionError{"KPrototypes", "Gamma", m.Gamma, "a positive number, or 0 for half the mean variance of the numbers"}
	case m.Restarts < 0:
		return &OptionError{"KPrototypes", "Restarts", m.Restarts, "at least 1, or 0 for 10"}
	case m.MaxIter < 0:
		return &OptionError{"KPrototypes", "MaxIter", m.MaxIter, "at least 1, or 0 for 300"}
	}
	if first, _ := different(x.data, n, d); len(first) < m.K {
		return &OptionError{"KPrototypes", "K", m.K, fmt.Sprintf("1 to %d (so many of the %d customers differ in %s)",
			len(first), n, strings.Join(x.Names(), ", "))}
	}
	return nil
}

// Cluster implements Method.
func (m KPrototypes) Cluster(ctx context.Context, x *Table) (*Clustering, error) {
	m = m.resolved(x)
	p := newPrototypeSearch(m, x)
	compared := comparedRows(x.Len())
	best, restarts, err := bestStart(ctx, fmt.Sprintf("k-prototypes, k = %d", m.K), m.Restarts, par.Items,
		func(r int) (*prototypeSolution, error) {
			return p.run(ctx, seed.Stream(m.Seed, "k-prototypes start", r))
		}, func(s *prototypeSolution) (Labels, error) { return picked(s.labels, compared), nil })
	if err != nil {
		return nil, err
	}
	if err := p.settle(ctx, best); err != nil {
		return nil, err
	}
	fitted := Prototypes{Before: Before{Columns: cloneColumns(x.columns), Transformed: x.transformed}, Gamma: m.Gamma}
	for c := range m.K {
		fitted.Centers = append(fitted.Centers, best.centers.row(c, p.category))
	}
	centers := &Table{columns: x.columns, transformed: x.transformed, ids: numbered(m.K), data: slices.Concat(fitted.Centers...)}
	return &Clustering{Method: m, K: m.K, Labels: best.labels, Centers: centers, Assigner: fitted, Cost: best.cost,
		Iterations: best.iterations, Converged: best.converged, Restarts: restarts}, nil
}
