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
	dist, trial, best := perRow.take(p.n), perRow.take(p.n), perRow.take(p.n)
	defer func() {
		perRow.giveBack(dist)
		perRow.giveBack(trial)
		perRow.giveBack(best)
	}()
	for i := range dist {
		dist[i] = 1 // the first centre: any row, by weight alone
	}
	parts := make([]float64, par.Chunks(p.n))
	if err := p.potential(ctx, nil, dist, dist, parts); err != nil {
		return nil, err
	}
	first := p.draw(r, dist, parts)
	centers := slices.Clone(p.row(first))
	for i := range dist {
		dist[i] = math.Inf(1)
	}
	if err := p.potential(ctx, p.row(first), dist, dist, parts); err != nil {
		return nil, err
	}
	trialParts, bestParts := slices.Clone(parts), slices.Clone(parts)
	for len(centers) < p.m.K*p.d {
		chosen, lowest := -1, math.Inf(1)
		for range draws {
			i := p.draw(r, dist, parts)
			if err := p.potential(ctx, p.row(i), dist, trial, trialParts); err != nil {
				return nil, err
			}
			if sum := sumParts(trialParts); chosen < 0 || sum < lowest {
				chosen, lowest = i, sum
				trial, best, trialParts, bestParts = best, trial, bestParts, trialParts
			}
		}
		centers = append(centers, p.row(chosen)...)
		dist, best, parts, bestParts = best, dist, bestParts, parts
	}
	return centers, nil
}

// potential writes to out (n) what dist (n) becomes with a further centre at point, and its weighted sum for each chunk of
// rows to parts. A nil point changes nothing.
func (p *lloyd) potential(ctx context.Context, point, dist, out, parts []float64) error {
	return p.rows(ctx, p.n, func(c, from, to int) {
		if point != nil {
			vec.Lower(p.x[from*p.d:to*p.d], point, dist[from:to], out[from:to])
		}
		parts[c] = p.weighed(out, from, to)
	})
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
