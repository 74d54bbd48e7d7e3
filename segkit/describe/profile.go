package describe

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/worth"
	"github.com/segkit/lab/segkit/table"
)

// Who is in each segment: how many, what they are worth, and what is typical of them, in the customers' own units.

// SmallSegment is the size below which a segment is flagged, because its medians are uncertain.
const SmallSegment = 30

// Profile describes the segments of a table in comparison with the whole.
type Profile struct {
	N            int              // customers described
	Columns      []table.Column   // (d)
	All          []table.Stats    // (d) of the whole table
	Scale        []Scale          // (d) what one unit of Stats.Difference is
	Effects      []Effect         // (d) how far the segments differ in each column
	Segments     []SegmentProfile // (k)
	Noise        *SegmentProfile  // customers in no segment; nil if there are none
	ValueColumns []string         // columns of Role Value
	ValueTotals  []float64        // (ValueColumns) the sum over the whole table, which is a share of 1
	Weighted     bool             // by SamplingWeights: shares, means and quantiles are weighted; sizes are not
	FormedBy     []string         // columns that formed the segments, nil if unknown
	Absent       int              // customers who have a segment but are not in the table, and so are not described
	Space        string           // where exemplars' distances are measured: "the columns that formed the segments, as they were prepared"
}

// SegmentProfile describes one segment.
type SegmentProfile struct {
	Label      int
	Name       string
	Size       int           // customers: rows, or the sum of weights that repeat rows
	Share      float64       // of all customers described (of their weight)
	ValueShare []float64     // (ValueColumns) of the sum over the whole table; NaN if that sum is not positive
	Stats      []table.Stats // (d)
	Small      bool          // fewer than SmallSegment customers, but not none
	Markers    []Marker      // what stands out, the strongest first
	Exemplars  Exemplars
}

// Effect is how much of a column's spread lies between the segments.
type Effect struct {
	Measure   string  // "eta squared" of a number, "Cramér's V" of a category
	Value     float64 // 0 (none) to 1 (all); NaN if undefined
	Low, High float64 // interval, 95 %
	P         float64 // of the test that the segments do not differ; NaN if Circular
	Adjusted  float64 // P, adjusted for the number of columns tested (Holm 1979)

	Circular   bool   // the column formed the segments, was made from what did, or went into it: a difference in it is not a finding
	TiedTo     string // what formed the segments and determines the column, or is determined by it, if only the values show that: "orders", "orders and basket"
	SameSource bool   // it came from the same records of the same days as what formed them: a difference is only half a finding
}

// Marker is a column, or a level of one, that stands out in a segment.
type Marker struct {
	Column   string
	Level    string  // of a category
	Strength float64 // signed as measured: robust standard deviations of a number, standard deviations of a level's share
	Better   int     // 1 for more of what is good, -1 for more of what is bad, 0 for neither: answers, categories, descriptors such as age
	Says     string  // "orders: 9, far above the typical 4"
}

// Scale says in what units the segments can be compared with the whole.
type Scale struct {
	Ratio  bool    // ratios are meaningful: no value of the whole is negative and their mean is positive
	Unit   float64 // IQR / 1.349 of the whole: the standard deviation of a normal distribution with these quartiles
	ByMean bool    // the quartiles are equal, or YesNo, so means are compared, in standard deviations
	YesNo  bool    // the values are 0 and 1, or one of two levels
	Years  bool    // the values are years (table.Column.Years)
}

// group makes the segments, and the noise if there is any, with their names and sizes; their stats are still empty.
func (p *Profile) group(s *table.Segments, labels table.Labels, raw *table.Table) {
	p.Segments = make([]SegmentProfile, s.K())
	for l := range p.Segments {
		p.Segments[l] = SegmentProfile{Label: l, Name: s.Name(l)}
	}
	if slices.Contains(labels, table.Noise) {
		p.Noise = &SegmentProfile{Label: table.Noise, Name: s.Name(table.Noise)}
	}
	total := 0.0
	for i, l := range labels {
		g := p.Noise
		if l != table.Noise {
			g = &p.Segments[l]
		}
		g.Size += raw.Customers(i)
		g.Share += raw.Weight(i)
		total += raw.Weight(i)
	}
	for _, g := range p.each() {
		p.N += g.Size
		g.Share /= total
		g.Small = 0 < g.Size && g.Size < SmallSegment
		g.Stats = make([]table.Stats, len(p.Columns))
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
		group.ValueShare = append(group.ValueShare, worth.Share(sums[g], total))
	}
}

// against fills in what needs the whole.
func against(s, all table.Stats, scale Scale) table.Stats {
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
func scaleOf(p table.Part) Scale {
	if p.Column.Categorical() {
		return Scale{Unit: math.NaN(), YesNo: len(p.Column.Levels) == 2}
	}
	lowest, highest := p.Quantile(0), p.Quantile(1)
	s := Scale{Ratio: lowest >= 0 && highest > 0, Unit: (p.Quantile(0.75) - p.Quantile(0.25)) / stats.IQRToSD, Years: p.Column.Years(p.Values)}
	s.YesNo = stats.ZeroOne(p.Values)
	if s.Unit > 0 && !s.YesNo {
		return s
	}
	s.ByMean = true
	if _, s.Unit, _ = stats.Moments(p.Values, p.Weights); lowest == highest { // rounding may leave a constant column a tiny sd
		s.Unit = math.NaN()
	}
	return s
}

// Index returns the position of a column, -1 if there is none of that name.
func (p *Profile) Index(column string) int {
	return slices.IndexFunc(p.Columns, func(c table.Column) bool { return c.Name == column })
}

// Exemplars are the customers who show what a segment is like.
type Exemplars struct {
	Medoid   string    // the customer nearest to all others of the segment; "" if Values are made up
	Values   []float64 // (d) of the medoid, in the profile's columns; NaN if one is missing, or may not be disclosed
	MadeUp   bool      // Values belong to no real customer: they were made up from the segment, as by privacy.Share
	Typical  []string  // up to five, the medoid first
	Atypical string    // the one furthest from all others; "" in a segment of one
	Border   []Border  // up to five who could just as well be in another segment, the most doubtful first
	OnBorder float64   // share of the segment's customers who could: Margin below .1; NaN without exemplars
}

// Border is a customer between two segments.
type Border struct {
	ID     string
	Second int     // label of the second choice
	Margin float64 // 1 - distance to the centre of its own segment / distance to the next: 0 on the border, negative if nearer to the other, -Inf at the other's exact centre
}
