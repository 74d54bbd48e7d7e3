package judge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/gobs"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/measure"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// judged is n customers of three clear groups (or of one cloud), with an age that follows the group, a shoe size that does not,
// what they spent afterwards, and the model of three segments.
func judged(t testing.TB, n int, apart float64) (raw, next *table.Table, m *segkit.Model, s *table.Segments) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	ids := make([]string, n)
	var data, after []float64
	for i := range n {
		g := float64(i % 3)
		ids[i] = "c" + strconv.Itoa(i)
		data = append(data, 100+apart*10*g+10*r.NormFloat64(), 50+apart*10*math.Mod(2*g, 3)+10*r.NormFloat64(), 30+10*g+4*r.NormFloat64(), 40+2*r.NormFloat64())
		after = append(after, 20*g+10*r.NormFloat64())
	}
	raw = trial.Sure(table.New(ids, []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "visits"}, {Name: "age", Role: table.Descriptor}, {Name: "shoe", Role: table.Descriptor}}, data))
	next = trial.Sure(table.New(ids, []table.Column{{Name: "next", Unit: "EUR", Role: table.Outcome}}, after))
	m = trial.Sure(segkit.Recipe{Columns: []string{"spend", "visits"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{K: 3}}.Fit(raw))
	return raw, next, m, trial.Sure(m.Score(raw))
}

// given is what Judge would find by itself, found with less effort: most tests are about what it makes of that.
func given(raw, next *table.Table, m *segkit.Model, s *table.Segments) Options {
	x := trial.Sure(m.Prepare(raw))
	return Options{
		Outcome:   next,
		Rules:     trial.Sure(rulebook.Explain(raw, s, rulebook.Options{MaxConditions: 1, Folds: 2})),
		Stability: trial.Sure(choose.Stability(x, segkit.Recipe{Method: m.Recipe.Method}, choose.StabilityOptions{Pairs: 3, Draws: -1})),
		Sweep:     trial.Sure(choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{}}, 1, 4, choose.SweepOptions{Draws: -1})),
	}
}

func grade(t testing.TB, v *Verdict, demand string) Check {
	t.Helper()
	i := slices.IndexFunc(v.Solution, func(c Check) bool { return c.Demand == demand })
	if i < 0 {
		t.Fatalf("the verdict has no %q", demand)
	}
	return v.Solution[i]
}

// What was made from some of the customers says so, with the error.
func TestVerdictSaysWhatASampleMade(t *testing.T) {
	raw, _, _, s := judged(t, 12_900, 3)
	s.Model = nil // no sweep, no refits
	for n, sampled := range map[int]bool{900: false, 12_900: true} {
		v, err := Segments(raw.Head(n), s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, demand := range []string{"identifiable", "actionable"} {
			figures := grade(t, v, demand).Figures
			if got := strings.Contains(figures, "from 10,000 of the 12,900 customers") && strings.Contains(figures, "standard error"); got != sampled {
				t.Errorf("%s of %d: %q", demand, n, figures)
			}
		}
	}
}

// A table of several sources has dozens of descriptors; the sentence counts them, and names only the first.
func TestVerdictNamesFewDescriptors(t *testing.T) {
	raw, _, _, s := judged(t, 300, 3)
	s.Model = nil
	for n, want := range map[int]string{
		6: "From trait a, trait b, trait c, trait d, trait e and trait f one can tell",
		7: "From the 7 columns that describe the customers (trait a, trait b, trait c, trait d, trait e and trait f are the first) one can tell",
	} {
		full := raw
		for i := range n {
			full = trial.Sure(full.With("trait_"+string(rune('a'+i)), full.Names()[0]+" * 0"))
		}
		described := *full.Raw()
		described.Columns = table.CloneColumns(described.Columns)
		for c := range described.Columns {
			if strings.HasPrefix(described.Columns[c].Name, "trait_") {
				described.Columns[c].Role, described.Columns[c].Ancestry = table.Descriptor, table.Ancestry{}
			} else if described.Columns[c].Role == table.Descriptor {
				described.Columns[c].Role = table.Feature
			}
		}
		says := grade(t, trial.Sure(Segments(table.FromRaw(described), s, Options{})), "identifiable").Says
		if !strings.HasPrefix(says, want) {
			t.Errorf("%d columns: %q, want %q", n, says, want)
		}
	}
}

// Of many customers, some are drawn for what asks for distances and refits: it is what it is of these alone, says so, and the rest is that of all.
func TestVerdictOfManyDrawsSome(t *testing.T) {
	raw, next, m, s := judged(t, 900, 3)
	o := Options{Outcome: next, Rules: trial.Sure(rulebook.Explain(raw, s, rulebook.Options{MaxConditions: 1, Folds: 2}))}.resolved()
	with := func(raw *table.Table, most int) (*judge, *Verdict) {
		j := &judge{raw: raw, s: s, labels: trial.Sure(s.LabelsFor("test", raw)), o: o, scored: m, model: m}
		j.draw(most)
		return j, trial.Sure(j.verdict(context.Background()))
	}
	j, some := with(raw, 300)
	_, all := with(raw, 900)
	_, alone := with(raw.Rows(j.drawn), 900)
	for _, c := range all.Solution {
		got := grade(t, some, c.Demand)
		switch c.Demand {
		case "natural", "homogeneous", "stable":
			if want := grade(t, alone, c.Demand); got.Value != want.Value || got.Grade != want.Grade {
				t.Errorf("%s: %v (%v), want %v (%v) as of the 300 alone", c.Demand, got.Value, got.Grade, want.Value, want.Grade)
			}
			if !strings.Contains(got.Figures, "300 of the 900 customers") || strings.Contains(c.Figures, "of the 900 customers") {
				t.Errorf("%s: %q, of all %q", c.Demand, got.Figures, c.Figures)
			}
		default:
			if fmt.Sprint(got) != fmt.Sprint(c) {
				t.Errorf("%s: %+v, want %+v as of all", c.Demand, got, c)
			}
		}
	}
}

func TestClearGroupsPass(t *testing.T) {
	raw, next, _, s := judged(t, 450, 8)
	v, err := Segments(raw, s, Options{Outcome: next})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append([]Check{v.Metric}, v.Solution...) {
		want := Pass
		if c.Demand == "informative" { // the table knows nothing of before that could be cut into quartiles
			want = NotJudged
		}
		if c.Grade != want {
			t.Errorf("%s: %v: %s", c.Demand, c.Grade, c.Says)
		}
	}
	asked := map[string]bool{}
	for _, c := range v.Checks() { // in words, with the statistics behind them
		if q := c.Question(); asked[q] || !strings.HasSuffix(q, "?") {
			t.Errorf("%s asks %q", c.Demand, q)
		} else {
			asked[q] = true
		}
		for _, term := range []string{"silhouette", "eta", "AUC", "Jaccard", "Rand", "p ="} {
			if strings.Contains(c.Says, term) {
				t.Errorf("%s: %s", c.Demand, c.Says)
			}
		}
	}
	if !v.Natural {
		t.Error("three groups far apart are not natural")
	}
	if i := slices.IndexFunc(v.SpreadWithin, func(a ColumnSpread) bool { return a.Column == "shoe" }); i < 0 || v.SpreadWithin[i].Within < .95 {
		t.Errorf("shoe sizes have nothing to do with the segments, but %v", v.SpreadWithin)
	}
	if i := slices.IndexFunc(v.SpreadWithin, func(a ColumnSpread) bool { return a.Column == "age" }); i < 0 || v.SpreadWithin[i].Within > .5 {
		t.Errorf("most of the spread of age lies between the segments, but %v", v.SpreadWithin)
	}
}

func TestOneCloudIsAConstruction(t *testing.T) {
	raw, next, _, s := judged(t, 450, 0)
	v, err := Segments(raw, s, Options{Outcome: next})
	if err != nil {
		t.Fatal(err)
	}
	if c := grade(t, v, "natural"); c.Grade != Weak || v.Natural {
		t.Errorf("one cloud: %v %s", c.Grade, c.Says)
	}
	if !strings.Contains(v.Summary, "construction that may still be useful") {
		t.Errorf("summary: %s", v.Summary)
	}
	if v.Metric.Grade == Pass {
		t.Errorf("segments that have nothing to do with the metric pass: %s", v.Metric.Says)
	}
	if c := grade(t, v, "homogeneous"); c.Grade == Pass {
		t.Errorf("one cloud is homogeneous: %s", c.Says)
	}
}

func TestVerdictSaysWhatItCouldNotJudge(t *testing.T) {
	raw, _, _, s := judged(t, 120, 8)
	m := s.Model.(*segkit.Model)
	bare := trial.Sure(raw.Select("spend", "visits"))
	rules := trial.Sure(table.NewSegments(s.IDs, s.Labels, s.Names)) // as if somebody had drawn the lines
	v, err := Segments(bare, rules, Options{Rules: given(raw, nil, m, s).Rules})
	if err != nil {
		t.Fatal(err)
	}
	if v.Metric.Grade != NotJudged || !strings.Contains(v.Metric.Says, "Outcome") {
		t.Errorf("metric: %+v", v.Metric)
	}
	for _, demand := range []string{"natural", "homogeneous", "stable", "identifiable"} {
		if c := grade(t, v, demand); c.Grade != NotJudged || c.Says == "" || !math.IsNaN(c.Value) {
			t.Errorf("%s: %+v", demand, c)
		}
	}
	if v.Natural {
		t.Error("what was not tried is not natural")
	}
}

func TestManyTinyAndOutsideSegments(t *testing.T) {
	raw, next, m, s := judged(t, 300, 8)
	labels := slices.Clone(s.Labels)
	for i := range 20 {
		labels[i] = table.Noise
	}
	for i := range 6 { // six segments of one customer
		labels[20+i] = 3 + i
	}
	odd := trial.Sure(table.NewSegments(s.IDs, labels, nil))
	o := given(raw, next, m, s)
	o.Model, o.Stability = m, nil
	v, err := Segments(raw, odd, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, demand := range []string{"few", "exclusive", "substantial"} {
		if c := grade(t, v, demand); c.Grade != Fail {
			t.Errorf("%s: %v %s", demand, c.Grade, c.Says)
		}
	}
	if c := v.Segments[0][slices.IndexFunc(v.Segments[0], func(c Check) bool { return c.Demand == "actionable" })]; c.Grade == Pass {
		t.Errorf("a segment named 1 is actionable: %s", c.Says)
	}
	columns := len(v.Sheet().Columns)
	if text := v.Sheet().HTML(); columns != 4 || !strings.Contains(text, "segments that fall short") || !strings.Contains(text, "✗\u00a00.3 % of customers "+v.Names[8]) {
		t.Errorf("nine segments, %d columns:\n%s", columns, text)
	}
}

// One customer has no others to be like or unlike, so that the demand is neither met nor missed; a silhouette of 0, which one customer has by definition, says nothing.
func TestOneCustomerIsNotJudgedForLikeness(t *testing.T) {
	raw, next, m, s := judged(t, 300, 8)
	labels := slices.Clone(s.Labels)
	labels[0] = s.K()
	alone := trial.Sure(table.NewSegments(s.IDs, labels, append(slices.Clone(s.Names), "Alone")))
	o := given(raw, next, m, s)
	o.Model = m
	v := trial.Sure(Segments(raw, alone, o))
	of := func(l int) Check {
		return v.Segments[l][slices.IndexFunc(v.Segments[l], func(c Check) bool { return c.Demand == "homogeneous" })]
	}
	if c := of(s.K()); c.Grade != NotJudged || c.Says != "It has one customer, who has nobody to be like." {
		t.Errorf("%v: %s", c.Grade, c.Says)
	}
	if c := of(0); c.Grade == NotJudged {
		t.Errorf("a segment of many customers is not judged: %s", c.Says)
	}
}

func TestLimitsAreOptions(t *testing.T) {
	raw, next, m, s := judged(t, 300, 8)
	o := given(raw, next, m, s)
	o.Homogeneous, o.Goal = Limit{.999, .998}, choose.Goal{MaxSegments: 2, MinShare: .5}
	v := trial.Sure(Segments(raw, s, o))
	for demand, want := range map[string]Grade{"homogeneous": Fail, "few": Weak, "substantial": Weak} {
		if c := grade(t, v, demand); c.Grade != want {
			t.Errorf("%s: %v, want %v: %s", demand, c.Grade, want, c.Says)
		}
	}
}

func TestJudgeRefuses(t *testing.T) {
	raw, next, m, s := judged(t, 60, 8)
	short := trial.Sure(table.NewSegments(s.IDs[1:], s.Labels[1:], s.Names))
	for name, try := range map[string]func() error{
		"a customer without segment": func() error { _, err := Segments(raw, short, Options{}); return err },
		"a transformed table":        func() error { _, err := Segments(trial.Sure(m.Prepare(raw)), s, Options{}); return err },
	} {
		if err := try(); !errors.Is(err, fault.ErrSchema) && !errors.Is(err, fault.ErrUnmatched) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Segments(raw, s, Options{Outcome: next, Goal: choose.Goal{Metric: "nxet"}}); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("a metric that is not there: %v", err)
	}
}

func TestVerdictIsBlindToTheOrderOfCustomers(t *testing.T) {
	raw, next, m, s := judged(t, 240, 8)
	o := given(raw, next, m, s)
	rows := rand.New(rand.NewPCG(1, 2)).Perm(raw.Len())
	a, b := trial.Sure(Segments(raw, s, o)), trial.Sure(Segments(raw.Rows(rows), s, o))
	for d := range a.Solution {
		if a.Solution[d].Grade != b.Solution[d].Grade {
			t.Errorf("%s: %v, in another order %v", a.Solution[d].Demand, a.Solution[d].Grade, b.Solution[d].Grade)
		}
	}
	if math.Abs(a.Metric.Value-b.Metric.Value) > 1e-12 {
		t.Errorf("metric %v, in another order %v", a.Metric.Value, b.Metric.Value)
	}
}

// The figures are SciPy 1.17.1's: scipy.stats.ttest_ind(a, b, equal_var=False).confidence_interval().
func TestWelchAgainstScipy(t *testing.T) {
	d := welch(table.Part{Values: []float64{3.1, 4.7, 5.0, 6.2, 2.9, 4.4}}, table.Part{Values: []float64{1.0, 2.5, 9.5, 0.5}})
	for _, v := range [][2]float64{{d.mean, 1.0083333333333329}, {d.low, -5.429346237205633}, {d.high, 7.446012903872298}} {
		if math.Abs(v[0]-v[1]) > 1e-9 {
			t.Errorf("%v, want %v", v[0], v[1])
		}
	}
	if d := welch(table.Part{Values: []float64{1}}, table.Part{Values: []float64{2, 3}}); !math.IsNaN(d.low) {
		t.Errorf("one customer has an interval: %v", d)
	}
}

// Within a segment, how often two customers differ, by counting all pairs (with themselves), against the same among all.
func TestGiniWithinCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, levels, k := rapid.IntRange(2, 40).Draw(t, "n"), rapid.IntRange(2, 4).Draw(t, "levels"), rapid.IntRange(1, 3).Draw(t, "k")
		values, labels := make([]float64, n), make(table.Labels, n)
		for i := range n {
			values[i], labels[i] = float64(rapid.IntRange(0, levels-1).Draw(t, "v")), rapid.IntRange(0, k-1).Draw(t, "l")
		}
		size := make([]float64, k)
		for _, l := range labels {
			size[l]++
		}
		var within, all float64
		for i := range n {
			for h := range n {
				if values[i] != values[h] {
					all += 1 / float64(n)
					if labels[i] == labels[h] {
						within += 1 / size[labels[i]]
					}
				}
			}
		}
		if got := giniWithin(values, nil, labels, levels, k); all > 0 && math.Abs(got-within/all) > 1e-9 {
			t.Fatalf("%v, want %v", got, within/all)
		}
	})
}

func TestVerdictSurvivesStoring(t *testing.T) {
	raw, next, m, s := judged(t, 150, 8)
	v := trial.Sure(Segments(raw, s, given(raw, next, m, s)))
	var back Verdict
	if err := gobs.Decode(trial.Sure(gobs.Encode(v)), &back); err != nil {
		t.Fatal(err)
	}
	if got, want := back.Sheet().Text(), v.Sheet().Text(); got != want {
		t.Errorf("stored and read again:\n%s\nwant\n%s", got, want)
	}
	if v.Frame().Nrow() != (1+len(v.Solution))*(1+s.K()) {
		t.Errorf("%d rows in the frame", v.Frame().Nrow())
	}
}

// A column is weighed on one scale, number or category, and what may be chance is no difference.
func TestDistinctIsNoChance(t *testing.T) {
	n := 300
	labels, data, ids := make(table.Labels, n), []float64(nil), wording.Numbered(n)
	r := rand.New(rand.NewPCG(3, 3))
	for i := range labels {
		labels[i] = i % 3
		city := float64(r.IntN(2))
		if r.IntN(10) < 3 { // V about .3: a small to medium effect
			city = float64(min(labels[i], 1))
		}
		data = append(data, r.NormFloat64()+.5*float64(labels[i]), city)
	}
	raw := trial.Sure(table.New(ids, []table.Column{{Name: "a", Role: table.Descriptor}, {Name: "city", Levels: []string{"x", "y"}, Role: table.Descriptor}}, data))
	s := trial.Sure(table.NewSegments(ids, labels, nil))
	distinct := func(rows []int) Check {
		some := raw.Rows(rows)
		p := trial.Sure(describe.Segments(some, s))
		j := &judge{raw: some, s: s, o: Options{}.resolved(), profile: p, out: &Verdict{Segments: make([][]Check, 3)}}
		if err := j.distinct(t.Context()); err != nil {
			t.Fatal(err)
		}
		if first := p.Differences().Columns[0].Name; !strings.Contains(j.out.Solution[0].Says, "most in "+first+".") {
			t.Errorf("the profile says %s, the verdict %q", first, j.out.Solution[0].Says)
		}
		return j.out.Solution[0]
	}
	all := pick.All(n)
	if c := distinct(all); c.Grade == Fail {
		t.Errorf("%+v", c)
	}
	if c := distinct(all[:9]); c.Value < .14 || c.Grade != Fail || !strings.Contains(c.Says, "chance") {
		t.Errorf("nine customers prove nothing: %+v", c)
	}
}

func TestJudgeHasTooFew(t *testing.T) {
	raw := trial.Sure(table.New(wording.Numbered(4), []table.Column{{Name: "a"}, {Name: "b"}}, []float64{1, 2, 3, 4, 5, 6, 7, 8}))
	for k := range 3 {
		m, err := segkit.Recipe{Method: cluster.KMeans{K: k + 1}}.Fit(raw)
		if err != nil {
			t.Fatal(err)
		}
		v, err := Segments(raw, trial.Sure(m.Score(raw)), Options{})
		if err != nil {
			t.Errorf("k = %d: %v", k+1, err)
		} else if c := grade(t, v, "stable"); c.Grade != NotJudged || k > 0 && c.Says != "4 customers are too few to be drawn again (at least 30)." {
			t.Errorf("k = %d: %+v", k+1, c)
		}
	}
	if _, err := Segments(raw, trial.Sure(table.NewSegments(raw.IDs(), table.Labels{-1, -1, -1, -1}, nil)), Options{}); !errors.Is(err, fault.ErrUndefined) {
		t.Errorf("no segments: %v", err)
	}
}

// Precision over several rules of one segment weighs each by the weight that it takes.
func TestRulesTogetherAreWeighted(t *testing.T) {
	e := &rulebook.Explanation{Evidence: []rulebook.RuleEvidence{{Segment: "A", Customers: 90, Coverage: .1, Precision: .5, Recall: .2}, {Segment: "A", Customers: 10, Coverage: .3, Precision: 1, Recall: .6}}}
	if precision, recall := e.PrecisionRecall("A"); math.Abs(precision-.875) > 1e-12 || math.Abs(recall-.8) > 1e-12 {
		t.Error(precision, recall)
	}
}

// Categories are judged by a distance that can take them, and the verdict says what there is no control for.
func TestJudgeOfCategories(t *testing.T) {
	var data []float64
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 120 {
		kind := float64(i % 3)
		other := func() float64 {
			if r.IntN(10) == 0 {
				return float64(r.IntN(3))
			}
			return kind
		}
		data = append(data, other(), other(), other())
	}
	levels := []string{"a", "b", "c"}
	raw := trial.Sure(table.New(wording.Numbered(120), []table.Column{{Name: "x", Levels: levels}, {Name: "y", Levels: levels}, {Name: "z", Levels: levels}}, data))
	m := trial.Sure(segkit.Recipe{Columns: raw.Names(), Method: cluster.LatentClass{K: 3}}.Fit(raw))
	s := trial.Sure(m.Score(raw))
	v := trial.Sure(Segments(raw, s, Options{}))
	sil := trial.Sure(measure.Silhouette(trial.Sure(m.Prepare(raw)), s, measure.SilhouetteOptions{Distance: distance.Gower}))
	if c := grade(t, v, "homogeneous"); c.Grade != Pass || c.Value != sil.Mean || !math.IsNaN(c.Low) || !strings.HasPrefix(c.Figures, "The mean silhouette by the Gower distance") {
		t.Errorf("%+v, want %v", c, sil.Mean)
	}
	if c := grade(t, v, "natural"); c.Grade != NotJudged || !strings.Contains(c.Says, `has no categories such as those of "x".`) {
		t.Errorf("%+v", c)
	}
}

// A grade that the number does not explain is explained in words.
func TestSmallSegmentsAreTold(t *testing.T) {
	labels := make(table.Labels, 200)
	for i := range 20 {
		labels[i] = 1
	}
	raw := trial.Sure(table.New(wording.Numbered(200), []table.Column{{Name: "a", Role: table.Descriptor}, {Name: "b", Role: table.Descriptor}}, slices.Concat(make([]float64, 399), []float64{1})))
	v := trial.Sure(Segments(raw, trial.Sure(table.NewSegments(raw.IDs(), labels, []string{"Many", "Few"})), Options{}))
	if c := grade(t, v, "substantial"); c.Grade != Weak || c.Value != .1 || !strings.Contains(c.Says, `"Few" has fewer than 30 customers`) {
		t.Errorf("%+v", c)
	}
}
