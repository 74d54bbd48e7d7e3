package features

// The named rules of cleaning, each a filter on order lines. A rule is plain data: its name says what it does.

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Rule removes order lines. The rules are the variables below, and Without.
type Rule struct {
	Name   string
	Column string   `json:",omitempty"` // of Without
	Values []string `json:",omitempty"`
}

var (
	// NoCustomer removes lines without a customer, because they belong to nobody's row.
	NoCustomer = Rule{Name: "no customer"}
	// MissingValue removes lines without a date, without a quantity, or without a price or an amount, if the file has such a
	// column: their worth, or their day, is unknown. Features, Outcome and the like require this rule if there are such lines.
	MissingValue = Rule{Name: "missing value"}
	// Duplicate removes lines that repeat an earlier one in every column that was read. It does the same after NetCancelled as
	// before it: whatever a repeated line took part in is netted again without it.
	Duplicate = Rule{Name: "duplicate"}
	// TestOrder removes lines whose customer, order number or product id is "test", alone or followed by something other
	// than a letter ("TEST-01"). Product names are not looked at: some shops sell test tubes.
	TestOrder = Rule{Name: "test order"}
	// NetCancelled matches every line of returned goods (negative quantity) with the purchase that it undoes, and removes both. The purchase has the same customer
	// and product and is not later: the latest one with the same quantity and price, else the latest with the same quantity, else the latest ones in part. A line
	// without a product id is matched by its description, and a line without a description by its price; the ledger says how many were matched in each way. If goods
	// are matched by description, only as much money is removed as was refunded. The same holds in files with amounts and no prices, where purchases at the same
	// amount per unit come first, and none loses more than it cost. A return that matches no purchase stays as a refund: its order is usually from before the first
	// line. The status does not say which order the goods came from: the ledger says if they were matched with an order that came to nothing although a valid one
	// existed, and putting Undone before NetCancelled leaves only valid orders. Features and Outcome take a cancellation into account from its own day on, never
	// earlier.
	NetCancelled = Rule{Name: "net cancelled"}
	// Cancelled removes the lines of cancellations: the order number starts with C and a digit, the quantity is negative.
	// The orders that they cancel stay; NetCancelled removes both.
	Cancelled = Rule{Name: "cancelled"}
	// Returned removes the other lines with a negative quantity.
	Returned = Rule{Name: "returned"}
	// Undone removes the lines whose status says that their order was cancelled, refunded, returned or never paid. It also subtracts
	// what the refund column says was given back, from the order's lines in proportion to what they cost, to the last decimal, and
	// never more than they cost. The files do not say when money was given back, so both count from the day of the order. Refunds with
	// lines of their own are handled by NetCancelled.
	Undone = Rule{Name: "undone"}
	// SameEmail merges customers whose e-mail addresses differ only in upper and lower case. Put it first, because later rules work by
	// customer.
	SameEmail = Rule{Name: "same e-mail"}
	// ZeroQuantity removes lines of no units, whatever their amount: notes, stock corrections, postage booked without a quantity.
	// If they stay, their money counts as a refund below zero and as a sale above, and they do not make an order.
	ZeroQuantity = Rule{Name: "zero quantity"}
	// ZeroPrice removes lines that cost nothing: gifts, samples, stock corrections.
	ZeroPrice = Rule{Name: "zero price"}
	// NegativePrice removes lines with a price below zero: bookkeeping, not shopping.
	NegativePrice = Rule{Name: "negative price"}
)

// UsualRules suit most shops: NoCustomer, Duplicate, TestOrder, NetCancelled and Undone, in this order. Each has a row in the
// ledger, even if it found nothing to remove; Undone finds nothing in a file without statuses and refunds. Add more rules after
// them: append(features.UsualRules, features.ZeroPrice). Put MissingValue before them, so that a line without a price cancels
// nothing: append([]features.Rule{features.MissingValue}, features.UsualRules...).
var UsualRules = []Rule{NoCustomer, Duplicate, TestOrder, NetCancelled, Undone}

// Without removes lines whose column holds one of the values: postage, one country, the wholesale channel. Name the column by its
// meaning ("product", "category", "status") or by its header in the file.
func Without(column string, values ...string) Rule {
	return Rule{Name: "without", Column: column, Values: values}
}

func (r Rule) String() string {
	if r.Column == "" {
		return r.Name
	}
	return fmt.Sprintf("%s %s %s", r.Name, r.Column, strings.Join(r.Values, ", "))
}

// looksAtDetails reports whether r goes by products, their names or descriptors.
func (r Rule) looksAtDetails() bool {
	switch r.Name {
	case Duplicate.Name, TestOrder.Name, NetCancelled.Name, "without":
		return true
	}
	return false
}

// filter sets by to the given number for those of the rows that a rule removes, where it is 0.
type filter func(rows []int32, by []uint16, number uint16)

// mark is a filter of one test. It is small, so that the test becomes part of its loop.
func mark(rows []int32, by []uint16, number uint16, removes func(i int32) bool) {
	for at, i := range rows {
		if by[at] == 0 && removes(i) {
			by[at] = number
		}
	}
}

// removes is the test for one line whether any of the filters removes it.
func removes(filters []filter) func(i int32) bool {
	return func(i int32) bool {
		by := []uint16{0}
		for _, f := range filters {
			f([]int32{i}, by, 1)
		}
		return by[0] != 0
	}
}

// filter returns what tells the lines that r removes, where r goes by each line alone, and a sentence if there is something to say
// about it; nil for the other rules.
func (r Rule) filter(v *view) (remove filter, note string, err error) {
	l, quantity := v.lines, v.quantity
	switch r.Name {
	case NoCustomer.Name:
		codes := v.customer.codes
		remove = func(rows []int32, by []uint16, f uint16) {
			mark(rows, by, f, func(i int32) bool { return codes[i] == 0 })
		}
	case MissingValue.Name:
		remove = func(rows []int32, by []uint16, f uint16) {
			mark(rows, by, f, func(i int32) bool { return l.lacks != nil && l.lacks[i] != 0 })
		}
	case TestOrder.Name:
		tests := v.tests()
		remove = func(rows []int32, by []uint16, f uint16) { mark(rows, by, f, tests) }
	case Cancelled.Name:
		remove = func(rows []int32, by []uint16, f uint16) {
			mark(rows, by, f, func(i int32) bool { return l.cancelled(i) })
		}
	case Returned.Name:
		remove = func(rows []int32, by []uint16, f uint16) {
			mark(rows, by, f, func(i int32) bool { return quantity.at(i) < 0 && !l.cancelled(i) })
		}
	case ZeroPrice.Name:
		remove = func(rows []int32, by []uint16, f uint16) { mark(rows, by, f, func(i int32) bool { return l.free(i) }) }
	case NegativePrice.Name:
		remove = func(rows []int32, by []uint16, f uint16) {
			mark(rows, by, f, func(i int32) bool { return l.negativePrice(i) })
		}
	case "without":
		return r.without(v)
	}
	return remove, "", nil
}

// filtersOf returns the filters of the first rules that have one.
func filtersOf(rules []Rule, v *view) (filters []filter, notes []string, err error) {
	for _, r := range rules {
		remove, note, err := r.filter(v)
		if remove == nil {
			return filters, notes, err
		}
		filters = append(filters, remove)
		if note != "" {
			notes = append(notes, note)
		}
	}
	return filters, notes, nil
}

// apply returns what r, which has no filter, leaves of v, and a sentence if there is something to say about it.
func (r Rule) apply(v *view) (next *view, note string, err error) {
	switch r.Name {
	case Duplicate.Name:
		next, note = v.unique()
	case NetCancelled.Name:
		next, note = v.net()
	case Undone.Name:
		next, note = v.undone()
	case SameEmail.Name:
		next, note = v.sameEmail()
	case ZeroQuantity.Name:
		next, note = v.unitless()
	default:
		return nil, "", r.Check()
	}
	return next, note, nil
}

// all are the rules that go by their name alone.
var all = []Rule{NoCustomer, MissingValue, Duplicate, TestOrder, NetCancelled, Cancelled, Returned, Undone, SameEmail, ZeroQuantity, ZeroPrice, NegativePrice}

// Check refuses a handwritten rule that does not exist.
func (r Rule) Check() error {
	var names []string
	for _, known := range all {
		names = append(names, known.Name)
	}
	if r.Name == "without" || slices.Contains(names, r.Name) {
		return nil
	}
	want := "a rule of package features, such as features.NoCustomer"
	if near := suggest.Nearest(r.Name, names); near != "" {
		want = "a rule of package features; did you mean features."
		for _, word := range strings.Fields(near) {
			want += wording.Capital(word)
		}
		want += "?"
	}
	return &fault.OptionError{Method: "features.Orders.Clean", Field: "Rule", Value: strconv.Quote(r.Name), Want: want}
}

func (r Rule) without(v *view) (remove filter, note string, err error) {
	t, err := v.column(r.Column)
	if err != nil {
		return nil, "", err
	}
	unwanted := map[string]bool{}
	for _, value := range r.Values {
		unwanted[value] = true
	}
	gone, found := make([]bool, len(t.names)), map[string]bool{}
	for code, name := range t.names {
		if unwanted[name] {
			gone[code], found[name] = true, true
		}
	}
	absent := []string{}
	for _, value := range r.Values {
		if !found[value] {
			absent = append(absent, fmt.Sprintf("%q", value))
		}
	}
	if len(absent) > 0 {
		note = fmt.Sprintf("%s: no line has %s", r, sheet.List(absent))
	}
	return func(rows []int32, by []uint16, f uint16) {
		mark(rows, by, f, func(i int32) bool { return gone[t.code(i)] })
	}, note, nil
}

// unitless applies ZeroQuantity, and says so where money goes with the lines.
func (v *view) unitless() (*view, string) {
	n, money := 0, int64(0)
	for _, i := range v.rows {
		if v.ofNoUnits(i) && v.amount.at(i) != 0 {
			n, money = n+1, money+v.amount.at(i)
		}
	}
	out := v.drop(v.ofNoUnits)
	if n == 0 {
		return out, ""
	}
	return out, fmt.Sprintf("ZeroQuantity: %s with a quantity of zero nevertheless had an amount, %s net, which was removed too.", wording.Plural(n, "line"), v.money(money).Text())
}

// sameEmail makes one customer of addresses that differ in case only, as if the file had written them in small letters.
func (v *view) sameEmail() (*view, string) {
	small := map[string]uint32{}
	codes, names := make([]uint32, len(v.customer.names)), slices.Clone(v.customer.names)
	spellings := map[uint32]int{}
	used := make([]bool, len(names))
	for _, i := range v.rows {
		used[v.customer.codes[i]] = true
	}
	for c, name := range v.customer.names {
		codes[c] = uint32(c)
		if !strings.Contains(name, "@") {
			continue
		}
		names[c] = strings.ToLower(name)
		if first, ok := small[names[c]]; ok {
			codes[c] = first
		} else {
			small[names[c]] = uint32(c)
		}
		if used[c] {
			spellings[codes[c]]++
		}
	}
	of, customers := 0, 0
	for _, n := range spellings {
		if n > 1 {
			of, customers = of+n, customers+1
		}
	}
	out, _ := v.redo(func(v *view) (*view, string) {
		out := *v
		out.lines = v.lines.withCustomers(codes, names)
		return &out, ""
	})
	if customers == 0 {
		return out, ""
	}
	return out, fmt.Sprintf("SameEmail: %s spellings of %s.", sheet.Count(of), wording.Plural(customers, "customer"))
}

// tests reports whether a line is a test order.
func (v *view) tests() func(i int32) bool {
	type flagged struct {
		*texts
		test []bool
	}
	var columns []flagged
	for _, t := range []*texts{&v.customer, &v.order, &v.product} {
		f, any := flagged{t, make([]bool, len(t.names))}, false
		for code, name := range t.names {
			f.test[code] = isTest(name)
			any = any || f.test[code]
		}
		if any {
			columns = append(columns, f)
		}
	}
	return func(i int32) bool {
		for _, f := range columns {
			if f.test[f.code(i)] {
				return true
			}
		}
		return false
	}
}

func isTest(id string) bool {
	if len(id) < 4 || !strings.EqualFold(id[:4], "test") {
		return false
	}
	if len(id) == 4 {
		return true
	}
	c := id[4] | 0x20
	return c < 'a' || c > 'z'
}

// unique removes the lines that repeat an earlier one. Netting makes no line another line, but a repeated one may have taken part in
// it, so it is undone and done again without them: Duplicate takes out the same lines before and behind NetCancelled. Returned between the two is
// the exception: it takes out what netting made whole, and is not done again.
func (v *view) unique() (*view, string) {
	if v.before == nil {
		return v.drop(v.repeats()), ""
	}
	found := v.before.repeats()
	if !slices.ContainsFunc(v.before.rows, found) {
		return v, ""
	}
	out, note := v.redo(func(v *view) (*view, string) { return v.drop(found), "" })
	return out, "Counted again without the duplicates. " + note
}

// repeats reports whether a line of v equals an earlier one of v in every column. It is a hash table of lines with open addressing, in which
// every order has a part of its own: lines of an order mostly stand together, in the file and so in the table.
func (v *view) repeats() func(i int32) bool {
	ends := make([]uint32, len(v.order.names)+1) // of the parts: three places for two lines
	for _, i := range v.rows {
		ends[v.order.codes[i]+1]++
	}
	for c := 1; c < len(ends); c++ {
		n := ends[c]
		ends[c] = ends[c-1] + n + (n+1)/2
	}
	slots, again := make([]int32, ends[len(ends)-1]), make([]bool, v.len()) // slots hold line + 1
	columns := v.texts()
	workers := max(1, min(runtime.GOMAXPROCS(0), len(v.rows)/par.Chunk)) // each has some of the orders
	_ = par.Items(context.Background(), workers, func(worker int) {
		from, to := uint32(worker*(len(ends)-1)/workers), uint32((worker+1)*(len(ends)-1)/workers)
		for _, i := range v.rows {
			order := v.order.codes[i]
			if order < from || order >= to {
				continue
			}
			h := uint64(v.when.at(i))*0x9e3779b97f4a7c15 ^ uint64(v.lines.amount.at(i)) // as read: netting makes no line another line
			for _, c := range columns {
				h = (h ^ uint64(c.code(i))) * 0xff51afd7ed558ccd
				h ^= h >> 32
			}
			part := slots[ends[order]:ends[order+1]]
			p, _ := bits.Mul64(h, uint64(len(part)))
			for ; part[p] != 0; p++ {
				if v.equal(i, part[p]-1, columns) {
					again[i] = true
					break
				}
				if p == uint64(len(part))-1 {
					p = math.MaxUint64 // the next is the first
				}
			}
			if !again[i] {
				part[p] = i + 1
			}
		}
	})
	return func(i int32) bool { return again[i] }
}

// texts returns the columns of texts that the file has.
func (l *lines) texts() []*texts {
	var out []*texts
	for _, t := range append([]*texts{&l.order, &l.customer, &l.product, &l.name, &l.category, &l.status, &l.direction, &l.currencies}, pointers(l.more)...) {
		if t.present() {
			out = append(out, t)
		}
	}
	return out
}

func (v *view) equal(i, j int32, columns []*texts) bool {
	if v.when.at(i) != v.when.at(j) || v.lines.quantity.at(i) != v.lines.quantity.at(j) || v.lines.amount.at(i) != v.lines.amount.at(j) ||
		v.price.present() && v.price.at(i) != v.price.at(j) {
		return false
	}
	for _, c := range columns {
		if c.code(i) != c.code(j) {
			return false
		}
	}
	return true
}
