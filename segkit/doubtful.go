package segkit

import (
	"fmt"
	"math"
	"strings"

	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Columns that are not what they look like: numbers that only name something, and what tells who somebody is instead of what they are like.

const (
	fewestCodes = 10 // different numbers, below which a column may well be a scale
	shortest    = 4  // digits of a code: postcodes of small countries
)

// identifying says how column j tells who a customer is, None where it does not by itself; what was transformed is not what it was.
func identifying(raw *table.Table, j int) identify.Kind {
	if kind := identify.Column(raw.Raw().Columns[j], raw.Raw().Column(j)); kind.Tells() && !raw.Transformed() {
		return kind
	}
	return identify.None
}

// near says, in a sentence, which columns of x hold what names most people together with something else: postcodes, dates of birth; "" if none does.
func near(x *table.Table) string {
	var parts []string
	for j, c := range x.Raw().Columns {
		if kind := identify.Column(c, x.Raw().Column(j)); kind != identify.None && !kind.Tells() && !x.Transformed() && !likeCodes(c, x.Raw().Column(j)) {
			parts = append(parts, fmt.Sprintf("%s holds %s: a region or an age says as much about a segment, and less about a person.", c.Name, kind))
		}
	}
	return strings.Join(parts, " ")
}

// codes says, in a sentence, which columns of x look like codes that are clustered as if they were amounts; "" if none does.
func codes(x *table.Table) string {
	var names []string
	for j, c := range x.Raw().Columns {
		if likeCodes(c, x.Raw().Column(j)) {
			names = append(names, c.Name)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s looks like a code (whole numbers of the same length, as postcodes are), and is clustered as an amount: if it is one, "+
			"leave it out with Drop(%q), or read it with table.CSVOptions{Text: []string{%[2]q}}; if not, give it a Unit.", names[0], names[0])
	}
	return fmt.Sprintf("%s look like codes (whole numbers of the same length, as postcodes are), and are clustered as amounts: leave out what is one "+
		"with Drop, or read it as text with table.CSVOptions.Text; give the others a Unit.", sheet.List(names))
}

// likeCodes reports whether a column holds whole numbers of one length, four digits or more. Years, and amounts that are all rounded to
// tens, are no codes, and neither is what has a unit, words, or a formula.
func likeCodes(c table.Column, values []float64) bool {
	if !c.Numeric() || c.Unit != "" || c.High != "" || c.Low != "" || c.Formula != "" {
		return false
	}
	low, high, round := math.Inf(1), math.Inf(-1), true
	different := make(map[float64]bool)
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if v != math.Trunc(v) {
			return false
		}
		low, high, round = min(low, v), max(high, v), round && math.Mod(v, 10) == 0
		if len(different) < fewestCodes {
			different[v] = true
		}
	}
	years := low >= 1900 && high <= 2100
	return len(different) >= fewestCodes && !round && !years && low >= math.Pow10(shortest-1) && math.Floor(math.Log10(low)) == math.Floor(math.Log10(high))
}
