package features

// One row per customer, and the definition of every column of it.

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// feature is a column of the table, with what counts it: the table and the dictionary are both made from it.
type feature struct {
	behaviour.Feature
	value func(t *tally, u units) float64 // NaN where it is not defined
}

// units turn whole numbers into numbers of units and of money, and days into days ago.
type units struct {
	quantity, money float64
	asOf            int
}

// values count the features.
var values = map[string]func(t *tally, u units) float64{
	"recency": func(t *tally, u units) float64 { return float64(u.asOf - t.last) },
	"orders":  func(t *tally, _ units) float64 { return float64(t.orders) },
	"spend":   func(t *tally, u units) float64 { return float64(t.sales+t.refunds) / u.money },
	"basket":  func(t *tally, u units) float64 { return float64(t.sales) / u.money / float64(t.orders) },
	"items":   func(t *tally, u units) float64 { return float64(t.units) / u.quantity / float64(t.orders) },
	"tenure":  func(t *tally, u units) float64 { return float64(u.asOf - t.first) },
	"gap": func(t *tally, _ units) float64 {
		if t.orders < 2 {
			return math.NaN()
		}
		return float64(t.last-t.first) / float64(t.orders-1)
	},
	"products":   func(t *tally, _ units) float64 { return float64(t.products) },
	"categories": func(t *tally, _ units) float64 { return float64(t.categories) },
	"return_share": func(t *tally, _ units) float64 {
		if t.sales+t.netted <= 0 {
			return math.NaN()
		}
		return float64(t.netted-min(t.refunds, 0)) / float64(t.sales+t.netted)
	},
	"weekend_share": func(t *tally, _ units) float64 { return float64(t.weekend) / float64(t.orders) },
	"hour":          func(t *tally, _ units) float64 { return float64(t.hour) },
}

// choose returns the features that s asks for and the lines support, and the names of the others: descriptors.
func (s Spec) choose(v *view) (chosen []feature, described []string, err error) {
	features, described, unknown, have := v.supports().Choose(s.Features)
	if unknown != "" {
		return nil, nil, unknownFeature(unknown, have)
	}
	for _, f := range features {
		chosen = append(chosen, feature{f, values[f.Name]})
	}
	return chosen, described, nil
}

// supports says what features can be made from.
func (l *lines) supports() *behaviour.Lines {
	has := func(m meaning) bool {
		return slices.ContainsFunc(l.mapping, func(one Mapping) bool { return one.Meaning == m.String() && one.Header != "" })
	}
	return &behaviour.Lines{Has: has, Timed: l.timed, Currency: l.currency, Descriptors: l.moreNames}
}

// descriptorNames are the names of the descriptor columns of the table.
func (l *lines) descriptorNames() []string { return l.supports().Described() }

// Features returns one row per customer with at least one order up to and including the day asOf (n customers, sorted by
// id). Nothing in it comes from later lines, cancellations included. A zero asOf is 90 days before the last day.
// Undefined values are missing: a customer who bought once has no days between orders. Spec says what to make; Dictionary
// explains how it was made. It costs O(lines).
func (c *Cleaned) Features(asOf time.Time, s ...Spec) (*table.Table, error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.Features", "orders")
	}
	spec, err := c.Spec(asOf, s...)
	if err != nil {
		return nil, err
	}
	tables, err := c.snapshots([]Spec{spec})
	if err != nil {
		return nil, err
	}
	return tables[0], nil
}

// Snapshots returns what Features returns for each of the dates (t), in one pass over the lines: if all days up to a date count, a later date costs only the
// lines since the previous one. A zero date is 90 days before the last day. It costs O(lines + t·n), with a Spec.Window at most O(t·lines).
func (c *Cleaned) Snapshots(dates []time.Time, s ...Spec) ([]*table.Table, error) {
	if c == nil {
		return nil, fault.Nil("features.Cleaned.Snapshots", "orders")
	}
	if len(dates) == 0 {
		return nil, fault.Option("features.Cleaned.Snapshots", "dates", "none", "at least one date")
	}
	specs := make([]Spec, len(dates))
	for t, date := range dates {
		var err error
		if specs[t], err = c.Spec(date, s...); err != nil {
			return nil, err
		}
	}
	return c.snapshots(specs)
}

// snapshots makes a table for each of the specs, which differ in their as-of dates alone. What is remembered of some dates is not made again
// unless others are wanted.
func (c *Cleaned) snapshots(specs []Spec) ([]*table.Table, error) {
	compute := sync.OnceValues(func() ([]*table.Table, error) { return c.tables(specs) })
	out := make([]*table.Table, len(specs))
	for t, spec := range specs {
		var err error
		if out[t], err = memory.Recall(c.ctx, memory.Derived(c.key, "features", spec.text()), func() (*table.Table, error) {
			tables, err := compute()
			if err != nil {
				return nil, err
			}
			return tables[t], nil
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tables is snapshots without a memory.
func (c *Cleaned) tables(specs []Spec) ([]*table.Table, error) {
	p, err := c.people()
	if err == nil && slices.ContainsFunc(append(p.descriptorNames(), "products", "categories"), specs[0].asks) {
		p, err = p.whole()
	}
	if err != nil {
		return nil, err
	}
	tallies, err := c.tallies(p, specs)
	if err != nil {
		return nil, err
	}
	out := make([]*table.Table, len(specs))
	for t, spec := range specs {
		if out[t], err = c.table(p.view, spec, tallies[t]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *Cleaned) table(v *view, spec Spec, tallies []tally) (*table.Table, error) {
	days, err := c.days(spec)
	if err != nil {
		return nil, err
	}
	chosen, described, err := spec.choose(v)
	if err != nil {
		return nil, err
	}
	ids, columns := make([]string, len(tallies)), make([]table.Column, 0, len(chosen)+len(described))
	source := c.source(days)
	if spec.FirstOrders == 1 { // known of a customer as soon as there is the customer: no prediction could be made before it
		source = c.source(stretch{days.from, days.from})
	}
	for _, f := range chosen {
		made := table.Ancestry{Sources: source}
		for _, from := range f.Ancestry.Columns {
			made.Columns = append(made.Columns, behaviour.Column(spec.FirstOrders, from))
		}
		f.Ancestry, f.Name = made, behaviour.Column(spec.FirstOrders, f.Name)
		columns = append(columns, f.Column)
	}
	var levels []func(t *tally) float64
	for _, name := range described {
		names, level := v.levels(slices.Index(v.descriptorNames(), name), tallies)
		switch {
		case len(names) > 0:
			columns = append(columns, table.Column{Name: behaviour.Column(spec.FirstOrders, name), Role: table.Descriptor, Levels: names, Ancestry: table.Ancestry{Sources: source}})
			levels = append(levels, level)
		case len(spec.Features) > 0:
			return nil, &fault.CellError{Op: "features.Cleaned.Features", Why: fmt.Sprintf("no customer has a %s up to %s", name, dateText(days.to)),
				Remedy: "leave it out of Spec.Features", Err: fault.ErrEmpty}
		}
	}
	u := units{math.Pow10(v.quantityDecimals), math.Pow10(v.decimals), days.to}
	data := make([]float64, len(tallies)*len(columns))
	_ = par.Rows(context.Background(), len(tallies), func(_, from, to int) {
		for i := from; i < to; i++ {
			t, row := &tallies[i], data[i*len(columns):i*len(columns)]
			ids[i] = v.customer.names[t.customer]
			for _, f := range chosen {
				row = append(row, f.value(t, u))
			}
			for _, level := range levels {
				row = append(row, level(t))
			}
		}
	})
	note, err := c.Silence(spec.AsOf)
	if err != nil {
		return nil, err
	}
	out := table.FromRaw(table.Raw{IDs: ids, Columns: table.CloneColumns(columns), Data: data, Spec: []byte(spec.text()), Note: note})
	return out, out.Check()
}

// days are those that count.
func (c *Cleaned) days(spec Spec) (stretch, error) {
	f, err := c.facts()
	if err != nil {
		return stretch{}, err
	}
	days := stretch{f.First, dayOf(spec.AsOf.Unix())}
	if spec.Window > 0 {
		days.from = max(days.from, days.to-spec.Window+1)
	}
	return days, nil
}

// source says where columns come from, so that features of the same orders are not taken for independent evidence, nor what
// was known already for an outcome.
func (c *Cleaned) source(days stretch) []table.Source {
	return []table.Source{{Name: "the orders of " + filepath.Base(c.name), From: dateText(days.from), To: dateText(days.to)}}
}

// tallies returns for each of the specs, which differ in their as-of dates alone, the customers that have an order, sorted by id.
func (c *Cleaned) tallies(p *people, specs []Spec) ([][]tally, error) {
	days := make([]stretch, len(specs))
	for t, spec := range specs {
		var err error
		if days[t], err = c.days(spec); err != nil {
			return nil, err
		}
	}
	all, err := p.tallies(c.ctx, days, specs[0])
	if err != nil {
		return nil, err
	}
	for t, spec := range specs {
		all[t] = slices.DeleteFunc(all[t], func(one tally) bool {
			return one.orders == 0 || spec.NetNegative == DropNegative && one.sales+one.refunds < 0
		})
		if len(all[t]) == 0 {
			return nil, &fault.CellError{Op: "features.Cleaned.Features", Why: fmt.Sprintf("no customer ordered from %s to %s", dateText(days[t].from), dateText(days[t].to)),
				Remedy: "choose another as-of date or a longer window", Err: fault.ErrEmpty}
		}
	}
	return all, nil
}

// allKnown refuses lines that belong to nobody's row.
func (c *Orders) allKnown(v *view) error {
	n, first := 0, int32(0)
	for _, i := range v.rows {
		if v.customer.codes[i] == 0 {
			if n++; n == 1 {
				first = i
			}
		}
	}
	if n == 0 {
		return cmp.Or(c.oneCurrency(v), c.allWhole(v))
	}
	return &fault.CellError{Op: "features.Cleaned.Features", File: c.name, Line: int(v.line.at(first)), Err: fault.ErrSchema,
		Why: "has no customer" + likeOthers(n), Remedy: "clean with features.NoCustomer first"}
}

// oneCurrency refuses money of several currencies, which would be added up as if it were one.
func (c *Orders) oneCurrency(v *view) error {
	if !v.mixed {
		return nil
	}
	found, names, units := make([]bool, len(v.currencies.names)), []string(nil), []string(nil)
	for _, i := range v.rows {
		if code := v.currencies.code(i); code != 0 && !found[code] {
			found[code], names, units = true, append(names, v.currencies.names[code]), append(units, v.units[code])
		}
	}
	why := fmt.Sprintf("holds %s, and money would be added up as if it were one currency", quoted(names))
	switch {
	case v.among[currencyColumn] == nil && !slices.ContainsFunc(units, func(unit string) bool { return unit != units[0] }) || v.among[currencyColumn] != nil && v.among.all(currencyColumn, names):
		return nil
	case v.among[currencyColumn] != nil:
		why = v.among.unlike(names)
	}
	return &fault.CellError{Op: "features.Cleaned.Features", File: c.name, Column: v.header(currencyColumn), Err: fault.ErrSchema,
		Why: why, Remedy: strings.TrimSuffix(oneOf(names, units), ".")}
}

// likeOthers says that n lines are alike, one of which was named.
func likeOthers(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(" (one of %s like that)", wording.Plural(n, "line"))
}

// allWhole refuses lines whose day or worth is not known.
func (c *Orders) allWhole(v *view) error {
	if v.lacks == nil {
		return nil
	}
	n, first := 0, int32(0)
	for _, i := range v.rows {
		if v.lacks[i] != 0 {
			if n++; n == 1 {
				first = i
			}
		}
	}
	if n == 0 {
		return nil
	}
	return &fault.CellError{Op: "features.Cleaned.Features", File: c.name, Line: int(v.line.at(first)), Err: fault.ErrSchema,
		Why: "has no date, quantity, price or amount" + likeOthers(n), Remedy: "clean with features.MissingValue first: orders.Clean(append([]features.Rule{features.MissingValue}, features.UsualRules...)...)"}
}

// levels returns the sorted levels that the customers have of descriptor j, and each customer's index among them.
func (v *view) levels(j int, tallies []tally) ([]string, func(t *tally) float64) {
	names, code := v.category.names, func(t *tally) uint32 { return t.category }
	if v.category.present() {
		j--
	}
	if j >= 0 {
		names, code = v.more[j].names, func(t *tally) uint32 { return t.described[j] }
	}
	found := make([]bool, len(names))
	for i := range tallies {
		found[code(&tallies[i])] = true
	}
	levels := []string{}
	for c, name := range names {
		if c > 0 && found[c] {
			levels = append(levels, name)
		}
	}
	slices.Sort(levels)
	index := make([]float64, len(names))
	for c, name := range names {
		if i, ok := slices.BinarySearch(levels, name); ok && c > 0 {
			index[c] = float64(i)
		} else {
			index[c] = math.NaN()
		}
	}
	return levels, func(t *tally) float64 { return index[code(t)] }
}

// mostShares is how many levels Shares gives a column of their own.
const mostShares = 12

// Shares returns how the customers of Features(asOf, s) spread their money over the levels of a column: "category", or a descriptor such as
// "channel" or "country". Each level has a column (paper_share), the level with the most money first. It holds shares, 0 to 1, of what was bought
// up to the day asOf, less the cancellations known by then; beyond 12 levels, the rest is other_share. The shares add up to 1, so one of them is
// redundant. Lines without a level count in no share; a customer whose lines all lack a level has missing shares. Nothing comes from later lines.
// Spec.Features and Spec.FirstOrders cannot be combined with it. It costs O(lines).
func (c *Cleaned) Shares(column string, asOf time.Time, s ...Spec) (*table.Table, error) {
	const op = "features.Cleaned.Shares"
	if c == nil {
		return nil, fault.Nil(op, "orders")
	}
	spec, err := c.Spec(asOf, s...)
	switch {
	case err != nil:
		return nil, err
	case spec.FirstOrders > 0:
		return nil, fault.Option(op, "FirstOrders", spec.FirstOrders, "0: shares are of everything bought up to a day")
	case len(spec.Features) > 0:
		return nil, fault.Option(op, "Features", spec.Features, "none: the columns are the levels of "+column)
	}
	return memory.Recall(c.ctx, memory.Derived(c.key, "shares", spec.text(), column), func() (*table.Table, error) { return c.shares(op, column, spec) })
}

// shares is Shares without a memory.
func (c *Cleaned) shares(op, column string, spec Spec) (*table.Table, error) {
	spec.Features = []string{"recency"}
	customers, err := c.tables([]Spec{spec})
	if err != nil {
		return nil, err
	}
	p, err := c.people()
	if err == nil {
		p, err = p.whole()
	}
	if err != nil {
		return nil, err
	}
	names := slices.Clone(p.descriptorNames())
	if p.categorized {
		names[0] = "category"
	}
	at := slices.Index(names, column)
	if at < 0 {
		return nil, suggest.Column(op, column, names)
	}
	of := p.category
	if p.categorized {
		at--
	}
	if at >= 0 {
		of = p.more[at]
	}
	days, err := c.days(spec)
	if err != nil {
		return nil, err
	}
	ids := customers[0].Raw().IDs                                                  // sorted, as byName is
	money, total := make([][]levelMoney, len(ids)), make([]float64, len(of.names)) // only of levels that a customer has: there may be many, and many customers
	own, met := make([]float64, len(of.names)), []uint32{}                         // of the customer
	past, row := p.past()(), 0
	for _, code := range p.byName {
		if row == len(ids) || p.customer.names[code] != ids[row] {
			continue
		}
		v, runs := past.during(code, days)
		for _, r := range runs {
			for _, i := range v.rows[r.first : r.first+r.n] {
				if level := of.code(i); level != 0 && v.kind(i) != refunded {
					own[level] += float64(v.amount.at(i))
					total[level] += float64(v.amount.at(i))
					met = append(met, level)
				}
			}
		}
		slices.Sort(met)
		for _, level := range slices.Compact(met) {
			money[row] = append(money[row], levelMoney{level, own[level]})
			own[level] = 0
		}
		met = met[:0]
		row++
	}
	var levels []int
	for l := range total {
		if l > 0 && total[l] > 0 {
			levels = append(levels, l)
		}
	}
	if levels == nil {
		return nil, &fault.CellError{Op: op, Column: column, Why: "no line up to the day has a level", Err: fault.ErrEmpty}
	}
	slices.SortFunc(levels, func(a, b int) int {
		return cmp.Or(cmp.Compare(total[b], total[a]), strings.Compare(of.names[a], of.names[b]))
	})
	shown := levels[:min(len(levels), mostShares)]
	rank := make([]int, len(total)) // among levels, from 1
	for at, l := range levels {
		rank[l] = at + 1
	}
	var columns []table.Column
	taken := map[string]int{}
	add := func(level, word string) {
		name := shareName(word)
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, taken[name])
		}
		columns = append(columns, table.Column{Name: name, High: "much " + level, Low: "little " + level, Ancestry: table.Ancestry{Columns: []string{"spend by " + column}, Sources: c.source(days)}, // parts of one sum
			About: "share of the money spent that went to " + level + " (" + column + ")"})
	}
	for _, l := range shown {
		add(of.names[l], of.names[l])
	}
	if len(levels) > len(shown) {
		add(fmt.Sprintf("%d others", len(levels)-len(shown)), "other")
	}
	data := make([]float64, len(ids)*len(columns))
	for i, own := range money {
		sum, shares := 0.0, data[i*len(columns):(i+1)*len(columns)] // the last one is that of the others
		slices.SortFunc(own, func(a, b levelMoney) int { return cmp.Compare(rank[a.level], rank[b.level]) })
		for _, m := range own {
			if at := rank[m.level]; at > 0 && m.money > 0 {
				sum += m.money
				shares[min(at, len(columns))-1] += m.money
			}
		}
		for j := range shares {
			shares[j] /= sum // NaN where nothing is known
		}
	}
	return table.New(ids, columns, data)
}

// levelMoney is what a customer spent on a level.
type levelMoney struct {
	level uint32
	money float64
}

// shareName makes a name that formulas can use: "Tea and sweets" becomes tea_and_sweets_share.
func shareName(level string) string {
	words := strings.FieldsFunc(strings.ToLower(level), wording.NotInName)
	return strings.Join(append(words, "share"), "_")
}
