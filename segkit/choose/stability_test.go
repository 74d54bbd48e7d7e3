package choose_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

func stability(t *testing.T, x *table.Table, m cluster.Method, o choose.StabilityOptions) *choose.Stabilities {
	t.Helper()
	s, err := choose.Stability(x, segkit.Recipe{Method: m}, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// square is n customers anywhere in a square: no groups, but four corners.
func square(t *testing.T, n int) *table.Table {
	r := rand.New(rand.NewPCG(3, 4))
	data := make([]float64, 2*n)
	for i := range data {
		data[i] = r.Float64()
	}
	return trial.Numbered(t, 2, data)
}

// Dolnicar & Leisch 2010 use the first two: natural groups are found again by every sample.
func TestNaturalGroupsAreStable(t *testing.T) {
	ruspini := trial.Read(t, "../testdata/ruspini.csv", "id")
	s := stability(t, ruspini, cluster.KMeans{K: 4}, choose.StabilityOptions{Pairs: 20, Draws: 2})
	if s.Mean < .98 || s.Low > s.Mean || s.High < s.Mean || s.High > 1 {
		t.Errorf("Ruspini at k = 4: mean adjusted Rand %v (%v to %v)", s.Mean, s.Low, s.High)
	}
	for _, each := range s.Each {
		if each.Mean < .95 || each.Reading() != "highly stable" || each.Dissolved > .03 {
			t.Errorf("segment %s: %v %v, dissolved %v", each.Name, each.Mean, each.Reading(), each.Dissolved)
		}
		if len(each.Null) != 2 || slices.Max(each.Null) >= each.Mean {
			t.Errorf("segment %s: one group is as stable: %v", each.Name, each.Null)
		}
	}
	if slices.Max(s.Null) > .9 {
		t.Errorf("one group in four segments is stable: %v", s.Null)
	}
	if caption := s.Sheet().Caption; !strings.HasPrefix(caption, "All 4 segments reappear") {
		t.Error(caption)
	}
	if five := stability(t, ruspini, cluster.KMeans{K: 5}, choose.StabilityOptions{Pairs: 20, Draws: -1}); five.Mean >= s.Mean || five.Null != nil {
		t.Errorf("k = 5 is as stable: %v", five.Mean)
	}
}

// A square has no groups, yet cutting it in four quarters is stable, since it has four corners (Dolnicar & Leisch 2010, fig. 1:
// reproducible segmentation without natural segments).
func TestASquareIsMostStableInQuarters(t *testing.T) {
	x := square(t, 1000)
	best, most := 0, 0.0
	for k := 2; k <= 6; k++ {
		if s := stability(t, x, cluster.KMeans{K: k}, choose.StabilityOptions{Pairs: 15, Draws: -1}); s.Mean > most {
			best, most = k, s.Mean
		}
	}
	if best != 4 {
		t.Errorf("most stable at k = %d", best)
	}
}

func TestStabilityOfTheSurvey(t *testing.T) {
	answers := trial.Public(t, "mcdonalds/mcdonalds.csv", "", "yummy", "convenient", "spicy", "fattening", "greasy", "fast", "cheap", "tasty",
		"expensive", "healthy", "disgusting")
	var data []float64
	for i := range answers.Len() {
		data = append(data, answers.Row(i)...)
	}
	x := trial.Numbered(t, 11, data)
	mean := map[int]float64{}
	for _, k := range []int{2, 3, 4, 5, 6} {
		mean[k] = stability(t, x, cluster.KMeans{K: k}, choose.StabilityOptions{Pairs: 20, Draws: -1}).Mean
	}
	t.Log(mean)
	// Dolnicar, Grün & Leisch 2018, Market Segmentation Analysis, section 7.5 and appendix C: two, three and four segments are good
	// candidates by their box plots of the adjusted Rand index; with five and more the index falls.
	for _, few := range []int{2, 3, 4} {
		for _, many := range []int{5, 6} {
			if mean[few] <= mean[many] {
				t.Errorf("%d segments: %v, %d segments: %v", few, mean[few], many, mean[many])
			}
		}
	}
}

// A segment that is only half of a group comes and goes; its neighbours stay.
func TestHalvesOfAGroupDissolve(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	var data []float64
	for i := range 300 {
		centre := [][2]float64{{0, 0}, {20, 0}, {0, 20}}[i%3]
		data = append(data, centre[0]+r.NormFloat64(), centre[1]+r.NormFloat64())
	}
	x := trial.Numbered(t, 2, data)
	s := stability(t, x, cluster.KMeans{K: 4}, choose.StabilityOptions{Pairs: 20, Draws: -1})
	whole, halves := 0, 0
	for a, each := range s.Each {
		switch {
		case each.Size == 100 && each.Mean > .7:
			whole++
		case each.Size < 100 && each.Mean < .8 && each.Dissolved > 0:
			halves++
		default:
			t.Errorf("segment %d of %d customers: %v, dissolved %v", a, each.Size, each.Mean, each.Dissolved)
		}
	}
	if whole != 2 || halves != 2 {
		t.Errorf("%d groups came back, %d halves dissolved", whole, halves)
	}
	if caption := s.Sheet().Caption; !strings.Contains(caption, "dissolves in") {
		t.Error(caption)
	}
	standing := s.Standing()
	for i, share := range s.Survival {
		want := "fragile"
		if share >= .9 {
			want = "core"
		} else if share >= .6 {
			want = "border"
		}
		if standing[i] != want {
			t.Fatalf("customer %d: survives %v, %q", i, share, standing[i])
		}
	}
}

// Every kind of method, those that cannot assign new customers and those that leave some out included: separated groups come
// back whole, and every customer of a group survives.
func TestStabilityOfEveryKindOfMethod(t *testing.T) {
	x := trial.Groups(t, 90, 2, 3, 30)
	start := fit(t, x, cluster.KMeans{K: 3}).Centers
	for _, m := range []cluster.Method{cluster.KMeans{K: 3}, cluster.KMeans{K: 3, MinSize: 15}, cluster.KMeans{Start: start}, cluster.MiniBatch{K: 3},
		cluster.KMedoids{K: 3}, cluster.GaussianMixture{K: 3, Shape: cluster.SphericalCovariance},
		cluster.Hierarchical{K: 3}, cluster.Hierarchical{K: 3, Linkage: cluster.Single},
		cluster.DBSCAN{Eps: 3, MinSamples: 3}, cluster.HDBSCAN{MinSize: 8}, elsewhere{cluster.KMeans{K: 3}}} {
		s := stability(t, x, m, choose.StabilityOptions{Pairs: 5, Draws: -1})
		if s.K != 3 || s.Mean != 1 {
			t.Errorf("%T: %d segments, %v", m, s.K, s.Rand)
		}
		for _, each := range s.Each {
			if each.Mean < .9 || each.Recovered != 1 {
				t.Errorf("%T: segment %s: %v", m, each.Name, each.Jaccard)
			}
		}
		if slices.Min(s.Survival) != 1 {
			t.Errorf("%T: a customer moved: %v", m, s.Survival)
		}
	}
}

// elsewhere is a method that this package does not know.
type elsewhere struct{ cluster.KMeans }

// Of 200 customers with two answers, 3 have a combination of their own. A sample without them, as (1 - 3/200)^200 = 4.9 % are, is divided into the three kinds it has:
// the segment of the 3 dissolves there, and nothing else changes. Where all are drawn, everything is found again.
func TestARareKindOfCustomersIsNotAlwaysDrawn(t *testing.T) {
	data := make([]float64, 400)
	for i := range 200 {
		x, y := i%2, i/2%2
		if x == 1 && y == 1 {
			x = 0
		}
		if i < 3 {
			x, y = 1, 1
		}
		data[2*i], data[2*i+1] = float64(x), float64(y)
	}
	x := trial.Numbered(t, 2, data)
	if s := trial.Sure(choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{Seed: 1}}, 2, 4, choose.SweepOptions{Pairs: 20, Strength: 10, Draws: -1})); s.Points[2].Stability.Mean < .9 || s.Points[2].Strength.Mean > .9 {
		t.Errorf("at 4 segments: %+v", s.Points[2].Strength)
	}
	for _, m := range []cluster.KMethod{cluster.KMeans{K: 4, Seed: 1}, cluster.KMedoids{K: 4}, cluster.Hierarchical{K: 4}} {
		s := trial.Sure(choose.Stability(x, segkit.Recipe{Method: m}, choose.StabilityOptions{Pairs: 100, Draws: -1}))
		for _, e := range s.Each {
			if rare := e.Size == 3; !rare && e.Dissolved > 0 || rare && math.Abs(e.Dissolved-.049) > .05 {
				t.Errorf("%T: %d customers dissolve in %v of 200 samples", m, e.Size, e.Dissolved)
			}
		}
	}
}

func TestStabilityIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	x := square(t, 300)
	var first *choose.Stabilities
	for _, procs := range []int{1, 2, 7} {
		old := runtime.GOMAXPROCS(procs)
		s := stability(t, x, cluster.KMeans{K: 5}, choose.StabilityOptions{Pairs: 6, Draws: 2})
		runtime.GOMAXPROCS(old)
		if first == nil {
			first = s
		}
		if !reflect.DeepEqual(s, first) {
			t.Fatalf("%d processors: %+v, want %+v", procs, s, first)
		}
	}
	other := stability(t, x, cluster.KMeans{K: 5}, choose.StabilityOptions{Pairs: 6, Draws: -1, Seed: 1})
	if slices.Equal(other.Rand, first.Rand) {
		t.Error("another seed draws the same samples")
	}
	more := stability(t, x, cluster.KMeans{K: 5}, choose.StabilityOptions{Pairs: 9, Draws: -1})
	if !slices.Equal(more.Rand[:6], first.Rand) {
		t.Error("more pairs change the first ones")
	}
}

func TestOrderOfRowsDoesNotMatterToStableGroups(t *testing.T) {
	x := trial.Groups(t, 90, 2, 3, 30)
	ids, data := x.IDs(), []float64(nil)
	slices.Reverse(ids)
	for i := range ids {
		data = append(data, x.Row(len(ids)-1-i)...)
	}
	turned := trial.Table(t, ids, x.Columns(), data)
	a := stability(t, x, cluster.KMeans{K: 3}, choose.StabilityOptions{Pairs: 5, Draws: -1})
	b := stability(t, turned, cluster.KMeans{K: 3}, choose.StabilityOptions{Pairs: 5, Draws: -1})
	for s := range a.Each {
		if !slices.Equal(a.Each[s].Jaccard, b.Each[s].Jaccard) {
			t.Errorf("segment %d: %v and %v", s, a.Each[s].Jaccard, b.Each[s].Jaccard)
		}
	}
}

func TestStabilityRefusesAndTellsWhatIsUndefined(t *testing.T) {
	x := trial.Groups(t, 12, 2, 3, 30)
	city := trial.Table(t, x.IDs(), []table.Column{{Name: "city", Levels: []string{"Bonn", "Ulm"}}}, []float64{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1})
	for name, c := range map[string]struct {
		x    *table.Table
		m    cluster.Method
		o    []choose.StabilityOptions
		want string
	}{
		"no method":       {x, nil, nil, "want a method"},
		"two options":     {x, cluster.KMeans{K: 2}, make([]choose.StabilityOptions, 2), "at most one"},
		"negative pairs":  {x, cluster.KMeans{K: 2}, []choose.StabilityOptions{{Pairs: -1}}, "at least 1"},
		"too many":        {x, cluster.KMeans{K: 13}, nil, "1 to 12"},
		"draws of levels": {city, cluster.LatentClass{K: 2}, []choose.StabilityOptions{{Draws: 3}}, "-1, for none"},
		"draws by density": {x, cluster.DBSCAN{Eps: 1, MinSamples: 2}, []choose.StabilityOptions{{Draws: 3}},
			"chooses its own number of segments"},
	} {
		_, err := choose.Stability(c.x, segkit.Recipe{Method: c.m}, c.o...)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "segkit: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	one := stability(t, x, cluster.KMeans{K: 1}, choose.StabilityOptions{Pairs: 3})
	if !math.IsNaN(one.Mean) || !math.IsNaN(one.Low) || one.Each[0].Mean != 1 || !strings.Contains(one.Sheet().Caption, "no division") {
		t.Errorf("one segment: %v, %v, %q", one.Mean, one.Each[0].Mean, one.Sheet().Caption)
	}
	pair := stability(t, x, cluster.KMeans{K: 2}, choose.StabilityOptions{Pairs: 1})
	for _, s := range []*choose.Stabilities{one, pair} {
		if text := strings.Join(s.Sheet().Notes, " "); strings.Contains(text, "– to") {
			t.Errorf("%d segments, %d pairs: %s", s.K, s.Pairs, text)
		}
	}
	noise := stability(t, x, cluster.DBSCAN{Eps: 1e-9, MinSamples: 12}, choose.StabilityOptions{Pairs: 3})
	if !math.IsNaN(noise.Mean) || noise.K != 0 || !math.IsNaN(noise.Survival[0]) || noise.Standing()[0] != "" {
		t.Errorf("noise only: %+v", noise)
	}
	noise.Sheet()
}

func TestStabilityIsCancelledAndReports(t *testing.T) {
	x := square(t, 2000)
	noneLeft := trial.NoneLeft(t)
	ctx, cancel := context.WithCancel(context.Background())
	steps, total := 0, 0
	ctx = job.WithProgress(ctx, func(p job.Progress) {
		if steps, total = p.Done, p.Total; p.Done == 5 {
			cancel()
		}
	})
	_, err := choose.StabilityContext(ctx, x, segkit.Recipe{Method: cluster.KMeans{K: 4}}, choose.StabilityOptions{Pairs: 40, Draws: -1})
	if !errors.Is(err, context.Canceled) || steps > 20 || total != 80 {
		t.Errorf("%v after %d of %d steps", err, steps, total)
	}
	noneLeft()
	ctx = job.WithProgress(context.Background(), func(p job.Progress) { steps, total = p.Done, p.Total })
	if _, err := choose.StabilityContext(ctx, x, segkit.Recipe{Method: cluster.KMeans{K: 2}}, choose.StabilityOptions{Pairs: 2, Draws: 2}); err != nil || steps != total {
		t.Errorf("%v, %d of %d steps", err, steps, total)
	}
}

// memoryOf counts what is looked up and kept.
type memoryOf map[string][]byte

func (m memoryOf) Get(key string) ([]byte, bool) { v, ok := m[key]; return v, ok }

func (m memoryOf) Put(key string, value []byte) { m[key] = value }

func TestRecipesNameTheSegmentsOfTheirStability(t *testing.T) {
	ids, data := make([]string, 90), []float64(nil)
	r := rand.New(rand.NewPCG(8, 8))
	for i := range ids {
		ids[i] = fmt.Sprint("c", i)
		data = append(data, []float64{5, 200}[i%2]+r.Float64(), []float64{30, 2}[i%2]+r.Float64())
	}
	raw := trial.Table(t, ids, []table.Column{{Name: "recency", High: "lapsed", Low: "recent"}, {Name: "orders", High: "frequent", Low: "rare"}}, data)
	recipe := segkit.Recipe{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 2}}
	store := memoryOf{}
	ctx := memory.With(context.Background(), store)
	first, err := choose.StabilityContext(ctx, raw, recipe, choose.StabilityOptions{Pairs: 3})
	if err != nil {
		t.Fatal(err)
	}
	model, err := recipe.Fit(raw)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first.Segments.Names, model.Names) || first.Each[1].Name != model.Names[1] {
		t.Errorf("names %q, the model's are %q", first.Segments.Names, model.Names)
	}
	again, err := choose.StabilityContext(ctx, raw, recipe, choose.StabilityOptions{Pairs: 3})
	if err != nil || len(store) != 1 || !reflect.DeepEqual(first, again) {
		t.Errorf("not remembered: %d entries, %v", len(store), err)
	}
	if frame := first.Frame(); frame.Nrow() != 90 || !slices.Equal(frame.Names(), []string{"id", "segment", "survival", "standing"}) {
		t.Error(frame)
	}
	if frame := first.SegmentFrame(); frame.Nrow() != 2 || frame.Col("core").Float()[0] != 1 {
		t.Error(frame)
	}
}

// Samples of a large table have fewer customers than it; that is said with its error, and a sample of all is there for the asking.
func TestSmallerSamplesAreStated(t *testing.T) {
	x := square(t, 4000)
	m := cluster.KMeans{K: 4, Restarts: 2}
	whole := stability(t, x, m, choose.StabilityOptions{Pairs: 8, Draws: -1, Rows: -1})
	if usual := stability(t, x, m, choose.StabilityOptions{Pairs: 8, Draws: -1}); !reflect.DeepEqual(usual.Rand, whole.Rand) || usual.Rows != 0 {
		t.Error("a table of few customers is not sampled whole")
	}
	some := stability(t, x, m, choose.StabilityOptions{Pairs: 8, Draws: 1, Rows: 200})
	if whole.Rows != 0 || some.Rows != 200 || len(some.Survival) != x.Len() || len(some.Null) != 1 {
		t.Errorf("samples of %d and of %d customers, %d customers survive or do not, %d draws", whole.Rows, some.Rows, len(some.Survival), len(some.Null))
	}
	if some.Mean >= whole.Mean {
		t.Errorf("samples of 200 agree by %v, of all by %v: smaller ones vary more", some.Mean, whole.Mean)
	}
	notes := func(s *choose.Stabilities) string { return strings.Join(s.Sheet().Notes, "\n") }
	if says := "A sample has 200 customers, drawn from all 4,000"; !strings.Contains(notes(some), says) || strings.Contains(notes(whole), "A sample has") {
		t.Errorf("the sheet does not say %q:\n%s", says, notes(some))
	}
	if !strings.Contains(notes(some), "standard error of the mean agreement") {
		t.Errorf("the sheet does not give the error:\n%s", notes(some))
	}
}
