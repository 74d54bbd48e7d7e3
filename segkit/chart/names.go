package chart

// Names: what charts call segments, columns and levels, and how a name of any length is set.

import (
	"strconv"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/describe"
)

const (
	nameLines   = 3              // that a name may take in every chart
	rowNames    = vg.Length(130) // room for the names of rows, left of bars
	legendNames = vg.Length(130) // room for names in a legend
)

// set writes a name in lines of at most width. One that is longer than nameLines of them is cut, and all of it is the title of its
// text in an SVG, which a browser shows when the mouse rests on it.
func set(style text.Style, name string, width vg.Length) string {
	return setIn(nameLines, style, name, width)
}

func setIn(lines int, style text.Style, name string, width vg.Length) string {
	said := wrap(style, name, width, lines)
	if letters(said) != letters(name) {
		said += carry + name + carry
	}
	return said
}

func letters(s string) string { return strings.Join(strings.Fields(s), "") }

func setRow(name string) string      { return set(sans(small), name, rowNames) }
func setInLegend(name string) string { return set(sans(small), name, legendNames) }

// figures puts numbers behind a name that was set in lines of at most width: on its last line, or below that where they have no room.
func figures(name, numbers string, width vg.Length) string {
	if last := name[strings.LastIndexByte(name, '\n')+1:]; len(last) < len(name) && !fits(sans(small), last+" "+numbers, width) {
		return name + "\n" + numbers
	}
	return name + " " + numbers
}

// tallest is the height of the tallest of these texts, in the type of names.
func tallest(names []string) (height vg.Length) {
	for _, name := range names {
		height = max(height, sans(small).Height(name))
	}
	return height
}

// roomFor is the height of rows in which names stand: as given, or more where one needs it.
func roomFor(names []string, least vg.Length) vg.Length { return max(least, tallest(names)+4) }

// carry stands around what a text carries without showing it: the whole of a name that was cut. No text of data holds it (see clean).
const carry = "\x1f"

// carried divides a text into what it shows and what it carries.
func carried(txt string) (shown, whole string) {
	parts := strings.Split(txt, carry)
	if len(parts)%2 == 0 { // not one of ours
		return txt, ""
	}
	for i, part := range parts {
		if i%2 == 0 {
			shown += part
		} else {
			whole = strings.TrimSpace(whole + " " + part)
		}
	}
	return shown, whole
}

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
	return name
}

// called is how a sentence calls the segment: its name in quotation marks, or segment 3 without them.
func called(names []string, label int) string {
	name := segment(names, label)
	if label >= 0 && name != clean(names[label]) {
		return name
	}
	return quote(name)
}

// longest keeps a hostile name from filling a title.
const longest = 80

// short is a name in a sentence.
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

func profileName(s describe.SegmentProfile) string {
	if s.Label < 0 {
		return "no segment"
	}
	names := make([]string, s.Label+1)
	names[s.Label] = s.Name
	return segment(names, s.Label)
}

const traitNames = vg.Length(125) // room for them, left of the panels
