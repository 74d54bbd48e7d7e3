package featurestest

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/features"
)

func says(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

// some are a few lines, all whole.
func some() (lines []line) {
	for i := range 12 {
		q, c := 1+i%3, 250
		lines = append(lines, line{order: fmt.Sprint(i / 2), customer: fmt.Sprint(i % 4), product: string(rune('A' + i%3)), name: "it", category: "c", channel: "web", country: "NL", status: "paid",
			when: start.AddDate(0, 0, i), quantity: &q, cents: &c})
	}
	return lines
}

// left are the helper tables of an engine that its database still has.
func left(t *testing.T, e *engine.Engine, db *sql.DB) (names []string) {
	t.Helper()
	for _, s := range e.Statements() {
		if _, made, ok := strings.Cut(s.SQL, " TABLE "); ok && strings.HasPrefix(s.SQL, "CREATE ") {
			name, _, _ := strings.Cut(made, " ")
			if rows, err := db.Query("SELECT 1 FROM " + name); err == nil {
				rows.Close()
				names = append(names, name)
			}
		}
	}
	return names
}

// What cannot be read is refused in a sentence that names the table, the column and a remedy, and nothing is left behind.
func TestBadOrdersAreRefusedInSentences(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		const name = "featurestest_bad"
		enginetest.Store(t, db, name, columns, slices.Values(rows(some())))
		e, err := engine.Open(db, speaks[kind])
		if err != nil {
			t.Fatal(err)
		}
		change := func(by func(s *engine.Source)) error {
			s := source(name)
			by(&s)
			o, err := e.Orders(s)
			if err == nil {
				err = o.OneCurrency()
			}
			return err
		}
		query := func(columns string) func(s *engine.Source) {
			return func(s *engine.Source) { s.Table, s.Query = "", "SELECT "+columns+" FROM "+name }
		}
		const all = "line, order_id, order_date, customer_id, product_id, product_name, category, channel, country, status, quantity, unit_price"
		replaced := func(column, by string) func(s *engine.Source) {
			return query(strings.Replace(all, column, by+" AS "+column, 1))
		}
		for what, c := range map[string]struct {
			by    func(s *engine.Source)
			parts []string
		}{
			"no such table":   {func(s *engine.Source) { s.Table = "featurestest_nowhere" }, []string{"look at the columns of featurestest_nowhere"}},
			"no such column":  {func(s *engine.Source) { s.Columns["price"] = "unit_prize" }, []string{`"unit_prize"`, "is not there", "unit_price"}},
			"no such meaning": {func(s *engine.Source) { s.Columns["custmer"] = "customer_id" }, []string{"custmer", "customer"}},
			"dates as texts":  {func(s *engine.Source) { s.Columns["date"] = "status" }, []string{`"status"`, "is to be the date", "dates or times", "cast it in a Query"}},
			"texts throughout": {func(s *engine.Source) {
				s.Columns["price"], s.Columns["quantity"], s.Columns["date"] = "status", "channel", "country"
			}, []string{"3 columns", `"status" is to be the price`, `"channel" is to be the quantity`, `"country" is to be the date`, `CAST("status" AS DECIMAL(18, 2))`, "cast them in a Query or a view", "decimal commas"}},
			"prices as texts":    {func(s *engine.Source) { s.Columns["price"] = "status" }, []string{"is to be the price", "numbers"}},
			"price and amount":   {func(s *engine.Source) { s.Columns["amount"] = "unit_price" }, []string{"one of the two says what a line is worth"}},
			"no customer":        {func(s *engine.Source) { delete(s.Columns, "customer") }, []string{"a column for customer"}},
			"table and query":    {func(s *engine.Source) { s.Query = "SELECT 1" }, []string{"either a Table or a Query"}},
			"no rows":            {func(s *engine.Source) { query(all)(s); s.Query += " WHERE line < 0" }, []string{"has no order lines"}},
			"numbers twice":      {replaced("line", "1"), []string{"should number the lines", "1 different numbers"}},
			"numbers missing":    {replaced("line", "CASE WHEN line > 1 THEN line END"), []string{"1 NULLs"}},
			"too many decimals":  {replaced("unit_price", "CAST(unit_price AS DOUBLE PRECISION) / 3"), []string{"more than 9 decimals", "DECIMAL(18, 2)"}},
			"too large":          {replaced("unit_price", "1e17"), []string{"too large to be summed exactly"}},
			"not a number":       {replaced("unit_price", "CAST('NaN' AS DOUBLE PRECISION)"), []string{"infinite numbers or NaN on 12 lines"}},
			"a broken query":     {func(s *engine.Source) { s.Table, s.Query = "", "SELECT nonsense" }, []string{"refused to look at the columns of the query"}},
			"times with a zone":  {replaced("order_date", "CAST(order_date AS TIMESTAMP WITH TIME ZONE)"), []string{"the day depends on the zone", "AT TIME ZONE"}},
			"two currencies":     {query(all + `, CASE WHEN line < 3 THEN 'CHF' ELSE 'EUR' END AS order_currency`), []string{`"order_currency"`, "holds CHF and EUR", "one currency", `WHERE "order_currency" = 'CHF'`}},
			"unsupported column": {func(s *engine.Source) { s.Columns["refunded"] = "unit_price" }, []string{"an engine does not read it"}},
		} {
			if kind == connect.Trino {
				c.by = trino(c.by)
			}
			t.Run(what, func(t *testing.T) { says(t, change(c.by), c.parts...) })
		}

		one := query(all + ", 'EUR' AS order_currency")
		if kind == connect.Trino {
			one = trino(one)
		}
		if err := change(one); err != nil {
			t.Errorf("one currency is refused: %v", err)
		}

		lines := some()
		lines[3].customer, lines[5].quantity = "", nil
		o := refilled(t, e, db, "featurestest_gaps", lines)
		clean, err := o.Clean()
		if err != nil {
			t.Fatal(err)
		}
		_, err = clean.Features(start.AddDate(0, 0, 20))
		says(t, err, "has no customer", "features.NoCustomer")
		if clean, err = o.Clean(features.NoCustomer); err != nil {
			t.Fatal(err)
		}
		_, err = clean.Features(start.AddDate(0, 0, 20))
		says(t, err, "has no date, quantity, price or amount", "features.MissingValue")
		if clean, err = o.Clean(features.NoCustomer, features.MissingValue, features.Duplicate); err != nil {
			t.Fatal(err)
		}
		_, err = clean.Features(start.AddDate(0, 0, -3))
		says(t, err, "is before the first order line")
		_, err = clean.Features(start.AddDate(0, 0, 20), features.Spec{Features: []string{"recncy"}})
		says(t, err, "recncy", "recency")
		if _, err := o.Clean(features.Rule{Name: "no custmer"}); err == nil {
			t.Error("a rule that there is not is taken")
		}

		// a table that grows between two passes; PostgreSQL works on a copy
		if _, err := db.Exec("INSERT INTO featurestest_gaps SELECT line + 100, order_id, order_date, customer_id, product_id, product_name, category, channel, country, status, quantity, unit_price FROM featurestest_gaps"); err != nil {
			t.Fatal(err)
		}
		grown, err := o.Clean(features.NoCustomer)
		_, again := clean.Features(start.AddDate(0, 0, 20))
		if kind == connect.PostgreSQL {
			if err != nil || again != nil || grown.Ledger.Opening.Lines != 12 {
				t.Errorf("a copy of 12 lines has %+v, %v, %v", grown, err, again)
			}
		} else {
			says(t, err, "changed between two passes", "12 lines at first", "24")
			says(t, again, "changed between two passes")
		}

		if err := e.Close(); err != nil {
			t.Error(err)
		}
		if names := left(t, e, db); names != nil {
			t.Errorf("%q are left", names)
		}
	})
}

// trino writes a query as Trino knows its types.
func trino(by func(s *engine.Source)) func(s *engine.Source) {
	return func(s *engine.Source) {
		by(s)
		s.Query = strings.ReplaceAll(strings.ReplaceAll(s.Query, "DOUBLE PRECISION", "DOUBLE"), "CAST('NaN' AS DOUBLE)", "nan()")
	}
}

// refilled stores lines in a table and reads them on an engine.
func refilled(t *testing.T, e *engine.Engine, db *sql.DB, name string, lines []line) *engine.Orders {
	t.Helper()
	enginetest.Store(t, db, name, columns, slices.Values(rows(lines)))
	o, err := e.Orders(source(name))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A name that ends a statement, where it is not quoted, may stand wherever a name stands.
func TestNamesWithQuotes(t *testing.T) {
	const evil = `x"; DROP TABLE y; --'`
	quoted := `"` + strings.ReplaceAll(evil, `"`, `""`) + `"`
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		if kind == connect.Trino {
			t.Skip("Trino's Parquet tables take no such names")
		}
		named := make([]string, len(columns))
		for i, c := range columns {
			_, typ, _ := strings.Cut(c, " ")
			named[i] = `"` + strings.ReplaceAll(fmt.Sprintf("%s%d", evil, i), `"`, `""`) + `" ` + typ
		}
		lines := some()
		lines[2].country, lines[4].country = "'; DROP TABLE y; --", "'; DROP TABLE y; --"
		enginetest.Store(t, db, quoted, named, slices.Values(rows(lines)))
		s := source(quoted)
		at := func(name string) string {
			for i, c := range columns {
				if strings.HasPrefix(c, name+" ") {
					return fmt.Sprintf("%s%d", evil, i)
				}
			}
			return ""
		}
		for meaning, column := range s.Columns {
			s.Columns[meaning] = at(column)
		}
		s.Descriptors = []string{at("channel"), at("country")}
		e := open(t, db, kind)
		o, err := e.Orders(s)
		if err != nil {
			t.Fatal(err)
		}
		clean, err := o.Clean(features.NoCustomer, features.Without(at("country"), "'; DROP TABLE y; --"), features.NetCancelled)
		if err != nil {
			t.Fatal(err)
		}
		if n := clean.Ledger.Steps[1].Removed.Lines; n != 2 {
			t.Errorf("%d lines removed, want 2", n)
		}
		customers, err := clean.Features(start.AddDate(0, 0, 20))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := customers.Table(); err != nil {
			t.Fatal(err)
		}
	})
}

// Who may not read a table is told so, with what the statement was for.
func TestAMissingPermission(t *testing.T) {
	db := enginetest.Open(t, connect.PostgreSQL)
	db.SetMaxOpenConns(1)
	enginetest.Store(t, db, "featurestest_secret", columns, slices.Values(rows(some())))
	for _, statement := range []string{"DROP ROLE IF EXISTS featurestest_guest", "CREATE ROLE featurestest_guest", "SET ROLE featurestest_guest"} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { db.Exec("RESET ROLE"); db.Exec("DROP ROLE featurestest_guest") })
	e, err := engine.Open(db, engine.PostgreSQL)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Orders(source("featurestest_secret"))
	says(t, err, "refused to look at the columns of featurestest_secret", "permission denied", "ask the owner of the database for this permission")
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
