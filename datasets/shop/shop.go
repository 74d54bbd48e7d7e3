package shop

// Options describe the shop to make. The zero value is the shop that package datasets embeds.
type Options struct {
	// Seed is any whole number; 0 is an ordinary seed.
	Seed int
	// Customers is the number of customers with a customer number, the wholesale buyer included.
	// If Customers is 0, 4000 is used; fewer than 100 become 100.
	Customers int
	// WithoutSegments makes a control: one homogeneous population whose rates and baskets are lognormal,
	// with the same products, seasons and dirt. Segments found there were found in the noise.
	WithoutSegments bool
	// Changing makes a shop whose segments change on 1 July 2025, as Planted says: one grows, one drifts, one only comes with the season,
	// and one stays as it is. It has other segments than the embedded shop, and is for trying out what watches over them. WithoutSegments goes before it.
	Changing bool
	// Unseen makes one of the two shops of the capstone, "a" or "b": other customers, and other amounts of dirt. Anything else is ignored, and
	// WithoutSegments and Changing go before it.
	Unseen string
}

// A Shop is what the generator made up, in the order in which it is written. Survey and Visits make up the rest.
type Shop struct {
	Options   Options
	Customers []Customer // by customer number
	Orders    []Order    // by time
	Dirt      Dirt
}

// SegmentNames lists the latent segments in the order that Customer.Segment counts.
func (o Options) SegmentNames() []string {
	var names []string
	for _, st := range o.stories() {
		names = append(names, st.name)
	}
	return names
}

func (o Options) stories() []story {
	if o.WithoutSegments {
		return homogeneous
	}
	if o.Changing {
		return changing
	}
	if one, ok := unseen[o.Unseen]; ok {
		return one.stories
	}
	return stories
}

func (o Options) customers() int {
	if o.Customers == 0 {
		return 4000
	}
	return max(o.Customers, 100)
}

// Generate makes the shop. Cost: about 25 µs per customer.
func Generate(o Options) *Shop {
	s := &Shop{Options: o}
	s.Customers = drawCustomers(o)
	for i := range s.Customers {
		s.Orders = append(s.Orders, drawOrders(o, i, s.Customers[i])...)
	}
	s.addDirt()
	s.sortAndNumber()
	return s
}
