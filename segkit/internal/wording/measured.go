package wording

import (
	"slices"
	"strings"
)

// Measured is a number, or what is said of one, with its unit behind it as a sentence has it: "12 days", "at least 1 day", "below 10 o'clock" of an hour
// of the day.
func Measured(number, unit string) string {
	switch {
	case unit == "":
		return number
	case unit == "hour of day":
		unit = "o'clock"
	case endsInOne(number) && slices.Contains(plurals, unit):
		unit = strings.TrimSuffix(unit, "s")
	}
	return number + " " + unit
}

// plurals are units of which there can be one. All others stay as the user spells them.
var plurals = []string{"seconds", "minutes", "hours", "days", "weeks", "months", "years", "orders", "units", "items", "pieces", "products", "visits", "pages", "customers",
	"members", "lines", "points"}

// endsInOne reports whether a unit behind the number is singular: behind "1" and "at least 1", but not "0 to 1" and "between 0 and 1".
func endsInOne(number string) bool {
	words := strings.Fields(number)
	n := len(words)
	return n > 0 && words[n-1] == "1" && (n == 1 || words[n-2] != "to" && words[n-2] != "and")
}
