package segkit

import (
	"context"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

func TestWhatOtherOptionsMadeIsNotRecalled(t *testing.T) {
	rows := func(scale float64) *table.Table {
		data := []float64{1, 2, 3, 100, 110, 500}
		for i := range data {
			data[i] *= scale
		}
		x, err := table.New([]string{"a", "b", "c", "d", "e", "f"}, []table.Column{{Name: "spend"}}, data)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	start := func(v float64) *table.Table {
		x, err := table.New([]string{"1", "2"}, []table.Column{{Name: "spend"}}, []float64{v, 1})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	recipes := []Recipe{
		{Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 2}},
		{Prep: []prep.Transformer{prep.Robust{}}, Method: cluster.KMeans{K: 2}}, // prints like Standardize{} where types are left out
		{Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 2}},
		{Method: cluster.KMeans{K: 2}},
		{Method: cluster.KMeans{K: 3}},
		{Method: cluster.KMeans{Start: start(0.1)}},
		{Method: cluster.KMeans{Start: start(0.2)}},
	}
	store := trial.InMap{}
	ctx := memory.With(context.Background(), store)
	for _, r := range recipes {
		for _, x := range []*table.Table{rows(1), rows(2), rows(1)} {
			if _, err := r.FitContext(ctx, x); err != nil {
				t.Fatal(err)
			}
		}
	}
	if want := 2 * len(recipes); len(store) != want {
		t.Errorf("%d models remembered, want %d", len(store), want)
	}
	if _, known := memory.Spell(time.Second); known {
		t.Error("a type from elsewhere passes for one of ours")
	}
}
