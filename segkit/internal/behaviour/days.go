package behaviour

// Days since 1970, as order lines count them.

import (
	"fmt"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
)

// DateOf is the start of a day.
func DateOf(day int) time.Time { return time.Unix(int64(day)*24*60*60, 0).UTC() }

// DateText is a day as people and computers write it: 2025-09-30.
func DateText(day int) string { return DateOf(day).Format(time.DateOnly) }

// DayOf is the day that t names in its own place.
func DayOf(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)) // midnight: nothing is cut
}

// DaysKept is how many days before the end an unset as-of date lies.
const DaysKept = 90

// AsOf returns the day that asOf names, for lines from the day first to the day last; there are none where last lies before first. Unset, it is
// 90 days before the last.
func AsOf(op string, asOf time.Time, first, last int) (int, error) {
	refuse := func(remedy, why string, args ...any) (int, error) {
		return 0, &fault.CellError{Op: op, Why: fmt.Sprintf(why, args...), Remedy: remedy, Err: fault.ErrEmpty}
	}
	if first > last {
		return refuse("check in the ledger which rule took them", "cleaning left no order lines")
	}
	if asOf.IsZero() {
		if last-DaysKept < first {
			return refuse("give an as-of date", "without an as-of date, %d days are kept for checking, but the orders span only %s to %s", DaysKept, DateText(first), DateText(last))
		}
		return last - DaysKept, nil
	}
	day := DayOf(asOf)
	if day < first {
		return refuse(fmt.Sprintf("choose a day from %s to %s", DateText(first), DateText(last)),
			"as-of date %s is before the first order line (%s)", DateText(day), DateText(first))
	}
	return day, nil
}

// Silence says in a sentence that the lines end on the day last, so many days before the as-of date, beside the longest gap between two days with orders.
// The day may be right, after a season without orders, or the lines may simply end there: only the user knows.
func Silence(last, quiet, gap int) string {
	return fmt.Sprintf("The last order line is from %s, %s before the as-of date, %s (two days with orders lie %s apart at most). If that was not a quiet season but the end of the file, every customer seems to have been silent that much longer: choose an as-of date up to %s.",
		DateText(last), wording.Plural(quiet, "day"), DateText(last+quiet), wording.Plural(gap, "day"), DateText(last))
}

// farOff is how many days without any order set a date apart from the others.
const farOff = 180

// MainPeriod returns the stretch of days with most of the orders that has no gap longer than 180 days: what lies outside is a mistyped year, or the future.
// at says of n days, in order, when they were and how many orders they have.
func MainPeriod(n int, at func(p int) (day, orders int)) (from, to int) {
	best, start, before, sum := 0, 0, 0, 0
	for p := range n {
		day, orders := at(p)
		if p == 0 || day-before > farOff {
			start, sum = day, 0
		}
		if sum, before = sum+orders, day; sum > best {
			best, from, to = sum, start, day
		}
	}
	return from, to
}
