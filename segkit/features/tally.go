package features

// Counting: what each customer did in a stretch of days, in one pass over the lines grouped by customer.

import (
	"cmp"
	"context"
	"math"
	"math/bits"
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
	hour        int      // median of the orders, the lower of two
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
		k := v.newCounter(unit)
		for c := max(a, 1); c < b; c++ { // code 0 is no customer
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

// counter counts one customer after another. What it holds is as large as the busiest of them, not as the file.
type counter struct {
	*view
	unit             OrderUnit
	orders, products set
	hours            []int // of the orders
	categories       poll
	described        []poll
}

func (v *view) newCounter(unit OrderUnit) *counter {
	k := &counter{view: v, unit: unit, categories: poll{names: v.category.names}}
	for j := range v.more {
		k.described = append(k.described, poll{names: v.more[j].names})
	}
	return k
}

func (k *counter) customer(c uint32, entries []entry) tally {
	t := tally{customer: c, seen: true, first: math.MaxInt, last: math.MinInt}
	k.hours = k.hours[:0]
	k.orders.start(c, len(entries))
	k.products.start(c, min(len(entries), len(k.product.names)))
	k.categories.start(c, len(entries))
	for j := range k.described {
		k.described[j].start(c, len(entries))
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
		if k.unit == ByLine || k.unit == ByDay && k.orders.isNew(uint32(int32(day))) || k.unit == ByNumber && k.orders.isNew(k.order.codes[i]) {
			t.orders++
			if weekday := (day%7 + 11) % 7; weekday == 0 || weekday == 6 { // day 0 was a Thursday
				t.weekend++
			}
			k.hours = append(k.hours, int(k.when[i]-int64(day)*secondsPerDay)/3600)
		}
		if k.product.present() && k.product.codes[i] != 0 && k.products.isNew(k.product.codes[i]) {
			t.products++
		}
		if k.category.present() {
			k.categories.add(k.category.codes[i], e.amount)
		}
		for j := range k.described {
			k.described[j].add(k.more[j].codes[i], 1)
		}
	}
	if t.orders > 0 {
		slices.Sort(k.hours)
		t.hour = k.hours[(t.orders-1)/2]
	}
	t.category, t.categories = k.categories.winner()
	for j := range k.described {
		level, _ := k.described[j].winner()
		t.described = append(t.described, level)
	}
	return t
}

// set numbers the codes of one customer by their first appearance: a hash table with open addressing, whose slots are free unless
// they are the customer's, so that nothing need be cleared for the next one.
type set struct {
	keys     []uint64 // customer in the upper half, code in the lower
	numbers  []uint32 // of the codes
	mask     uint64   // the first mask+1 slots are in use: at least twice as many as codes may come
	customer uint64   // in the upper half
	size     uint32
	last     uint64 // key added or found last: neighbouring lines mostly agree
	number   uint32 // of it
}

// start empties the set for a customer, above 0 and other than the one before, of whom at most n codes will come.
func (s *set) start(customer uint32, n int) {
	room := 2 << bits.Len(uint(n))
	if room > len(s.keys) {
		s.keys, s.numbers = make([]uint64, room), make([]uint32, room)
	}
	s.mask, s.customer, s.size, s.last = uint64(room-1), uint64(customer)<<32, 0, 0
}

// add returns the number of a code, and whether it is new.
func (s *set) add(code uint32) (number uint32, isNew bool) {
	key := s.customer | uint64(code)
	if key == s.last {
		return s.number, false
	}
	s.last = key
	for p := uint64(code) * 0x9e3779b97f4a7c15 >> 32 & s.mask; ; p = (p + 1) & s.mask {
		if at := s.keys[p]; at == key {
			s.number = s.numbers[p]
			return s.number, false
		} else if at>>32 != key>>32 {
			s.keys[p], s.numbers[p], s.number = key, s.size, s.size
			s.size++
			return s.number, true
		}
	}
}

func (s *set) isNew(code uint32) bool {
	_, isNew := s.add(code)
	return isNew
}

// poll finds the code with the most weight; among equals, the one whose name comes first.
type poll struct {
	names   []string
	voted   set
	codes   []uint32 // voted for
	weights []int64  // of each
}

// start empties the poll for a customer of at most n votes.
func (p *poll) start(customer uint32, n int) {
	p.voted.start(customer, min(n, len(p.names)))
	p.codes, p.weights = p.codes[:0], p.weights[:0]
}

func (p *poll) add(code uint32, weight int64) {
	if code == 0 {
		return
	}
	at, isNew := p.voted.add(code)
	if isNew {
		p.codes, p.weights = append(p.codes, code), append(p.weights, 0)
	}
	p.weights[at] += weight
}

// winner returns the code with the most weight, 0 if nothing was voted for, and how many codes got votes.
func (p *poll) winner() (code uint32, n int) {
	best := 0
	for at, c := range p.codes {
		if at == 0 || p.weights[at] > p.weights[best] || p.weights[at] == p.weights[best] && p.names[c] < p.names[code] {
			best, code = at, c
		}
	}
	return code, len(p.codes)
}
