package basket

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Baskets are n sets of m different items. They are sparse: only what is in a basket takes memory, 4 bytes an item, and 8 more
// for what was paid. Items are numbered in order of decreasing number of baskets, so that 0 is the most frequent one.
type Baskets struct {
	Notes []string // what was left out or combined when they were read, as sentences

	items      []string // (m)
	categories []string // (m) of the items; nil where not known
	counts     []int    // (m) baskets that hold the item
	ids        []string // (n)
	customers  []string // those who have a basket; nil where not known
	of         []int32  // (n) the customer of each basket, -1 for none; nil where not known
	start      []int    // (n+1) where each basket begins in inside
	inside     []int32  // items of one basket after the other, ascending within each
	money      []int64  // (inside) what was paid for each; nil where not known
	besides    []int64  // (n) what each cost for lines that are no goods; nil where not known
	decimals   int      // of money and besides
	currency   string
	days       []int  // (n) the day of each basket, counted from 1970; nil where not known
	until      int    // last day that was looked at
	aside      string // a sentence on the lines that are no goods; "" if there were none
}

// Count returns how many baskets there are.
func (b *Baskets) Count() int {
	if b == nil {
		return 0
	}
	return len(b.ids)
}

// Items returns the names of all items, the most frequent first.
func (b *Baskets) Items() []string {
	if b == nil {
		return nil
	}
	return slices.Clone(b.items)
}

// row returns the items of basket i, ascending.
func (b *Baskets) row(i int) []int32 { return b.inside[b.start[i]:b.start[i+1]] }

// customer returns who filled basket i, -1 if that is not known.
func (b *Baskets) customer(i int) int32 {
	if b.of == nil {
		return -1
	}
	return b.of[i]
}

// byCustomer returns the baskets of each customer, in their order.
func (b *Baskets) byCustomer() [][]int32 {
	out := make([][]int32, len(b.customers))
	for i := range b.ids {
		if c := b.customer(i); c >= 0 {
			out[c] = append(out[c], int32(i))
		}
	}
	return out
}

// repeated reports whether some customer has several baskets.
func (b *Baskets) repeated() bool {
	return slices.ContainsFunc(b.byCustomer(), func(own []int32) bool { return len(own) > 1 })
}

// FromLists makes a basket from each list of items, taken as they are: postage is left in. An item that occurs twice in a list counts once; an empty list is a basket
// without items, but still counts as a basket.
func FromLists(lists [][]string) (*Baskets, error) {
	if len(lists) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: basket.FromLists: there are no baskets")
	}
	f := newFiller()
	for i, list := range lists {
		at := f.basket(strconv.Itoa(i + 1))
		for j, item := range list {
			if item == "" {
				return nil, fault.Errorf(fault.ErrFormat, "segkit: basket.FromLists: item %d of basket %d has no name", j+1, i+1)
			}
			f.add(at, f.item(item), 0)
		}
	}
	return f.done("basket.FromLists")
}

// filler collects baskets line by line.
type filler struct {
	b        *Baskets
	basketAt map[string]int32
	itemAt   map[string]int32
	buyerAt  map[string]int32
	lines    []line
	paid     bool             // lines say what was paid
	goods    map[string]bool  // names that are goods, whatever they sound like
	aside    map[string]int   // name of lines that are no goods: how many
	besides  map[string]int64 // basket: what it cost for them
}

// line is one item of a basket.
type line struct {
	basket, item int32
	money        int64
}

// newFiller makes a filler that takes the given names for goods.
func newFiller(goods ...string) *filler {
	f := &filler{b: &Baskets{}, basketAt: map[string]int32{}, itemAt: map[string]int32{}, buyerAt: map[string]int32{}, goods: map[string]bool{}, aside: map[string]int{}, besides: map[string]int64{}}
	for _, name := range goods {
		f.goods[name] = true
	}
	return f
}

// setAside reports whether a line is no goods, and counts it. It is known by its name or by the id of its product; basket is the one that it stands in.
func (f *filler) setAside(basket, name, id string, money int64) bool {
	shown := cmp.Or(name, id)
	if f.goods[shown] || !exports.NoGoods(name) && !exports.NoGoods(id) {
		return false
	}
	f.aside[shown]++
	f.besides[basket] += money
	return true
}

// mostNamed is how many names of lines that are no goods are listed.
const mostNamed = 12

// tellAside notes the lines that are no goods, the most frequent first; field is the option that makes goods of them. A name in that option that no item has
// is an error.
func (f *filler) tellAside(method string) error {
	for _, name := range slices.Sorted(maps.Keys(f.goods)) {
		if _, known := f.itemAt[name]; !known {
			return unknownItem(method, "Goods", name, slices.Concat(f.b.items, slices.Sorted(maps.Keys(f.aside))))
		}
	}
	if len(f.aside) == 0 {
		return nil
	}
	names := slices.SortedFunc(maps.Keys(f.aside), func(x, y string) int { return cmp.Or(cmp.Compare(f.aside[y], f.aside[x]), cmp.Compare(x, y)) })
	lines, listed := 0, []string{}
	for i, name := range names {
		if lines += f.aside[name]; i < mostNamed {
			listed = append(listed, fmt.Sprintf("%q (%s)", name, sheet.Count(f.aside[name])))
		}
	}
	if more := len(names) - mostNamed; more > 0 {
		listed = append(listed, wording.Plural(more, "other name"))
	}
	are, their := wording.Be(lines), map[bool]string{true: "its name", false: "their names"}[lines == 1]
	f.b.aside = fmt.Sprintf("%s %s no goods by %s: %s. No rule and no offer has them", wording.Plural(lines, "line"), are, their, sheet.List(listed))
	if f.paid {
		f.b.aside += "; what a basket cost includes them"
	}
	f.b.aside += fmt.Sprintf(". If some are goods, list their names in %s.Goods.", method)
	empty := 0
	for basket := range f.besides {
		if _, filled := f.basketAt[basket]; !filled {
			empty++
		}
	}
	if empty > 0 {
		f.b.aside += fmt.Sprintf(" %s of nothing else %s left out.", wording.Plural(empty, "order"), wasWere(empty))
	}
	f.b.Notes = append(f.b.Notes, f.b.aside)
	if f.paid {
		f.b.besides = make([]int64, len(f.b.ids))
		for basket, at := range f.basketAt {
			f.b.besides[at] = f.besides[basket]
		}
	}
	return nil
}

// coded returns the number of a text, a new one where it was not seen before.
func coded(at map[string]int32, names *[]string, text string) int32 {
	code, seen := at[text]
	if !seen {
		code = int32(len(*names))
		at[text] = code
		*names = append(*names, text)
	}
	return code
}

func (f *filler) basket(id string) int32 { return coded(f.basketAt, &f.b.ids, id) }
func (f *filler) item(name string) int32 { return coded(f.itemAt, &f.b.items, name) }

// buyer says whose basket it is; a basket keeps its first customer.
func (f *filler) buyer(basket int32, id string) (same bool) {
	for len(f.b.of) <= int(basket) {
		f.b.of = append(f.b.of, -1)
	}
	if id == "" {
		return true
	}
	c := coded(f.buyerAt, &f.b.customers, id)
	if f.b.of[basket] < 0 {
		f.b.of[basket] = c
	}
	return f.b.of[basket] == c
}

func (f *filler) add(basket, item int32, money int64) {
	f.lines = append(f.lines, line{basket, item, money})
}

// done sorts the lines into baskets: O(lines).
func (f *filler) done(op string) (*Baskets, error) {
	b := f.b
	if len(b.ids) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: there are no baskets%s", op, strings.TrimRight(". "+b.aside, ". "))
	}
	for b.of != nil && len(b.of) < len(b.ids) {
		b.of = append(b.of, -1)
	}
	if b.customers == nil {
		b.of = nil
	}
	n := len(b.ids)
	fill := make([]int, n+1)
	for _, l := range f.lines {
		fill[l.basket+1]++
	}
	for i := range n {
		fill[i+1] += fill[i]
	}
	sorted := make([]line, len(f.lines))
	for _, l := range f.lines {
		sorted[fill[l.basket]] = l
		fill[l.basket]++
	}
	f.lines = nil
	b.start, b.counts = make([]int, n+1), make([]int, len(b.items))
	repeats, kept := 0, sorted[:0]
	for from, i := 0, 0; i < n; i++ {
		lines := sorted[from:fill[i]]
		from = fill[i]
		slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.item, b.item) })
		for j, l := range lines {
			if j > 0 && kept[len(kept)-1].item == l.item {
				kept[len(kept)-1].money += l.money
				repeats++
				continue
			}
			kept = append(kept, l)
			b.counts[l.item]++
		}
		b.start[i+1] = len(kept)
	}
	b.inside = make([]int32, len(kept))
	if f.paid {
		b.money = make([]int64, len(kept))
	}
	for i, l := range kept {
		b.inside[i] = l.item
		if f.paid {
			b.money[i] = l.money
		}
	}
	if repeats > 0 {
		b.Notes = append(b.Notes, "An item counts once a basket: "+wording.Plural(repeats, "line")+" repeated one.")
	}
	b.byCount()
	return b, nil
}

// byCount numbers the items by falling number of baskets, ties by name.
func (b *Baskets) byCount() {
	order := make([]int32, len(b.items))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(b.counts[y], b.counts[x]), cmp.Compare(b.items[x], b.items[y]))
	})
	code := make([]int32, len(order))
	items, counts := make([]string, len(order)), make([]int, len(order))
	categories := b.categories
	if categories != nil {
		categories = make([]string, len(order))
	}
	for at, was := range order {
		code[was], items[at], counts[at] = int32(at), b.items[was], b.counts[was]
		if categories != nil {
			categories[at] = b.categories[was]
		}
	}
	b.items, b.counts, b.categories = items, counts, categories
	for i, was := range b.inside {
		b.inside[i] = code[was]
	}
	if b.money == nil {
		for i := range b.ids {
			slices.Sort(b.row(i))
		}
		return
	}
	var lines []line
	for i := range b.ids {
		from := b.start[i]
		lines = lines[:0]
		for j, item := range b.row(i) {
			lines = append(lines, line{item: item, money: b.money[from+j]})
		}
		slices.SortFunc(lines, func(x, y line) int { return cmp.Compare(x.item, y.item) })
		for j, l := range lines {
			b.inside[from+j], b.money[from+j] = l.item, l.money
		}
	}
}

// notGoods is what results that hold items say of lines that are no goods.
func (b *Baskets) notGoods() []string {
	if b.aside == "" {
		return nil
	}
	return []string{b.aside}
}

// some returns the given baskets of b, with all its items under the same numbers.
func (b *Baskets) some(rows []int) *Baskets {
	out := &Baskets{items: b.items, categories: b.categories, customers: b.customers, decimals: b.decimals, currency: b.currency, until: b.until, aside: b.aside, Notes: b.Notes,
		counts: make([]int, len(b.items)), start: []int{0}}
	for _, i := range rows {
		out.ids = append(out.ids, b.ids[i])
		if b.of != nil {
			out.of = append(out.of, b.of[i])
		}
		out.inside = append(out.inside, b.row(i)...)
		if b.days != nil {
			out.days = append(out.days, b.days[i])
		}
		if b.money != nil {
			out.money = append(out.money, b.money[b.start[i]:b.start[i+1]]...)
		}
		if b.besides != nil {
			out.besides = append(out.besides, b.besides[i])
		}
		out.start = append(out.start, len(out.inside))
		for _, item := range b.row(i) {
			out.counts[item]++
		}
	}
	return out
}

// recall returns what was computed from these baskets, options and further inputs before, under a context that remembers.
func recall[T any](ctx context.Context, purpose string, b *Baskets, o Options, compute func() (*T, error), more ...any) (*T, error) {
	if b == nil || memory.From(ctx) == nil {
		return compute()
	}
	h := sha256.New()
	write := func(texts []string) {
		for _, text := range texts {
			fmt.Fprintf(h, "%d %s", len(text), text)
		}
		fmt.Fprintln(h, len(texts))
	}
	write(b.items)
	write(b.ids)
	write(b.customers)
	write([]string{b.aside})
	h.Write(appendKey(nil, b.of))
	for _, size := range b.start {
		fmt.Fprintln(h, size)
	}
	h.Write(appendKey(nil, b.inside))
	return memory.Recall(ctx, memory.Key(purpose, append([]any{hex.EncodeToString(h.Sum(nil)), o}, more...)...), compute)
}

// Frame returns the baskets as a gota frame with one row per item of a basket: basket, customer if known, item.
func (b *Baskets) Frame() table.Frame {
	if b == nil {
		return frame.New()
	}
	type cell struct{ basket, item int }
	var cells []cell
	for i := range b.ids {
		for _, item := range b.row(i) {
			cells = append(cells, cell{i, int(item)})
		}
	}
	columns := []frame.Columns{frame.Each("basket", cells, func(c cell) string { return b.ids[c.basket] })}
	if b.of != nil {
		columns = append(columns, frame.Texts("customer", len(cells), func(i int) (string, bool) {
			if of := b.of[cells[i].basket]; of >= 0 {
				return b.customers[of], true
			}
			return "", false
		}))
	}
	return frame.New(append(columns, frame.Each("item", cells, func(c cell) string { return b.items[c.item] }))...)
}
