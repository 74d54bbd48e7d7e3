// Package covariance adds up means and covariances of a table, in parallel and the same at any number of processors.
package covariance

import (
	"context"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/table"
)

// Of returns the weighted means (c) and covariances (c x c, divisor n) of columns at. Partial sums are added in
// chunk order.
func Of(t *table.Table, at []int) (means []float64, cov *mat.SymDense) {
	c := len(at)
	sums := chunkSums(t, c+1, func(sum []float64, row []float64, w float64) {
		sum[c] += w
		for p, j := range at {
			sum[p] += float64(w * row[j])
		}
	})
	count := sums[c]
	means = sums[:c]
	for p := range means {
		means[p] /= count
	}
	products := chunkSums(t, c*c, func(sum []float64, row []float64, w float64) {
		for p, j := range at {
			x := float64(w * (row[j] - means[p]))
			for q := p; q < c; q++ {
				sum[p*c+q] += float64(x * (row[at[q]] - means[q]))
			}
		}
	})
	cov = mat.NewSymDense(c, nil)
	for p := range c {
		for q := p; q < c; q++ {
			cov.SetSym(p, q, products[p*c+q]/count)
		}
	}
	return means, cov
}

// chunkSums adds up m sums over all rows, in parallel, the same at any number of processors.
func chunkSums(t *table.Table, m int, add func(sum, row []float64, weight float64)) []float64 {
	partial := make([][]float64, par.Chunks(t.Len()))
	// A background context is never cancelled: the passes take milliseconds.
	_ = par.Rows(context.Background(), t.Len(), func(chunk, from, to int) {
		sum := make([]float64, m)
		for i := from; i < to; i++ {
			add(sum, t.Raw().Row(i), t.Weight(i))
		}
		partial[chunk] = sum
	})
	total := make([]float64, m)
	for _, sum := range partial {
		for p, v := range sum {
			total[p] += v
		}
	}
	return total
}
