package describe

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// A profile laid out for reading.

// sheetColumns is how many columns the sheet shows at most, so that it stays readable and fits a page.
const sheetColumns = 8

// Sheet lays the profile out with a row per segment: size, shares of customers and value, the median of every number (the mean
// if segments are compared by means, the share of yes for yes and no), the middle level of a category whose levels are in order,
// the most over-represented level of any other, and a last row for the whole. If there are many columns, it shows those in which the segments differ most.
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
	shown := p.Telling()
	shown = shown[:min(sheetColumns, len(shown))]
	slices.Sort(shown)
	for _, j := range shown {
		c := p.Columns[j]
		out.Columns = append(out.Columns, sheet.Column{Name: c.Name, Unit: c.Unit, Text: c.Categorical()})
		for i, cell := range p.cells(j, groups) {
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
	return fmt.Sprintf("%s in %s", wording.Plural(p.N, "customer"), wording.Plural(len(p.Segments), "segment"))
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

// cells say what is typical of column j in every group.
func (p *Profile) cells(j int, groups []*SegmentProfile) []string {
	c, cells, numbers := p.Columns[j], make([]string, len(groups)), make([]float64, len(groups))
	for i, g := range groups {
		numbers[i] = p.typical(g.Stats[j], j)
		cells[i] = sheet.Percent(numbers[i])
		if inTheMiddle(c) {
			cells[i] = middleLevel(c, g.Stats[j].Levels)
		} else if c.Categorical() {
			cells[i] = overRepresented(c, g.Stats[j].Levels, p.All[j].Levels)
		} else if p.Scale[j].Years {
			cells[i] = wording.Year(numbers[i])
		}
	}
	if c.Categorical() || p.Scale[j].YesNo || p.Scale[j].Years {
		return cells
	}
	return sheet.Numbers(numbers)
}

// Telling returns the positions of all columns, beginning with those in which the segments differ most from the whole, on
// average over customers.
func (p *Profile) Telling() []int {
	order, spread := pick.All(len(p.Columns)), make([]float64, len(p.Columns))
	for j := range p.Columns {
		for l := range p.Segments {
			g := &p.Segments[l]
			spread[j] += float64(g.Share * math.Abs(p.markerOf(g, j).Strength))
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spread[b], spread[a]) })
	return order
}

// inTheMiddle reports whether a category is shown by its middle level, as a number is by its median: answers on a scale, bands of ages.
func inTheMiddle(c table.Column) bool { return c.Ordered && len(c.Levels) > 2 }

// middleLevel is the first level that half of the customers with a value are at or below; missing where a share may not be told.
func middleLevel(c table.Column, share []float64) string {
	at := 0.0
	for l, s := range share {
		if math.IsNaN(s) {
			break
		}
		if at += s; at >= .5-1e-9 {
			return wording.Clip(c.Word(l))
		}
	}
	return sheet.Missing
}

// overRepresented reads like "Leeds 41 %": the level furthest above its share in the whole, with its share here; of the whole
// itself, the most frequent level.
func overRepresented(c table.Column, share, whole []float64) string {
	best, most := -1, math.Inf(-1)
	itself := slices.EqualFunc(share, whole, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
	for l, s := range share { // a share that may not be told is NaN, and above none
		over := s - whole[l]
		if itself {
			over = s
		}
		if s > 0 && over > most {
			best, most = l, over
		}
	}
	if best < 0 {
		return sheet.Missing
	}
	return fmt.Sprintf("%s %.0f %%", wording.Clip(c.Word(best)), 100*share[best])
}

// notes are the sentences that a reader of the sheet should know; shown are the columns in it.
func (p *Profile) notes(shown []int) []string {
	var notes []string
	say := func(format string, names []string) { // of columns
		if names != nil {
			notes = append(notes, fmt.Sprintf(format, wording.ColumnList(names)))
		}
	}
	var bases, small, byMean, yesNo, formed, tied, same, areas, descriptors []string
	category, ordered, medians := false, false, false
	for v, name := range p.ValueColumns {
		bases = append(bases, wording.InWords(name)+" "+strings.TrimSpace(sheet.Fixed(p.ValueTotals[v], 0)+" "+p.Columns[p.Index(name)].Unit))
	}
	for _, g := range p.Segments {
		if g.Small {
			small = append(small, fmt.Sprintf("%s (%d)", g.Name, g.Size))
		}
	}
	for _, j := range shown {
		c, s := p.Columns[j], p.Scale[j]
		ordered = ordered || inTheMiddle(c)
		category = category || c.Categorical() && !inTheMiddle(c)
		switch {
		case c.Categorical():
		case s.YesNo:
			yesNo = append(yesNo, c.Name)
		case s.ByMean && !math.IsNaN(s.Unit):
			byMean = append(byMean, c.Name)
		default:
			medians = true
		}
		var e Effect
		if p.Effects != nil {
			e = p.Effects[j]
		}
		switch {
		case e.Circular && slices.Contains(p.FormedBy, c.Name):
			formed = append(formed, c.Name)
		case e.Circular:
			tied = append(tied, c.Name)
		case e.SameSource:
			same = append(same, c.Name)
		case c.Area != "":
			areas = append(areas, c.Name)
		case c.Role == table.Descriptor:
			descriptors = append(descriptors, c.Name)
		}
	}
	if medians {
		notes = append(notes, "Numbers are medians, in the customers' own units.")
	}
	if ordered {
		notes = append(notes, "For a category whose levels are in order, the table shows the level in the middle: at least half of the customers are at it or below.")
	}
	if category {
		which := map[bool]string{false: "a", true: "any other"}[ordered]
		notes = append(notes, "For "+which+" category, the table shows the level furthest above its overall share, with its share in the segment.")
	}
	say("For %s, the table shows the share of customers with 1.", yesNo)
	if bases != nil {
		notes = append(notes, fmt.Sprintf("All customers together: %s.", sheet.List(bases)))
	}
	if small != nil {
		notes = append(notes, fmt.Sprintf("Medians are uncertain where there are fewer than %d customers: %s.", SmallSegment, sheet.List(small)))
	}
	if byMean != nil {
		notes = append(notes, fmt.Sprintf("Half of all customers or more share one value of %s: means are shown.", wording.ColumnList(byMean)))
	}
	if len(formed) < len(p.FormedBy) {
		say("Of the columns shown, %s took part in forming the segments, which differ there by construction.", formed)
	} else {
		say("The segments were formed by %s, and differ there by construction.", formed)
	}
	say("They differ nearly by construction in %s: part of what formed them, or made from it.", tied)
	if same != nil {
		notes = append(notes, wording.Columns(same, "comes", "come")+" from the same records as what formed the segments.")
	}
	if descriptors != nil {
		notes = append(notes, wording.Columns(descriptors, "describes", "describe")+" the customers from outside: descriptors form segments only where a recipe names them.")
	}
	if areas != nil {
		notes = append(notes, wording.Columns(areas, "is a trait of the area where customers live", "are traits of the areas where customers live")+
			": what holds for areas need not hold for the customers in them.")
	}
	if p.Weighted {
		notes = append(notes, "Shares and medians are weighted; numbers of customers are not.")
	}
	if p.Absent > 0 {
		notes = append(notes, fmt.Sprintf("The profile leaves out %s in a segment but not in the table.", wording.Plural(p.Absent, "customer")))
	}
	if more := len(p.Columns) - len(shown); more > 0 {
		notes = append(notes, fmt.Sprintf("These are the %d columns in which the segments differ most; Frame has the other %d too.", len(shown),
			more))
	}
	return notes
}
