package chart

// Words: what titles and labels say, cleaned, wrapped and cut to the room there is.

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/sheet"
)

// clean makes text from data fit for one line: control characters, marks of direction and breaks become spaces, and what nobody reads is cut.
func clean(s string) string { return cleaned(s, longestLabel) }

// longestLabel is more than any chart has room for.
const longestLabel = 1000

func cleaned(s string, most int) string {
	s = strings.ToValidUTF8(inert.Cut(s, most), "\uFFFD")
	apart := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || inert.Steers(r) || r == '\uFFFE' || r == '\uFFFF'
	}
	return strings.Join(strings.FieldsFunc(s, apart), " ")
}

// wrap breaks s at spaces, and after the underscores of column names, into lines of at most width, and at most the given
// number of them; what does not fit ends in "…". A number and its unit sign stay together.
func wrap(style text.Style, s string, width vg.Length, lines int) string {
	var out, pieces []string
	for _, piece := range piecesOf(s) {
		if style.Width(strings.TrimRight(piece, " ")) <= width {
			pieces = append(pieces, piece)
		} else { // a word that has no room of its own may end behind a hyphen
			pieces = append(pieces, strings.SplitAfter(piece, "-")...)
		}
	}
	line := ""
	for i, piece := range pieces {
		if line == "" || style.Width(strings.TrimRight(line+piece, " ")) <= width {
			line += piece
			continue
		}
		if len(out) == lines-1 {
			line += strings.Join(pieces[i:], "")
			break
		}
		out = append(out, clip(style, strings.TrimRight(line, " "), width))
		line = piece
	}
	return strings.Join(append(out, clip(style, strings.TrimRight(line, " "), width)), "\n")
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

// longest keeps a hostile name from filling a title; charts cut further where room is scarce.
const longest = 80

// segment returns the name by which a chart calls the segment with this label: "segment 3" where it has no other.
func segment(names []string, label int) string {
	if label < 0 {
		return "no segment"
	}
	name := clean(names[label])
	if _, err := strconv.Atoi(name); err == nil || name == "" {
		if name == "" {
			name = strconv.Itoa(label + 1)
		}
		return "segment " + name
	}
	return short(name)
}

// called is how a sentence calls the segment: its name in quotation marks, or segment 3 without them.
func called(names []string, label int) string {
	name := segment(names, label)
	if label >= 0 && name != short(clean(names[label])) {
		return name
	}
	return quote(name)
}

// curled is a sentence of a sheet as charts write it: sheets have straight quotation marks, which can be copied into code, charts have curly ones.
func curled(sentence string) string { return straight.ReplaceAllString(clean(sentence), "$1“$2”") }

// straight is text in straight quotation marks, those that stand for inches or seconds left alone.
var straight = regexp.MustCompile(`(^|[\s(\[“])"([^"]*)"`)

// capital begins a sentence.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

func short(s string) string {
	if r := []rune(s); len(r) > longest {
		return string(r[:longest-1]) + "…"
	}
	return s
}

// quote sets a name off in a title, where a very long one would bury the finding.
func quote(name string) string {
	if r := []rune(name); len(r) > 40 {
		name = string(r[:39])
		if at := strings.LastIndexByte(name, ' '); at > 20 {
			name = name[:at]
		}
		name = strings.TrimRight(name, " ,") + "…"
	}
	return "“" + name + "”"
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
