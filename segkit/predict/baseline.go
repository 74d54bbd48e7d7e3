package predict

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// What can be said without looking at a customer. A prediction is worth what it adds to that.

// LargestSegment predicts the largest segment for everybody, with the segments' shares as probabilities.
type LargestSegment struct{}

// StratifiedGuess draws a segment for each customer with the segments' shares as probabilities. The draw depends only on the id and the seed.
type StratifiedGuess struct {
	Seed int
}

var (
	_ Predictor = LargestSegment{}
	_ Predictor = StratifiedGuess{}
)

func (LargestSegment) Check(x *table.Table, _ int) error  { return given("predict.LargestSegment", x) }
func (StratifiedGuess) Check(x *table.Table, _ int) error { return given("predict.StratifiedGuess", x) }

func (LargestSegment) Learn(_ context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	return fittedShares{sharesOf(x, labels, k)}, nil
}

func (p StratifiedGuess) Learn(_ context.Context, x *table.Table, labels table.Labels, k int) (Fitted, error) {
	return fittedGuess{fittedShares{sharesOf(x, labels, k)}, p.Seed}, nil
}

type fittedShares struct {
	Shares []float64 `json:"shares"` // (k)
}

func (f fittedShares) Probabilities(_ context.Context, x *table.Table) ([][]float64, error) {
	out := make([][]float64, x.Len())
	for i := range out {
		out[i] = slices.Clone(f.Shares)
	}
	return out, nil
}

type fittedGuess struct {
	fittedShares
	Seed int `json:"seed"`
}

func (f fittedGuess) names(x *table.Table) table.Labels {
	out := make(table.Labels, x.Len())
	for i, id := range x.Raw().IDs {
		h := fnv.New64a()
		h.Write([]byte(id))
		u := seed.Stream(f.Seed, "guess", int(h.Sum64())).Float64()
		for l, share := range f.Shares {
			if share > 0 {
				out[i] = l // the last with customers, should rounding leave a rest
			}
			if u -= share; u < 0 {
				break
			}
		}
	}
	return out
}

func (f fittedShares) valid(_ []table.Column, k int) error {
	if len(f.Shares) != k || !finite(f.Shares...) {
		return fmt.Errorf("%d shares for %d segments", len(f.Shares), k)
	}
	return nil
}
