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
