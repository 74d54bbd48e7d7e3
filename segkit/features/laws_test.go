package features_test

// Laws that hold for any orders, on random ones.

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
)

// record is one generated order line.
type record struct {
	order, customer, product, category, country string
	when                                        time.Time
	quantity                                    int
	cents                                       int
}

const lawHeader = "order_id,order_date,customer_id,product_id,category,country,quantity,unit_price\n"

var start = time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC) // a Monday

// records draws up to 60 lines over 30 days: few customers and products, so that repeats and cancellations happen.
func records(t *rapid.T) []record {
	n := rapid.IntRange(1, 60).Draw(t, "lines")
	out := make([]record, n)
	for i := range out {
		order := rapid.IntRange(1, 15).Draw(t, "order")
		r := record{
			order:    fmt.Sprint(order),
			customer: fmt.Sprintf("%03d", order%5),
			product:  string(rune('A' + rapid.IntRange(0, 3).Draw(t, "product"))),
			when:     start.Add(time.Duration(order*37%30)*24*time.Hour + time.Duration(order%24)*time.Hour),
			quantity: rapid.IntRange(0, 4).Draw(t, "quantity"),
			cents:    rapid.SampledFrom([]int{0, 100, 250, 999}).Draw(t, "cents"),
		}
		r.category, r.country = "cat "+string(r.product[0]/2*2), []string{"NL", "UK", ""}[order%3]
		if rapid.IntRange(0, 4).Draw(t, "kind") == 0 { // a cancellation, some days later
			later := rapid.IntRange(0, 12).Draw(t, "later")
			r.order, r.quantity, r.when = fmt.Sprintf("C%d", order), -rapid.IntRange(1, 4).Draw(t, "back"), r.when.Add(time.Duration(later)*24*time.Hour)
		}
		if rapid.IntRange(0, 9).Draw(t, "nobody") == 0 {
			r.customer = ""
		}
		out[i] = r
	}
	return out
}

func file(rs []record) string {
	var b strings.Builder
	b.WriteString(lawHeader)
	for _, r := range rs {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%d,%d.%02d\n", r.order, r.when.Format("2006-01-02 15:04"), r.customer, r.product, r.category, r.country, r.quantity, r.cents/100, r.cents%100)
	}
	return b.String()
}

func parse(t interface{ Fatal(...any) }, rs []record) *features.Orders {
	o, err := features.ParseOrders(strings.NewReader(file(rs)), "orders.csv", features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

var allRules = []features.Rule{features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled, features.Cancelled,
	features.Returned, features.Undone, features.SameEmail, features.ZeroQuantity, features.ZeroPrice, features.NegativePrice, features.Without("country", "UK")}

// Opening less removed is closing, in every column, whatever the rules and their order.
func TestLedgerReconciles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		rules := rapid.Permutation(allRules).Draw(t, "rules")[:rapid.IntRange(0, len(allRules)).Draw(t, "count")]
		c, err := parse(t, rs).Clean(rules...)
		if err != nil {
			t.Fatal(err)
		}
		l := c.Ledger
		sum := l.Opening
		for _, s := range l.Steps {
			sum.Lines -= s.Removed.Lines
			sum.Orders -= s.Removed.Orders
			sum.Customers -= s.Removed.Customers
			sum.Sales.Units -= s.Removed.Sales.Units
			sum.Refunds.Units -= s.Removed.Refunds.Units
		}
		if sum != l.Closing || len(l.Steps) != len(rules) {
			t.Fatalf("opening less removed is %+v, closing %+v", sum, l.Closing)
		}
		lines, err := c.Lines()
		if err != nil {
			t.Fatal(err)
		}
		left, money := 0, int64(0) // counted again, from the lines
		orders := map[string]bool{}
		for line := range lines {
			left++
			money += line.Amount.Units
			orders[line.Order] = true
		}
		if left != l.Closing.Lines || money != l.Closing.Net().Units || len(orders) != l.Closing.Orders {
			t.Fatalf("%d lines, %d money, %d orders left, the ledger says %+v", left, money, len(orders), l.Closing)
		}
	})
}

// Netting at equal prices moves no money: what it takes off sales it takes off refunds.
func TestNettingAtEqualPricesKeepsNetMoney(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		for i := range rs {
			rs[i].cents = 250
		}
		c, err := parse(t, rs).Clean(features.NetCancelled)
		if err != nil {
			t.Fatal(err)
		}
		if net := c.Ledger.Steps[0].Removed.Net().Units; net != 0 {
			t.Fatalf("netting removed %d net", net)
		}
	})
}

var lawRules = []features.Rule{features.NoCustomer, features.Duplicate, features.NetCancelled}

// What happens after the as-of date, cancellations of earlier orders included, changes no feature.
func TestNothingAfterAsOfCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		asOf := start.AddDate(0, 0, rapid.IntRange(0, 29).Draw(t, "as of"))
		past := slices.DeleteFunc(slices.Clone(rs), func(r record) bool { return !r.when.Before(asOf.AddDate(0, 0, 1)) })
		if len(past) == 0 {
			return
		}
		spec := features.Spec{Window: rapid.SampledFrom([]int{0, 5, 14}).Draw(t, "window"), Order: rapid.SampledFrom([]features.OrderUnit{features.ByNumber, features.ByDay, features.ByLine}).Draw(t, "order")}
		want, wantErr := customers(t, past, asOf, spec)
		got, err := customers(t, rs, asOf, spec)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("with later lines: %v, without: %v", err, wantErr)
		}
		same(t, want, got)
	})
}

// Many dates in one pass give what the file, cut off at each date, gives alone: dates in any order, twice, in a window of days, with lines that come
// back between them.
func TestSnapshotsAreTheDaysAlone(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		dates := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Time { return start.AddDate(0, 0, rapid.IntRange(0, 42).Draw(t, "day")) }), 1, 6).Draw(t, "dates")
		if rapid.Bool().Draw(t, "rising") {
			slices.SortFunc(dates, time.Time.Compare)
		}
		spec := features.Spec{Window: rapid.SampledFrom([]int{0, 0, 5, 14}).Draw(t, "window"), Order: rapid.SampledFrom([]features.OrderUnit{features.ByNumber, features.ByDay, features.ByLine}).Draw(t, "order")}
		c, err := parse(t, rs).Clean(lawRules...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Snapshots(dates, spec)
		if err != nil {
			return // no customer ordered by the first date
		}
		for at, date := range dates {
			past := slices.DeleteFunc(slices.Clone(rs), func(r record) bool { return !r.when.Before(date.AddDate(0, 0, 1)) })
			want, err := customers(t, past, date, spec)
			if err != nil {
				t.Fatalf("%s alone: %v", date.Format(time.DateOnly), err)
			}
			same(t, want, got[at])
			compared++
		}
	})
	if compared < 20 { // some draws have no customer by their first date: 49 were seen once
		t.Errorf("only %d dates were compared", compared)
	}
}

// The first orders of customers are those that a file without all later ones has; and what is cancelled after their days changes nothing in them.
func TestFirstOrdersAreAllThatIsKnownOnTheirDay(t *testing.T) {
	columns := []string{"orders", "items", "basket", "products", "categories", "weekend_share", "hour", "top_category", "country"}
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3).Draw(t, "first orders")
		spec := features.Spec{FirstOrders: n, Features: columns}
		asOf := start.AddDate(0, 0, rapid.IntRange(0, 60).Draw(t, "as of"))
		var bought, all []record
		for _, r := range records(t) {
			if r.quantity > 0 && r.customer != "" {
				bought = append(bought, r)
			}
		}
		slices.SortStableFunc(bought, func(a, b record) int { return a.when.Compare(b.when) }) // an order has one time, and no two orders of a customer share it
		orders, early := map[string][]string{}, []record{}
		for _, r := range bought {
			if mine := orders[r.customer]; len(mine) < n && !slices.Contains(mine, r.order) {
				orders[r.customer] = append(mine, r.order)
			}
			if slices.Contains(orders[r.customer], r.order) {
				early = append(early, r)
			}
		}
		if len(bought) == 0 {
			return
		}
		all = slices.Clone(bought)
		for _, r := range bought { // a part of some orders comes back, days after the first ones of its customer
			if rapid.IntRange(0, 3).Draw(t, "back") == 0 {
				r.order, r.quantity, r.when = "C"+r.order, -r.quantity, start.AddDate(0, 0, 43)
				all = append(all, r)
			}
		}
		rules := []features.Rule{features.NetCancelled, features.Cancelled}
		made := func(rs []record, s features.Spec) *table.Table {
			x, err := cleaned(t, rs, rules).Features(asOf, s)
			if err != nil {
				return nil // nobody had ordered by then
			}
			return x
		}
		want, got, later := made(early, features.Spec{Features: columns}), made(bought, spec), made(all, spec)
		if (want == nil) != (got == nil) || (got == nil) != (later == nil) {
			t.Fatalf("customers: %v, of all orders %v, with cancellations %v", want, got, later)
		}
		if want != nil {
			same(t, got, later)
			if prefix := map[int]string{1: "first_", 2: "first2_", 3: "first3_"}[n]; !slices.ContainsFunc(got.Names(), func(name string) bool { return strings.HasPrefix(name, prefix) }) || want.Len() != got.Len() {
				t.Fatalf("%d customers of the columns %v, want %d", got.Len(), got.Names(), want.Len())
			}
			for i, id := range want.IDs() {
				a, b := fmt.Sprint(want.Row(i)), fmt.Sprint(got.Row(i)) // levels are numbered alike: the same customers are there
				if a != b || got.IDs()[i] != id {
					t.Fatalf("customer %s: want %s, got %s of %s", id, a, b, got.IDs()[i])
				}
			}
			compared += want.Len()
		}
	})
	if compared < 20 { // some draws have no customer by their first date: 49 were seen once
		t.Errorf("only %d customers were compared", compared)
	}
}

func cleaned(t *rapid.T, rs []record, rules []features.Rule) *features.Cleaned {
	c, err := parse(t, rs).Clean(rules...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The order of the lines in the file does not matter where times and prices tell them apart.
func TestOrderOfLinesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		for i := range rs {
			rs[i].cents = 100 + 7*i // no two lines alike, so that duplicates and nettings do not depend on which comes first
			rs[i].quantity = max(rs[i].quantity, 1)
			rs[i].order = strings.TrimPrefix(rs[i].order, "C")
		}
		asOf := start.AddDate(0, 0, 45)
		want, err := customers(t, rs, asOf, features.Spec{})
		if err != nil {
			return
		}
		got, err := customers(t, rapid.Permutation(rs).Draw(t, "shuffled"), asOf, features.Spec{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, got)
	})
}

func customers(t *rapid.T, rs []record, asOf time.Time, s features.Spec) (*table.Table, error) {
	c, err := parse(t, rs).Clean(lawRules...)
	if err != nil {
		t.Fatal(err)
	}
	return c.Features(asOf, s)
}

func same(t *rapid.T, want, got *table.Table) {
	if want == nil || got == nil {
		return
	}
	if !reflect.DeepEqual(want.IDs(), got.IDs()) || !reflect.DeepEqual(want.Columns(), got.Columns()) {
		t.Fatalf("want %v %v\ngot %v %v", want.IDs(), want.Columns(), got.IDs(), got.Columns())
	}
	for i, id := range want.IDs() {
		for j, name := range want.Names() {
			a, b := want.At(i, j), got.At(i, j)
			if a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
				t.Fatalf("customer %s, %s: want %v, got %v", id, name, a, b)
			}
		}
	}
}

// Features against the obvious way of counting, on orders without cancellations.
func TestFeaturesAgreeWithObviousCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		rs = slices.DeleteFunc(rs, func(r record) bool { return r.quantity < 0 || r.customer == "" })
		if len(rs) == 0 {
			return
		}
		c, err := parse(t, rs).Clean()
		if err != nil {
			t.Fatal(err)
		}
		last := start
		for _, r := range rs {
			if r.when.After(last) {
				last = r.when
			}
		}
		asOf := last.Truncate(24 * time.Hour)
		table, err := c.Features(asOf)
		byCustomer := map[string][]record{}
		for _, r := range rs {
			if r.quantity > 0 {
				byCustomer[r.customer] = append(byCustomer[r.customer], r)
			}
		}
		if err != nil {
			if len(byCustomer) > 0 {
				t.Fatal(err)
			}
			return
		}
		if table.Len() != len(byCustomer) {
			t.Fatalf("%d customers, want %d", table.Len(), len(byCustomer))
		}
		for i, id := range table.IDs() {
			orders, products, categories, countries := map[string]time.Time{}, map[string]bool{}, map[string]int{}, map[string]int{}
			cents, units := 0, 0
			for _, r := range byCustomer[id] {
				orders[r.order] = r.when
				products[r.product] = true
				categories[r.category] += r.quantity * r.cents
				if r.country != "" {
					countries[r.country]++
				}
				cents += r.quantity * r.cents
				units += r.quantity
			}
			var days []int
			var hours []int
			weekend := 0
			for _, w := range orders {
				days = append(days, int(asOf.Sub(w.Truncate(24*time.Hour)).Hours()/24))
				hours = append(hours, w.Hour())
				if w.Weekday() == time.Saturday || w.Weekday() == time.Sunday {
					weekend++
				}
			}
			slices.Sort(days)
			slices.Sort(hours)
			n := float64(len(orders))
			want := map[string]float64{
				"recency": float64(days[0]), "tenure": float64(days[len(days)-1]), "orders": n, "spend": float64(cents) / 100, "basket": float64(cents) / 100 / n,
				"items": float64(units) / n, "products": float64(len(products)), "categories": float64(len(categories)), "weekend_share": float64(weekend) / n,
				"hour": float64(hours[(len(hours)-1)/2]), "gap": math.NaN(), "return_share": 0,
			}
			if len(orders) > 1 {
				want["gap"] = float64(days[len(days)-1]-days[0]) / (n - 1)
			}
			if cents == 0 {
				want["return_share"] = math.NaN()
			}
			for j, name := range table.Names() {
				column := table.Columns()[j]
				if column.Categorical() {
					level := ""
					if v := table.At(i, j); !math.IsNaN(v) {
						level = column.Levels[int(v)]
					}
					votes := map[string]map[string]int{"top_category": categories, "country": countries}[name]
					if level != winner(votes) {
						t.Fatalf("customer %s, %s: %q, want %q of %v", id, name, level, winner(votes), votes)
					}
					continue
				}
				if got := table.At(i, j); math.Abs(got-want[name]) > 1e-12*max(1, math.Abs(got)) || math.IsNaN(got) != math.IsNaN(want[name]) {
					t.Fatalf("customer %s, %s: %v, want %v", id, name, got, want[name])
				}
			}
		}
	})
}

func winner(votes map[string]int) string {
	best := ""
	for name, n := range votes {
		if best == "" || n > votes[best] || n == votes[best] && name < best {
			best = name
		}
	}
	return best
}

// What customers spent up to a day is their spend among the features of that day, to the cent, whatever was cancelled later.
func TestSpentIsTheSpendOfTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rs := records(t)
		c, err := parse(t, rs).Clean(features.NoCustomer, features.NetCancelled)
		if err != nil {
			t.Fatal(err)
		}
		day := start.AddDate(0, 0, rapid.IntRange(0, 40).Draw(t, "day"))
		x, err := c.Features(day, features.Spec{Features: []string{"spend"}})
		if err != nil {
			return // no customer by then
		}
		spent, err := c.Spent(start.AddDate(0, 0, -1), day)
		if err != nil {
			t.Fatal(err)
		}
		spend, _ := x.Values("spend")
		for i, id := range x.IDs() {
			if got := spent[id]; got.Float() != spend[i] {
				t.Fatalf("%s spent %v, the features say %v", id, got, spend[i])
			}
		}
	})
}

// The first order alone is known on the first day: what is predicted from it looks ahead from there. Later orders take later days to be known.
func TestSourcesOfFirstOrders(t *testing.T) {
	o := orders(t, "1,2025-03-01,a,P,2,3.5", "2,2025-03-04,a,P,1,1.5", "3,2025-03-09,b,P,1,1.5")
	for first, want := range map[int]string{0: "2025-03-01 to 2025-03-09", 1: "2025-03-01 to 2025-03-01", 2: "2025-03-01 to 2025-03-09"} {
		customers, err := clean(t, o).Features(time.Date(2025, 3, 9, 0, 0, 0, 0, time.UTC), features.Spec{FirstOrders: first})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range customers.Columns() {
			if s := c.Ancestry.Sources; len(s) != 1 || s[0].From+" to "+s[0].To != want {
				t.Errorf("first %d orders: column %s is of %v, want %s", first, c.Name, s, want)
			}
		}
	}
}
