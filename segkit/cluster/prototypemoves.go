package cluster

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/vec"
)

// Single moves of k-prototypes are those of k-means (singlemoves.go), with categories. A customer who leaves a segment takes along
// its pull on the means and its vote for the most frequent levels. With top the weight of a segment's most frequent level, a category
// costs Gamma (A - top) in a segment of weight A. Moving weight w from A to B, at squared distances a and b of the numbers, lowers the
// cost by
//
//	w A/(A-w) a + Gamma sum(w - loss of top in A) - w B/(B+w) b - Gamma sum(w - gain of top in B)
//
// where the sums go over the categories. It is exact: no distance to a prototype is reckoned with that the move itself would change.

// prototypePiles are the different rows of a table, cut into numbers and levels.
type prototypePiles struct {
	*piles
	cut mixedRows // (n)
}

// prototypeMover makes single moves of piles.
type prototypeMover struct {
	*prototypePiles
	k           int
	gamma       float64
	enough      float64   // what a move must save
	offset      []int     // (q+1) where the levels of each category begin
	means       []float64 // (k*p)
	weights     []float64 // (k)
	sizes       []int     // (k) rows
	counts      []float64 // (k*levels) weight of each level
	top, second []float64 // (k*q) the largest weight of a level, and the next, which is the same where levels tie
	labels      []int     // (n)
}

// moveSingly moves piles of s one at a time as long as that lowers the cost, and says whether the segments are better then. They
// also are where ties were broken so that other prototypes suit them better. The prototypes are left to the caller.
func (p *prototypeSearch) moveSingly(ctx context.Context, s *prototypeSolution) (better bool, err error) {
	if p.m.K == 1 || s.cost == 0 {
		return false, nil
	}
	m := p.mover(s)
	if slices.Contains(m.sizes, 0) {
		return true, nil // all its customers tied: it will be given another
	}
	better = m.cost() < s.cost-m.enough
	heavy := m.heavy()
	for m.round(heavy) {
		better = true
		if err := ctx.Err(); err != nil {
			return false, err
		}
	}
	for i := range s.labels {
		u := i
		if m.of != nil {
			u = m.of[i]
		}
		s.labels[i] = m.labels[u]
	}
	return better, nil
}

// mover sums the segments of s up.
func (p *prototypeSearch) mover(s *prototypeSolution) *prototypeMover {
	q := p.piles()
	m := &prototypeMover{prototypePiles: q, k: p.m.K, gamma: p.m.Gamma, enough: q.worth(s.cost), offset: make([]int, 1, p.rows.q+1),
		means: make([]float64, p.m.K*p.rows.p), weights: make([]float64, p.m.K), sizes: make([]int, p.m.K), labels: make([]int, q.n),
		top: make([]float64, p.m.K*p.rows.q), second: make([]float64, p.m.K*p.rows.q)}
	for j, levels := range p.levels {
		m.offset = append(m.offset, m.offset[j]+levels)
	}
	m.counts = make([]float64, m.k*m.offset[m.cut.q])
	for u := range m.labels {
		i := u
		if q.first != nil {
			i = q.first[u]
		}
		l, w := s.labels[i], m.weight(u)
		m.labels[u] = l
		m.weights[l] += w
		m.sizes[l] += m.size(u)
		for j, v := range m.numbers(u) {
			m.means[l*m.cut.p+j] += float64(w * v)
		}
		counts := m.levelsOf(l)
		for j, v := range m.levels(u) {
			counts[m.offset[j]+int(v)] += w
		}
	}
	for at := range m.means {
		m.means[at] /= m.weights[at/m.cut.p] // an empty segment is left to the caller
	}
	for l := range m.k {
		m.rank(l)
	}
	return m
}

func (m *prototypeMover) numbers(u int) []float64 { return m.cut.numbers[u*m.cut.p : (u+1)*m.cut.p] }
func (m *prototypeMover) levels(u int) []int32    { return m.cut.levels[u*m.cut.q : (u+1)*m.cut.q] }

// mean and levelsOf are those of segment l.
func (m *prototypeMover) mean(l int) []float64 { return m.means[l*m.cut.p : (l+1)*m.cut.p] }
func (m *prototypeMover) levelsOf(l int) []float64 {
	all := m.offset[m.cut.q]
	return m.counts[l*all : (l+1)*all]
}

// rank finds the two largest weights of levels in segment l.
func (m *prototypeMover) rank(l int) {
	counts := m.levelsOf(l)
	for j := range m.cut.q {
		top, second := 0.0, 0.0
		for _, w := range counts[m.offset[j]:m.offset[j+1]] {
			if w > top {
				top, second = w, top
			} else {
				second = max(second, w)
			}
		}
		m.top[l*m.cut.q+j], m.second[l*m.cut.q+j] = top, second
	}
}

// cost is that of the segments as they are, around their own prototypes.
func (m *prototypeMover) cost() (cost float64) {
	for u, l := range m.labels {
		cost += float64(m.weight(u) * vec.Square(m.numbers(u), m.mean(l)))
	}
	for at, top := range m.top {
		cost += float64(m.gamma * (m.weights[at/m.cut.q] - top))
	}
	return cost
}

// heavy returns the piles that are worth a look, in order: those that could take a segment's most frequent level along or bring it,
// and those that would save enough even if they lay on the border of their segment and the lightest one.
func (m *prototypeMover) heavy() (heavy []int) {
	lead, lightest := math.Inf(1), slices.Min(m.weights)
	for at, top := range m.top {
		lead = min(lead, top-m.second[at])
	}
	for u, l := range m.labels {
		w := m.weight(u)
		if w > lead || 2*w*float64(w*m.distance(u, l)) > m.enough*(lightest-w) {
			heavy = append(heavy, u)
		}
	}
	return heavy
}

// distance is that of a pile to the prototype of segment l.
func (m *prototypeMover) distance(u, l int) float64 {
	unlike, counts := 0, m.levelsOf(l)
	for j, v := range m.levels(u) {
		if counts[m.offset[j]+int(v)] < m.top[l*m.cut.q+j] {
			unlike++
		}
	}
	return vec.Square(m.numbers(u), m.mean(l)) + float64(m.gamma*float64(unlike))
}

// leaving is what a pile saves its segment by leaving.
func (m *prototypeMover) leaving(u int) float64 {
	l, w, saved := m.labels[u], m.weight(u), 0.0
	counts, top, second := m.levelsOf(l), m.top[l*m.cut.q:], m.second[l*m.cut.q:]
	for j, v := range m.levels(u) {
		saved += w
		if count := counts[m.offset[j]+int(v)]; count == top[j] {
			saved -= top[j] - max(count-w, second[j])
		}
	}
	return float64(w*m.weights[l]/(m.weights[l]-w)*vec.Square(m.numbers(u), m.mean(l))) + float64(m.gamma*saved)
}

// joining is what a pile costs segment l when it joins, or some cost of limit or more.
func (m *prototypeMover) joining(u, l int, limit float64) float64 {
	w, added := m.weight(u), 0.0
	cost := float64(w * m.weights[l] / (m.weights[l] + w) * vec.Square(m.numbers(u), m.mean(l)))
	if cost >= limit {
		return cost
	}
	counts, top := m.levelsOf(l), m.top[l*m.cut.q:]
	for j, v := range m.levels(u) {
		added += min(w, top[j]-counts[m.offset[j]+int(v)])
	}
	return cost + float64(m.gamma*added)
}

// look finds the best move of a pile, the first of equals.
func (m *prototypeMover) look(u int) gain {
	from := m.labels[u]
	g := gain{pile: u, to: from}
	if m.sizes[from] == m.size(u) {
		return g
	}
	leaving := m.leaving(u)
	if leaving <= m.enough {
		return g
	}
	lowest := math.Inf(1)
	for l := range m.k {
		if l == from {
			continue
		}
		if cost := m.joining(u, l, lowest); cost < lowest {
			lowest, g.to = cost, l
		}
	}
	g.saves = leaving - lowest
	return g
}

// round moves the heavy piles that save enough, those that save most first, so that the order of rows does not matter, and says
// whether there were any.
func (m *prototypeMover) round(heavy []int) (moved bool) {
	var gains []gain
	for _, u := range heavy {
		if g := m.look(u); g.saves > m.enough {
			gains = append(gains, g)
		}
	}
	slices.SortFunc(gains, func(a, b gain) int {
		return cmp.Or(cmp.Compare(b.saves, a.saves), slices.Compare(m.numbers(a.pile), m.numbers(b.pile)), slices.Compare(m.levels(a.pile), m.levels(b.pile)))
	})
	for _, g := range gains {
		if g := m.look(g.pile); g.saves > m.enough { // still, after the moves before it
			m.move(g)
			moved = true
		}
	}
	return moved
}

// move moves a pile, and its pull and votes with it.
func (m *prototypeMover) move(g gain) {
	from, w, rows := m.labels[g.pile], m.weight(g.pile), m.size(g.pile)
	m.weights[from] -= w
	m.weights[g.to] += w
	left, joined, out, in := m.mean(from), m.mean(g.to), w/m.weights[from], w/m.weights[g.to]
	for j, v := range m.numbers(g.pile) {
		left[j] -= float64(out * (v - left[j]))
		joined[j] += float64(in * (v - joined[j]))
	}
	for j, v := range m.levels(g.pile) {
		m.levelsOf(from)[m.offset[j]+int(v)] -= w
		m.levelsOf(g.to)[m.offset[j]+int(v)] += w
	}
	m.rank(from)
	m.rank(g.to)
	m.sizes[from] -= rows
	m.sizes[g.to] += rows
	m.labels[g.pile] = g.to
}
