package features

// Counting: what each customer did in a stretch of days, or in several, in one pass over the lines grouped by customer.

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/segkit/lab/segkit/internal/par"
)

// tally is what one customer did from one day to another. A line is bought if its quantity is above zero.
type tally struct {
	customer    uint32
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

// run is lines of one customer, order and time that follow one another in the file, mostly a whole order. All were bought, or none.
type run struct{ first, n int32 } // rows[first : first+n]

// sum is how many units the rows of a run are, and what they come to.
func (v *view) sum(r run) (units, money int64) {
	for _, i := range v.rows[r.first : r.first+r.n] {
		units, money = units+v.quantity.at(i), money+v.amount.at(i)
	}
	return units, money
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
	case v.quantity.at(i) > 0:
		return bought
	case v.lines.quantity.at(i) > 0:
		return reduced
	}
	return refunded
}

// cut adds the runs of rows[from:to], in order.
func (v *view) cut(out []run, from, to int) []run {
	customers, orders := v.customer.codes, v.order.codes
	for at := from; at < to; {
		i, r := v.rows[at], run{first: int32(at)}
		customer, order, when, kind := customers[i], orders[i], v.when.at(i), v.kind(i)
		for ; at < to; at++ {
			j := v.rows[at]
			if customers[j] != customer || orders[j] != order || v.when.at(j) != when || v.kind(j) != kind {
				break
			}
		}
		r.n = int32(at) - r.first
		out = append(out, r)
	}
	return out
}

// people are the runs of a view by customer, so that days can be counted without a look at all others.
type people struct {
	*view
	byName   []uint32  // codes of the customers, sorted by name; nobody is none of them
	runs     []run     // of rows, by customer, and by time within
	netted   []netting // by customer, and by the order's line within
	runsAt   []int32   // (codes+1) where the runs of a customer begin
	nettedAt []int32   // (codes+1)
}

// people groups the lines: O(lines).
func (v *view) people(ctx context.Context) (*people, error) {
	p, codes := &people{view: v}, len(v.customer.names)
	if err := p.group(ctx, codes); err != nil {
		return nil, err
	}
	p.netted, p.nettedAt = grouped(v.netted, codes, func(n netting) uint32 { return v.customer.codes[n.order] })
	earlier := func(a, b run) int { return cmp.Compare(v.when.at(v.rows[a.first]), v.when.at(v.rows[b.first])) }
	err := par.Rows(ctx, codes, func(_, from, to int) {
		for c := from; c < to; c++ {
			if runs := p.runsOf(uint32(c)); !slices.IsSortedFunc(runs, earlier) { // most files are; an order is dated by its first line
				slices.SortStableFunc(runs, earlier)
			}
			slices.SortStableFunc(p.nettingsOf(uint32(c)), func(a, b netting) int { return cmp.Compare(a.order, b.order) })
		}
	})
	for c := uint32(1); int(c) < codes; c++ { // code 0 is no customer
		if len(p.runsOf(c))+len(p.nettingsOf(c)) > 0 {
			p.byName = append(p.byName, c)
		}
	}
	par.Sort(p.byName, func(a, b uint32) int { return strings.Compare(v.customer.names[a], v.customer.names[b]) })
	return p, err
}

// group cuts the rows into runs and sorts them by customer. It cuts them twice, to count them and to put each in its place, which takes less
// time and memory than to keep them in between. Every part of the rows has counts of its own.
func (p *people) group(ctx context.Context, codes int) error {
	rows, chunks := p.rows, par.Chunks(len(p.rows))
	parts := make([][]int32, max(1, min(runtime.GOMAXPROCS(0), chunks, len(rows)/codes))) // by part and customer: how many runs, then where the next one goes
	each := func(do func(of *int32, r run)) error {
		return par.Items(ctx, len(parts), func(part int) {
			at, runs := parts[part], make([]run, 0, par.Chunk)
			for c := part * chunks / len(parts); c < (part+1)*chunks/len(parts); c++ {
				runs = p.cut(runs[:0], c*par.Chunk, min(len(rows), (c+1)*par.Chunk))
				for _, r := range runs {
					do(&at[p.customer.codes[rows[r.first]]], r)
				}
			}
		})
	}
	for part := range parts {
		parts[part] = make([]int32, codes)
	}
	if err := each(func(n *int32, _ run) { *n++ }); err != nil {
		return err
	}
	p.runsAt = make([]int32, codes+1)
	total := int32(0)
	for c := range codes {
		for _, at := range parts {
			at[c], total = total, total+at[c]
		}
		p.runsAt[c+1] = total
	}
	p.runs = make([]run, total)
	return each(func(at *int32, r run) {
		p.runs[*at] = r
		*at++
	})
}

// whole returns p with the details of its lines.
func (p *people) whole() (*people, error) {
	v, err := p.view.whole()
	if err != nil {
		return nil, err
	}
	out := *p
	out.view = v
	return &out, nil
}

func (p *people) runsOf(c uint32) []run { return p.runs[p.runsAt[c]:p.runsAt[c+1]] }

func (p *people) nettingsOf(c uint32) []netting { return p.netted[p.nettedAt[c]:p.nettedAt[c+1]] }

// grouped sorts what has a code from 0 to below codes by it, and says where each code begins (codes+1).
func grouped[E any](all []E, codes int, of func(E) uint32) (sorted []E, at []int32) {
	at = make([]int32, codes+1)
	for _, e := range all {
		at[of(e)+1]++
	}
	for c := range codes {
		at[c+1] += at[c]
	}
	sorted, fill := make([]E, len(all)), slices.Clone(at)
	for _, e := range all {
		c := of(e)
		sorted[fill[c]] = e
		fill[c]++
	}
	return sorted, at
}

// stretch is days, both ends included.
type stretch struct{ from, to int }

func (s stretch) has(day int) bool { return day >= s.from && day <= s.to }

// past is the lines as they stood on some day: nettings by later cancellations are undone.
type past struct {
	*people
	copied func() view // of the people, to be changed: the lines of one customer at a time, while others work on those of others
	undone *view       // nil until something is
	cut    []run       // of undone
}

// past returns as many as are wanted, each for one goroutine; a customer is looked at by one of them alone.
func (p *people) past() func() *past {
	copied := sync.OnceValue(func() view {
		undone := *p.view
		undone.quantity, undone.amount = p.quantity.clone(), p.amount.clone()
		return undone
	})
	return func() *past { return &past{people: p, copied: copied} }
}

// settled reports whether no later cancellation concerns what customer c did up to a day.
func (p *people) settled(c uint32, day int) bool {
	for _, n := range p.nettingsOf(c) {
		if p.day(n.order) <= day && p.day(n.cancel) > day {
			return false
		}
	}
	return true
}

// during returns the runs of customer c in some days as they stood on the last of them, and the view that has their rows. Both hold until
// the next call.
func (p *past) during(c uint32, days stretch) (*view, []run) {
	runs := p.runsOf(c)
	first := sort.Search(len(runs), func(r int) bool { return p.day(p.rows[runs[r].first]) >= days.from })
	runs = runs[first:]
	runs = runs[:sort.Search(len(runs), func(r int) bool { return p.day(p.rows[runs[r].first]) > days.to })]
	if p.settled(c, days.to) {
		return p.view, runs
	}
	if p.undone == nil {
		copied := p.copied()
		copied.rows = nil
		p.undone = &copied
	}
	u := p.undone
	u.rows = u.rows[:0]
	for _, r := range runs {
		u.rows = append(u.rows, p.rows[r.first:r.first+r.n]...)
	}
	sorted := len(u.rows)
	netted := p.nettingsOf(c)
	for at := 0; at < len(netted); {
		i, later := netted[at].order, false
		_, left := slices.BinarySearch(p.rows, i)
		quantity, amount := int64(0), int64(0)
		if left { // of lines that have gone, only what is given back counts
			quantity, amount = p.quantity.at(i), p.amount.at(i)
		}
		for ; at < len(netted) && netted[at].order == i; at++ {
			if n := netted[at]; p.day(n.cancel) > days.to {
				quantity, amount, later = quantity+n.quantity, amount+n.amount, true
			}
		}
		u.quantity.set(i, quantity)
		u.amount.set(i, amount)
		if later && !left && days.has(p.day(i)) {
			u.rows = append(u.rows, i)
		}
	}
	if len(u.rows) > sorted {
		slices.SortStableFunc(u.rows, func(a, b int32) int { return cmp.Compare(p.when.at(a), p.when.at(b)) })
	}
	p.cut = u.cut(p.cut[:0], 0, len(u.rows))
	return u, p.cut
}

// tallies counts each of the stretches for every customer with a line in it, by name. A stretch that prolongs the one before it costs only what it adds.
// Products, categories and descriptors are counted where spec asks for them.
func (p *people) tallies(ctx context.Context, days []stretch, spec Spec) ([][]tally, error) {
	past, all, some := p.past(), make([][]tally, len(days)), make([][][]tally, par.Chunks(len(p.byName)))
	for t := range all {
		all[t] = make([]tally, len(p.byName))
	}
	err := par.Rows(ctx, len(p.byName), func(chunk, from, to int) {
		k := past().newCounter(spec)
		some[chunk] = make([][]tally, len(days)) // parts of all, as far as customers have a line
		for t := range days {
			some[chunk][t] = all[t][from:from:to]
		}
		for _, c := range p.byName[from:to] {
			k.customer(c, days, some[chunk])
		}
	})
	if err != nil {
		return nil, err
	}
	for t := range all {
		n := 0
		for _, chunk := range some {
			n += copy(all[t][n:], chunk[t])
		}
		all[t] = all[t][:n]
	}
	return all, nil
}

// counter counts one customer after another. What it holds is as large as the busiest of them, not as the file.
type counter struct {
	*past
	spec             Spec
	t                tally // so far
	some             bool  // there was a line
	turn             uint32
	orders, products set
	hours            [24]int // orders by the hour
	categories       *poll   // nil where they are not counted
	described        []*poll // likewise, by descriptor; empty where none is
	byProduct        bool    // products are counted
}

func (p *past) newCounter(spec Spec) *counter {
	k := &counter{past: p, spec: spec, byProduct: spec.asks("products") && p.product.present()}
	names := p.descriptorNames()
	if p.categorized {
		if names = names[1:]; spec.asks("categories") || spec.asks("top_category") {
			k.categories = &poll{names: p.category.names}
		}
	}
	if slices.ContainsFunc(names, spec.asks) {
		k.described = make([]*poll, len(names))
	}
	for j := range k.described {
		if spec.asks(names[j]) {
			k.described[j] = &poll{names: p.more[j].names}
		}
	}
	return k
}

// customer adds to each (as many as days) what customer c did, where that is anything.
func (k *counter) customer(c uint32, days []stretch, each [][]tally) {
	if k.spec.FirstOrders > 0 {
		for t, d := range days {
			if d = k.early(c, d); k.some {
				each[t] = append(each[t], k.tally(d))
			}
		}
		return
	}
	for t, d := range days {
		more := d
		if t > 0 && d.from == days[t-1].from && d.to >= days[t-1].to && k.settled(c, days[t-1].to) {
			more.from = days[t-1].to + 1
		} else {
			k.start(c)
		}
		k.count(c, more)
		if k.some {
			each[t] = append(each[t], k.tally(d))
		}
	}
}

func (k *counter) count(c uint32, days stretch) {
	v, runs := k.during(c, days)
	for _, r := range runs {
		k.add(v, r)
	}
}

// early counts the first orders of customer c as they stood at the end of the day of the last of them, when no later cancellation was known,
// and returns the days up to it.
func (k *counter) early(c uint32, days stretch) stretch {
	var candidates []int
	for _, r := range k.runsOf(c) {
		candidates = append(candidates, k.day(k.rows[r.first]))
	}
	for _, n := range k.nettingsOf(c) { // its line may have gone since
		candidates = append(candidates, k.day(n.order))
	}
	slices.Sort(candidates)
	k.start(c)
	for _, days.to = range slices.DeleteFunc(slices.Compact(candidates), func(day int) bool { return !days.has(day) }) {
		k.start(c)
		if k.count(c, days); k.t.orders >= k.spec.FirstOrders {
			break
		}
	}
	return days
}

// start forgets what was counted.
func (k *counter) start(c uint32) {
	lines := len(k.nettingsOf(c))
	for _, r := range k.runsOf(c) {
		lines += int(r.n)
	}
	k.t, k.some, k.hours = tally{customer: c, first: math.MaxInt, last: math.MinInt}, false, [24]int{}
	k.turn++
	k.orders.start(k.turn, lines)
	if k.byProduct {
		k.products.start(k.turn, min(lines, len(k.product.names)))
	}
	if k.categories != nil {
		k.categories.start(k.turn, lines)
	}
	for _, p := range k.described {
		if p != nil {
			p.start(k.turn, lines)
		}
	}
}

// add counts a run of v.
func (k *counter) add(v *view, r run) {
	k.some = true
	rows, t := v.rows[r.first:r.first+r.n], &k.t
	i := rows[0]
	units, money := v.sum(r)
	switch v.kind(i) {
	case reduced:
		t.sales += money
		return
	case refunded:
		t.refunds += money
		return
	}
	day, orders := v.day(i), 0
	if k.spec.Order == ByLine {
		orders = int(r.n)
	} else {
		order := v.order.codes[i]
		if k.spec.Order == ByDay {
			order = uint32(int32(day))
		}
		number, isNew := k.orders.add(order)
		if k.spec.FirstOrders > 0 && int(number) >= k.spec.FirstOrders {
			return
		}
		if isNew {
			orders = 1
		}
	}
	t.units += units
	t.sales += money
	t.first, t.last = min(t.first, day), max(t.last, day)
	t.orders += orders
	if weekday := (day%7 + 11) % 7; weekday == 0 || weekday == 6 { // day 0 was a Thursday
		t.weekend += orders
	}
	k.hours[int(v.when.at(i)-int64(day)*secondsPerDay)/3600] += orders
	if k.byProduct {
		for _, i := range rows {
			if code := v.product.code(i); code != 0 && k.products.isNew(code) {
				t.products++
			}
		}
	}
	if k.categories != nil {
		for _, i := range rows {
			k.categories.add(v.category.code(i), v.amount.at(i))
		}
	}
	for j, p := range k.described {
		if p != nil {
			for _, i := range rows {
				p.add(v.more[j].code(i), 1)
			}
		}
	}
}

// tally is what was counted of some days.
func (k *counter) tally(days stretch) tally {
	t := k.t
	for hour, before := 0, 0; hour < len(k.hours) && t.orders > 0; hour++ {
		if before += k.hours[hour]; before > (t.orders-1)/2 {
			t.hour = hour
			break
		}
	}
	for _, n := range k.nettingsOf(t.customer) {
		if k.day(n.order) >= days.from && k.day(n.cancel) <= days.to {
			t.netted += n.amount
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
	return t
}

// set numbers the codes of one customer by their first appearance: a hash table with open addressing, whose slots are free unless
// they are of this turn, so that nothing need be cleared for the next one.
type set struct {
	keys    []uint64 // turn in the upper half, code in the lower
	numbers []uint32 // of the codes
	mask    uint64   // the first mask+1 slots are in use: at least twice as many as codes may come
	turn    uint64   // in the upper half
	size    uint32
	last    uint64 // key added or found last: neighbouring lines mostly agree
	number  uint32 // of it
}

// start empties the set for a turn, above 0 and above the one before, in which at most n codes will come.
func (s *set) start(turn uint32, n int) {
	room := 2 << bits.Len(uint(n))
	if room > len(s.keys) {
		s.keys, s.numbers = make([]uint64, room), make([]uint32, room)
	}
	s.mask, s.turn, s.size, s.last = uint64(room-1), uint64(turn)<<32, 0, 0
}

// add returns the number of a code, and whether it is new.
func (s *set) add(code uint32) (number uint32, isNew bool) {
	key := s.turn | uint64(code)
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

// start empties the poll for a turn of at most n votes.
func (p *poll) start(turn uint32, n int) {
	p.voted.start(turn, min(n, len(p.names)))
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
