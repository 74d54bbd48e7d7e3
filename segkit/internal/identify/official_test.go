package identify

import (
	"fmt"
	"slices"
	"testing"
)

// Numbers that their issuers publish as examples, and the same with another last character.
func TestCheckDigits(t *testing.T) {
	for name, c := range map[string]struct {
		is   func(string) bool
		good []string
	}{
		"cpf":   {cpf, []string{"11144477735", "52998224725", "12345678909", "00000000191"}},
		"pesel": {pesel, []string{"44051401359", "02070803628"}},
		"card":  {card, []string{"4111111111111111", "5555555555554444", "378282246310005"}},
		"dni":   {dni, []string{"12345678Z", "X1234567L"}},
		"iban":  {iban, []string{"DE89370400440532013000", "GB82WEST12345698765432", "FR1420041010050500013M02606"}},
	} {
		for _, number := range c.good {
			if !c.is(number) {
				t.Errorf("%s: %s is one", name, number)
			}
			last := number[len(number)-1]
			for _, other := range []byte("0123456789TRWAG") {
				if bad := number[:len(number)-1] + string(other); other != last && c.is(bad) {
					t.Errorf("%s: %s is none", name, bad)
				}
			}
		}
		if c.is("") || c.is("x") || c.is("00000000000") {
			t.Errorf("%s: of nothing", name)
		}
	}
}

// Ids that a shop made up tell nobody else who somebody is; those that others know do, however they are written.
func TestIDsThatTellWhoSomebodyIs(t *testing.T) {
	cpfs := []string{"111.444.777-35", "529.982.247-25", "12345678909", "00000000191", "39053344705", "987.654.321-00"}
	each := func(text string) (ids []string) {
		for i := range 60 {
			ids = append(ids, fmt.Sprintf(text, i))
		}
		return ids
	}
	for _, c := range []struct {
		name string
		ids  []string
		want Kind
	}{
		{"customer", cpfs, Official}, {"", each("u%d@example.org"), Email}, {"", each("+49 30 1234%02d"), Phone}, {"telefone", each("11 98765-43%02d"), Phone}, {"customer name", each("Ann %d"), PersonName},
		{"", each("C-%03d"), None}, {"customer_id", each("%d"), None}, {"", each("123456789%02d"), None}, {"", cpfs[:3], None}, {"", slices.Concat(cpfs, each("%d")), None}, {"", nil, None},
	} {
		if got := IDs(c.name, c.ids); got != c.want {
			t.Errorf("%s %.3q: %q, want %q", c.name, c.ids, got, c.want)
		}
	}
}
