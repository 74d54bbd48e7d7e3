package cluster_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// The example of scipy.cluster.hierarchy's documentation, which prints these heights.
func TestHierarchicalHeights(t *testing.T) {
	x := trial.Numbered(t, 2, []float64{0, 0, 0, 1, 1, 0, 0, 4, 0, 3, 1, 4, 4, 0, 3, 0, 4, 1, 4, 4, 3, 4, 4, 3})
	for _, c := range []struct {
		linkage cluster.Linkage
		want    []float64
	}{
		{cluster.Ward, []float64{1, 1, 1, 1, 1.29099445, 1.29099445, 1.29099445, 1.29099445, 5.77350269, 5.77350269, 8.16496581}},
		{cluster.Average, []float64{1, 1, 1, 1, 1.20710678, 1.20710678, 1.20710678, 1.20710678, 3.39675184, 3.39675184, 4.09206523}},
		{cluster.Complete, []float64{1, 1, 1, 1, 1.41421356, 1.41421356, 1.41421356, 1.41421356, 4.12310563, 4.12310563, 5.65685425}},
		{cluster.Single, []float64{1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2}},
	} {
		got := fit(t, x, cluster.Hierarchical{K: 4, Linkage: c.linkage})
		for i, m := range got.Tree.Merges {
			if math.Abs(m.Height-c.want[i]) > 1e-8 {
				t.Errorf("%s: merge %d at %v, want %v", c.linkage, i, m.Height, c.want[i])
			}
		}
		if want := (table.Labels{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}); !slices.Equal(got.Labels, want) {
			t.Errorf("%s: labels %v", c.linkage, got.Labels)
		}
	}
}

func linkageOf(t *rapid.T) cluster.Linkage {
	return cluster.Linkage(rapid.IntRange(int(cluster.Ward), int(cluster.Single)).Draw(t, "linkage"))
}

func TestTreeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := trial.Small(t)
		n, k := x.Len(), rapid.IntRange(1, trial.CountDifferent(x)).Draw(t, "k")
		m := cluster.Hierarchical{K: k, Linkage: linkageOf(t)}
		c, err := cluster.Fit(x, m)
		if err != nil {
			t.Fatal(err)
		}
		heights := make([]float64, len(c.Tree.Merges))
		for i, m := range c.Tree.Merges {
			heights[i] = m.Height
		}
		if !slices.IsSorted(heights) || c.Tree.Len() != n || c.K != k || c.Labels.K() != k {
			t.Fatalf("heights %v, K %d", heights, c.K)
		}
		order := c.Tree.Order()
		if sorted := slices.Sorted(slices.Values(order)); len(sorted) != n || sorted[0] != 0 || sorted[n-1] != n-1 {
			t.Fatalf("order %v", order)
		}
		var at table.Labels // the segment of each row of the order, without repeats: branches do not cross
		for _, i := range order {
			at = append(at, c.Labels[i])
		}
		if runs := slices.Compact(at); len(runs) != k {
			t.Fatalf("segments in the order of the dendrogram: %v", at)
		}
		// A cut between two heights is the cut by the number of groups there.
		if k > 1 && heights[n-k] > 0 && (n == k || heights[n-k-1] < heights[n-k]) {
			low := 0.0
			if n > k {
				low = heights[n-k-1]
			}
			between := (low + heights[n-k]) / 2
			if between == heights[n-k] { // neighbouring numbers have none between them
				between = low
			}
			if got := c.Tree.CutAt(between); !slices.Equal(got, c.Labels) {
				t.Fatalf("cut at %v between %v and %v: %v, want %v", between, low, heights[n-k], got, c.Labels)
			}
			if low > 0 {
				h, err := cluster.Fit(x, cluster.Hierarchical{Height: low, Linkage: m.Linkage})
				if err != nil || !slices.Equal(h.Labels, c.Labels) {
					t.Fatalf("Height %v gives %v (%v), K %d gives %v", low, h.Labels, err, k, c.Labels)
				}
			}
		}
		for _, bad := range []int{0, -1, n + 1} {
			var option *fault.OptionError
			if _, err := c.Tree.Cut(bad); !errors.As(err, &option) {
				t.Fatalf("Cut(%d): %v", bad, err)
			}
		}
		// Ward's heights tell the cost of every cut.
		if m.Linkage == cluster.Ward {
			sum := 0.0
			for _, h := range heights[:n-k] {
				sum += h * h / 2
			}
			if math.Abs(sum-c.Cost) > 1e-9*(1+sum) {
				t.Fatalf("heights add up to %v, cost %v", sum, c.Cost)
			}
		}
	})
}

// repeated returns x with weights, and the table in which every row stands as often as its weight.
func repeated(t *rapid.T, x *table.Table) (weighted, long *table.Table, of []int) {
	weights := make([]float64, x.Len())
	var ids []string
	var data []float64
	for i := range weights {
		w := rapid.IntRange(1, 3).Draw(t, "weight")
		weights[i] = float64(w)
		for r := range w {
			ids, data, of = append(ids, fmt.Sprintf("%d.%d", i, r)), append(data, x.Row(i)...), append(of, i)
		}
	}
	weighted, err := x.WithWeights(weights, table.FrequencyWeights)
	if err != nil {
		t.Fatal(err)
	}
	if long, err = table.New(ids, x.Columns(), data); err != nil {
		t.Fatal(err)
	}
	return weighted, long, of
}

// Ties are broken by the order of the rows, so the law is held by the heights.
func TestWeightedTreesAreThoseOfRepeatedRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 15).Draw(t, "n")
		var ids []string
		for i := range n {
			ids = append(ids, fmt.Sprint(i))
		}
		x, err := table.New(ids, []table.Column{{Name: "a"}, {Name: "b"}}, rapid.SliceOfN(rapid.Float64Range(-5, 5), 2*n, 2*n).Draw(t, "data"))
		if err != nil {
			t.Fatal(err)
		}
		weighted, long, of := repeated(t, x)
		m := cluster.Hierarchical{K: 1, Linkage: linkageOf(t)}
		a, errA := cluster.Fit(weighted, m)
		b, errB := cluster.Fit(long, m)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		for i, m := range a.Tree.Merges {
			factor := m.Height - b.Tree.Merges[len(of)-n+i].Height
			if math.Abs(factor) > 1e-9 {
				t.Fatalf("merge %d: %v with weights, %v with repeated rows", i, m.Height, b.Tree.Merges[len(of)-n+i].Height)
			}
		}
	})
}

func TestHierarchicalRefusals(t *testing.T) {
	x := trial.Groups(t, 30, 2, 2, 5)
	big := trial.Groups(t, 16_385, 1, 2, 5)
	for _, c := range []struct {
		m     cluster.Hierarchical
		x     *table.Table
		words []string
	}{
		{cluster.Hierarchical{}, x, []string{"Hierarchical.K = 0", "Height"}},
		{cluster.Hierarchical{K: 2, Height: 1}, x, []string{"Hierarchical.K = 2", "Height = 1"}},
		{cluster.Hierarchical{Height: -1}, x, []string{"Hierarchical.Height = -1"}},
		{cluster.Hierarchical{Height: math.NaN()}, x, []string{"Hierarchical.Height = NaN"}},
		{cluster.Hierarchical{K: 2, Linkage: 9}, x, []string{"Hierarchical.Linkage = 9", "Single"}},
		{cluster.Hierarchical{K: 2, Linkage: cluster.Average}, big, []string{"Hierarchical.Linkage = average", "16385 customers", "Ward or Single", "1 GB"}},
		{cluster.Hierarchical{K: 2, Linkage: cluster.Complete}, big, []string{"complete"}},
	} {
		err := c.m.Check(c.x)
		var option *fault.OptionError
		if !errors.As(err, &option) {
			t.Fatalf("%+v: %v", c.m, err)
		}
		for _, w := range c.words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q does not say %s", err, w)
			}
		}
	}
	if err := (cluster.Hierarchical{K: 2, Linkage: cluster.Average}).Check(big.Head(16_384)); err != nil {
		t.Errorf("at the stated limit: %v", err)
	}
}

func TestModelsWithoutAFileSayWhatToSave(t *testing.T) {
	x := trial.Groups(t, 200, 2, 3, 8)
	for _, m := range []cluster.Method{cluster.Hierarchical{K: 3}, cluster.DBSCAN{}, cluster.HDBSCAN{MinSize: 20}} {
		model, err := segkit.Recipe{Method: m}.Fit(x)
		if err != nil {
			t.Fatal(err)
		}
		path := t.TempDir() + "/model.json"
		err = model.Save(path)
		if !errors.Is(err, fault.ErrNotPortable) || !strings.Contains(err.Error(), "WriteCSV") || !strings.Contains(err.Error(), "KMeans") {
			t.Errorf("%T: %v", m, err)
		}
		segments, err := model.Score(x)
		if _, hierarchical := m.(cluster.Hierarchical); hierarchical {
			if !errors.Is(err, fault.ErrNoPredict) {
				t.Errorf("%T scores: %v", m, err)
			}
		} else if err != nil || !slices.Equal(segments.Labels, fit(t, x, m).Labels) {
			t.Errorf("%T: the training table scores otherwise (%v)", m, err)
		}
	}
}
