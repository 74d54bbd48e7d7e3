package layout

// Files with one column for each month: a cell is one order of its customer in that month.

import (
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
)

// Wide says how the columns of a file become those of order lines.
type Wide struct {
	Width        int      // columns of the file
	Others       []int    // of these, those that are no months: the first columns of the lines
	Months       []int    // and those that are
	Names        []string // (months) as the header has them
	Days         []string // (months) on which their orders count
	Date, Amount string   // names of the last two columns of the lines
}

// Widen turns the layout of a file into that of its order lines, whose last two columns are a date and an amount. day is "first" or "last".
// The caller adds its own name and that of the file to an error.
func (l *Layout) Widen(day string, g Given) (*Wide, error) {
	bad := func(column, why, remedy string) error {
		return &fault.CellError{Line: l.Line, Column: column, Why: why, Remedy: remedy, Err: fault.ErrSchema}
	}
	if len(l.Periods) == 0 {
		return nil, bad("", "the header names no months, as "+g.Options+".Wide wants", "leave it out, or name the columns as 2024-01 or Jan 2024")
	}
	w := &Wide{Width: len(l.Names)}
	var names []string
	for i, name := range l.Names {
		if !slices.Contains(l.Periods, name) {
			w.Others, names = append(w.Others, i), append(names, name)
			continue
		}
		m, ok := cell.ParseMonth(name)
		switch {
		case !ok:
			return nil, bad(name, "names a month in a way that is not clear", "name it as 2024-01 or Jan 2024")
		case m.Year == 0:
			return nil, bad(name, "names a month without its year", "name it as 2024-01 or Jan 2024")
		}
		text := m.Last()
		if day == "first" {
			text = m.First()
		}
		if at := slices.Index(w.Days, text); at >= 0 {
			return nil, bad(name, fmt.Sprintf("is the same month as %q", w.Names[at]), "rename one of them, or leave it out")
		}
		w.Months, w.Names, w.Days = append(w.Months, i), append(w.Names, name), append(w.Days, text)
	}
	free := func(name string) string {
		for slices.Contains(names, name) {
			name += " (month)"
		}
		return name
	}
	w.Date, w.Amount = free("date"), free("amount")
	what := day + " day of its month"
	if m, _ := cell.ParseMonth(l.Periods[0]); m.Day > 0 {
		what = "day that its header names"
	}
	l.Notes = append(l.Notes, fmt.Sprintf("Each of %d columns, from %q to %q, is a month, and each of its cells counts as one order on the %s.", len(l.Periods), l.Periods[0], l.Periods[len(l.Periods)-1], what))
	l.Names = append(names, w.Date, w.Amount)
	return w, nil
}
