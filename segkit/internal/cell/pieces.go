package cell

// Whether a column whose name says nothing may count pieces.

import (
	"slices"
	"strings"
)

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
	owners  [2]owned     // by customer, and by product
	Example string       // the first whole number, as it is written
	Row     int          // where that stands, from 1
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

// owned compares the cells of records that have the same customer, or the same product.
type owned struct {
	first         map[string]string // the first cell of each
	again, unlike int               // cells of those who had one before, and those of another text
}

// Of takes what two other columns of the record of a cell say, such as its customer and its product; "" for nothing.
func (p *Pieces) Of(text string, owners [2]string) {
	for i, owner := range owners {
		o := &p.owners[i]
		was, known := o.first[owner]
		switch {
		case owner == "":
		case known:
			o.again++
			if was != text {
				o.unlike++
			}
		default:
			if o.first == nil {
				o.first = map[string]string{}
			}
			o.first[owner] = text
		}
	}
}

// attribute reports whether the cells belong to a customer or a product, as an age does or a weight: whoever has several has the same in all.
func (p *Pieces) attribute() bool {
	const enough = 10
	return slices.ContainsFunc(p.owners[:], func(o owned) bool { return o.again >= enough && o.unlike == 0 })
}

// Numbers reports whether nearly all cells are whole numbers.
func (p *Pieces) Numbers() bool { return p.whole > 0 && 10*p.whole >= 9*p.cells }

// Count reports whether the cells may count pieces: whole numbers that are not mostly 0, no years, no codes, nothing that belongs to a customer or a product, and in a long
// file no running numbers and no keys, which never repeat.
func (p *Pieces) Count() bool {
	const many = 50 // cells, from which on a column without any repetition is a key
	switch {
	case !p.Numbers(), 10*p.nothing > p.cells, p.attribute(), p.years == p.whole, 2*p.long > p.whole, p.zeros > 0:
		return false
	}
	return p.whole < many || p.running < p.whole-1 && len(p.other) < p.whole
}
