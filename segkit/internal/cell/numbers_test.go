package cell

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func evidence(cells ...string) *Numbers {
	n := new(Numbers)
	for i, c := range cells {
		n.Add([]byte(c), i+1)
	}
	return n
}

// What a column of these cells adds up to, in each of its readings.
func TestReadings(t *testing.T) {
	for _, c := range []struct {
		cells []string
		want  []string // "decimal unit sum"
	}{
		{[]string{"12.50", "3"}, []string{". 15.5"}},
		{[]string{"25,000", "3,000"}, []string{". 28,000", ", 28"}},
		{[]string{"1.000", "2"}, []string{". 3", ", 1,002"}},
		{[]string{"1.355,90", "12,00"}, []string{", 1,367.9"}},
		{[]string{"$1,234.56", "$40.00"}, []string{". $ 1,274.56"}},
		{[]string{"12.50", "(12.50)", "3.00-", "−2.50", "+1"}, []string{". −4.5"}},
		{[]string{"1,23,456.00", "12,000.00"}, []string{". 135,456"}},
		{[]string{"0.125", "1.000"}, []string{". 1.125"}},
		{[]string{"0,125", "1,000"}, []string{", 1.125"}},
		{[]string{"12.5", "1,234"}, []string{". 1,246.5"}},
		{[]string{"1.234.567", "1.234"}, []string{", 1,235,801"}},
		{[]string{"1234.567", "1.000"}, []string{". 1,235.567"}},
		{[]string{"1'234.50", "1’000.00"}, []string{". 2,234.5"}},
		{[]string{"1 234,50", "1\u00a0000,00", "1\u202f000,00"}, []string{", 3,234.5"}},
		{[]string{"1 234", "7"}, []string{". 1,241"}},
		{[]string{"12 %", "7%"}, []string{". % 19"}},
		{[]string{"€ 5", "7 EUR", "1,50€"}, []string{", EUR 13.5"}},
		{[]string{"4.440892e-16", "1.50"}, []string{". 1.5"}},
		{[]string{"1.234E+03"}, []string{". 1,234"}},
		{[]string{"1,5", "1.5"}, nil},
		{[]string{"CHF 5.-", "CHF 12.50"}, []string{". CHF 17.5"}},
		{[]string{"AU $305.00", "AU$1.50", "(AU $1.00)"}, []string{". AUD 305.5"}},
		{[]string{"5,-", "12,50"}, []string{", 17.5"}},
		{[]string{"R$ 1.234,56", "-R$ 1,00", "R$ -2,00"}, []string{", BRL 1,231.56"}},
		{[]string{"$5.00 USD", "($1.00) USD"}, []string{". USD 4"}},
		{[]string{"5", "1e3"}, []string{". 1,005"}},
		{[]string{"Rs.500", "Rs. 2.50", "$"}[:2], []string{". Rs 502.5"}},
		{[]string{"$.50", "$-1.00"}, []string{". $ −0.5"}},
		{[]string{"5,--", "12,50", "-3,--"}, []string{", 14.5"}},
		{[]string{"Fr. 3.--", "Fr. 12.50", "Fr. 2.–"}, []string{". Fr 17.5"}},
		{[]string{"Rs. 1,23,456/-", "Rs 999/-"}, []string{". Rs 124,455"}},
		{[]string{"$ 12.50", "$ -", "- $"}, []string{". $ 12.5"}},
		{[]string{"12,50 €", "-,-- €"}, []string{", EUR 12.5"}},
		{[]string{"12.50", "‐2.50", "－1.00"}, []string{". 9"}},
		{[]string{"Rp 1.234.500", "Rp 40.000"}, []string{", IDR 1,274,500"}},
		{[]string{"S/ 1,234.50", "S/. 5.00"}, []string{". PEN 1,239.5"}},
		{[]string{"\u200e12,50", "7,00\u200f"}, []string{", 19.5"}},
		{[]string{"１，２３４．５０", "￥"}[:1], []string{". 1,234.5"}},
		{[]string{"١٬٢٣٤٫٥٠", "٢٠"}, []string{". 1,254.5"}},
		{[]string{"€ (5)", "5,00-€", "-5 €"}, []string{", EUR −15"}},
	} {
		n := evidence(c.cells...)
		var got []string
		for _, r := range n.Readings(0) {
			s := string(r.Decimal) + " "
			if r.Unit != "" {
				s += r.Unit + " "
			}
			got = append(got, s+r.Sum.String())
		}
		if len(got) != len(c.want) || n.Bad().Count > 0 {
			t.Errorf("%q: %q, want %q; bad %v", c.cells, got, c.want, n.Bad())
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q: %q, want %q", c.cells, got[i], c.want[i])
			}
		}
	}
}

// A $ beside USD is one currency however the column is cut, and a reading takes both; another dollar beside them leaves the sign open.
func TestADollarBesideItsCode(t *testing.T) {
	for _, c := range []struct{ cells, units string }{
		{"$12.50|USD 40.00|10.00 USD|$5", "USD 4"}, {"USD 1|$2", "USD 2"}, {"$1|$2", "$ 2"}, {"$1|CAD 2", "$ 1, CAD 1"}, {"$1|USD 2|A$3", "$ 1, USD 1, AUD 1"}, {"EUR 1|$2|USD 3", "EUR 1, USD 2"},
	} {
		cells := strings.Split(c.cells, "|")
		for cut := range cells {
			var first, second Numbers
			for i, text := range cells {
				if i < cut {
					first.Add([]byte(text), i+2)
				} else {
					second.Add([]byte(text), i+2-cut)
				}
			}
			first.Merge(&second, cut)
			var units []string
			for _, u := range first.Units() {
				units = append(units, fmt.Sprintf("%s %d", u.Unit, u.Count))
			}
			if got := strings.Join(units, ", "); got != c.units || (first.Question('.', Words{}) == nil) != (len(units) == 1) {
				t.Errorf("%s, cut at %d: %s, want %s; %+v", c.cells, cut, got, c.units, first.Question('.', Words{}))
			}
			if r := first.Readings('.')[0]; len(units) == 1 {
				for _, text := range cells {
					if _, _, ok := r.Parse([]byte(text)); !ok {
						t.Errorf("%s is not read in %s", text, r.Unit)
					}
				}
			}
		}
	}
}

// Texts of one column that name the same currency stand for one, and a $ for USD only where no other dollar is there.
func TestCurrencies(t *testing.T) {
	for texts, want := range map[string]string{
		"EUR|€|eur|Euro": "EUR EUR EUR EUR", "USD|$|US$": "USD USD USD", "$": "$", "$|CAD": "$ CAD", "USD|$|CAD": "USD $ CAD", "USD|$|A$|EUR": "USD $ AUD EUR", "GBP|£|EUR": "GBP GBP EUR",
		"kr|SEK": "kr SEK", "points|Points": "points Points", "": "",
	} {
		names := strings.Split(texts, "|")
		got := strings.Join(Currencies(names), " ")
		if got != want {
			t.Errorf("%s: %s, want %s", texts, got, want)
		}
		if fields := slices.Compact(slices.Sorted(slices.Values(strings.Fields(want)))); SeveralCurrencies(names) != (len(fields) > 1) {
			t.Errorf("%s: several is %v", texts, SeveralCurrencies(names))
		}
	}
}

// A currency is one under all its names, a sign of several may be each of them, and what is not known may be anything.
func TestSameUnit(t *testing.T) {
	for pair, want := range map[string]bool{
		"EUR|€": true, "euro|EUR": true, "£|GBP": true, "$|USD": true, "$|CAD": true, "USD|US$": true, "kr|SEK": true, "|EUR": true, "|": true, "days|days": true, "%|%": true,
		"EUR|USD": false, "€|$": false, "USD|CAD": false, "kr|EUR": false, "days|EUR": false, "days|weeks": false, "%|EUR": false,
	} {
		a, b, _ := strings.Cut(pair, "|")
		if SameUnit(a, b) != want || SameUnit(b, a) != want {
			t.Errorf("%q and %q: want %v", a, b, want)
		}
	}
}
