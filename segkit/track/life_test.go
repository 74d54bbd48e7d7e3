package track

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Freireich et al. (1963), remission in weeks of 21 patients on 6-MP and 21 on placebo (Blood 21, 699-716), as in every text on survival: the estimates and
// medians are R's survfit(Surv(time, status) ~ 1), its standard error at week 6 is .0764, and its interval there on the log-log scale .620 to .952.
func TestKaplanMeierOnFreireich(t *testing.T) {
	count := func(weeks ...int) []int {
		out := make([]int, 36)
		for _, w := range weeks {
			out[w]++
		}
		return out
	}
	s := kaplanMeier("6-MP", count(6, 6, 6, 7, 10, 13, 16, 22, 23), count(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35))
	for week, want := range map[int]float64{5: 1, 6: .857143, 7: .806723, 10: .752941, 13: .690196, 16: .627451, 22: .537815, 23: .448179, 35: .448179} {
		if got := s.Survival[week-1]; math.Abs(got-want) > 5e-7 {
			t.Errorf("S(%d) = %v, want %v", week, got, want)
		}
	}
	if s.Median != 23 || s.Stays != 21 || s.Ended != 9 || s.AtRisk[5] != 21 || s.AtRisk[9] != 15 {
		t.Errorf("%+v", s)
	}
	if math.Abs(s.Low[5]-.620) > .0005 || math.Abs(s.High[5]-.952) > .0005 {
		t.Errorf("interval at week 6: %v to %v", s.Low[5], s.High[5])
	}
	if placebo := kaplanMeier("placebo", count(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23), count()); placebo.Median != 8 || placebo.Survival[22] != 0 {
		t.Errorf("placebo: %+v", placebo)
	}
}

// Stays are counted by hand: who comes at the last date has not been followed at all, and lengthens no life.
func TestStaysByHand(t *testing.T) {
	h := madeHistory([]string{"A", "B"}, 30, []map[string]int{
		{"old": 0},
		{"old": 0, "short": 0, "long": 0},
		{"old": 0, "short": 1, "long": 0, "open": 0},
		{"old": 1, "short": 1, "long": 0, "open": 0},
		{"old": 1, "long": 1, "open": 0, "last": 0},
	}, nil)
	l, err := h.Life()
	if err != nil {
		t.Fatal(err)
	}
	// A: short ends after 1, long after 3, open is followed for 2, last for 0.
	a := l.Segments[0]
	if a.Stays != 4 || a.Ended != 2 || l.LeftOut != 1 {
		t.Errorf("%+v, %d left out", a, l.LeftOut)
	}
	for step, want := range []float64{2. / 3, 2. / 3, 0} {
		if got := a.Survival[step]; math.Abs(got-want) > 1e-12 || a.AtRisk[step] != []int{3, 2, 1}[step] {
			t.Errorf("after %d steps %v of %d at risk, want %v", step+1, got, a.AtRisk[step], want)
		}
	}
	// B: short leaves after 2, old is followed for 1, long for 0.
	if b := l.Segments[1]; b.Stays != 3 || b.Ended != 1 || b.AtRisk[0] != 2 || b.Survival[0] != 1 || b.Survival[1] != 0 {
		t.Errorf("%+v", b)
	}
}

// Without censoring, survival is the share that is left; it never rises, and its interval holds it.
func TestSurvivalLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.SliceOfN(rapid.IntRange(0, 6), 2, 12).Draw(t, "left")
		left[0] = 0
		total := 0
		for _, n := range left {
			total += n
		}
		s := kaplanMeier("", left, make([]int, len(left)))
		still := total
		for d := range s.Survival {
			still -= left[d+1]
			if math.Abs(s.Survival[d]-float64(still)/float64(total)) > 1e-12 {
				t.Fatalf("after %d: %v, want %d of %d", d+1, s.Survival[d], still, total)
			}
		}
		censored := rapid.SliceOfN(rapid.IntRange(0, 6), len(left), len(left)).Draw(t, "censored")
		before := 1.0
		for d, v := range kaplanMeier("", left, censored).Survival {
			s := kaplanMeier("", left, censored)
			if v > before || s.Low[d] > v || s.High[d] < v {
				t.Fatalf("%v: %v to %v after %v", v, s.Low[d], s.High[d], before)
			}
			before = v
		}
	})
}
