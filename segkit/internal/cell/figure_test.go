package cell

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersWithUnitsAsPeopleReadThem(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{.4171, "EUR", "0.42 EUR"}, {40.6, "EUR", "40.60 EUR"}, {-.237, "£", "−0.24 £"}, {1234.4, "USD", "1,234 USD"}, {0, "EUR", "0 EUR"},
		{.0042, "EUR", "0.0042 EUR"}, {.4171, "days", "0.4171 days"}, {.4171, "", "0.4171"}, {.4171, "%", "0.4171 %"}, {1, "units", "1 unit"}, {1, "EUR", "1 EUR"},
	} {
		if got := Figure(c.v, c.unit); got != c.want {
			t.Errorf("%v %s: %q, want %q", c.v, c.unit, got, c.want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) { // money has cents, or none: never tenths, nor more than cents unless it is less than half a cent
		v := rapid.Float64Range(.005, 1e6).Draw(rt, "v")
		whole, _, _ := strings.Cut(Figure(v, "EUR"), " EUR")
		if _, cents, has := strings.Cut(whole, "."); has && len(cents) != 2 {
			rt.Fatalf("%v reads %s", v, whole)
		}
	})
}
