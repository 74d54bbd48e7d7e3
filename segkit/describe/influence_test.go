package describe_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

func influence(t *testing.T, x *table.Table, c *cluster.Clustering) *describe.Influences {
	t.Helper()
	f, err := describe.Influence(x, c.Segments(), c.Method)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What is left within segments adds up to what the method minimised, and what there is in all to its cost with one segment.
func TestInfluenceAddsUpToTheCost(t *testing.T) {
	numbers, mixed := trial.Groups(t, 300, 4, 3, 3), trial.MixedTable(t, 3, 300, true)
	for _, c := range []struct {
		name string
		x    *table.Table
		m    cluster.KMethod
	}{
		{"k-means", numbers, cluster.KMeans{Tol: -1}},
		{"k-prototypes", mixed, cluster.KPrototypes{}},
		{"k-prototypes with gamma", mixed, cluster.KPrototypes{Gamma: 3}},
	} {
		one, four := fit(t, c.x, c.m.WithK(1)), fit(t, c.x, c.m.WithK(4))
		total, within, share, apart := 0.0, 0.0, 0.0, 0.0
		for _, f := range influence(t, c.x, four).Columns {
			total, within, share, apart = total+f.Total, within+f.Within, share+f.Share, apart+f.Apart
		}
		if math.Abs(total-one.Cost) > 1e-9*total || math.Abs(within-four.Cost) > 1e-9*within {
			t.Errorf("%s: total %v, within %v; costs %v, %v", c.name, total, within, one.Cost, four.Cost)
		}
		if math.Abs(share-1) > 1e-12 || math.Abs(apart-1) > 1e-12 {
			t.Errorf("%s: shares add up to %v and %v", c.name, share, apart)
		}
	}
}

// By hand: ages 20 to 60 in two segments, city Bern, Bern, Rome, Rome.
func TestInfluenceByHand(t *testing.T) {
	x := trial.Table(t, []string{"c1", "c2", "c3", "c4"}, []table.Column{{Name: "age"}, {Name: "city", Levels: []string{"Bern", "Rome"}}},
		[]float64{20, 0, 30, 0, 50, 1, 60, 1})
	s, err := table.NewSegments(x.IDs(), table.Labels{0, 0, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		m             cluster.Method
		total, within [2]float64
	}{
		{nil, [2]float64{1000, 2}, [2]float64{100, 0}}, // squares from 40, from 25 and 55; two are not in the most frequent city
		{cluster.KPrototypes{Gamma: 5}, [2]float64{1000, 10}, [2]float64{100, 0}},
		{cluster.KMedoids{Distance: distance.Gower}, [2]float64{60. / 40, 2}, [2]float64{20. / 40, 0}}, // range 40
	} {
		got, err := describe.Influence(x, s, c.m)
		if err != nil {
			t.Fatal(err)
		}
		for j, f := range got.Columns {
			if math.Abs(f.Total-c.total[j]) > 1e-12 || math.Abs(f.Within-c.within[j]) > 1e-12 ||
				math.Abs(f.Share-c.total[j]/(c.total[0]+c.total[1])) > 1e-12 || math.Abs(f.Known-(1-c.within[j]/c.total[j])) > 1e-12 {
				t.Errorf("%T, %s: %+v, want %v and %v", c.m, f.Column, f, c.total[j], c.within[j])
			}
		}
	}
}

// Spend in cents beside ages: the sheet says that spend decides alone.
func TestInfluenceTellsOfOneColumn(t *testing.T) {
	x := trial.Groups(t, 100, 2, 2, 4)
	var data []float64
	for i := range x.Len() {
		data = append(data, x.At(i, 0)*1000, x.At(i, 1))
	}
	x = trial.Numbered(t, 2, data)
	text := influence(t, x, fit(t, x, cluster.KMeans{K: 2})).Sheet()
	if !strings.Contains(text.Caption, "100.0 % of the distances come from a, the rest from b") || !strings.Contains(strings.Join(text.Notes, " "), "segments are nearly made by a alone") {
		t.Errorf("%s: %s", text.Caption, text.Notes)
	}
}

// Missing cells and customers in no segment count nowhere; a column that is constant weighs nothing.
func TestInfluenceLeavesOut(t *testing.T) {
	x := trial.Numbered(t, 2, []float64{0, 5, 2, 5, math.NaN(), 5, 10, 5, 12, 5, 1000, 5})
	s, err := table.NewSegments(x.IDs(), table.Labels{0, 0, 0, 1, 1, table.Noise}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := describe.Influence(x, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, b := f.Columns[0], f.Columns[1]
	if a.Total != 104 || a.Within != 4 || a.Share != 1 || b.Total != 0 || b.Share != 0 || !math.IsNaN(b.Known) {
		t.Errorf("%+v, %+v", a, b)
	}
	if _, err := describe.Influence(trial.Column(t), s, nil); !errors.Is(err, fault.ErrEmpty) {
		t.Errorf("no rows: %v", err)
	}
}

func fit(t *testing.T, x *table.Table, m cluster.Method) *cluster.Clustering {
	t.Helper()
	c, err := cluster.Fit(x, m)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
