package cell

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/internal/wording"
)

// Numbers is what the cells of a column have shown so far. The zero value has seen none. It is not for several goroutines:
// each has its own, and Merge joins them.
type Numbers struct {
	plain, point, comma, either, bad Seen // without a mark; readable with decimal points only; with commas only; with both; with neither
	sums                             [4]sum
	most                             [2]int // decimals, with points and with commas, of the cells that are not scientific
	fine, rounded, zeros             Seen   // more than MaxDecimals written; the same by an exponent; 0 without a unit
	units                            []UnitSeen
	shapes                           [shapes]int
}

// Seen is how many cells there were of a kind, and the first of them.
type Seen struct {
	Count int
	Row   int
	Cell  string
}

// UnitSeen is the cells with one currency, or with percent.
type UnitSeen struct {
	Unit string
	Seen
}

func (s *Seen) add(cell []byte, row int) {
	if s.Count == 0 {
		s.Row, s.Cell = row, string(cell)
	}
	s.Count++
}

func (s *Seen) join(from Seen, before int) {
	from.Row += before
	if from.Count > 0 && (s.Count == 0 || from.Row < s.Row) {
		s.Row, s.Cell = from.Row, from.Cell
	}
	s.Count += from.Count
}

// What sums[…] adds up.
const (
	ofPlain       = iota
	ofPoint       // cells that only points can read
	eitherAsPoint // cells that both can, with points
	ofComma       // all that have another value with commas, with commas
)

// Add takes one more cell, which stands in the given row or line. It returns what the cell is with decimal points, as
// ParsePlain and Reading.Parse do; ok is false where it is no number so. Plain numbers cost nothing but their bytes.
func (n *Numbers) Add(cell []byte, row int) (v int64, decimals int, ok bool) {
	v, decimals, kind := plain(cell, '.')
	switch kind {
	case noPlain:
		return n.addForm(cell, row)
	case unmarked:
		n.plain.add(cell, row)
		n.sums[ofPlain].add(v, 0)
		if v == 0 {
			n.zeros.Count++
		}
		return v, 0, true
	case isDecimal:
		n.point.add(cell, row)
		n.sums[ofPoint].add(v, decimals)
	case isEither:
		n.either.add(cell, row)
		n.sums[eitherAsPoint].add(v, decimals)
		n.sums[ofComma].add(v, 0)
	}
	if v == 0 {
		n.zeros.Count++
	}
	if v, decimals = trimmed(v, decimals); decimals > n.most[0] {
		n.finer(0, cell, row, decimals)
	}
	return v, decimals, true
}

// finer keeps the most decimals, apart from those that are too many to be kept.
func (n *Numbers) finer(reading int, cell []byte, row, decimals int) {
	if decimals > MaxDecimals {
		n.fine.add(cell, row)
		return
	}
	n.most[reading] = max(n.most[reading], decimals)
}

// addForm is Add for a cell that is not plain.
func (n *Numbers) addForm(cell []byte, row int) (v int64, decimals int, ok bool) {
	f, ok := split(cell)
	if !ok {
		n.bad.add(cell, row)
		return 0, 0, false
	}
	p, pd, grouped, asPoint := f.value('.')
	c, cd, groupedToo, asComma := f.value(',')
	if f.shape[Scientific] && max(pd, cd) > MaxDecimals {
		n.rounded.add(cell, row)
		p, pd = trimmed(rounded(p, pd, MaxDecimals), MaxDecimals)
		c, cd = trimmed(rounded(c, cd, MaxDecimals), MaxDecimals)
	}
	switch {
	case asPoint && asComma && p == c && pd == cd:
		n.plain.add(cell, row)
		n.sums[ofPlain].add(p, pd)
	case asPoint && asComma:
		n.either.add(cell, row)
		n.sums[eitherAsPoint].add(p, pd)
		n.sums[ofComma].add(c, cd)
	case asPoint:
		n.point.add(cell, row)
		n.sums[ofPoint].add(p, pd)
	case asComma:
		n.comma.add(cell, row)
		n.sums[ofComma].add(c, cd)
	default:
		n.bad.add(cell, row)
		return 0, 0, false
	}
	f.shape[Grouped] = grouped && asPoint != asComma || groupedToo && asPoint != asComma
	for s, has := range f.shape {
		if has {
			n.shapes[s]++
		}
	}
	if f.unit == "" && p == 0 && c == 0 {
		n.zeros.Count++
	}
	if f.unit != "" {
		n.unit(f.unit).add(cell, row)
	}
	if !f.shape[Scientific] {
		n.finer(0, cell, row, pd)
		n.finer(1, cell, row, cd)
	}
	return p, pd, asPoint
}

func (n *Numbers) unit(name string) *Seen {
	for i := range n.units {
		if n.units[i].Unit == name {
			return &n.units[i].Seen
		}
	}
	n.units = append(n.units, UnitSeen{Unit: name})
	return &n.units[len(n.units)-1].Seen
}

// Merge adds what another block has shown; before is added to its rows.
func (n *Numbers) Merge(from *Numbers, before int) {
	for _, s := range [...][2]*Seen{{&n.plain, &from.plain}, {&n.point, &from.point}, {&n.comma, &from.comma}, {&n.either, &from.either},
		{&n.bad, &from.bad}, {&n.fine, &from.fine}, {&n.rounded, &from.rounded}, {&n.zeros, &from.zeros}} {
		s[0].join(*s[1], before)
	}
	for i := range n.sums {
		n.sums[i].join(&from.sums[i])
	}
	for i := range n.most {
		n.most[i] = max(n.most[i], from.most[i])
	}
	for _, u := range from.units {
		n.unit(u.Unit).join(u.Seen, before)
	}
	for s := range n.shapes {
		n.shapes[s] += from.shapes[s]
	}
}

// Count is how many cells are numbers, in some reading; Bad are those that are none; Units those with a currency or a percent
// sign, by unit in the order of their appearance; Fine those with more than MaxDecimals decimals; Rounded those whose
// exponent gives them as many, which Parse rounds to the decimals of the others; Shape how many are written so.
func (n *Numbers) Count() int        { return n.plain.Count + n.point.Count + n.comma.Count + n.either.Count }
func (n *Numbers) Bad() Seen         { return n.bad }
func (n *Numbers) Units() []UnitSeen { return n.units }
func (n *Numbers) Fine() Seen        { return n.fine }
func (n *Numbers) Rounded() Seen     { return n.rounded }
func (n *Numbers) Shape(s Shape) int { return n.shapes[s] }

// Reading is one way to read all cells of a column. As a literal with Decimal alone it is what a user may ask for.
type Reading struct {
	Decimal  byte   // '.' or ','; the other one may separate thousands, as may blanks and apostrophes
	Unit     string // "EUR", "$", "%"; "" for none. A cell without a unit is taken to be in it
	Decimals int    // the most that a cell has, at most MaxDecimals: what Parse rounds scientific cells to
	Sum      Amount // what the column adds up to; not known of a literal
	Exact    bool   // Sum is exact; otherwise it is too large for that, and cut
	Deciding Seen   // the cells that only this reading can read; none where the column would be the same in both
}

// Readings returns the ways in which every cell that is a number can be read: mostly one. Two, points first, where no cell
// decides; none where some cells can be read with decimal points only and others with commas only. answer is the decimal
// mark that the user gave, 0 for none.
func (n *Numbers) Readings(answer rune) []Reading {
	unit := ""
	if len(n.units) == 1 {
		unit = n.units[0].Unit
	}
	var out []Reading
	if n.comma.Count == 0 && answer != ',' {
		total := n.sums[ofPlain].plus(&n.sums[ofPoint]).plus(&n.sums[eitherAsPoint])
		r := Reading{Decimal: '.', Unit: unit, Decimals: n.most[0], Deciding: n.point}
		r.Sum, r.Exact = total.amount()
		out = append(out, r)
	}
	if n.point.Count == 0 && answer != '.' && (answer == ',' || n.comma.Count+n.either.Count > 0) {
		total := n.sums[ofPlain].plus(&n.sums[ofComma])
		r := Reading{Decimal: ',', Unit: unit, Decimals: n.most[1], Deciding: n.comma}
		r.Sum, r.Exact = total.amount()
		out = append(out, r)
	}
	return out
}

// Parse reads one cell: "1.234,50" is 12345 with 1 decimal. Zeros at the end of the decimals do not count. A cell whose
// exponent gives it more than MaxDecimals decimals is rounded to r.Decimals; others keep what is written, up to 18.
func (r *Reading) Parse(cell []byte) (v int64, decimals int, ok bool) {
	v, decimals, kind := plain(cell, r.Decimal)
	if kind != noPlain {
		v, decimals = trimmed(v, decimals)
		return v, decimals, true
	}
	f, ok := split(cell)
	if !ok || f.unit != "" && f.unit != r.Unit {
		return 0, 0, false
	}
	v, decimals, _, ok = f.value(r.Decimal)
	if ok && f.shape[Scientific] && decimals > MaxDecimals {
		v, decimals = trimmed(rounded(v, decimals, r.Decimals), r.Decimals)
	}
	return v, decimals, ok
}

// Float reads one cell as the nearest float64.
func (r *Reading) Float(cell []byte) (float64, bool) {
	v, decimals, ok := r.Parse(cell)
	if ok && v < 1<<53 && v > -1<<53 && decimals <= 22 { // both are exact, so the quotient is the nearest
		return float64(v) / pow10[decimals], true
	}
	return 0, false
}

// Kind is what a question is about.
type Kind int

const (
	TwoReadings Kind = iota // thousands or decimals, day or month, one epoch or another
	Mixed                   // cells of one column contradict each other
	TwoUnits                // two currencies, or percent beside plain numbers
	Unreadable              // cells that are no numbers, or no dates
)

// Question is why a column cannot be read without a word from the user.
type Question struct {
	Kind
	Seen          // the first cell that asks it, and how many there are
	Why    string // a clause about that cell
	Remedy string // an imperative that names the option; tried
}

// Question returns what stands in the way of reading the column with the decimal mark that the user gave (0: none), nil
// if nothing does. option is what the user can set: "OrdersOptions.Decimal".
func (n *Numbers) Question(answer rune, option string) *Question {
	readings := n.Readings(answer)
	switch {
	case n.bad.Count > 0:
		return &Question{Unreadable, n.bad, "is not a number", "mend the cell"}
	case len(n.units) > 1:
		var parts []string
		for _, u := range n.units {
			parts = append(parts, fmt.Sprintf("%s in %s", u.Unit, wording.Plural(u.Count, "cell")))
		}
		return &Question{TwoUnits, n.units[1].Seen, "is in another unit than the cells above: " + strings.Join(parts, ", "),
			"keep the rows of one unit, or convert the others first"}
	case len(readings) == 0:
		return &Question{Mixed, n.comma, fmt.Sprintf("has a decimal comma, but %q in line %d has a decimal point", n.point.Cell, n.point.Row),
			"write all cells of the column in one way"}
	case len(readings) == 2:
		points, commas := readings[0], readings[1]
		p, _, _ := points.Parse([]byte(n.either.Cell))
		_ = p
		return &Question{TwoReadings, n.either, fmt.Sprintf("can be read with a decimal point or a decimal comma, and no cell of the column decides: it adds up to %v or to %v",
			points.Sum, commas.Sum), "set " + option + " to '.' for " + points.Sum.String() + ", or to ',' for " + commas.Sum.String()}
	}
	return nil
}

var pow10 = func() (p [23]float64) {
	for i := range p {
		p[i], _ = strconv.ParseFloat("1e"+strconv.Itoa(i), 64)
	}
	return p
}()
