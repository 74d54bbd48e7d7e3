package featurestest

import (
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
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

// A word of the status that no statement can say is named, and not left out of the statement.
func TestAStatusThatCannotBeSaid(t *testing.T) {
	db := enginetest.Open(t, connect.DuckDB) // PostgreSQL holds no NUL, and no literal of Trino does
	enginetest.Store(t, db, "featurestest_nul", columns, slices.Values(rows(some())))
	from := source("featurestest_nul")
	from.Table, from.Query = "", "SELECT * REPLACE (CASE WHEN line < 3 THEN 'void' || chr(0) ELSE status END AS status) FROM featurestest_nul"
	from.Undone = []string{"void\x00"}
	got, err := open(t, db, connect.DuckDB).Orders(from)
	if err != nil {
		t.Fatal(err)
	}
	_, err = got.Clean(features.Undone)
	says(t, err, `"status"`, `"void\x00"`, "which no statement can say", "in a Query")
	_, err = got.Audit()
	says(t, err, `"status"`, `"void\x00"`, "which no statement can say")
}
