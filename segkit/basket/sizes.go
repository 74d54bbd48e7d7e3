package basket

import (
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// Sizes says how large the baskets of each segment are.
type Sizes struct {
	Segments []SegmentSize // those with enough customers
	Currency string
	Paid     bool // baskets know what was paid
	Notes    []string
}

// SegmentSize says how large the baskets of one segment are.
type SegmentSize struct {
	Segment            string
	Customers, Baskets int
	Items              Size // different items in a basket
	Money              Size // paid for a basket; NaN if unknown
}

// Size is a mean over customers, each with the mean of their own baskets, compared with that of all other customers.
type Size struct {
	Mean, Rest      float64
	More, Low, High float64 // Mean minus Rest, with Welch's 95 % interval
}

// Larger reports whether baskets of the segment are larger than those of the rest, beyond chance and by at least a tenth. Money
// decides if it is known, otherwise the number of items.
func (s SegmentSize) Larger() bool {
	of := s.told()
	return of.Low > 0 && of.More > of.Rest/10
}

// told is the size that decides.
func (s SegmentSize) told() Size {
	if math.IsNaN(s.Money.Mean) {
		return s.Items
	}
	return s.Money
}

// Sizes compares how much customers of each segment put into a basket. Large baskets contain more of everything, so a segment
// with larger baskets shows more of any pair.
func (b *Baskets) Sizes(s *table.Segments) (*Sizes, error) {
	const op = "basket.Baskets.Sizes"
	p, err := b.split(op, s)
	if err != nil {
		return nil, err
	}
	n := len(p.label)
	baskets, items, money := make([]int, n), make([]float64, n), make([]float64, n) // items and money: means of a customer's baskets
	scale := math.Pow10(b.decimals)
	for c, own := range b.byCustomer() {
		held, paid := 0, int64(0)
		for _, i := range own {
			held += len(b.row(int(i)))
			if b.money != nil {
				for _, v := range b.money[b.start[i]:b.start[i+1]] {
					paid += v
				}
			}
			if b.besides != nil {
				paid += b.besides[i]
			}
		}
		baskets[c] = len(own)
		items[c], money[c] = float64(held)/float64(len(own)), math.NaN()
		if b.money != nil {
			money[c] = float64(paid) / scale / float64(len(own))
		}
	}
	out := &Sizes{Currency: b.currency, Paid: b.money != nil, Notes: p.notes}
	for l, name := range p.names {
		if !p.enough[l] {
			continue
		}
		x := SegmentSize{Segment: name, Customers: p.customers[l], Items: p.compare(l, items), Money: p.compare(l, money)}
		for c, label := range p.label {
			if label == l {
				x.Baskets += baskets[c]
			}
		}
		out.Segments = append(out.Segments, x)
	}
	if out.Segments == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: no segment has enough customers; there are %s", op, s.Sizes())
	}
	return out, nil
}

// compare sets the customers of segment l beside all others in a value of each customer.
func (p *split) compare(l int, values []float64) (s Size) {
	var own, rest []float64
	for c, label := range p.label {
		switch {
		case label == l:
			own = append(own, values[c])
		case label != outside:
			rest = append(rest, values[c])
		}
	}
	mean, sd, _ := stats.Moments(own, nil)
	other, sdOther, _ := stats.Moments(rest, nil)
	a, b := sd*sd/float64(len(own)-1), sdOther*sdOther/float64(len(rest)-1) // variances of the means; sd is with n
	degrees := (a + b) * (a + b) / (a*a/float64(len(own)-1) + b*b/float64(len(rest)-1))
	half := math.NaN()
	if a+b > 0 && len(rest) > 1 {
		half = stats.Student95(degrees) * math.Sqrt(a+b)
	}
	s = Size{Mean: mean, Rest: other, More: mean - other}
	s.Low, s.High = s.More-half, s.More+half
	return s
}
