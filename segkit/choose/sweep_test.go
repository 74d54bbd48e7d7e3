package choose_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
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
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

func sweep(t *testing.T, x *table.Table, from, to int, o ...choose.SweepOptions) *choose.Sweep {
	t.Helper()
	s, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{Seed: 1}}, from, to, o...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSweepFindsGroupsAndInventsNone(t *testing.T) {
	for _, k := range []int{3, 4, 5} {
		s := sweep(t, trial.Corners(t, 300, k), 2, 7)
		if got, ok := s.Elbow(); !ok || got != k {
			t.Errorf("%d groups: elbow %d, %v", k, got, ok)
		}
		if notes := strings.Join(s.Sheet().Notes, " "); !strings.Contains(notes, "Steps that save more than in data without groups: to k = ") {
			t.Errorf("%d groups: %q", k, notes)
		}
		if caption := s.Sheet().Caption; !strings.Contains(caption, "k = "+string(rune('0'+k))) {
			t.Errorf("%d groups: %q", k, caption)
		}
	}
	if got, ok := sweep(t, trial.Groups(t, 300, 2, 2, 8), 1, 6).Elbow(); !ok || got != 2 {
		t.Errorf("two groups, from k = 1: elbow %d, %v", got, ok)
	}
	for d := 1; d <= 4; d++ {
		s := sweep(t, trial.Groups(t, 300, d, 1, 0), 2, 6) // one blob
		if k, ok := s.Elbow(); ok {
			t.Errorf("one blob in %d dimensions: elbow %d", d, k)
		}
		for _, p := range s.Points { // it is itself a draw like the others, so near their band
			if p.Cost < 0.9*p.NullLow || p.Cost > 1.1*p.NullHigh || p.Silhouette > p.NullSilhouetteHigh+.05 {
				t.Errorf("one blob, d = %d, k = %d: cost %v outside %v to %v, silhouette %v above %v", d, p.K, p.Cost, p.NullLow, p.NullHigh, p.Silhouette, p.NullSilhouetteHigh)
			}
		}
	}
}

func TestSweepPoints(t *testing.T) {
	x := trial.Corners(t, 300, 3)
	s := sweep(t, x, 1, 5)
	if s.N != 300 || s.D != 2 || s.Draws != 199 || s.DrawRows != 300 || s.SilhouetteRows != 300 || s.Method != "KMeans" || len(s.Points) != 5 {
		t.Fatalf("%d x %d, %d draws of %d, silhouettes of %d, %d points", s.N, s.D, s.Draws, s.DrawRows, s.SilhouetteRows, len(s.Points))
	}
	if s.Points[0].Cost != s.Total || !math.IsNaN(s.Points[0].Silhouette) {
		t.Fatalf("k = 1: %+v, total %v", s.Points[0], s.Total)
	}
	for i, p := range s.Points {
		c := fit(t, x, cluster.KMeans{K: i + 1, Seed: 1})
		if p.K != i+1 || p.Cost != c.Cost || len(p.Restarts) != 10 || len(p.Null) != 2*199 {
			t.Fatalf("k = %d costs %v, %d starts, %d draws; a fit of its own costs %v", p.K, p.Cost, len(p.Restarts), len(p.Null), c.Cost)
		}
		if p.K > 1 {
			whole, err := measure.Silhouette(x, c.Segments())
			if err != nil || p.Silhouette != whole.Mean {
				t.Fatalf("k = %d: silhouette %v, on its own %v", p.K, p.Silhouette, whole.Mean)
			}
		}
		if !(p.NullLow <= p.NullMedian && p.NullMedian <= p.NullHigh) || p.NullHigh > s.Total*(1+1e-9) || p.K > 1 && p.NullLow >= s.Total {
			t.Fatalf("k = %d: band %v, %v, %v of %v", p.K, p.NullLow, p.NullMedian, p.NullHigh, s.Total)
		}
	}
	if f := s.Frame(); f.Err != nil || f.Nrow() != 5 || f.Ncol() != 18 {
		t.Fatalf("frame %d x %d, %v", f.Nrow(), f.Ncol(), f.Err)
	}
	if sh := s.Sheet(); len(sh.Rows) != 5 || len(sh.Rows[0]) != len(sh.Columns) || sh.Rows[0][3] != "–" || sh.Rows[1][3] == "–" {
		t.Fatalf("%+v", sh)
	}
}

func TestSweepOptions(t *testing.T) {
	x := trial.Corners(t, 200, 3)
	plain := sweep(t, x, 2, 6, choose.SweepOptions{Draws: -1, SilhouetteRows: 50})
	if plain.Draws != 0 || plain.SilhouetteRows != 50 || plain.Points[0].Null != nil || !math.IsNaN(plain.Points[0].NullLow) {
		t.Fatalf("%+v", plain)
	}
	whole := sweep(t, x, 2, 6, choose.SweepOptions{Draws: -1})
	if a, b := plain.Points[1].Silhouette, whole.Points[1].Silhouette; a == b || math.Abs(a-b) > .1 {
		t.Fatalf("silhouette of 50 customers %v, of all %v", a, b)
	}
	if k, ok := plain.Elbow(); ok {
		t.Fatalf("elbow %d without evidence", k)
	}
	if caption := plain.Sheet().Caption; !strings.Contains(caption, "not tried") {
		t.Fatalf("caption %q", caption)
	}
	notes := strings.Join(plain.Sheet().Notes, " ")
	if !strings.Contains(notes, "50 customers drawn at random") || strings.Contains(notes, "blob") {
		t.Fatalf("notes %q", notes)
	}
	for _, bad := range []struct{ from, to int }{{0, 3}, {4, 3}, {2, 201}} {
		var option *fault.OptionError
		if _, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, bad.from, bad.to); !errors.As(err, &option) {
			t.Errorf("from %d to %d: %v", bad.from, bad.to, err)
		}
	}
	if _, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 2, 3, choose.SweepOptions{}, choose.SweepOptions{}); err == nil {
		t.Error("two options accepted")
	}
	if _, err := choose.SweepK(trial.Spoilt(t, math.NaN()), segkit.Recipe{Method: cluster.KMeans{}}, 1, 2); !errors.Is(err, fault.ErrNotFinite) {
		t.Errorf("missing values: %v", err)
	}
	if alike := sweep(t, trial.Column(t, 5, 5, 5), 1, 1); alike.Points[0].Cost != 0 {
		t.Errorf("all alike: %+v", alike)
	}
	if huge := sweep(t, trial.Column(t, -1e140, 1e140, 0.9e140, 0), 1, 3); math.IsInf(huge.Total, 0) || math.IsNaN(huge.Points[1].NullHigh) {
		t.Errorf("huge values: %+v", huge.Points[1])
	}
	if constant := sweep(t, trial.GroupsWithConstant(t), 2, 4); constant.Points[0].Cost <= 0 || math.IsNaN(constant.Points[0].NullLow) {
		t.Errorf("a constant column: %+v", constant.Points[0])
	}
}

func bytesOf(t *testing.T, s *choose.Sweep) []byte {
	t.Helper()
	b, err := gobs.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSweepIsTheSameAtAnyNumberOfProcessors(t *testing.T) {
	x := trial.Corners(t, 400, 4)
	var want []byte
	for _, procs := range []int{1, 2, 8} {
		trial.WithProcs(procs, func() {
			got := bytesOf(t, sweep(t, x, 1, 5, choose.SweepOptions{Draws: 4}))
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Fatalf("another sweep with GOMAXPROCS = %d", procs)
			}
		})
	}
}

func TestSweepIsRemembered(t *testing.T) {
	x, kept := trial.Corners(t, 100, 3), trial.Shelf{}
	ctx := memory.With(t.Context(), kept)
	run := func(x *table.Table, m cluster.KMeans, from int, o ...choose.SweepOptions) *choose.Sweep {
		s, err := choose.SweepKContext(ctx, x, segkit.Recipe{Method: m}, from, 4, o...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := run(x, cluster.KMeans{}, 1)
	if again := run(x, cluster.KMeans{}, 1); len(kept) != 1 || !bytes.Equal(bytesOf(t, again), bytesOf(t, first)) {
		t.Fatalf("%d entries, or another sweep from memory", len(kept))
	}
	run(x, cluster.KMeans{Seed: 1}, 1)
	run(x, cluster.KMeans{}, 2)
	run(x, cluster.KMeans{}, 1, choose.SweepOptions{Seed: 1})
	run(trial.Corners(t, 101, 3), cluster.KMeans{}, 1)
	if len(kept) != 5 {
		t.Fatalf("%d entries for five different sweeps", len(kept))
	}
	if err := gobs.Decode(bytesOf(t, first)[:50], new(choose.Sweep)); !errors.Is(err, fault.ErrFormat) {
		t.Fatalf("half a sweep: %v", err)
	}
}

func TestSweepCancelled(t *testing.T) {
	steps := 0
	ctx, cancel := context.WithCancel(t.Context())
	ctx = job.WithProgress(ctx, func(p job.Progress) {
		if steps++; steps == 4 {
			cancel()
		}
	})
	if _, err := choose.SweepKContext(ctx, trial.Corners(t, 500, 3), segkit.Recipe{Method: cluster.KMeans{}}, 2, 6); !errors.Is(err, context.Canceled) || steps < 4 {
		t.Fatalf("%v after %d steps", err, steps)
	}
}

func TestSweepOfOtherMethods(t *testing.T) {
	x := trial.Corners(t, 90, 3)
	for _, m := range []cluster.KMethod{cluster.KMedoids{}, cluster.KMedoids{Distance: distance.Gower}, cluster.KPrototypes{}, cluster.MiniBatch{}, cluster.Hierarchical{}} {
		s, err := choose.SweepK(x, segkit.Recipe{Method: m}, 1, 4, choose.SweepOptions{Draws: 3})
		if err != nil {
			t.Fatal(err)
		}
		if at := s.Points[2]; !(at.Cost < at.NullLow && at.Silhouette > s.Points[1].Silhouette && at.Silhouette > s.Points[3].Silhouette) {
			t.Errorf("%T: 3 groups are not seen: %+v", m, s.Points)
		}
		out := s.Sheet()
		_, medoids := m.(cluster.KMedoids)
		if _, prototypes := m.(cluster.KPrototypes); (medoids || prototypes) != (out.Columns[1].Name == "cost") {
			t.Errorf("%T: costs are called %q", m, out.Columns[1].Name)
		}
		if _, tree := m.(cluster.Hierarchical); tree == strings.Contains(out.Rows[2][6], "of") {
			t.Errorf("%T: starts %q", m, out.Rows[2][6])
		}
	}

	answers := trial.Numbered(t, 2, []float64{1, 1, 1, 0, 0, 1, 1, 1, 0, 1})
	for name, c := range map[string]struct {
		m   cluster.KMethod
		x   *table.Table
		why string
	}{
		"categories": {cluster.KPrototypes{}, trial.MixedTable(t, 1, 60, false), `has no categories such as those of "p"`},
		"missing":    {cluster.KMedoids{Distance: distance.Gower}, trial.Spoilt(t, math.NaN()), "misses no values"},
		"answers":    {cluster.KMedoids{Distance: distance.Jaccard}, answers, "Jaccard"},
		"angles":     {cluster.KMedoids{Distance: distance.Cosine}, answers, "cosine"},
	} {
		var option *fault.OptionError
		if _, err := choose.SweepK(c.x, segkit.Recipe{Method: c.m}, 1, 2); !errors.As(err, &option) || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v", name, err)
		}
		s, err := choose.SweepK(c.x, segkit.Recipe{Method: c.m}, 1, 2, choose.SweepOptions{Draws: -1})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if told := !math.IsNaN(s.Points[1].Silhouette); told != (c.x == answers) || !(s.Points[1].Cost < s.Points[0].Cost) {
			t.Errorf("%s: %+v", name, s.Points)
		}
	}
}

// Everything in a sweep is what the functions of that name say of the same solution.
func TestSweepGathersTheCriteria(t *testing.T) {
	x := trial.Corners(t, 240, 3)
	var later []float64
	s := sweep(t, x, 2, 4, choose.SweepOptions{Draws: -1})
	three, err := s.Segments(3)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, l := range three.Labels {
		later = append(later, 10*float64(l)+r.NormFloat64())
	}
	outcome, err := table.New(three.IDs, []table.Column{{Name: "spend", Unit: "EUR", Role: table.Outcome}}, later)
	if err != nil {
		t.Fatal(err)
	}
	m := cluster.KMeans{Seed: 1, Restarts: 3}
	goal := choose.SweepOptions{Draws: 2, Gap: 5, Pairs: 3, Strength: 2, Seed: 4, Goal: choose.Goal{Metric: "spend"}, Outcome: outcome.Head(200)}
	if s, err = choose.SweepK(x, segkit.Recipe{Method: m}, 2, 4, goal); err != nil {
		t.Fatal(err)
	}
	gap, err := choose.Gap(x, segkit.Recipe{Method: m}, 2, 4, choose.GapOptions{Draws: 5, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	strength, err := choose.PredictionStrength(x, segkit.Recipe{Method: m}, 2, 4, choose.PredictionOptions{Splits: 2, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	for at, p := range s.Points {
		segments, err := s.Segments(p.K)
		if err != nil {
			t.Fatal(err)
		}
		ch, err := measure.CalinskiHarabasz(x, segments)
		if err != nil || p.CalinskiHarabasz != ch {
			t.Errorf("k = %d: Calinski-Harabasz %v, on its own %v, %v", p.K, p.CalinskiHarabasz, ch, err)
		}
		if db, err := measure.DaviesBouldin(x, segments); err != nil || p.DaviesBouldin != db {
			t.Errorf("k = %d: Davies-Bouldin %v, on its own %v, %v", p.K, p.DaviesBouldin, db, err)
		}
		if simple, err := measure.Silhouette(x, segments, measure.SilhouetteOptions{Simplified: true}); err != nil || p.Simplified != simple.Mean {
			t.Errorf("k = %d: simplified silhouette %v, on its own %v, %v", p.K, p.Simplified, simple.Mean, err)
		}
		if s.Gap.Gap[at] != gap.Gap[at] || p.Strength.Mean != strength.Points[at].Mean {
			t.Errorf("k = %d: gap %v and %v, strength %v and %v", p.K, s.Gap.Gap[at], gap.Gap[at], p.Strength.Mean, strength.Points[at].Mean)
		}
		if p.Stability == nil || len(p.Stability.Rand) != 3 || p.Stability.K != p.K || (p.K == 3) != (p.Stability.Mean > .99) {
			t.Errorf("k = %d: stability %+v", p.K, p.Stability)
		}
		if (p.K == 2) != (p.Separation.Value < .9) {
			t.Errorf("k = %d separates the outcome by %v", p.K, p.Separation.Value)
		}
		if (at == 0) != (p.Origin == nil) || at > 0 && len(p.Origin) != p.K {
			t.Errorf("k = %d: origins %v", p.K, p.Origin)
		}
	}
	// A corner that stays keeps its number: the fourth segment is a part of one of the three.
	for l, pure := range s.Points[2].Origin {
		if pure < .99 {
			t.Errorf("segment %d of four comes out of several of three: %v", l, pure)
		}
	}
	stayed := 0
	for i, l := range s.Points[1].Labels {
		if s.Points[2].Labels[i] == l {
			stayed++
		}
	}
	if stayed < 190 {
		t.Errorf("only %d of 240 customers keep their number from 3 to 4", stayed)
	}
	var option *fault.OptionError
	if _, err := s.Segments(9); !errors.As(err, &option) || !strings.Contains(err.Error(), "2 to 4") {
		t.Errorf("nine segments: %v", err)
	}
}

func TestSweepGoalsAreChecked(t *testing.T) {
	x := trial.Corners(t, 60, 3)
	outcome := trial.Numbered(t, 1, make([]float64, 60))
	stranger, err := table.New([]string{"nobody"}, []table.Column{{Name: "a"}}, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	for want, o := range map[string]choose.SweepOptions{
		`"spent"`:          {Outcome: outcome, Goal: choose.Goal{Metric: "spent"}},
		"joined by id":     {Outcome: stranger, Goal: choose.Goal{Metric: "a"}},
		"Goal.MinShare":    {Goal: choose.Goal{MinShare: .7}},
		"Goal.MaxSegments": {Goal: choose.Goal{MaxSegments: 1}},
		"Gap = -1":         {Gap: -1},
		"Pairs = -1":       {Pairs: -1},
		"Strength = -1":    {Strength: -1},
	} {
		if _, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 2, 3, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want a word of %s", err, want)
		}
	}
	same := trial.Numbered(t, 1, make([]float64, 60)) // the outcome never changes: nothing to separate, and no invention
	s, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 2, 3, choose.SweepOptions{Draws: -1, Outcome: same})
	if err != nil || !math.IsNaN(s.Points[0].Separation.Value) {
		t.Errorf("an outcome that is the same for all: %v", err)
	}
}

// Five combinations of three flags, standardised: what is left at k = 5 is rounding, which the sheet does not show as a cost.
func TestRoundingIsNoCost(t *testing.T) {
	var flags []float64
	for i := range 200 {
		flags = append(flags, [][]float64{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 1}, {1, 1, 1}}[i%5]...)
	}
	s, err := choose.SweepK(trial.Numbered(t, 3, flags), segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{}}, 2, 5, choose.SweepOptions{Draws: -1})
	if err != nil {
		t.Fatal(err)
	}
	if p := s.Points[3]; p.Cost == 0 {
		t.Errorf("no rounding to see: %+v", p)
	}
	if rows := s.Sheet().Rows; rows[3][1] != "0" || rows[2][1] == "0" {
		t.Error(rows)
	}
}

func TestSweepOfARecipePreparesTheTable(t *testing.T) {
	raw := trial.ThreeGroups(120)
	recipe := segkit.Recipe{Prep: []prep.Transformer{prep.Log1p{}, prep.Winsor{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}
	got, err := choose.SweepK(raw, recipe, 2, 4, choose.SweepOptions{Draws: -1})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range got.Points {
		r := recipe
		r.Method = cluster.KMeans{K: p.K, Seed: 1}
		if m, err := r.Fit(raw); err != nil || m.Cost != p.Cost {
			t.Errorf("k = %d costs %v in the sweep, not so alone (%v)", p.K, p.Cost, err)
		}
	}
	var option *fault.OptionError
	if _, err := choose.SweepK(raw, segkit.Recipe{Columns: []string{"channel"}, Method: cluster.DBSCAN{}}, 2, 4); !errors.As(err, &option) || !strings.Contains(err.Error(), "number of segments") {
		t.Errorf("a method without k: %v", err)
	}
	if _, err := choose.SweepK(raw, segkit.Recipe{}, 2, 4); !errors.As(err, &option) {
		t.Errorf("no method: %v", err)
	}
}

// startingOn sweeps from 2 to 5 segments, whose starts are tried on so many customers.
func startingOn(t *testing.T, x *table.Table, rows int) *choose.Sweep {
	t.Helper()
	s, err := choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 2, 5, choose.SweepOptions{Draws: -1, StartRows: rows})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A sample that misses the customers who differ is no place to start from: starts are then tried on all of them.
func TestASampleWithoutTheRareOnes(t *testing.T) {
	data := make([]float64, 3000)
	for i := range data {
		data[i] = float64(i % 2)
	}
	data[7], data[1500], data[2998] = 10, 20, 30
	x := trial.Numbered(t, 1, data)
	all, some := startingOn(t, x, -1), startingOn(t, x, 200)
	if some.StartRows != 0 || some.Points[3].Cost != 0 {
		t.Errorf("starts on %d customers, cost of five segments %v", some.StartRows, some.Points[3].Cost)
	}
	for at, p := range some.Points {
		if p.Cost != all.Points[at].Cost || !slices.Equal(p.Labels, all.Points[at].Labels) {
			t.Errorf("k = %d: cost %v, with all %v", p.K, p.Cost, all.Points[at].Cost)
		}
	}
}

// Of a large table the starts are tried on a sample: costs and segments are of all customers, and it is said.
func TestStartsOfASampleGoOnWithAll(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	data := make([]float64, 0, 3*3000)
	for i := range 3000 {
		for j := range 3 {
			data = append(data, r.NormFloat64()+float64(6*(i*(j+1)%5)))
		}
	}
	x := trial.Numbered(t, 3, data)
	all, usual, some := startingOn(t, x, -1), startingOn(t, x, 0), startingOn(t, x, 400)
	if usual.StartRows != 0 || !reflect.DeepEqual(usual.Points[3].Labels, all.Points[3].Labels) {
		t.Error("the starts of a small table are not tried on all")
	}
	if all.StartRows != 0 || some.StartRows != 400 {
		t.Errorf("starts were tried on %d and on %d customers", all.StartRows, some.StartRows)
	}
	for at, p := range some.Points {
		cost := 0.0 // of everybody, to the means of the segments
		sums, sizes := make([]float64, 3*p.K), make([]float64, p.K)
		for i, l := range p.Labels {
			sizes[l]++
			for j := range 3 {
				sums[3*l+j] += x.At(i, j)
			}
		}
		for i, l := range p.Labels {
			for j := range 3 {
				gap := x.At(i, j) - sums[3*l+j]/sizes[l]
				cost += gap * gap
			}
		}
		if math.Abs(p.Cost-cost) > 1e-3*cost || p.Cost > 1.01*all.Points[at].Cost {
			t.Errorf("k = %d: cost %v, by the labels %v, of starts on all %v", p.K, p.Cost, cost, all.Points[at].Cost)
		}
		if len(p.Restarts) != 10 {
			t.Errorf("k = %d: %d starts", p.K, len(p.Restarts))
		}
	}
	if first := some.Points[0].Labels.Counts(); first[0] < first[1] {
		t.Errorf("the first segments are not numbered by size: %v", first)
	}
	if says := "Starts were tried on 400 of the 3,000 customers"; !strings.Contains(strings.Join(some.Sheet().Notes, "\n"), says) {
		t.Errorf("the sheet does not say %q: %q", says, some.Sheet().Notes)
	}
}
