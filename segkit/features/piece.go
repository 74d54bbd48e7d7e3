package features

// One block of the file parsed into columns of its own.

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/intern"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// piece is one parsed block. Lines are counted from the start of the block until it is joined.
type piece struct {
	p               *plan
	*vocabulary                      // of the worker, while it parses
	texts           [meanings]column // of the meanings that are texts
	moreTexts       []column
	dates           dates
	line            []int32
	hashes          []uint64         // of the records, where the plan wants them
	lacks           []lacking        // by line
	quantity, price numbers          // price holds the amounts where the file gives those
	refund, beside  numbers          // refunds, and amounts beside a price; an empty cell is 0
	unchecked       bool             // an amount beside a price is no number
	lines           int              // lines of the file in this block
	foreign, wide   *fault.CellError // first text that is not UTF-8; first that is, beyond ASCII
	half            *fault.CellError // first text that ends inside a character of UTF-8
	err             *fault.CellError
	remark          *fault.CellError // a line that is no record, which only the end of the file may have
	remarkAt        int              // how many records stand before it
	out             leftOut
	survey          *survey // what every record shows, where the file is inspected; nil otherwise
}

var (
	textMeanings   = [...]meaning{orderColumn, customerColumn, productColumn, nameColumn, categoryColumn, statusColumn, directionColumn, currencyColumn}
	detailMeanings = [...]meaning{productColumn, nameColumn, categoryColumn}
)

// reset empties the piece and keeps its room. The texts that it meets go into v.
func (b *piece) reset(p *plan, v *vocabulary) {
	b.p, b.vocabulary = p, v
	for _, m := range textMeanings {
		v.dicts[m].codes = b.texts[m].codes[:0]
	}
	b.moreTexts = slices.Grow(b.moreTexts, len(p.described()))[:len(p.described())]
	for j := range v.more {
		v.more[j].codes = b.moreTexts[j].codes[:0]
	}
	b.dates.reset(&p.dates)
	for _, c := range [...]*numbers{&b.quantity, &b.price, &b.refund, &b.beside} {
		c.reset()
	}
	b.unchecked = false
	b.line, b.hashes, b.lines, b.lacks, b.out = b.line[:0], b.hashes[:0], 0, b.lacks[:0], leftOut{}
	b.foreign, b.wide, b.half, b.err, b.remark, b.remarkAt = nil, nil, nil, nil, nil, math.MaxInt
}

// close takes the texts over from the vocabulary.
func (b *piece) close() {
	for _, m := range textMeanings {
		d := &b.dicts[m]
		b.texts[m] = column{d.whole(), d.Hashes}
	}
	for j := range b.more {
		b.moreTexts[j] = column{b.more[j].whole(), b.more[j].Hashes}
	}
}

// parse fills the piece from a block of whole records; the first error ends it.
func (b *piece) parse(s *records.Scanner) {
	if s.Columns = s.Columns[:min(len(s.Columns), b.p.width)]; b.p.wide != nil {
		s.Columns = make([][]records.Span, b.p.wide.Width)
	}
	if b.err = b.records(s); b.err == nil {
		b.lines = s.Line
		if last, above, cut := s.CutShort(); cut && b.p.wide == nil {
			b.out.short.line, b.out.short.cell, b.out.short.above = int(s.Starts[len(s.Starts)-1]), last, above
		}
	}
	if w := b.p.wide; w != nil {
		empty, at := spread(w, s, b.p.partsOf(b.p.at[customerColumn]), b.p.missing, b.out.total)
		if b.out.months = empty; b.remark != nil {
			b.remarkAt = at[b.remarkAt]
		}
	}
	b.p.join(s)
	b.cells(s)
}

// records puts the records of the block into the grid of s, and returns the error that ends them.
func (b *piece) records(s *records.Scanner) *fault.CellError {
	for {
		s.Whole()
		pos, before := s.Pos, s.Line
		line, err := s.Next()
		if err != nil && b.survey != nil { // told at the end, and the next record looked at
			b.survey.fault(err)
			s.Skip(pos, before)
			continue
		}
		if line == 0 || err != nil {
			return err
		}
		if len(s.Fields) != len(s.Columns) {
			fits, err := b.uneven(s, line)
			if err != nil && b.survey != nil {
				b.survey.fault(err)
			} else if err != nil {
				return err
			}
			if !fits {
				continue
			}
		}
		s.Add(line)
	}
}

// cells reads the grid of s, column by column. An error found behind one in a later line does not count.
func (b *piece) cells(s *records.Scanner) {
	defer b.close()
	if b.survey != nil && b.remark != nil && b.remarkAt < len(s.Starts) {
		b.survey.fault(b.remark)
		b.remark = nil
	}
	p := b.p
	if p.part != onlyDetails {
		b.days(s)
	}
	if b.survey != nil {
		b.survey.grid(s)
	}
	for _, m := range textMeanings {
		if p.reads(m) {
			var likely []uint32
			if m == nameColumn && p.at[productColumn] >= 0 { // a product mostly has one name
				likely = b.dicts[productColumn].codes
			}
			b.column(s, &b.dicts[m], p.at[m], likely)
		}
	}
	for j, i := range p.described() {
		b.column(s, &b.more[j], i, nil)
	}
	switch p.part {
	case onlyDetails:
		b.line = append(b.line, s.Starts...)
		return
	case essentials:
		b.encoding(s)
	}
	rows := b.amounts(s)
	if i := b.p.beside; i >= 0 {
		_, err := b.number(s, &b.beside, i, rows, &b.p.price, 0)
		b.unchecked = err != nil
	}
	b.line = append(b.line, s.Starts[:rows]...)
	for i := 0; p.hashed && i < rows; i++ {
		b.hashes = append(b.hashes, maphash.Bytes(hashSeed, s.Record(i)))
	}
	slices.SortStableFunc(b.lacks, func(x, y lacking) int { return cmp.Compare(x.at, y.at) })
	b.lacks = joined(b.lacks)
}

// days reads the dates, and takes what is no order line out of the grid.
func (b *piece) days(s *records.Scanner) {
	p := b.p
	var without []int
	rows := len(s.Starts)
	fail := func(at int, err *fault.CellError) { b.err, rows = err, at }
	cells := s.Columns[p.at[dateColumn]]
	for i := 0; i < len(cells); i++ {
		most := len(cells)
		if b.remark != nil { // is looked for at every record
			most = i + 1
		}
		n, f := b.dates.again(s.Data, cells[i:most], &p.dates), cells[i]
		when, line := trim(f.Of(s.Data)), int(s.Starts[i])
		switch {
		case n > 0:
			i += n - 1
		case len(when) == 0 && b.left(s.Row(i), line):
			without = append(without, i)
			continue
		case p.missing.NoDate(when):
			what := noWhen
			if p.namesGoods(func(column int) []byte { return trim(s.Columns[column][i].Of(s.Data)) }) {
				what |= ofGoods
			}
			b.lacks = append(b.lacks, lacking{b.dates.when.len(), what})
			b.dates.when.append(noDate)
		case b.dates.add(when, line, &p.dates):
		case p.isHeader(s.Row(i)):
			err := &fault.CellError{Line: line, Err: fault.ErrFormat, Why: "the header appears here a second time", Remedy: "remove this line; were two files joined?"}
			if b.survey != nil {
				b.survey.fault(err)
				without = append(without, i)
				continue
			}
			fail(i, err)
		case p.isTotal(s.Row(i)):
			b.out.total(line)
			without = append(without, i)
			continue
		case isRuled(s.Row(i)):
			b.out.blank++
			without = append(without, i)
			continue
		default:
			b.dates.keep(when, line)
		}
		if rows == len(s.Starts) && b.remark != nil && i >= b.remarkAt {
			fail(i, b.remark)
		}
		if rows < len(s.Starts) {
			break
		}
	}
	s.Keep(rows, without)
}

// left reports whether a record without a date is no order line, and counts it.
func (b *piece) left(fields [][]byte, line int) bool {
	switch {
	case !slices.ContainsFunc(fields, func(f []byte) bool { return len(trim(f)) > 0 }):
		b.out.blank++
	case b.p.isTotal(fields):
		b.out.total(line)
	default:
		return false
	}
	return true
}

// amounts reads the columns of numbers, and returns how many records stand: those before the first error. Columns that had got
// further are read again to just there, so that nothing behind an error shows.
func (b *piece) amounts(s *records.Scanner) (rows int) {
	p := b.p
	columns := []struct {
		*numbers
		at   int
		form *numberForm
		lack
	}{{&b.quantity, p.at[quantityColumn], &p.quantity, noQuantity}, {&b.price, p.priceOrAmount(), &p.price, noWorth}, {&b.refund, p.at[refundColumn], &p.refund, 0}}
	rows = len(s.Starts)
	for failed, k := 0, 0; k < len(columns); k++ {
		c := columns[k]
		if c.at < 0 {
			continue
		}
		n := rows
		if k < failed {
			n++
		}
		c.reset()
		if done, err := b.number(s, c.numbers, c.at, n, c.form, c.lack); err != nil {
			b.err, rows, failed, k = err, done, k, -1
		}
	}
	return rows
}

// uneven makes the record that s found fit the header, where only cells without text are too many or too few.
func (b *piece) uneven(s *records.Scanner, line int) (fits bool, err *fault.CellError) {
	n, fields := len(s.Columns), s.Cells()
	if len(fields) > n && !slices.ContainsFunc(fields[n:], func(f []byte) bool { return len(trim(f)) > 0 }) {
		return true, nil
	}
	if !slices.ContainsFunc(fields, func(f []byte) bool { return len(trim(f)) > 0 }) || len(fields) == 1 && layout.IsRule(fields[0]) {
		b.out.blank++
		return false, nil
	}
	err = s.Uneven(line)
	if len(fields) == 1 && (bytes.IndexByte(trim(fields[0]), ' ') > 0 || layout.SaysTotal(string(fields[0]))) { // "(3 rows affected)"
		if b.remark == nil {
			b.remark, b.remarkAt = err, len(s.Starts)
		}
		b.out.remarks++
		return false, nil
	}
	return false, err
}

// isRuled reports whether a record is a line drawn across a table.
func isRuled(fields [][]byte) bool {
	ruled := 0
	for _, f := range fields {
		if layout.IsRule(f) {
			ruled++
		} else if len(trim(f)) > 0 {
			return false
		}
	}
	return ruled > 0
}

func (p *plan) isHeader(fields [][]byte) bool {
	for i, f := range fields[:p.width] {
		if string(trim(f)) != p.header[i] {
			return false
		}
	}
	return true
}

// column reads a column of texts. likely has codes of another column that mostly tell this one's, nil for none.
func (b *piece) column(s *records.Scanner, d *dictionary, column int, likely []uint32) {
	data, spans := s.Data, s.Columns[column]
	d.codes = slices.Grow(d.codes, len(spans))[:len(spans)]
	codes := d.codes[:len(spans)]
	for _, product := range likely {
		for uint32(len(b.named)) <= product {
			b.named = append(b.named, 0)
		}
	}
	last, lastKey := uint32(0), uint64(0)
	for i, f := range spans {
		text := f.Of(data)
		key := intern.ShortKey(text) // as it is written: blanks around a text make another key of the same code
		switch recent, ok := d.Recent(key); {
		case key != 0 && key == lastKey:
		case ok:
			last = recent
		default:
			guess := last
			if likely != nil {
				guess = b.named[likely[i]]
			}
			if text, last = trim(text), guess; d.Names[guess] != string(text) {
				code, first := d.Code(text, key)
				if last = code; first {
					b.look(text, column, int(s.Starts[i]))
				}
			}
			if likely != nil {
				b.named[likely[i]] = last
			}
		}
		codes[i], lastKey = last, key
	}
}

// encoding looks at the details, which are not read yet, for their encoding alone.
func (b *piece) encoding(s *records.Scanner) {
	if s.ASCII() {
		return
	}
	valid := utf8.Valid(s.Text())
	columns := slices.Clone(b.p.more)
	for _, m := range detailMeanings {
		if i := b.p.at[m]; i >= 0 {
			columns = append(columns, i)
		}
	}
	for _, c := range columns {
		for i, f := range s.Columns[c] {
			if valid && b.wide != nil && b.wide.Line < int(s.Starts[i]) {
				break // the first one is all that there is to tell
			}
			b.look(trim(f.Of(s.Data)), c, int(s.Starts[i]))
		}
	}
}

// look takes note of a text that is met for the first time, as to its encoding. Columns come one after another, so the first
// line counts, and in one line the first column.
func (b *piece) look(text []byte, column, line int) {
	if ascii(text) {
		return
	}
	note := func(e **fault.CellError, value string) {
		if *e == nil || line < (*e).Line {
			*e = &fault.CellError{Line: line, Column: b.p.header[column], Value: value}
		}
	}
	switch {
	case utf8.Valid(text):
		note(&b.wide, string(text))
	case textfile.EndsInside(text):
		note(&b.half, string(text))
	default:
		note(&b.foreign, "")
	}
}

// number reads the first n cells of a column, and returns how many could be kept exactly.
func (b *piece) number(s *records.Scanner, c *numbers, column, n int, form *numberForm, lacks lack) (int, *fault.CellError) {
	p, data := b.p, s.Data
	c.values.long = slices.Grow(c.values.long, n)
	quick := c.quick(form, !p.numericMarkers)
	defer quick.end()
	cells := s.Columns[column][:n]
	for i := 0; i < n; i++ {
		if i += quick.cells(data, cells[i:]); i == n {
			break
		}
		f := cells[i]
		field := f.Of(data)
		if quick.cell(field) {
			continue
		}
		if field = trim(field); len(field) == 0 || p.missing.Find(field) >= 0 {
			c.values.append(0)
			if lacks != 0 {
				b.lacks = append(b.lacks, lacking{i, lacks})
			}
		} else if v, decimals, ok := c.cell(field, int(s.Starts[i]), form); !ok {
			err := p.inexact(column, b.dates.when.at(int32(i)), int(s.Starts[i]), v, decimals)
			if b.survey == nil {
				return i, err
			}
			b.survey.fault(err)
			c.values.append(0)
		}
	}
	return n, nil
}

// inexact says that a number cannot be kept at the decimals of its column. It depends on the lines before, so it reads the
// same whether a block or the joining of blocks comes upon it.
func (p *plan) inexact(column int, when int64, line int, v int64, decimals int) *fault.CellError {
	return &fault.CellError{Line: line, Column: p.nameOf(column, when), Value: Money{v, decimals}.String(), Err: fault.ErrFormat,
		Why:    "and the numbers above it are too far apart to be kept exactly: one is too large, or has too many decimals",
		Remedy: "check this line, or set features.OrdersOptions.Decimals to round money"}
}

// nameOf is what the file calls a column: in a file with a column for each month, the month in which the order was.
func (p *plan) nameOf(column int, when int64) string {
	if w := p.wide; w != nil && column == len(w.Others)+1 {
		if k := slices.Index(w.Days, dateText(dayOf(when))); k >= 0 {
			return w.Names[k]
		}
	}
	return p.header[column]
}

// trim takes off the blanks around a cell, and the ="…" in which spreadsheets keep numbers as text.
func trim(b []byte) []byte {
	if n := len(b); n > 0 && (textfile.Blank(b[0]) || b[0] == '=' || textfile.Blank(b[n-1])) {
		return trimmed(b)
	}
	return b
}

func trimmed(b []byte) []byte {
	b = textfile.Trim(b)
	if n := len(b); n > 2 && b[0] == '=' && b[1] == '"' && b[n-1] == '"' {
		b = b[2 : n-1]
	}
	return b
}

func ascii(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lack is what an order line lacks of what every one needs.
type lack uint8

const (
	noWhen lack = 1 << iota
	noQuantity
	noWorth // price or amount
	ofGoods // of a line without date and customer: it lacks neither what was bought nor how many nor for how much, so that it may be no total
)

// lacking is a line, by its place in the columns, that lacks something.
type lacking struct {
	at int
	lack
}

// joined makes one of all entries of a line, in the order of the lines.
func joined(lacks []lacking) []lacking {
	out := lacks[:0]
	for _, l := range lacks {
		if n := len(out); n > 0 && out[n-1].at == l.at {
			out[n-1].lack |= l.lack
		} else {
			out = append(out, l)
		}
	}
	return out
}

// leftOut counts the lines that are no order lines.
type leftOut struct {
	blank, totals, remarks int      // lines without any text, of totals, and below the last record without fields
	months                 int      // cells of months without an order, in a file with a column for each
	firstTotal             int      // the first line of totals
	short                  struct { // the last cell of the file, where it seems to be cut off
		line        int
		cell, above string
	}
}

func (l *leftOut) total(line int) {
	if l.totals++; l.totals == 1 {
		l.firstTotal = line
	}
}

func (l *leftOut) join(from leftOut, before int) {
	if l.totals == 0 && from.totals > 0 {
		l.firstTotal = from.firstTotal + before
	}
	if from.short.line > 0 {
		l.short = from.short
		l.short.line += before
	}
	l.blank, l.totals, l.remarks, l.months = l.blank+from.blank, l.totals+from.totals, l.remarks+from.remarks, l.months+from.months
}

// notes says what was left out.
func (l *leftOut) notes() []string {
	var out []string
	if l.blank > 0 {
		out = append(out, fmt.Sprintf("Left out: %s without any text.", wording.Plural(l.blank, "line")))
	}
	if l.totals > 0 {
		out = append(out, fmt.Sprintf("Left out: %s of totals, without customer and date, the first in line %d.", wording.Plural(l.totals, "line"), l.firstTotal))
	}
	if l.months > 0 {
		out = append(out, fmt.Sprintf("%s without an order: their cells are empty or 0.", wording.Plural(l.months, "month")))
	}
	if l.remarks > 0 {
		out = append(out, fmt.Sprintf("Left out: %s below the last record.", wording.Plural(l.remarks, "line")))
	}
	if s := l.short; s.line > 0 {
		out = append(out, fmt.Sprintf("The file ends in line %d without a line end, and its last cell, %q, is shorter than those above it, such as %q: if the file was cut off there, export it again.", s.line, shorten(s.cell, 30), shorten(s.above, 30)))
	}
	return out
}

// isTotal reports whether a record sums up others: it has neither customer nor date, and one of its cells says so. Spreadsheets write "Smith Total" below
// the lines of each customer.
func (p *plan) isTotal(fields [][]byte) bool {
	if f := trim(fields[p.at[dateColumn]]); len(f) > 0 && !layout.SaysTotal(string(f)) {
		return false
	}
	customer := string(trim(fields[p.at[customerColumn]]))
	if layout.SaysSubtotal(customer) {
		return true
	}
	return (customer == "" || layout.SaysTotal(customer)) && slices.ContainsFunc(fields, func(f []byte) bool { return layout.SaysTotal(string(trim(f))) })
}

// namesGoods reports whether a record without a customer, of which cell has the cells, says what was bought, how many and for how much, as lines of totals do not.
func (p *plan) namesGoods(cell func(column int) []byte) bool {
	says := func(m meaning) bool {
		f := []byte(nil)
		if p.at[m] >= 0 {
			f = cell(p.at[m])
		}
		return len(f) > 0 && p.missing.Find(f) < 0 && !layout.SaysTotal(string(f)) && !layout.SaysSubtotal(string(f))
	}
	return p.noID(cell(p.at[customerColumn])) && (says(productColumn) || says(nameColumn)) && (p.at[quantityColumn] < 0 || says(quantityColumn)) && (says(priceColumn) || says(amountColumn))
}

// spread makes order lines of the records in the grid of s, a file with a column for each month: one for each month in which something was bought. Lines of totals, by the
// columns of the customer, are told to total. at is where the lines of every record begin, and where they end.
func spread(w *layout.Wide, s *records.Scanner, customer []int, missing *cell.Missing, total func(line int)) (empty int, at []int) {
	file, starts := s.Columns, s.Starts
	s.Columns, s.Starts = make([][]records.Span, len(w.Others)+2), nil
	dates := make([]records.Span, len(w.Days))
	for k, day := range w.Days {
		dates[k].From = uint32(len(s.Data))
		s.Data = append(s.Data, day...)
		dates[k].To = uint32(len(s.Data))
	}
	s.Data = append(s.Data, make([]byte, records.Behind)...)
	for i, line := range starts {
		at = append(at, len(s.Starts))
		if slices.ContainsFunc(customer, func(c int) bool { return layout.SaysTotal(string(trim(file[w.Others[c]][i].Of(s.Data)))) }) {
			total(int(line))
			continue
		}
		for k, month := range w.Months {
			money := file[month][i]
			if f := trim(s.Data[money.From:money.To]); len(f) == 0 || missing.Find(f) >= 0 || isNothing(f) {
				empty++
				continue
			}
			for c, other := range w.Others {
				s.Columns[c] = append(s.Columns[c], file[other][i])
			}
			s.Columns[len(w.Others)] = append(s.Columns[len(w.Others)], dates[k])
			s.Columns[len(w.Others)+1] = append(s.Columns[len(w.Others)+1], money)
			s.Starts = append(s.Starts, line)
		}
	}
	return empty, append(at, len(s.Starts))
}

// isNothing reports whether a cell is zero, or a dash for it.
func isNothing(f []byte) bool {
	return !bytes.ContainsAny(f, "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ?")
}
