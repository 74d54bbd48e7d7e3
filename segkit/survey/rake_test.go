package survey_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/survey"
	"github.com/segkit/lab/segkit/table"
)

// quota is 100 respondents: men 30, 20 and 5 and women 10, 20 and 15 of three ages.
func quota() *table.Table {
	lines := []string{"id,sex,age"}
	for s, counts := range [][]int{{30, 20, 5}, {10, 20, 15}} {
		for a, n := range counts {
			for range n {
				lines = append(lines, fmt.Sprintf("r%d,%s,%s", len(lines), []string{"man", "woman"}[s], []string{"18-34", "35-54", "55+"}[a]))
			}
		}
	}
	return trial.Sure(trial.Sure(parse(survey.Options{}, lines...)).Table())
}

// Weights and effective size of numpy's iterative proportional fitting of the same counts.
func TestRakingAsNumpyDoesIt(t *testing.T) {
	x := quota()
	w := trial.Sure(survey.Rake(x, survey.Margins{"sex": {"man": .4, "woman": .6}, "age": {"18-34": 30, "35-54": 40, "55+": 30}}, survey.RakeOptions{}))
	for i, want := range map[int]float64{0: .65082291, 30: .76641601, 50: 1.0293985, 55: 1.04753126, 65: 1.23358399, 99: 1.65686717} {
		near(t, fmt.Sprint("weight ", i), w.Weights[i], want, 5e-8)
	}
	near(t, "the effective size", w.Effective, 89.0160995250675, 1e-6)
	for _, m := range w.Margins {
		near(t, m.Column+" "+m.Level, m.Weighted, m.Target, 1e-9)
	}
	// Raking leaves the odds ratio between two columns as it was: weights are products of a factor of each.
	at := func(i int) float64 { return w.Weights[i] }
	near(t, "the odds ratio of the weights", at(0)*at(99)/(at(54)*at(55)), 1, 1e-9)
	weighted := trial.Sure(w.Apply(x))
	if weighted.Weighting() != table.SamplingWeights || weighted.Weight(99) != w.Weights[99] {
		t.Error("the table has other weights")
	}
	if note := strings.Join(w.Sheet().Notes, " "); !strings.Contains(note, "They cannot show whether") {
		t.Errorf("notes %q", note)
	}
}

// With one margin a weight is the target over the share in the sample, and raking again changes nothing.
func TestPostStratification(t *testing.T) {
	x := quota()
	margins := survey.Margins{"sex": {"man": 1, "woman": 1}}
	w := trial.Sure(survey.Rake(x, margins, survey.RakeOptions{}))
	near(t, "a man's weight", w.Weights[0], .5/.55, 1e-12)
	near(t, "a woman's weight", w.Weights[99], .5/.45, 1e-12)
	near(t, "the effective size", w.Effective, 100*100/(55*math.Pow(.5/.55, 2)+45*math.Pow(.5/.45, 2)), 1e-9)
	again := trial.Sure(survey.Rake(trial.Sure(w.Apply(x)), margins, survey.RakeOptions{}))
	near(t, "the weight when raked again", again.Weights[0], w.Weights[0], 1e-12)
}

func TestRakingRefuses(t *testing.T) {
	x := quota()
	capped := trial.Sure(survey.Rake(x, survey.Margins{"age": {"18-34": .1, "35-54": .1, "55+": .8}}, survey.RakeOptions{Cap: 2}))
	for i, v := range capped.Weights {
		if v > 2 {
			t.Fatalf("weight %d is %v", i, v)
		}
	}
	if capped.Missed < .01 || !strings.Contains(strings.Join(capped.Sheet().Notes, " "), "20 weights are at the limit") {
		t.Errorf("a limit that cannot be kept misses %v: %q", capped.Missed, capped.Sheet().Notes)
	}
	for _, c := range []struct {
		margins survey.Margins
		says    string
	}{
		{survey.Margins{"sex": {"man": .5}}, `"woman" has respondents, but no share`},
		{survey.Margins{"sex": {"man": .5, "woman": .4, "other": .1}}, `"other" is not a level in the sheets`},
		{survey.Margins{"sex": {"man": -1, "woman": 1}}, "at least 0"},
		{survey.Margins{"gender": {"man": 1}}, "gender"},
		{nil, "at least one column"},
	} {
		if _, err := survey.Rake(x, c.margins, survey.RakeOptions{}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.margins, err, c.says)
		}
	}
	lines := []string{"id,a,b", "1,x,u", "2,x,u", "3,y,v", "4,y,v"} // a and b say the same, and cannot have other margins
	same := trial.Sure(trial.Sure(parse(survey.Options{}, lines...)).Table())
	if _, err := survey.Rake(same, survey.Margins{"a": {"x": .5, "y": .5}, "b": {"u": .2, "v": .8}}, survey.RakeOptions{}); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("margins that contradict each other: %v", err)
	}
}
