package track

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
)

// Where all days up to each date count, recency grows for all who have left: the history, a drift and a decision say so, in the same words, and none of them does with a window.
func TestAGrowingHistoryAgesOfItself(t *testing.T) {
	var orders []bought
	for i := range 200 { // a quarter come every ten days, the others came once
		orders = append(orders, bought{fmt.Sprint("c", i), i % 100, 1000 + i})
		for d := i % 10; i%4 == 0 && d < 300; d += 10 {
			orders = append(orders, bought{fmt.Sprint("c", i), d, 1000 + i})
		}
	}
	clean := logOf(t, orders)
	recipe := segkit.Recipe{Columns: []string{"recency"}, Method: cluster.KMeans{K: 2}}
	for window, grows := range map[int]bool{0: true, 400: false} {
		model := trial.Sure(recipe.Fit(trial.Sure(clean.Features(day(110), features.Spec{Window: window}))))
		h := trial.Sure(Follow(clean, model, []time.Time{day(110), day(299)}))
		if slices.Contains(h.Sheet().Notes, growing) != grows {
			t.Errorf("window %d: the history: %q", window, h.Sheet().Notes)
		}
		for what, d := range map[string]*Drift{"from the model": trial.Sure(h.DriftFromModel(1)), "between dates": trial.Sure(h.Drift(0, 1, nil))} {
			if d.Drifted() == nil {
				t.Fatalf("window %d, %s: nothing has drifted", window, what)
			}
			if slices.Contains(d.Sheet().Notes, growing) != grows || slices.Contains(trial.Sure(d.Decide()).Reasons, growing) != grows {
				t.Errorf("window %d, %s: %q, %q", window, what, d.Sheet().Notes, trial.Sure(d.Decide()).Reasons)
			}
		}
	}
	still := &Drift{growing: true, Columns: []ColumnDrift{{Column: "recency"}}} // nothing has drifted: there is nothing to explain
	if slices.Contains(still.Sheet().Notes, growing) || slices.Contains(trial.Sure(still.Decide()).Reasons, growing) {
		t.Error("what has not drifted is explained")
	}
}
