package features

// Netting: a cancellation is set against the order it undoes, and both go.

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/segkit/lab/segkit/internal/evidence"
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
		t.value = int64(v.product.codes[i])
	case by == evidence.ByDescription && v.name.present():
		t.value = int64(v.name.codes[i])
	case by == evidence.ByPrice && v.price != nil:
		t.value = v.price[i]
	case by == evidence.ByPrice && v.quantity[i] < 0:
		t.value = -v.amount[i]
	case by == evidence.ByPrice:
		t.value = v.amount[i]
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

// net applies NetCancelled. It costs one pass over the lines and, for each line that goes back, one over the purchases on its trail.
func (v *view) net() (*view, string) {
	bought, back := map[trail][]int32{}, []int32{}
	involved := make([]bool, len(v.customer.names)) // customers who sent something back
	var used [evidence.Unmarked + 1]bool            // kinds of evidence that some line needs
	for _, i := range v.rows {
		if v.quantity[i] < 0 && v.customer.codes[i] != 0 {
			t := v.surest(i)
			back = append(back, i)
			bought[t] = nil
			used[t.by], involved[t.customer] = true, true
		}
	}
	if len(back) == 0 {
		return v, ""
	}
	for _, i := range v.rows {
		if v.quantity[i] <= 0 || !involved[v.customer.codes[i]] {
			continue
		}
		for by := evidence.ByProduct; by < evidence.Unmarked; by++ {
			if !used[by] {
				continue
			}
			if t, ok := v.mark(i, by); ok {
				if list, ok := bought[t]; ok {
					bought[t] = append(list, i)
				}
			}
		}
	}
	earlier := func(a, b int32) int { return cmp.Or(cmp.Compare(v.when[a], v.when[b]), cmp.Compare(a, b)) }
	for _, list := range bought {
		slices.SortFunc(list, earlier)
	}
	slices.SortFunc(back, earlier)

	out := v.again(func(v *view) (*view, string) { return v.net() })
	out.quantity, out.amount, out.netted = slices.Clone(v.quantity), slices.Clone(v.amount), slices.Clone(v.netted)
	kept := map[int32]int64{} // money of units that went back, which their order keeps: no part of what its other units cost
	take := func(order, cancel int32, q int64, by evidence.Kind) {
		a, refund := out.amount[order], -out.amount[cancel]
		switch {
		case v.price == nil:
			refund = share(refund, q, -out.quantity[cancel])
			a = share(a-kept[order], q, out.quantity[order])
		default:
			if q != out.quantity[order] {
				a = q * v.price[order]
			}
			if q != -out.quantity[cancel] {
				refund = q * v.price[cancel]
			}
		}
		if by != evidence.ByProduct || v.price == nil { // one description may cover articles of several prices: what was not refunded stays with the order
			kept[order] += a - refund
			a = refund
		}
		out.netted = append(out.netted, netting{order, cancel, q, a})
		out.quantity[order] -= q
		out.amount[order] -= a
		out.quantity[cancel] += q
		out.amount[cancel] += refund
	}
	var found evidence.Found
	for _, c := range back {
		t := v.surest(c)
		list := bought[t]
		end, _ := slices.BinarySearchFunc(list, v.when[c]+1, func(i int32, when int64) int { return cmp.Compare(v.when[i], when) })
		list = list[:end] // not later than the cancellation
		wanted := out.quantity[c]
		if o, ok := out.wholeOrder(list, c, kept); ok {
			take(o, c, out.quantity[o], t.by)
		} else if v.price != nil {
			for _, o := range slices.Backward(list) {
				if q := min(out.quantity[o], -out.quantity[c]); q > 0 {
					take(o, c, q, t.by)
				}
			}
		} else if v.counted { // without prices the amounts tell: purchases of the same money a unit first, then what cost enough
			for _, fits := range []func(o, c int32, kept int64) bool{out.sameUnitPrice, out.costsEnough} {
				for _, o := range slices.Backward(list) {
					if q := min(out.quantity[o], -out.quantity[c]); q > 0 && fits(o, c, kept[o]) {
						take(o, c, q, t.by)
					}
				}
			}
		}
		found.Count(t.by, wanted, out.quantity[c])
	}
	out.rows = make([]int32, 0, len(v.rows))
	for _, i := range v.rows {
		if out.quantity[i] != 0 || out.amount[i] != 0 || v.quantity[i] == 0 {
			out.rows = append(out.rows, i)
		}
	}
	return out, found.Note(v.price != nil, v.counted)
}

// wholeOrder finds the latest line of list that c undoes as a whole: same quantity and price, else same quantity.
func (v *view) wholeOrder(list []int32, c int32, kept map[int32]int64) (int32, bool) {
	second, found := int32(0), false
	for _, o := range slices.Backward(list) {
		switch {
		case v.quantity[o] != -v.quantity[c]:
		case v.amount[o]-kept[o] == -v.amount[c] && (v.price != nil || kept[o] >= 0): // below zero it is a cent lost to rounding
			return o, true
		case !found && v.counted && (v.price != nil || v.costsEnough(o, c, kept[o])):
			second, found = o, true
		}
	}
	return second, found
}

// sameUnitPrice reports whether the units of o that still stand cost as much each as those of c gave back.
func (v *view) sameUnitPrice(o, c int32, kept int64) bool {
	a, refund := v.amount[o]-kept, -v.amount[c]
	hi, lo := bits.Mul64(magnitude(a), magnitude(v.quantity[c]))
	hi2, lo2 := bits.Mul64(magnitude(refund), magnitude(v.quantity[o]))
	return a >= 0 == (refund >= 0) && hi == hi2 && lo == lo2 && (kept >= 0 || v.costsEnough(o, c, kept))
}

// costsEnough reports whether what c gives back of o's units is no more than the money that o still holds.
func (v *view) costsEnough(o, c int32, _ int64) bool {
	refund := share(-v.amount[c], min(v.quantity[o], -v.quantity[c]), -v.quantity[c])
	return refund >= 0 && refund <= v.amount[o]
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
