package features

// How many pieces a line is of, where the file has a price and no column that is known to be the quantity: asked where some column may say it.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
)

// pieces is what the cells of a column that is not read show, as to whether they count pieces.
type pieces struct {
	cells   int
	whole   int // numbers without decimals
	nothing int // of these 0, as in columns that say yes or no
	years   int // from 1900 to 2099
	long    int // of seven digits or more, as ids have them
	zeros   int // that begin with a zero, as codes do
	running int // larger by one than the cell before
	last    int
	other   map[int]bool // different ones
	example string       // a cell, and its line
	line    int
}

// see takes one more cell.
func (c *pieces) see(text string, line int) {
	c.cells++
	digits, minus := strings.CutPrefix(text, "-")
	if whole, decimals, ok := strings.Cut(strings.Replace(digits, ",", ".", 1), "."); ok && strings.Trim(decimals, "0") == "" { // some write 2.000 for two
		digits = whole
	}
	if !isDigits(digits) {
		return
	}
	c.whole++
	if c.example == "" {
		c.example, c.line = text, line
	}
	if len(digits) > 1 && digits[0] == '0' {
		c.zeros++
	}
	if len(digits) > 6 {
		c.long++
		return
	}
	n := 0
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	switch {
	case n == 0:
		c.nothing++
	case n >= 1900 && n < 2100:
		c.years++
	}
	if minus {
		n = -n
	}
	if c.whole > 1 && n == c.last+1 {
		c.running++
	}
	if c.last = n; c.other == nil {
		c.other = map[int]bool{}
	}
	c.other[n] = true
}

// numbers reports whether nearly all cells are whole numbers.
func (c *pieces) numbers() bool { return c.whole > 0 && 10*c.whole >= 9*c.cells }

// counts reports whether the cells may count pieces: whole numbers that are not mostly 0, no years, no codes, and no numbers of lines or of other things, of
// which in a long file every one is another.
func (c *pieces) counts() bool {
	const many = 50 // cells, from which on a column without any repetition is a key
	switch {
	case !c.numbers(), 10*c.nothing > c.cells, c.years == c.whole, 2*c.long > c.whole, c.zeros > 0:
		return false
	}
	return c.whole < many || c.running < c.whole-1 && len(c.other) < c.whole
}

// counted are parts of the names of columns that say how many pieces.
var counted = []string{"qty", "quant", "qte", "menge", "anzahl", "stuck", "stk", "pieces", "pcs", "units", "cantidad", "unidades", "uds", "aantal"}

// seekQuantity finds the columns that may be the quantity where lines have a price and none is read, of which the first lines have shown columns; those first whose
// names say so. Where there is none, every line counts as one piece, which is noted.
func (p *plan) seekQuantity(columns []unread) {
	if p.at[priceColumn] < 0 || p.at[quantityColumn] >= 0 || p.known || p.wide != nil {
		return
	}
	var others []unread
	var named []int
	for _, u := range columns {
		switch name := p.header[u.column]; {
		case slices.Contains(p.at[:], u.column) || slices.Contains(p.more, u.column): // by its cells, or by its name
		case hintsAt(name, counted) && u.pieces.numbers():
			p.maybeMany = append(p.maybeMany, u)
		case hintsAt(name, counted):
			named = append(named, u.column)
		case u.pieces.counts() && !p.meansElse(name):
			others = append(others, u)
		}
	}
	p.maybeMany = append(p.maybeMany, others...)
	if p.maybeMany != nil {
		return
	}
	note := "No quantity is read: each line counts once, at its price."
	if named != nil {
		note += fmt.Sprintf(" If %s says how many pieces, name it as the quantity.", p.namesOf(named))
	}
	p.notes = append(p.notes, note)
}

// meansElse reports whether the name of a column says that its numbers count no pieces: it is known for something else, part of a date or name, or a code.
func (p *plan) meansElse(name string) bool {
	plain := exports.Header(name)
	for m, names := range known {
		if meaning(m) != quantityColumn && slices.Contains(names, plain) {
			return true
		}
	}
	for _, t := range together {
		if slices.ContainsFunc(t.parts, func(names []string) bool { return slices.Contains(names, plain) }) {
			return true
		}
	}
	return slices.Contains(clocks, plain) || namesCode(name)
}

// howMany asks whether one of the columns that may be the quantity is it; nil if there is none.
func (p *plan) howMany() *question {
	if p.maybeMany == nil {
		return nil
	}
	const most = 3
	price := p.header[p.at[priceColumn]]
	var may []string
	var remedies []string
	q := &question{}
	for _, u := range p.maybeMany[:min(len(p.maybeMany), most)] {
		name := p.header[u.column]
		may = append(may, fmt.Sprintf("%q (%s in line %d)", shorten(name, 40), u.pieces.example, u.pieces.line))
		remedies = append(remedies, fmt.Sprintf("features.OrdersOptions.Quantity = %q", name))
		q.answers = append(q.answers, kept.Setting{Key: kept.Key(optionNames[quantityColumn]), Value: name})
	}
	q.answers = append(q.answers, kept.Setting{Key: kept.Key(optionNames[amountColumn]), Value: price})
	q.CellError = &fault.CellError{Op: p.op, File: p.file, Err: fault.ErrSchema,
		Why:    fmt.Sprintf("no column is known to be the quantity, and %q is read as the price of one piece, though %s may say how many pieces a line is of", shorten(price, 40), strings.Join(may, " or ")),
		Remedy: fmt.Sprintf("set %s if it does, or features.OrdersOptions.Amount = %q if each line counts once, at its price", strings.Join(remedies, " or "), price)}
	return q
}
