package engine

// The rules of package features as conditions and statements.

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// filters reports whether a rule goes by each line alone.
func (o *Orders) filters(r features.Rule) bool {
	return !slices.ContainsFunc([]features.Rule{features.Duplicate, features.NetCancelled, features.Undone, features.SameEmail, features.ZeroQuantity},
		func(other features.Rule) bool { return other.Name == r.Name })
}

// cancelled is true of lines of cancellations: the order number starts with C and a digit, and goods go back.
const cancelled = "(was < 0 AND COALESCE(SUBSTR(number, 1, 1), '') IN ('C', 'c') AND SUBSTR(number, 2, 1) IN ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'))"

// noUnits is true of lines of no units.
const noUnits = "(was = 0 AND lacks NOT IN (2, 3, 6, 7))"

// free and belowZero are true of lines that cost nothing, and of lines with a price below zero.
func (o *Orders) free() string {
	worth := "cost"
	if o.priced() {
		worth = "price"
	}
	return "(lacks < 4 AND " + worth + " = 0)"
}

func (o *Orders) belowZero() string {
	if o.priced() {
		return "(price < 0)"
	}
	return "(cost < 0 AND was > 0)"
}

// isTest is true of lines whose customer, order number or product id is "test", alone or followed by something other than a letter.
func (o *Orders) isTest() string {
	letters := ""
	for c := 'a'; c <= 'z'; c++ {
		letters += fmt.Sprintf(", '%c', '%c'", c, c-32)
	}
	var any []string
	for _, column := range []string{"customer", "number", "product"} {
		if slices.Contains(o.names, column) {
			any = append(any, fmt.Sprintf("%[1]s IS NOT NULL AND (%[1]s LIKE 't%%' OR %[1]s LIKE 'T%%') AND LOWER(SUBSTR(%[1]s, 1, 4)) = 'test' AND SUBSTR(%[1]s, 5, 1) NOT IN (%[2]s)", column, letters[2:]))
		}
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

// condition is true of the lines that a rule removes, and false of all others. It has a sentence where there is something to say.
func (o *Orders) condition(r *run, rule features.Rule, v *view) (condition, note string, err error) {
	switch rule.Name {
	case features.NoCustomer.Name:
		return "(customer IS NULL)", "", nil
	case features.MissingValue.Name:
		return "(lacks <> 0)", "", nil
	case features.TestOrder.Name:
		return o.isTest(), "", nil
	case features.Cancelled.Name:
		return cancelled, "", nil
	case features.Returned.Name:
		return "(quantity < 0 AND NOT " + cancelled + ")", "", nil
	case features.ZeroPrice.Name:
		return o.free(), "", nil
	case features.NegativePrice.Name:
		return o.belowZero(), "", nil
	}
	return o.without(r, rule, v)
}

// textColumn finds a column of texts by its meaning or by its name in the source, and says what it is called in a view.
func (o *Orders) textColumn(op, name string) (as string, err error) {
	have := []string{}
	for m := range exports.Meanings {
		c, ok := o.found[m.String()]
		if !ok || slices.Contains([]exports.Meaning{exports.Date, exports.Quantity, exports.Price, exports.Amount}, m) {
			if m == exports.Order && name == m.String() { // made from the days
				return "order", nil
			}
			continue
		}
		if name == m.String() || name == c.name {
			return m.String(), nil
		}
		have = append(have, m.String(), c.name)
	}
	if at := slices.Index(o.source.Descriptors, name); at >= 0 {
		return fmt.Sprintf("d%d", at+1), nil
	}
	return "", suggest.Column(op, name, append(have, o.source.Descriptors...))
}

func (o *Orders) without(r *run, rule features.Rule, v *view) (condition, note string, err error) {
	as, err := o.textColumn("features.Without", rule.Column)
	if err != nil {
		return "", "", err
	}
	d := o.e.speaks.SQL()
	var known []string // conditions, one a value
	quoted := func(value string) string {
		t, e := d.Text(value)
		if e != nil {
			err = fault.Option("features.Without", "Values", value, e.Error())
		}
		return t
	}
	one := func(value string) string {
		column := map[string]string{"order": "number", "customer": v.spelled}[as]
		if column == "" {
			column = as
		}
		switch {
		case value == "" && as == "order":
			return "(purchase IS NULL)"
		case value == "":
			return "(" + column + " IS NULL)"
		case as == "order" && len(value) > len(time.DateOnly)+1: // what a customer bought on a day without a number is called so
			at := len(value) - len(time.DateOnly)
			if day, e := time.Parse(time.DateOnly, value[at:]); e == nil && value[at-1] == ' ' {
				return fmt.Sprintf("(COALESCE(number, '') = %s OR number IS NULL AND COALESCE(%s, '') = %s AND COALESCE(day, %d) = %d)", quoted(value), v.spelled, quoted(value[:at-1]), behaviour.DayOf(day)-1, behaviour.DayOf(day))
			}
		}
		return "(" + column + " IS NOT NULL AND " + column + " = " + quoted(value) + ")"
	}
	for _, value := range rule.Values {
		known = append(known, one(value))
	}
	if err != nil || known == nil {
		return "(1 = 0)", "", err
	}
	found := make([]int64, len(known))
	var asked []string
	var into []any
	for i, c := range known {
		asked, into = append(asked, "COALESCE(MAX(CASE WHEN "+c+" THEN 1 ELSE 0 END), 0)"), append(into, &found[i])
	}
	all := o.root
	if v.spelled != "spelled" {
		all = &view{from: o.lowered(all)}
	}
	if err := r.row("see which lines have "+wording.List(rule.Values)+" as "+rule.Column, all.sql(strings.Join(asked, ", ")), into...); err != nil {
		return "", "", err
	}
	var absent []string
	for i, value := range rule.Values {
		if found[i] == 0 && value != "" && !r.options.DryRun {
			absent = append(absent, fmt.Sprintf("%q", value))
		}
	}
	if len(absent) > 0 {
		note = fmt.Sprintf("%s: no line has %s", rule, sheet.List(absent))
	}
	return "(" + strings.Join(known, " OR ") + ")", note, nil
}

// apply returns what a rule that looks at several lines leaves of v, and a sentence if there is something to say about it.
func (o *Orders) apply(r *run, rule features.Rule, v *view) (*view, string, error) {
	switch rule.Name {
	case features.Duplicate.Name:
		return o.unique(r, v)
	case features.NetCancelled.Name:
		return o.net(r, v)
	case features.Undone.Name:
		return o.undone(r, v)
	case features.SameEmail.Name:
		return o.sameEmail(r, v)
	}
	return o.unitless(r, v)
}

// unique removes the lines that repeat an earlier one, as if that had been done before anything was netted.
func (o *Orders) unique(r *run, v *view) (*view, string, error) {
	of := v
	if v.before != nil {
		of = v.before
	}
	repeats, err := r.create("find the lines that repeat an earlier one", o.repeats(of))
	if err != nil {
		return nil, "", err
	}
	again := []string{o.e.speaks.among("SELECT line FROM " + repeats)}
	drop := func(_ *run, v *view) (*view, string, error) {
		out := v.drop(again, again)
		out.keeps = append(slices.Clone(out.keeps), repeats)
		return out, "", nil
	}
	if v.before == nil {
		out, _, err := drop(r, v)
		return out, "", err
	}
	defer r.where(netted)()
	n, err := r.count("count the lines that repeat an earlier one", repeats)
	if err != nil || n == 0 && !r.options.DryRun {
		return v, "", err
	}
	out, note, err := v.redo(r, drop)
	return out, "Counted again without the duplicates. " + note, err
}

// repeats selects the lines of v that repeat an earlier one in every column that is read. Where the database can make a number of a line, only lines whose
// number occurs twice are compared: the state is 8 bytes for a line then, and not all that it holds.
func (o *Orders) repeats(v *view) string {
	same := append(slices.Clone(o.texts), "moment", "was", "cost", "price")
	columns, alike := strings.Join(same, ", "), ""
	lines := v.sql(columns + ", line")
	if of := dialects[o.e.speaks].hash; of != "" {
		of = fmt.Sprintf(of, columns) + " AS alike"
		lines = v.sql(columns + ", line, " + of)
		alike = "\n  WHERE alike IN (SELECT alike FROM (" + v.sql(of) + ") AS numbers GROUP BY alike HAVING COUNT(*) > 1)"
	}
	return "SELECT line FROM (SELECT line, ROW_NUMBER() OVER (PARTITION BY " + columns + " ORDER BY line) AS copy\n  FROM (" +
		lines + ") AS lines" + alike + ") AS copies WHERE copy > 1"
}

// unitless applies ZeroQuantity, and says so where money goes with the lines.
func (o *Orders) unitless(r *run, v *view) (*view, string, error) {
	var n, money int64
	if err := r.row("look for money on lines of no units", v.sql("COUNT(*), "+o.e.speaks.whole("COALESCE(SUM(amount), 0)"), noUnits, "amount <> 0"), &n, &money); err != nil {
		return nil, "", err
	}
	out := v.drop([]string{noUnits}, []string{noUnits})
	if n == 0 {
		return out, "", nil
	}
	return out, fmt.Sprintf("ZeroQuantity: %s with a quantity of zero nevertheless had an amount, %s net, which was removed too.", wording.Plural(int(n), "line"), o.money(money).Text()), nil
}

// lowered are the lines of v with e-mail addresses in small letters.
func (o *Orders) lowered(v *view) string {
	columns := slices.Clone(o.names)
	columns[slices.Index(o.names, "customer")] = "small AS customer"
	columns[slices.Index(o.names, "purchase")] = purchase("small") + " AS purchase"
	return "(SELECT " + strings.Join(columns, ", ") + "\nFROM (" + v.sql("lines.*, CASE WHEN customer LIKE '%@%' THEN "+o.e.speaks.small("customer")+" ELSE customer END AS small") + ") AS spellings) AS lines"
}

// sameEmail makes one customer of addresses that differ in case only.
func (o *Orders) sameEmail(r *run, v *view) (*view, string, error) {
	if v.spelled == "customer" { // that was done
		return v, "", nil
	}
	var of, customers int64
	if err := r.row("count spellings of e-mail addresses", fmt.Sprintf(`SELECT %s, COALESCE(SUM(CASE WHEN n > 1 THEN 1 ELSE 0 END), 0)
FROM (SELECT small, COUNT(DISTINCT customer) AS n FROM (%s) AS lines GROUP BY small) AS addresses`,
		o.e.speaks.whole("COALESCE(SUM(CASE WHEN n > 1 THEN n ELSE 0 END), 0)"), v.sql(o.e.speaks.small("customer")+" AS small, customer", "customer LIKE '%@%'")), &of, &customers); err != nil {
		return nil, "", err
	}
	out, _, err := v.redo(r, func(_ *run, v *view) (*view, string, error) {
		out := *v
		out.from, out.where, out.spelled = o.lowered(v), nil, "customer"
		return &out, "", nil
	})
	if err != nil || customers == 0 {
		return out, "", err
	}
	return out, fmt.Sprintf("SameEmail: %s spellings of %s.", sheet.Count(int(of)), wording.Plural(int(customers), "customer")), nil
}

// undone removes the lines whose status says that their order came to nothing.
func (o *Orders) undone(r *run, v *view) (*view, string, error) {
	if !o.has("status") {
		return v, "", nil
	}
	words, err := o.undoneWords("engine.Orders.Clean")
	if err != nil || words == "" {
		return v, "", err
	}
	defer r.where(undone)()
	said := "status IS NOT NULL AND status IN (" + words + ")"
	condition := "(quantity > 0 AND " + said + ")"
	var n int64
	if err := r.row("count the lines undone by their status", v.sql("COUNT(*)", condition), &n); err != nil {
		return nil, "", err
	}
	netted, err := o.neverStood(r, v, said)
	if err != nil {
		return nil, "", err
	}
	if n == 0 && !r.options.DryRun {
		if slices.Equal(netted, v.netted) {
			return v, "", nil
		}
		out := v.again(o.undone)
		out.netted, out.keeps = netted, append(slices.Clone(v.keeps), netted...)
		return out, "", nil
	}
	gone, err := r.create("keep the lines undone by their status", v.sql(strings.Join(o.names, ", ")+", line AS back, day AS back_day, quantity AS gave, amount AS money", condition, "amount <> 0"))
	if err != nil {
		return nil, "", err
	}
	out := v.again(o.undone)
	out.where = append(slices.Clone(v.where), isNot(condition))
	out.netted = append(netted, gone)
	out.keeps = append(slices.Clone(v.keeps), out.netted...)
	return out, fmt.Sprintf("Undone: %s removed because of the order's status; %s deducted as refunds, as of the day of the order.", wording.Plural(int(n), "line"), o.money(0).Text()), nil
}

// neverStood returns the tables of what went back, with what went back of orders on which the condition holds dated by the day of the order: it never
// stood, whenever the goods came back.
func (o *Orders) neverStood(r *run, v *view, condition string) ([]string, error) {
	out := slices.Clone(v.netted)
	for k, t := range out {
		var n int64
		from := " FROM " + t + " AS lines WHERE " + condition + " AND back <> line"
		if err := r.row("count what went back of orders undone by their status", "SELECT COUNT(*)"+from, &n); err != nil {
			return nil, err
		}
		if n == 0 && !r.options.DryRun {
			continue
		}
		dated, err := r.create("date it by the day of the order", fmt.Sprintf("SELECT %s, CASE WHEN %[2]s THEN line ELSE back END AS back, CASE WHEN %[2]s THEN day ELSE back_day END AS back_day, gave, money\nFROM %[3]s AS lines",
			strings.Join(o.names, ", "), condition, t))
		if err != nil {
			return nil, err
		}
		out[k] = dated
	}
	return out, nil
}

// wordCount is what one word of the status stands for among some lines.
type wordCount struct {
	evidence.Word
	all, money int64 // lines and amounts, of purchases and of what is none
	first      sql.NullInt64
}

// countWords says of each word of the status what it is taken for among the lines of v, in the order of the lines; what has none comes first.
func (o *Orders) countWords(r *run, v *view) ([]wordCount, error) {
	if !o.has("status") {
		return nil, nil
	}
	type counted struct {
		word                     sql.NullString
		lines, money, back, gave int64
		first                    sql.NullInt64
	}
	found, err := collected(r, "count the words of the status", v.sql("status, COUNT(*), "+o.e.speaks.whole("SUM(amount)")+", "+o.e.speaks.whole("SUM(CASE WHEN quantity > 0 THEN 0 ELSE 1 END)")+", "+o.e.speaks.whole("SUM(CASE WHEN quantity > 0 THEN 0 ELSE amount END)")+", MIN(line)")+"\nGROUP BY status",
		func(c *counted) []any { return []any{&c.word, &c.lines, &c.money, &c.back, &c.gave, &c.first} })
	if err != nil {
		return nil, err
	}
	place := func(c counted) int { return slices.Index(o.words, c.word.String) }
	slices.SortFunc(found, func(a, b counted) int { return place(a) - place(b) })
	var words []wordCount
	for _, c := range found {
		word := evidence.Word{Of: exports.Status, Text: c.word.String, Lines: int(c.lines), Money: o.money(c.money).Text(), Back: int(c.back), BackMoney: o.money(c.gave).Text()}
		switch fate := o.fate(word.Text); {
		case fate == exports.Undone && word.Text != "":
			word.Taken, word.Lines, word.Money = evidence.Undone, int(c.lines-c.back), o.money(c.money-c.gave).Text()
		case fate == exports.Standing || word.Text == "":
			word.Taken = evidence.Counts
		}
		words = append(words, wordCount{word, c.lines, c.money, c.first})
	}
	return words, nil
}

// saidInWords are sentences on what the words of the status are taken for.
func (o *Orders) saidInWords(found []wordCount) []string {
	if found == nil {
		return nil
	}
	var words []evidence.Word
	for _, w := range found {
		words = append(words, w.Word)
	}
	return evidence.Said(exports.Status, o.found["status"].name, words)
}
