package shop

// Dirt: everything that makes real order files hard to use, planted in known amounts, no two kinds on one order.

import (
	"cmp"
	"fmt"
	"slices"
)

// Dirt counts what was planted. Lines are lines of the order file.
type Dirt struct {
	Guests, GuestLines              int    // orders without a customer number
	Tests, TestLines                int    // orders of the shop's own staff: customer TEST, product TEST
	Cancelled, CancelledLines       int    // cancellations: every line of an earlier order, with negative quantity
	Slips                           int    // of these, the ones of a mistyped order of thousands of pieces, within the hour
	Returned                        int    // returns: part of an earlier order, one line each
	Duplicates                      int    // lines written twice
	ZeroPrice                       int    // lines at price 0: presents
	Outliers                        int    // lines whose quantity or price is a hundred times too large, never corrected
	Wholesaler                      string // customer number of the wholesale buyer
	WholesaleOrders, WholesaleLines int
}

// amounts say how much is planted of each kind of dirt, per 2,000 customers.
type amounts struct {
	guests, slips, cancelled, returned, duplicates, zeroPrice, outliers, tests int
}

// usual are the amounts of all shops but those of the capstone.
var usual = amounts{guests: 400, slips: 1, cancelled: 220, returned: 160, duplicates: 180, zeroPrice: 60, outliers: 3, tests: 12}

func (o Options) dirt() amounts {
	if one, ok := unseen[o.Unseen]; ok && !o.WithoutSegments && !o.Changing {
		return one.dirt
	}
	return usual
}

// addDirt plants the dirt in proportion to the number of customers.
func (s *Shop) addDirt() {
	each := s.Options.dirt()
	of := func(amount int) int { return len(s.Customers) * amount / 2000 }
	s.addGuests(newStream(s.Options.Seed, "guests", 0), of(each.guests))
	d := newStream(s.Options.Seed, "dirt", 0)
	s.addSlips(d, max(of(each.slips), 1))
	s.addCancelled(d, of(each.cancelled))
	s.addReturned(d, of(each.returned))
	s.addDuplicates(d, of(each.duplicates))
	s.addZeroPrice(d, of(each.zeroPrice))
	s.addOutliers(d, max(of(each.outliers), 2))
	s.addTests(d, max(of(each.tests), 2))
}

// choose picks so many different orders that carry no dirt yet, and marks them.
func (s *Shop) choose(d stream, count int, ok func(Order) bool) []int {
	var chosen []int
	for range 1000 * count {
		i := d.IntN(len(s.Orders))
		if o := s.Orders[i]; o.touched || o.credit || o.buyer < 0 || s.Customers[o.buyer].Segment == NoSegment || !ok(o) {
			continue
		}
		s.Orders[i].touched = true
		if chosen = append(chosen, i); len(chosen) == count {
			break
		}
	}
	return chosen
}

func (s *Shop) addGuests(g stream, count int) {
	for range count {
		day := g.IntN(days)
		for calendar()[day].sunday || !g.chance(calendar()[day].demand/2) {
			day = g.IntN(days)
		}
		c := Customer{story: passersBy, basket: g.lognormal(passersBy.basket, passersBy.basketSpread), Country: in[g.pick(sizes)]}
		order := g.order(guest, c, day)
		s.Orders = append(s.Orders, order)
		s.Dirt.Guests++
		s.Dirt.GuestLines += len(order.Lines)
	}
}

func (s *Shop) addTests(d stream, count int) {
	for range count {
		day := d.IntN(days)
		s.Orders = append(s.Orders, Order{
			At: d.at(day, true), Web: true, Country: "Germany", buyer: tester,
			Lines: []Line{{"TEST", "Test article", "Test", d.between(1, 99), 100 * d.between(1, 9)}},
		})
		s.Dirt.Tests++
		s.Dirt.TestLines++
	}
}

// addSlips: somebody types thousands of pieces, sees it, and cancels within the hour. It happens before the lessons look.
func (s *Shop) addSlips(d stream, count int) {
	early := func(o Order) bool { return o.Web && o.At.day() < 600 && int(o.At)%(24*60) < 22*60 }
	for _, i := range s.choose(d, count, early) {
		slip := s.Orders[i]
		line := slip.Lines[0]
		line.Quantity = 100 * d.between(20, 60)
		slip.At += moment(d.between(4, 15))
		slip.Lines = []Line{line}
		s.Orders = append(s.Orders, slip, slip.credited(slip.At+moment(d.between(5, 40)), slip.Lines))
		s.Dirt.Slips++
		s.Dirt.Cancelled++
		s.Dirt.CancelledLines++
	}
}

func (s *Shop) addCancelled(d stream, count int) {
	for _, i := range s.choose(d, count, soonEnough) {
		o := s.Orders[i]
		s.Orders = append(s.Orders, o.credited(d.after(o), o.Lines))
		s.Dirt.Cancelled++
		s.Dirt.CancelledLines += len(o.Lines)
	}
}

func (s *Shop) addReturned(d stream, count int) {
	several := func(o Order) bool {
		return soonEnough(o) && (len(o.Lines) > 1 || o.Lines[0].Quantity > 1)
	}
	for _, i := range s.choose(d, count, several) {
		o := s.Orders[i]
		line := o.Lines[d.IntN(len(o.Lines))]
		if line.Quantity > 1 {
			line.Quantity = d.between(1, line.Quantity-1)
		}
		s.Orders = append(s.Orders, o.credited(d.after(o), []Line{line}))
		s.Dirt.Returned++
	}
}

// latest is the number of days within which goods come back.
const latest = 21

// soonEnough: there is time for it before the last day, which is a Wednesday.
func soonEnough(o Order) bool { return o.At.day()+latest < days }

// after draws the time at which goods of this order come back, where they were bought.
func (s stream) after(o Order) moment {
	day := o.At.day() + s.between(1, latest)
	if !o.Web && calendar()[day].sunday {
		day++
	}
	return s.at(day, o.Web)
}

// credited is the document that takes these lines back.
func (o Order) credited(at moment, lines []Line) Order {
	o.At, o.credit, o.Lines = at, true, slices.Clone(lines)
	for i := range o.Lines {
		o.Lines[i].Quantity *= -1
	}
	return o
}

func (s *Shop) addDuplicates(d stream, count int) {
	for _, i := range s.choose(d, count, anyOrder) {
		lines := s.Orders[i].Lines
		k := d.IntN(len(lines))
		s.Orders[i].Lines = slices.Insert(lines, k, lines[k])
		s.Dirt.Duplicates++
	}
}

func (s *Shop) addZeroPrice(d stream, count int) {
	for _, i := range s.choose(d, count, anyOrder) {
		present := ref{6, d.IntN(4)}.line(s.Orders[i].At.day(), 1)
		present.Price = 0
		s.Orders[i].Lines = append(s.Orders[i].Lines, present)
		s.Dirt.ZeroPrice++
	}
}

func (s *Shop) addOutliers(d stream, count int) {
	for n, i := range s.choose(d, count, anyOrder) {
		line := &s.Orders[i].Lines[0]
		if n%2 == 0 {
			line.Quantity *= 100
		} else {
			line.Price *= 100
		}
		s.Dirt.Outliers++
	}
}

func anyOrder(Order) bool { return true }

// sortAndNumber puts everything in the order of time and gives out the numbers of customers and orders.
func (s *Shop) sortAndNumber() {
	for i := range s.Orders {
		s.Orders[i].drawn = i
	}
	slices.SortFunc(s.Orders, func(a, b Order) int { return cmp.Or(int(a.At-b.At), a.drawn-b.drawn) })

	rank := make([]int, len(s.Customers)) // customer as drawn -> place by first order, from 1
	last := 0
	for _, o := range s.Orders {
		if o.buyer >= 0 && rank[o.buyer] == 0 {
			last++
			rank[o.buyer] = last
		}
	}
	sorted := make([]Customer, len(s.Customers))
	for i, c := range s.Customers {
		c.ID = fmt.Sprintf("%05d", rank[i])
		sorted[rank[i]-1] = c
	}
	s.Customers = sorted

	for i := range s.Orders {
		o := &s.Orders[i]
		o.ID = fmt.Sprint(100001 + i)
		if o.credit {
			o.ID = "C" + o.ID
		}
		switch o.buyer {
		case guest:
		case tester:
			o.Customer = "TEST"
		default:
			o.buyer = rank[o.buyer] - 1
			o.Customer = s.Customers[o.buyer].ID
			if s.Customers[o.buyer].Segment == NoSegment {
				s.Dirt.Wholesaler = o.Customer
				s.Dirt.WholesaleOrders++
				s.Dirt.WholesaleLines += len(o.Lines)
			}
		}
	}
}
