package features_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/features"
)

// Where no header is known to be the price, the answers that are offered do not take the price of one piece for what a line costs unless the user says so, and then the
// column that may count the pieces is named.
func TestPricesUnderUnknownNames(t *testing.T) {
	for _, c := range []struct{ quantity, price string }{{"Qtde pedida", "Vlr. por unid. em R$"}, {"Menge lt. Beleg", "Preis/Stk"}, {"Qty shipped", "Retail price each"}} {
		text := "order,date,customer,sku," + c.quantity + "," + c.price + "\n"
		for i := range 4 {
			text += fmt.Sprintf("%d,2024-01-1%d,c%d,s%d,%d,9.%d\n", i, i, i%3, i, 2+i, i)
		}
		path := fileOf(t, "orders.csv", text)
		r := inspected(t, path, features.OrdersOptions{})
		if len(r.Questions) != 1 {
			t.Fatalf("%s: %d questions", c.price, len(r.Questions))
		}
		if got := fmt.Sprint(r.Questions[0]); !strings.Contains(got, "price="+c.price) && !strings.Contains(got, "price='"+c.price) && !strings.Contains(got, `{price `+c.price) {
			t.Errorf("%s: the price is not offered: %s", c.price, got)
		}
		orders, err := features.ReadOrders(path, features.OrdersOptions{Amount: c.price})
		if err != nil {
			t.Fatal(err)
		}
		notes, err := orders.Notes()
		if want := fmt.Sprintf("%q is not read. If the line costs that many times", c.quantity); err != nil || !slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, want) }) {
			t.Errorf("%s: noted %q; %v", c.price, notes, err)
		}
	}
}
