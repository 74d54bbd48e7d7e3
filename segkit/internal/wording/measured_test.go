package wording

import "testing"

func TestMeasured(t *testing.T) {
	for _, c := range [][3]string{{"12", "days", "12 days"}, {"0.4", "", "0.4"}, {"at least 10 and below 13", "hour of day", "at least 10 and below 13 o'clock"}} {
		if got := Measured(c[0], c[1]); got != c[2] {
			t.Errorf("%q, want %q", got, c[2])
		}
	}
}
