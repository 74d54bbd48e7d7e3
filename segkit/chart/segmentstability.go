package chart

// SegmentStability: which segments come back when the customers are drawn again.

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
)

// readings are how Hennig (2007, doi:10.1016/j.csda.2006.11.025) reads the mean overlap of a segment with its best likeness in a resample.
var readings = []struct {
	from, to float64
	word     string
	fill     color.Color
}{
	{0, 0.6, "do not trust", color.White},
	{0.6, 0.75, "doubtful", color.NRGBA{0xF0, 0xF0, 0xF0, 0xFF}},
	{0.75, 0.85, "stable", color.NRGBA{0xE2, 0xE2, 0xE2, 0xFF}},
	{0.85, 1, "highly", color.NRGBA{0xD2, 0xD2, 0xD2, 0xFF}},
}

// SegmentStability draws, for every segment, a box of its overlaps (Jaccard) with the most similar segment of each resample.
// Behind it are the bands by which to read the mean: below .6 not to be trusted, from .75 stable, from .85 highly stable. A grey
// mark is the mean of the segment of the same rank in size on data without groups: the largest looks stable even there.
func SegmentStability(s *choose.Stabilities) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.SegmentStability", "stabilities")
	}
	k := len(s.Each)
	if k == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.SegmentStability: there are no segments")
	}
	p := newPlot("overlap with the most similar segment of a resample (Jaccard)", "")
	p.X.Tick.Marker = marked(0, 0.2, 0.4, 0.5, 0.6, 0.75, 0.85, 1)
	from := overlapsFrom(s)
	p.Y.LineStyle.Width = 0
	var bands rects
	var words, said labels
	for _, r := range readings {
		left := max(r.from, from)
		bands = append(bands, rect{left, r.to, -0.6, float64(k) - 0.4, r.fill, nil})
		words = append(words, label{x: (left + r.to) / 2, y: float64(k) - 0.4, text: r.word,
			style: toned(aligned(sans(small), draw.XCenter, draw.YBottom), soft), dy: 3})
	}
	p.Add(bands)
	fig := &Figure{Title: segmentStabilityTitle(s)}
	fig.describe("Overlaps per segment.")
	own, names := namesOf(s), make([]string, k)
	compared := false
	for l, of := range s.Each {
		y, name := float64(k-1-l), segment(own, l)
		names[k-1-l] = setRow(name)
		b, ok := boxOf(of.Jaccard, nil, false, 0)
		if !ok || !finite(of.Mean) {
			said = append(said, beside(1, y, "no customers", toned(sans(small), soft)))
			continue
		}
		b.addTo(p, y, 0.24, Color(l), true)
		p.Add(dots(plotter.XYs{{X: of.Mean, Y: y}}, 4, color.White, diamond), dots(plotter.XYs{{X: of.Mean, Y: y}}, 2.8, ink, diamond))
		text := fmt.Sprintf("mean %s\ndissolved in %s", sheet.Fixed(of.Mean, 2), share(of.Dissolved))
		told := fmt.Sprintf("%s, %s: mean %s, dissolved in %s, recovered in %s of resamples", name, count(of.Size, "customer"),
			sheet.Fixed(of.Mean, 2),
			share(of.Dissolved), share(of.Recovered))
		if null, ok := boxOf(of.Null, nil, false, 0); ok {
			compared = true
			p.Add(line(plotter.XYs{{X: null.low, Y: y - 0.36}, {X: null.high, Y: y - 0.36}}, 3, rest),
				dots(plotter.XYs{{X: null.median, Y: y - 0.36}}, 3, rest, square))
			told += ", without groups " + sheet.Fixed(null.median, 2)
		}
		said = append(said, beside(1, y, text, sans(small)))
		fig.describe("%s.", told)
	}
	p.Add(words, said)
	p.Y.Tick.Marker = named(names)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = from, 1, -0.6, float64(k)-0.4
	fig.Panels = panel(p)
	fig.remark("Boxes: %s of resamples; diamonds: means, to be read against the grey bands (from .6, .75 and .85). Dissolved: overlap of .5 or less in "+
		"that share of resamples.", count(s.Pairs, "pair"))
	if compared {
		fig.remark("Grey squares: the segment of the same size rank in data without groups.")
	}
	fig.Height = fig.besidePanels() + vg.Length(k)*34 + 15 + underRows // with the words above the bands
	return fig, nil
}

// overlapsFrom is where the axis begins: at .5, below which a segment is dissolved, or at the tenth below the lowest box.
func overlapsFrom(s *choose.Stabilities) float64 {
	lowest := 0.5
	for _, of := range s.Each {
		for _, values := range [][]float64{of.Jaccard, of.Null} {
			if b, ok := boxOf(values, nil, false, 0); ok {
				lowest = min(lowest, math.Floor(10*b.low)/10)
			}
		}
	}
	return max(0, lowest)
}

// segmentStabilityTitle names the segment that dissolves most often, or says that none does.
func segmentStabilityTitle(s *choose.Stabilities) string {
	names := namesOf(s)
	worst, least := -1, -1
	for l, of := range s.Each {
		if !finite(of.Mean) {
			continue
		}
		if worst < 0 || of.Dissolved > s.Each[worst].Dissolved || of.Dissolved == s.Each[worst].Dissolved && of.Mean < s.Each[worst].Mean {
			worst = l
		}
		if least < 0 || of.Mean < s.Each[least].Mean {
			least = l
		}
	}
	if worst < 0 {
		return "No segment has customers whose overlap could be measured"
	}
	of := s.Each[worst]
	switch {
	case math.Round(100*of.Dissolved) > 0:
		return fmt.Sprintf("%s dissolves in %s of resamples (mean overlap %s)", capital(called(names, worst)), share(of.Dissolved),
			sheet.Fixed(of.Mean, 2))
	case s.Each[least].Mean >= 0.75:
		return fmt.Sprintf("Every segment reappears when customers are drawn again: mean overlap at least %s", sheet.Fixed(s.Each[least].Mean, 2))
	default:
		return fmt.Sprintf("No segment dissolves, but %s reappears changed: mean overlap %s", called(names, least),
			sheet.Fixed(s.Each[least].Mean, 2))
	}
}

func namesOf(s *choose.Stabilities) []string {
	names := make([]string, len(s.Each))
	for l, of := range s.Each {
		names[l] = of.Name
	}
	return names
}
