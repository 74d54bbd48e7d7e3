package cluster

import (
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/heap"
	"github.com/segkit/lab/segkit/internal/vec"
)

// A smallest size for every segment. Rows first go to the nearest centre; as long as a segment misses rows, one more reaches it
// along the cheapest chain of moves that begins at a segment with rows to spare. That is the method of successive shortest
// paths for the flow of least cost from rows to segments (Ahuja, Magnanti & Orlin 1993, "Network Flows", 9.7), with the rows
// of a segment seen as one node, so that a path costs k*k: the division is exact, up to rounding of the sums.

// Least returns the smallest number of rows that each segment of n rows must have.
func (m KMeans) Least(n int) int {
	share := math.Ceil(float64(m.MinShare*float64(n)) - 1e-9) // 0.07 of 100 is 7, though 0.07 * 100 is a hair more
	return max(m.MinSize, int(min(share, float64(n)+1)))
}

// assignAtLeast is assign under the smallest size.
func (p *lloyd) assignAtLeast(ctx context.Context, s *solution, sums *means) (changed int, err error) {
	was := slices.Clone(s.labels)
	err = p.rows(ctx, p.n, func(_, from, to int) {
		vec.Nearest(p.x[from*p.d:to*p.d], p.d, s.centers, s.labels[from:to], s.dist[from:to])
	})
	if err != nil {
		return 0, err
	}
	if err := fillUp(ctx, p, s); err != nil {
		return 0, err
	}
	err = p.rows(ctx, p.n, func(c, from, to int) {
		part := &sums.parts[c]
		part.changed = 0
		part.sumUp(p, s, from, to)
		for i := from; i < to; i++ {
			if s.labels[i] != was[i] {
				part.changed++
			}
		}
	})
	if err != nil {
		return 0, err
	}
	sums.collect()
	return sums.changed, nil
}

// flow is a division on its way to the smallest size.
type flow struct {
	p     *lloyd
	s     *solution
	size  []int       // (k)
	moves []heap.Heap // (k*k) what it costs to move rows from segment a to b, at a*k+b; rows that have left a stay until they come up
	price []float64   // (k) node potentials: with them no move along a shortest path costs less than nothing
}

// fillUp moves rows of s until every segment has the smallest size.
func fillUp(ctx context.Context, p *lloyd, s *solution) error {
	k := p.m.K
	f := flow{p, s, make([]int, k), make([]heap.Heap, k*k), make([]float64, k)}
	for _, l := range s.labels {
		f.size[l]++
	}
	missing := 0
	for _, size := range f.size {
		missing += max(0, p.least-size)
	}
	if missing == 0 {
		return nil
	}
	for i := range s.labels {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		f.offer(i, func(h *heap.Heap, o heap.Item) { *h = append(*h, o) })
	}
	for _, h := range f.moves {
		h.Order()
	}
	for ; missing > 0; missing-- {
		if missing%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		f.augment()
	}
	return ctx.Err()
}

// offer puts row i, where it is now, on the lists of moves to all other segments.
func (f *flow) offer(i int, put func(h *heap.Heap, o heap.Item)) {
	p, a := f.p, int(f.s.labels[i])
	w := p.weight(i)
	for b := range p.m.K {
		if b != a {
			to := vec.Square(p.row(i), f.s.centers[b*p.d:(b+1)*p.d])
			put(&f.moves[a*p.m.K+b], heap.Item{Key: w * (to - f.s.dist[i]), Row: int32(i)})
		}
	}
}

// cheapest returns the move from segment a to b that costs least.
func (f *flow) cheapest(a, b int) (o heap.Item, ok bool) {
	h := &f.moves[a*f.p.m.K+b]
	for len(*h) > 0 {
		if f.s.labels[(*h)[0].Row] == int32(a) {
			return (*h)[0], true
		}
		h.Pop()
	}
	return heap.Item{}, false
}

// augment gives one row more to the segment that can get it most cheaply: Dijkstra's search over segments, from all that have
// rows to spare, ties to the lowest number.
func (f *flow) augment() {
	k := f.p.m.K
	cost, from, done := make([]float64, k), make([]int, k), make([]bool, k)
	for a, size := range f.size {
		from[a], cost[a] = -1, math.Inf(1)
		if size > f.p.least {
			cost[a] = 0
		}
	}
	target := -1
	for target < 0 {
		a := -1
		for b := range k {
			if !done[b] && (a < 0 || cost[b] < cost[a]) {
				a = b
			}
		}
		done[a] = true
		if f.size[a] < f.p.least {
			target = a
			break
		}
		for b := range k {
			if done[b] {
				continue
			}
			if o, ok := f.cheapest(a, b); ok {
				step := max(0, o.Key+f.price[a]-f.price[b]) // below 0 by rounding alone
				if cost[a]+step < cost[b] {
					cost[b], from[b] = cost[a]+step, a
				}
			}
		}
	}
	for a := range f.price {
		f.price[a] += min(cost[a], cost[target])
	}
	f.size[target]++
	b := target
	for from[b] >= 0 {
		a := from[b]
		o, _ := f.cheapest(a, b)
		i := int(o.Row)
		f.s.labels[i] = int32(b)
		f.s.dist[i] = vec.Square(f.p.row(i), f.s.centers[b*f.p.d:(b+1)*f.p.d])
		f.offer(i, (*heap.Heap).Push)
		b = a
	}
	f.size[b]--
}
