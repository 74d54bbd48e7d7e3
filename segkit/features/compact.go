package features

// Columns in as few bytes as they need: half a file's memory is numbers below two thousand million and texts of a few kinds.

import (
	"math"
	"slices"
)

// wholes is whole numbers, in four bytes each where all of them fit.
type wholes struct {
	long  []int64 // while a file is read, and where one does not fit
	short []int32
}

// present reports whether there is such a column.
func (w *wholes) present() bool { return w.long != nil || w.short != nil }

func (w *wholes) at(i int32) int64 {
	if w.long != nil {
		return w.long[i]
	}
	return int64(w.short[i])
}

// set makes number i another one.
func (w *wholes) set(i int32, v int64) {
	if w.long == nil {
		if int64(int32(v)) == v {
			w.short[i] = int32(v)
			return
		}
		long := make([]int64, len(w.short))
		for i, v := range w.short {
			long[i] = int64(v)
		}
		w.long, w.short = long, nil
	}
	w.long[i] = v
}

func (w *wholes) add(i int32, more int64) { w.set(i, w.at(i)+more) }

func (w *wholes) clone() wholes { return wholes{slices.Clone(w.long), slices.Clone(w.short)} }

// compact takes four bytes for each number from now on, if they fit.
func (w *wholes) compact() {
	if len(w.long) == 0 {
		return
	}
	short := make([]int32, len(w.long))
	for i, v := range w.long {
		if short[i] = int32(v); int64(short[i]) != v {
			return
		}
	}
	w.long, w.short = nil, short
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
	if len(m.long) == 0 {
		return
	}
	short := make([]int32, len(m.long))
	for i, t := range m.long {
		switch {
		case t == noDate:
			short[i] = shortNoDate
		case t > shortNoDate && t <= math.MaxInt32:
			short[i] = int32(t)
		default:
			return
		}
	}
	m.long, m.short = nil, short
}

// compact takes as little memory as it can for lines that are read and will not change.
func (l *lines) compact() {
	l.when.compact()
	for _, column := range [...]*wholes{&l.quantity, &l.price, &l.amount, &l.refund} {
		column.compact()
	}
}

// append adds a line to those in few, or in codes.
func (t *texts) append(code uint32) {
	if t.codes == nil && code <= math.MaxUint16 {
		t.few = append(t.few, uint16(code))
		return
	}
	if t.codes == nil {
		t.codes = make([]uint32, len(t.few), cap(t.few))
		for i, c := range t.few {
			t.codes[i] = uint32(c)
		}
		t.few = nil
	}
	t.codes = append(t.codes, code)
}

// compact takes two bytes for each code from now on, where there are few texts.
func (t *texts) compact() {
	if t.codes == nil || len(t.names) > math.MaxUint16+1 {
		return
	}
	t.few = make([]uint16, len(t.codes))
	for i, c := range t.codes {
		t.few[i] = uint16(c)
	}
	t.codes = nil
}

func (d *details) compact() {
	for _, t := range append(pointers(d.more), &d.product, &d.name, &d.category) {
		t.compact()
	}
}
