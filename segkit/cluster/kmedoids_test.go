package cluster_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/table"
)

// PAM on published data, recomputed by an independent implementation: mean distance, rows of the medoids (from 1), sizes,
// silhouette. A lower mean is a pass.
func TestKMedoidsPublished(t *testing.T) {
	iris := trial.Columns(t, trial.Read(t, "../testdata/iris.csv", "id"), "sepal_length", "sepal_width", "petal_length", "petal_width")
	ruspini := trial.Read(t, "../testdata/ruspini.csv", "id")
	for _, want := range []struct {
		name       string
		x          *table.Table
		k          int
		mean       float64
		medoids    []int
		sizes      []int
		silhouette float64
	}{
		{"iris", iris, 3, .6542077, []int{8, 79, 113}, []int{62, 50, 38}, .5528190},
		{"iris", iris, 2, .8622026, []int{8, 127}, nil, .685788},
		{"ruspini", ruspini, 4, 11.48637, []int{10, 32, 52, 70}, []int{23, 20, 17, 15}, .737657},
	} {
		c := fit(t, want.x, cluster.KMedoids{K: want.k})
		var medoids []int
		for _, i := range c.Medoids {
			medoids = append(medoids, i+1)
		}
		slices.Sort(medoids)
		if mean := c.Cost / float64(want.x.Len()); mean > want.mean*(1+1e-6) {
			t.Errorf("%s, k = %d: mean distance %v, published %v", want.name, want.k, mean, want.mean)
		} else if !slices.Equal(medoids, want.medoids) || want.sizes != nil && !slices.Equal(c.Labels.Counts(), want.sizes) {
			t.Errorf("%s, k = %d: medoids %v, sizes %v, mean %v; published %v, %v", want.name, want.k, medoids, c.Labels.Counts(), mean, want.medoids, want.sizes)
		}
		if s, err := measure.Silhouette(want.x, c.Segments()); err != nil || math.Abs(s.Mean-want.silhouette) > 1e-6 {
			t.Errorf("%s, k = %d: silhouette %v, %v; published %v", want.name, want.k, s.Mean, err, want.silhouette)
		}
	}
}

func TestKMedoidsMall(t *testing.T) {
	x := trial.Public(t, "mall_customers/Mall_Customers.csv", "CustomerID", "Annual Income (k$)", "Spending Score (1-100)")
	c := fit(t, x, cluster.KMedoids{K: 5})
	if c.Cost/200 > 13.09674*(1+1e-6) {
		t.Errorf("mean distance %v, recomputed by an independent implementation 13.09674", c.Cost/200)
	}
}

// Medoids are customers: their rows are the centres, they lie in their own segment, and the cost is the sum of the distances
// to them.
func TestMedoidsAreCustomers(t *testing.T) {
	x := trial.Groups(t, 200, 3, 4, 3)
	for _, m := range []cluster.KMedoids{{K: 4}, {K: 4, Exact: 50, Sample: 40}} {
		c := fit(t, x, m)
		for s, i := range c.Medoids {
			if c.Labels[i] != s || !slices.Equal(x.Row(i), c.Centers.Row(s)) {
				t.Fatalf("medoid of segment %d is customer %d of segment %d", s, i, c.Labels[i])
			}
		}
		cost := 0.0
		for i, l := range c.Labels {
			sum := 0.0
			for j, v := range x.Row(i) {
				e := v - c.Centers.At(l, j)
				sum += e * e
			}
			cost += math.Sqrt(sum)
		}
		if math.Abs(cost-c.Cost) > 1e-9*cost {
			t.Fatalf("cost %v, by definition %v", c.Cost, cost)
		}
	}
}

func TestKMedoidsWeightsAreRepeatedRows(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	x := trial.Grid(t, 4, 60, 2)
	var weights []float64
	var repeated []int
	for i := range x.Len() {
		w := 1 + r.IntN(3)
		weights = append(weights, float64(w))
		for range w {
			repeated = append(repeated, i)
		}
	}
	weighted, err := x.WithWeights(weights, table.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	var data []float64
	for _, i := range repeated {
		data = append(data, x.Row(i)...)
	}
	a := fit(t, weighted, cluster.KMedoids{K: 3, Seed: 5})
	b := fit(t, trial.Numbered(t, 2, data), cluster.KMedoids{K: 3, Seed: 5})
	if a.Cost != b.Cost || !reflect.DeepEqual(a.Centers.Dense(), b.Centers.Dense()) {
		t.Fatalf("weights cost %v, repeated rows %v", a.Cost, b.Cost)
	}
	for at, i := range repeated {
		if a.Labels[i] != b.Labels[at] {
			t.Fatalf("row %d is in segment %d by weight, %d repeated", i, a.Labels[i], b.Labels[at])
		}
	}
}

func TestSampleOfAllIsExact(t *testing.T) {
	x := trial.Groups(t, 150, 2, 3, 1)
	a, b := fit(t, x, cluster.KMedoids{K: 3}), fit(t, x, cluster.KMedoids{K: 3, Exact: 149, Sample: 150})
	if a.Cost != b.Cost || !slices.Equal(a.Labels, b.Labels) {
		t.Fatalf("cost %v of all pairs, %v of a sample of all", a.Cost, b.Cost)
	}
}

func TestMoreStartsAreNeverWorse(t *testing.T) {
	x := trial.Groups(t, 400, 4, 6, 1)
	for _, exact := range []int{0, 100} {
		ten := fit(t, x, cluster.KMedoids{K: 6, Exact: exact, Sample: 50})
		twenty := fit(t, x, cluster.KMedoids{K: 6, Exact: exact, Sample: 50, Restarts: 20})
		if !sameStarts(ten.Restarts, twenty.Restarts[:10]) || twenty.Cost > ten.Cost {
			t.Fatalf("best of 10 %v, best of 20 %v", ten.Cost, twenty.Cost)
		}
	}
}

// An outlier moves a mean at will, and a medoid not at all.
func TestMedoidHoldsAgainstOutlier(t *testing.T) {
	for _, far := range []float64{10, 1e6} {
		c := fit(t, trial.Column(t, 1, 2, 3, 4, far), cluster.KMedoids{K: 1})
		if c.Centers.At(0, 0) != 3 {
			t.Errorf("with an outlier of %v the medoid is %v", far, c.Centers.At(0, 0))
		}
	}
}

// survey has three answers, an ordered and a plain category, and a number, with some missing.
func survey(t *testing.T, n int) *table.Table {
	r := rand.New(rand.NewPCG(9, 9))
	columns := []table.Column{
		{Name: "vegan", Levels: []string{"No", "Yes"}}, {Name: "car", Levels: []string{"No", "Yes"}},
		{Name: "visits", Levels: []string{"never", "monthly", "weekly"}, Ordered: true},
		{Name: "city", Levels: []string{"Bern", "Oslo", "Rome"}}, {Name: "age"},
	}
	x := trial.Numbered(t, 1, make([]float64, n))
	var data []float64
	for range n {
		g := r.IntN(2)
		row := []float64{float64(g), float64(r.IntN(2)), float64(g * r.IntN(3)), float64(r.IntN(3)), 30 + 25*float64(g) + r.NormFloat64()}
		if r.IntN(3) == 0 {
			row[r.IntN(4)] = math.NaN()
		}
		data = append(data, row...)
	}
	return trial.Table(t, x.IDs(), columns, data)
}

func TestGowerTakesMixedAndMissing(t *testing.T) {
	x := survey(t, 120)
	c := fit(t, x, cluster.KMedoids{K: 5, Distance: distance.Gower, Asymmetric: []string{"vegan"}})
	text, err := json.Marshal(c.Assigner)
	if err != nil {
		t.Fatal(err)
	}
	var again cluster.NearestMedoid
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	labels, _, _, err := again.Assign(x)
	if err != nil || !slices.Equal(labels, c.Labels) {
		t.Fatalf("after a round trip through JSON the training rows get other labels (%v)", err)
	}
	ages := c.Centers.Columns()[4]
	if ages.Name != "age" || c.K != 5 {
		t.Fatalf("centres are of %v", c.Centers.Names())
	}
}

func TestModelOfMedoidsIsSaved(t *testing.T) {
	x := survey(t, 90)
	model, err := segkit.Recipe{Columns: x.Names(), Method: cluster.KMedoids{K: 3, Distance: distance.Gower}}.Fit(x)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/model.json"
	if err := model.Save(path); err != nil {
		t.Fatal(err)
	}
	loaded, err := segkit.LoadModel(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err1 := model.Score(x)
	got, err2 := loaded.Score(x)
	if err1 != nil || err2 != nil || !slices.Equal(want.Labels, got.Labels) || !slices.Equal(want.Distance, got.Distance) {
		t.Fatalf("the saved model scores otherwise (%v, %v)", err1, err2)
	}
}

func TestDistanceRefusals(t *testing.T) {
	answers := []table.Column{{Name: "vegan", Levels: []string{"No", "Yes"}}, {Name: "car"}}
	ids := []string{"c1", "c2"}
	na := math.NaN()
	for _, c := range []struct {
		name  string
		x     *table.Table
		m     cluster.KMedoids
		is    error
		words []string
	}{
		{"ordered as number", trial.Table(t, ids, []table.Column{{Name: "visits", Levels: []string{"rare", "often"}, Ordered: true}}, []float64{0, 1}),
			cluster.KMedoids{K: 1}, fault.ErrSchema, []string{`"visits"`, "ordered", "Euclidean", "Gower"}},
		{"text", survey(t, 5), cluster.KMedoids{K: 1, Distance: distance.Cosine}, fault.ErrSchema, []string{`"vegan"`, "cosine", "Gower"}},
		{"missing", trial.Column(t, 1, na), cluster.KMedoids{K: 1, Distance: distance.Manhattan}, fault.ErrNotFinite, []string{"row 2", "Impute"}},
		{"no direction", trial.Numbered(t, 2, []float64{1, 2, 0, 0}), cluster.KMedoids{K: 1, Distance: distance.Cosine}, fault.ErrUndefined, []string{"row 2", "c2", "direction"}},
		{"no answer", trial.Table(t, ids, answers, []float64{0, 1, 1, 3}), cluster.KMedoids{K: 1, Distance: distance.Jaccard}, fault.ErrNotFinite, []string{`"car"`, "row 2", `"3"`}},
		{"missing answer", trial.Table(t, ids, answers, []float64{0, 1, na, 1}), cluster.KMedoids{K: 1, Distance: distance.Jaccard}, fault.ErrNotFinite, []string{`"vegan"`, "row 2", "Impute"}},
		{"three levels", trial.Columns(t, survey(t, 5), "city"), cluster.KMedoids{K: 1, Distance: distance.Jaccard}, fault.ErrSchema, []string{`"city"`, "3 levels"}},
		{"yes first", trial.Table(t, ids, []table.Column{{Name: "vegan", Levels: []string{"Yes", "No"}}}, []float64{0, 1}),
			cluster.KMedoids{K: 1, Distance: distance.Jaccard}, fault.ErrSchema, []string{`"vegan"`, `"Yes"`, "mean no"}},
		{"nothing known", trial.Table(t, ids, answers, []float64{0, 1, na, na}), cluster.KMedoids{K: 1, Distance: distance.Gower}, fault.ErrNotFinite, []string{"row 2", "c2", "2 columns"}},
		{"asymmetric number", trial.Column(t, 1, 2), cluster.KMedoids{K: 1, Distance: distance.Gower, Asymmetric: []string{"a"}}, fault.ErrNotFinite, []string{`"a"`, "row 2"}},
		{"asymmetric typo", survey(t, 5), cluster.KMedoids{K: 1, Distance: distance.Gower, Asymmetric: []string{"vegam"}}, fault.ErrMissingColumn, []string{"vegam", `"vegan"`}},
		{"asymmetric elsewhere", trial.Column(t, 1, 2), cluster.KMedoids{K: 1, Asymmetric: []string{"a"}}, nil, []string{"Asymmetric", "Gower"}},
		{"unknown distance", trial.Column(t, 1, 2), cluster.KMedoids{K: 1, Distance: 9}, nil, []string{"Distance = 9", "Gower"}},
		{"parallel rows", trial.Numbered(t, 2, []float64{1, 2, 2, 4, 4, 8}), cluster.KMedoids{K: 2, Distance: distance.Cosine}, nil, []string{"K = 2", "1 to 1", "3 customers"}},
		{"memory", trial.Column(t, 1, 2), cluster.KMedoids{K: 1, Exact: 1_000_000}, nil, []string{"Exact = 1000000", "50000", "memory"}},
		{"sample", trial.Column(t, 1, 2), cluster.KMedoids{K: 2, Sample: 1}, nil, []string{"Sample = 1", "2 to"}},
	} {
		err := c.m.Check(c.x)
		var option *fault.OptionError
		if err == nil || c.is != nil && !errors.Is(err, c.is) || c.is == nil && !errors.As(err, &option) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, w := range c.words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %s", c.name, err, w)
			}
		}
	}
}
