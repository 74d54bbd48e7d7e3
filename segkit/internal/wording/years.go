package wording

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/sheet"
)

// ofYears are parts of names of columns that hold years.
var ofYears = []string{"year", "jahr", "jaar", "année", "annee", "año", "anno", "born", "birth", "geboren", "geburt", "cohort", "kohort", "since", "founded"}

// Years reports whether the values of a column are years: whole numbers from 1850 to 2150 that describe customers, or whose name says so.
func Years(name string, describes bool, values []float64) bool {
	small, known := strings.ToLower(name), false
	if !describes && !slices.ContainsFunc(ofYears, func(part string) bool { return strings.Contains(small, part) }) {
		return false
	}
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if known = v == math.Trunc(v) && v >= 1850 && v <= 2150; !known {
			return false
		}
	}
	return known
}

// Year writes a year, which has no mark of thousands: 1984. That of a mean is rounded.
func Year(v float64) string {
	if math.IsNaN(v) {
		return sheet.Missing
	}
	return strconv.FormatFloat(math.Round(v), 'f', 0, 64)
}
