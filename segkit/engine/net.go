package engine

// Netting in the database: cancellations are set against the orders that they undo, as package features does it, line by line in the order of time.
// Lines that share no purchase do not touch each other, so that all customers advance at once: each round settles the next line of every lane.

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/evidence"
)

// instant is when a line is dated; lines without a date come first.
func instant(prefix string) string { return "COALESCE(" + prefix + "moment, -1000000000000000)" }

// mark is what a line has to show of one kind of evidence, as a text, or NULL.
func (o *Orders) mark(by evidence.Kind) string {
	switch {
	case by == evidence.ByProduct && o.has("product"):
		return "product"
	case by == evidence.ByDescription && o.has("name"):
		return "name"
	case by == evidence.ByPrice && o.priced():
		return "CASE WHEN price <> 0 THEN CAST(price AS VARCHAR) END"
	case by == evidence.ByPrice:
		return "CASE WHEN amount <> 0 THEN CAST(CASE WHEN quantity < 0 THEN -amount ELSE amount END AS VARCHAR) END"
	}
	return "CAST(NULL AS VARCHAR)"
}

// net applies NetCancelled.
func (o *Orders) net(r *run, v *view) (*view, string, error) {
	if o.has("quantity") && !o.priced() {
		return nil, "", fault.Errorf(fault.ErrUndefined, "segkit: engine.Orders.Clean: %s has quantities and amounts, but no price of one unit, and there features.NetCancelled does not go down: "+
			"give a price in a Query, such as amount / quantity where that is exact, or clean with features.Cancelled and features.Returned", o.rel.name)
	}
	back, rounds, found, err := o.wentBack(r, v)
	if err != nil || found == nil && !r.options.DryRun {
		return v, "", err
	}
	defer r.where(cameBack)()
	bought, err := o.candidates(r, v, back, found)
	if err != nil {
		return nil, "", err
	}
	takes, err := r.create("prepare for netting", "SELECT line AS back, line AS bought, trail, quantity, amount, amount AS refund, amount AS kept FROM "+back+" WHERE 1 = 0")
	if err != nil {
		return nil, "", err
	}
	for round := int64(1); round <= rounds; round++ {
		if err := r.exec(fmt.Sprintf("net the cancellations (%d of %d)", round, rounds), "INSERT INTO "+takes+"\n"+o.round(back, bought, takes, round)); err != nil {
			return nil, "", err
		}
	}
	netted, err := r.create("keep the purchases that went back", fmt.Sprintf("SELECT %s, t.back, b.day AS back_day, t.quantity AS gave, t.amount AS money\nFROM %s AS t JOIN %s AS p ON p.line = t.bought AND p.trail = t.trail JOIN %s AS b ON b.line = t.back",
		prefixed("p.", o.names), takes, bought, back))
	if err != nil {
		return nil, "", err
	}
	wide := o.e.speaks.whole
	changes, err := r.create("sum what went back of each line", fmt.Sprintf("SELECT line, %s AS units, %s AS money FROM (SELECT bought AS line, -quantity AS units, -amount AS money FROM %[3]s UNION ALL SELECT back, quantity, refund FROM %[3]s) AS c GROUP BY line",
		wide("SUM(units)"), wide("SUM(money)"), takes))
	if err != nil {
		return nil, "", err
	}
	result := new(evidence.Found)
	err = r.read("count what was found for the lines that went back", fmt.Sprintf(`SELECT b.evidence, CASE WHEN b.quantity + COALESCE(c.units, 0) = 0 THEN 0 WHEN COALESCE(c.units, 0) = 0 THEN -2 ELSE -1 END AS rest, COUNT(*)
FROM %s AS b LEFT JOIN %s AS c ON c.line = b.line
GROUP BY b.evidence, CASE WHEN b.quantity + COALESCE(c.units, 0) = 0 THEN 0 WHEN COALESCE(c.units, 0) = 0 THEN -2 ELSE -1 END`, back, changes), func(rows *sql.Rows) error {
		var by evidence.Kind
		var rest, n int64
		if err := rows.Scan(&by, &rest, &n); err != nil {
			return err
		}
		for range n {
			result.Count(by, -2, rest)
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	if err := o.doubt(r, result, back, bought, takes); err != nil {
		return nil, "", err
	}
	for _, done := range []string{back, bought, takes} {
		r.discard(done)
	}
	out := v.again(o.net)
	columns := prefixed("l.", o.names)
	columns = strings.Replace(columns, "l.quantity", "l.quantity + COALESCE(c.units, 0) AS quantity", 1)
	columns = strings.Replace(columns, "l.amount", "l.amount + COALESCE(c.money, 0) AS amount", 1)
	out.from = fmt.Sprintf("(SELECT %s, c.line AS changed\nFROM (%s) AS l LEFT JOIN %s AS c ON c.line = l.line) AS lines", columns, v.sql("*"), changes)
	out.where = []string{"NOT (changed IS NOT NULL AND quantity = 0 AND amount = 0)"}
	out.netted, out.keeps = append(slices.Clone(v.netted), netted), append(slices.Clone(v.keeps), netted, changes)
	return out, result.Note(o.priced(), o.has("quantity"), func(units int64) string { return o.money(units).String() }), nil
}

// doubt counts the lines of which something went against orders that came to nothing by their status, if an order on their trail stood.
func (o *Orders) doubt(r *run, found *evidence.Found, back, bought, takes string) error {
	if !o.has("status") {
		return nil
	}
	words, err := o.undoneWords("engine.Orders.Clean")
	if err != nil || words == "" {
		return err
	}
	return r.row("count what went back of orders undone by their status though others stood", fmt.Sprintf(`SELECT COUNT(DISTINCT t.back), %[1]s
FROM %[2]s AS t JOIN %[3]s AS p ON p.line = t.bought AND p.trail = t.trail JOIN %[4]s AS b ON b.line = t.back
  JOIN (SELECT trail, MIN(%[5]s) AS since FROM %[3]s WHERE status IS NULL OR status NOT IN (%[6]s) GROUP BY trail) AS stood ON stood.trail = t.trail AND stood.since <= %[7]s
WHERE p.status IN (%[6]s)`, o.e.speaks.whole("COALESCE(SUM(t.amount), 0)"), takes, bought, back, instant(""), words, instant("b.")), &found.Doubtful, &found.Money)
}

// prefixed lists columns of a table.
func prefixed(prefix string, names []string) string { return prefix + strings.Join(names, ", "+prefix) }

// wentBack makes a helper table of the lines of goods that went back, with their surest evidence, a trail (the purchases that they may undo), a lane
// (lines that may share a purchase) and their place in it. It says how long the longest lane is, and which evidence is used; nil if nothing went back.
func (o *Orders) wentBack(r *run, v *view) (back string, rounds int64, used map[evidence.Kind]bool, err error) {
	by, value := "CASE", "COALESCE("
	for k := evidence.ByProduct; k < evidence.Unmarked; k++ {
		by += fmt.Sprintf(" WHEN %s IS NOT NULL THEN %d", o.mark(k), k)
		value += o.mark(k) + ", "
	}
	by += fmt.Sprintf(" ELSE %d END", evidence.Unmarked)
	known := fmt.Sprintf("evidence < %d", evidence.Unmarked)
	back, err = r.create("find the lines of goods that went back", fmt.Sprintf(`SELECT ranked.*, ROW_NUMBER() OVER (PARTITION BY CASE WHEN %[1]s THEN 1 ELSE 0 END, lane ORDER BY %[4]s, %[2]s) AS turn
FROM (SELECT trails.*, CASE WHEN MIN(CASE WHEN %[1]s THEN evidence END) OVER (PARTITION BY customer) < MAX(CASE WHEN %[1]s THEN evidence END) OVER (PARTITION BY customer)
      THEN MIN(trail) OVER (PARTITION BY customer) ELSE trail END AS lane
  FROM (SELECT marked.*, DENSE_RANK() OVER (ORDER BY customer, evidence, mark) AS trail
    FROM (%[3]s) AS marked) AS trails) AS ranked`,
		known, o.ties(""), v.sql(strings.Join(o.names, ", ")+", "+by+" AS evidence, "+value+"'') AS mark", "quantity < 0", "customer IS NOT NULL"), instant("")))
	if err != nil {
		return "", 0, nil, err
	}
	err = r.read("see how many lines went back", fmt.Sprintf("SELECT evidence, MAX(turn) FROM %s GROUP BY evidence", back), func(rows *sql.Rows) error {
		var by evidence.Kind
		var turns int64
		if err := rows.Scan(&by, &turns); err != nil {
			return err
		}
		if used == nil {
			used = map[evidence.Kind]bool{}
		}
		if used[by] = true; by != evidence.Unmarked {
			rounds = max(rounds, turns)
		}
		return nil
	})
	if r.options.DryRun {
		rounds = 1
	}
	return back, rounds, used, err
}

// candidates makes a helper table of the purchases on the trails, each with its place on the trail. A purchase may be on several.
func (o *Orders) candidates(r *run, v *view, back string, used map[evidence.Kind]bool) (bought string, err error) {
	var parts []string
	for by := evidence.ByProduct; by < evidence.Unmarked; by++ {
		if used[by] || r.options.DryRun && by == evidence.ByProduct {
			parts = append(parts, fmt.Sprintf("SELECT p.*, t.trail, t.evidence FROM (%s) AS p\n  JOIN (SELECT customer, mark, trail, evidence, MAX(%s) AS latest FROM %s WHERE evidence = %d GROUP BY customer, mark, trail, evidence) AS t ON t.customer = p.customer AND t.mark = p.mark AND %s <= t.latest",
				v.sql(strings.Join(o.names, ", ")+", "+o.mark(by)+" AS mark", "quantity > 0"), instant(""), back, by, instant("p.")))
		}
	}
	if parts == nil { // nothing can be found by anything
		parts = []string{"SELECT b.* FROM " + back + " AS b WHERE 1 = 0"}
	}
	return r.create("find the purchases that they may undo", fmt.Sprintf("SELECT c.*, ROW_NUMBER() OVER (PARTITION BY trail ORDER BY %s, %s) AS place\nFROM (%s) AS c", instant(""), o.ties(""), strings.Join(parts, "\n  UNION ALL ")))
}

// round is a SELECT of what one round takes: each line whose turn it is takes the latest purchase, not later, of as many units for the same money, else the
// latest of as many units, else parts of the latest ones. Of goods that are matched by anything but the product id only as much money goes as was refunded:
// the rest is kept by the order, and is no part of what its other units cost.
func (o *Orders) round(back, bought, takes string, round int64) string {
	wide := o.e.speaks.whole
	pairs := fmt.Sprintf(`WITH taken AS (SELECT bought, %[1]s AS units, %[2]s AS money, %[3]s AS kept FROM %[4]s GROUP BY bought),
pairs AS (SELECT b.line AS back, b.trail, b.evidence, b.price AS paid, -b.quantity AS wanted, -b.amount AS refund, p.line AS bought, p.price, p.place,
    p.quantity - COALESCE(t.units, 0) AS units, p.amount - COALESCE(t.money, 0) AS money, COALESCE(t.kept, 0) AS kept
  FROM %[5]s AS b JOIN %[6]s AS p ON p.trail = b.trail AND %[9]s <= %[10]s LEFT JOIN taken AS t ON t.bought = p.line
  WHERE b.turn = %[7]d AND b.evidence < %[8]d),
`, wide("SUM(quantity)"), wide("SUM(amount)"), wide("SUM(kept)"), takes, back, bought, round, evidence.Unmarked, instant("p."), instant("b."))
	same, second := "units = wanted AND money - kept = refund", "units = wanted"
	if !o.priced() { // below zero it is a cent lost to rounding
		same, second = same+" AND kept >= 0", "1 = 0"
	}
	pairs += fmt.Sprintf(`ranked AS (SELECT pairs.*, CASE WHEN %[1]s THEN 2 WHEN %[2]s THEN 1 ELSE 0 END AS fits FROM pairs WHERE units > 0),
best AS (SELECT ranked.*, MAX(fits) OVER (PARTITION BY back) AS fit, ROW_NUMBER() OVER (PARTITION BY back ORDER BY fits DESC, place DESC) AS choice,
    %[3]s AS before FROM ranked),
part AS (SELECT best.*, CASE WHEN fit > 0 THEN wanted WHEN wanted - before < units THEN wanted - before ELSE units END AS q, CASE WHEN fit > 0 THEN wanted ELSE wanted - before END AS rest
  FROM best WHERE fit > 0 AND choice = 1 OR fit = 0 AND before < wanted AND %[4]s),
`, same, second, wide("SUM(units) OVER (PARTITION BY back ORDER BY place DESC ROWS UNBOUNDED PRECEDING) - units"), map[bool]string{true: "1 = 1", false: "1 = 0"}[o.priced()])
	cost, given := "money - kept", "refund" // whole: every line is one unit where there are no prices
	if o.priced() {
		cost = "CASE WHEN q = units THEN money ELSE q * price END"
		given = "CASE WHEN q = rest THEN refund - (wanted - rest) * paid ELSE q * paid END"
	}
	byProduct := fmt.Sprintf("evidence = %d", evidence.ByProduct)
	if !o.priced() {
		byProduct = "1 = 0"
	}
	return pairs + fmt.Sprintf(`priced AS (SELECT part.*, %[1]s AS cost, %[2]s AS given FROM part)
SELECT back, bought, trail, q, CASE WHEN %[3]s THEN cost ELSE given END, given, CASE WHEN %[3]s THEN 0 ELSE cost - given END FROM priced`, cost, given, byProduct)
}
