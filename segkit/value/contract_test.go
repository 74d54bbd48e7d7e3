package value_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// donors are 11,104 people who were asked for a gift six times (Fader, Hardie & Shang 2010, table 1).
func donors() (o value.Occasions) {
	at := 0
	for _, n := range []int{3464, 1091, 277, 129, 78, 119, 129, 613, 255, 155, 173, 234, 322, 181, 225, 357, 240, 284, 512, 335, 728, 1203} {
		histories := [][2]int{{0, 0}, {1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 5}, {1, 6}, {2, 2}, {2, 3}, {2, 4}, {2, 5}, {2, 6}, {3, 3}, {3, 4}, {3, 5}, {3, 6}, {4, 4}, {4, 5}, {4, 6}, {5, 5}, {5, 6}, {6, 6}}
		o.Yes, o.Last, o.Of, o.Customers = append(o.Yes, histories[at][0]), append(o.Last, histories[at][1]), append(o.Of, 6), append(o.Customers, n)
		at++
	}
	return o
}

// Recomputed with scipy; the parameters to three digits are those of the paper.
func TestBGBBOnDonations(t *testing.T) {
	o := donors()
	m, err := value.BGBB{}.Fit(o)
	check(t, err)
	for name, want := range map[string]float64{"alpha": 1.203522, "beta": .749716, "gamma": .656718, "delta": 2.783442} {
		near(t, name, m.Value(name), want, 1e-5)
	}
	near(t, "the log-likelihood", m.LogLikelihood, -33225.58127, 6e-6)
	near(t, "P(alive) of (0, 0)", m.Alive(0, 0, 6), .1081, 6e-5)
	near(t, "P(alive) of (2, 4)", m.Alive(2, 4, 6), .5897, 6e-5)
	near(t, "P(alive) of (6, 6)", m.Alive(6, 6, 6), .9304, 6e-5)
	near(t, "the next ten of (0, 0)", m.Expected(0, 0, 6, 10), .13022, 6e-6)
	near(t, "the next ten of (4, 5)", m.Expected(4, 5, 6, 10), 3.62797, 6e-6)
	all := 0.0
	for i, n := range o.Customers {
		all += float64(n) * m.Expected(o.Yes[i], o.Last[i], 6, 5)
	}
	near(t, "the next five of all", all, 12884.2, .06)
	if !m.Converged || m.Customers != 11104 {
		t.Errorf("%+v", m.Estimate)
	}
	if _, err := (value.BGBB{}).Fit(value.Occasions{Yes: []int{2}, Last: []int{1}, Of: []int{6}}); err == nil || !strings.Contains(err.Error(), "row 1: 2 times yes with the last at occasion 1 of 6 is impossible") {
		t.Error(err)
	}
}

// Fader & Hardie (2007), tables 1 and 2: 1,000 customers of the High End, followed for seven years; the rate of retention rises.
func TestShiftedBetaGeometric(t *testing.T) {
	stays, before := value.Stays{}, 1000.0
	for _, percent := range []float64{86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1} {
		stays.Ended, before = append(stays.Ended, before-10*percent), 10*percent
	}
	stays.Going = []float64{0, 0, 0, 0, 0, 0, before}
	m, err := value.ShiftedBetaGeometric{}.Fit(stays)
	check(t, err)
	near(t, "alpha", m.Value("alpha"), .668, 6e-4)
	near(t, "beta", m.Value("beta"), 3.806, 6e-4)
	near(t, "the log-likelihood", m.LogLikelihood, -1611.158, 6e-4)
	for year := 1; year < 12; year++ {
		if m.Rate(year+1) <= m.Rate(year) || math.Abs(m.Survival(year)*m.Rate(year+1)-m.Survival(year+1)) > 1e-12 {
			t.Errorf("year %d: %v, then %v", year, m.Rate(year), m.Rate(year+1))
		}
	}
	// Two periods are enough, and fit exactly: a fifth leaves, then an eighth, so alpha/(alpha+beta) = .2 and alpha/(alpha+beta+1) = .125.
	two, err := value.ShiftedBetaGeometric{}.Fit(value.Stays{Ended: []float64{20, 10}, Going: []float64{0, 70}})
	check(t, err)
	near(t, "alpha of two periods", two.Value("alpha"), 1./3, 1e-3)
	near(t, "beta of two periods", two.Value("beta"), 4./3, 4e-3)
	for _, bad := range []value.Stays{{Ended: []float64{3}}, {Ended: []float64{0, 0}, Going: []float64{0, 9}}, {Ended: []float64{-1, 2}}, {}} {
		if _, err := (value.ShiftedBetaGeometric{}).Fit(bad); err == nil {
			t.Errorf("%+v is fitted", bad)
		}
	}
}

// Freireich et al. (1963, Blood 21, 699-716), remission in weeks: R's survival package.
func TestSurvivalOnFreireich(t *testing.T) {
	weeks := [][]float64{{6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}, {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23}}
	var ids []string
	var data []float64
	var labels table.Labels
	for l, of := range weeks {
		for i, w := range of {
			ended := 1.0
			if l == 0 && i >= 9 {
				ended = 0
			}
			ids, data, labels = append(ids, fmt.Sprint(l, "-", i)), append(data, w, ended), append(labels, l)
		}
	}
	rows, err := table.New(ids, []table.Column{{Name: "weeks", Unit: "weeks"}, {Name: "relapse"}}, data)
	check(t, err)
	segments, err := table.NewSegments(ids, labels, []string{"6-MP", "placebo"})
	check(t, err)
	s, err := value.SurvivalOf(rows, "weeks", "relapse", segments)
	check(t, err)
	for week, want := range map[float64]float64{5: 1, 6: .857143, 10: .752941, 12: .752941, 23: .448179} {
		near(t, "S", s.Curves[0].At(week), want, 6e-7)
	}
	near(t, "log-rank", s.LogRank, 16.7929409892, 1e-9)
	near(t, "p", s.P, 4.168809e-5, 1e-11)
	if s.Curves[0].Median != 23 || s.Curves[1].Median != 8 || s.Degrees != 1 || !math.IsNaN(s.Curves[0].At(36)) {
		t.Errorf("%+v", s)
	}
	if notes := strings.Join(s.Sheet().Notes, " "); !strings.Contains(notes, "It is not known what formed the segments (Segments.FormedBy). Where that looks back on who stayed") {
		t.Error(notes)
	}
	segments.FormedBy = []string{"recency", "orders"}
	s, err = value.SurvivalOf(rows, "weeks", "relapse", segments)
	check(t, err)
	if notes := strings.Join(s.Sheet().Notes, " "); !strings.Contains(notes, "The segments were formed by recency and orders. Where that looks back on who stayed, as recency does, the curves differ by construction.") {
		t.Error(notes)
	}
	all, err := value.SurvivalOf(rows, "weeks", "relapse", nil)
	check(t, err)
	if notes := strings.Join(all.Sheet().Notes, " "); strings.Contains(notes, "formed") {
		t.Error(notes)
	}
	if all.Curves[0].Customers != 42 || !math.IsNaN(all.P) {
		t.Errorf("%+v", all)
	}
}

// A churn score is learned by any predictor, and ranks those who leave first.
func TestChurnScoreByAnyPredictor(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	make1 := func(n int, from int) (*table.Table, *table.Table) {
		var ids []string
		var seen, fate []float64
		for i := range n {
			visits := r.NormFloat64()
			left := 0.0
			if r.Float64() < 1/(1+math.Exp(2*visits)) {
				left = 1
			}
			ids, seen, fate = append(ids, fmt.Sprint(from+i)), append(seen, visits), append(fate, left)
		}
		a, err := table.New(ids, []table.Column{{Name: "visits"}}, seen)
		check(t, err)
		b, err := table.New(ids, []table.Column{{Name: "left", Role: table.Outcome}}, fate)
		check(t, err)
		return a, b
	}
	before, after := make1(600, 0)
	now, truth := make1(400, 1000)
	for name, score := range map[string]func() (*table.Table, error){
		"logistic": func() (*table.Table, error) { return value.ChurnScore(predict.Logistic{}, before, after, "left", now) },
		"forest": func() (*table.Table, error) {
			return value.ChurnScore(predict.Forest{Trees: 50}, before, after, "left", now)
		},
	} {
		scores, err := score()
		check(t, err)
		means, n := [2]float64{}, [2]float64{}
		for i := range now.Len() {
			l := int(truth.At(i, 0))
			means[l], n[l] = means[l]+scores.At(i, 0), n[l]+1
		}
		if means[1]/n[1]-means[0]/n[0] < .2 {
			t.Errorf("%s: mean score %v of those who left, %v of those who stayed", name, means[1]/n[1], means[0]/n[0])
		}
	}
	if _, err := value.ChurnScore(predict.Logistic{}, before, truth, "left", now); err == nil || !strings.Contains(err.Error(), "600 customers to learn from") {
		t.Error(err)
	}
	rows := *after.Rows([]int{1, 0}).Raw()
	rows.Numbered = true
	if _, err := value.ChurnScore(predict.Logistic{}, before, table.FromRaw(rows), "left", now); err == nil || !strings.Contains(err.Error(), "only number its rows") {
		t.Errorf("rows that name nobody: %v", err)
	}
}
