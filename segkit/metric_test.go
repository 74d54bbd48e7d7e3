package segkit

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// Churned, yes or no, is a metric as it is: 1 for yes, wherever it stands among the levels; of two other levels for the second.
func TestMetricOfTwoLevels(t *testing.T) {
	next := tableOf(t, "id,churned,status,asked,plan,spend\na,no,left,No,x,1\nb,yes,stays,Yes,y,2\nc,NA,left,No,z,3\n",
		CSVOptions{Levels: map[string][]string{"asked": {"Yes", "No"}}})
	for column, want := range map[string]struct {
		name   string
		values []float64
	}{"churned": {"churned", []float64{0, 1, math.NaN()}}, "status": {"status = stays", []float64{0, 1, 0}}, "asked": {"asked", []float64{0, 1, 0}}} {
		c, values, err := next.Metric(column)
		if err != nil || c.Name != want.name || c.Categorical() || !sameFloats(values, want.values) {
			t.Errorf("%s: %+v %v %v", column, c, values, err)
		}
	}
	if c, values, err := next.Metric("spend"); err != nil || c.Name != "spend" || !slices.Equal(values, []float64{1, 2, 3}) {
		t.Errorf("%+v %v %v", c, values, err)
	}
	_, _, err := next.Metric("plan")
	if !errors.Is(err, ErrSchema) || !strings.Contains(err.Error(), `With("metric", `+"`plan == \"z\"`"+`)`) {
		t.Errorf("three levels: %v", err)
	}
	if _, err := next.With("metric", `plan == "z"`); err != nil {
		t.Errorf("the remedy: %v", err)
	}
	if got := sure(next.Drop("spend")).metricName(""); got != "churned" {
		t.Errorf("without a name the metric is %q", got)
	}
}

// A verdict on yes and no is the verdict on 1 and 0, in the judge and in the sweep.
func TestYesAndNoJudgeAsOneAndZero(t *testing.T) {
	raw, next, m, s := judged(t, 240, 8)
	number := sure(next.With("churned", "next < 15"))
	words := sure(next.With("churned", `if(next < 15, "yes", "no")`))
	o := given(raw, number, m, s)
	o.Goal.Metric = "churned"
	a := sure(Judge(raw, s, o))
	o.Outcome = words
	b := sure(Judge(raw, s, o))
	if a.Metric.Grade != Pass || a.Metric.Value != b.Metric.Value || a.Metric.Low != b.Metric.Low || !strings.Contains(b.Metric.Says, "churned was") {
		t.Errorf("as numbers %v %s\nas words %v %s", a.Metric.Value, a.Metric.Says, b.Metric.Value, b.Metric.Says)
	}
	x := sure(m.Prepare(raw))
	var tellsApart []float64
	for _, outcome := range []*Table{number, words} {
		sweep := sure(SweepK(x, KMeans{}, 1, 4, SweepOptions{Draws: -1, Outcome: outcome, Goal: Goal{Metric: "churned"}}))
		tellsApart = append(tellsApart, sweep.Points[2].Separation.Value)
	}
	if !(tellsApart[0] > .1) || tellsApart[0] != tellsApart[1] {
		t.Errorf("the sweep tells apart %v", tellsApart)
	}
}
