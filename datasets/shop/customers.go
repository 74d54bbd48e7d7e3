package shop

// Customers: who they are, which story they live, and from when to when.

// NoSegment marks the wholesale buyer, who belongs to none.
const NoSegment = -1

// A Customer has a number and the few facts that a shop knows of its customers.
type Customer struct {
	ID      string // five digits with leading zeros, by first order
	Age     int    // years; 0 is unknown
	City    string // empty is unknown
	Country string
	Web     bool // joined in the web shop, not in a store
	Segment int  // the truth: index into Options.SegmentNames, or NoSegment

	story  story
	rate   float64 // orders per day while active
	basket float64 // EUR per order
	joined int     // day of the first order; -1: was with us before the first day
	leaves int     // last active day
}

// The cities with their number of customers, in percent.
var (
	cities = []string{"Hamburg", "Berlin", "Bremen", "Leipzig", "Köln", "Wien", "Graz", "Utrecht", "Groningen", "Antwerpen"}
	in     = []string{"Germany", "Germany", "Germany", "Germany", "Germany", "Austria", "Austria", "Netherlands", "Netherlands", "Belgium"}
	sizes  = []int{23, 16, 8, 9, 11, 10, 4, 9, 4, 6}
)

// drawCustomers gives each latent segment its share of the customers, to the nearest one, and the wholesale buyer
// the last place. They are shuffled neither here nor later: numbering by first order mixes them.
func drawCustomers(o Options) []Customer {
	n := o.customers()
	customers := make([]Customer, 0, n)
	done := 0 // percent
	for segment, st := range o.stories() {
		done += st.share
		for len(customers) < (n-1)*done/100 {
			customers = append(customers, drawCustomer(o, len(customers), segment, st))
		}
	}
	return append(customers, drawCustomer(o, n-1, NoSegment, wholesaler))
}

func drawCustomer(o Options, i, segment int, st story) Customer {
	s := newStream(o.Seed, "customer", i)
	city := s.pick(sizes)
	c := Customer{
		Age:     min(max(int(st.age+float64(st.ageSpread*s.normal())), 18), 92),
		City:    cities[city],
		Country: in[city],
		Web:     s.chance(st.web),
		Segment: segment,
		story:   st,
		rate:    s.lognormal(st.rate, st.rateSpread),
		basket:  s.lognormal(st.basket, st.basketSpread),
		joined:  -1,
		leaves:  days,
	}
	if !s.chance(st.old) {
		c.joined = s.joins(st)
	}
	switch {
	case st.leaveTo == oneTime:
		c.leaves = c.joined
	case st.leaveTo > 0:
		c.leaves = s.between(st.leaveFrom, st.leaveTo)
	}
	if segment == NoSegment {
		c.Age, c.City, c.Country = 0, "Hamburg", "Germany"
		return c
	}
	if s.chance(.06) {
		c.Age = 0
	}
	if s.chance(.02) {
		c.City = ""
	}
	return c
}

// joins draws the day of the first order: busy days and sales bring more new customers.
func (s stream) joins(st story) int {
	for {
		day := s.between(st.joinFrom, st.joinTo)
		p := calendar()[day].demand / 2
		if !calendar()[day].sale {
			p *= .6
		}
		if s.chance(p) {
			return day
		}
	}
}
