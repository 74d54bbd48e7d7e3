package table

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"github.com/segkit/lab/internal/atomicfile"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/inert"
)

// Writing CSV: floats in full precision (the shortest text that reads back as the same number), missing as an empty cell,
// and text that a spreadsheet would run as a formula made harmless. The file appears whole or not at all.

// WriteCSV writes the table to path: the id, then the columns, categories as their text. ReadCSV reads the numbers back
// exactly. A CSV file does not keep roles, units, levels that nobody has or the order of levels; levels that are numbers
// need CSVOptions.Text, and text that a spreadsheet would run keeps its apostrophe.
func (t *Table) WriteCSV(path string) error {
	if t == nil {
		return fault.Nil("table.Table.WriteCSV", "table")
	}
	undecided := make([]bool, len(t.raw.Columns))
	for j, c := range t.raw.Columns {
		undecided[j] = !c.Categorical() && looksGrouped(t.Raw().Column(j))
	}
	return writeCSV(path, append([]string{t.idColumn()}, t.Names()...), t.Len(), func(i int) []string {
		cells := []string{asCell(t.raw.IDs[i])}
		for j, c := range t.raw.Columns {
			cells = append(cells, exact(c, t.At(i, j), undecided[j]))
		}
		return cells
	})
}

// WriteCSV writes to path who is in which segment, a row per customer: id, segment (its name), distance and margin if there are
// any, and flags if a model scored the customers.
func (s *Segments) WriteCSV(path string) error {
	if s == nil {
		return fault.Nil("table.Segments.WriteCSV", "segmentation")
	}
	return atomicfile.Write(path, func(w io.Writer) error { return s.EncodeCSV(w, true) })
}

// EncodeCSV writes the same as WriteCSV to w; header says whether the column names come first. Writing one piece after another gives the
// same result as writing all at once.
func (s *Segments) EncodeCSV(w io.Writer, header bool) error {
	switch {
	case s == nil:
		return fault.Nil("table.Segments.EncodeCSV", "segmentation")
	case w == nil:
		return fault.Nil("table.Segments.EncodeCSV", "writer")
	}
	var names []string
	if header {
		names = []string{"id", "segment"}
	}
	var numbers [][]float64
	for _, c := range s.measures() {
		if numbers = append(numbers, c.values); header {
			names = append(names, c.name)
		}
	}
	flagged := s.Flags != nil || s.Model != nil
	if flagged && header {
		names = append(names, "flags")
	}
	segments := make([]string, s.K()) // by label
	for l, name := range s.Names {
		segments[l] = asCell(name)
	}
	var cells []string
	return encodeCSV(w, names, len(s.IDs), func(i int) []string {
		segment := s.Name(Noise)
		if l := s.Labels[i]; l >= 0 {
			segment = segments[l]
		}
		cells = append(cells[:0], asCell(s.IDs[i]), segment)
		for _, values := range numbers {
			cells = append(cells, exact(Column{}, values[i], true))
		}
		if s.Flags != nil {
			cells = append(cells, s.Flags[i].String())
		} else if flagged {
			cells = append(cells, "")
		}
		return cells
	})
}

func writeCSV(path string, header []string, n int, row func(i int) []string) error {
	return atomicfile.Write(path, func(w io.Writer) error { return encodeCSV(w, header, n, row) })
}

// encodeCSV writes the header, if there is one, and n rows.
func encodeCSV(w io.Writer, header []string, n int, row func(i int) []string) error {
	out := csv.NewWriter(w)
	if header != nil {
		for j := range header {
			header[j] = asCell(header[j])
		}
		if err := out.Write(header); err != nil {
			return err
		}
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

// exact is a value as text that reads back as the same value. In an undecided column, fractions of three decimals end in a 0: 1.2340.
func exact(c Column, v float64, undecided bool) string {
	switch {
	case math.IsNaN(v):
		return ""
	case c.Categorical():
		return asCell(c.Levels[int(v)])
	}
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if undecided && len(text) > 4 && text[len(text)-4] == '.' {
		text += "0"
	}
	return text
}

// asCell puts an apostrophe before text that spreadsheets take for a formula. Numbers such as "-5" are left alone.
func asCell(text string) string {
	if !inert.Formula(text) {
		return text
	}
	if _, ok := number(text); ok {
		return text
	}
	return "'" + text
}
