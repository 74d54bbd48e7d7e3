package privacy

import (
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

var _ sheet.Sheeter = (*Suppressed)(nil)

// hidden stands in a cell that was left out.
const hidden = "×"

// Sheet lays out the table as it may be shared, with "×" for what is left out.
func (s *Suppressed) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{}
	}
	out := sheet.Sheet{Caption: s.finding(), Columns: []sheet.Column{{Name: s.Row, Text: true}}, Whole: true}
	names := s.Columns
	if len(names) > 1 {
		names = append(names[:len(names):len(names)], "all")
	}
	for _, name := range names {
		out.Columns = append(out.Columns, sheet.Column{Name: name, Unit: s.Unit})
	}
	for r, cells := range s.Cells {
		row := []string{s.row(r)}
		for _, cell := range cells[:len(names)] {
			text := sheet.Fixed(cell.Value, 0)
			if cell.Why != Shown {
				text = hidden
			}
			row = append(row, text)
		}
		out.Rows = append(out.Rows, row)
	}
	if s.left() > 0 { // p itself is not told: it would make the largest customer easier to estimate
		out.Notes = append(out.Notes, fmt.Sprintf("%s marks what is left out: a cell of fewer than %d customers, %sor one that would give such a cell away by subtraction.", hidden, s.Rules.MinCount,
			map[bool]string{true: "one of which a single customer makes up too much, "}[s.Amount != ""]))
	}
	return out
}

// left counts cells, without totals, that are left out.
func (s *Suppressed) left() (n int) {
	for _, cells := range s.Cells[:len(s.Rows)] {
		for _, cell := range cells[:len(s.Columns)] {
			if cell.Why != Shown {
				n++
			}
		}
	}
	return n
}

// finding does not say how many cells were too small, and how many went with them: that would narrow the former down.
func (s *Suppressed) finding() string {
	what := wording.Capital(fmt.Sprintf("customers by %s", s.Row))
	if s.Amount != "" {
		what = wording.Capital(fmt.Sprintf("%s by %s", wording.InWords(s.Amount), s.Row))
	}
	if s.Column != "" {
		what += " and " + wording.InWords(s.Column)
	}
	if n := s.left(); n > 0 {
		return fmt.Sprintf("%s: %s left out for privacy", what, wording.Plural(n, "cell"))
	}
	return what + ": nothing had to be left out"
}

// Audit lists what is left out and why, and what a reader can still work out about it. It is for those who make the table: readers must not know which cells
// were too small, and which were left out only to protect them.
func (s *Suppressed) Audit() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: s.Row, Text: true}, {Name: s.Column, Text: true}, {Name: "why", Text: true}, {Name: "at least", Unit: s.Unit},
		{Name: "at most", Unit: s.Unit}}}
	if s.Column == "" {
		out.Columns[1].Name = "of"
	}
	narrow := math.Inf(1)
	for r, cells := range s.Cells {
		for c, cell := range cells {
			if cell.Why == Shown || len(s.Columns) == 1 && c == 1 {
				continue
			}
			if cell.Why != Complement {
				narrow = min(narrow, cell.High-cell.Low)
			}
			out.Rows = append(out.Rows, []string{s.row(r), s.column(c), cell.Why.String(), sheet.Fixed(cell.Low, 0), sheet.Fixed(cell.High, 0)})
		}
	}
	out.Total = len(out.Rows)
	if out.Caption = "Nothing had to be left out"; len(out.Rows) > 0 {
		out.Caption = fmt.Sprintf("Adding and subtracting narrows no protected cell down to a range of less than %s", sheet.Fixed(narrow, 0)+unitOf(s))
	}
	return out
}

func unitOf(s *Suppressed) string {
	switch {
	case s.Amount == "":
		return " customers"
	case s.Unit != "":
		return " " + s.Unit
	}
	return ""
}

func (s *Suppressed) row(r int) string {
	if r == len(s.Rows) {
		return "all"
	}
	return s.Rows[r]
}

func (s *Suppressed) column(c int) string {
	if c == len(s.Columns) {
		return "all"
	}
	return s.Columns[c]
}

// Frame returns a row per cell and total: row, column, value, low, high, why. The total of a row or column is called "all". Like Audit, it is not for readers.
func (s *Suppressed) Frame() table.Frame {
	type cell struct {
		row, column string
		Cell
	}
	var all []cell
	if s != nil {
		for r, cells := range s.Cells {
			for c := range cells {
				all = append(all, cell{s.row(r), s.column(c), cells[c]})
			}
		}
	}
	return frame.New(
		frame.Each("row", all, func(c cell) string { return c.row }),
		frame.Each("column", all, func(c cell) string { return c.column }),
		frame.Numbers([]string{"value", "low", "high"}, all, func(c cell) []float64 { return []float64{c.Value, c.Low, c.High} }),
		frame.Each("why", all, func(c cell) string { return c.Why.String() }))
}
