package featurestest

import (
	"database/sql"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/features"
)

// Goods of a cancelled order that come back after the as-of day: the order never stood, in the database as in memory.
func TestGoodsOfACancelledOrderComeBackLater(t *testing.T) {
	bought := func(order, customer, status string, day, units, cents int) line {
		return line{order: order, customer: customer, product: "v" + customer, status: status, when: start.AddDate(0, 0, day).Add(10 * time.Hour), quantity: &units, cents: &cents}
	}
	lines := []line{bought("R0", "A", "paid", 1, 1, 5000), bought("R1", "A", "cancelled", 20, 3, 1999), bought("R2", "B", "paid", 9, 1, 1000),
		bought("G1", "A", "paid", 28, -2, 1999), bought("G2", "A", "paid", 29, -1, 1999)}
	back := bought("R1", "A", "cancelled", 20, -1, 500) // and what came back within it, of which the words of the ledger tell
	back.product = "w"
	lines = append(lines, back)
	orders, err := features.ParseOrders(strings.NewReader(file(lines)), "lines.csv", options)
	if err != nil {
		t.Fatal(err)
	}
	netted, err := orders.Clean(features.NetCancelled)
	if err != nil || !strings.Contains(strings.Join(netted.Ledger.Notes, " "), "2 lines were set against orders that came to nothing by their status (59.97), though other orders") {
		t.Fatalf("%v: the ledger does not tell what is to be compared: %q", err, netted.Ledger.Notes)
	}
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		enginetest.Store(t, db, "featurestest_undone", columns, slices.Values(rows(lines)))
		got, err := open(t, db, kind).Orders(source("featurestest_undone"))
		if err != nil {
			t.Fatal(err)
		}
		for _, rules := range [][]features.Rule{{features.NetCancelled, features.Undone}, {features.Undone, features.NetCancelled}, {features.NetCancelled}} {
			sameAt(t, got, orders, rules, start.AddDate(0, 0, 24), start.AddDate(0, 0, 28), start.AddDate(0, 0, 30)) // before the first return, between the two, behind both
		}
	})
}

// A NUL byte, which some databases hold and no file does, is refused with its column, its line and the text around it, wherever texts are read.
func TestTextsWithNULs(t *testing.T) {
	db := enginetest.Open(t, connect.DuckDB) // PostgreSQL holds none, and no literal of Trino does
	enginetest.Store(t, db, "featurestest_nul", columns, slices.Values(rows(some())))
	e := open(t, db, connect.DuckDB)
	for _, column := range []string{"customer_id", "order_id", "product_id", "product_name", "category", "channel", "status"} {
		from := source("featurestest_nul")
		from.Table, from.Query = "", "SELECT * REPLACE (CASE WHEN line IN (3, 7) THEN 'void' || chr(0) ELSE "+column+" END AS "+column+") FROM featurestest_nul"
		_, err := e.Orders(from)
		says(t, err, "line 3", `"`+column+`"`, `void\x00`, "2 such cells", "NUL", "REPLACE")
	}
	if _, err := db.Exec("CREATE TABLE featurestest_people AS SELECT 'a' || chr(0) AS id, 1.5 AS spend, 'x' AS plan UNION ALL SELECT 'b', 2.5, 'y'"); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"SELECT * FROM featurestest_people", "SELECT 'c' || plan AS id, spend, id AS plan FROM featurestest_people"} {
		people, err := e.Customers(engine.Source{Query: from}, "id")
		if err != nil {
			t.Fatal(err)
		}
		_, err = people.Table()
		says(t, err, `a\x00`, "NUL", "CSV")
	}
}

// A database of PostgreSQL that knows no encoding holds whatever bytes. In the database they are an id like any other; into a file, which is UTF-8, they do not go.
func TestTextsOfNoEncoding(t *testing.T) {
	server := enginetest.Open(t, connect.PostgreSQL)
	run := func(db *sql.DB, statement string) {
		t.Helper()
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	run(server, "CREATE DATABASE featurestest_bytes ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
	t.Cleanup(func() { run(server, "DROP DATABASE featurestest_bytes") })
	there, err := url.Parse(enginetest.URL(t, connect.PostgreSQL))
	if err != nil {
		t.Fatal(err)
	}
	there.Path = "/featurestest_bytes"
	target, err := connect.Parse(there.String())
	if err != nil {
		t.Fatal(err)
	}
	db, err := target.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	enginetest.Store(t, db, "featurestest_orders", columns, slices.Values(rows(some())))
	run(db, `UPDATE featurestest_orders SET customer_id = E'M\374ller' WHERE customer_id = '2'`)
	orders, err := open(t, db, connect.PostgreSQL).Orders(source("featurestest_orders"))
	if err != nil {
		t.Fatal(err)
	}
	clean, err := orders.Clean(features.NoCustomer)
	if err != nil {
		t.Fatal(err)
	}
	people, err := clean.Features(start.AddDate(0, 0, 12))
	if err != nil {
		t.Fatal(err)
	}
	if left := clean.Ledger.Closing.Customers; left != 4 {
		t.Errorf("%d customers, want 4", left)
	}
	_, err = people.Table()
	says(t, err, `"id"`, `M\xfcller`, "not UTF-8", "Query")
}
