package features

// Pieces joined in the order of the file.

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// joiner appends pieces in the order of the file.
type joiner struct {
	p             *plan
	out           piece
	foreign, wide *fault.CellError
	half          *fault.CellError
	partial       bool        // it has evidence of more lines than it holds
	line          lineNumbers // of out
	rows          []int32
}

func newJoiner(p *plan) *joiner {
	j := &joiner{p: p}
	j.out.reset(p, newVocabulary(p))
	for _, c := range [...]*wholes{&j.out.dates.when.wholes, &j.out.price.values, &j.out.quantity.values, &j.out.refund.values, &j.out.beside.values} {
		c.room(0)
	}
	j.grow(0)
	return j
}

// grow makes room for so many lines, before the first piece is added. New room is known to be clear, where slices.Grow clears it once more.
func (j *joiner) grow(n int) {
	for _, m := range textMeanings {
		switch t := &j.out.dicts[m].texts; {
		case !j.p.reads(m):
		case slices.Contains(detailMeanings[:], m):
			t.room(n)
		default:
			t.codes = make([]uint32, 0, n)
		}
	}
	for i := range j.out.more {
		j.out.more[i].texts.room(n)
	}
	if j.p.part == onlyDetails {
		return
	}
	j.out.dates.when.room(n)
	j.out.price.values.room(n)
	if j.p.at[quantityColumn] >= 0 {
		j.out.quantity.values.room(n)
	}
}

// add appends b, whose first line has the given number of lines before it in the file. A piece that ended in an error is
// looked at all the same: its numbers may not fit those of the lines before, which is then the first error of the file.
func (j *joiner) add(b *piece, before int) *fault.CellError {
	o := &j.out
	if o.remark != nil && len(b.line) > 0 {
		if b.survey == nil {
			return o.remark
		}
		b.survey.fault(o.remark)
		o.remark = nil
	}
	if !o.quantity.join(&b.quantity, before) || !o.price.join(&b.price, before) || !o.refund.join(&b.refund, before) {
		return j.misfit(b, before)
	}
	if b.err != nil {
		b.err.Line += before
		return b.err
	}
	if b.remark != nil {
		b.remark.Line += before
		o.remark = cmp.Or(o.remark, b.remark)
	}
	o.out.join(b.out, before)
	for _, l := range b.lacks {
		o.lacks = append(o.lacks, lacking{l.at + j.line.n, l.lack})
	}
	if b.owner != j {
		for i := range b.remap {
			b.remap[i] = b.remap[i][:0]
		}
		b.owner = j
	}
	o.dates.join(&b.dates, before)
	o.unchecked = o.unchecked || b.unchecked || !o.beside.join(&b.beside, before)
	for _, m := range textMeanings {
		if j.p.reads(m) {
			b.remap[m] = o.dicts[m].join(&b.texts[m], b.remap[m])
		}
	}
	for i := range o.more {
		at := int(meanings) + i
		b.remap[at] = o.more[i].join(&b.moreTexts[i], b.remap[at])
	}
	if n := len(b.line); n > 0 && int(b.line[n-1])+before > math.MaxInt32 {
		return &fault.CellError{Line: int(b.line[n-1]) + before, Why: "there are more lines than can be counted", Err: fault.ErrFormat}
	}
	for _, n := range b.line {
		j.line.append(n + int32(before))
	}
	o.hashes = append(o.hashes, b.hashes...)
	for _, e := range [...]struct{ to, from **fault.CellError }{{&j.foreign, &b.foreign}, {&j.wide, &b.wide}, {&j.half, &b.half}} {
		if *e.to == nil && *e.from != nil {
			(*e.from).Line += before
			*e.to = *e.from
		}
	}
	return nil
}

// misfit finds the first number of b that does not fit.
func (j *joiner) misfit(b *piece, before int) *fault.CellError {
	p, o := j.p, &j.out
	done := j.line.n // the quantities may have been joined already
	for _, c := range [...]*numbers{&o.quantity, &o.price, &o.refund} {
		c.values.cut(done)
	}
	for i, line := range b.line {
		if p.at[quantityColumn] >= 0 {
			if v, decimals := b.quantity.fewest(i); !o.quantity.add(v, decimals) {
				return p.inexact(p.at[quantityColumn], b.dates.when.at(int32(i)), int(line)+before, v, decimals)
			}
		}
		if v, decimals := b.price.fewest(i); !o.price.add(v, decimals) {
			return p.inexact(p.priceOrAmount(), b.dates.when.at(int32(i)), int(line)+before, v, decimals)
		}
		if at := p.at[refundColumn]; at >= 0 {
			if v, decimals := b.refund.fewest(i); !o.refund.add(v, decimals) {
				return p.inexact(at, b.dates.when.at(int32(i)), int(line)+before, v, decimals)
			}
		}
	}
	if n := len(b.line); n < b.quantity.values.len() { // the line of the error had got as far as its quantity
		if v, decimals := b.quantity.fewest(n); !o.quantity.add(v, decimals) {
			return p.inexact(p.at[quantityColumn], b.dates.when.at(int32(n)), b.err.Line+before, v, decimals)
		}
	}
	b.err.Line += before
	return b.err
}

// lines hands the columns over.
func (j *joiner) lines() (*lines, error) {
	o, p := &j.out, j.p
	j.trailing(nil)
	if err := j.read(); err != nil {
		return nil, err
	}
	j.adding()
	if j.half != nil && j.foreign == nil {
		j.half.Op, j.half.File, j.half.Err = p.op, p.file, fault.ErrFormat
		j.half.Why, j.half.Remedy = "ends in the middle of a character: the text was cut off after a fixed number of bytes", "export the column in full, or mend the cell"
		return nil, j.half
	}
	if j.foreign != nil && j.wide != nil {
		return nil, &fault.CellError{Op: p.op, File: p.file, Line: j.foreign.Line, Column: j.foreign.Column, Err: fault.ErrFormat,
			Why:    fmt.Sprintf("is not UTF-8, though the text %q in line %d is", j.wide.Value, j.wide.Line),
			Remedy: "export the file in one encoding, UTF-8 if there is a choice"}
	}
	l := &lines{taken: map[meaning][]taken{}, when: o.dates.when, line: j.line, timed: p.dates.Timed, counted: p.at[quantityColumn] >= 0, currency: p.currency, mapping: p.mapping(), answered: p.undone != nil, among: p.among, worth: p.worth(), columns: p.header[:p.width], said: p.said}
	l.notes = append(slices.Clip(p.notes), o.out.notes()...)
	if units, bare := o.price.seen.Units(), o.price.seen.Bare(); len(units) == 1 && bare.Count > 0 {
		l.notes = append(l.notes, fmt.Sprintf("%s of %s had no currency, the first being %q in line %d, and counted as %s like the others.", wording.Capital(wording.Plural(bare.Count, "cell")),
			p.header[p.priceOrAmount()], textfile.String(bare.Cell), bare.Row, units[0].Unit))
	}
	if len(o.lacks) > 0 {
		l.lacks = make([]lack, l.len())
		for _, m := range o.lacks {
			l.lacks[m.at] = m.lack
		}
	}
	if p.foreign = j.foreign != nil; p.foreign {
		j.decode()
	}
	l.order, l.customer = o.dicts[orderColumn].whole(), o.dicts[customerColumn].whole()
	l.status, l.direction, l.currencies = o.dicts[statusColumn].whole(), o.dicts[directionColumn].whole(), o.dicts[currencyColumn].whole()
	if p.part == everything {
		l.details = j.details()
	}
	l.categorized = p.at[categoryColumn] >= 0
	for _, i := range p.more {
		l.moreNames = append(l.moreNames, p.header[i])
	}
	if p.at[refundColumn] >= 0 { // money of both columns has the decimals of the finer one
		own := o.quantity.decimals
		if p.at[priceColumn] < 0 || !l.counted {
			own = 0
		}
		if o.refund.decimals > o.price.decimals+own && !o.price.rescale(o.refund.decimals-own) ||
			o.refund.decimals < o.price.decimals+own && !o.refund.rescale(o.price.decimals+own) {
			return nil, l.tooLarge(p.op, p.file, 0)
		}
		l.refund = o.refund.values
	}
	if l.counted {
		l.quantity, l.quantityDecimals = o.quantity.values, o.quantity.decimals
	}
	switch {
	case p.at[priceColumn] < 0:
		l.amount, l.decimals = o.price.values, o.price.decimals
	case l.counted:
		l.price, l.decimals = o.price.values, o.price.decimals+o.quantity.decimals
	default: // a price and no quantity: every line is one unit
		l.amount, l.decimals = o.price.values, o.price.decimals
	}
	if p.beside >= 0 && !o.unchecked && l.price.present() {
		if err := l.compare(&o.beside, o.hashes, p); err != nil {
			return nil, err
		}
	}
	if err := l.doubt(p); err != nil {
		return nil, err
	}
	if l.amount.present() && l.order.present() && (p.once || !p.sure) {
		if err := l.totals(o.hashes, p); err != nil {
			return nil, err
		}
	}
	if err := l.turn(p); err != nil {
		return nil, err
	}
	if err := l.finish(p.op, p.file); err != nil {
		return nil, err
	}
	if err := l.undoneInWords(p); err != nil {
		return nil, err
	}
	l.compact()
	return l, nil
}

// details hands the columns of the details over.
func (j *joiner) details() *details {
	o := &j.out
	d := &details{product: o.dicts[productColumn].whole(), name: o.dicts[nameColumn].whole(), category: o.dicts[categoryColumn].whole()}
	for i := range o.more {
		d.more = append(d.more, o.more[i].whole())
	}
	d.compact()
	return d
}

// decode takes all texts for Windows-1252.
func (j *joiner) decode() {
	decode := func(d *dictionary) {
		for c, name := range d.Names {
			d.Names[c] = string(textfile.FromWindows1252([]byte(name)))
		}
	}
	for _, m := range textMeanings {
		decode(&j.out.dicts[m])
	}
	for i := range j.out.more {
		decode(&j.out.more[i])
	}
}

// addDetails appends what b, which has so many lines before it, says of the lines listed, of which at stand already. It returns how many
// do then.
func (j *joiner) addDetails(b *piece, before int, lines *lineNumbers, at int) int {
	rows := j.rows[:0]
	for i, line := range b.line {
		if next := at + len(rows); next < lines.n && lines.at(int32(next)) == line+int32(before) {
			rows = append(rows, int32(i))
		}
	}
	o := &j.out
	for _, m := range textMeanings {
		if j.p.reads(m) {
			b.remap[m] = o.dicts[m].pick(&b.texts[m], rows, b.remap[m])
		}
	}
	for i := range o.more {
		m := int(meanings) + i
		b.remap[m] = o.more[i].pick(&b.moreTexts[i], rows, b.remap[m])
	}
	j.rows = rows
	return at + len(rows)
}

func pointers(ts []texts) []*texts {
	out := make([]*texts, len(ts))
	for i := range ts {
		out[i] = &ts[i]
	}
	return out
}
