package segkit

import (
	"context"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/internal/memory"
)

func TestWhatOtherOptionsMadeIsNotRecalled(t *testing.T) {
	table := func(scale float64) *Table {
		data := []float64{1, 2, 3, 100, 110, 500}
		for i := range data {
			data[i] *= scale
		}
		x, err := NewTable([]string{"a", "b", "c", "d", "e", "f"}, []Column{{Name: "spend"}}, data)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	start := func(v float64) *Table {
		x, err := NewTable([]string{"1", "2"}, []Column{{Name: "spend"}}, []float64{v, 1})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	recipes := []Recipe{
		{Prep: []Transformer{Standardize{}}, Method: KMeans{K: 2}},
		{Prep: []Transformer{Robust{}}, Method: KMeans{K: 2}}, // prints like Standardize{} where types are left out
		{Prep: []Transformer{Log1p{}, Standardize{}}, Method: KMeans{K: 2}},
		{Method: KMeans{K: 2}},
		{Method: KMeans{K: 3}},
		{Method: KMeans{Start: start(0.1)}},
		{Method: KMeans{Start: start(0.2)}},
	}
	store := inMap{}
	ctx := memory.With(context.Background(), store)
	for _, r := range recipes {
		for _, x := range []*Table{table(1), table(2), table(1)} {
			if _, err := r.FitContext(ctx, x); err != nil {
				t.Fatal(err)
			}
		}
	}
	if want := 2 * len(recipes); len(store) != want {
		t.Errorf("%d models remembered, want %d", len(store), want)
	}
	if _, known := spellOut(time.Second); known {
		t.Error("a type from elsewhere passes for one of ours")
	}
}
