package features

// One block of the file parsed into columns of its own.

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/records"
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
	lacks           []lacking
	quantity, price numbers          // price holds the amounts where the file gives those
	refund, beside  numbers          // refunds, and amounts beside a price; an empty cell is 0
	unchecked       bool             // an amount beside a price is no number
	lines           int              // lines of the file in this block
	foreign, wide   *fault.CellError // first text that is not UTF-8; first that is, beyond ASCII
	half            *fault.CellError // first text that ends inside a character of UTF-8
	err             *fault.CellError
	remark          *fault.CellError // a line that is no record, which only the end of the file may have
	out             leftOut
	survey          *survey // what every record shows, where the file is inspected; nil otherwise
}

var textMeanings = [...]meaning{orderColumn, customerColumn, productColumn, nameColumn, categoryColumn, statusColumn, directionColumn, currencyColumn}

// reset empties the piece and keeps its room. The texts that it meets go into v.
func (b *piece) reset(p *plan, v *vocabulary) {
	b.p, b.vocabulary = p, v
	for _, m := range textMeanings {
		v.dicts[m].codes = b.texts[m].codes[:0]
	}
	b.moreTexts = slices.Grow(b.moreTexts, len(p.more))[:len(p.more)]
	for j := range v.more {
		v.more[j].codes = b.moreTexts[j].codes[:0]
	}
	b.dates.reset(&p.dates)
	for _, c := range [...]*numbers{&b.quantity, &b.price, &b.refund, &b.beside} {
		c.reset()
	}
	b.unchecked = false
	b.line, b.lines, b.lacks, b.out = b.line[:0], 0, b.lacks[:0], leftOut{}
	b.foreign, b.wide, b.half, b.err, b.remark = nil, nil, nil, nil, nil
}

// close takes the texts over from the vocabulary.
func (b *piece) close() {
	for _, m := range textMeanings {
		d := &b.dicts[m]
		b.texts[m] = column{d.texts, d.hashes}
	}
	for j := range b.more {
		b.moreTexts[j] = column{b.more[j].texts, b.more[j].hashes}
	}
}

// parse fills the piece from a block of whole records; the first error ends it.
func (b *piece) parse(s *records.Scanner) {
	defer b.close()
	for {
		fields, line, err := s.Next()
		switch {
		case err == nil && fields != nil:
			others := b.out.totals + b.out.blank
			err = b.record(fields, line)
			if b.survey != nil && b.out.totals+b.out.blank == others {
				b.survey.record(fields, s.Record(), line)
			}
		case err != nil && b.survey != nil:
			s.Skip()
		}
		if err != nil && b.survey != nil { // told at the end, and the next record looked at
			b.survey.fault(err)
			continue
		}
		if err != nil {
			b.err = err
			return
		}
		if fields == nil {
			b.lines = s.Line()
			return
		}
	}
}

func (b *piece) record(fields [][]byte, line int) *fault.CellError {
	p := b.p
	if b.survey != nil && b.remark != nil {
		b.survey.fault(b.remark)
		b.remark = nil
	}
	if len(fields) != len(p.header) {
		var err *fault.CellError
		if fields, err = b.uneven(fields, line); fields == nil {
			return err
		}
	}
	var lacks lack
	switch when := trim(fields[p.at[dateColumn]]); {
	case p.missing.Find(when) >= 0 || len(when) == 0:
		switch {
		case len(when) > 0:
		case !slices.ContainsFunc(fields, func(f []byte) bool { return len(trim(f)) > 0 }):
			b.out.blank++
			return nil
		case p.isTotal(fields):
			return b.total(line)
		}
		lacks |= noWhen
		b.dates.when = append(b.dates.when, noDate)
	case b.dates.add(when, line, &p.dates):
	case p.isHeader(fields):
		return &fault.CellError{Line: line, Err: fault.ErrFormat,
			Why: "the header stands here a second time", Remedy: "remove this line; were two files joined?"}
	case p.isTotal(fields):
		return b.total(line)
	default:
		b.dates.keep(when, line)
	}
	if b.remark != nil {
		return b.remark
	}
	for _, m := range textMeanings {
		if i := p.at[m]; i >= 0 {
			d := &b.dicts[m]
			if m == nameColumn && p.at[productColumn] >= 0 { // a product mostly has one name
				product := b.dicts[productColumn].last()
				for uint32(len(b.named)) <= product {
					b.named = append(b.named, 0)
				}
				b.text(d, b.named[product], i, fields[i], line)
				b.named[product] = d.last()
			} else {
				b.text(d, d.last(), i, fields[i], line)
			}
		}
	}
	for j, i := range p.more {
		b.text(&b.more[j], b.more[j].last(), i, fields[i], line)
	}
	if i := p.at[quantityColumn]; i >= 0 {
		missing, err := b.number(&b.quantity, i, fields[i], line, &p.quantity)
		if err != nil {
			return err
		} else if missing {
			lacks |= noQuantity
		}
	}
	i := p.priceOrAmount()
	missing, err := b.number(&b.price, i, fields[i], line, &p.price)
	if err != nil {
		return err
	} else if missing {
		lacks |= noWorth
	}
	if lacks != 0 {
		b.lacks = append(b.lacks, lacking{len(b.line), lacks})
	}
	if i := p.at[refundColumn]; i >= 0 {
		if _, err := b.number(&b.refund, i, fields[i], line, &p.refund); err != nil {
			return err
		}
	}
	if i := p.beside; i >= 0 && !b.unchecked {
		_, err := b.number(&b.beside, i, fields[i], line, &p.price)
		b.unchecked = err != nil
	}
	if line > math.MaxInt32 {
		return &fault.CellError{Line: line, Why: "there are more lines than can be counted", Err: fault.ErrFormat}
	}
	b.line = append(b.line, int32(line))
	return nil
}

// uneven makes a record fit the header, where only cells without text are too many or too few; nil where it cannot.
func (b *piece) uneven(fields [][]byte, line int) ([][]byte, *fault.CellError) {
	p, n := b.p, len(b.p.header)
	if len(fields) > n && !slices.ContainsFunc(fields[n:], func(f []byte) bool { return len(trim(f)) > 0 }) {
		return fields[:n], nil
	}
	if !slices.ContainsFunc(fields, func(f []byte) bool { return len(trim(f)) > 0 }) {
		b.out.blank++
		return nil, nil
	}
	err := &fault.CellError{Line: line, Err: fault.ErrFormat,
		Why:    fmt.Sprintf("has %d fields, but the header has %d columns", len(fields), len(p.header)),
		Remedy: "mend the line; a text that contains the separator must stand in quotation marks"}
	if len(fields) == 1 && (bytes.IndexByte(trim(fields[0]), ' ') > 0 || saysTotal(fields[0])) { // "(3 rows affected)"
		if b.remark == nil {
			b.remark = err
		}
		b.out.remarks++
		return nil, nil
	}
	return nil, err
}

func (b *piece) total(line int) *fault.CellError {
	if b.out.totals++; b.out.totals == 1 {
		b.out.total = line
	}
	return nil
}

func (p *plan) isHeader(fields [][]byte) bool {
	for i, f := range fields {
		if string(trim(f)) != p.header[i] {
			return false
		}
	}
	return true
}

func (b *piece) text(d *dictionary, likely uint32, column int, field []byte, line int) {
	field = trim(field)
	if !d.add(field, likely) {
		return
	}
	if valid := utf8.Valid(field); !valid && b.half == nil && endsInside(field) {
		b.half = &fault.CellError{Line: line, Column: b.p.header[column], Value: string(field)}
	} else if !valid && b.foreign == nil && !endsInside(field) {
		b.foreign = &fault.CellError{Line: line, Column: b.p.header[column]}
	} else if b.wide == nil && !ascii(field) && utf8.Valid(field) {
		b.wide = &fault.CellError{Line: line, Column: b.p.header[column], Value: string(field)}
	}
}

// number appends a cell, and reports whether it is missing.
func (b *piece) number(c *numbers, column int, field []byte, line int, form *numberForm) (missing bool, err *fault.CellError) {
	field = trim(field)
	if len(field) == 0 || b.p.missing.Find(field) >= 0 {
		c.values = append(c.values, 0)
		return true, nil
	}
	if v, decimals, ok := c.cell(field, line, form); !ok {
		err := b.p.inexact(column, line, v, decimals)
		if b.survey == nil {
			return false, err
		}
		b.survey.fault(err)
		c.values = append(c.values, 0)
	}
	return false, nil
}

// inexact says that a number cannot be kept at the decimals of its column. It depends on the lines before, so it reads the
// same whether a block or the joining of blocks comes upon it.
func (p *plan) inexact(column, line int, v int64, decimals int) *fault.CellError {
	return &fault.CellError{Line: line, Column: p.header[column], Value: Money{v, decimals}.String(), Err: fault.ErrFormat,
		Why:    "and the numbers above it are too far apart to be kept exactly: one is too large, or has too many decimals",
		Remedy: "check this line, or set features.OrdersOptions.Decimals to round money"}
}

// trim takes off the blanks around a cell, and the ="…" in which spreadsheets keep numbers as text.
func trim(b []byte) []byte {
	if n := len(b); n > 0 && (b[0] <= '=' && (b[0] == '=' || b[0] <= ' ') || b[n-1] <= ' ') {
		b = bytes.TrimSpace(b)
		if n = len(b); n > 2 && b[0] == '=' && b[1] == '"' && b[n-1] == '"' {
			b = b[2 : n-1]
		}
	}
	return b
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// endsInside reports whether text ends in the middle of a character of UTF-8: a cell that was cut after so many bytes. In Windows-1252
// the same bytes would be a capital with an accent behind a small letter (0xdf is ß), or symbols behind a small letter with an accent.
func endsInside(text []byte) bool {
	n := len(text)
	switch {
	case n > 1 && text[n-1] >= 0xc2 && text[n-1] < 0xdf:
		return text[n-2] >= 'a' && text[n-2] <= 'z'
	case n > 2 && text[n-1]&0xc0 == 0x80:
		return text[n-2] >= 0xe0 && text[n-2] < 0xf5 || text[n-2]&0xc0 == 0x80 && text[n-3] >= 0xf0 && text[n-3] < 0xf5
	}
	return false
}

// lack is what an order line lacks of what every one needs.
type lack uint8

const (
	noWhen lack = 1 << iota
	noQuantity
	noWorth // price or amount
)

// lacking is a line, by its place in the columns, that lacks something.
type lacking struct {
	at int
	lack
}

// leftOut counts the lines that are no order lines.
type leftOut struct {
	blank, totals, remarks int // lines without any text, of totals, and below the last record without fields
	total                  int // the first line of totals
}

func (l *leftOut) join(from leftOut, before int) {
	if l.totals == 0 && from.totals > 0 {
		l.total = from.total + before
	}
	l.blank, l.totals, l.remarks = l.blank+from.blank, l.totals+from.totals, l.remarks+from.remarks
}

// notes says what was left out.
func (l *leftOut) notes() []string {
	var out []string
	if l.blank > 0 {
		out = append(out, fmt.Sprintf("%s without any text left out.", wording.Plural(l.blank, "line")))
	}
	if l.totals > 0 {
		out = append(out, fmt.Sprintf("%s of totals left out, without customer and date, the first in line %d.", wording.Plural(l.totals, "line"), l.total))
	}
	if l.remarks > 0 {
		out = append(out, fmt.Sprintf("%s below the last record left out.", wording.Plural(l.remarks, "line")))
	}
	return out
}

// isTotal reports whether a record sums up others: it has neither customer nor date, and one of its cells says so.
func (p *plan) isTotal(fields [][]byte) bool {
	for _, m := range [...]meaning{dateColumn, customerColumn} {
		if f := trim(fields[p.at[m]]); len(f) > 0 && !saysTotal(f) {
			return false
		}
	}
	for _, f := range fields {
		if saysTotal(trim(f)) {
			return true
		}
	}
	return false
}

// saysTotal reports whether a cell calls its line a total, in English, German, French, Spanish, Italian, Portuguese or Dutch.
func saysTotal(cell []byte) bool {
	if len(cell) < 3 || len(cell) > 40 {
		return false
	}
	text := strings.ToLower(strings.Trim(string(cell), " :.*"))
	for _, word := range [...]string{"total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "summe", "gesamt", "gesamtsumme", "gesamtbetrag",
		"zwischensumme", "somme", "suma", "totale", "totaal", "subtotaal", "soma", "endsumme"} {
		if rest, ok := strings.CutPrefix(text, word); ok && (rest == "" || rest[0] == ' ' || rest[0] == ':') {
			return true
		}
	}
	return false
}
