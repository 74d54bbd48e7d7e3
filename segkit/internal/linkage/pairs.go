package linkage

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/internal/nn"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
)

// Update gives the distance of a third cluster to the join of two, from its distances to both and their masses (Lance &
// Williams 1967, doi:10.1093/comjnl/9.4.373).
type Update func(toA, toB, massA, massB float64) float64

// Complete is the distance between the farthest rows of two clusters.
func Complete(toA, toB, _, _ float64) float64 { return max(toA, toB) }

// Average is the mean distance between the rows of two clusters.
func Average(toA, toB, massA, massB float64) float64 {
	return (float64(toA*massA) + float64(toB*massB)) / (massA + massB)
}

// Pairs joins the rows of x (n*d) by their Euclidean distances under a reducible update. Mass (n) may be nil. It costs n^2 (d + 3)
// and holds the n(n-1)/2 distances.
func Pairs(ctx context.Context, x []float64, d int, mass []float64, update Update, report func(joins int)) ([]nn.Edge, error) {
	n := len(x) / d
	dist := make([]float64, n*(n-1)/2) // of i to all j < i, for every i
	row := func(i int) []float64 { return dist[i*(i-1)/2 : i*(i+1)/2] }
	report(0)
	if err := par.Items(ctx, n, func(i int) {
		for j, to := 0, row(i); j < i; j++ {
			to[j] = math.Sqrt(vec.Square(x[i*d:(i+1)*d], x[j*d:(j+1)*d]))
		}
	}); err != nil {
		return nil, err
	}
	at := func(i, j int) *float64 { return &dist[max(i, j)*(max(i, j)-1)/2+min(i, j)] }

	weigh := make([]float64, n)
	alive := make([]int32, n) // clusters by their earliest row
	for i := range alive {
		alive[i], weigh[i] = int32(i), 1
		if mass != nil {
			weigh[i] = mass[i]
		}
	}
	nearest := func(a, before int) (to int, least float64) {
		to, least = before, math.Inf(1)
		if before >= 0 {
			least = *at(a, before)
		}
		own := row(a)
		for _, c := range alive {
			switch c := int(c); {
			case c < a:
				if own[c] < least {
					to, least = c, own[c]
				}
			case c > a:
				if v := dist[c*(c-1)/2+a]; v < least {
					to, least = c, v
				}
			}
		}
		return to, least
	}
	join := func(a, b int) {
		for _, c := range alive {
			if c := int(c); c != a && c != b {
				to := at(a, c)
				*to = update(*to, *at(b, c), weigh[a], weigh[b])
			}
		}
		weigh[a] += weigh[b]
		alive = without(alive, int32(b))
	}
	return chain(ctx, n, func() int { return int(alive[0]) }, nearest, join, report)
}

// without removes v from a sorted slice.
func without(s []int32, v int32) []int32 {
	low, high := 0, len(s)
	for low < high {
		if m := (low + high) / 2; s[m] < v {
			low = m + 1
		} else {
			high = m
		}
	}
	return append(s[:low], s[low+1:]...)
}

// chain follows nearest neighbours and joins the pairs that are each other's. Clusters are named by their earliest row; start gives any
// that is left. Nearest prefers the one before on equal distance; join puts b into a, a < b.
func chain(ctx context.Context, n int, start func() int, nearest func(a, before int) (int, float64), join func(a, b int), report func(joins int)) ([]nn.Edge, error) {
	const look = 64 // joins between two looks at ctx
	edges := make([]nn.Edge, 0, n-1)
	var path []int
	for len(edges) < n-1 {
		if len(edges)%look == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if len(path) == 0 {
			path = append(path, start())
		}
		last, before := path[len(path)-1], -1
		if len(path) > 1 {
			before = path[len(path)-2]
		}
		next, dist := nearest(last, before)
		if next != before {
			path = append(path, next)
			continue
		}
		path = path[:len(path)-2]
		a, b := min(last, before), max(last, before)
		join(a, b)
		edges = append(edges, nn.Edge{A: int32(a), B: int32(b), Weight: dist})
		if len(edges)%(1+n/100) == 0 {
			report(len(edges))
		}
	}
	report(n - 1)
	return edges, ctx.Err()
}
