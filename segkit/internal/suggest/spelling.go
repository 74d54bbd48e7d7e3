package suggest

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Alike counts the ids that differ from another one only in how programs write them: 17850.0 and 17850, 00123 and 123, an accent in one
// character or in two, blanks that show or do not. a and b are the first such pair.
func Alike(ids []string) (n int, a, b string) {
	plain := map[string]string{} // ids of which something was taken off, by what remains
	for _, id := range ids {
		if p := spelledPlainly(id); p != id && p != "" {
			if _, ok := plain[p]; !ok {
				plain[p] = id
			}
		}
	}
	if len(plain) == 0 {
		return 0, "", ""
	}
	for _, id := range ids {
		if other, ok := plain[spelledPlainly(id)]; ok && other != id {
			if n++; n == 1 {
				a, b = other, id
			}
		}
	}
	return n, a, b
}

func spelledPlainly(id string) string {
	if id == "" || id[0] != '0' && !slices.ContainsFunc([]byte(id), func(c byte) bool { return c == ' ' || c == '.' || c > '~' }) {
		return id
	}
	id = composed.Replace(id)
	if strings.Contains(id, " ") {
		id = strings.Join(strings.Fields(id), " ")
	}
	digits := func(s string) bool {
		return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	}
	if whole, ok := strings.CutSuffix(id, ".0"); ok && digits(whole) {
		id = whole
	}
	if len(id) > 1 && id[0] == '0' && digits(id) {
		id = strings.TrimLeft(id, "0")
	}
	return id
}

// accented are the letters that a mark behind them makes of others: pairs of both, by the mark.
var accented = map[string]string{
	"\u0300": "aàeèiìoòuùAÀEÈIÌOÒUÙ", "\u0301": "aáeéiíoóuúyýAÁEÉIÍOÓUÚYÝcćnńsśzźCĆNŃSŚZŹ", "\u0302": "aâeêiîoôuûAÂEÊIÎOÔUÛ", "\u0303": "aãnñoõAÃNÑOÕ",
	"\u0308": "aäeëiïoöuüyÿAÄEËIÏOÖUÜ", "\u030a": "aåuůAÅUŮ", "\u0327": "cçsşCÇSŞ", "\u030c": "cčdďeěnňrřsštťzžCČDĎEĚNŇRŘSŠTŤZŽ", "\u0328": "aąeęAĄEĘ", "\u0307": "zżZŻIİ",
}

// unseen are characters that do not show, and wide those that show as a blank and are none.
const unseen, wide = "\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad", "\u00a0\u202f\u2009\u2007"

// composed writes letters with their accents as one character, as most programs do, and drops what does not show.
var composed = func() *strings.Replacer {
	var pairs []string
	for _, r := range wide {
		pairs = append(pairs, string(r), " ")
	}
	for _, r := range unseen {
		pairs = append(pairs, string(r), "")
	}
	for mark, letters := range accented {
		for l := []rune(letters); len(l) > 0; l = l[2:] {
			pairs = append(pairs, string(l[0])+mark, string(l[1]))
		}
	}
	return strings.NewReplacer(pairs...)
}()

// Folded are the characters that make no difference where a database looks for ids that Spellings may find to be one, in small letters: each of from stands for the one at its place
// in to, a letter for the one without its accent, and those behind the last of to are dropped. The point is not among them, since 123.0 is 123.
func Folded() (from, to string) {
	dropped := unseen + wide + strings.ReplaceAll(punctuation, ".", "")
	for r := range rune(0x3001) {
		if unicode.IsSpace(r) && !strings.ContainsRune(dropped, r) {
			dropped += string(r)
		}
	}
	for _, mark := range slices.Sorted(maps.Keys(accented)) {
		dropped += mark
		for l := []rune(strings.ToLower(accented[mark])); len(l) > 0; l = l[2:] {
			if l[0] != l[1] && !strings.ContainsRune(from, l[1]) {
				from, to = from+string(l[1]), to+string(l[0])
			}
		}
	}
	return from + dropped, to
}
