package chart

// Traits: what a profile says of its segments, one line for every number and every level of a category, ready to be drawn.

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// trait is a number, or a level of a category, in every segment of a profile.
type trait struct {
	name          string
	column, word  string // of a level: what its name is made of
	lowerIsBetter bool
	level         bool      // the values are shares
	whole         float64   // share in the whole
	share         []float64 // (g) of a level
	difference    []float64 // (g) from the whole: of a number in robust standard deviations, of a level in those of its share
	index         []float64 // (g) 100 is the whole; NaN where twice as much means nothing
	marked        []bool    // (g) it is a marker of the segment
}

// text sets the trait's name. A level that would lose its own word keeps it, below what there is room for of its column: the levels of one column
// must not look the same.
func (t trait) text(width vg.Length) string {
	said := set(sans(small), t.name, width)
	if t.word == "" || !strings.Contains(said, carry) {
		return said
	}
	level := wrap(sans(small), t.word, width, nameLines-1)
	return clip(sans(small), t.column, width) + "\n" + level + carry + t.name + carry
}

// mostTraits have room in a picture; where there are more, those are drawn in which the segments differ most.
const mostTraits = 20

// groupsIn returns the segments of a profile and, behind them, the customers in none.
func groupsIn(p *describe.Profile) []describe.SegmentProfile {
	if p.Noise == nil {
		return p.Segments
	}
	return append(slices.Clone(p.Segments), *p.Noise)
}

// traitsOf returns the traits to draw, alike ones side by side, and the names of those left out: for want of room, or because
// nothing can be compared. A category of No and Yes is one trait.
func traitsOf(p *describe.Profile) (shown []trait, left []string) {
	groups := groupsIn(p)
	var all []trait
	for j, c := range p.Columns {
		name := clean(c.Name)
		if !c.Categorical() {
			if c.LowerIsBetter {
				name += " ↓"
			}
			t := trait{name: name, lowerIsBetter: c.LowerIsBetter}
			for _, g := range groups {
				t.difference = append(t.difference, g.Stats[j].Difference)
				t.index = append(t.index, g.Stats[j].Index)
				t.marked = append(t.marked, marks(g, c, ""))
			}
			all = append(all, t)
			continue
		}
		yes := c.Yes()
		for l := range p.All[j].Levels {
			if yes >= 0 && l != yes {
				continue
			}
			t := trait{name: name, level: true, whole: p.All[j].Levels[l]}
			level := clean(c.Word(l))
			if yes < 0 {
				t.name, t.column, t.word = name+": "+level, name, level
			}
			for _, g := range groups {
				share := g.Stats[j].Levels[l]
				t.share = append(t.share, share)
				t.difference = append(t.difference, (share-t.whole)/math.Sqrt(t.whole*(1-t.whole)))
				t.index = append(t.index, 100*share/t.whole)
				t.marked = append(t.marked, marks(g, c, c.Levels[l]))
			}
			all = append(all, t)
		}
	}
	all = slices.DeleteFunc(all, func(t trait) bool {
		if slices.ContainsFunc(t.difference, finite) {
			return false
		}
		left = append(left, short(t.name))
		return true
	})
	if len(all) > mostTraits {
		order := pick.All(len(all))
		sort.SliceStable(order, func(a, b int) bool { return all[order[a]].reach() > all[order[b]].reach() })
		for _, i := range order[mostTraits:] {
			left = append(left, short(all[i].name))
		}
		order = order[:mostTraits]
		slices.Sort(order)
		for _, i := range order {
			shown = append(shown, all[i])
		}
	} else {
		shown = all
	}
	return alike(shown), left
}

// drawnTraits returns the segments and traits of a profile for a chart, and what is left out; it refuses where there is nothing to draw.
func drawnTraits(chart string, p *describe.Profile) (groups []describe.SegmentProfile, shown []trait, left []string, err error) {
	if p == nil {
		return nil, nil, nil, fault.Nil("chart."+chart, "profile")
	}
	if groups = groupsIn(p); len(groups) == 0 {
		return nil, nil, nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.%s: the profile has no segment", chart)
	}
	if shown, left = traitsOf(p); len(shown) == 0 {
		return nil, nil, nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.%s: no column differs between customers", chart)
	}
	return groups, shown, left, nil
}

// marks reports whether the column, or the level of it, is a marker of the segment. Of No and Yes either marks both.
func marks(g describe.SegmentProfile, c table.Column, level string) bool {
	return slices.ContainsFunc(g.Markers, func(m describe.Marker) bool { return m.Column == c.Name && (m.Level == level || c.Yes() >= 0) })
}

// reach is how far the segments lie apart.
func (t trait) reach() float64 {
	low, high := extent(t.difference)
	return high - low
}

// alike orders the traits so that those that are high in the same segments stand together.
func alike(traits []trait) []trait {
	names := make([]string, len(traits))
	near, _ := newPairwise(names, func(i, j int) (float64, error) {
		sum := 0.0
		for g := range traits[i].difference {
			if d := traits[i].difference[g] - traits[j].difference[g]; finite(d) {
				sum += d * d
			}
		}
		return 1 / (1 + math.Sqrt(sum)), nil
	})
	out := make([]trait, 0, len(traits))
	for _, i := range near.similar(func(v float64) float64 { return v }) {
		out = append(out, traits[i])
	}
	return out
}

// standsOut returns the group and trait farthest from the whole; ok is false where none lies apart from it.
func standsOut(traits []trait, groups int) (group, at int, ok bool) {
	farthest := 0.0
	for i, t := range traits {
		for g := range groups {
			if d := math.Abs(t.difference[g]); finite(d) && d > farthest+1e-9 {
				group, at, farthest, ok = g, i, d, true
			}
		}
	}
	return group, at, ok
}

// leftOut tells in the note what is not drawn; nobody reads a hundred names.
func (f *Figure) leftOut(names []string) {
	const most = 8
	if more := len(names) - most; more > 0 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("%d more", more))
	}
	if len(names) > 0 {
		f.remark("Not drawn: %s.", sheet.List(names))
	}
}
