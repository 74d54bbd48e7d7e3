package chart

import (
	"errors"
	"math"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/predict"
)

// questionnaire is a made-up Questionnaire.
type questionnaire struct {
	accuracy                []float64
	taken                   int
	wanted                  float64
	names                   []string
	found, low, high, limit []float64
}

func (q questionnaire) ByLength() (out []predict.Interval, taken int) {
	for _, v := range q.accuracy {
		out = append(out, predict.Interval{Value: v, Low: v - .012, High: v + .012})
	}
	return out, q.taken
}

func (q questionnaire) BySegment() (names []string, found []predict.Interval, ceiling []float64) {
	for l := range q.names {
		found = append(found, predict.Interval{Value: q.found[l], Low: q.low[l], High: q.high[l]})
	}
	return q.names, found, q.limit
}

func (q questionnaire) Beside() (wanted, largest, all float64, questions int) {
	return q.wanted, .34, .91, 22
}

var golden5 = questionnaire{[]float64{.51, .63, .715, .76, .79, .805, .82, .83}, 5, .85,
	[]string{"Price hunters", "Loyal to brands & quick", "Browsers", "Nobody"},
	[]float64{.85, .43, .88, math.NaN()}, []float64{.8, .36, .84, math.NaN()}, []float64{.89, .5, .91, math.NaN()}, []float64{.93, .71, .86, math.NaN()}}

func TestTitlesOfAccuracy(t *testing.T) {
	titled(t, "5 questions place 79 % of respondents correctly; even 8 do not reach the 85 % wanted")(AccuracyByLength(golden5))
	titled(t, "“Loyal to brands & quick” is found least often: 43 % of its members; a new sample would put 71 % there again")(AccuracyBySegment(golden5))
	one := golden5
	one.taken, one.wanted, one.limit = 1, .5, []float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	titled(t, "One question places 51 % of respondents correctly")(AccuracyByLength(one))
	titled(t, "“Loyal to brands & quick” is found least often: 43 % of its members")(AccuracyBySegment(one))
	if _, err := AccuracyByLength(questionnaire{}); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
	if _, err := AccuracyBySegment(questionnaire{}); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
}
