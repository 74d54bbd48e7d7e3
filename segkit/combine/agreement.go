package combine

// Do segmentations of different sources agree?

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// AgreementOptions are the choices of Agreement.
type AgreementOptions struct {
	Shuffles int // of one view's labels, to show what chance gives; 0 means 199
	Seed     int
}

// Agreements says how far every pair of views agrees.
type Agreements struct {
	Shuffles int
	Pairs    []Agreed
}

// Agreed says how far two views agree on the customers whom both have. Both indices are 1 for the same division, whatever the segments
// are called, and about 0 for agreement by chance.
type Agreed struct {
	A, B              string
	Customers         int
	Rand              float64 // adjusted Rand index (compare.AdjustedRand); NaN if undefined
	RandLow, RandHigh float64 // interval, 95 %
	Info              float64 // adjusted mutual information (compare.AdjustedMutualInfo), which gives small segments more weight
	InfoLow, InfoHigh float64 // interval, 95 %
	Chance            float64 // Rand that one in 20 shuffles exceeds: up to this value, there may be no relation
	P                 float64 // share of shuffles that agree as well, counting the data as one of them
}

const shuffles = 199

// Agreement compares every pair of views on the customers whom both have, joined by id; customers in no segment count as one more segment. Intervals
// come from the jackknife over customers (Efron & Stein 1981, doi:10.1214/aos/1176345462). It is computed exactly: customers in the same two
// segments are alike, so leaving out one of each cell is enough. The intervals are not meant for agreement near 0; P says whether there is any, by
// shuffling the labels of one view. It costs n (Shuffles + cells of the cross table) for every pair of views.
func Agreement(views Views, o ...AgreementOptions) (*Agreements, error) {
	return AgreementContext(job.DefaultContext, views, o...)
}

// AgreementContext is Agreement under ctx.
func AgreementContext(ctx context.Context, views Views, o ...AgreementOptions) (*Agreements, error) {
	const op = "combine.Agreement"
	opt, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	if opt.Shuffles = cmp.Or(opt.Shuffles, shuffles); opt.Shuffles < 19 {
		return nil, fault.Option(op, "Shuffles", opt.Shuffles, "at least 19, or 0 for 199: fewer cannot tell one in twenty")
	}
	if err := views.check(op); err != nil {
		return nil, err
	}
	out := &Agreements{Shuffles: opt.Shuffles}
	for b := range views {
		for a := range b {
			s, err := Views{views[a], views[b]}.shared(op)
			if err != nil {
				return nil, err
			}
			pair, err := s.agreed(ctx, opt)
			if err != nil {
				return nil, err
			}
			pair.A, pair.B = views[a].Name, views[b].Name
			out.Pairs = append(out.Pairs, *pair)
		}
	}
	slices.SortStableFunc(out.Pairs, func(a, b Agreed) int { return cmp.Compare(b.Rand, a.Rand) })
	return out, nil
}

// agreed compares two views that are joined.
func (s *shared) agreed(ctx context.Context, o AgreementOptions) (*Agreed, error) {
	a, b := s.labels[0], s.labels[1]
	cells, of := s.cells()
	out := &Agreed{Customers: len(a)}
	var err error
	if out.Rand, out.RandLow, out.RandHigh, err = jackknife(ctx, compare.AdjustedRand, a, b, cells, of); err != nil {
		return nil, err
	}
	if out.Info, out.InfoLow, out.InfoHigh, err = jackknife(ctx, compare.AdjustedMutualInfo, a, b, cells, of); err != nil {
		return nil, err
	}
	out.Chance, out.P = math.NaN(), math.NaN()
	if math.IsNaN(out.Rand) {
		return out, nil
	}
	values := make([]float64, o.Shuffles)
	if err := par.Items(ctx, o.Shuffles, func(i int) {
		dealt := slices.Clone(b)
		seed.Stream(o.Seed, "agreement", i).Shuffle(len(dealt), func(x, y int) { dealt[x], dealt[y] = dealt[y], dealt[x] })
		values[i], _ = defined(compare.AdjustedRand(a, dealt)) // the sizes are those of b, for which it is defined
	}); err != nil {
		return nil, err
	}
	more := 1
	for _, v := range values {
		if v >= out.Rand {
			more++
		}
	}
	slices.Sort(values)
	out.Chance, out.P = values[len(values)-1-len(values)/20], float64(more)/float64(len(values)+1)
	return out, nil
}

// defined makes NaN of an index that is not defined.
func defined(v float64, err error) (float64, error) {
	if errors.Is(err, fault.ErrUndefined) {
		return math.NaN(), nil
	}
	return v, err
}

// jackknife returns an index of a and b (n) with its interval, 95 %, by leaving out one customer of every cell in turn.
func jackknife(ctx context.Context, index func(a, b table.Labels) (float64, error), a, b table.Labels, cells []Cell, of []int) (value, low, high float64, err error) {
	if value, err = defined(index(a, b)); err != nil || math.IsNaN(value) {
		return value, math.NaN(), math.NaN(), err
	}
	one := make([]int, len(cells)) // a customer of each
	for i := len(of) - 1; i >= 0; i-- {
		one[of[i]] = i
	}
	without := make([]float64, len(cells))
	errs := make([]error, len(cells))
	if err := par.Items(ctx, len(cells), func(c int) {
		x, y := slices.Delete(slices.Clone(a), one[c], one[c]+1), slices.Delete(slices.Clone(b), one[c], one[c]+1)
		without[c], errs[c] = defined(index(x, y))
	}); err != nil {
		return 0, 0, 0, err
	}
	n, mean, squares := float64(len(a)), 0.0, 0.0
	for c, cell := range cells {
		if errs[c] != nil {
			return 0, 0, 0, errs[c]
		}
		mean += float64(float64(cell.Customers)*without[c]) / n
	}
	for c, cell := range cells {
		d := without[c] - mean
		squares += float64(cell.Customers) * float64(d*d)
	}
	half := stats.Normal95 * math.Sqrt((n-1)/n*squares)
	return value, value - half, min(1, value+half), nil
}

// How agreement is read, after Steinley 2004 (doi:10.1037/1082-989X.9.3.386).
const (
	nearlySame = .9
	largely    = .65
)

// Reading puts the agreement into words.
func (a Agreed) Reading() string {
	switch {
	case math.IsNaN(a.Rand):
		return "undefined: all together, or all apart"
	case a.P > .05:
		return "no more than chance"
	case a.Rand >= nearlySame:
		return "nearly the same division"
	case a.Rand >= largely:
		return "largely the same division"
	case a.Rand >= .2:
		return "related, but different divisions"
	}
	return "hardly related"
}

// Sheet has a row for every pair of views.
func (g *Agreements) Sheet() sheet.Sheet {
	out := sheet.Sheet{Total: len(g.Pairs), Columns: []sheet.Column{{Name: "views", Text: true}, {Name: "customers"}, {Name: "adjusted Rand"}, {Name: "95 % interval"},
		{Name: "adjusted mutual information"}, {Name: "95 % interval"}, {Name: "by chance up to"}, {Name: "reading", Text: true}}}
	for _, a := range g.Pairs {
		out.Rows = append(out.Rows, []string{a.A + " and " + a.B, sheet.Count(a.Customers), sheet.Fixed(a.Rand, 2), interval(a.RandLow, a.RandHigh),
			sheet.Fixed(a.Info, 2), interval(a.InfoLow, a.InfoHigh), sheet.Fixed(a.Chance, 2), a.Reading()})
	}
	if len(g.Pairs) > 0 {
		first, last := g.Pairs[0], g.Pairs[len(g.Pairs)-1]
		if out.Caption = fmt.Sprintf("%s and %s: %s (adjusted Rand %s)", first.A, first.B, first.Reading(), sheet.Fixed(first.Rand, 2)); len(g.Pairs) > 1 {
			out.Caption = fmt.Sprintf("%s and %s agree most (adjusted Rand %s: %s), %s and %s least (%s: %s)", first.A, first.B, sheet.Fixed(first.Rand, 2), first.Reading(),
				last.A, last.B, sheet.Fixed(last.Rand, 2), last.Reading())
		}
	}
	out.Notes = []string{fmt.Sprintf("1 is the same division, and about 0 is what chance gives: 1 in 20 of %s of one view's segments goes beyond the last figure. "+
		"Intervals are for other customers of the same kind, with the segments as they are.", wording.Plural(g.Shuffles, "shuffle"))}
	return out
}

// interval reads like "0.17 to 0.25".
func interval(low, high float64) string {
	if math.IsNaN(low) {
		return sheet.Missing
	}
	return sheet.Fixed(low, 2) + " to " + sheet.Fixed(high, 2)
}

// Frame has a row for every pair of views.
func (g *Agreements) Frame() table.Frame {
	return frame.New(
		frame.Each("a", g.Pairs, func(a Agreed) string { return a.A }),
		frame.Each("b", g.Pairs, func(a Agreed) string { return a.B }),
		frame.Each("customers", g.Pairs, func(a Agreed) int { return a.Customers }),
		frame.Each("adjusted_rand", g.Pairs, func(a Agreed) float64 { return a.Rand }),
		frame.Each("adjusted_rand_low", g.Pairs, func(a Agreed) float64 { return a.RandLow }),
		frame.Each("adjusted_rand_high", g.Pairs, func(a Agreed) float64 { return a.RandHigh }),
		frame.Each("adjusted_mutual_information", g.Pairs, func(a Agreed) float64 { return a.Info }),
		frame.Each("chance", g.Pairs, func(a Agreed) float64 { return a.Chance }),
		frame.Each("p", g.Pairs, func(a Agreed) float64 { return a.P }),
	)
}

var _ sheet.Sheeter = (*Agreements)(nil)
