package cluster

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/enum"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// KMeans divides customers into K segments so that the squared distances to the segments' means add up to as little as
// possible (Lloyd 1982, doi:10.1109/TIT.1982.1056489). It makes several starts (greedy k-means++, Arthur & Vassilvitskii
// 2007, "k-means++: the advantages of careful seeding", SODA). The best start wins; Clustering.Restarts keeps every cost.
//
// Every start ends with single moves (singlemoves.go; Telgarsky & Vattani 2010, "Hartigan's method", AISTATS, PMLR 9): when Lloyd's
// iterations have converged, a customer, together with all identical ones, still moves if that lowers the cost, counting what the move does
// to both means. So in the end no such move saves more than 1e-9 of the cost. With more than 4,096 different customers it may save up to
// 1e-6, because there a single customer hardly matters. Moves count as an iteration; a start cut short by MaxIter makes none. They help
// most in yes/no surveys. There, finishing only the best start with them takes half the time, but with the same number of starts ends two
// to three times as far above the best cost; using the time for three times as many starts does no better.
//
// Columns count by their spread, so scale them first (Standardize). Segments come out round and of similar width, and the
// method finds K of them even if the data have no groups. Rows count by the table's weights. An iteration costs n*k*d, a
// start about (2 + ln k)/2 iterations. Memory is O(n) for each start under way, and once O(n*d) where rows have weights.
//
// With a smallest size (Bradley, Bennett & Demiriz 2000, "Constrained k-means clustering", Microsoft Research MSR-TR-2000-65) every iteration finds the exact
// cheapest division that this size allows (minsize.go). If the size is binding, some customers at the border are not in the nearest segment, and identical customers
// may be separated (and then make no single moves). Predict, which ignores sizes, may then give training rows another segment. Sizes count the table's rows: neither
// frequency nor sampling weights make a row more than one. An iteration in which segments lack m customers costs n*k*d + n*k + m*(k*k + k*log n) and O(n*k) memory;
// if none is lacking, there is no extra cost.
type KMeans struct {
	K        int          `json:"k"`                   // number of segments, 1 to the number of different customers; 0 means the rows of Start
	Restarts int          `json:"restarts"`            // starts; 0 means 10
	MaxIter  int          `json:"max_iter"`            // most iterations of each start; 0 means 300
	Tol      float64      `json:"tol"`                 // stop when the centres' squared moves add up to at most Tol x the mean variance of the columns; 0 means 1e-4, negative means only when nothing changes
	Init     Init         `json:"init"`                // how the first centres are chosen
	MinSize  int          `json:"min_size,omitempty"`  // fewest customers in a segment
	MinShare float64      `json:"min_share,omitempty"` // smallest share of the customers in a segment, 0 to 1/K; the larger of the two counts
	Start    *table.Table `json:"-"`                   // (k x d) centres to start from instead of Init, one start; label i continues row i
	Seed     int          `json:"seed"`                // any number; the same number gives the same segments
}

// Init is how k-means chooses its first centres.
type Init uint8

const (
	PlusPlus   Init = iota // customers far from those already chosen, the best of 2 + ln k candidates each time
	RandomRows             // k customers, all equally likely
)

var _ KMethod = KMeans{}

// bigTable is the number of rows from which rows are shared among processors instead of starts. It changes no result.
const bigTable = 16 * par.Chunk

var initNames = [...]string{PlusPlus: "k-means++", RandomRows: "random rows"}

func (i Init) String() string { return enum.Name(i, initNames[:]) }

// MarshalText writes the name that String gives.
func (i Init) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (i *Init) UnmarshalText(text []byte) error {
	return enum.Read(i, text, "way to begin", initNames[:])
}

// AtMost implements Restarter.
func (m KMeans) AtMost(starts int) Method {
	m.Restarts = min(m.resolved().Restarts, starts)
	return m
}

// Reseeded implements Restarter.
func (m KMeans) Reseeded(seed int) Method {
	m.K, m.Start = m.resolved().K, nil
	m.Seed = seed
	return m
}

// WithK implements KMethod.
func (m KMeans) WithK(k int) Method { m.K = k; return m }

func (m KMeans) WithoutStart() (any, string) {
	if m.Start == nil {
		return m, ""
	}
	start := m.Start.Fingerprint() + " "
	m.Start = nil
	return m, start
}

// resolved returns m with its defaults filled in.
func (m KMeans) resolved() KMeans {
	if m.K == 0 && m.Start != nil {
		m.K = m.Start.Len()
	}
	m.Restarts = cmp.Or(m.Restarts, 10)
	if m.Start != nil {
		m.Restarts = 1
	}
	m.MaxIter = cmp.Or(m.MaxIter, 300)
	if m.Tol == 0 {
		m.Tol = 1e-4
	}
	return m
}

// Check implements Method. It costs n*d.
func (m KMeans) Check(x *table.Table) error {
	if err := x.CheckNumbers("cluster.KMeans"); err != nil {
		return err
	}
	m = m.resolved()
	if err := checkK("cluster.KMeans", m.K, x); err != nil {
		return err
	}
	switch {
	case m.Restarts < 1:
		return fault.Option("cluster.KMeans", "Restarts", m.Restarts, "at least 1, or 0 for 10")
	case m.MaxIter < 1:
		return fault.Option("cluster.KMeans", "MaxIter", m.MaxIter, "at least 1, or 0 for 300")
	case math.IsNaN(m.Tol):
		return fault.Option("cluster.KMeans", "Tol", m.Tol, "a number")
	case m.MinSize < 0 || m.MinSize > x.Len()/m.K:
		return fault.Option("cluster.KMeans", "MinSize", m.MinSize, fmt.Sprintf("0 to %d (%d customers in %d segments)", x.Len()/m.K, x.Len(), m.K))
	case !(m.MinShare >= 0 && m.Least(x.Len()) <= x.Len()/m.K):
		return fault.Option("cluster.KMeans", "MinShare", m.MinShare, fmt.Sprintf("0 to %.4g (%d of %d customers in each of %d segments)",
			float64(x.Len()/m.K)/float64(x.Len()), x.Len()/m.K, x.Len(), m.K))
	case m.Init > RandomRows:
		return fault.Option("cluster.KMeans", "Init", uint8(m.Init), "PlusPlus or RandomRows")
	}
	if m.Start == nil {
		return nil
	}
	if m.Start.Len() != m.K {
		return fault.Option("cluster.KMeans", "Start", fmt.Sprintf("%d rows", m.Start.Len()), fmt.Sprintf("%d, one for each segment", m.K))
	}
	start, err := m.Start.Select(x.Names()...)
	if err != nil {
		return fmt.Errorf("segkit: cluster.KMeans.Start: %w", fault.Trimmed(err))
	}
	return start.CheckFinite("KMeans.Start")
}

// Cluster implements Method.
func (m KMeans) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	m = m.resolved()
	across, rows := par.Items, par.InTurn
	if x.Len() >= bigTable {
		across, rows = inTurn, par.Rows
	}
	p := newLloyd(ctx, m, x, rows)
	defer p.end()
	best, restarts, err := starts.Best(ctx, fmt.Sprintf("k-means, k = %d", m.K), m.Restarts, across,
		func(r int) (*solution, error) { return p.run(ctx, seed.Stream(m.Seed, "k-means start", r)) }, p.divided())
	if err != nil {
		return nil, err
	}
	if m.Start == nil {
		at := slices.IndexFunc(restarts, func(r starts.Restart) bool { return r.Cost == best.cost })
		if err := p.settleFilled(ctx, best); err != nil {
			return nil, err
		}
		restarts[at].Cost, restarts[at].Iterations, restarts[at].Converged = best.cost, best.iterations, best.converged
	}
	return p.clustering(x, best, restarts), nil
}

// inTurn is par.Items on the caller's goroutine.
func inTurn(ctx context.Context, n int, do func(i int)) error {
	for i := 0; i < n && ctx.Err() == nil; i++ {
		do(i)
	}
	return ctx.Err()
}
