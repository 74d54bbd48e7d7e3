// Package inert makes text from data harmless where programs would take it for more than text: names of customers, columns, levels, segments and files are
// whatever somebody wrote. Spreadsheets run formulas, terminals obey control characters, pages turn tags into elements, and all of them follow marks of
// direction, with which a text shows other than it reads. SQL has its own quotes, in package dialect.
package inert

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Formula reports whether a spreadsheet takes text for a formula (CWE-1236). Numbers are none.
func Formula(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err != nil && Opens(text)
}

// Opens reports whether text begins as a formula does, also with a full-width character; numbers such as -5 included.
func Opens(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// Cell puts an apostrophe before text that a spreadsheet would run, and before what looks as if Cell had been there.
func Cell(text string) string {
	if Formula(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// FromCell is the inverse of Cell.
func FromCell(cell string) string {
	if text, ok := strings.CutPrefix(cell, "'"); ok && Formula(strings.TrimLeft(text, "'")) {
		return text
	}
	return cell
}

// Steers reports whether a character steers a terminal or the direction of the text that follows, or breaks a line where few expect it, other than by a new
// line or a tab.
func Steers(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\u2028' || r == '\u2029' || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}

// Shown is text with spaces for the characters that steer, and U+FFFD for what is not text at all.
func Shown(text string) string {
	return strings.Map(func(r rune) rune {
		if Steers(r) {
			return ' '
		}
		return r
	}, text)
}

// Longest is how many characters of one text a page shows: a name of 10 MB would fill it a hundred times.
const Longest = 20_000

// HTML is text as it stands in a page, within an element or an attribute: shown, escaped, and cut with an ellipsis where it is longer than Longest.
func HTML(text string) string { return html.EscapeString(Shown(Cut(text, Longest))) }

// Cut is the first characters of a text, with an ellipsis for the others.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for at := range text {
		if most--; most < 0 {
			return text[:at] + "…"
		}
	}
	return text
}
