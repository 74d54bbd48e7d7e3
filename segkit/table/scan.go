package table

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
)

// Scan reads a customer table of any size from CSV, in pieces of some thousand customers. As in ReadCSV, the whole column decides how
// numbers are read: a file is read twice, the first time to look at its numbers. A pipe can be read only once, so its first piece
// decides, and a later cell that contradicts it is an error.
type Scan struct {
	Header []string // names of all columns

	form *csvFile   // name and header; of a pipe, behind the header
	o    CSVOptions // Comma, Header, HeaderLine, Decimal and Missing of them
	path string     // "" for a pipe
	rows int        // in a piece at most
	size int64      // bytes of the file

	codes []string // what the last reading tells of numbers that look like codes
}

const (
	pieceRows   = 1 << 14 // customers in a piece, fewer where there are many columns
	pieceValues = 1 << 20 // values in a piece
	mostTexts   = 1 << 16 // levels of a column whose levels are not given
)

// ScanCSV begins to read the file at path, as ReadCSV does: gzip-compressed or not, in UTF-8, UTF-16 or Windows-1252. Of the CSVOptions,
// only Comma, Header, HeaderLine, Decimal and Missing are used, whether given or kept beside the file.
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
		return nil, unreadable("table.ScanCSV", path, err)
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
		s.path, s.size = path, info.Size()
	}
	return s, err
}

// Scan is ScanCSV for input that can be read only once; name identifies it in messages.
func (o CSVOptions) Scan(r io.Reader, name string) (*Scan, error) {
	if r == nil {
		return nil, fault.Nil("table.CSVOptions.Scan", "reader")
	}
	if _, err := oneCSVOptions([]CSVOptions{o}); err != nil {
		return nil, err
	}
	f, err := openCSV(r, "table.ScanCSV", name, o)
	if err != nil {
		return nil, err
	}
	return &Scan{Header: f.header, form: f, o: o, rows: pieceRows}, nil
}

// Notes says what is unusual about the file and what was left out; it is complete once all pieces have been read.
func (s *Scan) Notes() []string { return slices.Concat(s.form.notes, s.codes) }

// batch is the cells of a piece.
type batch struct {
	ids   []string
	cells [][]string // by column that is read
	lines []int
}

// fill reads the next rows; none are the end. The memory of all but the ids is used again.
func (s *Scan) fill(b *batch, in *csvFile, idAt int, at []int, before int) error {
	most := min(s.rows, max(1, pieceValues/len(at)))
	b.ids, b.lines = make([]string, 0, most), b.lines[:0]
	for p := range b.cells {
		b.cells[p] = b.cells[p][:0]
	}
	for len(b.ids) < most {
		row, line, err := in.next()
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
// empty. A column with Levels is a category, whose cells are matched to the levels as by Column.LevelOf; a new level is appended in the
// piece in which it occurs. Any other column is a number or a category as in ReadCSV, but digits that begin with a zero are numbers, which Notes tells; it has the Unit that its cells show.
// Everything else about a column stays as given. It runs under job.DefaultContext.
func (s *Scan) Pieces(id string, columns []Column) iter.Seq2[*Table, error] {
	return s.PiecesContext(job.DefaultContext, id, columns)
}

// PiecesContext is Pieces under ctx: it reports progress, and ends with the context's error when the context is done.
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
			return suggest.Column("table.ScanCSV: "+s.form.name, c.Name, s.Header)
		}
	}
	if len(at) == 0 {
		return s.form.errorAt(s.form.at, "", "has no columns besides the id")
	}
	r := &cellReader{op: "table.ScanCSV", decimal: s.o.Decimal, missing: cell.NewMissing(s.o.Missing), fromFile: true, fixed: true}
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
		t.raw.Source, t.raw.IDName, t.raw.Numbered = s.form.name, id, id == ""
		return yield(t), nil
	})
	if err == nil && n == 0 {
		return s.form.noRows()
	}
	s.codes = d.codes()
	return err
}

// pass reads all rows in batches, as long as do says so, and returns how many there were. number counts passes over a file.
func (s *Scan) pass(ctx context.Context, number int64, idAt int, at []int, do func(*batch) (bool, error)) (n int, err error) {
	in := s.form
	if s.path != "" {
		file, _, bad := textfile.Open(s.path)
		if bad != nil {
			return 0, unreadable(s.form.op, s.path, bad)
		}
		defer file.Close()
		steady, _, changed := textfile.Steady(file)
		defer func() {
			if changed() {
				err = &fault.CellError{Op: s.form.op, File: s.path, Why: textfile.Written, Remedy: textfile.WrittenRemedy, Err: fault.ErrFormat}
			}
		}()
		if in, err = openCSV(steady, s.form.op, s.path, s.o); err != nil {
			return 0, err
		}
		s.form = in
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
	digits  []cell.Digits     // of numbers
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
			e.Why, e.Remedy = fmt.Sprintf("is not a number, nor are %s", wording.Plural(n.Bad().Count-1, "other cell")), "mend the column: no category has so many levels"
			return e
		}
		for text := range d.texts[p] {
			columns[p].Levels = append(columns[p].Levels, text)
		}
		sortLevels(columns[p].Levels)
	}
	d.columns, d.digits = columns, make([]cell.Digits, len(columns))
	return nil
}

// codes are sentences on the columns of numbers whose cells look like codes.
func (d *decision) codes() (notes []string) {
	for p := range d.digits {
		if zeros := d.digits[p].Zeros; d.digits[p].Padded() {
			notes = append(notes, fmt.Sprintf("%q is read as numbers, though %q in line %d begins with a zero, as codes do. If it holds codes, make the model from a table that has the column as text: CSVOptions{Text: []string{%[1]q}} reads it so.",
				d.columns[p].Name, zeros.Cell, zeros.Row))
		}
	}
	return notes
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
			if d.r.missing.Find(bytes) < 0 {
				d.digits[p].Add(bytes, b.lines[i])
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
