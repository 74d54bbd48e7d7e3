package features

// One block of the file parsed into columns of its own.

import (
	"bytes"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
)

// piece is one parsed block. Lines are counted from the start of the block until it is joined.
type piece struct {
	p               *plan
	dicts           [meanings]dictionary // of the meanings that are texts
	more            []dictionary
	when            []int64
	line            []int32
	quantity, price numbers          // price holds the amounts where the file gives those
	refund, beside  numbers          // refunds, and amounts beside a price; an empty cell is 0
	unchecked       bool             // an amount beside a price is no number
	lines           int              // lines of the file in this block
	foreign, wide   *fault.CellError // first text that is not UTF-8; first that is, beyond ASCII
	err             *fault.CellError
	named           []uint32 // by product: the code of the name it had last
	lastDate        []byte
	lastWhen        int64
}

var textMeanings = [...]meaning{orderColumn, customerColumn, productColumn, nameColumn, categoryColumn, statusColumn, directionColumn, currencyColumn}

// reset empties the piece and keeps its room.
func (b *piece) reset(p *plan) {
	b.p = p
	for _, m := range textMeanings {
		if p.at[m] >= 0 {
			b.dicts[m].reset()
		}
	}
	for _, m := range [...]meaning{orderColumn, customerColumn, productColumn} {
		b.dicts[m].missing = noID
	}
	if b.more == nil {
		b.more = make([]dictionary, len(p.more))
	}
	for j := range b.more {
		b.more[j].reset()
	}
	b.named = b.named[:0]
	b.when, b.line = b.when[:0], b.line[:0]
	b.quantity, b.price, b.refund = numbers{values: b.quantity.values[:0]}, numbers{values: b.price.values[:0]}, numbers{values: b.refund.values[:0]}
	b.beside, b.unchecked = numbers{values: b.beside.values[:0]}, false
	b.lines = 0
	b.foreign, b.wide, b.err, b.lastDate = nil, nil, nil, nil
}

// parse fills the piece from a block of whole records; the first error ends it.
func (b *piece) parse(s *scanner) {
	for {
		fields, line, err := s.next()
		if err == nil && fields != nil {
			err = b.record(fields, line)
		}
		if err != nil {
			b.err = err
			return
		}
		if fields == nil {
			b.lines = s.line
			return
		}
	}
}

func (b *piece) record(fields [][]byte, line int) *fault.CellError {
	p := b.p
	if len(fields) != len(p.header) {
		return &fault.CellError{Line: line, Err: fault.ErrFormat,
			Why:    fmt.Sprintf("has %d fields, but the header has %d columns", len(fields), len(p.header)),
			Remedy: "mend the line; a text that contains the separator must stand in quotation marks"}
	}
	if i := p.at[dateColumn]; !b.date(fields[i]) {
		return b.badDate(fields, line)
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
		if err := b.number(&b.quantity, i, fields[i], line, 0); err != nil {
			return err
		}
	}
	i := p.priceOrAmount()
	if err := b.number(&b.price, i, fields[i], line, p.round); err != nil {
		return err
	}
	if i := p.at[refundColumn]; i >= 0 {
		field := fields[i]
		if len(trim(field)) == 0 {
			field = []byte{'0'}
		}
		if err := b.number(&b.refund, i, field, line, p.round); err != nil {
			return err
		}
	}
	if i := p.beside; i >= 0 && !b.unchecked {
		v, decimals, ok := parseDecimal(trim(fields[i]), p.mark)
		empty := len(trim(fields[i])) == 0
		b.unchecked = !ok && !empty || decimals > maxDecimals || !b.beside.add(v, decimals)
	}
	if line > math.MaxInt32 {
		return &fault.CellError{Line: line, Why: "there are more lines than can be counted", Err: fault.ErrFormat}
	}
	b.line = append(b.line, int32(line))
	return nil
}

// date appends the date of a line. Lines of one order share it, so the last one is kept.
func (b *piece) date(field []byte) bool {
	field = trim(field)
	if b.lastDate == nil || !bytes.Equal(field, b.lastDate) {
		when, ok := b.p.dates.parse(string(field))
		if !ok {
			return false
		}
		b.lastDate, b.lastWhen = append(b.lastDate[:0], field...), when
	}
	b.when = append(b.when, b.lastWhen)
	return true
}

func (b *piece) text(d *dictionary, likely uint32, column int, field []byte, line int) {
	field = trim(field)
	if !d.add(field, likely) {
		return
	}
	if b.foreign == nil && !utf8.Valid(field) {
		b.foreign = &fault.CellError{Line: line, Column: b.p.header[column]}
	} else if b.wide == nil && !ascii(field) && utf8.Valid(field) {
		b.wide = &fault.CellError{Line: line, Column: b.p.header[column], Value: string(field)}
	}
}

func (b *piece) badDate(fields [][]byte, line int) *fault.CellError {
	p, value := b.p, string(trim(fields[b.p.at[dateColumn]]))
	e := &fault.CellError{Line: line, Column: p.header[p.at[dateColumn]], Value: value, Err: fault.ErrFormat}
	same := true
	for i, f := range fields {
		same = same && string(trim(f)) == p.header[i]
	}
	switch {
	case same:
		e.Column, e.Value = "", ""
		e.Why, e.Remedy = "the header stands here a second time", "remove this line; were two files joined?"
	case value == "":
		e.Why, e.Remedy = "the date is missing", "every order line needs one"
	case p.dates.layout == "":
		if _, e.Why, e.Remedy = recognise(value); e.Why == "" {
			e.Why = "is not a date"
		}
	default:
		e.Why = fmt.Sprintf("is not a date in the layout %q of this file", p.dates.layout)
		e.Remedy = "mend the date, or set OrdersOptions.DateLayout if the others are the wrong ones"
	}
	return e
}

// number appends a cell, rounded to so many decimals; 0 keeps it as written.
func (b *piece) number(c *numbers, column int, field []byte, line, round int) *fault.CellError {
	p := b.p
	field = trim(field)
	v, decimals, ok := parseDecimal(field, p.mark)
	if ok && round > 0 && decimals > round {
		v, decimals = rounded(v, decimals, round)
	}
	if !ok || decimals > maxDecimals {
		why, remedy := notNumber(string(field), p.mark)
		return &fault.CellError{Line: line, Column: p.header[column], Value: string(field), Why: why, Remedy: remedy, Err: fault.ErrFormat}
	}
	if !c.add(v, decimals) {
		return p.inexact(column, line, v, decimals)
	}
	return nil
}

// inexact says that a number cannot be kept at the decimals of its column. It depends on the lines before, so it reads the
// same whether a block or the joining of blocks comes upon it.
func (p *plan) inexact(column, line int, v int64, decimals int) *fault.CellError {
	return &fault.CellError{Line: line, Column: p.header[column], Value: Money{v, decimals}.String(), Err: fault.ErrFormat,
		Why:    "and the numbers above it are too far apart to be kept exactly: one is too large, or has too many decimals",
		Remedy: "check this line, or set OrdersOptions.Decimals to round money"}
}

func trim(b []byte) []byte {
	if n := len(b); n > 0 && (b[0] <= ' ' || b[n-1] <= ' ') {
		return bytes.TrimSpace(b)
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
