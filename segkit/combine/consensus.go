package combine

// Consensus: customers who are together in most views are together.

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
)

// mostCells bounds the matrix of distances between cells to some 100 MB.
const mostCells = 5000

// Consensus joins customers by how many of the views have them in the same segment: evidence accumulation (Fred & Jain 2005,
// doi:10.1109/TPAMI.2005.113; Strehl & Ghosh 2002, "Cluster ensembles", JMLR 3), by average linkage on the shares of views that keep two
// customers apart. Customers with the same labels in all views have distance 0, so the matrix has a row for each different combination of labels
// (u), with the same result as for all n customers. Of equally near groups, those come first whose union loses least of what the views say, then
// those with the earlier ids. With few views, many groups are equally near, and much depends on which are joined first. Therefore customers then
// move between the segments as long as that brings them closer together (Topchy, Jain & Punch 2005, doi:10.1109/TPAMI.2005.237).
//
// Limits.K is the number of segments. With 0, it is the one that lasts longest on the way from all apart to all together (Fred & Jain's
// lifetime), among those whose segments all have Limits.MinShare; with few views, many numbers last equally long, so name one. Customers in no
// segment of a view count as one more segment. Neither the order of the views nor that of the customers matters. It costs at most O(n m + u³),
// usually u², and holds u² / 2 numbers; more than 5,000 different combinations are refused.
func Consensus(views Views, o ...Limits) (*Combination, error) {
	return ConsensusContext(job.DefaultContext, views, o...)
}

// ConsensusContext is Consensus under ctx.
func ConsensusContext(ctx context.Context, views Views, o ...Limits) (*Combination, error) {
	const op = "combine.Consensus"
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
	return s.consensus(ctx, views, opt)
}

// consensus is Consensus of views that are joined.
func (s *shared) consensus(ctx context.Context, views Views, o Limits) (*Combination, error) {
	const op = "combine.Consensus"
	cells, of := s.cells()
	u := len(cells)
	switch {
	case u > mostCells:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: the views make %s, of at most %d: give fewer views, or fewer segments in each",
			op, wording.Plural(u, "different combination"), mostCells)
	case o.K > u:
		return nil, fault.Option(op, "K", o.K, "at most "+wording.Plural(u, "different combination")+" of labels")
	}
	joins, err := accumulate(ctx, cells)
	if err != nil {
		return nil, err
	}
	k := o.K
	if k == 0 {
		if k = lasting(joins, cells, cmp.Or(o.MinShare, minShare)*float64(len(s.ids))*(1-1e-12)); k == 0 {
			return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: no number of segments leaves each at least %s of the customers: give Limits.K, or a smaller Limits.MinShare",
				op, wording.Percent(cmp.Or(o.MinShare, minShare)))
		}
	}
	in := numbered(cut(joins, u, k))
	settle(cells, in)
	c := combined(consensus, views, o, s, cells, of, in)
	for _, j := range joins {
		c.Heights = append(c.Heights, j.height)
	}
	return c, nil
}

// joining is one step on the way from all cells apart to all together: the group of cell b goes into that of a, a < b.
type joining struct {
	a, b   int
	height float64
}

// accumulate joins the cells by average linkage on the share of views in which they differ (out: u-1, by rising height). What is left of a
// group is named by its first cell.
func accumulate(ctx context.Context, cells []Cell) ([]joining, error) {
	u := len(cells)
	all, known := groups(cells)
	dist := make([]float64, u*(u-1)/2)
	at := func(i, j int) *float64 { return &dist[max(i, j)*(max(i, j)-1)/2+min(i, j)] }
	for j := range u {
		for i := range j {
			apart := 0
			for v, l := range cells[i].Labels {
				if l != cells[j].Labels[v] {
					apart++
				}
			}
			*at(i, j) = float64(apart) / float64(len(cells[i].Labels))
		}
	}
	const even = 1e-12 // distances that differ by less are equal but for rounding
	// nearer reports whether b is nearer to a than c is, c < 0 being nobody.
	nearer := func(a, b, c int) bool {
		if c < 0 {
			return true
		}
		to, than := *at(a, b), *at(a, c)
		if math.Abs(to-than) > even {
			return to < than
		}
		if lost, other := known.lost(all[a], all[b]), known.lost(all[a], all[c]); lost != other {
			return lost < other
		}
		return b < c
	}
	nearest := make([]int, u)
	find := func(a int) {
		nearest[a] = -1
		for b, g := range all {
			if g != nil && b != a && nearer(a, b, nearest[a]) {
				nearest[a] = b
			}
		}
	}
	for a := range u {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		find(a)
	}
	joins := make([]joining, 0, u-1)
	for len(joins) < u-1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		best := -1
		for a, g := range all {
			if g == nil {
				continue
			}
			if best < 0 {
				best = a
				continue
			}
			to, than := *at(a, nearest[a]), *at(best, nearest[best])
			switch {
			case to < than-even:
				best = a
			case to <= than+even && known.lost(all[a], all[nearest[a]]) < known.lost(all[best], all[nearest[best]]):
				best = a
			}
		}
		a, b := min(best, nearest[best]), max(best, nearest[best])
		joins = append(joins, joining{a, b, *at(a, b)})
		for c, g := range all {
			if g != nil && c != a && c != b {
				*at(a, c) = (float64(*at(a, c)*all[a].n) + float64(*at(b, c)*all[b].n)) / (all[a].n + all[b].n)
			}
		}
		all[a].add(all[b])
		all[b] = nil
		for c, g := range all {
			switch {
			case g == nil:
			case c == a || nearest[c] == a || nearest[c] == b:
				find(c)
			case nearer(c, a, nearest[c]):
				nearest[c] = a
			}
		}
	}
	return joins, nil
}

// cut returns the group of each cell (u) when k are left.
func cut(joins []joining, u, k int) []int {
	in := make([]int, u)
	for c := range in {
		in[c] = c
	}
	for _, j := range joins[:u-k] {
		for c, g := range in {
			if g == j.b {
				in[c] = j.a
			}
		}
	}
	return in
}

// settle moves cells (u) between groups (in, changed) as long as a move brings customers nearer together: it lowers the sum over groups of the
// distances between their customers, by the number of these. That is k-means with Hartigan's moves on the labels coded as zeros and ones. A
// group never loses its last cell.
func settle(cells []Cell, in []int) {
	all, _ := groups(cells)
	members := make([]*group, slices.Max(in)+1)
	left := make([]int, len(members)) // cells of each
	for c, g := range in {
		if left[g]++; members[g] == nil {
			members[g] = newGroup(all[0].widths())
			members[g].first = c
		}
		members[g].add(all[c])
	}
	for moved := true; moved; {
		moved = false
		for c, own := range all {
			from := in[c]
			if left[from] == 1 {
				continue
			}
			n := own.n
			stay := members[from].n / (members[from].n - n) * members[from].apart(own)
			best, least := from, stay-1e-9
			for g, m := range members {
				if to := m.n / (m.n + n) * m.apart(own); g != from && to < least {
					best, least = g, to
				}
			}
			if best == from {
				continue
			}
			members[from].take(own)
			members[best].add(own)
			in[c], moved = best, true
			left[from]--
			left[best]++
		}
	}
}

// apart is the squared distance of a cell's labels, as zeros and ones, from the shares of labels in g; views are added by size, so that their order
// does not show.
func (g *group) apart(cell *group) float64 {
	terms := make([]float64, len(g.counts))
	for v, counts := range g.counts {
		for l, n := range counts {
			d := n / g.n
			if cell.counts[v][l] > 0 {
				d--
			}
			terms[v] += float64(d * d)
		}
	}
	return math.Round(ordered(terms)*1e12) / 1e12
}

// lasting is the number of groups, two at least, that lasts longest among those whose groups all have least customers; of equals the smaller.
func lasting(joins []joining, cells []Cell, least float64) (best int) {
	u, longest := len(cells), -1.0
	for k := 2; k <= u; k++ {
		sizes := make([]float64, u)
		for c, g := range cut(joins, u, k) {
			sizes[g] += float64(cells[c].Customers)
		}
		if slices.ContainsFunc(sizes, func(n float64) bool { return n > 0 && n < least }) {
			break // more groups are smaller ones still
		}
		from := 0.0
		if k < u {
			from = joins[u-k-1].height
		}
		if life := joins[u-k].height - from; life > longest+1e-12 {
			best, longest = k, life
		}
	}
	return best
}
