package cell

import (
	"testing"

	"pgregory.net/rapid"
)

// What Short reads, whatever bytes stand behind the cell, is what ParsePlain reads; and it reads all that is short and plain.
func TestShortIsParsePlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`-?[0-9]{0,7}[.,]?[0-9]{0,3}`), rapid.StringMatching(`[-+0-9.,:/ a\x00é]{0,9}`)).Draw(t, "cell")
		mark := rapid.SampledFrom([]byte{'.', ','}).Draw(t, "mark")
		b := []byte(text + rapid.StringMatching(`[0-9.,\n]{9}`).Draw(t, "behind"))[:len(text)]
		want, wantDecimals, plain := ParsePlain(b, mark)
		v, decimals, ok := Short(b, mark)
		if v, decimals := trimmed(v, decimals); ok && (!plain || v != want || decimals != wantDecimals) {
			t.Fatalf("%q is %d with %d decimals, want %d with %d", text, v, decimals, want, wantDecimals)
		}
		digits := len(text)
		if digits > 0 && text[0] == '-' {
			digits--
		}
		if plain && !ok && digits <= 8 && text[0] != '+' {
			t.Fatalf("%q was left", text)
		}
		if v, decimals, ok := Short(b, 0); ok && (!plain || decimals != 0 || v != want || wantDecimals != 0) {
			t.Fatalf("%q without a mark is %d", text, v)
		}
	})
}

// What Plain reads is what Parse reads, and it reads times of day with any fraction of a second.
func TestPlainIsParse(t *testing.T) {
	var d Dates
	d.Add([]byte("2025-03-21"), 1)
	reading := d.Readings()[0]
	rapid.Check(t, func(t *rapid.T) {
		clock := rapid.StringMatching(`([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?)?`).Draw(t, "clock")
		behind := rapid.SampledFrom([]string{"", "", ".", ",5,5", ".5 PM", "Z", " CET"}).Draw(t, "behind")
		text := []byte(rapid.StringMatching(`20[0-9]{2}-[01][0-9]-[0-3][0-9]`).Draw(t, "day") + clock + behind)
		want, parsed := reading.Parse(text)
		got, timed, ok := reading.Plain(text)
		if ok && (!parsed || got != want || timed != (clock != "")) {
			t.Fatalf("%q is %d (%t), want %d (%t)", text, got, timed, want, parsed)
		}
		if !ok && parsed && behind == "" {
			t.Fatalf("%q was left", text)
		}
	})
}
