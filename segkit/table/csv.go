package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Reading a customer table from CSV, strictly: every cell is either understood, written as missing, or the subject of an
// error that names its line.

// CSVOptions says how to read a file where its look alone does not.
type CSVOptions struct {
	Columns []string            // columns to read, in this order; nil reads all but the id
	Comma   rune                // separator; 0 takes the one of , ; tab | that occurs most often in the header
	Decimal rune                // '.' or ',' for columns that leave it open, as cells like 1.234 alone do; 0 asks about those
	Text    []string            // columns to read as text although their cells are numbers: codes, postcodes
	Levels  map[string][]string // ordered categories, from low to high: "visits": {"never", "monthly", "weekly"}
	Missing []string            // cells that mean "not known"; nil: empty, NA, N/A, n/a, #N/A, NaN, nan, null, NULL, \N, <NA>
	Units   map[string]string   // by column: "EUR", "days"
	Roles   map[string]Role     // by column; Feature where not given
}

// ReadCSV reads a table of one row per customer (n x d) from the file at path, gzip-compressed or not, in UTF-8, UTF-16 or Windows-1252.
// The column id names the customers; it is kept as text ("00123" is not 123) and must not repeat. With id "" the customers
// are numbered from 1.
//
// A column whose cells are all numbers is numeric, one without any number is categorical with its levels sorted (so
// "No"/"Yes" and "FALSE"/"TRUE" come out as levels 0 and 1); a mixed one is an error that names the first cell and the
// number of such cells. Blanks around cells are dropped. At most one CSVOptions may be given. Cost n*d.
//
// How numbers are written is decided by the whole column: 1,234.50 and 1.234,50, thousands set apart by a blank or an
// apostrophe, 12,34,567 as in India, € 5 and 5 EUR (the currency becomes the unit), 12 % (12, in %), (12.50) and 12.50- for
// less than nothing, 1.2e-5. Where no cell decides, as when all are like 1.234, the error names both readings with what they
// add up to, and CSVOptions.Decimal answers it. Dates are text, whose days With counts by days_since.
//
// Options that segkit inspect --write kept beside the file (customers.csv.segkit.toml) hold where o does not say otherwise; the summary
// says so. A file whose columns have changed since is refused.
func ReadCSV(path, id string, o ...CSVOptions) (*Table, error) {
	opts, err := oneCSVOptions(o)
	if err != nil {
		return nil, err
	}
	k, err := beside("table.ReadCSV", path, &opts)
	if err != nil {
		return nil, err
	}
	data, err := textfile.Read(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return parseCSV(path, data, id, opts, k)
}

// ParseCSV is ReadCSV for CSV that does not lie in a file by itself; name stands for it in messages.
func ParseCSV(r io.Reader, name, id string, o ...CSVOptions) (*Table, error) {
	if r == nil {
		return nil, fault.Nil("table.ParseCSV", "reader")
	}
	opts, err := oneCSVOptions(o)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("segkit: table.ParseCSV: %s: %w", name, err)
	}
	if data, err = textfile.Decode(data); err != nil {
		return nil, &fault.CellError{Op: "table.ParseCSV", File: name, Why: err.Error(), Err: fault.ErrFormat}
	}
	return parseCSV(name, data, id, opts, nil)
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
	if c := o[0].Comma; c == '"' || c == '\r' || c == '\n' || c == '\ufeff' {
		return CSVOptions{}, fault.Option("table.CSVOptions", "Comma", strconv.QuoteRune(c), "a separator such as ',' or ';'")
	}
	return o[0], nil
}

// parseCSV reads decoded text; name is the file's in messages. k is what was kept beside it, nil for nothing.
func parseCSV(name string, data []byte, id string, o CSVOptions, k *kept.Options) (*Table, error) {
	f := &csvFile{name: name}
	if err := f.read(data, o.Comma); err != nil {
		return nil, err
	}
	note := ""
	if k != nil {
		if err := k.Changed("table.ReadCSV", name, f.header); err != nil {
			return nil, err
		}
		note = fmt.Sprintf("Read with the options kept in %s: %s.", filepath.Base(k.Path), k.Said())
	}
	idAt := slices.Index(f.header, id)
	if id != "" && idAt < 0 {
		return nil, f.noColumn(id)
	}
	wanted, err := f.wanted(idAt, o)
	if err != nil {
		return nil, err
	}
	t := FromRaw(Raw{Source: name, IDName: id, Note: note})
	if t.raw.IDs, err = f.ids(id, idAt); err != nil {
		return nil, err
	}
	r := &cellReader{op: "table.ReadCSV", decimal: o.Decimal, missing: cell.NewMissing(o.Missing), fromFile: true, lines: f.lines}
	r.at = func(i int) *fault.CellError { return &fault.CellError{File: name, Line: f.lines[i], ID: t.raw.IDs[i]} }
	t.raw.Data = make([]float64, len(t.raw.IDs)*len(wanted))
	cells := make([]string, len(t.raw.IDs))
	take := func(j int) {
		for i, row := range f.rows {
			cells[i] = row[j]
		}
	}
	seen := make(map[int]*cell.Numbers, len(wanted)) // by column of the file
	for _, j := range wanted {
		_, given := o.Levels[f.header[j]]
		take(j)
		seen[j] = r.look(cells, given || slices.Contains(o.Text, f.header[j]))
	}
	for p, j := range wanted {
		take(j)
		c := Column{Name: f.header[j], Unit: o.Units[f.header[j]], Role: o.Roles[f.header[j]]}
		if levels, ok := o.Levels[c.Name]; ok {
			c.Levels, c.Ordered = slices.Clone(levels), true
		}
		values, err := r.column(&c, cells, seen[j])
		if err != nil {
			return nil, err
		}
		for i, v := range values {
			t.raw.Data[i*len(wanted)+p] = v
		}
		t.raw.Columns = append(t.raw.Columns, c)
	}
	return t, t.Check()
}

// csvFile is a file cut into cells: every row has as many as the header.
type csvFile struct {
	name   string
	comma  rune
	header []string
	rows   [][]string
	lines  []int // line each row starts on
}

func (f *csvFile) errorAt(line int, remedy, why string, args ...any) error {
	return &fault.CellError{Op: "table.ReadCSV", File: f.name, Line: line, Why: fmt.Sprintf(why, args...), Remedy: remedy, Err: fault.ErrFormat}
}

func (f *csvFile) read(data []byte, comma rune) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return fault.Errorf(fault.ErrEmpty, "segkit: table.ReadCSV: %s is empty", f.name)
	}
	if f.comma = comma; comma == 0 {
		f.comma = separator(data)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = f.comma, -1
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return f.quoteError(err, data)
		}
		for j := range row {
			row[j] = strings.TrimSpace(row[j])
		}
		line, _ := r.FieldPos(0)
		if f.header == nil {
			f.header = row
			if err := f.checkHeader(line, data, comma); err != nil {
				return err
			}
			continue
		}
		switch {
		case len(row) != len(f.header):
			return f.ragged(line, row)
		case len(row) > 1 && slices.Equal(row, f.header):
			return f.errorAt(line, "delete it (were two files joined?)", "repeats the header")
		}
		f.rows, f.lines = append(f.rows, row), append(f.lines, line)
	}
	if len(f.rows) == 0 {
		return fault.Errorf(fault.ErrEmpty, "segkit: table.ReadCSV: %s has a header and no rows below it", f.name)
	}
	return nil
}

// ragged is the error for a row that has more or fewer cells than the header.
func (f *csvFile) ragged(line int, row []string) error {
	why := fmt.Sprintf("has %s where the header has %d", wording.CellCount(len(row)), len(f.header))
	if j := slices.IndexFunc(row, func(cell string) bool { return strings.Contains(cell, "\n") }); j >= 0 {
		return f.errorAt(line, "close the quote", "%s, one of which runs over %d lines: a double quote is left open", why, 1+strings.Count(row[j], "\n"))
	}
	return f.errorAt(line, fmt.Sprintf("put cells that hold a %s in double quotes, or mend the line", spoken(f.comma)), "%s", why)
}

// quoteError says where a quote went wrong: the two ways in which text cannot be cut into cells at all.
func (f *csvFile) quoteError(err error, data []byte) error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return fault.Errorf(fault.ErrFormat, "segkit: table.ReadCSV: %s: %w", f.name, err)
	}
	const double = `write a quote inside a quoted cell twice ("")`
	switch {
	case errors.Is(at.Err, csv.ErrBareQuote):
		return f.errorAt(at.Line, `put the whole cell in double quotes, and `+double,
			"has a double quote in the middle of a cell, at character %d", at.Column)
	case at.Column > len(bytes.TrimRight(bytes.Split(data, []byte("\n"))[at.Line-1], "\r")): // at the end of the file
		return f.errorAt(at.StartLine, "close it", "opens a double quote that is never closed: everything up to the end of the file would be one cell")
	case at.StartLine == at.Line:
		return f.errorAt(at.Line, "close it, or "+double, "has a double quote that is not closed properly, at character %d", at.Column)
	default:
		return f.errorAt(at.StartLine, "close it, or "+double,
			"opens a double quote that is not closed before the next one, in line %d", at.Line)
	}
}

func (f *csvFile) checkHeader(line int, data []byte, comma rune) error {
	if len(f.header) == 1 && comma == 0 {
		return f.oneColumn(line, data)
	}
	if best := separator(data); len(f.header) == 1 && best != f.comma && bytes.ContainsRune(firstLine(data), best) {
		return f.errorAt(line, fmt.Sprintf("read the file with CSVOptions{Comma: %s}", strconv.QuoteRune(best)),
			"is a single column when cells are separated by a %s; they seem to be separated by a %s", spoken(f.comma), spoken(best))
	}
	first := make(map[string]int, len(f.header))
	for j, name := range f.header {
		if before, ok := first[name]; ok && name != "" {
			return f.errorAt(line, "give each column its own name", "columns %d and %d are both named %q", before+1, j+1, wording.Clip(name))
		}
		first[name] = j
	}
	return nil
}

// oneColumn is the error for a file whose lines hold none of the separators that are recognised.
func (f *csvFile) oneColumn(line int, data []byte) error {
	remedy := "give their separator in table.CSVOptions.Comma; any will do if a single column is meant"
	for _, comma := range " :^~" {
		other := csvFile{name: f.name}
		if other.read(data, comma) == nil && len(other.header) > 1 {
			remedy = fmt.Sprintf("read the file with table.CSVOptions{Comma: %s}, which gives %d columns", strconv.QuoteRune(comma), len(other.header))
			break
		}
	}
	return f.errorAt(line, remedy, "is the single column %q, so this is no CSV file, or its cells are not separated by comma, semicolon, tab or |", wording.Clip(f.header[0]))
}

// noColumn is the error for an id column that the header does not have.
func (f *csvFile) noColumn(id string) error {
	numbers := 0
	for _, name := range f.header {
		if _, ok := number(name); ok {
			numbers++
		}
	}
	if numbers*2 > len(f.header) {
		return f.errorAt(1, "the first line must name the columns", "has no column %q: it looks like data, not like a header", id)
	}
	return suggest.Column("ReadCSV: "+f.name, id, f.header)
}

// wanted returns the positions of the columns to read, and refuses options that speak of columns that are not there.
func (f *csvFile) wanted(idAt int, o CSVOptions) ([]int, error) {
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
			if name == "" && j != idAt {
				return nil, f.errorAt(1, "name it, or list the columns to read in CSVOptions.Columns", "column %d has no name", j+1)
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
		return nil, f.errorAt(1, "", "has no columns besides the id")
	}
	return at, nil
}

// ids returns the customers' ids, or "1", "2", … where there is no id column.
func (f *csvFile) ids(name string, at int) ([]string, error) {
	ids := make([]string, len(f.rows))
	if name == "" {
		return wording.Numbered(len(ids)), nil
	}
	first := make(map[string]int, len(ids))
	var bad *fault.CellError
	for i, row := range f.rows {
		ids[i] = row[at]
		before, repeated := first[ids[i]]
		switch {
		case ids[i] != "" && !repeated:
			first[ids[i]] = i
		case bad != nil:
			bad.Count++
		case repeated:
			bad = &fault.CellError{Op: "table.ReadCSV", File: f.name, Line: f.lines[i], Column: name, Value: ids[i], Count: 1, Err: fault.ErrDuplicate,
				Why: fmt.Sprintf("already stands in line %d", f.lines[before]), Remedy: "keep one row per customer"}
		default:
			bad = &fault.CellError{Op: "table.ReadCSV", File: f.name, Line: f.lines[i], Column: name, Count: 1, Err: fault.ErrSchema,
				Why: "the customer has no id", Remedy: "fill it in, or drop the row"}
		}
	}
	if bad != nil {
		return nil, bad
	}
	return ids, nil
}

// separator returns the one of , ; tab | that occurs most often in the header outside quotes, the comma if none does.
func separator(data []byte) rune {
	counts := make(map[rune]int)
	quoted := false
	for _, r := range string(firstLine(data)) {
		if r == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t|" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// firstLine is the first line that is not blank.
func firstLine(data []byte) []byte {
	data = bytes.TrimLeft(data, "\r\n")
	if end := bytes.IndexByte(data, '\n'); end >= 0 {
		data = data[:end]
	}
	return data
}

func spoken(separator rune) string {
	switch separator {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	}
	return strconv.QuoteRune(separator)
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
