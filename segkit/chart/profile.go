package chart

// Profile: what is typical of each segment, as a heat map with the numbers in it.

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// mostColumns fit side by side; where there are more, those are drawn in which the segments differ most.
const mostColumns = 8

// Profile draws a row per segment and a column per number. A cell has the segment's median, below it the difference from
// all customers in robust standard deviations, and colour says the same. Blue is the better side: high, or low if lower
// is better. Categories appear only in the profile's table.
func Profile(p *describe.Profile) (*Figure, error) {
	if p == nil {
		return nil, fault.Nil("chart.Profile", "profile")
	}
	rows := p.Segments
	if p.Noise != nil {
		rows = append(slices.Clone(rows), *p.Noise)
	}
	if len(rows) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Profile: the profile has no segment")
	}
	columns, left := telling(p)
	if len(columns) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Profile: the profile has no numeric column")
	}
	k, d := len(rows), len(columns)
	fig := &Figure{Width: max(5*vg.Inch, min(max(defaultWidth, besideColumns+vg.Length(d)*leastColumn), besideColumns+vg.Length(d)*widestColumn))}
	room := (fig.Width-besideColumns)/vg.Length(d) - 4 // for a heading
	var cells rects
	var texts labels
	names, heads := make([]string, k+1), make([]string, d)
	write := func(x, y float64, value, below string) {
		texts = append(texts, label{x: x, y: y, text: value, style: aligned(sans(small), draw.XCenter, draw.YBottom), dy: 1})
		texts = append(texts, label{x: x, y: y, text: below, style: aligned(bold(small), draw.XCenter, draw.YTop), dy: 1})
	}
	lower, byMean := false, false
	for x, j := range columns {
		c := p.Columns[j]
		head := clean(c.Name)
		if c.LowerIsBetter {
			head, lower = head+" ↓", true
		}
		unit := clean(c.Unit)
		if p.Scale[j].ByMean && !p.Scale[j].YesNo {
			byMean = true
			unit = "mean"
			if c.Unit != "" {
				unit = clean(c.Unit) + ", mean"
			}
		}
		if unit != "" {
			unit = "\n" + set(bold(small), unit, room)
		}
		heads[x] = set(bold(small), head, room) + unit
		texts = append(texts, label{x: float64(x), y: float64(k) + 0.5, text: heads[x],
			style: aligned(bold(small), draw.XCenter, draw.YBottom), dy: 4})
		for i, s := range rows {
			y := float64(k - i)
			st := s.Stats[j]
			cells = append(cells, rect{float64(x) - 0.5, float64(x) + 0.5, y - 0.5, y + 0.5, tint(st.Difference, c.LowerIsBetter), color.White})
			write(float64(x), y, shown(p, j, st, ""), signed(st.Difference))
		}
		cells = append(cells, rect{float64(x) - 0.5, float64(x) + 0.5, -0.5, 0.5, color.White, nil})
		texts = append(texts, label{x: float64(x), y: 0, text: shown(p, j, p.All[j], ""), style: aligned(sans(small), draw.XCenter, draw.YCenter), dy: drop})
	}
	what := "medians"
	if byMean {
		what = "medians, and means where a column says so,"
	}
	fig.describe("Table of %s per segment, with the distance from all customers.", what)
	names[0] = "all customers\n" + sheet.Count(p.N)
	for i, s := range rows {
		name := profileName(s)
		size := fmt.Sprintf("%s (%s)", share(s.Share), sheet.Count(s.Size))
		if s.Small {
			size += ", small"
		}
		names[k-i] = setRow(name) + "\n" + size
		var said []string
		for _, j := range columns {
			value := shown(p, j, s.Stats[j], p.Columns[j].Unit)
			if p.Scale[j].ByMean && !p.Scale[j].YesNo {
				value += " on average"
			}
			said = append(said, fmt.Sprintf("%s %s (%s)", clean(p.Columns[j].Name), value, signed(s.Stats[j].Difference)))
		}
		fig.describe("%s, %s: %s.", name, size, strings.Join(said, ", "))
	}
	fig.Panels = panel(gridOf(names, d, cells, texts))

	fig.remark("Medians; below them, and as colour, the distance from all customers in robust standard deviations (IQR / 1.349).")
	if lower {
		fig.remark("Blue: higher, orange: lower; where ↓ says that lower is better, blue is lower.")
	} else {
		fig.remark("Blue: higher, orange: lower.")
	}
	if byMean {
		fig.remark("Columns marked mean have equal quartiles, so means are compared, in standard deviations; for yes and no, shares.")
	}
	if len(left) > 0 {
		fig.remark("Not drawn: %s.", sheet.List(left))
	}
	fig.Title = profileTitle(p, columns)
	fig.Height = fig.besidePanels() + vg.Length(k+1)*roomFor(names, rowHeight) + roomFor(heads, 36) + 10
	return fig, nil
}

const (
	besideColumns = vg.Length(165) // names of the segments, margins
	leastColumn   = vg.Length(56)  // a heading of ten letters fits
	widestColumn  = vg.Length(96)
	rowHeight     = vg.Length(38)
)

// profileTitle names the column in which the segments lie farthest apart, with the medians at its ends.
func profileTitle(p *describe.Profile, columns []int) string {
	if len(p.Segments) < 2 {
		return "A single segment, which is everyone"
	}
	best, widest := -1, 0.0
	for _, j := range columns {
		if low, high := ends(p, j); high-low > widest {
			best, widest = j, high-low
		}
	}
	if best < 0 {
		return "The segments do not differ in any of these columns"
	}
	low, high, word := math.Inf(1), math.Inf(-1), "medians"
	for _, s := range p.Segments {
		v := s.Stats[best].Median
		if p.Scale[best].ByMean {
			v, word = s.Stats[best].Mean, "means"
		}
		if finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	c := p.Columns[best]
	return fmt.Sprintf("Segments differ most in %s: %s from %s to %s", short(clean(c.Name)), word, sheet.Number(low), amount(high, c.Unit))
}

// ends returns the lowest and the highest difference of any segment in column j.
func ends(p *describe.Profile, j int) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, s := range p.Segments {
		if v := s.Stats[j].Difference; finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// telling returns the numeric columns to draw, in their order, and the names of those left out.
func telling(p *describe.Profile) (columns []int, left []string) {
	for _, j := range p.Telling() {
		if p.Columns[j].Categorical() || len(columns) == mostColumns {
			left = append(left, short(clean(p.Columns[j].Name)))
		} else {
			columns = append(columns, j)
		}
	}
	slices.Sort(columns)
	return columns, left
}

// shown is the typical value of column j in the table's cells and in its alt text: the median, where quartiles are equal the
// mean, of yes and no the share.
func shown(p *describe.Profile, j int, s table.Stats, unit string) string {
	switch {
	case p.Scale[j].YesNo:
		return share(s.Mean)
	case p.Scale[j].ByMean:
		return amount(s.Mean, unit)
	}
	return amount(s.Median, unit)
}
