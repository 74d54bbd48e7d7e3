package combine

// The cross table of several views, with its rare cells joined.

import (
	"cmp"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
)

// Cross makes a segment from every combination of the views' segments that has enough customers. The rarest cell with too few is joined to
// the group where least is lost of what the views say, until all are large enough (Limits.MinShare). Then the pair that loses least is
// joined, until there are few enough (Limits.K). What is lost is information about the views' segments (Slonim & Tishby 2000, "Agglomerative
// information bottleneck", NIPS 12); every view counts equally, whatever its number of segments.
//
// Customers in no segment of a view count as one more segment. Customers who are not in all views are left out. Neither the order of the
// views nor that of the customers matters. It costs O(n m) and, for u different cells, at most u³.
func Cross(views Views, o ...Limits) (*Combination, error) {
	const op = "combine.Cross"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if err := opt.check(op); err != nil {
		return nil, err
	}
	s, err := views.shared(op)
	if err != nil {
		return nil, err
	}
	return s.cross(views, opt), nil
}

// cross is Cross of views that are joined.
func (s *shared) cross(views Views, o Limits) *Combination {
	cells, of := s.cells()
	all, known := groups(cells)
	in := pick.All(len(cells)) // the group of each cell, by the place of its first
	least := cmp.Or(o.MinShare, minShare) * known.n * (1 - 1e-12)
	rare, moved := 0, 0
	for _, g := range all {
		if g.n < least {
			rare, moved = rare+1, moved+int(g.n)
		}
	}
	join := func(a, b int) {
		to, gone := all[a], all[b]
		for c, g := range in {
			if g == gone.first {
				in[c] = to.first
			}
		}
		first := min(to.first, gone.first)
		for c, g := range in {
			if g == to.first {
				in[c] = first
			}
		}
		to.add(gone)
		all = slices.Delete(all, b, b+1)
	}
	for len(all) > 1 {
		rarest := 0
		for i, g := range all {
			if g.n < all[rarest].n {
				rarest = i
			}
		}
		a, b, lost := -1, -1, math.Inf(1)
		try := func(i, j int) {
			if v := known.lost(all[i], all[j]); v < lost {
				a, b, lost = min(i, j), max(i, j), v
			}
		}
		switch {
		case all[rarest].n < least:
			for i := range all {
				if i != rarest {
					try(i, rarest)
				}
			}
		case o.K > 0 && len(all) > o.K:
			for j := range all {
				for i := range j {
					try(i, j)
				}
			}
		}
		if a < 0 {
			break
		}
		join(a, b)
	}
	c := combined(crossTable, views, o, s, cells, of, numbered(in))
	c.Rare, c.Moved = rare, moved
	return c
}

// numbered numbers groups 0, 1, … in the order in which they come.
func numbered(in []int) []int {
	at := map[int]int{}
	out := make([]int, len(in))
	for c, g := range in {
		l, ok := at[g]
		if !ok {
			l = len(at)
			at[g] = l
		}
		out[c] = l
	}
	return out
}
