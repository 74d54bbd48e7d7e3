package features

// Netting: a cancellation is set against the order it undoes, and both go.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/sheet"
)

// net applies NetCancelled. It costs one pass over the lines and, for each line that goes back, one over the lines of the
// same customer and product.
func (v *view) net() (*view, string, error) {
	type pair struct{ customer, product uint32 }
	at := func(i int32) pair {
		p := pair{customer: v.customer.codes[i]}
		if v.product.present() {
			p.product = v.product.codes[i]
		}
		return p
	}
	bought, back := map[pair][]int32{}, []int32{}
	involved := make([]bool, len(v.customer.names)) // customers who sent something back
	for _, i := range v.rows {
		if v.quantity[i] < 0 && v.customer.codes[i] != 0 {
			back = append(back, i)
			bought[at(i)] = nil
			involved[v.customer.codes[i]] = true
		}
	}
	if len(back) == 0 {
		return v, "", nil
	}
	for _, i := range v.rows {
		if v.quantity[i] > 0 && involved[v.customer.codes[i]] {
			if list, ok := bought[at(i)]; ok {
				bought[at(i)] = append(list, i)
			}
		}
	}
	earlier := func(a, b int32) int { return cmp.Or(cmp.Compare(v.when[a], v.when[b]), cmp.Compare(a, b)) }
	for _, list := range bought {
		slices.SortFunc(list, earlier)
	}
	slices.SortFunc(back, earlier)

	out := *v
	out.quantity, out.amount, out.netted = slices.Clone(v.quantity), slices.Clone(v.amount), slices.Clone(v.netted)
	take := func(order, cancel int32, q int64) {
		a := out.amount[order]
		if q != out.quantity[order] {
			a = q * v.price[order]
		}
		out.netted = append(out.netted, netting{order, cancel, q, a})
		out.quantity[order] -= q
		out.amount[order] -= a
		if q == -out.quantity[cancel] {
			out.amount[cancel] = 0
		} else {
			out.amount[cancel] += q * v.price[cancel]
		}
		out.quantity[cancel] += q
	}
	whole, part := 0, 0
	for _, c := range back {
		list := bought[at(c)]
		end, _ := slices.BinarySearchFunc(list, v.when[c]+1, func(i int32, when int64) int { return cmp.Compare(v.when[i], when) })
		list = list[:end] // not later than the cancellation
		if o, ok := out.wholeOrder(list, c); ok {
			take(o, c, out.quantity[o])
			whole++
			continue
		}
		if v.price == nil { // amounts cannot be divided exactly
			continue
		}
		wanted := out.quantity[c]
		for _, o := range slices.Backward(list) {
			if q := min(out.quantity[o], -out.quantity[c]); q > 0 {
				take(o, c, q)
			}
		}
		switch out.quantity[c] {
		case 0:
			whole++
		case wanted:
		default:
			part++
		}
	}
	out.rows = make([]int32, 0, len(v.rows))
	for _, i := range v.rows {
		if out.quantity[i] != 0 || v.quantity[i] == 0 {
			out.rows = append(out.rows, i)
		}
	}
	return &out, nettingNote(len(back), whole, part), nil
}

// nettingNote says what became of the lines of goods that went back.
func nettingNote(all, whole, part int) string {
	note := fmt.Sprintf("NetCancelled: of %s lines of goods that went back, %s found their order", sheet.Count(all), sheet.Count(whole))
	if part > 0 {
		note += fmt.Sprintf(", %s a part of it", sheet.Count(part))
	}
	if rest := all - whole - part; rest > 0 {
		note += fmt.Sprintf("; the other %s stay as refunds: no earlier purchase was found for them", sheet.Count(rest))
	}
	return note + ". Where the prices of the two differ, net money changes by the difference."
}

// wholeOrder finds the latest line of list that c undoes as a whole: same quantity and price, else same quantity.
func (v *view) wholeOrder(list []int32, c int32) (int32, bool) {
	second, found := int32(0), false
	for _, o := range slices.Backward(list) {
		switch {
		case v.quantity[o] != -v.quantity[c]:
		case v.amount[o] == -v.amount[c]:
			return o, true
		case !found && v.counted:
			second, found = o, true
		}
	}
	return second, found
}
