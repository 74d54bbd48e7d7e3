package rulebook_test

import (
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
)

// DecisionTreeClassifier of scikit-learn 1.9.1 on the same customers, columns and segments (random_state=0): with max_depth=2
// it puts 80.12 % where the segments do; with max_depth=3, 94.45 % by 4 leaves and 95.38 % by 8. Each threshold may cost one customer
// in a thousand for being round.
func TestRulesOfTheFirstLesson(t *testing.T) {
	orders, err := datasets.Orders("shop")
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled)
	if err != nil {
		t.Fatal(err)
	}
	customers, err := clean.Features(time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	model, err := segkit.Recipe{Columns: []string{"recency", "orders", "basket"}, Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}},
		Method: cluster.KMeans{K: 4, Seed: 1}}.Fit(customers)
	if err != nil {
		t.Fatal(err)
	}
	segments, err := model.Score(customers)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o        rulebook.Options
		rules    int
		accuracy float64
	}{
		{rulebook.Options{MaxConditions: 2}, 4, 0.8012},
		{rulebook.Options{MaxConditions: 3}, 4, 0.9445 - 3*0.001},
		{rulebook.Options{MaxConditions: 3, Worth: -1}, 20, 0.9538 - 0.001},
	} {
		e, err := rulebook.Explain(customers, segments, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Rules) > c.rules || e.Fidelity.Accuracy < c.accuracy || e.Held.Accuracy < c.accuracy-0.01 {
			t.Errorf("%+v: %d rules put %g where the segments do, %g of unseen customers", c.o, len(e.Rules), e.Fidelity.Accuracy, e.Held.Accuracy)
		}
	}
}
