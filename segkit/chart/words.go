package chart

// Words: what titles and labels say, cleaned, wrapped and cut to the room there is.

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// clean makes text from data fit for one line: control characters, marks of direction and breaks become spaces, and what nobody reads is cut.
func clean(s string) string { return cleaned(s, longestLabel) }

// longestLabel is more than any chart has room for.
const longestLabel = 1000

func cleaned(s string, most int) string {
	s = norm.NFC.String(strings.ToValidUTF8(inert.Cut(s, most), "\uFFFD")) // files of a Mac write é as e and an accent, which fonts cannot set
	apart := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || inert.Steers(r) || r == '\uFFFE' || r == '\uFFFF'
	}
	return strings.Join(strings.FieldsFunc(s, apart), " ")
}

// wrap breaks s into lines of at most width, and at most the given number of them; what does not fit ends in "…". Lines end at
// spaces and after the underscores of column names; a number and its unit sign stay together. A word wider than a line may end
// behind its hyphens, and anywhere where that is not enough.
func wrap(style text.Style, s string, width vg.Length, lines int) string {
	var pieces []string
	for _, piece := range piecesOf(s) {
		if fits(style, piece, width) {
			pieces = append(pieces, piece)
			continue
		}
		for _, part := range strings.SplitAfter(piece, "-") {
			if fits(style, part, width) {
				pieces = append(pieces, part)
			} else {
				pieces = append(pieces, spelt(part)...)
			}
		}
	}
	out := filled(style, pieces, width)
	if len(out) > lines {
		out = append(out[:lines-1], clip(style, strings.TrimRight(strings.Join(out[lines-1:], ""), " "), width))
	}
	for i := range out {
		out[i] = strings.TrimRight(out[i], " ")
	}
	return strings.Join(out, "\n")
}

// wrapWords breaks s as wrap does, but only between words; ok is false where that has no room.
func wrapWords(style text.Style, s string, width vg.Length, lines int) (out string, ok bool) {
	for _, piece := range piecesOf(s) {
		if !fits(style, piece, width) {
			return "", false
		}
	}
	return wrap(style, s, width, lines), len(filled(style, piecesOf(s), width)) <= lines
}

func fits(style text.Style, s string, width vg.Length) bool {
	return style.Width(strings.TrimRight(s, " ")) <= width
}

// filled joins pieces to lines that are as full as they can be.
func filled(style text.Style, pieces []string, width vg.Length) (lines []string) {
	for _, piece := range pieces {
		if last := len(lines) - 1; last >= 0 && fits(style, lines[last]+piece, width) {
			lines[last] += piece
		} else {
			lines = append(lines, piece)
		}
	}
	return lines
}

// spelt is a word in letters, each with the marks on it.
func spelt(word string) (parts []string) {
	from := 0
	for i, r := range word {
		if i > from && !unicode.IsMark(r) {
			parts, from = append(parts, word[from:i]), i
		}
	}
	return append(parts, word[from:])
}

// piecesOf cuts s behind every place where a line may end.
func piecesOf(s string) (pieces []string) {
	from := 0
	for i, r := range s {
		if r == '_' && i+1 < len(s) || r == ' ' && !strings.HasPrefix(s[i:], " %") {
			pieces = append(pieces, s[from:i+1])
			from = i + 1
		}
	}
	return append(pieces, s[from:])
}

// clip cuts s to the width and marks the cut with "…".
func clip(style text.Style, s string, width vg.Length) string {
	if style.Width(s) <= width {
		return s
	}
	r := []rune(s)
	low, high := 0, len(r) // runes that are known to fit, and not to fit
	for high-low > 1 {
		if mid := (low + high) / 2; style.Width(string(r[:mid])+"…") <= width {
			low = mid
		} else {
			high = mid
		}
	}
	return strings.TrimRight(string(r[:low]), " ,") + "…"
}

// curled is a sentence of a sheet as charts write it.
func curled(sentence string) string { return wording.Curled(clean(sentence)) }

// capital begins a sentence.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// share writes a share of 1 as a title does: "61 %", and with a decimal where whole numbers would mislead.
func share(v float64) string {
	switch p := 100 * v; {
	case math.IsNaN(p):
		return sheet.Missing
	case p > 0 && p < 0.05:
		return "<0.1 %"
	case p >= 0.05 && p < 0.95, p <= -0.05 && p > -0.95, p > 99.05 && p < 99.95:
		return sheet.Fixed(p, 1) + " %"
	default:
		return sheet.Fixed(p, 0) + " %"
	}
}

// amount writes a number with its unit: "2 days", "1 day".
func amount(v float64, unit string) string { return cell.Figure(v, clean(unit)) }

// steady drops what rounding may change in a number around 1, so that ties stay ties and an order does not hang on the last bit.
func steady(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// are is the verb of a count.
func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// some lists up to four names, or three and how many others there are: nobody reads a title that lists twelve.
func some(names []string, noun string) string {
	if len(names) <= 4 {
		return sheet.List(names)
	}
	return strings.Join(names[:3], ", ") + " and " + count(len(names)-3, "other "+noun)
}

// count writes "1 customer", "1,234 customers".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return sheet.Count(n) + " " + noun + "s"
}

func thereAre(n int) string {
	switch n {
	case 0:
		return "there is none"
	case 1:
		return "there is only one"
	default:
		return fmt.Sprintf("there are %d", n)
	}
}

// signed writes a difference with its sign: "+1.4", "−0.3", "0.0".
func signed(v float64) string {
	if !finite(v) {
		return sheet.Missing
	}
	s := sheet.Fixed(v, 1)
	if v > 0 && s != "0.0" {
		s = "+" + s
	}
	return s
}

// signed0 writes a whole number with its sign.
func signed0(v float64) string {
	if text := sheet.Fixed(v, 0); v > 0 && text != "0" {
		return "+" + text
	}
	return sheet.Fixed(v, 0)
}

// decimals writes a threshold with all its digits.
func decimals(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), "-", "−", 1)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return sheet.Count(n) + " times"
}
