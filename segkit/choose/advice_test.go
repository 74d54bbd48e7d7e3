package choose_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// says asserts that advice is laid out whole, and that its sentences hold the words.
func says(t *testing.T, a *choose.Advice, k int, structure bool, words ...string) {
	t.Helper()
	text := strings.Join(a.Sentences, " ")
	if a.K != k || a.Structure != structure {
		t.Errorf("advice %d, structure %v, want %d, %v: %s", a.K, a.Structure, k, structure, text)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("advice lacks %q: %s", w, text)
		}
	}
	out := a.Sheet()
	if out.Caption != a.Sentences[0] || len(out.Rows) != len(a.Choices) || len(a.Sentences) > 3 {
		t.Errorf("%d rows for %d choices, %d sentences, caption %q", len(out.Rows), len(a.Choices), len(a.Sentences), out.Caption)
	}
	if f := a.Frame(); f.Err != nil || f.Nrow() != len(a.Choices) {
		t.Errorf("frame of %d rows, %v", f.Nrow(), f.Err)
	}
}

func find(t *testing.T, p *choose.Panel, name string) choose.Criterion {
	t.Helper()
	at := slices.IndexFunc(p.Criteria, func(c choose.Criterion) bool { return c.Name == name })
	if at < 0 {
		t.Fatalf("no %s in %+v", name, p.Criteria)
	}
	return p.Criteria[at]
}

func TestAdviceOnGroups(t *testing.T) {
	x := trial.Corners(t, 300, 4)
	s := sweep(t, x, 2, 7)
	says(t, s.Advice(), 4, true, "The evidence favours 4 segments: the elbow, silhouette", "There is more than one group", "No criterion chooses differently", "with 3, ", "with 5, ")
	p := s.Panel()
	for _, name := range []string{"elbow", "silhouette", "simplified silhouette", "Calinski-Harabasz", "Davies-Bouldin"} {
		if c := find(t, p, name); c.K != 4 || !c.Decisive {
			t.Errorf("%+v", c)
		}
	}
	if c := find(t, p, "null control"); c.K != 0 || !c.Decisive || c.Value != .005 {
		t.Errorf("%+v", c)
	}
	out := p.Sheet()
	if !strings.HasPrefix(out.Caption, "All criteria that choose agree: 4 by elbow") || !strings.Contains(strings.Join(out.Notes, " "), "gap (Gap), prediction strength (Strength), stability (Pairs)") {
		t.Errorf("%s; %s", out.Caption, out.Notes)
	}
	if f := p.Frame(); f.Err != nil || f.Nrow() != len(p.Criteria) {
		t.Errorf("frame of %d rows, %v", f.Nrow(), f.Err)
	}

	// Two groups are two, however few that is; a sweep from 1 lets Kneedle mark them.
	says(t, sweep(t, trial.Groups(t, 200, 2, 2, 9), 1, 5).Advice(), 2, true, "favours 2 segments")
}

func TestAdviceKeepsTheLimits(t *testing.T) {
	x := trial.Corners(t, 250, 5)
	s := sweep(t, x, 2, 8, choose.SweepOptions{Goal: choose.Goal{MaxSegments: 4}})
	a := s.Advice()
	says(t, a, a.K, true, "among 3 to 4 segments with at least 5 % of the customers in each, the silhouette is highest there (0.68; without these limits, at 5 with 0.83); "+
		"on its own, the elbow points to 5 (more than 4 segments)")
	if a.K < 3 || a.K > 4 {
		t.Errorf("advice %d for at most 4", a.K)
	}
	// Of four groups one is small: with the limit above it, no four segments.
	r, data := rand.New(rand.NewPCG(1, 2)), []float64(nil)
	for i := range 300 {
		corner := []int{0, 0, 0, 0, 1, 1, 1, 2, 2, 3}[i%10]
		data = append(data, 12*float64(corner%2)+r.NormFloat64(), 12*float64(corner/2)+r.NormFloat64())
	}
	s = sweep(t, trial.Numbered(t, 2, data), 2, 6, choose.SweepOptions{Goal: choose.Goal{MinShare: .15}})
	says(t, s.Advice(), 3, true, "on its own, the elbow points to 4 (its smallest segment holds 10.0 % of customers)")
	if c := s.Advice().Choices[2]; c.K != 4 || math.Abs(c.Smallest-.1) > 1e-9 || !slices.Contains(c.Against, "its smallest segment holds 10.0 % of customers") {
		t.Errorf("%+v", c)
	}
	says(t, sweep(t, x, 6, 8).Advice(), 0, true, "No k in the sweep is within the limits (at most 5 segments, at least 5 % of the customers in each)",
		"There is more than one group", "Without limits, the criteria choose: ")
	says(t, sweep(t, trial.Groups(t, 200, 2, 1, 0), 6, 8).Advice(), 0, false, "No natural segments", "No k in the sweep is within the limits")
}

// Of 3,000 donors 60 give most of the money: they get a segment of their own where the table says what customers are worth, and the advice says why. Of those
// who are few and give little nobody makes a segment.
func TestAdviceCountsWhatAFewAreWorth(t *testing.T) {
	r, ids, data, major := rand.New(rand.NewPCG(3, 4)), []string(nil), []float64(nil), 0.0
	for i := range 3000 {
		gifts, amount := 2+.4*r.NormFloat64(), 30*math.Exp(.3*r.NormFloat64())
		switch {
		case i%50 == 0:
			gifts, amount = gifts+8, 60*amount
			major += amount
		case i%2 == 0:
			gifts += 5
		}
		ids, data = append(ids, strconv.Itoa(i)), append(data, gifts, math.Log(amount), amount)
	}
	all := 0.0
	for i := 2; i < len(data); i += 3 {
		all += data[i]
	}
	swept := func(role table.Role) *choose.Sweep {
		x := trial.Sure(table.New(ids, []table.Column{{Name: "gifts"}, {Name: "size"}, {Name: "money", Unit: "EUR", Role: role}}, data))
		recipe := segkit.Recipe{Columns: []string{"gifts", "size"}, Prep: []prep.Transformer{prep.Standardize{}}, Method: cluster.KMeans{Seed: 1}}
		return trial.Sure(choose.SweepK(x, recipe, 1, 5))
	}
	hold := fmt.Sprintf("2.0 %% of customers hold %s of money", sheet.Percent(major/all))
	s := swept(table.Value)
	says(t, s.Advice(), 3, true, "Small segments count by what their customers are worth: at 3, "+hold)
	if c := s.Advice().Choices[1]; c.Smallest != .02 || !slices.Contains(c.For, "large enough by worth: "+hold) || len(c.Against) > 0 {
		t.Errorf("%+v", c)
	}
	if p := s.Points[2]; slices.Min(p.Size) != 60 || !slices.ContainsFunc(p.ValueShare, func(v []float64) bool { return math.Abs(v[0]-major/all) < 1e-12 }) {
		t.Errorf("sizes %v, of money %v", p.Size, p.ValueShare)
	}
	for role, holds := range map[table.Role]string{table.Descriptor: "its smallest segment holds 2.0 % of customers", table.Value: ""} {
		s := swept(role)
		s.Goal.MinShare = .99 // more than the few have
		if role == table.Descriptor {
			s.Goal.MinShare = .05
		}
		c := s.Advice().Choices[1]
		if holds == "" {
			holds = "its smallest segment holds " // of each what it has of customers and of money
		}
		if len(c.Against) != 1 || !strings.HasPrefix(c.Against[0], holds) || strings.HasSuffix(c.Against[0], " of money") != (role == table.Value) {
			t.Errorf("role %v: against three segments stands %q", role, c.Against)
		}
	}
}

func TestAdviceWithoutGroups(t *testing.T) {
	x := trial.Groups(t, 200, 2, 1, 0)
	a := sweep(t, x, 2, 6).Advice()
	says(t, a, a.K, false, "No natural segments", "any split is a construction", "If you want segments all the same, take ", "its best solution is found most often (by ")
	if a.K < 3 || a.K > 5 {
		t.Errorf("advice %d", a.K)
	}

	// What the segments are for decides: the goal's metric falls into four quarters along the first column.
	values, err := x.Values(x.Names()[0])
	if err != nil {
		t.Fatal(err)
	}
	spend, err := table.New(x.IDs(), []table.Column{{Name: "spend", Role: table.Outcome}}, values)
	if err != nil {
		t.Fatal(err)
	}
	s := sweep(t, x, 2, 6, choose.SweepOptions{Outcome: spend})
	a = s.Advice()
	says(t, a, a.K, false, "of the differences in spend lie between its segments")
	if c := find(t, s.Panel(), "spend later"); c.K == 0 || !(c.Low <= c.Value && c.Value <= c.High) || !(c.Low > 0) {
		t.Errorf("%+v", c)
	}
	s = sweep(t, x, 2, 4, choose.SweepOptions{Pairs: 4, Gap: 20, Strength: 3})
	says(t, s.Advice(), 3, false, "are the most stable when customers are drawn again")
	for _, name := range []string{"gap", "prediction strength", "stability"} {
		if c := find(t, s.Panel(), name); c.Says == "" {
			t.Errorf("%+v", c)
		}
	}
	if p := s.Panel(); len(p.NotAsked) != 1 {
		t.Errorf("not asked: %s", p.NotAsked)
	}
}

func TestAdviceWithLittleToGoBy(t *testing.T) {
	untested := sweep(t, trial.Corners(t, 200, 4), 2, 6, choose.SweepOptions{Draws: -1}).Advice()
	says(t, untested, 4, false, "The sweep favours 4 segments", "was not tested")
	// A tree has no starts, and categories have no silhouettes.
	tree, err := choose.SweepK(trial.Corners(t, 90, 3), segkit.Recipe{Method: cluster.Hierarchical{}}, 2, 5)
	if err != nil {
		t.Fatal(err)
	}
	says(t, tree.Advice(), 3, true, "favours 3 segments")
	mixed, err := choose.SweepK(trial.MixedTable(t, 1, 60, false), segkit.Recipe{Method: cluster.KPrototypes{}}, 2, 4, choose.SweepOptions{Draws: -1})
	if err != nil {
		t.Fatal(err)
	}
	stable, err := choose.SweepK(trial.MixedTable(t, 1, 60, false), segkit.Recipe{Method: cluster.KPrototypes{}}, 2, 4, choose.SweepOptions{Draws: -1, Pairs: 3})
	if err != nil {
		t.Fatal(err)
	}
	says(t, stable.Advice(), stable.Advice().K, false, "its segments are the most stable when customers are drawn again")
	if a := mixed.Advice(); a.K == 1 || a.K == 2 || strings.Contains(strings.Join(a.Sentences, " "), "NaN") {
		t.Errorf("advice %d: %s", a.K, a.Sentences)
	}
	if one := sweep(t, trial.Column(t, 5, 5, 5), 1, 1); one.Advice().K != 0 || len(one.Panel().Sheet().Rows) == 0 {
		t.Errorf("all alike: %+v", one.Advice())
	}
}

// Where nothing tells numbers of segments apart, none is advised; and a choice at the end of the sweep is no choice among all.
func TestAdviceKnowsWhereItCannotKnow(t *testing.T) {
	blob := trial.Groups(t, 200, 2, 1, 0)
	s, err := choose.SweepK(blob, segkit.Recipe{Method: cluster.KMeans{Restarts: 1}}, 2, 5) // a single start always agrees with itself
	if err != nil {
		t.Fatal(err)
	}
	says(t, s.Advice(), 0, false, "No natural segments", "No number can be recommended", "Pairs")
	if s, err = choose.SweepK(blob, segkit.Recipe{Method: cluster.Hierarchical{}}, 2, 5); err != nil { // a tree has no starts
		t.Fatal(err)
	}
	says(t, s.Advice(), 0, false, "No natural segments", "No number can be recommended")
	says(t, sweep(t, trial.Corners(t, 200, 5), 4, 4).Advice(), 0, true, "Only k = 4 was tried", "There is more than one group")
	says(t, sweep(t, trial.Corners(t, 200, 4), 4, 4, choose.SweepOptions{Draws: -1}).Advice(), 0, false, "Only k = 4 was tried")

	six := trial.Corners(t, 300, 6)
	goal := choose.SweepOptions{Goal: choose.Goal{MaxSegments: 9}}
	short := sweep(t, six, 2, 5, goal).Advice()
	says(t, short, 5, true, "The sweep ends at 5: a longer one may favour more segments")
	if whole := strings.Join(sweep(t, six, 2, 8, goal).Advice().Sentences, " "); strings.Contains(whole, "The sweep ends") {
		t.Error(whole)
	}
	says(t, sweep(t, trial.Corners(t, 300, 3), 3, 6).Advice(), 3, true, "The sweep begins at 3: one from 2 may favour fewer segments")
}

// Four combinations of two answers: with 4 segments nothing is left to divide, and no number is better, whatever else the limits allow.
func TestAdviceTakesAPerfectNumber(t *testing.T) {
	var data []float64
	for i := range 40 {
		data = append(data, float64(i%2), float64(i/2%2))
	}
	x := trial.Numbered(t, 2, data)
	for _, o := range []choose.SweepOptions{{}, {Draws: -1}, {Draws: -1, Gap: 5}} {
		s := sweep(t, x, 2, 4, o)
		a := s.Advice()
		says(t, a, 4, false, "the customers of each segment are identical there")
		if text := strings.Join(a.Sentences, " "); strings.Contains(text, "The sweep ends") || !math.IsInf(s.Points[2].CalinskiHarabasz, 1) {
			t.Error(text)
		}
	}
	says(t, sweep(t, x, 2, 4, choose.SweepOptions{Draws: -1, Goal: choose.Goal{MaxSegments: 3}}).Advice(), 3, false, "among 3 segments")
}

// What the advice says of the silhouette is what HighestSilhouette says, and no number has it both for and against.
func TestAdviceSpeaksOfOneSilhouette(t *testing.T) {
	for _, x := range []*table.Table{trial.Corners(t, 300, 7), trial.Groups(t, 300, 2, 1, 0)} {
		s := sweep(t, x, 2, 8)
		all, within := s.HighestSilhouette()
		if within.K > s.Goal.MaxSegments || all.Silhouette < within.Silhouette {
			t.Errorf("highest at %d, within the limits at %d", all.K, within.K)
		}
		a := s.Advice()
		if a.Structure && a.K != within.K {
			t.Errorf("advice %d, highest within the limits at %d: %s", a.K, within.K, a.Sentences)
		}
		for _, c := range a.Choices {
			if slices.Contains(c.For, "silhouette") && slices.Contains(c.Against, "silhouette no higher than one group's") {
				t.Errorf("%+v", c)
			}
		}
	}
}

// Whatever the data, what the table has against the advised number is said beside the advice, after the reason why it is advised, which is said once.
func TestAdviceSaysWhatStandsAgainstIt(t *testing.T) {
	said := 0
	for seed := range 12 {
		x := trial.Groups(t, 120+seed, 2, 2+seed%4, 1.5+float64(seed)/3)
		a := trial.Sure(choose.SweepK(x, segkit.Recipe{Method: cluster.KMeans{Seed: seed, Restarts: 3}}, 2, 6, choose.SweepOptions{Draws: 99})).Advice()
		text := strings.Join(a.Sentences, " ")
		for _, c := range a.Choices {
			stands := strings.Contains(text, ": "+strings.Join(c.Against, "; ")+". It is advised all the same, for the reason given above.")
			if want := c.K == a.K && len(c.Against) > 0; c.K == a.K && stands != want {
				t.Errorf("seed %d: against %d stand %q, and the advice says %s", seed, c.K, c.Against, text)
			} else if want {
				said++
			}
		}
		for _, reason := range strings.Split(text, ": ") {
			if reason, _, _ = strings.Cut(reason, "."); len(reason) > 40 && strings.Count(text, reason) > 1 {
				t.Errorf("seed %d: the advice says %q twice: %s", seed, reason, text)
			}
		}
	}
	if said == 0 {
		t.Error("nothing stood against any advice: the test shows nothing")
	}
}
