package predict

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// NearestCenter predicts the segment whose mean is nearest, in standardised columns (Tibshirani et al. 2002,
// doi:10.1073/pnas.082099299, without the shrinking). Probabilities are those of round normal distributions of equal weight
// around the centres, as wide as the customers' spread around theirs. It costs n·k·d.
type NearestCenter struct{}

var _ Predictor = NearestCenter{}

func (NearestCenter) Check(x *table.Table, _ int) error { return given("predict.NearestCenter", x) }

func (NearestCenter) Learn(_ context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	f := fittedCenters{Design: newDesign(x), Centers: make([][]float64, k)}
	w, weight := f.Design.width(), make([]float64, k)
	rows := f.Design.rows(x)
	for i, l := range labels {
		if f.Centers[l] == nil {
			f.Centers[l] = make([]float64, w)
		}
		for j, v := range rows[i*w : (i+1)*w] {
			f.Centers[l][j] += float64(x.Weight(i) * v)
		}
		weight[l] += x.Weight(i)
	}
	all, within := 0.0, 0.0
	for l, c := range f.Centers {
		for j := range c {
			c[j] /= weight[l]
		}
		all += weight[l]
	}
	for i, l := range labels {
		within += float64(x.Weight(i) * vec.Square(rows[i*w:(i+1)*w], f.Centers[l]))
	}
	f.Variance = max(within/all/float64(w), 1e-9)
	return f, nil
}

type fittedCenters struct {
	Design   design      `json:"design"`
	Centers  [][]float64 `json:"centers"`  // (k x width) nil for a segment without customers
	Variance float64     `json:"variance"` // around the centres, of one number
}

func (f fittedCenters) Probabilities(ctx context.Context, x *table.Table) ([][]float64, error) {
	out := matrix(x.Len(), len(f.Centers))
	err := par.Rows(ctx, x.Len(), func(_, from, to int) {
		row := make([]float64, f.Design.width())
		for i := from; i < to; i++ {
			f.Design.row(x.Raw().Row(i), row)
			for l, c := range f.Centers {
				if out[i][l] = math.Inf(-1); c != nil {
					out[i][l] = -vec.Square(row, c) / (2 * f.Variance)
				}
			}
			softmax(out[i])
		}
	})
	return out, err
}

// softmax turns scores into probabilities.
func softmax(scores []float64) {
	most, sum := math.Inf(-1), 0.0
	for _, v := range scores {
		most = max(most, v)
	}
	for l, v := range scores {
		scores[l] = math.Exp(v - most)
		sum += scores[l]
	}
	for l := range scores {
		scores[l] /= sum
	}
}

// matrix makes rows (n x k) that lie side by side.
func matrix(n, k int) [][]float64 {
	all, out := make([]float64, n*k), make([][]float64, n)
	for i := range out {
		out[i] = all[i*k : (i+1)*k : (i+1)*k]
	}
	return out
}

func (f fittedCenters) valid(columns []table.Column, k int) error {
	if err := f.Design.valid(columns); err != nil {
		return err
	}
	if len(f.Centers) != k || !(f.Variance > 0) || !finite(f.Variance) {
		return fmt.Errorf("%d centres for %d segments, with a variance of %v", len(f.Centers), k, f.Variance)
	}
	some := false
	for l, c := range f.Centers {
		if some = some || c != nil; c != nil && len(c) != f.Design.width() || !finite(c...) {
			return fmt.Errorf("centre %d does not fit the columns", l+1)
		}
	}
	if !some {
		return errors.New("there is no centre")
	}
	return nil
}
