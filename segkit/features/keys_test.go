package features_test

// An empty cell is never a key: not of an order, a customer or a product.

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/features"
)

// read parses a file that is written out in full.
func read(t interface {
	Helper()
	Fatal(...any)
}, text string) *features.Orders {
	t.Helper()
	o, err := features.ParseOrders(strings.NewReader(text), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Three lines without an order number on three days and one order with a number: by the rule for files without numbers, where a day
// is an order, customer a has 4 orders of 10 each, the last 64 days after the first, so 21.3 days apart.
func TestLinesWithoutOrderNumberAreNoSingleOrder(t *testing.T) {
	for _, empty := range []string{"", " ", `""`, "NULL", `\N`, "NaN"} {
		o := read(t, strings.ReplaceAll("order_id,customer_id,date,amount\n?,a,2024-01-05,10\n?,a,2024-02-05,10\n?,a,2024-03-05,10\n77,a,2024-03-09,10\n78,b,2024-03-10,10\n", "?", empty))
		table, err := clean(t, o).Features(time.Date(2024, 3, 10, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]float64{"orders": 4, "basket": 10, "gap": 64. / 3, "spend": 40} {
			if got, _ := table.Values(name); math.Abs(got[0]-want) > 1e-12 {
				t.Errorf("%q: %s of customer a is %v, want %v", empty, name, got[0], want)
			}
		}
		if n, _ := o.Count(); n.Orders != 5 {
			t.Errorf("%q: %d orders, want 5, as the features add up to", empty, n.Orders)
		}
		told := 0
		for _, f := range o.Audit().Findings {
			if f.Name == "no order number" {
				told = f.Lines
			}
		}
		if told != 3 {
			t.Errorf("%q: the audit tells of %d lines without an order number, want 3", empty, told)
		}
		for what, page := range map[string]string{"audit": o.Audit().Sheet().HTML(), "head": o.Head(5).Sheet().HTML()} {
			if !strings.Contains(page, "(without a number)") || strings.Contains(page, "a 2024-01-05") {
				t.Errorf("%q: the %s shows a made order number:\n%s", empty, what, page)
			}
		}
	}
}

// Whose order it was and which, cannot be known of a line that has neither customer nor number, so it is no order. Customers whose
// ids begin like a cancellation's number make no cancellations.
func TestMadeOrderNumbersSayNothing(t *testing.T) {
	o := read(t, "order_id,customer_id,date,quantity,price\n,,2024-01-05,1,10\n,,2024-01-06,1,10\n,C1,2024-01-06,2,10\n,C1,2024-01-06,-1,10\n")
	if n, _ := o.Count(); n.Orders != 1 || n.Lines != 4 {
		t.Errorf("%d orders on %d lines, want the one of C1", n.Orders, n.Lines)
	}
	days := o.Daily()
	if len(days) != 2 || days[0].Orders != 0 || days[1].Orders != 1 {
		t.Errorf("by day: %+v", days)
	}
	if n := clean(t, o, features.Cancelled).Ledger.Closing.Lines; n != 4 {
		t.Errorf("%d lines left: a customer's id was taken for a cancellation's number", n)
	}
}

// A file whose order numbers are emptied line by line counts as the same file with a number made of customer and day in their place.
func TestAnEmptyOrderNumberIsADayOfTheCustomer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		made := make([]record, len(rs))
		for i := range rs {
			if rapid.Bool().Draw(t, "empty") {
				rs[i].order = ""
			}
			if made[i] = rs[i]; rs[i].order == "" && rs[i].customer != "" {
				made[i].order = rs[i].customer + "/" + rs[i].when.Format(time.DateOnly)
			}
		}
		asOf := start.AddDate(0, 0, 45)
		want, wantErr := customers(t, made, asOf, features.Spec{})
		got, err := customers(t, rs, asOf, features.Spec{})
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("emptied: %v, made: %v", err, wantErr)
		}
		same(t, want, got)
		a, _ := parse(t, made).Count()
		b, _ := parse(t, rs).Count()
		orders := map[string]bool{"": true}
		for _, r := range made {
			orders[r.order] = true
		}
		if a != b || a.Orders != len(orders)-1 {
			t.Fatalf("made %+v, emptied %+v, want %d orders", a, b, len(orders)-1)
		}
	})
}

// Netting goes by the surest evidence that a line has, and leaves a line alone that has none.
func TestNettingWithoutProductIDs(t *testing.T) {
	const none = "order_id,date,customer_id,quantity,price\n"
	const named = "order_id,date,customer_id,description,quantity,price\n"
	const coded = "order_id,date,customer_id,product_id,description,quantity,price\n"
	for name, c := range map[string]struct{ text, left, net, note string }{
		// a lamp for 10, a chair for 100, the lamp back for 9: 101 remain, whatever the columns
		"description": {named + "1,2024-01-01,a,LAMP,1,10\n2,2024-01-02,a,CHAIR,1,100\nC3,2024-01-03,a,LAMP,-1,9\n", "1=1 2=100", "101",
			"goods that went back: 1 matched by description, 1 in all."},
		"no such price": {none + "1,2024-01-01,a,1,10\n2,2024-01-02,a,1,100\nC3,2024-01-03,a,-1,9\n", "1=10 2=100 C3=−9", "101", "1 unmatched"},
		"price":         {none + "1,2024-01-01,a,1,10\n2,2024-01-02,a,1,100\nC3,2024-01-03,a,-1,10\n", "2=100", "100", "1 matched by price, 1 in all."},
		"price in part": {none + "1,2024-01-01,a,4,10\n2,2024-01-02,a,1,100\nC3,2024-01-03,a,-1,10\n", "1=30 2=100", "130", "1 matched by price, 1 in all."},
		"amounts": {"order_id,date,customer_id,amount\n1,2024-01-01,a,10\n2,2024-01-02,a,100\nC3,2024-01-03,a,-10\nC4,2024-01-03,a,-9\n", "2=100 C4=−9", "91",
			"goods that went back: 1 matched by amount and 1 unmatched, 2 in all."},
		"back for more":       {named + "1,2024-01-01,a,LAMP,2,10\nC3,2024-01-03,a,LAMP,-2,11\n", "1=−2", "−2", "1 matched by description, 1 in all."},
		"description in part": {named + "1,2024-01-01,a,LAMP,5,10\nC3,2024-01-03,a,LAMP,-2,9\n", "1=32", "32", "1 matched by description, 1 in all."},
		"id first":            {coded + "1,2024-01-01,a,P,LAMP,1,10\n2,2024-01-02,a,Q,LAMP,1,10\nC3,2024-01-03,a,P,LAMP,-1,10\n", "2=10", "10", "1 matched by product id, 1 in all."},
		"empty ids are no product": {coded + "1,2024-01-01,a,,LAMP,1,10\n2,2024-01-02,a,,CHAIR,1,10\nC3,2024-01-03,a,,LAMP,-1,10\n", "2=10", "10",
			"1 matched by description, 1 in all."},
		"empty id, known description": {coded + "1,2024-01-01,a,P,LAMP,1,10\n2,2024-01-02,a,Q,CHAIR,1,10\nC3,2024-01-03,a,,LAMP,-1,10\n", "2=10", "10",
			"1 matched by description, 1 in all."},
		"empty description": {named + "1,2024-01-01,a,LAMP,1,10\n2,2024-01-02,a,,1,100\nC3,2024-01-03,a,,-1,10\n", "2=100", "100", "1 matched by price, 1 in all."},
		"nothing to go by":  {named + "1,2024-01-01,a,,1,0\nC3,2024-01-03,a,,-1,0\n", "1=0 C3=0", "0", "With no product id, description or price to be found by: 1."},
		"other customer":    {named + "1,2024-01-01,b,LAMP,1,10\nC3,2024-01-03,a,LAMP,-1,10\n", "1=10 C3=−10", "0", "1 unmatched"},
		"no customer":       {named + "1,2024-01-01,,LAMP,1,10\nC3,2024-01-03,,LAMP,-1,10\n", "1=10 C3=−10", "0", ""},
	} {
		o := read(t, c.text)
		if got := left(t, o, features.NetCancelled); got != c.left {
			t.Errorf("%s: left %q, want %q", name, got, c.left)
		}
		ledger := clean(t, o, features.NetCancelled).Ledger
		if net := ledger.Closing.Net().String(); net != c.net || !strings.Contains(strings.Join(ledger.Notes, " "), c.note) || c.note == "" && ledger.Notes != nil {
			t.Errorf("%s: net %s, want %s; the ledger says %q, want %q", name, net, c.net, ledger.Notes, c.note)
		}
	}
}

// Where there are no product ids, netting moves no money, whatever the prices: what it takes off sales it takes off refunds. And
// writing every product's id into the column of descriptions instead leaves the same orders.
func TestNettingByDescription(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		byID := parse(t, rs)
		byName := read(t, strings.Replace(file(rs), "product_id", "description", 1))
		a, err := byID.Clean(features.NetCancelled)
		if err != nil {
			t.Fatal(err)
		}
		b, err := byName.Clean(features.NetCancelled)
		if err != nil {
			t.Fatal(err)
		}
		if net := b.Ledger.Steps[0].Removed.Net().Units; net != 0 {
			t.Fatalf("netting by description removed %d net", net)
		}
		units := func(c *features.Cleaned) (out []string) {
			lines, err := c.Lines()
			if err != nil {
				t.Fatal(err)
			}
			for l := range lines {
				if l.Quantity != 0 {
					out = append(out, fmt.Sprint(l.File, l.Quantity))
				}
			}
			return out
		}
		if !reflect.DeepEqual(units(a), units(b)) {
			t.Fatalf("by id %v are left, by description %v", units(a), units(b))
		}
	})
}

// A refund below the price is money that stays with the order, from the cancellation's day on.
func TestTheRestOfAPriceCountsWithItsOrder(t *testing.T) {
	c := clean(t, read(t, "order_id,date,customer_id,description,quantity,price\n1,2024-01-01,a,LAMP,1,10\n2,2024-01-02,a,CHAIR,1,100\nC3,2024-01-20,a,LAMP,-1,9\n4,2024-02-20,b,LAMP,1,10\n"),
		features.NetCancelled)
	for day, want := range map[int]struct{ spend, orders, returned float64 }{19: {110, 2, 0}, 20: {101, 1, 9. / 110}} {
		table, err := c.Features(time.Date(2024, 1, day, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]float64{"spend": want.spend, "orders": want.orders, "return_share": want.returned} {
			if got, _ := table.Values(name); math.Abs(got[0]-want) > 1e-12 {
				t.Errorf("as of January %d: %s is %v, want %v", day, name, got[0], want)
			}
		}
	}
}

// A line that repeats an earlier one is a duplicate wherever Duplicate stands among the rules: the same lines are left.
func TestDuplicatesDoNotDependOnTheOrderOfRules(t *testing.T) {
	o := orders(t, "1,2025-03-01,a,P,5,3", "1,2025-03-01,a,P,5,3", "C2,2025-03-02,a,P,-2,3", "C2,2025-03-02,a,P,-2,3")
	for _, rules := range [][]features.Rule{{features.Duplicate, features.NetCancelled}, {features.NetCancelled, features.Duplicate},
		{features.NetCancelled, features.NoCustomer, features.Duplicate, features.Duplicate}} {
		if got := left(t, o, rules...); got != "1=9" {
			t.Errorf("%v leave %q, want the one order of 5 less 2", rules, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		for range rapid.IntRange(0, 6).Draw(t, "repeats") {
			rs = append(rs, rs[rapid.IntRange(0, len(rs)-1).Draw(t, "repeated")])
		}
		o := parse(t, rs)
		others := rapid.Permutation(allRules).Draw(t, "rules")
		at := rapid.IntRange(0, len(others)-1).Draw(t, "at")
		var before, after []features.Rule
		for i, r := range others {
			if r.Name == features.Duplicate.Name {
				continue
			}
			if i < at {
				before = append(before, r)
			} else {
				after = append(after, r)
			}
		}
		first, err := o.Clean(append(append([]features.Rule{features.Duplicate}, before...), after...)...)
		if err != nil {
			t.Fatal(err)
		}
		steps, err := o.Clean(append(before, features.Duplicate)...)
		if err != nil {
			t.Fatal(err)
		}
		later, err := steps.Clean(after...)
		if err != nil {
			t.Fatal(err)
		}
		if first.Ledger.Closing != later.Ledger.Closing {
			t.Fatalf("first %+v, behind %v %+v", first.Ledger.Closing, before, later.Ledger.Closing)
		}
		asOf := start.AddDate(0, 0, 20)
		want, wantErr := first.Features(asOf)
		got, err := later.Features(asOf)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("first: %v, later: %v", wantErr, err)
		}
		same(t, want, got)
	})
}

// One of three units comes back. Where there are no prices, the amounts tell what it cost.
func TestPartsOfAnAmountComeBack(t *testing.T) {
	const amounts = "order,customer,date,product,quantity,amount\n"
	for name, c := range map[string]struct{ text, left, note string }{
		"one of three":         {"1,c,2024-01-01,A,3,72\n2,c,2024-01-05,A,-1,-24\n", "1=48", "1 matched by product id, 1 in all. An order loses what was paid back"},
		"with prices":          {"", "1=48", "1 matched by product id, 1 in all."},
		"same unit price":      {"1,c,2024-01-01,A,3,72\n2,c,2024-01-02,A,3,90\n3,c,2024-01-05,A,-1,-24\n", "1=48 2=90", "1 matched"},
		"else the latest":      {"1,c,2024-01-01,A,3,72\n2,c,2024-01-02,A,3,90\n3,c,2024-01-05,A,-1,-20\n", "1=72 2=70", "1 matched"},
		"less than it cost":    {"1,c,2024-01-01,A,1,72\n2,c,2024-01-05,A,-1,-70.01\n", "1=1.99", "1 matched"},
		"more than it cost":    {"1,c,2024-01-01,A,3,72\n2,c,2024-01-05,A,-1,-72.01\n", "1=72.00 2=−72.01", "1 unmatched, 1 in all. Unmatched ones stay as refunds: no earlier purchase that cost as much"},
		"over two orders":      {"1,c,2024-01-01,A,2,10\n2,c,2024-01-02,A,2,10\n3,c,2024-01-05,A,-3,-15\n", "1=5", "1 matched"},
		"a cent to the last":   {"1,c,2024-01-01,A,2,10\n2,c,2024-01-02,A,2,10\n3,c,2024-01-05,A,-3,-10\n", "1=6 2=4", "1 matched"},
		"more units than ever": {"1,c,2024-01-01,A,2,10\n3,c,2024-01-05,A,-3,-15\n", "3=−5", "1 matched in part"},
	} {
		text := amounts + c.text
		if name == "with prices" {
			text = "order,customer,date,product,quantity,price\n1,c,2024-01-01,A,3,24\n2,c,2024-01-05,A,-1,24\n"
		}
		o := read(t, text)
		if got := left(t, o, features.NetCancelled); strings.ReplaceAll(got, ".00", "") != strings.ReplaceAll(c.left, ".00", "") {
			t.Errorf("%s: left %q, want %q", name, got, c.left)
		}
		if got := strings.Join(clean(t, o, features.NetCancelled).Ledger.Notes, "\n"); !strings.Contains(got, c.note) {
			t.Errorf("%s: %q is not in %s", name, c.note, got)
		}
	}
	table, err := clean(t, read(t, amounts+"1,c,2024-01-01,A,3,72.00\n2,c,2024-01-05,A,-1,-24.00\n3,d,2024-02-05,A,1,24.00\n"), features.NetCancelled).Features(time.Date(2024, 2, 5, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"basket": 48, "items": 2} {
		if got, _ := table.Values(name); got[0] != want {
			t.Errorf("%s is %v, want %v", name, got[0], want)
		}
	}
}

// A file of amounts says the same as one of prices where every product has one price: netting leaves the same lines.
// Whatever the amounts, netting moves no money, and no line that was bought ends below zero.
func TestNettingByAmounts(t *testing.T) {
	const amounts = "order_id,order_date,customer_id,product_id,category,country,quantity,amount\n"
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		onePrice := rapid.Bool().Draw(t, "one price")
		b := strings.Builder{}
		b.WriteString(amounts)
		for i := range rs {
			if onePrice {
				rs[i].cents = 100 + 13*int(rs[i].product[0]-'A')
			}
			r := rs[i]
			money := r.quantity * r.cents
			if !onePrice {
				money += r.quantity * rapid.IntRange(0, 3).Draw(t, "off")
			}
			sign := ""
			if money < 0 {
				sign, money = "-", -money
			}
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%d,%s%d.%02d\n", r.order, r.when.Format("2006-01-02 15:04"), r.customer, r.product, r.category, r.country, r.quantity, sign, money/100, money%100)
		}
		o := read(t, b.String())
		c, err := o.Clean(features.NetCancelled)
		if err != nil {
			t.Fatal(err)
		}
		if net := c.Ledger.Steps[0].Removed.Net().Units; net != 0 {
			t.Fatalf("netting removed %d net", net)
		}
		lines, err := c.Lines()
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for l := range lines {
			if rs[l.File-2].quantity > 0 && (l.Amount.Units < 0 || l.Quantity < 0) {
				t.Fatalf("line %d was bought and has %v for %v left", l.File, l.Amount, l.Quantity)
			}
			got = append(got, fmt.Sprint(l.File, l.Quantity, l.Amount.Float()))
		}
		if !onePrice {
			return
		}
		priced, err := parse(t, rs).Clean(features.NetCancelled)
		if err != nil {
			t.Fatal(err)
		}
		if lines, err = priced.Lines(); err != nil {
			t.Fatal(err)
		}
		for l := range lines {
			want = append(want, fmt.Sprint(l.File, l.Quantity, l.Amount.Float()))
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("by amounts %v are left, by prices %v", got, want)
		}
	})
}

// Cancellations of parts at other prices than were paid leave money with the order, and what units still stand for is reckoned without it: after 8 and 9
// for two of four units of 10 each, the other two stand for 20, and a cancellation of two for 20 is theirs and not that of a later purchase.
func TestKeptMoneyIsNoPriceOfUnits(t *testing.T) {
	o := read(t, "order_id,customer_id,order_date,product_id,quantity,amount\n"+
		"1,a,2024-01-01,P,4,40\nC1,a,2024-01-02,P,-1,-8\nC2,a,2024-01-03,P,-1,-9\n2,a,2024-01-04,P,2,23\nC3,a,2024-01-05,P,-2,-20\n")
	if got := left(t, o, features.NetCancelled); got != "1=3 2=23" {
		t.Errorf("netting leaves %q", got)
	}
}

// Where lines have amounts, a cancellation that gives no money back still takes its units off, and the money stays.
func TestUnitsTakenBackForNothing(t *testing.T) {
	o := read(t, "order_id,customer_id,order_date,product_id,quantity,amount\n1,a,2024-01-01,P,4,40\nC1,a,2024-01-02,P,-2,0\n")
	lines, err := clean(t, o, features.NetCancelled).Lines()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for l := range lines {
		got = append(got, fmt.Sprint(l.Order, " ", l.Quantity, " for ", l.Amount))
	}
	if fmt.Sprint(got) != "[1 2 for 40]" {
		t.Errorf("left is %v", got)
	}
}
