package features

// UTF-8 or the Western encoding that spreadsheets write.

import "strings"

// fromWindows1252 decodes the Western encoding that spreadsheets write: Latin-1 with letters and signs at 128 to 159.
func fromWindows1252(s string) string {
	if ascii([]byte(s)) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= 0x80 && c < 0xa0 {
			b.WriteRune(windows1252[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// windows1252 are the characters 128 to 159 (WHATWG Encoding Standard, index windows-1252).
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")
