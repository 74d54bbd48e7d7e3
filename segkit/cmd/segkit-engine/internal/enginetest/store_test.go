package enginetest

import (
	"database/sql"
	"testing"

	"github.com/segkit/lab/datasets/shop"
)

// Lines, pieces and cents of a stored shop are those that were made up.
func TestTheShopIsStoredWhole(t *testing.T) {
	s := shop.Generate(shop.Options{Customers: 100})
	lines, pieces, cents := 0, 0, 0
	for _, o := range s.Orders {
		for _, l := range o.Lines {
			lines, pieces, cents = lines+1, pieces+l.Quantity, cents+l.Quantity*l.Price
		}
	}
	Each(t, func(t *testing.T, db *sql.DB, kind string) {
		Shop(t, db, kind, "enginetest_shop", s)
		var l, p, c int
		if err := db.QueryRow("SELECT COUNT(*), SUM(quantity), CAST(SUM(quantity * unit_price * 100) AS BIGINT) FROM enginetest_shop").Scan(&l, &p, &c); err != nil {
			t.Fatal(err)
		}
		if l != lines || p != pieces || c != cents {
			t.Errorf("%d lines, %d pieces, %d cents, want %d, %d, %d", l, p, c, lines, pieces, cents)
		}
	})
}
