package features

// Cleaning: rules in order, and a ledger of what each removed; and the view of the lines that they leave.

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Cleaned is what the rules left, with a ledger of what they removed.
type Cleaned struct {
	*Orders
	Ledger *Ledger
}

// Rules returns the rules that were applied, in order, including those of earlier calls of Clean.
func (c *Cleaned) Rules() []Rule { return slices.Clone(c.rules) }

// Clean applies the rules in order. Each rule sees only what the earlier ones left.
func (o *Orders) Clean(rules ...Rule) (*Cleaned, error) {
	if o == nil {
		return nil, fault.Nil("features.Orders.Clean", "orders")
	}
	type result struct {
		view   *view
		ledger *Ledger
	}
	run := sync.OnceValues(func() (result, error) {
		v, err := o.view()
		if err == nil && slices.ContainsFunc(rules, Rule.looksAtDetails) {
			v, err = v.whole()
		}
		if err != nil {
			return result{}, err
		}
		ledger := &Ledger{Currency: v.currency}
		var counts []Count // as read, and behind each rule
		said := make([]string, len(rules))
		for left := rules; ; left = left[1:] {
			filters, notes, err := filtersOf(left, v)
			if err != nil {
				return result{}, err
			}
			var behind []Count
			v, behind = v.sieve(filters)
			counts, ledger.Notes = append(counts, behind...), append(ledger.Notes, notes...)
			if left = left[len(filters):]; len(left) == 0 {
				break
			}
			next, note, err := left[0].apply(v)
			if err != nil {
				return result{}, err
			}
			if note != "" {
				ledger.Notes = append(ledger.Notes, note)
			}
			said[len(rules)-len(left)] = note
			v = next
		}
		for i, r := range rules {
			ledger.Steps = append(ledger.Steps, Step{Rule: r.String(), Removed: counts[i].minus(counts[i+1]), Note: said[i]})
		}
		ledger.Opening, ledger.Closing = counts[0], counts[len(rules)]
		ledger.Notes = append(ledger.Notes, v.saidInWords()...)
		return result{v, ledger}, nil
	})
	compute := func() (*Ledger, error) { r, err := run(); return r.ledger, err }
	key := memory.Derived(o.key, "clean", rules)
	ledger, err := memory.Recall(o.ctx, key, compute)
	if err != nil {
		return nil, err
	}
	orders := newOrders(o.ctx, o.name, key, &ledger.Closing, func() (*view, error) { r, err := run(); return r.view, err })
	orders.rules = slices.Concat(o.rules, rules)
	return &Cleaned{Orders: orders, Ledger: ledger}, nil
}

// Ledger says what each rule removed. Opening minus everything removed is exactly Closing, in every column.
type Ledger struct {
	Opening  Count
	Steps    []Step
	Closing  Count
	Currency string
	Notes    []string
}

var _ sheet.Sheeter = (*Ledger)(nil)

// Step is one rule and what it removed. An order or a customer counts as removed along with its last line.
type Step struct {
	Rule    string
	Removed Count
	Note    string `json:",omitempty"` // what the rule says of it, as Notes has it, too: what it matched, and where that leaves a doubt
}

func (l *Ledger) MarshalBinary() ([]byte, error) { return json.Marshal(l) }

func (l *Ledger) UnmarshalBinary(b []byte) error { return json.Unmarshal(b, l) }

// rows are the lines of the ledger, as shown: the steps with a minus.
func (l *Ledger) rows() (names []string, counts []Count) {
	names, counts = []string{"as read"}, []Count{l.Opening}
	for _, s := range l.Steps {
		names = append(names, s.Rule)
		counts = append(counts, Count{}.minus(s.Removed))
	}
	return append(names, "left"), append(counts, l.Closing)
}

// Sheet lays the ledger out.
func (l *Ledger) Sheet() sheet.Sheet {
	s := sheet.Sheet{
		Whole: true,
		Caption: fmt.Sprintf("Cleaning leaves %s of %s lines, %s of %s customers and %s of %s net", sheet.Count(l.Closing.Lines), sheet.Count(l.Opening.Lines),
			sheet.Count(l.Closing.Customers), sheet.Count(l.Opening.Customers), withCurrency(l.Currency, l.Closing.Net()), withCurrency(l.Currency, l.Opening.Net())),
		Columns: []sheet.Column{{Name: "rule", Text: true}, {Name: "lines"}, {Name: "orders"}, {Name: "customers"},
			{Name: "sales", Unit: l.Currency}, {Name: "refunds", Unit: l.Currency}, {Name: "net", Unit: l.Currency}},
	}
	names, counts := l.rows()
	for i, c := range counts {
		s.Rows = append(s.Rows, []string{names[i], sheet.Count(c.Lines), sheet.Count(c.Orders), sheet.Count(c.Customers), c.Sales.Text(), c.Refunds.Text(), c.Net().Text()})
	}
	s.Notes = append([]string{"Reconciles to the last decimal: what was read, less what each rule removed, equals what is left. Orders are distinct order numbers, including those of cancellations."}, l.Notes...)
	return s
}

// Frame returns the ledger as a gota frame, removals negative, so that every column sums to its last row.
func (l *Ledger) Frame() table.Frame {
	names, counts := l.rows()
	count := func(name string, of func(c Count) int) frame.Columns { return frame.Each(name, counts, of) }
	return frame.New(
		frame.Column("rule", names),
		count("lines", func(c Count) int { return c.Lines }),
		count("orders", func(c Count) int { return c.Orders }),
		count("customers", func(c Count) int { return c.Customers }),
		frame.Numbers([]string{"sales", "refunds"}, counts, func(c Count) []float64 { return []float64{c.Sales.Float(), c.Refunds.Float()} }))
}

// view is a selection of lines: what a rule leaves. Netting may change quantities, so a view has its own.
type view struct {
	*lines
	rows     []int32 // ascending
	quantity wholes  // (lines.len()) quantity and amount, after netting
	amount   wholes
	netted   []netting
	before   *view  // as it was before the first step that changed quantities or amounts, nil if there was none
	since    []step // what was done to it, that step included
}

// step makes one view of another, and may have something to say about it.
type step func(*view) (*view, string)

// whole returns v with its details, for which a large file is read once more.
func (v *view) whole() (*view, error) {
	if v.details != nil {
		return v, nil
	}
	d, err := v.later()
	if err != nil {
		return nil, err
	}
	out, l := *v, *v.lines
	l.details, out.lines = d, &l
	if v.before != nil {
		if out.before, err = v.before.whole(); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

// again returns a copy of v to be changed by s, which can be done again on what v was before.
func (v *view) again(s step) *view {
	out := *v
	if v.before == nil {
		out.before = v
	}
	out.since = append(slices.Clip(v.since), s)
	return &out
}

// redo changes v as it was before quantities or amounts changed, and then does again what was done since.
func (v *view) redo(change step) (*view, string) {
	if v.before == nil {
		return change(v)
	}
	out, note := change(v.before)
	notes := []string{note}
	for _, s := range v.since {
		out, note = s(out)
		notes = append(notes, note)
	}
	return out, strings.TrimSpace(strings.Join(notes, " "))
}

// netting is a cancellation, or part of one, that was set against its order.
type netting struct {
	order, cancel    int32 // lines
	quantity, amount int64 // taken from the order line
}

func (l *lines) all() *view {
	rows := make([]int32, l.len())
	_ = par.Rows(context.Background(), len(rows), func(_, from, to int) {
		for i := range rows[from:to] {
			rows[from+i] = int32(from + i)
		}
	})
	return &view{lines: l, rows: rows, quantity: l.quantity, amount: l.amount}
}

// drop returns the view without the rows for which remove is true. It is asked also of orders that were netted away: before
// their cancellation they still count, unless the rule removes such lines.
func (v *view) drop(remove func(i int32) bool) *view {
	return v.left(where(v.rows, func(i int32) bool { return !remove(i) }), remove)
}

// where returns those of the rows that are wanted, which is asked by several goroutines at once.
func where(rows []int32, wanted func(i int32) bool) []int32 {
	out, n := make([]int32, len(rows)), make([]int, par.Chunks(len(rows)))
	_ = par.Rows(context.Background(), len(rows), func(chunk, from, to int) {
		at := from
		for _, i := range rows[from:to] {
			if wanted(i) {
				out[at] = i
				at++
			}
		}
		n[chunk] = at - from
	})
	all := 0
	for chunk, n := range n {
		all += copy(out[all:], out[chunk*par.Chunk:][:n])
	}
	return out[:all]
}

// left is what drop returns: rows are those that stay.
func (v *view) left(rows []int32, remove func(i int32) bool) *view {
	out := *v
	out.rows, out.netted = rows, slices.DeleteFunc(slices.Clone(v.netted), func(n netting) bool { return remove(n.order) })
	if v.before != nil {
		out.since = append(slices.Clip(v.since), func(v *view) (*view, string) { return v.drop(remove), "" })
	}
	return &out
}

// sieve drops what any of the filters removes, and counts v and what each filter leaves of it, in one pass over the lines.
func (v *view) sieve(filters []filter) (*view, []Count) {
	n, chunks, codes := len(filters), par.Chunks(len(v.rows)), len(v.order.names)+len(v.customer.names)
	parts := make([]sieved, max(1, min(runtime.GOMAXPROCS(0), chunks, 4*len(v.rows)/codes))) // whose counters are no larger than the rows
	var rows []int32
	if n > 0 {
		rows = make([]int32, len(v.rows))
	}
	_ = par.Items(context.Background(), len(parts), func(p int) {
		from, to := par.Chunk*(p*chunks/len(parts)), min(len(v.rows), par.Chunk*((p+1)*chunks/len(parts)))
		part := sieved{view: v, gone: make([]Count, n+1), orders: make([]uint16, len(v.order.names)), customers: make([]uint16, len(v.customer.names))}
		if n > 0 {
			part.rows = rows[from:from]
		}
		by := make([]uint16, par.Chunk)
		for ; from < to; from += par.Chunk {
			rows := v.rows[from:min(to, from+par.Chunk)]
			by := by[:len(rows)]
			clear(by)
			for f, remove := range filters {
				remove(rows, by, uint16(f+1))
			}
			part.add(rows, by)
		}
		parts[p] = part
	})
	all := parts[0]
	for _, part := range parts[1:] {
		all.join(&part)
	}
	for _, f := range all.orders[1:] { // 0 is missing
		if f > 0 {
			all.gone[f-1].Orders++
		}
	}
	for _, f := range all.customers[1:] {
		if f > 0 {
			all.gone[f-1].Customers++
		}
	}
	counts := make([]Count, n+1)
	left := Count{Sales: v.money(0), Refunds: v.money(0)}.plus(all.gone[0])
	for f := n; f >= 0; f-- {
		if counts[f] = left; f > 0 {
			left = left.plus(all.gone[f])
		}
	}
	if n == 0 {
		return v, counts
	}
	return v.left(all.rows, removes(filters)), counts
}

// sieved is what filters, counted from 1, make of a part of the rows of a view.
type sieved struct {
	*view
	rows              []int32  // that stay, where there are filters
	gone              []Count  // by filter; first what stays
	orders, customers []uint16 // by code: 1 + the filter that took the last line, 1 where a line stays, 0 where there is none
}

// add counts more rows; by has the filter that removes each, 0 for none.
func (s *sieved) add(rows []int32, by []uint16) {
	orders, customers := s.order.codes, s.customer.codes
	for at, i := range rows {
		f := by[at]
		c, amount := &s.gone[f], s.amount.at(i)
		c.Lines++
		c.Sales.Units += max(amount, 0)
		c.Refunds.Units += min(amount, 0)
		if f == 0 && len(s.gone) > 1 {
			s.rows = append(s.rows, i)
		}
		goes(s.orders, orders[i], f+1)
		goes(s.customers, customers[i], f+1)
	}
}

// goes says that a line of the order or customer with this code goes by a filter: the last to take one counts, and none where one stays.
func goes(last []uint16, code uint32, by uint16) {
	if was := last[code]; by == 1 || was != 1 && was < by {
		last[code] = by
	}
}

// join adds what becomes of the rows behind those of s.
func (s *sieved) join(next *sieved) {
	s.rows = append(s.rows, next.rows...) // in one array, so that they move up
	for f := range s.gone {
		s.gone[f] = s.gone[f].plus(next.gone[f])
	}
	for code, by := range next.orders {
		if by > 0 {
			goes(s.orders, uint32(code), by)
		}
	}
	for code, by := range next.customers {
		if by > 0 {
			goes(s.customers, uint32(code), by)
		}
	}
}

// count is what a ledger says of a view.
func (v *view) count() Count {
	_, counts := v.sieve(nil)
	return counts[0]
}

// Count is what a set of order lines amounts to.
type Count struct {
	Lines     int
	Orders    int   // distinct order numbers, including those of cancellations; without numbers, days on which a customer bought
	Customers int   // distinct customers, ignoring lines without one
	Sales     Money // sum of the positive amounts
	Refunds   Money // sum of the negative amounts
}

// Net returns sales and refunds together.
func (c Count) Net() Money { return Money{c.Sales.Units + c.Refunds.Units, c.Sales.Decimals} }

func (c Count) plus(o Count) Count {
	return Count{c.Lines + o.Lines, c.Orders + o.Orders, c.Customers + o.Customers,
		Money{c.Sales.Units + o.Sales.Units, c.Sales.Decimals}, Money{c.Refunds.Units + o.Refunds.Units, c.Refunds.Decimals}}
}

func (c Count) minus(o Count) Count {
	return Count{c.Lines - o.Lines, c.Orders - o.Orders, c.Customers - o.Customers,
		Money{c.Sales.Units - o.Sales.Units, o.Sales.Decimals}, Money{c.Refunds.Units - o.Refunds.Units, o.Refunds.Decimals}}
}
