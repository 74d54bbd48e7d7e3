package shop

// What an offer would do to each latent segment: the truth that a campaign test should find. It is drawn apart from everything else, so
// that no byte of the shop depends on it.

import "strconv"

// A Persuasion is what the offer of 1 October 2025 changes in a latent segment within 90 days. What its customers would have bought anyway, they buy.
type Persuasion struct {
	Segment string
	Extra   float64 // chance that a customer who gets the offer orders once more
	Spend   float64 // EUR more per customer who gets it, on average
	Why     string
}

// orderSpread is the standard deviation of the logarithm of one customer's baskets.
const orderSpread = .28

// Campaign lists what the offer does, in the order of SegmentNames.
func (o Options) Campaign() []Persuasion {
	var all []Persuasion
	for _, st := range o.stories() {
		mean := st.basket * exp((float64(st.basketSpread*st.basketSpread)+float64(orderSpread*orderSpread))/2) // of a lognormal
		all = append(all, Persuasion{st.name, st.persuaded, st.persuaded * mean, st.because})
	}
	return all
}

// ExtraOrder returns the cents of the order that the offer makes a customer place, 0 where it does not: the same for the same customer,
// offered or not.
func (o Options) ExtraOrder(customer string, segment int) (cents int) {
	number, err := strconv.Atoi(customer)
	if err != nil || segment < 0 {
		return 0
	}
	st, s := o.stories()[segment], newStream(o.Seed, "campaign", number)
	if !s.chance(st.persuaded) {
		return 0
	}
	return int(100 * s.lognormal(s.lognormal(st.basket, st.basketSpread), orderSpread))
}
