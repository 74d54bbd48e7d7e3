package privacy

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Rows of customers that leave the house: k-anonymity.

// ReleaseOptions say what others may know about customers, and how many customers must look alike in these columns.
type ReleaseOptions struct {
	Quasi []string // columns that an outsider may know about a customer: age, city, number of orders
	K     int      // fewest customers who are alike in all of them; 0 means 5
	Loss  float64  // share of customers who may be left out instead of coarsening further for all; 0 means .05, below 0 none
}

// Released is a table that may leave the company, as far as k-anonymity goes.
type Released struct {
	Table   *table.Table // customers by an arbitrary number, in an order that depends only on what is released; quasi-identifiers are categories
	K       int
	Of      int // customers in the original table
	Classes int // groups of customers who are alike in all quasi-identifiers
	Least   int // customers in the smallest of them
	Coarser []Coarser
	Alike   []Alike  // columns that were not coarsened in which a class gives its customers away
	Exact   []string // columns with nearly as many values as customers: whoever knows a value finds the row
}

// Coarser says what happened to one quasi-identifier.
type Coarser struct {
	Column string
	Before int     // different values
	After  int     // bands, prefixes, levels
	Kind   string  // "as it was", "bands", "first 2 characters", "levels of 20 customers and more", "nothing"
	Lost   float64 // share of its information (entropy) that is lost: 0 to 1
}

// Alike says in how many classes all customers have the same value of a column: anybody known to be in such a class has no secret there, however
// large the class is.
type Alike struct {
	Column             string
	Classes, Customers int
}

var _ sheet.Sheeter = (*Released)(nil)

// Release coarsens the columns Quasi until every customer is like at least K - 1 others in all of them. It drops ids, and the few customers for whom this would cost
// all the others too much. This is k-anonymity (Sweeney 2002, "Achieving k-anonymity privacy protection using generalization and suppression",
// doi:10.1142/S021848850200165X). Numbers become bands with about the same number of customers, dates become years and decades, codes of equal length their first
// characters, and rare levels of categories "other". Of all combinations of such steps, it takes the one that loses the least information (in halvings of each
// column's entropy, so that no column pays for all). If there are too many to try, single steps lead to a good combination that may not be the best. Classes cut
// differently in each place could lose less; finding the least is NP-hard (Meyerson & Williams 2004, doi:10.1145/1055558.1055591). Other columns that identify
// customers by themselves (Identifiers) are refused.
//
// It does not stop somebody who knows that a customer is in a class whose customers are all alike in what matters (Alike; Machanavajjhala et al. 2007,
// "l-diversity", doi:10.1145/1217299.1217302), who knows more about the customer than Quasi says, such as an exact amount (Exact), or who compares it with a second
// release of the same customers. It looks at customers up to 30 million times.
func Release(raw *table.Table, o ReleaseOptions) (*Released, error) {
	const op = "privacy.Release"
	if raw == nil {
		return nil, fault.Nil(op, "table")
	}
	if o.K == 0 {
		o.K = 5
	}
	if o.Loss == 0 {
		o.Loss = .05
	}
	found, err := Identifiers(raw)
	if err != nil {
		return nil, err
	}
	names, _ := found.split()
	names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(o.Quasi, name) }) // what is coarsened names nobody
	switch {
	case o.K < 2:
		return nil, fault.Option("privacy.ReleaseOptions", "K", o.K, "2 or more, so that nobody stands alone")
	case o.Loss >= 1 || math.IsNaN(o.Loss):
		return nil, fault.Option("privacy.ReleaseOptions", "Loss", o.Loss, "a share below 1")
	case len(o.Quasi) == 0:
		return nil, fault.Option("privacy.ReleaseOptions", "Quasi", o.Quasi, "the columns that somebody outside may know about a customer, such as age and city")
	case len(names) > 0:
		return nil, &fault.CellError{Op: op, Column: names[0], Why: "names customers by itself", Remedy: fmt.Sprintf(`drop it first: Drop("%s")`, strings.Join(names, `", "`)), Err: fault.ErrSchema}
	case raw.Len() < o.K:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: there are %s, fewer than K = %d: nobody could be hidden among others", op, wording.Plural(raw.Len(), "customer"), o.K)
	}
	raw, _ = raw.Repeated()
	r := release{raw: raw, k: o.K, spare: int(max(0, o.Loss) * float64(raw.Len()))}
	for _, name := range o.Quasi {
		j, err := raw.Index(name)
		if err != nil {
			return nil, err
		}
		r.ladders = append(r.ladders, ladder(raw, j, o.K))
	}
	r.search()
	return r.result(o.Quasi), nil
}

// step is a column as coarse as it may become at one rung of its ladder.
type step struct {
	kind   string
	levels []string
	of     []int // (n) level of each customer
	lost   float64
}

// nothing is the last step of a ladder: all customers are alike, those without a value too.
const nothing = "nothing"

// ladder are the steps from a column as it is to nothing.
func ladder(raw *table.Table, j, k int) (steps []step) {
	c, values := raw.Raw().Columns[j], raw.Raw().Column(j)
	add := func(kind string, label func(i int) string, order func(a, b string) int) {
		s := step{kind: kind, of: make([]int, len(values))}
		at := map[string]int{}
		labels := make([]string, len(values))
		for i := range values {
			if labels[i] = "unknown"; !math.IsNaN(values[i]) || kind == nothing {
				labels[i] = label(i)
			}
			at[labels[i]] = 0
		}
		for level := range at {
			s.levels = append(s.levels, level)
		}
		slices.SortFunc(s.levels, func(a, b string) int { return cmp.Or(order(a, b), cmp.Compare(a, b)) })
		for l, level := range s.levels {
			at[level] = l
		}
		for i, label := range labels {
			s.of[i] = at[label]
		}
		if n := len(steps); n > 0 && len(steps[n-1].levels) <= len(s.levels) { // no coarser
			return
		}
		if steps = append(steps, s); len(steps) > 1 {
			if whole := entropy(steps[0].of, len(steps[0].levels)); whole > 0 {
				steps[len(steps)-1].lost = 1 - entropy(s.of, len(s.levels))/whole
			}
		}
	}
	same := func(a, b string) int { return 0 }
	switch {
	case c.Numeric() && !stats.ZeroOne(values):
		number := func(label string) float64 { // the first number of a label, for its order
			label = strings.NewReplacer(",", "", "−", "-").Replace(strings.Fields(strings.TrimPrefix(label, "above "))[0])
			v, err := strconv.ParseFloat(label, 64)
			if err != nil {
				return math.Inf(1)
			}
			return v
		}
		byNumber := func(a, b string) int { return cmp.Compare(number(a), number(b)) }
		add("as it was", func(i int) string { return strconv.FormatFloat(values[i], 'f', -1, 64) }, byNumber)
		sample := quantile.Of(values, nil, false)
		whole := !slices.ContainsFunc(values, func(v float64) bool { return v != math.Trunc(v) && !math.IsNaN(v) })
		for bands := 32; bands >= 2; bands /= 2 {
			cuts := cutsOf(sample, bands, whole)
			if len(cuts) < 2 {
				continue
			}
			add("bands", func(i int) string {
				b, _ := slices.BinarySearchFunc(cuts[1:len(cuts)-1], values[i], func(cut, v float64) int {
					if cut <= v { // a band holds its lower end
						return -1
					}
					return 1
				})
				low, high := cuts[b], cuts[b+1]
				if whole { // the next band begins at high
					high--
				}
				if low == high {
					return sheet.Number(low)
				}
				return sheet.Number(low) + " to " + sheet.Number(high)
			}, byNumber)
		}
	default:
		name := func(i int) string { return strconv.Itoa(int(values[i])) }
		byLevel := same
		if c.Categorical() {
			name = func(i int) string { return c.Word(int(values[i])) }
			position := map[string]int{"other": len(c.Levels), "unknown": len(c.Levels) + 1}
			for l := range c.Levels {
				position[c.Word(l)] = l
			}
			byLevel = func(a, b string) int { return cmp.Compare(position[a], position[b]) }
		}
		add("as it was", name, byLevel)
		if dates(steps[0].levels) {
			add("years", func(i int) string { return year.FindStringSubmatch(name(i))[1] }, same)
			add("decades", func(i int) string { return year.FindStringSubmatch(name(i))[1][:3] + "0s" }, same)
			break
		}
		if length := codeLength(steps[0].levels); length > 0 {
			for keep := length - 1; keep > 0; keep-- {
				add(fmt.Sprintf("first %s", wording.Plural(keep, "character")), func(i int) string { return string([]rune(name(i))[:keep]) + strings.Repeat("*", length-keep) }, same)
			}
			break
		}
		size := make([]int, len(steps[0].levels))
		for _, l := range steps[0].of {
			size[l]++
		}
		whole := steps[0]
		for least := k; least < len(values); least *= 2 {
			add(fmt.Sprintf("levels of at least %d customers", least), func(i int) string {
				if size[whole.of[i]] < least {
					return "other"
				}
				return whole.levels[whole.of[i]]
			}, byLevel)
		}
	}
	add(nothing, func(int) string { return "any" }, same)
	return steps
}

// cutsOf are the ends of so many bands of about the same number of customers, rounded to two digits; the first and last hold all.
func cutsOf(sample quantile.Sample, bands int, whole bool) []float64 {
	var cuts []float64
	for b := range bands + 1 {
		v := sample.At(float64(b) / float64(bands))
		r, unit := rounded(v, 2)
		if whole {
			r, unit = math.Ceil(r), max(1, unit)
		}
		switch {
		case b == 0 && r > v:
			r -= unit
		case b == bands && r <= v:
			r += max(unit, 1)
		}
		if len(cuts) == 0 || r > cuts[len(cuts)-1] {
			cuts = append(cuts, r)
		}
	}
	return cuts
}

// year finds that of a date such as 13.09.1984 or 1984-09-13.
var year = regexp.MustCompile(`^(?:\d{1,2}[-/.]){0,2}(\d{4})(?:[-/.]\d{1,2}){0,2}$`)

// dates reports whether all levels, and more than 20 of them, are dates.
func dates(levels []string) bool {
	return len(levels) > mostLevels && !slices.ContainsFunc(levels, func(level string) bool { return level != "unknown" && (!year.MatchString(level) || len(level) < 8) })
}

// codeLength is the length that more than 20 levels have in common, some of them with digits; 0 where they are no codes.
func codeLength(levels []string) int {
	length, digits := 0, false
	for _, level := range levels {
		if level == "unknown" {
			continue
		}
		n := len([]rune(level))
		if length > 0 && n != length {
			return 0
		}
		length, digits = n, digits || strings.ContainsFunc(level, unicode.IsDigit)
	}
	if len(levels) <= mostLevels || length < 3 || !digits {
		return 0
	}
	return length
}

func entropy(of []int, k int) (h float64) {
	size := make([]float64, k)
	for _, l := range of {
		size[l]++
	}
	for _, n := range size {
		if n > 0 {
			p := n / float64(len(of))
			h -= p * math.Log(p)
		}
	}
	return h
}

// release is a table on its way out.
type release struct {
	raw     *table.Table
	k       int
	spare   int // customers who may be left out
	ladders [][]step
	at      []int // rung of each
}

// alone counts customers in classes of fewer than k, with each column on its rung; class says which class each customer is in, and size how
// large each is.
func (r *release) alone(at []int) (n int, class, size []int) {
	class = make([]int, r.raw.Len())
	classes := 1
	for q, steps := range r.ladders {
		s := steps[at[q]]
		for i, l := range s.of {
			class[i] = class[i]*len(s.levels) + l
		}
		if classes *= len(s.levels); classes > 2*len(class) { // most of them are empty
			classes = numbered(class)
		}
	}
	size = make([]int, classes)
	for _, c := range class {
		size[c]++
	}
	for _, s := range size {
		if s < r.k {
			n += s
		}
	}
	return n, class, size
}

// numbered gives classes the numbers from 0 on in the order in which they come, and returns how many there are.
func numbered(class []int) int {
	number := make(map[int]int, len(class)/4)
	for i, c := range class {
		n, ok := number[c]
		if !ok {
			n = len(number)
			number[c] = n
		}
		class[i] = n
	}
	return len(number)
}

// dear is what a step costs: how often its information has been halved, so that all columns become coarser before one of them is gone.
func dear(s step) float64 { return -math.Log2(max(1-s.lost, .01)) }

// quick is how many customers are looked at in all, over the combinations of steps that are tried.
const quick = 30_000_000

// search finds how coarse each column must be: the cheapest combination of steps that leaves few enough customers alone, where trying all of them is
// quick; else the one to which single steps lead.
func (r *release) search() {
	combinations := 1
	for _, steps := range r.ladders {
		if combinations *= len(steps); combinations*r.raw.Len() > quick {
			r.climb()
			return
		}
	}
	all := make([][]int, combinations)
	for c := range all {
		rest := c
		for _, steps := range r.ladders {
			all[c] = append(all[c], rest%len(steps))
			rest /= len(steps)
		}
	}
	slices.SortStableFunc(all, func(a, b []int) int { return cmp.Compare(r.cost(a), r.cost(b)) })
	for _, r.at = range all {
		if alone, _, _ := r.alone(r.at); alone <= r.spare {
			return
		}
	}
}

// cost is what a combination of steps costs.
func (r *release) cost(at []int) (sum float64) {
	for q, steps := range r.ladders {
		sum += dear(steps[at[q]])
	}
	return sum
}

// climb coarsens until few enough customers are alone, and then makes columns finer again as far as that goes.
func (r *release) climb() {
	r.at = make([]int, len(r.ladders))
	now, _, _ := r.alone(r.at)
	for now > r.spare {
		best, bestAlone, most := -1, 0, math.Inf(-1)
		for q, steps := range r.ladders {
			if r.at[q] == len(steps)-1 {
				continue
			}
			r.at[q]++
			alone, _, _ := r.alone(r.at)
			lost := dear(steps[r.at[q]]) - dear(steps[r.at[q]-1])
			r.at[q]--
			if gain := float64(now-alone+1) / (lost + 1e-3); gain > most {
				best, bestAlone, most = q, alone, gain
			}
		}
		if best < 0 { // everything is gone, and all customers are in one class
			break
		}
		r.at[best]++
		now = bestAlone
	}
	for better := true; better; {
		better = r.finer()
	}
}

// finer takes one column back a step, where need be for a step of another, if customers stay among others and the whole is cheaper.
func (r *release) finer() bool {
	best, least := r.at, r.cost(r.at)-1e-9
	for q := range r.at {
		if r.at[q] == 0 {
			continue
		}
		for p := range r.at {
			at := slices.Clone(r.at)
			at[q]--
			if p != q { // p == q: without a step of another
				at[p]++
			}
			if at[p] == len(r.ladders[p]) || r.cost(at) >= least {
				continue
			}
			if alone, _, _ := r.alone(at); alone <= r.spare {
				best, least = at, r.cost(at)
			}
		}
	}
	moved := !slices.Equal(best, r.at)
	r.at = best
	return moved
}

// result makes the table, and says what was lost and what is not protected.
func (r *release) result(quasi []string) *Released {
	_, class, size := r.alone(r.at)
	out := &Released{K: r.k, Of: r.raw.Len()}
	raw := r.raw.Raw()
	columns := table.CloneColumns(raw.Columns)
	replaced := make([]*step, len(columns))
	for q, name := range quasi {
		s := &r.ladders[q][r.at[q]]
		j := slices.IndexFunc(columns, func(c table.Column) bool { return c.Name == name })
		replaced[j] = s
		columns[j] = table.Column{Name: name, Levels: s.levels, Role: columns[j].Role, Ancestry: columns[j].Ancestry}
		out.Coarser = append(out.Coarser, Coarser{name, len(r.ladders[q][0].levels), len(s.levels), s.kind, s.lost})
	}
	var kept []int
	for i, c := range class {
		if size[c] >= r.k {
			kept = append(kept, i)
		}
	}
	row := func(i int) []float64 {
		values := slices.Clone(raw.Row(i))
		for j, s := range replaced {
			if s != nil {
				values[j] = float64(s.of[i])
			}
		}
		return values
	}
	slices.SortStableFunc(kept, func(a, b int) int { return slices.CompareFunc(row(a), row(b), cmp.Compare) }) // the order in which they came may tell who they are
	released := table.Raw{Columns: columns, IDName: "row", Weighting: raw.Weighting}
	seen := map[int]int{}
	for n, i := range kept {
		released.IDs = append(released.IDs, strconv.Itoa(n+1))
		released.Data = append(released.Data, row(i)...)
		seen[class[i]]++
		if raw.Weights != nil {
			released.Weights = append(released.Weights, raw.Weights[i])
		}
	}
	out.Table, out.Classes = table.FromRaw(released), len(seen)
	for _, n := range seen {
		if out.Least == 0 || n < out.Least {
			out.Least = n
		}
	}
	for j, c := range columns {
		if replaced[j] == nil {
			out.tell(c.Name, raw.Column(j), kept, class)
		}
	}
	return out
}

// tell notes of a column that was left as it is where it gives customers away.
func (out *Released) tell(name string, values []float64, kept, class []int) {
	type group struct {
		value float64
		n     int
		mixed bool
	}
	groups, different := map[int]group{}, map[float64]bool{}
	for _, i := range kept {
		g, seen := groups[class[i]]
		if v := values[i]; !seen {
			g.value = v
		} else if v != g.value && !(math.IsNaN(v) && math.IsNaN(g.value)) {
			g.mixed = true
		}
		g.n++
		groups[class[i]] = g
		different[values[i]] = true // NaN is different each time, and few
	}
	a := Alike{Column: name}
	for _, g := range groups {
		if !g.mixed {
			a.Classes++
			a.Customers += g.n
		}
	}
	if a.Classes > 0 {
		out.Alike = append(out.Alike, a)
	}
	if 2*len(different) > len(kept) {
		out.Exact = append(out.Exact, name)
	}
}

// Sheet says what happened to each quasi-identifier, and in its notes what is not protected.
func (out *Released) Sheet() sheet.Sheet {
	if out == nil {
		return sheet.Sheet{}
	}
	n := out.Table.Len()
	page := sheet.Sheet{Total: len(out.Coarser), Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "different values"}, {Name: "left"}, {Name: "as", Text: true}, {Name: "information lost"}},
		Caption: fmt.Sprintf("Everybody is in a group of at least %d alike: %s in %s, %s left out", out.Least, wording.Plural(n, "customer"), wording.Plural(out.Classes, "group"), sheet.Count(out.Of-n))}
	for _, c := range out.Coarser {
		page.Rows = append(page.Rows, []string{c.Column, sheet.Count(c.Before), sheet.Count(c.After), c.Kind, sheet.Percent(c.Lost)})
	}
	if n < out.Of {
		page.Notes = append(page.Notes, fmt.Sprintf("%s of customers are left out, because they are rare in these columns: the release is no longer a fair sample.", sheet.Percent(float64(out.Of-n)/float64(out.Of))))
	}
	for _, a := range out.Alike {
		page.Notes = append(page.Notes, fmt.Sprintf("In %s of the groups all customers have the same %s (%s): for anybody known to be in one, it is no secret.", sheet.Count(a.Classes), wording.InWords(a.Column), wording.Plural(a.Customers, "customer")))
	}
	if out.Exact != nil {
		page.Notes = append(page.Notes, fmt.Sprintf("In %s nearly every customer has a value of their own, and anybody who knows it finds the row. Name it in Quasi, or drop it.", sheet.List(out.Exact)))
	}
	page.Notes = append(page.Notes, "It does not protect against anybody who knows more about a customer than these columns, or who compares it with another release of the same customers.")
	return page
}

// Frame returns a row per quasi-identifier: column, before, after, kind, lost.
func (out *Released) Frame() table.Frame {
	var all []Coarser
	if out != nil {
		all = out.Coarser
	}
	return frame.New(
		frame.Each("column", all, func(c Coarser) string { return c.Column }),
		frame.Each("before", all, func(c Coarser) int { return c.Before }),
		frame.Each("after", all, func(c Coarser) int { return c.After }),
		frame.Each("kind", all, func(c Coarser) string { return c.Kind }),
		frame.Each("lost", all, func(c Coarser) float64 { return c.Lost }))
}
