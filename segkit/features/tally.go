package features

// Counting: what each customer did in a stretch of days, in one pass over the lines grouped by customer.

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
)

// tally is what one customer did from one day to another. A line is bought if its quantity is above zero.
type tally struct {
	customer    uint32
	seen        bool
	orders      int
	first, last int // days of the first and the last line bought
	units       int64
	sales       int64 // money of the lines bought, less what was netted
	refunds     int64 // money of the other lines: 0 or below, but for negative prices
	netted      int64 // money of goods that came and went
	products    int
	categories  int
	category    uint32   // the one with the most money, 0 for none
	weekend     int      // orders on a Saturday or a Sunday
	hours       []int    // of the orders
	described   []uint32 // level that most lines bought have, by descriptor; 0 for none
}

// entry is one line as it stood on the last day of the stretch.
type entry struct {
	line             int32
	quantity, amount int64
}

// standing returns the lines from day from to day to as they stood on day to: nettings by later cancellations are undone.
func (v *view) standing(from, to int) []entry {
	entries := make([]entry, 0, len(v.rows))
	for _, i := range v.rows {
		if d := v.day(i); d >= from && d <= to {
			entries = append(entries, entry{i, v.quantity[i], v.amount[i]})
		}
	}
	left := len(entries) // ascending by line; lines that were netted away come behind them
	gone := map[int32]int{}
	for _, n := range v.netted {
		if d := v.day(n.order); d < from || d > to || v.day(n.cancel) <= to {
			continue
		}
		at, found := slices.BinarySearchFunc(entries[:left], n.order, func(e entry, line int32) int { return cmp.Compare(e.line, line) })
		if !found {
			if at, found = gone[n.order]; !found {
				at = len(entries)
				gone[n.order] = at
				entries = append(entries, entry{line: n.order})
			}
		}
		entries[at].quantity += n.quantity
		entries[at].amount += n.amount
	}
	return entries
}

// tallies counts the days from..to for every customer with a line in them, in the order of their codes: O(lines).
func (v *view) tallies(ctx context.Context, from, to int, unit OrderUnit) ([]tally, error) {
	entries := v.standing(from, to)
	start := make([]int32, len(v.customer.names)+1) // counting sort by customer
	for _, e := range entries {
		start[v.customer.codes[e.line]+1]++
	}
	for c := 1; c < len(start); c++ {
		start[c] += start[c-1]
	}
	grouped, fill := make([]entry, len(entries)), slices.Clone(start)
	for _, e := range entries {
		c := v.customer.codes[e.line]
		grouped[fill[c]] = e
		fill[c]++
	}
	all := make([]tally, len(v.customer.names))
	err := par.Rows(ctx, len(all), func(_, a, b int) {
		k := v.newCounter(from, to, unit)
		for c := a; c < b; c++ {
			if start[c+1] > start[c] {
				all[c] = k.customer(uint32(c), grouped[start[c]:start[c+1]])
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for _, n := range v.netted {
		if c := v.customer.codes[n.order]; v.day(n.order) >= from && v.day(n.cancel) <= to {
			all[c].netted += n.amount
		}
	}
	return slices.DeleteFunc(all, func(t tally) bool { return !t.seen }), nil
}

// counter counts one customer after another. A code is new to a customer if its stamp is not the customer's, so distinct
// ones are counted without sorting.
type counter struct {
	*view
	unit             OrderUnit
	from             int
	orders, products []uint32 // stamps by code
	categories       poll
	described        []poll
}

func (v *view) newCounter(from, to int, unit OrderUnit) *counter {
	k := &counter{view: v, unit: unit, from: from, products: make([]uint32, len(v.product.names)), categories: newPoll(&v.category)}
	switch unit {
	case ByDay:
		k.orders = make([]uint32, to-from+1)
	case ByNumber:
		k.orders = make([]uint32, len(v.order.names))
	}
	for j := range v.more {
		k.described = append(k.described, newPoll(&v.more[j]))
	}
	return k
}

func (k *counter) customer(c uint32, entries []entry) tally {
	t := tally{customer: c, seen: true, first: math.MaxInt, last: math.MinInt}
	isNew := func(stamps []uint32, code uint32) bool {
		if stamps[code] == c { // code 0 is no customer, so c is never the stamp of nobody
			return false
		}
		stamps[code] = c
		return true
	}
	earlier := func(a, b entry) int { return cmp.Compare(k.when[a.line], k.when[b.line]) }
	if !slices.IsSortedFunc(entries, earlier) { // most files are; an order is dated by its first line
		slices.SortStableFunc(entries, earlier)
	}
	for _, e := range entries {
		i := e.line
		if e.quantity <= 0 {
			if k.lines.quantity[i] > 0 { // went back, and not all of its price
				t.sales += e.amount
			} else {
				t.refunds += e.amount
			}
			continue
		}
		day := k.day(i)
		t.units += e.quantity
		t.sales += e.amount
		t.first, t.last = min(t.first, day), max(t.last, day)
		if k.unit == ByLine || k.unit == ByDay && isNew(k.orders, uint32(day-k.from)) || k.unit == ByNumber && isNew(k.orders, k.order.codes[i]) {
			t.orders++
			if weekday := (day%7 + 11) % 7; weekday == 0 || weekday == 6 { // day 0 was a Thursday
				t.weekend++
			}
			t.hours = append(t.hours, int(k.when[i]-int64(day)*secondsPerDay)/3600)
		}
		if k.product.present() && k.product.codes[i] != 0 && isNew(k.products, k.product.codes[i]) {
			t.products++
		}
		if k.category.present() {
			k.categories.add(k.category.codes[i], e.amount)
		}
		for j := range k.described {
			k.described[j].add(k.more[j].codes[i], 1)
		}
	}
	slices.Sort(t.hours)
	t.category, t.categories = k.categories.close()
	for j := range k.described {
		level, _ := k.described[j].close()
		t.described = append(t.described, level)
	}
	return t
}

// poll finds the code with the most weight; among equals, the one whose name comes first.
type poll struct {
	names   []string
	weights []int64
	voted   []bool
	codes   []uint32 // voted for
}

func newPoll(t *texts) poll {
	return poll{names: t.names, weights: make([]int64, len(t.names)), voted: make([]bool, len(t.names))}
}

func (p *poll) add(code uint32, weight int64) {
	if code == 0 {
		return
	}
	if !p.voted[code] {
		p.voted[code] = true
		p.codes = append(p.codes, code)
	}
	p.weights[code] += weight
}

// close returns the winner, 0 if nothing was voted for, and how many codes got votes, and starts anew.
func (p *poll) close() (winner uint32, n int) {
	for _, c := range p.codes {
		if winner == 0 || p.weights[c] > p.weights[winner] || p.weights[c] == p.weights[winner] && p.names[c] < p.names[winner] {
			winner = c
		}
	}
	n = len(p.codes)
	for _, c := range p.codes {
		p.weights[c], p.voted[c] = 0, false
	}
	p.codes = p.codes[:0]
	return winner, n
}
