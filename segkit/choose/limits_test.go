package choose

import (
	"math"
	"strings"
	"testing"
)

// What stands out beside nothing is infinitely larger, and is called large; where nothing stands out there is no effect to speak of.
func TestTheEffectAtItsLimits(t *testing.T) {
	for _, c := range []struct {
		control NullControl
		want    float64
		says    string
	}{
		{NullControl{K: 3, Value: .6, All: .6, OneGroup: .5}, 1.2, "is 0.60, against a median of 0.50 with one group: a large difference"},
		{NullControl{K: 3, Value: .5, OneGroup: .5}, 1, "a slight difference"},
		{NullControl{K: 3, Value: .6, All: .7, OneGroup: .5}, 1.2, "is 0.60 with as few starts as the draws get (0.70 with all), against a median of 0.50 with one group"},
		{NullControl{K: 3, Value: .6, All: .7, OneGroup: .5, Rows: 1500}, 1.2, "is 0.60 for the 1,500 customers compared (0.70 for all), against a median of 0.50 with one group"},
		{NullControl{K: 3, By: savedCost, Value: .6, All: .7, OneGroup: .5, Rows: 500}, 1.2, "saves 60.0 % of the cost for the 500 customers compared (70.0 % for all), against a median of 50.0 % with one group"},
		{NullControl{K: 3, Value: .6}, math.Inf(1), "a large difference"},
		{NullControl{K: 3, Value: .6, OneGroup: -.1}, math.Inf(1), "a large difference"}, // a silhouette can be below 0
		{NullControl{}, math.NaN(), ""},
	} {
		if got := c.control.Effect(); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) && math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v beside %v: %v, want %v", c.control.Value, c.control.OneGroup, got, c.want)
		}
		if says := c.control.size(); !strings.HasSuffix(strings.TrimSuffix(says, "."), c.says) && !strings.Contains(says, c.says) {
			t.Errorf("%v beside %v: %q", c.control.Value, c.control.OneGroup, says)
		}
	}
}
