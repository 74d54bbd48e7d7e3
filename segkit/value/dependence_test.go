package value_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/value"
)

// spenders are customers who ordered again and spend about 200 an order, and a hundred who ordered once and spent about that much.
func spenders(once float64) *value.Summary {
	r := rand.New(rand.NewPCG(3, 4))
	s := &value.Summary{Currency: "EUR"}
	for i := range 400 {
		x, typical := 1+i%4, 200*math.Exp(.3*r.NormFloat64()-.045)
		spend := typical * math.Exp(.2*r.NormFloat64()-.02)
		if i%4 == 3 {
			x, spend, typical = 0, math.NaN(), once*(.5+float64(i%8)/8+.0625)
		}
		s.IDs, s.Repeats, s.Spend, s.First = append(s.IDs, fmt.Sprint(i)), append(s.Repeats, x), append(s.Spend, spend), append(s.First, typical)
		s.Last, s.Age = append(s.Last, float64(4*x)), append(s.Age, 30)
	}
	return s
}

// Where customers who ordered once spend otherwise than the model takes for granted, it says so with the numbers, wherever it is shown; where they do not, it is silent.
func TestCustomersWhoOrderedOnceSpendOtherwise(t *testing.T) {
	for once, much := range map[float64]string{50: "too high", 190: "", 200: "", 210: "", 800: "too low"} {
		s := spenders(once)
		mean, n := 0.0, 0
		for i, x := range s.Repeats {
			if x == 0 {
				mean, n = mean+s.First[i], n+1
			}
		}
		spend := trial.Sure(value.GammaGamma{}.Fit(s))
		said := strings.Join(spend.Sheet().Notes, " ")
		if much == "" {
			if spend.Dependence != "" {
				t.Errorf("%v: %s", once, spend.Dependence)
			}
			continue
		}
		for _, want := range []string{fmt.Sprintf("100 customers who ordered once brought in %.2f EUR on average", mean/float64(n)), "the 300 who ordered again", fmt.Sprintf("takes %.2f EUR", spend.Mean(0, 0)), much} {
			if !strings.Contains(said, want) {
				t.Errorf("%v: %q is not in %q", once, want, said)
			}
		}
		buying := trial.Sure(value.MBGNBD{}.Fit(s))
		ahead := trial.Sure(buying.Forecast(s, value.Horizon{Days: 30, Spend: spend, Draws: 40}))
		if !slices.Contains(ahead.Sheet().Notes, spend.Dependence) {
			t.Errorf("%v: the forecast does not say it", once)
		}
		s.First = nil // nobody knows
		if d := trial.Sure(value.GammaGamma{}.Fit(s)).Dependence; d != "" {
			t.Error(d)
		}
	}
}

// A segment is marked if what was said of it was more than twice what came, or less than half, and what came lies outside the interval.
func TestAgainstWhatCame(t *testing.T) {
	for came, off := range map[float64]bool{100: false, 51: false, 50: false, 49: true, 7: true, 199: false, 200: false, 201: true} {
		proof := &value.Worth{Money: true, Proved: true, Segments: []value.SegmentWorth{{Segment: "b", Value: value.Range{Mean: 100, Low: 99, High: 101}, SeenValue: came}, {Segment: "wide", Value: value.Range{Mean: 100, High: 1000}, SeenValue: came}}}
		ahead := &value.Worth{Money: true, Segments: []value.SegmentWorth{{Segment: "a"}, {Segment: "wide"}, {Segment: "b"}}}
		got := trial.Sure(ahead.Against(proof))
		if got.Segments[0].Off || got.Segments[1].Off || got.Segments[2].Off != off || ahead.Segments[2].Off {
			t.Errorf("%v came: %+v", came, got.Segments)
		}
		if notes := strings.Join(got.Sheet().Notes, " "); strings.Contains(notes, `Do not plan with the figures of "b"`) != off {
			t.Errorf("%v came: %s", came, notes)
		}
	}
	if _, err := (&value.Worth{}).Against(&value.Worth{Money: true}); err == nil || !strings.Contains(err.Error(), "Holdout.By") {
		t.Error(err)
	}
}
