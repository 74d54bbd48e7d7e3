// Package pam chooses k medoids among n items of which only the dissimilarities are known.
package pam

import (
	"context"

	"github.com/segkit/lab/segkit/internal/par"
)

// Matrix holds the dissimilarities of n items (n x n): symmetric, 0 on the diagonal, not negative, finite. Single precision
// halves the memory, and no choice of medoids rests on the eighth digit.
type Matrix struct {
	n int
	d []float32 // (n*n)
}

// Strip is the number of rows of a Matrix that are computed, and reported, together.
const Strip = 64

// Strips returns how many strips n rows make.
func Strips(n int) int { return (n + Strip - 1) / Strip }

// Build computes the matrix of n items, calling between once for each pair, in parallel, and done after each strip.
func Build(ctx context.Context, n int, between func(i, j int) float64, done func()) (*Matrix, error) {
	m := &Matrix{n, make([]float32, n*n)}
	strips := Strips(n)
	err := par.Items(ctx, strips, func(s int) {
		from := (strips - 1 - s) * Strip // the longest first
		for column := 0; column <= from; column += Strip {
			m.square(from, column, between)
		}
		done()
	})
	return m, err
}

// square computes the pairs of a square of Strip x Strip below the diagonal, and copies them above it: small enough for
// both sides to stay in the cache.
func (m *Matrix) square(row, column int, between func(i, j int) float64) {
	for i := row; i < min(m.n, row+Strip); i++ {
		for j := column; j < min(i, column+Strip); j++ {
			v := float32(between(i, j))
			m.d[i*m.n+j], m.d[j*m.n+i] = v, v
		}
	}
}

// row returns the dissimilarities of item i to all (n).
func (m *Matrix) row(i int) []float32 { return m.d[i*m.n : (i+1)*m.n] }
