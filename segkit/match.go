package segkit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/assign"
	"github.com/segkit/lab/segkit/sheet"
)

// Two segmentations of the same customers side by side: which segment of one continues which of the other.

// Matching says how the segments of one segmentation continue those of another, so that a segment keeps its number and its
// colour from k to k, from run to run, from month to month.
type Matching struct {
	From, To     *Segments // as given
	Customers    int       // whom both know
	Counts       [][]int   // (From.K() x To.K()) customers in both segments; noise is left out
	Of           []int     // (To.K()) the segment of From that each segment of To continues, -1 for a new one
	Jaccard      []float64 // (To.K()) overlap with it: customers in both / in either; NaN for a new one
	AdjustedRand float64   // of the two, over the customers both know; NaN where undefined
}

// continues is the overlap above which a segment is said to continue another: up to it, the other has dissolved (Hennig 2007,
// doi:10.1016/j.csda.2006.11.025).
const continues = .5

// Match joins two segmentations by customer id and pairs their segments one to one, so that as many customers as possible are
// in paired segments; of equal pairings, the one of the larger overlaps (Jaccard), then of the same labels. Customers whom only
// one of the two knows are left out. It costs O(n + k³).
func Match(from, to *Segments) (*Matching, error) {
	at, err := from.byID("Match")
	if err != nil {
		return nil, err
	}
	if _, err := to.byID("Match"); err != nil {
		return nil, err
	}
	var before, after Labels
	for i, id := range to.IDs {
		if l, both := at[id]; both {
			before, after = append(before, l), append(after, to.Labels[i])
		}
	}
	if len(before) == 0 {
		return nil, fmt.Errorf("segkit: Match: the two segmentations have no customer in common: segment the same customers, "+
			"or look at their ids: %w",
			ErrSchema)
	}
	o := newOverlap(before, after, from.K(), to.K())
	m := &Matching{From: from, To: to, Customers: len(before), Counts: o.both, Of: o.match(), AdjustedRand: math.NaN()}
	for b, a := range m.Of {
		j := math.NaN()
		if a >= 0 {
			j = o.jaccard(a, b)
		}
		m.Jaccard = append(m.Jaccard, j)
	}
	if rand, err := AdjustedRand(before, after); err == nil {
		m.AdjustedRand = rand
	}
	return m, nil
}

// gone marks a segment of the earlier segmentation that no later one continues.
const gone = " (gone)"

// Aligned returns To with the labels of From, which carry the colours: a segment that continues one of From's has its label, a
// new one comes behind From's, and a label of From that nothing continues stays as an empty segment, "… (gone)", so that no
// other takes its colour. Names go with their segments, except that segments called by number are numbered again. The model goes
// with them, too: it scores new customers with the new labels.
func (m *Matching) Aligned() *Segments {
	kept := make([]string, m.From.K(), m.From.K()+m.To.K())
	for a, name := range m.From.Names {
		kept[a] = strings.TrimSuffix(name, gone) + gone // also when it was gone before
	}
	byNumber := slices.Equal(m.To.Names, numbered(m.To.K()))
	to := make([]int, m.To.K())
	for b, a := range m.Of {
		if a < 0 {
			a, kept = len(kept), append(kept, "")
		}
		to[b], kept[a] = a, m.To.Names[b]
		if byNumber {
			kept[a] = numbered(a + 1)[a]
		}
	}
	out := *m.To
	out.Names, out.Labels = kept, make(Labels, len(m.To.Labels))
	for i, l := range m.To.Labels {
		out.Labels[i] = Noise
		if l >= 0 {
			out.Labels[i] = to[l]
		}
	}
	if out.Model != nil {
		out.Model = out.Model.relabelled(to, kept)
	}
	return &out
}

// Sheet crosses the two: a row for each segment of To, a column for each of From.
func (m *Matching) Sheet() sheet.Sheet {
	out := sheet.Sheet{Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "paired with", Text: true}, {Name: "overlap", Unit: "%"}}}
	for _, name := range m.From.Names {
		out.Columns = append(out.Columns, sheet.Column{Name: name})
	}
	out.Columns = append(out.Columns, sheet.Column{Name: "all"})
	totals, all, paired, continued := make([]int, m.From.K()), 0, 0, 0
	for b, name := range m.To.Names {
		row, total := []string{name, "none", sheet.Missing}, 0
		if a := m.Of[b]; a >= 0 {
			row[1], row[2] = m.From.Names[a], sheet.Fixed(100*m.Jaccard[b], 1)
			paired += m.Counts[a][b]
			if m.Jaccard[b] > continues {
				continued++
			}
		}
		for a := range totals {
			row = append(row, sheet.Count(m.Counts[a][b]))
			total += m.Counts[a][b]
			totals[a] += m.Counts[a][b]
		}
		out.Rows = append(out.Rows, append(row, sheet.Count(total)))
		all += total
	}
	last := []string{"all", "", ""}
	for _, n := range totals {
		last = append(last, sheet.Count(n))
	}
	out.Rows = append(out.Rows, append(last, sheet.Count(all)))
	out.Caption = fmt.Sprintf("%d of %s continue; %s of customers stay together", continued, plural(m.From.K(), "segment"),
		sheet.Percent(float64(paired)/float64(all)))
	out.Notes = []string{"Rows are the segments of the second segmentation, columns those of the first; pairs have as many customers as possible " +
		"in common.",
		fmt.Sprintf("A segment continues the one it is paired with where the overlap, customers in both / in either, is above %s %%; "+
			"the adjusted Rand index is %s.", sheet.Fixed(100*continues, 0), sheet.Fixed(m.AdjustedRand, 2))}
	if rest := m.Customers - all; rest > 0 {
		out.Notes = append(out.Notes, plural(rest, "customer")+" in no segment of one or the other.")
	}
	if only := len(m.From.IDs) - m.Customers; only > 0 {
		out.Notes = append(out.Notes, plural(only, "customer")+" of the first segmentation are not in the second and are left out.")
	}
	if only := len(m.To.IDs) - m.Customers; only > 0 {
		out.Notes = append(out.Notes, plural(only, "customer")+" of the second segmentation are not in the first and are left out.")
	}
	return out
}

// Frame returns one row per pair of segments: from, to, customers in both, and whether to continues from.
func (m *Matching) Frame() dataframe.DataFrame {
	var from, to []string
	var customers []int
	var pair []bool
	for a := range m.Counts {
		for b, n := range m.Counts[a] {
			from, to = append(from, m.From.Names[a]), append(to, m.To.Names[b])
			customers, pair = append(customers, n), append(pair, m.Of[b] == a)
		}
	}
	return dataframe.New(series.New(from, series.String, "from"), series.New(to, series.String, "to"),
		series.New(customers, series.Int, "customers"), series.New(pair, series.Bool, "continues"))
}

// overlap counts the customers that the segments of two divisions share.
type overlap struct {
	both   [][]int // (kBefore x kAfter)
	before []int   // (kBefore) customers of each, those in no segment of the other included
	after  []int   // (kAfter)
}

// newOverlap counts over rows with a label in before and in after (n each).
func newOverlap(before, after Labels, kBefore, kAfter int) overlap {
	o := overlap{make([][]int, kBefore), make([]int, kBefore), make([]int, kAfter)}
	for a := range o.both {
		o.both[a] = make([]int, kAfter)
	}
	for i, a := range before {
		b := after[i]
		if a >= 0 {
			o.before[a]++
		}
		if b >= 0 {
			o.after[b]++
		}
		if a >= 0 && b >= 0 {
			o.both[a][b]++
		}
	}
	return o
}

// jaccard is customers in both / in either, NaN where both are empty.
func (o overlap) jaccard(a, b int) float64 {
	return float64(o.both[a][b]) / float64(o.before[a]+o.after[b]-o.both[a][b])
}

// match returns the segment of before that each of after continues (kAfter), -1 for none. One whole number holds what decides,
// the weightiest first: the customers in both, the overlap, whether the labels are the same.
func (o overlap) match() []int {
	const steps = 1 << 16 // of the overlap
	k := min(len(o.before), len(o.after))
	value := make([][]int, len(o.after))
	for b := range value {
		value[b] = make([]int, len(o.before))
		for a := range value[b] {
			if o.both[a][b] == 0 {
				continue
			}
			v := o.both[a][b]*(steps*k+1) + int(steps*o.jaccard(a, b))
			v *= k + 1
			if a == b {
				v++
			}
			value[b][a] = v
		}
	}
	of := assign.Most(value)
	for b, a := range of {
		if a >= 0 && o.both[a][b] == 0 {
			of[b] = -1
		}
	}
	return of
}

// continueLabels returns after (n) renumbered to continue before (n): a segment that continues one of before has its label as
// far as there are so many segments in after, the others take the labels that are left, by falling size as they came.
func continueLabels(before, after Labels) Labels {
	k := after.K()
	order, placed := make([]int, k), make([]bool, k)
	for s := range order {
		order[s] = -1
	}
	for b, a := range newOverlap(before, after, before.K(), k).match() {
		if a >= 0 && a < k {
			order[a], placed[b] = b, true
		}
	}
	for s := range order {
		if order[s] < 0 {
			order[s] = slices.Index(placed, false)
			placed[order[s]] = true
		}
	}
	return after.renumber(order)
}

// slsa says how purely each segment of after (k) comes out of one of before: 1 - entropy of its customers' origins / ln k of
// before (Dolnicar & Leisch 2017, doi:10.1007/s11002-017-9423-8). It is NaN for a segment without customers from before, and
// where before has one segment only.
func slsa(before, after Labels) []float64 {
	o := newOverlap(before, after, before.K(), after.K())
	out := make([]float64, after.K())
	for b := range out {
		total, entropy := 0, 0.0
		for a := range o.both {
			total += o.both[a][b]
		}
		for a := range o.both {
			if n := o.both[a][b]; n > 0 {
				share := float64(n) / float64(total)
				entropy -= share * math.Log(share)
			}
		}
		out[b] = math.NaN()
		if total > 0 && len(o.both) > 1 {
			out[b] = 1 - entropy/math.Log(float64(len(o.both)))
		}
	}
	return out
}
