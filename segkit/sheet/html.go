package sheet

// A sheet as an HTML table: for notebooks, reports and the pages exported from them. It brings its own light background
// and colours, because it must read the same on a light and on a dark theme (contrast is at least 7:1), and carries every
// style inline, because exported pages and mail readers drop style sheets.

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	boxStyle     = "display:inline-block;max-width:100%;overflow-x:auto;box-sizing:border-box;padding:.4em .8em;background:#fff;color:#1a1a1a;font-size:14px;line-height:1.4"
	tableStyle   = "border-collapse:collapse;margin:0;min-width:34em;color:#1a1a1a;font-size:14px;font-variant-numeric:tabular-nums"
	captionStyle = "caption-side:top;text-align:left;padding:.2em .6em .5em;color:#1a1a1a;font-size:14px;font-weight:600"
	headStyle    = "padding:.25em .6em;border-bottom:2px solid #595959;vertical-align:bottom;font-weight:600;text-align:"
	cellStyle    = "padding:.25em .6em;vertical-align:top;font-weight:400;text-align:"
	noteStyle    = "margin:.4em .6em 0;max-width:60em;color:#1a1a1a;font-size:13px"
	unitStyle    = "color:#595959;font-weight:400"
)

// shortText is how many characters stay on one line: a name and a short condition do, a sentence wraps.
const shortText = 32

// maxText is how many characters of one text a page shows: a field of 10 MB has no place there.
const maxText = 1000

// HTML lays the sheet out as one table element with a caption, headers with a scope, and its notes below. At most MaxRows
// rows are shown, with the count of the rest. All text is escaped.
func (s Sheet) HTML() string {
	s = s.Clip()
	var b strings.Builder
	fmt.Fprintf(&b, "<div style=\"%s\">\n<table style=\"%s\">\n", boxStyle, tableStyle)
	if s.Caption != "" {
		fmt.Fprintf(&b, "<caption style=\"%s\">%s</caption>\n", captionStyle, escape(s.Caption))
	}
	b.WriteString("<thead><tr style=\"background:#fff\">")
	for _, c := range s.Columns {
		fmt.Fprintf(&b, "<th scope=\"col\" style=\"%s%s\">%s", headStyle, strings.TrimSuffix(c.side(), nowrap), escape(c.Name)) // headers may wrap, so that wide tables fit a page
		if c.Unit != "" {
			fmt.Fprintf(&b, " <span style=\"%s\">(%s)</span>", unitStyle, escape(c.Unit))
		}
		b.WriteString("</th>")
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for i, row := range s.Rows {
		fmt.Fprintf(&b, "<tr style=\"background:%s\">", [...]string{"#fff", "#f3f3f3"}[i%2])
		for j, c := range s.Columns {
			open, end := "td", "td"
			if j == 0 && c.Text {
				open, end = `th scope="row"`, "th" // what the row is about
			}
			style := cellStyle + c.side()
			if long := func(line string) bool { return utf8.RuneCountInString(line) > shortText }; c.Text &&
				!slices.ContainsFunc(strings.Split(cell(row, j), lineBreak), long) {
				style += nowrap
			}
			fmt.Fprintf(&b, "<%s style=\"%s\">%s</%s>", open, style, lines(cell(row, j), end == "th"), end)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n")
	if rest := s.rest(); rest != "" {
		fmt.Fprintf(&b, "<tfoot><tr style=\"background:#fff\"><td colspan=\"%d\" style=\"%sleft\">%s</td></tr></tfoot>\n",
			max(len(s.Columns), 1), cellStyle, rest)
	}
	b.WriteString("</table>\n")
	for _, note := range s.Notes {
		fmt.Fprintf(&b, "<p style=\"%s\">%s</p>\n", noteStyle, escape(note))
	}
	b.WriteString("</div>")
	return b.String()
}

// lines makes a cell of its lines; the first line of a heading stands out from those below it.
func lines(text string, heading bool) string {
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
