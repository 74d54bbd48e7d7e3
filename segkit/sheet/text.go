package sheet

// A sheet as aligned text: for terminals, logs, and readers of a notebook that show no HTML.

import (
	"slices"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/internal/inert"
)

// columns is how wide a terminal is taken to be where it does not say.
const columns = 100

const (
	nameText = 24 // how far a column of texts is narrowed before names and other short texts wrap
	minText  = 10 // and how far at most
)

// Text is TextIn of 100 columns.
func (s Sheet) Text() string { return s.TextIn(columns) }

// TextIn lays the sheet out with spaces, for a fixed-width font and lines of at most the given number of columns: headers and texts
// wrap, the widest first; numbers do not, so that a sheet of many numbers may stay wider. At most MaxRows rows are shown, with the
// count of the rest. Control characters in cells are replaced, so that data cannot steer the terminal.
func (s Sheet) TextIn(columns int) string {
	s = s.Clip().unfolded()
	widths := s.widths(columns)
	var b strings.Builder
	say := func(text string) {
		for _, line := range Wrapped(text, columns) {
			b.WriteString(line + "\n")
		}
	}
	if s.Caption != "" {
		say(s.Caption)
	}
	head := make([]string, len(s.Columns))
	for j, c := range s.Columns {
		head[j] = c.head()
	}
	s.write(&b, head, widths)
	for _, w := range widths {
		b.WriteString("  " + strings.Repeat("─", w))
	}
	b.WriteString("\n")
	for i, row := range s.Rows {
		s.write(&b, row, widths)
		if s.cards() && i < len(s.Rows)-1 {
			b.WriteString("\n")
		}
	}
	if rest := s.rest(); rest != "" {
		b.WriteString("  " + rest + "\n")
	}
	for _, note := range s.Notes {
		say(note)
	}
	return b.String()
}

// unfolded is the sheet with what its cells keep folded as lines below what they show.
func (s Sheet) unfolded() Sheet {
	rows := make([][]string, len(s.Rows))
	for i, row := range s.Rows {
		rows[i] = slices.Clone(row)
		for j := range row {
			rows[i][j] = strings.ReplaceAll(row[j], fold, lineBreak)
		}
	}
	s.Rows = rows
	return s
}

// head is the column's name with its unit.
func (c Column) head() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " (" + c.Unit + ")"
}

// widths are those of the columns: as wide as their cells where all fits, and else the widest texts narrowed until it does.
func (s Sheet) widths(columns int) []int {
	widths, least, longest, words := make([]int, len(s.Columns)), make([]int, len(s.Columns)), make([]int, len(s.Columns)), make([]int, len(s.Columns))
	total := 0
	for j, c := range s.Columns {
		for _, word := range strings.Fields(c.head()) {
			least[j] = max(least[j], min(width(word), columns))
		}
		cells := 0
		for _, row := range s.Rows {
			for _, line := range strings.Split(clip(cell(row, j), maxText), lineBreak) {
				cells = max(cells, width(line))
				for _, word := range strings.Fields(line) {
					words[j] = max(words[j], min(width(word), nameText))
				}
			}
			longest[j] = max(longest[j], width(clip(cell(row, j), maxText)))
		}
		if !c.Text {
			least[j] = max(least[j], cells) // numbers stay whole
		}
		least[j] = max(least[j], min(cells, minText))
		widths[j] = max(least[j], min(max(cells, width(c.head())), columns))
		total += 2 + widths[j]
	}
	lines := func(j int) float64 { return float64(longest[j]) / float64(widths[j]-1) } // that the longest cell would take, one column narrower
	for _, kept := range []func(j int) int{                                            // sentences first, then what is shortest for its width, and words are broken only where nothing else helps
		func(int) int { return nameText }, func(j int) int { return words[j] }, func(int) int { return 0 }} {
		for total > columns {
			narrowed := -1
			for j := range widths {
				if widths[j] > max(least[j], kept(j)) && (narrowed < 0 || lines(j) < lines(narrowed)) {
					narrowed = j
				}
			}
			if narrowed < 0 {
				break
			}
			widths[narrowed]--
			total--
		}
	}
	return widths
}

// write adds a row, which takes as many lines as its tallest cell.
func (s Sheet) write(b *strings.Builder, row []string, widths []int) {
	cells, tall := make([][]string, len(s.Columns)), 1
	for j := range cells {
		cells[j] = Wrapped(cell(row, j), widths[j])
		tall = max(tall, len(cells[j]))
	}
	for l := range tall {
		var out strings.Builder
		for j := range cells {
			text := cell(cells[j], l)
			pad := strings.Repeat(" ", widths[j]-width(text))
			if s.Columns[j].Text {
				text += pad
			} else {
				text = pad + text
			}
			out.WriteString("  " + text)
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
	}
}

// cards reports whether a cell has several lines.
func (s Sheet) cards() bool {
	return slices.ContainsFunc(s.Rows, func(row []string) bool {
		return slices.ContainsFunc(row, func(text string) bool { return strings.Contains(text, lineBreak) })
	})
}

// Wrapped cuts text between words into lines of at most limit columns. A word that is longer loses its end.
func Wrapped(text string, limit int) []string {
	var out []string
	for _, line := range strings.Split(clip(text, maxText), lineBreak) {
		if line = printable(line); width(line) <= limit {
			out = append(out, line)
			continue
		}
		now := ""
		for _, word := range strings.Fields(line) {
			pieces := []string{word}
			if width(word) > limit { // a long word may end behind a hyphen
				pieces = strings.SplitAfter(word, "-")
			}
			for p, piece := range pieces {
				if width(piece) > limit {
					piece = clip(piece, limit-1)
				}
				joint := map[bool]string{true: " "}[p == 0 && now != ""]
				if now != "" && width(now+joint+piece) > limit {
					out, now, joint = append(out, now), "", ""
				}
				now += joint + piece
			}
		}
		out = append(out, now)
	}
	return out
}

// printable replaces control characters and marks of direction by spaces, and what is not text at all by U+FFFD.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || inert.Steers(r) {
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
