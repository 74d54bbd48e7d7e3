package cluster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
)

// begin returns the first centres of a start (k*d).
func (p *lloyd) begin(ctx context.Context, r *rand.Rand) ([]float64, error) {
	switch {
	case p.start != nil:
		return slices.Clone(p.start), nil
	case p.m.Init == RandomRows:
		return p.randomRows(r), nil
	default:
		return p.plusPlus(ctx, r)
	}
}

// randomRows returns k rows, each at most once.
func (p *lloyd) randomRows(r *rand.Rand) []float64 {
	var centers []float64
	for _, i := range r.Perm(p.n)[:p.m.K] {
		centers = append(centers, p.row(i)...)
	}
	return centers
}

// plusPlus is greedy k-means++ (Arthur & Vassilvitskii 2007): each centre is the best of 2 + ln k rows, drawn with
// probability proportional to their weighted squared distance to the nearest centre so far. It costs n*k*d*(2 + ln k).
func (p *lloyd) plusPlus(ctx context.Context, r *rand.Rand) ([]float64, error) {
	draws := 2 + int(math.Log(float64(p.m.K)))
	dist, candidates := perRow.take(p.n), make([]candidate, draws)
	for t := range candidates {
		candidates[t] = candidate{dist: perRow.take(p.n), parts: make([]float64, par.Chunks(p.n))}
	}
	defer func() {
		perRow.giveBack(dist)
		for _, t := range candidates {
			perRow.giveBack(t.dist)
		}
	}()
	for i := range dist {
		dist[i] = 1 // the first centre: any row, by weight alone
	}
	parts := make([]float64, par.Chunks(p.n))
	err := p.rows(ctx, p.n, func(c, from, to int) { parts[c] = p.weighed(dist, from, to) })
	if err != nil {
		return nil, err
	}
	first := p.draw(r, dist, parts)
	centers := slices.Clone(p.row(first))
	for i := range dist {
		dist[i] = math.Inf(1)
	}
	candidates[0].point = p.row(first)
	if err := p.try(ctx, candidates[:1], dist); err != nil {
		return nil, err
	}
	dist, candidates[0].dist = candidates[0].dist, dist
	parts, candidates[0].parts = candidates[0].parts, parts
	for len(centers) < p.m.K*p.d {
		for t := range candidates {
			candidates[t].point = p.row(p.draw(r, dist, parts))
		}
		if err := p.try(ctx, candidates, dist); err != nil {
			return nil, err
		}
		best := &candidates[0]
		for t := range candidates {
			if sumParts(candidates[t].parts) < sumParts(best.parts) {
				best = &candidates[t]
			}
		}
		centers = append(centers, best.point...)
		dist, best.dist = best.dist, dist
		parts, best.parts = best.parts, parts
	}
	return centers, nil
}

// candidate is a row that may become a centre.
type candidate struct {
	point []float64 // (d)
	dist  []float64 // (n) squared distances to the nearest centre, with this one among them
	parts []float64 // (chunks) their weighted sums
}

// try finds out what the distances dist (n) become with each of the candidates.
func (p *lloyd) try(ctx context.Context, candidates []candidate, dist []float64) error {
	return p.rows(ctx, p.n, func(c, from, to int) {
		for _, t := range candidates {
			vec.Lower(p.x[from*p.d:to*p.d], t.point, dist[from:to], t.dist[from:to])
		}
		for left := candidates; len(left) > 0; left = left[min(len(left), 3):] {
			p.weighThree(left, c, from, to)
		}
	})
}

// weighThree sets the sums of rows from to to-1 of up to three candidates, which take together as long as one alone: a sum waits for each addition.
func (p *lloyd) weighThree(candidates []candidate, c, from, to int) {
	last := len(candidates) - 1
	one, two, three := candidates[0].dist[from:to], candidates[min(1, last)].dist[from:to], candidates[min(2, last)].dist[from:to]
	var a, b, d float64
	if p.w == nil {
		for i, v := range one {
			a += v
			b += two[i]
			d += three[i]
		}
	} else {
		for i, w := range p.w[from:to] {
			a += float64(w * one[i])
			b += float64(w * two[i])
			d += float64(w * three[i])
		}
	}
	candidates[0].parts[c], candidates[min(1, last)].parts[c], candidates[min(2, last)].parts[c] = a, b, d
}

// draw returns a row with probability proportional to its weight x dist. Parts are the sums for each chunk.
func (p *lloyd) draw(r *rand.Rand, dist, parts []float64) int {
	left := r.Float64() * sumParts(parts)
	for c, part := range parts {
		if left >= part {
			left -= part
			continue
		}
		for i := c * par.Chunk; i < min(p.n, (c+1)*par.Chunk); i++ {
			if left -= float64(p.weight(i) * dist[i]); left < 0 {
				return i
			}
		}
	}
	for i := p.n - 1; ; i-- { // rounding left a hair over: the last row that could be drawn; K different rows leave one
		if i == 0 || dist[i] > 0 {
			return i
		}
	}
}

func sumParts(parts []float64) (sum float64) {
	for _, v := range parts {
		sum += v
	}
	return sum
}
