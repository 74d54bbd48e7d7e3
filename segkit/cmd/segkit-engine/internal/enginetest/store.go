package enginetest

import (
	"database/sql"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/cmd/internal/bigshop"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
)

// atOnce is how many rows one INSERT holds.
const atOnce = 1000

// Store makes a table with these columns, as in "id VARCHAR", and rows of SQL literals; Text writes one. It is dropped when the test ends.
func Store(t *testing.T, db *sql.DB, table string, columns []string, rows iter.Seq[[]string]) {
	t.Helper()
	run := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("storing %s: %v", table, err)
		}
	}
	run("CREATE TABLE " + table + " (" + strings.Join(columns, ", ") + ")")
	t.Cleanup(func() { db.Exec("DROP TABLE " + table) })
	var held []string
	flush := func() {
		t.Helper()
		if held != nil {
			run("INSERT INTO " + table + " VALUES " + strings.Join(held, ", "))
			held = nil
		}
	}
	for row := range rows {
		if held = append(held, "("+strings.Join(row, ", ")+")"); len(held) == atOnce {
			flush()
		}
	}
	flush()
}

// Text is a text as a literal, NULL where it is empty.
func Text(s string) string {
	if s == "" {
		return "NULL"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// columns are those of the shop's CSV.
var columns = []string{"order_id VARCHAR(20)", "order_date TIMESTAMP", "customer_id VARCHAR(20)", "product_id VARCHAR(20)", "product VARCHAR(80)", "category VARCHAR(80)",
	"quantity INTEGER", "unit_price DECIMAL(12, 2)", "channel VARCHAR(20)", "country VARCHAR(40)"}

// Shop stores the order lines of a made-up shop, dirt included, in a table with the columns of its CSV: order_id, order_date,
// customer_id, product_id, product, category, quantity, unit_price, channel, country.
func Shop(t *testing.T, db *sql.DB, kind, table string, s *shop.Shop) {
	t.Helper()
	if kind == connect.Trino { // which takes ten seconds to understand a thousand rows of an INSERT
		parquet(t, db, table, s)
		return
	}
	Store(t, db, table, columns, func(yield func([]string) bool) {
		for _, o := range s.Orders {
			at := o.At.Time().Format("TIMESTAMP '2006-01-02 15:04:05'")
			channel := map[bool]string{true: "'web'", false: "'store'"}[o.Web]
			for _, l := range o.Lines {
				if !yield([]string{Text(o.ID), at, Text(o.Customer), Text(l.ProductID), Text(l.Product), Text(l.Category),
					fmt.Sprint(l.Quantity), fmt.Sprintf("%d.%02d", l.Price/100, l.Price%100), channel, Text(o.Country)}) {
					return
				}
			}
		}
	})
}

// parquet stores a shop as a file among the cluster's own.
func parquet(t *testing.T, db *sql.DB, table string, s *shop.Shop) {
	t.Helper()
	dir, err := os.MkdirTemp(os.Getenv("SEGKIT_TEST_WAREHOUSE"), "shop-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if _, err := bigshop.WriteShop(filepath.Join(dir, "orders.parquet"), s, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), fmt.Sprintf("CREATE TABLE %s (%s) WITH (format = 'PARQUET', external_location = 'local:///%s')",
		table, strings.Join(columns, ", "), filepath.Base(dir))); err != nil {
		t.Fatalf("storing %s: %v", table, err)
	}
	t.Cleanup(func() { db.Exec("DROP TABLE " + table) })
}
