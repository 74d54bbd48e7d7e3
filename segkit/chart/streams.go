package chart

// Streams: customers who move from the segments of one column to those of the next, as an alluvial diagram (Rosvall & Bergstrom
// 2010, doi:10.1371/journal.pone.0008694).

import (
	"image/color"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// flow is columns of nodes at x = 0, 1, …, each as high as its share of all, and the streams between neighbouring columns.
type flow struct {
	columns [][]node
	streams [][]stream // between column i and i + 1
	names   bool       // texts stand outside of two columns, else on the right of every node
}

type node struct {
	size   float64 // share of all
	fill   color.Color
	text   string
	beside string // set behind the text, which is then bold
}

type stream struct {
	from, to int
	size     float64 // share of all
	fill     color.Color
	edge     color.Color // nil for none
}

var (
	_ plot.DataRanger = flow{}
	_ plot.GlyphBoxer = flow{}
)

const (
	nodeWidth = vg.Length(11)
	nodeGaps  = 0.25 // of the height, in the column of most nodes
	leastSeen = 0.005
)

func (f flow) DataRange() (xmin, xmax, ymin, ymax float64) {
	return 0, float64(len(f.columns) - 1), 0, 1
}

// GlyphBoxes asks for the room of nodes and texts at the outer columns.
func (f flow) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	var boxes []plot.GlyphBox
	for _, side := range []int{0, len(f.columns) - 1} {
		left, right := vg.Length(0), vg.Length(0)
		for _, n := range f.columns[side] {
			width := n.width() + 5
			if f.names && side == 0 {
				left = max(left, width)
			} else {
				right = max(right, width)
			}
		}
		boxes = append(boxes, plot.GlyphBox{X: p.X.Norm(float64(side)), Y: 0.5,
			Rectangle: vg.Rectangle{Min: vg.Point{X: -nodeWidth/2 - left}, Max: vg.Point{X: nodeWidth/2 + right}}})
	}
	return boxes
}

// style returns how the node's text is set.
func (n node) style() text.Style {
	if n.beside == "" {
		return sans(small)
	}
	return bold(small)
}

const wordSpace = vg.Length(3)

func (n node) width() vg.Length {
	width := n.style().Width(n.text)
	if n.beside != "" {
		width += wordSpace + sans(small).Width(n.beside)
	}
	return width
}

// write sets the node's texts beside it, on a white patch where they lie on streams.
func (n node) write(c draw.Canvas, at vg.Point, patch bool) {
	style := aligned(n.style(), draw.XLeft, draw.YCenter)
	if patch {
		c.SetColor(color.NRGBA{0xFF, 0xFF, 0xFF, 0xC0})
		c.Fill(around(at.Add(vg.Point{X: n.width() / 2}), n.width()/2+1, 5.5).Path())
	}
	at.Y += drop
	c.FillText(style, at, n.text)
	if n.beside != "" {
		at.X += style.Width(n.text) + wordSpace
		c.FillText(aligned(sans(small), draw.XLeft, draw.YCenter), at, n.beside)
	}
}

// span is where a node stands, from bottom to top.
type span struct{ low, high float64 }

func (s span) middle() float64 { return (s.low + s.high) / 2 }

// order returns the nodes of every column from the top: as given in the first, then by where their customers come from, so that
// few streams cross.
func (f flow) order() [][]int {
	out := make([][]int, len(f.columns))
	var height []float64 // of the middle of every node of the column before, from the top
	for c, nodes := range f.columns {
		order, from := make([]int, len(nodes)), make([]float64, len(nodes))
		for i := range order {
			order[i] = i
		}
		if c > 0 {
			for i, n := range nodes {
				from[i] = math.Inf(1) // no customer comes: at the bottom
				if n.size > 0 {
					from[i] = 0
				}
			}
			for _, s := range f.streams[c-1] {
				from[s.to] += height[s.from] * s.size / nodes[s.to].size
			}
			sort.SliceStable(order, func(a, b int) bool { return steady(from[order[a]]) < steady(from[order[b]]) })
		}
		out[c], height = order, make([]float64, len(nodes))
		above := 0.0
		for _, i := range order {
			height[i] = above + nodes[i].size/2
			above += nodes[i].size
		}
	}
	return out
}

// spans returns where every node stands; the columns are centred.
func (f flow) spans(order [][]int) [][]span {
	gaps, between := f.gaps()
	out := make([][]span, len(f.columns))
	for c, nodes := range f.columns {
		out[c] = make([]span, len(nodes))
		top := 1 - (gaps-between*float64(len(nodes)-1))/2
		for _, i := range order[c] {
			height := nodes[i].size * (1 - gaps)
			out[c][i] = span{top - height, top}
			top -= height + between
		}
	}
	return out
}

// gaps returns what part of the height is left free in all, and between two nodes.
func (f flow) gaps() (all, between float64) {
	most := 1
	for _, nodes := range f.columns {
		most = max(most, len(nodes))
	}
	if most == 1 {
		return 0, 0
	}
	return nodeGaps, nodeGaps / float64(most-1)
}

// step is how far apart the texts of a column stand at least.
func (f flow) step(column int) vg.Length {
	texts := make([]string, len(f.columns[column]))
	for i, n := range f.columns[column] {
		texts[i] = n.text
	}
	return tallest(texts) + 2
}

// height is what two columns need for their texts; each node has at least so much.
func (f flow) height(node vg.Length) vg.Length {
	all := 2.4 * vg.Inch
	for column, nodes := range f.columns {
		all = max(all, vg.Length(len(nodes))*max(node, f.step(column)+3)+20)
	}
	return all
}

func (f flow) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	order := f.order()
	spans := f.spans(order)
	for column, streams := range f.streams {
		f.plotStreams(c, tx(float64(column))+nodeWidth/2, tx(float64(column+1))-nodeWidth/2, ty, streams,
			order[column], order[column+1], spans[column], spans[column+1])
	}
	for column, nodes := range f.columns {
		x := tx(float64(column))
		var home []vg.Length
		var said []int
		for _, i := range order[column] {
			at := spans[column][i]
			bar := vg.Rectangle{Min: vg.Point{X: x - nodeWidth/2, Y: ty(at.low)}, Max: vg.Point{X: x + nodeWidth/2, Y: ty(at.high)}}
			c.SetColor(nodes[i].fill)
			c.Fill(bar.Path())
			c.StrokeLines(draw.LineStyle{Color: soft, Width: vg.Points(0.75)}, append(corners(bar), bar.Min))
			if nodes[i].text != "" {
				home, said = append(home, ty(at.middle())), append(said, i)
			}
		}
		slices.Reverse(home) // from below
		slices.Reverse(said)
		step := f.step(column)
		for t, y := range spaced(home, step, c.Min.Y+step/2, c.Max.Y-step/2) {
			n := nodes[said[t]]
			if f.names && column == 0 {
				c.FillText(aligned(n.style(), draw.XRight, draw.YCenter), vg.Point{X: x - nodeWidth/2 - 3, Y: y + drop}, n.text)
			} else {
				n.write(c, vg.Point{X: x + nodeWidth/2 + 3, Y: y}, !f.names)
			}
		}
	}
}

// plotStreams draws the streams between two columns. At a node they leave and arrive in the order of the nodes they link.
func (f flow) plotStreams(c draw.Canvas, x0, x1 vg.Length, ty func(float64) vg.Length, streams []stream, left, right []int, from, to []span) {
	rank := func(order []int, i int) int { return slices.Index(order, i) }
	sorted := slices.Clone(streams)
	sort.SliceStable(sorted, func(a, b int) bool {
		if sorted[a].from != sorted[b].from {
			return rank(left, sorted[a].from) < rank(left, sorted[b].from)
		}
		return rank(right, sorted[a].to) < rank(right, sorted[b].to)
	})
	free, _ := f.gaps()
	out, in := make([]float64, len(from)), make([]float64, len(to)) // how far each node is used, from its top
	for i := range from {
		out[i] = from[i].high
	}
	for i := range to {
		in[i] = to[i].high
	}
	for _, s := range sorted {
		height := s.size * (1 - free)
		a, b := out[s.from], in[s.to]
		out[s.from], in[s.to] = a-height, b-height
		if s.size < leastSeen {
			continue
		}
		middle := (x0 + x1) / 2
		at := func(x vg.Length, y float64) vg.Point { return vg.Point{X: x, Y: ty(y)} }
		var path vg.Path
		path.Move(at(x0, a))
		path.CubeTo(at(middle, a), at(middle, b), at(x1, b))
		path.Line(at(x1, b-height))
		path.CubeTo(at(middle, b-height), at(middle, a-height), at(x0, a-height))
		path.Close()
		c.SetColor(s.fill)
		c.Fill(path)
		if s.edge != nil {
			c.SetLineStyle(draw.LineStyle{Color: s.edge, Width: vg.Points(0.75)})
			c.Stroke(path)
		}
	}
}

// thin counts the streams that are too thin to be drawn.
func (f flow) thin() (n int) {
	for _, streams := range f.streams {
		for _, s := range streams {
			if s.size < leastSeen {
				n++
			}
		}
	}
	return n
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

// spaced moves the places (rising) as little as it can so that neighbours are at least step apart, between low and high: the
// closest such places by least squares, which pooling neighbours finds.
func spaced(home []vg.Length, step, low, high vg.Length) []vg.Length {
	type block struct {
		sum vg.Length
		n   int
	}
	mean := func(b block) vg.Length { return b.sum / vg.Length(b.n) }
	var blocks []block
	for i, y := range home {
		blocks = append(blocks, block{y - vg.Length(i)*step, 1})
		for n := len(blocks); n > 1 && mean(blocks[n-2]) > mean(blocks[n-1]); n-- {
			blocks[n-2] = block{blocks[n-2].sum + blocks[n-1].sum, blocks[n-2].n + blocks[n-1].n}
			blocks = blocks[:n-1]
		}
	}
	var out []vg.Length
	for _, b := range blocks {
		at := max(low, min(mean(b), high-vg.Length(len(home)-1)*step))
		for range b.n {
			out = append(out, at+vg.Length(len(out))*step)
		}
	}
	return out
}

// veil is grey that shows what lies below.
var veil = color.NRGBA{0x66, 0x66, 0x66, 0x58}
