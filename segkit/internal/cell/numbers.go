package cell

import (
	"slices"
)

// Numbers is what the cells of a column have shown so far. The zero value has seen none. It is not for several goroutines:
// each has its own, and Merge joins them.
type Numbers struct {
	plain, point, comma, either, bad Seen // the same in both readings; readable with decimal points only; with commas only; with both, as two numbers; with neither
	sums                             [4]sum
	most                             [2]int // decimals, with points and with commas, of the cells that are not scientific
	fine, rounded, large, bare       Seen   // see Fine, Rounded and Large; not 0 and without a unit
	units                            []UnitSeen
	strange                          []string // the first few texts of bad
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
// ParsePlain and Reading.Parse do; ok is false where it is no number so. Plain numbers cost little more than their bytes.
func (n *Numbers) Add(cell []byte, row int) (v int64, decimals int, ok bool) {
	v, decimals, kind := plain(cell, '.')
	switch kind {
	case noPlain:
		if v, decimals, ok = grouped(cell, '.'); ok {
			n.addGrouped(cell, row, v, decimals, 0, ofPoint)
			return v, decimals, true
		}
		if v, decimals, ok = grouped(cell, ','); ok {
			n.addGrouped(cell, row, v, decimals, 1, ofComma)
			return 0, 0, false
		}
		return n.addForm(cell, row)
	case unmarked:
		n.plain.add(cell, row)
		n.sums[ofPlain].add(v, 0)
		if v != 0 {
			n.bare.add(cell, row)
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
	if v != 0 {
		n.bare.add(cell, row)
	}
	if v, decimals = trimmed(v, decimals); decimals > n.most[0] {
		n.finer(0, cell, row, decimals)
	}
	return v, decimals, true
}

// RepeatBad is Add of a cell that equals an earlier one, which was no number. It is counted, and shows nothing new.
func (n *Numbers) RepeatBad() { n.bad.Count++ }

// finer keeps the most decimals, apart from those that are too many to be kept.
func (n *Numbers) finer(reading int, cell []byte, row, decimals int) {
	if decimals > MaxDecimals {
		n.fine.add(cell, row)
		return
	}
	n.most[reading] = max(n.most[reading], decimals)
}

// addGrouped is Add for a cell that only one reading can have, with thousands set apart.
func (n *Numbers) addGrouped(cell []byte, row int, v int64, decimals, reading, of int) {
	if reading == 0 {
		n.point.add(cell, row)
	} else {
		n.comma.add(cell, row)
	}
	n.sums[of].add(v, decimals)
	n.shapes[Grouped]++
	if v != 0 {
		n.bare.add(cell, row)
	}
	n.finer(reading, cell, row, decimals)
}

// addForm is Add for a cell that is not plain.
func (n *Numbers) addForm(cell []byte, row int) (v int64, decimals int, ok bool) {
	var f form
	ok = f.split(cell)
	p, pd, grouped, asPoint := f.value('.')
	c, cd, groupedToo, asComma := f.value(',')
	if !ok || asPoint == unfit && asComma == unfit {
		n.bad.add(cell, row)
		if len(n.strange) < strangest && !slices.Contains(n.strange, string(cell[:min(len(cell), longest)])) {
			n.strange = append(n.strange, string(cell[:min(len(cell), longest)]))
		}
		return 0, 0, false
	}
	if f.shape[Scientific] && max(pd, cd) > MaxDecimals {
		n.rounded.add(cell, row)
		p, pd = trimmed(rounded(p, pd, MaxDecimals), MaxDecimals)
		c, cd = trimmed(rounded(c, cd, MaxDecimals), MaxDecimals)
	}
	if asPoint == tooLarge || asComma == tooLarge {
		n.large.add(cell, row)
	}
	switch {
	case asComma == unfit:
		n.point.add(cell, row)
		n.sums[ofPoint].add(p, pd)
	case asPoint == unfit:
		n.comma.add(cell, row)
		n.sums[ofComma].add(c, cd)
	case p == c && pd == cd:
		n.plain.add(cell, row)
		n.sums[ofPlain].add(p, pd)
	default:
		n.either.add(cell, row)
		n.sums[eitherAsPoint].add(p, pd)
		n.sums[ofComma].add(c, cd)
	}
	f.shape[Grouped] = grouped && asComma == unfit || groupedToo && asPoint == unfit || grouped && groupedToo
	for s, has := range f.shape {
		if has {
			n.shapes[s]++
		}
	}
	switch {
	case f.unit != "":
		n.unit(f.unit).add(cell, row)
	case p != 0 || c != 0:
		n.bare.add(cell, row)
	}
	if !f.shape[Scientific] {
		n.finer(0, cell, row, pd)
		if cd <= MaxDecimals {
			n.most[1] = max(n.most[1], cd)
		} else if pd <= MaxDecimals {
			n.fine.add(cell, row)
		}
	}
	return p, pd, asPoint == fits
}

// strangest is how many different texts that are no numbers are kept.
const strangest = 8

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
		{&n.bad, &from.bad}, {&n.fine, &from.fine}, {&n.rounded, &from.rounded}, {&n.large, &from.large}, {&n.bare, &from.bare}} {
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
	for _, text := range from.strange {
		if len(n.strange) < strangest && !slices.Contains(n.strange, text) {
			n.strange = append(n.strange, text)
		}
	}
}

// Count is how many cells are numbers, in some reading.
func (n *Numbers) Count() int { return n.plain.Count + n.point.Count + n.comma.Count + n.either.Count }

// Either is how many of them have two values, as 1.234 does: one with a decimal point, one with a decimal comma.
func (n *Numbers) Either() int { return n.either.Count }

// Bad are the cells that are no numbers in any reading, and Strange the first few different ones of their texts.
func (n *Numbers) Bad() Seen         { return n.bad }
func (n *Numbers) Strange() []string { return n.strange }

// Units are the cells with a currency or a percent sign, by unit, in the order of their first rows; Bare those without any,
// apart from zeros. A $ beside USD is the same where no cell has another dollar, such as CAD.
func (n *Numbers) Units() []UnitSeen {
	sign := slices.IndexFunc(n.units, func(u UnitSeen) bool { return u.Unit == dollar })
	code := slices.IndexFunc(n.units, func(u UnitSeen) bool { return u.Unit == usDollar })
	if sign < 0 || code < 0 || slices.ContainsFunc(n.units, func(u UnitSeen) bool { return otherDollar(u.Unit) }) {
		return n.units
	}
	first, second := min(sign, code), max(sign, code)
	out := slices.Delete(slices.Clone(n.units), second, second+1)
	out[first].Unit = usDollar
	out[first].Count += n.units[second].Count
	return out
}
func (n *Numbers) Bare() Seen { return n.bare }

// Large are the cells that 64 bits do not hold (Parse refuses them, Float reads them), Fine those with more than MaxDecimals
// decimals, Rounded those whose exponent gives them as many: Parse rounds them.
func (n *Numbers) Large() Seen   { return n.large }
func (n *Numbers) Fine() Seen    { return n.fine }
func (n *Numbers) Rounded() Seen { return n.rounded }

// Shape is how many cells are written so.
func (n *Numbers) Shape(s Shape) int { return n.shapes[s] }

// Reading is one way to read all cells of a column. As a literal with Decimal alone it is what a user may ask for.
type Reading struct {
	Decimal  byte   // '.' or ','; the other one may separate thousands, as may blanks and apostrophes
	Unit     string // "EUR", "$", "%"; "" for none. A cell without a unit is taken to be in it
	Decimals int    // what Parse rounds scientific cells to, if they have more than MaxDecimals: the most of the other cells, 2 at least; MaxDecimals where there are no others
	Sum      Amount // what the column adds up to; not known of a literal
	Exact    bool   // Sum is exact; otherwise it is cut, or leaves out cells that are too large (Large)
	Deciding Seen   // the cells that only this reading can read; none where the column would be the same in both
}

// Readings returns the ways in which every cell that is a number can be read: mostly one. Two, points first, where no cell
// decides; none where some cells can be read with decimal points only and others with commas only. answer is the decimal
// mark that the user gave, 0 for none.
func (n *Numbers) Readings(answer rune) []Reading {
	fewest := MaxDecimals // for scientific cells, where there are only those
	if n.shapes[Scientific] < n.Count() {
		fewest = 2
	}
	unit := ""
	if units := n.Units(); len(units) == 1 {
		unit = units[0].Unit
	}
	var out []Reading
	if n.comma.Count == 0 && answer != ',' {
		total := n.sums[ofPlain].plus(&n.sums[ofPoint]).plus(&n.sums[eitherAsPoint])
		r := Reading{Decimal: '.', Unit: unit, Decimals: max(n.most[0], fewest), Deciding: n.point}
		r.Sum, r.Exact = total.amount()
		r.Exact = r.Exact && n.large.Count == 0
		out = append(out, r)
	}
	if n.point.Count == 0 && answer != '.' && (answer == ',' || n.comma.Count+n.either.Count > 0) {
		total := n.sums[ofPlain].plus(&n.sums[ofComma])
		r := Reading{Decimal: ',', Unit: unit, Decimals: max(n.most[1], fewest), Deciding: n.comma}
		r.Sum, r.Exact = total.amount()
		r.Exact = r.Exact && n.large.Count == 0
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
	if v, decimals, ok = grouped(cell, r.Decimal); ok {
		return v, decimals, true
	}
	var f form
	if !f.split(cell) || f.unit != "" && f.unit != r.Unit && !(f.unit == dollar && r.Unit == usDollar) {
		return 0, 0, false
	}
	v, decimals, _, how := f.value(r.Decimal)
	if f.shape[Scientific] && decimals > MaxDecimals {
		v, decimals = trimmed(rounded(v, decimals, r.Decimals), r.Decimals)
	}
	return v, decimals, how == fits
}

// Float reads one cell as the nearest float64, with all its digits; infinite where it is larger than any.
func (r *Reading) Float(cell []byte) (float64, bool) {
	v, decimals, kind := plain(cell, r.Decimal)
	if kind != noPlain && v < 1<<53 && v > -1<<53 { // both are exact, so their quotient is the nearest
		return float64(v) / pow10[decimals], true
	}
	if v, decimals, ok := grouped(cell, r.Decimal); ok && v < 1<<53 && v > -1<<53 {
		return float64(v) / pow10[decimals], true
	}
	var f form
	if !f.split(cell) || f.unit != "" && f.unit != r.Unit && !(f.unit == dollar && r.Unit == usDollar) {
		return 0, false
	}
	if _, _, _, how := f.value(r.Decimal); how == unfit {
		return 0, false
	}
	return f.float(r.Decimal), true
}

var pow10 = [mostDecimals + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}
