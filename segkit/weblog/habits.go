package weblog

// Habits: at which hour of which day of the week visits begin.

import (
	"fmt"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Habits says how many visits begin in each hour of the week.
type Habits struct {
	Visits [7][24]int // by day of the week, Monday first, and hour
	Orders [7][24]int // visits in which something was bought
}

var _ sheet.Sheeter = (*Habits)(nil)

var weekdays = [7]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// Habits counts visits up to the day asOf by the hour of the week in which they begin; a zero asOf is 90 days before the last day.
func (c *Cleaned) Habits(asOf time.Time) (*Habits, error) {
	if c == nil {
		return nil, fault.Nil("weblog.Cleaned.Habits", "visits")
	}
	spec, err := c.Spec(asOf)
	if err != nil {
		return nil, err
	}
	return recall(c.Visits, "habits", spec.text(), func(v *view) (*Habits, error) {
		if !v.timed {
			return nil, fault.Errorf(fault.ErrMissingColumn, "segkit: weblog.Cleaned.Habits: the file does not say at what time of day visits took place")
		}
		m, err := c.maker(v, spec)
		if err != nil {
			return nil, err
		}
		h := new(Habits)
		m.visits(func(s visit) bool {
			weekday, hour := weekdayOf(s.day()), int(s.start-int64(s.day())*secondsPerDay)/3600
			h.Visits[weekday][hour]++
			if v.ordered && v.buysIn(s) {
				h.Orders[weekday][hour]++
			}
			return true
		})
		return h, nil
	})
}

// Says returns the finding in a sentence: the busiest hour of the week, and its share of all visits.
func (h *Habits) Says() string {
	day, hour, all, weekend := 0, 0, 0, 0
	for d := range h.Visits {
		for t, n := range h.Visits[d] {
			all += n
			if d > 4 {
				weekend += n
			}
			if n > h.Visits[day][hour] {
				day, hour = d, t
			}
		}
	}
	if all == 0 {
		return "No visits"
	}
	return fmt.Sprintf("Busiest hour: %s, %d to %d, when %s of visits begin; %s of all begin on a weekend, which has %s of the days", weekdays[day], hour, hour+1, sheet.Percent(share(h.Visits[day][hour], all)), sheet.Percent(share(weekend, all)), sheet.Percent(2./7))
}

// Sheet shows a row for each hour and a column for each day of the week.
func (h *Habits) Sheet() sheet.Sheet {
	s := sheet.Sheet{Whole: true, Caption: h.Says(), Columns: []sheet.Column{{Name: "hour", Text: true}}}
	for _, day := range weekdays {
		s.Columns = append(s.Columns, sheet.Column{Name: day})
	}
	for hour := range 24 {
		row := []string{fmt.Sprintf("%02d:00", hour)}
		for day := range weekdays {
			row = append(row, sheet.Count(h.Visits[day][hour]))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// Frame returns the counts as a gota frame, one row for each hour of the week.
func (h *Habits) Frame() table.Frame {
	type cell struct{ day, hour int }
	var all []cell
	for day := range weekdays {
		for hour := range 24 {
			all = append(all, cell{day, hour})
		}
	}
	return frame.New(
		frame.Each("weekday", all, func(c cell) string { return weekdays[c.day] }),
		frame.Each("hour", all, func(c cell) int { return c.hour }),
		frame.Each("visits", all, func(c cell) int { return h.Visits[c.day][c.hour] }),
		frame.Each("orders", all, func(c cell) int { return h.Orders[c.day][c.hour] }))
}

// Grid returns a row for each day of the week with the visits of each hour, for chart.Week.
func (h *Habits) Grid() (days, hours []string, visits [][]float64) {
	for hour := range 24 {
		hours = append(hours, fmt.Sprint(hour))
	}
	for day, name := range weekdays {
		row := make([]float64, 24)
		for hour, n := range h.Visits[day] {
			row[hour] = float64(n)
		}
		days, visits = append(days, name), append(visits, row)
	}
	return days, hours, visits
}
