package table

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/atomicfile"
)

// Writing CSV: floats in full precision (the shortest text that reads back as the same number), missing as an empty cell,
// and text that a spreadsheet would run as a formula made harmless. The file appears whole or not at all.

// WriteCSV writes the table to path: the id, then the columns, categories as their text. ReadCSV reads the numbers back
// exactly; roles and units, levels that nobody has, and the order of levels are not in a CSV file, levels that are numbers
// want CSVOptions.Text, and text that a spreadsheet would run keeps its apostrophe.
func (t *Table) WriteCSV(path string) error {
	return writeCSV(path, append([]string{t.idColumn()}, t.Names()...), t.Len(), func(i int) []string {
		cells := []string{inert(t.raw.IDs[i])}
		for j, c := range t.raw.Columns {
			cells = append(cells, exact(c, t.At(i, j)))
		}
		return cells
	})
}

// WriteCSV writes who is in which segment to path, a row per customer: id, segment, and distance, margin and flags where there
// are some.
func (s *Segments) WriteCSV(path string) error {
	header := []string{"id", "segment"}
	numbers := [][]float64{}
	for _, c := range s.measures() {
		header, numbers = append(header, c.name), append(numbers, c.values)
	}
	if s.Flags != nil {
		header = append(header, "flags")
	}
	return writeCSV(path, header, len(s.IDs), func(i int) []string {
		cells := []string{inert(s.IDs[i]), inert(s.Name(s.Labels[i]))}
		for _, values := range numbers {
			cells = append(cells, exact(Column{}, values[i]))
		}
		if s.Flags != nil {
			cells = append(cells, s.Flags[i].String())
		}
		return cells
	})
}

func writeCSV(path string, header []string, n int, row func(i int) []string) error {
	for j := range header {
		header[j] = inert(header[j])
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write(header); err != nil {
			return err
		}
		for i := range n {
			cells := row(i)
			if len(cells) == 1 && cells[0] == "" {
				return &fault.CellError{Op: "WriteCSV", Row: i + 1, Why: "an empty id alone in a row cannot be written", Err: fault.ErrSchema}
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
}

// exact is a value as text that reads back as the same value.
func exact(c Column, v float64) string {
	switch {
	case math.IsNaN(v):
		return ""
	case c.Categorical():
		return inert(c.Levels[int(v)])
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// inert puts an apostrophe before text that spreadsheets take for a formula (CWE-1236). Numbers such as "-5" are left alone.
func inert(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, ok := number(cell); ok {
		return cell
	}
	return "'" + cell
}
