package features

// One block of the file parsed into columns of its own, and the pieces joined in the order of the file.

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit"
)

// dictionary collects a column of texts. Its index is a hash table with open addressing; the hashes are kept, so that
// joining dictionaries hashes nothing again. Codes go by first appearance, so the seed of the hash never shows.
type dictionary struct {
	texts
	hashes  []uint64          // by code
	slots   []uint32          // code + 1, 0 for free; at least twice as many as codes
	missing func(string) bool // texts that stand for "no value"; nil for none but ""
}

var hashSeed = maphash.MakeSeed()

// reset empties d and keeps its room.
func (d *dictionary) reset() {
	if d.slots == nil {
		d.slots = make([]uint32, 1<<10)
	}
	clear(d.slots)
	d.codes, d.names, d.hashes = slices.Grow(d.codes[:0], 1), d.names[:0], d.hashes[:0]
	d.code("", maphash.Bytes(hashSeed, nil))
}

// find returns the code of a text, and false if it has none yet.
func find[T string | []byte](d *dictionary, text T, hash uint64) (uint32, bool) {
	mask := uint64(len(d.slots) - 1)
	for p := hash & mask; d.slots[p] != 0; p = (p + 1) & mask {
		if c := d.slots[p] - 1; d.hashes[c] == hash && d.names[c] == string(text) {
			return c, true
		}
	}
	return 0, false
}

// code gives name, which has none, the next code.
func (d *dictionary) code(name string, hash uint64) uint32 {
	if 2*(len(d.names)+1) > len(d.slots) {
		d.slots = make([]uint32, 2*len(d.slots))
		for c, h := range d.hashes {
			d.put(uint32(c), h)
		}
	}
	c := uint32(len(d.names))
	d.names, d.hashes = append(d.names, name), append(d.hashes, hash)
	d.put(c, hash)
	return c
}

func (d *dictionary) put(code uint32, hash uint64) {
	mask := uint64(len(d.slots) - 1)
	p := hash & mask
	for d.slots[p] != 0 {
		p = (p + 1) & mask
	}
	d.slots[p] = code + 1
}

// add appends b and reports whether it was seen for the first time. likely is the code that b probably has: comparing is
// much cheaper than looking up.
func (d *dictionary) add(b []byte, likely uint32) (first bool) {
	if d.names[likely] == string(b) {
		d.codes = append(d.codes, likely)
		return false
	}
	hash := maphash.Bytes(hashSeed, b)
	code, ok := find(d, b, hash)
	if !ok {
		s := string(b)
		if d.missing == nil || !d.missing(s) { // the few that are missing are not worth a place in the index
			code, first = d.code(s, hash), true
		}
	}
	d.codes = append(d.codes, code)
	return first
}

// join appends the lines of another dictionary.
func (d *dictionary) join(from *dictionary, remap []uint32) []uint32 {
	remap = remap[:0]
	for c, name := range from.names {
		code, ok := find(d, name, from.hashes[c])
		if !ok {
			code = d.code(name, from.hashes[c])
		}
		remap = append(remap, code)
	}
	n := len(d.codes)
	d.codes = slices.Grow(d.codes, len(from.codes))[:n+len(from.codes)]
	for i, c := range from.codes {
		d.codes[n+i] = remap[c]
	}
	return remap
}

// last is the code added last: neighbouring lines mostly agree.
func (d *dictionary) last() uint32 {
	if n := len(d.codes); n > 0 {
		return d.codes[n-1]
	}
	return 0
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
	largest  int64 // the greatest magnitude
}

// add appends v with the given decimals. It reports false, and changes nothing, where the column cannot be kept exactly.
func (c *numbers) add(v int64, decimals int) bool {
	if decimals > c.decimals && !c.rescale(decimals) {
		return false
	}
	v, ok := scaled(v, c.decimals-decimals)
	if !ok {
		return false
	}
	c.values = append(c.values, v)
	c.largest = max(c.largest, v, -v)
	return true
}

// rescale brings the column to more decimals, if it fits.
func (c *numbers) rescale(decimals int) bool {
	largest, ok := scaled(c.largest, decimals-c.decimals)
	if !ok {
		return false
	}
	for i, v := range c.values {
		c.values[i], _ = scaled(v, decimals-c.decimals)
	}
	c.decimals, c.largest = decimals, largest
	return true
}

// join appends another column, if both fit at the decimals of the finer one.
func (c *numbers) join(from *numbers) bool {
	if from.decimals > c.decimals && !c.rescale(from.decimals) || from.decimals < c.decimals && !from.rescale(c.decimals) {
		return false
	}
	c.values, c.largest = append(c.values, from.values...), max(c.largest, from.largest)
	return true
}

// fewest returns value i with no more decimals than it needs.
func (c *numbers) fewest(i int) (v int64, decimals int) {
	v, decimals = c.values[i], c.decimals
	for ; decimals > 0 && v%10 == 0; decimals-- {
		v /= 10
	}
	return v, decimals
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
	named           []uint32 // by product: the code of the name it had last
	lastDate        []byte
	lastWhen        int64
}

var textMeanings = [...]meaning{orderColumn, customerColumn, productColumn, nameColumn, categoryColumn}

// reset empties the piece and keeps its room.
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
	b.named = b.named[:0]
	b.when, b.line = b.when[:0], b.line[:0]
	b.quantity, b.price = numbers{values: b.quantity.values[:0]}, numbers{values: b.price.values[:0]}
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

func (b *piece) text(d *dictionary, likely uint32, column int, field []byte, line int) {
	field = trim(field)
	if !d.add(field, likely) {
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

// number appends a cell, rounded to so many decimals; 0 keeps it as written.
func (b *piece) number(c *numbers, column int, field []byte, line, round int) *segkit.CellError {
	p := b.p
	field = trim(field)
	v, decimals, ok := parseDecimal(field, p.mark)
	if ok && round > 0 && decimals > round {
		v, decimals = rounded(v, decimals, round)
	}
	if !ok || decimals > maxDecimals {
		value := string(field)
		return &segkit.CellError{Line: line, Column: p.header[column], Value: value, Err: segkit.ErrFormat,
			Why: whyNotNumber(value, p.mark), Remedy: remedyForNumber(value, p.mark)}
	}
	if !c.add(v, decimals) {
		return p.inexact(column, line, v, decimals)
	}
	return nil
}

// inexact says that a number cannot be kept at the decimals of its column. It depends on the lines before, so it reads the
// same whether a block or the joining of blocks comes upon it.
func (p *plan) inexact(column, line int, v int64, decimals int) *segkit.CellError {
	return &segkit.CellError{Line: line, Column: p.header[column], Value: Money{v, decimals}.String(), Err: segkit.ErrFormat,
		Why:    "and the numbers above it are too far apart to be kept exactly: one is too large, or has too many decimals",
		Remedy: "check this line, or set OrdersOptions.Decimals to round money"}
}

func whyNotNumber(value string, mark byte) string {
	if value == "" {
		return "the number is missing"
	}
	if _, decimals, ok := parseDecimal([]byte(value), mark); ok {
		return fmt.Sprintf("has %d decimals, and numbers are kept exactly", decimals)
	}
	return "is not a number"
}

func remedyForNumber(value string, mark byte) string {
	_, _, ok := parseDecimal([]byte(value), mark)
	dots, commas := strings.Count(value, "."), strings.Count(value, ",")
	switch {
	case value == "":
		return "give it, or leave the line out of the file"
	case ok:
		return "set OrdersOptions.Decimals to round money, to 2 for cents"
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

// add appends b, whose first line has the given number of lines before it in the file. A piece that ended in an error is
// looked at all the same: its numbers may not fit those of the lines before, which is then the first error of the file.
func (j *joiner) add(b *piece, before int) *segkit.CellError {
	o := &j.out
	if !o.quantity.join(&b.quantity) || !o.price.join(&b.price) {
		return j.misfit(b, before)
	}
	if b.err != nil {
		b.err.Line += before
		return b.err
	}
	for _, m := range textMeanings {
		if j.p.at[m] >= 0 {
			j.remap = o.dicts[m].join(&b.dicts[m], j.remap)
		}
	}
	for i := range o.more {
		j.remap = o.more[i].join(&b.more[i], j.remap)
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
	return nil
}

// misfit finds the first number of b that does not fit.
func (j *joiner) misfit(b *piece, before int) *segkit.CellError {
	p, o := j.p, &j.out
	done := len(o.line) // the quantities may have been joined already
	o.quantity.values, o.price.values = o.quantity.values[:min(done, len(o.quantity.values))], o.price.values[:done]
	for i, line := range b.line {
		if p.at[quantityColumn] >= 0 {
			if v, decimals := b.quantity.fewest(i); !o.quantity.add(v, decimals) {
				return p.inexact(p.at[quantityColumn], int(line)+before, v, decimals)
			}
		}
		if v, decimals := b.price.fewest(i); !o.price.add(v, decimals) {
			return p.inexact(p.priceOrAmount(), int(line)+before, v, decimals)
		}
	}
	if n := len(b.line); n < len(b.quantity.values) { // the line of the error had got as far as its quantity
		if v, decimals := b.quantity.fewest(n); !o.quantity.add(v, decimals) {
			return p.inexact(p.at[quantityColumn], b.err.Line+before, v, decimals)
		}
	}
	b.err.Line += before
	return b.err
}

// lines hands the columns over.
func (j *joiner) lines() (*lines, error) {
	o, p := &j.out, j.p
	if j.foreign != nil && j.wide != nil {
		return nil, &segkit.CellError{Op: p.op, File: p.file, Line: j.foreign.Line, Column: j.foreign.Column, Err: segkit.ErrFormat,
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
	return l, l.finish(p.op, p.file)
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
