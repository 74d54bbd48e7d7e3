package engine

// Order lines in the database, read by what their columns mean.

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/dialect"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/behaviour"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
)

// lineColumn means the number of a line, which settles what came first within a second.
const lineColumn = "line"

// Orders are order lines in a database. Each call reads them again: nothing is copied, except in PostgreSQL, into Options.Scratch of DuckDB, and if the source has
// no column "line".
type Orders struct {
	e       *Engine
	session int
	source  Source
	rel     *relation
	found   map[string]column // by meaning

	lines, lacking             int64 // when they were first looked at; lacking as Lacking has it
	quantityDecimals, decimals int   // of quantities, and of money
	priceDecimals              int
	timed                      bool
	spread                     bool // some lines of numbered orders have no status: it stands once an order

	words      []string // of the status, in the order of the lines
	currencies []string // in the order of the lines where a column numbers them, otherwise the most frequent first
	names      []string // columns of a view, in order
	texts      []string // those of them that say what a line is: Duplicate compares them
	view       *view
	root       *view           // the lines before any rule
	rules      []features.Rule // applied so far
}

// Orders looks at a source of order lines: one line per product bought. Columns are named by their meaning:
//
//	customer  id, text or whole number; NULL and empty texts mean none       date      a date, or a time without a zone
//	price     of one unit, or                                                amount    of the whole line
//	order     order number; without one, what a customer buys on one day     quantity  units, negative for returned goods
//	product   id          name      what it is called          category      status     of the order: "paid", "cancelled"
//	line      a unique whole number, such as the line of a file: settles what came first within a second
//
// Customer, date, and price or amount are required. Numbers are exact: quantities and money have the most decimals seen, at most 9. In PostgreSQL, and without
// a column "line", the lines are copied into a helper table once. Without that column, ties are settled by the contents of the lines. It costs two passes, one
// of which reads no row, and a third over the currency if a column has such a name: several currencies are refused.
func (e *Engine) Orders(s Source) (*Orders, error) { return e.OrdersContext(job.DefaultContext, s) }

// OrdersContext is Orders under a context.
func (e *Engine) OrdersContext(ctx context.Context, s Source) (*Orders, error) {
	const op = "engine.Orders"
	if e == nil {
		return nil, fault.Nil(op, "engine")
	}
	r := e.run(ctx, 3)
	defer r.end()
	rel, err := r.look(op, s)
	if err != nil {
		return nil, err
	}
	o := &Orders{e: e, source: s, rel: rel}
	if err := o.columns(op); err != nil {
		return nil, err
	}
	if err := o.listCurrencies(r); err != nil {
		return nil, err
	}
	if err := o.measure(r, op); err != nil {
		return nil, err
	}
	base, err := o.base()
	if err != nil {
		return nil, err
	}
	o.view = &view{from: "(" + base + "\n) AS lines", spelled: "spelled"}
	if o.copies() || r.options.DryRun && o.mayCopy() {
		back := func() {}
		if !o.alwaysCopies() {
			back = r.where(onceStated)
		}
		copied, err := r.create("copy the order lines", base)
		if back(); err != nil {
			return nil, err
		}
		r.keep(copied)
		o.view.from = copied + " AS lines"
	}
	o.root = o.view
	if o.has("status") {
		said := o.root.sql("status, line")
		if line, ok := o.found[lineColumn]; ok { // as they stand there, before one line of an order speaks for the others
			said = "SELECT NULLIF(" + varchar(o.found["status"]) + ", '') AS status, " + line.quoted + " AS line FROM " + o.rel.from
		}
		if o.words, err = collected(r, "list the words of the status", "SELECT status FROM ("+said+") AS s WHERE status IS NOT NULL GROUP BY status ORDER BY MIN(line)", func(w *string) []any { return []any{w} }); err != nil {
			return nil, err
		}
		if r.options.DryRun {
			o.words = []string{"cancelled"} // what the status may hold
		}
	}
	if err := o.answered(op); err != nil {
		return nil, err
	}
	o.session = e.session
	return o, nil
}

// answered refuses words of Source.Undone that the status never holds, but for those that it held when they were named.
func (o *Orders) answered(op string) error {
	if o.source.UndoneAmong != nil && o.source.Undone == nil {
		return fault.Option("engine.Source", "UndoneAmong", fmt.Sprintf("%q", o.source.UndoneAmong), "Undone too: the answer for these words")
	}
	for _, word := range o.source.Undone {
		switch {
		case !o.has("status"):
			return fault.Option("engine.Source", "Undone", fmt.Sprintf("%q", word), "a column for status")
		case !slices.Contains(o.words, word) && !slices.Contains(o.source.UndoneAmong, word) && !o.e.options.DryRun:
			return &fault.CellError{Op: op, File: o.rel.name, Column: o.found["status"].name, Err: fault.ErrSchema,
				Why: fmt.Sprintf("never holds %q, which Source.Undone names", word), Remedy: "it holds " + wording.List(o.words)}
		}
	}
	return nil
}

// Lacking returns how many lines have a customer but no date, quantity, price or amount: features.MissingValue removes them.
func (o *Orders) Lacking() int {
	if o == nil {
		return 0
	}
	return int(o.lacking)
}

// meanings of columns of order lines.
func meanings() (names []string) {
	for m := range exports.Meanings {
		if m != exports.Direction && m != exports.Refund {
			names = append(names, m.String())
		}
	}
	return append(names, lineColumn)
}

func (o *Orders) has(meaning string) bool { _, ok := o.found[meaning]; return ok }

// copies reports whether the lines are copied first: where nothing numbers them, where one has to be seen to know another, and where reading them anew for
// each statement takes most of the time, or more than reading a compressed copy.
func (o *Orders) copies() bool { return o.alwaysCopies() || o.spread }

// alwaysCopies is copies whatever the lines hold; mayCopy reports whether these decide.
func (o *Orders) alwaysCopies() bool { return !o.has(lineColumn) || o.e.writesDown() }
func (o *Orders) mayCopy() bool      { return !o.alwaysCopies() && o.has("status") && o.has("order") }

// priced reports whether lines have a price of one unit; amounts only otherwise.
func (o *Orders) priced() bool { return o.has("price") && o.has("quantity") }

// columns finds the columns of the source and looks at their types.
func (o *Orders) columns(op string) (err error) {
	for _, m := range []exports.Meaning{exports.Direction, exports.Refund} {
		if name := o.source.Columns[m.String()]; name != "" {
			return fault.Option("engine.Source", "Columns", fmt.Sprintf("%q", m), "nothing: an engine does not read it; write a Query in which quantities, prices or amounts say what went back")
		}
	}
	if o.found, err = o.rel.meanings(op, o.source, meanings()); err != nil {
		return err
	}
	if !o.has("currency") { // known by its header, as in a file
		if at := slices.IndexFunc(o.rel.columns, func(c column) bool {
			return c.kind == text && slices.Contains(exports.Headers[exports.Currency], exports.Header(c.name)) && !slices.Contains(o.source.Descriptors, c.name)
		}); at >= 0 {
			o.found["currency"] = o.rel.columns[at]
		}
	}
	for _, needed := range []string{"customer", "date"} {
		if !o.has(needed) {
			return fault.Option("engine.Source", "Columns", slices.Sorted(maps.Keys(o.source.Columns)), "a column for "+needed)
		}
	}
	if o.has("price") == o.has("amount") {
		return fault.Option("engine.Source", "Columns", slices.Sorted(maps.Keys(o.source.Columns)), "a column for price or one for amount: one of the two says what a line is worth")
	}
	taken, misfits := map[string]bool{}, []misfit(nil)
	for _, name := range o.source.Descriptors {
		c, err := o.rel.named(op, name)
		if err != nil {
			return err
		}
		if taken[name] || len(o.source.Descriptors) != 0 && slices.Contains(meanings(), name) && o.has(name) && o.found[name].name == name {
			return fault.Option("engine.Source", "Descriptors", fmt.Sprintf("%q", name), "each column once")
		}
		taken[name] = true
		misfits = check(misfits, c, "descriptor", "VARCHAR", text, whole)
	}
	for _, meaning := range slices.Sorted(maps.Keys(o.found)) {
		c := o.found[meaning]
		switch meaning {
		case "date":
			misfits = check(misfits, c, meaning, "TIMESTAMP", date, moment)
		case "quantity", "price", "amount":
			misfits = check(misfits, c, meaning, "DECIMAL(18, 2)", whole, number)
		case lineColumn:
			misfits = check(misfits, c, meaning, "BIGINT", whole)
		default:
			misfits = check(misfits, c, meaning, "VARCHAR", text, whole)
		}
	}
	return o.rel.refuse(op, misfits)
}

// listCurrencies finds the currencies that the lines are in, as far as a column says so.
func (o *Orders) listCurrencies(r *run) (err error) {
	c, ok := o.found["currency"]
	if !ok {
		return nil
	}
	read, by := varchar(c)+" AS currency", "COUNT(*) DESC, currency"
	if line, ok := o.found[lineColumn]; ok {
		read, by = read+", "+line.quoted+" AS line", "MIN(line), currency"
	}
	o.currencies, err = collected(r, "list the currencies", "SELECT currency FROM (SELECT "+read+" FROM "+o.rel.from+") AS c WHERE currency <> '' GROUP BY currency ORDER BY "+by,
		func(w *string) []any { return []any{w} })
	return err
}

// OneCurrency refuses lines with money in several currencies, which would be added up as if it were one. So does Cleaned.Features, unless a rule such as
// features.Without("currency", "CHF") has left only one. It costs nothing.
func (o *Orders) OneCurrency() error {
	if o == nil {
		return fault.Nil("engine.Orders.OneCurrency", "orders")
	}
	return o.refuseSeveral("engine.Orders.OneCurrency", o.currencies)
}

func (o *Orders) refuseSeveral(op string, currencies []string) error {
	if !cell.SeveralCurrencies(currencies) {
		return nil
	}
	return &fault.CellError{Op: op, File: o.rel.name, Column: o.found["currency"].name, Err: fault.ErrSchema, Why: fmt.Sprintf("holds %s, and money would be added up as if it were one currency", sheet.List(currencies)),
		Remedy: o.answerCurrency()}
}

// answerCurrency is how one currency is kept of several.
func (o *Orders) answerCurrency() string {
	c, one := o.found["currency"], "…"
	if text, err := o.e.speaks.SQL().Text(o.currencies[0]); err == nil {
		one = text
	}
	return fmt.Sprintf("keep one in a Query, WHERE %s = %s, or leave the column out of it if all money is in one currency after all", c.quoted, one)
}

// mostDecimals is how many decimals a number may have, as package features has it; largest how large one may be at its decimals so that
// float64s hold it.
const (
	mostDecimals = cell.MaxDecimals
	largest      = 1 << 51
)

// measure looks over the lines once: how many there are, and how exact and how large their numbers.
func (o *Orders) measure(r *run, op string) error {
	d, sqlOf := o.e.speaks, o.e.speaks.SQL()
	asked := []string{"COUNT(*)"}
	var numbers []string
	for _, meaning := range []string{"quantity", "price", "amount"} {
		if !o.has(meaning) {
			continue
		}
		numbers = append(numbers, meaning)
		x := d.double(o.found[meaning].quoted)
		decimals := "CASE WHEN " + x + " IS NULL THEN 0"
		for n := range mostDecimals + 1 {
			scaled := x
			if n > 0 {
				scaled = x + " * " + sqlOf.Double(math.Pow10(n))
			}
			decimals += fmt.Sprintf(" WHEN FLOOR(%s + %s) / %s = %s THEN %d", scaled, sqlOf.Double(0.5), sqlOf.Double(math.Pow10(n)), x, n)
		}
		asked = append(asked, fmt.Sprintf("COALESCE(MAX(%s ELSE %d END), 0)", decimals, mostDecimals+1),
			fmt.Sprintf("COALESCE(MAX(CASE WHEN ABS(%[1]s) <= %[2]s THEN ABS(%[1]s) END), 0)", x, sqlOf.Double(1e300)),
			fmt.Sprintf("COALESCE(SUM(CASE WHEN %[1]s IS NULL OR ABS(%[1]s) <= %[2]s THEN 0 ELSE 1 END), 0)", x, sqlOf.Double(1e300)))
	}
	worth := "CAST(0 AS " + sqlOf.Float() + ")"
	if o.priced() {
		worth = fmt.Sprintf("COALESCE(MAX(CASE WHEN ABS(%[1]s) <= %[3]s AND ABS(%[2]s) <= %[3]s THEN ABS(%[1]s * %[2]s) END), 0)", d.double(o.found["quantity"].quoted), d.double(o.found["price"].quoted), sqlOf.Double(1e150))
	}
	asked = append(asked, worth)
	clock, when := "0", o.found["date"]
	if when.kind == moment {
		clock = fmt.Sprintf("COALESCE(MAX(%s - 86400 * %s), 0)", d.seconds(when.quoted), d.whole(d.days(when.quoted)))
	}
	distinct, null := "0", "0"
	if line, ok := o.found[lineColumn]; ok {
		distinct, null = "COUNT(DISTINCT "+line.quoted+")", "COUNT(*) - COUNT("+line.quoted+")"
	}
	once := "0"
	if order, ok := o.found["order"]; ok && o.has("status") {
		once = fmt.Sprintf("COALESCE(SUM(CASE WHEN NULLIF(%s, '') IS NULL AND %s IS NOT NULL THEN 1 ELSE 0 END), 0)", varchar(o.found["status"]), order.quoted)
	}
	gaps := []string{when.quoted + " IS NULL"}
	for _, meaning := range numbers {
		gaps = append(gaps, o.found[meaning].quoted+" IS NULL")
	}
	gap := fmt.Sprintf("COALESCE(SUM(CASE WHEN %s IS NOT NULL AND (%s) THEN 1 ELSE 0 END), 0)", id(o.found["customer"], sqlOf), strings.Join(gaps, " OR "))
	asked = append(asked, clock, distinct, null, once, gap)
	texts, marks := o.nuls()
	asked = append(asked, marks...)
	type measured struct {
		decimals, bad int64
		largest       float64
	}
	of := make([]measured, len(numbers))
	var worthMost float64
	var clockMost, lines, nulls, unsaid int64
	into := []any{&o.lines}
	for i := range of {
		into = append(into, &of[i].decimals, &of[i].largest, &of[i].bad)
	}
	into = append(into, &worthMost, &clockMost, &lines, &nulls, &unsaid, &o.lacking)
	broken := make([]unsayable, len(texts))
	for i := range broken {
		into = append(into, &broken[i].lines, &broken[i].first, &broken[i].example)
	}
	if err := r.row("look over the order lines", "SELECT "+strings.Join(asked, ",\n  ")+"\nFROM "+o.rel.from, into...); err != nil {
		return err
	}
	if r.options.DryRun { // as if money had two decimals
		o.timed = when.kind == moment
		for i, meaning := range numbers {
			if meaning != "quantity" {
				of[i].decimals = 2
			}
		}
	} else if o.lines == 0 {
		return &fault.CellError{Op: op, File: o.rel.name, Why: "has no order lines", Remedy: "look at the table or the query", Err: fault.ErrEmpty}
	}
	for i, c := range texts {
		if b := broken[i]; b.lines > 0 {
			return &fault.CellError{Op: op, File: o.rel.name, Line: int(b.first.Int64), Column: c.name, Value: b.example.String, Count: int(b.lines), Err: fault.ErrFormat,
				Why: "holds a NUL byte, which no CSV file and not every database takes", Remedy: "take it out in a Query: REPLACE(" + c.quoted + ", chr(0), '')"}
		}
	}
	o.timed = o.timed || clockMost > 0
	o.spread = unsaid > 0
	if o.has(lineColumn) && !r.options.DryRun && (nulls > 0 || lines != o.lines) {
		return &fault.CellError{Op: op, File: o.rel.name, Column: o.found[lineColumn].name, Err: fault.ErrDuplicate,
			Why:    fmt.Sprintf("should number the lines, but holds %s different numbers and %s NULLs on %s lines", sheet.Count(int(lines)), sheet.Count(int(nulls)), sheet.Count(int(o.lines))),
			Remedy: "leave it out, or number the lines in a Query"}
	}
	decimals := map[string]int{}
	for i, meaning := range numbers {
		bad := &fault.CellError{Op: op, File: o.rel.name, Column: o.found[meaning].name, Err: fault.ErrFormat}
		decimals[meaning] = int(of[i].decimals)
		switch {
		case of[i].bad > 0:
			bad.Why, bad.Remedy = fmt.Sprintf("holds infinite numbers or NaN on %s lines", sheet.Count(int(of[i].bad))), "turn them into NULL in a Query"
			return bad
		case of[i].decimals > mostDecimals:
			bad.Why, bad.Remedy = fmt.Sprintf("has numbers with more than %d decimals", mostDecimals), "round them in a Query: CAST("+o.found[meaning].quoted+" AS DECIMAL(18, 2))"
			return bad
		case of[i].largest*math.Pow10(decimals[meaning]) > largest:
			bad.Why, bad.Remedy = "has numbers that are too large to be summed exactly", "round them in a Query, or look at what they are"
			return bad
		}
	}
	o.quantityDecimals, o.priceDecimals = decimals["quantity"], decimals["price"]
	o.decimals = decimals["amount"] + decimals["price"]
	if o.priced() {
		o.decimals += o.quantityDecimals
	}
	for i, meaning := range numbers {
		worthMost = max(worthMost, of[i].largest*math.Pow10(decimals[meaning]))
	}
	if o.priced() {
		worthMost = max(worthMost, worthMost*math.Pow10(o.decimals))
	}
	if worthMost*float64(o.lines) > math.MaxInt64 {
		return &fault.CellError{Op: op, File: o.rel.name, Err: fault.ErrFormat, Why: "quantity or money is too large to be summed exactly", Remedy: "round the prices in a Query"}
	}
	return nil
}

// unsayable is what is known of the NUL bytes in a column.
type unsayable struct {
	lines   int64
	first   sql.NullInt64 // number of the first such line, where the source has a column for it
	example sql.NullString
}

// nuls are the columns of texts that may hold a NUL byte, and what to ask of each.
func (o *Orders) nuls() (texts []column, asked []string) {
	form := dialects[o.e.speaks].nul
	if form == "" {
		return nil, nil
	}
	for _, meaning := range slices.Sorted(maps.Keys(o.found)) {
		texts = append(texts, o.found[meaning])
	}
	for _, c := range o.rel.columns {
		if slices.Contains(o.source.Descriptors, c.name) {
			texts = append(texts, c)
		}
	}
	texts = slices.DeleteFunc(texts, func(c column) bool { return c.kind != text })
	for _, c := range texts {
		x := "CAST(" + c.quoted + " AS VARCHAR)"
		holds, line := fmt.Sprintf(form, x), "CAST(NULL AS BIGINT)"
		if number, ok := o.found[lineColumn]; ok {
			line = o.e.speaks.whole(number.quoted)
		}
		asked = append(asked, "COALESCE(SUM(CASE WHEN "+holds+" THEN 1 ELSE 0 END), 0)", "MIN(CASE WHEN "+holds+" THEN "+line+" END)", "MIN(CASE WHEN "+holds+" THEN "+x+" END)")
	}
	return texts, asked
}

// noIDs is a list of the texts that stand for no id, as SQL.
func noIDs(d dialect.SQL) string {
	list := []string{"''"}
	for _, word := range exports.NoIDs {
		quoted, err := d.Text(word)
		if err != nil {
			panic(err) // a word of our own that cannot be said
		}
		list = append(list, quoted)
	}
	return strings.Join(list, ", ")
}

// blanks are what a text may have around it without a meaning: spaces, tabs, line ends, and the no-break space that comes along from a page.
const blanks = "' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160)"

// varchar reads a column as a text without blanks around it.
func varchar(c column) string {
	return "TRIM(BOTH " + blanks + " FROM CAST(" + c.quoted + " AS VARCHAR))"
}

// id reads a column as an id, NULL where it stands for none. The length spares most ids the comparison with every word.
func id(c column, d dialect.SQL) string {
	longest := len(slices.MaxFunc(exports.NoIDs, func(a, b string) int { return cmp.Compare(len(a), len(b)) }))
	return fmt.Sprintf("CASE WHEN LENGTH(%[1]s) > %[3]d OR %[1]s NOT IN (%[2]s) THEN %[1]s END", varchar(c), noIDs(d), longest)
}

// base is the SELECT that reads the lines: every column by what it means, numbers as whole numbers at their decimals.
//
//	line                      identifies it                    was, cost         quantity and amount as read
//	customer, spelled         with and without SameEmail       quantity, amount  after netting
//	number, purchase          order number; what is one order  price             of one unit
//	moment, day, hour         seconds and days since 1970      lacks             1 no date, 2 no quantity, 4 no worth
//	product, name, category, status, currency, d1, d2, …       texts
func (o *Orders) base() (string, error) {
	d, sqlOf := o.e.speaks, o.e.speaks.SQL()
	scaled := func(meaning string, decimals int) string {
		x := d.double(o.found[meaning].quoted)
		return d.whole(fmt.Sprintf("FLOOR(%s * %s + %s)", x, sqlOf.Double(math.Pow10(decimals)), sqlOf.Double(0.5)))
	}
	null := func(typ string) string { return "CAST(NULL AS " + typ + ")" }
	line := "ROW_NUMBER() OVER ()"
	if c, ok := o.found[lineColumn]; ok {
		line = d.whole(c.quoted)
	}
	when := o.found["date"]
	moment := "86400 * " + d.whole(d.days(when.quoted))
	hour := "0"
	if o.timed {
		moment, hour = d.seconds(when.quoted), "CAST(EXTRACT(HOUR FROM "+when.quoted+") AS INTEGER)"
	}
	number := null("VARCHAR")
	if c, ok := o.found["order"]; ok {
		number = id(c, sqlOf)
	}
	read := []string{line + " AS line", id(o.found["customer"], sqlOf) + " AS customer", number + " AS number", d.whole(moment) + " AS moment", d.whole(d.days(when.quoted)) + " AS day", hour + " AS hour"}
	o.names = []string{"line", "customer", "spelled", "number", "purchase", "moment", "day", "hour", "was", "quantity", "price", "cost", "amount", "lacks"}
	o.texts = []string{"number", "customer"}
	units, worth, price := "CASE WHEN money < 0 THEN -1 ELSE 1 END", "money", "0"
	lacks := "CASE WHEN moment IS NULL THEN 1 ELSE 0 END"
	if o.has("quantity") {
		read = append(read, scaled("quantity", o.quantityDecimals)+" AS units")
		units = "COALESCE(units, 0)"
		lacks += " + CASE WHEN units IS NULL THEN 2 ELSE 0 END"
	}
	switch {
	case o.priced():
		read = append(read, scaled("price", o.priceDecimals)+" AS money")
		worth, price = "units * money", "COALESCE(money, 0)"
	case o.has("price"): // every line is one unit
		read = append(read, scaled("price", o.decimals)+" AS money")
	default:
		read = append(read, scaled("amount", o.decimals)+" AS money")
	}
	lacks += " + CASE WHEN money IS NULL THEN 4 ELSE 0 END"
	var more []string
	for _, meaning := range []string{"product", "name", "category", "status", "currency"} {
		if c, ok := o.found[meaning]; ok {
			as := "NULLIF(" + varchar(c) + ", '')"
			if meaning == "product" {
				as = id(c, sqlOf)
			}
			read, more = append(read, as+" AS "+meaning), append(more, meaning)
		}
	}
	for i, name := range o.source.Descriptors {
		c, err := o.rel.named("engine.Orders", name)
		if err != nil {
			return "", err
		}
		as := fmt.Sprintf("d%d", i+1)
		read, more = append(read, "NULLIF("+varchar(c)+", '') AS "+as), append(more, as)
	}
	o.names, o.texts = append(o.names, more...), append(o.texts, more...)
	if at := slices.Index(more, "status"); at >= 0 && o.spread {
		more[at] = "COALESCE(status, CASE WHEN number IS NOT NULL THEN FIRST_VALUE(status) OVER (PARTITION BY number ORDER BY CASE WHEN status IS NULL THEN 1 ELSE 0 END, "
		if o.has(lineColumn) {
			more[at] += "line) END) AS status"
		} else {
			more[at] += "moment, " + d.sorted("status") + ") END) AS status"
		}
	}
	worth = d.whole("COALESCE(" + worth + ", 0)")
	units = d.whole(units)
	derived := []string{"line", "customer", "customer AS spelled", "number", purchase("customer") + " AS purchase", "moment", "day", "hour",
		units + " AS was", units + " AS quantity", d.whole(price) + " AS price", worth + " AS cost", worth + " AS amount", lacks + " AS lacks"}
	return "SELECT " + strings.Join(append(derived, more...), ", ") + "\nFROM (SELECT " + strings.Join(read, ",\n    ") + "\n  FROM " + o.rel.from + ") AS r", nil
}

// purchase is what counts as one order: its number or, without one, a day of a customer.
func purchase(customer string) string {
	return "CASE WHEN number IS NOT NULL THEN '#' || number WHEN " + customer + " IS NOT NULL AND day IS NOT NULL THEN '@' || CAST(day AS VARCHAR) || ' ' || " + customer + " END"
}

// ties is what settles which of two lines of a second came first, ascending.
func (o *Orders) ties(prefix string) string {
	if o.has(lineColumn) {
		return prefix + "line"
	}
	var by []string
	for _, name := range o.texts {
		by = append(by, o.e.speaks.sorted(prefix+name))
	}
	for _, name := range []string{"was", "price", "cost", "line"} {
		by = append(by, prefix+name)
	}
	return strings.Join(by, ", ")
}

// usable refuses orders whose helper tables went with a connection.
func (o *Orders) usable(r *run, op string) error {
	if o.session != r.session && r.temporary() && (len(o.view.needs()) > 0 || o.copies()) {
		return &fault.CellError{Op: op, Why: "the connection to the database was lost, and the helper tables with it", Remedy: "begin again with Engine.Orders", Err: fault.ErrEmpty}
	}
	return nil
}

// unchanged refuses lines that are not as many as at first.
func (o *Orders) unchanged(r *run) error {
	if o.copies() {
		return nil
	}
	if o.mayCopy() {
		defer r.where(notCopied)()
	}
	n, err := r.count("count the order lines again", o.rel.from)
	if err == nil && n != o.lines && !r.options.DryRun {
		return o.changed(n)
	}
	return err
}

func (o *Orders) changed(n int64) error {
	return &fault.CellError{Op: "engine.Orders", File: o.rel.name, Err: fault.ErrFormat,
		Why:    fmt.Sprintf("changed between two passes: it had %s lines at first, and now it has %s", sheet.Count(int(o.lines)), sheet.Count(int(n))),
		Remedy: "begin again when nothing writes to it, or with a copy"}
}

// money is an amount in the currency of the orders.
func (o *Orders) money(units int64) features.Money {
	return features.Money{Units: units, Decimals: o.decimals}
}

// currency is the unit of money, "" where it is not known: the one that the source names, or the one of the column of currencies.
func (o *Orders) currency() string {
	if units := cell.Currencies(o.currencies); o.source.Currency == "" && len(units) > 0 && !cell.SeveralCurrencies(o.currencies) {
		return units[0]
	}
	return o.source.Currency
}

// supports says what features can be made from.
func (o *Orders) supports() *behaviour.Lines {
	return &behaviour.Lines{Has: func(m exports.Meaning) bool { return o.has(m.String()) }, Timed: o.timed, Currency: o.currency(), Descriptors: o.source.Descriptors}
}

// collected runs a SELECT and collects what each row holds.
func collected[T any](r *run, purpose, query string, into func(*T) []any) (out []T, err error) {
	err = r.read(purpose, query, func(rows *sql.Rows) error {
		var one T
		if err := rows.Scan(into(&one)...); err != nil {
			return err
		}
		out = append(out, one)
		return nil
	})
	return out, err
}
