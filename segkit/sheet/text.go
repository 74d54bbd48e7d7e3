package sheet

// A sheet as aligned text: for terminals, logs, and readers of a notebook that show no HTML.

import (
	"slices"
	"strings"
	"unicode"
)

// maxCell is how many columns of a terminal one cell may take.
const maxCell = 60

// Text lays the sheet out with spaces, for a fixed-width font. At most MaxRows rows are shown, with the count of the rest.
// Control characters in cells are replaced, so that data cannot steer the terminal.
func (s Sheet) Text() string {
	s = s.Clip()
	lines := make([][]string, 0, len(s.Rows)+1)
	head := make([]string, len(s.Columns))
	for j, c := range s.Columns {
		head[j] = c.Name
		if c.Unit != "" {
			head[j] += " (" + c.Unit + ")"
		}
	}
	lines = append(lines, head)
	for i, row := range s.Rows {
		cells, high := make([][]string, len(s.Columns)), 1
		for j := range cells {
			cells[j] = []string{cell(row, j)}
			if s.cards() {
				cells[j] = wrapped(cell(row, j))
			}
			high = max(high, len(cells[j]))
		}
		for l := range high {
			line := make([]string, len(s.Columns))
			for j := range line {
				line[j] = cell(cells[j], l)
			}
			lines = append(lines, line)
		}
		if s.cards() && i < len(s.Rows)-1 {
			lines = append(lines, make([]string, len(s.Columns)))
		}
	}
	widths := make([]int, len(s.Columns))
	for _, line := range lines {
		for j := range line {
			line[j] = printable(clip(line[j], maxCell))
			widths[j] = max(widths[j], width(line[j]))
		}
	}
	var b strings.Builder
	if s.Caption != "" {
		b.WriteString(printable(s.Caption) + "\n")
	}
	for i, line := range lines {
		var out strings.Builder
		for j, text := range line {
			pad := strings.Repeat(" ", widths[j]-width(text))
			if s.Columns[j].Text {
				text += pad
			} else {
				text = pad + text
			}
			out.WriteString("  " + text)
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
		if i == 0 {
			for _, w := range widths {
				b.WriteString("  " + strings.Repeat("─", w))
			}
			b.WriteString("\n")
		}
	}
	if rest := s.rest(); rest != "" {
		b.WriteString("  " + rest + "\n")
	}
	for _, note := range s.Notes {
		b.WriteString(printable(note) + "\n")
	}
	return b.String()
}

// cards reports whether a cell has several lines.
func (s Sheet) cards() bool {
	return slices.ContainsFunc(s.Rows, func(row []string) bool {
		return slices.ContainsFunc(row, func(text string) bool { return strings.Contains(text, lineBreak) })
	})
}

// cardWidth is how many columns of a terminal a line of a card may take.
const cardWidth = 44

// wrapped cuts the lines of a cell between words where they are long.
func wrapped(text string) []string {
	var out []string
	for _, line := range strings.Split(clip(text, maxText), lineBreak) {
		now := ""
		for _, word := range strings.Fields(line) {
			if now != "" && width(now)+1+width(word) > cardWidth {
				out, now = append(out, now), ""
			}
			now = strings.TrimPrefix(now+" "+word, " ")
		}
		out = append(out, now)
	}
	return out
}

// printable replaces control characters by spaces, and what is not text at all by U+FFFD.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// clip cuts text to at most limit columns, with an ellipsis, and reads no further than that.
func clip(text string, limit int) string {
	used, cut := 0, 0
	for i, r := range text {
		if used < limit {
			cut = i
		}
		if used += runeWidth(r); used > limit {
			return text[:cut] + "…"
		}
	}
	return text
}

// width is the number of terminal columns that text takes.
func width(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is 0 for combining marks, 2 for East Asian wide characters and emoji.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.In(r, wide):
		return 2
	}
	return 1
}

// wide holds the blocks that Unicode Standard Annex 11 calls wide, joined where nothing narrow lies between.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul Jamo
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // CJK radicals and punctuation
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, // Kana to Yi
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, // CJK compatibility
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1}, // full width forms
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, // pictographs and emoji
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1}, // CJK extensions
	},
}
