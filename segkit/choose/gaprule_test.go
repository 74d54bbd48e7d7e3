package choose

import (
	"strings"
	"testing"
)

// What R's maxSE chooses of this curve, recomputed from the definition of its rules; places count from 1.
func TestGapRules(t *testing.T) {
	gap, se := []float64{2, 3, 5, 4, 7, 8, 5, 4}, []float64{.5, .5, 1, .5, .5, 1.5, .5, .5}
	for factor, want := range map[float64][3]int{.25: {3, 3, 6}, 1: {3, 3, 5}, 2: {2, 1, 3}, 4: {1, 1, 1}} {
		for r, rule := range []GapRule{FirstSEMax, Tibs2001SEMax, GlobalSEMax} {
			if at, ok := rule.choose(gap, se, factor); at+1 != want[r] || !ok {
				t.Errorf("%s, factor %v: %d, %v, want %d", rule, factor, at+1, ok, want[r])
			}
		}
	}
	for rule, want := range map[GapRule]int{FirstMax: 3, GlobalMax: 6} {
		if at, ok := rule.choose(gap, se, 1); at+1 != want || !ok {
			t.Errorf("%s: %d, %v, want %d", rule, at+1, ok, want)
		}
	}
	for rule := FirstSEMax; rule <= GlobalMax; rule++ { // rising to the end, and a single k
		if at, ok := rule.choose([]float64{1, 2, 3}, []float64{.1, .1, .1}, 1); at != 2 || ok {
			t.Errorf("%s of a rising curve: %d, %v", rule, at, ok)
		}
		if at, ok := rule.choose([]float64{1}, []float64{.1}, 1); at != 0 || ok {
			t.Errorf("%s of one k: %d, %v", rule, at, ok)
		}
	}
}

// A gap that peaks at once may rise higher later: that is said, since "no groups" would be only half of what the curve shows.
func TestGapRisesLater(t *testing.T) {
	g := &GapStatistic{Method: "KMeans", Draws: 10, SEFactor: 1, K: []int{1, 2, 3, 4}, LogCost: make([]float64, 4), Expected: make([]float64, 4),
		Gap: []float64{.4, .3, .6, .5}, SE: []float64{.05, .05, .05, .05}}
	if c := g.Sheet().Caption; !strings.Contains(c, "rises higher later, to 0.60 at k = 3") {
		t.Error(c)
	}
	if c := (&Sweep{Gap: g}).byGap(); c.K != 1 || c.Decisive || !strings.Contains(c.Says, "rises higher later") {
		t.Errorf("%+v", c)
	}
	g.Gap[2], g.Gap[3] = .42, .35 // within a standard error of the first
	if c := g.Sheet().Caption; strings.Contains(c, "later") {
		t.Error(c)
	}
}
