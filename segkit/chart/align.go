package chart

// Alignment of panels: data areas of equal size, one above the other and side by side.

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// align returns the canvas of every panel (rows x cols, nil ones left out), such that all data areas are of one size. It does what
// plot.Align does, which measures the room for labels on tiles of equal width and fails where names fill such a tile.
func align(panels [][]*plot.Plot, cols int, c draw.Canvas) [][]draw.Canvas {
	rows := len(panels)
	left, right, bottom, top := make([]vg.Length, cols), make([]vg.Length, cols), make([]vg.Length, rows), make([]vg.Length, rows)
	width, height := c.Size().X, c.Size().Y // of a data area
	for range 2 {                           // first as if it had the whole page, then near its own size
		l, r, b, t := make([]vg.Length, cols), make([]vg.Length, cols), make([]vg.Length, rows), make([]vg.Length, rows)
		for i, row := range panels {
			for j, p := range row {
				if p == nil {
					continue
				}
				on := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
					Max: vg.Point{X: min(c.Size().X, left[j]+width+right[j]), Y: min(c.Size().Y, bottom[i]+height+top[i])}}}
				data := p.DataCanvas(on)
				l[j], r[j] = max(l[j], data.Min.X), max(r[j], on.Max.X-data.Max.X)
				b[i], t[i] = max(b[i], data.Min.Y), max(t[i], on.Max.Y-data.Max.Y)
			}
		}
		left, right, bottom, top = l, r, b, t
		width = (c.Size().X - sum(left) - sum(right) - gap*vg.Length(cols-1)) / vg.Length(cols)
		height = (c.Size().Y - sum(bottom) - sum(top) - gap*vg.Length(rows-1)) / vg.Length(rows)
	}
	out := make([][]draw.Canvas, rows)
	y := c.Max.Y
	for i, row := range panels {
		out[i] = make([]draw.Canvas, cols)
		x := c.Min.X
		for j, p := range row {
			area := vg.Rectangle{Min: vg.Point{X: x + left[j], Y: y - top[i] - height}, Max: vg.Point{X: x + left[j] + width, Y: y - top[i]}}
			at := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: area.Min.Sub(vg.Point{X: left[j], Y: bottom[i]}), Max: area.Max.Add(vg.Point{X: right[j], Y: top[i]})}}
			if p != nil {
				data := p.DataCanvas(at)
				at.Min, at.Max = at.Min.Add(area.Min.Sub(data.Min)), at.Max.Add(area.Max.Sub(data.Max))
			}
			out[i][j] = at
			x = area.Max.X + right[j] + gap
		}
		y -= top[i] + height + bottom[i] + gap
	}
	return out
}

func sum(lengths []vg.Length) (all vg.Length) {
	for _, l := range lengths {
		all += l
	}
	return all
}
