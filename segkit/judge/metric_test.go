package judge

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Churned, yes or no, is a metric as it is: 1 for yes, wherever it stands among the levels; of two other levels for the second.
func TestMetricOfTwoLevels(t *testing.T) {
	next := trial.TableOf(t, "id,churned,status,asked,plan,spend\na,no,left,No,x,1\nb,yes,stays,Yes,y,2\nc,NA,left,No,z,3\n",
		table.CSVOptions{Levels: map[string][]string{"asked": {"Yes", "No"}}})
	for column, want := range map[string]struct {
		name   string
		values []float64
	}{"churned": {"churned", []float64{0, 1, math.NaN()}}, "status": {"status = stays", []float64{0, 1, 0}}, "asked": {"asked", []float64{0, 1, 0}}} {
		c, values, err := next.Metric(column)
		if err != nil || c.Name != want.name || c.Categorical() || !trial.SameFloats(values, want.values) {
			t.Errorf("%s: %+v %v %v", column, c, values, err)
		}
	}
	if c, values, err := next.Metric("spend"); err != nil || c.Name != "spend" || !slices.Equal(values, []float64{1, 2, 3}) {
		t.Errorf("%+v %v %v", c, values, err)
	}
	_, _, err := next.Metric("plan")
	if !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `With("metric", `+"`plan == \"z\"`"+`)`) {
		t.Errorf("three levels: %v", err)
	}
	if _, err := next.With("metric", `plan == "z"`); err != nil {
		t.Errorf("the remedy: %v", err)
	}
	if got := trial.Sure(next.Drop("spend")).MetricName(""); got != "churned" {
		t.Errorf("without a name the metric is %q", got)
	}
}

// A verdict on yes and no is the verdict on 1 and 0, in the judge and in the sweep.
func TestYesAndNoJudgeAsOneAndZero(t *testing.T) {
	raw, next, m, s := judged(t, 240, 8)
	number := trial.Sure(next.With("churned", "next < 15"))
	words := trial.Sure(next.With("churned", `if(next < 15, "yes", "no")`))
	o := given(raw, number, m, s)
	o.Goal.Metric = "churned"
	a := trial.Sure(Segments(raw, s, o))
	o.Outcome = words
	b := trial.Sure(Segments(raw, s, o))
	if a.Metric.Grade != Pass || a.Metric.Value != b.Metric.Value || a.Metric.Low != b.Metric.Low || !strings.Contains(b.Metric.Says, "churned is true of ") {
		t.Errorf("as numbers %v %s\nas words %v %s", a.Metric.Value, a.Metric.Says, b.Metric.Value, b.Metric.Says)
	}
	x := trial.Sure(m.Prepare(raw))
	var tellsApart []float64
	for _, outcome := range []*table.Table{number, words} {
		sweep := trial.Sure(choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 1, 4, choose.SweepOptions{Draws: -1, Outcome: outcome, Goal: choose.Goal{Metric: "churned"}}))
		tellsApart = append(tellsApart, sweep.Points[2].Separation.Value)
	}
	if !(tellsApart[0] > .1) || tellsApart[0] != tellsApart[1] {
		t.Errorf("the sweep tells apart %v", tellsApart)
	}
}
