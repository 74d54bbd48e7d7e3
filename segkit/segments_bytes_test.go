package segkit

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/table"
)

// Scored segments know what formed them, also when a notebook remembers them.
func TestSegmentsKeepTheirModel(t *testing.T) {
	raw := trial.ThreeGroups(120)
	columns := []string{"recency", "orders", "basket"}
	for _, m := range []cluster.Method{cluster.KMeans{K: 3}, cluster.LatentClass{K: 2}, cluster.DBSCAN{Eps: 1, MinSamples: 5}, nil} {
		segments, err := raw.SegmentsBy("channel")
		if m != nil {
			recipe := Recipe{Columns: columns, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: m}
			if _, answers := m.(cluster.LatentClass); answers {
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
		var again table.Segments
		if err := again.UnmarshalBinary(data); err != nil {
			t.Fatalf("%T: %v", m, err)
		}
		want := *segments
		if _, rows := m.(cluster.DBSCAN); rows { // a fitted DBSCAN is its customers' rows, which nobody wants in a second file
			if _, err := again.Model.(*Model).Score(raw); !errors.Is(err, fault.ErrNoPredict) {
				t.Errorf("%T scores without its rows: %v", m, err)
			}
			bare := *want.Model.(*Model)
			bare.Assigner, want.Model = nil, &bare
			if stored := again.Model.(*Model); math.IsNaN(bare.Cost) && math.IsNaN(stored.Cost) {
				bare.Cost, stored.Cost = 0, 0 // NaN differs from itself
			}
		}
		if !reflect.DeepEqual(again, want) {
			t.Errorf("%T: came back as\n%+v, was\n%+v", m, again, want)
		}
		if err := again.UnmarshalBinary(data[:len(data)/2]); !errors.Is(err, fault.ErrFormat) {
			t.Errorf("%T: half the bytes: %v", m, err)
		}
	}
}
