package engine

// Cleaning in the database: rules in order, and the ledger of what each removed, as package features has it.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/job"
)

// view is a selection of order lines: what a rule leaves. Its columns are those of Orders.base.
type view struct {
	from    string   // what stands behind FROM, called lines
	where   []string // conditions on the lines that are left
	netted  []string // helper tables: purchases that went back or were undone, with what they gave up and when
	also    []string // conditions on the purchases in netted
	spelled string   // the column that rules know customers by
	before  *view    // as it was before the first step that changed quantities or amounts, nil if there was none
	since   []step   // what was done to it, that step included
	keeps   []string // helper tables that it needs
}

// step makes one view of another, and may have something to say about it.
type step func(r *run, v *view) (*view, string, error)

// sql selects columns of the lines that are left, and of these those that fulfil the conditions.
func (v *view) sql(columns string, and ...string) string {
	text := "SELECT " + columns + " FROM " + v.from
	if where := append(slices.Clone(v.where), and...); len(where) > 0 {
		text += "\nWHERE " + strings.Join(where, "\n  AND ")
	}
	return text
}

// undo selects columns of the purchases that went back, on which the conditions hold; "" if there are none.
func (v *view) undo(columns string, and ...string) string {
	var parts []string
	for _, t := range v.netted {
		part := "SELECT " + columns + " FROM " + t + " AS lines"
		if where := append(slices.Clone(v.also), and...); len(where) > 0 {
			part += "\nWHERE " + strings.Join(where, "\n  AND ")
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "\nUNION ALL ")
}

// drop returns the view without the lines on which one of the conditions is true, also of those that were netted away: before their cancellation they
// still count. later are the conditions to be asked where the steps are done again.
func (v *view) drop(conditions, later []string) *view {
	out := *v
	for _, c := range conditions {
		out.where = append(slices.Clip(out.where), isNot(c))
		if v.netted != nil {
			out.also = append(slices.Clip(out.also), isNot(c))
		}
	}
	if v.before != nil {
		keeps := v.keeps // what the condition looks at
		out.since = append(slices.Clip(v.since), func(_ *run, v *view) (*view, string, error) {
			out := *v
			out.keeps = append(slices.Clone(v.keeps), keeps...)
			return out.drop(later, later), "", nil
		})
	}
	return &out
}

// isNot is the opposite of a condition, which is true or false on every line and never NULL. A bare NOT lets planners take NOT EXISTS for a join, and expect
// that most lines stay.
func isNot(condition string) string { return "NOT " + condition }

// again returns a copy of v to be changed by s, which can be done again on what v was before.
func (v *view) again(s step) *view {
	out := *v
	if v.before == nil {
		out.before = v
	}
	out.since = append(slices.Clip(v.since), s)
	return &out
}

// redo changes v as it was before quantities or amounts changed, and then does again what was done since.
func (v *view) redo(r *run, change step) (*view, string, error) {
	if v.before == nil {
		return change(r, v)
	}
	defer r.where(netted)()
	out, note, err := change(r, v.before)
	notes := []string{note}
	for _, s := range v.since {
		if err != nil {
			return nil, "", err
		}
		out, note, err = s(r, out)
		notes = append(notes, note)
	}
	return out, strings.TrimSpace(strings.Join(notes, " ")), err
}

// Cleaned is what the rules left, with a ledger of what they removed.
type Cleaned struct {
	*Orders
	Ledger *features.Ledger

	first, last     int   // days with a line, orders that were netted included; first behind last if there is none
	nobody, lacking int64 // lines that are left without a customer, and without a date, quantity or worth
}

// Rules returns the rules that were applied, in order, including those of earlier calls of Clean.
func (c *Cleaned) Rules() []features.Rule {
	if c == nil {
		return nil
	}
	return slices.Clone(c.rules)
}

// Clean applies the rules in order, as features.Orders.Clean does, with the same ledger. Duplicate, NetCancelled, Undone, SameEmail and
// ZeroQuantity cost two or three passes each; all other rules between two of these together cost one. NetCancelled settles the returned
// lines of each customer and product one after another. It takes a statement for each round, so as many statements as the largest number of
// such lines.
func (o *Orders) Clean(rules ...features.Rule) (*Cleaned, error) {
	return o.CleanContext(job.DefaultContext, rules...)
}

// CleanContext is Clean under a context.
func (o *Orders) CleanContext(ctx context.Context, rules ...features.Rule) (*Cleaned, error) {
	const op = "engine.Orders.Clean"
	if o == nil {
		return nil, fault.Nil(op, "orders")
	}
	passes := 2
	for _, r := range rules {
		if err := r.Check(); err != nil {
			return nil, err
		}
		if !o.filters(r) {
			passes += 3
		}
	}
	r := o.e.run(ctx, passes)
	defer r.end()
	if err := o.usable(r, op); err != nil {
		return nil, err
	}
	v, ledger := o.view, &features.Ledger{Currency: o.currency()}
	var counts []counted // as read, and behind each rule
	left, said := rules, make([]string, len(rules))
	for changed, sure := true, true; ; left = left[1:] {
		if changed || len(left) > 0 && o.filters(left[0]) {
			back := func() {}
			if !sure && (len(left) == 0 || !o.filters(left[0])) {
				back = r.where(ruleTook)
			}
			v2, behind, notes, err := o.sieve(r, v, &left)
			if back(); err != nil {
				return nil, err
			}
			v, counts, ledger.Notes = v2, append(counts, behind...), append(ledger.Notes, notes...)
		} else {
			counts = append(counts, counts[len(counts)-1])
		}
		if len(left) == 0 {
			break
		}
		next, note, err := o.apply(r, left[0], v)
		if err != nil {
			return nil, err
		}
		if note != "" {
			ledger.Notes = append(ledger.Notes, note)
		}
		said[len(rules)-len(left)] = note
		v, changed, sure = next, next != v, !o.mayFindNothing(left[0], rules[:len(rules)-len(left)])
	}
	words, err := o.countWords(r, v)
	if err != nil {
		return nil, err
	}
	ledger.Notes = append(ledger.Notes, o.saidInWords(words)...)
	for i, rule := range rules {
		ledger.Steps = append(ledger.Steps, features.Step{Rule: rule.String(), Removed: minus(counts[i].Count, counts[i+1].Count), Note: said[i]})
	}
	ledger.Opening, ledger.Closing = counts[0].Count, counts[len(rules)].Count
	if len(o.rules) == 0 && int64(ledger.Opening.Lines) != o.lines && !r.options.DryRun {
		return nil, o.changed(int64(ledger.Opening.Lines))
	}
	c := &Cleaned{Orders: new(Orders), Ledger: ledger}
	end := counts[len(rules)]
	c.first, c.last, c.nobody, c.lacking = end.first, end.last, end.nobody, end.lacking
	if undone := v.undo("day, back_day"); undone != "" { // they stood until they were cancelled, so they belong to the period
		first, last := c.first, c.last
		back := r.where(cameBack)
		err := r.row("find the days of what went back", fmt.Sprintf("SELECT COALESCE(MIN(day), %d), COALESCE(MAX(back_day), %d) FROM (%s) AS n", first, last, undone), &first, &last)
		if back(); err != nil {
			return nil, err
		}
		c.first, c.last = min(c.first, first), max(c.last, last)
	}
	*c.Orders = *o
	c.view, c.rules, c.session = v, slices.Concat(o.rules, rules), r.session
	r.keep(slices.DeleteFunc(slices.Clone(v.needs()), func(t string) bool { return !slices.Contains(r.made, t) })...)
	return c, o.unchanged(r)
}

// mayFindNothing reports whether a rule behind others leaves the lines as they are where it finds nothing.
func (o *Orders) mayFindNothing(rule features.Rule, before []features.Rule) bool {
	nets := func(r features.Rule) bool {
		return r.Name == features.NetCancelled.Name || r.Name == features.Undone.Name
	}
	return nets(rule) || rule.Name == features.Duplicate.Name && slices.ContainsFunc(slices.Concat(o.rules, before), nets)
}

// needs are the helper tables behind a view and behind what it can be made from again.
func (v *view) needs() []string {
	out := slices.Clone(v.keeps)
	if v.before != nil {
		out = append(out, v.before.needs()...)
	}
	return out
}

func minus(a, b features.Count) features.Count {
	money := func(a, b features.Money) features.Money {
		return features.Money{Units: a.Units - b.Units, Decimals: a.Decimals}
	}
	return features.Count{Lines: a.Lines - b.Lines, Orders: a.Orders - b.Orders, Customers: a.Customers - b.Customers, Sales: money(a.Sales, b.Sales), Refunds: money(a.Refunds, b.Refunds)}
}

// counted is what is known of a view.
type counted struct {
	features.Count
	first, last     int
	nobody, lacking int64
}

// sieve drops what the rules at the start of those left remove, as far as they look at each line alone, and counts v and what each leaves of it, in
// one pass. It takes them off left.
func (o *Orders) sieve(r *run, v *view, left *[]features.Rule) (*view, []counted, []string, error) {
	var conditions, later, notes []string
	var names []string
	for ; len(*left) > 0 && o.filters((*left)[0]); *left = (*left)[1:] {
		rule := (*left)[0]
		condition, note, err := o.condition(r, rule, v)
		if err != nil {
			return nil, nil, nil, err
		}
		conditions, names = append(conditions, condition), append(names, rule.String())
		if rule.Name == features.Returned.Name && v.before != nil { // it goes by what was left when it was applied
			condition = o.e.speaks.among(v.sql("line", "quantity < 0", "NOT "+cancelled))
		}
		later = append(later, condition)
		if note != "" {
			notes = append(notes, note)
		}
	}
	n, gone := len(conditions), "0"
	if n > 0 {
		gone = "CASE"
		for i, c := range conditions {
			gone += fmt.Sprintf(" WHEN %s THEN %d", c, i+1)
		}
		gone += " ELSE 0 END"
	}
	type row struct{ which, by, n, sales, refunds, first, last, nobody, lacking int64 }
	sum := func(of string) string { return o.e.speaks.whole("COALESCE(SUM(" + of + "), 0)") }
	purpose := "count the order lines"
	if n > 0 {
		purpose = "count what these rules leave: " + strings.Join(names, ", ")
	}
	// Orders and customers are counted apart from the sums: one group of either holds nothing but by which rule it went.
	marked := func(columns string) string { return v.sql(gone + " AS gone, " + columns) }
	rows, err := collected(r, purpose, fmt.Sprintf(`SELECT 0 AS which, gone AS passed, COUNT(*), %[1]s, %[2]s, COALESCE(MIN(day), 0), COALESCE(MAX(day), -1), %[3]s, %[4]s
FROM (%[5]s) AS marked GROUP BY gone
UNION ALL SELECT which, CASE WHEN final = %[6]d THEN 0 ELSE final END, COUNT(*), 0, 0, 0, 0, 0, 0
FROM (SELECT 1 AS which, purchase AS counted, MAX(CASE gone WHEN 0 THEN %[6]d ELSE gone END) AS final FROM (%[7]s) AS marked WHERE purchase IS NOT NULL GROUP BY purchase
  UNION ALL SELECT 2, customer, MAX(CASE gone WHEN 0 THEN %[6]d ELSE gone END) FROM (%[8]s) AS marked WHERE customer IS NOT NULL GROUP BY customer) AS counted
GROUP BY which, final`,
		sum("CASE WHEN amount > 0 THEN amount ELSE 0 END"), sum("CASE WHEN amount < 0 THEN amount ELSE 0 END"), sum("CASE WHEN customer IS NULL THEN 1 ELSE 0 END"), sum("CASE WHEN lacks <> 0 THEN 1 ELSE 0 END"),
		marked("customer, amount, day, lacks"), n+1, marked("purchase"), marked("customer")),
		func(x *row) []any {
			return []any{&x.which, &x.by, &x.n, &x.sales, &x.refunds, &x.first, &x.last, &x.nobody, &x.lacking}
		})
	if err != nil {
		return nil, nil, nil, err
	}
	parts := make([]counted, n+1) // what stays, and what goes by each
	for i := range parts {
		parts[i] = counted{Count: features.Count{Sales: o.money(0), Refunds: o.money(0)}, first: math.MaxInt, last: math.MinInt}
	}
	for _, x := range rows {
		switch c := &parts[x.by]; x.which {
		case 0:
			c.Lines, c.Sales.Units, c.Refunds.Units, c.nobody, c.lacking = int(x.n), x.sales, x.refunds, x.nobody, x.lacking
			if x.first <= x.last {
				c.first, c.last = int(x.first), int(x.last)
			}
		case 1:
			c.Orders = int(x.n)
		case 2:
			c.Customers = int(x.n)
		}
	}
	counts := make([]counted, n+1)
	total := parts[0]
	for i := n; i >= 0; i-- {
		if counts[i] = total; i > 0 {
			p := parts[i]
			total.Count = minus(total.Count, minus(features.Count{Sales: o.money(0), Refunds: o.money(0)}, p.Count))
			total.first, total.last, total.nobody, total.lacking = min(total.first, p.first), max(total.last, p.last), total.nobody+p.nobody, total.lacking+p.lacking
		}
	}
	if n > 0 {
		v = v.drop(conditions, later)
	}
	return v, counts, notes, nil
}
