package table

// What somebody would stop at in a table although every cell can be read: numbers that stand for "not known", days that are read as
// numbers, one level written in two ways, an outcome among what was known before it.

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// laterNames are columns that usually say how it ended, beside what was known before: a segment that they describe looks better than it is.
var laterNames = []string{"churn", "churned", "churn label", "churn_label", "is_churn", "is_churned", "has_churned", "attrition", "attrition_flag", "exited"}

// suspicious are sentences on a column, whose values are the cells as they were read.
func suspicious(c *Column, values []float64) string {
	if c.Role == Feature && slices.Contains(laterNames, strings.ToLower(c.Name)) {
		return fmt.Sprintf("%q may say what happened after the other columns were known. If it does, give it the role Outcome (CSVOptions.Roles), and it judges segments, but does not form them or help to recognise them.", c.Name)
	}
	if c.Categorical() {
		if note := datesAsLevels(c.Name, c.Levels); note != "" {
			return note
		}
		return suspiciousLevels(c.Name, c.Levels)
	}
	if note := codesAmong(c.Name, values); note != "" {
		return note
	}
	return daysAsNumbers(c.Name, values)
}

// keptAsCode says that a column of digits is read as text, since some cells begin with a zero, and what to do about it.
func keptAsCode(name, row string, zeros cell.Seen, otherwise string) string {
	return fmt.Sprintf("%q holds codes, since %q in %s %d begins with a zero, and is read as text. If these are amounts, %s.", name, zeros.Cell, row, zeros.Row, otherwise)
}

// How many of the lowest and of the highest different values are looked at for codes, and from how many values on.
const mostCodes, fewestValues = 3, 4

// codesAmong tells of numbers that people write for "not known", where they lie apart from all other values: −1 or −99 beside no other
// negative number, 999 beside nothing half as large.
func codesAmong(name string, values []float64) string {
	var low, high []float64 // the lowest different values, rising; the highest, falling
	n := 0
	keep := func(most []float64, v float64, before func(a, b float64) bool) []float64 {
		at := slices.IndexFunc(most, func(m float64) bool { return !before(m, v) })
		switch {
		case at < 0:
			at = len(most)
		case most[at] == v:
			return most
		}
		if at > mostCodes {
			return most
		}
		most = slices.Insert(most, at, v)
		return most[:min(len(most), mostCodes+1)]
	}
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
			low = keep(low, v, func(a, b float64) bool { return a < b })
			high = keep(high, v, func(a, b float64) bool { return a > b })
		}
	}
	if n < fewestValues {
		return ""
	}
	var codes []float64
	for len(low) > 1 && low[0] < 0 && (low[0] == -1 || nines(-low[0])) {
		codes, low = append(codes, low[0]), low[1:]
	}
	if len(low) == 0 || low[0] < 0 { // other negative values: these may be some too
		codes, low = nil, nil
	}
	if len(high) > 1 && high[0] >= 99 && nines(high[0]) && high[0] > 2*high[1] {
		codes = append(codes, high[0])
	}
	if len(codes) == 0 {
		return ""
	}
	var said, texts []string
	for _, code := range codes {
		rows := 0
		for _, v := range values {
			if v == code {
				rows++
			}
		}
		said, texts = append(said, fmt.Sprintf("%s in %s", sheet.Number(code), wording.Plural(rows, "row"))), append(texts, strconv.FormatFloat(code, 'f', -1, 64))
	}
	return fmt.Sprintf("%q holds %s, far from all its other values: if that means \"not known\", leave such cells empty, or list %s among CSVOptions.Missing if no other column uses it as a number.",
		name, sheet.List(said), quotedList(texts))
}

// nines reports whether a number is 9, 99, 999 and so on.
func nines(v float64) bool {
	return v > 0 && v < 1e15 && strings.Trim(strconv.FormatFloat(v, 'f', -1, 64), "9") == ""
}

func quotedList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = strconv.Quote(text)
	}
	return sheet.List(quoted)
}

// dayWords are parts of names of columns that hold days.
var dayWords = []string{"date", "datum", "fecha", "day", "since", "signup", "joined", "created", "updated", "first", "last", "seen", "birth", "born", "registered", "expires", "tag", "jour", "dia", "giorno"}

// daysAsNumbers tells of whole numbers that are days as spreadsheets count them, by the name of the column, or seconds since 1970.
func daysAsNumbers(name string, values []float64) string {
	least, most := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			if v != math.Trunc(v) {
				return ""
			}
			least, most = min(least, v), max(most, v)
		}
	}
	small := strings.ToLower(name)
	form := ""
	switch {
	case least >= 25569 && most < 60000 && slices.ContainsFunc(dayWords, func(w string) bool { return strings.Contains(small, w) }): // 1970 to 2064
		form = "excel"
	case least >= 631152000 && most < 2524608000: // 1990 to 2050
		form = "unix"
	case least >= 631152000e3 && most < 2524608000e3:
		form = "unix ms"
	case least >= 19500101 && most <= 20991231 && !slices.ContainsFunc(values, func(v float64) bool { // 20240305
		month, day := int(v)/100%100, int(v)%100
		return !math.IsNaN(v) && (month < 1 || month > 12 || day < 1 || day > 31)
	}):
		form = "20060102"
	default:
		return ""
	}
	layouts, err := cell.ParseLayouts(form)
	if err != nil {
		return ""
	}
	r := cell.DateReading{Layouts: layouts}
	seconds, ok := r.Parse(strconv.AppendFloat(nil, least, 'f', -1, 64))
	if !ok {
		return ""
	}
	day := cell.DayOf(seconds)
	return fmt.Sprintf("The numbers of %q may be dates (%.0f is %s): if they are, With(\"days\", `days_since(col(%q), \"2024-12-31\", %q)`) turns them into days.", name, least, day, name, form)
}

// datesAsLevels tells of a category whose levels are all dates, and how to make days of them.
func datesAsLevels(name string, levels []string) string {
	var dates cell.Dates
	for l, level := range levels {
		if _, digits := numberIn(level); digits {
			return ""
		}
		dates.Add([]byte(level), l+1)
	}
	if len(levels) < 3 || dates.Bad().Count > 0 || len(dates.Readings()) == 0 {
		return ""
	}
	return fmt.Sprintf("%q holds dates, which are read as a category of %s: With(\"days\", `days_since(%s, \"2024-12-31\")`) turns them into days.",
		name, wording.Plural(len(levels), "level"), inFormula(name))
}

// suspiciousLevels tells of levels that differ only in how they are written, and of numbers with a unit that are levels.
func suspiciousLevels(name string, levels []string) string {
	at := map[string]string{}
	for _, level := range levels {
		small := strings.ToLower(strings.TrimSpace(level))
		if other, ok := at[small]; ok {
			return sameLevel(name, other, level)
		}
		at[small] = level
	}
	if n, a, b := suggest.Alike(levels); n > 0 {
		return sameLevel(name, a, b)
	}
	unit := ""
	for i, level := range levels {
		number := strings.TrimRight(level, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ² ")
		rest := strings.TrimSpace(level[len(number):])
		if _, ok := numberIn(number); !ok || rest == "" || i > 0 && rest != unit {
			return ""
		}
		unit = rest
	}
	if len(levels) < 3 {
		return ""
	}
	return fmt.Sprintf("%q is read as text, with %d levels such as %q: to read it as numbers, put %q into its name and not into the cells.", name, len(levels), levels[0], unit)
}

// respelled tells of ids that differ in their spelling alone.
func respelled(ids []string) string {
	several := suggest.Spellings(ids)
	if several.Fewer == 0 {
		return ""
	}
	return several.Among(len(ids), "ids") + ": they count as different customers. If they are the same, write each id in one way."
}

func sameLevel(name, a, b string) string {
	return fmt.Sprintf("%q has levels that may be the same, such as %+q and %+q: they count as different.", name, a, b)
}

// numberIn reads a number with either decimal mark.
func numberIn(text string) (float64, bool) {
	return number(strings.Replace(strings.TrimSpace(text), ",", ".", 1))
}

// From how many rows on a sum is no chance, and of how many columns every pair is tried.
const fewestSums, mostPairs = 10, 60

// sums finds the columns that add up others in every row, pairs or columns that stand side by side, notes it, and lets them count as made
// from those: a part is no evidence for segments that its sum has formed. Pairs cost d³, and n where they are sums.
func (t *Table) sums() (notes []string) {
	n, d := t.Len(), len(t.raw.Columns)
	if n < fewestSums {
		return nil
	}
	cells := func(i, j int) float64 { return t.raw.Data[i*d+j] }
	is := func(k int, parts []int) bool {
		rows, varies := 0, make([]bool, len(parts)) // every part counts in some row
		for i := range n {
			sum := 0.0
			for p, j := range parts {
				sum += cells(i, j)
				varies[p] = varies[p] || cells(i, j) != 0
			}
			if gap := math.Abs(sum - cells(i, k)); gap > 1e-9*max(1, math.Abs(sum)) {
				return false
			} else if !math.IsNaN(gap) {
				rows++
			}
		}
		return rows >= fewestSums && !slices.Contains(varies, false)
	}
	for k, c := range t.raw.Columns {
		if !c.Numeric() {
			continue
		}
		if parts := partsOf(t.raw.Columns, k, is); parts != nil {
			made, names := make([]Column, len(parts)), make([]string, len(parts))
			for p, j := range parts {
				made[p], names[p] = t.raw.Columns[j], strconv.Quote(t.raw.Columns[j].Name)
			}
			t.raw.Columns[k].Ancestry = MadeOf(made...)
			notes = append(notes, fmt.Sprintf("%q is the sum of %s in every row, and counts as made from them.", c.Name, sheet.List(names)))
		}
	}
	return notes
}

// partsOf are the columns that column k adds up, nil if it adds up none.
func partsOf(columns []Column, k int, is func(k int, parts []int) bool) []int {
	free := func(j int) bool {
		return j != k && columns[j].Numeric() && !slices.Contains(columns[j].Ancestry.Columns, columns[k].Name)
	}
	for from := range columns {
		var run []int
		for j := from; j < len(columns) && free(j); j++ {
			if run = append(run, j); len(run) > 1 && is(k, run) {
				return run
			}
		}
	}
	if len(columns) > mostPairs {
		return nil
	}
	for i := range columns {
		for j := i + 1; free(i) && j < len(columns); j++ {
			if free(j) && is(k, []int{i, j}) {
				return []int{i, j}
			}
		}
	}
	return nil
}
