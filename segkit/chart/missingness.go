package chart

// Missingness: which columns have holes, and how large.

import (
	"fmt"
	"sort"

	"gonum.org/v1/plot/vg"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Missingness draws the share of customers without a value, per column, largest first (at most 24; the note mentions the rest). Complete
// columns are named in the note, or drawn if all are complete. Rows with FrequencyWeights count as often as they repeat, rows with
// SamplingWeights once, because the gaps are in the file.
func Missingness(t *table.Table) (*Figure, error) {
	if t == nil {
		return nil, fault.Nil("chart.Missingness", "table")
	}
	rows, d := t.Dims()
	n, of := allCustomers(t), customersOf(t)
	if n == 0 || d == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Missingness: the table has %s and %s", count(n, "customer"), count(d, "column"))
	}
	type hole struct {
		name    string
		missing int
	}
	holes, complete := make([]hole, d), 0
	for j, c := range t.Columns() {
		holes[j].name = clean(c.Name)
		for i := range rows {
			if !finite(t.At(i, j)) {
				holes[j].missing += of(i)
			}
		}
		if holes[j].missing == 0 {
			complete++
		}
	}
	sort.SliceStable(holes, func(a, b int) bool { return holes[a].missing > holes[b].missing })
	worst := holes[0]
	fig := &Figure{}
	fig.describe("Bars of the share of missing values per column.")
	switch {
	case complete == d:
		fig.Title = fmt.Sprintf("No value is missing: %s, %s", count(n, "customer"), count(d, "column"))
	case complete == 0:
		fig.Title = fmt.Sprintf("%s is missing for %s of customers; no column is complete", short(worst.name), share(float64(worst.missing)/float64(n)))
	default:
		fig.Title = fmt.Sprintf("%s is missing for %s of customers; %d of %d columns are complete",
			short(worst.name), share(float64(worst.missing)/float64(n)), complete, d)
	}
	shown := holes[:d-complete]
	if complete == d {
		shown = holes
	} else if complete > 0 {
		var names []string
		for _, h := range holes[d-complete:] {
			names = append(names, h.name)
		}
		fig.remark("Complete: %s.", sheet.List(names))
	}
	if left := len(shown) - mostBars; left > 0 {
		shown = shown[:mostBars]
		fig.remark("%s with fewer missing values not drawn.", count(left, "column"))
	}
	var bars rects
	var numbers labels
	names := make([]string, len(shown))
	for i, h := range shown {
		y, v := float64(len(shown)-1-i), float64(h.missing)/float64(n)
		names[len(shown)-1-i] = set(sans(small), h.name, 150)
		bars = append(bars, rect{0, v, y - 0.35, y + 0.35, vermillion, nil})
		said := "complete"
		if h.missing > 0 {
			said = fmt.Sprintf("%s (%s)", share(v), sheet.Count(h.missing))
			fig.describe("%s: %s missing.", h.name, said)
		}
		numbers = append(numbers, beside(v, y, said, sans(small)))
	}
	fig.describe("%d of %d columns are complete.", complete, d)
	p := newPlot("customers without a value", "")
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks{percent: true, room: 320}, named(names)
	p.Y.LineStyle.Width = 0
	p.Add(grid(true, false), bars, numbers)
	p.X.Min, p.X.Max = 0, max(bars[0].x1, 0.1)
	p.Y.Min, p.Y.Max = -0.6, float64(len(shown))-0.4
	fig.Panels = panel(p)
	fig.Height = fig.besidePanels() + vg.Length(len(shown))*roomFor(names, 18) + underRows
	return fig, nil
}
