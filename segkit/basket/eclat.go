package basket

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/segkit/lab/segkit/internal/par"
)

// Eclat (Zaki 2000, "Scalable algorithms for association mining", doi:10.1109/69.846291) goes depth first: what stands together with
// a set is looked for only in the baskets that hold the set. Each step passes once over these baskets and hands every item the
// places where it stands, instead of intersecting lists for pairs that never meet (the "occurrence deliver" of Uno, Kiyomi &
// Arimura 2004, LCM ver. 2); what is rare in them is dropped for the steps below. So the cost follows what the baskets hold, however
// many items there are, and the result is exact.

// mostItemsets is where the search gives up: sets in such numbers are of no use to anybody, and would fill the memory.
const mostItemsets = 5_000_000

// found are itemsets, one behind the other: codes ascending within each.
type found struct {
	codes  []int32
	start  []int32 // (sets+1)
	counts []int32 // (sets)
}

func (f *found) add(count int32, codes ...int32) {
	f.codes = append(f.codes, codes...)
	f.start = append(f.start, int32(len(f.codes)))
	f.counts = append(f.counts, count)
}

func (f *found) set(i int) []int32 { return f.codes[f.start[i]:f.start[i+1]] }

// eclat finds the sets of up to longest items that stand together in least or more of the given baskets; more is true where there
// are over mostItemsets. The sets come in one order at any number of processors.
func (b *Baskets) eclat(ctx context.Context, rows []int32, least, longest int) (all found, more bool, err error) {
	// frequent items get small codes, in the order of b's codes if all baskets are asked
	counts := make([]int, len(b.items))
	for _, i := range rows {
		for _, item := range b.row(int(i)) {
			counts[item]++
		}
	}
	var frequent []int32
	for item, n := range counts {
		if n >= least {
			frequent = append(frequent, int32(item))
		}
	}
	slices.SortStableFunc(frequent, func(x, y int32) int { return counts[y] - counts[x] })
	small := make([]int32, len(b.items))
	for i := range small {
		small[i] = -1
	}
	for at, item := range frequent {
		small[item] = int32(at)
	}
	top := &lists{start: make([]int32, 1, len(rows)+1)}
	for _, i := range rows {
		from := len(top.items)
		for _, item := range b.row(int(i)) {
			if small[item] >= 0 {
				top.items = append(top.items, small[item])
			}
		}
		slices.Sort(top.items[from:])
		top.start = append(top.start, int32(len(top.items)))
	}
	occurs := make([]int32, len(frequent))
	for at, item := range frequent {
		occurs[at] = int32(counts[item])
	}
	places := deliver(top, occurs, func(item int32) int32 { return item })
	parts := make([]found, len(frequent))
	var total atomic.Int64
	err = par.Items(ctx, len(frequent), func(i int) {
		if total.Load() > mostItemsets {
			return
		}
		part := &parts[i]
		part.start = []int32{0}
		part.add(occurs[i], int32(i))
		g := &grower{out: part, least: int32(least), longest: longest, total: &total, met: make([]int32, len(frequent))}
		g.grow(top, places.of(i), []int32{int32(i)})
		total.Add(1)
	})
	if err != nil {
		return found{}, false, err
	}
	if total.Load() > mostItemsets {
		return found{}, true, nil
	}
	all.start = []int32{0}
	for _, part := range parts {
		for s := range part.counts {
			codes := part.set(s)
			for j, c := range codes {
				codes[j] = frequent[c]
			}
			slices.Sort(codes)
			all.add(part.counts[s], codes...)
		}
	}
	return all, false, nil
}

// lists are the baskets that hold a set, each with the items in front of that set's.
type lists struct {
	items []int32
	start []int32 // (lists+1)
}

// place is where an item stands: which list, and the position in lists.items.
type place struct{ list, at int32 }

// delivered are the places of every item, one item behind the other.
type delivered struct {
	places []place
	start  []int32 // (items+1)
}

func (d delivered) of(item int) []place { return d.places[d.start[item]:d.start[item+1]] }

// deliver finds the places of each of m items, which have the given codes; occurs (m) is how often each does.
func deliver(l *lists, occurs []int32, code func(item int32) int32) (d delivered) {
	d.start = make([]int32, len(occurs)+1)
	for i, n := range occurs {
		d.start[i+1] = d.start[i] + n
	}
	fill := slices.Clone(d.start[:len(occurs)])
	d.places = make([]place, len(l.items))
	for list := range len(l.start) - 1 {
		for at := l.start[list]; at < l.start[list+1]; at++ {
			c := code(l.items[at])
			d.places[fill[c]] = place{int32(list), at}
			fill[c]++
		}
	}
	return d
}

// grower finds what can be put in front of a set.
type grower struct {
	out     *found
	least   int32
	longest int
	total   *atomic.Int64
	met     []int32 // (frequent items) scratch, zero between uses
}

// grow adds every frequent set that has the given set at its end. Places are where its first item stands in l.
func (g *grower) grow(l *lists, places []place, set []int32) {
	if len(set) >= g.longest || g.total.Load() > mostItemsets {
		return
	}
	var front []int32 // items in front of the set, then those that are frequent there
	for _, p := range places {
		for _, item := range l.items[l.start[p.list]:p.at] {
			if g.met[item] == 0 {
				front = append(front, item)
			}
			g.met[item]++
		}
	}
	slices.Sort(front)
	var occurs []int32
	size := int32(0)
	for _, item := range front {
		if n := g.met[item]; n >= g.least {
			front[len(occurs)] = item
			occurs = append(occurs, n)
			size += n
		}
		g.met[item] = 0
	}
	front = front[:len(occurs)]
	g.total.Add(int64(len(front)))
	longer := append(slices.Clone(set), 0)
	if len(longer) >= g.longest || len(front) < 2 {
		for at, item := range front {
			longer[len(set)] = item
			g.out.add(occurs[at], longer...)
		}
		return
	}
	for at, item := range front {
		g.met[item] = int32(at) + 1
	}
	below := &lists{items: make([]int32, 0, size), start: make([]int32, 1, len(places)+1)}
	for _, p := range places {
		for _, item := range l.items[l.start[p.list]:p.at] {
			if g.met[item] > 0 {
				below.items = append(below.items, item)
			}
		}
		below.start = append(below.start, int32(len(below.items)))
	}
	d := deliver(below, occurs, func(item int32) int32 { return g.met[item] - 1 })
	for _, item := range front {
		g.met[item] = 0
	}
	for at, item := range front {
		longer[len(set)] = item
		g.out.add(occurs[at], longer...)
		g.grow(below, d.of(at), longer)
	}
}
