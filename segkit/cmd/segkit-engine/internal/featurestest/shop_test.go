package featurestest

import (
	"database/sql"
	"slices"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/features"
)

// stored puts the lines of orders that were read into a table, numbered as the file has them.
func stored(t *testing.T, db *sql.DB, name string, orders *features.Orders) {
	t.Helper()
	lines, err := orders.Lines()
	if err != nil {
		t.Fatal(err)
	}
	var held []line
	for l := range lines {
		q, c := int(l.Quantity), int(l.Price*100+0.5)
		if l.Price < 0 {
			c = int(l.Price*100 - 0.5)
		}
		one := line{customer: l.Customer, product: l.Product, name: l.Name, category: l.Category, status: l.Status, when: l.Time, quantity: &q, cents: &c, order: l.Order}
		one.channel, one.country = l.Descriptors[0], l.Descriptors[1]
		held = append(held, one)
	}
	enginetest.Store(t, db, name, columns, slices.Values(rows(held)))
}

// The made-up shop in a database: the quick start's ledger and features are those in memory.
func TestTheShop(t *testing.T) {
	orders, err := datasets.Orders("shop") // money in EUR
	if err != nil {
		t.Fatal(err)
	}
	made := shop.Generate(shop.Options{})
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		from := source("featurestest_shop")
		delete(from.Columns, "status") // the shop has none
		if kind == connect.Trino {     // which takes minutes to insert 60,000 lines, but reads a file, whose lines have no numbers
			enginetest.Shop(t, db, kind, "featurestest_shop", made)
			delete(from.Columns, "line")
			from.Columns["name"] = "product"
		} else {
			stored(t, db, "featurestest_shop", orders)
		}
		e := open(t, db, kind)
		got, err := e.Orders(from)
		if err != nil {
			t.Fatal(err)
		}
		sameAt(t, got, orders, features.UsualRules, time.Date(2025, 9, 30, 0, 0, 0, 0, time.UTC), time.Time{}, time.Date(2025, 3, 31, 0, 0, 0, 0, time.UTC))
	})
}
