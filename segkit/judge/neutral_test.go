package judge

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
)

// measured stands for what privacy.Proxies finds.
type measured struct {
	Attribute string
	Lift, P   float64
}

func (m measured) Strongest() (string, float64, float64) { return m.Attribute, m.Lift, m.P }
func (m measured) Words() (string, string)               { return "They tell " + m.Attribute + ".", "Lift." }

// Whether segments say what must not count is asked where it was measured, and nowhere else.
func TestNeutralIsAskedWhereItWasMeasured(t *testing.T) {
	raw := trial.ThreeGroups(30)
	s := scored(t, fitted(t, threeRecipe, raw), raw)
	without, err := Segments(raw, s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range without.Checks() {
		if c.Demand == "neutral" {
			t.Error("it was not measured")
		}
	}
	for m, want := range map[measured]Grade{
		{"sex", .05, .001}: Pass, {"sex", .2, .001}: Weak, {"sex", .5, .001}: Fail, {"sex", .5, .2}: Weak, {"", 0, 1}: NotJudged,
	} {
		v, err := Segments(raw, s, Options{Proxies: m})
		if err != nil {
			t.Fatal(err)
		}
		checks := v.Checks()
		last := checks[len(checks)-1]
		if last.Demand != "neutral" || last.Grade != want || last.Question() == "" || want != NotJudged && !strings.HasPrefix(last.Says, "They tell sex.") {
			t.Errorf("%+v: %+v", m, last)
		}
		if len(checks) != len(without.Checks())+1 || len(v.Segments[0]) != len(checks) {
			t.Errorf("%d checks, %d of a segment", len(checks), len(v.Segments[0]))
		}
		if want == Fail && !strings.Contains(v.Summary, "not neutral") && !strings.Contains(v.Summary, "nor neutral") {
			t.Error(v.Summary)
		}
	}
}

// "Not identifiable and neutral" could be read as neutral.
func TestWhatFailsTogetherIsNeitherNor(t *testing.T) {
	for says, failed := range map[string][]string{
		"The segments are not neutral.":                                {"neutral"},
		"The segments are neither identifiable nor neutral.":           {"identifiable", "neutral"},
		"The segments are neither distinct, identifiable nor neutral.": {"distinct", "identifiable", "neutral"},
	} {
		j := &judge{out: &Verdict{}}
		for _, demand := range failed {
			j.out.Solution = append(j.out.Solution, Check{Demand: demand, Grade: Fail})
		}
		if got := j.summary(); got != says {
			t.Errorf("%q, want %q", got, says)
		}
	}
}
