package predict

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// Neighbors uses the K customers who are most like the new one, in standardised columns (Cover & Hart 1967,
// doi:10.1109/TIT.1967.1053964). The shares of the segments count as half of another neighbour, so that no segment is impossible. It
// keeps all customers from whom it learned, so it cannot be saved. It costs n·m·d for m new customers.
type Neighbors struct {
	K int // neighbours used; 0 means 10, or all customers if there are fewer
}

var _ Predictor = Neighbors{}

func (p Neighbors) Check(x *table.Table, _ int) error {
	if err := given("predict.Neighbors", x); err != nil {
		return err
	}
	if p.K < 0 || p.K > x.Len() {
		return fault.Option("predict.Neighbors", "K", p.K, fmt.Sprintf("1 to %d (the customers to learn from)", x.Len()))
	}
	return nil
}

func (p Neighbors) Learn(_ context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	if p.K == 0 {
		p.K = min(10, x.Len())
	}
	f := &fittedNeighbors{design: newDesign(x), k: p.K, labels: slices.Clone(labels), shares: sharesOf(x, labels, k), weights: x.Weights()}
	f.rows = f.design.rows(x)
	return f, nil
}

type fittedNeighbors struct {
	design  design
	k       int
	rows    []float64 // (n x width)
	labels  table.Labels
	weights []float64 // (n) or nil
	shares  []float64
}

// NotPortable says why it cannot be saved.
func (f *fittedNeighbors) NotPortable() error {
	return fault.Errorf(fault.ErrNotPortable, "segkit: Neighbors holds the rows of all customers it learned from: save a Forest or a Logistic instead")
}

type neighbor struct {
	distance float64
	row      int
}

func (f *fittedNeighbors) Probabilities(ctx context.Context, x *table.Table) ([][]float64, error) {
	out, w := matrix(x.Len(), len(f.shares)), f.design.width()
	const few = 64 // new customers that a worker takes at a time: each costs as much as all customers learned from
	err := par.Items(ctx, (x.Len()+few-1)/few, func(c int) {
		row, nearest := make([]float64, w), make([]neighbor, 0, f.k)
		for i := c * few; i < min(x.Len(), (c+1)*few); i++ {
			f.design.row(x.Raw().Row(i), row)
			nearest = nearest[:0]
			for p := range f.labels {
				d := vec.Square(row, f.rows[p*w:(p+1)*w])
				if len(nearest) == f.k && d >= nearest[f.k-1].distance {
					continue // ties to the first rows
				}
				at, _ := slices.BinarySearchFunc(nearest, d, func(n neighbor, d float64) int {
					return cmp.Or(cmp.Compare(n.distance, d), -1)
				})
				if len(nearest) == f.k {
					nearest = nearest[:f.k-1]
				}
				nearest = slices.Insert(nearest, at, neighbor{d, p})
			}
			total := .5
			for l, share := range f.shares {
				out[i][l] = share / 2
			}
			for _, n := range nearest {
				weight := 1.0
				if f.weights != nil {
					weight = f.weights[n.row]
				}
				out[i][f.labels[n.row]] += weight
				total += weight
			}
			for l := range out[i] {
				out[i][l] /= total
			}
		}
	})
	return out, err
}
