package chart

// Scree: how much of the spread each principal component holds, and how many are worth keeping (Cattell 1966,
// doi:10.1207/s15327906mbr0102_10).

import (
	"fmt"
	"image/color"
	"strconv"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/prep"
)

const (
	mostComponents = 20 // are drawn; the note tells of the rest
	enough         = 0.8
	screeRoom      = vg.Length(340) // for the bars, legend and axis apart
)

// Scree draws the share of the variance in each component of a fitted PCA, alone and together with the earlier ones, and
// the equal share that each would have if the columns were unrelated (Guttman 1954, doi:10.1007/BF02289162). Components
// above that share summarise more than one column. The title says how much the kept components hold or, if all were kept,
// how few hold four fifths.
func Scree(pca prep.Fitted) (*Figure, error) {
	f, ok := pca.(prep.FittedPCA)
	if !ok {
		kind := "nil"
		if pca != nil {
			kind = pca.Kind()
		}
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.Scree: the transform is %s, not a fitted PCA: pass what prep.PCA{}.Fit returns", kind)
	}
	shares := f.Share()
	c := len(shares)
	if c == 0 || len(f.Loadings) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Scree: the PCA has no component")
	}
	together, sum := make([]float64, c), 0.0
	for i, v := range shares {
		sum += v
		together[i] = min(sum, 1)
	}
	told := min(len(f.Loadings), c)
	if told == c {
		for told = 1; together[told-1] < enough && told < c; told++ {
		}
	}
	fig := &Figure{Title: screeTitle(told, c, together[told-1])}
	fig.describe("Bars of each component's share of the variance, with a line of their sum.")
	shown := min(c, mostComponents)
	var bars rects
	var sums plotter.XYs
	names, numbered := make([]string, shown), make([]string, shown)
	var widest vg.Length
	for i := range shown {
		x := float64(i + 1)
		bars = append(bars, rect{x - 0.35, x + 0.35, 0, shares[i], screeColor(i < told), nil})
		sums = append(sums, plotter.XY{X: x, Y: together[i]})
		names[i] = strconv.Itoa(i + 1)
		numbered[i] = names[i] + "\n" + share(shares[i])
		widest = max(widest, sans(small).Width(share(shares[i])))
		fig.describe("Component %d: %s, together %s.", i+1, share(shares[i]), share(together[i]))
	}
	if widest+4 < screeRoom/vg.Length(shown) { // there is room for the numbers
		names = numbered
	}
	marked := plotter.XY{X: float64(told), Y: together[told-1]}
	said := label{x: marked.X, y: marked.Y, text: share(marked.Y), style: aligned(bold(small), draw.XRight, draw.YBottom), dx: -2, dy: 6, halo: true}

	p := newPlot("component", "share of the variance")
	p.Y.Tick.Marker, p.X.Tick.Marker = ticks{percent: true}, named(append([]string{""}, names...))
	all := line(sums, 2, ink)
	even := line(plotter.XYs{{X: 0.4, Y: 1 / float64(c)}, {X: float64(shown) + 0.6, Y: 1 / float64(c)}}, 1, soft, 3, 2)
	p.Add(grid(false, true), bars, even, all, dots(sums, 2.5, ink, draw.CircleGlyph{}))
	if told <= shown {
		p.Add(dots(plotter.XYs{marked}, 4.5, vermillion, diamond), labels{said})
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0.4, float64(shown)+0.6, 0, 1.08
	p.Legend.Add("alone", swatch{blue})
	p.Legend.Add("together", all)
	p.Legend.Add("even share", even)
	fig.Panels = panel(p)

	if c > 1 {
		fig.remark("Even share: 1/%d, what each would hold if all columns varied equally and were unrelated.", c)
	}
	if told < shown {
		fig.remark("Dark: the %s.", counted(told))
	}
	if c > shown {
		fig.remark("%s not drawn.", count(c-shown, "smaller component"))
	}
	if !f.Transformed && c > 1 {
		fig.remark("The columns are in their own units, so those with the largest numbers dominate the components: Standardize first.")
	}
	return fig, nil
}

func screeTitle(told, c int, held float64) string {
	switch {
	case c == 1:
		return "One column has one component, which holds all of the variance"
	case told == 1:
		return fmt.Sprintf("1 of %d components holds %s of the variance", c, share(held))
	default:
		return fmt.Sprintf("%d of %d components hold %s of the variance", told, c, share(held))
	}
}

// screeColor sets off the components that the title counts.
func screeColor(dark bool) color.Color {
	if dark {
		return blue
	}
	return sky
}

func counted(n int) string {
	if n == 1 {
		return "component that the title counts"
	}
	return fmt.Sprintf("%d components that the title counts", n)
}
