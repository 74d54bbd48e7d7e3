package cell

// Whether a column whose name says nothing may count pieces.

import "strings"

// Pieces is what the cells of a column show as to whether they may count pieces.
type Pieces struct {
	cells   int
	whole   int // numbers without decimals
	nothing int // of these 0, as in columns that say yes or no
	years   int // from 1900 to 2099
	long    int // of seven digits or more, as ids have them
	zeros   int // that begin with a zero, as codes do
	running int // larger by one than the cell before
	last    int
	other   map[int]bool // different ones
	Example string       // the first of them, and its row
	Row     int
}

// See takes one more cell.
func (p *Pieces) See(text string, row int) {
	p.cells++
	digits, minus := strings.CutPrefix(text, "-")
	if mark := strings.LastIndexAny(digits, ".,"); mark >= 0 && strings.Trim(digits[mark+1:], "0") == "" { // some write 2.000 for two, and 1.200,00
		digits = strings.NewReplacer(".", "", ",", "").Replace(digits[:mark])
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return
	}
	p.whole++
	if p.Example == "" {
		p.Example, p.Row = text, row
	}
	if len(digits) > 1 && digits[0] == '0' {
		p.zeros++
	}
	if len(digits) > 6 {
		p.long++
		return
	}
	n := 0
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	switch {
	case n == 0:
		p.nothing++
	case n >= 1900 && n < 2100:
		p.years++
	}
	if minus {
		n = -n
	}
	if p.whole > 1 && n == p.last+1 {
		p.running++
	}
	if p.last = n; p.other == nil {
		p.other = map[int]bool{}
	}
	p.other[n] = true
}

// Numbers reports whether nearly all cells are whole numbers.
func (p *Pieces) Numbers() bool { return p.whole > 0 && 10*p.whole >= 9*p.cells }

// Count reports whether the cells may count pieces: whole numbers that are not mostly 0, no years, no codes, and no numbers of lines or of other things, of
// which in a long file every one is another.
func (p *Pieces) Count() bool {
	const many = 50 // cells, from which on a column without any repetition is a key
	switch {
	case !p.Numbers(), 10*p.nothing > p.cells, p.years == p.whole, 2*p.long > p.whole, p.zeros > 0:
		return false
	}
	return p.whole < many || p.running < p.whole-1 && len(p.other) < p.whole
}
