// Package workbook writes tables as Excel workbooks and reads Excel workbooks and Parquet files as text, so that the strict readers of the library take them
// as they take CSV. It lives under the command, since the libraries for both are large and a notebook cell links all that it imports.
package workbook

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/segkit/lab/segkit/internal/inert"
	"github.com/segkit/lab/segkit/report"
)

// Write lays tables out as a workbook, a sheet each, with the unit of each column in its head. Texts are never formulas. The same tables give the same bytes.
func Write(tables []report.Table, made time.Time) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	w := &writer{file: f, taken: map[string]bool{}, styles: map[string]int{}}
	for i, t := range tables {
		if err := w.sheet(i, t); err != nil {
			return nil, fmt.Errorf("segkit: cannot make the sheet %q: %w", t.Name, err)
		}
	}
	stamp := made.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Creator: "segkit", Created: stamp, Modified: stamp}); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return sameTimes(b.Bytes())
}

type writer struct {
	file   *excelize.File
	taken  map[string]bool
	styles map[string]int // by number format
}

// widest is how many characters wide a column may be.
const widest = 60

func (w *writer) sheet(at int, t report.Table) error {
	name := w.name(t.Name)
	if at == 0 {
		if err := w.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := w.file.NewSheet(name); err != nil {
		return err
	}
	s, err := w.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	head, err := w.style("head")
	if err != nil {
		return err
	}
	var heads []any
	styles := make([]int, len(t.Columns))
	for j, c := range t.Columns {
		text := c.Name
		if c.Unit != "" {
			text += " (" + c.Unit + ")"
		}
		heads = append(heads, excelize.Cell{StyleID: head, Value: asCell(text)})
		if styles[j], err = w.style(formatOf(c)); err != nil {
			return err
		}
		wide := utf8.RuneCountInString(text)
		for _, row := range t.Rows {
			if text, ok := row[j].(string); ok {
				wide = max(wide, utf8.RuneCountInString(text))
			}
		}
		if err := s.SetColWidth(j+1, j+1, float64(min(max(wide, 10), widest)+2)); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 3, TopLeftCell: "A4", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := s.SetRow("A1", []any{excelize.Cell{StyleID: head, Value: asCell(t.Title)}}); err != nil {
		return err
	}
	if err := s.SetRow("A3", heads); err != nil {
		return err
	}
	for i, row := range t.Rows {
		cells := make([]any, len(row))
		for j, v := range row {
			cells[j] = excelize.Cell{StyleID: styles[j], Value: value(v)}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", i+4), cells); err != nil {
			return err
		}
	}
	return s.Flush()
}

// formatOf is the number format of a column.
func formatOf(c report.Column) string {
	switch c.Form {
	case report.Whole, report.Money:
		return "#,##0"
	case report.Exact:
		return "#,##0.00"
	case report.Percent:
		return "0.0%"
	case report.Number:
		return "#,##0.00"
	case report.Date:
		return "yyyy-mm-dd"
	}
	return "@" // text stays text when somebody edits the cell
}

func (w *writer) style(format string) (int, error) {
	if id, made := w.styles[format]; made {
		return id, nil
	}
	style := &excelize.Style{CustomNumFmt: &format}
	if format == "head" {
		style = &excelize.Style{Font: &excelize.Font{Bold: true}}
	}
	id, err := w.file.NewStyle(style)
	w.styles[format] = id
	return id, err
}

// value is a cell: text that is none but text, numbers, and nothing where there is no number.
func value(v any) any {
	switch v := v.(type) {
	case string:
		return asCell(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	case time.Time:
		if v.IsZero() {
			return nil
		}
	}
	return v
}

// mostText is how many characters a cell holds, less an apostrophe and an ellipsis.
const mostText = 32767 - 2

// asCell puts an apostrophe before text that a spreadsheet would run as a formula once it is copied elsewhere, leaves out what a workbook cannot hold and
// what steers, and cuts what is too long for a cell.
func asCell(text string) string {
	text = strings.Map(func(r rune) rune {
		if inert.Steers(r) || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, text)
	return inert.Cell(inert.Cut(text, mostText))
}

// name makes the name of a sheet, of which Excel takes 31 characters and not all.
func (w *writer) name(text string) string {
	clean := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return ' '
		}
		return r
	}, cmp.Or(text, "table")))
	for n := 1; ; n++ {
		behind := ""
		if n > 1 {
			behind = fmt.Sprintf(" %d", n)
		}
		name := string(clean[:min(len(clean), 31-len(behind))]) + behind
		if !w.taken[strings.ToLower(name)] {
			w.taken[strings.ToLower(name)] = true
			return name
		}
	}
}

// sameTimes packs a workbook again, its parts in the order of their names and without times.
func sameTimes(data []byte) ([]byte, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { // the list of types comes first, as readers expect
		types := func(f *zip.File) int { return map[bool]int{true: 0, false: 1}[f.Name == "[Content_Types].xml"] }
		return cmp.Or(types(a)-types(b), strings.Compare(a.Name, b.Name))
	})
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range r.File {
		from, err := f.Open()
		if err != nil {
			return nil, err
		}
		to, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate})
		if err == nil {
			_, err = io.Copy(to, from)
		}
		from.Close()
		if err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return b.Bytes(), err
}
