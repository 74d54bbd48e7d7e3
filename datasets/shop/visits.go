package shop

// The web log of the second year: a visit before every web order, visits without an order, and a few robots.

import "slices"

// A Visit is one session in the web shop.
type Visit struct {
	At       moment
	Customer string // empty: not logged in
	Source   string // direct, search, newsletter, social, ad
	Device   string // desktop, mobile, tablet
	Pages    int
	Seconds  int
	Ordered  bool
	Robot    bool // not written: a robot looks at hundreds of pages within seconds

	who string // the customer, logged in or not; empty for a robot
}

var (
	sources = []string{"direct", "search", "newsletter", "social", "ad"}
	devices = []string{"mobile", "desktop", "tablet"}
)

// logFrom is the first day of the web log, 2025-01-01.
const logFrom = 366

// Visits returns the web log by time.
func (s *Shop) Visits() []Visit {
	var visits []Visit
	orders := make([][]moment, len(s.Customers)) // web orders of each customer
	for _, order := range s.Orders {
		if order.Web && !order.credit && order.buyer >= 0 && order.At.day() >= logFrom {
			orders[order.buyer] = append(orders[order.buyer], order.At)
		}
	}
	for i, c := range s.Customers {
		v := newStream(s.Options.Seed, "visits", i)
		habit := v.lognormal(1, .5)
		for day := max(c.joined, logFrom); day < days; day++ {
			p := c.story.browsing * habit
			if day > c.leaves {
				p /= 12
			}
			if v.chance(p * calendar()[day].demand) {
				visits = append(visits, v.visit(c, v.at(day, true), false))
			}
		}
		for _, at := range orders[i] {
			visits = append(visits, v.visit(c, at, true))
		}
	}
	r := newStream(s.Options.Seed, "robots", 0)
	for range max(len(s.Customers)*2/100, 1) {
		pages := r.between(150, 900)
		at := moment((r.between(logFrom, days-1)*24+r.IntN(24))*60 + r.IntN(60))
		visits = append(visits, Visit{At: at, Source: "direct", Device: "desktop", Pages: pages,
			Seconds: pages * r.between(2, 9) / 10, Robot: true})
	}
	slices.SortStableFunc(visits, func(a, b Visit) int { return int(a.At - b.At) })
	return visits
}

// visit draws one session; a session with an order began some minutes before it.
func (s stream) visit(c Customer, at moment, ordered bool) Visit {
	from := []int{30, 24, 10, 10, 8}
	if c.Age != 0 && c.Age < 40 {
		from = []int{20, 28, 6, 26, 14}
	}
	if c.story.yes[0] > .5 {
		from[2] += 26
	}
	device := []int{46, 44, 10}
	if c.Age != 0 && c.Age < 40 {
		device = []int{76, 20, 4}
	}
	pages := 1 + int(s.lognormal(3.2, .7))
	if ordered {
		pages += 4
	}
	v := Visit{At: at, Source: sources[s.pick(from)], Device: devices[s.pick(device)], Pages: pages, Ordered: ordered, who: c.ID}
	v.Seconds = int(s.lognormal(float64(pages*28), .6))
	if ordered {
		v.At = max(v.At-moment(v.Seconds/60), logFrom*24*60)
	}
	if ordered || s.chance(.7) {
		v.Customer = c.ID
	}
	return v
}
