package cell

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/segkit/lab/segkit/internal/textfile"
)

// One cell taken apart: sign, unit, digits with their marks, exponent. What the marks mean is not decided here.

// Shape is one way of writing numbers, as Numbers counts them. A cell may have several.
type Shape int

const (
	Whole         Shape = iota // digits alone
	Marked                     // one point or comma, which may be anything
	Grouped                    // thousands set apart, for certain
	WithUnit                   // a currency or %
	Accounting                 // (12.50) is negative
	TrailingMinus              // 12.50-
	UnicodeMinus               // −12.50
	LeadingPlus                // +12.50
	Scientific                 // 4.440892e-16
	leadingMinus               // -12.50
	shapes
)

// form is a cell taken apart.
type form struct {
	negative, signed bool
	unit             string // canonical; "" where there is none
	body             []byte // digits, points, commas, ' for any apostrophe and a blank for any blank
	exponent         int
	shape            [shapes]bool
	room             [longest]byte
}

// longest is how many bytes a cell may have to be a number or a date: a longer one is text.
const longest = 96

// ParsePlain reads digits with an optional sign and at most one decimal mark: "-12.50" is -125 with 1 decimal, as zeros at
// the end do not count. It is the fast way to what Reading.Parse gives too.
func ParsePlain(cell []byte, mark byte) (v int64, decimals int, ok bool) {
	v, decimals, kind := plain(cell, mark)
	v, decimals = trimmed(v, decimals)
	return v, decimals, kind != noPlain
}

// What the mark of a plain number can be.
const (
	noPlain = iota
	unmarked
	isDecimal // 12.34, 0.234 and 1234.567: no thousands can be meant
	isEither  // 1.234
)

// plain is ParsePlain with all decimals as written.
func plain(b []byte, mark byte) (v int64, decimals, kind int) {
	i := 0
	negative := len(b) > 0 && b[0] == '-'
	if negative || len(b) > 0 && b[0] == '+' {
		i = 1
	}
	first := i
	for i < len(b) && b[i]-'0' <= 9 {
		v = v*10 + int64(b[i]-'0')
		i++
	}
	digits := i - first
	kind = unmarked
	if i < len(b) {
		if b[i] != mark {
			return 0, 0, noPlain
		}
		point := i
		for i++; i < len(b); i++ {
			d := b[i] - '0'
			if d > 9 {
				return 0, 0, noPlain
			}
			v = v*10 + int64(d)
		}
		decimals, kind = i-point-1, isDecimal
		if decimals == 3 && digits >= 1 && digits <= 3 && b[first] != '0' {
			kind = isEither
		}
	}
	if all := digits + decimals; all == 0 || all > mostDecimals { // more than 18 digits may have overflowed
		return 0, 0, noPlain
	}
	if negative {
		v = -v
	}
	return v, decimals, kind
}

// grouped reads 1,234.50 and 1,234,567, where mark is the point: thousands that the other mark sets apart for certain, since
// a decimal mark or a second group follows. It is a short way to what split and value give.
func grouped(b []byte, mark byte) (v int64, decimals int, ok bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) < 5 || len(b) > mostDecimals+1 || b[0] == '0' { // with a mark among them, at most 18 digits
		return 0, 0, false
	}
	i, groups, length := 0, 0, 0
	for ; i < len(b) && b[i] != mark; i++ {
		switch c := b[i]; {
		case digit(c):
			v = v*10 + int64(c-'0')
			length++
		case c == other(mark) && (length == 3 || groups == 0 && length > 0 && length < 3):
			groups, length = groups+1, 0
		default:
			return 0, 0, false
		}
	}
	if groups == 0 || length != 3 || groups == 1 && i == len(b) {
		return 0, 0, false
	}
	for i++; i < len(b); i++ {
		if !digit(b[i]) {
			return 0, 0, false
		}
		v = v*10 + int64(b[i]-'0')
		decimals++
	}
	if negative {
		v = -v
	}
	v, decimals = trimmed(v, decimals)
	return v, decimals, true
}

// trimmed drops zeros at the end of decimals.
func trimmed(v int64, decimals int) (int64, int) {
	for ; decimals > 0 && v%10 == 0; decimals-- {
		v /= 10
	}
	return v, decimals
}

// split takes a cell apart; ok is false where it is no number in any reading.
func (f *form) split(cell []byte) (ok bool) {
	b, typographic := f.simplified(cell)
	if !bytes.ContainsAny(b, "0123456789") {
		return f.nothing(b)
	}
	var front, back bool // units that were met: one may stand on either side
	var before, after string
	for {
		if b = bytes.TrimSpace(b); len(b) == 0 {
			return false
		}
		first, last := b[0], b[len(b)-1]
		if digit(first) && digit(last) {
			break
		}
		switch {
		case first == '(' && last == ')' && !f.signed:
			f.sign(Accounting, true)
			b = b[1 : len(b)-1]
			continue
		case first == '-' && !f.signed:
			f.sign(leadingMinus, true)
			b = b[1:]
			continue
		case first == '+' && !f.signed:
			f.sign(LeadingPlus, false)
			b = b[1:]
			continue
		case last == '-' && len(withoutCents(b)) < len(b):
			b = withoutCents(b)
			continue
		case last == '-' && !f.signed:
			f.sign(TrailingMinus, true)
			b = b[:len(b)-1]
			continue
		}
		if n := leadingUnit(b); n > 0 && !front {
			if before, front = unitOf(b[:n]); !front {
				return false
			}
			b = b[n:]
			continue
		}
		if n := trailingUnit(b); n > 0 && !back {
			if after, back = unitOf(b[len(b)-n:]); !back {
				return false
			}
			b = b[:len(b)-n]
			continue
		}
		break
	}
	if f.unit, ok = OneUnit(before, after); !ok {
		return false
	}
	f.shape[WithUnit] = f.unit != ""
	f.shape[UnicodeMinus] = f.negative && typographic
	if at := bytes.IndexAny(b, "eE"); at >= 0 {
		x, err := strconv.Atoi(string(b[at+1:]))
		if err != nil || x < -9999 || x > 9999 {
			return false
		}
		f.exponent, f.shape[Scientific], b = x, true, b[:at]
	}
	digits := 0
	for _, c := range b {
		switch {
		case digit(c):
			digits++
		case c != '.' && c != ',' && c != '\'' && c != ' ':
			return false
		}
	}
	f.body = b
	return digits > 0
}

// withoutCents takes off the dashes that stand where cents would, which make no number negative: "5,-", "5.--", "5:-", "500/-".
func withoutCents(b []byte) []byte {
	whole := bytes.TrimRight(b, "-")
	n := len(whole)
	if n < 2 || len(b)-n > 2 || !digit(whole[n-2]) {
		return b
	}
	switch whole[n-1] {
	case '.', ',':
		return whole
	case ':', '/':
		return whole[:n-1]
	}
	return b
}

// nothing reads a currency with a dash, as spreadsheets write no money: "$ -", "-,-- €".
func (f *form) nothing(b []byte) bool {
	unit, ok := unitOf(bytes.Trim(b, "-,. "))
	if !ok || unit == "" || unit == Percent || bytes.IndexByte(b, '-') < 0 {
		return false
	}
	f.unit, f.body, f.shape[WithUnit] = unit, []byte{'0'}, true
	return true
}

func (f *form) sign(s Shape, negative bool) {
	f.signed, f.negative, f.shape[s] = true, negative, true
}

func digit(c byte) bool { return c-'0' <= 9 }

// simplified returns the cell with one character for all apostrophes, one for all blanks and one for all minus signs, and
// whether a minus was the typographic one. It is empty where the cell is too long for a number.
func (f *form) simplified(cell []byte) (b []byte, minus bool) {
	if len(cell) > longest {
		return nil, false
	}
	b = f.room[:0]
	for i, c := range cell {
		if c >= utf8.RuneSelf || c == '`' || c == '\t' {
			return f.simplifiedText(b, cell[i:])
		}
		b = append(b, c)
	}
	return b, false
}

func (f *form) simplifiedText(b, cell []byte) (_ []byte, minus bool) {
	if !utf8.Valid(cell) {
		cell = textfile.FromWindows1252(cell)
	}
	for len(cell) > 0 {
		r, n := utf8.DecodeRune(cell)
		switch r = shown(r); r {
		case ' ', '\t':
			b = append(b, ' ')
		case '’', '‘', '´', '`', '٬': // the last is Arabic
			b = append(b, '\'')
		case '．', '٫':
			b = append(b, '.')
		case '，':
			b = append(b, ',')
		case -1:
		case '−', '–', '—', '‐', '‑', '﹣', '－': // as people type it, and as programs turn it into
			b, minus = append(b, '-'), true
		default:
			if d := digitOf(r); d >= 0 {
				b = append(b, '0'+byte(d))
			} else {
				b = append(b, cell[:n]...)
			}
		}
		cell = cell[n:]
	}
	return b, minus
}

// digitOf is the value of a digit of another script: full-width, Arabic, Persian. -1 for what is none.
func digitOf(r rune) int {
	for _, zero := range [...]rune{'０', '٠', '۰'} {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// fit is whether a cell can be read with a decimal mark.
type fit int

const (
	unfit    fit = iota
	tooLarge     // a number, but not one that 64 bits hold
	fits
)

// value reads the body where mark is the decimal mark. grouped tells whether it shows thousands set apart. Decimals behind
// the last one that is looked at are cut off.
func (f *form) value(mark byte) (v int64, decimals int, grouped bool, how fit) {
	if f.shape[Scientific] && bytes.ContainsAny(f.body, string([]byte{other(mark), '\'', ' '})) { // the mark of a mantissa is the decimal mark: 1.234e5
		return 0, 0, false, unfit
	}
	whole, fraction, _ := bytes.Cut(f.body, []byte{mark})
	grouped, ok := groups(whole, mark)
	if !ok {
		return 0, 0, false, unfit
	}
	how = fits
	for _, c := range whole {
		if digit(c) {
			if v > (math.MaxInt64-9)/10 {
				how = tooLarge
				continue
			}
			v = v*10 + int64(c-'0')
		}
	}
	for _, c := range fraction {
		if !digit(c) {
			return 0, 0, false, unfit
		}
		if decimals < mostDecimals && v <= (math.MaxInt64-9)/10 {
			v = v*10 + int64(c-'0')
			decimals++
		}
	}
	if f.negative {
		v = -v
	}
	v, decimals, ok = shifted(v, decimals, f.exponent)
	if !ok {
		how = tooLarge
	}
	if how == tooLarge {
		v, decimals = 0, 0
	}
	return v, decimals, grouped, how
}

// float reads the body, which fits mark, as the nearest float64; infinite where it is larger than any.
func (f *form) float(mark byte) float64 {
	text := make([]byte, 0, len(f.body)+8)
	if f.negative {
		text = append(text, '-')
	}
	for _, c := range f.body {
		switch {
		case digit(c):
			text = append(text, c)
		case c == mark:
			text = append(text, '.')
		}
	}
	v, _ := strconv.ParseFloat(string(strconv.AppendInt(append(text, 'e'), int64(f.exponent), 10)), 64)
	return v
}

func other(mark byte) byte {
	if mark == ',' {
		return '.'
	}
	return ','
}

// shifted is v times ten to the power of exponent, with no zeros at the end of its decimals. What lies behind the last decimal
// looked at is cut off.
func shifted(v int64, decimals, exponent int) (int64, int, bool) {
	if v, decimals = trimmed(v, decimals); v == 0 {
		return 0, 0, true
	}
	for decimals -= exponent; decimals < 0; decimals++ {
		if v > math.MaxInt64/10 || v < math.MinInt64/10 {
			return 0, 0, false
		}
		v *= 10
	}
	for ; decimals > mostDecimals && v != 0; decimals-- {
		v /= 10
	}
	if v == 0 {
		return 0, 0, true
	}
	v, decimals = trimmed(v, decimals)
	return v, decimals, true
}

// groups reports whether the digits before the decimal mark are in order: alone, or grouped by one kind of character in threes
// (1,234,567), or as in India (12,34,567).
func groups(whole []byte, mark byte) (grouped, ok bool) {
	var by byte
	first, inner, length := 0, 0, 0 // digits of the first group, of those between, of the one that is read
	for _, c := range whole {
		if digit(c) {
			length++
			continue
		}
		switch {
		case c == mark, by != 0 && c != by, length == 0:
			return false, false
		case by == 0:
			by, first = c, length
		case inner == 0:
			inner = length
		case inner != length:
			return false, false
		}
		length = 0
	}
	if by == 0 {
		return false, true
	}
	inThrees := first <= 3 && (inner == 0 || inner == 3)
	indian := by == ',' && first <= 2 && inner == 2
	return true, (inThrees || indian) && length == 3 && whole[0] != '0'
}
