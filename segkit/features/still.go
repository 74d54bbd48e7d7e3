package features

import (
	"fmt"
	"slices"
	"sort"

	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/seed"
)

// StandingStill returns orders as they might have been if each customer had kept buying at a steady pace, to see how much segments move
// by chance alone. Every customer keeps the first order and the number, the content and the refunds of all others; the days of these are drawn anew from the days since the
// first. That is what a Poisson process of any rate leaves to chance once it is known how many orders came; months in which the
// whole shop sells more are drawn more often. Goods that were cancelled are left out. No customer leaves, and no habit changes. The
// same seed gives the same days. It costs O(lines).
func (c *Cleaned) StandingStill(random int) (*Cleaned, error) {
	key := ""
	if c.key != "" {
		key = memory.Key("standing still", c.key, random)
	}
	orders := newOrders(c.ctx, c.name, key, func() (*view, error) {
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
		Notes: []string{fmt.Sprintf("The days of all orders but the first of each customer are drawn anew (seed %d).", random)}}}, nil
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
	moved.when = slices.Clone(v.when)
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
		moved.when[i] += int64(min(shift[of[at]], last-v.day(i))) * secondsPerDay
	}
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
	d := sort.Search(len(p.upTo)-1-at, func(i int) bool { return p.upTo[at+i+1] > low+u*(high-low) })
	return from + min(d, len(p.upTo)-2-at)
}
