package cluster_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

func stocks(t *testing.T) *table.Table {
	columns := []table.Column{{Name: "price"}, {Name: "sector", Levels: []string{"tech", "nrg", "fin", "tel", "cons", "mat"}},
		{Name: "country", Levels: []string{"USA", "CN", "NL", "CA"}}}
	return trial.Table(t, []string{"AAPL", "XOM", "GOOGL", "MSFT", "BRK", "WFC", "CHL", "JNJ", "WMT", "VZ", "ORCL", "RDS"}, columns,
		[]float64{738.5, 0, 0, 369.5, 1, 0, 368.2, 0, 0, 346.7, 0, 0, 343.5, 2, 0, 282.4, 2, 0, 282.1, 3, 1, 279.7, 4, 0, 257.2, 4, 0,
			205.2, 3, 0, 192.1, 0, 0, 195.7, 1, 2})
}

// The twelve stocks of the tests of the Python package kmodes: segments, means and predictions as printed there; the cost for
// its gamma, half the standard deviation, recomputed by an independent implementation.
func TestKPrototypesStocks(t *testing.T) {
	x := stocks(t)
	c := fit(t, x, cluster.KPrototypes{K: 4, Gamma: 69.903336})
	if math.Abs(c.Cost-1664.470855) > 1e-5 {
		t.Errorf("cost %v, published segments cost 1664.470855", c.Cost)
	}
	// {XOM, GOOGL, MSFT, BRK}, {WFC, CHL, JNJ, WMT}, {VZ, ORCL, RDS}, {AAPL}, by falling size
	if want := (table.Labels{3, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}); !slices.Equal(c.Labels, want) {
		t.Errorf("labels %v, published %v", c.Labels, want)
	}
	for s, want := range []float64{356.975, 275.35, 197.667, 738.5} {
		if got := c.Centers.At(s, 0); math.Abs(got-want) > 5e-4 {
			t.Errorf("mean price of segment %d: %v, published %v", s, got, want)
		}
	}
	fresh := trial.Table(t, []string{"a", "b", "c", "d"}, x.Columns(), []float64{134.1, 2, 0, 190.2, 4, 0, 389.1, 1, 3, 150.4, 5, 0})
	if labels, err := c.Predict(fresh); err != nil || !slices.Equal(labels, table.Labels{2, 2, 0, 2}) {
		t.Errorf("predicted %v (%v), published the segments of VZ, VZ, XOM, VZ", labels, err)
	}
}

// With numbers alone it is k-means: the optimum published for iris.
func TestKPrototypesOfNumbersIsKMeans(t *testing.T) {
	x := trial.Columns(t, trial.Read(t, "../testdata/iris.csv", "id"), "sepal_length", "sepal_width", "petal_length", "petal_width")
	if c := fit(t, x, cluster.KPrototypes{K: 3}); c.Cost > 78.8514415*(1+1e-7) {
		t.Errorf("cost %v, k-means reaches 78.851441", c.Cost)
	}
}

// costOfDivision is the definition: squares to the mean and gamma for every row that differs from the most frequent level.
func costOfDivision(x *table.Table, labels []int, k int, gamma float64) (cost float64) {
	weights := x.Weights()
	for s := range k {
		for j, c := range x.Columns() {
			total, sum, squares := 0.0, 0.0, 0.0
			counts := make([]float64, len(c.Levels))
			for i, l := range labels {
				if l != s {
					continue
				}
				v, w := x.At(i, j), 1.0
				if weights != nil {
					w = weights[i]
				}
				total, sum, squares = total+w, sum+w*v, squares+w*v*v
				if c.Categorical() {
					counts[int(v)] += w
				}
			}
			switch {
			case total == 0:
			case c.Categorical():
				cost += gamma * (total - slices.Max(counts))
			default:
				cost += squares - sum*sum/total
			}
		}
	}
	return cost
}

// The best of many starts is the best of all divisions, on small sets.
func TestKPrototypesAgainstAllDivisions(t *testing.T) {
	for seed := range uint64(12) {
		const n, gamma = 8, 0.7
		k := 2 + int(seed%2)
		x := trial.MixedTable(t, seed, n, seed%3 == 0)
		least, labels := math.Inf(1), make([]int, n)
		for {
			least = min(least, costOfDivision(x, labels, k, gamma))
			at := 0
			for ; at < n && labels[at] == k-1; at++ {
				labels[at] = 0
			}
			if at == n {
				break
			}
			labels[at]++
		}
		c := fit(t, x, cluster.KPrototypes{K: k, Gamma: gamma, Restarts: 300})
		if math.Abs(c.Cost-least) > 1e-9 {
			t.Errorf("set %d: best of 300 starts %v, least of all divisions %v", seed, c.Cost, least)
		}
		if want := costOfDivision(x, c.Labels, k, gamma); math.Abs(c.Cost-want) > 1e-9 {
			t.Errorf("set %d: cost %v, by definition %v", seed, c.Cost, want)
		}
	}
}

func TestKPrototypesCostNeverRises(t *testing.T) {
	for seed := range uint64(5) {
		x := trial.MixedTable(t, seed, 300, true)
		last := math.Inf(1)
		for iterations := 1; ; iterations++ {
			c := fit(t, x, cluster.KPrototypes{K: 6, Restarts: 1, MaxIter: iterations})
			if c.Cost > last*(1+1e-12) {
				t.Fatalf("set %d: cost rises from %v to %v in iteration %d", seed, last, c.Cost, iterations)
			}
			if last = c.Cost; c.Converged {
				break
			}
		}
	}
}

// Dollars or cents: the usual gamma follows the numbers, so the segments stay.
func TestUsualGammaFollowsTheNumbers(t *testing.T) {
	x := trial.MixedTable(t, 1, 200, false)
	var cents []float64
	for i := range x.Len() {
		row := x.Row(i)
		cents = append(cents, 128*row[0], row[1], 128*row[2], row[3])
	}
	a, b := fit(t, x, cluster.KPrototypes{K: 4}), fit(t, trial.Table(t, x.IDs(), x.Columns(), cents), cluster.KPrototypes{K: 4})
	if !slices.Equal(a.Labels, b.Labels) || b.Cost != 128*128*a.Cost {
		t.Errorf("cost %v, and %v with numbers 128 times as large", a.Cost, b.Cost)
	}
	va, _ := x.Values("a")
	vb, _ := x.Values("b")
	sum := 0.0
	for _, v := range [][]float64{va, vb} {
		mean := 0.0
		for _, e := range v {
			mean += e / float64(len(v))
		}
		for _, e := range v {
			sum += (e - mean) * (e - mean) / float64(len(v))
		}
	}
	if gamma := a.Method.(cluster.KPrototypes).Gamma; math.Abs(gamma-sum/4) > 1e-12 {
		t.Errorf("gamma %v, half the mean variance is %v", gamma, sum/4)
	}
}

func TestKPrototypesRefusals(t *testing.T) {
	x := stocks(t)
	missing := trial.Table(t, []string{"c1", "c2"}, []table.Column{{Name: "age"}, {Name: "city", Levels: []string{"Bern"}}}, []float64{1, 0, 2, math.NaN()})
	for _, c := range []struct {
		name  string
		x     *table.Table
		m     cluster.KPrototypes
		is    error
		words []string
	}{
		{"missing category", missing, cluster.KPrototypes{K: 1}, fault.ErrNotFinite, []string{`"city"`, "row 2", "c2", "Impute"}},
		{"gamma", x, cluster.KPrototypes{K: 2, Gamma: -1}, nil, []string{"Gamma = -1", "positive"}},
		{"gamma is no number", x, cluster.KPrototypes{K: 2, Gamma: math.NaN()}, nil, []string{"Gamma = NaN"}},
		{"restarts", x, cluster.KPrototypes{K: 2, Restarts: -1}, nil, []string{"Restarts = -1"}},
		{"iterations", x, cluster.KPrototypes{K: 2, MaxIter: -1}, nil, []string{"MaxIter = -1"}},
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
	c := fit(t, x, cluster.KPrototypes{K: 2})
	other := x.Columns()
	other[1].Levels = slices.Concat(other[1].Levels, []string{"art"})
	if _, err := c.Predict(trial.Table(t, []string{"new"}, other, []float64{100, 6, 0})); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `"sector"`) {
		t.Errorf("a level that was not clustered: %v", err)
	}
}

func TestModelOfPrototypesIsSaved(t *testing.T) {
	x := stocks(t)
	model, err := segkit.Recipe{Columns: x.Names(), Prep: []prep.Transformer{prep.Standardize{Columns: []string{"price"}}}, Method: cluster.KPrototypes{K: 3}}.Fit(x)
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
	centers, err := loaded.Centers()
	if err != nil || centers.At(0, 0) < 190 || centers.At(0, 0) > 739 {
		t.Errorf("centres in dollars: %v, %v", centers, err)
	}
}
