package features_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
)

// Shares are of the customers of Features, add up to 1, and do not change by what comes after the day.
func TestSharesLookAtNothingLater(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rs := records(r)
		asOf := start.AddDate(0, 0, rapid.IntRange(0, 29).Draw(r, "as of"))
		until := slices.DeleteFunc(slices.Clone(rs), func(one record) bool { return !one.when.Before(asOf.AddDate(0, 0, 1)) })
		all, err := parse(r, rs).Clean(features.NoCustomer, features.NetCancelled)
		if err != nil {
			r.Fatal(err)
		}
		customers, none := all.Features(asOf)
		shares, err := all.Shares("category", asOf)
		if none != nil || errors.Is(err, fault.ErrEmpty) {
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		if !slices.Equal(shares.IDs(), customers.IDs()) {
			r.Fatalf("customers %v, want %v", shares.IDs(), customers.IDs())
		}
		for i := range shares.Len() {
			sum := 0.0
			for _, v := range shares.Row(i) {
				sum += v
			}
			if !math.IsNaN(sum) && math.Abs(sum-1) > 1e-12 {
				r.Fatalf("customer %d: %v", i, shares.Row(i))
			}
		}
		early, err := parse(r, until).Clean(features.NoCustomer, features.NetCancelled)
		if err != nil {
			r.Fatal(err)
		}
		before, err := early.Shares("category", asOf)
		if err != nil {
			r.Fatal(err)
		}
		if !slices.Equal(before.Names(), shares.Names()) || !slices.EqualFunc(before.Raw().Data, shares.Raw().Data, func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
			r.Fatalf("%v %v, of the lines up to the day %v %v", shares.Names(), shares.Raw().Data, before.Names(), before.Raw().Data)
		}
	})
}

// By hand: a bought paper for 30 and tea for 10, of which one of two packets was cancelled in time; b's only line has no category.
func TestSharesByHand(t *testing.T) {
	o, err := features.ParseOrders(strings.NewReader(`order_id,date,customer_id,product_id,category,channel,quantity,price
1,2025-01-01,a,p,Paper,web,3,10
1,2025-01-01,a,t,Tea & sweets,web,2,5
C1,2025-01-03,a,t,Tea & sweets,web,-1,5
2,2025-01-02,b,x,,store,1,7
3,2025-02-01,a,t,Tea & sweets,store,99,5
`), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.Clean(features.NetCancelled)
	if err != nil {
		t.Fatal(err)
	}
	shares, err := c.Shares("category", start.AddDate(0, 0, 14))
	if err != nil {
		t.Fatal(err)
	}
	if got := shares.Names(); !slices.Equal(got, []string{"paper_share", "tea_sweets_share"}) {
		t.Fatalf("columns %v", got)
	}
	if a := shares.Row(0); a[0] != 30./35 || a[1] != 5./35 || !math.IsNaN(shares.At(1, 0)) || shares.Len() != 2 {
		t.Errorf("%v", shares.Raw().Data)
	}
	s, err := table.NewSegments(shares.IDs(), table.Labels{0, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.FormedAlso(shares.Columns()[0])
	if circular, _ := s.FormingColumns(shares).Tie(shares.Columns()[1]); !circular {
		t.Error("that one share is high where the other is low passes for a finding")
	}
	channels, err := c.Shares("channel", start.AddDate(0, 0, 14))
	if err != nil || !slices.Equal(channels.Names(), []string{"web_share", "store_share"}) || channels.At(0, 0) != 1 || channels.At(1, 1) != 1 {
		t.Errorf("%v %v %v", channels.Names(), channels.Raw().Data, err)
	}
	if _, err := c.Shares("categories", start); !errors.Is(err, fault.ErrMissingColumn) || !strings.Contains(err.Error(), `did you mean "category"`) {
		t.Error(err)
	}
	if _, err := c.Shares("category", start, features.Spec{FirstOrders: 1}); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
}

// Shares take memory for what customers bought, not for every level that they might have: ten times as many levels take about as much.
func TestSharesTakeMemoryOfWhatWasBought(t *testing.T) {
	bytes := func(levels int) uint64 {
		var b strings.Builder
		b.WriteString("order_id,date,customer_id,category,quantity,price\n")
		for i := range 20_000 {
			fmt.Fprintf(&b, "%d,2025-01-%02d,c%d,Category %d,1,2.50\n", i, 1+i%20, i%4000, i*7919%levels)
		}
		o, err := features.ParseOrders(strings.NewReader(b.String()), "orders.csv", features.OrdersOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c, err := o.Clean(features.NoCustomer)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		shares, err := c.Shares("category", start.AddDate(0, 0, 30))
		runtime.ReadMemStats(&after)
		if err != nil || shares.Len() != 4000 {
			t.Fatal(shares, err)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	if few, many := bytes(100), bytes(1000); many > 2*few {
		t.Errorf("100 levels take %d bytes, 1,000 take %d", few, many)
	}
}

// Levels that come to the same name are told apart by numbers.
func TestSharesOfLikeNames(t *testing.T) {
	o, err := features.ParseOrders(strings.NewReader("order_id,order_date,customer_id,category,amount\n1,2024-01-15,a,Tea & co,4\n2,2024-01-15,a,tea-co,3\n3,2024-01-16,a,TEA CO,1\n"), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.Clean()
	if err != nil {
		t.Fatal(err)
	}
	shares, err := c.Shares("category", time.Date(2024, 1, 20, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(shares.Names(), []string{"tea_co_share", "tea_co_share_2", "tea_co_share_3"}) || !slices.Equal(shares.Raw().Data, []float64{.5, .375, .125}) {
		t.Errorf("%q: %v", shares.Names(), shares.Raw().Data)
	}
}
