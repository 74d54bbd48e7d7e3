package chart

// RecencyFrequency: what customers of each pair of scores bring (the heat map of RFM: Hughes 1994, Strategic Database Marketing).

import (
	"fmt"
	"image/color"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/rfm"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// RecencyFrequency draws the mean of a column of raw for every recency score (best on the right) and frequency score (best at the top), with
// the number of customers below it; darker is more. The value "" means the column that was scored as monetary. Missing values are left out
// of means; customers of raw who were not scored are refused.
func RecencyFrequency(s *rfm.Scores, raw *table.Table, value string) (*Figure, error) {
	if s == nil {
		return nil, fault.Nil("chart.RecencyFrequency", "scores")
	}
	if raw == nil {
		return nil, fault.Nil("chart.RecencyFrequency", "table")
	}
	if value == "" {
		value = s.Columns[2].Name
	}
	c, _, _, missing, err := numbers("RecencyFrequency", raw, value)
	if err != nil {
		return nil, err
	}
	cells, err := scoreCells(s, raw, value)
	if err != nil {
		return nil, err
	}
	var means []float64
	for _, row := range cells {
		for _, of := range row {
			means = append(means, of.mean())
		}
	}
	low, high := extent(means)
	name := short(clean(c.Name))
	fig := &Figure{Title: scoresTitle(cells, name, c.Unit), Width: max(5*vg.Inch, min(defaultWidth, vg.Length(s.Bins)*84+90))}
	fig.describe("Heat map of the mean %s by scores; customers in parentheses.", name)
	p := newPlot("recency score (least to most recent order)", "frequency score (fewest to most orders)")
	var tiles rects
	var texts labels
	ticks := make([]string, s.Bins)
	for f, row := range cells {
		ticks[f] = strconv.Itoa(f + 1)
		for r, of := range row {
			x, y, fill, said := float64(r), float64(f), color.Color(color.White), ""
			if of.customers > 0 {
				fill, said = faint, sheet.Missing
				if m := of.mean(); finite(m) {
					fill, said = shades[class(m, low, high)], sheet.Number(m)
				}
				style := toned(bold(small), against(fill))
				texts = append(texts, label{x: x, y: y, text: said, style: aligned(style, draw.XCenter, draw.YBottom), dy: 1},
					label{x: x, y: y, text: sheet.Count(of.customers),
						style: toned(aligned(sans(small), draw.XCenter, draw.YTop), against(fill)), dy: 1})
				fig.describe("R %d, F %d: %s (%s).", r+1, f+1, said, sheet.Count(of.customers))
			}
			tiles = append(tiles, rect{x - 0.5, x + 0.5, y - 0.5, y + 0.5, fill, color.White})
		}
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = named(ticks), named(ticks)
	p.X.LineStyle.Width, p.Y.LineStyle.Width = 0, 0
	p.Add(tiles, texts)
	end := float64(s.Bins) - 0.5
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, end, -0.5, end
	fig.Panels = panel(p)
	fig.remark("Bold: mean %s; below it: customers. Empty: no customer has these scores.", clean(c.Label()))
	if missing > 0 {
		fig.remark("%s without a value.", count(missing, "customer"))
	}
	fig.Height = fig.besidePanels() + vg.Length(s.Bins)*34 + 40
	return fig, nil
}

// scoreCell is the customers of one pair of scores.
type scoreCell struct {
	customers int
	sum, with float64 // of the values that are known, weighted
}

// mean is not a number where nobody has a value.
func (c scoreCell) mean() float64 { return c.sum / c.with }

// scoreCells returns the cells by frequency and recency score, from 1 on (bins x bins).
func scoreCells(s *rfm.Scores, raw *table.Table, value string) ([][]scoreCell, error) {
	all, err := raw.Values(value)
	if err != nil {
		return nil, err
	}
	row := make(map[string]int, len(s.IDs))
	for i, id := range s.IDs {
		row[id] = i
	}
	cells := make([][]scoreCell, s.Bins)
	for f := range cells {
		cells[f] = make([]scoreCell, s.Bins)
	}
	weights, customers := raw.Weights(), customersOf(raw)
	for i, id := range raw.IDs() {
		at, ok := row[id]
		if !ok {
			return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.RecencyFrequency: customer %s (row %d) has no scores: score this table, or filter it to the "+
				"customers who were scored",
				id, i+1)
		}
		of := &cells[s.F[at]-1][s.R[at]-1]
		of.customers += customers(i)
		if v := all[i]; finite(v) {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			of.sum += float64(v * w)
			of.with += w
		}
	}
	return cells, nil
}

// scoresTitle sets the best cell against the worst.
func scoresTitle(cells [][]scoreCell, name, unit string) string {
	type place struct{ r, f int }
	var best, worst place
	found := false
	mean := func(p place) float64 { return cells[p.f][p.r].mean() }
	for f, row := range cells {
		for r, of := range row {
			switch at := (place{r, f}); {
			case !finite(of.mean()):
			case !found:
				best, worst, found = at, at, true
			case of.mean() > mean(best):
				best = at
			case of.mean() < mean(worst):
				worst = at
			}
		}
	}
	if best == worst {
		return fmt.Sprintf("Mean %s is %s", name, amount(mean(best), unit))
	}
	return fmt.Sprintf("Mean %s from %s (R %d, F %d) to %s (R %d, F %d)", name, sheet.Number(mean(worst)), worst.r+1, worst.f+1,
		amount(mean(best), unit), best.r+1, best.f+1)
}
