package cluster

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/internal/kinds"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// shuffled is a method whose segments come in no order, with everything a method can give.
type shuffled struct{}

func (shuffled) Check(*table.Table) error { return nil }

func (shuffled) Cluster(_ context.Context, x *table.Table) (*Clustering, error) {
	return &Clustering{
		K:          3,
		Labels:     table.Labels{2, 0, table.Noise, 0, 1, 1, 1},
		Centers:    x.Rows([]int{1, 4, 0}),
		Medoids:    []int{1, 4, 0},
		Membership: mat.NewDense(7, 3, []float64{0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0}),
		Assigner:   Nearest{Columns: []string{"a"}, Centers: [][]float64{{11}, {20}, {1}}},
	}, nil
}

func TestFitPutsSegmentsInOrder(t *testing.T) {
	x, err := table.New([]string{"p", "q", "r", "s", "t", "u", "v"}, []table.Column{{Name: "a"}}, []float64{1, 11, 99, 11, 20, 20, 20})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Fit(x, shuffled{})
	if err != nil {
		t.Fatal(err)
	}
	if want := (table.Labels{2, 1, table.Noise, 1, 0, 0, 0}); !slices.Equal(c.Labels, want) || !slices.Equal(c.IDs, x.IDs()) {
		t.Fatalf("labels %v, want %v", c.Labels, want)
	}
	if !slices.Equal(c.Medoids, []int{4, 1, 0}) || c.Centers.At(0, 0) != 20 || c.Centers.At(1, 0) != 11 {
		t.Fatalf("medoids %v, first centres %v, %v", c.Medoids, c.Centers.At(0, 0), c.Centers.At(1, 0))
	}
	for i, l := range c.Labels {
		if l != table.Noise && c.Membership.At(i, l) != 1 {
			t.Fatalf("row %d: memberships %v, segment %d", i, mat.Row(nil, i, c.Membership), l)
		}
	}
	predicted, err := c.Predict(x)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range c.Labels {
		if l != table.Noise && predicted[i] != l {
			t.Fatalf("row %d: predicted %d, is in %d", i, predicted[i], l)
		}
	}
}

func TestSegmentsAreOrderedBySize(t *testing.T) {
	l := table.Labels{3, 1, 1, 3, 0, table.Noise, 0, 2}
	if got := pick.BySize(l, nil, 5); !slices.Equal(got, []int{3, 1, 0, 2, 4}) {
		t.Fatalf("%v", got)
	}
	if got := pick.BySize(l, []float64{1, 1, 1, 1, 1, 99, 2, 8}, 5); !slices.Equal(got, []int{2, 0, 3, 1, 4}) {
		t.Fatalf("by weight: %v", got)
	}
}

// Every method, and whatever finds the segment of a new customer, has a name of its own in model files, and comes back from it.
func TestEveryKindHasAName(t *testing.T) {
	for _, m := range []Method{KMeans{K: 3}, MiniBatch{K: 3}, KMedoids{K: 3}, KPrototypes{K: 3}, GaussianMixture{K: 3}, LatentClass{K: 3}, Hierarchical{K: 3}, DBSCAN{MinSamples: 3}, HDBSCAN{MinSize: 3}} {
		data, err := kinds.Methods.Encode(m)
		if err != nil {
			t.Error(err)
			continue
		}
		if back, err := kinds.Decode[Method](kinds.Methods, data); err != nil || !reflect.DeepEqual(back, m) {
			t.Errorf("%T comes back as %v (%v)", m, back, err)
		}
	}
	for _, a := range []Assigner{Nearest{}, NearestMedoid{}, Prototypes{}, FittedMixture{}, FittedLatentClass{}} {
		if name, err := kinds.Assigners.Name(a); err != nil || !slices.Contains(kinds.Assigners.Names(), name) {
			t.Errorf("%T has the name %q (%v)", a, name, err)
		}
	}
	for what, names := range map[string][]string{"methods": kinds.Methods.Names(), "assigners": kinds.Assigners.Names()} {
		if slices.Sort(names); len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("two %s have one name: %q", what, names)
		}
	}
}

// Columns that depend on each other are refused from one row more on than twice the columns.
func TestFewRowsAlwaysDepend(t *testing.T) {
	for rows, refused := range map[int]bool{3: false, 4: false, 5: true, 6: true, 7: true} {
		var data []float64
		for i := range rows {
			data = append(data, float64(i*i), 3-2*float64(i*i))
		}
		if err := dependent("test", trial.Numbers(t, 2, data...)); (err != nil) != refused {
			t.Errorf("%d rows of two columns on one line: %v", rows, err)
		}
	}
}
