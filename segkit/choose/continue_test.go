package choose

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

func TestContinueLabels(t *testing.T) {
	for _, c := range []struct{ before, after, want table.Labels }{
		{table.Labels{0, 0, 0, 1, 1}, table.Labels{1, 1, 1, 0, 0}, table.Labels{0, 0, 0, 1, 1}},
		{table.Labels{0, 0, 0, 1, 1, 1}, table.Labels{2, 2, 2, 1, 1, 0}, table.Labels{0, 0, 0, 1, 1, 2}},                                                               // a new one behind
		{table.Labels{0, 0, 1, 1, 2, 2, 2}, table.Labels{1, 1, 0, 0, 0, 0, 0}, table.Labels{0, 0, 1, 1, 1, 1, 1}},                                                      // 2 goes on, but there are two labels only
		{table.Labels{0, 0, 1, 1, table.Noise}, table.Labels{table.Noise, 0, 0, 0, 1}, table.Labels{table.Noise, 1, 1, 1, 0}},                                          // nobody of 0 left
		{table.Labels{0, 0, 0, 0}, table.Labels{2, 1, 1, 0}, table.Labels{2, 0, 0, 1}},                                                                                 // the rest in their order
		{table.Labels{table.Noise, table.Noise, table.Noise}, table.Labels{1, 0, 0}, table.Labels{1, 0, 0}},                                                            // nothing to continue
		{table.Labels{0, 1, 2, 3}, table.Labels{table.Noise, table.Noise, table.Noise, table.Noise}, table.Labels{table.Noise, table.Noise, table.Noise, table.Noise}}, // nothing that could
	} {
		if got := overlap.Continue(c.before, c.after); !slices.Equal(got, c.want) {
			t.Errorf("%v after %v: %v, want %v", c.after, c.before, got, c.want)
		}
	}
}

// The values of the best solutions of k-means, to four digits, from an independent computation of 1 - entropy / ln k; the largest
// segment first.
func TestOriginsOfTheBestSolutions(t *testing.T) {
	check := func(t *testing.T, x *table.Table, k int, want ...float64) {
		var of []table.Labels
		for _, k := range []int{k - 1, k} {
			fit, err := cluster.Fit(x, cluster.KMeans{K: k, Restarts: 200})
			if err != nil {
				t.Fatal(err)
			}
			of = append(of, fit.Labels)
		}
		for s, got := range overlap.SLSA(of[0], of[1]) {
			if math.Abs(got-want[s]) > 5e-5 {
				t.Errorf("k = %d, segment %d: %.4f, want %.4f", k, s, got, want[s])
			}
		}
	}
	t.Run("iris", func(t *testing.T) {
		x, err := table.ReadCSV("../testdata/iris.csv", "", table.CSVOptions{Columns: []string{"sepal_length", "sepal_width", "petal_length", "petal_width"}})
		if err != nil {
			t.Fatal(err)
		}
		check(t, x, 3, .7205, 1, 1)
		check(t, x, 4, 1, .6152, 1, 1)
		check(t, x, 5, 1, .8044, 1, .6750, 1)
	})
	t.Run("Mall customers", func(t *testing.T) {
		path := filepath.Join(os.Getenv("SEGKIT_DATA"), "mall_customers", "Mall_Customers.csv")
		if _, err := os.Stat(path); err != nil {
			t.Skip("the Mall customers are not in SEGKIT_DATA")
		}
		x, err := table.ReadCSV(path, "CustomerID", table.CSVOptions{Columns: []string{"Annual Income (k$)", "Spending Score (1-100)"}})
		if err != nil {
			t.Fatal(err)
		}
		check(t, x, 3, .1610, 1, 1)
		check(t, x, 4, 1, 1, 1, 1)
		check(t, x, 5, .8857, 1, 1, 1, 1)
	})
	t.Run("McDonald's", func(t *testing.T) { check(t, trial.Mcdonalds(t), 4, .9884, .9385, .5928, .7575) })
}

func TestOriginsByHand(t *testing.T) {
	got := overlap.SLSA(table.Labels{0, 0, 1, 2, 2, table.Noise, table.Noise}, table.Labels{0, 0, 0, 1, table.Noise, 1, 3})
	quarter := 1 - (2./3*math.Log(1.5)+1./3*math.Log(3))/math.Log(3)
	for s, want := range []float64{quarter, 1, math.NaN(), math.NaN()} {
		if math.Abs(got[s]-want) > 1e-15 || math.IsNaN(got[s]) != math.IsNaN(want) {
			t.Errorf("segment %d comes out of one by %v, want %v", s, got[s], want)
		}
	}
	if got := overlap.SLSA(table.Labels{0, 0}, table.Labels{0, 1}); !math.IsNaN(got[0]) || !math.IsNaN(got[1]) {
		t.Errorf("out of a single segment: %v", got)
	}
}
