package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/overlap"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Two segmentations of the same customers side by side: which segment of one continues which of the other.

// Matching says how the segments of one segmentation continue those of another, so that a segment keeps its number and its
// colour from one k to the next, from run to run, and from month to month.
type Matching struct {
	From, To     *table.Segments // as given
	Customers    int             // who are in both
	Counts       [][]int         // (From.K() x To.K()) customers in both segments; noise is left out
	Of           []int           // (To.K()) the segment of From that each segment of To continues, -1 for a new one
	Jaccard      []float64       // (To.K()) overlap with it: customers in both / in either; NaN for a new one
	AdjustedRand float64         // of the two, over the customers who are in both; NaN if undefined
}

// continues is the overlap above which a segment continues another: up to it, the other has dissolved (Hennig 2007,
// doi:10.1016/j.csda.2006.11.025).
const continues = .5

// Match joins two segmentations by customer id and pairs their segments one to one, so that as many customers as possible are in
// paired segments; of equal pairings, the one with the larger overlaps (Jaccard), then the one with the same labels. Customers who
// are in only one of the two are left out. A row counts as in to: as often as frequency weights repeat it, and once with sampling
// weights. It costs O(n + k³) for n customers.
func Match(from, to *table.Segments) (*Matching, error) {
	at, err := from.ByID("compare.Match")
	if err != nil {
		return nil, err
	}
	if _, err := to.ByID("compare.Match"); err != nil {
		return nil, err
	}
	var before, after table.Labels
	for i, id := range to.IDs {
		l, both := at[id]
		for n := to.Customers(i); both && n > 0; n-- {
			before, after = append(before, l), append(after, to.Labels[i])
		}
	}
	if len(before) == 0 {
		return nil, fault.Errorf(fault.ErrUnmatched, "segkit: compare.Match: the two segmentations have no customer in common: segment the same customers, "+
			"or look at their ids")
	}
	o := overlap.New(before, after, from.K(), to.K())
	m := &Matching{From: from, To: to, Customers: len(before), Counts: o.Both, Of: o.Match(), AdjustedRand: math.NaN()}
	for b, a := range m.Of {
		j := math.NaN()
		if a >= 0 {
			j = o.Jaccard(a, b)
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

// Aligned returns To with the labels of From, which carry the colours. A segment that continues one of From's has its label, a
// new one comes after From's, and a label of From that nothing continues stays as an empty segment, "… (gone)", so that no other
// takes its colour. Names stay with their segments, except that segments named by number are numbered again. The model is
// changed as well: it scores new customers with the new labels.
func (m *Matching) Aligned() *table.Segments {
	kept := make([]string, m.From.K(), m.From.K()+m.To.K())
	for a, name := range m.From.Names {
		kept[a] = strings.TrimSuffix(name, gone) + gone // also when it was gone before
	}
	byNumber := slices.Equal(m.To.Names, wording.Numbered(m.To.K()))
	to := make([]int, m.To.K())
	for b, a := range m.Of {
		if a < 0 {
			a, kept = len(kept), append(kept, "")
		}
		to[b], kept[a] = a, m.To.Names[b]
		if byNumber {
			kept[a] = wording.Numbered(a + 1)[a]
		}
	}
	out := *m.To
	out.Names, out.Labels = kept, make(table.Labels, len(m.To.Labels))
	for i, l := range m.To.Labels {
		out.Labels[i] = table.Noise
		if l >= 0 {
			out.Labels[i] = to[l]
		}
	}
	if out.Model != nil {
		out.Model = out.Model.Relabelled(to, kept)
	}
	return &out
}

// Sheet cross-tabulates the two: a row for each segment of To, a column for each of From.
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
	out.Caption = fmt.Sprintf("%d of %s continue; %s of customers stay together", continued, wording.Plural(m.From.K(), "segment"),
		sheet.Percent(float64(paired)/float64(all)))
	out.Notes = []string{"Rows are segments of the second segmentation, columns are segments of the first; pairs share as many customers " +
		"as possible.",
		fmt.Sprintf("A segment continues the one it is paired with where the overlap, customers in both / in either, is above %s %%; "+
			"the adjusted Rand index is %s.", sheet.Fixed(100*continues, 0), sheet.Fixed(m.AdjustedRand, 2))}
	if rest := m.Customers - all; rest > 0 {
		out.Notes = append(out.Notes, wording.Plural(rest, "customer")+" in no segment in one or the other.")
	}
	if only := unknown(m.From, m.To); only > 0 {
		out.Notes = append(out.Notes, "Left out: "+wording.Plural(only, "customer")+" of the first segmentation, missing from the second.")
	}
	if only := unknown(m.To, m.From); only > 0 {
		out.Notes = append(out.Notes, "Left out: "+wording.Plural(only, "customer")+" of the second segmentation, missing from the first.")
	}
	return out
}

// unknown returns how many customers of a segmentation another does not know.
func unknown(s, to *table.Segments) (n int) {
	known := make(map[string]bool, len(to.IDs))
	for _, id := range to.IDs {
		known[id] = true
	}
	for i, id := range s.IDs {
		if !known[id] {
			n += s.Customers(i)
		}
	}
	return n
}

// Frame returns one row per pair of segments: from, to, customers in both, and whether to continues from.
func (m *Matching) Frame() table.Frame {
	var from, to []string
	var customers []int
	var pair []bool
	for a := range m.Counts {
		for b, n := range m.Counts[a] {
			from, to = append(from, m.From.Names[a]), append(to, m.To.Names[b])
			customers, pair = append(customers, n), append(pair, m.Of[b] == a)
		}
	}
	return frame.New(frame.Column("from", from), frame.Column("to", to), frame.Column("customers", customers), frame.Column("continues", pair))
}
