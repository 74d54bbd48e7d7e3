package features

// What a file holds besides order lines, and what order lines lack.

import (
	"fmt"
	"strings"

	"github.com/segkit/lab/segkit/internal/wording"
)

// lack is what an order line lacks of what every one needs.
type lack uint8

const (
	noWhen lack = 1 << iota
	noQuantity
	noWorth // price or amount
)

// lacking is a line, by its place in the columns, that lacks something.
type lacking struct {
	at int
	lack
}

// leftOut counts the lines that are no order lines.
type leftOut struct {
	blank, totals, remarks int // lines without any text, of totals, and below the last record without fields
	total                  int // the first line of totals
}

func (l *leftOut) join(from leftOut, before int) {
	if l.totals == 0 && from.totals > 0 {
		l.total = from.total + before
	}
	l.blank, l.totals, l.remarks = l.blank+from.blank, l.totals+from.totals, l.remarks+from.remarks
}

// notes says what was left out.
func (l *leftOut) notes() []string {
	var out []string
	if l.blank > 0 {
		out = append(out, fmt.Sprintf("%s without any text left out.", wording.Plural(l.blank, "line")))
	}
	if l.totals > 0 {
		out = append(out, fmt.Sprintf("%s of totals left out, without customer and date, the first in line %d.", wording.Plural(l.totals, "line"), l.total))
	}
	if l.remarks > 0 {
		out = append(out, fmt.Sprintf("%s below the last record left out.", wording.Plural(l.remarks, "line")))
	}
	return out
}

// isTotal reports whether a record sums up others: it has neither customer nor date, and one of its cells says so.
func (p *plan) isTotal(fields [][]byte) bool {
	for _, m := range [...]meaning{dateColumn, customerColumn} {
		if f := trim(fields[p.at[m]]); len(f) > 0 && !saysTotal(f) {
			return false
		}
	}
	for _, f := range fields {
		if saysTotal(trim(f)) {
			return true
		}
	}
	return false
}

// saysTotal reports whether a cell calls its line a total, in English, German, French, Spanish, Italian, Portuguese or Dutch.
func saysTotal(cell []byte) bool {
	if len(cell) < 3 || len(cell) > 40 {
		return false
	}
	text := strings.ToLower(strings.Trim(string(cell), " :.*"))
	for _, word := range [...]string{"total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "summe", "gesamt", "gesamtsumme", "gesamtbetrag",
		"zwischensumme", "somme", "suma", "totale", "totaal", "subtotaal", "soma", "endsumme"} {
		if rest, ok := strings.CutPrefix(text, word); ok && (rest == "" || rest[0] == ' ' || rest[0] == ':') {
			return true
		}
	}
	return false
}
