package condition

import (
	"math"
	"strconv"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/wording"
)

// DaysSince is the function that counts days: days_since(last_order, "2024-03-31") is how many days before that day the last
// order was, and negative where it came later. The day stands in quotes, since 2024-03-31 is a subtraction, or it is another
// column of dates. A third argument says how the dates are written where they do not show it, as ReadOrders' DateLayout does.
const DaysSince = "days_since"

const daysSinceForm = `days_since needs a column of dates and a day, as in days_since(last_order, "2024-03-31")`

func (c *Compiler) daysSince(n *formula.Node) (Term, error) {
	if len(n.Args) != 2 && len(n.Args) != 3 {
		return Term{}, c.errorAt(n, fault.ErrSchema, "%s", daysSinceForm)
	}
	layout := ""
	if len(n.Args) == 3 {
		if layout = n.Args[2].Name; n.Args[2].Kind != formula.Text {
			return Term{}, c.errorAt(n.Args[2], fault.ErrSchema, `the layout must be in quotes, as in days_since(last_order, "2024-03-31", "2/1/2006")`)
		}
		if _, err := cell.ParseLayouts(layout); err != nil {
			return Term{}, c.errorAt(n.Args[2], fault.ErrSchema, "%v", err)
		}
	}
	from, err := c.days(n.Args[0], layout)
	if err != nil {
		return Term{}, err
	}
	if n.Args[1].Kind == formula.Text {
		day, ok := (&cell.DateReading{Layouts: isoDay}).Parse([]byte(n.Args[1].Name))
		if !ok {
			return Term{}, c.errorAt(n.Args[1], fault.ErrSchema, "the day %q must be written like 2024-03-31", wording.Clip(n.Args[1].Name))
		}
		return Term{Eval: func(row []float64) float64 { return float64(day/86400) - from(row) }}, nil
	}
	if n.Args[1].Kind == formula.Binary {
		return Term{}, c.errorAt(n.Args[1], fault.ErrSchema, `the day must be in quotes, as in days_since(last_order, "2024-03-31"): without them it is a subtraction`)
	}
	to, err := c.days(n.Args[1], layout)
	return Term{Eval: func(row []float64) float64 { return to(row) - from(row) }}, err
}

var isoDay, _ = cell.ParseLayouts("2006-01-02")

// days gives the day of a customer's date, counted from 1970, missing where the date is.
func (c *Compiler) days(n *formula.Node, layout string) (func(row []float64) float64, error) {
	t, err := c.Term(n)
	if err != nil {
		return nil, err
	}
	refuse := func(format string, args ...any) (func(row []float64) float64, error) {
		return nil, c.errorAt(n, fault.ErrSchema, format, args...)
	}
	dates := &cell.Dates{Zone: cell.AsWritten}
	if layout != "" {
		dates.Layouts, _ = cell.ParseLayouts(layout)
	}
	switch {
	case t.Kind == Number && t.Column.Name != "" && layout != "": // 43831 or 20240331
		read := cell.DateReading{Layouts: dates.Layouts}
		return func(row []float64) float64 {
			seconds, ok := read.Parse(strconv.AppendFloat(nil, t.Eval(row), 'f', -1, 64))
			if !ok {
				return math.NaN()
			}
			return dayOf(seconds)
		}, nil
	case t.Kind == Number && t.Column.Name != "":
		return refuse(`the column %q holds numbers: if they are dates, say how they are written in a third argument, "excel" for the days of a spreadsheet, "unix" for seconds since 1970 or "20060102"`, t.Column.Name)
	case t.Kind != Category || t.Column.Name == "":
		return refuse("%s", daysSinceForm)
	}
	for i, level := range t.Column.Levels {
		dates.Add([]byte(level), i)
	}
	words := cell.Words{Row: "level", Layout: "the third argument of days_since"}
	if q := dates.Question(words); q != nil {
		if q.Kind == cell.Unreadable && dates.Count() > 0 {
			q.Remedy = "mend the cell, or list it among the cells that are missing when the file is read (CSVOptions.Missing), if it means that the day is not known"
		}
		return refuse("%q %s: %s", q.Cell, q.Why, q.Remedy)
	}
	if zones := dates.Zones(); len(zones) > 1 { // one clock counts the days of all, or none does
		return refuse("%q has a different zone from other dates of the column %q: write all of them in one zone", zones[1].Cell, t.Column.Name)
	}
	days := make([]float64, len(t.Column.Levels))
	read := dates.Readings()[0]
	for i, level := range t.Column.Levels {
		seconds, ok := read.Parse([]byte(level))
		if !ok {
			return refuse("%q in the column %q is not a date", wording.Clip(level), t.Column.Name)
		}
		days[i] = dayOf(seconds)
	}
	return func(row []float64) float64 {
		if v := t.Eval(row); !math.IsNaN(v) {
			return days[int(v)]
		}
		return math.NaN()
	}, nil
}

func dayOf(seconds int64) float64 { return math.Floor(float64(seconds) / 86400) }

// AreDates reports whether these levels are dates that can be read.
func AreDates(levels []string) bool {
	dates := &cell.Dates{Zone: cell.AsWritten}
	for i, level := range levels {
		dates.Add([]byte(level), i)
	}
	return dates.Count() > 0 && dates.Bad().Count == 0
}
