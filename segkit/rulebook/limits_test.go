package rulebook_test

import (
	"math"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/rulebook"
)

// A rule that is right for everybody it takes has the highest lift there can be, one over the segment's share; no rule has more, and
// none is without a lift.
func TestLiftAtItsLimit(t *testing.T) {
	raw, s := trial.Planted(t, 600)
	e, err := rulebook.Explain(raw, s, rulebook.Options{})
	if err != nil {
		t.Fatal(err)
	}
	share := map[string]float64{}
	for l, n := range s.Counts() {
		share[s.Name(l)] = float64(n) / float64(raw.Len())
	}
	perfect := 0
	for _, r := range e.Evidence {
		most := 1 / share[r.Segment]
		if !(r.Lift > 0) || r.Lift > most+1e-9 || math.Abs(r.Lift-r.Precision*most) > 1e-9 {
			t.Errorf("%s: lift %v, precision %v, at most %v", r.Segment, r.Lift, r.Precision, most)
		}
		if r.Precision == 1 {
			perfect++
		}
	}
	if perfect == 0 {
		t.Error("no rule is perfect: the test shows nothing")
	}
}
