package features_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/kept"
)

// A currency that a column writes in several ways, or that stands with the amounts as well, is one; a $ is another dollar's where the file has one.
func TestCurrenciesAreToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		amounts, column string // "" for no column
		currency        string // "" where it is asked for
		asks            string
	}{
		"a dollar of two names":       {"10 5 4", "USD $ $", "USD", ""},
		"a dollar in two columns":     {"$10 $5 $4", "USD USD USD", "USD", ""},
		"another in two columns":      {"$10 $5 $4", "CAD CAD CAD", "CAD", ""},
		"euros":                       {"10 5 4", "EUR € eur", "EUR", ""},
		"euros in two columns":        {"€10 5 4", "EUR € EUR", "EUR", ""},
		"pounds in two columns":       {"£10 £5 £4", "£ £ GBP", "GBP", ""},
		"only a sign":                 {"10 5 4", "$ $ $", "$", ""},
		"whose dollar":                {"10 5 4", "USD $ CAD", "", "USD on 1 line (10), $ on 1 line (5) and CAD on 1 line (4)"},
		"whose dollar, two columns":   {"$10 $5 $4", "USD CAD USD", "", "USD on 2 lines (14) and CAD on 1 line (5)"},
		"euros beside dollars":        {"10 5 4", "EUR USD €", "", "EUR on 2 lines (14) and USD on 1 line (5)"},
		"euros that should be dollar": {"€10 €5 €4", "USD USD USD", "", "says that the money is in USD, but amount is in EUR"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "order,customer,date,amount,currency\n"
			for i, amount := range strings.Fields(c.amounts) {
				text += fmt.Sprintf("%d,c,2024-01-0%d,%s,%s\n", i, i+1, amount, strings.Fields(c.column)[i])
			}
			path := fileOf(t, "orders.csv", text)
			read := func(o features.OrdersOptions) (string, error) {
				orders, err := features.ReadOrders(path, o)
				if err != nil {
					return "", err
				}
				clean, err := orders.Clean(features.NoCustomer)
				if err == nil {
					_, err = clean.Features(time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC))
				}
				return orders.Currency(), err
			}
			got, err := read(features.OrdersOptions{})
			r := inspected(t, path)
			if c.asks == "" {
				if err != nil || got != c.currency || len(r.Questions) > 0 || r.Currency != c.currency {
					t.Fatalf("in %q, %v; inspected: in %q, asks %+v", got, err, r.Currency, r.Questions)
				}
				orders, _ := features.ReadOrders(path, features.OrdersOptions{})
				for _, f := range orders.Audit().Findings {
					if strings.HasPrefix(f.Name, "not in") {
						t.Errorf("%+v", f)
					}
				}
				return
			}
			if err == nil || len(r.Questions) != 1 || !strings.Contains(r.Questions[0].Text, c.asks) || len(r.Questions[0].Answers) < 2 {
				t.Fatalf("%v, asks %+v", err, r.Questions)
			}
			for _, a := range r.Questions[0].Answers {
				var o features.OrdersOptions
				if err := kept.Put(&o, kept.Setting{Key: a.Option, Value: a.Value}, true); err != nil {
					t.Fatal(err)
				}
				if got, err := read(o); err != nil || got != a.Value {
					t.Errorf("%v: in %q, %v", a.Value, got, err)
				}
			}
		})
	}
	path := fileOf(t, "orders.csv", "order,customer,date,amount,currency\n1,a,2024-01-05,10,EUR\n2,b,2024-01-06,5,€\n3,b,2024-01-07,4,USD\n")
	orders, err := features.ReadOrders(path, features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if notes, _ := orders.Notes(); !strings.Contains(fmt.Sprint(notes), `features.Without("currency", "USD") keeps one`) {
		t.Errorf("%q", notes)
	}
	clean, err := orders.Clean(features.Without("currency", "USD"))
	if err == nil {
		_, err = clean.Features(time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC))
	}
	if err != nil {
		t.Error(err)
	}
	for _, f := range orders.Audit().Findings {
		if strings.HasPrefix(f.Name, "not in") && (f.Name != "not in EUR" || f.Lines != 1) {
			t.Errorf("%+v", f)
		}
	}
}
