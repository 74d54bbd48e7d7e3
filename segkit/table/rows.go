package table

// The rows of a CSV file, one after another: how it is laid out is recognised as for order files, and every row that is no customer is
// counted.

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

const (
	mostRecord = 1 << 24 // bytes of a row
	mostCell   = 1 << 20 // bytes of a cell: a longer one is a quote that was never closed, or no CSV
)

// csvFile is one pass over a file that is cut into cells: every row has as many as the header.
type csvFile struct {
	op, name  string
	comma     rune
	header    []string
	notes     []string // what is unusual, complete after the last row
	at        int      // the line that names the columns, 0 for none
	before    int      // lines of the file in front of those that csv sees
	raw       tap      // what was read of the file
	plain     tap      // the text
	rewritten bool     // ="…" was taken off
	csv       *csv.Reader
	last      int      // the line of the last row
	held      []held   // rows that say they are totals, which they are at the end of the file
	queue     []held   // rows that are rows after all
	mixed     bool     // some that said so were not
	remark    *held    // what stands below the last row, if nothing follows
	blank     int      // rows without any text
	encodings [3]*spot // the first text in UTF-8 beyond ASCII, cut inside a character, and in no UTF-8
}

type held struct {
	cells []string
	line  int
}

// spot is a cell that shows how the file is encoded.
type spot struct {
	line  int
	cell  string
	index int
}

const (
	wide = iota
	half
	foreign
)

// tap counts what runs through it, and ends a row that has no end.
type tap struct {
	in          io.Reader
	all, record int64
	most        int64 // bytes of a record; 0 for any number
}

func (t *tap) Read(p []byte) (int, error) {
	if t.most > 0 && t.record > t.most {
		return 0, errTooLong
	}
	n, err := t.in.Read(p)
	t.all, t.record = t.all+int64(n), t.record+int64(n)
	return n, err
}

var errTooLong = errors.New("holds a row of more than 16 MB: a double quote is left open")

// openCSV recognises the layout of in and reads up to the first row. named are columns that the caller asks for.
func openCSV(in io.Reader, op, name string, o CSVOptions, named ...string) (*csvFile, error) {
	f := &csvFile{op: op, name: name, raw: tap{in: in}}
	text, err := layout.Open(&f.raw)
	if err != nil {
		return nil, f.refused(err)
	}
	if text.Encoding == "" && bytes.IndexByte(text.Start, 0) >= 0 {
		return nil, f.nul(1 + bytes.Count(text.Start[:bytes.IndexByte(text.Start, 0)], []byte("\n")))
	}
	l, err := layout.Recognise(text, layout.Given{Comma: byte(o.Comma), Header: o.Header, HeaderLine: o.HeaderLine, Named: named, Single: true, Options: "table.CSVOptions"})
	if err != nil {
		return nil, f.refused(err)
	}
	f.comma, f.header, f.notes, f.at, f.before = rune(l.Comma), l.Names, l.Notes, l.Line, l.Before
	if bytes.Contains(text.Start, []byte(`="`)) {
		if err := text.Plain(l.Comma); err != nil {
			return nil, f.refused(err)
		}
		f.rewritten = true
	}
	f.plain = tap{in: text.Rest(), most: mostRecord}
	f.csv = csv.NewReader(&f.plain)
	f.csv.Comma, f.csv.FieldsPerRecord, f.csv.ReuseRecord = f.comma, -1, true
	return f, nil
}

// next returns the next row, whose cells are valid until the one after it is read; io.EOF is the end.
func (f *csvFile) next() (cells []string, line int, err error) {
	for len(f.queue) == 0 {
		cells, line, err := f.row()
		switch {
		case err == io.EOF:
			return nil, 0, f.end()
		case err != nil:
			return nil, 0, err
		case !f.mixed && f.isTotal(cells):
			f.held = append(f.held, held{slices.Clone(cells), line})
			continue
		case f.held == nil:
			return cells, line, nil
		}
		f.mixed = true
		f.queue, f.held = append(f.held, held{slices.Clone(cells), line}), nil
	}
	first := f.queue[0]
	f.queue = f.queue[1:]
	return first.cells, first.line, nil
}

// isTotal reports whether the first cell with text says that the row sums up others.
func (f *csvFile) isTotal(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return layout.SaysTotal(c)
		}
	}
	return false
}

// row returns the next row that has text.
func (f *csvFile) row() (cells []string, line int, err error) {
	for {
		if cells, err = f.csv.Read(); err == io.EOF {
			return nil, 0, err
		} else if err != nil {
			return nil, 0, f.quoteError(err)
		}
		line, _ = f.csv.FieldPos(0)
		line += f.before
		f.plain.record, f.last = 0, line
		filled := 0
		for j := range cells {
			if n := len(cells[j]); n > 0 && (textfile.Blank(cells[j][0]) || textfile.Blank(cells[j][n-1])) {
				cells[j] = string(textfile.Trim([]byte(cells[j])))
			}
			if cells[j] != "" {
				filled = j + 1
			}
			switch {
			case len(cells[j]) > mostCell:
				return nil, 0, f.errorAt(line, "check that this is a CSV file with one row per line", "has more than 1 MB of text in cell %d", j+1)
			case strings.IndexByte(cells[j], 0) >= 0:
				return nil, 0, f.nul(line)
			}
			cells[j] = f.decoded(cells[j], line, j)
		}
		switch n := len(f.header); {
		case filled == 0 || layout.IsRule([]byte(cells[0])) && !slices.ContainsFunc(cells, func(c string) bool { return c != "" && !layout.IsRule([]byte(c)) }):
			f.blank++
		case f.remark != nil:
			return nil, 0, f.ragged(f.remark.line, f.remark.cells)
		case len(cells) > n && filled <= n:
			return cells[:n], line, nil
		case len(cells) == 1 && n > 1 && (strings.Contains(cells[0], " ") && !strings.Contains(cells[0], "\n") || layout.SaysTotal(cells[0])): // "(3 rows affected)"
			f.remark = &held{slices.Clone(cells), line}
		case len(cells) != n:
			return nil, 0, f.ragged(line, cells)
		case n > 1 && slices.Equal(cells, f.header):
			return nil, 0, f.errorAt(line, "delete it (were two files joined?)", "repeats the header")
		default:
			return cells, line, nil
		}
	}
}

// decoded is a cell in UTF-8, and notes what it shows of the file's encoding.
func (f *csvFile) decoded(cell string, line, index int) string {
	kind := wide
	switch {
	case isASCII(cell):
		return cell
	case utf8.ValidString(cell):
	case textfile.EndsInside([]byte(cell)):
		kind = half
	default:
		kind = foreign
	}
	if f.encodings[kind] == nil {
		f.encodings[kind] = &spot{line, strings.Clone(cell), index}
	}
	return textfile.String(cell)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// end says what was left out, or what only the whole file can show to be wrong; else io.EOF.
func (f *csvFile) end() error {
	at := func(s *spot, why, remedy string) error {
		e := &fault.CellError{Op: f.op, File: f.name, Line: s.line, Why: why, Remedy: remedy, Err: fault.ErrFormat}
		if s.index < len(f.header) {
			e.Column = f.header[s.index]
		}
		return e
	}
	switch inWide, inHalf, inForeign := f.encodings[wide], f.encodings[half], f.encodings[foreign]; {
	case inHalf != nil && inForeign == nil:
		return at(inHalf, "ends in the middle of a character: the text was cut off after a fixed number of bytes", "export the column in full, or mend the cell")
	case inWide != nil && inForeign != nil:
		return at(inForeign, fmt.Sprintf("is not UTF-8, though the text %q in line %d is", wording.Clip(inWide.cell), inWide.line), "export the file in one encoding, UTF-8 if there is a choice")
	}
	if f.blank > 0 {
		f.notes = append(f.notes, fmt.Sprintf("Left out: %s without any text.", wording.Plural(f.blank, "line")))
	}
	if len(f.held) > 0 {
		f.notes = append(f.notes, fmt.Sprintf("Left out: %s of totals at the end, %q in line %d.", wording.Plural(len(f.held), "line"), wording.Clip(first(f.held[0].cells)), f.held[0].line))
	}
	if f.remark != nil {
		f.notes = append(f.notes, fmt.Sprintf("What follows the last customer was left out: %q in line %d.", wording.Clip(f.remark.cells[0]), f.remark.line))
	}
	return io.EOF
}

// first is the first cell with text.
func first(cells []string) string {
	return cells[slices.IndexFunc(cells, func(c string) bool { return c != "" })]
}

func (f *csvFile) errorAt(line int, remedy, why string, args ...any) error {
	return &fault.CellError{Op: f.op, File: f.name, Line: line, Why: fmt.Sprintf(why, args...), Remedy: remedy, Err: fault.ErrFormat}
}

func (f *csvFile) nul(line int) error {
	return f.errorAt(line, `save it as "CSV UTF-8"`, "holds a NUL byte, so this is not a text file, or it is UTF-16 with a part missing")
}

// noRows is the error for a file that ends behind its header.
func (f *csvFile) noRows() error {
	return fault.Errorf(fault.ErrEmpty, "segkit: %s: %s has a header and no rows below it", f.op, f.name)
}

// ragged is the error for a row that has more or fewer cells than the header.
func (f *csvFile) ragged(line int, row []string) error {
	why := fmt.Sprintf("has %s where the header has %d", wording.CellCount(len(row)), len(f.header))
	if j := slices.IndexFunc(row, func(cell string) bool { return strings.Contains(cell, "\n") }); j >= 0 {
		return f.errorAt(line, "close the quote", "%s, one of which runs over %d lines: a double quote is left open", why, 1+strings.Count(row[j], "\n"))
	}
	return f.errorAt(line, fmt.Sprintf("put cells that hold a %s in double quotes, or mend the line", spoken(f.comma)), "%s", why)
}

// quoteError says where a quote went wrong, or why the text cannot be read on.
func (f *csvFile) quoteError(err error) error {
	const double = `write a quote inside a quoted cell twice ("")`
	var at *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		return f.errorAt(f.last+1, "close it, or mend the line", "begins a row of more than 16 MB: a double quote is left open, or this is not a CSV file")
	case !errors.As(err, &at):
		return f.refused(err)
	case errors.Is(at.Err, csv.ErrBareQuote):
		return f.errorAt(at.Line+f.before, `put the whole cell in double quotes, and `+double,
			"has a double quote in the middle of a cell, at character %d", at.Column)
	case at.StartLine == at.Line:
		return f.errorAt(at.Line+f.before, "close it, or "+double, "has a double quote that is not closed properly, at character %d", at.Column)
	}
	return f.errorAt(at.StartLine+f.before, "close it, or "+double,
		"opens a double quote that is never closed properly: everything up to line %d would be one cell", at.Line+f.before)
}

// refused says why the text cannot be read on.
func (f *csvFile) refused(err error) error {
	var e *fault.CellError
	switch {
	case errors.As(err, &e):
		e.Op, e.File = f.op, f.name
		return e
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		err = fmt.Errorf("is a damaged gzip file: %w: copy or download it again", err)
	default:
		err = fmt.Errorf("cannot be read to its end: %w", err)
	}
	return unreadable(f.op, f.name, err)
}

// unreadable is the error for a file that is no text or cannot be read at all; err continues a sentence that begins with its name.
func unreadable(op, name string, err error) error {
	e := &fault.CellError{Op: op, File: name, Why: err.Error(), Err: fault.ErrFormat}
	if system := syscall.Errno(0); errors.As(err, &system) {
		e.Err = system
	}
	return e
}

// noColumn is the error for an id column that the header does not have.
func (f *csvFile) noColumn(id string) error {
	return suggest.Column(strings.TrimPrefix(f.op, "table.")+": "+f.name, id, f.header)
}

func spoken(separator rune) string {
	switch separator {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	}
	return strconv.QuoteRune(separator)
}
