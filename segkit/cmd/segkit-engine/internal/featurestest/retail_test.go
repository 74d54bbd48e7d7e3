package featurestest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/engine"
	"github.com/segkit/lab/segkit/features"
)

// The public Online Retail (Chen 2015, doi:10.24432/C5BW33), half a million lines, in DuckDB: ledger and features are those in memory.
func TestOnlineRetail(t *testing.T) {
	path := filepath.Join(os.Getenv("SEGKIT_DATA"), "online_retail", "online_retail.csv.gz")
	if _, err := os.Stat(path); os.Getenv("SEGKIT_DATA") == "" || err != nil {
		t.Skip("Online Retail is not here: set SEGKIT_DATA to the folder of the public data sets")
	}
	orders, err := features.ReadOrders(path, features.OrdersOptions{Currency: "GBP"})
	if err != nil {
		t.Fatal(err)
	}
	db := enginetest.Open(t, connect.DuckDB)
	if _, err := db.Exec(`CREATE TABLE retail AS SELECT ROW_NUMBER() OVER () AS line, * FROM read_csv('` + strings.ReplaceAll(path, "'", "''") + `', header = true, columns = {
		'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'Description': 'VARCHAR', 'Quantity': 'INTEGER', 'InvoiceDate': 'TIMESTAMP', 'UnitPrice': 'DECIMAL(12, 3)', 'CustomerID': 'VARCHAR', 'Country': 'VARCHAR'})`); err != nil {
		t.Fatal(err)
	}
	e := open(t, db, connect.DuckDB)
	got, err := e.Orders(engine.Source{Table: "retail", Currency: "GBP", Descriptors: []string{"Country"}, Columns: map[string]string{"line": "line", "order": "InvoiceNo", "product": "StockCode",
		"name": "Description", "quantity": "Quantity", "date": "InvoiceDate", "price": "UnitPrice", "customer": "CustomerID"}})
	if err != nil {
		t.Fatal(err)
	}
	sameAudit(t, got, orders)
	for _, rules := range [][]features.Rule{
		{features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled},
		{features.NoCustomer, features.Cancelled, features.Returned, features.ZeroQuantity, features.ZeroPrice, features.NegativePrice, features.Without("product", "POST")},
	} {
		sameAt(t, got, orders, rules, time.Date(2011, 9, 10, 0, 0, 0, 0, time.UTC), time.Date(2011, 12, 9, 0, 0, 0, 0, time.UTC))
	}
}
