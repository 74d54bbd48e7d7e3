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
		{NullControl{K: 3, Value: .6, OneGroup: .5}, 1.2, "a large difference"},
		{NullControl{K: 3, Value: .5, OneGroup: .5}, 1, "a slight difference"},
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
