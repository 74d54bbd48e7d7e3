package segkit

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/sheet"
)

// Who is in each segment: how many, what they are worth, and what is typical of them, in the customers' own units.

// SmallSegment is the size below which a segment is flagged: its medians are uncertain.
const SmallSegment = 30

// Profile describes the segments of a table beside the whole.
type Profile struct {
	N            int              // customers described
	Columns      []Column         // (d)
	All          []Stats          // (d) of the whole table
	Scale        []Scale          // (d) what one unit of Stats.Difference is
	Effects      []Effect         // (d) how far the segments differ in each column
	Segments     []SegmentProfile // (k)
	Noise        *SegmentProfile  // customers in no segment; nil where there are none
	ValueColumns []string         // columns of Role Value
	ValueTotals  []float64        // (ValueColumns) what a share of 1 stands for: the sum over the whole table
	Weighted     bool             // shares, means and quantiles are weighted; sizes are not
	Absent       int              // customers who have a segment but are not in the table, and so not described
}

// SegmentProfile describes one segment.
type SegmentProfile struct {
	Label      int
	Name       string
	Size       int       // customers
	Share      float64   // of all customers described (of their weight)
	ValueShare []float64 // (ValueColumns) of the sum over the whole table; NaN where that sum is not positive
	Stats      []Stats   // (d)
	Small      bool      // fewer than SmallSegment customers, but not none
	Markers    []Marker  // what stands out, the strongest first
	Exemplars  Exemplars
}

// Effect is how much of a column's spread lies between the segments.
type Effect struct {
	Measure   string  // "eta squared" of a number, "Cramér's V" of a category
	Value     float64 // 0 (nothing) to 1 (all); NaN where undefined
	Low, High float64 // interval, 95 %
	P         float64 // of the test that the segments do not differ
	Adjusted  float64 // P, adjusted for the number of columns tested (Holm 1979)
	Circular  bool    // the column formed the segments: that they differ in it is no finding, and P says nothing
}

// Marker is a column, or a level of one, that stands out in a segment.
type Marker struct {
	Column   string
	Level    string  // of a category
	Strength float64 // signed as measured: robust standard deviations of a number, standard deviations of a level's share
	Better   int     // 1 more of what is good, -1 of what is bad, 0 neither
	Says     string  // "orders far above the rest: 9 against 4"
}

// Exemplars are the customers who show what a segment is like.
type Exemplars struct {
	Medoid   string   // the customer nearest to all others of the segment
	Typical  []string // up to five, the medoid first
	Atypical string   // the one furthest from all others
	Border   []Border // up to five who could as well be in another segment, the most doubtful first
}

// Border is a customer between two segments.
type Border struct {
	ID     string
	Second int     // label of the second choice
	Margin float64 // 0 on the border
}

// Stats says what is typical of a column. Of a number: Mean to Difference; of a category: Levels.
type Stats struct {
	N, Missing           int     // customers with and without a value
	Mean, Median, Q1, Q3 float64 // NaN where there is no value
	Index                float64 // 100 * mean / mean of the whole; NaN unless Scale.Ratio
	Difference           float64 // (median - median of the whole) / Scale.Unit, signed as measured; NaN where there is no scale
	Levels               []float64
}

// Scale says in which units the segments can be compared with the whole.
type Scale struct {
	Ratio  bool    // twice as much means something: no value of the whole is negative and their mean is positive
	Unit   float64 // IQR / 1.349 of the whole: the standard deviation of a normal distribution with these quartiles
	ByMean bool    // the quartiles are equal, so means are compared, in standard deviations
}

// Describe profiles the segments s on the columns of raw, joined by id. Every customer of raw must be in s; customers whom
// only s knows are counted in Absent. A transformed table is refused: nobody can act on a z-score. Weights are respected, and
// taken as counts. Missing values are left out of means and quantiles, and count as 0 in value shares. Cost d n log n.
func Describe(raw *Table, s *Segments) (*Profile, error) {
	if raw.transformed {
		return nil, &CellError{Op: "Describe", Why: "the table holds transformed values, which nobody can act on",
			Remedy: "describe the segments on the table before transforming", Err: ErrSchema}
	}
	if raw.Len() == 0 {
		return nil, fmt.Errorf("segkit: Describe: %w", ErrEmpty)
	}
	labels, err := s.labelsFor("Describe", raw)
	if err != nil {
		return nil, err
	}
	d := len(raw.columns)
	p := &Profile{N: raw.Len(), Columns: raw.Columns(), All: make([]Stats, d), Scale: make([]Scale, d),
		Weighted: raw.weights != nil, Absent: len(s.IDs) - raw.Len()}
	p.group(s, labels, raw.weights)
	groups := p.each()
	members := make([][]int, len(groups))
	for i, l := range labels {
		if l == Noise {
			l = s.K()
		}
		members[l] = append(members[l], i)
	}
	values := make([][]float64, d) // sums of a value column: of each group, then of the whole
	err = par.Items(context.Background(), d, func(j int) {
		whole := newPart(raw.columns[j], raw.values(j), raw.weights)
		all := whole.stats()
		p.Scale[j] = whole.scale()
		p.All[j] = all.against(all, p.Scale[j])
		for g, rows := range members {
			group := whole.of(rows)
			groups[g].Stats[j] = group.stats().against(all, p.Scale[j])
			values[j] = append(values[j], group.sum())
		}
		values[j] = append(values[j], whole.sum())
	})
	if err != nil {
		return nil, err
	}
	for j, c := range raw.columns {
		if c.Role == Value && !c.Categorical() {
			p.share(c.Name, values[j])
		}
	}
	return p, nil
}

// group makes the segments, and the noise if there is any, with their names and sizes; their stats are still empty.
func (p *Profile) group(s *Segments, labels Labels, weights []float64) {
	p.Segments = make([]SegmentProfile, s.K())
	for l := range p.Segments {
		p.Segments[l] = SegmentProfile{Label: l, Name: s.Name(l)}
	}
	if slices.Contains(labels, Noise) {
		p.Noise = &SegmentProfile{Label: Noise, Name: s.Name(Noise)}
	}
	total := 0.0
	for i, l := range labels {
		g, w := p.Noise, 1.0
		if l != Noise {
			g = &p.Segments[l]
		}
		if weights != nil {
			w = weights[i]
		}
		g.Size++
		g.Share += w
		total += w
	}
	for _, g := range p.each() {
		g.Share /= total
		g.Small = 0 < g.Size && g.Size < SmallSegment
		g.Stats = make([]Stats, len(p.Columns))
	}
}

// each returns the segments and, behind them, the noise if there is any.
func (p *Profile) each() []*SegmentProfile {
	var out []*SegmentProfile
	for l := range p.Segments {
		out = append(out, &p.Segments[l])
	}
	if p.Noise != nil {
		out = append(out, p.Noise)
	}
	return out
}

// share fills in each group's part of a value column, whose sums are those of the groups and, last, of the whole.
func (p *Profile) share(column string, sums []float64) {
	groups := p.each()
	total := sums[len(groups)]
	p.ValueColumns, p.ValueTotals = append(p.ValueColumns, column), append(p.ValueTotals, total)
	for g, group := range groups {
		share := math.NaN()
		if total > 0 {
			share = sums[g] / total
		}
		group.ValueShare = append(group.ValueShare, share)
	}
}

// against fills in what needs the whole.
func (s Stats) against(all Stats, scale Scale) Stats {
	if s.Levels != nil {
		return s
	}
	if scale.Ratio {
		s.Index = 100 * s.Mean / all.Mean
	}
	s.Difference = (s.Median - all.Median) / scale.Unit
	if scale.ByMean {
		s.Difference = (s.Mean - all.Mean) / scale.Unit
	}
	return s
}

// scale returns the scales of a column that is whole. Unit is NaN for a category and for a column that is constant.
func (p part) scale() Scale {
	if p.column.Categorical() {
		return Scale{Unit: math.NaN()}
	}
	lowest, highest := p.sample.At(0), p.sample.At(1)
	s := Scale{Ratio: lowest >= 0 && highest > 0, Unit: (p.sample.At(0.75) - p.sample.At(0.25)) / iqrToSD}
	if s.Unit > 0 {
		return s
	}
	s.ByMean = true
	if _, s.Unit, _ = moments(p.values, p.weights); lowest == highest { // rounding may leave a constant column a tiny sd
		s.Unit = math.NaN()
	}
	return s
}

// sheetColumns is how many columns the sheet shows at most, so that it stays readable.
const sheetColumns = 8

// Sheet lays the profile out with a row per segment: size, shares of customers and value, the median of every number, the
// most over-represented level of every category, and a last row for the whole. Of many columns it shows those in
// which the segments differ most.
func (p *Profile) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: p.finding(), Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "of customers"}}}
	for _, v := range p.ValueColumns {
		out.Columns = append(out.Columns, sheet.Column{Name: "of " + v})
	}
	groups := append(p.each(), p.whole())
	for _, g := range groups {
		row := []string{g.Name, sheet.Count(g.Size), sheet.Percent(g.Share)}
		for _, share := range g.ValueShare {
			row = append(row, sheet.Percent(share))
		}
		out.Rows = append(out.Rows, row)
	}
	shown := p.telling(sheetColumns)
	for _, j := range shown {
		c := p.Columns[j]
		out.Columns = append(out.Columns, sheet.Column{Name: c.Name, Unit: c.Unit, Text: c.Categorical()})
		medians := make([]float64, len(groups))
		for i, g := range groups {
			medians[i] = g.Stats[j].Median
		}
		for i, cell := range sheet.Numbers(medians) {
			if c.Categorical() {
				cell = overRepresented(c, groups[i].Stats[j].Levels, p.All[j].Levels)
			}
			out.Rows[i] = append(out.Rows[i], cell)
		}
	}
	out.Notes = p.notes(shown)
	return out
}

// finding is the caption: who is worth most, where the table knows what customers are worth.
func (p *Profile) finding() string {
	if len(p.ValueColumns) > 0 {
		best := -1
		for l, g := range p.Segments {
			if !math.IsNaN(g.ValueShare[0]) && (best < 0 || g.ValueShare[0] > p.Segments[best].ValueShare[0]) {
				best = l
			}
		}
		if best >= 0 {
			g := p.Segments[best]
			return fmt.Sprintf("%s: %s of customers, %s of %s", g.Name, sheet.Percent(g.Share), sheet.Percent(g.ValueShare[0]), p.ValueColumns[0])
		}
	}
	return fmt.Sprintf("%s in %s", plural(p.N, "customer"), plural(len(p.Segments), "segment"))
}

// whole is the table as if it were one segment.
func (p *Profile) whole() *SegmentProfile {
	all := &SegmentProfile{Name: "all", Size: p.N, Share: 1, Stats: p.All}
	for _, total := range p.ValueTotals {
		share := math.NaN()
		if total > 0 {
			share = 1
		}
		all.ValueShare = append(all.ValueShare, share)
	}
	return all
}

// telling returns the at most most columns in which the segments differ most from the whole, on average over customers,
// in the order of the table.
func (p *Profile) telling(most int) []int {
	order, spread := make([]int, len(p.Columns)), make([]float64, len(p.Columns))
	for j, c := range p.Columns {
		order[j] = j
		for _, g := range p.Segments {
			strength := math.Abs(g.Stats[j].Difference)
			if c.Categorical() {
				_, strength = levelMarker(c, g.Stats[j].Levels, p.All[j].Levels)
			}
			if !math.IsNaN(strength) {
				spread[j] += float64(g.Share * strength)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spread[b], spread[a]) })
	order = order[:min(most, len(order))]
	slices.Sort(order)
	return order
}

// overRepresented reads like "Leeds 41 %": the level furthest above its share in the whole, with its share here; of the whole
// itself, the most frequent level.
func overRepresented(c Column, share, whole []float64) string {
	best := -1
	for l, s := range share {
		if s > 0 && (best < 0 || s-whole[l] > share[best]-whole[best]) {
			best = l
		}
	}
	if best < 0 {
		return sheet.Missing
	}
	if slices.Equal(share, whole) {
		best = slices.Index(share, slices.Max(share))
	}
	return fmt.Sprintf("%s %.0f %%", clip(c.Levels[best]), 100*share[best])
}

// notes are the sentences that a reader of the sheet should know; shown are the columns in it.
func (p *Profile) notes(shown []int) []string {
	notes := []string{"Medians, in the customers' own units."}
	var bases, small, byMean []string
	category := false
	for v, name := range p.ValueColumns {
		j := slices.IndexFunc(p.Columns, func(c Column) bool { return c.Name == name })
		bases = append(bases, strings.TrimSpace(fmt.Sprintf("%s is %s %s", name, sheet.Fixed(p.ValueTotals[v], 0), p.Columns[j].Unit)))
	}
	for _, g := range p.Segments {
		if g.Small {
			small = append(small, fmt.Sprintf("%s (%d)", g.Name, g.Size))
		}
	}
	for _, j := range shown {
		category = category || p.Columns[j].Categorical()
		if p.Scale[j].ByMean && !math.IsNaN(p.Scale[j].Unit) {
			byMean = append(byMean, p.Columns[j].Name)
		}
	}
	if category {
		notes = append(notes, "Of a category: the level furthest above its share in the whole, with its share in the segment.")
	}
	if bases != nil {
		notes = append(notes, capital(sheet.List(bases))+" in all.")
	}
	if small != nil {
		notes = append(notes, fmt.Sprintf("Fewer than %d customers, so medians are uncertain: %s.", SmallSegment, sheet.List(small)))
	}
	if byMean != nil {
		notes = append(notes, fmt.Sprintf("Half of all customers or more share one value of %s: there segments are compared by means.", sheet.List(byMean)))
	}
	if p.Weighted {
		notes = append(notes, "Shares and medians are weighted, numbers of customers are not.")
	}
	if p.Absent > 0 {
		notes = append(notes, fmt.Sprintf("Customers who have a segment but are not in the table, and so not described: %s.", sheet.Count(p.Absent)))
	}
	if more := len(p.Columns) - len(shown); more > 0 {
		notes = append(notes, fmt.Sprintf("Shown are the %d columns in which the segments differ most; Frame has the other %d too.", len(shown), more))
	}
	return notes
}

// Frame returns the profile as a gota frame, a row per segment: segment, customers, share, <value>_share for every value
// column, and for every column its _mean, _median, _q1, _q3, _index and _difference, or its share per level.
func (p *Profile) Frame() dataframe.DataFrame {
	rows := p.each()
	numbers := func(name string, f func(g *SegmentProfile) float64) series.Series {
		v := make([]float64, len(rows))
		for i, g := range rows {
			v[i] = f(g)
		}
		return series.New(v, series.Float, name)
	}
	var names []string
	var sizes []int
	for _, g := range rows {
		names, sizes = append(names, g.Name), append(sizes, g.Size)
	}
	columns := []series.Series{series.New(names, series.String, "segment"), series.New(sizes, series.Int, "customers"),
		numbers("share", func(g *SegmentProfile) float64 { return g.Share })}
	for v, name := range p.ValueColumns {
		columns = append(columns, numbers(name+"_share", func(g *SegmentProfile) float64 { return g.ValueShare[v] }))
	}
	for j, c := range p.Columns {
		for l, level := range c.Levels {
			columns = append(columns, numbers(c.Name+"_"+level, func(g *SegmentProfile) float64 { return g.Stats[j].Levels[l] }))
		}
		if c.Categorical() {
			continue
		}
		columns = append(columns,
			numbers(c.Name+"_mean", func(g *SegmentProfile) float64 { return g.Stats[j].Mean }),
			numbers(c.Name+"_median", func(g *SegmentProfile) float64 { return g.Stats[j].Median }),
			numbers(c.Name+"_q1", func(g *SegmentProfile) float64 { return g.Stats[j].Q1 }),
			numbers(c.Name+"_q3", func(g *SegmentProfile) float64 { return g.Stats[j].Q3 }),
			numbers(c.Name+"_index", func(g *SegmentProfile) float64 { return g.Stats[j].Index }),
			numbers(c.Name+"_difference", func(g *SegmentProfile) float64 { return g.Stats[j].Difference }))
	}
	return dataframe.New(columns...)
}
