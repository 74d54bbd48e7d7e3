package features

// What the same customers did afterwards, to judge segments and never to form them; what they spent between two days; and what they might have done had they kept their pace.

import (
	"fmt"
	"iter"
	"slices"
	"sort"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// Outcome returns what the customers of Features(asOf, s) did in the days after asOf: active (1 if they ordered, else 0),
// orders, and the spend of orders placed in these days, less what was cancelled by their end. Customers who did not order
// spent 0. Days that the file does not cover are an error. All columns have Role Outcome. It costs O(lines).
func (c *Cleaned) Outcome(asOf time.Time, days int, s ...Spec) (*table.Table, error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.Outcome", "orders")
	}
	spec, err := c.Spec(asOf, s...)
	if err != nil {
		return nil, err
	}
	if days < 1 {
		return nil, &fault.OptionError{Method: "features.Cleaned.Outcome", Field: "days", Value: days, Want: "at least 1"}
	}
	f, err := c.facts()
	if err != nil {
		return nil, err
	}
	start := dayOf(spec.AsOf.Unix())
	if start+days > f.Last {
		remedy := "choose fewer days"
		if f.Last-days >= f.First {
			remedy = fmt.Sprintf("choose an as-of date up to %s, or fewer days", dateText(f.Last-days))
		}
		return nil, &fault.CellError{Op: "features.Cleaned.Outcome", Remedy: remedy, Err: fault.ErrEmpty,
			Why: fmt.Sprintf("%d days after %s end on %s, but the orders end on %s", days, dateText(start), dateText(start+days), dateText(f.Last))}
	}
	compute := func() (*table.Table, error) {
		p, err := c.people()
		if err != nil {
			return nil, err
		}
		counted, then := spec, stretch{start + 1, start + days}
		counted.Features = []string{"orders", "spend"}
		before, err := c.tallies(p, []Spec{counted})
		if err != nil {
			return nil, err
		}
		after, err := p.tallies(c.ctx, []stretch{then}, counted)
		if err != nil {
			return nil, err
		}
		did := make([]tally, len(p.customer.names))
		for _, t := range after[0] {
			did[t.customer] = t
		}
		ids, data := make([]string, len(before[0])), make([]float64, 0, 3*len(before[0]))
		for i, b := range before[0] {
			t := did[b.customer]
			ids[i] = p.customer.names[b.customer]
			data = append(data, float64(min(t.orders, 1)), float64(t.orders), p.money(t.sales).Float())
		}
		made := table.Ancestry{Sources: c.source(then)}
		return table.New(ids, []table.Column{
			{Name: "active", Role: table.Outcome, High: "active", Low: "inactive", Ancestry: made},
			{Name: "orders", Role: table.Outcome, Ancestry: made},
			{Name: "spend", Unit: p.currency, Role: table.Outcome, Ancestry: made},
		}, data)
	}
	return memory.Recall(c.ctx, memory.Derived(c.key, "outcome", spec.text(), days), compute)
}

// Spent returns what each customer spent after one day and up to another, less refunds, exact to the cent and as it stood on the last of these days, before any
// later cancellation. Customers without a line in these days are left out. Unlike Features, it includes customers who only returned goods. It costs O(n) and the
// lines of these days, the first call O(lines).
func (c *Cleaned) Spent(after, upTo time.Time) (map[string]Money, error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.Spent", "orders")
	}
	p, err := c.people()
	if err != nil {
		return nil, err
	}
	days, past, out := stretch{dateAsDay(after) + 1, dateAsDay(upTo)}, p.past()(), map[string]Money{}
	for _, code := range p.byName {
		v, runs := past.during(code, days)
		sum := int64(0)
		for _, r := range runs {
			_, money := v.sum(r)
			sum += money
		}
		if len(runs) > 0 {
			out[p.customer.names[code]] = p.money(sum)
		}
	}
	return out, nil
}

// OrderDays iterates over the days, after one day and up to another, on which each customer bought something. They come by customer id and day, as they stood
// on the last of these days, before any later cancellation. Revenue is what the goods cost, less what was netted. Refunds that undo no known order are not
// purchases and are left out. A zero after means before all orders. It costs O(n) and the lines of these days, the first call O(lines).
func (c *Cleaned) OrderDays(after, upTo time.Time) (iter.Seq2[string, Day], error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.OrderDays", "orders")
	}
	p, err := c.people()
	if err != nil {
		return nil, err
	}
	days := stretch{dateAsDay(after) + 1, dateAsDay(upTo)}
	return func(yield func(string, Day) bool) {
		past, orders := p.past()(), set{}
		turn := uint32(0)
		for _, code := range p.byName {
			v, runs := past.during(code, days)
			for at := 0; at < len(runs); {
				turn++
				orders.start(turn, len(runs))
				today, revenue := v.day(v.rows[runs[at].first]), int64(0)
				for ; at < len(runs) && v.day(v.rows[runs[at].first]) == today; at++ {
					if i := v.rows[runs[at].first]; v.kind(i) == bought {
						_, money := v.sum(runs[at])
						revenue += money
						orders.add(v.order.codes[i])
					}
				}
				if orders.size > 0 && !yield(p.customer.names[code], Day{dateOf(today), p.money(revenue).Float(), int(orders.size)}) {
					return
				}
			}
		}
	}, nil
}

// dateAsDay is the day that t names in its own place.
func dateAsDay(t time.Time) int { return behaviour.DayOf(t) }

// StandingStill returns orders as they might have been if each customer had kept buying at a steady pace, to show how much segments move by chance alone. Every
// customer keeps the first order, and the number, contents and refunds of all others; only the days of the others are drawn again, from the days since the first
// order. In a Poisson process of any rate, this is what remains random once the number of orders is known; months in which the whole shop sells more are drawn more
// often. Cancelled goods are left out. No customer leaves, and no habit changes. The same seed gives the same days. It costs O(lines).
func (c *Cleaned) StandingStill(random int) (*Cleaned, error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.StandingStill", "orders")
	}
	key := ""
	if c.key != "" {
		key = memory.Key("standing still", c.key, random)
	}
	orders := newOrders(c.ctx, c.name, key, nil, func() (*view, error) {
		v, err := c.view()
		if err != nil {
			return nil, err
		}
		if err := c.allKnown(v); err != nil {
			return nil, err
		}
		return v.standingStill(random), nil
	})
	orders.rules = c.rules
	return &Cleaned{Orders: orders, Ledger: &Ledger{Opening: c.Ledger.Closing, Closing: c.Ledger.Closing, Currency: c.Ledger.Currency,
		Notes: []string{fmt.Sprintf("The days of all orders except each customer's first are drawn anew (seed %d).", random)}}}, nil
}

// purchase is an order of a customer: its lines move together.
type purchase struct {
	customer, order uint32
	day             int // of its first line
}

func (v *view) standingStill(random int) *view {
	purchases, of := v.purchases()
	pace := paceOf(purchases)
	moved := *v.lines
	when := v.when.wide()
	shift := make([]int, len(purchases))
	for p := 0; p < len(purchases); {
		customer, first := purchases[p].customer, purchases[p].day
		r := seed.Stream(random, "standing still", int(customer))
		for p++; p < len(purchases) && purchases[p].customer == customer; p++ {
			shift[p] = pace.draw(first, r.Float64()) - purchases[p].day
		}
	}
	last := pace.first + len(pace.upTo) - 2
	for at, i := range v.rows {
		when[i] += int64(min(shift[of[at]], last-v.day(i))) * secondsPerDay
	}
	moved.when = moments{wholes{long: when}}
	moved.when.compact()
	return &view{lines: &moved, rows: v.rows, quantity: v.quantity, amount: v.amount}
}

// purchases returns the orders by customer, and by day within, and of which of them each row is a line.
func (v *view) purchases() (purchases []purchase, of []int) {
	type key struct{ customer, order uint32 }
	index := map[key]int{}
	of = make([]int, len(v.rows))
	for at, i := range v.rows {
		k := key{v.customer.codes[i], v.order.codes[i]}
		p, ok := index[k]
		if !ok {
			p = len(purchases)
			index[k] = p
			purchases = append(purchases, purchase{k.customer, k.order, v.day(i)})
		}
		purchases[p].day = min(purchases[p].day, v.day(i))
		of[at] = p
	}
	order := make([]int, len(purchases))
	for p := range order {
		order[p] = p
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := purchases[a], purchases[b]
		if x.customer != y.customer {
			return int(x.customer) - int(y.customer)
		}
		return x.day - y.day
	})
	sorted, place := make([]purchase, len(purchases)), make([]int, len(purchases))
	for to, from := range order {
		sorted[to], place[from] = purchases[from], to
	}
	for at, p := range of {
		of[at] = place[p]
	}
	return sorted, of
}

// pace is how busy the shop was: upTo[i] is the sum of the days before day first+i, each counting the orders that a customer who was there placed on it.
type pace struct {
	first int
	upTo  []float64
}

func paceOf(purchases []purchase) pace {
	first, last := purchases[0].day, purchases[0].day
	for _, p := range purchases {
		first, last = min(first, p.day), max(last, p.day)
	}
	orders, arrived := make([]float64, last-first+1), make([]float64, last-first+1)
	for at, p := range purchases {
		if at == 0 || purchases[at-1].customer != p.customer {
			arrived[p.day-first]++
		} else {
			orders[p.day-first]++
		}
	}
	out := pace{first, make([]float64, len(orders)+1)}
	customers := 0.0
	for d, n := range orders {
		customers += arrived[d]
		out.upTo[d+1] = out.upTo[d] + n/max(customers, 1)
	}
	return out
}

// draw returns a day from the given one on, for u from 0 to below 1; that day itself where nothing was sold from it on.
func (p pace) draw(from int, u float64) int {
	at := from - p.first
	low, high := p.upTo[at], p.upTo[len(p.upTo)-1]
	if high == low {
		return from
	}
	d := sort.Search(len(p.upTo)-1-at, func(i int) bool { return p.upTo[at+i+1] > low+float64(u*(high-low)) })
	return from + min(d, len(p.upTo)-2-at)
}
