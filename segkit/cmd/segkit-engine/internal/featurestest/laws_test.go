package featurestest

import (
	"database/sql"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
	"github.com/segkit/lab/segkit/features"
)

var start = time.Date(2025, 1, 6, 0, 0, 0, 0, time.UTC) // a Monday

// dirty draws up to 60 lines over 30 days: few customers, products and times, so that repeats, ties, cancellations and returns in parts happen; ids, numbers and
// dates are missing here and there.
func dirty(t *rapid.T) []line {
	word := func(what string, words ...string) string { return rapid.SampledFrom(words).Draw(t, what) }
	chance := func(what string, of int) bool { return rapid.IntRange(0, of-1).Draw(t, what) == 0 }
	gaps := chance("gaps", 3) // lines lack numbers and dates
	ids := word("ids", "all", "all", "some", "none")
	out := make([]line, rapid.IntRange(1, 60).Draw(t, "lines"))
	for i := range out {
		order := rapid.IntRange(1, 15).Draw(t, "order")
		quantity, cents := rapid.IntRange(0, 4).Draw(t, "quantity"), rapid.SampledFrom([]int{0, 1, 125, 250, 999, 250, -250}).Draw(t, "cents")
		l := line{
			order: fmt.Sprint(order), customer: fmt.Sprintf("%03d", order%4), quantity: &quantity, cents: &cents,
			product: word("product", "A", "B", "C"), when: start.Add(time.Duration(order*37%30)*24*time.Hour + time.Duration(order%24)*time.Hour),
			channel: word("channel", "web", "store", ""), country: word("country", "NL", "UK", "Île d'Yeu", ""), status: word("status", "paid", "paid", "paid", "cancelled", "on its way", ""),
		}
		l.name, l.category = "the "+l.product, word("category", "cat "+l.product, "a'b", "Ä", "")
		if ids == "none" || ids == "some" && chance("no product", 2) {
			l.product = ""
			l.name = word("name", l.name, l.name, "")
		}
		if order == 3 {
			l.customer = word("email", "a@x.org", "A@x.org", "a@X.org", "b@x.org")
		}
		if order == 6 {
			l.customer = word("spelling", "x-1", "X-1", "é1", "É1", "x-1\u00a0", "\tx-1 ")
		}
		switch rapid.IntRange(0, 13).Draw(t, "kind") {
		case 0, 1, 2: // goods go back, some days later
			quantity = -rapid.IntRange(1, 5).Draw(t, "back")
			l.when = l.when.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "later")) * 24 * time.Hour)
			l.order = word("number", "C"+l.order, "c"+l.order, "R"+l.order, l.order)
		case 3:
			l.customer = ""
		case 4:
			l.order = ""
		case 5:
			if i > 0 {
				l = out[i-1]
			}
		case 6:
			l.order = word("test", "TEST-1", "test", "testing", "Test9")
		case 7:
			if chance("another year", 4) {
				l.when = l.when.AddDate(rapid.SampledFrom([]int{-2, 1}).Draw(t, "years"), 0, 0)
			}
		}
		if gaps && chance("gap", 6) {
			switch word("missing", "when", "quantity", "price") {
			case "when":
				l.when = time.Time{}
			case "quantity":
				l.quantity = nil
			case "price":
				l.cents = nil
			}
		}
		out[i] = l
	}
	if last := &out[len(out)-1]; last.when.IsZero() { // a file's last line without a date may be taken for a total
		last.when = start
	}
	return out
}

var allRules = []features.Rule{features.NoCustomer, features.MissingValue, features.Duplicate, features.TestOrder, features.NetCancelled, features.Cancelled, features.Returned, features.Undone,
	features.SameEmail, features.ZeroQuantity, features.ZeroPrice, features.NegativePrice, features.Without("country", "UK", "nowhere"), features.Without("order", "5", ""), features.Without("customer", "a@x.org")}

// Whatever the lines, the rules and their order, the database's ledger and features are those in memory, to the last bit.
func TestTheSameAsInMemory(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, db *sql.DB, kind string) {
		e := open(t, db, kind)
		if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue { // a statement takes Trino a second
			if err := checks.Value.Set(map[string]string{connect.DuckDB: "40", connect.PostgreSQL: "40", connect.Trino: "12"}[kind]); err != nil { // with -short a fifth of them
				t.Fatal(err)
			}
			defer checks.Value.Set(checks.DefValue)
		}
		compared := 0
		rapid.Check(t, func(rt *rapid.T) {
			lines := dirty(rt)
			rules := rapid.Permutation(allRules).Draw(rt, "rules")[:rapid.IntRange(0, len(allRules)).Draw(rt, "count")]
			if rapid.Bool().Draw(rt, "usual") {
				rules = append([]features.Rule{features.NoCustomer, features.MissingValue}, rules...)
			}
			options, from := options, source("featurestest_lines")
			options.Undone = rapid.SampledFrom([][]string{nil, nil, {}, {"on its way"}}).Draw(rt, "undone")
			from.Undone = options.Undone
			orders, err := features.ParseOrders(strings.NewReader(file(lines)), "lines.csv", options)
			if err != nil && !strings.Contains(err.Error(), "never holds") {
				rt.Skip(err)
			}
			refill(rt, db, "featurestest_lines", lines)
			got, gotErr := e.Orders(from)
			if sameError(rt, "Orders", gotErr, err) {
				return
			}
			whole, err := orders.Clean(features.NoCustomer, features.MissingValue)
			if err != nil {
				rt.Fatalf("%v", err)
			}
			if n := whole.Ledger.Steps[1].Removed.Lines; got.Lacking() != n {
				rt.Fatalf("%d lines of customers lack a value, want %d", got.Lacking(), n)
			}
			if rapid.IntRange(0, 3).Draw(rt, "audit") == 0 {
				sameAudit(rt, got, orders)
			}
			want, wantErr := orders.Clean(rules...)
			clean, err := got.Clean(rules...)
			if sameError(rt, "Clean", err, wantErr) {
				return
			}
			sameLedger(rt, clean.Ledger, want.Ledger)
			for range 2 {
				asOf := start.AddDate(0, 0, rapid.IntRange(0, 40).Draw(rt, "as of"))
				spec := features.Spec{Order: rapid.SampledFrom([]features.OrderUnit{features.ByNumber, features.ByDay, features.ByLine}).Draw(rt, "unit"),
					NetNegative: rapid.SampledFrom([]features.NetNegative{"", features.DropNegative}).Draw(rt, "negative")}
				if spec.Window = rapid.SampledFrom([]int{0, 0, 5, 14}).Draw(rt, "window"); spec.Window == 0 && spec.Order != features.ByLine {
					spec.FirstOrders = rapid.IntRange(0, 3).Draw(rt, "first orders")
				}
				wantTable, wantErr := want.Features(asOf, spec)
				customers, err := clean.Features(asOf, spec)
				if sameError(rt, "Features", err, wantErr) {
					continue
				}
				gotTable, err := customers.Table()
				if err != nil {
					rt.Fatalf("%v", err)
				}
				sameTable(rt, gotTable, wantTable)
				compared++
			}
		})
		t.Logf("%d tables compared", compared)
		if compared == 0 && !testing.Short() { // all of a few may be refused
			t.Error("no table was compared")
		}
	})
}

// refill replaces the lines of a table.
func refill(t *rapid.T, db *sql.DB, table string, lines []line) {
	var values []string
	for _, r := range rows(lines) {
		values = append(values, "("+strings.Join(r, ", ")+")")
	}
	for _, statement := range []string{"DROP TABLE IF EXISTS " + table, "CREATE TABLE " + table + " (" + strings.Join(columns, ", ") + ")", "INSERT INTO " + table + " VALUES " + strings.Join(values, ", ")} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v", err)
		}
	}
}
