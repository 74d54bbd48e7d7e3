package basket

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Itemsets are all sets of items that occur together in enough baskets, the most frequent first.
type Itemsets struct {
	Sets    []Itemset
	Baskets int // that were counted
	Least   int // baskets in which a set must occur to be listed
	Notes   []string
}

// Itemset is a set of items, the most frequent item first.
type Itemset struct {
	Items   []string
	Count   int     // baskets with all of them
	Support float64 // share of all baskets
}

// Itemsets finds every set of up to MaxLength items that occurs in at least MinSupport of the baskets: exactly, by Eclat. The
// cost depends on the frequent items in the baskets, not on the number of items that exist.
func (b *Baskets) Itemsets(o Options) (*Itemsets, error) {
	return b.ItemsetsContext(job.DefaultContext, o)
}

// ItemsetsContext is Itemsets under ctx.
func (b *Baskets) ItemsetsContext(ctx context.Context, o Options) (*Itemsets, error) {
	m, err := b.mine(ctx, "basket.Baskets.Itemsets", o)
	if err != nil {
		return nil, err
	}
	out := &Itemsets{Baskets: m.n, Least: m.least, Notes: m.notes}
	order := make([]int, len(m.counts))
	for s := range order {
		order[s] = s
	}
	slices.SortStableFunc(order, func(x, y int) int {
		a, c := m.set(x), m.set(y)
		return cmp.Or(cmp.Compare(m.counts[y], m.counts[x]), cmp.Compare(len(a), len(c)), slices.Compare(a, c))
	})
	for _, s := range order {
		out.Sets = append(out.Sets, Itemset{b.named(m.set(s)), int(m.counts[s]), float64(m.counts[s]) / float64(m.n)})
	}
	return out, nil
}

func (b *Baskets) named(codes []int32) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = b.items[c]
	}
	return out
}

// mined are the frequent sets with what is asked of them again and again.
type mined struct {
	found
	n, least int
	rows     []int32 // the baskets that were counted (n)
	options  Options
	notes    []string
	places   []int32 // 1 + a set, at the hash of its codes or behind it; 0 for none
}

// mine checks the options and finds the frequent sets of all baskets that are not too large.
func (b *Baskets) mine(ctx context.Context, op string, o Options) (*mined, error) {
	if b == nil {
		return nil, fault.Nil(op, "baskets")
	}
	o, err := o.withDefaults(op)
	if err != nil {
		return nil, err
	}
	rows, notes := b.within(o)
	if len(rows) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: %s", op, strings.Join(append(notes, "no basket is left"), " "))
	}
	m, err := b.mineRows(ctx, op, o, rows)
	if err != nil {
		return nil, err
	}
	m.notes = append(b.notGoods(), notes...)
	return m, nil
}

// mineRows finds the frequent sets of the given baskets; the options have their defaults.
func (b *Baskets) mineRows(ctx context.Context, op string, o Options, rows []int32) (*mined, error) {
	m := &mined{n: len(rows), least: o.least(len(rows)), rows: rows, options: o}
	f, more, err := b.eclat(ctx, rows, m.least, o.MaxLength)
	switch {
	case err != nil:
		return nil, err
	case more:
		return nil, fault.Errorf(fault.ErrOption, "segkit: %s: more than %s of items occur together in %s or more: raise Options.MinSupport (it is %.2g now) or lower Options.MaxLength (%d)",
			op, wording.Plural(mostItemsets, "set"), wording.Plural(m.least, "basket"), float64(m.least)/float64(m.n), o.MaxLength)
	}
	m.found = f
	return m, nil
}

// indexed makes every set known by its codes: open addressing, which is several times as fast as a map of texts.
func (m *mined) indexed() {
	size := 16
	for size < 2*len(m.counts) {
		size *= 2
	}
	m.places = make([]int32, size)
	for s := range m.counts {
		set := m.set(s)
		at := hash(set, 1<<len(set)-1) & uint32(size-1)
		for m.places[at] != 0 {
			at = (at + 1) & uint32(size-1)
		}
		m.places[at] = int32(s) + 1
	}
}

// hash mixes the codes of set that mask picks.
func hash(set []int32, mask uint32) uint32 {
	h := uint64(1)
	for ; mask != 0; mask &= mask - 1 {
		h = (h ^ uint64(set[bits.TrailingZeros32(mask)])) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	return uint32(h)
}

// count is how many baskets hold the items of set that mask picks; none picked are in all baskets. The set must be frequent.
func (m *mined) count(set []int32, mask uint32) int {
	if mask == 0 {
		return m.n
	}
	at := hash(set, mask) & uint32(len(m.places)-1)
	for !m.is(int(m.places[at]-1), set, mask) {
		at = (at + 1) & uint32(len(m.places)-1)
	}
	return int(m.counts[m.places[at]-1])
}

// is reports whether set s is what mask picks of another.
func (m *mined) is(s int, of []int32, mask uint32) bool {
	set := m.set(s)
	if len(set) != bits.OnesCount32(mask) {
		return false
	}
	for _, c := range set {
		if c != of[bits.TrailingZeros32(mask)] {
			return false
		}
		mask &= mask - 1
	}
	return true
}

func appendKey(key []byte, codes []int32) []byte {
	for _, c := range codes {
		key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
	}
	return key
}

// Frame returns the sets as a gota frame: items, their number, baskets, support.
func (s *Itemsets) Frame() table.Frame {
	if s == nil {
		return frame.New()
	}
	return frame.New(
		frame.Each("items", s.Sets, func(i Itemset) string { return strings.Join(i.Items, ", ") }),
		frame.Each("length", s.Sets, func(i Itemset) int { return len(i.Items) }),
		frame.Each("baskets", s.Sets, func(i Itemset) int { return i.Count }),
		frame.Each("support", s.Sets, func(i Itemset) float64 { return i.Support }),
	)
}
