package features_test

import (
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
)

// Money that is read of another column, or is of another currency, than that of the model's orders is no money of the model.
func TestFamiliarStopsAtOtherMoney(t *testing.T) {
	const orders = "order,customer,date,Net,Gross,Pieces\n1,a,2024-03-01,10.00,12.10,2\n2,b,2024-03-02,20.00,24.20,3\n3,a,2024-03-09,30.00,36.30,1\n"
	renamed := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(orders) }
	net, gross := features.OrdersOptions{Amount: "Net"}, features.OrdersOptions{Amount: "Gross"}
	priced := features.OrdersOptions{Price: "Net", Quantity: "Pieces"}
	with := func(o features.OrdersOptions, currency string) features.OrdersOptions {
		o.Currency = currency
		return o
	}
	for name, c := range map[string]struct {
		made  features.OrdersOptions
		model string
		read  features.OrdersOptions
		text  string
		says  []string // none: it is the same money
	}{
		"the same":                   {net, orders, net, orders, nil},
		"written otherwise":          {net, orders, features.OrdersOptions{Amount: "NET"}, renamed("Net", "NET"), nil},
		"gross for net":              {net, orders, gross, orders, []string{`money is "Gross" here, and was "Net"`, `set features.OrdersOptions.Amount = "Net"`}},
		"renamed, and said":          {net, orders, features.OrdersOptions{Amount: "Zahlung"}, renamed("Net", "Zahlung"), nil},
		"renamed, and not said":      {features.OrdersOptions{Amount: "Gross"}, orders, features.OrdersOptions{}, renamed("Gross", "amount", "Net", "x", "Pieces", "y"), []string{`money is "amount" here, and was "Gross"`, "set features.OrdersOptions.Amount to the columns that hold the same here"}},
		"once a line for each piece": {priced, orders, net, orders, []string{`money is "Net" here, and was "Net" times "Pieces"`, `set features.OrdersOptions.Price = "Net" and features.OrdersOptions.Quantity = "Pieces"`}},
		"each piece for once a line": {net, orders, priced, orders, []string{`money is "Net" times "Pieces" here, and was "Net" in`, `set features.OrdersOptions.Amount = "Net"`}},
		"an order's for a line's":    {net, orders, features.OrdersOptions{Total: "Net"}, orders, []string{`money is "Net", once an order here, and was "Net" in`}},
		"pieces that are new":        {net, orders, features.OrdersOptions{Amount: "Net", Quantity: "Pieces"}, orders, nil},
		"pieces that are gone":       {features.OrdersOptions{Amount: "Net", Quantity: "Pieces"}, orders, net, orders, []string{`was "Net", with "Pieces" as the quantity`}},
		"other pieces":               {priced, orders, features.OrdersOptions{Price: "Net", Quantity: "Boxes"}, renamed("Pieces", "Pieces,Boxes", ",2\n", ",2,1\n", ",3\n", ",3,1\n", ",1\n", ",1,1\n"), []string{`money is "Net" times "Boxes" here`}},
		"another currency":           {with(net, "EUR"), orders, with(net, "USD"), orders, []string{"money is in USD here, and was in EUR", `set features.OrdersOptions.Currency = "EUR" if it is the same money`}},
		"a currency's sign":          {with(net, "EUR"), orders, with(net, "€"), orders, nil},
		"a currency that is unsaid":  {with(net, "EUR"), orders, net, orders, nil},
		"in the header":              {features.OrdersOptions{Amount: "Net (EUR)"}, renamed("Net", "Net (EUR)"), features.OrdersOptions{Amount: "Net (USD)"}, renamed("Net", "Net (USD)"), []string{"money is in USD here"}},
	} {
		t.Run(name, func(t *testing.T) {
			read := func(text string, o features.OrdersOptions) *features.Orders {
				orders, err := features.ParseOrders(strings.NewReader(text), "orders.csv", o)
				if err != nil {
					t.Fatal(err)
				}
				return orders
			}
			clean, err := read(c.model, c.made).Clean()
			if err != nil {
				t.Fatal(err)
			}
			customers, err := clean.Features(time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC))
			if err != nil {
				t.Fatal(err)
			}
			spec, err := features.ParseSpec(customers.Raw().Spec)
			if err != nil {
				t.Fatal(err)
			}
			_, err = spec.Familiar(read(c.text, c.read))
			if (err == nil) != (c.says == nil) {
				t.Fatal(err)
			}
			for _, want := range c.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in %v", want, err)
				}
			}
			spec.Read = nil // of an older model
			if _, err := spec.Familiar(read(c.text, c.read)); err != nil {
				t.Error(err)
			}
		})
	}
}
