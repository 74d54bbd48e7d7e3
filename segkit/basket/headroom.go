package basket

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Headroom says how much more money customers would bring if those below came up to the upper quartile of the buyers in their
// own segment. It is what similar customers already do, not a forecast.
type Headroom struct {
	Cells     []HeadroomCell // by segment, then in order of decreasing money
	Customers *table.Table   // (customers with a basket, items) money below the upper quartile; missing if a customer never bought the item
	Currency  string
	Notes     []string
}

// HeadroomCell is an item in a segment.
type HeadroomCell struct {
	Segment, Item string
	Customers     int     // of the segment
	Buyers, Below int     // customers who bought the item; those of them below the upper quartile
	Median, Upper float64 // median and upper quartile of what buyers spent on it
	Money         float64 // that the customers below would bring in addition if they came up to it
}

// mostCells is how many customers times items a table of headroom may hold.
const mostCells = 100_000_000

// Headroom compares what each customer spent on an item, in all baskets together, with the upper quartile of the buyers in the
// segment (of those, one in four spends more). Customers who never bought the item are a gap in penetration, and are not
// counted here. The baskets must know what was paid, as those from orders do. For categories, call b.Categories() first.
func (b *Baskets) Headroom(s *table.Segments) (*Headroom, error) {
	const op = "basket.Baskets.Headroom"
	p, err := b.split(op, s)
	if err != nil {
		return nil, err
	}
	if b.money == nil {
		return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: these baskets do not say what was paid: make them of orders", op)
	}
	var ids []string
	var labels []int
	place := make([]int, len(p.label))
	for c, l := range p.label {
		if l == outside {
			continue
		}
		place[c] = len(ids)
		ids, labels = append(ids, b.customers[c]), append(labels, l)
	}
	m := len(b.items)
	if len(ids)*m > mostCells {
		return nil, fault.Errorf(fault.ErrOption, "segkit: %s: %s customers by %s items are too many: ask for the headroom of b.Categories()", op, sheet.Count(len(ids)), sheet.Count(m))
	}
	bought := make([]bool, len(ids)*m)
	units := make([]int64, len(ids)*m)
	for i := range b.ids {
		if p.of(b, i) == outside {
			continue
		}
		row := place[b.of[i]] * m
		for j, item := range b.row(i) {
			bought[row+int(item)] = true
			units[row+int(item)] += b.money[b.start[i]+j]
		}
	}
	scale := math.Pow10(b.decimals)
	data := make([]float64, len(units))
	for i := range data {
		data[i] = math.NaN()
	}
	out := &Headroom{Currency: b.currency, Notes: p.notes}
	for l, name := range p.names {
		if !p.enough[l] {
			continue
		}
		from := len(out.Cells)
		for item := range m {
			cell := HeadroomCell{Segment: name, Item: b.items[item], Customers: p.customers[l]}
			var spent []float64
			for c, label := range labels {
				if at := c*m + item; label == l && bought[at] {
					spent = append(spent, float64(units[at])/scale)
				}
			}
			if cell.Buyers = len(spent); cell.Buyers == 0 {
				continue
			}
			sample := quantile.Of(spent, nil, false)
			cell.Median, cell.Upper = sample.At(.5), sample.At(.75)
			for c, label := range labels {
				if at := c*m + item; label == l && bought[at] {
					if data[at] = max(0, cell.Upper-float64(units[at])/scale); data[at] > 0 {
						cell.Below++
						cell.Money += data[at]
					}
				}
			}
			out.Cells = append(out.Cells, cell)
		}
		slices.SortStableFunc(out.Cells[from:], func(x, y HeadroomCell) int { return falling(x.Money, y.Money) })
	}
	if out.Cells == nil {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: no segment has enough customers; there are %s", op, s.Sizes())
	}
	columns := make([]table.Column, m)
	for item := range columns {
		columns[item] = table.Column{Name: b.items[item], Unit: b.currency, Role: table.Value}
	}
	out.Customers, err = table.New(ids, columns, data)
	return out, err
}

func falling(x, y float64) int {
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}
