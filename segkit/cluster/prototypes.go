package cluster

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// Prototypes assigns every row to the nearest of k prototypes, ties to the lowest. It is the fitted state of k-prototypes.
type Prototypes struct {
	table.Schema             // Columns (d)
	Gamma        float64     `json:"gamma"`   // what a differing category adds to the distance
	Centers      [][]float64 `json:"centers"` // (k x d) means of numbers, most frequent levels of categories
}

var _ Assigner = Prototypes{}

// Kind implements Assigner.
func (Prototypes) Kind() string { return "prototypes" }

// Reorder implements Assigner.
func (a Prototypes) Reorder(order []int) Assigner {
	a.Centers = pick.At(a.Centers, order)
	return a
}

// Assign implements Assigner. Columns are found by name, and must have the levels that were clustered; others are ignored. It
// costs n*k*d.
func (a Prototypes) Assign(x *table.Table) (labels table.Labels, nearest, second []float64, err error) {
	if x, err = clustered("cluster.Prototypes.Assign", a.Schema, x); err != nil {
		return nil, nil, nil, err
	}
	if err := x.CheckFinite("cluster.Assigner.Assign"); err != nil {
		return nil, nil, nil, err
	}
	if err := a.Valid(); err != nil {
		return nil, nil, nil, err
	}
	n, d := x.Dims()
	category := categories(x.Raw().Columns)
	rows, centers := split(x.Raw().Data, n, d, category), split(slices.Concat(a.Centers...), len(a.Centers), d, category)
	labels, nearest, second = make(table.Labels, n), make([]float64, n), make([]float64, n)
	err = par.Rows(job.DefaultContext, n, func(_, from, to int) {
		for i := from; i < to; i++ {
			labels[i], nearest[i], second[i] = rows.nearest(i, &centers, len(a.Centers), a.Gamma)
		}
	})
	return labels, nearest, second, err
}

func (a Prototypes) CenterRows() [][]float64 { return a.Centers }

func (a Prototypes) Valid() error {
	if len(a.Centers) == 0 {
		return fault.Errorf(fault.ErrFormat, "segkit: model has no prototypes")
	}
	for s, row := range a.Centers {
		if len(row) != len(a.Columns) {
			return fault.Errorf(fault.ErrFormat, "segkit: prototype %d has %d values for %d columns", s+1, len(row), len(a.Columns))
		}
		if err := (table.FromRaw(table.Raw{Columns: a.Columns, IDs: []string{""}, Data: row})).Check(); err != nil {
			return fmt.Errorf("segkit: prototype %d: %w", s+1, fault.Trimmed(err))
		}
	}
	return nil
}

// mixedRows are rows cut into numbers and levels.
type mixedRows struct {
	p, q    int
	numbers []float64 // (n*p)
	levels  []int32   // (n*q)
}

// categories says of every column (d) whether it is one.
func categories(columns []table.Column) []bool {
	out := make([]bool, len(columns))
	for j, c := range columns {
		out[j] = c.Categorical()
	}
	return out
}

// split cuts n rows of d columns.
func split(data []float64, n, d int, category []bool) mixedRows {
	m := mixedRows{}
	for _, is := range category {
		if is {
			m.q++
		} else {
			m.p++
		}
	}
	m.numbers, m.levels = make([]float64, 0, n*m.p), make([]int32, 0, n*m.q)
	for i := range n {
		for j, v := range data[i*d : (i+1)*d] {
			if category[j] {
				m.levels = append(m.levels, int32(v))
			} else {
				m.numbers = append(m.numbers, v)
			}
		}
	}
	return m
}

// row puts row i together again (d).
func (m mixedRows) row(i int, category []bool) []float64 {
	numbers, levels := m.numbers[i*m.p:(i+1)*m.p], m.levels[i*m.q:(i+1)*m.q]
	row := make([]float64, len(category))
	for j, is := range category {
		if is {
			row[j], levels = float64(levels[0]), levels[1:]
		} else {
			row[j], numbers = numbers[0], numbers[1:]
		}
	}
	return row
}

// distance is that of row i to row c of the prototypes.
func (m *mixedRows) distance(i int, centers *mixedRows, c int, gamma float64) float64 {
	numbers := vec.Square(m.numbers[i*m.p:(i+1)*m.p], centers.numbers[c*m.p:(c+1)*m.p])
	return numbers + float64(gamma*float64(unlike(m.levels[i*m.q:(i+1)*m.q], centers.levels[c*m.q:(c+1)*m.q])))
}

// unlike counts the levels of a that are not those of b.
func unlike(a, b []int32) (n int) {
	b = b[:len(a)]
	for j, v := range a {
		if v != b[j] {
			n++
		}
	}
	return n
}

// nearest returns the nearest of k prototypes to row i, the first of several, its distance, and that of the second-nearest,
// +Inf where there is none. A prototype whose numbers alone are too far needs no look at its categories.
func (m *mixedRows) nearest(i int, centers *mixedRows, k int, gamma float64) (label int, nearest, second float64) {
	nearest, second = math.Inf(1), math.Inf(1)
	numbers, levels := m.numbers[i*m.p:(i+1)*m.p], m.levels[i*m.q:(i+1)*m.q]
	for c := range k {
		d := vec.Square(numbers, centers.numbers[c*m.p:(c+1)*m.p])
		if d >= second {
			continue
		}
		switch d += float64(gamma * float64(unlike(levels, centers.levels[c*m.q:(c+1)*m.q]))); {
		case d < nearest:
			label, nearest, second = c, d, nearest
		case d < second:
			second = d
		}
	}
	return label, nearest, second
}

// add appends row i of another.
func (m *mixedRows) add(from mixedRows, i int) {
	m.numbers = append(m.numbers, from.numbers[i*m.p:(i+1)*m.p]...)
	m.levels = append(m.levels, from.levels[i*m.q:(i+1)*m.q]...)
}

// prototypeSearch is the work of KPrototypes on one table. A start runs on one processor, and adds up rows in order.
type prototypeSearch struct {
	m        KPrototypes // resolved
	n        int
	rows     mixedRows
	w        []float64              // (n) or nil
	category []bool                 // (d)
	levels   []int                  // (q) number of levels
	piles    func() *prototypePiles // found by the start that first needs them
}

// prototypeSolution is where one start has come to.
type prototypeSolution struct {
	centers    mixedRows    // (k)
	labels     table.Labels // (n)
	dist       []float64    // (n) to its own prototype
	cost       float64
	iterations int
	converged  bool
}

func (s *prototypeSolution) Ended() starts.Restart {
	return starts.Restart{Cost: s.cost, Iterations: s.iterations, Converged: s.converged}
}

func newPrototypeSearch(ctx context.Context, m KPrototypes, x *table.Table) *prototypeSearch {
	n, d := x.Dims()
	p := &prototypeSearch{m: m, n: n, w: x.Raw().Weights, category: categories(x.Raw().Columns)}
	p.rows = split(x.Raw().Data, n, d, p.category)
	for _, c := range x.Raw().Columns {
		if c.Categorical() {
			p.levels = append(p.levels, len(c.Levels))
		}
	}
	p.piles = sync.OnceValue(func() *prototypePiles {
		q := &prototypePiles{piles: newPiles(ctx, x.Raw(), n, d), cut: p.rows}
		if q.of != nil {
			q.cut = split(q.x, q.n, d, p.category)
		}
		return q
	})
	return p
}

func (p *prototypeSearch) weight(i int) float64 {
	if p.w == nil {
		return 1
	}
	return p.w[i]
}

// run makes one start and iterates it until it rests. Only ctx makes it fail.
func (p *prototypeSearch) run(ctx context.Context, r *rand.Rand) (*prototypeSolution, error) {
	s := &prototypeSolution{labels: slices.Repeat(table.Labels{table.Noise}, p.n), dist: make([]float64, p.n)}
	var err error
	if s.centers, err = p.begin(ctx, r); err != nil {
		return nil, err
	}
	rested := math.Inf(1) // the cost where iterations last rested
	for {
		changed, err := p.assign(ctx, s)
		if err != nil {
			return nil, err
		}
		if s.converged = changed == 0 && s.cost >= rested; s.converged || s.iterations == p.m.MaxIter {
			_, err := p.settle(ctx, s) // what moves saved since then was rounding
			return s, err
		}
		if changed == 0 {
			rested = s.cost
			if s.converged, err = p.rests(ctx, s); s.converged || err != nil {
				return s, err
			}
		}
		s.iterations++
		p.fillEmpty(s)
		p.move(s)
	}
}

// rests makes single moves where iterations rest, or says that there are none. Renumbering can send customers who tie elsewhere, from
// where moves are possible again.
func (p *prototypeSearch) rests(ctx context.Context, s *prototypeSolution) (bool, error) {
	for {
		better, err := p.moveSingly(ctx, s)
		if better || err != nil {
			return false, err
		}
		if tied, err := p.settle(ctx, s); !tied || err != nil {
			return true, err
		}
	}
}

// begin draws the first prototypes among the rows as greedy k-means++ does (Arthur & Vassilvitskii 2007): each is the best of
// 2 + ln k rows, drawn with probability proportional to their weighted distance to the nearest prototype so far.
func (p *prototypeSearch) begin(ctx context.Context, r *rand.Rand) (mixedRows, error) {
	centers := mixedRows{p: p.rows.p, q: p.rows.q}
	dist := slices.Repeat([]float64{1}, p.n) // the first: any row, by weight alone
	trial, best := make([]float64, p.n), make([]float64, p.n)
	total, draws := 0.0, 1
	for i := range dist {
		total += p.weight(i)
	}
	for c := range p.m.K {
		chosen, lowest := -1, math.Inf(1)
		for range draws {
			i := p.draw(r, dist, total)
			sum, err := p.lower(ctx, i, dist, trial, c == 0)
			if err != nil {
				return mixedRows{}, err
			}
			if chosen < 0 || sum < lowest {
				chosen, lowest = i, sum
				trial, best = best, trial
			}
		}
		centers.add(p.rows, chosen)
		dist, best, total = best, dist, lowest
		draws = 2 + int(math.Log(float64(p.m.K)))
	}
	return centers, nil
}

// lower writes to out (n) what dist (n) becomes with a further prototype at row at, which may be the first, and returns the
// weighted sum.
func (p *prototypeSearch) lower(ctx context.Context, at int, dist, out []float64, first bool) (sum float64, err error) {
	err = par.InTurn(ctx, p.n, func(_, from, to int) {
		for i := from; i < to; i++ {
			if out[i] = p.rows.distance(i, &p.rows, at, p.m.Gamma); !first {
				out[i] = min(out[i], dist[i])
			}
			sum += float64(p.weight(i) * out[i])
		}
	})
	return sum, err
}

// draw returns a row with probability proportional to its weight x dist, which add up to total; any row where that is 0.
func (p *prototypeSearch) draw(r *rand.Rand, dist []float64, total float64) int {
	left, last := r.Float64()*total, -1
	for i, d := range dist {
		chance := float64(p.weight(i) * d)
		if chance == 0 {
			continue
		}
		if last = i; left < chance {
			return i
		}
		left -= chance
	}
	if last < 0 {
		return r.IntN(p.n)
	}
	return last // rounding left a hair over
}

// assign gives every row of s its nearest prototype, sets the cost, and returns how many changed.
func (p *prototypeSearch) assign(ctx context.Context, s *prototypeSolution) (changed int, err error) {
	s.cost = 0
	err = par.InTurn(ctx, p.n, func(_, from, to int) {
		for i := from; i < to; i++ {
			label, dist, _ := p.rows.nearest(i, &s.centers, p.m.K, p.m.Gamma)
			if label != s.labels[i] {
				changed++
			}
			s.labels[i], s.dist[i] = label, dist
			s.cost += float64(p.weight(i) * dist)
		}
	})
	return changed, err
}

// fillEmpty gives every segment without rows the row that lies farthest from its prototype, ties to the first row, taken
// from a segment that keeps others. K different rows exist, so there is always such a row.
func (p *prototypeSearch) fillEmpty(s *prototypeSolution) {
	rows := make([]int, p.m.K)
	for _, l := range s.labels {
		rows[l]++
	}
	for l := range rows {
		if rows[l] > 0 {
			continue
		}
		far := -1
		for i, dist := range s.dist {
			if rows[s.labels[i]] > 1 && (far < 0 || dist > s.dist[far]) {
				far = i
			}
		}
		rows[s.labels[far]]--
		rows[l]++
		s.labels[far], s.dist[far] = l, 0
	}
}

// move sets the prototypes to the means and the most frequent levels of their rows, the first level of several. Either makes
// the cost of its column least, so the cost never rises.
func (p *prototypeSearch) move(s *prototypeSolution) {
	sums, weight := make([]float64, p.m.K*p.rows.p), make([]float64, p.m.K)
	counts := make([][]float64, p.m.K*p.rows.q) // (k*q) of (levels)
	for at := range counts {
		counts[at] = make([]float64, p.levels[at%p.rows.q])
	}
	for i, l := range s.labels {
		w := p.weight(i)
		weight[l] += w
		for j, v := range p.rows.numbers[i*p.rows.p : (i+1)*p.rows.p] {
			sums[l*p.rows.p+j] += float64(w * v)
		}
		for j, v := range p.rows.levels[i*p.rows.q : (i+1)*p.rows.q] {
			counts[l*p.rows.q+j][v] += w
		}
	}
	for at, sum := range sums {
		s.centers.numbers[at] = sum / weight[at/p.rows.p]
	}
	for at, count := range counts {
		most := 0
		for level, w := range count {
			if w > count[most] {
				most = level
			}
		}
		s.centers.levels[at] = int32(most)
	}
}

// settle renumbers the segments canonically, and says whether a customer changed its segment by that. A row that lies exactly between
// two prototypes goes to the lower number, so renumbering can move such rows, always to a heavier segment: the loop ends.
func (p *prototypeSearch) settle(ctx context.Context, s *prototypeSolution) (tied bool, err error) {
	for {
		order := pick.BySize(s.labels, p.w, p.m.K)
		if slices.IsSorted(order) {
			return tied, nil
		}
		centers, number := mixedRows{p: p.rows.p, q: p.rows.q}, make([]int, p.m.K)
		for at, c := range order {
			centers.add(s.centers, c)
			number[c] = at
		}
		s.centers = centers
		for i, l := range s.labels {
			s.labels[i] = number[l]
		}
		changed, err := p.assign(ctx, s)
		if err != nil {
			return false, err
		}
		tied = tied || changed > 0
	}
}
