package engine

// What is wrong with order lines in the database, counted, with an example and the rule that deals with it.

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
)

// trouble is one kind of it: the lines on which a condition is true.
type trouble struct{ name, remedy, condition string }

// farOut is how many times the median line a line must be worth to be called extreme.
const farOut = 100

// Audit counts what features.Orders.Audit counts, with the first line of each kind where the source has a column "line". Five findings of the audit
// in memory are not among them: lines earlier than the one before (a table has no order), dates far from the others (First and Last show them),
// e-mail addresses in another case, other currencies, and lines that are not a product. It costs four passes.
func (o *Orders) Audit() (*features.Audit, error) { return o.AuditContext(job.DefaultContext) }

// AuditContext is Audit under a context.
func (o *Orders) AuditContext(ctx context.Context) (*features.Audit, error) {
	const op = "engine.Orders.Audit"
	if o == nil {
		return nil, fault.Nil(op, "orders")
	}
	r := o.e.run(ctx, 6)
	defer r.end()
	if err := o.usable(r, op); err != nil {
		return nil, err
	}
	v, none := o.view, []features.Rule{}
	_, counts, _, err := o.sieve(r, v, &none)
	if err != nil {
		return nil, err
	}
	a := &features.Audit{Count: counts[0].Count, Currency: o.source.Currency}
	if a.Lines == 0 {
		return a, nil
	}
	a.First, a.Last = behaviour.DateText(counts[0].first), behaviour.DateText(counts[0].last)
	repeats, err := r.create("find the lines that repeat an earlier one", o.repeats(v))
	if err != nil {
		return nil, err
	}
	var limit float64
	if err := r.row("find the median line", fmt.Sprintf(`SELECT COALESCE(MIN(size), 0) FROM (SELECT size, SUM(n) OVER (ORDER BY size ROWS UNBOUNDED PRECEDING) AS upto, SUM(n) OVER () AS n
  FROM (SELECT ABS(amount) AS size, COUNT(*) AS n FROM (%s) AS a GROUP BY ABS(amount)) AS sizes) AS ranked WHERE 2 * upto > n`, v.sql("amount", "amount <> 0")), &limit); err != nil {
		return nil, err
	}
	kinds := []trouble{
		{"no customer", "features.NoCustomer", "customer IS NULL"},
		{"cancellation", "features.NetCancelled", cancelled},
		{"other return", "features.NetCancelled", "quantity < 0 AND NOT " + cancelled},
		{"duplicate", "features.Duplicate", o.e.speaks.among("SELECT line FROM " + repeats)},
		{"test order", "features.TestOrder", o.isTest()},
		{"zero quantity", "features.ZeroQuantity", noUnits},
		{"zero price", "features.ZeroPrice", o.free()},
		{"negative price", "features.NegativePrice", o.belowZero()},
	}
	if o.has("order") {
		kinds = append(kinds, trouble{"no order number", "none: what such a customer buys on one day is an order", "number IS NULL"})
	}
	kinds = append(kinds,
		trouble{"no date", "features.MissingValue", "lacks IN (1, 3, 5, 7)"},
		trouble{"no quantity", "features.MissingValue", "lacks IN (2, 3, 6, 7)"},
		trouble{"no price or amount", "features.MissingValue", "lacks >= 4"})
	undone, err := o.undoneWords(op)
	if err != nil {
		return nil, err
	}
	if undone != "" {
		kinds = append(kinds, trouble{"undone by its status", "features.Undone", "quantity > 0 AND status IN (" + undone + ")"})
	}
	if o.has("product") {
		kinds = append(kinds, trouble{"no product id", "none: it counts as no product", "product IS NULL"})
	}
	kinds = append(kinds, trouble{"extreme amount", "look at them; log1p or Winsor keep them from ruling", fmt.Sprintf("ABS(%s) > %s", o.e.speaks.double("amount"), o.e.speaks.SQL().Double(limit*farOut))})
	if err := o.find(r, v, a, kinds); err != nil {
		return nil, err
	}
	if a.Facts, err = o.habits(r, v); err != nil {
		return nil, err
	}
	said, err := o.saidInWords(r, v)
	if err != nil {
		return nil, err
	}
	a.Facts = append(a.Facts, said...)
	return a, o.unchanged(r)
}

// find counts the lines of each kind in one pass, and fetches their first lines.
func (o *Orders) find(r *run, v *view, a *features.Audit, kinds []trouble) error {
	n, money, first := make([]int64, len(kinds)), make([]int64, len(kinds)), make([]sql.NullInt64, len(kinds))
	var flags, asked []string
	var into []any
	for i, k := range kinds {
		flag := fmt.Sprintf("f%d", i+1)
		flags = append(flags, "CASE WHEN "+k.condition+" THEN 1 ELSE 0 END AS "+flag)
		asked = append(asked, "SUM("+flag+")", o.e.speaks.whole("SUM("+flag+" * amount)"), "MIN(CASE WHEN "+flag+" = 1 THEN line END)")
		into = append(into, &n[i], &money[i], &first[i])
	}
	if err := r.row("count what is wrong with the order lines", "SELECT "+strings.Join(asked, ",\n  ")+"\nFROM ("+v.sql("line, amount, "+strings.Join(flags, ",\n    "))+") AS flagged", into...); err != nil {
		return err
	}
	var wanted []string
	for _, at := range first {
		if at.Valid && o.has(lineColumn) {
			wanted = append(wanted, fmt.Sprint(at.Int64))
		}
	}
	examples := map[int64]features.Line{}
	if wanted != nil {
		slices.Sort(wanted)
		var err error
		if examples, err = o.show(r, v, slices.Compact(wanted)); err != nil {
			return err
		}
	}
	for i, k := range kinds {
		a.Findings = append(a.Findings, features.Finding{Name: k.name, Remedy: k.remedy, Lines: int(n[i]), Money: o.money(money[i]), Example: examples[first[i].Int64]})
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

// fate is what a word of the status says of its order. Source.Undone names some that came to nothing, and says with that that the others stand.
func (o *Orders) fate(word string) exports.Fate {
	switch fate := exports.FateOf(word); {
	case slices.Contains(o.source.Undone, word):
		return exports.Undone
	case fate == exports.Unknown && o.source.Undone != nil:
		return exports.Standing
	default:
		return fate
	}
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
