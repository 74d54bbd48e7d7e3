package workbook

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/internal/xlsx"
	"github.com/segkit/lab/segkit/fault"
)

// Source is a workbook or a Parquet file as CSV: a line for each row, the first with the names of the columns; fields between commas, numbers in the fewest
// digits with a decimal point, days as 2006-01-02 and moments as 2006-01-02 15:04:05. Line breaks within a cell become blanks, so that lines are rows.
type Source struct {
	CSV    []byte
	Path   string
	Sheets []string // of a workbook, mostly one; nil for Parquet
	Rows   int      // below the names
	Notes  []string // what the CSV has otherwise than the file, as sentences
	first  int      // row that the second line is
	parts  []part   // of several sheets
}

// Is reports whether a file is a workbook or Parquet, by what it begins with.
func Is(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [4]byte
	n, _ := io.ReadFull(f, head[:])
	return n == 4 && (string(head[:]) == "PK\x03\x04" || string(head[:]) == "PAR1")
}

// ErrWhichSheet is the kind of error where no sheet was named, and the first one is no table while another is, or others have the same columns.
var ErrWhichSheet = fmt.Errorf("which sheet is meant: %w", fault.ErrFormat)

// Read reads a workbook's sheet, the first where sheet is "", or a Parquet file. Several sheets of the same columns, with commas between their names, are read
// one after the other as one table. Where no sheet is named, and the first one is empty or a single column, while another has more, or others have the same
// columns, it does not guess: the error says which sheets there are.
func Read(path, sheet string) (*Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Errorf(fs.ErrNotExist, "segkit: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("segkit: %w", err)
	}
	var head [4]byte
	if _, err := f.ReadAt(head[:], 0); err == nil && string(head[:]) == "PAR1" {
		if sheet != "" {
			return nil, &fault.CellError{File: path, Why: "is Parquet, which has no sheets", Remedy: "leave the sheet out", Err: fault.ErrFormat}
		}
		return readParquet(path, f, info.Size())
	}
	return readSheet(path, sheet, f, info.Size())
}

// Located says rows of the file where an error names lines of the CSV.
func (s *Source) Located(err error) error {
	var e *fault.CellError
	if !errors.As(err, &e) || e.Line == 0 || e.Row != 0 {
		return err
	}
	sheet, row := s.row(e.Line)
	if sheet != "" {
		e.File = fmt.Sprintf("%s, sheet %q", e.File, sheet)
	}
	e.Row, e.Line = row, 0
	return err
}

var (
	inLine  = regexp.MustCompile(`\bline \d+\b`)
	inLines = regexp.MustCompile(`\blines (\d+) and (\d+)\b`)
)

// InRows says rows of the file where a sentence names lines of the CSV.
func (s *Source) InRows(sentence string) string {
	return inLine.ReplaceAllStringFunc(inLines.ReplaceAllString(sentence, "line $1 and line $2"), func(text string) string {
		line, err := strconv.Atoi(strings.TrimPrefix(text, "line "))
		if err != nil {
			return text
		}
		sheet, row := s.row(line)
		if sheet != "" {
			return fmt.Sprintf("row %d of the sheet %q", row, sheet)
		}
		return fmt.Sprintf("row %d", row)
	})
}

// row is where a line of the CSV stands in the file; the sheet is "" where there is only one.
func (s *Source) row(line int) (sheet string, row int) {
	for _, p := range slices.Backward(s.parts) {
		if line >= p.line {
			return p.sheet, line - p.line + p.row
		}
	}
	return "", max(line-2+s.first, 1)
}

func readSheet(path, name string, r io.ReaderAt, size int64) (*Source, error) {
	refuse := func(why, remedy string) (*Source, error) {
		return nil, &fault.CellError{File: path, Why: why, Remedy: remedy, Err: fault.ErrFormat}
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return refuse("is not a complete workbook: "+err.Error(), "open it in Excel and save it again")
	}
	if !slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "xl/workbook.xml" }) {
		return refuse("is a zip file, not an Excel workbook", "unpack it first")
	}
	book, err := xlsx.Open(z)
	if err != nil {
		return refuse("cannot be read as a workbook: "+err.Error(), "open it in Excel and save it again")
	}
	at, err := meant(path, name, book)
	if err != nil {
		return nil, err
	}
	if len(at) > 1 {
		return together(path, book, at, size)
	}
	return readAlone(path, book, at[0], size, nil)
}

// readAlone reads one sheet, its columns in other places where they are given.
func readAlone(path string, book *xlsx.Book, at int, size int64, places []int) (*Source, error) {
	out, merged, err := sheetCSV(path, book, at, size, nil, places)
	if err == nil && len(merged) > 0 { // which the sheet names behind its rows
		out, _, err = sheetCSV(path, book, at, size, merged, places)
	}
	return out, err
}

// sheetCSV reads a sheet, and fills cells that are merged with those above them. It returns the ranges that go over several rows, too.
func sheetCSV(path string, book *xlsx.Book, at int, size int64, merged []xlsx.Merged, places []int) (*Source, []xlsx.Merged, error) {
	refuse := func(why, remedy string) (*Source, []xlsx.Merged, error) {
		return nil, nil, &fault.CellError{File: path, Why: why, Remedy: remedy, Err: fault.ErrFormat}
	}
	s, err := book.Sheet(at)
	if err != nil {
		return refuse(err.Error(), "open it in Excel and save it again")
	}
	defer s.Close()
	out := &Source{Path: path, Sheets: []string{s.Name}, first: 2}
	w := newCSVWriter(size)
	down := filler{merged: merged, filled: map[int]int{}}
	last, width := 0, 0
	unreadable := func(err error) (*Source, []xlsx.Merged, error) {
		return nil, nil, &fault.CellError{File: path, Row: last + 1, Why: fmt.Sprintf("sheet %q: %v", s.Name, err), Err: fault.ErrFormat}
	}
	for {
		row, cells, err := s.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable(err)
		}
		for ; last < row-1; last++ { // rows that the sheet leaves out
			if err := w.end(); err != nil {
				return refuse(err.Error(), tooMuchRemedy)
			}
		}
		last = row
		cells = moved(down.fill(row, cells), places)
		for j, c := range cells {
			if c.Wrong {
				return nil, nil, &fault.CellError{File: path, Row: row, Column: letters(j), Value: c.Text, Why: fmt.Sprintf("is what went wrong in a formula (sheet %q)", s.Name), Remedy: "mend the formula", Err: fault.ErrFormat}
			}
			text := c.Text
			if c.Date {
				at := s.Time(c.X)
				if text = at.Format("2006-01-02"); c.X != float64(int64(c.X)) {
					text = at.Format("2006-01-02 15:04:05")
				}
			}
			w.field(text)
		}
		for j := len(cells); j < width; j++ {
			w.field("")
		}
		width = max(width, len(cells)) // a sheet leaves out the empty cells at the end of a row, a title above the header all but one
		if err := w.end(); err != nil {
			return refuse(err.Error(), tooMuchRemedy)
		}
	}
	if err := w.Flush(); err != nil {
		return refuse(err.Error(), tooMuchRemedy)
	}
	if last == 0 {
		return refuse(fmt.Sprintf("has nothing on the sheet %q", s.Name), "name another sheet")
	}
	if merged == nil {
		if merged, err = s.MergedDown(int(w.to.most / bytesOfRange)); err != nil {
			return unreadable(err)
		}
	}
	out.CSV, out.Rows, out.Notes = w.to.Bytes(), last-1, down.notes()
	return out, merged, nil
}

// letters is what a workbook calls a column: A, B, …, AA.
func letters(j int) string {
	if j < 26 {
		return string(rune('A' + j))
	}
	return letters(j/26-1) + letters(j%26)
}

// csvWriter writes fields that a strict reader understands.
type csvWriter struct {
	*bufio.Writer
	to     *unpacked
	fields int // of this line
}

func newCSVWriter(size int64) csvWriter {
	to := &unpacked{most: forAnyFile + forEachByte*size}
	return csvWriter{Writer: bufio.NewWriter(to), to: to}
}

// unpacked is the text that a file unpacks to, of which there is an end: some hundred bytes can say a thousand million cells, as a zip bomb does. An
// order line of 60 bytes takes some 10 in a workbook, and in Parquet rarely less than one.
type unpacked struct {
	bytes.Buffer
	most int64
}

const (
	forAnyFile    = 32 << 20
	forEachByte   = 200
	bytesOfRange  = 32 // of the text of a sheet that name merged cells, and of what remembers them
	tooMuchRemedy = "write it again as CSV, if its rows are meant"
)

func (u *unpacked) Write(p []byte) (int, error) {
	if int64(u.Len()+len(p)) > u.most {
		return 0, u.tooMuch()
	}
	return u.Buffer.Write(p)
}

func (u *unpacked) tooMuch() error {
	return fmt.Errorf("unpacks to more than %d MB of text, which is out of proportion to its size", u.most>>20)
}

var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

func (w *csvWriter) field(text string) {
	if w.fields++; w.fields > 1 {
		w.WriteByte(',')
	}
	if strings.ContainsAny(text, "\r\n") {
		text = oneLine.Replace(text)
	}
	if strings.ContainsAny(text, ",\"") || text != strings.TrimSpace(text) {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	w.WriteString(text)
}

func (w *csvWriter) end() error {
	w.fields = 0
	return w.WriteByte('\n')
}

// number is a number in the fewest digits that give it back.
func number(v float64, bits int) string { return strconv.FormatFloat(v, 'f', -1, bits) }
