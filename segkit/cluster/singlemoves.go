package cluster

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/distinct"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// Single moves (Hartigan 1975, "Clustering Algorithms", Wiley; Telgarsky & Vattani 2010, "Hartigan's method: k-means clustering
// without Voronoi", AISTATS, PMLR 9). Lloyd's iterations rest when every customer is nearest to its own centre. But a customer who
// leaves takes its pull on the centre along: moving weight w from a segment of weight A, at squared distance a, to one of weight B,
// at squared distance b, lowers the cost by
//
//	w A/(A-w) a - w B/(B+w) b
//
// which can be above 0 although a < b. Where this rests, Lloyd's iterations rest too; the reverse fails most in yes/no surveys, where
// many customers give the same answers. Equal customers are one pile, and move together, so that they stay together.

// A move must save a share of the cost. Among few piles that is a share above the noise of rounding alone. Among many a move saves
// hardly anything unless the pile is large, and the rest that Lloyd's tolerance leaves would be moved one by one.
const (
	fewPiles       = 4096
	worthAmongFew  = 1e-9
	worthAmongMany = 1e-6
)

// worth is what a move must save where the cost is this.
func (q *piles) worth(cost float64) float64 {
	if q.n > fewPiles {
		return worthAmongMany * cost
	}
	return worthAmongFew * cost
}

// piles are the different rows of a table. Where all differ, a pile is a row, and of and first are nil.
type piles struct {
	n     int
	x     []float64 // (n*d)
	w     []float64 // (n) weights, nil where all are 1
	rows  []int     // (n) how many rows each is, nil where all are 1
	first []int     // (n) the first row of each
	of    []int     // (rows of the table) the pile of each
}

// newPiles finds the different rows of a table of raw values.
func newPiles(ctx context.Context, x *table.Raw, n, d int) *piles {
	found := distinct.Rows(ctx, x.Data, n, d)
	if len(found.First) == n {
		return &piles{n: n, x: x.Data, w: x.Weights}
	}
	u := len(found.First)
	q := &piles{n: u, x: make([]float64, 0, u*d), w: make([]float64, u), rows: make([]int, u), first: found.First, of: found.Of}
	for _, i := range q.first {
		q.x = append(q.x, x.Data[i*d:(i+1)*d]...)
	}
	for i, u := range q.of {
		w := 1.0
		if x.Weights != nil {
			w = x.Weights[i]
		}
		q.w[u] += w
		q.rows[u]++
	}
	return q
}

func (q *piles) weight(u int) float64 {
	if q.w == nil {
		return 1
	}
	return q.w[u]
}

func (q *piles) size(u int) int {
	if q.rows == nil {
		return 1
	}
	return q.rows[u]
}

// labels returns the segment of every pile (n), Noise for piles that a smallest size has parted: those stay. Where a pile is a row, these are the
// labels of s themselves.
func (q *piles) labels(s *solution) []int32 {
	if q.of == nil {
		return s.labels
	}
	labels := make([]int32, q.n)
	for u, i := range q.first {
		labels[u] = s.labels[i]
	}
	for i, u := range q.of {
		if s.labels[i] != labels[u] {
			labels[u] = table.Noise
		}
	}
	return labels
}

// heavy returns the piles that are worth a survey, in order. The others would not save enough even if they lay on the border of their
// segment and the lightest one.
func (q *piles) heavy(p *lloyd, s *solution, lightest, enough float64) (heavy []int) {
	for u := range q.n {
		i, w := u, q.weight(u)
		if q.first != nil {
			i = q.first[u]
		}
		if p.least > 0 || 2*w*w*s.dist[i] > enough*(lightest-w) {
			heavy = append(heavy, u)
		}
	}
	return heavy
}

// pick returns some of the piles, of whose rows nothing is known. Unless these are all, x is of heavyRows, for the caller to give back.
func (q *piles) pick(which []int, d int) *piles {
	if len(which) == q.n {
		return q
	}
	out := &piles{n: len(which), x: heavyRows.take(len(which) * d)[:0]}
	for _, u := range which {
		out.x = append(out.x, q.x[u*d:(u+1)*d]...)
	}
	if q.w != nil {
		out.w = pick.At(q.w, which)
	}
	if q.rows != nil {
		out.rows = pick.At(q.rows, which)
	}
	return out
}

// mover makes single moves of heavy piles. Most of them lie so far inside their segment that they need no look: room says how far
// centres must have moved before one is worth a look again.
type mover struct {
	*piles
	k, d    int
	least   int       // rows of every segment
	enough  float64   // what a move must save
	centers []float64 // (k*d) means of the segments as they are
	weights []float64 // (k)
	sizes   []int     // (k) rows
	labels  []int32   // (n)
	room    []float64 // (n) drift at which a pile must be looked at, +Inf for never
	drift   float64   // how far any centre can have moved since the survey
	floor   []float64 // (k) weights that rooms reckon with: segments may shrink to them
}

// moveSingly moves piles of s, whose cost is known, one at a time as long as that lowers the cost, and says whether any moved. Sums
// are those of the labels, before and after; the centres are left to the caller. Every round takes the piles that gain most first, so
// that the order of rows does not matter.
func (p *lloyd) moveSingly(ctx context.Context, s *solution, sums *means) (moved bool, err error) {
	if p.m.K == 1 || s.cost == 0 {
		return false, nil
	}
	q := p.piles()
	enough := q.worth(s.cost)
	heavy := q.heavy(p, s, slices.Min(sums.weight), enough)
	if len(heavy) == 0 {
		return false, nil
	}
	labels := q.labels(s)
	m := &mover{piles: q.pick(heavy, p.d), k: p.m.K, d: p.d, least: max(1, p.least), enough: enough, centers: slices.Clone(s.centers),
		weights: slices.Clone(sums.weight), sizes: slices.Clone(sums.rows), labels: pick.At(labels, heavy),
		room: make([]float64, len(heavy)), floor: make([]float64, p.m.K)}
	if m.piles != q {
		defer heavyRows.giveBack(m.x)
	}
	sums.move(m.centers)
	if err := m.survey(ctx, p.rows); err != nil {
		return false, err
	}
	for m.round() {
		moved = true
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if m.shrunk() {
			if err := m.survey(ctx, p.rows); err != nil {
				return false, err
			}
		}
	}
	if !moved {
		return false, nil
	}
	for at, u := range heavy {
		labels[u] = m.labels[at]
	}
	for i, u := range q.of {
		if labels[u] != table.Noise {
			s.labels[i] = labels[u]
		}
	}
	return true, p.count(ctx, s, sums)
}

// survey reckons the room of every pile, from the nearest two centres.
func (m *mover) survey(ctx context.Context, rows func(context.Context, int, func(chunk, from, to int)) error) error {
	for l, w := range m.weights {
		m.floor[l] = 0.75 * w
	}
	m.drift = 0
	nearest, own, other := make([]int32, m.n), perRow.take(m.n), perRow.take(m.n)
	defer perRow.giveBack(own)
	defer perRow.giveBack(other)
	return rows(ctx, m.n, func(_, from, to int) {
		nearest, a, b := nearest[from:to], own[from:to], other[from:to]
		vec.NearestTwo(m.x[from*m.d:to*m.d], m.d, m.centers, nearest, a, b)
		for i, l := range nearest {
			switch u := from + i; {
			case m.labels[u] == l:
				m.room[u] = m.roomOf(u, a[i], b[i])
			case m.labels[u] == table.Noise:
				m.room[u] = math.Inf(1)
			default:
				m.room[u] = math.Inf(-1)
			}
		}
	})
}

// shrunk tells of segments that have lost more than rooms reckon with.
func (m *mover) shrunk() bool {
	for l, w := range m.weights {
		if w < m.floor[l] {
			return true
		}
	}
	return false
}

// roomOf reckons from the squared distances to a pile's own and the nearest other centre. With centres that have moved by r, a move
// saves something only if
//
//	sqrt(A/(A-w)) (sqrt(own) + r) > sqrt(B/(B+w)) (sqrt(other) - r)
//
// and the first root is at most 1 + w/(A-w)/2, the second at least 1 - w/B/2.
func (m *mover) roomOf(u int, own, other float64) float64 {
	w, floor := m.weight(u), m.floor[m.labels[u]]
	if floor <= w {
		return math.Inf(-1)
	}
	up, down := 1+w/(floor-w)/2, 1-w/slices.Min(m.floor)/2
	return m.drift + (float64(down*math.Sqrt(other))-float64(up*math.Sqrt(own)))/(up+1)
}

// gain is what moving a pile saves.
type gain struct {
	pile, to   int
	saves      float64
	own, other float64 // squared distances to its own centre and to the nearest other
}

// look finds the best move of a pile.
func (m *mover) look(u int) gain {
	x, w, from := m.x[u*m.d:(u+1)*m.d], m.weight(u), int(m.labels[u])
	g := gain{pile: u, to: from, own: vec.Square(x, m.centers[from*m.d:(from+1)*m.d]), other: math.Inf(1)}
	joining := math.Inf(1)
	for l, weight := range m.weights {
		if l == from {
			continue
		}
		to := vec.Square(x, m.centers[l*m.d:(l+1)*m.d])
		g.other = min(g.other, to)
		if adds := float64(w * weight / (weight + w) * to); adds < joining {
			joining, g.to = adds, l
		}
	}
	if rest := m.weights[from] - w; rest > 0 && m.sizes[from]-m.size(u) >= m.least {
		g.saves = float64(w*m.weights[from]/rest*g.own) - joining
	}
	return g
}

// round moves the piles that save enough, those that save most first, and says whether there were any.
func (m *mover) round() (moved bool) {
	var gains []gain
	for u, room := range m.room {
		if room >= m.drift {
			continue
		}
		if g := m.look(u); g.saves > m.enough {
			gains = append(gains, g)
		} else {
			m.room[u] = m.roomOf(u, g.own, g.other)
		}
	}
	slices.SortFunc(gains, func(a, b gain) int {
		return cmp.Or(cmp.Compare(b.saves, a.saves), slices.Compare(m.x[a.pile*m.d:(a.pile+1)*m.d], m.x[b.pile*m.d:(b.pile+1)*m.d]))
	})
	before := slices.Clone(m.centers)
	for _, g := range gains {
		if g := m.look(g.pile); g.saves > m.enough { // still, after the moves before it
			m.move(g)
			moved = true
		}
	}
	far := 0.0
	for l := range m.k {
		far = max(far, vec.Square(before[l*m.d:(l+1)*m.d], m.centers[l*m.d:(l+1)*m.d]))
	}
	m.drift += math.Sqrt(far)
	return moved
}

// move moves a pile, and the two means with it.
func (m *mover) move(g gain) {
	from, w, rows := int(m.labels[g.pile]), m.weight(g.pile), m.size(g.pile)
	left, joined := m.centers[from*m.d:(from+1)*m.d], m.centers[g.to*m.d:(g.to+1)*m.d]
	m.weights[from] -= w
	m.weights[g.to] += w
	out, in := w/m.weights[from], w/m.weights[g.to]
	for j, v := range m.x[g.pile*m.d : (g.pile+1)*m.d] {
		left[j] -= float64(out * (v - left[j]))
		joined[j] += float64(in * (v - joined[j]))
	}
	m.sizes[from] -= rows
	m.sizes[g.to] += rows
	m.labels[g.pile] = int32(g.to)
	m.room[g.pile] = math.Inf(-1)
}
