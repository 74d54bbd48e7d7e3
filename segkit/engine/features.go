package engine

// One row per customer, made in the database: the features of package features, to the last bit.

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Spec returns the choices of c.Features(asOf, s), with the rules that were applied and the as-of date filled in.
func (c *Cleaned) Spec(asOf time.Time, s ...features.Spec) (features.Spec, error) {
	const op = "engine.Cleaned.Features"
	if c == nil {
		return features.Spec{}, fault.Nil("engine.Cleaned.Spec", "orders")
	}
	if len(s) > 1 {
		return features.Spec{}, fault.Option(op, "Spec", len(s), "one Spec at most")
	}
	var spec features.Spec
	if len(s) == 1 {
		spec = s[0]
	}
	if err := spec.Check(); err != nil {
		return spec, err
	}
	if c.e.options.DryRun && c.first > c.last { // nothing was counted
		c.first, c.last = 0, behaviour.DayOf(asOf)
	}
	day, err := behaviour.AsOf(op, asOf, c.first, c.last)
	spec.AsOf, spec.Rules, spec.Read, spec.Statuses = behaviour.DateOf(day), c.Rules(), c.read(), c.statuses()
	return spec, err
}

// stretch is days, both ends included.
type stretch struct{ from, to int }

func (c *Cleaned) days(spec features.Spec) stretch {
	days := stretch{c.first, behaviour.DayOf(spec.AsOf)}
	if spec.Window > 0 {
		days.from = max(days.from, days.to-spec.Window+1)
	}
	return days
}

// Features makes a table of customers in the database, with the columns and the numbers of features.Cleaned.Features: one row for each with an order
// up to and including the day asOf. It costs one pass over the lines, another if goods were returned after that day, and two more for
// Spec.FirstOrders.
func (c *Cleaned) Features(asOf time.Time, s ...features.Spec) (*Customers, error) {
	return c.FeaturesContext(job.DefaultContext, asOf, s...)
}

// FeaturesContext is Features under a context.
func (c *Cleaned) FeaturesContext(ctx context.Context, asOf time.Time, s ...features.Spec) (*Customers, error) {
	const op = "engine.Cleaned.Features"
	if c == nil {
		return nil, fault.Nil(op, "orders")
	}
	spec, err := c.Spec(asOf, s...)
	if err != nil {
		return nil, err
	}
	chosen, described, unknown, have := c.supports().Choose(spec.Features)
	if unknown != "" {
		return nil, &fault.OptionError{Method: "features.Spec", Field: "Features", Value: fmt.Sprintf("%q", unknown), Err: fault.ErrMissingColumn, Want: "what these order lines support" + suggest.Suggestion(unknown, have)}
	}
	switch {
	case c.nobody > 0:
		return nil, c.unfit(op, c.nobody, "has no customer", "clean with features.NoCustomer first")
	case c.lacking > 0:
		return nil, c.unfit(op, c.lacking, "has no date, quantity, price or amount", "clean with features.MissingValue first: orders.Clean(append([]features.Rule{features.MissingValue}, features.UsualRules...)...)")
	}
	r := c.e.run(ctx, 5)
	defer r.end()
	if err := c.usable(r, op); err != nil {
		return nil, err
	}
	if err := c.oneCurrencyLeft(r, op); err != nil {
		return nil, err
	}
	days := c.days(spec)
	lines, upto, err := c.lines(r, spec, days)
	if err != nil {
		return nil, err
	}
	customers, err := c.table(r, spec, days, lines, upto, chosen, described)
	if err != nil {
		return nil, err
	}
	if err := c.unchanged(r); err != nil {
		return nil, err
	}
	n, err := customers.filled(r, op, len(spec.Features) > 0)
	if err != nil {
		return nil, err
	}
	if n == 0 && !r.options.DryRun {
		return nil, &fault.CellError{Op: op, Why: fmt.Sprintf("no customer ordered from %s to %s", behaviour.DateText(days.from), behaviour.DateText(days.to)),
			Remedy: "choose another as-of date or a longer window", Err: fault.ErrEmpty}
	}
	r.keep(customers.from)
	return customers, nil
}

// oneCurrencyLeft is OneCurrency of the lines that the rules have left.
func (c *Cleaned) oneCurrencyLeft(r *run, op string) error {
	if len(c.currencies) < 2 && !(r.options.DryRun && c.has("currency")) {
		return nil
	}
	defer r.where(currencies)()
	left, err := collected(r, "see which currencies are left", c.view.sql("currency", "currency IS NOT NULL")+"\nGROUP BY currency", func(w *string) []any { return []any{w} })
	if err != nil {
		return err
	}
	slices.SortFunc(left, func(a, b string) int { return slices.Index(c.currencies, a) - slices.Index(c.currencies, b) })
	return c.refuseSeveral(op, left)
}

// filled counts the customers, and leaves out descriptors that none of them has; those that were named are an error.
func (c *Customers) filled(r *run, op string, named bool) (n int64, err error) {
	asked, have := "SELECT COUNT(*)", make([]int64, len(c.columns))
	into := []any{&n}
	for j, column := range c.columns {
		if column.text {
			asked, into = asked+", COUNT("+column.sql+")", append(into, &have[j])
		}
	}
	if err := r.row("count the customers", asked+" FROM "+c.from, into...); err != nil || n == 0 {
		return n, err
	}
	var columns []customerColumn
	for j, column := range c.columns {
		switch {
		case !column.text || have[j] > 0:
			columns = append(columns, column)
		case named:
			return n, &fault.CellError{Op: op, Why: "no customer has a " + column.Name, Remedy: "leave it out of Spec.Features", Err: fault.ErrEmpty}
		}
	}
	c.columns = columns
	return n, nil
}

func (c *Cleaned) unfit(op string, n int64, why, remedy string) error {
	return &fault.CellError{Op: op, File: c.rel.name, Err: fault.ErrSchema, Remedy: remedy, Why: fmt.Sprintf("one of %s like that %s", wording.Plural(int(n), "line"), why)}
}

// lines is what stands behind FROM for the lines of some days as they stood, with what became of their money as kind. Where first orders are asked for, upto is a
// helper table of the day up to which each customer counts. They are written down first where it takes long to find them: several statements read them.
func (c *Cleaned) lines(r *run, spec features.Spec, days stretch) (from, upto string, err error) {
	if spec.FirstOrders > 0 {
		from, upto, err = c.early(r, spec, days)
	} else {
		from, err = c.stood(r, days)
	}
	if err != nil || spec.FirstOrders == 0 && !c.e.writesDown() {
		return "(" + from + ") AS stood", upto, err
	}
	needed := []string{"customer", "kind", "quantity", "amount", "moment", "day", "hour", "purchase"}
	for _, name := range []string{"product", "category"} {
		if c.has(name) {
			needed = append(needed, name)
		}
	}
	for i := range c.source.Descriptors {
		needed = append(needed, fmt.Sprintf("d%d", i+1))
	}
	from, err = r.create("write the lines down as they stood", "SELECT "+strings.Join(needed, ", ")+"\nFROM ("+from+") AS stood")
	return from, upto, err
}

// orderKey is what counts as one order of a customer. Lines that are orders each are taken together by the hour: that is all that is asked of them.
func orderKey(unit features.OrderUnit) string {
	switch unit {
	case features.ByDay:
		return "CAST(day AS VARCHAR)"
	case features.ByLine:
		return "CAST(24 * day + hour AS VARCHAR)"
	}
	return "purchase"
}

// kinds are what becomes of a line's money: bought (0), went back and not all of its price (1), refunded (2).
const kinds = "CASE WHEN quantity > 0 THEN 0 WHEN was > 0 THEN 1 ELSE 2 END AS kind"

// stood selects the lines of some days as they stood on the last of them: what went back later is given back.
func (c *Cleaned) stood(r *run, days stretch) (string, error) {
	within := fmt.Sprintf("day BETWEEN %d AND %d", days.from, days.to)
	later := c.view.undo("line, gave, money", fmt.Sprintf("day <= %d AND back_day > %d", days.to, days.to))
	if later == "" {
		return c.view.sql(strings.Join(c.names, ", ")+", "+kinds, within), nil
	}
	defer r.where(cameBack)()
	given, err := r.create("sum what went back later of each line", "SELECT line, "+c.e.speaks.whole("SUM(gave)")+" AS gave, "+c.e.speaks.whole("SUM(money)")+" AS money FROM ("+later+") AS n GROUP BY line")
	if err != nil {
		return "", err
	}
	return c.withGiven(r, given, within)
}

// withGiven selects the lines that are left, with what a helper table gives back, and those that have gone, of which only that counts. Both are
// called lines in the conditions. Those that have gone are written down first: a planner that takes them for a single one would look for each among all lines.
func (c *Cleaned) withGiven(r *run, given, and string) (string, error) {
	left, back := prefixed("lines.", c.names), prefixed("lines.", c.names)
	for _, part := range [][2]string{{"quantity", "gave"}, {"amount", "money"}} {
		left = strings.Replace(left, "lines."+part[0], "lines."+part[0]+" + COALESCE(g."+part[1]+", 0) AS "+part[0], 1)
		back = strings.Replace(back, "lines."+part[0], "g."+part[1]+" AS "+part[0], 1)
	}
	// a line that went back in several parts stands in netted several times, alike but for what had gone before
	several := c.view.undo(strings.Join(c.names, ", "))
	once := "SELECT n.*, ROW_NUMBER() OVER (PARTITION BY line ORDER BY quantity) AS copy FROM (" + several + ") AS n"
	gone, err := r.create("find the lines that went back later", "SELECT "+back+", 1 AS gone\nFROM ("+once+") AS lines JOIN "+given+" AS g ON g.line = lines.line WHERE copy = 1 AND lines."+and)
	return "SELECT past.*, " + kinds + " FROM (SELECT " + left + ", 0 AS gone FROM (" + c.view.sql("*") + ") AS lines LEFT JOIN " + given + " AS g ON g.line = lines.line WHERE lines." + and +
		"\n  UNION ALL SELECT lines.* FROM " + gone + " AS lines WHERE NOT " + c.e.speaks.among(c.view.sql("line")) + ") AS past", err
}

// early is stood for the first orders of each customer, as they stood at the end of the day of the last of them, when no later cancellation was known. The
// helper table upto has that day of each customer.
func (c *Cleaned) early(r *run, spec features.Spec, days stretch) (lines, upto string, err error) {
	key, until := orderKey(spec.Order), fmt.Sprintf("day <= %d", days.to)
	const forever = math.MaxInt32
	spans := c.view.sql(fmt.Sprintf("customer, %s AS placed, day AS opens, %d AS closes", key, forever), "quantity > 0", until)
	candidates := c.view.sql("customer, day", until)
	if undone := c.view.undo(fmt.Sprintf("customer, %s AS placed, day, line, back_day", key), until); undone != "" { // what went back in full stood until then
		spans += "\nUNION ALL SELECT customer, placed, MIN(day), MAX(back_day) FROM (" + undone + ") AS n GROUP BY customer, placed, line"
		candidates += "\nUNION ALL " + c.view.undo("customer, day", until)
	}
	upto, err = r.create("find the day of the last of the first orders", fmt.Sprintf(`SELECT customer, COALESCE(MIN(CASE WHEN n >= %d THEN day END), MAX(day)) AS day
FROM (SELECT c.customer, c.day, COUNT(DISTINCT s.placed) AS n
  FROM (SELECT DISTINCT customer, day FROM (%s) AS c) AS c
  LEFT JOIN (SELECT customer, placed, closes, MIN(opens) AS opens FROM (%s) AS s GROUP BY customer, placed, closes) AS s
    ON s.customer = c.customer AND s.opens <= c.day AND s.closes > c.day
  GROUP BY c.customer, c.day) AS counted
GROUP BY customer`, spec.FirstOrders, candidates, spans))
	if err != nil {
		return "", "", err
	}
	lines = c.view.sql(strings.Join(c.names, ", ")+", 0 AS gone, "+kinds, until)
	if later := c.view.undo("line, customer, day, back_day, gave, money"); later != "" {
		defer r.where(cameBack)()
		given, err := r.create("sum what went back later of each line", "SELECT n.line, "+c.e.speaks.whole("SUM(n.gave)")+" AS gave, "+c.e.speaks.whole("SUM(n.money)")+" AS money\nFROM ("+later+") AS n JOIN "+upto+" AS u ON u.customer = n.customer\nWHERE n.day <= u.day AND n.back_day > u.day GROUP BY n.line")
		if err != nil {
			return "", "", err
		}
		if lines, err = c.withGiven(r, given, until); err != nil {
			return "", "", err
		}
	}
	return fmt.Sprintf(`SELECT numbered.* FROM (SELECT opened.*, DENSE_RANK() OVER (PARTITION BY customer, kind ORDER BY opened) AS nth
  FROM (SELECT seen.*, MIN(seen) OVER (PARTITION BY customer, kind, %[1]s) AS opened
    FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.customer, s.kind ORDER BY s.moment, s.gone, %[2]s) AS seen
      FROM (%[3]s) AS s JOIN %[4]s AS u ON u.customer = s.customer AND s.day <= u.day) AS seen) AS opened) AS numbered
WHERE kind > 0 OR nth <= %[5]d`, key, c.ties("s."), lines, upto, spec.FirstOrders), upto, nil
}

// table makes the table of customers from the lines. What a customer did is counted by a statement of its own for each kind of thing, so that the database
// holds groups by one kind at a time, with no more than what is asked of it.
func (c *Cleaned) table(r *run, spec features.Spec, days stretch, lines, upto string, chosen []behaviour.Feature, described []string) (*Customers, error) {
	d, sqlOf := c.e.speaks, c.e.speaks.SQL()
	whole, double := d.whole, d.double
	orders, weekend := "1", "CASE WHEN MOD(MOD(placed, 7) + 11, 7) IN (0, 6) THEN orders ELSE 0 END" // day 0 was a Thursday
	if spec.Order == features.ByLine {
		orders = "COUNT(*)"
	}
	hour := "0"
	if c.timed {
		hour = "CAST(FLOOR(CAST(moment - 86400 * placed AS " + sqlOf.Float() + ") / 3600) AS INTEGER)"
	}
	asks := func(name string) bool {
		return slices.ContainsFunc(chosen, func(f behaviour.Feature) bool { return f.Name == name })
	}
	sums, err := r.create("add up what each customer spent", fmt.Sprintf("SELECT customer, %s AS units, %s AS sales, %s AS refunds, MIN(CASE WHEN kind = 0 THEN day END) AS first, MAX(CASE WHEN kind = 0 THEN day END) AS last\nFROM %s\nGROUP BY customer",
		whole("SUM(CASE WHEN kind = 0 THEN quantity ELSE 0 END)"), whole("SUM(CASE WHEN kind < 2 THEN amount ELSE 0 END)"), whole("SUM(CASE WHEN kind = 2 THEN amount ELSE 0 END)"), lines))
	if err != nil {
		return nil, err
	}
	placed, err := r.create("count the orders of each customer by their hour", fmt.Sprintf(`SELECT customer, hour, %s AS orders, %s AS weekend
FROM (SELECT customer, orders, placed, %s AS hour
  FROM (SELECT customer, orders, moment, %s AS placed
    FROM (SELECT customer, MIN(moment) AS moment, %s AS orders FROM %s WHERE kind = 0 AND %[7]s IS NOT NULL GROUP BY customer, %[7]s) AS o) AS o) AS o
GROUP BY customer, hour`,
		whole("SUM(orders)"), whole("SUM("+weekend+")"), hour, whole("FLOOR(CAST(moment AS "+sqlOf.Float()+") / 86400)"), orders, lines, orderKey(spec.Order)))
	if err != nil {
		return nil, err
	}
	with := []string{fmt.Sprintf("ordered AS (SELECT customer, %s AS orders, %s AS weekend FROM %s GROUP BY customer)", whole("SUM(orders)"), whole("SUM(weekend)"), placed)}
	from := sums + " AS sums JOIN ordered ON ordered.customer = sums.customer"
	join := func(name, query string) {
		with = append(with, name+" AS ("+query+")")
		from += "\n  LEFT JOIN " + name + " ON " + name + ".customer = sums.customer"
	}
	netted := "0"
	if undone := c.view.undo("customer, back_day, money", fmt.Sprintf("day >= %d AND back_day <= %d", days.from, days.to)); undone != "" && asks("return_share") {
		if upto != "" {
			undone = "SELECT n.* FROM (" + undone + ") AS n JOIN " + upto + " AS u ON u.customer = n.customer AND n.back_day <= u.day"
		}
		join("returned", "SELECT customer, "+whole("SUM(money)")+" AS netted FROM ("+undone+") AS n GROUP BY customer")
		netted = "COALESCE(netted, 0)"
	}
	if asks("hour") {
		join("hours", "SELECT customer, MIN(hour) AS hour FROM (SELECT customer, hour, SUM(orders) OVER (PARTITION BY customer ORDER BY hour ROWS UNBOUNDED PRECEDING) AS upto, SUM(orders) OVER (PARTITION BY customer) AS n\n    FROM "+placed+") AS c\n  WHERE 2 * upto >= n GROUP BY customer")
	}
	poll := func(name, column, votes string) error {
		winners, err := r.create("find what each customer bought most of ("+column+")", fmt.Sprintf("SELECT customer, %[1]s AS winner, voted FROM (SELECT customer, %[1]s, COUNT(*) OVER (PARTITION BY customer) AS voted, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY votes DESC, %[2]s) AS choice\n  FROM (SELECT customer, %[1]s, %[3]s AS votes FROM %[4]s WHERE kind = 0 AND %[1]s IS NOT NULL GROUP BY customer, %[1]s) AS v) AS v\nWHERE choice = 1",
			column, d.sorted(column), votes, lines))
		from += "\n  LEFT JOIN " + winners + " AS " + name + " ON " + name + ".customer = sums.customer"
		return err
	}
	if c.has("product") && asks("products") {
		goods, err := r.create("count the products of each customer", fmt.Sprintf("SELECT customer, COUNT(*) AS products\nFROM (SELECT customer, product FROM %s WHERE kind = 0 AND product IS NOT NULL GROUP BY customer, product) AS p\nGROUP BY customer", lines))
		if err != nil {
			return nil, err
		}
		from += "\n  LEFT JOIN " + goods + " AS goods ON goods.customer = sums.customer"
	}
	levels := map[string]string{} // by the name of a descriptor, what it is
	names := c.supports().Described()
	if c.has("category") {
		if asks("categories") || slices.Contains(described, "top_category") {
			if err := poll("top", "category", whole("SUM(amount)")); err != nil {
				return nil, err
			}
		}
		levels[names[0]], names = "top.winner", names[1:]
	}
	for i, name := range names {
		if slices.Contains(described, name) {
			if err := poll(fmt.Sprintf("most%d", i+1), fmt.Sprintf("d%d", i+1), "COUNT(*)"); err != nil {
				return nil, err
			}
		}
		levels[name] = fmt.Sprintf("most%d.winner", i+1)
	}
	money, units := sqlOf.Double(math.Pow10(c.decimals)), sqlOf.Double(math.Pow10(c.quantityDecimals))
	formulas := map[string]string{
		"recency":       double(fmt.Sprintf("%d - sums.last", days.to)),
		"orders":        double("ordered.orders"),
		"spend":         double("sales + refunds") + " / " + money,
		"basket":        double("sales") + " / " + money + " / " + double("ordered.orders"),
		"items":         double("units") + " / " + units + " / " + double("ordered.orders"),
		"tenure":        double(fmt.Sprintf("%d - sums.first", days.to)),
		"gap":           "CASE WHEN ordered.orders > 1 THEN " + double("sums.last - sums.first") + " / " + double("ordered.orders - 1") + " END",
		"products":      double("COALESCE(goods.products, 0)"),
		"categories":    double("COALESCE(top.voted, 0)"),
		"return_share":  fmt.Sprintf("CASE WHEN sales + %[1]s > 0 THEN %[2]s / %[3]s END", netted, double(netted+" - CASE WHEN refunds < 0 THEN refunds ELSE 0 END"), double("sales + "+netted)),
		"weekend_share": double("weekend") + " / " + double("ordered.orders"),
		"hour":          double("hours.hour"),
	}
	out, select_ := &Customers{engine: c.e, name: c.rel.name, id: "id"}, []string{"sums.customer AS id"}
	source := c.sources(days)
	if spec.FirstOrders == 1 { // known of a customer as soon as there is the customer: no prediction could be made before it
		source = c.sources(stretch{days.from, days.from})
	}
	add := func(column table.Column, formula string) error {
		name, err := sqlOf.Name(column.Name)
		if err != nil {
			return fault.Option("engine.Source", "Descriptors", column.Name, err.Error())
		}
		select_ = append(select_, formula+" AS "+name)
		out.columns = append(out.columns, customerColumn{column, name, column.Role == table.Descriptor})
		return nil
	}
	for _, f := range chosen {
		column := f.Column
		column.Ancestry = table.Ancestry{Sources: source}
		for _, part := range f.Ancestry.Columns {
			column.Ancestry.Columns = append(column.Ancestry.Columns, behaviour.Column(spec.FirstOrders, part))
		}
		column.Name = behaviour.Column(spec.FirstOrders, f.Name)
		if err := add(column, formulas[f.Name]); err != nil {
			return nil, err
		}
	}
	for _, name := range described {
		if err := add(table.Column{Name: behaviour.Column(spec.FirstOrders, name), Role: table.Descriptor, Ancestry: table.Ancestry{Sources: source}}, levels[name]); err != nil {
			return nil, err
		}
	}
	where := ""
	if spec.NetNegative == features.DropNegative {
		where = "\nWHERE sales + refunds >= 0"
	}
	if out.spec, err = json.Marshal(spec); err != nil {
		return nil, err
	}
	if out.note, err = c.silence(r, days.to); err != nil {
		return nil, err
	}
	out.from, err = r.create("make the table of customers", "WITH "+strings.Join(with, ",\n")+"\nSELECT "+strings.Join(select_, ",\n  ")+"\nFROM "+from+where)
	return out, err
}

// sources says where columns come from, so that features of the same orders are not taken for independent evidence.
func (c *Cleaned) sources(days stretch) []table.Source {
	return []table.Source{{Name: "the orders of " + filepath.Base(c.rel.name), From: behaviour.DateText(days.from), To: behaviour.DateText(days.to)}}
}

// silence says in a sentence how long before the as-of day the orders end, as features.Orders.Silence does; "" where they do not end before it.
func (c *Cleaned) silence(r *run, day int) (string, error) {
	quiet := day - c.last
	if quiet <= 0 && !r.options.DryRun {
		return "", nil
	}
	defer r.where(silent)()
	gap := 0
	err := r.row("find the longest gap between two days with orders", "SELECT COALESCE(MAX(gap), 0) FROM (SELECT day - LAG(day) OVER (ORDER BY day) AS gap FROM ("+c.view.sql("DISTINCT day", "day IS NOT NULL")+") AS d) AS g", &gap)
	return behaviour.Silence(c.last, quiet, gap), err
}
