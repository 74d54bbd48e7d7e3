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
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// few are enough starts for the small tables of these tests.
var few = cluster.KMeans{Restarts: 3}

func gap(t *testing.T, x *table.Table, from, to int, o ...choose.GapOptions) *choose.GapStatistic {
	t.Helper()
	g, err := choose.Gap(x, segkit.Recipe{Method: few}, from, to, o...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The documentation of R's clusGap on this example: "k = 4 is best and k = 5 pretty close".
func TestGapOfRuspini(t *testing.T) {
	x := trial.Read(t, "../testdata/ruspini.csv", "id")
	g := gap(t, x, 1, 8, choose.GapOptions{Draws: 60})
	for rule := choose.FirstSEMax; rule <= choose.GlobalMax; rule++ {
		if k, ok := g.Best(rule); k != 4 || !ok {
			t.Errorf("%s: %d, %v; gaps %.3f", rule, k, ok, g.Gap)
		}
	}
	if g.Gap[4] < g.Gap[3]-.2 || g.Gap[4] < g.Gap[2]+.1 {
		t.Errorf("k = 5 is not close: gaps %.3f", g.Gap)
	}
	if caption := g.Sheet().Caption; !strings.Contains(caption, "k = 4") {
		t.Error(caption)
	}
}

// With k = 1 the cost is n times the summed variances, so all is known: of a uniform column, (range)²/12.
func TestGapAtOneSegment(t *testing.T) {
	x := trial.Groups(t, 400, 2, 2, 3)
	g := gap(t, x, 1, 2, choose.GapOptions{Draws: 200})
	expected := 0.0
	for _, name := range x.Names() {
		v, _ := x.Values(name)
		low, high := math.Inf(1), math.Inf(-1)
		for _, a := range v {
			low, high = min(low, a), max(high, a)
		}
		expected += float64(x.Len()) * (high - low) * (high - low) / 12
	}
	if math.Abs(g.Expected[0]-math.Log(expected)) > .01 || g.Gap[0] != g.Expected[0]-g.LogCost[0] {
		t.Errorf("expected %v, by the variance of uniform columns %v", g.Expected[0], math.Log(expected))
	}
	if c := fit(t, x, few.WithK(2)); g.LogCost[1] != math.Log(c.Cost) {
		t.Errorf("ln cost %v of cost %v", g.LogCost[1], c.Cost)
	}
}

// The paper's examples: one uniform group, and groups apart. Along the principal axes a turned box is a box again.
func TestGapFindsGroupsAndInventsNone(t *testing.T) {
	right := map[int]int{}
	for seed := range 10 {
		r := rand.New(rand.NewPCG(uint64(seed), 6))
		var data []float64
		for range 100 {
			data = append(data, r.Float64(), r.Float64())
		}
		if k, _ := gap(t, trial.Numbered(t, 2, data), 1, 5, choose.GapOptions{Draws: 20, Seed: seed}).Best(choose.FirstSEMax); k == 1 {
			right[1]++
		}
		if k, _ := gap(t, trial.Corners(t, 90+seed, 3), 1, 5, choose.GapOptions{Draws: 20, Seed: seed}).Best(choose.FirstSEMax); k == 3 {
			right[3]++
		}
	}
	if right[1] < 9 || right[3] < 9 {
		t.Errorf("of 10 each: one group found %d times, three groups %d times", right[1], right[3])
	}
	byAxes, byBox := 0, 0
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 6))
		var diagonal []float64
		for range 200 { // a thin stick, at an angle to the columns
			along, across := 10*r.Float64(), r.Float64()
			diagonal = append(diagonal, along+across, along-across)
		}
		x := trial.Numbered(t, 2, diagonal)
		if k, _ := gap(t, x, 1, 4, choose.GapOptions{Draws: 20, Reference: choose.PrincipalAxes}).Best(choose.FirstSEMax); k == 1 {
			byAxes++
		}
		if k, _ := gap(t, x, 1, 4, choose.GapOptions{Draws: 20}).Best(choose.FirstSEMax); k == 1 {
			byBox++
		}
	}
	if byAxes < 6 || byBox > 0 { // the gap has no level: one group is taken for two now and then
		t.Errorf("a stick is one group along the principal axes in %d of 10, before a box along the columns in %d", byAxes, byBox)
	}
}

func TestGapIsTheSameAnywhere(t *testing.T) {
	x, kept := trial.Corners(t, 80, 3), trial.Shelf{}
	ctx := memory.With(t.Context(), kept)
	run := func(o choose.GapOptions) []byte {
		g, err := choose.GapContext(ctx, x, segkit.Recipe{Method: few}, 1, 4, o)
		if err != nil {
			t.Fatal(err)
		}
		if out := g.Sheet(); len(out.Rows) != 4 || g.Frame().Nrow() != 4 {
			t.Fatalf("%d rows, frame of %d", len(out.Rows), g.Frame().Nrow())
		}
		b, err := gobs.Encode(g)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := run(choose.GapOptions{Draws: 10})
	for _, procs := range []int{1, 8} {
		trial.WithProcs(procs, func() {
			clear(kept)
			if got := run(choose.GapOptions{Draws: 10}); !bytes.Equal(got, want) {
				t.Errorf("another gap with GOMAXPROCS = %d", procs)
			}
		})
	}
	if again := run(choose.GapOptions{Draws: 10}); !bytes.Equal(again, want) {
		t.Error("another gap from memory")
	}
	if other := run(choose.GapOptions{Draws: 10, SEFactor: 2}); len(kept) != 1 || bytes.Equal(other, want) {
		t.Errorf("%d entries: another way to read the curve needs no new draws", len(kept))
	}
	run(choose.GapOptions{Draws: 10, Seed: 1})
	run(choose.GapOptions{Draws: 10, Reference: choose.PrincipalAxes})
	if len(kept) != 3 {
		t.Errorf("%d entries for three different gaps", len(kept))
	}
	if err := gobs.Decode([]byte("no"), new(choose.GapStatistic)); !errors.Is(err, fault.ErrFormat) {
		t.Errorf("no gap: %v", err)
	}
}

// A limit is no missing value: where the customers of each segment are identical, ln 0 is -Inf, and no number is better.
func TestGapOfAPerfectNumber(t *testing.T) {
	g, err := choose.Gap(trial.Column(t, 1, 1, 5, 5, 9, 9), segkit.Recipe{Method: few}, 1, 3, choose.GapOptions{Draws: 9})
	if err != nil || !math.IsInf(g.Gap[2], 1) || math.IsInf(g.Gap[1], 0) {
		t.Fatalf("%+v (%v)", g, err)
	}
	for _, rule := range []choose.GapRule{choose.GlobalSEMax, choose.GlobalMax} {
		if k, ok := g.Best(rule); k != 3 || !ok {
			t.Errorf("%s chooses %d (%v), want 3", rule, k, ok)
		}
	}
}

func TestGapRefuses(t *testing.T) {
	x := trial.Corners(t, 40, 3)
	var option *fault.OptionError
	for name, err := range map[string]error{
		"from 0":     gapError(x, few, 0, 3),
		"backwards":  gapError(x, few, 3, 2),
		"too many":   gapError(x, few, 1, 41),
		"no method":  gapError(x, nil, 1, 2),
		"one draw":   gapError(x, few, 1, 2, choose.GapOptions{Draws: 1}),
		"reference":  gapError(x, few, 1, 2, choose.GapOptions{Reference: 9}),
		"factor":     gapError(x, few, 1, 2, choose.GapOptions{SEFactor: -1}),
		"twice":      gapError(x, few, 1, 2, choose.GapOptions{}, choose.GapOptions{}),
		"likelihood": gapError(x, cluster.GaussianMixture{Restarts: 1}, 1, 2),
		"categories": gapError(trial.MixedTable(t, 1, 60, false), cluster.KPrototypes{}, 1, 2),
		"angles":     gapError(x, cluster.KMedoids{Distance: distance.Cosine}, 1, 2),
	} {
		if !errors.As(err, &option) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := gapError(trial.Column(t, 1, 3, 4), few, 1, 3); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("a segment for each, in the draws too: %v", err)
	}
	if err := gapError(trial.Spoilt(t, math.NaN()), few, 1, 2); !errors.Is(err, fault.ErrNotFinite) {
		t.Errorf("missing values: %v", err)
	}
	steps := 0
	ctx, cancel := context.WithCancel(t.Context())
	ctx = job.WithProgress(ctx, func(job.Progress) {
		if steps++; steps == 4 {
			cancel()
		}
	})
	if _, err := choose.GapContext(ctx, x, segkit.Recipe{Method: few}, 1, 3); !errors.Is(err, context.Canceled) || steps < 4 {
		t.Errorf("%v after %d steps", err, steps)
	}
}

func gapError(x *table.Table, m cluster.KMethod, from, to int, o ...choose.GapOptions) error {
	_, err := choose.Gap(x, segkit.Recipe{Method: m}, from, to, o...)
	return err
}
