package judge

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/internal/effect"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Two divisions whose own intervals overlap may differ beyond chance: the customers are the same.
func TestPairedDifferencesSeeMoreThanIntervals(t *testing.T) {
	n, r := 900, rand.New(rand.NewPCG(11, 3))
	fine, coarse, data := make(table.Labels, n), make(table.Labels, n), []float64(nil)
	for i := range n {
		fine[i] = i % 3
		coarse[i] = fine[i]
		if r.IntN(12) == 0 { // one in twelve is put elsewhere
			coarse[i] = r.IntN(3)
		}
		data = append(data, float64(fine[i])+1.5*r.NormFloat64())
	}
	next := trial.Sure(table.New(wording.Numbered(n), []table.Column{{Name: "spend", Role: table.Outcome}}, data))
	a, b := trial.Sure(table.NewSegments(next.IDs(), fine, nil)), trial.Sure(table.NewSegments(next.IDs(), coarse, nil))
	c := trial.Sure(compare.Outcomes(next, "spend", a, b, 1))
	x, y := effect.OfNumber(data, nil, table.SamplingWeights, fine, 3), effect.OfNumber(data, nil, table.SamplingWeights, coarse, 3)
	if math.Abs(c.First-x.Value) > 1e-12 || math.Abs(c.Second-y.Value) > 1e-12 || y.High < x.Low {
		t.Fatalf("eta squared %v and %v, compared %v and %v", x, y, c.First, c.Second)
	}
	if !(c.Low > 0 && c.Low < c.Difference && c.Difference < c.High) || !strings.HasPrefix(c.Sheet().Caption, "The first segmentation says more about spend") {
		t.Errorf("%+v\n%s", c, c.Sheet().Caption)
	}
	out := c.Sheet() // two shares differ by points: 20 % is 10 points more than 10 %, and not 10 % more
	points := func(v float64) string { return sheet.Fixed(100*v, 1) }
	if got, want := out.Rows[0][4:], []string{points(c.Difference), points(c.Low) + " to " + points(c.High)}; !slices.Equal(got, want) || out.Columns[4].Unit != "points" || out.Columns[5].Unit != "points" {
		t.Errorf("difference and interval %q (%+v), want %q in points", got, out.Columns[4:], want)
	}
	if again := trial.Sure(compare.Outcomes(next, "spend", a, b, 1)); again.Low != c.Low || again.High != c.High {
		t.Error("the same seed gives another interval")
	}
}

// Laws: a division compared with itself differs by nothing; turned round, the difference changes its sign; names of segments say nothing.
func TestComparisonLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(12, 60).Draw(t, "n")
		values, a, b, renamed := make([]float64, n), make(table.Labels, n), make(table.Labels, n), make(table.Labels, n)
		for i := range n {
			values[i] = float64(rapid.IntRange(0, 9).Draw(t, "v"))
			a[i], b[i] = rapid.IntRange(0, 3).Draw(t, "a"), rapid.IntRange(0, 2).Draw(t, "b")
			renamed[i] = 3 - a[i]
		}
		values[0], values[1] = 0, 9
		near := func(x, y float64) bool { return math.Abs(x-y) < 1e-9 || math.IsNaN(x) && math.IsNaN(y) }
		ab, ba := trial.Sure(effect.Compare(job.DefaultContext, values, nil, a, b, 2)), trial.Sure(effect.Compare(job.DefaultContext, values, nil, b, a, 2))
		if !near(ab.Difference, -ba.Difference) || !near(ab.Low, -ba.High) || !near(ab.High, -ba.Low) {
			t.Fatalf("%+v turned round is %+v", ab, ba)
		}
		if same := trial.Sure(effect.Compare(job.DefaultContext, values, nil, a, renamed, 2)); !near(same.Difference, 0) || !near(same.Low, 0) || !near(same.High, 0) {
			t.Fatalf("under other names the segments differ: %+v", same)
		}
	})
}

// Many segments of nobody in particular say no more than quartiles of nothing: the difference is adjusted for their number.
func TestManySegmentsSayNoMoreByChance(t *testing.T) {
	ahead := 0
	for run := range 40 {
		r := rand.New(rand.NewPCG(uint64(run), 9))
		n := 200
		values, many, four := make([]float64, n), make(table.Labels, n), make(table.Labels, n)
		for i := range n {
			values[i], many[i], four[i] = r.ExpFloat64(), r.IntN(20), r.IntN(4)
		}
		if c := trial.Sure(effect.Compare(job.DefaultContext, values, nil, many, four, run)); c.Low > 0 {
			ahead++
		}
	}
	if ahead > 5 { // 2.5 % expected: 5 or fewer of 40 with a probability of .999
		t.Errorf("%d of 40 random divisions say more than another", ahead)
	}
}

// Segments that follow what customers do beat quartiles of what they spent; segments without any bearing on it do not; and without a
// past to cut, nothing is judged.
func TestInformativeComparesWithQuartiles(t *testing.T) {
	n, r := 600, rand.New(rand.NewPCG(5, 8))
	labels, random, data, after := make(table.Labels, n), make(table.Labels, n), []float64(nil), []float64(nil)
	for i := range n {
		labels[i], random[i] = i%3, r.IntN(3)
		past := 50 + 10*r.NormFloat64() + 4*float64(labels[i])
		data = append(data, past, float64(i%7))
		after = append(after, 20*float64(labels[i])+past/5+10*r.NormFloat64())
	}
	raw := trial.Sure(table.New(wording.Numbered(n), []table.Column{{Name: "spend", Unit: "EUR", Role: table.Value}, {Name: "size", Role: table.Descriptor}}, data))
	next := trial.Sure(table.New(wording.Numbered(n), []table.Column{{Name: "spend", Unit: "EUR", Role: table.Outcome}}, after))
	informative := func(raw *table.Table, labels table.Labels, next *table.Table) Check {
		s := trial.Sure(table.NewSegments(wording.Numbered(n), labels, nil))
		j := &judge{raw: raw, s: s, labels: labels, o: Options{Outcome: next}.resolved(), out: &Verdict{Segments: make([][]Check, 3)}}
		if err := j.informative(t.Context()); err != nil {
			t.Fatal(err)
		}
		return j.out.Solution[0]
	}
	if c := informative(raw, labels, next); c.Grade != Pass || !(c.Low > 0) || !strings.HasPrefix(c.Says, "They say more about spend afterwards") {
		t.Errorf("%v %s", c.Grade, c.Says)
	}
	if c := informative(raw, random, next); c.Grade != Fail || !(c.High < 0) || !strings.HasPrefix(c.Says, "Quartiles of spend before say more") {
		t.Errorf("random segments: %v %s", c.Grade, c.Says)
	}
	if c := informative(trial.Sure(raw.Drop("spend")), labels, next); c.Grade != NotJudged || !strings.Contains(c.Says, "it holds no earlier spend") {
		t.Errorf("no past: %v %s", c.Grade, c.Says)
	}
	if c := informative(raw, labels, nil); c.Grade != NotJudged {
		t.Errorf("no outcome: %v %s", c.Grade, c.Says)
	}
}

func TestQuartiles(t *testing.T) {
	if got := quartiles([]float64{1, 2, 3, 4, math.NaN(), 5}, nil); !slices.Equal(got, table.Labels{0, 0, 1, 2, table.Noise, 3}) { // cuts 2, 3, 4
		t.Error(got)
	}
	if got := quartiles([]float64{0, 0, 0, 0, 0, 7}, nil); !slices.Equal(got, table.Labels{0, 0, 0, 0, 0, 3}) {
		t.Error(got)
	}
}

// There is one count of demands, with the metric and without natural groups, for whoever speaks of it.
func TestOneCountOfDemands(t *testing.T) {
	v := &Verdict{Metric: Check{Demand: "metric", Grade: Fail}, Solution: []Check{{Demand: "informative", Grade: NotJudged}, {Demand: "few", Grade: Pass},
		{Demand: "natural", Grade: Weak}, {Demand: "stable", Grade: Weak}}}
	if passed, judged := v.Passed(); passed != 1 || judged != 3 {
		t.Errorf("%d of %d", passed, judged)
	}
}

// Numbers are rounded, and no rounding carries one over a limit: .749 is weak where .75 is asked for, and .7496 does not read .75.
func TestVerdictRounds(t *testing.T) {
	limit := Limit{.75, .6}
	for v, want := range map[float64][2]string{.168: {"0.17", "16.8 %"}, .749: {"0.749", "74.9 %"}, .7496: {"0.7496", "74.96 %"}, .75: {"0.75", "75.0 %"},
		.5999: {"0.5999", "59.99 %"}} {
		if fixed, percent := limit.fixed(v), limit.percent(v); fixed != want[0] || percent != want[1] {
			t.Errorf("%v reads %s and %s, want %s and %s", v, fixed, percent, want[0], want[1])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(0, 1).Draw(t, "v")
		if read := trial.Sure(strconv.ParseFloat(limit.fixed(v), 64)); limit.grade(read) != limit.grade(v) && math.Abs(v-.75) > 1e-9 && math.Abs(v-.6) > 1e-9 {
			t.Fatalf("%v is %v, but reads %v, which is %v", v, limit.grade(v), read, limit.grade(read))
		}
	})
}

// The sentence says which share counts, and names the segment that has the least of it: here not the one with the fewest customers.
func TestSubstantialNamesTheSegmentThatDecides(t *testing.T) {
	var data []float64
	labels := make(table.Labels, 100)
	for i := range labels {
		spend := 1.0
		switch {
		case i < 10: // few, who spend most
			labels[i], spend = 1, 100
		case i < 30: // more, who spend little
			labels[i], spend = 2, 1
		}
		data = append(data, spend)
	}
	raw := trial.Sure(table.New(wording.Numbered(100), []table.Column{{Name: "spend", Role: table.Value}}, data))
	s := trial.Sure(table.NewSegments(raw.IDs(), labels, []string{"Many", "Rich", "Poor"}))
	c := grade(t, trial.Sure(Segments(raw, s, Options{Goal: choose.Goal{MinShare: .25}})), "substantial")
	if want := `A segment needs 25.0 % of customers or of spend, whichever is more. "Poor" has the least: 20.0 % of customers.`; c.Grade != Weak || c.Says[:len(want)] != want || c.Reads != "20.0 % of customers" {
		t.Errorf("%v %s %s", c.Grade, c.Reads, c.Says)
	}
}

// The same figure has one grade, whatever the metric says: that has a row of its own.
func TestActionableRestsOnItsNumber(t *testing.T) {
	raw, next, m, s := judged(t, 300, 8)
	o := given(raw, next, m, s)
	o.Outcome = trial.Sure(trial.Sure(next.With("flat", "next - next + 1")).Select("flat"))
	a, b := trial.Sure(Segments(raw, s, o)), trial.Sure(Segments(raw, s, given(raw, next, m, s)))
	last := len(a.Segments[0]) - 1
	for l := range a.Segments {
		if x, y := a.Segments[l][last], b.Segments[l][last]; x.Demand != "actionable" || x.Grade != y.Grade || x.Reads != y.Reads {
			t.Errorf("%v %s, and %v %s", x.Grade, x.Reads, y.Grade, y.Reads)
		}
	}
}

// Without an outcome the summary still says what it speaks of, and what it leaves open.
func TestSummaryWithoutAnOutcome(t *testing.T) {
	raw, _, m, s := judged(t, 300, 8)
	o := given(raw, nil, m, s)
	v := trial.Sure(Segments(raw, s, o))
	for _, part := range []string{"The segments are few, exclusive", "The verdict does not judge metric, informative and natural."} {
		if !strings.Contains(v.Summary, part) {
			t.Errorf("%q is not in %q", part, v.Summary)
		}
	}
	for _, c := range v.Checks() { // every number has a unit or a name
		if number, err := strconv.ParseFloat(c.Reads, 64); err == nil {
			t.Errorf("%s reads %v", c.Demand, number)
		}
	}
}

// A difference that is hardly there is not called one, and the rate of a yes/no metric is a percentage, in percentage points where it differs.
func TestVerdictSpeaksOfSmallEffectsAndRates(t *testing.T) {
	raw, next, m, s := judged(t, 300, 8)
	churned := trial.Sure(next.With("churned", "next < 15"))
	o := given(raw, churned, m, s)
	o.Goal.Metric = "churned"
	v := trial.Sure(Segments(raw, s, o))
	if !strings.HasPrefix(v.Metric.Says, "Afterwards churned is true of ") || !strings.Contains(v.Metric.Says, " % in ") || !strings.HasSuffix(v.Segments[0][0].Reads, " points") {
		t.Errorf("%s; %s", v.Metric.Says, v.Segments[0][0].Reads)
	}
	j := &judge{o: Options{}.resolved(), profile: &describe.Profile{FormedBy: []string{"spend"}, Columns: []table.Column{{Name: "age_band"}},
		Effects: []describe.Effect{{Measure: "eta squared", Value: .002, Low: 0, High: .01}}}}
	if c := j.differ("distinct", 0); !strings.HasPrefix(c.Says, "The segments hardly differ: the largest difference is in age_band, which did not form them.") {
		t.Error(c.Says)
	}
}
