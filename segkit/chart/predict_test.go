package chart

import (
	"context"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/table"
)

// told are probabilities of three segments and the orders seen, row by row, with the true segments.
func told(t *testing.T, truth []int, rows ...float64) *predict.Report {
	t.Helper()
	s := &table.Segments{Labels: truth, Names: []string{"low", "middle", "high"}}
	for i := range truth {
		s.IDs = append(s.IDs, string(rune('a'+i)))
	}
	x, err := table.New(s.IDs, []table.Column{{Name: "p0"}, {Name: "p1"}, {Name: "p2"}, {Name: "orders"}}, rows)
	if err != nil {
		t.Fatal(err)
	}
	c := &predict.Classifier{Predictor: predict.Logistic{}, Fitted: toldFitted{3}, Names: s.Names, Shares: []float64{.4, .3, .3}, Schema: table.Schema{Columns: x.Columns()}}
	r, err := c.EvaluateContext(context.Background(), x, s, predict.Options{Seen: "orders", Shuffles: -1, Draws: 20})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTitlesOfPredictions(t *testing.T) {
	r := told(t, []int{0, 0, 1, 2, 2},
		.8, .1, .1, 1,
		.1, .8, .1, 1, // low taken for middle
		.1, .8, .1, 2,
		.1, .8, .1, 2, // high taken for middle
		.1, .1, .8, 12)
	titled(t, "Logistic names 60 % of 5 customers correctly; “low” is most often taken for “middle” (1)")(Confusion(r))
	titled(t, "Probabilities are too bold: they say 80 % and are right for 60 %, off by 20.0 points on average")(Calibration(r))
	titled(t, "With 1 order seen, 50 % are named correctly; with 10 and more, 100 %: at first hardly more than by naming the largest segment")(ColdStart(r))
	rank, err := r.Rank("high")
	if err != nil {
		t.Fatal(err)
	}
	titled(t, "The most likely fifth of customers hold 50 % of “high”")(Gain(rank))
	titled(t, "Among the most likely tenth, “high” is 2.5 times as frequent as among all")(Lift(rank))

	perfect := told(t, []int{0, 1}, 1, 0, 0, 3, 0, 1, 0, 4)
	titled(t, "Logistic names 100 % of 2 customers correctly")(Confusion(perfect))
	titled(t, "Probabilities mean what they say: off by 0.0 points on average")(Calibration(perfect))
	titled(t, "With 3 to 5 orders seen, 100 % are named correctly")(ColdStart(perfect))
	f, err := Confusion(perfect)
	if err != nil || !strings.Contains(f.Alt, "high: no customer.") {
		t.Errorf("description %q: an empty segment is said to be one", f.Alt)
	}
	if _, err := ColdStart(&predict.Report{}); err == nil || !strings.Contains(err.Error(), "predict.Options.Seen") {
		t.Errorf("no orders: %v", err)
	}
}
