package basket

import (
	"fmt"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// split says which segment the customers of baskets are in.
type split struct {
	names     []string // (k)
	label     []int    // (customers of the baskets) 0..k-1, table.Noise, or outside
	customers []int    // (k) with a basket
	enough    []bool   // (k) at least describe.SmallSegment of them
	notes     []string
}

const outside = table.Noise - 1 // customers that the segments do not know

// split joins baskets and segments by the customers' ids.
func (b *Baskets) split(op string, s *table.Segments) (*split, error) {
	switch {
	case b == nil:
		return nil, fault.Nil(op, "baskets")
	case s == nil:
		return nil, fault.Nil(op, "segments")
	case b.customers == nil:
		return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: these baskets do not say whose they are: make them of orders, or name the column in basket.CSVOptions.Customer", op)
	}
	labels, err := s.ByID(op)
	if err != nil {
		return nil, err
	}
	p := &split{names: s.Names, label: make([]int, len(b.customers)), customers: make([]int, len(s.Names)), enough: make([]bool, len(s.Names))}
	buys := make([]bool, len(b.customers)) // those that have a basket here
	for i := range b.ids {
		if c := b.customer(i); c >= 0 {
			buys[c] = true
		}
	}
	met, foreign := 0, 0
	for c, id := range b.customers {
		label, known := labels[id]
		switch {
		case !buys[c]:
			p.label[c] = outside
			continue
		case !known:
			label = outside
			foreign++
		default:
			met++
		}
		if p.label[c] = label; label >= 0 {
			p.customers[label]++
		}
	}
	if met == 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: no customer of the %s is in the segments (baskets know %q, segments %q)", op, wording.Plural(len(b.ids), "basket"),
			wording.Clip(b.customers[0]), wording.Clip(first(s.IDs)))
	}
	p.notes = b.notGoods()
	if foreign > 0 {
		p.notes = append(p.notes, fmt.Sprintf("%s in no row of the segments: their baskets are left out.", wording.Plural(foreign, "customer")+" "+wording.Be(foreign)))
	}
	if none := len(labels) - met; none > 0 {
		p.notes = append(p.notes, fmt.Sprintf("%s of the segments %s no basket.", wording.Plural(none, "customer"), wording.Have(none)))
	}
	for l, n := range p.customers {
		if p.enough[l] = n >= describe.SmallSegment; !p.enough[l] {
			p.notes = append(p.notes, fmt.Sprintf("%q has %s with a basket: too few to compare with the rest (fewer than %d).", p.names[l], wording.Plural(n, "customer"), describe.SmallSegment))
		}
	}
	return p, nil
}

func first(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// of returns the label of basket i's customer, outside where there is none.
func (p *split) of(b *Baskets, i int) int {
	if c := b.customer(i); c >= 0 {
		return p.label[c]
	}
	return outside
}
