package describe

import (
	"math"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
)

// Worked out by hand.
func TestHolm(t *testing.T) {
	nan := math.NaN()
	effects := []Effect{{P: .01}, {P: .04}, {P: .03}, {P: .005}, {P: nan}, {P: 1e-9, Circular: true}}
	for j := range effects {
		effects[j].Adjusted = nan
	}
	adjust(effects)
	for j, want := range []float64{.03, .06, .06, .02} {
		trial.Nearly(t, "adjusted", effects[j].Adjusted, want, 1e-12)
	}
	if !math.IsNaN(effects[4].Adjusted) || !math.IsNaN(effects[5].Adjusted) {
		t.Errorf("%+v", effects[4:])
	}
}
