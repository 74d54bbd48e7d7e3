package features_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/fuzzing"
)

// Whatever the bytes of an order file: orders whose cleaning removes and leaves exactly what was read, whose audit and report of inspection
// count the same lines, or a sentence that names the file. FuzzReadOrders compares the lines themselves with a plain reader.
func FuzzOrders(f *testing.F) {
	const head = "order_id,order_date,customer_id,product_id,quantity,unit_price\n"
	for _, seed := range []string{
		head + "1,2025-03-01,00123,A,2,3.50\n1,2025-03-01,00123,B,1,0.125\nC1,2025-03-02,00123,A,-2,3.50\n,,,,,\n",
		head + "1,2025-03-01,a@x.com,A,0,3.50\n1,2025-03-01,A@X.com,A,1,-3\n2,2025-03-02,test,TEST,1,0\n2,2025-03-02,test,TEST,1,0\n",
		"Bestell-Nr.;Bestelldatum;Kunden-Nr.;Menge;Einzelpreis\n1;02.03.2025;K1;2;1.234,50\n2;13.03.2025;K2;-1;2,50\n",
		"Name,Email,Financial Status,Paid at,Subtotal,Created at,Lineitem quantity,Lineitem name,Lineitem price\n#1001,a@x.com,paid,2025-01-01 10:00:00 +0100,10.00,2025-01-01 10:00:00 +0100,1,Tea,10.00\n",
		"customer,2024-01,2024-02,2024-03\na,1,2,3\nb,2,3,4\n", "id,age\n1,30\n2,x\n", "",
	} {
		f.Add([]byte(seed))
	}
	rules := []features.Rule{features.NoCustomer, features.MissingValue, features.Duplicate, features.TestOrder, features.NetCancelled, features.Cancelled, features.Returned, features.Undone,
		features.SameEmail, features.ZeroQuantity, features.ZeroPrice, features.NegativePrice}
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzing.Bounded(t, len(data), func() {
			path := filepath.Join(t.TempDir(), "orders.csv")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			report, err := features.Inspect(path)
			if (report == nil) == (err == nil) {
				t.Fatalf("%v and %v", report, err)
			}
			if err != nil {
				told(t, err)
			} else {
				report.Sheet()
			}
			orders, err := features.ReadOrders(path, features.OrdersOptions{})
			if (orders == nil) == (err == nil) {
				t.Fatalf("%v and %v", orders, err)
			}
			if err != nil {
				told(t, err)
				return
			}
			clean, err := orders.Clean(rules...)
			if err != nil {
				told(t, err)
				return
			}
			l := clean.Ledger
			lines, sales, refunds := l.Opening.Lines, l.Opening.Sales, l.Opening.Refunds
			for _, s := range l.Steps {
				lines -= s.Removed.Lines
				sales.Units, refunds.Units = sales.Units-s.Removed.Sales.Units, refunds.Units-s.Removed.Refunds.Units
			}
			if lines != l.Closing.Lines || sales != l.Closing.Sales || refunds != l.Closing.Refunds {
				t.Fatalf("the ledger does not reconcile: %+v", l)
			}
			audit := orders.Audit()
			if audit.Failed != "" || audit.Lines != l.Opening.Lines {
				t.Fatalf("the audit counts %d lines, the ledger %d; %s", audit.Lines, l.Opening.Lines, audit.Failed)
			}
			audit.Sheet()
			l.Sheet()
			customers, err := clean.Features(time.Date(2025, 3, 2, 0, 0, 0, 0, time.UTC))
			if err != nil {
				if !strings.HasPrefix(err.Error(), "segkit: ") {
					t.Fatal(err)
				}
			} else if customers.Len() > l.Closing.Customers {
				t.Fatalf("%d rows of %d customers", customers.Len(), l.Closing.Customers)
			}
		})
	})
}

func told(t *testing.T, err error) {
	t.Helper()
	if !strings.HasPrefix(err.Error(), "segkit: ") || !strings.Contains(err.Error(), "orders.csv") {
		t.Fatalf("an error that does not say whose, or of which file: %v", err)
	}
}

// Whatever choices a model carries: those that are read are written and read the same.
func FuzzParseSpec(f *testing.F) {
	f.Add([]byte(`{"Rules": [{"Name": "no customer"}], "AsOf": "2025-09-30T00:00:00Z", "Window": 90, "Features": ["recency"], "NetNegative": "leave"}`))
	f.Add([]byte(`{"AsOf": "2025-09-30T00:00:00Z", "FirstOrders": 3, "Order": "day"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := features.ParseSpec(data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "segkit: ") {
				t.Fatal(err)
			}
			return
		}
		written, err := json.Marshal(s)
		if err != nil {
			t.Fatalf("%+v cannot be written: %v", s, err)
		}
		again, err := features.ParseSpec(written)
		if twice, _ := json.Marshal(again); err != nil || !bytes.Equal(twice, written) {
			t.Fatalf("%s comes back as %s, %v", written, twice, err)
		}
	})
}
