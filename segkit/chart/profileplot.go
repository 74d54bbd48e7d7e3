package chart

// ProfilePlot: the segment profile plot of market segmentation analysis (Dolnicar, Grün & Leisch 2018, doi:10.1007/978-981-10-8818-6, chapter 8).

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/sheet"
)

const (
	plotsAbreast = 4
	traitRow     = vg.Length(12.5)
	farthestBar  = 4.0 // standard deviations; what reaches farther is cut there, with its number
)

// ProfilePlot draws a panel per segment with a bar for every column (or every level of a category), in the segment's colour if
// it is one of the segment's markers (SegmentProfile.Markers) and pale if not, and a dot for all customers. Columns in which
// the same segments are high are next to each other. If all columns are yes or no, the bars are shares; otherwise they are
// differences from all customers, in (robust) standard deviations. If there are more than 20 columns, those in which segments
// differ most are drawn.
func ProfilePlot(p *describe.Profile) (*Figure, error) {
	groups, traits, left, err := drawnTraits("ProfilePlot", p)
	if err != nil {
		return nil, err
	}
	shares := true
	for _, t := range traits {
		shares = shares && t.level
	}
	across := min(plotsAbreast, len(groups))
	if len(groups) > plotsAbreast { // even rows
		across = (len(groups) + (len(groups)-1)/plotsAbreast) / ((len(groups)-1)/plotsAbreast + 1)
	}
	rows := (len(groups) + across - 1) / across
	fig := &Figure{}
	if across == 1 {
		fig.Width = 5 * vg.Inch
	}
	room := (fig.width()-2*margin-traitNames)/vg.Length(across) - gap
	low, high := barRange(traits, shares)
	names, heads := make([]string, len(traits)), make([]string, len(groups))
	for t, of := range traits {
		names[len(traits)-1-t] = of.text(traitNames - 6)
	}
	for i, g := range groups {
		beside := names
		if i%across > 0 {
			beside = make([]string, len(traits))
		} else {
			fig.Panels = append(fig.Panels, make([]*plot.Plot, across))
		}
		heads[i] = set(bold(small), profileName(g), room) + "\n" + share(g.Share) + smallness(g)
		fig.Panels[i/across][i%across] = traitPanel(traits, i, g, shares, beside, heads[i], low, high, room)
	}
	fig.describeTraits(traits, groups, shares)
	if shares {
		fig.remark("Bars: share of the segment; dots: of all customers.")
	} else {
		fig.remark("Bars: difference from all customers (dots), for a number in robust standard deviations of its median, for a level in those of " +
			"its share.")
		for _, t := range traits {
			if t.lowerIsBetter {
				fig.remark("↓: lower is better.")
				break
			}
		}
	}
	fig.remark("Coloured, with an edge: what sets the segment apart.")
	fig.leftOut(left)
	fig.Title = standsOutTitle(p, traits)
	fig.Height = fig.besidePanels() + vg.Length(rows)*(roomFor(names, traitRow)*vg.Length(len(traits))+roomFor(heads, 35)+27) + 10
	return fig, nil
}

// barRange returns the range of all panels.
func barRange(traits []trait, shares bool) (low, high float64) {
	if shares {
		return -0.08, 1.08
	}
	low, high = -1, 1
	for _, t := range traits {
		a, b := extent(t.difference)
		low, high = min(low, a), max(high, b)
	}
	return max(low, -farthestBar), min(high, farthestBar)
}

func traitPanel(traits []trait, i int, g describe.SegmentProfile, shares bool, names []string, heading string, low, high float64, room vg.Length) *plot.Plot {
	p := newPlot("", "")
	p.X.Tick.Marker, p.Y.LineStyle.Width = ticks{most: 5, room: room, percent: shares}, 0
	n := len(traits)
	var bars rects
	var dotted plotter.XYs
	var cut labels
	for t, of := range traits {
		y := float64(n - 1 - t)
		v, all := of.difference[i], 0.0
		if shares {
			v, all = of.share[i], of.whole
		}
		dotted = append(dotted, plotter.XY{X: all, Y: y})
		if !finite(v) {
			continue
		}
		fill, edge := color.Color(band), color.Color(nil)
		if of.marked[i] {
			fill, edge = Color(g.Label), ink
		}
		end := max(low, min(high, v))
		bars = append(bars, rect{min(0, end), max(0, end), y - 0.36, y + 0.36, fill, edge})
		if end != v {
			align, dx := draw.XRight, vg.Length(-2)
			if v < 0 {
				align, dx = draw.XLeft, 2
			}
			cut = append(cut, label{x: end, y: y, text: signed(v), style: aligned(sans(small), align, draw.YCenter), dx: dx, dy: drop, halo: true})
		}
	}
	p.Y.Tick.Marker = named(names)
	p.Add(grid(true, false), bars, dots(dotted, 2.2, ink, draw.CircleGlyph{}), cut)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = low, high, -0.6, float64(n)-0.4
	headed(p, heading)
	return p
}

// smallness warns of a segment whose figures are uncertain.
func smallness(g describe.SegmentProfile) string {
	if g.Small {
		return ", only " + sheet.Count(g.Size)
	}
	return ""
}

// describeTraits tells of every segment what marks it, or what it differs most in.
func (f *Figure) describeTraits(traits []trait, groups []describe.SegmentProfile, shares bool) {
	f.describe("A panel of bars per segment.")
	for i, g := range groups {
		var said []string
		for _, t := range traits {
			v := t.difference[i]
			if !finite(v) || !t.marked[i] && math.Abs(v) < 0.5 {
				continue
			}
			text := signed(v)
			if shares {
				text = share(t.share[i])
			}
			said = append(said, t.name+" "+text)
		}
		if said == nil {
			said = []string{"like all customers"}
		}
		f.describe("%s, %s: %s.", profileName(g), share(g.Share), strings.Join(said, ", "))
	}
}

// standsOutTitle names the segment and the trait that lie farthest from all customers.
func standsOutTitle(p *describe.Profile, traits []trait) string {
	if len(p.Segments) < 2 {
		return "A single segment, which is everyone"
	}
	g, i, ok := standsOut(traits, len(p.Segments))
	if !ok {
		return "The segments do not differ in any of these columns"
	}
	names := make([]string, len(p.Segments))
	for l, s := range p.Segments {
		names[l] = s.Name
	}
	t := traits[i]
	name := short(strings.TrimSuffix(t.name, " ↓"))
	if t.level {
		return fmt.Sprintf("%s stands out most: %s %s, against %s for all customers", capital(called(names, g)), name, share(t.share[g]), share(t.whole))
	}
	side := "above"
	if t.difference[g] < 0 {
		side = "below"
	}
	return fmt.Sprintf("%s stands out most: %s %s standard deviations %s all customers", capital(called(names, g)), name,
		sheet.Fixed(math.Abs(t.difference[g]), 1), side)
}
