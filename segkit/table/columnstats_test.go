package table

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// Nobody spends less than nothing, so no segment's mean does: the interval of Student's t knows no such bound by itself.
func TestMeansOfWhatIsNeverNegativeAreNotEither(t *testing.T) {
	spend := NewPart(Column{Name: "spend", Unit: "EUR"}, []float64{0, 0, 0, 40}, nil, SamplingWeights).Stats()
	if spend.Low != 0 || !(spend.High > spend.Mean) {
		t.Errorf("spend: %v to %v", spend.Low, spend.High)
	}
	if margin := NewPart(Column{Name: "margin"}, []float64{-1, 0, 0, 40}, nil, SamplingWeights).Stats(); !(margin.Low < 0) {
		t.Errorf("a margin may be below 0: %v to %v", margin.Low, margin.High)
	}
	if one := NewPart(Column{Name: "spend"}, []float64{5}, nil, SamplingWeights).Stats(); !math.IsNaN(one.Low) {
		t.Errorf("one value leaves no interval, not %v", one.Low)
	}
}

// A column without any value, as after a join with strangers, has no shares and no numbers: the summary says that it has none.
func TestSummaryOfColumnsWithoutValues(t *testing.T) {
	joined := sure(tableOf(t, "id,spend\nx,1\ny,2\n").Join(tableOf(t, "id,mood,age\nck1,good,30\nck2,bad,40\n")))
	for _, columns := range [][]string{{"spend", "mood", "age"}, {"mood"}} {
		s := sure(joined.Select(columns...)).Summary().Sheet()
		said := fmt.Sprint(s.Rows, s.Notes)
		if strings.Contains(said, "NaN") || !strings.Contains(said, "no customer has a value") {
			t.Errorf("%v: %s", columns, said)
		}
		if len(columns) == 3 && (!strings.Contains(said, "mood: no customer has a value; 2 missing") || !strings.Contains(said, "No customer has a value of age.")) {
			t.Errorf("%s", said)
		}
	}
}
