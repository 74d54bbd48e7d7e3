package cell

import (
	"fmt"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/internal/wording"
)

// Kind is what a question is about.
type Kind int

const (
	TwoReadings Kind = iota // thousands or decimals, day or month, one epoch or another
	Mixed                   // cells of one column contradict each other, or what the user said
	TwoUnits                // two currencies, or percent beside plain numbers
	Unreadable              // cells that are no numbers, or no dates
	TooLarge                // cells that 64 bits do not hold
)

// Question is why a column cannot be read without a word from the user. "%q Why: Remedy", with the cell in front, is a sentence.
type Question struct {
	Kind
	Seen          // the first cell that asks it, and how many there are
	Why    string // a clause about that cell
	Remedy string // an imperative; an option that it names gives one reading, and no other question, of this column
}

// Words are how questions speak: the caller's options and whether its rows are lines of a file.
type Words struct {
	Row     string // "line" or "row"
	Decimal string // "OrdersOptions.Decimal"
	Layout  string // "OrdersOptions.DateLayout"
	Zone    string // "OrdersOptions.Zone"
	Missing string // "OrdersOptions.Missing", where it takes TimeAlone
}

// Question returns what stands in the way of reading the column with the decimal mark that the user gave (0: none), nil
// if nothing does.
func (n *Numbers) Question(answer rune, w Words) *Question {
	readings, units := n.Readings(answer), n.Units()
	switch {
	case n.bad.Count > 0:
		return &Question{Unreadable, n.bad, "is not a number", "mend the cell"}
	case len(units) > 1:
		var parts []string
		for _, u := range units {
			parts = append(parts, fmt.Sprintf("%s in %s (first in %s %d)", u.Unit, wording.Plural(u.Count, "cell"), w.Row, u.Row))
		}
		return &Question{TwoUnits, units[1].Seen, "has a different unit from others in this column, " + strings.Join(parts, ", ") + ", and they cannot be added up",
			"keep the rows of one unit, or convert the others first"}
	case len(units) == 1 && units[0].Unit == Percent && n.bare.Count > 0:
		return &Question{TwoUnits, n.bare, fmt.Sprintf("has no percent sign while %s of this column, such as %q, %s, so it may be a share", wording.Plural(units[0].Count, "cell"),
			units[0].Cell, map[bool]string{true: "has one", false: "have one"}[units[0].Count == 1]), "write all cells of the column the same way"}
	case len(readings) == 0 && answer == '.':
		return &Question{Mixed, n.comma, "cannot be read with a decimal point", n.tried(',', w)}
	case len(readings) == 0 && answer == ',':
		return &Question{Mixed, n.point, "cannot be read with a decimal comma", n.tried('.', w)}
	case len(readings) == 0:
		few, many := n.comma, n.point
		comma, point := "comma", "point"
		if few.Count > many.Count {
			few, many, comma, point = many, few, point, comma
		}
		return &Question{Mixed, few, fmt.Sprintf("can only have a decimal %s, but %q in %s %d can only have a decimal %s", comma, many.Cell, w.Row, many.Row, point),
			"write all cells of the column the same way"}
	case len(readings) == 2:
		return n.thousands(readings[0], readings[1], w)
	case n.large.Count > 0:
		return &Question{TooLarge, n.large, "is too large to be summed exactly", "mend the cell"}
	}
	return nil
}

// tried is the advice to give another decimal mark, where that reads the column.
func (n *Numbers) tried(mark rune, w Words) string {
	if len(n.Readings(mark)) > 0 && n.Question(mark, w) == nil {
		return fmt.Sprintf("set %s to %q", w.Decimal, mark)
	}
	return "write all cells of the column the same way"
}

// thousands asks whether a mark is the decimal mark or sets thousands apart.
func (n *Numbers) thousands(points, commas Reading, w Words) *Question {
	q := &Question{Kind: TwoReadings, Seen: n.either}
	mark, asDecimal, asGroup, decimal, group := "point", points, commas, '.', ','
	if strings.Contains(q.Cell, ",") {
		mark, asDecimal, asGroup, decimal, group = "comma", commas, points, ',', '.'
	}
	d, dd, _ := asDecimal.Parse([]byte(q.Cell))
	g, gd, _ := asGroup.Parse([]byte(q.Cell))
	q.Why = fmt.Sprintf("is %v if its %s sets thousands apart, and %v if that is a decimal %s; no cell of the column decides, and it adds up to %v or to %v",
		Amount{g, gd}, mark, Amount{d, dd}, mark, asGroup.Sum, asDecimal.Sum)
	q.Remedy = fmt.Sprintf("set %s to %q for %v, or to %q for %v", w.Decimal, group, asGroup.Sum, decimal, asDecimal.Sum)
	return q
}

// Question returns what stands in the way of reading the column, nil if nothing does.
func (d *Dates) Question(w Words) *Question {
	const mend = "mend the cell"
	if d.alone.Count > 0 && d.alone.Row == d.bad.Row {
		q := &Question{Unreadable, d.alone, "is a time without a date, so nobody can tell which day it was", mend}
		if w.Missing != "" {
			q.Remedy = fmt.Sprintf("mend the cell, or list %q in %s to take all such cells as missing", TimeAlone, w.Missing)
		}
		return q
	}
	if d.bad.Count > 0 {
		q := &Question{Unreadable, d.bad, "is not a date in a layout that is recognised", mend}
		if why := d.impossible([]byte(d.bad.Cell)); why != "" {
			q.Why = why
		} else if d.Layouts != nil {
			q.Why = fmt.Sprintf("is not a date as %s has it, %q", w.Layout, (&DateReading{Layouts: d.Layouts}).String())
		} else if d.Count() == 0 {
			q.Remedy = fmt.Sprintf(`set %s to how 2 January 2006 15:04:05 would be written, such as "02-01-2006 15:04"`, w.Layout)
		}
		q.Count -= d.alone.Count
		return q
	}
	if d.clash.Count > 0 {
		return &Question{Mixed, d.clash, fmt.Sprintf("has two meanings in the layouts %q", (&DateReading{Layouts: d.Layouts}).String()),
			"give " + w.Layout + " layouts of which exactly one reads each cell"}
	}
	for i := range d.families {
		f := &d.families[i]
		if len(f.left()) > 0 {
			continue
		}
		a, b := &f.candidates[0], &f.candidates[1] // each failed for a cell that another one reads
		return &Question{Mixed, b.failed.first(), fmt.Sprintf("can only be read as %q, but %q in %s %d only as %q", a.name, a.failed.Cell, w.Row, a.failed.Row, b.name),
			"write all dates of the column the same way"}
	}
	readings := d.Readings()
	if len(readings) > 1 {
		return d.undecided(readings, w)
	}
	if len(d.zones) > 1 && d.Zone == "" {
		z, first := d.zones[1], d.zones[0]
		has := first.Zone
		if has == "" {
			has = "none"
		}
		remedy := fmt.Sprintf("set %s to %q for the days that the cells show", w.Zone, AsWritten)
		if !d.zoneless() {
			remedy += ` or to "UTC" or a place such as "Europe/Berlin" to convert them`
		}
		return &Question{TwoReadings, z.first(), fmt.Sprintf("has a different zone from others in this column: %q in %s %d has %s", first.Cell, w.Row, first.Row, has), remedy}
	}
	if d.Zone != "" && d.Zone != AsWritten && d.zoneless() {
		return &Question{Mixed, d.inZone("").first(), "has no zone, so it cannot be converted to " + d.Zone, fmt.Sprintf("set %s to %q", w.Zone, AsWritten)}
	}
	return nil
}

// impossible says in a clause why a cell that is written like a date is none, as 2025-13-45; "" where it is not written like one.
func (d *Dates) impossible(cell []byte) (why string) {
	var layouts []Layout
	for i := range d.families {
		for _, c := range d.families[i].left() {
			layouts = append(layouts, c.Layout)
		}
	}
	if d.Layouts != nil {
		layouts = d.Layouts
	} else {
		like, _ := recognised(cell)
		layouts = append(layouts, like...)
	}
	for i := range layouts {
		s, ok := layouts[i].fields(cell)
		if says := s.wrong(); ok && (why == "" || s.month >= 1 && s.month <= 12 && says != "") {
			if why = says; s.month >= 1 && s.month <= 12 { // the likelier reading, where either number may be the month
				return why
			}
		}
	}
	return why
}

// zoneless reports whether there are times without a zone.
func (d *Dates) zoneless() bool {
	for _, z := range d.zones {
		if z.Zone == "" {
			return true
		}
	}
	return false
}

// undecided asks which of several layouts is meant.
func (d *Dates) undecided(readings []DateReading, w Words) *Question {
	q := &Question{Kind: TwoReadings}
	for i := range d.families {
		f := &d.families[i]
		left := f.left()
		if len(left) < 2 {
			continue
		}
		q.Seen = f.Seen
		like := "it"
		if len(f.telling) > 0 {
			q.Row, q.Cell = f.telling[0].Row, f.telling[0].Cell
		}
		q.Why = "is " + readAs(left, q.Cell, true)
		if len(f.telling) > 1 {
			q.Why += fmt.Sprintf("; %q in %s %d is %s", f.telling[1].Cell, w.Row, f.telling[1].Row, readAs(left, f.telling[1].Cell, false))
			like = "these"
		}
		q.Why += fmt.Sprintf(", and no cell that is written like %s decides", like)
		break
	}
	var answers []string
	for i := range readings {
		r := &readings[i]
		if len(answers) == 4 {
			break
		}
		answers = append(answers, fmt.Sprintf("to %q for dates from %s to %s", r.String(), DayOf(r.First), DayOf(r.Last)))
	}
	q.Remedy = "set " + w.Layout + " " + strings.Join(answers, ", or ")
	return q
}

// readAs says what each layout makes of a cell; explained, with what it begins with.
func readAs(layouts []*candidate, cell string, explained bool) string {
	var ways []string
	for _, c := range layouts {
		s, _ := c.match([]byte(cell))
		way := fmt.Sprintf("%d %s %d", s.day, time.Month(s.month), s.year)
		switch begins := begins(c.name); {
		case explained && c.count != none:
			way += " (" + epochs[c.count].comment + ")"
		case explained && begins != "":
			way += fmt.Sprintf(" (%s, as in %s)", begins, c.name)
		}
		ways = append(ways, way)
	}
	return strings.Join(ways, " or ")
}

// begins says which part of a date a layout has first: "" where it has no numbers for day and month.
func begins(layout string) string {
	plain := strings.NewReplacer("2006", "y", "06", "y", "15", "h").Replace(layout)
	year, month, day := strings.IndexByte(plain, 'y'), strings.IndexByte(plain, '1'), strings.IndexByte(plain, '2')
	switch {
	case month < 0 || day < 0:
		return ""
	case year == 0 && day < month:
		return "year, day, month"
	case year == 0:
		return "year, month, day"
	case day < month:
		return "day first"
	}
	return "month first"
}

// DayOf formats the day of a time in seconds since 1970.
func DayOf(seconds int64) string {
	day := seconds / secondsOfDay
	if seconds%secondsOfDay < 0 {
		day--
	}
	y, m, d := civil(day)
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}
