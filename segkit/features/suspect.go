package features

// What somebody who looks at the lines would stop at, although every cell can be read: numbers that are no order's, ids that a spreadsheet
// has changed, days that nobody bought on, a total among the lines. Nothing is changed here; it is said.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// suspicions are sentences on what is strange about the lines. They cost O(lines).
func (l *lines) suspicions() []string {
	looks := []func() string{l.sharedNumbers, l.farDays, l.lastTotal, l.returnsSold, l.alike, func() string { return roundedIDs(orderColumn, l.order.names[:l.numbered]) },
		func() string { return roundedIDs(customerColumn, l.customer.names) }}
	out := make([]string, len(looks))
	_ = par.Items(context.Background(), len(looks), func(i int) { out[i] = looks[i]() })
	return slices.DeleteFunc(out, func(note string) bool { return note == "" })
}

// longOrder is how many days the purchases of one order may lie apart, as where parts of it are sent later.
const longOrder = 31

// sharedNumbers tells of order numbers under which several customers bought, or one over a long time: they stand for no order ("0", "cash"), or several shops
// number their orders alike.
func (l *lines) sharedNumbers() string {
	type order struct {
		customer    uint32
		lines       int32
		first, last int64
		others      bool // customers
	}
	orders := make([]order, l.numbered)
	was := int32(-1) // the line before
	for i := range int32(l.len()) {
		code := l.order.codes[i]
		if code == 0 || int(code) >= l.numbered {
			continue
		}
		c, when := l.customer.codes[i], l.when.at(i)
		if was >= 0 && code == l.order.codes[was] && c == l.customer.codes[was] && when == l.when.at(was) {
			continue
		}
		if l.quantity.at(i) <= 0 {
			continue
		}
		was = i
		o := &orders[code]
		if c != 0 && c != o.customer {
			o.others = o.others || o.customer != 0
			o.customer = c
		}
		if when == noDate {
			continue
		}
		if o.lines++; o.lines == 1 {
			o.first, o.last = when, when
		}
		o.first, o.last = min(o.first, when), max(o.last, when)
	}
	shared, most := 0, 0
	for code, o := range orders {
		if o.others || o.last-o.first > longOrder*secondsPerDay {
			if shared++; shared == 1 || o.lines > orders[most].lines {
				most = code
			}
		}
	}
	if shared == 0 {
		return ""
	}
	o, by := &orders[most], "one customer"
	if o.others {
		by = "several customers"
	}
	others := ""
	if shared > 1 {
		others = fmt.Sprintf(" (as %s)", wording.Plural(shared-1, "other number")+map[bool]string{true: " does", false: " do"}[shared == 2])
	}
	return fmt.Sprintf("Order number %q stands for purchases of %s from %s to %s%s. If it says that there is no number, leave its cells empty, or list it in features.OrdersOptions.Missing: what a customer buys on one day is then an order.",
		shorten(l.order.names[most], 30), by, dateText(dayOf(o.first)), dateText(dayOf(o.last)), others)
}

// roundedIDs tells of ids that a spreadsheet took for large numbers: of 123456789012 it leaves 1.23457E+11, and many become one.
func roundedIDs(of meaning, ids []string) string {
	rounded, example := 0, ""
	for _, name := range ids {
		if strings.IndexByte(name, '+') < 0 {
			continue
		}
		if whole, exponent, ok := strings.Cut(strings.ToUpper(name), "E+"); ok && len(exponent) > 1 && isDigits(exponent) && len(whole) > 1 && isDigits(strings.NewReplacer(".", "", ",", "").Replace(whole)) {
			if rounded++; rounded == 1 {
				example = name
			}
		}
	}
	if rounded == 0 {
		return ""
	}
	return fmt.Sprintf("%s of %ss, such as %q, were rounded by a spreadsheet, so that several have become one: export them again with that column as text.",
		wording.Capital(wording.Plural(rounded, "id")), of, example)
}

func isDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// alike tells of ids of customers that differ only in how programs write them: 17850.0 and 17850, 00123 and 123, an accent in one character or in two, blanks.
func (l *lines) alike() string {
	plain := map[string]string{} // by what remains of them: those of which something was taken off
	for _, name := range l.customer.names {
		if p := plainID(name); p != name && p != "" {
			if _, ok := plain[p]; !ok {
				plain[p] = name
			}
		}
	}
	if len(plain) == 0 {
		return ""
	}
	several, example := 0, [2]string{}
	for _, name := range l.customer.names {
		if other, ok := plain[plainID(name)]; ok && other != name {
			if several++; several == 1 {
				example = [2]string{other, name}
			}
		}
	}
	if several == 0 {
		return ""
	}
	return fmt.Sprintf("%s of customers may be other spellings of one that is there, as %+q and %+q: they count as different customers. If they are one, write the id one way in the file.",
		wording.Capital(wording.Plural(several, "id")), shorten(example[0], 30), shorten(example[1], 30))
}

// plainID is an id without what programs add to it.
func plainID(id string) string {
	if id == "" || id[0] != '0' && !slices.ContainsFunc([]byte(id), func(c byte) bool { return c == ' ' || c == '.' || c > '~' }) {
		return id
	}
	if strings.ContainsFunc(id, func(r rune) bool { return r > '~' }) {
		id = strings.Map(func(r rune) rune {
			if r >= '\u200b' && r <= '\u200f' || r == '\ufeff' || r == '\u00ad' {
				return -1
			}
			return r
		}, norm.NFKC.String(id))
	}
	if strings.Contains(id, " ") {
		id = strings.Join(strings.Fields(id), " ")
	}
	if whole, ok := strings.CutSuffix(id, ".0"); ok && isDigits(whole) {
		id = whole
	}
	if len(id) > 1 && id[0] == '0' && isDigits(id) {
		id = strings.TrimLeft(id, "0")
	}
	return id
}

// farDays tells of a few lines whose dates lie far from those of all others, and of a calendar that is not ours.
func (l *lines) farDays() string {
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range int32(l.len()) {
		if when := l.when.at(i); when != noDate {
			first, last = min(first, when), max(last, when)
		}
	}
	if first > last {
		return ""
	}
	const bucket = farOff / 2 * secondsPerDay // two that are empty lie between days that are far apart
	of := func(i int32) int { return int((l.when.at(i) - first) / bucket) }
	in, dated := make([]int, (last-first)/bucket+1), 0
	for i := range int32(l.len()) {
		if l.when.at(i) != noDate {
			in[of(i)]++
			dated++
		}
	}
	best, from, to, start, lines, empty := 0, 0, len(in)-1, 0, 0, 0
	for b, n := range in {
		if n == 0 {
			empty++
			continue
		}
		if empty > 2 {
			start, lines = b, 0
		}
		empty = 0
		if lines += n; lines > best {
			best, from, to = lines, start, b
		}
	}
	far, example := dated-best, int32(0)
	for i := int32(0); far > 0; i++ {
		if l.when.at(i) != noDate && (of(i) < from || of(i) > to) {
			example = i
			break
		}
	}
	const few = 10 // at most one line in so many is out of place; more are seasons
	switch year := dateOf(dayOf(first + int64(to)*bucket)).Year(); {
	case far > 0 && (far*few <= l.len() || far == 1):
		return fmt.Sprintf("%s dated far from all others, as %s in line %d: mend the date, or leave the cell empty if the day is not known. As-of dates and days since then go by the last day of the file.",
			map[bool]string{true: "1 line is", false: sheet.Count(far) + " lines are"}[far == 1], dateText(l.day(example)), l.line.at(example))
	case year > 2199:
		return fmt.Sprintf("The dates lie in the year %d and about it. If they are of another calendar (the Buddhist one is 543 years ahead), convert them first.", year)
	}
	return ""
}

// lastTotal tells of a last line that is worth as much as all others together.
func (l *lines) lastTotal() string {
	n := int32(l.len())
	if n < 3 {
		return ""
	}
	var above int64
	for i := range n - 1 {
		above += l.amount.at(i)
	}
	if last := l.amount.at(n - 1); last != above || last == 0 {
		return ""
	}
	return fmt.Sprintf("The last line, %d, is worth %s, as much as all lines above it together: if it is their total, delete it.", l.line.at(n-1), l.money(above))
}

// returnsSold tells of lines whose quantity is below zero although they add to sales: the price is below zero as well, or the amount has no sign.
func (l *lines) returnsSold() string {
	lines, example, money := 0, int32(0), int64(0)
	for i := range int32(l.len()) {
		if a := l.amount.at(i); a > 0 && l.quantity.at(i) < 0 {
			if lines++; lines == 1 {
				example = i
			}
			money += a
		}
	}
	has := map[bool]string{true: "1 line has", false: sheet.Count(lines) + " lines have"}[lines == 1]
	switch {
	case lines == 0:
		return ""
	case l.price.present():
		return fmt.Sprintf("%s a quantity and a price below zero, as line %d, which makes sales of %s: if goods came back, one minus is too many.", has, l.line.at(example), l.money(money))
	}
	return fmt.Sprintf("%s a quantity below zero and an amount above it, as line %d, which adds %s to sales: if goods came back, the amount wants a minus too.", has, l.line.at(example), l.money(money))
}
