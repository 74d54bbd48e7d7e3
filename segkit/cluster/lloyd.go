package cluster

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/starts"
	"github.com/segkit/lab/segkit/table"
)

// lloyd is the work of KMeans on one table: starts, iterations, and the final order of segments.
//
// All sums over rows are made chunk by chunk and added in chunk order, so that neither the number of processors nor the
// choice of rows (par.Rows or par.InTurn) shows in a single bit.
type lloyd struct {
	m     KMeans // resolved
	n, d  int
	x     []float64 // (n*d)
	w     []float64 // (n) or nil
	wx    []float64 // (n*width) what the rows of a segment add up to: rows times weights, then the weight; x itself without weights
	width int
	start []float64                                                            // (k*d) or nil
	tol   float64                                                              // absolute
	least int                                                                  // rows of every segment
	rows  func(ctx context.Context, n int, do func(chunk, from, to int)) error // par.Rows or par.InTurn
	piles func() *piles                                                        // found by the start that first needs them
}

// room holds numbers that one start, or one fit, after another can use.
type room struct{ sync.Pool }

var perRow, weighedRows, heavyRows room

// take gives n numbers, whatever they are.
func (r *room) take(n int) []float64 {
	if used, ok := r.Get().(*[]float64); ok && cap(*used) >= n {
		return (*used)[:n]
	}
	return make([]float64, n)
}

// giveBack ends the use of numbers.
func (r *room) giveBack(numbers []float64) { r.Put(&numbers) }

// solution is where one start has come to.
type solution struct {
	centers    []float64 // (k*d)
	labels     []int32   // (n) nearest centre, as far as the smallest size allows
	dist       []float64 // (n) squared distance to it; nil between uses
	unmeasured bool      // dist is nil, or of other labels or centres
	cost       float64   // weighted sum of dist
	iterations int
	converged  bool
}

func (s *solution) Ended() starts.Restart {
	return starts.Restart{Cost: s.cost, Iterations: s.iterations, Converged: s.converged}
}

// divided returns what gives the labels of the rows that starts are compared on.
func (p *lloyd) divided() func(*solution) (table.Labels, error) {
	rows := starts.ComparedRows(p.n)
	return func(s *solution) (table.Labels, error) {
		labels := make(table.Labels, len(rows))
		for at, i := range rows {
			labels[at] = int(s.labels[i])
		}
		return labels, nil
	}
}

func newLloyd(ctx context.Context, m KMeans, x *table.Table, rows func(context.Context, int, func(chunk, from, to int)) error) *lloyd {
	n, d := x.Dims()
	p := &lloyd{m: m, n: n, d: d, x: x.Raw().Data, w: x.Raw().Weights, wx: x.Raw().Data, width: d, least: m.Least(n), rows: rows}
	if p.w != nil {
		p.width++
		p.wx = weighedRows.take(n * p.width)
		_ = rows(ctx, n, func(_, from, to int) { // an interruption is noticed when the rows are next looked at
			for i := from; i < to; i++ {
				weighed, w := p.wx[i*p.width:(i+1)*p.width], p.w[i]
				for j, v := range p.row(i) {
					weighed[j] = w * v
				}
				weighed[d] = w
			}
		})
	}
	p.piles = sync.OnceValue(func() *piles { return newPiles(ctx, x.Raw(), n, d) })
	if m.Start != nil {
		start, _ := m.Start.Select(x.Names()...) // Check has tried it
		p.start = start.Raw().Data
	}
	if m.Tol > 0 {
		total := 0.0
		for _, sd := range stats.SDs(p.x, d, p.w) {
			total += float64(sd * sd)
		}
		p.tol = m.Tol * total / float64(d)
	}
	return p
}

func (p *lloyd) weight(i int) float64 {
	if p.w == nil {
		return 1
	}
	return p.w[i]
}

// weighed is the weighted sum of the values (n) of rows from to to-1.
func (p *lloyd) weighed(values []float64, from, to int) (sum float64) {
	if p.w == nil {
		for _, v := range values[from:to] {
			sum += v
		}
		return sum
	}
	for i := from; i < to; i++ {
		sum += float64(p.w[i] * values[i])
	}
	return sum
}

func (p *lloyd) row(i int) []float64 { return p.x[i*p.d : (i+1)*p.d] }

// run makes one start and iterates it until it rests. Only ctx makes it fail.
func (p *lloyd) run(ctx context.Context, r *rand.Rand) (*solution, error) {
	s := &solution{labels: make([]int32, p.n)}
	err := p.rows(ctx, p.n, func(_, from, to int) {
		for i := from; i < to; i++ {
			s.labels[i] = table.Noise
		}
	})
	if err != nil {
		return nil, err
	}
	if s.centers, err = p.begin(ctx, r); err != nil {
		return nil, err
	}
	err = p.rest(ctx, s)
	s.forget()
	return s, err
}

// forget gives the distances back.
func (s *solution) forget() {
	if s.dist != nil {
		perRow.giveBack(s.dist)
	}
	s.dist, s.unmeasured = nil, true
}

// rest iterates s until it rests, or has had all its iterations.
func (p *lloyd) rest(ctx context.Context, s *solution) error {
	means, resting := newMeans(p), false
	for {
		changed, err := p.assign(ctx, s, means)
		if err != nil {
			return err
		}
		// Without a change the centres are the means already, and moving them again would change nothing.
		resting = changed == 0 || resting && !slices.Contains(means.rows, 0)
		if resting || s.iterations == p.m.MaxIter {
			if err := p.price(ctx, s); err != nil || s.iterations == p.m.MaxIter {
				return err
			}
			moved, err := p.moveSingly(ctx, s, means)
			if s.converged = !moved; s.converged || err != nil {
				return err
			}
		}
		s.iterations++
		if err := means.fillEmpty(ctx, p, s); err != nil {
			return err
		}
		resting = means.move(s.centers) <= p.tol
	}
}

// assign gives every row of s its nearest centre, adds the rows up in sums, and returns how many changed. Every row is looked at: bounds that
// spare most of them the search (Hamerly 2010, doi:10.1137/1.9781611972801.12) cost more to keep than vector instructions take for
// fifty distances. A chunk of rows where nobody changed adds up to what it did.
func (p *lloyd) assign(ctx context.Context, s *solution, sums *means) (changed int, err error) {
	if s.dist == nil {
		s.dist = perRow.take(p.n)
	}
	if p.least > 0 {
		s.unmeasured = false
		return p.assignAtLeast(ctx, s, sums)
	}
	k, d := p.m.K, p.d
	quick := !sums.close && sums.screen.Set(s.centers, d)
	s.unmeasured = quick
	step := max(64, 1<<20/k) // distances between two looks at ctx
	err = p.rows(ctx, p.n, func(c, from, to int) {
		part := &sums.parts[c]
		restless := part.changed > 0 || part.stale // then so it will be now
		part.changed, part.twice = 0, 0
		var sum []float64
		if quick && restless {
			part.clear()
			sum = part.sum
		}
		for a := from; a < to && ctx.Err() == nil; a += step {
			b := min(to, a+step)
			if quick {
				changed, twice := sums.screen.Nearest(p.x[a*d:b*d], s.labels[a:b], p.wx[a*p.width:b*p.width], p.width, sum, part.rows)
				part.changed += changed
				part.twice += twice
			} else {
				part.changed += vec.Nearest(p.x[a*d:b*d], d, s.centers, s.labels[a:b], s.dist[a:b])
			}
		}
		if sum == nil && (part.changed > 0 || part.stale) {
			part.sumUp(p, s, from, to)
		}
	})
	if err != nil {
		return 0, err
	}
	sums.collect()
	return sums.changed, nil
}

// count adds the rows of s up in sums.
func (p *lloyd) count(ctx context.Context, s *solution, sums *means) error {
	err := p.rows(ctx, p.n, func(c, from, to int) {
		sums.parts[c].sumUp(p, s, from, to)
	})
	sums.collect()
	return err
}

// measure sets the distances of s.
func (p *lloyd) measure(ctx context.Context, s *solution) error {
	if !s.unmeasured {
		return nil
	}
	s.unmeasured = false
	if s.dist == nil {
		s.dist = perRow.take(p.n)
	}
	return p.rows(ctx, p.n, func(_, from, to int) {
		vec.Distances(p.x[from*p.d:to*p.d], p.d, s.centers, s.labels[from:to], s.dist[from:to])
	})
}

// price sets the cost of s.
func (p *lloyd) price(ctx context.Context, s *solution) error {
	if err := p.measure(ctx, s); err != nil {
		return err
	}
	parts := make([]float64, par.Chunks(p.n))
	err := p.rows(ctx, p.n, func(c, from, to int) {
		parts[c] = p.weighed(s.dist, from, to)
	})
	s.cost = sumParts(parts)
	return err
}

// partial is what a chunk of rows adds up to.
type partial struct {
	sum     []float64 // (k*stride) of SumRows
	rows    []int     // (k)
	changed int       // rows that changed their segment
	twice   int       // rows that a screen could not decide
	stale   bool      // rows have changed since they were added up
}

func (a *partial) clear() {
	clear(a.sum)
	clear(a.rows)
	a.stale = false
}

// sumUp adds up the rows of a chunk.
func (a *partial) sumUp(p *lloyd, s *solution, from, to int) {
	a.clear()
	vec.SumRows(p.wx[from*p.width:to*p.width], p.width, s.labels[from:to], a.sum, a.rows)
}

// means adds up the rows of every segment.
type means struct {
	sum      []float64 // (k*d) weighted sums of rows
	weight   []float64 // (k)
	rows     []int     // (k)
	weighted bool      // rows have weights, which stand behind their values
	changed  int
	parts    []partial // one for each chunk
	screen   vec.Screen
	close    bool // so many customers lie so close to a border that a screen does not pay
}

func newMeans(p *lloyd) *means {
	k := p.m.K
	m := &means{sum: make([]float64, k*p.d), weight: make([]float64, k), rows: make([]int, k), weighted: p.w != nil,
		parts: make([]partial, par.Chunks(p.n))}
	for c := range m.parts {
		m.parts[c] = partial{sum: make([]float64, k*vec.Stride(p.width)), rows: make([]int, k), stale: true}
	}
	return m
}

// collect adds the chunks up, in order.
func (m *means) collect() {
	clear(m.sum)
	clear(m.weight)
	clear(m.rows)
	m.changed = 0
	k, total, twice := len(m.rows), 0, 0
	d := len(m.sum) / k
	for c := range m.parts {
		part := &m.parts[c]
		stride := len(part.sum) / k
		for l, rows := range part.rows {
			sum := part.sum[l*stride:][:stride]
			for j, v := range sum[:d] {
				m.sum[l*d+j] += v
			}
			if m.weighted {
				m.weight[l] += sum[d]
			} else {
				m.weight[l] += float64(rows)
			}
			m.rows[l] += rows
			total += rows
		}
		m.changed += part.changed
		twice += part.twice
	}
	m.close = m.close || 16*twice > total
}

// put adds a row to segment l, or takes it out with sign -1.
func (m *means) put(l int, row []float64, w float64, sign int) {
	sum := m.sum[l*len(row) : (l+1)*len(row)]
	signed := w * float64(sign)
	for j, v := range row {
		sum[j] += float64(signed * v)
	}
	m.weight[l] += signed
	m.rows[l] += sign
}

// fillEmpty gives every segment without rows the row that lies farthest from its centre, ties to the first row, taken from
// a segment that keeps others. K different rows exist, so there is always such a row.
func (m *means) fillEmpty(ctx context.Context, p *lloyd, s *solution) error {
	for l := range m.rows {
		if m.rows[l] > 0 {
			continue
		}
		if err := p.measure(ctx, s); err != nil {
			return err
		}
		far := -1
		for i, dist := range s.dist {
			if m.rows[s.labels[i]] > 1 && (far < 0 || dist > s.dist[far]) {
				far = i
			}
		}
		m.put(int(s.labels[far]), p.row(far), p.weight(far), -1)
		m.put(l, p.row(far), p.weight(far), 1)
		s.labels[far], s.dist[far] = int32(l), 0
		m.parts[far/par.Chunk].stale = true
	}
	return nil
}

// move sets the centres to the means and returns the sum of their squared moves.
func (m *means) move(centers []float64) (shift float64) {
	d := len(m.sum) / len(m.weight)
	for l, w := range m.weight {
		for j := l * d; j < (l+1)*d; j++ {
			to := m.sum[j] / w
			e := to - centers[j]
			shift += float64(e * e)
			centers[j] = to
		}
	}
	return shift
}

// settleFilled settles s, and goes on iterating where a segment of nothing but rows between two centres lost them all by that: filled again, such a
// segment lowers the cost.
func (p *lloyd) settleFilled(ctx context.Context, s *solution) error {
	means := newMeans(p)
	for {
		if err := p.settle(ctx, s); err != nil {
			return err
		}
		if err := p.count(ctx, s, means); err != nil || !slices.Contains(means.rows, 0) {
			return err
		}
		if s.iterations == p.m.MaxIter {
			return nil
		}
		s.iterations++
		s.converged = false
		if err := means.fillEmpty(ctx, p, s); err != nil {
			return err
		}
		means.move(s.centers)
		if err := p.rest(ctx, s); err != nil {
			return err
		}
	}
}

// settle renumbers the segments canonically. A row that lies exactly between two centres goes to the lower number, so
// renumbering can move such rows, always to a heavier segment: the sum of squared weights rises, and the loop ends. Under a
// smallest size rows stay where they are, and so does the cost.
func (p *lloyd) settle(ctx context.Context, s *solution) error {
	for {
		order := pick.BySize(s.labels, p.w, p.m.K)
		if slices.IsSorted(order) {
			return nil
		}
		s.centers = orderedCenters(s.centers, p.d, order)
		if p.least > 0 {
			for i, l := range p.labels(s).Renumber(order) {
				s.labels[i] = int32(l)
			}
			return nil
		}
		if _, err := p.assign(ctx, s, newMeans(p)); err != nil {
			return err
		}
		if err := p.price(ctx, s); err != nil {
			return err
		}
	}
}

// orderedCenters returns the centres (k*d) with centre order[l] as number l.
func orderedCenters(centers []float64, d int, order []int) []float64 {
	out := make([]float64, 0, len(centers))
	for _, l := range order {
		out = append(out, centers[l*d:(l+1)*d]...)
	}
	return out
}

// labels returns the labels of s in their public type.
func (p *lloyd) labels(s *solution) table.Labels {
	labels := make(table.Labels, p.n)
	_ = p.rows(context.Background(), p.n, func(_, from, to int) {
		for i := from; i < to; i++ {
			labels[i] = int(s.labels[i])
		}
	})
	return labels
}

// end gives back what the work has taken.
func (p *lloyd) end() {
	if p.w != nil {
		weighedRows.giveBack(p.wx)
	}
}

// clustering puts the best solution, which is settled or continues a given start, into the public type.
func (p *lloyd) clustering(x *table.Table, s *solution, restarts starts.Evidence) *Clustering {
	s.forget()
	centers, assigner := centersOf(x, s.centers)
	return &Clustering{Method: p.m, K: p.m.K, Labels: p.labels(s), Centers: centers, Assigner: assigner, Cost: s.cost,
		Iterations: s.iterations, Converged: s.converged, Restarts: restarts, ordered: true}
}

// centersOf puts centres (k*d) in the space of x into their public types.
func centersOf(x *table.Table, data []float64) (*table.Table, Nearest) {
	d := len(x.Raw().Columns)
	centers, assigner := table.FromRaw(table.Raw{Columns: x.Raw().Columns, Data: data, Transformed: x.Raw().Transformed}), Nearest{Columns: x.Names()}
	for l := 0; l*d < len(data); l++ {
		centers.Raw().IDs = append(centers.Raw().IDs, strconv.Itoa(l+1))
		assigner.Centers = append(assigner.Centers, data[l*d:(l+1)*d:(l+1)*d])
	}
	return centers, assigner
}
