package sheet

// A sheet as an HTML table: for notebooks, reports and the pages exported from them. It brings its own light background
// (the rows are transparent, so that the shadows of scrollStyle show through) and colours, because it must read the same on a light and on a dark theme (contrast is at least 7:1), and carries every
// style inline, because exported pages and mail readers drop style sheets.

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	pageStyle    = "container-type:inline-size" // 100cqw is the width of the page
	boxStyle     = "display:inline-block;max-width:100%;box-sizing:border-box;padding:.4em 0;color:#1a1a1a;font-size:14px;line-height:1.4;"
	tableStyle   = "border-collapse:collapse;margin:0;min-width:min(34em,70vw);color:#1a1a1a;font-size:14px;font-variant-numeric:tabular-nums"
	captionStyle = "caption-side:top;text-align:left;padding:.2em .5em .5em;color:#1a1a1a;font-size:14px;font-weight:600"
	inViewStyle  = "position:sticky;left:.5em;max-width:calc(100cqw - 1em)" // where the table is wider than the page, its caption is not
	headStyle    = "padding:.25em .5em;border-bottom:2px solid #595959;vertical-align:bottom;font-weight:600;text-align:"
	cellStyle    = "padding:.25em .5em;vertical-align:top;font-weight:400;text-align:"
	noteStyle    = "margin:.4em .5em 0;max-width:60em;overflow-wrap:anywhere;color:#1a1a1a;font-size:13px"
	summaryStyle = "cursor:pointer;color:#1a1a1a"
	foldedStyle  = "margin:.3em 0 .3em 1.1em;color:#1a1a1a;font-size:13px"
	unitStyle    = "color:#595959;font-weight:400"
)

// scrollStyle lets what is wider than the page scroll on white, with a shadow at the edge behind which there is more: two covers
// scroll along with the content and hide the two shadows, which do not, where there is nothing more to see.
const scrollStyle = "overflow-x:auto;background:linear-gradient(90deg,#fff 40%,rgba(255,255,255,0)) 0 0/28px 100% no-repeat local," +
	"linear-gradient(270deg,#fff 40%,rgba(255,255,255,0)) 100% 0/28px 100% no-repeat local," +
	"linear-gradient(90deg,rgba(0,0,0,.35),rgba(0,0,0,0)) 0 0/12px 100% no-repeat scroll," +
	"linear-gradient(270deg,rgba(0,0,0,.35),rgba(0,0,0,0)) 100% 0/12px 100% no-repeat scroll,#fff"

// Scroll lets content of a page scroll where it is wider than the page, by keyboard too; the name says what it is to those who
// hear the page.
func Scroll(name, content string) string { return scroll(name, "", content) }

func scroll(name, style, content string) string {
	return fmt.Sprintf("<div role=\"group\" tabindex=\"0\" aria-label=\"%s\" style=\"%s\">%s</div>", escape(name), style+scrollStyle, content)
}

// A page has room for about pageText characters beside each other, each column's padding counted as two. Where a table has more,
// texts wrap that would stay on one line otherwise: first sentences, then conditions, then names.
const pageText = 114

var shortTexts = [...]int{32, 24, 16, 8, 0} // how many characters stay on one line

// shortText is how many characters of a text stay on one line, so that the table fits a page.
func (s Sheet) shortText() int {
	for _, short := range shortTexts {
		total := 0
		for j, c := range s.Columns {
			widest := 0
			for _, word := range strings.Fields(strings.ReplaceAll(c.head(), "_", "_ ")) {
				widest = max(widest, utf8.RuneCountInString(word))
			}
			for _, row := range s.Rows {
				for _, line := range shownLines(cell(row, j)) {
					n := utf8.RuneCountInString(line)
					if c.Text && n > short { // it wraps, and needs some room all the same
						n = min(n, 20)
					}
					widest = max(widest, n)
				}
			}
			total += widest + 2
		}
		if total <= pageText {
			return short
		}
	}
	return 0
}

// maxText is how many characters of one text a page shows: a field of 10 MB has no place there.
const maxText = 1000

// HTML lays the sheet out as one table element with a caption, headers with a scope, and its notes below. At most MaxRows
// rows are shown, with the count of the rest. All text is escaped.
func (s Sheet) HTML() string {
	s = s.Clip()
	short := s.shortText()
	var b strings.Builder
	fmt.Fprintf(&b, "\n<table style=\"%s\">\n", tableStyle)
	if s.Caption != "" {
		fmt.Fprintf(&b, "<caption style=\"%s\"><div style=\"%s\">%s</div></caption>\n", captionStyle, inViewStyle, escape(s.Caption))
	}
	b.WriteString("<thead><tr style=\"background:transparent\">")
	for _, c := range s.Columns {
		fmt.Fprintf(&b, "<th scope=\"col\" style=\"%s%s\">%s", headStyle, strings.TrimSuffix(c.side(), nowrap), strings.ReplaceAll(escape(c.Name), "_", "_<wbr/>")) // headers may wrap, names of columns behind an underscore too, so that wide tables fit a page
		if c.Unit != "" {
			fmt.Fprintf(&b, " <span style=\"%s\">(%s)</span>", unitStyle, escape(c.Unit))
		}
		b.WriteString("</th>")
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for i, row := range s.Rows {
		fmt.Fprintf(&b, "<tr style=\"background:%s\">", [...]string{"transparent", "rgba(0,0,0,.05)"}[i%2])
		for j, c := range s.Columns {
			open, end := "td", "td"
			if j == 0 && c.Text && cell(row, j) != "" {
				open, end = `th scope="row"`, "th" // what the row is about
			}
			style := cellStyle + c.side()
			if long := func(line string) bool { return utf8.RuneCountInString(line) > short }; c.Text &&
				!strings.Contains(cell(row, j), fold) && !slices.ContainsFunc(shownLines(cell(row, j)), long) {
				style += nowrap
			} else if c.Text {
				style += leastWidth(longest(shownLines(cell(row, j))))
			}
			fmt.Fprintf(&b, "<%s style=\"%s\">%s</%s>", open, style, lines(cell(row, j), end == "th"), end)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n")
	if rest := s.rest(); rest != "" {
		fmt.Fprintf(&b, "<tfoot><tr style=\"background:transparent\"><td colspan=\"%d\" style=\"%sleft\">%s</td></tr></tfoot>\n",
			max(len(s.Columns), 1), cellStyle, rest)
	}
	b.WriteString("</table>\n")
	for _, note := range s.Notes {
		fmt.Fprintf(&b, "<p style=\"%s\">%s</p>\n", noteStyle, escape(note))
	}
	return fmt.Sprintf("<div style=\"%s\">%s</div>", pageStyle, scroll(cmp.Or(s.Caption, "table"), boxStyle, b.String()))
}

// longest is the length of the longest line.
func longest(lines []string) (most int) {
	for _, line := range lines {
		most = max(most, utf8.RuneCountInString(line))
	}
	return most
}

// leastWidth is that of a cell whose text may wrap, by the length of its longest line: a narrow page scrolls rather than set a word a line.
func leastWidth(length int) string {
	switch {
	case length > 96:
		return ";min-width:18em"
	case length > 32:
		return ";min-width:11em"
	case length > 12:
		return ";min-width:6em"
	}
	return ""
}

// shown is what a cell shows before it is opened, and shownLines the lines of that.
func shown(cell string) string {
	first, _, _ := strings.Cut(cell, fold)
	return first
}

func shownLines(cell string) []string { return strings.Split(shown(cell), lineBreak) }

// lines makes a cell of its lines; the first line of a heading stands out from those below it. What is folded opens with a click.
func lines(text string, heading bool) string {
	if first, behind, folded := strings.Cut(text, fold); folded {
		return fmt.Sprintf("<details><summary style=\"%s\">%s</summary><div style=\"%s\">%s</div></details>", summaryStyle, lines(first, heading),
			foldedStyle, lines(behind, false))
	}
	all := strings.Split(text, lineBreak)
	for i, line := range all {
		if all[i] = escape(line); heading && i == 0 && len(all) > 1 {
			all[i] = "<strong>" + all[i] + "</strong>"
		}
	}
	return strings.Join(all, "<br/>")
}

// escape makes text from data safe inside an element.
func escape(text string) string { return html.EscapeString(printable(clip(text, maxText))) }

const nowrap = ";white-space:nowrap" // numbers and short texts stay on one line

// side is where the column's cells stand.
func (c Column) side() string {
	if c.Text {
		return "left"
	}
	return "right" + nowrap
}

// rest counts the rows that are not shown, as a sentence; "" if all are.
func (s Sheet) rest() string {
	switch more := s.Total - len(s.Rows); {
	case len(s.Rows) == 0 && more <= 0:
		return "no rows"
	case more == 1:
		return "… and 1 more row"
	case more > 1:
		return "… and " + Count(more) + " more rows"
	}
	return ""
}

// cell is the text of column j, "" where a row is short.
func cell(row []string, j int) string {
	if j < len(row) {
		return row[j]
	}
	return ""
}
