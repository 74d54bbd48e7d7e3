package chart

// Over time: shares of segments, and drift of columns, from date to date.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/track"
)

// dated puts dates at 0, 1, 2, … of an axis, as many as have room.
func dated(dates []time.Time, most int) plot.Ticker {
	every := (len(dates) + most - 1) / most
	var marks plot.ConstantTicks
	for t := 0; t < len(dates); t += every {
		marks = append(marks, plot.Tick{Value: float64(t), Label: dates[t].Format("2006-01")})
	}
	return marks
}

// Shares draws the share of customers in each segment over the dates of a history. The title names the segments that grew and shrank most
// from the first date to the last.
func Shares(h *track.History) (*Figure, error) {
	if h == nil {
		return nil, fault.Nil("chart.Shares", "history")
	}
	if len(h.Dates) < 2 {
		return nil, fmt.Errorf("segkit: chart.Shares: the history has %s: at least two are needed: %w", count(len(h.Dates), "date"), fault.ErrEmpty)
	}
	shares, last := h.Shares(), len(h.Dates)-1
	p := newPlot("", "share of customers")
	p.Y.Tick.Marker, p.X.Tick.Marker = ticks{percent: true}, dated(h.Dates, 8)
	p.Add(grid(false, true))
	fig := &Figure{}
	fig.describe("Lines of the share of customers in each segment over %s.", count(len(h.Dates), "date"))
	up, down := 0, 0
	change := func(l int) float64 { return shares[last][l] - shares[0][l] }
	order := make([]int, len(h.Names))
	for l := range h.Names {
		order[l] = l
		var points plotter.XYs
		for t := range shares {
			points = append(points, plotter.XY{X: float64(t), Y: shares[t][l]})
		}
		c := Color(l)
		p.Add(line(points, 2, c), dots(points, 3, c, Shape(l)))
		fig.describe("%s: from %s to %s.", clean(h.Names[l]), share(shares[0][l]), share(shares[last][l]))
		if change(l) > change(up) {
			up = l
		}
		if change(l) < change(down) {
			down = l
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(math.Copysign(1, shares[last][b]-shares[last][a])) })
	for _, l := range order {
		p.Legend.Add(setInLegend(clean(h.Names[l])), dots(nil, 3, Color(l), Shape(l)))
	}
	p.Y.Min = 0
	fig.Panels = panel(p)
	said := func(l int) string {
		return fmt.Sprintf("%s from %s to %s", called(h.Names, l), share(shares[0][l]), share(shares[last][l]))
	}
	switch {
	case up == down:
		fig.Title = "No segment's share changes"
	default:
		fig.Title = fmt.Sprintf("%s of customers; %s", capital(said(up)), said(down))
	}
	fig.remark("From %s (%s) to %s (%s). The shares add up to everyone in a segment: where one grows, others shrink without having changed.", h.Dates[0].Format(time.DateOnly), count(h.Tables[0].Len(), "customer"),
		h.Dates[last].Format(time.DateOnly), count(h.Tables[last].Len(), "customer"))
	return fig, nil
}

// DriftLines draws the population stability index of each column over several comparisons (t, such as the same reference with each of the dates), above the band
// within which chance stays; the dashed line is the size from which a drift counts. The title names what has drifted at the last of them, apart from seasons.
func DriftLines(dates []time.Time, drifts []*track.Drift) (*Figure, error) {
	const op = "DriftLines"
	switch {
	case len(drifts) == 0 || len(dates) != len(drifts):
		return nil, fmt.Errorf("segkit: chart.%s: %s for %s: give a date for each: %w", op, count(len(dates), "date"), count(len(drifts), "comparison"), fault.ErrSchema)
	case slices.Contains(drifts, nil):
		return nil, fault.Nil("chart."+op, "drift")
	}
	last := drifts[len(drifts)-1]
	fig := &Figure{}
	fig.describe("Lines of the population stability index over %s, a panel for each column.", count(len(dates), "date"))
	const across = 3
	var panels []*plot.Plot
	var heads []string
	highest := last.Options.Size
	for _, d := range drifts {
		for _, c := range d.Columns {
			highest = max(highest, c.PSI, c.Limit)
		}
	}
	for _, column := range last.Columns {
		var psi, low, limit, drifted, season plotter.XYs
		for t, d := range drifts {
			at := slices.IndexFunc(d.Columns, func(c track.ColumnDrift) bool { return c.Column == column.Column })
			if at < 0 {
				return nil, fmt.Errorf("segkit: chart.%s: the comparison of %s has no column %s: compare the same columns: %w", op, dates[t].Format(time.DateOnly), clean(column.Column), fault.ErrSchema)
			}
			c := d.Columns[at]
			point := plotter.XY{X: float64(t), Y: c.PSI}
			psi, low, limit = append(psi, point), append(low, plotter.XY{X: point.X}), append(limit, plotter.XY{X: point.X, Y: c.Limit})
			switch {
			case c.Season:
				season = append(season, point)
			case c.Drifted:
				drifted = append(drifted, point)
			}
		}
		p := newPlot("", "")
		p.Title.Text = set(bold(small), clean(column.Column), 150)
		p.X.Tick.Marker = dated(dates, 3)
		p.Add(grid(false, true), ribbon(low, limit))
		if size := last.Options.Size; size > 0 {
			p.Add(line(plotter.XYs{{X: 0, Y: size}, {X: float64(max(len(dates)-1, 1)), Y: size}}, 0.75, soft, 3, 2))
		}
		p.Add(line(psi, 2, blue), dots(psi, 2.5, blue, draw.CircleGlyph{}), dots(season, 4.5, sky, square), dots(drifted, 4.5, vermillion, diamond))
		p.Y.Min, p.Y.Max = 0, 1.08*highest
		p.X.Min, p.X.Max = -0.2, float64(max(len(dates)-1, 1))+0.2
		panels, heads = append(panels, p), append(heads, p.Title.Text)
		fig.describe("%s: %s to %s, most recently %s.", clean(column.Column), sheet.Fixed(minimum(psi), 2), sheet.Fixed(maximum(psi), 2), sheet.Fixed(column.PSI, 2))
	}
	for len(panels)%across != 0 && len(panels) > across {
		panels = append(panels, nil)
	}
	for row := range slices.Chunk(panels, across) {
		fig.Panels = append(fig.Panels, row)
	}
	fig.Panels[0][0].Y.Label.Text = "PSI"
	var moved, seasons []string
	for _, c := range last.Columns {
		switch {
		case c.Season:
			seasons = append(seasons, clean(c.Column))
		case c.Drifted:
			moved = append(moved, clean(c.Column))
		}
	}
	fig.Title = "No column has drifted by " + dates[len(dates)-1].Format(time.DateOnly)
	if moved != nil {
		fig.Title = fmt.Sprintf("Drifted by %s: %s", dates[len(dates)-1].Format(time.DateOnly), some(moved, "column"))
	}
	if seasons != nil {
		fig.Title += "; only seasonally: " + some(seasons, "column")
	}
	fig.remark("Population stability index. Grey: the range of chance alone. Dashed: from %s on it counts. Diamonds: drifted, that is, above both; squares: seasonal.", sheet.Number(last.Options.Size))
	fig.Height = fig.besidePanels() + vg.Length(len(fig.Panels))*(135+roomFor(heads, 15)) + 20
	return fig, nil
}

func minimum(points plotter.XYs) float64 {
	_, _, low, _ := plotter.XYRange(points)
	return low
}

func maximum(points plotter.XYs) float64 {
	_, _, _, high := plotter.XYRange(points)
	return high
}

// Life draws for each segment the share of stays that continue after 1, 2, … dates, as steps with their 95 % bands. The title says where stays are
// shortest and longest, by the number of dates after which half have ended.
func Life(l *track.Life) (*Figure, error) {
	if l == nil {
		return nil, fault.Nil("chart.Life", "life")
	}
	fig := &Figure{}
	fig.describe("Steps of the share of stays that go on, a panel for each segment.")
	var panels []*plot.Plot
	var heads []string
	longest := 1
	for _, s := range l.Segments {
		longest = max(longest, len(s.Survival))
	}
	for k, s := range l.Segments {
		if len(s.Survival) == 0 {
			continue
		}
		dates := make([]float64, len(s.Survival))
		for d := range dates {
			dates[d] = float64(d + 1)
		}
		steps, low, high := stepsAt(dates, s.Survival), stepsAt(dates, s.Low), stepsAt(dates, s.High)
		p := newPlot("", "")
		p.Title.Text = set(bold(small), clean(s.Segment), 150)
		p.Y.Tick.Marker, p.X.Tick.Marker = ticks{percent: true}, ticks{most: 5, whole: true}
		p.Add(grid(false, true), ribbon(low, high), line(steps, 2, Color(k)))
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, float64(longest), 0, 1.02
		panels, heads = append(panels, p), append(heads, p.Title.Text)
		end := len(s.Survival) - 1
		fig.describe("%s, %s: %s go on at the next date, %s after %d.", clean(s.Segment), count(s.Stays, "stay"), share(s.Survival[0]), share(s.Survival[end]), end+1)
	}
	if panels == nil {
		return nil, fmt.Errorf("segkit: chart.Life: no stay that began within the history was followed to another date: %w", fault.ErrEmpty)
	}
	const across = 3
	for len(panels)%across != 0 && len(panels) > across {
		panels = append(panels, nil)
	}
	for row := range slices.Chunk(panels, across) {
		fig.Panels = append(fig.Panels, row)
	}
	fig.Panels[0][0].Y.Label.Text = "stays that go on"
	fig.Panels[len(fig.Panels)-1][0].X.Label.Text = "dates later"
	fig.Title = lifeTitle(l)
	fig.remark("Kaplan-Meier, with 95 %% intervals in grey: a stay that is still going on does not count as ended.")
	if l.LeftOut > 0 {
		fig.remark("%s that began before the first date %s left out.", count(l.LeftOut, "stay"), are(l.LeftOut))
	}
	fig.Height = fig.besidePanels() + vg.Length(len(fig.Panels))*(145+roomFor(heads, 15)) + 20
	return fig, nil
}

// lifeTitle compares the segments by the dates after which half of their stays have ended.
func lifeTitle(l *track.Life) string {
	var followed, ended []track.Stay // the latter with a median
	for _, s := range l.Segments {
		if len(s.Survival) > 0 {
			followed = append(followed, s)
			if finite(s.Median) {
				ended = append(ended, s)
			}
		}
	}
	in := func(s track.Stay) string { return called([]string{s.Segment}, 0) }
	after := func(s track.Stay) string { return count(int(s.Median), "date") }
	byMedian := func(a, b track.Stay) int { return cmp.Compare(a.Median, b.Median) }
	var title string
	switch left := len(followed) - len(ended); {
	case len(ended) == 0 && left == 1:
		return fmt.Sprintf("Fewer than half of the stays in %s ended within the history", in(followed[0]))
	case len(ended) == 0:
		return fmt.Sprintf("In none of %s did half of the stays end within the history", count(left, "segment"))
	case len(ended) == 1:
		title = fmt.Sprintf("In %s, half of the stays ended within %s", in(ended[0]), after(ended[0]))
	default:
		shortest, most := slices.MinFunc(ended, byMedian), slices.MaxFunc(ended, byMedian)
		if shortest.Median == most.Median {
			title = fmt.Sprintf("In each of %s, half of the stays ended within %s", count(len(ended), "segment"), after(most))
			break
		}
		title = fmt.Sprintf("Stays are shortest in %s, where half ended within %s", in(shortest), after(shortest))
		if left == 0 {
			return fmt.Sprintf("%s, and longest in %s, with %s", title, in(most), after(most))
		}
	}
	switch left := len(followed) - len(ended); {
	case left == 1:
		title += "; in one other segment, fewer than half ended"
	case left > 1:
		title += fmt.Sprintf("; in %s, fewer than half ended", count(left, "other segment"))
	}
	return title
}
