package workbook

// Cells that are merged over several rows: an order number that stands once beside all lines of its order. Only the first cell of such a range holds the value;
// the rows below get it too, since a line of a table has to say by itself whose it is.
//
// Filled is downwards alone, in the leftmost column of a range: a title that is merged across the table stays one cell, and so a title. A row in which
// nothing else stands is left empty. So no more is filled than the sheet has rows, whatever it says of ranges.

import (
	"fmt"
	"maps"
	"slices"

	"github.com/segkit/lab/internal/xlsx"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// filler fills the rows of a sheet, one after another.
type filler struct {
	merged []xlsx.Merged // that have not begun yet, in the order of their first rows
	open   []run
	filled map[int]int // cells by column
}

// run is a range that goes on below the row where it began.
type run struct {
	xlsx.Merged
	value xlsx.Cell
}

// fill returns the cells of a row with those that are merged with cells above it.
func (f *filler) fill(row int, cells []xlsx.Cell) []xlsx.Cell {
	own := slices.ContainsFunc(cells, func(c xlsx.Cell) bool { return c.Text != "" })
	if !own {
		return cells
	}
	for len(f.merged) > 0 && f.merged[0].First <= row {
		m := f.merged[0]
		f.merged = f.merged[1:]
		if m.First == row && m.Column < len(cells) && cells[m.Column].Text != "" {
			f.open = append(f.open, run{m, cells[m.Column]})
		}
	}
	f.open = slices.DeleteFunc(f.open, func(r run) bool { return r.Last < row })
	for _, r := range f.open {
		for len(cells) <= r.Column {
			cells = append(cells, xlsx.Cell{})
		}
		if cells[r.Column].Text == "" {
			cells[r.Column] = r.value
			f.filled[r.Column]++
		}
	}
	return cells
}

// notes says how many cells were filled, and where.
func (f *filler) notes() []string {
	if len(f.filled) == 0 {
		return nil
	}
	cells := 0
	var columns []string
	for _, j := range slices.Sorted(maps.Keys(f.filled)) {
		cells += f.filled[j]
		columns = append(columns, letters(j))
	}
	if n := len(columns) - 12; n > 0 {
		columns = append(columns[:12], sheet.Count(n)+" others")
	}
	in, above := "columns", "them"
	if len(f.filled) == 1 {
		in = "column"
	}
	if cells == 1 {
		above = "it"
	}
	return []string{fmt.Sprintf("Cells merged over several rows hold for each of them: %s in %s %s got the value above %s.", wording.Plural(cells, "empty cell"), in, sheet.List(columns), above)}
}
