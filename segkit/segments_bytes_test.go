package segkit

import (
	"errors"
	"math"
	"reflect"
	"testing"
)

// Scored segments know what formed them, also when a notebook remembers them.
func TestSegmentsKeepTheirModel(t *testing.T) {
	raw := threeGroups(120)
	columns := []string{"recency", "orders", "basket"}
	for _, m := range []Method{KMeans{K: 3}, LatentClass{K: 2}, DBSCAN{Eps: 1, MinSamples: 5}, nil} {
		segments, err := raw.SegmentsBy("channel")
		if m != nil {
			recipe := Recipe{Columns: columns, Prep: []Transformer{Log1p{}, Standardize{}}, Method: m}
			if _, answers := m.(LatentClass); answers {
				recipe = Recipe{Columns: []string{"channel"}, Method: m}
			}
			model, fitErr := recipe.Fit(raw)
			if fitErr != nil {
				t.Fatal(fitErr)
			}
			segments, err = model.Score(raw)
			if segments.Model != model {
				t.Errorf("%T: scored segments do not know their model", m)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := segments.MarshalBinary()
		if err != nil {
			t.Fatalf("%T: %v", m, err)
		}
		var again Segments
		if err := again.UnmarshalBinary(data); err != nil {
			t.Fatalf("%T: %v", m, err)
		}
		want := *segments
		if _, rows := m.(DBSCAN); rows { // a fitted DBSCAN is its customers' rows, which nobody wants in a second file
			if _, err := again.Model.Score(raw); !errors.Is(err, ErrNoPredict) {
				t.Errorf("%T scores without its rows: %v", m, err)
			}
			bare := *want.Model
			bare.Assigner, want.Model = nil, &bare
			if math.IsNaN(bare.Cost) && math.IsNaN(again.Model.Cost) {
				bare.Cost, again.Model.Cost = 0, 0 // NaN differs from itself
			}
		}
		if !reflect.DeepEqual(again, want) {
			t.Errorf("%T: came back as\n%+v, was\n%+v", m, again, want)
		}
		if err := again.UnmarshalBinary(data[:len(data)/2]); !errors.Is(err, ErrFormat) {
			t.Errorf("%T: half the bytes: %v", m, err)
		}
	}
}
