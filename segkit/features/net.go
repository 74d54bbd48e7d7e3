package features

// Netting: a cancellation is set against the order it undoes, and both go.

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/par"
)

// trail names the purchases that a line of goods that come back may undo: those of one customer that agree with it in its surest evidence.
type trail struct {
	customer uint32
	by       evidence.Kind
	value    int64 // code of the product or of its name, or the price
}

// mark returns what line i has to show of one kind of evidence; false if its cell is empty, since nothing equals a missing value.
// A price of zero tells no product from another. Where the file has amounts only, the amount takes the place of the price.
func (v *view) mark(i int32, by evidence.Kind) (trail, bool) {
	t := trail{customer: v.customer.codes[i], by: by}
	switch {
	case by == evidence.ByProduct && v.product.present():
		t.value = int64(v.product.code(i))
	case by == evidence.ByDescription && v.name.present():
		t.value = int64(v.name.code(i))
	case by == evidence.ByPrice && v.price.present():
		t.value = v.price.at(i)
	case by == evidence.ByPrice && v.quantity.at(i) < 0:
		t.value = -v.amount.at(i)
	case by == evidence.ByPrice:
		t.value = v.amount.at(i)
	}
	return t, t.value != 0
}

// surest returns the trail of line i by the first evidence that it has.
func (v *view) surest(i int32) trail {
	for by := evidence.ByProduct; by < evidence.Unmarked; by++ {
		if t, ok := v.mark(i, by); ok {
			return t
		}
	}
	return trail{customer: v.customer.codes[i], by: evidence.Unmarked}
}

// shown is a purchase by what it has to show of one kind of evidence.
type shown struct {
	trail
	line int32
}

// net applies NetCancelled, customer by customer. It costs one pass over the lines, sorting those of customers who sent something back, and,
// for each line that goes back, one over the purchases on its trail.
func (v *view) net() (*view, string) {
	codes := len(v.customer.names)
	involved := make([]bool, codes) // customers who sent something back
	for _, i := range v.rows {
		if v.quantity.at(i) < 0 {
			involved[v.customer.codes[i]] = true
		}
	}
	involved[0] = false // nobody
	var customers []int
	for c, is := range involved {
		if is {
			customers = append(customers, c)
		}
	}
	if customers == nil {
		return v, ""
	}
	theirs, at := grouped(where(v.rows, func(i int32) bool { return involved[v.customer.codes[i]] }), codes, func(i int32) uint32 { return v.customer.codes[i] })
	out := v.again(func(v *view) (*view, string) { return v.net() })
	out.quantity, out.amount = v.quantity.clone(), v.amount.clone()
	for _, c := range customers {
		money := uint64(0)
		for _, i := range theirs[at[c]:at[c+1]] {
			money += magnitude(v.amount.at(i))
		}
		out.amount.prepare(money)
	}
	netters := make([]netter, par.Chunks(len(customers)))
	_ = par.Rows(context.Background(), len(customers), func(chunk, from, to int) {
		n := netter{before: v, view: out, kept: map[int32]int64{}}
		for _, c := range customers[from:to] {
			n.customer(theirs[at[c]:at[c+1]])
		}
		netters[chunk] = netter{netted: n.netted, found: n.found}
	})
	out.netted = slices.Clone(v.netted)
	var found evidence.Found
	for _, n := range netters {
		out.netted = append(out.netted, n.netted...)
		found.Add(&n.found)
	}
	out.rows = where(v.rows, func(i int32) bool {
		return out.quantity.at(i) != 0 || out.amount.at(i) != 0 || v.quantity.at(i) == 0
	})
	return out, found.Note(v.price.present(), v.counted, func(units int64) string { return v.money(units).String() })
}

// netter nets one customer after another.
type netter struct {
	*view  // what it makes, in the lines of its customers
	before *view
	netted []netting
	found  evidence.Found
	kept   map[int32]int64 // of the customer: money of units that went back, which their order keeps: no part of what its other units cost
	bought []shown         // by the customer: sorted by trail, and by time within
	lines  []int32         // of bought
	back   []int32
}

// customer nets the lines of one customer.
func (n *netter) customer(rows []int32) {
	v, out := n.before, n.view
	clear(n.kept)
	n.bought, n.lines, n.back = n.bought[:0], n.lines[:0], n.back[:0]
	var used [evidence.Unmarked + 1]bool // kinds of evidence that some line needs
	for _, i := range rows {
		if v.quantity.at(i) < 0 {
			n.back = append(n.back, i)
			used[v.surest(i).by] = true
		}
	}
	for _, i := range rows {
		if v.quantity.at(i) <= 0 {
			continue
		}
		for by := evidence.ByProduct; by < evidence.Unmarked; by++ {
			if t, ok := v.mark(i, by); ok && used[by] {
				n.bought = append(n.bought, shown{t, i})
			}
		}
	}
	earlier := func(a, b int32) int { return cmp.Or(cmp.Compare(v.when.at(a), v.when.at(b)), cmp.Compare(a, b)) }
	slices.SortFunc(n.back, earlier)
	slices.SortFunc(n.bought, func(a, b shown) int {
		if order := a.compare(b.trail); order != 0 {
			return order
		}
		return earlier(a.line, b.line)
	})
	for _, m := range n.bought {
		n.lines = append(n.lines, m.line)
	}
	for _, c := range n.back {
		t := v.surest(c)
		from, _ := slices.BinarySearchFunc(n.bought, t, func(m shown, t trail) int { return m.compare(t) })
		end, _ := slices.BinarySearchFunc(n.bought, t, func(m shown, t trail) int { // not later than the cancellation
			return cmp.Or(m.compare(t), cmp.Compare(v.when.at(m.line), v.when.at(c)), -1)
		})
		list := n.lines[from:end]
		wanted, before := out.quantity.at(c), len(n.netted)
		if o, ok := out.wholeOrder(list, c, n.kept); ok {
			n.take(o, c, out.quantity.at(o), t.by)
		} else if v.price.present() {
			for _, o := range slices.Backward(list) {
				if q := min(out.quantity.at(o), -out.quantity.at(c)); q > 0 {
					n.take(o, c, q, t.by)
				}
			}
		} else if v.counted { // without prices the amounts tell: purchases of the same money a unit first, then what cost enough
			for _, fits := range []func(o, c int32, kept int64) bool{out.sameUnitPrice, out.costsEnough} {
				for _, o := range slices.Backward(list) {
					if q := min(out.quantity.at(o), -out.quantity.at(c)); q > 0 && fits(o, c, n.kept[o]) {
						n.take(o, c, q, t.by)
					}
				}
			}
		}
		n.found.Count(t.by, wanted, out.quantity.at(c))
		n.doubt(list, n.netted[before:])
	}
}

// doubt counts a line of which taken went against orders that came to nothing by their status, if an order on its trail, list, stood.
func (n *netter) doubt(list []int32, taken []netting) {
	if !n.status.present() {
		return
	}
	doubtful, money := false, int64(0)
	for _, t := range taken {
		if n.undoneBy(t.order) {
			doubtful, money = true, money+t.amount
		}
	}
	if doubtful && slices.ContainsFunc(list, func(o int32) bool { return !n.undoneBy(o) }) {
		n.found.Doubtful++
		n.found.Money += money
	}
}

// compare orders the trails of one customer.
func (t trail) compare(other trail) int {
	return cmp.Or(cmp.Compare(t.by, other.by), cmp.Compare(t.value, other.value))
}

// take sets q units of the line cancel against the line order.
func (n *netter) take(order, cancel int32, q int64, by evidence.Kind) {
	v, out := n.before, n.view
	a, refund := out.amount.at(order), -out.amount.at(cancel)
	switch {
	case !v.price.present():
		refund = share(refund, q, -out.quantity.at(cancel))
		a = share(a-n.kept[order], q, out.quantity.at(order))
	default:
		if q != out.quantity.at(order) {
			a = q * v.price.at(order)
		}
		if q != -out.quantity.at(cancel) {
			refund = q * v.price.at(cancel)
		}
	}
	if by != evidence.ByProduct || !v.price.present() { // one description may cover articles of several prices: what was not refunded stays with the order
		n.kept[order] += a - refund
		a = refund
	}
	n.netted = append(n.netted, netting{order, cancel, q, a})
	out.quantity.add(order, -q)
	out.amount.add(order, -a)
	out.quantity.add(cancel, q)
	out.amount.add(cancel, refund)
}

// wholeOrder finds the latest line of list that c undoes as a whole: same quantity and price, else same quantity.
func (v *view) wholeOrder(list []int32, c int32, kept map[int32]int64) (int32, bool) {
	second, found := int32(0), false
	for _, o := range slices.Backward(list) {
		switch {
		case v.quantity.at(o) != -v.quantity.at(c):
		case v.amount.at(o)-kept[o] == -v.amount.at(c) && (v.price.present() || kept[o] >= 0): // below zero it is a cent lost to rounding
			return o, true
		case !found && v.counted && (v.price.present() || v.costsEnough(o, c, kept[o])):
			second, found = o, true
		}
	}
	return second, found
}

// sameUnitPrice reports whether the units of o that still stand cost as much each as those of c gave back.
func (v *view) sameUnitPrice(o, c int32, kept int64) bool {
	a, refund := v.amount.at(o)-kept, -v.amount.at(c)
	hi, lo := bits.Mul64(magnitude(a), magnitude(v.quantity.at(c)))
	hi2, lo2 := bits.Mul64(magnitude(refund), magnitude(v.quantity.at(o)))
	return a >= 0 == (refund >= 0) && hi == hi2 && lo == lo2 && (kept >= 0 || v.costsEnough(o, c, kept))
}

// costsEnough reports whether what c gives back of o's units is no more than the money that o still holds.
func (v *view) costsEnough(o, c int32, _ int64) bool {
	refund := share(-v.amount.at(c), min(v.quantity.at(o), -v.quantity.at(c)), -v.quantity.at(c))
	return refund >= 0 && refund <= v.amount.at(o)
}

// share returns the part of money that falls to q of n units, 0 < q <= n, cut towards zero: all of it for all of them.
func share(money, q, n int64) int64 {
	hi, lo := bits.Mul64(magnitude(money), uint64(q))
	part, _ := bits.Div64(hi, lo, uint64(n)) // q <= n, so it is no larger than the money
	if money < 0 {
		return -int64(part)
	}
	return int64(part)
}
