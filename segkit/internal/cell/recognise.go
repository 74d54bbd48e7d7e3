package cell

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Which layouts a date can have, by its look. 03/04/2025 has two, and nothing here chooses.

// token is a piece of a date: a number, a word, or what stands between them.
type token struct {
	kind byte // '0', 'a' or ' '
	text string
	n    int // of a number: digits; of a word: its month, 0 if none
}

// mostTokens is as far as a date is looked at: weekday, three fields, and what stands between them.
const mostTokens = 12

func tokens(b []byte) []token {
	var out []token
	for len(b) > 0 && len(out) < mostTokens {
		n := 0
		for n < len(b) && digit(b[n]) {
			n++
		}
		if n > 0 {
			out = append(out, token{'0', string(b[:n]), n})
			b = b[n:]
			continue
		}
		word, n := letters(b)
		if n > 0 {
			out = append(out, token{'a', word, monthNames[word]})
			b = b[n:]
			continue
		}
		for n < len(b) && !digit(b[n]) {
			if _, w := letters(b[n:]); w > 0 {
				break
			}
			_, size := utf8.DecodeRune(b[n:])
			n += size
		}
		out = append(out, token{' ', string(b[:n]), 0})
		b = b[n:]
	}
	return out
}

// recognised returns the layouts that a cell can have; habit tells that the first one is how people write this. No layout
// means that it is no date.
func recognised(cell []byte) (layouts []Layout, habit bool) {
	if len(cell) > longest {
		return nil, false
	}
	cell = legible(cell)
	whole := 0
	for whole < len(cell) && digit(cell[whole]) {
		whole++
	}
	if e := epochOf(whole); e != none && len(skipFraction(cell[whole:])) == 0 {
		layouts = []Layout{{name: epochs[e].name, count: e}}
		if e == excel {
			layouts = append(layouts, Layout{name: epochs[excel1904].name, count: excel1904})
		}
		return layouts, false
	}
	if compact := map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}[whole]; compact != "" && (bytes.HasPrefix(cell, []byte("19")) || bytes.HasPrefix(cell, []byte("20"))) {
		return parsed(compact), false
	}
	front := ""
	t := tokens(cell)
	if len(t) > 2 && t[0].kind == 'a' && weekdays[t[0].text] > 0 && t[1].kind == ' ' && (t[2].kind == '0' || t[2].kind == 'a' && t[2].n > 0) && t[2].text != "of" {
		if t[2].kind == 'a' || t[0].n == 0 || hasMonth(t[2:]) { // "mar" is Tuesday or March
			front = "Mon" + withoutDot(t[1].text)
			t = t[2:]
		}
	}
	// The separators: what stands between the first three fields, words such as "de" and ordinals among them.
	var fields []token
	var gaps [3]string
	for i, x := range t {
		switch {
		case x.kind == ' ' || x.kind == 'a' && (between[x.text] > 0 || len(fields) > 0 && fields[len(fields)-1].kind == '0' && ordinals[x.text] > 0 && t[i-1].kind == '0'):
			if len(fields) == 0 {
				return nil, false
			}
			if x.kind == 'a' && between[x.text] == 0 {
				continue // the matcher passes over ordinals
			}
			gaps[len(fields)-1] += x.text
		default:
			fields = append(fields, x)
		}
		if len(fields) == 3 {
			break
		}
	}
	if len(fields) < 3 {
		return nil, false
	}
	a, b, c := fields[0], fields[1], fields[2]
	year := func(x token) string {
		if x.n == 4 {
			return "2006"
		}
		return "06"
	}
	isYear := func(x token) bool { return x.kind == '0' && (x.n == 2 || x.n == 4) }
	short := func(x token) bool { return x.kind == '0' && x.n <= 2 }
	join := func(x, y, z string) []Layout { return parsed(front + x + gaps[0] + y + gaps[1] + z) }
	switch {
	case b.kind == 'a' && b.n > 0 && short(a) && isYear(c): // 5 Jan 2019
		gaps[1] = withoutDot(gaps[1])
		out := join("2", "Jan", year(c))
		if c.n == 2 && a.n == 2 {
			out = append(out, join("06", "Jan", "2")...)
		}
		return out, true
	case b.kind == 'a' && b.n > 0 && a.kind == '0' && a.n == 4 && short(c): // 2019-Jan-05
		gaps[1] = withoutDot(gaps[1])
		return join("2006", "Jan", "2"), false
	case a.kind == 'a' && a.n > 0 && short(b) && isYear(c): // January 5, 2019
		gaps[0] = withoutDot(gaps[0])
		return join("Jan", "2", year(c)), false
	case a.kind != '0' || b.kind != '0' || c.kind != '0' || len(gaps[0]) == 0 || gaps[0] != gaps[1] && gaps[0] != "年":
		return nil, false
	case a.n == 4 && short(b) && short(c):
		if gaps[0] == "年" {
			return join("2006", "1", "2日"), false
		}
		return join("2006", "1", "2"), false
	case !short(a) || !short(b) || !isYear(c) || strings.Contains(gaps[0], ":"): // 14:05:07 is a time; cameras write 2025:03:04
		return nil, false
	}
	out := append(join("2", "1", year(c)), join("1", "2", year(c))...)
	if c.n == 2 {
		out = append(out, join("06", "1", "2")...)
	}
	return out, gaps[0] == "." || gaps[0] == ". "
}

func hasMonth(t []token) bool {
	for _, x := range t {
		if x.kind == 'a' && x.n > 0 {
			return true
		}
	}
	return false
}

// withoutDot drops the full stop of an abbreviated name, which the matcher passes over.
func withoutDot(gap string) string {
	if len(gap) > 0 && gap[0] == '.' {
		return gap[1:]
	}
	return gap
}

// parsed is the layout of that name, one of ours.
func parsed(name string) []Layout {
	l, err := parseLayout(name)
	if err != nil {
		return nil
	}
	return []Layout{l}
}
