package weblog

// One block of a file read into columns of its own, and the blocks joined in the order of the file.

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/intern"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/internal/wording"
)

// textMeanings are the meanings whose cells are texts.
var textMeanings = []meaning{visitorColumn, customerColumn, pageColumn, kindColumn, eventColumn, sessionColumn, sourceColumn, deviceColumn, agentColumn, orderedColumn, methodColumn, statusColumn}

// texts is a column of texts: codes into names, in the order of first appearance. Code 0 is "", which means missing.
type texts struct {
	codes []uint32
	names []string
}

// present reports whether the file has this column.
func (t *texts) present() bool { return t.codes != nil }

func (t *texts) at(i int32) string {
	if t.codes == nil {
		return ""
	}
	return t.names[t.codes[i]]
}

// dictionary collects a column of texts.
type dictionary struct {
	texts // codes alone: the names are those of the index until whole hands both over
	intern.Index
}

func newDictionary() dictionary {
	var d dictionary
	d.Reset()
	return d
}

// whole is the column as it is so far.
func (d *dictionary) whole() texts { return texts{d.codes, d.Names} }

// decoded is the column with the texts that its bytes stand for: those that are no UTF-8 are Windows-1252. A text that the file has in both has one
// code then.
func (d *dictionary) decoded() texts {
	t := d.whole()
	if !slices.ContainsFunc(t.names, func(name string) bool { return textfile.String(name) != name }) {
		return t
	}
	out, codes := newDictionary(), make([]uint32, len(t.names))
	for c, name := range t.names {
		codes[c] = out.code([]byte(textfile.String(name)))
	}
	for i, c := range t.codes {
		t.codes[i] = codes[c]
	}
	return texts{t.codes, out.Names}
}

// code is that of a text, a new one if it has none yet.
func (d *dictionary) code(text []byte) uint32 {
	c, _ := d.Code(text, 0)
	return c
}

// vocabulary is the texts that one worker has met, by column.
type vocabulary struct {
	dicts []dictionary
	remap [][]uint32 // what the joiner calls these texts
	cells int        // of each column
	plain []bool     // the texts of a column hardly ever come again, so that they are not looked up before they are joined
}

// mostTexts is how many texts of a column a worker keeps over its blocks; few in tests.
var mostTexts = 1 << 16

func newVocabulary(p *plan) *vocabulary {
	n := len(p.textColumns())
	v := &vocabulary{remap: make([][]uint32, n), plain: make([]bool, n)}
	for range n {
		d := newDictionary()
		d.Missing = func(text []byte) bool { return p.missing.Find(text) >= 0 }
		v.dicts = append(v.dicts, d)
	}
	return v
}

// next is the vocabulary of a worker who has filled this one.
func (v *vocabulary) next(p *plan) *vocabulary {
	out := newVocabulary(p)
	for k := range v.dicts {
		out.plain[k] = p.textColumns()[k] != p.at[pageColumn] && (v.plain[k] || 2*len(v.dicts[k].Names) > v.cells)
	}
	return out
}

// large reports whether it is time for another vocabulary.
func (v *vocabulary) large() bool {
	return slices.ContainsFunc(v.dicts, func(d dictionary) bool { return len(d.Names) > mostTexts })
}

// textColumns are the columns that are read as texts: those of textMeanings, -1 for none, and the descriptors.
func (p *plan) textColumns() (out []int) {
	for _, m := range textMeanings {
		out = append(out, p.at[m])
	}
	return append(out, p.more...)
}

// numbers collects a column of counts or of seconds.
type numbers struct {
	values []float64
	seen   cell.Numbers
	late   []lateCell
}

// column is a column of texts of one block.
type column struct {
	texts
	hashes []uint32 // of the names
}

// piece is one block. Lines are counted from the start of the block until it is joined.
type piece struct {
	p     *plan
	words *vocabulary
	texts []column // as the vocabulary has them
	times times
	nums  []numbers // of pages, then of seconds
	line  []int32
	lines int // of the file in this block
	blank int // lines without any text
	odd   int // lines of a server's log that are none
	err   *fault.CellError
	room  []byte
}

func (b *piece) reset(p *plan, words *vocabulary) {
	b.p, b.words = p, words
	b.texts = slices.Grow(b.texts, len(words.dicts))[:len(words.dicts)]
	b.times.reset(&p.times)
	b.nums = slices.Grow(b.nums, len(p.pages)+len(p.seconds))[:len(p.pages)+len(p.seconds)]
	for i := range b.nums {
		b.nums[i] = numbers{values: b.nums[i].values[:0], late: b.nums[i].late[:0]}
	}
	b.line, b.lines, b.blank, b.odd, b.err = b.line[:0], 0, 0, 0, nil
}

// cells reads a grid, column by column.
func (b *piece) cells(data []byte, g records.Grid) {
	p := b.p
	for k, i := range p.textColumns() {
		if i < 0 {
			continue
		}
		page := i == p.at[pageColumn]
		if b.words.plain[k] {
			b.texts[k] = b.apart(data, g.Columns[i], b.texts[k].codes[:0])
			continue
		}
		d := &b.words.dicts[k]
		d.codes = b.texts[k].codes[:0]
		last, lastText := uint32(0), []byte(nil)
		for _, f := range g.Columns[i] {
			text := f.Of(data)
			key := intern.ShortKey(text) // as it is written: blanks around a text make another key of the same code
			if code, ok := d.Recent(key); ok {
				last, lastText = code, nil
			} else if lastText == nil || !bytes.Equal(text, lastText) {
				lastText = text
				if text = trim(text); page {
					text = path(text)
				}
				last, _ = d.Code(text, key)
			}
			d.codes = append(d.codes, last)
		}
		b.texts[k] = column{d.whole(), d.Hashes}
	}
	if i := p.at[timeColumn]; i >= 0 {
		var days []records.Span
		if p.times.joined {
			days = g.Columns[p.at[dayColumn]]
		}
		for r, f := range g.Columns[i] {
			t := trim(f.Of(data))
			switch {
			case days == nil && p.missing.NoDate(t), days != nil && (len(t) == 0 || p.missing.Find(t) >= 0):
				b.times.when = append(b.times.when, noTime)
				continue
			case days != nil:
				b.room = together(b.room, trim(days[r].Of(data)), t)
				t = b.room
			}
			b.times.add(t, int(g.Starts[r]), &p.times)
		}
	}
	for k, i := range slices.Concat(p.pages, p.seconds) {
		n := &b.nums[k]
		for r, f := range g.Columns[i] {
			n.add(trim(f.Of(data)), int(g.Starts[r]), p)
		}
	}
	b.line = append(b.line, g.Starts...)
	b.words.cells += len(g.Starts)
}

// apart gives every cell a code of its own: texts that hardly ever come again.
func (b *piece) apart(data []byte, cells []records.Span, codes []uint32) column {
	all, ends := make([]byte, 0, 16*len(cells)), make([]int, len(cells))
	out := column{texts{codes, make([]string, 1, len(cells)+1)}, append(make([]uint32, 0, len(cells)+1), intern.Hash(nil))}
	for r, f := range cells {
		if text := trim(f.Of(data)); len(text) > 0 && b.p.missing.Find(text) < 0 {
			all, out.hashes = append(all, text...), append(out.hashes, intern.Hash(text))
		}
		ends[r] = len(all)
	}
	names, from := string(all), 0
	for _, end := range ends {
		code := uint32(0)
		if end > from {
			code = uint32(len(out.names))
			out.names = append(out.names, names[from:end])
		}
		out.codes, from = append(out.codes, code), end
	}
	return out
}

// add appends a cell: a number, or hours, minutes and seconds such as 0:05:31.
func (n *numbers) add(field []byte, line int, p *plan) {
	if len(field) == 0 || p.missing.Find(field) >= 0 {
		n.values = append(n.values, math.NaN())
		return
	}
	if v, ok := clock(field); ok {
		n.values = append(n.values, v)
		return
	}
	mark := byte('.')
	if p.o.Decimal != 0 {
		mark = byte(p.o.Decimal)
	}
	v, decimals, sure := n.seen.Sure(field, line, mark, p.o.Decimal != 0)
	if !sure {
		n.late = append(n.late, lateCell{string(field), len(n.values), line})
	}
	n.values = append(n.values, float64(v)/math.Pow10(decimals))
}

// clock reads 5:31 or 0:05:31 as seconds.
func clock(field []byte) (seconds float64, ok bool) {
	if bytes.IndexByte(field, ':') < 1 {
		return 0, false
	}
	parts := bytes.Split(field, []byte{':'})
	if len(parts) > 3 {
		return 0, false
	}
	for _, part := range parts {
		v, decimals, ok := cell.ParsePlain(part, '.')
		if !ok || v < 0 {
			return 0, false
		}
		seconds = 60*seconds + float64(v)/math.Pow10(decimals)
	}
	return seconds, true
}

// trim takes off the blanks around a cell.
func trim(b []byte) []byte {
	if n := len(b); n > 0 && (textfile.Blank(b[0]) || textfile.Blank(b[n-1])) {
		return textfile.Trim(b)
	}
	return b
}

// path is an address without its scheme, its server, and what follows a ? or #.
func path(page []byte) []byte {
	if i := bytes.IndexAny(page, "?#;"); i > 0 {
		page = page[:i]
	}
	if i := bytes.Index(page, []byte("://")); i > 0 {
		if page = page[i+3:]; bytes.IndexByte(page, '/') < 0 {
			return []byte{'/'}
		}
		page = page[bytes.IndexByte(page, '/'):]
	}
	return page
}

// joiner appends pieces in the order of the file.
type joiner struct {
	p     *plan
	dicts []dictionary
	out   piece
}

func newJoiner(p *plan) *joiner {
	j := &joiner{p: p, dicts: newVocabulary(p).dicts}
	j.out.reset(p, newVocabulary(p))
	return j
}

// grow makes room for so many lines, before the first piece is added.
func (j *joiner) grow(n int) {
	for k, i := range j.p.textColumns() {
		if i >= 0 {
			j.dicts[k].codes = make([]uint32, 0, n)
		}
	}
	if j.p.at[timeColumn] >= 0 {
		j.out.times.when = make([]int64, 0, n)
	}
	for k := range j.out.nums {
		j.out.nums[k].values = make([]float64, 0, n)
	}
	j.out.line = make([]int32, 0, n)
}

func (j *joiner) add(b *piece, before int) *fault.CellError {
	if b.err != nil {
		e := *b.err
		e.Line += before
		return &e
	}
	for k, i := range j.p.textColumns() {
		if i < 0 {
			continue
		}
		d, remap := &j.dicts[k], b.words.remap[k]
		if b.words.plain[k] {
			remap = remap[:0]
		}
		from := &b.texts[k]
		met := len(remap)
		remap = d.Join(remap, from.names[met:], from.hashes[met:])
		b.words.remap[k] = remap
		for _, c := range from.codes {
			d.codes = append(d.codes, remap[c])
		}
	}
	if j.p.at[timeColumn] >= 0 {
		j.out.times.join(&b.times, before)
	}
	for k := range b.nums {
		n, from := &j.out.nums[k], &b.nums[k]
		n.seen.Merge(&from.seen, before)
		for _, c := range from.late {
			n.late = append(n.late, lateCell{c.text, c.index + len(n.values), c.line + before})
		}
		n.values = append(n.values, from.values...)
	}
	if n := len(b.line); n > 0 && int(b.line[n-1])+before > math.MaxInt32 {
		return &fault.CellError{Line: int(b.line[n-1]) + before, Why: "there are more lines than can be counted", Err: fault.ErrFormat}
	}
	for _, line := range b.line {
		j.out.line = append(j.out.line, line+int32(before))
	}
	j.out.blank, j.out.odd = j.out.blank+b.blank, j.out.odd+b.odd
	return nil
}

// log is what was read, now that all of it is known.
func (j *joiner) log() (*log, error) {
	p, n := j.p, len(j.out.line)
	l := &log{o: p.o, line: j.out.line, ofVisits: p.visits, server: p.server, mapping: p.mapping(), unread: p.unread()}
	for k, i := range p.textColumns() {
		if i < 0 {
			continue
		}
		t := j.dicts[k].decoded()
		if k < len(textMeanings) {
			*l.column(textMeanings[k]) = t
			continue
		}
		l.more, l.moreNames = append(l.more, t), append(l.moreNames, p.header[i])
	}
	if p.at[timeColumn] >= 0 {
		timed, err := j.out.times.finish(p)
		if err != nil {
			return nil, err
		}
		l.when, l.ahead, l.timed, l.dated = j.out.times.when, j.out.times.offsets(), timed, true
		if !timed {
			p.notes = append(p.notes, "The times have no time of day: all that a visitor does on one day is one visit, whose duration is not known.")
		}
	} else {
		l.when = make([]int64, n)
	}
	if err := j.counts(l); err != nil {
		return nil, err
	}
	if err := j.ordered(l); err != nil {
		return nil, err
	}
	if j.out.blank > 0 {
		p.notes = append(p.notes, fmt.Sprintf("Left out: %s without any text.", wording.Plural(j.out.blank, "line")))
	}
	if j.out.odd > 0 {
		p.notes = append(p.notes, fmt.Sprintf("Left out: %s not in the Combined Log Format.", wording.Plural(j.out.odd, "line")))
	}
	l.notes = p.notes
	l.finish()
	return l, nil
}

// counts fills in how many pages and how long, of a file with a line for each visit.
func (j *joiner) counts(l *log) error {
	p := j.p
	for k, column := range slices.Concat(p.pages, p.seconds) {
		n := &j.out.nums[k]
		wrong := func(line int, value, why string) error {
			return &fault.CellError{Op: p.op, File: p.file, Line: line, Column: p.header[column], Value: value, Why: why, Remedy: "mend the cell, or list it in " + optionsName + ".Missing", Err: fault.ErrFormat}
		}
		if q := n.seen.Question(p.o.Decimal, words); q != nil {
			return &fault.CellError{Op: p.op, File: p.file, Line: q.Row, Column: p.header[column], Value: string(q.Cell), Count: q.Count, Why: q.Why, Remedy: q.Remedy, Err: fault.ErrFormat}
		}
		if r := n.seen.Readings(p.o.Decimal); len(r) > 0 {
			for _, c := range n.late {
				v, decimals, _ := r[0].Parse([]byte(c.text))
				n.values[c.index] = float64(v) / math.Pow10(decimals)
			}
		}
		for i, v := range n.values {
			switch {
			case v < 0:
				return wrong(int(l.line[i]), fmt.Sprint(v), "is negative")
			case k < len(p.pages) && v != math.Trunc(v):
				return wrong(int(l.line[i]), fmt.Sprint(v), "is not a whole number of pages")
			case k < len(p.pages) && v > math.MaxInt32/64:
				return wrong(int(l.line[i]), fmt.Sprint(v), "is more pages than any visit has")
			}
		}
		if k < len(p.pages) {
			l.kindNames, l.kinds = append(l.kindNames, p.header[column]), append(l.kinds, n.values)
		} else {
			l.parts = append(l.parts, n.values)
		}
	}
	return nil
}

// ordered finds which lines say that something was bought.
func (j *joiner) ordered(l *log) error {
	t := l.orders
	if !t.present() {
		return nil
	}
	l.bought = make([]bool, len(t.names))
	for code, name := range t.names {
		yes, ok := isYes(name)
		if !ok {
			i := slices.Index(t.codes, uint32(code))
			return &fault.CellError{Op: j.p.op, File: j.p.file, Line: int(l.line[i]), Column: j.p.header[j.p.at[orderedColumn]], Value: name, Why: "does not say whether something was bought",
				Remedy: "write yes or no, 1 or 0, or how many; or name another column in " + optionsName + ".Ordered", Err: fault.ErrFormat}
		}
		l.bought[code] = yes
	}
	return nil
}

// isYes reads yes and no in a few languages, and numbers.
func isYes(word string) (yes, ok bool) {
	switch strings.ToLower(word) {
	case "yes", "y", "true", "t", "ja", "oui", "si", "sí", "sim", "wahr", "x":
		return true, true
	case "", "no", "n", "false", "f", "nein", "non", "não", "nee", "falsch":
		return false, true
	}
	v, _, ok := cell.ParsePlain([]byte(word), '.')
	return v > 0, ok
}
