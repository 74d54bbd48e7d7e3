package table

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
)

// Scan reads a customer table of any size from CSV, in pieces of some thousand customers. Numbers mean what the whole column says, as in
// ReadCSV: a file is read twice, first to look at its numbers. A pipe can be read only once, so that its first piece decides, and a
// later cell that it cannot be right about is an error.
type Scan struct {
	Header []string // names of all columns

	form   csvFile    // name, separator and header
	o      CSVOptions // Comma, Decimal and Missing of them
	path   string     // "" for a pipe
	rows   int        // in a piece at most
	size   int64      // bytes of the file
	opened *records   // of a pipe: behind the header
}

const (
	pieceRows   = 1 << 14 // customers in a piece, fewer where there are many columns
	pieceValues = 1 << 20 // values in a piece
	mostTexts   = 1 << 16 // levels of a column whose levels are not given
	mostRecord  = 1 << 24 // bytes of a row
)

// ScanCSV begins to read the file at path, as ReadCSV does: gzip-compressed or not, in UTF-8, UTF-16 or Windows-1252. Of CSVOptions, Comma,
// Decimal and Missing count, given or kept beside the file.
func ScanCSV(path string, o ...CSVOptions) (*Scan, error) {
	opts, err := oneCSVOptions(o)
	if err != nil {
		return nil, err
	}
	k, err := beside("table.ScanCSV", path, &opts)
	if err != nil {
		return nil, err
	}
	f, info, err := textfile.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return opts.Scan(f, path)
	}
	defer f.Close()
	s, err := opts.Scan(f, path)
	if err == nil && k != nil {
		err = k.Changed("table.ScanCSV", path, s.Header)
	}
	if err == nil {
		s.path, s.size, s.opened = path, info.Size(), nil
	}
	return s, err
}

// Scan is ScanCSV for what can be read only once; name stands for it in messages.
func (o CSVOptions) Scan(r io.Reader, name string) (*Scan, error) {
	if r == nil {
		return nil, fault.Nil("table.CSVOptions.Scan", "reader")
	}
	if _, err := oneCSVOptions([]CSVOptions{o}); err != nil {
		return nil, err
	}
	s := &Scan{form: csvFile{name: name}, o: o, rows: pieceRows}
	var err error
	if s.opened, err = s.open(r); err != nil {
		return nil, err
	}
	s.Header = s.form.header
	return s, nil
}

// unreadable is the error for a file that is no text or cannot be read at all; err continues a sentence that begins with its name.
func unreadable(name string, err error) error {
	e := &fault.CellError{Op: "table.ReadCSV", File: name, Why: err.Error(), Err: fault.ErrFormat}
	if system := syscall.Errno(0); errors.As(err, &system) {
		e.Err = system
	}
	return e
}

// records is one pass over the rows.
type records struct {
	raw   *tap
	plain *tap
	csv   *csv.Reader
}

// tap counts what runs through it, and ends a row that has no end.
type tap struct {
	in          io.Reader
	all, record int64
	most        int64 // bytes of a record; 0 for any number
}

func (t *tap) Read(p []byte) (int, error) {
	if t.most > 0 && t.record > t.most {
		return 0, errTooLong
	}
	n, err := t.in.Read(p)
	t.all, t.record = t.all+int64(n), t.record+int64(n)
	return n, err
}

var errTooLong = errors.New("holds a row of more than 16 MB: a double quote is left open")

// open reads the header. Of the first pass it makes the form of the file, which later ones have.
func (s *Scan) open(r io.Reader) (*records, error) {
	raw := &tap{in: r}
	text, err := layout.Open(raw)
	if err != nil {
		return nil, s.refused(err)
	}
	var lines io.Reader = text
	data := slices.Clone(text.Start[:min(len(text.Start), 1<<16)])
	if bytes.IndexByte(data, '\n') < 0 && bytes.IndexByte(data, '\r') >= 0 {
		data, lines = bytes.ReplaceAll(data, []byte("\r"), []byte("\n")), layout.Macs{In: lines}
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("segkit: table.ReadCSV: %s is empty: %w", s.form.name, fault.ErrEmpty)
	}
	if s.form.comma = s.o.Comma; s.form.comma == 0 {
		s.form.comma = separator(data)
	}
	in := &records{raw: raw, plain: &tap{in: lines, most: mostRecord}}
	in.csv = csv.NewReader(in.plain)
	in.csv.Comma, in.csv.FieldsPerRecord, in.csv.ReuseRecord = s.form.comma, -1, true
	s.form.header = nil
	header, line, err := s.row(in)
	if err != nil {
		return nil, err
	}
	s.form.header = slices.Clone(header)
	if end := bytes.LastIndexByte(data, '\n'); end >= 0 {
		data = data[:end+1]
	}
	return in, s.form.checkHeader(line, data, s.o.Comma)
}

// refused says why the text cannot be read on.
func (s *Scan) refused(err error) error {
	var e *fault.CellError
	switch {
	case errors.As(err, &e):
		e.Op, e.File = "table.ReadCSV", s.form.name
		return e
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		err = fmt.Errorf("is a damaged gzip file: %w: copy or download it again", err)
	case err != errTooLong:
		err = fmt.Errorf("cannot be read to its end: %w", err)
	}
	return unreadable(s.form.name, err)
}

// row reads the next row, whose cells are valid until the one after it is read; io.EOF is the end.
func (s *Scan) row(in *records) (cells []string, line int, err error) {
	cells, err = in.csv.Read()
	var at *csv.ParseError
	switch {
	case err == io.EOF:
		return nil, 0, err
	case errors.As(err, &at):
		return nil, 0, s.form.errorAt(at.StartLine, `close it; put a cell that holds one in double quotes, and write the quote in it twice ("")`,
			"has a double quote that is left open or stands in the middle of a cell")
	case err != nil:
		return nil, 0, s.refused(err)
	}
	in.plain.record = 0
	for j := range cells {
		cells[j] = textfile.String(strings.TrimSpace(cells[j]))
	}
	line, _ = in.csv.FieldPos(0)
	if h := s.form.header; h != nil && len(cells) != len(h) {
		return nil, 0, s.form.ragged(line, cells)
	} else if len(cells) > 1 && slices.Equal(cells, h) {
		return nil, 0, s.form.errorAt(line, "delete it (were two files joined?)", "repeats the header")
	}
	return cells, line, nil
}

// batch is the cells of a piece.
type batch struct {
	ids   []string
	cells [][]string // by column that is read
	lines []int
}

// fill reads the next rows; none are the end. The memory of all but the ids is used again.
func (s *Scan) fill(b *batch, in *records, idAt int, at []int, before int) error {
	most := min(s.rows, max(1, pieceValues/len(at)))
	b.ids, b.lines = make([]string, 0, most), b.lines[:0]
	for p := range b.cells {
		b.cells[p] = b.cells[p][:0]
	}
	for len(b.ids) < most {
		row, line, err := s.row(in)
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		id := strconv.Itoa(before + len(b.ids) + 1)
		if idAt >= 0 {
			id = row[idAt]
		}
		b.ids, b.lines = append(b.ids, id), append(b.lines, line)
		for p, j := range at {
			b.cells[p] = append(b.cells[p], row[j])
		}
	}
	return nil
}

// Pieces reads the columns, which must be in the header, and the ids; with id "" the customers are numbered from 1. Ids may repeat or be
// empty. A column with Levels is a category, whose cells are found among them as Column.LevelOf does; a level that is new is added behind
// them, in the piece in which it occurs. Any other column is a number or a category as in ReadCSV, and has the Unit that its cells show.
// Everything else of a column stays as given. It runs under job.DefaultContext.
func (s *Scan) Pieces(id string, columns []Column) iter.Seq2[*Table, error] {
	return s.PiecesContext(job.DefaultContext, id, columns)
}

// PiecesContext is Pieces under ctx: it reports progress, and ends with the context's error when that is done.
func (s *Scan) PiecesContext(ctx context.Context, id string, columns []Column) iter.Seq2[*Table, error] {
	return func(yield func(*Table, error) bool) {
		if err := s.pieces(ctx, id, columns, func(t *Table) bool { return yield(t, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

func (s *Scan) pieces(ctx context.Context, id string, columns []Column, yield func(*Table) bool) error {
	idAt := slices.Index(s.Header, id)
	if id != "" && idAt < 0 {
		return s.form.noColumn(id)
	}
	at := make([]int, len(columns))
	for p, c := range columns {
		if at[p] = slices.Index(s.Header, c.Name); at[p] < 0 {
			return suggest.Column("table.ReadCSV: "+s.form.name, c.Name, s.Header)
		}
	}
	if len(at) == 0 {
		return s.form.errorAt(1, "", "has no columns besides the id")
	}
	r := &cellReader{op: "table.ReadCSV", decimal: s.o.Decimal, missing: cell.NewMissing(s.o.Missing), fromFile: true, fixed: true}
	r.at = func(i int) *fault.CellError { return &fault.CellError{File: s.form.name, Line: i + 1} }
	d := newDecision(r, columns)
	if s.path != "" {
		if _, err := s.pass(ctx, 0, idAt, at, func(b *batch) (bool, error) { d.look(b); return true, nil }); err != nil {
			return err
		}
		if err := d.decide(); err != nil {
			return err
		}
	}
	n, err := s.pass(ctx, 1, idAt, at, func(b *batch) (bool, error) {
		if d.columns == nil {
			d.look(b)
			if err := d.decide(); err != nil {
				return false, err
			}
		}
		t, err := d.table(b)
		if err != nil {
			return false, err
		}
		t.raw.Source, t.raw.IDName = s.form.name, id
		return yield(t), nil
	})
	if err == nil && n == 0 {
		return fmt.Errorf("segkit: table.ReadCSV: %s has a header and no rows below it: %w", s.form.name, fault.ErrEmpty)
	}
	return err
}

// pass reads all rows in batches, as long as do says so, and returns how many there were. number counts passes over a file.
func (s *Scan) pass(ctx context.Context, number int64, idAt int, at []int, do func(*batch) (bool, error)) (n int, err error) {
	in := s.opened
	if s.path != "" {
		f, _, err := textfile.Open(s.path)
		if err != nil {
			return 0, unreadable(s.path, err)
		}
		defer f.Close()
		if in, err = s.open(f); err != nil {
			return 0, err
		}
	}
	b := &batch{cells: make([][]string, len(at))}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		const mega = 1 << 20
		progress := job.Progress{Task: "reading " + s.form.name + ", MB", Done: int(in.raw.all / mega)}
		if s.path != "" {
			progress.Done, progress.Total = int((number*s.size+in.raw.all)/mega), int(2*s.size/mega)+1
		}
		job.Report(ctx, progress)
		if err := s.fill(b, in, idAt, at, n); err != nil {
			return n, err
		}
		if len(b.ids) == 0 {
			break
		}
		n += len(b.ids)
		if more, err = do(b); err != nil {
			return n, err
		}
	}
	return n, nil
}

// decision is what the columns are: first the evidence, then the answer.
type decision struct {
	r       *cellReader
	given   []Column
	seen    []*cell.Numbers   // nil for a category with levels
	texts   []map[string]bool // of a column that has shown no number yet
	columns []Column          // decided; nil before
	reads   []cell.Reading    // of numbers
}

func newDecision(r *cellReader, columns []Column) *decision {
	d := &decision{r: r, given: CloneColumns(columns), seen: make([]*cell.Numbers, len(columns)), texts: make([]map[string]bool, len(columns))}
	for p, c := range columns {
		if !c.Categorical() {
			d.seen[p], d.texts[p] = new(cell.Numbers), map[string]bool{}
		}
	}
	return d
}

// look sees more cells.
func (d *decision) look(b *batch) {
	par.Items(context.Background(), len(d.seen), func(p int) { // it fails only with its context
		n := d.seen[p]
		if n == nil {
			return
		}
		var bytes []byte
		for i, text := range b.cells[p] {
			if bytes = append(bytes[:0], text...); d.r.missing.Find(bytes) >= 0 {
				continue
			}
			n.Add(bytes, b.lines[i])
			if texts := d.texts[p]; n.Count() == 0 && len(texts) <= mostTexts && !texts[text] {
				texts[strings.Clone(text)] = true
			}
		}
	})
}

// decide says what every column is.
func (d *decision) decide() error {
	for _, n := range d.seen {
		if n != nil {
			d.r.seen = append(d.r.seen, n)
		}
	}
	columns := CloneColumns(d.given)
	d.reads = make([]cell.Reading, len(columns))
	for p, n := range d.seen {
		if n == nil {
			continue
		}
		if areNumbers(n) {
			var err error
			if d.reads[p], err = d.r.reading(&columns[p], n); err != nil {
				return err
			}
			continue
		}
		if len(d.texts[p]) > mostTexts {
			e := d.r.refuse(columns[p].Name, n.Bad())
			e.Why, e.Remedy = fmt.Sprintf("is not a number, as %s are not", wording.Plural(n.Bad().Count-1, "other cell")), "mend the column: no category has so many levels"
			return e
		}
		for text := range d.texts[p] {
			columns[p].Levels = append(columns[p].Levels, text)
		}
		sortLevels(columns[p].Levels)
	}
	d.columns = columns
	return nil
}

// table reads the cells of a piece.
func (d *decision) table(b *batch) (*Table, error) {
	t := FromRaw(Raw{IDs: b.ids, Columns: CloneColumns(d.columns), Data: make([]float64, len(b.ids)*len(d.columns))})
	failed := make([]error, len(d.columns))
	par.Items(context.Background(), len(d.columns), func(p int) {
		if t.raw.Columns[p].Categorical() {
			d.levels(t, p, b.cells[p])
			return
		}
		var bytes []byte
		for i, text := range b.cells[p] {
			bytes = append(bytes[:0], text...)
			if t.raw.Data[i*len(d.columns)+p], failed[p] = d.r.value(&d.columns[p], &d.reads[p], bytes, b.lines[i]); failed[p] != nil {
				return
			}
		}
	})
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// levels reads the cells of a category, column p of t, which gets the levels that are new.
func (d *decision) levels(t *Table, p int, cells []string) {
	c := &t.raw.Columns[p]
	index := make(map[string]float64, len(c.Levels))
	for l, name := range c.Levels {
		index[name] = float64(l)
	}
	for i, text := range cells {
		v, known := index[text]
		if !known && d.r.isMissing(text) {
			v = math.NaN()
		} else if !known {
			l, ok := d.columns[p].LevelOf(text)
			if !ok {
				l, c.Levels = len(c.Levels), append(c.Levels, strings.Clone(text))
				if c.Labels != nil {
					c.Labels = append(c.Labels, "")
				}
			}
			v = float64(l)
			index[text] = v
		}
		t.raw.Data[i*len(d.columns)+p] = v
	}
}
