package features

// Order lines in columns: what the reader fills, the rules filter and the features count.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/kept"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/sheet"
)

// texts is a column of texts: codes into names, in the order of first appearance. Code 0 is "", which means missing.
type texts struct {
	codes []uint32
	few   []uint16 // instead of codes, where there are at most 65,536 texts, of details
	least []uint8  // instead of those, where there are at most 256
	names []string
}

func (t *texts) at(i int32) string {
	if !t.present() {
		return ""
	}
	return t.names[t.code(i)]
}

func (t *texts) code(i int32) uint32 {
	switch {
	case t.codes != nil:
		return t.codes[i]
	case t.few != nil:
		return uint32(t.few[i])
	}
	return uint32(t.least[i])
}

// present reports whether the file has this column.
func (t *texts) present() bool { return t.codes != nil || t.few != nil || t.least != nil }

// lines are n order lines, immutable once finished. Columns that the file lacks have no codes.
type lines struct {
	order, customer               texts
	status, direction, currencies texts
	*details                                               // nil while nobody has asked for those of a large file: see view.whole
	later                         func() (*details, error) // reads them then
	categorized                   bool                     // the file has categories
	moreNames                     []string                 // headers of the descriptors

	when     moments     // (n) seconds since 1970 of the local time in the file
	quantity wholes      // (n) at quantityDecimals
	price    wholes      // (n) per unit, at decimals - quantityDecimals; absent where the file gives amounts
	amount   wholes      // (n) quantity x price, at decimals
	refund   wholes      // (n) given back of what the order cost, at decimals, on one line of it; absent where the file does not say
	line     lineNumbers // (n) line of the file, or row of the frame
	lacks    []lack      // (n) what a line lacks; nil where none lacks anything. A missing date is noDate, a missing number 0

	quantityDecimals, decimals int
	currency                   string
	units                      []string // by code of currencies, what the text stands for
	mixed                      bool     // the lines are of several
	mapping                    []Mapping
	notes                      []string            // what is unusual about the file, and what was assumed, as sentences
	counted                    bool                // the file has quantities; otherwise every line is one unit, or minus one for money back
	timed                      bool                // dates come with a time of day
	answered                   bool                // the options say which words of the status came to nothing, and that the others stand
	among                      among               // those words
	worth                      map[string]string   // as Spec.Read has it
	columns                    []string            // of the file
	said                       map[string]bool     // roles in worth that the options name
	taken                      map[meaning][]taken // by code, what the words of the status and of the direction are taken for
	cancels                    []bool              // by order code: the number says "cancellation" (C536379)
	numbered                   int                 // order codes below it are numbers of the file, the others were made from customers and days
}

// lineNumbers are the lines of the file in which n order lines stand. These mostly follow one another: kept is where one does not.
type lineNumbers struct {
	n     int
	jumps []jump
}

// jump is where order line at stands, and those behind it up to the next jump one by one.
type jump struct{ at, line int32 }

func (l *lineNumbers) at(i int32) int32 {
	j := l.jumps[sort.Search(len(l.jumps), func(k int) bool { return l.jumps[k].at > i })-1]
	return j.line + i - j.at
}

func (l *lineNumbers) append(line int32) {
	if k := len(l.jumps) - 1; k < 0 || line != l.jumps[k].line+int32(l.n)-l.jumps[k].at {
		l.jumps = append(l.jumps, jump{int32(l.n), line})
	}
	l.n++
}

// cut keeps the first n.
func (l *lineNumbers) cut(n int) {
	for l.n = n; len(l.jumps) > 0 && int(l.jumps[len(l.jumps)-1].at) >= n; {
		l.jumps = l.jumps[:len(l.jumps)-1]
	}
}

// details are what the lines say beside who bought when and for how much.
type details struct {
	product, name, category texts
	more                    []texts // descriptors: country, channel, …
}

func (l *lines) len() int { return l.line.n }

const secondsPerDay = 24 * 60 * 60

// day is the number of days since 1970.
func (l *lines) day(i int32) int { return dayOf(l.when.at(i)) }

func dayOf(seconds int64) int {
	d := seconds / secondsPerDay
	if seconds%secondsPerDay < 0 {
		d--
	}
	return int(d)
}

func dateOf(day int) time.Time { return behaviour.DateOf(day) }

func dateText(day int) string { return behaviour.DateText(day) }

// cancelled reports whether line i belongs to a cancellation: its order number starts with C and a digit, and goods go back.
func (l *lines) cancelled(i int32) bool { return l.quantity.at(i) < 0 && l.cancels[l.order.codes[i]] }

// missing reports whether line i lacks what is asked for. Numbers that are missing are held as 0, and are none.
func (l *lines) missing(i int32, what lack) bool { return l.lacks != nil && l.lacks[i]&what != 0 }

// ofNoUnits reports whether line i is of no units.
func (l *lines) ofNoUnits(i int32) bool { return l.quantity.at(i) == 0 && !l.missing(i, noQuantity) }

// free reports whether line i has a price of zero.
func (l *lines) free(i int32) bool {
	switch {
	case l.missing(i, noWorth):
		return false
	case l.price.present():
		return l.price.at(i) == 0
	}
	return l.amount.at(i) == 0
}

// negativePrice reports whether line i has a price below zero.
func (l *lines) negativePrice(i int32) bool {
	if l.price.present() {
		return l.price.at(i) < 0
	}
	return l.amount.at(i) < 0 && l.quantity.at(i) > 0
}

func (l *lines) money(units int64) Money { return Money{units, l.decimals} }

func isCancellation(order string) bool {
	return len(order) > 1 && (order[0] == 'C' || order[0] == 'c') && order[1] >= '0' && order[1] <= '9'
}

// finish derives what the columns imply: amounts, orders where the file has no order numbers, cancellations. It makes
// sure that no sum over the lines can overflow.
func (l *lines) finish(op, file string) error {
	if !l.quantity.present() { // amounts only: one unit a line, minus one for money back
		l.quantity.brief = make([]int16, l.len())
		for i := range l.quantity.brief {
			l.quantity.brief[i] = 1
			if l.amount.at(int32(i)) < 0 {
				l.quantity.brief[i] = -1
			}
		}
	}
	multiply := !l.amount.present()
	var short []int32 // the amounts, if none is beyond these
	if multiply {
		short = make([]int32, l.len())
	}
	amount := func(i int32) (int64, bool) {
		if multiply {
			return product(l.quantity.at(i), l.price.at(i))
		}
		return l.amount.at(i), true
	}
	largest, bad := make([]uint64, par.Chunks(l.len())), make([]int, par.Chunks(l.len()))
	_ = par.Rows(context.Background(), l.len(), func(chunk, from, to int) {
		most := uint64(0)
		for i := from; i < to; i++ {
			a, ok := amount(int32(i))
			if !ok && bad[chunk] == 0 {
				bad[chunk] = i + 1
			}
			most = max(most, magnitude(a), magnitude(l.quantity.at(int32(i))))
			if multiply {
				short[i] = int32(a)
			}
		}
		largest[chunk] = most
	})
	if at := slices.IndexFunc(bad, func(i int) bool { return i > 0 }); at >= 0 {
		return l.tooLarge(op, file, bad[at]-1)
	}
	most := slices.Max(append(largest, 0))
	if n := uint64(l.len()); n > 0 && most > math.MaxInt64/n {
		for i := range int32(l.len()) {
			if a, _ := amount(i); magnitude(a) == most || magnitude(l.quantity.at(i)) == most {
				return l.tooLarge(op, file, int(i))
			}
		}
	}
	switch {
	case multiply && most <= math.MaxInt32:
		l.amount.short = short
	case multiply:
		l.amount.long = make([]int64, l.len())
		for i := range int32(l.len()) {
			l.amount.long[i] = l.quantity.at(i) * l.price.at(i)
		}
	}
	if !l.order.present() {
		l.order = texts{codes: make([]uint32, l.len()), names: []string{""}}
	}
	l.numbered = len(l.order.names)
	l.orderByDay()
	l.cancels = make([]bool, len(l.order.names))
	for code, name := range l.order.names[:l.numbered] {
		l.cancels[code] = isCancellation(name)
	}
	return nil
}

// compare holds quantity × price against the amounts that stand beside them. It changes what is read where only one reading explains the
// file, and asks where two do. Nothing is compared of files that are too large for it. Copies of a line (by hashes, as totals has them) do not show what the lines of
// an order have in common.
func (l *lines) compare(amounts *numbers, hashes []uint64, p *plan) error {
	written := amounts.decimals
	if amounts.decimals < l.decimals && !amounts.rescale(l.decimals) {
		return nil
	}
	last, ok3 := scaled(1, amounts.decimals-written)    // one unit of the last decimal that the amounts were written with
	finer, ok := scaled(1, amounts.decimals-l.decimals) // amounts may have more decimals than the product
	unit, ok2 := scaled(1, l.quantityDecimals)
	if !ok || !ok2 || !ok3 {
		return nil
	}
	price, amount := p.header[p.at[priceColumn]], p.header[p.beside]
	equal, near, total, differ, gaps := true, l.decimals > l.quantityDecimals, true, 0, false
	var ours, theirs int64
	first := make([]int32, len(l.order.names)) // 1 + the first line of each order
	repeats, several, copies := true, false, false
	copied := func(f, i int32) bool { // without hashes, it may be
		if hashes != nil {
			return hashes[f] == hashes[i]
		}
		return l.quantity.at(f) == l.quantity.at(i) && l.price.at(f) == l.price.at(i) && amounts.values.at(f) == amounts.values.at(i)
	}
	for i := range int32(l.len()) {
		q, price := l.quantity.at(i), l.price.at(i)
		a, fits := product(q, price)
		if fits {
			a, fits = product(a, finer)
		}
		if !fits {
			return nil
		}
		given := amounts.values.at(i)
		line, _ := product(price*unit, finer) // what the line is worth if the price is of all of it
		total = total && given == line
		if ours, theirs = ours+a, theirs+given; a != given {
			equal = false
			differ++
			gaps = gaps || given == 0
			// both are rounded: the price by half a unit of its last decimal for each piece, the amount by half of its own
			near = near && 2*magnitude(a-given) <= magnitude(q)*uint64(finer)+uint64(last)
		}
		if !l.order.present() || l.order.codes[i] == 0 {
			repeats = false
		} else if f := first[l.order.codes[i]]; f == 0 {
			first[l.order.codes[i]] = i + 1
		} else if f--; copied(f, i) {
			copies = true
		} else {
			several = true
			repeats = repeats && amounts.values.at(f) == given
		}
	}
	say := func(text string) { l.notes = append(l.notes, text) }
	whole := func() {
		l.price, l.amount, l.decimals = wholes{}, amounts.values, amounts.decimals
		for m, i := range l.mapping {
			if i.Meaning == priceColumn.String() {
				l.mapping[m].Header = ""
			} else if i.Meaning == amountColumn.String() {
				l.mapping[m].Header = amount
			}
		}
	}
	switch {
	case equal:
	case total:
		whole()
		say(fmt.Sprintf("%s equals %s on every line, whatever the quantity, so %s is for the whole line and not per unit.", price, amount, price))
	case near:
		whole()
		say(fmt.Sprintf("The %s is rounded: lines count with their %s, %s in all, and not with quantity × %s, %s in all.", price, amount, Money{theirs, amounts.decimals}.Text(), price, Money{ours, amounts.decimals}.Text()))
	case copies && !several && hashes == nil:
		return errAlike
	case several && (repeats || gaps):
		say(fmt.Sprintf("%s is for a whole order (it appears once per order, or is the same on each of its lines) and was left out; lines count as quantity × %s.", amount, price))
	default:
		return &question{answers: []kept.Setting{{Key: "amount", Value: amount}, {Key: "price", Value: price}}, CellError: &fault.CellError{Op: p.op, File: p.file, Err: fault.ErrSchema,
			Why: fmt.Sprintf("quantity × %s is %s in all and %q %s: they differ on %s of %s lines, perhaps because of discounts or taxes", price, Money{ours, amounts.decimals}.Text(), amount,
				Money{theirs, amounts.decimals}.Text(), sheet.Count(differ), sheet.Count(l.len())),
			Remedy: fmt.Sprintf("say which counts with features.OrdersOptions.Amount = %q or features.OrdersOptions.Price = %q", amount, price)}}
	}
	return nil
}

// doubtful reports whether the header leaves open if the money is of a unit or of the line, and quantities of products can tell.
func (p *plan) doubtful() bool {
	if p.sure || p.beside >= 0 || p.at[quantityColumn] < 0 || p.at[productColumn] < 0 {
		return false
	}
	clear := []string{"unit", "per", "each", "einzel", "stuck", "stuk", "eenheid"} // of one
	if p.at[priceColumn] < 0 {
		clear = []string{"line", "total", "gesamt", "sum"} // of the line
	}
	header := exports.Header(p.header[p.priceOrAmount()])
	return !slices.ContainsFunc(clear, func(part string) bool { return strings.Contains(header, part) })
}

// doubt asks where the money of products goes with their quantity though its header calls it a price, or stays the same though it is
// called an amount: at least three times, and never the other way. It looks at no more lines than it takes to be sure.
func (l *lines) doubt(p *plan) error {
	const enough = 1 << 16
	column := p.header[p.priceOrAmount()]
	worth := &l.price
	if !worth.present() {
		worth = &l.amount
	}
	if !p.doubtful() {
		return nil
	}
	first := make([]int32, len(l.product.names))
	same, grows, products, example := 0, 0, map[uint32]bool{}, [2]int32{}
	for i := range int32(min(l.len(), enough)) {
		code := l.product.code(i)
		if code == 0 || l.quantity.at(i) <= 0 || worth.at(i) <= 0 {
			continue
		}
		if first[code] == 0 {
			first[code] = i + 1
			continue
		}
		f := first[code] - 1
		if l.quantity.at(f) == l.quantity.at(i) {
			continue
		}
		a, fits := product(worth.at(i), l.quantity.at(f))
		b, fits2 := product(worth.at(f), l.quantity.at(i))
		switch {
		case worth.at(i) == worth.at(f):
			same++
		case fits && fits2 && a == b:
			grows++
		default:
			continue
		}
		products[code] = true
		example = [2]int32{f, i}
	}
	seems, is := "for the whole line and not for one unit", "it grows with the quantity"
	if !l.price.present() {
		seems, is, same, grows = "for one unit and not for the whole line", "it stays the same whatever the quantity", grows, same
	}
	if grows < 3 || same > 0 || len(products) < 2 {
		return nil
	}
	var plain, times int64
	for i := range int32(l.len()) {
		w := worth.at(i)
		t, fits := product(w, l.quantity.at(i))
		if !fits {
			return nil
		}
		plain, times = plain+w, times+t
	}
	decimals := l.decimals
	if l.price.present() {
		decimals -= l.quantityDecimals
	}
	show := func(i int32) string {
		return fmt.Sprintf("%s for %s", Money{worth.at(i), decimals}.Text(), Money{l.quantity.at(i), l.quantityDecimals})
	}
	return &question{answers: []kept.Setting{{Key: "amount", Value: column}, {Key: "price", Value: column}}, CellError: &fault.CellError{Op: p.op, File: p.file, Line: int(l.line.at(example[1])), Column: column, Err: fault.ErrSchema,
		Why: fmt.Sprintf("seems to be %s: %s (product %s: %s, %s)", seems, is, shorten(l.product.at(example[1]), 30), show(example[0]), show(example[1])),
		Remedy: fmt.Sprintf("set features.OrdersOptions.Amount = %q if it is for the line (%s in all), or features.OrdersOptions.Price = %q if it is for one unit (%s in all)", column, Money{plain, decimals}.Text(), column,
			Money{times, decimals + l.quantityDecimals}.Text())}}
}

// totals asks where every order repeats one amount on all of its lines, which may be what the whole order cost. Copies of a line are no sign of that: only lines
// that differ in some column are, for which hashes has the records. Where it was said, totals leaves the amount on the first line of each order.
func (l *lines) totals(hashes []uint64, p *plan) error {
	column := p.header[p.priceOrAmount()]
	first := make([]int32, len(l.order.names)) // 1 + the first line of each order
	counted, again := make([]bool, len(l.order.names)), 0
	values := map[int64]bool{}
	var once, all int64
	example := [2]int32{}
	for i := range int32(l.len()) {
		code, a := l.order.codes[i], l.amount.at(i)
		all += a
		if code == 0 || first[code] == 0 {
			first[code], once = i+1, once+a
			continue
		}
		f := first[code] - 1
		if a != l.amount.at(f) && (a != 0 || !p.once) {
			if !p.once {
				return nil
			}
			return &fault.CellError{Op: p.op, File: p.file, Line: int(l.line.at(i)), Column: column, Err: fault.ErrSchema,
				Why:    fmt.Sprintf("is %s, but %s in line %d of the same order %s, so it is not the total of the order", l.money(a).Text(), l.money(l.amount.at(f)).Text(), l.line.at(f), shorten(l.order.names[code], 30)),
				Remedy: "mend the line, or set features.OrdersOptions.Amount if it is for the line"}
		}
		if hashes != nil && hashes[f] == hashes[i] {
			continue
		}
		if again++; again == 1 {
			example = [2]int32{f, i}
		}
		counted[code] = true
		if a != 0 && len(values) < 3 {
			values[a] = true
		}
	}
	if p.once {
		for i := range int32(l.len()) {
			if code := l.order.codes[i]; code != 0 && first[code] != i+1 {
				l.amount.set(i, 0)
			}
		}
		l.notes = append(l.notes, fmt.Sprintf("%s is for the whole order and counts on its first line: %s in all.", column, l.money(once).Text()))
		return nil
	}
	orders := 0
	for _, is := range counted {
		if is {
			orders++
		}
	}
	if orders < 3 || len(values) < 2 {
		return nil
	}
	if hashes == nil {
		return errAlike
	}
	return &question{answers: []kept.Setting{{Key: "total", Value: column}, {Key: "amount", Value: column}}, CellError: &fault.CellError{Op: p.op, File: p.file, Line: int(l.line.at(example[1])), Column: column, Err: fault.ErrSchema,
		Why: fmt.Sprintf("is the same on every line in each of %d orders with several lines (order %s: %s in lines %d and %d), so it may be what the whole order cost", orders,
			shorten(l.order.at(example[0]), 30), l.money(l.amount.at(example[0])).Text(), l.line.at(example[0]), l.line.at(example[1])),
		Remedy: fmt.Sprintf("set features.OrdersOptions.Total = %q if it counts once per order (%s in all), or features.OrdersOptions.Amount = %q if it is for each line (%s in all)", column, l.money(once).Text(), column, l.money(all).Text())}}
}

// compact takes as little memory as it can for lines that are read and will not change.
func (l *lines) compact() {
	columns := [...]func(){l.when.compact, l.quantity.compact, l.price.compact, l.amount.compact, l.refund.compact}
	_ = par.Items(context.Background(), len(columns), func(i int) { columns[i]() })
}

func (d *details) compact() {
	for _, t := range append(pointers(d.more), &d.product, &d.name, &d.category) {
		t.compact()
	}
}

func (l *lines) tooLarge(op, file string, i int) error {
	return &fault.CellError{Op: op, File: file, Line: int(l.line.at(int32(i))), Err: fault.ErrFormat,
		Why: "quantity or money is too large to be summed exactly", Remedy: "check this line, or round the prices when exporting"}
}

// unnumbered reports whether the file gives no order number for line i.
func (l *lines) unnumbered(i int32) bool {
	code := int(l.order.codes[i])
	return code == 0 || code >= l.numbered
}

// orderByDay makes one order of everything that a customer bought on one day without an order number. A line that has no
// customer either belongs to no order that could be known.
func (l *lines) orderByDay() {
	type customerDay struct {
		customer uint32
		day      int
	}
	index := map[customerDay]uint32{}
	for i := range int32(l.len()) {
		if l.order.codes[i] != 0 || l.customer.codes[i] == 0 || l.when.at(i) == noDate {
			continue
		}
		key := customerDay{l.customer.codes[i], l.day(i)}
		code, ok := index[key]
		if !ok {
			code = uint32(len(l.order.names))
			index[key] = code
			l.order.names = append(l.order.names, l.customer.names[key.customer]+" "+dateText(key.day))
		}
		l.order.codes[i] = code
	}
}

// withCustomers returns the lines with other customers: codes has the new code of each old one, names the new names.
func (l *lines) withCustomers(codes []uint32, names []string) *lines {
	out := *l
	out.customer = texts{codes: make([]uint32, l.len()), names: names}
	out.order = texts{codes: slices.Clone(l.order.codes), names: slices.Clone(l.order.names[:l.numbered])}
	for i, c := range l.customer.codes {
		out.customer.codes[i] = codes[c]
		if l.unnumbered(int32(i)) {
			out.order.codes[i] = 0
		}
	}
	out.orderByDay()
	out.cancels = append(slices.Clone(l.cancels[:l.numbered]), make([]bool, len(out.order.names)-l.numbered)...)
	return &out
}

// column finds a column of texts by its meaning or by its header in the file.
func (l *lines) column(name string) (*texts, error) {
	have := []string{}
	for _, c := range []struct {
		of meaning
		t  *texts
	}{{orderColumn, &l.order}, {customerColumn, &l.customer}, {productColumn, &l.product}, {nameColumn, &l.name}, {categoryColumn, &l.category},
		{statusColumn, &l.status}, {directionColumn, &l.direction}, {currencyColumn, &l.currencies}} {
		if c.t.present() {
			if c.of.String() == name || l.header(c.of) == name {
				return c.t, nil
			}
			have = append(have, c.of.String())
			if h := l.header(c.of); h != c.of.String() {
				have = append(have, h)
			}
		}
	}
	for j, n := range l.moreNames {
		if n == name {
			return &l.more[j], nil
		}
		have = append(have, n)
	}
	return nil, suggest.Column("features.Without", name, have)
}
