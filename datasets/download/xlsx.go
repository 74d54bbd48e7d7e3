package download

// A workbook's first sheet as CSV: UTF-8, line feed, comma, quotes only where needed, numbers as short as possible,
// columns whose name ends in Date as 2010-12-01 08:26:00. Enough of ECMA-376 part 1, chapter 18, for a plain table.

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/job"
)

// sheetToCSV takes one pass, and memory for the table of shared strings.
func sheetToCSV(ctx context.Context, task string, book *zip.Reader, w *bufio.Writer) error {
	shared, err := sharedStrings(book)
	if err != nil {
		return fmt.Errorf("xl/sharedStrings.xml: %w", err)
	}
	const name = "xl/worksheets/sheet1.xml"
	f, err := book.Open(name)
	if err != nil {
		return fmt.Errorf("the workbook has no %s", name)
	}
	defer f.Close()
	s := sheet{d: xml.NewDecoder(bufio.NewReaderSize(f, 1<<16)), shared: shared}
	for rows := 0; ; rows++ {
		row, err := s.row()
		if errors.Is(err, io.EOF) {
			job.Report(ctx, job.Progress{Task: task, Done: rows, Total: rows})
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s, row %d: %w", name, rows+1, err)
		}
		if rows%4096 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			job.Report(ctx, job.Progress{Task: task, Done: rows, Total: s.rows})
		}
		for j, field := range row {
			if j > 0 {
				w.WriteByte(',')
			}
			if strings.ContainsAny(field, ",\"\r\n") {
				field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
			}
			w.WriteString(field)
		}
		if err := w.WriteByte('\n'); err != nil { // bufio keeps the first error
			return err
		}
	}
}

// A sheet is read row by row.
type sheet struct {
	d      *xml.Decoder
	shared []string
	rows   int    // as the sheet says, 0 if it does not
	dates  []bool // by column, known after the header
	width  int    // columns of the header
}

// row returns the next row, with empty cells as ""; io.EOF after the last one.
func (s *sheet) row() ([]string, error) {
	row := make([]string, s.width)
	for {
		token, err := s.d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "dimension":
				_, last, _ := strings.Cut(attr(t, "ref"), ":")
				s.rows, _ = strconv.Atoi(strings.TrimLeft(last, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
			case "c":
				j, text, err := s.cell(t)
				if err != nil {
					return nil, err
				}
				if s.width > 0 && j >= s.width {
					return nil, fmt.Errorf("cell %s lies outside the %d columns of the header", attr(t, "r"), s.width)
				}
				for len(row) <= j {
					row = append(row, "")
				}
				row[j] = text
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "row":
				if s.width == 0 {
					s.width = len(row)
					for _, name := range row {
						s.dates = append(s.dates, strings.HasSuffix(name, "Date"))
					}
				}
				return row, nil
			case "sheetData":
				return nil, io.EOF
			}
		}
	}
}

// cell reads up to the end of a cell and returns its column, from 0, and its text.
func (s *sheet) cell(c xml.StartElement) (int, string, error) {
	j, err := column(attr(c, "r"))
	if err != nil {
		return 0, "", err
	}
	text, err := textUntil(s.d, "c", "v", "t")
	if err != nil {
		return 0, "", err
	}
	switch kind := attr(c, "t"); kind {
	case "s":
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= len(s.shared) {
			return 0, "", fmt.Errorf("cell %s: there is no shared string %q", attr(c, "r"), text)
		}
		return j, s.shared[i], nil
	case "", "n":
		if text == "" {
			return j, "", nil
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return 0, "", fmt.Errorf("cell %s: %q is not a number", attr(c, "r"), text)
		}
		if j < len(s.dates) && s.dates[j] {
			return j, serialDate(x), nil
		}
		return j, strconv.FormatFloat(x, 'f', -1, 64), nil
	default: // strings, truth values, errors, ISO dates: as they stand
		return j, text, nil
	}
}

// serialDate reads days since 1899-12-30, as workbooks count, to the second.
func serialDate(days float64) string {
	const day = 24 * 60 * 60
	t := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	return t.Add(time.Duration(math.Round(days*day)) * time.Second).Format("2006-01-02 15:04:05")
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

// sharedStrings reads the table that cells of type s point into.
func sharedStrings(book *zip.Reader) ([]string, error) {
	f, err := book.Open("xl/sharedStrings.xml")
	if err != nil {
		return nil, nil // a workbook without texts, or with texts inside the cells, has none
	}
	defer f.Close()
	d := xml.NewDecoder(bufio.NewReaderSize(f, 1<<16))
	var all []string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			text, err := textUntil(d, "si", "t")
			if err != nil {
				return nil, err
			}
			all = append(all, text)
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
