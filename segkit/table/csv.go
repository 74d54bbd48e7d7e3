package table

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Reading a customer table from CSV, strictly: every cell is either understood, written as missing, or the subject of an
// error that names its line.

// CSVOptions says how to read a file if its contents alone do not.
type CSVOptions struct {
	Columns []string            // columns to read, in this order; nil reads all but the id
	Comma   rune                // separator: , ; tab | or another character; 0 recognises it, blanks too
	Decimal rune                // '.' or ',' for columns that leave it open, such as one with only cells like 1.234; 0 asks about those
	Text    []string            // columns to read as text although their cells are numbers: codes, postcodes
	Levels  map[string][]string // ordered categories, from low to high: "visits": {"never", "monthly", "weekly"}
	Missing []string            // cells that mean "not known"; nil: empty, NA, N/A, n/a, #N/A, NaN, nan, null, NULL, \N, <NA>
	Units   map[string]string   // by column: "EUR", "days"; "" for a number without one, whose cells may begin with zeros as those of codes do
	Roles   map[string]Role     // by column; Feature where not given

	HeaderLine int      // the line of the file that names the columns; 0 finds it, even below title lines
	Header     []string // names of the columns, if no line of the file names them
}

// ReadCSV reads a table of one row per customer (n x d) from the file at path, gzip-compressed or not, in UTF-8, UTF-16 or Windows-1252.
// The column id names the customers; it is kept as text ("00123" is not 123) and must not repeat. With id "" the customers
// are numbered from 1.
//
// A column whose cells are all numbers is numeric, unless these are codes: digits of one length, or of four and more, some of which begin with a zero, as 01067 does. Codes
// are text, and the summary says so; CSVOptions.Units says otherwise, with "" for an amount without a unit. A column without any number is categorical, with its levels sorted (so
// "No"/"Yes" and "FALSE"/"TRUE" become levels 0 and 1). A mixed one is an error that names the first offending cell and
// the number of such cells. Spaces around cells are dropped. At most one CSVOptions may be given. Cost n*d.
//
// The whole column decides how numbers are written: 1,234.50 and 1.234,50, thousands separated by a space or an apostrophe,
// 12,34,567 as in India, € 5 and 5 EUR (the currency becomes the unit), 12 % (12, in %), (12.50) and 12.50- for negative
// numbers, 1.2e-5. If no cell decides, as when all are like 1.234, the error names both readings and their totals, and
// CSVOptions.Decimal answers it. Dates are text, whose days With counts by days_since.
//
// Titles above the header, a second header line with units, totals below the customers and empty lines are left out. Columns without a
// name, or with the name of another, are named by their position ("amount (column 4)"). The summary says so. It also says what is
// suspicious: numbers such as -1 and 999 far from all others, days that were read as numbers or as levels, levels and ids spelled in
// two ways, an outcome such as churn among the features. A column that is the sum of others in every row counts as made from them
// (Ancestry).
//
// Options that segkit inspect --write kept beside the file (customers.csv.segkit.toml) apply unless o says otherwise; the summary says
// so. A file whose columns have changed since then is refused.
func ReadCSV(path, id string, o ...CSVOptions) (*Table, error) {
	const op = "table.ReadCSV"
	opts, err := oneCSVOptions(o)
	if err != nil {
		return nil, err
	}
	k, err := beside(op, path, &opts)
	if err != nil {
		return nil, err
	}
	file, _, err := textfile.Open(path)
	if err != nil {
		return nil, unreadable(op, path, err)
	}
	defer file.Close()
	in, size, changed := textfile.Steady(file)
	var again func() (io.Reader, error)
	if size > 0 {
		again = func() (io.Reader, error) {
			_, err := file.Seek(0, io.SeekStart)
			in, _, _ := textfile.Steady(file)
			return in, err
		}
	}
	t, err := opts.read(in, op, path, id, k, size, again)
	if changed() {
		return nil, &fault.CellError{Op: op, File: path, Why: textfile.Written, Remedy: textfile.WrittenRemedy, Err: fault.ErrFormat}
	}
	return t, err
}

// ParseCSV is ReadCSV for CSV that is not in a file of its own; name identifies it in messages.
func ParseCSV(r io.Reader, name, id string, o ...CSVOptions) (*Table, error) {
	const op = "table.ParseCSV"
	if r == nil {
		return nil, fault.Nil(op, "reader")
	}
	opts, err := oneCSVOptions(o)
	if err != nil {
		return nil, err
	}
	var again func() (io.Reader, error)
	if s, ok := r.(io.Seeker); ok {
		if start, err := s.Seek(0, io.SeekCurrent); err == nil {
			again = func() (io.Reader, error) {
				_, err := s.Seek(start, io.SeekStart)
				return r, err
			}
		}
	}
	return opts.read(r, op, name, id, nil, 0, again)
}

// beside takes up what was kept for the file at path, where o does not say otherwise; nil where nothing was.
func beside(op, path string, o *CSVOptions) (*kept.Options, error) {
	k, err := kept.Beside(op, path)
	if err != nil || k == nil || k.Kind != kept.Customers { // how its lines are read as orders says nothing here
		return nil, err
	}
	return k, k.Fill(o)
}

func oneCSVOptions(o []CSVOptions) (CSVOptions, error) {
	switch {
	case len(o) > 1:
		return CSVOptions{}, fault.Option("table.ReadCSV", "CSVOptions", len(o), "at most one")
	case len(o) == 0:
		return CSVOptions{}, nil
	}
	if d := o[0].Decimal; d != 0 && d != '.' && d != ',' {
		return CSVOptions{}, fault.Option("table.CSVOptions", "Decimal", strconv.QuoteRune(d), "'.' or ','")
	}
	if c := o[0].Comma; c >= utf8.RuneSelf || c == '"' || c == '\r' || c == '\n' {
		return CSVOptions{}, fault.Option("table.CSVOptions", "Comma", strconv.QuoteRune(c), "a separator such as ',' or ';'")
	}
	if l := o[0].HeaderLine; l < 0 || l > 0 && o[0].Header != nil {
		return CSVOptions{}, fault.Option("table.CSVOptions", "HeaderLine", l, "a line of the file, from 1, or nothing where Header gives the names")
	}
	return o[0], nil
}

// read reads a table of size bytes, 0 if that is not known; name is the file's in messages. k is what was kept beside it, nil for nothing.
// again gives its text from the start once more; nil where it can be read only once.
func (o CSVOptions) read(in io.Reader, op, name, id string, k *kept.Options, size int64, again func() (io.Reader, error)) (*Table, error) {
	named := slices.Clone(o.Columns)
	if id != "" {
		named = append(named, id)
	}
	f, err := openCSV(in, op, name, o, named...)
	if err != nil {
		return nil, err
	}
	if k != nil {
		if err := k.Changed(op, name, f.header); err != nil {
			return nil, err
		}
	}
	columns, lines, ok := []texts(nil), []int(nil), false
	if again != nil {
		columns, lines, ok = f.inOrder(size)
	}
	if !ok {
		if again != nil {
			if in, err = again(); err != nil {
				return nil, f.refused(err)
			}
			if f, err = openCSV(in, op, name, o, named...); err != nil {
				return nil, err
			}
		}
		if columns, lines, err = f.oneByOne(); err != nil {
			return nil, err
		}
	}
	idAt := slices.Index(f.header, id)
	if id != "" && idAt < 0 {
		return nil, f.noColumn(id)
	}
	wanted, err := f.wanted(idAt, columns, o)
	if err != nil {
		return nil, err
	}
	notes := f.notes
	if k != nil {
		notes = append(notes, fmt.Sprintf("Read with the options kept in %s: %s.", filepath.Base(k.Path), k.Said()))
	}
	t := FromRaw(Raw{Source: name, IDName: id, Numbered: id == ""})
	if t.raw.IDs, err = f.ids(id, idAt, columns, lines); err != nil {
		return nil, err
	}
	r := &cellReader{op: op, decimal: o.Decimal, missing: cell.NewMissing(o.Missing), fromFile: true, lines: lines}
	r.at = func(i int) *fault.CellError { return &fault.CellError{File: name, Line: lines[i], ID: t.raw.IDs[i]} }
	t.raw.Data = make([]float64, len(t.raw.IDs)*len(wanted))
	seen, failed, strange := make([]evidence, len(wanted)), make([]error, len(wanted)), make([]string, len(wanted))
	each := func(do func(p, j int)) { // without a context it does all
		_ = par.Items(context.Background(), len(wanted), func(p int) { do(p, wanted[p]) })
	}
	each(func(p, j int) {
		_, given := o.Levels[f.header[j]]
		seen[p] = r.look(&columns[j], given || slices.Contains(o.Text, f.header[j]))
		if _, measured := o.Units[f.header[j]]; !measured && seen[p].digits.Padded() {
			seen[p].numbers, strange[p] = nil, keptAsCode(f.header[j], "line", seen[p].digits.Zeros, fmt.Sprintf("CSVOptions{Units: map[string]string{%q: \"\"}} reads them as numbers", f.header[j]))
		}
	})
	for _, e := range seen {
		r.know(e)
	}
	t.raw.Columns = make([]Column, len(wanted))
	each(func(p, j int) {
		c := Column{Name: f.header[j], Unit: o.Units[f.header[j]], Role: o.Roles[f.header[j]]}
		if levels, ok := o.Levels[c.Name]; ok {
			c.Levels, c.Ordered = slices.Clone(levels), true
		}
		var values []float64
		values, failed[p] = r.column(&c, &columns[j], seen[p].numbers)
		for i, v := range values {
			t.raw.Data[i*len(wanted)+p] = v
		}
		t.raw.Columns[p] = c
		if failed[p] == nil && strange[p] == "" && !slices.Contains(o.Text, c.Name) { // who asks for text looks at it
			strange[p] = suspicious(&c, values)
		}
	})
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	strange = append(append(strange, respelled(t.raw.IDs)), t.sums()...)
	t.raw.Note = strings.Join(slices.DeleteFunc(append(notes, strange...), func(note string) bool { return note == "" }), " ")
	return t, t.checkColumns() // the ids were found to be different
}

// oneByOne reads all rows by column, and the line of each.
func (f *csvFile) oneByOne() (columns []texts, lines []int, err error) {
	columns = make([]texts, len(f.header))
	for {
		cells, line, err := f.next()
		if err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, err
		}
		for j := range columns {
			columns[j].add(cells[j])
		}
		lines = append(lines, line)
	}
	if lines == nil {
		return nil, nil, f.noRows()
	}
	return columns, lines, nil
}

// wanted returns the positions of the columns to read, and refuses options that speak of columns that are not there.
func (f *csvFile) wanted(idAt int, columns []texts, o CSVOptions) ([]int, error) {
	for _, asked := range []struct {
		field string
		names []string
	}{{"Columns", o.Columns}, {"Text", o.Text}, {"Levels", keys(o.Levels)}, {"Units", keys(o.Units)}, {"Roles", keys(o.Roles)}} {
		if err := suggest.Known("table.CSVOptions", asked.field, asked.names, f.header); err != nil {
			return nil, err
		}
	}
	var at []int
	if o.Columns == nil {
		for j, name := range f.header {
			if j != idAt && name == layout.Unnamed(j) && counts(&columns[j]) {
				return nil, f.errorAt(f.at, fmt.Sprintf("name it as the id, %q, or list the columns to read in CSVOptions.Columns", name), "column %d has no name and numbers the rows, as pandas writes its index", j+1)
			}
			if j != idAt {
				at = append(at, j)
			}
		}
	}
	for _, name := range o.Columns {
		j := slices.Index(f.header, name)
		if j == idAt {
			return nil, fault.Option("table.CSVOptions", "Columns", fmt.Sprintf("%q", name), "columns other than the id")
		}
		at = append(at, j)
	}
	if len(at) == 0 {
		return nil, f.errorAt(f.at, "", "has no columns besides the id")
	}
	return at, nil
}

// counts reports whether a column numbers the rows, from 0 or 1.
func counts(column *texts) bool {
	start, err := strconv.Atoi(string(column.at(0)))
	for i := range column.len() {
		if err != nil || start > 1 || column.len() == 1 || string(column.at(i)) != strconv.Itoa(start+i) {
			return false
		}
	}
	return true
}

// ids returns the customers' ids, or "1", "2", … where there is no id column.
func (f *csvFile) ids(name string, at int, columns []texts, lines []int) ([]string, error) {
	ids := make([]string, len(lines))
	if name == "" {
		return wording.Numbered(len(ids)), nil
	}
	all, from := string(columns[at].all), 0
	for i, end := range columns[at].ends {
		ids[i], from = all[from:end], end
	}
	if different(ids) && !slices.Contains(ids, "") {
		return ids, nil
	}
	first := make(map[string]int, len(ids))
	var bad *fault.CellError
	for i := range ids {
		before, repeated := first[ids[i]]
		switch {
		case ids[i] != "" && !repeated:
			first[ids[i]] = i
		case bad != nil:
			bad.Count++
		case repeated:
			bad = &fault.CellError{Op: f.op, File: f.name, Line: lines[i], Column: name, Value: ids[i], Count: 1, Err: fault.ErrDuplicate,
				Why: fmt.Sprintf("is already in line %d", lines[before]), Remedy: "keep one row per customer; a file with a row for each order or article is for features.ReadOrders"}
		default:
			bad = &fault.CellError{Op: f.op, File: f.name, Line: lines[i], Column: name, Count: 1, Err: fault.ErrSchema,
				Why: "the customer has no id", Remedy: "fill it in, or delete the row"}
		}
	}
	if bad != nil {
		return nil, bad
	}
	return ids, nil
}

// keys returns the keys of m in order, so that the error for a wrong one is always about the same one.
func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
