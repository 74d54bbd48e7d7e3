package chart

// Sizes: how many customers each segment has, and what it brings.

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/sheet"
)

// Sizes draws each segment's share of the customers of t beside its share of the sum of the value column. Customers are
// joined by id. A value of "" draws customers alone. Missing values are left out of the sum and counted in the note; a
// column that does not sum to more than 0 has no shares: ErrUndefined.
func Sizes(s *segkit.Segments, t *segkit.Table, value string) (*Figure, error) {
	labelsOf, err := s.LabelsOf(t)
	if err != nil {
		return nil, err
	}
	if t.Len() == 0 {
		return nil, fmt.Errorf("segkit: chart.Sizes: the table has no customers: %w", segkit.ErrEmpty)
	}
	groups := groupsOf(s, labelsOf)
	weights := t.Weights()
	var people float64
	sizes := make([]float64, len(groups))
	counts := make([]int, len(groups))
	for i, l := range labelsOf {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		g := place(groups, l)
		sizes[g] += w
		counts[g]++
		people += w
	}
	fig := &Figure{}
	var worth []float64
	var total float64
	var column segkit.Column
	if value != "" {
		c, _, _, missing, err := numbers("Sizes", t, value)
		if err != nil {
			return nil, err
		}
		column, worth = c, make([]float64, len(groups))
		all, err := t.Values(value)
		if err != nil {
			return nil, err
		}
		for i, v := range all {
			if !finite(v) {
				continue
			}
			if weights != nil {
				v *= weights[i]
			}
			worth[place(groups, labelsOf[i])] += v
			total += v
		}
		if !(total > 0) || !finite(total) {
			return nil, fmt.Errorf("segkit: chart.Sizes: column %q sums to %s, and only a positive sum can be shared out: %w", value, sheet.Number(total), segkit.ErrUndefined)
		}
		fig.remark("%s, %s of %s in all.", count(t.Len(), "customer"), amount(total, c.Unit), short(clean(c.Name)))
		if missing > 0 {
			fig.remark("%s without a value.", count(missing, "customer"))
		}
	}

	k := len(groups)
	names := make([]string, k)
	var bars rects
	var texts labels
	farthest, lowest := 0.0, 0.0
	for g, l := range groups {
		y := float64(k - 1 - g)
		name := segment(s.Names, l)
		names[k-1-g] = wrap(sans(small), name, 130, 2)
		size := sizes[g] / people
		farthest = max(farthest, size)
		said := fmt.Sprintf("%s (%s)", share(size), sheet.Count(counts[g]))
		if worth == nil {
			bars = append(bars, rect{0, size, y - 0.35, y + 0.35, Color(l), outline(l)})
			texts = append(texts, beside(size, y, said, sans(small)))
			fig.describe("%s: %s of customers.", name, said)
			continue
		}
		v := worth[g] / total
		farthest, lowest = max(farthest, v), min(lowest, v)
		bars = append(bars, rect{0, size, y + 0.02, y + 0.36, band, nil}, rect{0, v, y - 0.36, y - 0.02, Color(l), outline(l)})
		texts = append(texts,
			beside(size, y+0.19, said, toned(sans(small), soft)),
			beside(max(v, 0), y-0.19, share(v), bold(small)))
		fig.describe("%s: %s of customers, %s of %s.", name, said, share(v), clean(column.Name))
	}
	p := newPlot("share of the whole", "")
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{percent: true, room: 260}, named(names)
	p.Y.LineStyle.Width = 0
	p.Add(grid(true, false), bars, texts)
	p.X.Min, p.X.Max = lowest, farthest
	p.Y.Min, p.Y.Max = -0.6, float64(k)-0.4
	fig.Panels = panel(p)
	fig.Height = vg.Length(k)*30 + 105
	if worth == nil {
		fig.Height = vg.Length(k)*26 + 95
		largest := 0
		for g := range groups {
			if sizes[g] > sizes[largest] {
				largest = g
			}
		}
		fig.Title = fmt.Sprintf("%s is the largest of %s: %s of customers", quote(segment(s.Names, groups[largest])), count(k, "segment"), share(sizes[largest]/people))
		return fig, nil
	}
	p.Legend.Add("customers", swatch{band})
	p.Legend.Add(clip(sans(small), clean(column.Name), 90), swatches(groups))
	best := 0
	for g, l := range groups {
		if l >= 0 && worth[g]*sizes[best] > worth[best]*sizes[g] { // value per customer, without dividing by an empty segment
			best = g
		}
	}
	fig.Title = fmt.Sprintf("%s: %s of customers bring %s of %s", quote(segment(s.Names, groups[best])),
		share(sizes[best]/people), share(worth[best]/total), short(clean(column.Name)))
	return fig, nil
}

// groupsOf lists the labels to draw: every segment, and noise last where there is any.
func groupsOf(s *segkit.Segments, labels segkit.Labels) []int {
	groups := make([]int, s.K(), s.K()+1)
	for i := range groups {
		groups[i] = i
	}
	for _, l := range labels {
		if l < 0 {
			return append(groups, segkit.Noise)
		}
	}
	return groups
}

// place returns where the label stands in groups.
func place(groups []int, label int) int {
	if label < 0 {
		return len(groups) - 1
	}
	return label
}

// outline gives pale colours an edge on the white page.
func outline(label int) color.Color {
	if Color(label) == color.Color(yellow) {
		return rest
	}
	return nil
}

// swatch is a patch of colour in a legend; swatches shows the first colours of several segments, for "the coloured bar".
type swatch struct{ fill color.Color }

func (s swatch) Thumbnail(c *draw.Canvas) {
	c.SetColor(s.fill)
	c.Fill(middle(c).Path())
}

type swatches []int

func (s swatches) Thumbnail(c *draw.Canvas) {
	r := middle(c)
	n := min(3, len(s))
	step := r.Size().X / vg.Length(n)
	for i := range n {
		part := r
		part.Min.X = r.Min.X + vg.Length(i)*step
		part.Max.X = part.Min.X + step
		c.SetColor(Color(s[i]))
		c.Fill(part.Path())
	}
}

func middle(c *draw.Canvas) vg.Rectangle {
	r := c.Rectangle
	h := r.Size().Y
	r.Min.Y, r.Max.Y = r.Min.Y+h*0.15, r.Max.Y-h*0.15
	return r
}

var _ = []plot.Thumbnailer{swatch{}, swatches{}}
