package cluster

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/em"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// LatentClass divides people by their answers. It assumes K classes, each with its own probabilities for the answers to every question,
// independently of the other questions (Lazarsfeld & Henry 1968, "Latent structure analysis"; Goodman 1974, doi:10.1093/biomet/61.2.215). It
// finds the most probable classes by the EM algorithm from several random starts. Everybody has a probability for each class
// (Clustering.Membership), and belongs to the likeliest. Clustering.Likelihood has the BIC for choosing K.
//
// Columns are categories, or numbers that are all 0 or 1; the order of levels is not used. A missing answer carries no
// information: it is taken to be equally likely in every class (missing at random). Rows count by the table's weights. Equal rows
// are processed once, and questions in groups with at most 64 patterns of answers (six yes/no questions, say): with u different
// rows and g groups, an iteration costs u*k*g, where g is at most d. Memory is O(n*(d + k)).
type LatentClass struct {
	K        int     `json:"k"`        // number of segments, 1 to the number of different rows
	Restarts int     `json:"restarts"` // starts; 0 means 20
	MaxIter  int     `json:"max_iter"` // most iterations of each start; 0 means 2000
	Tol      float64 `json:"tol"`      // stop when the mean log-likelihood of a customer rises by at most this; 0 means 1e-8, negative means never
	Seed     int     `json:"seed"`     // any number; the same number gives the same segments
}

var _ KMethod = LatentClass{}

// What KMethod and Restarter ask for.

func (m LatentClass) AtMost(starts int) Method {
	m.Restarts = min(m.resolved().Restarts, starts)
	return m
}
func (m LatentClass) Reseeded(seed int) Method { m.Seed = seed; return m }
func (m LatentClass) WithK(k int) Method       { m.K = k; return m }

// resolved returns m with its defaults filled in.
func (m LatentClass) resolved() LatentClass {
	m.Restarts = cmp.Or(m.Restarts, 20)
	m.MaxIter = cmp.Or(m.MaxIter, 2000)
	if m.Tol == 0 {
		m.Tol = 1e-8
	}
	return m
}

// TakesCategories says that a recipe without Columns includes categories.
func (LatentClass) TakesCategories() bool { return true }

// Check implements Method. It costs n*d.
func (m LatentClass) Check(x *table.Table) error {
	const name = "cluster.LatentClass"
	if x == nil {
		return fault.Nil(name, "table")
	}
	n, d := x.Dims()
	switch {
	case n == 0:
		return fmt.Errorf("segkit: %s: %w", name, fault.ErrEmpty)
	case d == 0:
		return fault.Errorf(fault.ErrSchema, "segkit: %s: the table has no columns to cluster", name)
	}
	for j, c := range x.Raw().Columns {
		if c.Categorical() {
			continue
		}
		if err := x.Refuse([]int{j}, noAnswer, fault.CellError{Op: name, Err: fault.ErrSchema, Why: "is a number other than 0 and 1, so it is not an answer",
			Remedy: "read the column as text or with its Levels, or use cluster.GaussianMixture for numbers"}); err != nil {
			return err
		}
	}
	m = m.resolved()
	switch {
	case m.Restarts < 1:
		return fault.Option(name, "Restarts", m.Restarts, "at least 1, or 0 for 20")
	case m.MaxIter < 1:
		return fault.Option(name, "MaxIter", m.MaxIter, "at least 1, or 0 for 2000")
	case math.IsNaN(m.Tol):
		return fault.Option(name, "Tol", m.Tol, "a number")
	}
	return checkK(name, m.K, x)
}

// noAnswer reports whether v, in a column of numbers, is neither missing nor 0 or 1.
func noAnswer(v float64) bool { return !math.IsNaN(v) && v != 0 && v != 1 }

// answering is the work of LatentClass on one table.
type answering struct {
	m       LatentClass // resolved
	answers em.Answers  // (u) different rows
	row     []int       // (n) which of them each row of the table is
	weight  float64     // of all rows
	rows    func(ctx context.Context, n int, do func(chunk, from, to int)) error

	logUnits float64
}

// answered is where one start has come to.
type answered struct {
	classes    *em.Classes
	cost       float64
	iterations int
	converged  bool
	logUnits   float64
}

func (s *answered) Ended() starts.Restart {
	return starts.Restart{Cost: s.cost, Iterations: s.iterations, Converged: s.converged, LogUnits: s.logUnits}
}

// Cluster implements Method.
func (m LatentClass) Cluster(ctx context.Context, x *table.Table) (*Clustering, error) {
	m = m.resolved()
	p := newAnswering(m, x)
	across := par.Items
	if len(p.answers.Weight) >= bigTable {
		across, p.rows = inTurn, par.Rows
	}
	compared := x.Rows(starts.ComparedRows(x.Len()))
	best, restarts, err := starts.Best(ctx, fmt.Sprintf("latent classes, k = %d", m.K), m.Restarts, across,
		func(r int) (*answered, error) { return p.run(ctx, r) },
		func(s *answered) (table.Labels, error) {
			labels, _, _, err := newFittedLatentClass(x.Raw().Columns, s.classes).Assign(compared)
			return labels, err
		})
	if err != nil {
		return nil, err
	}
	return p.clustering(ctx, x, best, restarts)
}

func newAnswering(m LatentClass, x *table.Table) *answering {
	a := FittedLatentClass{Columns: x.Raw().Columns}
	codes := a.codes(x, a.at())
	n, d := x.Dims()
	p := &answering{m: m, row: make([]int, n), rows: par.InTurn, logUnits: logUnits(x)}
	known := make(map[string]int)
	var different []int32 // (u*d)
	var weight []float64  // (u)
	var key strings.Builder
	for i := range n {
		key.Reset()
		for _, code := range codes[i*d : (i+1)*d] {
			for b := range 4 {
				key.WriteByte(byte(code >> (8 * b)))
			}
		}
		u, ok := known[key.String()]
		if !ok {
			u = len(known)
			known[key.String()] = u
			different = append(different, codes[i*d:(i+1)*d]...)
			weight = append(weight, 0)
		}
		p.row[i] = u
		weight[u] += x.Weight(i)
		p.weight += x.Weight(i)
	}
	p.answers = em.NewAnswers(a.levels(), different, weight)
	return p
}

// run makes start r and iterates it until it rests. Only ctx makes it fail.
func (p *answering) run(ctx context.Context, r int) (*answered, error) {
	u := len(p.answers.Weight)
	s := &answered{logUnits: p.logUnits, classes: em.RandomClasses(p.m.K, p.answers.Levels, seed.Stream(p.m.Seed, "latent class start", r))}
	parts, total := make([]*em.Tally, par.Chunks(u)), em.NewTally(p.m.K, p.answers)
	for c := range parts {
		parts[c] = em.NewTally(p.m.K, p.answers)
	}
	last := math.Inf(-1)
	for {
		s.classes.Ready()
		odds := s.classes.Odds(p.answers)
		err := p.rows(ctx, u, func(c, from, to int) {
			parts[c].Reset()
			parts[c].Rows(s.classes, odds, p.answers, from, to)
		})
		if err != nil {
			return nil, err
		}
		total.Reset()
		for _, part := range parts {
			total.Add(part)
		}
		s.cost = -total.Log
		s.converged = total.Log-last <= p.m.Tol*p.weight
		if s.converged || s.iterations == p.m.MaxIter {
			return s, nil
		}
		last = total.Log
		s.classes = total.Update(s.classes, p.answers)
		s.iterations++
	}
}

// parameters counts the free numbers: a probability less than there are levels with an answer, for each question and class.
func (p *answering) parameters() int {
	d, free := len(p.answers.Levels), 0
	for j := range d {
		seen := make(map[int32]bool)
		for i := j; i < len(p.answers.Codes); i += d {
			seen[p.answers.Codes[i]] = true
		}
		delete(seen, -1)
		free += max(len(seen)-1, 0)
	}
	return p.m.K - 1 + p.m.K*free
}

// clustering puts the best start into the public type, its segments in canonical order.
func (p *answering) clustering(ctx context.Context, x *table.Table, s *answered, restarts starts.Evidence) (*Clustering, error) {
	a := newFittedLatentClass(x.Raw().Columns, s.classes)
	out := &Clustering{Method: p.m, K: p.m.K, Cost: s.cost, Iterations: s.iterations, Converged: s.converged, Restarts: restarts,
		Likelihood: newLikelihood(x, -s.cost, p.parameters())}
	for {
		labels, membership, err := a.members(ctx, x, true)
		if err != nil {
			return nil, err
		}
		order := pick.BySize(labels, x.Raw().Weights, p.m.K)
		if slices.IsSorted(order) {
			out.Labels, out.Membership, out.Assigner = labels, membership, a
			return out, nil
		}
		// Renumbering can only move rows between equally likely segments, to the heavier one, so that this ends.
		a = a.Reorder(order).(FittedLatentClass)
	}
}
