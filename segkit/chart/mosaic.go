package chart

// Mosaic: how a descriptor goes with the segments (Hartigan & Kleiner 1981, doi:10.1007/978-1-4613-9464-8_37), shaded by what
// chance would not give (Friendly 1994, doi:10.1080/01621459.1994.10476460).

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

const (
	mostLevels = 8    // of a descriptor are drawn apart, the most frequent ones
	tileGap    = 0.01 // of the width and of the height
)

// residuals are how Pearson residuals are read: beyond 2 a tile is more, or less, than chance would give, beyond 4 far so.
var residuals = []residualBand{
	{4, "above 4", "++", color.NRGBA{0x6B, 0xB3, 0xE3, 0xFF}},
	{2, "2 to 4", "+", color.NRGBA{0xC4, 0xE0, 0xF4, 0xFF}},
	{-2, "−2 to 2", "", color.NRGBA{0xF4, 0xF4, 0xF4, 0xFF}},
	{-4, "−4 to −2", "−", color.NRGBA{0xF9, 0xDC, 0xBA, 0xFF}},
	{math.Inf(-1), "below −4", "−−", color.NRGBA{0xF0, 0xA3, 0x4F, 0xFF}},
}

type residualBand struct {
	above      float64
	word, sign string
	fill       color.Color
}

// Mosaic draws a column per segment, with a width in proportion to its customers, divided by the levels of a descriptor of raw. A tile is
// shaded by its Pearson residual, (observed - expected) / √expected, with what to expect if the descriptor were independent of the
// segments. Numbers are cut at their quartiles; for a category with many levels, the seven most frequent are drawn, and the others as one.
// Customers are joined by id; those without a value are left out and counted.
func Mosaic(raw *table.Table, s *table.Segments, descriptor string) (*Figure, error) {
	labelsOf, err := s.LabelsFor("chart.Mosaic", raw)
	if err != nil {
		return nil, err
	}
	levels, of, err := levelsOf(raw, descriptor)
	if err != nil {
		return nil, err
	}
	m := mosaic{groups: groupsOf(s, labelsOf), levels: levels}
	m.count(labelsOf, of, evidence(raw), customersOf(raw))
	if m.total == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Mosaic: column %q has no value", descriptor)
	}
	name := short(clean(descriptor))
	fig := &Figure{Title: m.title(s, name), Height: 4.8 * vg.Inch}
	fig.describe("Mosaic of segments by %s.", name)
	p := newPlot("", "")
	p.HideAxes()
	p.Add(m)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	p.Legend.Add("residual")
	for _, b := range residuals {
		p.Legend.Add(strings.TrimSpace(b.word+"  "+b.sign), swatch{b.fill})
	}
	p.Legend.Add("")
	for g, l := range m.groups {
		said := segment(s.Names, l)
		p.Legend.Add(setInLegend(m.number(g) + " " + said))
		var told []string
		for v, level := range levels {
			if m.columns[g] > 0 {
				told = append(told, fmt.Sprintf("%s %s (%s)", level, share(m.counts[g][v]/m.columns[g]), signed(m.residual(g, v))))
			}
		}
		if told != nil {
			fig.describe("%s, %s: %s.", said, share(m.columns[g]/m.total), strings.Join(told, ", "))
		}
	}
	fig.Panels = panel(p)
	fig.remark("Width: customers of the segment; height: share of each %s in it; signs and shades: Pearson residuals, beyond ±2 more or less than "+
		"chance would give. Levels are in the same order in all segments.", name)
	if left := allCustomers(raw) - m.known; left > 0 {
		fig.remark("%s without a value left out.", count(left, "customer"))
	}
	return fig, nil
}

// levelsOf returns the levels of a descriptor to draw, and that of every customer (n), -1 where it is missing.
func levelsOf(raw *table.Table, descriptor string) (levels []string, of []int, err error) {
	c, err := raw.Column(descriptor)
	if err != nil {
		return nil, nil, err
	}
	values, err := raw.Values(descriptor)
	if err != nil {
		return nil, nil, err
	}
	of = make([]int, len(values))
	if !c.Categorical() {
		cuts, names := quarters(values, raw.Weights(), raw.Weighting() == table.FrequencyWeights, c.Unit)
		for i, v := range values {
			of[i] = -1
			if finite(v) {
				of[i] = sort.SearchFloat64s(cuts, v)
			}
		}
		return names, of, nil
	}
	frequency := make([]int, len(c.Levels))
	for i, v := range values {
		of[i] = -1
		if finite(v) {
			of[i] = int(v)
			frequency[of[i]]++
		}
	}
	var kept []int
	for l, n := range frequency {
		if n > 0 {
			kept = append(kept, l)
		}
	}
	others := len(kept) - (mostLevels - 1)
	if len(kept) > mostLevels {
		sort.SliceStable(kept, func(a, b int) bool { return frequency[kept[a]] > frequency[kept[b]] })
		kept = kept[:mostLevels-1]
		slices.Sort(kept)
	}
	to := make([]int, len(c.Levels))
	for l := range to {
		to[l] = len(kept) // the others
	}
	for at, l := range kept {
		to[l] = at
		levels = append(levels, clean(c.Word(l)))
	}
	if len(kept) == mostLevels-1 && others > 1 {
		levels = append(levels, fmt.Sprintf("%s others", sheet.Count(others)))
	}
	for i, l := range of {
		if l >= 0 {
			of[i] = to[l]
		}
	}
	return levels, of, nil
}

// quarters returns the quartiles of numbers as cuts (a value equal to a cut lies below it) and what lies between them in words.
func quarters(values, weights []float64, repeats bool, unit string) (cuts []float64, names []string) {
	sample := quantile.Of(values, weights, repeats)
	for _, p := range []float64{0.25, 0.5, 0.75} {
		if at := sample.At(p); finite(at) && at < sample.At(1) {
			cuts = append(cuts, at)
		}
	}
	cuts = slices.Compact(cuts)
	said := make([]string, len(cuts))
	for i, c := range cuts {
		said[i] = sheet.Number(c)
	}
	if len(cuts) == 0 {
		return nil, []string{amount(sample.At(0), unit)}
	}
	names = []string{"up to " + amount(cuts[0], unit)}
	for i := 1; i < len(cuts); i++ {
		names = append(names, said[i-1]+" to "+amount(cuts[i], unit))
	}
	return cuts, append(names, "above "+amount(cuts[len(cuts)-1], unit))
}

// mosaic is a table of segments by levels, drawn as tiles.
type mosaic struct {
	groups  []int // labels, noise last
	levels  []string
	counts  [][]float64 // (g x levels) customers, or their weight
	columns []float64   // (g)
	rows    []float64   // (levels)
	total   float64
	known   int // customers with a value
}

func (m *mosaic) count(labels table.Labels, of []int, weights []float64, customers func(i int) int) {
	m.counts, m.columns, m.rows = make([][]float64, len(m.groups)), make([]float64, len(m.groups)), make([]float64, len(m.levels))
	for g := range m.counts {
		m.counts[g] = make([]float64, len(m.levels))
	}
	for i, level := range of {
		if level < 0 {
			continue
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		g := place(m.groups, labels[i])
		m.counts[g][level] += w
		m.columns[g] += w
		m.rows[level] += w
		m.total += w
		m.known += customers(i)
	}
}

// residual is Pearson's: how far a tile lies from what chance would give, in standard deviations, about.
func (m mosaic) residual(g, level int) float64 {
	expected := m.columns[g] * m.rows[level] / m.total
	if expected == 0 {
		return 0
	}
	return (m.counts[g][level] - expected) / math.Sqrt(expected)
}

func (m mosaic) number(g int) string {
	if m.groups[g] < 0 {
		return "–"
	}
	return strconv.Itoa(m.groups[g] + 1)
}

// title names the tile that is farthest above what chance would give.
func (m mosaic) title(s *table.Segments, name string) string {
	group, level, largest := -1, 0, 2.0
	for g, l := range m.groups {
		for v := range m.levels {
			if r := m.residual(g, v); l >= 0 && r > largest {
				group, level, largest = g, v, r
			}
		}
	}
	if group < 0 {
		return fmt.Sprintf("%s is hardly related to the segments: no level is over-represented in any (residuals up to 2)", capital(name))
	}
	return fmt.Sprintf("%s: “%s” is over-represented in %s, %s against %s of all customers", name, short(m.levels[level]),
		called(s.Names, m.groups[group]), share(m.counts[group][level]/m.columns[group]), share(m.rows[level]/m.total))
}

var (
	_ plot.Plotter    = mosaic{}
	_ plot.GlyphBoxer = mosaic{}
)

const levelTexts = vg.Length(110)

// GlyphBoxes asks for room for the names of levels on the left and the numbers of segments below.
func (m mosaic) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	widest := vg.Length(0)
	for _, level := range m.levels {
		widest = max(widest, sans(small).Width(set(sans(small), level, levelTexts)))
	}
	return []plot.GlyphBox{{X: 0, Y: 0, Rectangle: vg.Rectangle{Min: vg.Point{X: -widest - 14, Y: -22}}}}
}

func (m mosaic) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	used := 0
	for _, n := range m.columns {
		if n > 0 {
			used++
		}
	}
	wide, high := 1-tileGap*float64(used-1), 1-tileGap*float64(len(m.levels)-1)
	x := 0.0
	var middles []vg.Length
	var numbers []string
	first := true
	for g, n := range m.columns {
		if n == 0 {
			continue
		}
		right, y := x+wide*n/m.total, 1.0
		var heights []vg.Length
		var unsaid []int // levels whose tiles are too small for a name
		for v := range m.levels {
			low := y - high*m.counts[g][v]/n
			said := m.tile(c, vg.Rectangle{Min: vg.Point{X: tx(x), Y: ty(low)}, Max: vg.Point{X: tx(right), Y: ty(y)}}, m.residual(g, v),
				m.levels[v], share(m.counts[g][v]/n))
			if heights = append(heights, ty((low+y)/2)); !said {
				unsaid = append(unsaid, v)
			}
			y = low - tileGap
		}
		if first {
			m.names(c, tx(0), heights, unsaid)
		}
		first = false
		middles, numbers = append(middles, (tx(x)+tx(right))/2), append(numbers, m.number(g))
		x = right + tileGap
	}
	for i, at := range spaced(middles, 14, tx(0), tx(1)) {
		below := ty(0) - 12
		c.StrokeLine2(draw.LineStyle{Color: rest, Width: vg.Points(0.75)}, middles[i], ty(0)-1, at, below+2)
		c.FillText(aligned(bold(small), draw.XCenter, draw.YTop), vg.Point{X: at, Y: below}, numbers[i])
	}
}

// names sets levels beside those tiles of the first column that have no room for them.
func (m mosaic) names(c draw.Canvas, x vg.Length, home []vg.Length, unsaid []int) {
	rising := slices.Clone(home)
	slices.Reverse(rising)
	said := make([]string, len(m.levels))
	for v, level := range m.levels {
		said[v] = set(sans(small), level, levelTexts)
	}
	step := tallest(said) + 1
	at := spaced(rising, step, c.Min.Y+step/2, c.Max.Y-step/2)
	slices.Reverse(at)
	for _, v := range unsaid {
		c.StrokeLine2(draw.LineStyle{Color: rest, Width: vg.Points(0.75)}, x-1, home[v], x-8, at[v])
		c.FillText(aligned(sans(small), draw.XRight, draw.YCenter), vg.Point{X: x - 10, Y: at[v] + drop}, said[v])
	}
}

// tile is edged by a dashed line where there are fewer customers than expected. Its level and share stand in it where there is room, and
// it says whether the level does.
func (m mosaic) tile(c draw.Canvas, r vg.Rectangle, residual float64, level, part string) (said bool) {
	b := residuals[slices.IndexFunc(residuals, func(b residualBand) bool { return residual > b.above })]
	c.SetColor(b.fill)
	c.Fill(r.Path())
	edge := draw.LineStyle{Color: soft, Width: vg.Points(0.75)}
	if residual < 0 {
		edge.Dashes = []vg.Length{2, 2}
	}
	c.StrokeLines(edge, append(corners(r), r.Min))
	size := r.Size()
	if size.Y <= small {
		return false
	}
	room, middle := size.X-4, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
	style := aligned(sans(small), draw.XCenter, draw.YCenter)
	part = strings.TrimSpace(part + " " + b.sign)
	step := vg.Points(small * lineHeight)
	tiers, whole := wrapWords(style, level, room, 4)
	if !whole {
		tiers = level // too wide, as it is
	}
	for _, lines := range [][]string{{level + " " + part}, append(strings.Split(tiers, "\n"), part), {strings.TrimSpace(level + " " + b.sign)}, {part}, {b.sign}} {
		if step*vg.Length(len(lines)) > max(step, size.Y-2) || slices.ContainsFunc(lines, func(l string) bool { return style.Width(l) > room }) {
			continue
		}
		for i, line := range lines {
			c.FillText(style, vg.Point{X: middle.X, Y: middle.Y + drop + step*(vg.Length(len(lines)-1)/2-vg.Length(i))}, line)
		}
		return lines[0] != part && lines[0] != b.sign
	}
	return false
}
