package segkit_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/internal/memory"
)

// few are enough starts for the small tables of these tests.
var few = segkit.KMeans{Restarts: 3}

func gap(t *testing.T, x *segkit.Table, from, to int, o ...segkit.GapOptions) *segkit.GapStatistic {
	t.Helper()
	g, err := segkit.Gap(x, few, from, to, o...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The documentation of R's clusGap on this example: "k = 4 is best and k = 5 pretty close".
func TestGapOfRuspini(t *testing.T) {
	x := read(t, "testdata/ruspini.csv", "id")
	g := gap(t, x, 1, 8, segkit.GapOptions{Draws: 60})
	for rule := segkit.FirstSEMax; rule <= segkit.GlobalMax; rule++ {
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
	x := groups(t, 400, 2, 2, 3)
	g := gap(t, x, 1, 2, segkit.GapOptions{Draws: 200})
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
		if k, _ := gap(t, numbered(t, 2, data), 1, 5, segkit.GapOptions{Draws: 20, Seed: seed}).Best(segkit.FirstSEMax); k == 1 {
			right[1]++
		}
		if k, _ := gap(t, corners(t, 90+seed, 3), 1, 5, segkit.GapOptions{Draws: 20, Seed: seed}).Best(segkit.FirstSEMax); k == 3 {
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
		x := numbered(t, 2, diagonal)
		if k, _ := gap(t, x, 1, 4, segkit.GapOptions{Draws: 20, Reference: segkit.PrincipalAxes}).Best(segkit.FirstSEMax); k == 1 {
			byAxes++
		}
		if k, _ := gap(t, x, 1, 4, segkit.GapOptions{Draws: 20}).Best(segkit.FirstSEMax); k == 1 {
			byBox++
		}
	}
	if byAxes < 6 || byBox > 0 { // the gap has no level: one group is taken for two now and then
		t.Errorf("a stick is one group along the principal axes in %d of 10, before a box along the columns in %d", byAxes, byBox)
	}
}

func TestGapIsTheSameAnywhere(t *testing.T) {
	x, kept := corners(t, 80, 3), shelf{}
	ctx := memory.With(t.Context(), kept)
	run := func(o segkit.GapOptions) []byte {
		g, err := segkit.GapContext(ctx, x, few, 1, 4, o)
		if err != nil {
			t.Fatal(err)
		}
		if out := g.Sheet(); len(out.Rows) != 4 || g.Frame().Nrow() != 4 {
			t.Fatalf("%d rows, frame of %d", len(out.Rows), g.Frame().Nrow())
		}
		b, err := g.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := run(segkit.GapOptions{Draws: 10})
	for _, procs := range []int{1, 8} {
		withProcs(procs, func() {
			clear(kept)
			if got := run(segkit.GapOptions{Draws: 10}); !bytes.Equal(got, want) {
				t.Errorf("another gap with GOMAXPROCS = %d", procs)
			}
		})
	}
	if again := run(segkit.GapOptions{Draws: 10}); !bytes.Equal(again, want) {
		t.Error("another gap from memory")
	}
	if other := run(segkit.GapOptions{Draws: 10, SEFactor: 2}); len(kept) != 1 || bytes.Equal(other, want) {
		t.Errorf("%d entries: another way to read the curve needs no new draws", len(kept))
	}
	run(segkit.GapOptions{Draws: 10, Seed: 1})
	run(segkit.GapOptions{Draws: 10, Reference: segkit.PrincipalAxes})
	if len(kept) != 3 {
		t.Errorf("%d entries for three different gaps", len(kept))
	}
	if err := new(segkit.GapStatistic).UnmarshalBinary([]byte("no")); !errors.Is(err, segkit.ErrFormat) {
		t.Errorf("no gap: %v", err)
	}
}

func TestGapRefuses(t *testing.T) {
	x := corners(t, 40, 3)
	var option *segkit.OptionError
	for name, err := range map[string]error{
		"from 0":     gapError(x, few, 0, 3),
		"backwards":  gapError(x, few, 3, 2),
		"too many":   gapError(x, few, 1, 41),
		"no method":  gapError(x, nil, 1, 2),
		"one draw":   gapError(x, few, 1, 2, segkit.GapOptions{Draws: 1}),
		"reference":  gapError(x, few, 1, 2, segkit.GapOptions{Reference: 9}),
		"factor":     gapError(x, few, 1, 2, segkit.GapOptions{SEFactor: -1}),
		"twice":      gapError(x, few, 1, 2, segkit.GapOptions{}, segkit.GapOptions{}),
		"likelihood": gapError(x, segkit.GaussianMixture{Restarts: 1}, 1, 2),
		"categories": gapError(mixedTable(t, 1, 60, false), segkit.KPrototypes{}, 1, 2),
		"angles":     gapError(x, segkit.KMedoids{Distance: segkit.Cosine}, 1, 2),
	} {
		if !errors.As(err, &option) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := gapError(column(t, 1, 1, 5, 5), few, 1, 2); !errors.Is(err, segkit.ErrUndefined) {
		t.Errorf("cost 0: %v", err)
	}
	if err := gapError(spoilt(t, math.NaN()), few, 1, 2); !errors.Is(err, segkit.ErrNotFinite) {
		t.Errorf("missing values: %v", err)
	}
	steps := 0
	ctx, cancel := context.WithCancel(t.Context())
	ctx = segkit.WithProgress(ctx, func(segkit.Progress) {
		if steps++; steps == 4 {
			cancel()
		}
	})
	if _, err := segkit.GapContext(ctx, x, few, 1, 3); !errors.Is(err, context.Canceled) || steps < 4 {
		t.Errorf("%v after %d steps", err, steps)
	}
}

func gapError(x *segkit.Table, m segkit.KMethod, from, to int, o ...segkit.GapOptions) error {
	_, err := segkit.Gap(x, m, from, to, o...)
	return err
}
