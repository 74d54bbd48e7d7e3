package track

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
)

// What is found in the shop that changes is what was planted: one segment grows, one drifts, one is a season and no drift, and one stays.
func TestWhatIsFoundIsWhatWasPlanted(t *testing.T) {
	orders := trial.Sure(datasets.Orders("shop-that-changes"))
	clean := trial.Sure(orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled, features.ZeroPrice))
	spec := features.Spec{Window: 92, NetNegative: features.DropNegative}
	date := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	christmas := trial.Sure(clean.Features(date(2024, 12, 31), spec))
	recipe := segkit.Recipe{Columns: []string{"orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}}, Method: cluster.KMeans{K: 4}}
	model := trial.Sure(recipe.Fit(christmas))
	segments := trial.Sure(model.Score(christmas))
	truth := trial.Sure(datasets.Truth("shop-that-changes"))
	match := trial.Sure(compare.Match(truth, segments))
	if match.AdjustedRand < .85 {
		t.Fatalf("the model finds the latent segments by %.2f: changes in them could not be found", match.AdjustedRand)
	}
	model.Names = make([]string, 4)
	for b, a := range match.Of {
		model.Names[b] = truth.Names[a]
	}
	h := trial.Sure(Follow(clean, model, []time.Time{date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)}))
	const autumn, now = 3, 4 // and date 0 is the same time a year before
	for _, planted := range trial.Sure(datasets.Planted("shop-that-changes")) {
		of := trial.Sure(h.Of(planted.Segment))
		n := func(t int) float64 { return float64(of.Tables[t].Len()) }
		found := shop.Stays
		switch drifted := trial.Sure(of.Drift(0, now, []string{"orders", "basket"})).Drifted(); {
		case drifted != nil && fmt.Sprint(drifted) != "[basket]":
			t.Errorf("%s: %v drifted", planted.Segment, drifted)
		case drifted != nil:
			found = shop.Drifts
		case n(now) > 1.5*n(0):
			found = shop.Grows
		case n(now) > 2*n(autumn) && math.Abs(n(now)/n(0)-1) < .1:
			found = shop.Seasons
		}
		if found != planted.Kind {
			t.Errorf("%s: found that it %s, planted that it %s", planted.Segment, found, planted.Kind)
		}
	}

	// All customers order more before Christmas. The regulars' orders have drifted since autumn, but not since a year before.
	regulars := trial.Sure(trial.Sure(h.Of("regulars")).Drift(autumn, now, []string{"orders"}))
	if c := regulars.Columns[0]; !c.Drifted || !c.Season || regulars.Drifted() != nil {
		t.Errorf("the regulars' orders since autumn: %+v", c)
	}
	// The big baskets have drifted since spring, and since a year before: that is no season.
	big := trial.Sure(trial.Sure(h.Of("big baskets")).Drift(1, now, []string{"basket"}))
	if c := big.Columns[0]; !c.Drifted || c.Season {
		t.Errorf("the big baskets since spring: %+v", c)
	}
	// Against a model that was made on the very day a year before, nothing can be told of seasons, and the drift shows.
	if d := trial.Sure(h.DriftFromModel(now)); !slices.Contains(d.Drifted(), "basket") {
		t.Errorf("from the model: %v", d.Drifted())
	}
}
