package textfile

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Text of before UTF-8 does not say in which code page it is written. It is read as Windows-1252, and signs within words tell where that cannot be right.

// pages are the other code pages that shops' exports come in, the commonest first, with their names at IANA.
var pages = []struct {
	name string
	page *charmap.Charmap
}{
	{"windows-1250", charmap.Windows1250}, {"windows-1251", charmap.Windows1251}, {"ISO-8859-2", charmap.ISO8859_2}, {"IBM850", charmap.CodePage850},
	{"IBM852", charmap.CodePage852}, {"macintosh", charmap.Macintosh},
}

// OtherPage looks at text that is not valid UTF-8 for words that are none in Windows-1252, such as "Wroc³aw". If there are at least two, and all of them are words
// in another code page, it returns that page's name and the first of them as it reads in either; where they are words in none of these, as text of East Asia is, the name is
// empty. Where the signs of both are letters, as in Czech, nothing tells.
func OtherPage(text []byte) (name, read, other string) {
	if utf8.Valid(text) {
		return "", "", ""
	}
	var odd [][]byte
	seen := map[string]bool{}
	for _, word := range words(text) { // some in UTF-8, perhaps, where two files were joined or the text ends early
		if !utf8.Valid(word) && !seen[string(word)] && isOdd(word, charmap.Windows1252) {
			seen[string(word)] = true
			odd = append(odd, word)
		}
	}
	if len(odd) < 2 {
		return "", "", ""
	}
	beyond, all := 0, 0
	for _, word := range odd {
		all += len(word)
		for _, b := range word {
			if b >= utf8.RuneSelf {
				beyond++
			}
		}
	}
	for _, p := range pages {
		if 2*beyond > all && p.page != charmap.Windows1251 { // languages of Latin letters have more of ASCII
			continue
		}
		if !slices.ContainsFunc(odd, func(word []byte) bool { return isOdd(word, p.page) }) {
			return p.name, decoded(odd[0], charmap.Windows1252), decoded(odd[0], p.page)
		}
	}
	return "", decoded(odd[0], charmap.Windows1252), ""
}

// words are the runs of ASCII letters and bytes beyond ASCII.
func words(text []byte) [][]byte {
	return bytes.FieldsFunc(text, func(r rune) bool { return r < utf8.RuneSelf && !('a' <= r|0x20 && r|0x20 <= 'z') })
}

func decoded(word []byte, page *charmap.Charmap) string {
	var out strings.Builder
	for _, b := range word {
		out.WriteRune(page.DecodeByte(b))
	}
	return out.String()
}

// isOdd reports whether a word in this code page has a sign beyond ASCII between two letters, a capital beyond ASCII behind a small letter, or four letters and more of
// which none is ASCII, though the page is not the Cyrillic one.
func isOdd(word []byte, page *charmap.Charmap) bool {
	runes := []rune(decoded(word, page))
	beyond := 0
	for at, r := range runes {
		if r >= utf8.RuneSelf && unicode.IsLetter(r) {
			beyond++
		}
		if at == 0 || r < utf8.RuneSelf || !unicode.IsLetter(runes[at-1]) {
			continue
		}
		if unicode.IsUpper(r) && unicode.IsLower(runes[at-1]) {
			return true
		}
		if !unicode.IsLetter(r) && !strings.ContainsRune("’‘–—·…®™°\u00a0\u00ad", r) && at+1 < len(runes) && unicode.IsLetter(runes[at+1]) {
			return true
		}
	}
	return page != charmap.Windows1251 && beyond >= 4 && beyond == len(runes)
}
