package cluster

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/pam"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// KMedoids divides customers into K segments around K of the customers themselves, the medoids, so that the distances to
// the nearest medoid add up to as little as possible (FasterPAM, Schubert & Rousseeuw 2021, doi:10.1016/j.is.2021.101804).
// It makes several starts. It takes any Distance, and so works with yes/no answers, mixed columns and missing cells, and
// outliers pull a medoid less than a mean. A medoid is a real customer whom you can look up.
//
// Every start ends when no exchange of one medoid for another customer lowers the cost. Such a solution need not be the best,
// which is why there are several starts. Rows count by the table's weights; equal rows are compared once. If cells are
// missing, different rows can be 0 apart; a medoid at distance 0 from another may have no customers, and its segment is
// empty.
//
// Up to Exact different customers, all pairs are compared: it costs n*n*d/2, then n*n for each pass, in 4 n*n bytes. Larger tables
// are clustered by samples (CLARA, Kaufman & Rousseeuw 1990, doi:10.1002/9780470316801.ch3): each start draws Sample customers,
// finds their medoids, and is judged by the cost of the whole table, n*k*d; memory is O(n d) and 4 Sample² bytes a start under way.
type KMedoids struct {
	K          int               `json:"k"`                    // number of segments, 1 to the number of different customers
	Distance   distance.Distance `json:"distance"`             // zero means Euclidean
	Asymmetric []string          `json:"asymmetric,omitempty"` // Gower: yes/no columns in which two customers are not similar just because both say no
	Restarts   int               `json:"restarts"`             // starts; 0 means 10
	MaxIter    int               `json:"max_iter"`             // most passes over the customers in each start; 0 means 100
	Exact      int               `json:"exact"`                // largest number of different customers for which all pairs are compared, up to 50,000 (10 GB); 0 means 10,000 (400 MB)
	Sample     int               `json:"sample"`               // customers in each start's sample if there are more than Exact; 0 means 1,000 + 20 K
	Seed       int               `json:"seed"`                 // any number; the same number gives the same segments
}

const exactLimit = 50_000

var _ KMethod = KMedoids{}

// What KMethod and Restarter ask for.

func (m KMedoids) AtMost(starts int) Method {
	m.Restarts = min(m.resolved().Restarts, starts)
	return m
}
func (m KMedoids) Reseeded(seed int) Method { m.Seed = seed; return m }
func (m KMedoids) WithK(k int) Method       { m.K = k; return m }

// resolved returns m with its defaults filled in.
func (m KMedoids) resolved() KMedoids {
	m.Restarts = cmp.Or(m.Restarts, 10)
	m.MaxIter = cmp.Or(m.MaxIter, 100)
	m.Exact = cmp.Or(m.Exact, 10_000)
	m.Sample = cmp.Or(m.Sample, 1_000+20*m.K)
	return m
}

// TakesCategories says that a recipe without Columns includes categories.
func (m KMedoids) TakesCategories() bool {
	return m.Distance == distance.Gower || m.Distance == distance.Jaccard
}

// Check implements Method. It costs n*d.
func (m KMedoids) Check(x *table.Table) error {
	if x == nil {
		return fault.Nil("cluster.KMedoids", "table")
	}
	if err := m.Distance.Check("cluster.KMedoids", x, m.Asymmetric); err != nil {
		return err
	}
	m = m.resolved()
	switch {
	case m.K < 1:
		return fault.Option("cluster.KMedoids", "K", m.K, "at least 1")
	case m.K > x.Len():
		return fault.Option("cluster.KMedoids", "K", m.K, fmt.Sprintf("1 to %d (the number of customers)", x.Len()))
	case m.Restarts < 1:
		return fault.Option("cluster.KMedoids", "Restarts", m.Restarts, "at least 1, or 0 for 10")
	case m.MaxIter < 1:
		return fault.Option("cluster.KMedoids", "MaxIter", m.MaxIter, "at least 1, or 0 for 100")
	case m.Exact < 1 || m.Exact > exactLimit:
		return fault.Option("cluster.KMedoids", "Exact", m.Exact, fmt.Sprintf("1 to %d (the square of it, times 4 bytes, is kept in memory), or 0 for 10000", exactLimit))
	case m.Sample < m.K || m.Sample > exactLimit:
		return fault.Option("cluster.KMedoids", "Sample", m.Sample, fmt.Sprintf("K = %d to %d, or 0 for %d", m.K, exactLimit, 1_000+20*m.K))
	}
	n, d := x.Dims()
	if different := distinct.Count(m.Distance.Space(x).Ready(x), n, d, m.K); different < m.K {
		return fault.Option("cluster.KMedoids", "K", m.K, fmt.Sprintf("1 to %d (only so many of the %d customers differ in %s)",
			different, n, strings.Join(x.Names(), ", ")))
	}
	return nil
}

// Cluster implements Method.
func (m KMedoids) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	m = m.resolved()
	s := newMedoidSearch(ctx, m, x)
	matrix, done, err := s.prepare(ctx)
	if err != nil {
		return nil, err
	}
	restarts, divisions, compared := make(starts.Evidence, m.Restarts), make([]table.Labels, m.Restarts), starts.ComparedRows(x.Len())
	var mu sync.Mutex
	var best []int
	winner := 0
	err = par.Items(ctx, m.Restarts, func(r int) {
		medoids, items, end, err := s.run(ctx, matrix, r)
		if err != nil {
			return // only ctx ends a run early, and Items returns its error
		}
		divisions[r] = make(table.Labels, len(compared))
		for at, i := range compared {
			divisions[r][at] = items[s.Of[i]]
		}
		mu.Lock()
		defer mu.Unlock()
		restarts[r] = end
		if best == nil || end.Cost < restarts[winner].Cost || end.Cost == restarts[winner].Cost && r < winner {
			best, winner = medoids, r
		}
		done()
	})
	if err != nil {
		return nil, err
	}
	restarts.Compare(divisions, winner)
	labels, err := s.settle(ctx, best)
	if err != nil {
		return nil, err
	}
	return s.clustering(x, best, labels, restarts, winner), nil
}

// medoidSearch is the work of KMedoids on one table. Customers who are alike are one item, of their summed weight.
type medoidSearch struct {
	m              KMedoids // resolved
	fitted         NearestMedoid
	d              int
	rows           []float64 // (n*d) ready
	between        func(a, b []float64) float64
	scale          float64   // a power of two that brings distances into the range of float32
	w              []float64 // (n) weights of rows, or nil
	distinct.Found           // the items
	weight         []float64 // (u)
}

func newMedoidSearch(ctx context.Context, m KMedoids, x *table.Table) *medoidSearch {
	n, d := x.Dims()
	s := &medoidSearch{m: m, d: d, w: x.Raw().Weights}
	s.fitted = NearestMedoid{Schema: table.Schema{Columns: table.CloneColumns(x.Raw().Columns), Transformed: x.Raw().Transformed}, Distance: m.Distance, Asymmetric: m.Asymmetric}
	if m.Distance == distance.Gower {
		s.fitted.Ranges = distance.Ranges(x)
	}
	space := s.fitted.Distance.Fitted(s.fitted.Columns, s.fitted.Asymmetric, s.fitted.Ranges)
	s.rows, s.between = space.Ready(x), space.Between()
	s.Found = distinct.Rows(ctx, s.rows, n, d)
	s.weight = make([]float64, len(s.First))
	for i, item := range s.Of {
		s.weight[item] += x.Weight(i)
	}
	_, exponent := math.Frexp(space.Diameter(s.rows, d))
	s.scale = math.Ldexp(1, -max(exponent, -1000))
	return s
}

func (s *medoidSearch) row(i int) []float64 { return s.rows[i*s.d : (i+1)*s.d] }

// prepare compares all pairs of items, unless there are too many: then the matrix is nil. It returns what reports progress.
func (s *medoidSearch) prepare(ctx context.Context) (*pam.Matrix, func(), error) {
	task := fmt.Sprintf("k-medoids, k = %d", s.m.K)
	if len(s.First) > s.m.Exact {
		return nil, job.Steps(ctx, task, s.m.Restarts), nil
	}
	done := job.Steps(ctx, task, pam.Strips(len(s.First))+s.m.Restarts)
	matrix, err := s.matrix(ctx, s.First, done)
	return matrix, done, err
}

func (s *medoidSearch) matrix(ctx context.Context, rows []int, done func()) (*pam.Matrix, error) {
	return pam.Build(ctx, len(rows), func(i, j int) float64 { return s.scale * s.between(s.row(rows[i]), s.row(rows[j])) }, done)
}

// run makes one start, on all items or on a sample of them, and returns the rows of its medoids and the label of every item.
// Only ctx makes it fail.
func (s *medoidSearch) run(ctx context.Context, matrix *pam.Matrix, r int) (medoids, items []int, end starts.Restart, err error) {
	stream := seed.Stream(s.m.Seed, "k-medoids start", r)
	rows, weight := s.First, s.weight
	if matrix == nil {
		sample := pick.Sample(len(s.First), min(s.m.Sample, len(s.First)), stream)
		rows, weight = pick.At(s.First, sample), pick.At(s.weight, sample)
		if matrix, err = s.matrix(ctx, rows, func() {}); err != nil {
			return nil, nil, end, err
		}
	}
	found, err := pam.Improve(ctx, matrix, weight, stream.Perm(len(rows)), s.m.K, s.m.MaxIter)
	if err != nil {
		return nil, nil, end, err
	}
	medoids = pick.At(rows, found.Medoids)
	slices.Sort(medoids)
	items, cost, err := s.assign(ctx, medoids)
	return medoids, items, starts.Restart{Cost: cost, Iterations: found.Passes, Converged: found.Converged}, err
}

// assign returns the nearest medoid of every item (u), ties to the first, and the cost in full precision.
func (s *medoidSearch) assign(ctx context.Context, medoids []int) (labels []int, cost float64, err error) {
	centers := s.CenterRows(medoids)
	labels = make([]int, len(s.First))
	err = par.InTurn(ctx, len(s.First), func(_, from, to int) {
		for item := from; item < to; item++ {
			label, dist, _ := nearestMedoid(s.row(s.First[item]), centers, s.between)
			labels[item] = label
			cost += float64(s.weight[item] * dist)
		}
	})
	return labels, cost, err
}

func (s *medoidSearch) CenterRows(medoids []int) [][]float64 {
	rows := make([][]float64, len(medoids))
	for c, i := range medoids {
		rows[c] = s.row(i)
	}
	return rows
}

// settle puts the medoids in canonical order and returns the labels of all rows (n). A row that lies exactly between two
// medoids goes to the lower number, so renumbering can move such rows, always to a heavier segment: the loop ends.
func (s *medoidSearch) settle(ctx context.Context, medoids []int) (table.Labels, error) {
	for {
		items, _, err := s.assign(ctx, medoids)
		if err != nil {
			return nil, err
		}
		labels := table.Labels(pick.At(items, s.Of))
		order := pick.BySize(labels, s.w, s.m.K)
		if slices.IsSorted(order) {
			return labels, nil
		}
		copy(medoids, pick.At(medoids, order))
	}
}

// clustering puts the best solution into the public type.
func (s *medoidSearch) clustering(x *table.Table, medoids []int, labels table.Labels, restarts starts.Evidence, winner int) *Clustering {
	centers := table.FromRaw(table.Raw{Columns: x.Raw().Columns, Transformed: x.Raw().Transformed, IDs: wording.Numbered(len(medoids))})
	for _, i := range medoids {
		centers.Raw().Data = append(centers.Raw().Data, x.Raw().Row(i)...)
		s.fitted.Medoids = append(s.fitted.Medoids, x.Row(i))
	}
	best := restarts[winner]
	return &Clustering{Method: s.m, K: s.m.K, Labels: labels, Centers: centers, Medoids: medoids, Assigner: s.fitted,
		Cost: best.Cost, Iterations: best.Iterations, Converged: best.Converged, Restarts: restarts}
}
