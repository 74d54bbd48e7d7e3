package measure_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/table"
)

func silhouette(t *testing.T, x *table.Table, l table.Labels, o ...measure.SilhouetteOptions) *measure.Silhouettes {
	t.Helper()
	s, err := measure.Silhouette(x, segments(t, x, l), o...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func iris(t *testing.T) (x *table.Table, species table.Labels) {
	all := trial.Read(t, "../testdata/iris.csv", "id")
	return trial.Columns(t, all, "sepal_length", "sepal_width", "petal_length", "petal_width"), trial.Classes(t, all, "species")
}

// dissimilarity has the distances of all pairs of rows.
func dissimilarity(x *table.Table, between func(a, b []float64) float64) *mat.Dense {
	out := mat.NewDense(x.Len(), x.Len(), nil)
	for i := range x.Len() {
		for j := range x.Len() {
			out.Set(i, j, between(x.Row(i), x.Row(j)))
		}
	}
	return out
}

// The species of iris, by scikit-learn 1.9.1 (Gower: its Manhattan distance of columns divided by their ranges and by 4).
func TestSilhouetteDistances(t *testing.T) {
	x, species := iris(t)
	for distance, want := range map[distance.Distance]float64{distance.Euclidean: .5034774406932961, distance.Manhattan: .5132579349488089,
		distance.Cosine: .7222943087635775, distance.Gower: .489501197851663} {
		got := silhouette(t, x, species, measure.SilhouetteOptions{Distance: distance})
		if math.Abs(got.Mean-want) > 1e-9 || got.Distance != distance {
			t.Errorf("%s: %v, scikit-learn %v", distance, got.Mean, want)
		}
	}
	var answers []float64 // above the median or not
	for i := range x.Len() {
		for j, median := range []float64{5.8, 3, 4.35, 1.3} {
			yes := 0.0
			if x.At(i, j) > median {
				yes = 1
			}
			answers = append(answers, yes)
		}
	}
	jaccard := silhouette(t, trial.Numbered(t, 4, answers), species, measure.SilhouetteOptions{Distance: distance.Jaccard})
	if math.Abs(jaccard.Mean-.3698265455927649) > 1e-12 {
		t.Errorf("Jaccard: %v", jaccard.Mean)
	}
	mixed := trial.MixedTable(t, 1, 60, false)
	l := fit(t, mixed, cluster.KMedoids{K: 3, Distance: distance.Gower}).Labels
	if got := silhouette(t, mixed, l, measure.SilhouetteOptions{Distance: distance.Gower}).Mean; !(got > 0) {
		t.Errorf("Gower on categories: %v of segments by that distance", got)
	}
}

func TestSilhouetteOfGivenDistances(t *testing.T) {
	// R, package cluster, tests/silhouette-default.Rout.save: 1 - correlation of the rows of iris, cut into 50 and 100 by DIANA,
	// which are the setosas and the others.
	x, species := iris(t)
	two := make(table.Labels, len(species))
	for i, l := range species {
		two[i] = min(l, 1)
	}
	apart := dissimilarity(x, func(a, b []float64) float64 { return max(0, 1-stat.Correlation(a, b, nil)) })
	got := silhouette(t, x, two, measure.SilhouetteOptions{Dissimilarity: apart})
	if a, b := got.Segments[0].Mean, got.Segments[1].Mean; math.Abs(a-.9829965) > 5e-8 || math.Abs(b-.9362626) > 5e-8 || math.Abs(got.Mean-.9518) > 5e-5 {
		t.Errorf("1 - correlation: %v, %v, mean %v", a, b, got.Mean)
	}
	// The same distances given and computed.
	euclidean := dissimilarity(x, func(a, b []float64) float64 { return math.Sqrt(trial.Squared(a, b)) })
	for i := range x.Len() {
		euclidean.Set(i, i, 1e6) // nobody is compared with himself
	}
	computed, given := silhouette(t, x, species), silhouette(t, x, species, measure.SilhouetteOptions{Dissimilarity: euclidean})
	for i, v := range computed.Values {
		if math.Abs(given.Values[i]-v) > 1e-12 {
			t.Fatalf("customer %d: %v, given distances %v", i, v, given.Values[i])
		}
	}
	if !given.ByDissimilarity || !strings.Contains(strings.Join(given.Sheet().Notes, " "), "given") {
		t.Errorf("given distances are not mentioned: %v", given.Sheet().Notes)
	}
	// Package kmedoids (Python), its tests: medoids 4 and 5 have the best silhouette of two.
	five := trial.Column(t, 1, 2, 3, 4, 5)
	d := mat.NewDense(5, 5, []float64{0, 2, 3, 4, 5, 2, 0, 6, 7, 8, 3, 6, 0, 9, 10, 4, 7, 9, 0, 11, 5, 8, 10, 11, 0})
	if got := silhouette(t, five, table.Labels{0, 0, 0, 0, 1}, measure.SilhouetteOptions{Dissimilarity: d}).Mean; math.Abs(got-.3137878787878788) > 1e-15 {
		t.Errorf("five customers: %v", got)
	}
}

// Optima of PAM, recomputed by an independent implementation.
func TestSilhouetteOfMedoids(t *testing.T) {
	x, _ := iris(t)
	for _, test := range []struct {
		x    *table.Table
		k    int
		want float64
	}{{x, 2, .685788}, {x, 3, .552819}, {trial.Read(t, "../testdata/ruspini.csv", "id"), 4, .737657}} {
		l := fit(t, test.x, cluster.KMedoids{K: test.k}).Labels
		if got := silhouette(t, test.x, l).Mean; math.Abs(got-test.want) > 1e-6 {
			t.Errorf("k = %d: %v, want %v", test.k, got, test.want)
		}
	}
}

func TestSilhouetteOrderAndScale(t *testing.T) {
	x := trial.Groups(t, 150, 3, 3, 2)
	l := fit(t, x, cluster.KMeans{K: 3}).Labels
	rows := rand.New(rand.NewPCG(1, 7)).Perm(150)
	shuffled := make(table.Labels, len(rows))
	for p, i := range rows {
		shuffled[p] = l[i]
	}
	scaled := trial.Mapped(t, x, func(v float64) float64 { return 8 * v })
	for _, o := range []measure.SilhouetteOptions{{}, {Simplified: true}, {Distance: distance.Manhattan}, {Distance: distance.Gower}} {
		want := silhouette(t, x, l, o).Mean
		if got := silhouette(t, trial.RowsOf(t, x, rows), shuffled, o).Mean; math.Abs(got-want) > 1e-12 {
			t.Errorf("%+v: another order of rows makes %v of %v", o, got, want)
		}
		if got := silhouette(t, scaled, l, o).Mean; math.Abs(got-want) > 1e-15 {
			t.Errorf("%+v: values times 8 make %v of %v", o, got, want)
		}
	}
}

func TestSampledSilhouette(t *testing.T) {
	x := trial.Groups(t, 600, 2, 3, 2)
	l := fit(t, x, cluster.KMeans{K: 3}).Labels
	for i := range 30 {
		l[i] = table.Noise
	}
	exact := silhouette(t, x, l)
	if exact.Sampled != 0 || exact.Low != exact.Mean || exact.High != exact.Mean {
		t.Fatalf("exact: %v to %v", exact.Low, exact.High)
	}
	for _, rows := range []int{570, 600, 1000} { // 570 are in a segment
		if all := silhouette(t, x, l, measure.SilhouetteOptions{Rows: rows}); all.Mean != exact.Mean || all.Sampled != 0 {
			t.Fatalf("%d rows of 570: mean %v, exact %v", rows, all.Mean, exact.Mean)
		}
	}
	covered, sum := 0, 0.0
	for seed := range 100 {
		s := silhouette(t, x, l, measure.SilhouetteOptions{Rows: 150, Seed: seed})
		drawn := 0
		for i, v := range s.Values {
			if !math.IsNaN(v) {
				if drawn++; v != exact.Values[i] {
					t.Fatalf("customer %d: %v, exact %v", i, v, exact.Values[i])
				}
			}
		}
		if drawn != 150 || s.Sampled != 150 || !slices.Equal(s.Labels.Counts(), exact.Labels.Counts()) || s.Segments[0].Size != exact.Segments[0].Size {
			t.Fatalf("%d drawn, %+v", drawn, s.Segments)
		}
		if s.Low <= exact.Mean && exact.Mean <= s.High {
			covered++
		}
		sum += s.Mean / 100
	}
	if covered < 89 || covered == 100 { // 95 are expected, with a standard deviation of 2.2
		t.Errorf("%d of 100 intervals cover the exact mean", covered)
	}
	if math.Abs(sum-exact.Mean) > .005 {
		t.Errorf("mean of 100 sampled means %v, exact %v", sum, exact.Mean)
	}
	out := silhouette(t, x, l, measure.SilhouetteOptions{Rows: 150}).Sheet()
	if !strings.Contains(out.Caption, " to ") || !strings.Contains(out.Notes[0], "150 customers drawn at random") {
		t.Errorf("%q, %q", out.Caption, out.Notes)
	}
}

// bySimplified is the definition, one customer at a time.
func bySimplified(x *table.Table, l table.Labels) (mean float64) {
	_, d := x.Dims()
	k, counts := l.K(), l.Counts()
	centers := mat.NewDense(k, d, nil)
	for i, s := range l {
		for j, v := range x.Row(i) {
			centers.Set(s, j, centers.At(s, j)+v/float64(counts[s]))
		}
	}
	for i, own := range l {
		a, b := math.Sqrt(trial.Squared(x.Row(i), centers.RawRowView(own))), math.Inf(1)
		for s := range k {
			if s != own && counts[s] > 0 {
				b = min(b, math.Sqrt(trial.Squared(x.Row(i), centers.RawRowView(s))))
			}
		}
		if counts[own] > 1 {
			mean += (b - a) / max(a, b) / float64(len(l))
		}
	}
	return mean
}

func TestSimplifiedSilhouette(t *testing.T) {
	simplified := measure.SilhouetteOptions{Simplified: true}
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 2))
		x := trial.Groups(t, 80+int(seed), 2, 3, 2)
		l := make(table.Labels, x.Len())
		for i := range l {
			l[i] = r.IntN(3) // far from the nearest centre, too
		}
		l[0] = 4 // alone; nobody in 3
		got := silhouette(t, x, l, simplified)
		if want := bySimplified(x, l); math.Abs(got.Mean-want) > 1e-12 || got.Values[0] != 0 {
			t.Fatalf("seed %d: %v, want %v; alone: %v", seed, got.Mean, want, got.Values[0])
		}
	}
	alike := trial.Column(t, 1, 1, 5, 5, 5, 9)
	if got := silhouette(t, alike, table.Labels{0, 0, 1, 1, 1, -1}, simplified); got.Mean != 1 || !math.IsNaN(got.Values[5]) {
		t.Errorf("customers at their centres: %v", got.Values)
	}
	x, _ := iris(t) // means by numpy, at the best solution of k-means
	if got := silhouette(t, x, fit(t, x, cluster.KMeans{K: 3, Tol: -1}).Labels, simplified).Mean; math.Abs(got-.6663855564711182) > 1e-12 {
		t.Errorf("iris: %v", got)
	}
	if out := silhouette(t, alike, table.Labels{0, 0, 1, 1, 1, -1}, simplified).Sheet(); !strings.Contains(out.Caption, "simplified") {
		t.Errorf("%q", out.Caption)
	}
}

func TestSilhouetteOptions(t *testing.T) {
	x := trial.Groups(t, 10, 2, 2, 3)
	l := table.Labels{0, 1, 0, 1, 0, 1, 0, 1, 0, 1}
	square := func(v float64) *mat.Dense {
		d := mat.NewDense(10, 10, nil)
		d.Set(2, 3, v)
		return d
	}
	for _, o := range []measure.SilhouetteOptions{{Rows: -1}, {Rows: 1}, {Simplified: true, Rows: 5}, {Simplified: true, Distance: distance.Gower},
		{Simplified: true, Dissimilarity: square(1)}, {Distance: distance.Manhattan, Dissimilarity: square(1)}, {Dissimilarity: mat.NewDense(9, 10, nil)},
		{Dissimilarity: square(-1)}, {Dissimilarity: square(math.NaN())}, {Asymmetric: []string{"a"}}, {Distance: 99}} {
		var option *fault.OptionError
		if _, err := measure.Silhouette(x, segments(t, x, l), o); !errors.As(err, &option) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := measure.Silhouette(x, segments(t, x, l), measure.SilhouetteOptions{}, measure.SilhouetteOptions{}); err == nil {
		t.Error("two options accepted")
	}
	if _, err := measure.Silhouette(trial.MixedTable(t, 1, 10, false), segments(t, x, l)); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "Gower") {
		t.Errorf("categories: %v", err)
	}
}

func TestSilhouetteIsRemembered(t *testing.T) {
	x, kept := trial.Groups(t, 50, 2, 2, 3), trial.Shelf{}
	ctx := memory.With(t.Context(), kept)
	s := fit(t, x, cluster.KMeans{K: 2}).Segments()
	run := func(o ...measure.SilhouetteOptions) []byte {
		got, err := measure.SilhouetteContext(ctx, x, s, o...)
		if err != nil {
			t.Fatal(err)
		}
		b, err := gobs.Encode(got)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if first, again := run(), run(); len(kept) != 1 || !bytes.Equal(first, again) {
		t.Fatalf("%d entries, or other silhouettes from memory", len(kept))
	}
	run(measure.SilhouetteOptions{Simplified: true})
	run(measure.SilhouetteOptions{Rows: 20})
	if len(kept) != 3 {
		t.Fatalf("%d entries for three different calls", len(kept))
	}
	if err := gobs.Decode([]byte("no"), new(measure.Silhouettes)); !errors.Is(err, fault.ErrFormat) {
		t.Fatalf("no silhouettes: %v", err)
	}
}
