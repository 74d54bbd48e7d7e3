package compare

import (
	"fmt"
	"math"
	"slices"
	"strconv"
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
	Before       []int           // (From.K()) customers of each segment who are in both segmentations, with those who are in no segment of To
	After        []int           // (To.K()) the same the other way round
	Of           []int           // (To.K()) the segment of From that each segment of To is paired with, -1 for none; Continues says whether it continues it
	Jaccard      []float64       // (To.K()) overlap with it: customers in both / in either; NaN for none
	AdjustedRand float64         // of the two, over the customers who are in both; NaN if undefined
}

// Continues reports whether segment b of To continues the segment of From that it is paired with: whether it has most of that segment's customers, and most of
// its own were there. Of other pairs one has split, merged with others or dissolved, as Changes says.
func (m *Matching) Continues(b int) bool {
	a := m.Of[b]
	return a >= 0 && 2*m.Counts[a][b] > max(m.Before[a], m.After[b])
}

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
	m := &Matching{From: from, To: to, Customers: len(before), Counts: o.Both, Before: o.Before, After: o.After, Of: o.Match(), AdjustedRand: math.NaN()}
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

// gone marks a segment of the earlier segmentation that no later one is paired with.
const gone = " (gone)"

// Aligned returns To with the labels of From, which carry the colours. A segment that is paired with one of From's has its label,
// one without a pair comes after From's, and a label of From without a pair stays as an empty segment, "… (gone)", so that no other
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
	totals, all, stay, continued := make([]int, m.From.K()), 0, 0, 0
	for b, name := range m.To.Names {
		row, total := []string{name, "none", sheet.Missing}, 0
		if a := m.Of[b]; a >= 0 {
			row[1], row[2] = m.From.Names[a], sheet.Fixed(100*m.Jaccard[b], 1)
			if m.Continues(b) {
				stay += m.Counts[a][b]
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
	out.Caption = fmt.Sprintf("%d of %s %s", continued, wording.Plural(m.From.K(), "segment"), map[bool]string{true: "continues", false: "continue"}[continued == 1])
	if continued > 0 {
		out.Caption += fmt.Sprintf("; %s of customers stay in %s", sheet.Percent(float64(stay)/float64(all)), map[bool]string{true: "it", false: "them"}[continued == 1])
	}
	out.Notes = []string{"Rows are segments of the second segmentation, columns are segments of the first; pairs share as many customers " +
		"as possible.",
		fmt.Sprintf("A segment continues the one it is paired with where it has most of that one's customers and most of its own were there. Overlap: customers in both / "+
			"in either. The adjusted Rand index is %s.", sheet.Fixed(m.AdjustedRand, 2))}
	if changes := m.Changes(); changes != nil {
		out.Notes = append(out.Notes, strings.Join(changes, " "))
	}
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

// Changes says what happened to the segments, apart from those that only continue, in a sentence for each: which split off, which took in others, which are
// new, and which dissolved. It is nil if there are none.
func (m *Matching) Changes() (out []string) {
	continued := make([]bool, m.From.K())
	for b, a := range m.Of {
		if m.Continues(b) {
			continued[a] = true
		}
	}
	joined, dissolved := make([][]int, m.To.K()), []string(nil) // joined: the segments of which most customers are there now
	for a, row := range m.Counts {
		b := largest(row)
		switch {
		case m.Before[a] == 0 || continued[a]:
		case 2*row[b] > m.Before[a]:
			joined[b] = append(joined[b], a)
		default:
			dissolved = append(dissolved, fmt.Sprintf("%s dissolves: no segment takes more than %s of its customers.", wording.Capital(called(m.From, a)),
				wording.Percent(float64(row[b])/float64(m.Before[a]))))
		}
	}
	for b, n := range m.After {
		var sources []int
		for _, row := range m.Counts {
			sources = append(sources, row[b])
		}
		a, does := largest(sources), []string(nil)
		switch {
		case n == 0:
			continue
		case m.Continues(b) || slices.Contains(joined[b], a):
		case 2*sources[a] > n:
			does = append(does, fmt.Sprintf("splits off from %s, where %s of its customers come from", called(m.From, a), wording.Percent(float64(sources[a])/float64(n))))
		case joined[b] == nil:
			does = append(does, fmt.Sprintf("is new: no segment gives it more than %s of its customers", wording.Percent(float64(sources[a])/float64(n))))
		}
		if joined[b] != nil {
			var names []string
			for _, a := range joined[b] {
				names = append(names, called(m.From, a))
			}
			does = append(does, "takes in most of "+sheet.List(names))
		}
		if does != nil {
			out = append(out, wording.Capital(called(m.To, b))+" "+strings.Join(does, ", and ")+".")
		}
	}
	return append(out, dissolved...)
}

// called is how a sentence calls a segment: its name in quotation marks, "segment 3" where it has a number only.
func called(s *table.Segments, label int) string {
	if _, err := strconv.Atoi(s.Names[label]); err == nil {
		return "segment " + s.Names[label]
	}
	return wording.Quoted(s.Names[label : label+1])
}

// largest is the first place of the highest count.
func largest(counts []int) (at int) {
	for i, n := range counts {
		if n > counts[at] {
			at = i
		}
	}
	return at
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

// Frame returns one row per pair of segments: from, to, customers in both, and whether to continues from (see Continues).
func (m *Matching) Frame() table.Frame {
	var from, to []string
	var customers []int
	var pair []bool
	for a := range m.Counts {
		for b, n := range m.Counts[a] {
			from, to = append(from, m.From.Names[a]), append(to, m.To.Names[b])
			customers, pair = append(customers, n), append(pair, m.Of[b] == a && m.Continues(b))
		}
	}
	return frame.New(frame.Column("from", from), frame.Column("to", to), frame.Column("customers", customers), frame.Column("continues", pair))
}
