package features

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// Numbers and moments are the same in four bytes as in eight, at the ends of what fits and beyond, and after they were set.
func TestShortColumnsHoldTheSame(t *testing.T) {
	for _, beyond := range []int64{0, math.MaxInt16, math.MinInt16, math.MaxInt16 + 1, math.MinInt16 - 1, math.MaxInt32, math.MinInt32, math.MaxInt32 + 1, math.MinInt32 - 1, math.MaxInt64} {
		values := []int64{3, -7, beyond}
		w := wholes{long: slices.Clone(values)}
		w.compact()
		if two, four := int64(int16(beyond)) == beyond, int64(int32(beyond)) == beyond; two != (w.brief != nil) || (four && !two) != (w.short != nil) || four == (w.long != nil) {
			t.Errorf("%d: brief %v, short %v, long %v", beyond, w.brief, w.short, w.long)
		}
		was := w.clone()
		for i, v := range values {
			if w.at(int32(i)) != v {
				t.Errorf("%d is %d in a column with %d", v, w.at(int32(i)), beyond)
			}
			w.set(int32(i), v/2)
		}
		w.add(0, math.MaxInt32+10)
		if w.at(0) != 1+math.MaxInt32+10 || w.at(1) != -3 || w.at(2) != beyond/2 {
			t.Errorf("set in a column with %d: %d %d %d", beyond, w.at(0), w.at(1), w.at(2))
		}
		if was.at(1) != -7 || was.at(2) != beyond {
			t.Errorf("a clone has changed: %d, %d", was.at(1), was.at(2))
		}
	}
	for _, moment := range []int64{noDate, math.MinInt32, math.MinInt32 + 1, math.MaxInt32, math.MaxInt32 + 1, -1 << 40} {
		m := moments{wholes{long: []int64{0, noDate, moment}}}
		m.compact()
		if short := moment == noDate || moment > math.MinInt32 && moment <= math.MaxInt32; short != (m.short != nil) {
			t.Errorf("%d: short %v", moment, m.short)
		}
		if m.at(0) != 0 || m.at(1) != noDate || m.at(2) != moment || !slices.Equal(m.wide(), []int64{0, noDate, moment}) {
			t.Errorf("%d becomes %d %d %d", moment, m.at(0), m.at(1), m.at(2))
		}
	}
}

// Columns that grow piece by piece hold what was appended, cut and set, whether it fits into four bytes or not.
func TestColumnsThatGrow(t *testing.T) {
	for _, beyond := range []int64{0, noDate, math.MaxInt32, math.MinInt32, math.MaxInt32 + 1, -1 << 40} {
		for at := range 7 { // beyond is the first of a piece, in its midst, or the last
			all := []int64{3, -7, 86_400, noDate, 5, 6, 7}
			all[at] = beyond
			var w wholes
			var m moments
			w.room(2)
			m.room(2)
			for _, piece := range [][]int64{all[:3], all[3:3], all[3:4], all[4:], {1, 2}} {
				w.append(piece...)
				m.append(piece...)
			}
			w.cut(7)
			m.cut(7)
			for _, v := range []int64{0, beyond} {
				w.set(2, v)
				m.set(2, v)
				all[2] = v
				for i, want := range all {
					if w.at(int32(i)) != want || m.at(int32(i)) != want || w.len() != 7 || m.len() != 7 {
						t.Errorf("%d at %d: cell %d of %d and %d is %d as a number and %d as a moment, want %d", beyond, at, i, w.len(), m.len(), w.at(int32(i)), m.at(int32(i)), want)
					}
				}
			}
			if timed := slices.ContainsFunc(all, func(t int64) bool { return t != noDate && t%secondsPerDay != 0 }); timed != m.timed() {
				t.Errorf("%v: timed %v", all, m.timed())
			}
		}
	}
}

// Numbers that several goroutines will set have room for eight times what they were prepared for, without taking other memory.
func TestPreparedNumbersStayWhereTheyAre(t *testing.T) {
	for _, most := range []int64{0, 1000, math.MaxInt16 / 8, math.MaxInt16/8 + 1, math.MaxInt32 / 8, math.MaxInt32/8 + 1, math.MaxInt64 / 8} {
		w := wholes{long: []int64{1, 2}}
		w.compact()
		w.prepare(uint64(most))
		before := w
		for _, v := range []int64{8 * most, -8 * most} {
			w.set(1, v)
			if w.at(0) != 1 || w.at(1) != v || before.at(1) != v {
				t.Errorf("prepared for %d, %d is %d here and %d there", most, v, w.at(1), before.at(1))
			}
		}
	}
}

// Lines of the file are those that were appended, however they jump, and after a cut.
func TestLineNumbersJump(t *testing.T) {
	want := []int32{2, 3, 4, 9, 10, 10, 11, 400, 401, 403}
	var l lineNumbers
	for _, line := range want {
		l.append(line)
	}
	if len(l.jumps) != 5 {
		t.Errorf("%d jumps in %v", len(l.jumps), l.jumps)
	}
	for n := len(want); n > 0; n-- {
		l.cut(n)
		for i, line := range want[:n] {
			if l.at(int32(i)) != line || l.n != n {
				t.Fatalf("line %d of %d is %d, want %d", i, n, l.at(int32(i)), line)
			}
		}
	}
}

// Codes of two bytes give way to those of four where there are more texts than they can tell apart.
func TestManyTextsNeedLongerCodes(t *testing.T) {
	for _, n := range []int{math.MaxUint16 + 1, math.MaxUint16 + 2} {
		one, all := texts{few: []uint16{}}, texts{codes: []uint32{}}
		for c := range n {
			one.names, all.names, all.codes = append(one.names, fmt.Sprint(c)), append(all.names, fmt.Sprint(c)), append(all.codes, uint32(c))
			one.append(uint32(c))
		}
		one.append(5)
		all.codes = append(all.codes, 5)
		all.compact()
		for _, texts := range []texts{one, all} {
			if short := n <= math.MaxUint16+1; short != (texts.few != nil) || !texts.present() {
				t.Errorf("%d texts: %d short codes, %d long", n, len(texts.few), len(texts.codes))
			}
			for c := range n {
				if texts.at(int32(c)) != fmt.Sprint(c) {
					t.Fatalf("%d texts: line %d has %s", n, c, texts.at(int32(c)))
				}
			}
			if texts.at(int32(n)) != "5" {
				t.Errorf("%d texts: the last line has %s", n, texts.at(int32(n)))
			}
		}
	}
}
