package table

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNegated(t *testing.T) {
	for name, want := range map[string]string{"yummy": "not yummy", "not noisy": "noisy", "never bought": "bought", "non-smoker": "smoker",
		"NoReturns": "Returns", "has car": "has no car", "has no car": "has car", "is active": "is not active", "is not active": "is active",
		"Notes": "not Notes", "nominal": "not nominal", "NOTES": "not NOTES", "no": "no: no", "order no": "order no: no", "order no: no": "order no", "without children": "children",
		"uses app": "do not use app", "sales email": "sales email: no", "credit card": "not credit card", "card of the shop": "card of the shop: no"} {
		if got := negated(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Whatever is denied twice is as before.
func TestDeniedTwice(t *testing.T) {
	words := rapid.SampledFrom([]string{"noisy", "is", "has", "C22", "4", "Yes", "a", "active", "Ärger", "都市"})
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Join(rapid.SliceOfN(words, 1, 3).Draw(t, "name"), " ")
		if once := negated(name); !strings.Contains(strings.ToLower(name), "no") && negated(once) != name {
			t.Fatalf("%q, denied %q, denied again %q", name, once, negated(once))
		}
	})
}

func TestSayingIsPartOfASentence(t *testing.T) {
	for _, c := range []struct {
		column       Column
		number, want string
	}{
		{Column{Name: "recency", Unit: "days", Phrase: "last order %s ago"}, "12", "last order 12 days ago"},
		{Column{Name: "orders", Phrase: "%s order|%s orders"}, "1", "1 order"},
		{Column{Name: "orders", Phrase: "%s order|%s orders"}, "2.5", "2.5 orders"},
		{Column{Name: "site_visits", Unit: "pages"}, "7", "site visits 7 pages"},
		{Column{Name: "visit_hour", Unit: "hour of day"}, "6", "visit hour 6 o'clock"},
	} {
		if got := c.column.Saying(c.number); got != c.want {
			t.Errorf("%+v: %q, want %q", c.column, got, c.want)
		}
	}
}
