package cell

// How a column is written, in words, and which cell decides it.

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/textfile"
)

// Written says how a column of numbers is written, which cell decides it, and how many cells cannot be read.
func (n *Numbers) Written(given rune) (form, evidence string, bad int) {
	readings := n.Readings(given)
	switch {
	case n.Count() == 0:
		return "no number", "", n.Bad().Count
	case len(readings) == 0:
		form = "numbers, some with a decimal point and some with a decimal comma"
	case len(readings) == 2:
		form = fmt.Sprintf("numbers, %s or %s in all", readings[0].Sum, readings[1].Sum)
	default:
		r := readings[0]
		form = "numbers"
		if r.Deciding.Count > 0 {
			form += map[byte]string{'.': " with a decimal point", ',': " with a decimal comma"}[r.Decimal]
			evidence = fmt.Sprintf("%q in line %d", textfile.String(r.Deciding.Cell), r.Deciding.Row)
			if r.Deciding.Count > 1 {
				evidence += " and others"
			}
		} else if given != 0 && n.Either() > 0 {
			form += fmt.Sprintf(" with %s as the decimal mark, as given", map[rune]string{'.': "a point", ',': "a comma"}[given])
		}
	}
	for _, s := range []struct {
		shape Shape
		text  string
	}{{Grouped, "thousands set apart"}, {Accounting, "brackets for less than zero"}, {TrailingMinus, "minus behind"}, {Scientific, "scientific"}} {
		if n.Shape(s.shape) > 0 {
			form += ", " + s.text
		}
	}
	for _, u := range n.Units() {
		form += ", " + u.Unit
	}
	return form, evidence, n.Bad().Count
}

// Written says how a column of dates is written, which cell decides it, and how many cells cannot be read.
func (d *Dates) Written() (form, evidence string, bad int) {
	readings := d.Readings()
	switch {
	case d.Count() == 0:
		return "no date", "", d.Bad().Count
	case len(readings) == 0:
		form = "dates that contradict each other"
	default:
		var ways []string
		for i := range readings[:min(len(readings), 3)] {
			ways = append(ways, strings.ReplaceAll(readings[i].String(), "|", " and "))
		}
		form = "dates as " + strings.Join(ways, ", or as ")
	}
	if ruled := d.RuledOut(); ruled != nil {
		evidence = fmt.Sprintf("%q in line %d is not %s", textfile.String(ruled[0].Cell), ruled[0].Row, ruled[0].Layout)
	}
	return form, evidence, d.Bad().Count
}
