package chart

// Coverage: which sources know how many customers, alone and together.

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// Combinations is what combine.Coverage counts: the sources (m), the customers whom each knows (m), and for every combination of sources
// that occurs, which sources know these customers (each m), and how many there are, largest first.
type Combinations interface {
	Combinations() (sources []string, each []int, in [][]bool, customers []int)
}

const mostSources = 12

// Coverage draws which sources know which customers, as an UpSet plot on its side (Lex et al. 2014, doi:10.1109/TVCG.2014.2346248). It
// has a column of dots for each source, a row for each combination of sources that occurs (at most 24; the note mentions the rest), and
// a bar for the customers known to exactly these sources.
func Coverage(c Combinations) (*Figure, error) {
	if c == nil {
		return nil, fault.Nil("chart.Coverage", "coverage")
	}
	sources, each, in, customers := c.Combinations()
	m, all, whole := len(sources), 0, 0
	for h, n := range customers {
		if all += n; !slices.Contains(in[h], false) {
			whole = n
		}
	}
	switch {
	case all == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Coverage: there are no customers")
	case m > mostSources:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.Coverage: %d sources do not fit on a page: give at most %d", m, mostSources)
	}
	everywhere := "both sources"
	if m > 2 {
		everywhere = fmt.Sprintf("all %d sources", m)
	}
	fig := &Figure{Title: fmt.Sprintf("%s of %s (%s) %s in %s", sheet.Count(whole), count(all, "customer"), share(float64(whole)/float64(all)), are(whole), everywhere)}
	fig.describe("Dots and bars: how many customers each combination of sources knows.")
	shown := customers[:min(len(customers), mostBars)]
	p := newPlot("", "")
	p.HideAxes()
	p.X.Padding, p.Y.Padding = 0, vg.Points(4)
	var bars, stripes rects
	var numbers labels
	var full, empty plotter.XYs
	var links []plot.Plotter
	from, longest := float64(m)-0.3, float64(max(3, 9-m)) // of the bars, in columns of dots
	for h, n := range shown {
		y := float64(len(shown) - 1 - h)
		if h%2 == 0 {
			stripes = append(stripes, rect{-0.5, float64(m) - 0.5, y - 0.5, y + 0.5, color.NRGBA{0xF6, 0xF6, 0xF6, 0xFF}, nil})
		}
		low, high := m, -1
		var held []string
		for s := range m {
			if !in[h][s] {
				empty = append(empty, plotter.XY{X: float64(s), Y: y})
				continue
			}
			full = append(full, plotter.XY{X: float64(s), Y: y})
			low, high, held = min(low, s), s, append(held, clean(sources[s]))
		}
		if low < high {
			links = append(links, line(plotter.XYs{{X: float64(low), Y: y}, {X: float64(high), Y: y}}, 2, blue))
		}
		long := longest * float64(n) / float64(slices.Max(customers))
		bars = append(bars, rect{from, from + long, y - 0.34, y + 0.34, blue, nil})
		said := fmt.Sprintf("%s (%s)", sheet.Count(n), share(float64(n)/float64(all)))
		numbers = append(numbers, beside(from+long, y, said, sans(small)))
		fig.describe("%s: %s.", sheet.List(held), said)
	}
	if left := len(customers) - len(shown); left > 0 {
		fig.remark("%s of fewer customers not drawn.", count(left, "combination"))
	}
	names := make([]string, m)
	for s, name := range sources {
		names[s] = clean(name) + "\n" + sheet.Count(each[s])
	}
	cell := (defaultWidth - 2*margin) / vg.Length(float64(m)+longest+1.5)
	above, tall := headings(names, cell, float64(len(shown))-0.5)
	p.Add(stripes)
	p.Add(links...)
	p.Add(dots(empty, 4, band, draw.CircleGlyph{}), dots(full, 5, blue, draw.CircleGlyph{}), bars, numbers, above)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, from+longest, -0.5, float64(len(shown))-0.5
	fig.remark("Each row counts the customers who are in the sources with a blue dot and in no other. The number with a source's name counts all of its customers.")
	fig.Panels = panel(p)
	fig.Height = fig.besidePanels() + vg.Length(len(shown))*22 + tall + 16
	return fig, nil
}
