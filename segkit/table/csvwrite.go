package table

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/atomicfile"
	"github.com/segkit/lab/segkit/internal/cell"
)

// Writing CSV: floats in full precision (the shortest text that reads back as the same number), missing as an empty cell,
// and text that a spreadsheet would run as a formula made harmless. The file appears whole or not at all.

// WriteCSV writes the table to path: the id, then the columns, categories as their text. ReadCSV reads the numbers back
// exactly; roles and units, levels that nobody has, and the order of levels are not in a CSV file, levels that are numbers
// want CSVOptions.Text, and text that a spreadsheet would run keeps its apostrophe.
func (t *Table) WriteCSV(path string) error {
	if t == nil {
		return fault.Nil("table.Table.WriteCSV", "table")
	}
	undecided := make([]bool, len(t.raw.Columns))
	for j, c := range t.raw.Columns {
		undecided[j] = !c.Categorical() && looksGrouped(t.Raw().Column(j))
	}
	return writeCSV(path, append([]string{t.idColumn()}, t.Names()...), t.Len(), func(i int) []string {
		cells := []string{inert(t.raw.IDs[i])}
		for j, c := range t.raw.Columns {
			cells = append(cells, exact(c, t.At(i, j), undecided[j]))
		}
		return cells
	})
}

// WriteCSV writes who is in which segment to path, a row per customer: id, segment, and distance, margin and flags where there
// are some.
func (s *Segments) WriteCSV(path string) error {
	if s == nil {
		return fault.Nil("table.Segments.WriteCSV", "segmentation")
	}
	header := []string{"id", "segment"}
	numbers, undecided := [][]float64{}, []bool{}
	for _, c := range s.measures() {
		header, numbers, undecided = append(header, c.name), append(numbers, c.values), append(undecided, looksGrouped(c.values))
	}
	if s.Flags != nil {
		header = append(header, "flags")
	}
	return writeCSV(path, header, len(s.IDs), func(i int) []string {
		cells := []string{inert(s.IDs[i]), inert(s.Name(s.Labels[i]))}
		for m, values := range numbers {
			cells = append(cells, exact(Column{}, values[i], undecided[m]))
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
				return &fault.CellError{Op: "table.Table.WriteCSV", Row: i + 1, Why: "an empty id alone in a row cannot be written", Err: fault.ErrSchema}
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
}

// looksGrouped reports whether no number of a column, as exact writes them, tells that its point is not one between
// thousands: 1.234 and 2.345 alone.
func looksGrouped(values []float64) bool {
	var n cell.Numbers
	for i, v := range values {
		if text := exact(Column{}, v, false); text != "" {
			n.Add([]byte(text), i)
		}
	}
	return len(n.Readings(0)) > 1
}

// exact is a value as text that reads back as the same value. In an undecided column, fractions end in a 0: 1.2340.
func exact(c Column, v float64, undecided bool) string {
	switch {
	case math.IsNaN(v):
		return ""
	case c.Categorical():
		return inert(c.Levels[int(v)])
	}
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if undecided && strings.Contains(text, ".") && !strings.Contains(text, "e") {
		text += "0"
	}
	return text
}

// inert puts an apostrophe before text that spreadsheets take for a formula (CWE-1236). Numbers such as "-5" are left alone.
func inert(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return text
	}
	if _, ok := number(text); ok {
		return text
	}
	return "'" + text
}
