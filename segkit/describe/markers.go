package describe

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// What stands out in a segment. Names, personas and charts all speak of these markers.

const (
	clearDifference = 0.4 // from here a column is a marker, in robust standard deviations
	plainDifference = 0.8 // from here it is "clearly" above or below: large by Cohen (1988)
	farDifference   = 2   // from here "far"
	// A yes/no item is one by the rule of Dolnicar, Grün & Leisch (2018, Market Segmentation Analysis, 8.3.1,
	// doi:10.1007/978-981-10-8818-6): its share is more than .25 from that of all customers, or more than half of it.
	markerAbsolute, markerRelative = 0.25, 0.5
	mostLevels                     = 20 // of a category are looked at one by one, the most frequent; the rest are "other"
)

// markers returns what stands out in a segment, the strongest first, ties to the first column: amounts whose typical value is
// clearDifference and more from that of all customers, yes/no items by the rule of the Market Segmentation Analysis book, of
// other categories the level furthest above its share in the whole.
func (p *Profile) markers(g *SegmentProfile) []Marker {
	var out []Marker
	for j := range p.Columns {
		if m := p.markerOf(g, j); p.stands(m, g, j) {
			m.Says = p.says(m, g, j)
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Marker) int { return cmp.Compare(math.Abs(b.Strength), math.Abs(a.Strength)) })
	return out
}

// markerOf returns how far column j stands out in a segment, with Strength 0 where that is undefined. Strengths are rounded so
// that the order of additions cannot decide.
func (p *Profile) markerOf(g *SegmentProfile, j int) Marker {
	c := p.Columns[j]
	m := Marker{Column: c.Name, Strength: g.Stats[j].Difference}
	if c.Categorical() {
		m.Level, m.Strength = strongestLevel(c, g.Stats[j].Levels, p.All[j].Levels)
	}
	if m.Strength = math.Round(m.Strength*1e6) / 1e6; math.IsNaN(m.Strength) {
		m.Strength = 0
	}
	if !c.Categorical() && !p.isYesNo(j) && c.Role != table.Descriptor {
		m.Better = cmp.Compare(m.Strength, 0)
	}
	if c.LowerIsBetter {
		m.Better = -cmp.Compare(m.Strength, 0)
	}
	return m
}

// stands reports whether m is a marker.
func (p *Profile) stands(m Marker, g *SegmentProfile, j int) bool {
	if !p.isYesNo(j) || m.Strength == 0 {
		return math.Abs(m.Strength) >= clearDifference
	}
	here, all := p.shares(m, g, j)
	apart := math.Abs(here - all)
	return apart > markerAbsolute || apart > markerRelative*all
}

// shares are those of a yes/no item or a level in the segment and in the whole.
func (p *Profile) shares(m Marker, g *SegmentProfile, j int) (here, all float64) {
	if c := p.Columns[j]; c.Categorical() {
		l := slices.Index(c.Levels, m.Level)
		return g.Stats[j].Levels[l], p.All[j].Levels[l]
	}
	return g.Stats[j].Mean, p.All[j].Mean
}

// says reads like "last order 9 days ago, far below the typical 40", "visits: 9, far above the typical 4" or "city Leeds: 80 %, clearly above the overall 40 %".
func (p *Profile) says(m Marker, g *SegmentProfile, j int) string {
	c, name := p.Columns[j], wording.InWords(p.Columns[j].Name)
	if c.Categorical() && !p.isAnswer(j) {
		name = c.Level(slices.Index(c.Levels, m.Level))
	}
	how := "below"
	if m.Strength > 0 {
		how = "above"
	}
	switch a := math.Abs(m.Strength); {
	case a >= farDifference:
		how = "far " + how
	case a >= plainDifference:
		how = "clearly " + how
	}
	if c.Categorical() || p.isYesNo(j) {
		here, all := p.shares(m, g, j)
		return fmt.Sprintf("%s: %s, %s the overall %s", name, roundPercent(here), how, roundPercent(all))
	}
	here, all := p.sayable(j, p.typical(g.Stats[j], j), p.typical(p.All[j], j))
	said, usual := c.Saying(here), "typical"
	if c.Phrase == "" {
		said = name + ": " + wording.Measured(here, c.Unit)
	}
	if p.Scale[j].ByMean {
		said, usual = said+" on average", "overall"
	}
	return fmt.Sprintf("%s, %s the %s %s", said, how, usual, all)
}

// sayable is sayable for two values of column j, which may be years.
func (p *Profile) sayable(j int, a, b float64) (string, string) {
	if p.Scale != nil && p.Scale[j].Years {
		return wording.Year(a), wording.Year(b)
	}
	return sayable(a, b)
}

// sayable writes two numbers with no more decimals than it takes to tell them apart: "94" and "48", "2.4" and "2.2".
func sayable(a, b float64) (string, string) {
	decimals := 0
	if largest := max(math.Abs(a), math.Abs(b)); largest < 10 && (a != math.Trunc(a) || b != math.Trunc(b)) {
		decimals = 1
	}
	write := func(v float64) string {
		if v == math.Trunc(v) {
			return sheet.Fixed(v, 0)
		}
		return sheet.Fixed(v, decimals)
	}
	for decimals < 4 && 10*math.Pow10(-decimals) > math.Abs(a-b) {
		decimals++
	}
	return write(a), write(b)
}

// typical is what stands for a number: its median, or its mean where segments are compared by means.
func (p *Profile) typical(s table.Stats, j int) float64 {
	if p.Scale[j].ByMean {
		return s.Mean
	}
	return s.Median
}

// roundPercent writes a share as people say it: "38 %", "1.5 %".
func roundPercent(share float64) string {
	decimals := 0
	if share > 0 && share < 0.095 {
		decimals = 1
	}
	return sheet.Fixed(100*share, decimals) + " %"
}

// strongestLevel returns the level whose share differs most from the whole, and by how much in standard deviations of a yes/no
// column: the one furthest above, or the yes of an item, whose strength is negative where it is rarer.
func strongestLevel(c table.Column, share, whole []float64) (level string, strength float64) {
	strengthOf := func(l int) float64 { return (share[l] - whole[l]) / math.Sqrt(whole[l]*(1-whole[l])) }
	if yes := c.Yes(); yes >= 0 {
		return c.Levels[yes], strengthOf(yes)
	}
	shown, _ := commonLevels(whole)
	for _, l := range shown {
		if z := strengthOf(l); z > strength {
			level, strength = c.Levels[l], z
		}
	}
	return level, strength
}

// isYesNo reports whether column j has only two values, yes and no or one of two levels.
func (p *Profile) isYesNo(j int) bool { return p.Scale != nil && p.Scale[j].YesNo }

// isAnswer reports whether column j answers yes or no, in levels or as 1 and 0, and so is spoken of by its own name.
func (p *Profile) isAnswer(j int) bool {
	return p.Columns[j].Yes() >= 0 || !p.Columns[j].Categorical() && p.isYesNo(j)
}

// commonLevels returns the mostLevels most frequent levels, given their shares, in the order of the levels, and whether there
// are others.
func commonLevels(shares []float64) (levels []int, others bool) {
	levels = pick.All(len(shares))
	if len(levels) <= mostLevels {
		return levels, false
	}
	slices.SortStableFunc(levels, func(a, b int) int { return cmp.Compare(shares[b], shares[a]) })
	levels = levels[:mostLevels]
	slices.Sort(levels)
	return levels, true
}
