package features

// Dates: in the layout given, or in one of a short list recognised from the first line. 03/04/2025 is never guessed.

import (
	"fmt"
	"strings"
	"time"
)

// dateFormat is the layout that every date of a file has.
type dateFormat struct {
	layout string
	timed  bool
}

func newDateFormat(layout string) dateFormat {
	return dateFormat{layout, strings.Contains(layout, "15") || strings.Contains(layout, ":")}
}

// layouts are the dates that mean one thing only.
var layouts = []string{
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02", "20060102",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006",
}

// slashed are dates with slashes: day first or month first, which only a number above 12 tells.
var slashed = []string{"2/1/2006", "2/1/2006 15:04", "2/1/2006 15:04:05", "1/2/2006", "1/2/2006 15:04", "1/2/2006 15:04:05"}

// recognise finds the layout of a date. why says, as a clause, what is wrong with it, and remedy what to do.
func recognise(value string) (f dateFormat, why, remedy string) {
	for _, layout := range layouts {
		if _, err := time.Parse(layout, value); err == nil {
			return newDateFormat(layout), "", ""
		}
	}
	var fits []string
	for _, layout := range slashed {
		if _, err := time.Parse(layout, value); err == nil {
			fits = append(fits, layout)
		}
	}
	switch len(fits) {
	case 0:
		return f, "is not a date in a layout that is recognised",
			`set OrdersOptions.DateLayout to how 2 January 2006 15:04:05 would be written, such as "02-01-2006 15:04"`
	case 1:
		return newDateFormat(fits[0]), "", ""
	}
	return f, "could be day/month or month/day", fmt.Sprintf("set OrdersOptions.DateLayout to %q or %q", fits[0], fits[1])
}

// parse returns the seconds since 1970 of a date as the clock on the wall showed it: a zone is dropped.
func (f dateFormat) parse(value string) (int64, bool) {
	if f.layout == "" { // not recognised, which the caller reports
		return 0, false
	}
	t, err := time.Parse(f.layout, value)
	if err != nil {
		return 0, false
	}
	if _, offset := t.Zone(); offset != 0 {
		t = t.Add(time.Duration(offset) * time.Second)
	}
	return t.Unix(), true
}
