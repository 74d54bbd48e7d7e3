package basket

import (
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// Penetration says who has bought what at least once: the share of each segment's customers, compared with that of all other customers.
type Penetration struct {
	Items     []string // (m) most frequent first
	Segments  []string // (k)
	Customers []int    // (k) with a basket
	Gaps      [][]Gap  // (k, m); nil for a segment with too few customers
	Level     float64  // rate of false discoveries among the gaps that are reported: .05
	Notes     []string
}

// Gap is an item in a segment.
type Gap struct {
	Segment, Item         string
	Buyers                int     // customers of the segment who have bought it
	Share, Rest           float64 // of the segment's customers, and of all others
	Difference, Low, High float64 // of the shares, with a 95 % interval (Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I)
	P, Q                  float64 // that the shares do not differ (Fisher's exact test, two-sided); adjusted for all segments and items
}

// Penetration compares segments by who has bought each item at least once. It counts customers, not baskets. A segment of
// customers who came once has therefore bought less of everything, and gaps are best compared within a segment. For categories,
// call b.Categories() first. It costs O(baskets) and k*m tests.
func (b *Baskets) Penetration(s *table.Segments) (*Penetration, error) {
	const op = "basket.Baskets.Penetration"
	p, err := b.split(op, s)
	if err != nil {
		return nil, err
	}
	k, m := len(p.names), len(b.items)
	known := 0 // customers of segments, of none included
	for _, l := range p.label {
		if l != outside {
			known++
		}
	}
	buyers := make([][]int, k)
	all := make([]int, m)
	for l := range buyers {
		buyers[l] = make([]int, m)
	}
	seen := make([]int, m) // 1 + the customer with whom an item was last seen
	for c, own := range b.byCustomer() {
		l := p.label[c]
		if l == outside {
			continue
		}
		for _, i := range own {
			for _, item := range b.row(int(i)) {
				if seen[item] == c+1 {
					continue
				}
				seen[item] = c + 1
				all[item]++
				if l >= 0 {
					buyers[l][item]++
				}
			}
		}
	}
	out := &Penetration{Items: b.items, Segments: p.names, Customers: p.customers, Gaps: make([][]Gap, k), Level: defaultLevel, Notes: p.notes}
	fisher := stats.NewFisher(known)
	var ps []float64
	for l := range k {
		if !p.enough[l] || known == p.customers[l] {
			continue
		}
		n, rest := p.customers[l], known-p.customers[l]
		out.Gaps[l] = make([]Gap, m)
		for item := range m {
			x, others := buyers[l][item], all[item]-buyers[l][item]
			g := Gap{Segment: p.names[l], Item: b.items[item], Buyers: x, Share: float64(x) / float64(n), Rest: float64(others) / float64(rest)}
			g.Difference = g.Share - g.Rest
			g.Low, g.High = newcombe(g.Share, float64(n), g.Rest, float64(rest))
			g.P = min(1, 2*min(fisher.More(x, n, all[item], known), fisher.Fewer(x, n, all[item], known)))
			ps = append(ps, g.P)
			out.Gaps[l][item] = g
		}
	}
	if ps == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: two segments or more are needed, one of them with enough customers to compare; there are %s", op, s.Sizes())
	}
	at := 0
	q := stats.FalseDiscovery(ps, len(ps), false)
	for l := range out.Gaps {
		for item := range out.Gaps[l] {
			out.Gaps[l][item].Q = q[at]
			at++
		}
	}
	return out, nil
}

// newcombe is the interval, 95 %, of the difference of two shares.
func newcombe(first, n1, second, n2 float64) (low, high float64) {
	l1, u1 := stats.Wilson(first, n1, stats.Normal95)
	l2, u2 := stats.Wilson(second, n2, stats.Normal95)
	d := first - second
	return d - math.Hypot(first-l1, u2-second), d + math.Hypot(u1-first, second-l2)
}
