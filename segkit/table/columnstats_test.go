package table

import (
	"math"
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
