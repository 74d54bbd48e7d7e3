package basket

import (
	"fmt"
	"hash/maphash"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
)

// OrdersOptions says which order lines make a basket, and up to when. The zero value takes every line of goods.
type OrdersOptions struct {
	AsOf       time.Time // last day that counts; zero is all days
	Categories bool      // an item is a category, not a product
	Goods      []string  // names of items that are goods although they sound like postage, a fee, a voucher and the like
}

// FromOrders makes baskets from cleaned orders, in order of time: what was bought (a quantity above zero) under one order number, or by a customer on one
// day if the file has no numbers. Items are products under their names; Categories and penetration use a product's first category. Baskets without a
// customer are kept. Lines that are surely no goods by their name or the id of their product, such as postage, deposits, fees, discounts, vouchers and
// samples, are no items: Notes has their names and numbers. Their money still counts in Sizes; orders of nothing else are no baskets. At most one
// OrdersOptions may be given. It costs O(lines).
func FromOrders(c *features.Cleaned, o ...OrdersOptions) (*Baskets, error) {
	const op = "basket.FromOrders"
	opt, err := option.AtMostOne(op, o)
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return nil, fault.Nil(op, "orders")
	}
	lines, err := c.Lines()
	if err != nil {
		return nil, err
	}
	f := newFiller(opt.Goods...)
	f.paid = true
	taken := map[string]string{} // name of an item: its product id
	category := map[int32]string{}
	names := map[string]string{} // product id: the item's name
	when := map[int32]time.Time{}
	nothing, unnamed := 0, 0
	behind := opt.AsOf.AddDate(0, 0, 1)
	var last time.Time
	for l := range lines {
		if l.Time.After(last) {
			last = l.Time
		}
		if !opt.AsOf.IsZero() && !l.Time.Before(behind) {
			continue
		}
		basket := l.Customer + "\x00" + l.Order
		if l.Quantity <= 0 {
			nothing++
			continue
		}
		item := l.Category
		switch {
		case opt.Categories && f.setAside(basket, item, "", l.Amount.Units), f.setAside(basket, l.Name, l.Product, l.Amount.Units):
			f.b.decimals = max(f.b.decimals, l.Amount.Decimals)
			continue
		case !opt.Categories:
			item = itemName(l, names, taken)
		}
		if item == "" || l.Order == "" {
			unnamed++
			continue
		}
		at := f.basket(basket)
		if _, seen := when[at]; !seen {
			when[at] = l.Time
			f.b.ids[at] = l.Order
		}
		f.buyer(at, l.Customer)
		code := f.item(item)
		if l.Category != "" && category[code] == "" {
			category[code] = l.Category
		}
		f.add(at, code, l.Amount.Units)
		f.b.decimals = max(f.b.decimals, l.Amount.Decimals)
	}
	if len(f.b.ids) == 0 && unnamed > 0 {
		want := "products"
		if opt.Categories {
			want = "categories"
		}
		return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: %s has no %s on its lines, so nothing says what was in a basket", op, c.Name(), want)
	}
	if err := f.tellAside("basket.OrdersOptions"); err != nil {
		return nil, err
	}
	if len(category) > 0 {
		f.b.categories = make([]string, len(f.b.items))
		for code, name := range category {
			f.b.categories[code] = name
		}
	}
	b, err := f.done(op)
	if err != nil {
		return nil, err
	}
	b.currency = c.Currency()
	if b.until = dayOf(last); !opt.AsOf.IsZero() {
		b.until = min(b.until, dayOf(opt.AsOf))
	}
	for i := range b.ids {
		b.days = append(b.days, dayOf(when[int32(i)]))
	}
	if nothing > 0 {
		b.Notes = append(b.Notes, wording.Plural(nothing, "line")+" without goods, or with goods that came back, are in no basket.")
	}
	if unnamed > 0 {
		b.Notes = append(b.Notes, wording.Plural(unnamed, "line")+" without an item or an order are in no basket.")
	}
	if twins := b.twins(when); twins > 0 {
		b.Notes = append(b.Notes, fmt.Sprintf("%s the same items as another order of the same customer at the same time: perhaps entered twice. They count as they are.", wording.Plural(twins, "order")+" "+holdHolds(twins)))
	}
	order := make([]int, len(b.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return when[int32(x)].Compare(when[int32(y)]) })
	return b.some(order), nil
}

// dayOf counts days from 1970.
func dayOf(t time.Time) int { return int(math.Floor(t.Sub(time.Unix(0, 0)).Hours() / 24)) }

func holdHolds(n int) string {
	if n == 1 {
		return "holds"
	}
	return "hold"
}

// itemName is the name of a line's product, with the id where another product has the name already.
func itemName(l features.Line, names, taken map[string]string) string {
	if l.Product == "" {
		return l.Name
	}
	name, known := names[l.Product]
	if known {
		return name
	}
	if name = l.Name; name == "" {
		name = l.Product
	}
	if _, other := taken[name]; other {
		name += " (" + l.Product + ")"
	}
	names[l.Product], taken[name] = name, l.Product
	return name
}

// twins counts the orders that repeat an earlier one: same customer, same time, same items.
func (b *Baskets) twins(when map[int32]time.Time) (n int) {
	type key struct {
		customer int32
		at       int64
		items    uint64
	}
	seed := maphash.MakeSeed()
	seen := map[key]bool{}
	for i := range b.ids {
		if b.customer(i) < 0 {
			continue
		}
		k := key{b.of[i], when[int32(i)].Unix(), maphash.Bytes(seed, appendKey(nil, b.row(i)))}
		if seen[k] {
			n++
		}
		seen[k] = true
	}
	return n
}

// Categories returns the same baskets with the categories of their items in place of the items. Items without a category are left
// out, and reported.
func (b *Baskets) Categories() (*Baskets, error) {
	const op = "basket.Baskets.Categories"
	switch {
	case b == nil:
		return nil, fault.Nil(op, "baskets")
	case b.categories == nil:
		return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: %s: these baskets do not know the categories of their items", op)
	}
	f := newFiller()
	f.b.ids, f.b.customers, f.b.of, f.b.decimals, f.b.currency, f.b.days, f.b.until = b.ids, b.customers, b.of, b.decimals, b.currency, b.days, b.until
	f.b.besides, f.b.aside = b.besides, b.aside
	f.paid = b.money != nil
	without := map[string]bool{}
	for i := range b.ids {
		for j, item := range b.row(i) {
			name := b.categories[item]
			if name == "" {
				without[b.items[item]] = true
				continue
			}
			money := int64(0)
			if f.paid {
				money = b.money[b.start[i]+j]
			}
			f.add(int32(i), f.item(name), money)
		}
	}
	out, err := f.done(op)
	if err != nil {
		return nil, err
	}
	out.Notes = nil // several products of one category in a basket are no news
	if len(without) > 0 {
		first := slices.Sorted(maps.Keys(without))[0]
		out.Notes = []string{fmt.Sprintf("%s without a category left out, as %q.", wording.Plural(len(without), "item")+" "+wasWere(len(without)), first)}
	}
	return out, nil
}
