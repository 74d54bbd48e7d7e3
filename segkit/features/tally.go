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

// standing returns the lines from day from to day to as they stood on day to: nettings by later cancellations are undone. Lines that
// were netted away come behind the others.
func (v *view) standing(from, to int) *view {
	out := *v
	out.rows = make([]int32, 0, len(v.rows))
	low, high := int64(from)*secondsPerDay, int64(to+1)*secondsPerDay
	for _, i := range v.rows {
		if when := v.when[i]; when >= low && when < high {
			out.rows = append(out.rows, i)
		}
	}
	left, undone := out.rows, map[int32]bool{} // undone: whether the line had gone
	for _, n := range v.netted {
		if d := v.day(n.order); d < from || d > to || v.day(n.cancel) <= to {
			continue
		}
		if len(undone) == 0 {
			out.quantity, out.amount = slices.Clone(v.quantity), slices.Clone(v.amount)
		}
		if _, known := undone[n.order]; !known {
			_, found := slices.BinarySearch(left, n.order)
			if undone[n.order] = !found; !found {
				out.rows = append(out.rows, n.order)
				out.quantity[n.order], out.amount[n.order] = 0, 0
			}
		}
		out.quantity[n.order] += n.quantity
		out.amount[n.order] += n.amount
	}
	return &out
}

// run is lines of one customer, order and time that follow one another in the file, mostly a whole order. All were bought, or none.
type run struct {
	first, n     int32 // rows[first : first+n]
	units, money int64
}

// kind is what becomes of a line's money.
type kind uint8

const (
	bought   kind = iota
	reduced       // went back, and not all of its price: sales
	refunded      // no sale
)

func (v *view) kind(i int32) kind {
	switch {
	case v.quantity[i] > 0:
		return bought
	case v.lines.quantity[i] > 0:
		return reduced
	}
	return refunded
}

// runs cuts the rows into runs, in order.
func (v *view) runs(ctx context.Context) ([]run, error) {
	chunks := make([][]run, par.Chunks(len(v.rows)))
	customers, orders := v.customer.codes, v.order.codes
	err := par.Rows(ctx, len(v.rows), func(chunk, a, b int) {
		var out []run
		for at := a; at < b; {
			i, r := v.rows[at], run{first: int32(at)}
			customer, order, when, kind := customers[i], orders[i], v.when[i], v.kind(i)
			for ; at < b; at++ {
				j := v.rows[at]
				if customers[j] != customer || orders[j] != order || v.when[j] != when || v.kind(j) != kind {
					break
				}
				r.units, r.money = r.units+v.quantity[j], r.money+v.amount[j]
			}
			r.n = int32(at) - r.first
			out = append(out, r)
		}
		chunks[chunk] = out
	})
	return slices.Concat(chunks...), err
}

// tallies counts the days from..to for every customer with a line in them, in the order of their codes: O(lines). Products,
// categories and descriptors are counted where spec asks for them.
func (v *view) tallies(ctx context.Context, from, to int, spec Spec) ([]tally, error) {
	standing := v.standing(from, to)
	runs, err := standing.runs(ctx)
	if err != nil {
		return nil, err
	}
	start := make([]int32, len(v.customer.names)+1) // counting sort by customer
	of := func(r *run) uint32 { return v.customer.codes[standing.rows[r.first]] }
	for r := range runs {
		start[of(&runs[r])+1]++
	}
	for c := 1; c < len(start); c++ {
		start[c] += start[c-1]
	}
	grouped, fill := make([]run, len(runs)), slices.Clone(start)
	for r := range runs {
		c := of(&runs[r])
		grouped[fill[c]] = runs[r]
		fill[c]++
	}
	all := make([]tally, len(v.customer.names))
	err = par.Rows(ctx, len(all), func(_, a, b int) {
		k := standing.newCounter(spec)
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
	hours            []int   // of the orders
	categories       *poll   // nil where they are not counted
	described        []*poll // likewise, by descriptor; empty where none is
	byProduct        bool    // products are counted
}

func (v *view) newCounter(spec Spec) *counter {
	k := &counter{view: v, unit: spec.Order, byProduct: v.product.present() && spec.asks("products")}
	names := v.descriptorNames()
	if v.category.present() {
		if names = names[1:]; spec.asks("categories") || spec.asks("top_category") {
			k.categories = &poll{names: v.category.names}
		}
	}
	if slices.ContainsFunc(names, spec.asks) {
		k.described = make([]*poll, len(names))
	}
	for j := range k.described {
		if spec.asks(names[j]) {
			k.described[j] = &poll{names: v.more[j].names}
		}
	}
	return k
}

func (k *counter) customer(c uint32, runs []run) tally {
	t := tally{customer: c, seen: true, first: math.MaxInt, last: math.MinInt}
	k.hours = k.hours[:0]
	k.orders.start(c, len(runs))
	earlier := func(a, b run) int { return cmp.Compare(k.when[k.rows[a.first]], k.when[k.rows[b.first]]) }
	if !slices.IsSortedFunc(runs, earlier) { // most files are; an order is dated by its first line
		slices.SortStableFunc(runs, earlier)
	}
	for _, r := range runs {
		i := k.rows[r.first]
		switch k.kind(i) {
		case reduced:
			t.sales += r.money
			continue
		case refunded:
			t.refunds += r.money
			continue
		}
		day := k.day(i)
		t.units += r.units
		t.sales += r.money
		t.first, t.last = min(t.first, day), max(t.last, day)
		orders := 0
		switch {
		case k.unit == ByLine:
			orders = int(r.n)
		case k.unit == ByDay && k.orders.isNew(uint32(int32(day))), k.unit == ByNumber && k.orders.isNew(k.order.codes[i]):
			orders = 1
		}
		t.orders += orders
		if weekday := (day%7 + 11) % 7; weekday == 0 || weekday == 6 { // day 0 was a Thursday
			t.weekend += orders
		}
		for range orders {
			k.hours = append(k.hours, int(k.when[i]-int64(day)*secondsPerDay)/3600)
		}
	}
	if t.orders > 0 {
		slices.Sort(k.hours)
		t.hour = k.hours[(t.orders-1)/2]
	}
	k.content(&t, runs)
	return t
}

// content counts what was bought.
func (k *counter) content(t *tally, runs []run) {
	if !k.byProduct && k.categories == nil && len(k.described) == 0 {
		return
	}
	lines := 0
	for _, r := range runs {
		lines += int(r.n)
	}
	k.products.start(t.customer, min(lines, len(k.product.names)))
	if k.categories != nil {
		k.categories.start(t.customer, lines)
	}
	for _, p := range k.described {
		if p != nil {
			p.start(t.customer, lines)
		}
	}
	for _, r := range runs {
		rows := k.rows[r.first : r.first+r.n]
		if k.kind(rows[0]) != bought {
			continue
		}
		if k.byProduct {
			for _, i := range rows {
				if code := k.product.codes[i]; code != 0 && k.products.isNew(code) {
					t.products++
				}
			}
		}
		if k.categories != nil {
			for _, i := range rows {
				k.categories.add(k.category.codes[i], k.amount[i])
			}
		}
		for j, p := range k.described {
			if p != nil {
				for _, i := range rows {
					p.add(k.more[j].codes[i], 1)
				}
			}
		}
	}
	if k.categories != nil {
		t.category, t.categories = k.categories.winner()
	}
	if len(k.described) > 0 {
		t.described = make([]uint32, len(k.described))
	}
	for j, p := range k.described {
		if p != nil {
			t.described[j], _ = p.winner()
		}
	}
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
