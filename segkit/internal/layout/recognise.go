package layout

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Given is what the user has said about a file, and how the options are called that say it.
type Given struct {
	Comma      byte     // between fields; 0 recognises it
	Header     []string // names of the columns of a file without a line that names them
	HeaderLine int      // the line that names the columns, from 1; 0 finds it
	Named      []string // columns that the user asks for: a line that has them all names the columns, even if it looks like data
	Single     bool     // one column will do where Comma is given
	Options    string   // "OrdersOptions", for remedies
}

// Layout is how a file is laid out.
type Layout struct {
	Comma   byte
	Names   []string // of the columns; those without a name of their own, or with that of another, are named by their position
	Twice   []Twice  // the columns that share a name
	Periods []string // the columns that are named by a month
	Line    int      // that names the columns, from 1; 0 where the user gave the names
	Before  int      // lines of the file before the first line of data
	Notes   []string // what is unusual, as sentences
}

// Twice are columns that have one name in the file; Names has another for each.
type Twice struct {
	Name    string
	Columns []int // from 0
}

// requested is when a web server was asked for something, as its log has it.
var requested = regexp.MustCompile(`\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d`)

// separators are what is tried, the commonest first; fields separated by blanks are rewritten (tabbed).
const separators = ",;\t|"

// sampled is how many records are looked at.
const sampled = 400

// Recognise finds the layout of a text, and reads up to the first line of data. Errors are those of the text, or a
// *fault.CellError to which the caller adds its own name and that of the file.
func Recognise(t *Text, g Given) (*Layout, error) {
	if len(bytes.TrimSpace(t.Start)) == 0 && t.Whole {
		return nil, &fault.CellError{Why: "the file is empty", Remedy: "check that the export was complete", Err: fault.ErrEmpty}
	}
	l := &Layout{}
	if t.Encoding != "" {
		l.Notes = append(l.Notes, "The file is encoded in "+t.Encoding+".")
	}
	if name, read, other := textfile.OtherPage(t.Start); name != "" {
		l.Notes = append(l.Notes, fmt.Sprintf("The file is not in UTF-8 and is read as Windows-1252, in which it holds words such as %q. In %s that would be %q: "+
			"segkit convert makes it UTF-8 if told so (--encoding %s).", read, name, other, name))
	} else if read != "" {
		l.Notes = append(l.Notes, fmt.Sprintf("The file is not in UTF-8 and is read as Windows-1252, in which it holds %q and others, which are no words. If it is in another encoding, "+
			"segkit convert makes it UTF-8 if told which (--encoding Shift_JIS, GB18030, Big5, EUC-KR …).", read))
	}
	if at := bytes.IndexAny(t.Start, "\r\n"); at >= 0 && at+1 < len(t.Start) && t.Start[at] == '\r' && t.Start[at+1] != '\n' && lonely(t.Start) {
		if err := t.rewrite(Macs{t.Reader}); err != nil {
			return nil, err
		}
	}
	skip, lines, named := sepLine(t.Start)
	if named != 0 && g.Comma == 0 {
		g.Comma = named
	}
	f := best(t, skip, g)
	if f.width < 2 {
		if err := l.byLines(t, &f, skip, g); err != nil {
			return nil, err
		}
	}
	l.Comma = f.comma
	return l, l.columns(t, f, lines, g)
}

// lonely reports whether carriage returns stand alone in most places.
func lonely(start []byte) bool {
	return bytes.Count(start, []byte{'\r'}) > 2*bytes.Count(start, []byte{'\n'})
}

// byLines tries what needs every line to be rewritten: fields separated by blanks, lines in quotes.
func (l *Layout) byLines(t *Text, f *found, skip int, g Given) error {
	if mostlyWrapped(t.Start) {
		if plain := best(rewritten(t, unwrapped), skip, g); plain.width > 1 {
			l.Notes = append(l.Notes, "Every line is in quotation marks as a whole, which were taken off.")
			if err := t.rewrite(&byLine{in: t.Reader, line: unwrapped}); err != nil {
				return err
			}
			skip, _, _ = sepLine(t.Start)
			*f = best(t, skip, g)
			return nil
		}
	}
	if g.Comma != 0 {
		return nil
	}
	g.Comma = '\t'
	for _, least := range []int{1, 2} {
		if by := best(rewritten(t, tabbed(least)), skip, g); by.width > 1 && by.even {
			l.Notes = append(l.Notes, "Fields are separated by blanks.")
			if err := t.rewrite(&byLine{in: t.Reader, line: tabbed(least)}); err != nil {
				return err
			}
			*f = best(t, skip, g)
			return nil
		}
	}
	return nil
}

// rewritten is the sample of t with its lines rewritten.
func rewritten(t *Text, line func(out, line []byte) []byte) *Text {
	var out []byte
	for n, rest := 0, t.Start; len(rest) > 0 && n < sampled; n++ {
		one, after, ended := bytes.Cut(rest, []byte{'\n'})
		if !ended && !t.Whole {
			break
		}
		out, rest = append(line(out, bytes.TrimSuffix(one, []byte{'\r'})), '\n'), after
	}
	return &Text{Start: out, Whole: true}
}

// sepLine recognises the first line that tells Excel the separator: its bytes, its lines, the separator.
func sepLine(start []byte) (skip, lines int, comma byte) {
	line, _, _ := bytes.Cut(start, []byte{'\n'})
	text := bytes.Trim(bytes.TrimRight(line, "\r"), `"`)
	if len(text) == 5 && bytes.EqualFold(text[:4], []byte("sep=")) {
		return min(len(line)+1, len(start)), 1, text[4]
	}
	return 0, 0, 0
}

// found is how the sample reads with one separator.
type found struct {
	comma   byte     // 0: none fits
	records []record // the first ones, blank lines left out
	width   int      // how many fields most have
	header  int      // the record that names the columns
	sure    bool     // it has the columns that the user asks for
	even    bool     // all records from the header on have as many fields
}

// best is the separator that cuts the records into the most fields in the same way.
func best(t *Text, skip int, g Given) found {
	tried, of := separators, found{}
	if g.Comma != 0 {
		tried = string(g.Comma)
	}
	score := 0.0
	for _, c := range []byte(tried) {
		f := found{comma: c, records: cut(t, skip, c)}
		share := f.measure(g)
		if f.width < 2 && g.Comma == 0 {
			continue
		}
		if s := share * float64(f.width-1); s > score || g.Comma != 0 {
			score, of = s, f
		}
	}
	if of.comma != 0 {
		return of
	}
	for _, c := range []byte(separators) { // no two lines agree: the first one may still name columns
		if f := (found{comma: c, records: cut(t, skip, c), width: 1}); len(f.records) > 0 && (of.records == nil || len(f.records[0].fields) > len(of.records[0].fields)) {
			of = f
		}
	}
	if len(of.records) > 0 && len(of.records[0].fields) == 1 {
		of.comma = 0
	}
	return of
}

// measure finds the width and the header, and returns the share of the records that have that width, halved where
// something stands above the header.
func (f *found) measure(g Given) float64 {
	counts, given := map[int]int{}, len(g.Header)
	for _, r := range f.records {
		counts[len(r.fields)]++
	}
	for n, times := range counts {
		if times > counts[f.width] || times == counts[f.width] && n > f.width {
			f.width = n
		}
	}
	if len(f.records) == 0 {
		return 0
	}
	if len(f.records) <= 3 && len(f.records[0].fields) > f.width { // too few to outvote the first line
		f.width = len(f.records[0].fields)
	}
	if counts[given] > 0 {
		f.width = given
	}
	share := float64(counts[f.width]) / float64(len(f.records))
	if given > 0 {
		f.even = counts[f.width] == len(f.records)
		return share
	}
	for i, r := range f.records {
		if len(r.fields) != f.width || filled(r.fields) < max(2, f.width/2) {
			continue
		}
		if f.sure = r.hasAll(g.Named); f.sure {
			f.header = i
			break
		}
		if i > 0 && f.isData(i) { // what names the columns stands above, with another number of fields
			break
		}
		f.header = i
		break
	}
	if f.header > 0 {
		share /= 2
	}
	f.even = !slices.ContainsFunc(f.records[f.header:], func(r record) bool { return len(r.fields) != f.width })
	return share
}

// hasAll reports whether the record has these fields, of which there is at least one.
func (r *record) hasAll(named []string) bool {
	return len(named) > 0 && !slices.ContainsFunc(named, func(name string) bool { return !slices.Contains(r.fields, name) })
}

func filled(fields []string) int {
	n := 0
	for _, c := range fields {
		if c != "" {
			n++
		}
	}
	return n
}

// valued reports for every column whether most cells below record i are numbers or dates.
func (f *found) valued(i int) []bool { return f.mostly(i, isValue) }

// mostly reports for every column whether most cells below record i are so.
func (f *found) mostly(i int, so func(cell string) bool) []bool {
	out := make([]bool, f.width)
	for j := range out {
		yes, cells := 0, 0
		for _, r := range f.records[i+1:] {
			if j < len(r.fields) && missing.Find([]byte(r.fields[j])) < 0 {
				cells++
				if so(r.fields[j]) {
					yes++
				}
			}
		}
		out[j] = yes > 0 && 5*yes >= 4*cells
	}
	return out
}

var missing = cell.NewMissing(nil)

// isData reports whether record i holds data: it has a number or a date in most columns that hold them below.
func (f *found) isData(i int) bool {
	values, columns := 0, 0
	for j, v := range f.valued(i) {
		if v && j < len(f.records[i].fields) && missing.Find([]byte(f.records[i].fields[j])) < 0 {
			if isPeriod(f.records[i].fields[j]) && !f.below(i, j) { // a column named by its month
				return false
			}
			columns++
			if isValue(f.records[i].fields[j]) {
				values++
			}
		}
	}
	if i+1 == len(f.records) || columns == 0 { // nothing to compare with
		for _, c := range f.records[i].fields {
			if isValue(c) {
				values++
			}
		}
		columns = len(f.records[i].fields)
	}
	return 2*values > columns
}

// below reports whether a cell of column j below record i looks like a month or a day.
func (f *found) below(i, j int) bool {
	return slices.ContainsFunc(f.records[i+1:], func(r record) bool { return j < len(r.fields) && isPeriod(r.fields[j]) })
}

// columns names the columns, and reads up to the data.
func (l *Layout) columns(t *Text, f found, before int, g Given) error {
	option := func(name string) string { return g.Options + "." + name }
	if g.HeaderLine > 0 {
		at := slices.IndexFunc(f.records, func(r record) bool { return before+r.line == g.HeaderLine })
		if at < 0 {
			return &fault.CellError{Line: g.HeaderLine, Why: "is blank, or is too far down to name the columns", Remedy: "give the line that names them in " + option("HeaderLine"), Err: fault.ErrFormat}
		}
		f.header, f.width = at, len(f.records[at].fields)
	}
	if len(f.records) == 0 {
		return &fault.CellError{Line: 1, Why: "the first line is longer than a megabyte, so this is no CSV file", Remedy: "check the file", Err: fault.ErrFormat}
	}
	if g.HeaderLine == 0 && len(g.Header) == 0 && !f.sure && f.isGroups(f.header) {
		f.header++
	}
	first := f.records[f.header]
	var cells []string
	switch {
	case len(g.Header) > 0:
		l.Before, cells = before, g.Header
		f.header = -1
		if len(first.fields) != len(g.Header) {
			return &fault.CellError{Line: before + first.line, Why: fmt.Sprintf("has %s, and %s names %d", wording.Plural(len(first.fields), "field"), option("Header"), len(g.Header)),
				Remedy: "name every column, in the order of the file", Err: fault.ErrFormat}
		}
	case unclosed(first):
		return &fault.CellError{Line: before + first.line, Why: "a quotation mark opens a field here and is never closed", Remedy: "close it, or double it if it is part of the text", Err: fault.ErrFormat}
	case len(first.fields) == 1 && !(g.Single && g.Comma != 0 && best(t, first.start, Given{}).width < 2):
		return l.single(before+first.line, first, f, g)
	case g.HeaderLine == 0 && requested.MatchString(strings.Join(first.fields, " ")):
		return &fault.CellError{Line: before + first.line, Why: "the first line is a request in the log of a web server, which has no header", Remedy: "weblog.ReadVisits reads such logs", Err: fault.ErrFormat}
	case g.HeaderLine == 0 && !f.sure && f.isData(f.header):
		return &fault.CellError{Line: before + first.line, Why: "the first line holds data, not the names of the columns", Err: fault.ErrFormat,
			Remedy: fmt.Sprintf("put a line with their names above it, or give the names of the %d columns in %s", len(first.fields), option("Header"))}
	default:
		l.Line, l.Before, cells = before+first.line, before+first.line+first.lines-1, first.fields
		if f.header > 0 || g.HeaderLine > 1 {
			l.Notes = append(l.Notes, fmt.Sprintf("The columns are named in line %d; what is above it was skipped (%q).", l.Line, wording.Clip(strings.Join(f.records[0].fields, string(f.comma)))))
		}
	}
	l.name(cells)
	for i, c := range cells {
		if isPeriod(c) {
			l.Periods = append(l.Periods, l.Names[i])
		}
	}
	discard := 0
	if f.header >= 0 {
		discard = first.end
		if f.isUnits(f.header + 1) {
			u := f.records[f.header+1]
			l.Notes = append(l.Notes, fmt.Sprintf("Line %d explains the columns (%q) and was skipped.", before+u.line, wording.Clip(strings.Join(u.fields, string(f.comma)))))
			discard, l.Before = u.end, before+u.line+u.lines-1
		}
	} else if before > 0 {
		discard = first.start
		l.Before = before + first.line - 1
	}
	_, err := t.Discard(discard)
	return err
}

// unclosed reports whether a quote opens the last field of a header and goes on to the end of the file.
func unclosed(header record) bool {
	last := header.fields[len(header.fields)-1]
	return strings.HasPrefix(last, `"`) && strings.Count(last, `"`)%2 == 1 && strings.Contains(last, "\n")
}

// single refuses a file whose header is one column.
func (l *Layout) single(line int, first record, f found, g Given) error {
	e := &fault.CellError{Line: line, Err: fault.ErrFormat}
	why := fmt.Sprintf("the header is the single column %q, so ", wording.Clip(first.fields[0]))
	if g.Comma != 0 {
		e.Why = why + fmt.Sprintf("%q is not what separates the fields", g.Comma)
		e.Remedy = "leave " + g.Options + ".Comma unset to have it recognised"
		return e
	}
	e.Why = why + "this is no CSV file, or its fields are not separated by comma, semicolon, tab, | or blanks"
	e.Remedy = "give their separator in " + g.Options + ".Comma"
	for _, r := range f.records {
		if len(r.fields) > 1 {
			e.Remedy += fmt.Sprintf("; if line %d names the columns, set %s.HeaderLine to %d", r.line, g.Options, r.line)
			break
		}
	}
	return e
}

// isGroups reports whether record i names groups of columns, and the one below it the columns: it leaves a third of them blank, as cells
// that were merged in a spreadsheet do, and the next has text in every one.
func (f *found) isGroups(i int) bool {
	if i+1 >= len(f.records) {
		return false
	}
	blank := f.width - filled(f.records[i].fields)
	return blank > 1 && 3*blank >= f.width && filled(f.records[i+1].fields) == f.width && f.isUnits(i+1)
}

// isUnits reports whether record i is a second line of the header: units, types or explanations. Where the lines below it have numbers,
// dates or other cells with digits it has text without any, in at least two columns, or in one and nothing beside it: a line with a
// single cell that cannot be read is a line of data.
func (f *found) isUnits(i int) bool {
	if i+1 >= len(f.records) || len(f.records[i].fields) != f.width {
		return false
	}
	others := 0
	for j, digits := range f.digits(i) {
		c := f.records[i].fields[j]
		switch {
		case missing.Find([]byte(c)) >= 0:
		case !digits:
		case strings.ContainsAny(c, "0123456789"):
			return false
		default:
			others++
		}
	}
	return others > 1 || others == 1 && filled(f.records[i].fields) == 1
}

// digits reports for every column whether most cells below record i have digits.
func (f *found) digits(i int) []bool {
	return f.mostly(i, func(c string) bool { return strings.ContainsAny(c, "0123456789") })
}

// Unnamed is what column i, from 0, is called where the header leaves it without a name.
func Unnamed(i int) string { return fmt.Sprintf("column %d", i+1) }

// name gives every column a name of its own, on one line.
func (l *Layout) name(cells []string) {
	cells = slices.Clone(cells)
	for i, c := range cells {
		if strings.ContainsAny(c, "\r\n\t") {
			cells[i] = strings.Join(strings.Fields(c), " ")
		}
	}
	at := map[string][]int{}
	for i, c := range cells {
		at[c] = append(at[c], i)
	}
	var blank []string
	for i, c := range cells {
		switch {
		case c == "":
			c = Unnamed(i)
			blank = append(blank, fmt.Sprint(i+1))
		case len(at[c]) > 1:
			if at[c][0] == i {
				l.Twice = append(l.Twice, Twice{c, at[c]})
			}
			c = fmt.Sprintf("%s (column %d)", c, i+1)
		}
		l.Names = append(l.Names, c)
	}
	if len(blank) > 0 {
		called := map[bool]string{true: "it is called by its position", false: "they are called by their positions"}[len(blank) == 1]
		l.Notes = append(l.Notes, fmt.Sprintf("The header leaves %s without a name: %s, as %q.", wording.Plural(len(blank), "column"), called, "column "+blank[0]))
	}
	for _, t := range l.Twice {
		l.Notes = append(l.Notes, fmt.Sprintf("%s are named %q: they are told apart by their positions, as %q.", wording.Plural(len(t.Columns), "column"), t.Name, l.Names[t.Columns[0]]))
	}
}

// record is one record of the sample, its fields trimmed.
type record struct {
	fields      []string
	line, lines int // its first line, from 1, and how many it has
	start, end  int // bytes of the sample
}

// cut cuts the first records of the sample behind skip. It is lenient: a quote that is not closed within 64 kB is text.
func cut(t *Text, skip int, comma byte) []record {
	var out []record
	data := t.Start
	line := 1
	for at := skip; at < len(data) && len(out) < sampled; {
		r := record{line: line, start: at}
		end, quoted, opened := at, false, -1
		from := at
		for ; end < len(data); end++ {
			c := data[end]
			if quoted && end-opened > 1<<16 {
				quoted, end = false, opened
				continue
			}
			switch {
			case c == '"':
				if quoted = !quoted; quoted {
					opened = end
				}
			case quoted:
			case c == comma:
				r.fields = append(r.fields, clean(data[from:end]))
				from = end + 1
			case c == '\n':
				goto ended
			}
		}
		if !t.Whole {
			break // the record may go on behind the sample
		}
	ended:
		r.fields = append(r.fields, clean(data[from:end]))
		r.end = min(end+1, len(data))
		r.lines = max(1, bytes.Count(data[at:r.end], []byte{'\n'}))
		line += r.lines
		at = r.end
		if slices.ContainsFunc(r.fields, func(f string) bool { return f != "" && !IsRule([]byte(f)) }) {
			out = append(out, r)
		}
	}
	return out
}

// clean is a field without its quotes and the blanks around it, in UTF-8.
func clean(b []byte) string {
	if len(b) > 1<<12 {
		b = b[:1<<12]
	}
	b = bytes.TrimPrefix(bytes.TrimSpace(b), []byte{'='})
	if n := len(b); n > 1 && b[0] == '"' && b[n-1] == '"' {
		b = bytes.TrimSpace(bytes.ReplaceAll(b[1:n-1], []byte(`""`), []byte(`"`)))
	}
	if !utf8.Valid(b) {
		b = textfile.FromWindows1252(b)
	}
	return string(b)
}
