package choose_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

func strengths(t *testing.T, x *table.Table, m cluster.KMethod, from, to int, o ...choose.PredictionOptions) *choose.PredictionStrengths {
	t.Helper()
	p, err := choose.PredictionStrength(x, segkit.Recipe{Method: m}, from, to, o...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPredictionStrengthFindsGroupsAndInventsNone(t *testing.T) {
	one := 0
	for seed := range uint64(20) {
		p := strengths(t, trial.Corners(t, 120+int(seed), 3), few, 1, 6)
		if k, ok := p.Best(0); k != 3 || !ok {
			t.Errorf("seed %d: three groups: %d, %v", seed, k, ok)
		}
		r := rand.New(rand.NewPCG(seed, 4))
		var blob []float64
		for range 120 {
			blob = append(blob, r.NormFloat64(), r.NormFloat64())
		}
		if k, ok := strengths(t, trial.Numbered(t, 2, blob), few, 1, 6).Best(0); k == 1 && ok {
			one++
		}
	}
	if one < 16 {
		t.Errorf("one group was found for what it is in %d of 20", one)
	}
}

func TestPredictionStrengthPoints(t *testing.T) {
	p := strengths(t, trial.Corners(t, 120, 3), few, 1, 5, choose.PredictionOptions{Splits: 4})
	if p.Method != "KMeans" || p.Splits != 4 || len(p.Points) != 5 {
		t.Fatalf("%+v", p)
	}
	for i, at := range p.Points {
		if at.K != i+1 || len(at.Strength) != 4 || !(at.Mean >= 0 && at.Mean <= 1 && at.SE >= 0) {
			t.Errorf("%+v", at)
		}
	}
	if first := p.Points[0]; first.Mean != 1 || first.SE != 0 {
		t.Errorf("one segment: %+v", first)
	}
	if third := p.Points[2]; third.Mean < .95 {
		t.Errorf("three groups apart: %+v", third)
	}
	out := p.Sheet()
	if len(out.Rows) != 5 || len(out.Rows[0]) != len(out.Columns) || !strings.Contains(out.Caption, "are 3") || p.Frame().Nrow() != 5 {
		t.Errorf("%+v", out)
	}
	alone := strengths(t, trial.Column(t, 0, 1, 2, 3, 50, 51, 52, 1000), few, 2, 2)
	if alone.Points[0].Mean > .5 {
		t.Errorf("the lone customer is in one half only, and yet: %+v", alone.Points[0])
	}
	if _, ok := alone.Best(0); ok {
		t.Error("two segments are found again")
	}
	// Other methods that can assign.
	for _, m := range []cluster.KMethod{cluster.KMedoids{Restarts: 2}, cluster.GaussianMixture{Restarts: 2}, cluster.KMeans{MinSize: 10}} {
		if k, _ := strengths(t, trial.Corners(t, 150, 3), m, 2, 4).Best(0); k < 3 {
			t.Errorf("%T: three groups: %d", m, k)
		}
	}
	if k, _ := strengths(t, trial.MixedTable(t, 1, 80, true), cluster.KPrototypes{}, 1, 3).Best(0); k != 1 {
		t.Errorf("categories without groups: %d", k)
	}
}

func TestPredictionStrengthIsTheSameAnywhere(t *testing.T) {
	x, kept := trial.Corners(t, 80, 3), trial.Shelf{}
	ctx := memory.With(t.Context(), kept)
	run := func() []byte {
		p, err := choose.PredictionStrengthContext(ctx, x, segkit.Recipe{Method: few}, 1, 4)
		if err != nil {
			t.Fatal(err)
		}
		b, err := gobs.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := run()
	if again := run(); len(kept) != 1 || !bytes.Equal(again, want) {
		t.Errorf("%d entries, or others from memory", len(kept))
	}
	for _, procs := range []int{1, 8} {
		trial.WithProcs(procs, func() {
			clear(kept)
			if !bytes.Equal(run(), want) {
				t.Errorf("others with GOMAXPROCS = %d", procs)
			}
		})
	}
	if err := gobs.Decode([]byte("no"), new(choose.PredictionStrengths)); !errors.Is(err, fault.ErrFormat) {
		t.Errorf("none: %v", err)
	}
}

// A customer like nobody else is in one half only. The other has no second segment, and nothing shows that it would recur.
func TestPredictionStrengthOfARareKind(t *testing.T) {
	p := trial.Sure(choose.PredictionStrength(trial.Column(t, 1, 1, 1, 1, 1, 1, 1, 1, 2), segkit.Recipe{Method: few}, 1, 2))
	if p.Points[0].Mean != 1 || p.Points[1].Mean != 0 {
		t.Errorf("%+v", p.Points)
	}
}

func TestPredictionStrengthRefuses(t *testing.T) {
	x := trial.Corners(t, 40, 3)
	try := func(x *table.Table, m cluster.KMethod, from, to int, o ...choose.PredictionOptions) error {
		_, err := choose.PredictionStrength(x, segkit.Recipe{Method: m}, from, to, o...)
		return err
	}
	var option *fault.OptionError
	for name, err := range map[string]error{"from 0": try(x, few, 0, 2), "backwards": try(x, few, 3, 2), "too many": try(x, few, 1, 11),
		"no method": try(x, nil, 1, 2), "one split": try(x, few, 1, 2, choose.PredictionOptions{Splits: 1}),
		"equal rows": try(trial.Column(t, 1, 1, 1, 1, 1, 1, 1, 1, 1), few, 2, 2)} {
		if !errors.As(err, &option) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := try(x, cluster.Hierarchical{}, 2, 3); !errors.Is(err, fault.ErrNoPredict) {
		t.Errorf("a method that cannot predict: %v", err)
	}
	if err := try(trial.Spoilt(t, math.NaN()), few, 1, 1); !errors.Is(err, fault.ErrNotFinite) {
		t.Errorf("missing values: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := choose.PredictionStrengthContext(ctx, x, segkit.Recipe{Method: few}, 1, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
