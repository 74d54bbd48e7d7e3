package chart

// Sizes: how many customers each segment has, and what it brings.

import (
	"fmt"

	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Sizes draws each segment's share of the customers of t next to its share of the sum of the value column. Customers are joined by id. The
// value "" draws only customers. Missing values are left out of the sum and counted in the note; a column whose sum is not above 0 has no
// shares: ErrUndefined. Shares and sums are weighted; the numbers beside them are customers, which are counted by rows with
// SamplingWeights.
func Sizes(s *table.Segments, t *table.Table, value string) (*Figure, error) {
	parts, err := partsOf(s, t, value)
	if err != nil {
		return nil, err
	}
	k := len(parts.groups)
	fig := &Figure{Title: parts.title(s)}
	p := newPlot("share of the whole", "")
	names := make([]string, k)
	var bars rects
	var texts labels
	for g, l := range parts.groups {
		y, name := float64(k-1-g), segment(s.Names, l)
		names[k-1-g] = setRow(name)
		size := parts.customers[g]
		said := fmt.Sprintf("%s (%s)", share(size), sheet.Count(parts.counts[g]))
		if parts.value == nil {
			bars = append(bars, rect{0, size, y - 0.35, y + 0.35, Color(l), outline(l)})
			texts = append(texts, beside(size, y, said, sans(small)))
			fig.describe("%s: %s of customers.", name, said)
			continue
		}
		v := parts.value[g]
		bars = append(bars, rect{0, size, y + 0.02, y + 0.36, band, nil}, rect{0, v, y - 0.36, y - 0.02, Color(l), outline(l)})
		texts = append(texts, beside(size, y+0.19, said, toned(sans(small), soft)), beside(max(v, 0), y-0.19, share(v), bold(small)))
		fig.describe("%s: %s of customers, %s of %s.", name, said, share(v), parts.name)
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{percent: true, room: 260}, named(names)
	p.Y.LineStyle.Width = 0
	p.Add(grid(true, false), bars, texts)
	p.Y.Min, p.Y.Max = -0.6, float64(k)-0.4
	fig.Panels = panel(p)
	each := vg.Length(26)
	if parts.value != nil {
		each = 30
		p.Legend.Add("customers", swatch{band})
		p.Legend.Add(setInLegend(parts.name), swatches(parts.groups))
		fig.remark("%s. %s in all: %s.", count(allCustomers(t), "customer"), capital(parts.name), amount(parts.total, parts.unit))
		if parts.missing > 0 {
			fig.remark("%s without a value.", count(parts.missing, "customer"))
		}
	}
	fig.Height = fig.besidePanels() + vg.Length(k)*roomFor(names, each) + underRows
	return fig, nil
}

// parts are the shares of segments in customers and in a value.
type parts struct {
	groups     []int     // (g) labels, noise last
	counts     []int     // (g) customers
	customers  []float64 // (g) share of them, or of their weight
	value      []float64 // (g) share of the value column; nil without one
	name, unit string    // of the value column
	total      float64   // its sum
	missing    int       // customers without a value
}

func partsOf(s *table.Segments, t *table.Table, value string) (*parts, error) {
	labels, err := s.LabelsFor("chart.Sizes", t)
	if err != nil {
		return nil, err
	}
	if t.Len() == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Sizes: the table has no customers")
	}
	p := &parts{groups: groupsOf(s, labels)}
	p.counts, p.customers = make([]int, len(p.groups)), make([]float64, len(p.groups))
	weight := func(int) float64 { return 1 }
	if w := t.Weights(); w != nil {
		weight = func(i int) float64 { return w[i] }
	}
	var people float64
	of := customersOf(t)
	for i, l := range labels {
		g := place(p.groups, l)
		p.counts[g] += of(i)
		p.customers[g] += weight(i)
		people += weight(i)
	}
	for g := range p.customers {
		p.customers[g] /= people
	}
	if value == "" {
		return p, nil
	}

	c, _, _, missing, err := numbers("Sizes", t, value)
	if err != nil {
		return nil, err
	}
	all, err := t.Values(value)
	if err != nil {
		return nil, err
	}
	p.name, p.unit, p.missing, p.value = short(clean(c.Name)), c.Unit, missing, make([]float64, len(p.groups))
	for i, v := range all {
		if finite(v) {
			p.value[place(p.groups, labels[i])] += v * weight(i)
			p.total += v * weight(i)
		}
	}
	if !(p.total > 0) || !finite(p.total) {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.Sizes: column %q sums to %s, and only a positive sum can be divided into shares", value, sheet.Number(p.total))
	}
	for g := range p.value {
		p.value[g] /= p.total
	}
	return p, nil
}

// title names the segment that brings most per customer, or the largest where only customers are counted.
func (p *parts) title(s *table.Segments) string {
	best := 0
	for g, l := range p.groups {
		if l < 0 {
			continue
		}
		ahead := p.customers[g] > p.customers[best]
		if p.value != nil && p.customers[best] > 0 { // an empty segment brings nothing per customer
			ahead = p.value[g]*p.customers[best] > p.value[best]*p.customers[g]
		}
		if ahead {
			best = g
		}
	}
	name := quote(segment(s.Names, p.groups[best]))
	if p.value == nil && s.K() == 1 {
		return fmt.Sprintf("%s is the only segment: %s of customers", name, share(p.customers[best]))
	}
	if p.value == nil {
		return fmt.Sprintf("%s is the largest of %s: %s of customers", name, count(s.K(), "segment"), share(p.customers[best]))
	}
	return fmt.Sprintf("%s: %s of customers bring %s of %s", name, share(p.customers[best]), share(p.value[best]), p.name)
}
