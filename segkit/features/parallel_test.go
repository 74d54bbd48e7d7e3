package features

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// manyReturns are orders of n customers, of whom every other one sends something back; one of them deals in millions.
func manyReturns(n int) string {
	var b strings.Builder
	b.WriteString("order,customer,date,product,quantity,price\n")
	for i := range 3 * n {
		c, price := (i*7919)%n, "1.25"
		if c == 17 {
			price = "9000000.00"
		}
		day := time.Date(2024, 1, 1+i%300, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		fmt.Fprintf(&b, "A%d,K%d,%s,P%d,%d,%s\n", i/2, c, day, i%5, 1+i%4, price)
		if c%2 == 1 {
			fmt.Fprintf(&b, "C%d,K%d,%s,P%d,-1,%s\n", i/2, c, day, i%5, price)
		}
	}
	return b.String()
}

// What one processor makes of orders, several make too: the same ledger, the same lines, the same table.
func TestProcessorsDoNotShow(t *testing.T) {
	text := manyReturns(9_000)
	type made struct {
		ledger *Ledger
		lines  []Line
		table  []float64
		ids    []string
		note   string
	}
	with := func(procs int) (out made) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		orders, err := ParseOrders(strings.NewReader(text), "orders.csv", OrdersOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c, err := orders.Clean(UsualRules...)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := c.Lines()
		if err != nil {
			t.Fatal(err)
		}
		for l := range lines {
			out.lines = append(out.lines, l)
		}
		x, err := c.Features(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Spec{Features: []string{"recency", "orders", "spend", "basket", "tenure", "products", "return_share"}})
		if err != nil {
			t.Fatal(err)
		}
		out.ledger, out.table, out.ids, out.note = c.Ledger, x.Raw().Data, x.Raw().IDs, x.Raw().Note
		return out
	}
	one := with(1)
	if one.ledger.Steps[3].Removed.Lines == 0 || one.ledger.Opening.Customers != 9_000 || one.note == "" {
		t.Fatalf("%+v, note %q", one.ledger, one.note)
	}
	for _, procs := range []int{2, 5} {
		if several := with(procs); !reflect.DeepEqual(several.ledger, one.ledger) || !reflect.DeepEqual(several.lines, one.lines) || several.note != one.note ||
			!reflect.DeepEqual(several.ids, one.ids) || fmt.Sprint(several.table) != fmt.Sprint(one.table) {
			t.Errorf("%d processors make something else than one", procs)
		}
	}
}
