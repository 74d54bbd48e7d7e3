package engine

// What is wrong with order lines in the database, counted, with an example and the rule that deals with it.

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/evidence"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
)

// trouble is one kind of it: the lines on which a condition is true, or, without one, lines that were counted already.
type trouble struct {
	name, remedy, condition string
	lines, money            int64
	first                   sql.NullInt64 // number of the first such line
}

// farOut is how many times the median line a line must be worth to be called extreme.
const farOut = 100

// Audit finds what features.Orders.Audit finds, in the same words, with the first line of each kind if the source has a column "line". Without that column,
// it cannot tell which lines are dated earlier than the line before, and a fact says that this was not checked. It costs about a dozen passes, and holds the ids that may be written in
// several ways, and the names of goods on lines below zero.
func (o *Orders) Audit() (*features.Audit, error) { return o.AuditContext(job.DefaultContext) }

// AuditContext is Audit under a context.
func (o *Orders) AuditContext(ctx context.Context) (*features.Audit, error) {
	const op = "engine.Orders.Audit"
	if o == nil {
		return nil, fault.Nil(op, "orders")
	}
	r := o.e.run(ctx, 16)
	defer r.end()
	if err := o.usable(r, op); err != nil {
		return nil, err
	}
	v, none := o.view, []features.Rule{}
	_, counts, _, err := o.sieve(r, v, &none)
	if err != nil {
		return nil, err
	}
	a := &features.Audit{Count: counts[0].Count, Currency: o.currency()}
	if a.Lines == 0 && !r.options.DryRun {
		return a, nil
	}
	a.First, a.Last = behaviour.DateText(counts[0].first), behaviour.DateText(counts[0].last)
	words, err := o.countWords(r, v)
	if err != nil {
		return nil, err
	}
	kinds, err := o.troubles(r, v, counts[0].lacking > 0, words)
	if err != nil {
		return nil, err
	}
	if err := o.find(r, v, a, kinds); err != nil {
		return nil, err
	}
	if a.Facts, err = o.habits(r, v); err != nil {
		return nil, err
	}
	a.Facts = append(append(a.Facts, o.saidInWords(words)...), o.answersAny()...)
	strange, err := o.strangeNames(r, v, a)
	if err != nil {
		return nil, err
	}
	a.Facts = append(a.Facts, strange...)
	if !o.has(lineColumn) {
		a.Facts = append(a.Facts, `Lines that are dated earlier than the line before were not looked for: no column gives the order of the lines. A source that names such a column as "line" has them looked for.`)
	}
	asked, err := o.askCurrency(r, v)
	if err != nil {
		return nil, err
	}
	a.Facts = append(a.Facts, asked...)
	return a, o.unchanged(r)
}

// troubles are the kinds that are looked for, in the order of the audit in memory.
func (o *Orders) troubles(r *run, v *view, lacking bool, words []wordCount) ([]trouble, error) {
	const op = "engine.Orders.Audit"
	repeats, err := r.create("find the lines that repeat an earlier one", o.repeats(v))
	if err != nil {
		return nil, err
	}
	kinds := []trouble{
		{name: "no customer", remedy: "features.NoCustomer", condition: "customer IS NULL"},
		{name: "cancellation", remedy: "features.NetCancelled", condition: cancelled},
		{name: "other return", remedy: "features.NetCancelled", condition: "quantity < 0 AND NOT " + cancelled},
		{name: "duplicate", remedy: "features.Duplicate", condition: o.e.speaks.among("SELECT line FROM " + repeats)},
		{name: "test order", remedy: "features.TestOrder", condition: o.isTest()},
		{name: "zero quantity", remedy: "features.ZeroQuantity", condition: noUnits},
		{name: "zero price", remedy: "features.ZeroPrice", condition: o.free()},
		{name: "negative price", remedy: "features.NegativePrice", condition: o.belowZero()},
	}
	if o.has("order") {
		kinds = append(kinds, trouble{name: "no order number", remedy: "none: what such a customer buys on one day counts as an order", condition: "number IS NULL"})
	}
	if lacking {
		kinds = append(kinds,
			trouble{name: "no date", remedy: "features.MissingValue", condition: "lacks IN (1, 3, 5, 7)"},
			trouble{name: "no quantity", remedy: "features.MissingValue", condition: "lacks IN (2, 3, 6, 7)"},
			trouble{name: "no price or amount", remedy: "features.MissingValue", condition: "lacks >= 4"})
	}
	if o.has("status") {
		undone, err := o.undoneWords(op)
		if err != nil {
			return nil, err
		}
		condition := "1 = 0"
		if undone != "" {
			condition = "quantity > 0 AND status IN (" + undone + ")"
		}
		kinds = append(kinds, trouble{name: "undone by its status", remedy: "features.Undone", condition: condition})
	}
	for _, w := range words {
		if w.Text != "" {
			kinds = append(kinds, trouble{name: w.Finding(), remedy: w.Remedy(), lines: w.all, money: w.money, first: w.first})
		}
	}
	for _, more := range []func(*run, *view) ([]trouble, error){o.otherSpellings, o.otherCurrencies, o.oddProducts, o.extremes, o.farDates, o.backwards} {
		found, err := more(r, v)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, found...)
	}
	return kinds, nil
}

// otherSpellings are lines of customers whose id stands elsewhere in another case.
func (o *Orders) otherSpellings(r *run, v *view) (kinds []trouble, err error) {
	small, sorted := o.e.speaks.small("customer"), o.e.speaks.sorted("customer")
	alike, err := r.create("find customer ids that differ only in case", "SELECT small FROM ("+v.sql(small+" AS small, customer", "customer IS NOT NULL")+") AS ids\nGROUP BY small HAVING MIN("+sorted+") <> MAX("+sorted+")")
	if err != nil {
		return nil, err
	}
	var emails, ids int64
	if err := r.row("count these ids", "SELECT COALESCE(SUM(CASE WHEN small LIKE '%@%' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN small LIKE '%@%' THEN 0 ELSE 1 END), 0) FROM "+alike, &emails, &ids); err != nil {
		return nil, err
	}
	among := " AND " + small + " IN (SELECT small FROM " + alike + ")"
	if emails > 0 || r.options.DryRun {
		kinds = append(kinds, trouble{name: "e-mail in another case", remedy: "features.SameEmail", condition: "customer LIKE '%@%'" + among})
	}
	if ids > 0 || r.options.DryRun {
		kinds = append(kinds, trouble{name: "customer id in another case", remedy: "if they are one customer, spell the id the same way throughout the file", condition: "customer NOT LIKE '%@%'" + among})
	}
	return kinds, nil
}

// otherCurrencies are lines in another currency than the first.
func (o *Orders) otherCurrencies(*run, *view) ([]trouble, error) {
	if !cell.SeveralCurrencies(o.currencies) {
		return nil, nil
	}
	units, condition := cell.Currencies(o.currencies), "currency IS NOT NULL"
	for i, name := range o.currencies {
		if units[i] != units[0] {
			continue
		}
		text, err := o.e.speaks.SQL().Text(name)
		if err != nil {
			return nil, &fault.CellError{Op: "engine.Orders.Audit", File: o.rel.name, Column: o.found["currency"].name, Err: fault.ErrFormat, Why: err.Error(), Remedy: "write it without its NUL in a Query"}
		}
		condition += " AND currency <> " + text
	}
	return []trouble{{name: "not in " + units[0], remedy: `features.Without("currency", …)`, condition: condition}}, nil
}

// oddProducts are lines without a product id, and those whose id has no digit where nearly all have one: POST, M, BANK CHARGES.
func (o *Orders) oddProducts(r *run, v *view) ([]trouble, error) {
	if !o.has("product") {
		return nil, nil
	}
	var without []string
	for digit := range 10 {
		without = append(without, fmt.Sprintf("product NOT LIKE '%%%d%%'", digit))
	}
	odd := "product IS NOT NULL AND " + strings.Join(without, " AND ")
	var products, n int64
	if err := r.row("count the products without a digit", "SELECT COUNT(*), COALESCE(SUM(CASE WHEN "+odd+" THEN 1 ELSE 0 END), 0)\nFROM ("+v.sql("product", "product IS NOT NULL")+"\nGROUP BY product) AS products", &products, &n); err != nil {
		return nil, err
	}
	if 10*n > products+1 { // and one without an id, as memory counts them
		odd = "1 = 0"
	}
	return []trouble{{name: "no product id", remedy: "none: it counts as no product", condition: "product IS NULL"},
		{name: "not a product", remedy: `features.Without("product", …)`, condition: odd}}, nil
}

// extremes are lines that are worth far more than the median line, either way.
func (o *Orders) extremes(r *run, v *view) ([]trouble, error) {
	var limit float64
	if err := r.row("find the median line", fmt.Sprintf(`SELECT COALESCE(MIN(size), 0) FROM (SELECT size, SUM(n) OVER (ORDER BY size ROWS UNBOUNDED PRECEDING) AS upto, SUM(n) OVER () AS n
  FROM (SELECT ABS(amount) AS size, COUNT(*) AS n FROM (%s) AS a GROUP BY ABS(amount)) AS sizes) AS ranked WHERE 2 * upto > n`, v.sql("amount", "amount <> 0")), &limit); err != nil {
		return nil, err
	}
	return []trouble{{name: "extreme amount", remedy: "look at them; log1p or Winsor keeps them from dominating", condition: fmt.Sprintf("ABS(%s) > %s", o.e.speaks.double("amount"), o.e.speaks.SQL().Double(limit*farOut))}}, nil
}

// farDates are lines dated half a year or more away from most of the orders.
func (o *Orders) farDates(r *run, v *view) ([]trouble, error) {
	type daily struct{ day, orders int }
	days, err := collected(r, "count the orders of each day", "SELECT day, COUNT(purchase)\nFROM ("+v.sql("day, purchase", "day IS NOT NULL")+"\nGROUP BY day, purchase) AS orders\nGROUP BY day ORDER BY day", func(d *daily) []any { return []any{&d.day, &d.orders} })
	if err != nil {
		return nil, err
	}
	from, to := behaviour.MainPeriod(len(days), func(p int) (int, int) { return days[p].day, days[p].orders })
	return []trouble{{name: "date far from the others", remedy: "check the dates", condition: fmt.Sprintf("day IS NOT NULL AND (day < %d OR day > %d)", from, to)}}, nil
}

// backwards are lines dated before the last dated line above them. Only a column "line" says which that is.
func (o *Orders) backwards(r *run, v *view) ([]trouble, error) {
	if !o.has(lineColumn) {
		return nil, nil
	}
	kinds := []trouble{{name: "earlier than the line before", remedy: "none: the order of lines does not matter"}}
	k := &kinds[0]
	return kinds, r.row("find the lines that are earlier than the one before", "SELECT COUNT(*), "+o.e.speaks.whole("COALESCE(SUM(amount), 0)")+", MIN(line)\nFROM (SELECT line, amount, moment, LAG(moment) OVER (ORDER BY line) AS above\n  FROM ("+
		v.sql("line, amount, moment", "moment IS NOT NULL")+") AS dated) AS dated\nWHERE moment < above", &k.lines, &k.money, &k.first)
}

// askCurrency asks which of several currencies is meant.
func (o *Orders) askCurrency(r *run, v *view) ([]string, error) {
	if !cell.SeveralCurrencies(o.currencies) && !(r.options.DryRun && o.has("currency")) {
		return nil, nil
	}
	defer r.where(currencies)()
	type counted struct {
		currency     string
		lines, money int64
	}
	found, err := collected(r, "count the lines of each currency", v.sql("currency, COUNT(*), "+o.e.speaks.whole("SUM(amount)"), "currency IS NOT NULL")+"\nGROUP BY currency", func(c *counted) []any { return []any{&c.currency, &c.lines, &c.money} })
	if err != nil || found == nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b counted) int {
		return slices.Index(o.currencies, a.currency) - slices.Index(o.currencies, b.currency)
	})
	var said []string
	for _, c := range found {
		said = append(said, fmt.Sprintf("%s on %s (%s)", c.currency, wording.Plural(int(c.lines), "line"), o.money(c.money).Text()))
	}
	return []string{fmt.Sprintf("Question: which currency is meant? The column %q holds %s, and they are not added up. %s.", o.found["currency"].name, sheet.List(said), wording.Capital(o.answerCurrency()))}, nil
}

// strangeNames are sentences on vouchers that pay as goods of less than nothing, ids that stand for nobody, and ids of one customer that are written in several ways: those that the audit
// in memory has. The database picks out names that may be so, and what they are is judged as there.
func (o *Orders) strangeNames(r *run, v *view, a *features.Audit) (facts []string, err error) {
	text := func(amount int64) string { return o.money(amount).Text() }
	told := func(fact string) {
		if fact != "" {
			facts = append(facts, fact)
		}
	}
	if o.has("name") || o.has("product") {
		goods := []string{"''", "''"}
		for i, column := range []string{"name", "product"} {
			if o.has(column) {
				goods[i] = "COALESCE(" + column + ", '')"
			}
		}
		below, err := collected(r, "see which goods are worth less than nothing", "SELECT name, product, COUNT(*), "+o.e.speaks.whole("SUM(amount)")+"\nFROM ("+v.sql(goods[0]+" AS name, "+goods[1]+" AS product, amount, line", "amount < 0")+
			") AS below\nGROUP BY name, product ORDER BY MIN(line)", func(b *evidence.Below) []any { return []any{&b.Name, &b.Product, &b.Lines, &b.Money} })
		if err != nil {
			return nil, err
		}
		told(evidence.Payments(below, text))
	}
	folded, err := o.e.speaks.folded("customer")
	if err != nil {
		return nil, err
	}
	ids, err := r.create("write the ids of customers without what may be written in several ways", "SELECT customer, first, lines, money, "+o.e.speaks.plain("folded")+" AS plain\nFROM (SELECT customer, first, lines, money, "+folded+" AS folded FROM ("+
		v.sql("customer, MIN(line) AS first, COUNT(*) AS lines, "+o.e.speaks.whole("SUM(amount)")+" AS money", "customer IS NOT NULL")+"\nGROUP BY customer) AS ids) AS ids")
	if err != nil {
		return nil, err
	}
	found, err := collected(r, "look for customers who stand for nobody", "SELECT customer, lines, money FROM "+ids+"\nWHERE customer = '-1' OR "+o.e.speaks.word("plain")+" IN ('', '"+strings.Join(slices.Sorted(maps.Keys(exports.Nobody)), "', '")+"')\nORDER BY first",
		func(u *evidence.Under) []any { return []any{&u.Name, &u.Lines, &u.Money} })
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(u evidence.Under) bool { return !evidence.ForNobody(u.Name) })
	told(evidence.Nobodies(found, evidence.Under{Lines: a.Lines, Money: a.Net().Units}, text, "make %s NULL in a Query"))
	alike, err := collected(r, "find ids that may be one customer's", "SELECT customer FROM "+ids+"\nWHERE plain IN (SELECT plain FROM "+ids+" GROUP BY plain HAVING COUNT(*) > 1)\nORDER BY first", func(id *string) []any { return []any{id} })
	if err != nil {
		return nil, err
	}
	told(evidence.Respelled(alike, a.Customers, func(suggest.Form) string { return "in a Query" }))
	return facts, nil
}

// find counts the lines of each kind in one pass, and fetches their first lines.
func (o *Orders) find(r *run, v *view, a *features.Audit, kinds []trouble) error {
	var flags, asked []string
	var into []any
	for i := range kinds {
		k := &kinds[i]
		if k.condition == "" {
			continue
		}
		flag := fmt.Sprintf("f%d", i+1)
		flags = append(flags, "CASE WHEN "+k.condition+" THEN 1 ELSE 0 END AS "+flag)
		asked = append(asked, "SUM("+flag+")", o.e.speaks.whole("SUM("+flag+" * amount)"), "MIN(CASE WHEN "+flag+" = 1 THEN line END)")
		into = append(into, &k.lines, &k.money, &k.first)
	}
	if err := r.row("count what is wrong with the order lines", "SELECT "+strings.Join(asked, ",\n  ")+"\nFROM ("+v.sql("line, amount, "+strings.Join(flags, ",\n    "))+") AS flagged", into...); err != nil {
		return err
	}
	var wanted []string
	for _, k := range kinds {
		if k.first.Valid && o.has(lineColumn) {
			wanted = append(wanted, fmt.Sprint(k.first.Int64))
		}
	}
	examples := map[int64]features.Line{}
	if r.options.DryRun && o.has(lineColumn) {
		wanted = []string{"0"}
	}
	if wanted != nil {
		defer r.where(somethings)()
		slices.Sort(wanted)
		var err error
		if examples, err = o.show(r, v, slices.Compact(wanted)); err != nil {
			return err
		}
	}
	for _, k := range kinds {
		a.Findings = append(a.Findings, features.Finding{Name: k.name, Remedy: k.remedy, Lines: int(k.lines), Money: o.money(k.money), Example: examples[k.first.Int64]})
	}
	return nil
}

// show fetches a few lines, by their numbers.
func (o *Orders) show(r *run, v *view, wanted []string) (map[int64]features.Line, error) {
	texts := []string{"purchase", "customer", "product", "name", "category", "status"}
	for i := range o.source.Descriptors {
		texts = append(texts, fmt.Sprintf("d%d", i+1))
	}
	columns := "line, moment, quantity, price, amount"
	for _, t := range texts {
		if slices.Contains(o.names, t) {
			columns += ", " + t
		} else {
			columns += ", CAST(NULL AS VARCHAR) AS " + t
		}
	}
	out := map[int64]features.Line{}
	err := r.read("fetch examples", v.sql(columns, "line IN ("+strings.Join(wanted, ", ")+")"), func(rows *sql.Rows) error {
		var line, quantity, price, amount int64
		var moment sql.NullInt64
		said := make([]sql.NullString, len(texts))
		into := []any{&line, &moment, &quantity, &price, &amount}
		for i := range said {
			into = append(into, &said[i])
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		l := features.Line{File: int(line), Customer: said[1].String, Product: said[2].String, Name: said[3].String, Category: said[4].String, Status: said[5].String,
			Quantity: float64(quantity) / math.Pow10(o.quantityDecimals), Amount: o.money(amount)}
		if moment.Valid {
			l.Time = time.Unix(moment.Int64, 0).UTC()
		}
		switch key := said[0].String; {
		case strings.HasPrefix(key, "#"):
			l.Order = key[1:]
		case key != "":
			l.Order = l.Customer + " " + l.Time.Format(time.DateOnly)
		}
		switch {
		case o.priced():
			l.Price = float64(price) / math.Pow10(o.priceDecimals)
		case l.Quantity != 0:
			l.Price = l.Amount.Float() / l.Quantity
		}
		for _, d := range said[6:] {
			l.Descriptors = append(l.Descriptors, d.String)
		}
		out[line] = l
		return nil
	})
	return out, err
}

// habits says how many customers bought once, and how much the greatest of them weighs.
func (o *Orders) habits(r *run, v *view) ([]string, error) {
	type bought struct {
		customer                   string
		spent, buyers, once, sales int64
	}
	whole := o.e.speaks.whole
	top, err := collected(r, "see who buys once and who buys most", fmt.Sprintf(`SELECT customer, spent, buyers, once, sales FROM (SELECT customer, spent, COUNT(*) OVER () AS buyers, %s AS once, %s AS sales, ROW_NUMBER() OVER (ORDER BY spent DESC, first) AS place
  FROM (SELECT customer, %s AS spent, COUNT(DISTINCT COALESCE(purchase, '')) AS orders, MIN(line) AS first FROM (%s) AS b GROUP BY customer) AS c) AS ranked WHERE place = 1`,
		whole("SUM(CASE WHEN orders = 1 THEN 1 ELSE 0 END) OVER ()"), whole("SUM(spent) OVER ()"), whole("SUM(amount)"), v.sql("customer, purchase, line, amount", "customer IS NOT NULL", "quantity > 0")),
		func(b *bought) []any { return []any{&b.customer, &b.spent, &b.buyers, &b.once, &b.sales} })
	if err != nil || len(top) == 0 || top[0].sales <= 0 {
		return nil, err
	}
	b := top[0]
	return behaviour.Habits(int(b.once), int(b.buyers), b.customer, b.spent, b.sales), nil
}

// answers reports whether Source.Undone gives the answer for a word of the status.
func (o *Orders) answers(word string) bool {
	return o.source.Undone != nil && (o.source.UndoneAmong == nil || slices.Contains(o.source.UndoneAmong, word))
}

// answersAny says that Source.Undone is an answer for words that nobody has seen yet, and how it is not.
func (o *Orders) answersAny() (facts []string) {
	if o.source.Undone == nil || o.source.UndoneAmong != nil || len(o.words) == 0 || len(o.words) > evidence.MostStatuses || o.e.options.DryRun {
		return nil
	}
	var words []string
	for _, w := range o.words {
		words = append(words, strconv.Quote(w))
	}
	return []string{fmt.Sprintf("Source.Undone answers for any word of %s, new ones too: with Source.UndoneAmong = []string{%s}, words that come up later are asked about.", o.found["status"].name, strings.Join(words, ", "))}
}

// fate is what a word of the status says of its order. Source.Undone names some that came to nothing, and says with that that the others stand.
func (o *Orders) fate(word string) exports.Fate {
	switch fate := exports.FateOf(word); {
	case slices.Contains(o.source.Undone, word):
		return exports.Undone
	case fate == exports.Unknown && o.answers(word):
		return exports.Standing
	default:
		return fate
	}
}

// statuses are the words of the status, and whether their orders came to nothing, as features.Spec has them.
func (o *Orders) statuses() map[string]bool {
	if len(o.words) == 0 || len(o.words) > evidence.MostStatuses {
		return nil
	}
	out := make(map[string]bool, len(o.words))
	for _, w := range o.words {
		out[w] = o.fate(w) == exports.Undone
	}
	return out
}

// Unsure lists the words of the status whose meaning is unknown, in the order of the lines. Such orders count; Source.Undone says what the words mean.
func (o *Orders) Unsure() (words []string) {
	if o == nil {
		return nil
	}
	for _, w := range o.words {
		if o.fate(w) == exports.Unknown {
			words = append(words, w)
		}
	}
	return words
}

// read is what the money is read of, as features.Spec.Read has it.
func (o *Orders) read() map[string]string {
	out := map[string]string{}
	for _, role := range evidence.Worth {
		if o.has(role) {
			out[role] = o.found[role].name
		}
	}
	if currency := o.currency(); currency != "" {
		out["currency"] = currency
	}
	return out
}

// Familiar refuses order lines that were read differently from those that s was made from, as features.Spec.Familiar does. Either their money comes from other
// columns, although the original ones exist, or is in another currency; or their status says other things, which Source.Undone resolves. It sends no statement.
func (o *Orders) Familiar(s features.Spec) (note string, err error) {
	if o == nil {
		return "", fault.Nil("engine.Orders.Familiar", "orders")
	}
	var header []string
	for _, c := range o.rel.columns {
		header = append(header, c.name)
	}
	if why, roles := evidence.OtherWorth(s.Read, o.read(), header, func(string) bool { return true }); why != "" && !o.e.options.DryRun { // the source names every column
		remedy := "fit a model to these orders"
		if roles != nil {
			var names []string
			for _, role := range roles {
				names = append(names, fmt.Sprintf("%s = %q", role, s.Read[role]))
			}
			remedy = fmt.Sprintf("let the source say %s if that is meant, or fit a model to these orders", sheet.List(names))
		}
		return "", &fault.CellError{Op: "engine.Orders.Familiar", File: o.rel.name, Err: fault.ErrSchema, Why: why, Remedy: remedy}
	}
	if o.e.options.DryRun || o.source.Undone != nil && (o.source.UndoneAmong == nil || !o.has("status")) || !slices.ContainsFunc(s.Rules, func(r features.Rule) bool { return r.Name == features.Undone.Name }) {
		return "", nil
	}
	if len(s.Statuses) == 0 {
		if o.has("status") {
			note = evidence.Incomparable(o.found["status"].name)
		}
		return note, nil
	}
	var words []evidence.Word
	for _, w := range o.words {
		if o.answers(w) {
			continue
		}
		word := evidence.Word{Of: exports.Status, Text: w}
		switch o.fate(w) {
		case exports.Undone:
			word.Taken = evidence.Undone
		case exports.Standing:
			word.Taken = evidence.Counts
		}
		words = append(words, word)
	}
	if e := evidence.Unfamiliar(o.found["status"].name, words, s.Statuses); e != nil {
		e.Op, e.File = "engine.Orders.Familiar", o.rel.name
		return "", e
	}
	return "", nil
}

// undoneWords lists the words of the status that say that an order came to nothing, as SQL; "" if there are none. A database may hold a word that no statement
// can say: with a NUL.
func (o *Orders) undoneWords(op string) (string, error) {
	var list []string
	for _, w := range o.words {
		if o.fate(w) != exports.Undone {
			continue
		}
		quoted, err := o.e.speaks.SQL().Text(w)
		if err != nil {
			return "", &fault.CellError{Op: op, File: o.rel.name, Column: o.found["status"].name, Err: fault.ErrFormat, Why: fmt.Sprintf("holds %q, which no statement can say", wording.Clip(w)),
				Remedy: "write the word without its NUL in a Query"}
		}
		list = append(list, quoted)
	}
	slices.Sort(list)
	return strings.Join(list, ", "), nil
}
