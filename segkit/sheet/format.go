package sheet

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Missing is how an absent value reads.
const Missing = "–"

// Number formats v with the digits that a reader uses: none behind the point from 100 on, two from 1, four below, and thousands
// separators: 1,234 · 114 · 12.35 · 0.0042. NaN reads as Missing.
func Number(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return Missing
	case math.IsInf(v, 0):
		return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), "Inf", "∞", 1)
	case v == math.Trunc(v) && a < 1e15:
		return Fixed(v, 0)
	case a >= 100:
		return Fixed(v, 0)
	case a >= 1:
		return Fixed(v, 2)
	case a >= 0.001:
		return minus(strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 4, 64), "0"), "."))
	default:
		return minus(strconv.FormatFloat(v, 'g', 3, 64))
	}
}

// minus sets the sign of a negative number as Fixed does.
func minus(s string) string {
	if strings.HasPrefix(s, "-") {
		return "−" + s[1:]
	}
	return s
}

// Numbers formats the values of one column alike, with as many decimals as Number gives its largest value, and no more than its values
// have. A value that would read as zero is formatted alone.
func Numbers(values []float64) []string {
	largest := 0.0
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			largest = max(largest, math.Abs(v))
		}
	}
	decimals := 4
	switch {
	case largest >= 100:
		decimals = 0
	case largest >= 1:
		decimals = 2
	}
	for decimals > 0 && !slices.ContainsFunc(values, func(v float64) bool { return !strings.HasSuffix(Fixed(v, decimals), "0") && !math.IsNaN(v-v) }) {
		decimals--
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = Fixed(v, decimals)
		if math.IsInf(v, 0) || v != 0 && math.Abs(v) < 0.5*math.Pow10(-decimals) {
			out[i] = Number(v)
		}
	}
	return out
}

// Fixed formats v with the given number of decimals and thousands separators.
func Fixed(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Number(v)
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if strings.Trim(whole, "0.,") == "" { // -0.00
		sign = ""
	}
	return sign + whole
}

// Count formats a whole number with thousands separators.
func Count(n int) string { return Fixed(float64(n), 0) }

// Percent formats a share of 1 as "18.2 %".
func Percent(share float64) string {
	if math.IsNaN(share) {
		return Missing
	}
	return Fixed(100*share, 1) + " %"
}

// List joins names as a sentence does: "a, b and c".
func List(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}
