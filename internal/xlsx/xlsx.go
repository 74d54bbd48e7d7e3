// Package xlsx reads the sheets of a workbook row by row: enough of ECMA-376 part 1, chapter 18, for plain tables, in one pass and in memory for the
// table of shared strings.
package xlsx

import (
	"archive/zip"
	"bufio"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Book is an open workbook.
type Book struct {
	Sheets []string // names, in their order
	parts  []string // (sheets) the files that hold them
	zip    *zip.Reader
	shared []string
	dates  []bool    // by style: numbers in such cells are days
	first  time.Time // day 0
}

// first sheet of a workbook that does not list its sheets.
const firstPart = "xl/worksheets/sheet1.xml"

// Open reads what all sheets share.
func Open(z *zip.Reader) (*Book, error) {
	b := &Book{zip: z, first: time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)}
	for _, part := range []struct {
		name string
		read func(d *xml.Decoder) error
	}{{"xl/sharedStrings.xml", b.readShared}, {"xl/styles.xml", b.readStyles}, {"xl/workbook.xml", b.readSheets}} {
		f, err := z.Open(part.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a workbook without texts, or without styles
		}
		if err == nil {
			err = part.read(xml.NewDecoder(bufio.NewReaderSize(f, 1<<16)))
			f.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	if b.Sheets == nil {
		b.Sheets, b.parts = []string{"Sheet1"}, []string{firstPart}
	}
	return b, nil
}

// readSheets finds the names of the sheets and the files that hold them.
func (b *Book) readSheets(d *xml.Decoder) error {
	targets := map[string]string{} // by the id of the relation
	if f, err := b.zip.Open("xl/_rels/workbook.xml.rels"); err == nil {
		defer f.Close()
		if err := elements(xml.NewDecoder(f), func(e xml.StartElement) {
			if e.Name.Local == "Relationship" {
				targets[attr(e, "Id")] = strings.TrimPrefix(path.Join("xl", attr(e, "Target")), "xl/xl/")
				if t := attr(e, "Target"); strings.HasPrefix(t, "/") {
					targets[attr(e, "Id")] = strings.TrimPrefix(t, "/")
				}
			}
		}); err != nil {
			return err
		}
	}
	return elements(d, func(e xml.StartElement) {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				b.first = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
			}
		case "sheet":
			part := targets[attr(e, "id")]
			if part == "" {
				part = fmt.Sprintf("xl/worksheets/sheet%d.xml", len(b.Sheets)+1)
			}
			b.Sheets, b.parts = append(b.Sheets, attr(e, "name")), append(b.parts, part)
		}
	})
}

// readStyles says which styles of cells write numbers as dates or times.
func (b *Book) readStyles(d *xml.Decoder) error {
	own, cells := map[string]bool{}, false
	return elements(d, func(e xml.StartElement) {
		switch e.Name.Local {
		case "numFmt":
			own[attr(e, "numFmtId")] = datePattern(attr(e, "formatCode"))
		case "cellXfs":
			cells = true
		case "cellStyles", "dxfs":
			cells = false
		case "xf":
			if cells {
				id, _ := strconv.Atoi(attr(e, "numFmtId"))
				b.dates = append(b.dates, id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58 || own[attr(e, "numFmtId")])
			}
		}
	})
}

// datePattern reports whether a number format writes days or times: it has y, m, d, h or s outside quotes, brackets and escapes.
func datePattern(format string) bool {
	format, _, _ = strings.Cut(format, ";")
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case '"':
			for i++; i < len(format) && format[i] != '"'; i++ {
			}
		case '[':
			for i++; i < len(format) && format[i] != ']'; i++ {
			}
		case '\\', '_', '*':
			i++
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			return true
		}
	}
	return false
}

// elements calls see for every element.
func elements(d *xml.Decoder, see func(xml.StartElement)) error {
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			see(e)
		}
	}
}

// Cell is one cell of a row.
type Cell struct {
	Text   string // of a number: in the fewest digits; "" for an empty cell
	Number bool   // it is a number, X
	X      float64
	Date   bool // whose style writes days or times
	Wrong  bool // it holds what went wrong in a formula: #DIV/0!
}

// Sheet is read row by row.
type Sheet struct {
	Name  string
	Rows  int // as the sheet says, 0 if it does not
	book  *Book
	file  io.Closer
	d     *xml.Decoder
	row   int
	cells []Cell // of the last row
}

// What a sheet can hold (ECMA-376 leaves it open; Excel does not): rows, columns, and days since its first.
const (
	mostRows    = 1 << 20
	mostColumns = 1 << 14
	lastDay     = 2958465 // 9999-12-31
)

// Sheet opens a sheet by its place.
func (b *Book) Sheet(at int) (*Sheet, error) {
	f, err := b.zip.Open(b.parts[at])
	if err != nil {
		return nil, fmt.Errorf("the workbook has no %s", b.parts[at])
	}
	return &Sheet{Name: b.Sheets[at], book: b, file: f, d: xml.NewDecoder(bufio.NewReaderSize(f, 1<<16))}, nil
}

// Close closes the sheet.
func (s *Sheet) Close() error { return s.file.Close() }

// Next returns the next row with its number, from 1, and its cells up to the last one that the sheet has, which are good until the next call; io.EOF after
// the last row. Rows that the sheet leaves out are not returned: the number tells.
func (s *Sheet) Next() (number int, row []Cell, err error) {
	row = s.cells[:0]
	defer func() { s.cells = row }()
	began := false
	for {
		token, err := s.d.RawToken()
		if errors.Is(err, io.EOF) {
			return 0, nil, io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "dimension":
				_, last, _ := strings.Cut(attr(t, "ref"), ":")
				s.Rows, _ = strconv.Atoi(strings.TrimLeft(last, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
			case "row":
				began = true
				s.row++
				if r, err := strconv.Atoi(attr(t, "r")); err == nil && r > s.row {
					s.row = r
				}
				if s.row > mostRows {
					return 0, nil, fmt.Errorf("it says that it has a row %d, and no sheet has more than %d", s.row, mostRows)
				}
			case "c":
				j, cell, err := s.cell(t)
				if err != nil {
					return 0, nil, err
				}
				for len(row) <= j {
					row = append(row, Cell{})
				}
				row[j] = cell
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "row":
				if !began {
					return 0, nil, errors.New("a row ends that did not begin")
				}
				return s.row, row, nil
			case "sheetData":
				return 0, nil, io.EOF
			}
		}
	}
}

// Merged is a range of merged cells: the value stands in its first cell, the others are empty.
type Merged struct {
	Column      int // the leftmost, from 0
	First, Last int // rows, from 1
}

// MergedDown returns the ranges that go over several rows, at most so many, in the order of their first rows. A sheet names them behind its rows, so that it is
// asked after Next has returned io.EOF.
func (s *Sheet) MergedDown(most int) ([]Merged, error) {
	var out []Merged
	for {
		token, err := s.d.RawToken()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if end, ok := token.(xml.EndElement); err != nil || ok && end.Name.Local == "mergeCells" {
			break
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "mergeCell" {
			m, err := mergedRange(attr(e, "ref"))
			if err != nil {
				return nil, err
			}
			if m.First == m.Last {
				continue
			}
			if len(out) == most {
				return nil, fmt.Errorf("it names more than %d ranges of merged cells", most)
			}
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Merged) int { return cmp.Or(a.First-b.First, a.Column-b.Column) })
	return out, nil
}

// mergedRange reads a reference such as A3:C5.
func mergedRange(ref string) (m Merged, err error) {
	from, to, several := strings.Cut(ref, ":")
	if !several {
		to = from
	}
	var columns, rows [2]int
	for i, corner := range [...]string{from, to} {
		if columns[i], err = column(corner); err == nil {
			rows[i], err = strconv.Atoi(strings.TrimLeft(corner, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		}
		if err != nil || columns[i] >= mostColumns || rows[i] < 1 || rows[i] > mostRows {
			return m, fmt.Errorf("merged cells with the reference %q", ref)
		}
	}
	return Merged{min(columns[0], columns[1]), min(rows[0], rows[1]), max(rows[0], rows[1])}, nil
}

// cell reads up to the end of a cell and returns its column, from 0.
func (s *Sheet) cell(c xml.StartElement) (int, Cell, error) {
	j, err := column(attr(c, "r"))
	if err == nil && j >= mostColumns {
		err = fmt.Errorf("cell with the reference %q, and no sheet has more than %d columns", attr(c, "r"), mostColumns)
	}
	if err != nil {
		return 0, Cell{}, err
	}
	text, err := textUntil(s.d, "c", "v", "t")
	if err != nil {
		return 0, Cell{}, err
	}
	switch kind := attr(c, "t"); kind {
	case "s":
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= len(s.book.shared) {
			return 0, Cell{}, fmt.Errorf("cell %s: there is no shared string %q", attr(c, "r"), text)
		}
		return j, Cell{Text: s.book.shared[i]}, nil
	case "", "n":
		if text == "" {
			return j, Cell{}, nil
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return 0, Cell{}, fmt.Errorf("cell %s: %q is not a number", attr(c, "r"), text)
		}
		style, _ := strconv.Atoi(attr(c, "s"))
		date := style >= 0 && style < len(s.book.dates) && s.book.dates[style] && x >= 0 && x < lastDay+1 // others are no days that Excel can show either
		return j, Cell{Text: strconv.FormatFloat(x, 'f', -1, 64), Number: true, X: x, Date: date}, nil
	case "b":
		return j, Cell{Text: map[string]string{"1": "TRUE", "0": "FALSE"}[text]}, nil
	default: // strings, errors, ISO dates: as they stand
		return j, Cell{Text: text, Wrong: kind == "e"}, nil
	}
}

// Time is the moment that a number stands for, to the second.
func (s *Sheet) Time(days float64) time.Time {
	const day = 24 * 60 * 60
	return time.Unix(s.book.first.Unix()+int64(math.Round(days*day)), 0).UTC() // a Duration ends after 292 years
}

// column turns a reference like AB12 into the column's number, from 0.
func column(ref string) (int, error) {
	j := 0
	for i, c := range ref {
		if c < 'A' || c > 'Z' {
			if i == 0 || i > 3 {
				break
			}
			return j - 1, nil
		}
		j = 26*j + int(c-'A') + 1
	}
	return 0, fmt.Errorf("cell with the reference %q", ref)
}

// readShared reads the table that cells of type s point into.
func (b *Book) readShared(d *xml.Decoder) error {
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			text, err := textUntil(d, "si", "t")
			if err != nil {
				return err
			}
			b.shared = append(b.shared, text)
		}
	}
}

// textUntil joins the text of the elements with the given names up to the end of the element called end, leaving out
// phonetic readings (rPh).
func textUntil(d *xml.Decoder, end string, names ...string) (string, error) {
	var b strings.Builder
	inside, phonetic := false, false
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return "", io.ErrUnexpectedEOF
		}
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			phonetic = phonetic || t.Name.Local == "rPh"
			for _, n := range names {
				inside = inside || t.Name.Local == n && !phonetic
			}
		case xml.CharData:
			if inside {
				b.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case end:
				return b.String(), nil
			case "rPh":
				phonetic = false
			default:
				inside = false
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
