package features

// Columns of numbers and dates: while they are read, and afterwards in as few bytes as they need. What a mark or a date means is decided by the whole column: the first lines
// give a reading to go on with, cells that could be read in two ways are kept until the end, and dates that contradict what the
// first lines show have the file read again.

import (
	"encoding/binary"
	"iter"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/records"
)

// numbers collects a column of decimals as whole numbers at the most decimals seen.
type numbers struct {
	values   wholes // a piece has them in eight bytes each
	decimals int
	largest  int64 // the greatest magnitude
	seen     cell.Numbers
	late     later
}

// numberForm is how a column of numbers is read, as far as it is known.
type numberForm struct {
	mark    byte // decimal mark
	decided bool // by cells that cannot be read in another way, or by the user
	round   int  // decimals to round to, 0 for as written
	sampled bool // the first lines decided, and sample has their plain numbers
	sample  cell.Numbers
}

func (c *numbers) reset() {
	*c = numbers{values: wholes{long: c.values.long[:0]}, late: c.late.emptied()}
}

// cell appends a cell. It reports false where the column cannot be kept exactly. Where the first lines have decided, plain
// numbers show nothing new.
func (c *numbers) cell(field []byte, line int, f *numberForm) (v int64, decimals int, ok bool) {
	sure := false
	if f.sampled {
		v, decimals, sure = cell.ParsePlain(field, f.mark)
		sure = sure && decimals <= maxDecimals
	}
	if !sure {
		v, decimals, sure = c.seen.Sure(field, line, f.mark, f.decided)
	}
	if !sure {
		c.late.add(field, c.values.len(), line)
		c.values.append(0)
		return 0, 0, true
	}
	if f.round > 0 && decimals > f.round {
		v, decimals = cell.Round(v, decimals, f.round)
	}
	return v, decimals, c.add(v, decimals)
}

// quick reads the commonest cells of a column: up to eight characters of digits, with a minus and a decimal mark.
type quick struct {
	*numbers
	mark  byte // decimal mark, where it is known
	round int
	on    bool // it may be used at all
	shown bool // whole numbers show nothing new
	whole int  // numbers read in a column that the first lines do not decide, others than 0, and their sum
	other int
	sum   int64
}

// quick is the quick way for a column that may take it: where no marker of missing cells looks like a number.
func (c *numbers) quick(f *numberForm, ok bool) quick {
	q := quick{numbers: c, round: cell.MaxDecimals}
	if f.round > 0 {
		q.round = f.round
	}
	q.on = ok
	if f.sampled {
		q.mark = f.mark
	}
	return q
}

// cell appends a cell and returns true, or leaves it to the other ways.
func (q *quick) cell(field []byte) bool {
	if !q.on {
		return false
	}
	v, decimals, ok := cell.Short(field, q.mark)
	if !ok || decimals > q.round {
		return false
	}
	if q.mark == 0 {
		if !q.shown {
			if q.shown = q.seen.Shown(); !q.shown {
				return false
			}
		}
		q.whole, q.sum = q.whole+1, q.sum+v
		if v != 0 {
			q.other++
		}
	}
	if decimals > q.decimals { // perhaps by zeros at the end
		p := powers[decimals-q.decimals]
		if v%p != 0 {
			return false
		}
		v /= p
	} else {
		v *= powers[q.decimals-decimals]
	}
	q.values.long = append(q.values.long, v)
	q.largest = max(q.largest, v, -v)
	return true
}

// cells appends the first of the cells that can be read with no more decimals than the column has, and returns how many. It looks at
// the bytes behind a cell.
func (q *quick) cells(data []byte, cells []records.Span) (done int) {
	if !q.on || q.mark == 0 && !q.shown {
		return 0
	}
	room, values, largest, finest := data[:cap(data)], q.values.long, q.largest, q.decimals
	for _, f := range cells {
		from, n := int(f.From), int(f.To-f.From)
		if from+9 > len(room) {
			break
		}
		negative := room[from] == '-'
		if negative {
			from, n = from+1, n-1
		}
		if n < 1 || n > 8 {
			break
		}
		w := binary.LittleEndian.Uint64(room[from : from+8])
		v, decimals, ok := int64(0), 0, false
		if q.mark == 0 {
			v, ok = cell.Eight(w, n)
		} else {
			v, decimals, ok = cell.EightMarked(w, n, q.mark)
		}
		if !ok || decimals > finest {
			break
		}
		if negative {
			v = -v
		}
		if q.mark == 0 {
			q.whole, q.sum = q.whole+1, q.sum+v
			if v != 0 {
				q.other++
			}
		}
		v *= powers[finest-decimals]
		values, largest = append(values, v), max(largest, v, -v)
		done++
	}
	q.values.long, q.largest = values, largest
	return done
}

// end shows what the quick way has not shown so far.
func (q *quick) end() { q.seen.Whole(q.whole, q.other, q.sum) }

// add appends v with the given decimals. It reports false, and changes nothing, where the column cannot be kept exactly.
func (c *numbers) add(v int64, decimals int) bool {
	if decimals == c.decimals {
		c.values.append(v)
		c.largest = max(c.largest, v, -v)
		return true
	}
	last := c.values.len()
	c.values.append(0)
	if !c.set(last, v, decimals) {
		c.values.cut(last)
		return false
	}
	return true
}

// set gives value i, which is 0, another one. It reports false, and changes nothing, where the column cannot be kept exactly.
func (c *numbers) set(i int, v int64, decimals int) bool {
	if decimals > c.decimals && !c.rescale(decimals) {
		return false
	}
	v, ok := scaled(v, c.decimals-decimals)
	if !ok {
		return false
	}
	c.values.set(int32(i), v)
	c.largest = max(c.largest, v, -v)
	return true
}

// rescale brings the column to more decimals, if it fits.
func (c *numbers) rescale(decimals int) bool {
	largest, ok := scaled(c.largest, decimals-c.decimals)
	if !ok {
		return false
	}
	for i := range int32(c.values.len()) {
		v, _ := scaled(c.values.at(i), decimals-c.decimals)
		c.values.set(i, v)
	}
	c.decimals, c.largest = decimals, largest
	return true
}

// join appends the column of a piece, which has so many lines before it, if both fit at the decimals of the finer one.
func (c *numbers) join(from *numbers, before int) bool {
	if from.decimals > c.decimals && !c.rescale(from.decimals) || from.decimals < c.decimals && !from.rescale(c.decimals) {
		return false
	}
	c.seen.Merge(&from.seen, before)
	c.late.join(&from.late, c.values.len(), before)
	c.values.append(from.values.long...)
	c.largest = max(c.largest, from.largest)
	return true
}

// fewest returns value i with no more decimals than it needs.
func (c *numbers) fewest(i int) (v int64, decimals int) {
	v, decimals = c.values.at(int32(i)), c.decimals
	for ; decimals > 0 && v%10 == 0; decimals-- {
		v /= 10
	}
	return v, decimals
}

// read fills in the cells that were kept. Where one cannot be kept exactly, it is returned with its value.
func (c *numbers) read(r *cell.Reading, round int) (bad *laterCell, v int64, decimals int) {
	for at, text := range c.late.all() {
		v, decimals, ok := r.Parse(text)
		if round > 0 && decimals > round {
			v, decimals = cell.Round(v, decimals, round)
		}
		if !ok || decimals > maxDecimals || !c.set(at.index, v, decimals) {
			return &at, v, decimals
		}
	}
	return nil, 0, 0
}

// later keeps the cells of a column that only the whole column can tell how to read.
type later struct {
	text  []byte
	cells []laterCell
}

type laterCell struct {
	index, line int // in the column, in the file
	end         int // of its text
}

// maxLate is how many bytes of a cell are kept: no number and no date is longer.
const maxLate = 256

func (l *later) add(field []byte, index, line int) {
	l.text = append(l.text, field[:min(len(field), maxLate)]...)
	l.cells = append(l.cells, laterCell{index, line, len(l.text)})
}

func (l *later) emptied() later { return later{l.text[:0], l.cells[:0]} }

// join appends those of another block, which has so many cells and so many lines before it.
func (l *later) join(from *later, cells, before int) {
	text := len(l.text)
	l.text = append(l.text, from.text...)
	for _, c := range from.cells {
		l.cells = append(l.cells, laterCell{c.index + cells, c.line + before, c.end + text})
	}
}

func (l *later) all() iter.Seq2[laterCell, []byte] {
	return func(yield func(laterCell, []byte) bool) {
		from := 0
		for _, c := range l.cells {
			if !yield(c, l.text[from:c.end]) {
				return
			}
			from = c.end
		}
	}
}

// noDate stands for a missing date, before all others.
const noDate = math.MinInt64

// dates collects a column of dates as seconds since 1970.
type dates struct {
	when     moments    // a piece has them in eight bytes each
	seen     cell.Dates // all cells, or those that are not plain where the first lines have decided
	late     later
	last     []byte // the cell added last: lines of one order share their date
	lastWhen int64
	clocked  bool // a time of day was shown to seen
}

func (d *dates) reset(f *dateForm) {
	*d = dates{when: moments{wholes{long: d.when.long[:0]}}, seen: f.fresh(), late: d.late.emptied()}
}

// dateForm is how the dates of a file are read, as far as it is known.
type dateForm struct {
	cell.DateReading
	decided bool          // by the first lines
	layouts []cell.Layout // that the user gave
	zone    string        // that the user gave
}

// fresh is what has seen no date.
func (f *dateForm) fresh() cell.Dates { return cell.Dates{Layouts: f.layouts, Zone: f.zone} }

// again appends those of the first cells that are the same as the one that add took last, and returns how many.
func (d *dates) again(data []byte, cells []records.Span, f *dateForm) (n int) {
	if len(d.last) == 0 {
		return 0
	}
	for n < len(cells) && string(data[cells[n].From:cells[n].To]) == string(d.last) {
		d.when.long = append(d.when.long, d.lastWhen)
		n++
	}
	if !f.decided {
		for range n {
			d.seen.Repeat()
		}
	}
	return n
}

// add appends a cell, and reports false where the reading does not read it. The cell must stay as it is.
func (d *dates) add(field []byte, line int, f *dateForm) bool {
	when, timed, ok := int64(0), false, false
	if f.decided {
		when, timed, ok = f.Plain(field)
	}
	if !ok || timed && !d.clocked {
		if !ok {
			when, ok = f.Parse(field)
		}
		if !ok {
			return false
		}
		d.seen.Add(field, line)
		d.clocked = d.clocked || timed
	}
	d.last, d.lastWhen = field, when
	d.when.long = append(d.when.long, when)
	return true
}

// keep appends a cell that only the whole column can tell how to read.
func (d *dates) keep(field []byte, line int) {
	d.seen.Add(field, line)
	d.late.add(field, d.when.len(), line)
	d.when.append(0)
}

// join appends the column of a piece, which has so many lines before it.
func (d *dates) join(from *dates, before int) {
	d.seen.Merge(&from.seen, before)
	d.late.join(&from.late, d.when.len(), before)
	d.when.append(from.when.long...)
}

// read fills in the cells that were kept.
func (d *dates) read(r *cell.DateReading) {
	for c, text := range d.late.all() {
		when, _ := r.Parse(text)
		d.when.set(int32(c.index), when)
	}
}

// covers reports whether what was read as from is read in the same way by r.
func covers(r, from *cell.DateReading) bool {
	for _, l := range from.Layouts {
		if !slices.ContainsFunc(r.Layouts, func(m cell.Layout) bool { return m.String() == l.String() }) {
			return false
		}
	}
	return true
}

// wholes is whole numbers, in two or four bytes each where all of them fit.
type wholes struct {
	long  []int64 // of a piece of a file, and where one does not fit
	short []int32
	brief []int16
}

// present reports whether there is such a column.
func (w *wholes) present() bool { return w.long != nil || w.short != nil || w.brief != nil }

func (w *wholes) len() int { return len(w.long) + len(w.short) + len(w.brief) }

func (w *wholes) at(i int32) int64 {
	switch {
	case w.brief != nil:
		return int64(w.brief[i])
	case w.short != nil:
		return int64(w.short[i])
	}
	return w.long[i]
}

// set makes number i another one.
func (w *wholes) set(i int32, v int64) {
	switch {
	case w.brief != nil && int64(int16(v)) == v:
		w.brief[i] = int16(v)
	case w.short != nil && int64(int32(v)) == v:
		w.short[i] = int32(v)
	case w.long != nil:
		w.long[i] = v
	default:
		w.widen()
		w.set(i, v)
	}
}

func (w *wholes) add(i int32, more int64) { w.set(i, w.at(i)+more) }

// room makes room for so many numbers, of four bytes each until one does not fit. New room is known to be clear, where slices.Grow clears it once more.
func (w *wholes) room(n int) { w.short = make([]int32, 0, n) }

// append adds numbers. It does not take less than four bytes for each.
func (w *wholes) append(more ...int64) {
	if w.short != nil {
		to := w.short
		for _, v := range more {
			if int64(int32(v)) != v {
				w.widen()
				break
			}
			to = append(to, int32(v))
		}
		if w.short != nil {
			w.short = to
			return
		}
	}
	w.long = append(w.long, more...)
}

// cut keeps the first n numbers.
func (w *wholes) cut(n int) {
	w.long, w.short, w.brief = w.long[:min(n, len(w.long))], w.short[:min(n, len(w.short))], w.brief[:min(n, len(w.brief))]
}

func (w *wholes) clone() wholes {
	return wholes{slices.Clone(w.long), slices.Clone(w.short), slices.Clone(w.brief)}
}

// widen takes the next more bytes for each number.
func (w *wholes) widen() {
	if w.brief != nil {
		w.short, w.brief = resized[int32](w.brief), nil
	} else {
		w.long, w.short = resized[int64](w.short), nil
	}
}

// prepare makes sure that several goroutines may set numbers at once, as long as no one sets one that is beyond eight times most.
func (w *wholes) prepare(most uint64) {
	for w.brief != nil && most > math.MaxInt16/8 || w.short != nil && most > math.MaxInt32/8 {
		w.widen()
	}
}

// compact takes as few bytes for each number as they fit into.
func (w *wholes) compact() {
	if w.short == nil {
		if w.short = fitted[int32](w.long); w.short == nil {
			return
		}
		w.long = nil
	}
	if w.brief = fitted[int16](w.short); w.brief != nil {
		w.short = nil
	}
}

// fitted returns numbers in fewer bytes, nil where one does not fit.
func fitted[To int16 | int32, From int32 | int64](from []From) []To {
	if len(from) == 0 {
		return nil
	}
	to := make([]To, len(from))
	for i, v := range from {
		if to[i] = To(v); From(to[i]) != v {
			return nil
		}
	}
	return to
}

// moments are seconds since 1970, or noDate, in four bytes each where all of them fit (1901 to 2038).
type moments struct{ wholes }

// shortNoDate is noDate in four bytes.
const shortNoDate = math.MinInt32

func (m *moments) at(i int32) int64 {
	if m.long != nil {
		return m.long[i]
	}
	if t := m.short[i]; t != shortNoDate {
		return int64(t)
	}
	return noDate
}

// timed reports whether one has a time of day.
func (m *moments) timed() bool {
	for i := range int32(m.len()) {
		if t := m.at(i); t != noDate && t%secondsPerDay != 0 {
			return true
		}
	}
	return false
}

// fits reports whether a moment can be told in four bytes.
func fits(t int64) bool { return t == noDate || t > shortNoDate && t <= math.MaxInt32 }

// briefly is a moment that fits.
func briefly(t int64) int32 {
	if t == noDate {
		return shortNoDate
	}
	return int32(t)
}

func (m *moments) set(i int32, t int64) {
	if m.long == nil && !fits(t) {
		m.long, m.short = m.wide(), nil
	}
	if m.long != nil {
		m.long[i] = t
	} else {
		m.short[i] = briefly(t)
	}
}

// append adds moments.
func (m *moments) append(more ...int64) {
	if m.short != nil {
		to := m.short
		for _, t := range more {
			if !fits(t) {
				m.long, m.short = m.wide(), nil
				break
			}
			to = append(to, briefly(t))
		}
		if m.short != nil {
			m.short = to
			return
		}
	}
	m.long = append(m.long, more...)
}

// wide returns the moments in eight bytes each, for the caller to change.
func (m *moments) wide() []int64 {
	if m.long != nil {
		return slices.Clone(m.long)
	}
	long := make([]int64, len(m.short))
	for i := range long {
		long[i] = m.at(int32(i))
	}
	return long
}

// compact takes four bytes for each moment from now on, if they fit.
func (m *moments) compact() {
	if len(m.long) == 0 || slices.ContainsFunc(m.long, func(t int64) bool { return !fits(t) }) {
		return
	}
	short := make([]int32, len(m.long))
	for i, t := range m.long {
		short[i] = briefly(t)
	}
	m.long, m.short = nil, short
}
