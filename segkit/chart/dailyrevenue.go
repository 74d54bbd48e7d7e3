package chart

// DailyRevenue: money per day, and the week around each day.

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/sheet"
)

// DailySource is anything with revenue by day: features.Orders, cleaned or not.
type DailySource interface {
	Daily() []features.Day
	Currency() string
}

var _ DailySource = (*features.Orders)(nil)

const week = 7

// DailyRevenue draws revenue per day, and in bold the mean of the seven days around it, which smooths out the weekdays. A
// day without orders counts as zero.
func DailyRevenue(orders DailySource) (*Figure, error) {
	if orders == nil {
		return nil, fault.Nil("chart.DailyRevenue", "orders")
	}
	days := everyDay(orders.Daily())
	if len(days) == 0 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.DailyRevenue: there are no orders")
	}
	unit := clean(orders.Currency())
	first, last := days[0].Date, days[len(days)-1].Date
	var total float64
	daily := make(plotter.XYs, len(days))
	for i, d := range days {
		total += d.Revenue
		daily[i] = plotter.XY{X: float64(i), Y: d.Revenue}
	}
	var smooth plotter.XYs
	var sums []float64
	for i := 0; i+week <= len(days); i++ {
		var sum float64
		for _, d := range days[i : i+week] {
			sum += d.Revenue
		}
		sums = append(sums, sum)
		smooth = append(smooth, plotter.XY{X: float64(i + week/2), Y: sum / week})
	}
	label := "revenue per day"
	if unit != "" {
		label += " (" + unit + ")"
	}
	p := newPlot("", label)
	p.X.Tick.Marker = dates{first}
	p.Add(grid(true, true))
	thinLine := line(daily, 0.75, sky)
	p.Add(thinLine)
	if len(daily) == 1 { // no line to see
		p.Add(dots(daily, 3, sky, draw.CircleGlyph{}))
	}
	p.Legend.Add("day", thinLine)
	if len(smooth) > 1 {
		bold := line(smooth, 2.25, blue)
		p.Add(bold)
		p.Legend.Add("week", bold)
	}
	p.Y.Min = min(0, p.Y.Min)
	fig := &Figure{Height: 3.6 * vg.Inch, Panels: panel(p)}

	span := period(first, last)
	fig.Title = fmt.Sprintf("%s of revenue, %s", amount(total, unit), span)
	if len(sums) > 0 {
		best := 0
		for i, s := range sums {
			if s > sums[best] {
				best = i
			}
		}
		median := quantile.Of(sums, nil, false).At(0.5)
		best0, best1 := days[best].Date, days[best+week-1].Date
		fig.Title = fmt.Sprintf("Busiest week: %s, %s", period(best0, best1), amount(sums[best], unit))
		if median > 0 {
			fig.Title += fmt.Sprintf(", %s times the median week", sheet.Fixed(sums[best]/median, 1))
		}
	}
	fig.remark("%s of revenue in %s, %s.", amount(total, unit), count(len(days), "day"), span)
	if silent := closed(days); silent != "" {
		fig.remark("No orders on any %s.", silent)
	}
	if len(smooth) > 1 {
		fig.remark("Bold: mean of the seven days around each.")
	}
	fig.describe("Line of revenue per day. %s. %s", fig.Title, fig.Note)
	return fig, nil
}

// everyDay fills the days without orders with zero.
func everyDay(days []features.Day) []features.Day {
	var out []features.Day
	for _, d := range days {
		for n := len(out); n > 0 && out[n-1].Date.AddDate(0, 0, 1).Before(d.Date); n = len(out) {
			out = append(out, features.Day{Date: out[n-1].Date.AddDate(0, 0, 1)})
		}
		out = append(out, d)
	}
	return out
}

// closed names the one weekday that has no orders in at least four weeks, "" if there is none or there are several.
func closed(days []features.Day) string {
	var orders [7]int
	for _, d := range days {
		orders[d.Date.Weekday()] += d.Orders
	}
	name := ""
	for w, n := range orders {
		if n == 0 {
			if name != "" {
				return ""
			}
			name = time.Weekday(w).String()
		}
	}
	if len(days) < 4*week {
		return ""
	}
	return name
}

// period writes "10 to 16 Nov 2011", "28 Nov to 4 Dec 2011", "1 Dec 2010 to 9 Dec 2011".
func period(from, to time.Time) string {
	layout := "2 Jan 2006"
	switch {
	case from.Equal(to):
		return to.Format("2 Jan 2006")
	case from.Year() == to.Year() && from.Month() == to.Month():
		layout = "2"
	case from.Year() == to.Year():
		layout = "2 Jan"
	}
	return from.Format(layout) + " to " + to.Format("2 Jan 2006")
}

// dates marks an axis of days since the first: by day, by week, by month or by year, eight marks at most.
type dates struct{ first time.Time }

var _ plot.Ticker = dates{}

func (d dates) Ticks(min, max float64) []plot.Tick {
	const most = 8
	var out []plot.Tick
	span := max - min
	mark := func(t time.Time, layout string) {
		x := math.Round(t.Sub(d.first).Hours() / 24)
		if x >= min && x <= max {
			out = append(out, plot.Tick{Value: x, Label: t.Format(layout)})
		}
	}
	if span <= most*2*week {
		step := 1
		for _, s := range []int{1, 2, week, 2 * week} {
			if step = s; span/float64(s) <= most {
				break
			}
		}
		for i := int(math.Ceil(min/float64(step))) * step; float64(i) <= max; i += step {
			mark(d.first.AddDate(0, 0, i), "2 Jan\n2006")
		}
		return out
	}
	months := 1
	for _, m := range []int{1, 2, 3, 6, 12, 24, 60, 120} {
		if months = m; span/30.4/float64(m) <= most {
			break
		}
	}
	start := d.first.AddDate(0, 0, int(min))
	for at := time.Date(start.Year(), 1, 1, 0, 0, 0, 0, d.first.Location()); math.Round(at.Sub(d.first).Hours()/24) <= max; at = at.AddDate(0, months, 0) {
		mark(at, "Jan\n2006")
	}
	return out
}
