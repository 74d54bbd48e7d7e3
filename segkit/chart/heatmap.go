package chart

// Heatmap: a table of index numbers, as market research reads segments.

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/sheet"
)

// Heatmap draws a column per segment and a row per number, or level of a category, as indexes: 100 is the mean, or the share, of all
// customers, 200 twice as much. If twice as much is meaningless (values below 0), a cell has the difference in robust standard
// deviations, with its sign. Colour says the same: blue is the better side. Rows that are high in the same segments are next to each
// other; if there are more than 20, those in which segments differ most are drawn.
func Heatmap(p *describe.Profile) (*Figure, error) {
	groups, traits, left, err := drawnTraits("Heatmap", p)
	if err != nil {
		return nil, err
	}
	k, d := len(groups), len(traits)
	fig := &Figure{Title: heatmapTitle(p, traits)}
	cell := min(widestColumn, (defaultWidth-2*margin-traitNames-8)/vg.Length(k))
	fig.Width = max(4.5*vg.Inch, traitNames+cell*vg.Length(k)+2*margin+8)
	var cells rects
	var texts labels
	names := make([]string, d)
	apart, lower := false, false
	for i, t := range traits {
		y := float64(d - 1 - i)
		names[d-1-i] = t.text(traitNames - 6)
		lower = lower || t.lowerIsBetter
		for g := range groups {
			value, tone := t.cell(g)
			apart = apart || !finite(t.index[g]) && finite(t.difference[g])
			cells = append(cells, rect{float64(g) - 0.5, float64(g) + 0.5, y - 0.5, y + 0.5, tint(tone, t.lowerIsBetter), color.White})
			texts = append(texts, label{x: float64(g), y: y, text: value, style: aligned(sans(small), draw.XCenter, draw.YCenter), dy: drop})
		}
	}
	heads := make([]string, k)
	for g, of := range groups {
		heads[g] = profileName(of) + "\n" + share(of.Share)
		if of.Small {
			heads[g] += "*"
		}
		var told []string
		for _, t := range traits {
			value, _ := t.cell(g)
			told = append(told, t.name+" "+value)
		}
		fig.describe("%s, %s: %s.", profileName(of), share(of.Share), strings.Join(told, ", "))
	}
	above, tall := headings(heads, cell, float64(d)-0.5)
	fig.Alt = strings.TrimSpace("Table of indexes; all customers are 100. " + fig.Alt)
	fig.Panels = panel(gridOf(names, k, cells, texts, above))
	fig.remark("Index: the segment's mean, or its share of a level, where all customers are 100.")
	if apart {
		fig.remark("With a sign: the difference from all customers in robust standard deviations.")
	}
	if lower {
		fig.remark("Blue: higher, orange: lower; where ↓ says that lower is better, blue is lower.")
	} else {
		fig.remark("Blue: higher, orange: lower.")
	}
	for _, g := range groups {
		if g.Small {
			fig.remark("*: fewer than %d customers.", describe.SmallSegment)
			break
		}
	}
	fig.leftOut(left)
	fig.Height = fig.besidePanels() + vg.Length(d)*roomFor(names, 18) + tall + 16
	return fig, nil
}

// cell returns the number of a segment and how far it lies from the whole: 2 is twice as much, or two standard deviations.
func (t trait) cell(g int) (value string, tone float64) {
	if index := t.index[g]; finite(index) {
		return sheet.Fixed(index, 0), 2 * math.Log2(max(index, 1)/100)
	}
	return signed(t.difference[g]), t.difference[g]
}

// heatmapTitle names the cell that lies farthest from the whole.
func heatmapTitle(p *describe.Profile, traits []trait) string {
	if len(p.Segments) < 2 {
		return "A single segment, which is everyone"
	}
	names := make([]string, len(p.Segments))
	group, at, farthest := 0, 0, 0.0
	for g, s := range p.Segments {
		names[g] = s.Name
		for i, t := range traits {
			if _, tone := t.cell(g); math.Abs(tone) > farthest+1e-9 {
				group, at, farthest = g, i, math.Abs(tone)
			}
		}
	}
	if farthest == 0 {
		return "The segments do not differ in any of these columns"
	}
	value, _ := traits[at].cell(group)
	what := "index " + value + " (all customers 100)"
	if !finite(traits[at].index[group]) {
		what = value + " standard deviations"
	}
	return fmt.Sprintf("Farthest from all customers: %s of %s, %s", short(strings.TrimSuffix(traits[at].name, " ↓")), called(names, group), what)
}
