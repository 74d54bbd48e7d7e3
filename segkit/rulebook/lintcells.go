package rulebook

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/internal/condition"
	"github.com/segkit/lab/segkit/internal/formula"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// The cells of a rule book: every column is cut into the pieces within which no rule can tell values apart.

// cut is a column in pieces.
type cut struct {
	column int // of the table
	pieces []piece
	place  func(v float64) int // the piece that v is in, -1 for none
}

type piece struct {
	value float64 // one in it
	when  string  // the condition for it, "" where there is only one piece
}

// atom is a part of a rule that asks about a single column.
type atom struct {
	eval      func(row []float64) float64
	constants []float64 // that a number is compared with
	missing   bool      // it asks whether there is a value
}

// cutter takes rules apart into atoms.
type cutter struct {
	condition.Compiler
	atoms [][]atom // by column
}

// cut cuts the columns of t as the rules ask about them. why is the reason that it cannot be done.
func (b *Book) cut(t *table.Table, rules []condition.Term) (cuts []cut, why string) {
	c := &cutter{condition.Compiler{Columns: t.Raw().ConditionColumns()}, make([][]atom, len(t.Raw().Columns))}
	for i, rule := range rules {
		if !c.collect(rule.Tree) {
			return nil, fmt.Sprintf("rule %q does more than compare columns with constants (%s)", wording.Clip(b.Rules[i].Name), wording.Clip(b.Rules[i].When))
		}
	}
	row := make([]float64, len(t.Raw().Columns))
	for j, atoms := range c.atoms {
		if atoms == nil {
			continue
		}
		signature := func(v float64) string { // equal for values that no atom tells apart
			row[j] = v
			var s strings.Builder
			for _, a := range atoms {
				fmt.Fprint(&s, a.eval(row), " ")
			}
			return s.String()
		}
		column := t.Raw().Columns[j]
		var one cut
		switch {
		case !column.Categorical():
			one = cutNumbers(column, t.Raw().Column(j), atoms, signature)
		case column.Ordered:
			one = cutOrdered(column, signature)
		default:
			one = cutLevels(column, signature)
		}
		one.column = j
		one.addMissing(column, atoms)
		cuts = append(cuts, one)
	}
	return cuts, ""
}

// collect finds the atoms of a checked condition; false where it is not made of such.
func (c *cutter) collect(n *formula.Node) bool {
	switch {
	case n.Kind == formula.Truth:
		return true
	case n.Kind == formula.Not:
		return c.collect(n.Args[0])
	case n.Kind == formula.Binary && (n.Name == "and" || n.Name == "or"):
		return c.collect(n.Args[0]) && c.collect(n.Args[1])
	case n.Kind == formula.Call: // the only function that is a condition is missing
		return c.add(n, n.Args[0], nil)
	case condition.IsColumn(n.Args[0]):
		return c.add(n, n.Args[0], n.Args[1])
	case condition.IsColumn(n.Args[1]):
		return c.add(n, n.Args[1], n.Args[0])
	}
	return !condition.SpeaksOfColumns(n)
}

// add notes the atom n, which compares a column with something, or asks whether it is missing.
func (c *cutter) add(n, column, with *formula.Node) bool {
	if !condition.IsColumn(column) || with != nil && condition.SpeaksOfColumns(with) {
		return false
	}
	whole, _ := c.Term(n) // checked already
	a := atom{eval: whole.Eval, missing: with == nil}
	if x, _ := c.Term(column); x.Kind == condition.Number && with != nil {
		constants := []*formula.Node{with}
		if with.Kind == formula.List {
			constants = with.Args
		}
		for _, k := range constants {
			v, _ := c.Term(k)
			if v := v.Eval(nil); !math.IsNaN(v) {
				a.constants = append(a.constants, v)
			}
		}
	}
	name := condition.ColumnName(column)
	j := slices.IndexFunc(c.Columns, func(c condition.Column) bool { return c.Name == name })
	c.atoms[j] = append(c.atoms[j], a)
	return true
}

// addMissing makes a piece of the missing values if an atom asks for them.
func (c *cut) addMissing(column table.Column, atoms []atom) {
	at := -1
	if slices.ContainsFunc(atoms, func(a atom) bool { return a.missing }) {
		missing := "missing(" + condition.Name(column.Name) + ")"
		if at = len(c.pieces); at == 1 {
			c.pieces[0].when = "not " + missing
		}
		c.pieces = append(c.pieces, piece{math.NaN(), missing})
	}
	place := c.place
	c.place = func(v float64) int {
		if math.IsNaN(v) {
			return at
		}
		return place(v)
	}
}

// span is the values from lo to hi, both included.
type span struct{ lo, hi float64 }

// merged joins neighbours of the same signature.
func merged(spans []span, signature func(v float64) string) []span {
	var out []span
	last := ""
	for _, s := range spans {
		now := signature(s.value())
		if n := len(out); n > 0 && now == last {
			out[n-1].hi = s.hi
		} else {
			out, last = append(out, s), now
		}
	}
	return out
}

// value is one that the span holds, zero or an end.
func (s span) value() float64 {
	switch {
	case !math.IsInf(s.lo, 0):
		return s.lo
	case !math.IsInf(s.hi, 0):
		return s.hi
	}
	return 0
}

// placeIn returns the span that a value is in.
func placeIn(spans []span) func(v float64) int {
	return func(v float64) int { return sort.Search(len(spans), func(p int) bool { return spans[p].lo > v }) - 1 }
}

// bound is one end of a piece as it is written, "" for none.
type bound struct {
	text string
	open bool // the end itself is left out
}

// boundsText writes the condition for what lies between two bounds: "3 <= r < 5", "r > 5", "r == 5", or nothing for all.
func boundsText(name string, lower, upper bound) string {
	sign := func(b bound, sign string) string {
		if b.open {
			return sign
		}
		return sign + "="
	}
	switch {
	case lower == upper && lower.text != "":
		return name + " == " + lower.text
	case lower.text != "" && upper.text != "":
		return lower.text + " " + sign(lower, "<") + " " + name + " " + sign(upper, "<") + " " + upper.text
	case lower.text != "":
		return name + " " + sign(lower, ">") + " " + lower.text
	case upper.text != "":
		return name + " " + sign(upper, "<") + " " + upper.text
	}
	return ""
}

// domain is what a number column can hold, and where the next number is.
type domain struct {
	low   float64 // 0 or -Inf
	whole bool
}

// domainOf takes the values of a column for typical: without negative ones there are none, and whole ones stay whole.
func domainOf(values []float64) domain {
	known := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	d := domain{math.Inf(-1), len(known) > 0 && !slices.ContainsFunc(known, func(v float64) bool { return v != math.Trunc(v) })}
	if len(known) > 0 && slices.Min(known) >= 0 {
		d.low = 0
	}
	return d
}

func (d domain) after(v float64) float64 {
	next := math.Nextafter(v, math.Inf(1))
	if d.whole {
		return max(math.Floor(v)+1, next) // beyond 2^53 whole numbers lie further apart
	}
	return next
}

func (d domain) before(v float64) float64 {
	next := math.Nextafter(v, math.Inf(-1))
	if d.whole {
		return min(math.Ceil(v)-1, next)
	}
	return next
}

// cutNumbers cuts a number column at the constants it is compared with. Between a number and the next one there is nothing,
// so every piece has a first and a last value.
func cutNumbers(column table.Column, values []float64, atoms []atom, signature func(v float64) string) cut {
	var constants []float64
	for _, a := range atoms {
		constants = append(constants, a.constants...)
	}
	slices.Sort(constants)
	constants = slices.Compact(constants)
	d := domainOf(values)
	var spans []span
	from := d.low
	for _, c := range constants {
		if c < d.low {
			continue
		}
		if to := d.before(c); from <= to {
			spans = append(spans, span{from, to})
		}
		if !d.whole || c == math.Trunc(c) {
			spans = append(spans, span{c, c})
		}
		from = d.after(c)
	}
	spans = merged(append(spans, span{from, math.Inf(1)}), signature)
	out := cut{place: placeIn(spans)}
	for _, s := range spans {
		var lower, upper bound
		if s.lo > d.low || s.lo == s.hi {
			if lower.text = wording.Number(s.lo); !d.whole && !slices.Contains(constants, s.lo) {
				lower = bound{wording.Number(d.before(s.lo)), true}
			}
		}
		if s.hi < math.Inf(1) {
			if upper.text = wording.Number(s.hi); !d.whole && !slices.Contains(constants, s.hi) {
				upper = bound{wording.Number(d.after(s.hi)), true}
			}
		}
		out.pieces = append(out.pieces, piece{s.value(), boundsText(condition.Name(column.Name), lower, upper)})
	}
	return out
}

// cutOrdered cuts an ordered category between its levels.
func cutOrdered(column table.Column, signature func(v float64) string) cut {
	spans := make([]span, len(column.Levels))
	for l := range spans {
		spans[l] = span{float64(l), float64(l)}
	}
	spans = merged(spans, signature)
	out := cut{place: placeIn(spans)}
	for p, s := range spans {
		var lower, upper bound
		if p > 0 || s.lo == s.hi && len(spans) > 1 {
			lower.text = strconv.Quote(column.Levels[int(s.lo)])
		}
		if p < len(spans)-1 || s.lo == s.hi && len(spans) > 1 {
			upper.text = strconv.Quote(column.Levels[int(s.hi)])
		}
		out.pieces = append(out.pieces, piece{s.value(), boundsText(condition.Name(column.Name), lower, upper)})
	}
	return out
}

// cutLevels puts the levels of a category together that no rule tells apart.
func cutLevels(column table.Column, signature func(v float64) string) cut {
	at, of := map[string]int{}, make([]int, len(column.Levels))
	var groups [][]string
	for l, level := range column.Levels {
		s := signature(float64(l))
		if _, known := at[s]; !known {
			at[s], groups = len(groups), append(groups, nil)
		}
		of[l] = at[s]
		groups[of[l]] = append(groups[of[l]], strconv.Quote(level))
	}
	out := cut{pieces: make([]piece, len(groups)), place: func(v float64) int { return of[int(v)] }}
	name := condition.Name(column.Name)
	for p, in := range groups {
		out.pieces[p].value = float64(slices.Index(of, p))
		switch others := len(column.Levels) - len(in); {
		case others == 0:
		case len(in) == 1:
			out.pieces[p].when = name + " == " + in[0]
		case len(in) <= others:
			out.pieces[p].when = name + " in [" + strings.Join(in, ", ") + "]"
		default:
			rest := slices.Concat(slices.Delete(slices.Clone(groups), p, p+1)...)
			out.pieces[p].when = name + " not in [" + strings.Join(rest, ", ") + "]"
		}
	}
	return out
}

// customersIn counts the customers of t in each of n cells. One with a missing value is in none, unless a rule asks for it.
func customersIn(t *table.Table, cuts []cut, n int) []int {
	counts := make([]int, n)
	for i := range t.Raw().IDs {
		cell := 0
		for _, c := range cuts {
			p := c.place(t.At(i, c.column))
			if p < 0 {
				cell = -1
				break
			}
			cell = cell*len(c.pieces) + p
		}
		if cell >= 0 {
			counts[cell] += t.Customers(i)
		}
	}
	return counts
}

// cellText writes the condition for a cell; the last column changes fastest.
func cellText(cuts []cut, cell int) string {
	var parts []string
	for _, c := range slices.Backward(cuts) {
		if when := c.pieces[cell%len(c.pieces)].when; when != "" {
			parts = append(parts, when)
		}
		cell /= len(c.pieces)
	}
	if parts == nil {
		return "true"
	}
	slices.Reverse(parts)
	return strings.Join(parts, " and ")
}
