package choose_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Nothing stands clear of data with one group in data with one group, whatever a measure alone may say.
func TestPanelIsNotDecisiveWithoutGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	data := make([]float64, 300)
	for i := range data {
		data[i] = r.Float64()
	}
	s := sweep(t, trial.Numbered(t, 2, data), 1, 6, choose.SweepOptions{Strength: 3, Pairs: 3, Gap: 10})
	for _, c := range s.Panel().Criteria {
		if c.Decisive {
			t.Errorf("%+v", c)
		}
		if c.K == 0 && c.Name == "elbow" && !math.IsNaN(c.Value) {
			t.Errorf("a value at no k: %+v", c)
		}
	}
}

// A sweep without a number of segments above 1 has nothing to say about groups.
func TestOneSegmentProvesNothing(t *testing.T) {
	s := sweep(t, trial.Corners(t, 90, 3), 1, 1, choose.SweepOptions{Gap: 3, Strength: 3})
	text := s.Sheet().Caption + strings.Join(s.Sheet().Notes, " ") + strings.Join(s.Advice().Sentences, " ")
	for _, c := range s.Panel().Criteria {
		text += c.Says
	}
	if s.Control != nil || strings.Contains(text, "No natural segments") || strings.Contains(text, "No step") || strings.Contains(text, "rises") || strings.Contains(text, "No k above 1") {
		t.Error(text)
	}
	if caption := s.Gap.Sheet().Caption; !strings.Contains(caption, "Only k = 1 was tried") {
		t.Error(caption)
	}
}

func TestPanelOfAnOutcomeThatTellsNothing(t *testing.T) {
	x, r := trial.Groups(t, 200, 2, 1, 0), rand.New(rand.NewPCG(5, 5))
	outcome := func(value func() float64) *table.Table {
		values := make([]float64, x.Len())
		for i := range values {
			values[i] = value()
		}
		out, err := table.New(x.IDs(), []table.Column{{Name: "spend", Role: table.Outcome}}, values)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for says, o := range map[string]*table.Table{"No k tells spend apart": outcome(r.NormFloat64), "too few customers have a spend, or all have the same": outcome(func() float64 { return 7 })} {
		s := sweep(t, x, 2, 4, choose.SweepOptions{Outcome: o})
		if c := find(t, s.Panel(), "spend later"); c.K != 0 || c.Decisive || !strings.Contains(c.Says, says) {
			t.Errorf("%+v", c)
		}
		if text := strings.Join(s.Advice().Sentences, " "); strings.Contains(text, "in spend lie between its segments") {
			t.Error(text)
		}
	}
}

// Equally stable solutions are no disagreement: the one of more segments is harder to repeat.
func TestPanelTakesTheMostOfEquallyStable(t *testing.T) {
	s := sweep(t, trial.Corners(t, 90, 3), 2, 4, choose.SweepOptions{Draws: -1})
	for at, mean := range []float64{1, .99999, .9} {
		s.Points[at].Stability = &choose.Stabilities{Mean: mean, Low: mean, High: mean}
	}
	if c := find(t, s.Panel(), "stability"); c.K != 3 || c.Value != .99999 {
		t.Errorf("%+v", c)
	}
}

func TestPredictionStrengthIsDecisiveWhereItIsCertain(t *testing.T) {
	s := sweep(t, trial.Corners(t, 90, 3), 2, 4, choose.SweepOptions{Draws: -1})
	for _, c := range []struct {
		mean, se float64
		decisive bool
	}{{.95, .02, true}, {.75, .1, false}} {
		s.Points[1].Strength = choose.PredictionPoint{K: 3, Mean: c.mean, SE: c.se}
		if got := find(t, s.Panel(), "prediction strength"); got.K != 3 || got.Decisive != c.decisive {
			t.Errorf("%+v", got)
		}
	}
}
