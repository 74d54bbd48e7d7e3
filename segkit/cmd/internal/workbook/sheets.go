package workbook

// Which sheets of a workbook are meant. A shop may keep a sheet for each year or month, with the same columns: the first alone looks like all orders and is a
// part of them, so that nothing is read until somebody says which. Several are read one after the other as one table.

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/internal/xlsx"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// part is a sheet within a table that is made of several.
type part struct {
	sheet     string
	line, row int // the line of the CSV with which its rows begin, and the row of the sheet that this is
}

// meant are the places of the sheets to read: those that are named, with commas between them, or else the first one.
func meant(path, names string, book *xlsx.Book) ([]int, error) {
	if names == "" {
		if len(book.Sheets) < 2 {
			return []int{0}, nil
		}
		if err := plain(path, book); err != nil {
			return nil, err
		}
		heads := headersOf(book)
		if same := alike(book.Sheets, heads, 0); len(same) > 1 {
			return nil, &fault.CellError{File: path, Why: fmt.Sprintf("the sheets %s have the same columns, and without --sheet only the first of them would be read", wording.Quoted(same)),
				Remedy: chooseAmong(same), Err: ErrWhichSheet}
		}
		return []int{0}, aside(path, book.Sheets, heads)
	}
	var at []int
	for rest, more := names, true; more; {
		i, end := leading(rest, book.Sheets)
		if i < 0 {
			name, _, _ := strings.Cut(rest, ",")
			name = strings.TrimSpace(name)
			why := fmt.Sprintf("has no sheet %q%s", name, suggest.Suggestion(name, book.Sheets))
			if suggest.Nearest(name, book.Sheets) != "" {
				why += " The sheets are " + suggest.Nearby(name, book.Sheets)
			}
			return nil, &fault.CellError{File: path, Why: why, Err: fault.ErrFormat}
		}
		if slices.Contains(at, i) {
			return nil, &fault.CellError{File: path, Why: fmt.Sprintf("--sheet %q names the sheet %q twice", names, book.Sheets[i]), Remedy: "name it once", Err: fault.ErrFormat}
		}
		at = append(at, i)
		if more = end < len(rest); more {
			rest = rest[end+1:]
		}
	}
	return at, nil
}

// aside reports as an error that another sheet has nearly the columns of the first one, as where a shop began to write down one thing more: read alone, the
// first would be a part of the orders then, too.
func aside(path string, sheets []string, heads []header) error {
	for i, h := range heads[1:] {
		if first, name := sheets[0], sheets[i+1]; h.above && h.near(heads[0]) {
			return &fault.CellError{File: path, Why: fmt.Sprintf("the sheets %q and %q have nearly the same columns (%s), and without --sheet only the first of them would be read", first, name, unlike(heads[0], h, first, name)),
				Remedy: fmt.Sprintf("give them the same columns to read both, or --sheet %q reads one", first), Err: ErrWhichSheet}
		}
	}
	return nil
}

// leading is the sheet with which a list of names begins, -1 for none, and where its name ends: the longest name that is a sheet's, since names may have
// commas of their own.
func leading(names string, sheets []string) (at, end int) {
	for end = len(names); end >= 0; end = strings.LastIndexByte(names[:end], ',') {
		for _, name := range []string{names[:end], strings.TrimSpace(names[:end])} {
			if at = slices.Index(sheets, name); at >= 0 {
				return at, end
			}
		}
	}
	return -1, 0
}

// chooseAmong is the advice where several sheets have the same columns.
func chooseAmong(same []string) string {
	return fmt.Sprintf("--sheet %q reads them one after another as one table, --sheet %q only the last one", strings.Join(same, ","), same[len(same)-1])
}

// header is the row of a sheet that names its columns.
type header struct {
	row   int      // from 1; 0 where there is none
	names []string // up to the last one, without blanks around them and in small letters
	above bool     // it stands above other rows
}

// headerOf finds the row that names the columns among the first rows of a sheet: the first that is about as wide as they get, so that a title is none.
func headerOf(book *xlsx.Book, at int) header {
	const looked = 20
	s, err := book.Sheet(at)
	if err != nil {
		return header{}
	}
	defer s.Close()
	var rows []header
	width := 0
	for range looked {
		number, cells, err := s.Next()
		if err != nil {
			break
		}
		row := header{row: number}
		for _, c := range cells {
			row.names = append(row.names, strings.ToLower(strings.TrimSpace(c.Text)))
		}
		for len(row.names) > 0 && row.names[len(row.names)-1] == "" {
			row.names = row.names[:len(row.names)-1]
		}
		if len(row.names) > 0 {
			rows, width = append(rows, row), max(width, row.filled())
		}
	}
	for i, row := range rows {
		if n := row.filled(); n > 1 && 4*n >= 3*width {
			row.above = i+1 < len(rows)
			return row
		}
	}
	return header{}
}

// headersOf are the headers of all sheets (sheets).
func headersOf(book *xlsx.Book) (heads []header) {
	for i := range book.Sheets {
		heads = append(heads, headerOf(book, i))
	}
	return heads
}

// filled is how many columns have a name.
func (h header) filled() (n int) {
	for _, name := range h.names {
		if name != "" {
			n++
		}
	}
	return n
}

// same reports whether two headers name the same columns, in whatever order.
func (h header) same(o header) bool {
	return len(h.names) > 0 && slices.Equal(slices.Sorted(slices.Values(h.names)), slices.Sorted(slices.Values(o.names)))
}

// near reports whether two headers share two thirds of the columns that either names.
func (h header) near(o header) bool {
	shared := 0
	for _, name := range h.names {
		if name != "" && slices.Contains(o.names, name) {
			shared++
		}
	}
	return shared > 0 && 3*shared >= 2*max(h.filled(), o.filled())
}

// alike are the names of a sheet and of those that hold rows under the same columns, in their order.
func alike(sheets []string, heads []header, at int) (same []string) {
	for i, h := range heads {
		if i == at || h.above && h.same(heads[at]) {
			same = append(same, sheets[i])
		}
	}
	return same
}

// together reads sheets one after the other as one table, with the columns where the first sheet has them.
func together(path string, book *xlsx.Book, at []int, size int64) (*Source, error) {
	refuse := func(why, remedy string) (*Source, error) {
		return nil, &fault.CellError{File: path, Why: why, Remedy: remedy, Err: fault.ErrFormat}
	}
	out, head := &Source{Path: path, first: 2, Rows: -1}, header{}
	most := newCSVWriter(size).to.most
	var counts, from, filled []string
	for n, i := range at {
		name, h := book.Sheets[i], headerOf(book, i)
		if n == 0 {
			head = h
		}
		if !h.same(head) {
			return refuse(fmt.Sprintf("the sheets %q and %q do not make one table: %s", book.Sheets[at[0]], name, unlike(head, h, book.Sheets[at[0]], name)), "give them the same columns, or read each of them separately")
		}
		s, err := readAlone(path, book, i, size, places(h.names, head.names))
		if err != nil {
			return nil, err
		}
		csv, skipped := s.CSV, 0
		if n > 0 { // what stands above the rows stands there already
			for ; skipped < h.row; skipped++ {
				csv = csv[bytes.IndexByte(csv, '\n')+1:]
			}
			from = append(from, fmt.Sprintf("%q from row %s on", name, sheet.Count(out.Rows+2)))
		}
		if int64(len(out.CSV)+len(csv)) > most {
			return refuse((&unpacked{most: most}).tooMuch().Error(), tooMuchRemedy)
		}
		out.parts = append(out.parts, part{name, out.Rows + 2, skipped + 1})
		out.Sheets, out.CSV, out.Rows = append(out.Sheets, name), append(out.CSV, csv...), out.Rows+s.Rows+1-skipped
		counts = append(counts, fmt.Sprintf("%q (%s)", name, wording.Plural(s.Rows+1-h.row, "row")))
		for _, note := range s.Notes {
			filled = append(filled, fmt.Sprintf("Sheet %q: %s", name, note))
		}
	}
	out.Notes = append([]string{fmt.Sprintf("The sheets %s are read one after another as one table: %s.", sheet.List(counts), sheet.List(from))}, filled...)
	return out, nil
}

// places are where columns stand in another order of their names.
func places(names, others []string) []int {
	out, taken := make([]int, len(names)), make([]bool, len(others))
	for j, name := range names {
		for o, other := range others {
			if !taken[o] && other == name {
				out[j], taken[o] = o, true
				break
			}
		}
	}
	return out
}

// moved puts the cells of a row into the places of their columns; what stands behind the columns stays there.
func moved(cells []xlsx.Cell, places []int) []xlsx.Cell {
	if slices.IsSorted(places) {
		return cells
	}
	out := make([]xlsx.Cell, max(len(cells), len(places)))
	for j, c := range cells {
		if j < len(places) {
			out[places[j]] = c
		} else {
			out[j] = c
		}
	}
	return out
}

// unlike says in what two headers differ.
func unlike(a, b header, nameA, nameB string) string {
	for _, side := range []struct {
		has, lacks header
		sheet      string
	}{{a, b, nameA}, {b, a, nameB}} {
		for _, column := range side.has.names {
			if !slices.Contains(side.lacks.names, column) {
				return fmt.Sprintf("only %q has the column %q", side.sheet, wording.Clip(column))
			}
		}
	}
	if len(a.names) == 0 || len(b.names) == 0 {
		return "no row names their columns"
	}
	return "a column appears more often in one of them"
}

// plain reports as an error that the first sheet of a book cannot be meant: it has no table, and another sheet has.
func plain(path string, book *xlsx.Book) error {
	rows, width := extent(book, 0, 2)
	if width > 1 {
		return nil
	}
	said, found := []string{fmt.Sprintf("%q (%s)", book.Sheets[0], wording.Plural(rows, "row"))}, 0
	for at, most := 1, rows; at < len(book.Sheets); at++ {
		n, width := extent(book, at, math.MaxInt)
		said = append(said, fmt.Sprintf("%q (%s)", book.Sheets[at], wording.Plural(n, "row")))
		if width > 1 && n > most {
			found, most = at, n
		}
	}
	if found == 0 {
		return nil
	}
	remedy := fmt.Sprintf("name the one that is meant, as in --sheet %q", book.Sheets[found])
	if same := alike(book.Sheets, headersOf(book), found); len(same) > 1 {
		remedy = chooseAmong(same)
	}
	return &fault.CellError{File: path, Why: "the first sheet holds no table; the sheets are " + strings.Join(said, ", "), Remedy: remedy, Err: ErrWhichSheet}
}

// extent is how many rows of a sheet hold anything, and how many columns wide they are at most, up to the first row of enough columns. What cannot be read ends
// it: that is told when it is read.
func extent(book *xlsx.Book, at, enough int) (rows, width int) {
	s, err := book.Sheet(at)
	if err != nil {
		return 0, 0
	}
	defer s.Close()
	for {
		_, cells, err := s.Next()
		if err != nil {
			return rows, width
		}
		filled := len(cells)
		for filled > 0 && cells[filled-1].Text == "" {
			filled--
		}
		if filled > 0 {
			rows++
		}
		if width = max(width, filled); width >= enough {
			return rows, width
		}
	}
}
