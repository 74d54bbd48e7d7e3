package wording

import "testing"

func TestMeasured(t *testing.T) {
	for _, c := range [][3]string{{"12", "days", "12 days"}, {"0.4", "", "0.4"}, {"1", "units", "1 unit"}, {"1", "EUR", "1 EUR"}, {"1", "Tage", "1 Tage"}, {"1", "gross", "1 gross"},
		{"at most 1", "orders", "at most 1 order"}, {"0 to 1", "days", "0 to 1 days"}, {"at least 0 and below 1", "days", "at least 0 and below 1 day"},
		{"between 0 and 1", "days", "between 0 and 1 days"}, {"11", "days", "11 days"}, {"1.1", "days", "1.1 days"}, {"at least 10 and below 13", "hour of day", "at least 10 and below 13 o'clock"}} {
		if got := Measured(c[0], c[1]); got != c[2] {
			t.Errorf("%q, want %q", got, c[2])
		}
	}
}
