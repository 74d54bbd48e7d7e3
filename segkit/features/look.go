package features

// One look at a whole file for its inspection: its order lines, a chunk at a time, and what its records hold beside them, in memory that
// does not grow with the file.

import (
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/layout"
	"github.com/segkit/lab/segkit/internal/records"
	"github.com/segkit/lab/segkit/internal/repeats"
	"github.com/segkit/lab/segkit/internal/textfile"
	"github.com/segkit/lab/segkit/sheet"
)

// look is one reading of the whole file.
type look struct {
	reading
	encoding string
	survey   *survey
	repeated int
	count    Count
	first    int
	last     int
	mapping  []Mapping
	notes    []string
	currency string
	err      error          // why it cannot be read as orders
	unusable error          // why nothing can be said about it at all
	twice    []int          // ids that stand above already, by column
	all      *joiner        // the evidence of all chunks
	unsure   []wordCount    // words of the status that are not known
	words    among          // all words that options may answer for
	money    []wordCount    // currencies, where nothing says that there is one
	decided  *OrdersOptions // with which the whole file answers what its parts leave open
}

// hashSeed is that of the hashes of records and of their texts, none of which leaves this process.
var hashSeed = maphash.MakeSeed()

// chunk is how many lines are held at a time; few in tests.
var chunk, inspectBlock = 1 << 19, records.Size

// look reads the file, again where its end shows what its first lines did not.
func (i *inspection) look(o OrdersOptions) *look {
	var form *dateForm
	for passes := 1; ; passes++ {
		l := &look{reading: reading{file: i.name, size: inspectBlock, form: form, earlier: i.earlier}, first: 1 << 30, last: -1 << 30, words: among{}}
		if l.o, l.unusable = o.check(); l.unusable != nil {
			return l
		}
		err := i.stream(&l.reading, nil, l.read)
		switch {
		case err == errAgain && passes < 4:
			form = &l.plan.dates
			continue
		case err == nil && l.decided != nil && passes < 4:
			o, form = *l.decided, nil
			continue
		case err != nil && l.err == nil:
			if l.err = err; l.layout == nil && !errors.Is(err, fault.ErrFormat) { // it could not be opened, or is empty
				l.unusable = err
			}
		}
		return l
	}
}

// read reads the file once, as far as it can be.
func (l *look) read(in io.Reader) error {
	text, err := l.open(in)
	if err != nil {
		l.unusable = err
		return err
	}
	l.encoding = cmp.Or(text.Encoding, "UTF-8")
	if text.Packed {
		l.encoding = "gzip, " + l.encoding
	}
	if err := l.recognise(text); err != nil {
		return err
	}
	if err := l.planned(text); err != nil {
		l.err = err
		return l.everything(text)
	}
	return l.orderLines(text)
}

// everything looks at all columns of a file that cannot be read as orders.
func (l *look) everything(text *layout.Text) error {
	names, missing := l.layout.Names, cell.NewMissing(l.o.Missing)
	l.survey = newSurvey(len(names), missing, true)
	ids := make([]repeats.Hashes, min(keys, len(names)))
	var seen repeats.Hashes
	type block struct {
		*survey
		lines int
	}
	worker := func() func(data []byte) (block, []byte) {
		s := records.NewScanner(l.layout.Comma, len(names))
		return func(data []byte) (block, []byte) {
			b := block{newSurvey(len(names), missing, true), 0}
			s.Reset(data)
			if l.wide != nil {
				s.Columns = make([][]records.Span, l.wide.Width)
			}
			for {
				s.Whole()
				pos, before := s.Pos, s.Line
				line, err := s.Next()
				switch {
				case err != nil:
					b.fault(err)
					s.Skip(pos, before)
					continue
				case line == 0:
				case len(s.Fields) == 1 && layout.IsRule(s.Fields[0].Of(s.Data)):
					continue
				case len(s.Fields) != len(s.Columns):
					b.fault(s.Uneven(line))
					continue
				default:
					s.Add(line)
					continue
				}
				if l.wide != nil {
					spread(l.wide, s, nil, missing, nil)
				}
				b.grid(s)
				b.lines = s.Line
				return b, s.Data
			}
		}
	}
	before := l.before
	err := records.Each(records.Blocks{In: text.Rest(), Size: l.size, Failed: l.unreadable}, worker, func(b block, _ int) error {
		l.survey.join(b.survey, before)
		before += b.lines
		for _, h := range b.hashes {
			seen.Add(h)
		}
		for j := range ids {
			for _, id := range b.columns[j].ids {
				ids[j].Add(id)
			}
		}
		return nil
	})
	l.repeated = seen.Again()
	for j := range ids {
		l.twice = append(l.twice, ids[j].Again())
	}
	return err
}

// orderLines reads the lines, a chunk at a time.
func (l *look) orderLines(text *layout.Text) error {
	l.plan.hashed = true
	l.survey = newSurvey(len(l.plan.header), l.plan.missing, false)
	l.all = newJoiner(l.plan)
	l.all.partial = true
	var seen, orders, customers repeats.Hashes
	out, chunks := newJoiner(l.plan), 0
	first := true
	fold := func() error {
		for _, c := range [...][2]*numbers{{&l.all.out.price, &out.out.price}, {&l.all.out.quantity, &out.out.quantity}, {&l.all.out.refund, &out.out.refund}} {
			c[0].seen.Merge(&c[1].seen, 0)
		}
		l.all.out.dates.seen.Merge(&out.out.dates.seen, 0)
		if l.wide != nil { // a question about a cell names its month
			l.all.out.price.late.join(&out.out.price.late, l.all.out.dates.when.len(), 0)
			l.all.out.dates.when.append(out.out.dates.when.wide()...)
		}
		lines, err := out.lines()
		if err == errAgain {
			return err
		}
		if chunks++; err != nil {
			if l.err == nil {
				l.err = err
			}
		} else {
			l.add(lines, chunks, &orders, &customers)
		}
		out = newJoiner(l.plan)
		if l.known > 0 {
			out.grow(chunk)
		}
		return nil
	}
	err := l.pieces(text.Rest(), true, func(b *piece, size, before int) error {
		if first && l.known > 0 {
			out.grow(min(chunk, int(float64(len(b.line))*float64(l.known)/float64(size)*1.02)))
		}
		first = false
		l.survey.join(b.survey, before)
		for _, h := range b.survey.hashes {
			seen.Add(h)
		}
		b.survey.faults = nil
		if err := out.add(b, before); err != nil {
			l.survey.fault(err)
		}
		for _, e := range b.survey.faults { // met while joining: with the lines of the file
			l.survey.fault(e)
		}
		if out.line.n < chunk {
			return nil
		}
		return fold()
	})
	if err == nil && (out.line.n > 0 || chunks == 0) {
		if out.line.n == 0 {
			if l.survey.faults == nil {
				l.err = l.noLines()
			}
		} else {
			err = fold()
		}
	}
	if err != nil {
		return err
	}
	l.repeated = seen.Again()
	if chunks > 1 {
		l.count.Orders, l.count.Customers = orders.Different(), customers.Different()
	}
	questions := l.all.questions() // from here on the evidence holds what the first lines showed, too
	if chunks > 1 {
		if l.notes != nil {
			l.notes = append(l.notes, fmt.Sprintf("Counts of lines in these sentences cover only the first %s lines.", sheet.Count(chunk)))
		}
		l.decide(questions)
	}
	return nil
}

// decide says what the whole file says where its parts have questions of their own.
func (l *look) decide(questions []*question) {
	switch {
	case len(questions) > 0:
		l.err = asked(questions)
	case l.err != nil && l.decided == nil:
		o := l.o
		if r := l.all.out.dates.seen.Readings(); len(r) == 1 && o.DateLayout == "" {
			o.DateLayout = r[0].String()
		}
		if r := l.all.out.price.seen.Readings(o.Decimal); len(r) == 1 {
			o.Decimal = rune(r[0].Decimal)
		}
		l.decided = &o
	}
}

// add counts the lines of one chunk.
func (l *look) add(lines *lines, chunks int, orders, customers *repeats.Hashes) {
	v := lines.all()
	c := v.count()
	for _, w := range v.words() {
		if w.taken == unsure && w.of == statusColumn {
			l.unsure = merged(l.unsure, w)
		}
		if w.of == directionColumn || w.back < w.lines { // nobody is asked about lines that are not purchases
			l.heard(w)
		}
	}
	if lines.currencies.present() {
		for _, w := range v.eachWord(currencyColumn, &v.currencies) {
			if w.code != 0 {
				l.money = merged(l.money, w)
				l.heard(w)
			}
		}
	}
	if chunks == 1 {
		l.count, l.mapping, l.notes, l.currency = c, lines.mapping, append(slices.Clip(lines.notes), lines.suspicions()...), lines.currency
	} else {
		l.count.Lines += c.Lines
		l.count.Sales, l.count.Refunds = plus(l.count.Sales, c.Sales), plus(l.count.Refunds, c.Refunds)
	}
	for _, t := range [...]struct {
		texts *texts
		seen  *repeats.Hashes
	}{{&lines.order, orders}, {&lines.customer, customers}} {
		for _, name := range t.texts.names[1:] {
			t.seen.Add(maphash.String(hashSeed, textfile.String(name))) // only the chunk in which such a text is new knows that the file is in Windows-1252
		}
	}
	for i := range lines.len() {
		if when := lines.when.at(int32(i)); when != noDate {
			day := dayOf(when)
			l.first, l.last = min(l.first, day), max(l.last, day)
		}
	}
}

// heard keeps a word that options may answer for; of a column with more than hold words, one too many.
func (l *look) heard(w wordCount) {
	if all := l.words[w.of]; w.code != 0 && len(all) <= evidence.MostStatuses && !slices.Contains(all, w.word) {
		l.words[w.of] = append(all, w.word)
	}
}

// merged adds what a word stands for in a chunk to what it stood for before.
func merged(all []wordCount, w wordCount) []wordCount {
	at := slices.IndexFunc(all, func(known wordCount) bool { return known.word == w.word })
	if at < 0 {
		return append(all, w)
	}
	all[at].lines += w.lines
	all[at].money = plus(all[at].money, w.money)
	all[at].back += w.back
	all[at].gave = plus(all[at].gave, w.gave)
	return all
}

// plus adds two amounts of one file, at the decimals of the finer one.
func plus(a, b Money) Money {
	if a.Decimals < b.Decimals {
		a, b = b, a
	}
	units, _ := scaled(b.Units, a.Decimals-b.Decimals)
	return Money{a.Units + units, a.Decimals}
}

// survey is what the records of a block, or of a file, have shown.
type survey struct {
	columns []surveyed // of the file
	missing *cell.Missing
	every   bool // the numbers, dates and texts of every column are looked at: the file is no order file, or not yet
	records int
	hashes  []uint64 // of the records of one block
	faults  []*fault.CellError
	invalid bool // some bytes are not UTF-8
}

// surveyed is one column of the file.
type surveyed struct {
	missing []int // cells by marker; empty ones behind the last
	filled  int
	first   string // that is not missing
	numbers cell.Numbers
	dates   cell.Dates
	texts   map[uint64]bool // hashes of different texts, at most mostLevels
	words   map[uint64]bool // hashes of those texts of a block that are neither numbers, dates nor times, at most mostLevels: that takes long to find out, and they come again and again
	ids     []uint64        // hashes of the cells of a block that is not missing, where they may be ids
	digits  cell.Digits
}

// mostLevels is how many different texts of a column are told apart: more are no categories.
const mostLevels = 1000

// keys is how many columns, from the first, are looked at as ids of customers.
const keys = 3

func newSurvey(width int, missing *cell.Missing, every bool) *survey {
	s := &survey{columns: make([]surveyed, width), missing: missing, every: every}
	for j := range s.columns {
		s.columns[j].missing = make([]int, len(missing.Names())+1)
		s.columns[j].texts, s.columns[j].words = map[uint64]bool{}, map[uint64]bool{}
	}
	return s
}

// grid counts the records in the grid of a scanner.
func (s *survey) grid(from *records.Scanner) {
	s.records += len(from.Starts)
	s.invalid = s.invalid || !utf8.Valid(from.Text())
	s.hashes = slices.Grow(s.hashes, len(from.Starts))
	for i := range from.Starts {
		s.hashes = append(s.hashes, maphash.Bytes(hashSeed, from.Record(i)))
	}
	for j := range s.columns {
		c := &s.columns[j]
		for i, at := range from.Columns[j] {
			f := trim(at.Of(from.Data))
			m := s.missing.Find(f)
			if m < 0 && len(f) == 0 {
				m = len(c.missing) - 1
			}
			if m >= 0 {
				c.missing[m]++
				continue
			}
			if c.filled++; c.filled == 1 {
				c.first = string(f[:min(len(f), 60)])
			}
			if s.every {
				c.look(f, int(from.Starts[i]), j < keys)
			}
		}
	}
}

// look takes one cell as evidence of what its column holds.
func (c *surveyed) look(f []byte, line int, id bool) {
	hash := maphash.Bytes(hashSeed, f)
	if id {
		c.ids = append(c.ids, hash)
	}
	if len(c.texts) < mostLevels {
		c.texts[hash] = true
	}
	mayDate := func(number bool) bool { return !number && c.numbers.Count() == 0 || c.dates.Count() > 0 }
	if c.words[hash] {
		if c.numbers.RepeatBad(); mayDate(false) {
			c.dates.RepeatBad()
		}
		return
	}
	c.digits.Add(f, line)
	numbers, dates, times := c.numbers.Bad().Count, c.dates.Bad().Count, c.dates.Alone().Count
	if _, _, ok := c.numbers.Add(f, line); mayDate(ok) {
		c.dates.Add(f, line)
	}
	if c.numbers.Bad().Count > numbers && c.dates.Bad().Count > dates && c.dates.Alone().Count == times && len(c.words) < mostLevels {
		c.words[hash] = true
	}
}

// kindOf is a reason without its numbers: what faults of one kind share.
func kindOf(why string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, why)
}

// mostFaults is how many kinds of faults are told apart.
const mostFaults = 20

// fault counts what cannot be read, by its kind.
func (s *survey) fault(e *fault.CellError) {
	e.Count = max(e.Count, 1)
	for _, f := range s.faults {
		if f.Column == e.Column && kindOf(f.Why) == kindOf(e.Why) {
			f.Count += e.Count
			return
		}
	}
	if len(s.faults) < mostFaults {
		s.faults = append(s.faults, e)
	}
}

// join adds what the next block has shown, which has so many lines before it.
func (s *survey) join(from *survey, before int) {
	s.records += from.records
	s.invalid = s.invalid || from.invalid
	for _, e := range from.faults {
		e.Line += before
		s.fault(e)
	}
	for j := range s.columns {
		c, f := &s.columns[j], &from.columns[j]
		for m, n := range f.missing {
			c.missing[m] += n
		}
		if c.first == "" {
			c.first = f.first
		}
		c.filled += f.filled
		c.digits.Merge(&f.digits, before)
		c.numbers.Merge(&f.numbers, before)
		c.dates.Merge(&f.dates, before)
		for hash := range f.texts {
			if len(c.texts) < mostLevels {
				c.texts[hash] = true
			}
		}
	}
}
