package report

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/segkit/lab/segkit/value"
)

// Forecasts of earlier reports beside what came: who looks at them learns how far to trust the next one.

// Forecast is what a report expected from each segment, if nothing was done, in the given number of days after its own day.
type Forecast struct {
	AsOf     string            `json:"as_of"` // the day of that report: 2025-09-30
	Days     int               `json:"days"`
	Segments []SegmentForecast `json:"segments"`
	All      SegmentForecast   `json:"all"` // together; its name is empty
}

// SegmentForecast is what was expected from the customers of one segment.
type SegmentForecast struct {
	Name      string  `json:"name"`
	Customers int     `json:"customers"`
	Expected  float64 `json:"expected"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Came      float64 `json:"-"` // what they actually brought; NaN while the period is running, or if nobody has looked
}

// Inside reports whether the actual money lies within the interval.
func (s SegmentForecast) Inside() bool { return s.Came >= s.Low && s.Came <= s.High }

// ForecastOf keeps a forecast of money by segment; all is the forecast for all customers together.
func ForecastOf(asOf time.Time, w *value.Worth, all value.Range) Forecast {
	out := Forecast{AsOf: asOf.Format(time.DateOnly), Days: w.Days, All: SegmentForecast{Expected: all.Mean, Low: all.Low, High: all.High, Came: math.NaN()}}
	for _, s := range w.Segments {
		out.Segments = append(out.Segments, SegmentForecast{s.Segment, s.Customers, s.Value.Mean, s.Value.Low, s.Value.High, math.NaN()})
		out.All.Customers += s.Customers
	}
	return out
}

// fromReport is the report from which on there is a ledger of forecasts: one forecast proves nothing.
const fromReport = 3

// over are the forecasts of earlier reports whose time is over, of each report the longest.
func (p *page) over() (out []Forecast) {
	for _, f := range p.c.Forecasts {
		if math.IsNaN(f.All.Came) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].AsOf == f.AsOf {
			if f.Days > out[n-1].Days {
				out[n-1] = f
			}
			continue
		}
		out = append(out, f)
	}
	return out
}

// reports counts the reports that made forecasts, this one included.
func (p *page) reports() int {
	var days []string
	for _, f := range p.c.Forecasts {
		if !slices.Contains(days, f.AsOf) {
			days = append(days, f.AsOf)
		}
	}
	return len(days)
}

// forecasts is the ledger, from the third report on.
func (p *page) forecasts() markup {
	if p.reports() < fromReport {
		return ""
	}
	over := p.over()
	if over == nil {
		return put("<section id=\"forecasts\"><h2>%s</h2>\n%s</section>\n", p.ForecastsTitle, paragraphs("lead", p.ForecastsRunning))
	}
	inside, of := 0, 0
	d := &picture{about: p.ForecastsPicture, table: p.forecastTable()}
	var labels []string
	var values, low, high []float64
	for _, f := range over {
		for _, s := range f.Segments {
			if of++; s.Inside() {
				inside++
			}
		}
		labels = append(labels, fmt.Sprintf(p.ForecastLabel, p.day(f.AsOf), p.count(f.Days)))
		share := func(v float64) float64 { return v/f.All.Expected - 1 }
		values, low, high = append(values, share(f.All.Came)), append(low, share(f.All.Low)), append(high, share(f.All.High))
	}
	d.title = fmt.Sprintf(p.ForecastsHeld, p.count(inside), p.count(of), p.percent(float64(inside)/float64(of), 0))
	d.table.Title = d.title
	p.intervals(d, p.AsExpected, labels, values, low, high, func(v float64) string { return p.signed(v, p.percent(v, 0)) }, func(int) string { return "s0" })
	return put("<section id=\"forecasts\"><h2>%s</h2>\n%s%s</section>\n", p.ForecastsTitle, paragraphs("lead", p.ForecastsAbout), p.show(d))
}

// forecastTable has a row per forecast and segment, and one for all together.
func (p *page) forecastTable() Table {
	t := Table{Name: "forecasts", Title: p.ForecastsTitle, Columns: []Column{{p.ReportHead, "", Date}, {p.DaysHead, "", Whole}, {p.SegmentHead, "", Text}, {p.CustomersHead, "", Whole},
		{p.ForecastHead, p.unit(), Money}, {p.AheadLow, p.unit(), Money}, {p.AheadHigh, p.unit(), Money}, {p.CameHead, p.unit(), Money}, {p.HeldHead, "", Text}}}
	for _, f := range p.over() {
		day, _ := time.Parse(time.DateOnly, f.AsOf)
		for _, s := range append(slices.Clone(f.Segments), f.All) {
			name, held := s.Name, p.No
			if name == "" {
				name = p.All
			}
			if s.Inside() {
				held = p.Yes
			}
			t.Rows = append(t.Rows, []any{day, f.Days, name, s.Customers, s.Expected, s.Low, s.High, s.Came, held})
		}
	}
	return t
}

// day writes a day of a record as people do.
func (p *page) day(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return p.date(t)
}
