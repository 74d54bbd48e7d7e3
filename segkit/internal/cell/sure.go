package cell

import (
	"encoding/binary"
	"math/bits"
)

// Sure is Add for a reader that goes on before the column is known to its end and takes mark for the decimal mark so far.
// sure says that the value will stand: no reading of the whole column gives the cell another one. What is not sure must be
// kept and parsed by the reading that the whole column allows. decided says that a cell of the column can only be read
// with mark, so that 1.234 is sure as well.
func (n *Numbers) Sure(cell []byte, row int, mark byte, decided bool) (v int64, decimals int, sure bool) {
	v, decimals, kind := plain(cell, mark)
	switch {
	case kind == unmarked:
		n.plain.add(cell, row)
		n.sums[ofPlain].add(v, 0)
		if v != 0 {
			n.bare.add(cell, row)
		}
		return v, 0, true
	case kind == noPlain, kind == isEither && !decided:
		n.Add(cell, row)
		return 0, 0, false
	}
	reading := 0
	if mark == ',' {
		reading = 1
		n.comma.add(cell, row)
		n.sums[ofComma].add(v, decimals)
	} else {
		n.point.add(cell, row)
		n.sums[ofPoint].add(v, decimals)
	}
	if v != 0 {
		n.bare.add(cell, row)
	}
	if v, decimals = trimmed(v, decimals); decimals > n.most[reading] {
		n.finer(reading, cell, row, decimals)
	}
	return v, decimals, decimals <= MaxDecimals
}

// Round rounds v from the given decimals to fewer, halves away from zero.
func Round(v int64, decimals, to int) (int64, int) {
	return rounded(v, decimals, to), min(decimals, to)
}

// Plain is Parse for the commonest cells, read by a single layout of figures such as 2006-01-02 or 2/1/2006: the date alone, or
// with a time "15:04", "15:04:05" or "15:04:05.000" behind it, and no zone. Everything else is false, and Parse may still read it.
func (r *DateReading) Plain(cell []byte) (seconds int64, timed, ok bool) {
	if len(r.Layouts) != 1 || r.location != nil || len(r.Layouts[0].parts) != 5 {
		return 0, false, false
	}
	var s stamp
	i := 0
	for f := range r.Layouts[0].parts {
		p := &r.Layouts[0].parts[f]
		if p.field == literal {
			if len(p.text) != 1 || i >= len(cell) || cell[i] != p.text[0] {
				return 0, false, false
			}
			i++
			continue
		}
		v, from := 0, i
		for i < len(cell) && digit(cell[i]) && i < from+4 {
			v = 10*v + int(cell[i]-'0')
			i++
		}
		n := i - from
		switch {
		case p.field == year4 && n == 4:
			s.year = v
		case p.field == month && n > 0 && n < 3:
			s.month = v
		case p.field == day && n > 0 && n < 3:
			s.day = v
		default:
			return 0, false, false
		}
	}
	if t := cell[i:]; len(t) > 0 {
		if len(t) > 9 && len(skipFraction(t[9:])) == 0 {
			t = t[:9]
		}
		if len(t) != 6 && len(t) != 9 || t[0] != ' ' && t[0] != 'T' || t[3] != ':' || !digit(t[1]) || !digit(t[2]) || !digit(t[4]) || !digit(t[5]) {
			return 0, false, false
		}
		s.hour, s.minute = int(t[1]-'0')*10+int(t[2]-'0'), int(t[4]-'0')*10+int(t[5]-'0')
		if len(t) == 9 {
			if t[6] != ':' || !digit(t[7]) || !digit(t[8]) {
				return 0, false, false
			}
			s.second = int(t[7]-'0')*10 + int(t[8]-'0')
		}
		s.timed = true
	}
	return s.seconds(), s.timed, s.valid()
}

// Short is ParsePlain for up to eight characters, a minus aside, with all decimals as they are written: it works on all of them
// at once. Everything else is false, as are a plus, and marks where mark is 0. It looks at the bytes behind the cell.
func Short(cell []byte, mark byte) (v int64, decimals int, ok bool) {
	n := len(cell)
	if n == 0 || cap(cell) < 9 {
		return 0, 0, false
	}
	negative := cell[0] == '-'
	if negative {
		cell, n = cell[1:], n-1
	}
	if n < 1 || n > 8 {
		return 0, 0, false
	}
	w := binary.LittleEndian.Uint64(cell[:8])
	if mark == 0 {
		v, ok = Eight(w, n)
	} else {
		v, decimals, ok = EightMarked(w, n, mark)
	}
	if negative {
		v = -v
	}
	return v, decimals, ok
}

const ones, high = 0x0101010101010101, 0x8080808080808080

// Eight reads the first n bytes of w, from 1 to 8 and the first of them the lowest, as digits. It works on all of them at once.
func Eight(w uint64, n int) (v int64, ok bool) {
	w = (w ^ '0'*ones) << (64 - 8*n)
	if (w+0x76*ones|w)&high != 0 { // a byte above 9
		return 0, false
	}
	return number(w), true
}

// number is the number of eight digits, the last of them in the highest byte.
func number(w uint64) int64 {
	w = w*10 + w>>8
	w = (w & 0x00ff00ff00ff00ff * 6553601 >> 16) & 0x0000ffff0000ffff
	return int64(w * 42949672960001 >> 32)
}

// EightMarked is Eight for bytes one of which may be the decimal mark.
func EightMarked(w uint64, n int, mark byte) (v int64, decimals int, ok bool) {
	free := 64 - 8*n // bits below the characters
	w = (w ^ '0'*ones) << free
	x := w ^ uint64(mark^'0')*ones | (1<<free - 1) // bits below are no mark
	if found := (x - ones) &^ x & high; found != 0 {
		at := bits.TrailingZeros64(found) - 7
		below := uint64(1)<<at - 1
		w = w&below<<8 | w&^(below<<8|0xff)
		decimals = 7 - at/8
		n--
	}
	if n < 1 || (w+0x76*ones|w)&high != 0 { // a byte above 9
		return 0, 0, false
	}
	return number(w), decimals, true
}

// Shown reports whether whole numbers, one of them not 0, were shown already: more of them show nothing but how many they are.
func (n *Numbers) Shown() bool { return n.plain.Count > 0 && n.bare.Count > 0 }

// Whole is Sure for whole numbers after Shown: how many, how many of them not 0, and their sum.
func (n *Numbers) Whole(numbers, others int, sum int64) {
	n.plain.Count, n.bare.Count = n.plain.Count+numbers, n.bare.Count+others
	n.sums[ofPlain].add(sum, 0)
}
