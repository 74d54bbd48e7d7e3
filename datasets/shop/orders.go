package shop

// Orders: a customer's days from joining to leaving, and the basket of each order.

import "slices"

// An Order is one document of the till: a purchase, or a cancellation or return with negative quantities.
type Order struct {
	ID       string // six digits, by time; cancellations and returns with a C in front
	At       moment
	Customer string // number; empty where nobody asked for it
	Lines    []Line
	Web      bool
	Country  string

	buyer   int  // index of the customer while numbers are not given out, or one of the following
	drawn   int  // place among the orders as drawn: orders of the same minute keep it
	credit  bool // a cancellation or return
	touched bool // carries dirt already
}

// Buyers who are no customers.
const (
	guest  = -1 - iota // did not give a customer number
	tester             // the shop's own staff
)

// A Line is one line of an order.
type Line struct {
	ProductID, Product, Category string
	Quantity                     int
	Price                        int // cents per piece
}

// drawOrders lives the life of customer i. A customer who was with us on the first day orders at least once.
func drawOrders(o Options, i int, c Customer) []Order {
	s := newStream(o.Seed, "orders", i)
	var orders []Order
	for len(orders) == 0 {
		leaves := c.leaves
		for day := max(c.joined, 0); day < days; day++ {
			p := c.rate
			if c.story.christmas > 0 && calendar()[day].month >= 10 {
				p *= c.story.christmas
			}
			if day > leaves {
				p = c.story.back
			} else if s.chance(c.story.leaving) {
				leaves = day
			}
			if day == c.joined || s.chance(p*calendar()[day].demand) {
				orders = append(orders, s.order(i, c, day))
			}
		}
	}
	return orders
}

// order fills one basket.
func (s stream) order(i int, c Customer, day int) Order {
	web := c.Web != s.chance(.12)
	if calendar()[day].sunday {
		web = true
	}
	worth := s.lognormal(c.basket, orderSpread)
	if c.story.dearer > 0 && day >= changeDay {
		worth *= c.story.dearer
	}
	return Order{At: s.at(day, web), Web: web, Country: c.Country, buyer: i,
		Lines: s.basket(c.story, day, int(worth*100))}
}

// basket adds products until about so many cents are spent.
func (s stream) basket(st story, day, worth int) []Line {
	pack := max(st.pack, 1)
	rest := worth
	var inside []ref
	var lines []Line
	add := func(r ref, quantity int) {
		inside = append(inside, r)
		lines = append(lines, r.line(day, quantity))
		rest -= r.price(day) * quantity
	}
	for misses := 0; misses < 4 && rest > worth*2/5; {
		r, ok := s.product(st.tastes, day, worth/pack/6, min(st.dearest, rest/pack))
		if !ok || slices.Contains(inside, r) {
			misses++
			continue
		}
		quantity := (1 + s.pick(st.quantities)) * pack
		if r.price(day)*quantity > rest {
			quantity = pack
		}
		add(r, quantity)
		if with, ok := companions[r]; ok && !slices.Contains(inside, with) && s.chance(companionChance) {
			add(with, pack)
		}
	}
	if len(lines) == 0 { // too little for anything that was drawn
		add(ref{4, 0}, 1)
	}
	return lines
}

func (r ref) line(day, quantity int) Line {
	return Line{r.id(), r.name(), catalogue[r.category].name, quantity, r.price(day)}
}
