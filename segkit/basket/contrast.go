package basket

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Contrasts are rules within segments, compared with the same items in the baskets of the other customers, beginning with the
// most certain differences.
type Contrasts struct {
	Contrasts  []Contrast
	Below      int // rules whose lift differs significantly, but left out because they do not reach MinConfidence
	Candidates int // tests over which false discoveries are controlled: the candidates of all segments
	Options    Options
	Segments   []string // that were compared
	Notes      []string
}

// Contrast is a rule in one segment and in the rest.
type Contrast struct {
	Segment                string
	Antecedent, Consequent []string
	Both                   int      // baskets of the segment with both sides
	Inside, Outside        Measures // in the baskets of the segment, and of all other customers
	Difference, Low, High  float64  // of the lifts, inside minus outside, with a 95 % interval
	P, Q                   float64  // that the lifts do not differ; adjusted for all candidates of all segments
}

// BySegment finds the rules of each segment (one item on the right), and compares their lift with that among all other customers.
// Lift allows for how often the segment buys the item anyway: if it does so often, the same confidence is a lower lift. So a
// difference in lift with equal confidences says that the segment is full of such buyers, not that the items are less closely
// linked there.
//
// Lifts are compared as logarithms; their variance is by the delta method, clustered by customer to allow for those who repeat
// themselves (Huber and White). The interval of the difference comes from those of the two lifts (Zou & Donner 2008,
// doi:10.1002/sim.3095). Candidates are counted in each segment as Rules counts them. Segments with fewer customers than
// describe.SmallSegment are left out, and reported.
func (b *Baskets) BySegment(s *table.Segments, o Options) (*Contrasts, error) {
	return b.BySegmentContext(job.DefaultContext, s, o)
}

// BySegmentContext is BySegment under ctx.
func (b *Baskets) BySegmentContext(ctx context.Context, s *table.Segments, o Options) (*Contrasts, error) {
	if s == nil {
		return nil, fault.Nil("basket.Baskets.BySegment", "segments")
	}
	return recall(ctx, "basket contrasts", b, o, func() (*Contrasts, error) { return b.contrastsBySegment(ctx, s, o) }, s.IDs, s.Labels, s.Names)
}

func (b *Baskets) contrastsBySegment(ctx context.Context, s *table.Segments, o Options) (*Contrasts, error) {
	const op = "basket.Baskets.BySegment"
	p, err := b.split(op, s)
	if err != nil {
		return nil, err
	}
	if o, err = o.withDefaults(op); err != nil {
		return nil, err
	}
	if o.MaxConsequent = 1; !slices.Contains(p.enough, true) || len(p.names) < 2 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: two segments or more are needed, one of them with enough customers to compare; there are %s", op, s.Sizes())
	}
	out := &Contrasts{Options: o, Notes: p.notes, Segments: p.names}
	rows, notes := b.within(o)
	rows = slices.DeleteFunc(rows, func(i int32) bool { return p.of(b, int(i)) == outside })
	out.Notes = append(out.Notes, notes...)
	whole := &mined{n: len(rows), rows: rows}
	holds := b.places(whole)
	var tested []Contrast
	for l, name := range p.names {
		if !p.enough[l] {
			continue
		}
		inside := make([]bool, len(rows))
		var own []int32
		for at, i := range rows {
			if inside[at] = p.of(b, int(i)) == l; inside[at] {
				own = append(own, i)
			}
		}
		m, err := b.mineRows(ctx, op+", segment "+name, o, own)
		if err != nil {
			return nil, err
		}
		out.Candidates += m.tests()
		found, err := b.contrasts(ctx, m, whole, holds, inside)
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].Segment = name
		}
		tested = append(tested, found...)
	}
	ps := make([]float64, len(tested))
	for i, c := range tested {
		ps[i] = c.P
	}
	for i, q := range stats.FalseDiscovery(ps, out.Candidates, o.AnyDependence) {
		if tested[i].Q = q; tested[i].Inside.Confidence >= o.MinConfidence-1e-12 {
			out.Contrasts = append(out.Contrasts, tested[i])
		} else if q <= o.Level {
			out.Below++
		}
	}
	slices.SortStableFunc(out.Contrasts, func(x, y Contrast) int {
		return cmp.Or(cmp.Compare(x.Q, y.Q), cmp.Compare(x.P, y.P), cmp.Compare(math.Abs(y.Difference), math.Abs(x.Difference)))
	})
	return out, nil
}

// contrasts tests every rule of the sets found in a segment; inside (n of whole) says which baskets are its own, holds which of them
// have an item.
func (b *Baskets) contrasts(ctx context.Context, m, whole *mined, holds [][]int32, inside []bool) ([]Contrast, error) {
	m.indexed()
	customerOf := make([]int32, whole.n)
	sizes := [2]map[int32]float64{{}, {}} // baskets of each customer, outside and inside
	for at, i := range whole.rows {
		customerOf[at] = b.customer(int(i))
		sizes[side(inside[at])][customerOf[at]]++
	}
	var squares [2]float64 // sums of their squares
	for i := range squares {
		for _, n := range sizes[i] {
			squares[i] += n * n // whole numbers: in any order
		}
	}
	parts := make([][]Contrast, len(m.counts))
	err := par.Items(ctx, len(m.counts), func(s int) {
		set := m.set(s)
		if len(set) < 2 {
			return
		}
		for mask := uint32(1); mask < 1<<len(set); mask <<= 1 {
			antecedent, consequent := meeting(holds, picked(set, 1<<len(set)-1^mask)), holds[set[bits.TrailingZeros32(mask)]]
			t := [2]tie{}
			for i := range t {
				t[i] = tie{n: float64(m.n), squares: squares[i], sizes: sizes[i]}
			}
			t[0].n = float64(whole.n - m.n)
			merge(antecedent, consequent, func(at int32, a, c bool) { t[side(inside[at])].add(a, c) })
			for i := range t {
				t[i].lift()
			}
			merge(antecedent, consequent, func(at int32, a, c bool) { t[side(inside[at])].lean(customerOf[at], a, c) })
			x := Contrast{Antecedent: b.named(picked(set, 1<<len(set)-1^mask)), Consequent: b.named(picked(set, mask)), Both: int(t[1].both)}
			x.Inside, x.Outside = t[1].measures(), t[0].measures()
			x.P, x.Low, x.High = differ(&t[1], &t[0])
			x.Difference = x.Inside.Lift - x.Outside.Lift
			parts[s] = append(parts[s], x)
		}
	})
	return slices.Concat(parts...), err
}

func side(inside bool) int {
	if inside {
		return 1
	}
	return 0
}

// merge passes over what stands in either of two ascending lists.
func merge(first, second []int32, each func(at int32, inFirst, inSecond bool)) {
	for i, j := 0, 0; i < len(first) || j < len(second); {
		switch {
		case j == len(second) || i < len(first) && first[i] < second[j]:
			each(first[i], true, false)
			i++
		case i == len(first) || second[j] < first[i]:
			each(second[j], false, true)
			j++
		default:
			each(first[i], true, true)
			i, j = i+1, j+1
		}
	}
}

// tie is how an antecedent and a consequent go together in some baskets.
type tie struct {
	n, both, with, holding float64
	squares                float64           // sum over customers of their baskets, squared
	sizes                  map[int32]float64 // baskets of each customer
	log, a, c, ac          float64           // logarithm of the lift, and what a basket with each side adds to it, times n
	leans                  map[int32]float64 // by customer: what the baskets with either side add
	order                  []int32           // its customers, by first basket
}

func (t *tie) add(a, c bool) {
	if a {
		t.with++
	}
	if c {
		t.holding++
	}
	if a && c {
		t.both++
	}
}

// lift computes the logarithm of the lift with half a basket added to each cell of the table of two by two, so that neither none
// together nor always together is certain.
func (t *tie) lift() {
	n, both, with, holding := t.smoothed()
	t.log = math.Log(both * n / (with * holding))
	t.ac, t.a, t.c = n/both, n/with, n/holding
	t.leans = map[int32]float64{}
}

func (t *tie) smoothed() (n, both, with, holding float64) {
	return t.n + 2, t.both + .5, t.with + 1, t.holding + 1
}

func (t *tie) lean(customer int32, a, c bool) {
	if _, seen := t.leans[customer]; !seen {
		t.order = append(t.order, customer)
	}
	v := 0.0
	if a {
		v -= t.a
	}
	if c {
		v -= t.c
	}
	if a && c {
		v += t.ac
	}
	t.leans[customer] += v
}

// variance is that of log: the larger of what independent baskets and what customers who repeat themselves give.
func (t *tie) variance() float64 {
	n, both, with, holding := t.smoothed()
	independent := 1/both - 1/with - 1/holding + (2*math.Exp(t.log)-1)/n
	// each basket adds 1 beyond its leaning, since the mean of what baskets add is -1
	sum := t.squares
	for _, customer := range t.order {
		own, v := t.sizes[customer], t.leans[customer]
		sum += float64((v+own)*(v+own)) - float64(own*own)
	}
	return max(independent, sum/(n*n))
}

func (t *tie) measures() Measures {
	return Measure(int(t.both), int(t.with), int(t.holding), int(t.n))
}

// differ tests whether two lifts differ, and gives the interval of first less second.
func differ(first, second *tie) (p, low, high float64) {
	if second.with == 0 || second.holding == 0 {
		return 1, math.NaN(), math.NaN() // the rest does not buy one of them at all: there is no lift to compare with
	}
	v1, v2 := first.variance(), second.variance()
	z := (first.log - second.log) / math.Sqrt(v1+v2)
	interval := func(t *tie, v float64) (lift, down, up float64) {
		lift = math.Exp(t.log)
		return lift, lift - math.Exp(t.log-stats.Normal95*math.Sqrt(v)), math.Exp(t.log+stats.Normal95*math.Sqrt(v)) - lift
	}
	l1, down1, up1 := interval(first, v1)
	l2, down2, up2 := interval(second, v2)
	return 2 * distuv.UnitNormal.Survival(math.Abs(z)), l1 - l2 - math.Hypot(down1, up2), l1 - l2 + math.Hypot(up1, down2)
}

// Significant returns the rules whose lift in the segment differs from that in the rest, with a rate of false discoveries of at most
// Options.Level among the rules returned.
func (c *Contrasts) Significant() *Contrasts {
	if c == nil {
		return nil
	}
	out := *c
	out.Contrasts = slices.DeleteFunc(slices.Clone(c.Contrasts), func(x Contrast) bool { return x.Q > c.Options.Level })
	return &out
}

// Of returns the contrasts of one segment.
func (c *Contrasts) Of(segment string) (*Contrasts, error) {
	const op = "basket.Contrasts.Of"
	switch {
	case c == nil:
		return nil, fault.Nil(op, "contrasts")
	case !slices.Contains(c.Segments, segment):
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: %s: there is no segment %q: want one of %s", op, segment, fmt.Sprintf("%q", c.Segments))
	}
	out := *c
	out.Contrasts = slices.DeleteFunc(slices.Clone(c.Contrasts), func(x Contrast) bool { return x.Segment != segment })
	return &out, nil
}
