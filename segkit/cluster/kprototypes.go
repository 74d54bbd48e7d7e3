package cluster

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// KPrototypes divides customers with numbers and categories into K segments around prototypes: the mean of every number and
// the most frequent level of every category (Huang 1998, doi:10.1023/A:1009769707641). The distance to a prototype is the sum
// of the squared differences of the numbers, plus Gamma for every category that differs. With only numbers it is k-means,
// with only categories k-modes. Ordered levels are treated like any others; if their order matters, use KMedoids with Gower.
//
// Gamma says how much a category weighs. By default it is half the mean variance of the numeric columns: 0.5 for
// standardized numbers, so that being in another city counts as much as 0.7 standard deviations in one number. Huang takes a
// share of the standard deviation, which is the same for standardized columns; for other columns, the variance keeps the
// segments the same when dollars become cents. Clustering.Method holds the gamma that was used, and Influence shows its
// effect.
//
// Every start ends with single moves, as in KMeans (prototypemoves.go): a customer, together with all identical ones, moves if that
// lowers the cost, counting what the move does to the means and the most frequent levels of both segments. In a yes/no survey of 1,453
// customers, this improved 39 of 100 starts, by 3 % averaged over all; on 300 customers with numbers and categories, it brought 96 of
// 100 starts to the best cost known, instead of 14. It doubles the time of a start in tables of a few thousand customers, and adds no
// time in large ones.
//
// Missing cells are refused: use Impute, make "no answer" a level of its own, or use KMedoids with Gower. Rows count by
// the table's weights. An iteration costs n*k*d; memory is O(n d + k l) for l levels in all.
type KPrototypes struct {
	K        int     `json:"k"`        // number of segments, 1 to the number of different customers
	Gamma    float64 `json:"gamma"`    // weight of a category; 0 means half the mean variance of the numbers, 1 if there are none
	Restarts int     `json:"restarts"` // starts; 0 means 10
	MaxIter  int     `json:"max_iter"` // most iterations of each start; 0 means 300
	Seed     int     `json:"seed"`     // any number; the same number gives the same segments
}

var _ KMethod = KPrototypes{}

// AtMost implements Restarter.
func (m KPrototypes) AtMost(starts int) Method {
	m.Restarts = min(cmp.Or(m.Restarts, prototypeStarts), starts)
	return m
}

// Reseeded implements Restarter.
func (m KPrototypes) Reseeded(seed int) Method {
	m.Seed = seed
	return m
}

// Mixing returns how much a differing category counts on x: Gamma, or its default.
func (m KPrototypes) Mixing(x *table.Table) float64 { return m.resolved(x).Gamma }

// WithK implements KMethod.
func (m KPrototypes) WithK(k int) Method { m.K = k; return m }

// prototypeStarts is the default of Restarts.
const prototypeStarts = 10

// resolved returns m with its defaults filled in.
func (m KPrototypes) resolved(x *table.Table) KPrototypes {
	m.Restarts = cmp.Or(m.Restarts, prototypeStarts)
	m.MaxIter = cmp.Or(m.MaxIter, 300)
	if m.Gamma == 0 {
		m.Gamma = usualGamma(x)
	}
	return m
}

// usualGamma is half the mean variance of the numeric columns.
func usualGamma(x *table.Table) float64 {
	sum, numbers := 0.0, 0
	for j, c := range x.Raw().Columns {
		if !c.Categorical() {
			_, sd, _ := stats.Moments(x.Raw().Column(j), x.Raw().Weights)
			sum += float64(sd * sd)
			numbers++
		}
	}
	if sum == 0 {
		return 1
	}
	return sum / float64(2*numbers)
}

// TakesCategories says that a recipe without Columns includes categories.
func (KPrototypes) TakesCategories() bool { return true }

// Check implements Method. It costs n*d.
func (m KPrototypes) Check(x *table.Table) error {
	if x == nil {
		return fault.Nil("cluster.KPrototypes", "table")
	}
	n, d := x.Dims()
	switch {
	case n == 0:
		return fmt.Errorf("segkit: cluster.KPrototypes: %w", fault.ErrEmpty)
	case d == 0:
		return fault.Errorf(fault.ErrSchema, "segkit: cluster.KPrototypes: the table has no columns to cluster")
	}
	if err := x.CheckFinite("cluster.KPrototypes"); err != nil {
		return err
	}
	switch {
	case m.K < 1:
		return fault.Option("cluster.KPrototypes", "K", m.K, "at least 1")
	case m.K > n:
		return fault.Option("cluster.KPrototypes", "K", m.K, fmt.Sprintf("1 to %d (the number of customers)", n))
	case m.Gamma < 0 || math.IsNaN(m.Gamma) || m.Gamma > vec.Largest*vec.Largest:
		return fault.Option("cluster.KPrototypes", "Gamma", m.Gamma, "a positive number, or 0 for half the mean variance of the numbers")
	case m.Restarts < 0:
		return fault.Option("cluster.KPrototypes", "Restarts", m.Restarts, "at least 1, or 0 for 10")
	case m.MaxIter < 0:
		return fault.Option("cluster.KPrototypes", "MaxIter", m.MaxIter, "at least 1, or 0 for 300")
	}
	if different := distinct.Count(x.Raw().Data, n, d, m.K); different < m.K {
		return fault.Option("cluster.KPrototypes", "K", m.K, fmt.Sprintf("1 to %d (only so many of the %d customers differ in %s)",
			different, n, strings.Join(x.Names(), ", ")))
	}
	return nil
}

// Cluster implements Method.
func (m KPrototypes) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	m = m.resolved(x)
	p := newPrototypeSearch(ctx, m, x)
	compared := starts.ComparedRows(x.Len())
	best, restarts, err := starts.Best(ctx, fmt.Sprintf("k-prototypes, k = %d", m.K), m.Restarts, par.Items,
		func(r int) (*prototypeSolution, error) {
			return p.run(ctx, seed.Stream(m.Seed, "k-prototypes start", r))
		}, func(s *prototypeSolution) (table.Labels, error) { return pick.At(s.labels, compared), nil })
	if err != nil {
		return nil, err
	}
	fitted := Prototypes{Schema: table.Schema{Columns: table.CloneColumns(x.Raw().Columns), Transformed: x.Raw().Transformed}, Gamma: m.Gamma}
	for c := range m.K {
		fitted.Centers = append(fitted.Centers, best.centers.row(c, p.category))
	}
	centers := table.FromRaw(table.Raw{Columns: x.Raw().Columns, Transformed: x.Raw().Transformed, IDs: wording.Numbered(m.K), Data: slices.Concat(fitted.Centers...)})
	return &Clustering{Method: m, K: m.K, Labels: best.labels, Centers: centers, Assigner: fitted, Cost: best.cost,
		Iterations: best.iterations, Converged: best.converged, Restarts: restarts}, nil
}
