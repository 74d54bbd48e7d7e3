package chart

// Triangle: a number for every pair of things, as the lower half of a heat map with the numbers in it, in an order that
// puts alike things side by side.

import (
	"image/color"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/sheet"
)

// pairwise is a symmetric number in [-1, 1] for every pair of names; NaN where it is undefined.
type pairwise struct {
	names []string
	value [][]float64 // (d x d)
}

func newPairwise(names []string, of func(i, j int) (float64, error)) (pairwise, error) {
	p := pairwise{names: names, value: make([][]float64, len(names))}
	for i := range names {
		p.value[i] = make([]float64, len(names))
		p.value[i][i] = 1
		for j := range i {
			v, err := of(i, j)
			if err != nil {
				return p, err
			}
			p.value[i][j], p.value[j][i] = v, v
		}
	}
	return p, nil
}

// pick returns the given things, in the given order.
func (p pairwise) pick(order []int) pairwise {
	out := pairwise{}
	for _, i := range order {
		row := make([]float64, len(order))
		for b, j := range order {
			row[b] = p.value[i][j]
		}
		out.names, out.value = append(out.names, p.names[i]), append(out.value, row)
	}
	return out
}

// extreme returns the pair that ranks highest, the first among equals; ok is false where no pair is defined.
func (p pairwise) extreme(rank func(v float64) float64) (i, j int, ok bool) {
	best := math.Inf(-1)
	for b := range p.names {
		for a := range b {
			if v := p.value[a][b]; finite(v) && rank(v) > best {
				best, i, j, ok = rank(v), a, b, true
			}
		}
	}
	return i, j, ok
}

// similar returns the order that average linkage (Sokal & Michener 1958) gives: the two most alike groups are joined again
// and again, each turned so that what is most alike touches, so groups of alike things stand together. likeness says how
// alike a value makes two things; undefined ones count as 0. Cost d³.
func (p pairwise) similar(likeness func(v float64) float64) []int {
	value := func(i, j int) float64 {
		if v := p.value[i][j]; finite(v) {
			return likeness(v)
		}
		return 0
	}
	mean := func(a, b []int) float64 {
		sum := 0.0
		for _, i := range a {
			for _, j := range b {
				sum += value(i, j)
			}
		}
		return sum / float64(len(a)*len(b))
	}
	turned := func(g []int) []int { g = slices.Clone(g); slices.Reverse(g); return g }

	groups := make([][]int, len(p.names))
	for i := range groups {
		groups[i] = []int{i}
	}
	for len(groups) > 1 {
		left, right, closest := 0, 1, math.Inf(-1)
		for b := range groups {
			for a := range b {
				if m := mean(groups[a], groups[b]); m > closest {
					left, right, closest = a, b, m
				}
			}
		}
		var joined []int
		touch := math.Inf(-1)
		for _, a := range [][]int{groups[left], turned(groups[left])} {
			for _, b := range [][]int{groups[right], turned(groups[right])} {
				if v := value(a[len(a)-1], b[0]); v > touch {
					joined, touch = slices.Concat(a, b), v
				}
			}
		}
		groups[left] = joined
		groups = slices.Delete(groups, right, right+1)
	}
	if len(groups) == 0 {
		return nil
	}
	if order := groups[0]; 2*slices.Index(order, 0) >= len(order) { // which end comes first is free: begin near the first
		return turned(order)
	}
	return groups[0]
}

const (
	widestCell   = vg.Length(72)
	widestName   = vg.Length(130)
	triangleRow  = vg.Length(22)
	narrowNumber = vg.Length(30) // cells below this width hold ".42" in place of "0.42"
)

// triangle draws the pairs below a diagonal of names: a name stands above its column and at the end of its row. It sets the
// panel and, by title and note, which must be there, the size.
func (p pairwise) triangle(fig *Figure) {
	d := len(p.names)
	name := make([]string, d)
	var last vg.Length
	for i := range p.names {
		name[i] = set(sans(small), p.names[i], widestName)
		last = max(last, sans(small).Width(name[i]))
	}
	last += 8
	inside := defaultWidth - 2*margin - 8
	cell := min(widestCell, (inside-last)/vg.Length(max(1, d-1)))
	fig.Width = max(5*vg.Inch, cell*vg.Length(d-1)+last+2*margin+8)
	fig.Height = roomFor(name, triangleRow)*vg.Length(d) + fig.besidePanels() + 4

	heat := newPlot("", "")
	heat.HideAxes()
	var cells rects
	var texts labels
	for i := range p.names {
		y := float64(d - 1 - i)
		for j := range i {
			v := p.value[i][j]
			cells = append(cells, rect{float64(j) - 0.5, float64(j) + 0.5, y - 0.5, y + 0.5, tint(2*v, false), color.White})
			texts = append(texts, label{x: float64(j), y: y, text: coefficient(v, cell), style: aligned(sans(small), draw.XCenter, draw.YCenter), dy: drop})
		}
		texts = append(texts, label{x: float64(i) - 0.5, y: y, text: name[i], style: aligned(sans(small), draw.XLeft, draw.YCenter), dx: 4, dy: drop})
	}
	heat.Add(cells, texts)
	heat.X.Min, heat.X.Max = -0.5, float64((fig.Width-2*margin-8)/cell)-0.5
	heat.Y.Min, heat.Y.Max = -0.5, float64(d)-0.5
	fig.Panels = [][]*plot.Plot{{heat}}
}

// mostTold pairs are told to who cannot see the picture: nobody listens to 190 numbers.
const mostTold = 15

// describe tells the strongest pairs, strongest first.
func (p pairwise) describe(fig *Figure, what string) {
	type pair struct{ i, j int }
	var pairs []pair
	for i := range p.names {
		for j := range i {
			pairs = append(pairs, pair{j, i})
		}
	}
	strength := func(a pair) float64 {
		if v := p.value[a.i][a.j]; finite(v) {
			return math.Abs(v)
		}
		return -1
	}
	sort.SliceStable(pairs, func(a, b int) bool { return strength(pairs[a]) > strength(pairs[b]) })
	fig.describe("%s of %s, strongest first:", what, count(len(pairs), "pair"))
	for _, a := range pairs[:min(mostTold, len(pairs))] {
		fig.describe("%s and %s %s.", p.names[a.i], p.names[a.j], sheet.Fixed(p.value[a.i][a.j], 2))
	}
	if weaker := len(pairs) - mostTold; weaker > 0 {
		fig.describe("%d weaker ones.", weaker)
	}
}

// coefficient writes a number in [-1, 1] with two decimals, without its leading zero where the cell is narrow.
func coefficient(v float64, width vg.Length) string {
	s := sheet.Fixed(v, 2)
	if width >= narrowNumber || !finite(v) {
		return s
	}
	if strings.HasSuffix(s, "1.00") {
		return strings.TrimSuffix(s, ".00")
	}
	return strings.Replace(s, "0.", ".", 1)
}
