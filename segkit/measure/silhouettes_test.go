package measure_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/table"
)

// bySilhouette is the definition, one customer at a time.
func bySilhouette(x *table.Table, l table.Labels, i int) float64 {
	sum, n := make([]float64, l.K()), make([]float64, l.K())
	for j, s := range l {
		if j != i && s >= 0 {
			sum[s] += math.Sqrt(trial.Squared(x.Row(i), x.Row(j)))
			n[s]++
		}
	}
	switch {
	case l[i] < 0:
		return math.NaN()
	case n[l[i]] == 0:
		return 0
	}
	a, b := sum[l[i]]/n[l[i]], math.Inf(1)
	for s := range sum {
		if s != l[i] && n[s] > 0 {
			b = min(b, sum[s]/n[s])
		}
	}
	if a == b {
		return 0
	}
	return (b - a) / max(a, b)
}

func segments(t *testing.T, x *table.Table, l table.Labels, names ...string) *table.Segments {
	t.Helper()
	s, err := table.NewSegments(x.IDs(), l, names)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSilhouetteAgainstItsDefinition(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 2))
		n := 5 + r.IntN(200)
		x := trial.Grid(t, seed, n, 1+r.IntN(3))
		l := make(table.Labels, n)
		for i := range l {
			l[i] = r.IntN(4) - 1 // noise too
		}
		l[0], l[1], l[2] = 0, 1, 4 // alone in 4; nobody in 3
		got, err := measure.Silhouette(x, segments(t, x, l))
		if err != nil {
			t.Fatal(err)
		}
		sum, known, below := 0.0, 0.0, make([]float64, 5)
		for i, v := range got.Values {
			want := bySilhouette(x, l, i)
			if math.Abs(v-want) > 1e-12 || math.IsNaN(v) != math.IsNaN(want) || v < -1 || v > 1 {
				t.Fatalf("seed %d, customer %d: %v, want %v", seed, i, v, want)
			}
			if !math.IsNaN(v) {
				sum += v
				known++
				if v < 0 {
					below[l[i]]++
				}
			}
		}
		if math.Abs(got.Mean-sum/known) > 1e-12 || got.Values[2] != 0 {
			t.Fatalf("mean %v, want %v; alone: %v", got.Mean, sum/known, got.Values[2])
		}
		for s, size := range l.Counts() {
			seg := got.Segments[s]
			if seg.Size != size || size > 0 && math.Abs(seg.BelowZero-below[s]/float64(size)) > 1e-15 || size == 0 && !math.IsNaN(seg.Mean) {
				t.Fatalf("segment %d: %+v of %d", s, seg, size)
			}
		}
		if sheet := got.Sheet(); len(sheet.Rows) != 5 || sheet.Rows[3][2] != "–" {
			t.Fatalf("%+v", sheet)
		}
		if frame := got.Frame(); frame.Err != nil || frame.Nrow() != n {
			t.Fatalf("frame of %d rows, %v", frame.Nrow(), frame.Err)
		}
	}
}

func TestSilhouetteJoinsByID(t *testing.T) {
	x := trial.Groups(t, 50, 2, 2, 3)
	s := fit(t, x, cluster.KMeans{K: 2}).Segments()
	want, err := measure.Silhouette(x, s)
	if err != nil {
		t.Fatal(err)
	}
	rows := rand.New(rand.NewPCG(3, 3)).Perm(50)
	got, err := measure.Silhouette(trial.RowsOf(t, x, rows), s)
	if err != nil {
		t.Fatal(err)
	}
	for p, i := range rows {
		if math.Abs(got.Values[p]-want.Values[i]) > 1e-12 || got.Labels[p] != want.Labels[i] || got.IDs[p] != want.IDs[i] {
			t.Fatalf("customer %s: %v, in the first order %v", got.IDs[p], got.Values[p], want.Values[i])
		}
	}
	half := segments(t, x.Head(25), want.Labels[:25])
	if _, err := measure.Silhouette(x, half); !errors.Is(err, fault.ErrUnmatched) {
		t.Fatalf("customers without a segment: %v", err)
	}
	if got, err := measure.Silhouette(x.Head(25), s); err != nil || len(got.Values) != 25 {
		t.Fatalf("fewer customers than segmented: %v", err)
	}
}

func TestSilhouetteUndefined(t *testing.T) {
	x := trial.Groups(t, 10, 2, 2, 3)
	for _, l := range []table.Labels{make(table.Labels, 10), {0, -1, -1, -1, -1, -1, -1, -1, -1, -1}} {
		if _, err := measure.Silhouette(x, segments(t, x, l)); !errors.Is(err, fault.ErrUndefined) {
			t.Fatalf("labels %v: %v", l, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := measure.SilhouetteContext(ctx, x, segments(t, x, table.Labels{0, 1, 0, 1, 0, 1, 0, 1, 0, 1})); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	alike := trial.Column(t, 3, 3, 3, 3)
	if s, err := measure.Silhouette(alike, segments(t, alike, table.Labels{0, 0, 1, 1})); err != nil || s.Mean != 0 {
		t.Fatalf("all alike: %+v, %v", s, err)
	}
}

func TestSilhouetteAtAnyNumberOfProcessors(t *testing.T) {
	x := trial.Groups(t, 700, 5, 3, 1)
	s := fit(t, x, cluster.KMeans{K: 3}).Segments()
	var want *measure.Silhouettes
	for _, procs := range []int{1, 2, 8} {
		trial.WithProcs(procs, func() {
			got, err := measure.Silhouette(x, s)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			if !slices.Equal(got.Values, want.Values) || got.Mean != want.Mean {
				t.Fatalf("GOMAXPROCS = %d: mean %v, was %v", procs, got.Mean, want.Mean)
			}
		})
	}
}
