package features

// Files with one column for each month: a cell is one order of its customer in that month.

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/layout"
)

// wide says how the columns of a file become those of order lines.
type wide struct {
	width        int      // columns of the file
	others       []int    // of these, those that are no months: the first columns of the lines
	months       []int    // and those that are
	days         []string // (months) on which their orders count
	date, amount string   // names of the last two columns of the lines
}

// newWide turns the layout of a file into that of its order lines.
func newWide(l *layout.Layout, day, file string) (*wide, error) {
	bad := func(column, why, remedy string) error {
		return &fault.CellError{Op: "features.ReadOrders", File: file, Line: l.Line, Column: column, Why: why, Remedy: remedy, Err: fault.ErrSchema}
	}
	if len(l.Periods) == 0 {
		return nil, bad("", "the header names no months, as features.OrdersOptions.Wide wants", "leave Wide out, or name the columns as 2024-01 or Jan 2024")
	}
	w := &wide{width: len(l.Names)}
	var names []string
	for i, name := range l.Names {
		if !slices.Contains(l.Periods, name) {
			w.others, names = append(w.others, i), append(names, name)
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
		if at := slices.Index(w.days, text); at >= 0 {
			return nil, bad(name, fmt.Sprintf("is the same month as %q", l.Names[w.months[at]]), "rename one of them, or leave it out")
		}
		w.months, w.days = append(w.months, i), append(w.days, text)
	}
	free := func(name string) string {
		for slices.Contains(names, name) {
			name += " (month)"
		}
		return name
	}
	w.date, w.amount = free("date"), free("amount")
	what := day + " day of its month"
	if m, _ := cell.ParseMonth(l.Periods[0]); m.Day > 0 {
		what = "day that its header names"
	}
	l.Notes = append(l.Notes, fmt.Sprintf("Each of %d columns, from %q to %q, is a month, and each of its cells counts as one order on the %s.", len(l.Periods), l.Periods[0], l.Periods[len(l.Periods)-1], what))
	l.Names = append(names, w.date, w.amount)
	return w, nil
}

// spread makes order lines of the records in the grid of s: one for each month in which something was bought. Lines of totals, by the
// column of the customer (-1 for none), are told to total. at is where the lines of every record begin, and where they end.
func (w *wide) spread(s *scanner, customer int, missing *cell.Missing, total func(line int)) (empty int, at []int) {
	file, starts := s.columns, s.starts
	s.columns, s.starts = make([][]span, len(w.others)+2), nil
	dates := make([]span, len(w.days))
	for k, day := range w.days {
		dates[k].from = uint32(len(s.data))
		s.data = append(s.data, day...)
		dates[k].to = uint32(len(s.data))
	}
	s.data = append(s.data, make([]byte, behind)...)
	for i, line := range starts {
		at = append(at, len(s.starts))
		if customer >= 0 {
			if f := file[w.others[customer]][i]; layout.SaysTotal(string(trim(s.data[f.from:f.to]))) {
				total(int(line))
				continue
			}
		}
		for k, month := range w.months {
			money := file[month][i]
			if f := trim(s.data[money.from:money.to]); len(f) == 0 || missing.Find(f) >= 0 || isNothing(f) {
				empty++
				continue
			}
			for c, other := range w.others {
				s.columns[c] = append(s.columns[c], file[other][i])
			}
			s.columns[len(w.others)] = append(s.columns[len(w.others)], dates[k])
			s.columns[len(w.others)+1] = append(s.columns[len(w.others)+1], money)
			s.starts = append(s.starts, line)
		}
	}
	return empty, append(at, len(s.starts))
}

// isNothing reports whether a cell is zero, or a dash for it.
func isNothing(f []byte) bool {
	return !bytes.ContainsAny(f, "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ?")
}
