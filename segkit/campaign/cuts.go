package campaign

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Search says which cuts Best tries, and what they may cost.
type Search struct {
	Budget float64   // for rewards, in the unit of spend, for the period that the table covers
	Spend  []float64 // cuts to try; nil means round numbers, 1, 1.5, 2, 3, 5 and 7 times powers of ten, within the range of the customers
	Orders []float64 // cuts to try; nil keeps the tiers' own
	Fewest int       // fewest members in each tier above the lowest; 0 means 30
}

// Cuts is what Best finds.
type Cuts struct {
	Standing *Standing // the programme with the best cuts, and who is in which tier
	Gain     float64   // margin of the assumed lift, less the cost; only as good as the assumption
	Budget   float64
	Tried    int // sets of cuts
	Within   int // those within the budget that have enough members in each tier
}

const mostCuts = 50_000_000 // sets of cuts that are tried within seconds

// Best looks for the cuts of all tiers above the lowest that gain most within a budget: the margin on the additional spend assumed (Tier.Lift), less what the
// rewards cost. It tries all sets of the given cuts, so that none is better; of equal sets it takes the cheaper, then the one with the lower cuts. The gain is only
// as good as the assumption, so put the cuts to a test. A budget that no set of cuts fits is an error that names the smallest sufficient budget. It costs n times
// the number of cuts, and the number of sets.
func (p Programme) Best(customers *table.Table, s Search) (*Cuts, error) {
	const op = "campaign.Programme.Best"
	p, err := p.checked()
	if err != nil {
		return nil, err
	}
	a, err := p.activity(op, customers)
	if err != nil {
		return nil, err
	}
	if !(s.Budget > 0) {
		return nil, fault.Option("campaign.Search", "Budget", s.Budget, "an amount above 0")
	}
	if len(p.Tiers) < 2 {
		return nil, fault.Option("campaign.Programme", "Tiers", len(p.Tiers), "two or more, since the lowest keeps its cut")
	}
	if !slices.ContainsFunc(p.Tiers, func(t Tier) bool { return t.Lift > 0 }) {
		return nil, fault.Option("campaign.Tier", "Lift", 0, "an assumption in some tier, such as .05: if being in a tier makes nobody spend more, the best programme gives nothing")
	}
	if s.Fewest == 0 {
		s.Fewest = 30
	}
	if s.Spend == nil {
		s.Spend = roundCuts(a.spend)
	}
	for _, cuts := range [][]float64{s.Spend, s.Orders} {
		for _, c := range cuts {
			if !(c >= 0) {
				return nil, fault.Option("campaign.Search", "Spend", c, "cuts of 0 or more")
			}
		}
	}
	// candidates of each tier, and what the customers who reach them did
	options := make([][]candidate, len(p.Tiers))
	options[0] = []candidate{a.reaching(p.Tiers[0].Spend, p.Tiers[0].Orders)}
	sets := 1.0
	for t := range options[1:] {
		t++
		orders := s.Orders
		if orders == nil {
			orders = []float64{p.Tiers[t].Orders}
		}
		for _, spend := range s.Spend {
			for _, often := range orders {
				options[t] = append(options[t], a.reaching(spend, often))
			}
		}
		slices.SortFunc(options[t], func(x, y candidate) int {
			return cmp.Or(cmp.Compare(x.spendCut, y.spendCut), cmp.Compare(x.ordersCut, y.ordersCut))
		})
		sets *= float64(len(options[t]))
	}
	if sets > mostCuts {
		return nil, fault.Option("campaign.Search", "Spend", fmt.Sprintf("%d cuts", len(s.Spend)), fmt.Sprintf("fewer cuts: %s sets of them are too many (at most %s)", sheet.Number(sets), sheet.Number(mostCuts)))
	}
	search := cutSearch{p: p, s: s, options: options, chosen: make([]candidate, len(p.Tiers)), cheapest: math.Inf(1)}
	search.chosen[0] = options[0][0]
	search.from(1, 0, 0)
	if search.best == nil {
		if math.IsInf(search.cheapest, 1) {
			return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: none of %s sets of cuts leaves %d members in each tier: give other cuts, or a smaller campaign.Search.Fewest", op, sheet.Count(search.tried), s.Fewest)
		}
		return nil, fault.Option("campaign.Search", "Budget", s.Budget, fmt.Sprintf("at least %s, or lower rewards, or higher cuts to try (Spend, Orders): the cheapest of these sets costs that much, with %q keeping its own cut", strings.TrimSpace(sheet.Fixed(math.Ceil(search.cheapest), 0)+" "+a.unit), p.Tiers[0].Name))
	}
	for t, c := range search.best {
		p.Tiers[t].Spend, p.Tiers[t].Orders = c.spendCut, c.ordersCut
	}
	out := &Cuts{Gain: search.gain, Budget: s.Budget, Tried: search.tried, Within: search.within}
	out.Standing, err = p.Place(customers)
	return out, err
}

// candidate is a cut with the customers who reach it: how many, and what they did together.
type candidate struct {
	spendCut, ordersCut    float64
	members, spend, orders float64
}

func (a activity) reaching(spend, orders float64) candidate {
	c := candidate{spendCut: spend, ordersCut: orders}
	for i, v := range a.spend {
		if v >= spend && a.orders[i] >= orders {
			c.members++
			c.spend += v
			c.orders += a.orders[i]
		}
	}
	return c
}

// cutSearch tries all sets of cuts, tier by tier. A tier's members are those who reach it and not the next.
type cutSearch struct {
	p             Programme
	s             Search
	options       [][]candidate
	chosen, best  []candidate
	gain, cost    float64 // of best
	cheapest      float64
	tried, within int
}

// from chooses the cut of tier t and all above, where those below cost and gain so much.
func (c *cutSearch) from(t int, cost, gain float64) {
	below := c.chosen[t-1]
	if t == len(c.options) {
		cost, gain = c.add(t-1, below, candidate{}, cost, gain)
		if c.tried++; below.members < float64(c.s.Fewest) {
			return
		}
		if c.cheapest = min(c.cheapest, cost); cost > c.s.Budget {
			return
		}
		if c.within++; c.best == nil || gain > c.gain || gain == c.gain && cost < c.cost {
			c.best, c.gain, c.cost = slices.Clone(c.chosen), gain, cost
		}
		return
	}
	for _, o := range c.options[t] {
		if o.spendCut < below.spendCut || o.ordersCut < below.ordersCut || o.spendCut == below.spendCut && o.ordersCut == below.ordersCut {
			continue
		}
		if t > 1 && below.members-o.members < float64(c.s.Fewest) {
			c.tried++
			continue
		}
		c.chosen[t] = o
		nextCost, nextGain := c.add(t-1, below, o, cost, gain)
		c.from(t+1, nextCost, nextGain)
	}
}

// add adds the members of tier t: those who reach its cut and not the next one.
func (c *cutSearch) add(t int, own, next candidate, cost, gain float64) (float64, float64) {
	tier, members, spend, orders := c.p.Tiers[t], own.members-next.members, own.spend-next.spend, own.orders-next.orders
	costs := tier.cost(members, spend, orders)
	return cost + costs, gain + c.p.Margin*tier.Lift*spend - costs
}

// roundCuts are round numbers among the amounts that customers spent.
func roundCuts(spend []float64) (cuts []float64) {
	highest := slices.Max(spend)
	for power := 1.0; power < highest; power *= 10 {
		for _, digit := range []float64{1, 1.5, 2, 3, 5, 7} {
			if c := digit * power; c < highest && c == math.Trunc(c) {
				cuts = append(cuts, c)
			}
		}
	}
	return cuts
}

// Sheet shows the tiers with the best cuts.
func (c *Cuts) Sheet() sheet.Sheet {
	out := c.Standing.Sheet()
	unit := c.Standing.Unit
	out.Caption = fmt.Sprintf("Best of %s sets of cuts within %s: it costs %s and would leave %s, if members spend as much more as assumed", sheet.Count(c.Tried), strings.TrimSpace(sheet.Fixed(c.Budget, 0)+" "+unit),
		sheet.Fixed(c.Standing.Cost(), 0), strings.TrimSpace(sheet.Fixed(c.Gain, 0)+" "+unit))
	if c.Gain < 0 {
		out.Caption = fmt.Sprintf("None of %s sets of cuts within %s pays for itself: the best costs %s and loses %s, even if members spend as much more as assumed", sheet.Count(c.Tried),
			strings.TrimSpace(sheet.Fixed(c.Budget, 0)+" "+unit), sheet.Fixed(c.Standing.Cost(), 0), strings.TrimSpace(sheet.Fixed(-c.Gain, 0)+" "+unit))
	}
	var assumed []string
	for _, t := range c.Standing.Programme.Tiers {
		assumed = append(assumed, fmt.Sprintf("%s %s", t.Name, sheet.Percent(t.Lift)))
	}
	out.Notes = append([]string{"Assumed until a test has shown it: members spend more by " + sheet.List(assumed) + "."}, out.Notes...)
	return out
}
