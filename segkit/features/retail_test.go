package features_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
)

// onlineRetail reads the public data set (Chen 2015, doi:10.24432/C5BW33) where it is present.
func onlineRetail(t testing.TB) *features.Orders {
	t.Helper()
	path := filepath.Join(os.Getenv("SEGKIT_DATA"), "online_retail", "online_retail.csv.gz")
	if _, err := os.Stat(path); os.Getenv("SEGKIT_DATA") == "" || err != nil {
		t.Skip("Online Retail is not here: set SEGKIT_DATA to the folder of the public data sets")
	}
	orders, err := features.ReadOrders(path, features.OrdersOptions{Currency: "GBP"})
	if err != nil {
		t.Fatal(err)
	}
	return orders
}

// The counts of the data set as its description lists them, and those of the usual cleaning: 397,884 lines, 18,532 orders
// and 4,338 customers are the figures of the literature on this set; the money is the sum of quantity x price.
func TestOnlineRetailCounts(t *testing.T) {
	orders := onlineRetail(t)
	c, err := orders.Clean(features.NoCustomer, features.Cancelled, features.Returned, features.ZeroQuantity, features.ZeroPrice, features.NegativePrice)
	if err != nil {
		t.Fatal(err)
	}
	if o := c.Ledger.Opening; o.Lines != 541_909 || o.Orders != 25_900 || o.Customers != 4_372 || o.Net().String() != "9,747,747.934" {
		t.Errorf("opening %+v", o)
	}
	if o := c.Ledger.Closing; o.Lines != 397_884 || o.Orders != 18_532 || o.Customers != 4_338 || o.Net().String() != "8,911,407.904" {
		t.Errorf("closing %+v", o)
	}
	if got := c.Ledger.Steps[0].Removed.Lines; got != 135_080 {
		t.Errorf("%d lines without customer, want 135,080", got)
	}
	d, err := orders.Clean(features.Duplicate)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Ledger.Steps[0].Removed.Lines; got != 5_268 {
		t.Errorf("%d duplicates, want 5,268", got)
	}
	table, err := c.Features(time.Date(2011, 12, 9, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	spend, _ := table.Values("spend")
	number, _ := table.Values("orders")
	gap, _ := table.Values("gap")
	var money, all float64
	once, missing := 0, 0
	for i := range spend {
		money += spend[i]
		all += number[i]
		if number[i] == 1 {
			once++
		}
		if math.IsNaN(gap[i]) {
			missing++
		}
	}
	if table.Len() != 4_338 || math.Abs(money-8_911_407.904) > 1e-6 || all != 18_532 || once != missing || once < 1_400 {
		t.Errorf("%d customers, money %.4f, %v orders, %d bought once, %d have no gap", table.Len(), money, all, once, missing)
	}
}

// Customers 16446 and 12346 lead by gross money with 168,472 and 77,184 pounds, of orders that were cancelled.
func TestNettingRemovesFalseChampions(t *testing.T) {
	orders := onlineRetail(t)
	end := time.Date(2011, 12, 9, 0, 0, 0, 0, time.UTC)
	spend := func(rules ...features.Rule) map[string]float64 {
		c, err := orders.Clean(rules...)
		if err != nil {
			t.Fatal(err)
		}
		table, err := c.Features(end)
		if err != nil {
			t.Fatal(err)
		}
		values, _ := table.Values("spend")
		out := map[string]float64{}
		for i, id := range table.IDs() {
			out[id] = values[i]
		}
		return out
	}
	gross := spend(features.NoCustomer, features.Cancelled, features.Returned)
	if math.Abs(gross["16446"]-168_472.50) > 1e-6 || math.Abs(gross["12346"]-77_183.60) > 1e-6 {
		t.Errorf("gross: %v, %v", gross["16446"], gross["12346"])
	}
	net := spend(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled)
	if _, there := net["12346"]; there || math.Abs(net["16446"]-2.90) > 1e-9 {
		t.Errorf("net: 16446 has %v, 12346 is there: %v", net["16446"], there)
	}
}
