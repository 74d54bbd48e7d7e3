package cluster_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// pieces gives a table in parts of n rows.
func pieces(t *testing.T, x *table.Table, n int) iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) {
		for from := 0; from < x.Len(); from += n {
			var rows []int
			for i := from; i < min(x.Len(), from+n); i++ {
				rows = append(rows, i)
			}
			if !yield(trial.RowsOf(t, x, rows), nil) {
				return
			}
		}
	}
}

// On overlapping groups, where k-means itself has work to do, batches come within a few percent of its cost.
func TestMiniBatchComesNearKMeans(t *testing.T) {
	x := trial.Groups(t, 20_000, 4, 6, 2)
	full, small := fit(t, x, cluster.KMeans{K: 6}), fit(t, x, cluster.MiniBatch{K: 6})
	if small.Cost < full.Cost*(1-1e-9) || small.Cost > 1.05*full.Cost {
		t.Fatalf("mini-batch costs %v, k-means %v", small.Cost, full.Cost)
	}
	if !small.Converged || small.Iterations < 10 {
		t.Fatalf("%d batches, converged %v", small.Iterations, small.Converged)
	}
}

// A centre is the mean of all rows that it has drawn (Sculley 2010): with one segment, or with segments far apart, that is what
// k-means finds on all tables together.
func TestBatchesOneAfterTheOtherGiveMeans(t *testing.T) {
	x := trial.Groups(t, 5000, 3, 4, 40)
	weights := make([]float64, x.Len())
	for i := range weights {
		weights[i] = 1 + float64(i%7)
	}
	weighted, err := x.WithWeights(weights)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []int{1, 4} {
		want := fit(t, x, cluster.KMeans{K: k, Tol: -1})
		got, err := cluster.MiniBatch{K: k, Batch: 100}.FitBatches(pieces(t, x, 700))
		if err != nil {
			t.Fatal(err)
		}
		if got.Iterations != 8 || got.Labels != nil || got.IDs != nil || got.K != k {
			t.Fatalf("%d tables, labels %v", got.Iterations, got.Labels)
		}
		for s := range k {
			if trial.Squared(got.Centers.Row(s), want.Centers.Row(s)) > 1e-18 {
				t.Fatalf("k = %d: centre %d is %v, want %v", k, s, got.Centers.Row(s), want.Centers.Row(s))
			}
		}
		labels, err := got.Predict(x)
		if err != nil || !slices.Equal(labels, want.Labels) {
			t.Fatalf("k = %d: other labels than k-means (%v)", k, err)
		}
	}
	want := fit(t, weighted, cluster.KMeans{K: 1})
	got, err := cluster.MiniBatch{K: 1}.FitBatches(func(yield func(*table.Table, error) bool) {
		half, _ := trial.RowsOf(t, x, rows(0, 2000)).WithWeights(weights[:2000])
		rest, _ := trial.RowsOf(t, x, rows(2000, 5000)).WithWeights(weights[2000:])
		_ = yield(half, nil) && yield(rest, nil)
	})
	if err != nil || trial.Squared(got.Centers.Row(0), want.Centers.Row(0)) > 1e-18 {
		t.Fatalf("weighted mean %v, want %v (%v)", got.Centers.Row(0), want.Centers.Row(0), err)
	}
}

func rows(from, to int) (r []int) {
	for i := from; i < to; i++ {
		r = append(r, i)
	}
	return r
}

func TestBatchesOneAfterTheOtherRefuse(t *testing.T) {
	x := trial.Groups(t, 300, 2, 3, 8)
	broken := errors.New("line 12 is cut short")
	give := func(tables ...any) iter.Seq2[*table.Table, error] {
		return func(yield func(*table.Table, error) bool) {
			for _, v := range tables {
				x, _ := v.(*table.Table)
				err, _ := v.(error)
				if !yield(x, err) {
					return
				}
			}
		}
	}
	m := cluster.MiniBatch{K: 3}
	for _, r := range []struct {
		batches iter.Seq2[*table.Table, error]
		is      error
		words   string
	}{
		{give(), fault.ErrEmpty, "no batches"},
		{give(x, broken), broken, "batch 2: line 12"},
		{give(x, x, trial.Spoilt(t, math.NaN())), fault.ErrNotFinite, "batch 3"},
		{give(x, trial.Column(t, 1, 2)), fault.ErrMissingColumn, "batch 2"},
		{give(x.Head(2), x), nil, "segkit: batch 1: cluster.MiniBatch.K = 3"},
	} {
		c, err := m.FitBatches(r.batches)
		if err == nil || c != nil || r.is != nil && !errors.Is(err, r.is) || !strings.Contains(err.Error(), r.words) {
			t.Errorf("%v, want %q", err, r.words)
		}
	}
	if _, err := m.FitBatches(give(x, x.Head(0), x)); err != nil {
		t.Errorf("a table without rows among others: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancelling := func(yield func(*table.Table, error) bool) {
		_ = yield(x, nil)
		cancel()
		_ = yield(x, nil)
	}
	if _, err := m.FitBatchesContext(ctx, cancelling); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled between two tables: %v", err)
	}
}

// Different rows whose squared distances are all 0 in floating point: no segment but the first can get any, and the run ends all the same.
func TestMiniBatchEndsOnTinyValues(t *testing.T) {
	c := fit(t, trial.Column(t, 0, 1e-200, 2e-200, 3e-200), cluster.MiniBatch{K: 3})
	if want := (table.Labels{0, 0, 0, 0}); !slices.Equal(c.Labels, want) || c.Cost != 0 {
		t.Fatalf("labels %v, cost %v; want %v, 0", c.Labels, c.Cost, want)
	}
}

// Rows pull by their weight: the centre of a single segment, learnt from batches of all rows, is the weighted mean.
func TestMiniBatchWeights(t *testing.T) {
	x, err := trial.Column(t, 0, 1, 5, 6).WithWeights([]float64{.5, 1, 2, 4})
	if err != nil {
		t.Fatal(err)
	}
	c := fit(t, x, cluster.MiniBatch{K: 1})
	mean := (1 + 2*5 + 4*6) / 7.5
	cost := .5*mean*mean + (mean-1)*(mean-1) + 2*(5-mean)*(5-mean) + 4*(6-mean)*(6-mean)
	if math.Abs(c.Centers.At(0, 0)-mean) > 1e-12 || math.Abs(c.Cost-cost) > 1e-9 {
		t.Errorf("centre %v, cost %v, want %v, %v", c.Centers.At(0, 0), c.Cost, mean, cost)
	}
}
