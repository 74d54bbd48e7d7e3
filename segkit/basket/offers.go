package basket

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/table"
)

// Offers are what each customer could be offered next: a proposal to test.
type Offers struct {
	Offers   []Offer // in order of decreasing expected value; at most one per customer
	Without  int     // customers without an offer by any rule
	Currency string  // of Value and Expected; "" if baskets do not know what was paid, and then Expected is only the chance
	Paid     bool    // baskets know what was paid
	Options  OfferOptions
	Notes    []string
}

// Offer is one item for one customer.
type Offer struct {
	Customer, Segment string
	Item              string
	Because           []string // items that the customer has bought together
	Alike             int      // customers who were in the same position earlier, on whom the chance is based
	Chance, Low, High float64  // share of them who bought the item within OfferOptions.Days without an offer; 95 % interval (Wilson)
	Value             float64  // average money from the item in a basket with it; 1 if unknown
	Expected          float64  // Chance x Value; the cost of an offer is not subtracted, because only you know it
}

// OfferOptions says what an offer may be.
type OfferOptions struct {
	Days   int      // how long the campaign runs: the chance is of a purchase within this many days; 0: 90. Baskets without days use the next basket
	Margin float64  // share of the price that remains as margin; 0: 1, all of it
	Never  []string // items that must not be offered; each must be in a basket
}

// Offers proposes one item to each customer: the one with the highest expected value among the consequents of the rules whose
// antecedent the customer has had in one basket, leaving out what the customer has already bought. The rules must have one item as
// consequent; use the significant ones.
//
// The chance is not the confidence of a rule, which counts those who buy the item every time. Every customer who gets an offer has had
// the antecedent without the item, and has never had the item. So Offers goes back by Days from the last day of the baskets, takes all
// customers who were in that position then, including those who had long lapsed, and counts who had bought the item by the last day. That
// is what they did by themselves, in one season. As each customer gets the best of many offers, chances are on the whole too high: on the orders of Online Retail,
// the customers bought a quarter to two fifths of what their chances added up to. Only a test with a hold-out can show what an offer adds to it. Baskets from files
// without days are taken in their order: the chance is then of the basket after the first one without the item, among customers who have
// such a basket. At most one OfferOptions may be given.
func (b *Baskets) Offers(r *Rules, s *table.Segments, o ...OfferOptions) (*Offers, error) {
	const op = "basket.Baskets.Offers"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	} else if r == nil {
		return nil, fault.Nil(op, "rules")
	}
	p, err := b.split(op, s)
	if err != nil {
		return nil, err
	}
	if opt, err = b.checked(op, opt); err != nil {
		return nil, err
	}
	bought := b.purchases()
	best := make([]*Offer, len(b.customers))
	value := map[int32]float64{}
	for _, rule := range r.Rules {
		if len(rule.Consequent) != 1 || slices.Contains(opt.Never, rule.Consequent[0]) {
			continue
		}
		antecedent, err := bought.codes(op, rule.Antecedent)
		if err != nil {
			return nil, err
		}
		consequent, err := bought.codes(op, rule.Consequent)
		if err != nil {
			return nil, err
		}
		told := consequent[0]
		alike, taken, lacking := bought.after(antecedent, told, opt.Days)
		if taken == 0 {
			continue
		}
		if _, reckoned := value[told]; !reckoned {
			value[told] = b.worth(told, bought.holds[told]) * opt.Margin
		}
		offer := Offer{Item: rule.Consequent[0], Because: rule.Antecedent, Alike: alike, Chance: float64(taken) / float64(alike), Value: value[told]}
		offer.Low, offer.High = stats.Wilson(offer.Chance, float64(alike), stats.Normal95)
		offer.Expected = offer.Chance * offer.Value
		for _, c := range lacking {
			if p.label[c] == outside || best[c] != nil && best[c].Expected >= offer.Expected {
				continue
			}
			own := offer
			own.Customer, own.Segment = b.customers[c], "no segment"
			if l := p.label[c]; l >= 0 {
				own.Segment = p.names[l]
			}
			best[c] = &own
		}
	}
	out := &Offers{Currency: b.currency, Paid: b.money != nil, Options: opt, Notes: p.notes}
	for c, offer := range best {
		switch {
		case offer != nil:
			out.Offers = append(out.Offers, *offer)
		case p.label[c] != outside:
			out.Without++
		}
	}
	slices.SortStableFunc(out.Offers, func(x, y Offer) int {
		return cmp.Or(falling(x.Expected, y.Expected), cmp.Compare(x.Item, y.Item), cmp.Compare(x.Customer, y.Customer))
	})
	return out, nil
}

// checked returns the options with their defaults, or says what is wrong with them for these baskets.
func (b *Baskets) checked(op string, o OfferOptions) (OfferOptions, error) {
	switch {
	case o.Days < 0:
		return o, fault.Option("basket.OfferOptions", "Days", o.Days, "a number of days, 0 for 90")
	case !(o.Margin >= 0 && o.Margin <= 1):
		return o, fault.Option("basket.OfferOptions", "Margin", o.Margin, "a share from 0 to 1")
	}
	o.Margin, o.Days = cmp.Or(o.Margin, 1), cmp.Or(o.Days, defaultDays)
	if b.days == nil {
		o.Days = 0
	} else if from := slices.Min(b.days); b.until-o.Days < from {
		return o, fault.Errorf(fault.ErrOption, "segkit: %s: nobody can be observed for %d days, because the baskets span %d: choose fewer OfferOptions.Days", op, o.Days, b.until-from)
	}
	for _, item := range o.Never {
		if !slices.Contains(b.items, item) {
			return o, unknownItem("basket.OfferOptions", "Never", item, b.items)
		}
	}
	return o, nil
}

// purchases are the baskets by item and by customer.
type purchases struct {
	*Baskets
	code  map[string]int32  // of each item
	holds [][]int32         // by item: the baskets with it
	first []map[int32]int32 // by customer: the first basket with each item; nil for none
	next  []int32           // by basket: the same customer's next one, or never
}

func (b *Baskets) purchases() *purchases {
	all := make([]int32, len(b.ids))
	for i := range all {
		all[i] = int32(i)
	}
	p := &purchases{b, make(map[string]int32, len(b.items)), b.places(&mined{n: len(all), rows: all}), make([]map[int32]int32, len(b.customers)), make([]int32, len(b.ids))}
	for c, item := range b.items {
		p.code[item] = int32(c)
	}
	for item, places := range p.holds {
		for _, at := range places {
			c := b.customer(int(at))
			if c < 0 {
				continue
			}
			if p.first[c] == nil {
				p.first[c] = map[int32]int32{}
			}
			if _, seen := p.first[c][int32(item)]; !seen {
				p.first[c][int32(item)] = at
			}
		}
	}
	for _, own := range b.byCustomer() {
		for at, i := range own {
			if p.next[i] = never; at+1 < len(own) {
				p.next[i] = own[at+1]
			}
		}
	}
	return p
}

// codes returns those of items, in rising order.
func (p *purchases) codes(op string, items []string) (codes []int32, err error) {
	for _, item := range items {
		c, known := p.code[item]
		if !known {
			return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: the rules are not about these baskets: no basket holds %q", op, item)
		}
		codes = append(codes, c)
	}
	slices.Sort(codes)
	return codes, nil
}

// after looks at customers who have had the antecedent in a basket before they ever had the item: how many could be watched from there on for that many days,
// how many of these bought it, and which customers have never had it, in the order of their baskets.
func (p *purchases) after(antecedent []int32, item int32, days int) (alike, taken int, lacking []int32) {
	met := map[int32]bool{}
	for _, at := range meeting(p.holds, antecedent) {
		c := p.customer(int(at))
		if c < 0 || met[c] {
			continue
		}
		firstTime, has := p.first[c][item]
		if !has {
			firstTime = never
			lacking = append(lacking, c)
		} else if at >= firstTime {
			continue
		}
		met[c] = true
		if stood, took := p.watched(at, firstTime, p.next[at], days); stood {
			alike++
			if took {
				taken++
			}
		}
	}
	return alike, taken, lacking
}

const (
	defaultDays = 90
	never       = math.MaxInt32 // stands for a basket that there is not
)

// watched reports whether a customer whose basket at was the first one with an antecedent and without the item stood there when the last days
// began, and took the item since. Where baskets know no days, it is whether there is a next basket, and whether the item is in it.
func (b *Baskets) watched(at, firstTime, next int32, days int) (stood, took bool) {
	if b.days == nil {
		return next != never, firstTime != never && firstTime == next
	}
	start := b.until - days
	took = firstTime != never
	return b.days[at] <= start && (!took || b.days[firstTime] > start), took
}

// unknownItem is the error for an item that no basket holds.
func unknownItem(method, field, item string, items []string) error {
	return &fault.OptionError{Method: method, Field: field, Value: strconv.Quote(item), Want: "an item of the baskets" + suggest.Suggestion(item, items), Err: fault.ErrUnmatched}
}

// worth is what a basket brings by an item on average; 1 where not known.
func (b *Baskets) worth(item int32, places []int32) float64 {
	if b.money == nil {
		return 1
	}
	sum := int64(0)
	for _, at := range places {
		j, _ := slices.BinarySearch(b.row(int(at)), item)
		sum += b.money[b.start[at]+j]
	}
	return float64(sum) / math.Pow10(b.decimals) / float64(len(places))
}

// otherItems are the Targets of items that too few customers are offered for a segment of their own.
const otherItems = "other items"

// Targets returns the customers with an offer as segments, so that a test can be planned and drawn by them: one for each item, and "other items" for those that fewer
// customers than describe.SmallSegment are offered, if there are any such.
func (o *Offers) Targets() (*table.Segments, error) {
	const op = "basket.Offers.Targets"
	switch {
	case o == nil:
		return nil, fault.Nil(op, "offers")
	case len(o.Offers) == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: no customer has an offer", op)
	}
	customers, number, names := map[string]int{}, map[string]int{}, []string{}
	for _, offer := range o.Offers {
		customers[offer.Item]++
	}
	for _, item := range slices.Sorted(maps.Keys(customers)) {
		if customers[item] >= describe.SmallSegment {
			number[item] = len(names)
			names = append(names, item)
		}
	}
	others := len(names)
	if len(number) < len(customers) {
		names = append(names, otherItems)
	}
	sorted := slices.SortedFunc(slices.Values(o.Offers), func(x, y Offer) int { return cmp.Compare(x.Customer, y.Customer) })
	ids, labels := make([]string, len(sorted)), make(table.Labels, len(sorted))
	for i, offer := range sorted {
		ids[i], labels[i] = offer.Customer, others
		if own, ok := number[offer.Item]; ok {
			labels[i] = own
		}
	}
	return table.NewSegments(ids, labels, names)
}
