package features

// One block of the file parsed into columns of its own, and the pieces joined in the order of the file.

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit"
)

// dictionary collects a column of texts.
type dictionary struct {
	texts
	index   map[string]uint32
	missing func(string) bool // texts that stand for "no value"; nil for none but ""
}

func (d *dictionary) reset() {
	if d.index == nil {
		d.index = map[string]uint32{}
	}
	clear(d.index)
	d.index[""] = 0
	d.texts = texts{codes: make([]uint32, 0, max(1, len(d.codes))), names: append(make([]string, 0, len(d.names)+1), "")}
}

// add appends b and reports whether it was seen for the first time. Neighbouring lines mostly agree, so the last one is
// looked at first.
func (d *dictionary) add(b []byte) (first bool) {
	if n := len(d.codes); n > 0 && d.names[d.codes[n-1]] == string(b) {
		d.codes = append(d.codes, d.codes[n-1])
		return false
	}
	code, ok := d.index[string(b)]
	if !ok {
		s := string(b)
		if d.missing == nil || !d.missing(s) {
			code, first = uint32(len(d.names)), true
			d.names = append(d.names, s)
		}
		d.index[s] = code
	}
	d.codes = append(d.codes, code)
	return first
}

// noCustomer are texts that programs write where there is no customer.
func noCustomer(s string) bool {
	switch s {
	case "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A":
		return true
	}
	return false
}

// numbers collects a column of decimals as whole numbers at the most decimals seen.
type numbers struct {
	values   []int64
	decimals int
}

// add appends v with the given decimals, and reports false where it does not fit.
func (c *numbers) add(v int64, decimals int) bool {
	if decimals > c.decimals {
		if !c.rescale(decimals) {
			return false
		}
	} else if decimals < c.decimals {
		var ok bool
		if v, ok = scaled(v, c.decimals-decimals); !ok {
			return false
		}
	}
	c.values = append(c.values, v)
	return true
}

func (c *numbers) rescale(decimals int) bool {
	for i, v := range c.values {
		w, ok := scaled(v, decimals-c.decimals)
		if !ok {
			return false
		}
		c.values[i] = w
	}
	c.decimals = decimals
	return true
}

// piece is one parsed block. Lines are counted from the start of the block until it is joined.
type piece struct {
	p               *plan
	dicts           [meanings]dictionary // of the meanings that are texts
	more            []dictionary
	when            []int64
	line            []int32
	quantity, price numbers           // price holds the amounts where the file gives those
	lines           int               // lines of the file in this block
	foreign, wide   *segkit.CellError // first text that is not UTF-8; first that is, beyond ASCII
	err             *segkit.CellError
	lastDate        []byte
	lastWhen        int64
}

var textMeanings = [...]meaning{orderColumn, customerColumn, productColumn, nameColumn, categoryColumn}

func (b *piece) reset(p *plan) {
	b.p = p
	for _, m := range textMeanings {
		if p.at[m] >= 0 {
			b.dicts[m].reset()
		}
	}
	b.dicts[customerColumn].missing = noCustomer
	if b.more == nil {
		b.more = make([]dictionary, len(p.more))
	}
	for j := range b.more {
		b.more[j].reset()
	}
	n := len(b.when)
	b.when, b.line = make([]int64, 0, n), make([]int32, 0, n)
	b.quantity, b.price = numbers{values: make([]int64, 0, n)}, numbers{values: make([]int64, 0, n)}
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

func (b *piece) record(fields [][]byte, line int) *segkit.CellError {
	p := b.p
	if len(fields) != len(p.header) {
		return &segkit.CellError{Line: line, Err: segkit.ErrFormat,
			Why:    fmt.Sprintf("has %d fields, but the header has %d columns", len(fields), len(p.header)),
			Remedy: "mend the line; a text that contains the separator must stand in quotation marks"}
	}
	if i := p.at[dateColumn]; !b.date(fields[i]) {
		return b.badDate(fields, line)
	}
	for _, m := range textMeanings {
		if i := p.at[m]; i >= 0 {
			b.text(&b.dicts[m], i, fields[i], line)
		}
	}
	for j, i := range p.more {
		b.text(&b.more[j], i, fields[i], line)
	}
	if i := p.at[quantityColumn]; i >= 0 {
		if v, decimals, ok := parseDecimal(trim(fields[i]), p.mark); !ok || decimals > maxDecimals || !b.quantity.add(v, decimals) {
			return b.badNumber(i, fields[i], line)
		}
	}
	i := p.at[priceColumn]
	if i < 0 {
		i = p.at[amountColumn]
	}
	v, decimals, ok := parseDecimal(trim(fields[i]), p.mark)
	if ok && p.round > 0 && decimals > p.round {
		v, decimals = rounded(v, decimals, p.round)
	}
	if !ok || decimals > maxDecimals || !b.price.add(v, decimals) {
		return b.badNumber(i, fields[i], line)
	}
	if line > math.MaxInt32 {
		return &segkit.CellError{Line: line, Why: "there are more lines than can be counted", Err: segkit.ErrFormat}
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

func (b *piece) text(d *dictionary, column int, field []byte, line int) {
	field = trim(field)
	if !d.add(field) {
		return
	}
	if b.foreign == nil && !utf8.Valid(field) {
		b.foreign = &segkit.CellError{Line: line, Column: b.p.header[column]}
	} else if b.wide == nil && !ascii(field) && utf8.Valid(field) {
		b.wide = &segkit.CellError{Line: line, Column: b.p.header[column], Value: string(field)}
	}
}

func (b *piece) badDate(fields [][]byte, line int) *segkit.CellError {
	p, value := b.p, string(trim(fields[b.p.at[dateColumn]]))
	e := &segkit.CellError{Line: line, Column: p.header[p.at[dateColumn]], Value: value, Err: segkit.ErrFormat}
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

func (b *piece) badNumber(column int, field []byte, line int) *segkit.CellError {
	p, value := b.p, string(trim(field))
	return &segkit.CellError{Line: line, Column: p.header[column], Value: value, Err: segkit.ErrFormat,
		Why: whyNotNumber(value, p.mark), Remedy: remedyForNumber(value, p.mark)}
}

func whyNotNumber(value string, mark byte) string {
	if value == "" {
		return "the number is missing"
	}
	if _, decimals, ok := parseDecimal([]byte(value), mark); ok {
		if decimals > maxDecimals {
			return fmt.Sprintf("has %d decimals, and money is kept exactly", decimals)
		}
		return "is too large for the number of decimals in this column"
	}
	return "is not a number"
}

func remedyForNumber(value string, mark byte) string {
	_, decimals, ok := parseDecimal([]byte(value), mark)
	dots, commas := strings.Count(value, "."), strings.Count(value, ",")
	switch {
	case value == "":
		return "give it, or leave the line out of the file"
	case ok && decimals > maxDecimals:
		return "set OrdersOptions.Decimals to round money, to 2 for cents"
	case ok:
		return "check this line"
	case dots > 0 && commas > 0 || dots > 1 || commas > 1:
		return "export numbers without thousands separators"
	case mark == '.' && commas == 1:
		return "if the file writes decimal commas, set OrdersOptions.Decimal to ','"
	case mark == ',' && dots == 1:
		return "this file is read with decimal commas; leave OrdersOptions.Decimal unset for decimal points"
	}
	return "mend the cell, or name another column in OrdersOptions"
}

// rounded rounds v from the given decimals to fewer, halves away from zero.
func rounded(v int64, decimals, to int) (int64, int) {
	for ; decimals > to+1; decimals-- {
		v /= 10 // cutting first cannot turn less than a half into a half: only the sign of the rest could, and it is dropped
	}
	if decimals > to {
		r := v % 10
		v /= 10
		if r >= 5 {
			v++
		} else if r <= -5 {
			v--
		}
	}
	return v, to
}

// joiner appends pieces in the order of the file.
type joiner struct {
	p             *plan
	out           piece
	foreign, wide *segkit.CellError
	remap         []uint32
}

func newJoiner(p *plan) *joiner {
	j := &joiner{p: p}
	j.out.reset(p)
	return j
}

// grow makes room for so many lines.
func (j *joiner) grow(n int) {
	for _, m := range textMeanings {
		if j.p.at[m] >= 0 {
			j.out.dicts[m].codes = slices.Grow(j.out.dicts[m].codes, n)
		}
	}
	for i := range j.out.more {
		j.out.more[i].codes = slices.Grow(j.out.more[i].codes, n)
	}
	j.out.when, j.out.line = slices.Grow(j.out.when, n), slices.Grow(j.out.line, n)
	j.out.price.values = slices.Grow(j.out.price.values, n)
	if j.p.at[quantityColumn] >= 0 {
		j.out.quantity.values = slices.Grow(j.out.quantity.values, n)
	}
}

// add appends b, whose first line has the given number of lines before it in the file.
func (j *joiner) add(b *piece, before int) *segkit.CellError {
	o := &j.out
	for _, m := range textMeanings {
		if j.p.at[m] >= 0 {
			j.texts(&o.dicts[m], &b.dicts[m])
		}
	}
	for i := range o.more {
		j.texts(&o.more[i], &b.more[i])
	}
	o.when = append(o.when, b.when...)
	for _, n := range b.line {
		o.line = append(o.line, n+int32(before))
	}
	for _, e := range [...]struct{ to, from **segkit.CellError }{{&j.foreign, &b.foreign}, {&j.wide, &b.wide}} {
		if *e.to == nil && *e.from != nil {
			(*e.from).Line += before
			*e.to = *e.from
		}
	}
	if !join(&o.quantity, &b.quantity) || !join(&o.price, &b.price) {
		return &segkit.CellError{Line: before + 1, Err: segkit.ErrFormat,
			Why: "this line or one after it has so many decimals that the largest numbers of the file cannot be kept exactly", Remedy: "set OrdersOptions.Decimals to round money"}
	}
	return nil
}

func (j *joiner) texts(to, from *dictionary) {
	j.remap = j.remap[:0]
	for _, name := range from.names {
		code, ok := to.index[name]
		if !ok {
			code = uint32(len(to.names))
			to.names = append(to.names, name)
			to.index[name] = code
		}
		j.remap = append(j.remap, code)
	}
	for _, c := range from.codes {
		to.codes = append(to.codes, j.remap[c])
	}
}

func join(to, from *numbers) bool {
	if from.decimals > to.decimals && !to.rescale(from.decimals) {
		return false
	}
	if from.decimals < to.decimals && !from.rescale(to.decimals) {
		return false
	}
	to.values = append(to.values, from.values...)
	return true
}

// lines hands the columns over.
func (j *joiner) lines() (*lines, error) {
	o, p := &j.out, j.p
	if j.foreign != nil && j.wide != nil {
		return nil, &segkit.CellError{Op: "ReadOrders", File: p.file, Line: j.foreign.Line, Column: j.foreign.Column, Err: segkit.ErrFormat,
			Why:    fmt.Sprintf("is not UTF-8, though the text %q in line %d is", j.wide.Value, j.wide.Line),
			Remedy: "export the file in one encoding, UTF-8 if there is a choice"}
	}
	l := &lines{when: o.when, line: o.line, timed: p.dates.timed, counted: p.at[quantityColumn] >= 0, currency: p.currency, mapping: p.mapping()}
	l.order, l.customer, l.product = o.dicts[orderColumn].texts, o.dicts[customerColumn].texts, o.dicts[productColumn].texts
	l.name, l.category = o.dicts[nameColumn].texts, o.dicts[categoryColumn].texts
	for i := range o.more {
		l.more = append(l.more, o.more[i].texts)
		l.moreNames = append(l.moreNames, p.header[p.more[i]])
	}
	if j.foreign != nil {
		for _, t := range append([]*texts{&l.order, &l.customer, &l.product, &l.name, &l.category}, pointers(l.more)...) {
			for c, name := range t.names {
				t.names[c] = fromWindows1252(name)
			}
		}
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
	return l, l.finish(p.file)
}

func pointers(ts []texts) []*texts {
	out := make([]*texts, len(ts))
	for i := range ts {
		out[i] = &ts[i]
	}
	return out
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

// fromWindows1252 decodes the Western encoding that spreadsheets write: Latin-1 with letters and signs at 128 to 159.
func fromWindows1252(s string) string {
	if ascii([]byte(s)) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= 0x80 && c < 0xa0 {
			b.WriteRune(windows1252[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// windows1252 are the characters 128 to 159 (WHATWG Encoding Standard, index windows-1252).
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")
