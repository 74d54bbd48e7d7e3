package features_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/judge"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

func orders(t *testing.T, rows ...string) *features.Orders {
	t.Helper()
	o, err := features.ParseOrders(strings.NewReader(header+strings.Join(rows, "\n")+"\n"), "orders.csv", features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func clean(t *testing.T, o *features.Orders, rules ...features.Rule) *features.Cleaned {
	t.Helper()
	c, err := o.Clean(rules...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// left returns what a rule leaves, as "order quantity" texts.
func left(t *testing.T, o *features.Orders, rules ...features.Rule) string {
	t.Helper()
	lines, err := clean(t, o, rules...).Lines()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for l := range lines {
		out = append(out, l.Order+"="+strings.TrimSuffix(l.Amount.String(), ".0"))
	}
	return strings.Join(out, " ")
}

func TestRulesRemoveWhatTheySay(t *testing.T) {
	o := orders(t,
		"1,2025-03-01,a,P,2,3.5", "1,2025-03-01,a,P,2,3.5", "2,2025-03-01,,P,1,1.5", "3,2025-03-02,TEST-1,P,1,1.5",
		"C4,2025-03-03,a,Q,-1,2.5", "5,2025-03-03,a,Q,-1,2.5", "6,2025-03-03,a,Q,0,2.5", "7,2025-03-03,a,POST,1,0", "8,2025-03-03,a,R,1,-2.5", "9,2025-03-04,b,testing,1,9.5")
	all := "1=7 1=7 2=1.5 3=1.5 C4=−2.5 5=−2.5 6=0 7=0 8=−2.5 9=9.5"
	for _, c := range []struct {
		rule features.Rule
		gone string
	}{
		{features.NoCustomer, "2=1.5"}, {features.Duplicate, "1=7"}, {features.TestOrder, "3=1.5"}, {features.Cancelled, "C4=−2.5"}, {features.Returned, " 5=−2.5"},
		{features.ZeroQuantity, "6=0"}, {features.ZeroPrice, "7=0"}, {features.NegativePrice, "8=−2.5"}, {features.Without("product", "POST"), "7=0"},
		{features.NetCancelled, ""}, // nothing was bought of Q before it went back
	} {
		want := strings.TrimSpace(strings.ReplaceAll(strings.Replace(all, c.gone, "", 1), "  ", " "))
		if got := left(t, o, c.rule); got != want {
			t.Errorf("%s leaves %s\nwant %s", c.rule, got, want)
		}
	}
	if _, err := o.Clean(features.Rule{Name: "tidy"}); err == nil || !strings.Contains(err.Error(), "tidy") {
		t.Errorf("unknown rule: %v", err)
	}
	if _, err := o.Clean(features.Without("country", "NL")); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("unknown column: %v", err)
	}
	if notes := clean(t, o, features.Without("product", "GIFT")).Ledger.Notes; len(notes) != 1 || !strings.Contains(notes[0], "GIFT") {
		t.Errorf("a value that no line has: %q", notes)
	}
}

func TestNetting(t *testing.T) {
	for name, c := range map[string]struct{ rows, left []string }{
		"whole":                      {[]string{"1,2025-03-01,a,P,2,3.5", "C2,2025-03-02,a,P,-2,3.5"}, nil},
		"latest of two":              {[]string{"1,2025-03-01,a,P,2,3", "2,2025-03-02,a,P,2,3", "C3,2025-03-03,a,P,-2,3"}, []string{"1=6"}},
		"same price first":           {[]string{"1,2025-03-01,a,P,2,3", "2,2025-03-02,a,P,2,4", "C3,2025-03-03,a,P,-2,3"}, []string{"2=8"}},
		"same quantity first":        {[]string{"1,2025-03-01,a,P,2,3", "2,2025-03-02,a,P,5,3", "C3,2025-03-03,a,P,-2,3"}, []string{"2=15"}},
		"part":                       {[]string{"1,2025-03-01,a,P,5,3", "C3,2025-03-03,a,P,-2,3"}, []string{"1=9"}},
		"over two orders":            {[]string{"1,2025-03-01,a,P,5,3", "2,2025-03-02,a,P,4,3", "C3,2025-03-03,a,P,-6,3"}, []string{"1=9"}},
		"more than was bought":       {[]string{"1,2025-03-01,a,P,5,3", "C3,2025-03-03,a,P,-7,3"}, []string{"C3=−6"}},
		"not of a later order":       {[]string{"C1,2025-03-01,a,P,-2,3", "2,2025-03-02,a,P,2,3"}, []string{"C1=−6", "2=6"}},
		"not of another customer":    {[]string{"1,2025-03-01,b,P,2,3", "C2,2025-03-02,a,P,-2,3"}, []string{"1=6", "C2=−6"}},
		"not of another product":     {[]string{"1,2025-03-01,a,Q,2,3", "C2,2025-03-02,a,P,-2,3"}, []string{"1=6", "C2=−6"}},
		"every unit goes back once":  {[]string{"1,2025-03-01,a,P,2,3", "C2,2025-03-02,a,P,-2,3", "C3,2025-03-02,a,P,-2,3"}, []string{"C3=−6"}},
		"a return without the C too": {[]string{"1,2025-03-01,a,P,2,3", "2,2025-03-02,a,P,-2,3"}, nil},
	} {
		if got := left(t, orders(t, c.rows...), features.NetCancelled); got != strings.Join(c.left, " ") {
			t.Errorf("%s: left %q, want %q", name, got, c.left)
		}
	}
}

// An order cancelled later is an order until then.
func TestCancellationCountsFromItsOwnDay(t *testing.T) {
	c := clean(t, orders(t, "1,2025-03-01,a,P,2,3.5", "2,2025-03-02,a,Q,1,1.5", "C3,2025-03-20,a,P,-2,3.5", "4,2025-03-25,a,Q,1,1.5", "5,2025-04-25,b,Q,1,1.5"), features.NetCancelled)
	for day, want := range map[int]struct{ spend, orders, returned float64 }{10: {8.5, 2, 0}, 19: {8.5, 2, 0}, 20: {1.5, 1, 7 / 8.5}, 25: {3, 2, 7. / 10}} {
		rows, err := c.Features(time.Date(2025, 3, day, 23, 0, 0, 0, time.FixedZone("west", -8*3600)))
		if err != nil {
			t.Fatal(err)
		}
		spend, _ := rows.Values("spend")
		number, _ := rows.Values("orders")
		returned, _ := rows.Values("return_share")
		if rows.Len() != 1 || spend[0] != want.spend || number[0] != want.orders || math.Abs(returned[0]-want.returned) > 1e-12 {
			t.Errorf("as of March %d: spend %v, orders %v, return share %v, want %v", day, spend, number, returned, want)
		}
	}
	next, err := c.Outcome(time.Date(2025, 3, 19, 0, 0, 0, 0, time.UTC), 10)
	if err != nil {
		t.Fatal(err)
	}
	if got := next.Row(0); next.Len() != 1 || !reflect.DeepEqual(got, []float64{1, 1, 1.5}) {
		t.Errorf("outcome of %v: %v, want active 1, orders 1, spend 1.5", next.IDs(), got)
	}
}

// What a rule removes stays removed, also as of a day on which its cancellation lies in the future.
func TestRulesAfterNettingReachOrdersUntilTheirCancellation(t *testing.T) {
	o := orders(t, "1,2025-03-01,a,P,2,3.5", "2,2025-03-01,a,POST,1,1.5", "3,2025-03-02,a,POST,3,1.5",
		"C4,2025-03-20,a,POST,-1,1.5", "C5,2025-03-20,a,POST,-2,1.5", "C6,2025-03-20,a,P,-2,3.5", "7,2025-03-21,b,P,1,3.5")
	without := features.Without("product", "POST")
	for _, c := range []struct {
		rules         []features.Rule
		spend, orders float64
	}{
		{[]features.Rule{features.NetCancelled}, 13, 3}, {[]features.Rule{without, features.NetCancelled}, 7, 1},
		{[]features.Rule{features.NetCancelled, without}, 7, 1}, {[]features.Rule{features.NetCancelled, without, features.ZeroQuantity}, 7, 1},
	} {
		rows, err := clean(t, o, c.rules...).Features(time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		spend, _ := rows.Values("spend")
		number, _ := rows.Values("orders")
		if rows.Len() != 1 || spend[0] != c.spend || number[0] != c.orders {
			t.Errorf("%v: spend %v in %v orders, want %v in %v", c.rules, spend, number, c.spend, c.orders)
		}
	}
}

func TestOutcomeIsOfTheCustomersOfTheSpec(t *testing.T) {
	c := clean(t, orders(t, "1,2025-01-01,a,P,1,3.5", "2,2025-02-20,b,P,1,3.5", "3,2025-03-01,b,P,1,1.5", "4,2025-03-01,b,P,1,1.5", "5,2025-03-09,a,P,1,1.5"))
	asOf, spec := time.Date(2025, 2, 21, 0, 0, 0, 0, time.UTC), features.Spec{Window: 30, Order: features.ByDay}
	customers, err := c.Features(asOf, spec)
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Outcome(asOf, 10, spec)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{1, 1, 3}; !reflect.DeepEqual(next.IDs(), customers.IDs()) || !reflect.DeepEqual(next.Row(0), want) {
		t.Errorf("customers %v; outcome of %v: %v, want %v", customers.IDs(), next.IDs(), next.Row(0), want)
	}
}

func TestAsOfAndSpecAreChecked(t *testing.T) {
	c := clean(t, orders(t, "1,2025-01-01,a,P,2,3.5", "2,2025-06-30,b,P,2,3.5"))
	day := func(m, d int) time.Time { return time.Date(2025, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	for name, f := range map[string]struct {
		err  func() error
		want string
	}{
		"before the start": {func() error { _, err := c.Features(day(0, 1)); return err }, "before the first order line (2025-01-01)"},
		"outcome too long": {func() error { _, err := c.Outcome(day(6, 1), 30); return err }, "choose an as-of date up to 2025-05-31"},
		"no days":          {func() error { _, err := c.Outcome(day(5, 1), 0); return err }, "at least 1"},
		"unknown feature":  {func() error { _, err := c.Features(day(5, 1), features.Spec{Features: []string{"age"}}); return err }, "recency"},
		"empty window":     {func() error { _, err := c.Features(day(5, 1), features.Spec{Window: 5}); return err }, "no customer ordered from 2025-04-27 to 2025-05-01"},
		"negative window":  {func() error { _, err := c.Features(day(5, 1), features.Spec{Window: -5}); return err }, "Spec.Window = -5"},
		"bad order":        {func() error { _, err := c.Features(day(5, 1), features.Spec{Order: "week"}); return err }, "ByDay"},
		"no customer": {func() error {
			_, err := clean(t, orders(t, "1,2025-01-01,,P,2,3.5", "2,2025-06-30,b,P,2,3.5")).Features(day(5, 1))
			return err
		}, "line 2: has no customer"},
		"nothing left": {func() error {
			_, err := clean(t, orders(t, "1,2025-01-01,,P,2,3.5"), features.NoCustomer).Features(day(5, 1))
			return err
		}, "left no order lines"},
		"short history": {func() error {
			_, err := clean(t, orders(t, "1,2025-01-01,a,P,2,3.5")).Features(time.Time{})
			return err
		}, "give an as-of date"},
	} {
		if err := f.err(); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: %v, want %q", name, err, f.want)
		}
	}
	quiet, err := c.Dictionary(day(12, 1))
	late, err2 := c.Features(day(12, 1))
	if err != nil || err2 != nil || len(quiet.Notes) != 1 || !strings.Contains(quiet.Notes[0], "2025-06-30, 154 days before") || !slices.Equal(late.Sheet().Notes, quiet.Notes) {
		t.Errorf("after a quiet season: %v, %v, %+v", err, err2, quiet)
	} else if days, err := late.Values("recency"); err != nil || days[1] != 154 {
		t.Errorf("recency after a quiet season: %v, %v", days, err)
	}
	spec, err := c.Spec(time.Time{})
	if err != nil || !spec.AsOf.Equal(day(4, 1)) {
		t.Errorf("zero as-of date is %v, want 90 days before 2025-06-30 (%v)", spec.AsOf, err)
	}
}

func TestNetNegativeCustomer(t *testing.T) {
	o := orders(t, "1,2025-01-01,a,P,1,3.5", "C2,2025-01-02,a,Q,-2,3.5", "3,2025-01-03,b,P,1,1.5", "C4,2025-01-03,c,P,-1,1.5")
	spec := features.Spec{Rules: []features.Rule{features.NetCancelled}, AsOf: time.Date(2025, 1, 3, 0, 0, 0, 0, time.UTC)}
	rows, err := spec.Table(o)
	if err != nil {
		t.Fatal(err)
	}
	spend, _ := rows.Values("spend")
	if !reflect.DeepEqual(rows.IDs(), []string{"a", "b"}) || spend[0] != -3.5 {
		t.Errorf("%v spent %v: want a at -3.5, and c, who never ordered, left out", rows.IDs(), spend)
	}
	spec.NetNegative = features.DropNegative
	if rows, err = spec.Table(o); err != nil || !reflect.DeepEqual(rows.IDs(), []string{"b"}) {
		t.Errorf("left out: %v, %v", rows.IDs(), err)
	}
	text, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	var again features.Spec
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(again, spec) {
		t.Errorf("a Spec does not survive JSON: %s, %v", text, err)
	}
}

func TestDictionaryExplainsEveryColumn(t *testing.T) {
	c := clean(t, parse(t, []record{{"1", "a", "P", "toys", "NL", start, 1, 350}}))
	rows, err := c.Features(start)
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.Dictionary(start)
	if err != nil {
		t.Fatal(err)
	}
	for i, column := range rows.Columns() {
		e := d.Entries[i]
		if e.Name != column.Name || e.Unit != column.Unit || e.Role != column.Role.String() || e.Formula == "" || len(e.Sources) == 0 || !strings.Contains(e.Window, "2025-01-06") {
			t.Errorf("%s is explained as %+v", column.Name, e)
		}
	}
	if len(d.Entries) != len(rows.Columns()) || d.Frame().Nrow() != len(d.Entries) {
		t.Errorf("%d entries for %d columns", len(d.Entries), len(rows.Columns()))
	}
}

type inMap map[string][]byte

func (m inMap) Get(key string) ([]byte, bool) { v, ok := m[key]; return v, ok }
func (m inMap) Put(key string, value []byte)  { m[key] = value }

// everything is what a notebook asks of one file.
func everything(t *testing.T, path string) []any {
	t.Helper()
	o, err := features.ReadOrders(path, features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	c := clean(t, o, features.NoCustomer, features.Duplicate, features.NetCancelled)
	asOf := time.Date(2025, 3, 19, 0, 0, 0, 0, time.UTC)
	rows, err := c.Features(asOf)
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Outcome(asOf, 10)
	if err != nil {
		t.Fatal(err)
	}
	return []any{o.Sheet(), o.Head(2).Sheet(), o.Audit(), o.Daily(), c.Ledger, c.Daily(), c.Sheet(), rows.Fingerprint(), next.Fingerprint()}
}

// With a memory the results are those without, and the second time they are had without the lines.
func TestMemoryChangesNothingButTheWork(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.csv")
	text := header + "1,2025-03-01,a,P,2,3.5\n1,2025-03-01,a,P,2,3.5\n2,2025-03-02,b,Q,1,1.5\nC3,2025-03-20,a,P,-2,3.5\n4,2025-03-25,,Q,1,1.5\n5,2025-04-25,b,Q,1,1.5\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	plain := everything(t, path)

	before := job.DefaultContext
	defer func() { job.DefaultContext = before }()
	job.DefaultContext = memory.With(before, inMap{})
	for _, time := range []string{"first", "second"} {
		for i, got := range everything(t, path) {
			if !reflect.DeepEqual(got, plain[i]) {
				t.Errorf("%s time with a memory, result %d:\n%+v\nwithout:\n%+v", time, i, got, plain[i])
			}
		}
	}

	o, err := features.ReadOrders(path, features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(text, "3.5", "4.5", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if a := o.Audit(); a.Failed != "" || !reflect.DeepEqual(any(a), plain[2]) {
		t.Errorf("the audit is not recalled: %+v", a)
	}
	if _, err := o.Lines(); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("lines of a file that changed: %v", err)
	}
	if _, err := o.Clean(features.ZeroPrice); err == nil || !strings.Contains(err.Error(), "changed") {
		t.Errorf("cleaning a file that changed: %v", err)
	}
	if changed := everything(t, path); reflect.DeepEqual(changed, plain) {
		t.Error("the changed file gives the old results")
	}

	described := "order_id,date,customer_id,product,quantity,price,country\n1,2025-03-01,a,P,2,3.5,NL\n2,2025-03-02,b,P,1,1.5,\"Congo, Republic\"\n"
	if err := os.WriteFile(path, []byte(described), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		descriptors []string
		rule        features.Rule
		columns     int
		lines       int
	}{
		{nil, features.Without("country", "Congo, Republic"), 10, 1}, {nil, features.Without("country", "Congo", "Republic"), 10, 2},
		{[]string{}, features.NoCustomer, 9, 2}, {nil, features.NoCustomer, 10, 2},
	} {
		o, err := features.ReadOrders(path, features.OrdersOptions{Descriptors: c.descriptors})
		if err != nil {
			t.Fatal(err)
		}
		mapping, err := o.Mapping()
		if got := clean(t, o, c.rule).Ledger.Closing.Lines; err != nil || len(mapping) != c.columns || got != c.lines {
			t.Errorf("%q, %v: %d columns read, %d lines left (%v), want %d and %d", c.descriptors, c.rule, len(mapping), got, err, c.columns, c.lines)
		}
	}
	if err := os.WriteFile(path, []byte(text+"6,2025-04-26,b,Q,1,one\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := features.ReadOrders(path, features.OrdersOptions{Currency: "EUR"}); err == nil || !strings.Contains(err.Error(), "line 8") {
			t.Errorf("a bad file with a memory: %v", err)
		}
	}
}

// A file of payments: no order numbers, no quantities, amounts below zero for money back.
func TestAmountsWithoutOrderNumbers(t *testing.T) {
	o, err := features.ParseOrders(strings.NewReader("client_id;date;amount\n007;1.3.2025;10,50\n007;1.3.2025;4\n007;9.3.2025;7\n007;10.3.2025;-7\n008;9.3.2025;-7\n"), "payments.csv",
		features.OrdersOptions{Decimal: ','})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := left(t, o, features.NetCancelled), "007 2025-03-01=10.5 007 2025-03-01=4 008 2025-03-09=−7"; got != want {
		t.Errorf("netting leaves %s, want %s", got, want)
	}
	rows, err := clean(t, o).Features(time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"recency", "orders", "spend", "basket", "tenure", "gap", "weekend_share"}; !reflect.DeepEqual(rows.Names(), want) {
		t.Errorf("features %v, want %v", rows.Names(), want)
	}
	if got, want := rows.Row(0), []float64{1, 2, 14.5, 10.75, 9, 8, 1}; rows.Len() != 1 || !reflect.DeepEqual(got, want) { // March 1 and 9, 2025 were a Saturday and a Sunday
		t.Errorf("customer %v: %v, want %v", rows.IDs(), got, want)
	}
}

func TestHeadAndFrame(t *testing.T) {
	rows := []string{}
	for i := range 20 {
		rows = append(rows, strconv.Itoa(i)+",2025-03-01,a,P,1,3.5")
	}
	o := orders(t, rows...)
	for _, n := range []int{-1, 0, 5, 15, 50} {
		h := o.Head(n)
		want := min(max(n, 0), 20)
		count, err := h.Count()
		if err != nil || count.Lines != want || len(h.Sheet().Rows) != min(want, 12) {
			t.Errorf("Head(%d) has %d lines and shows %d (%v)", n, count.Lines, len(h.Sheet().Rows), err)
		}
	}
	df, err := o.Frame()
	if err != nil {
		t.Fatal(err)
	}
	again, err := features.OrdersFromFrame(df, features.OrdersOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := o.Count()
	b, _ := again.Count()
	if a != b {
		t.Errorf("through a frame %+v becomes %+v", a, b)
	}
}

func TestCleaningInStepsIsCleaningAtOnce(t *testing.T) {
	o := orders(t, "1,2025-03-01,a,P,2,3.5", "1,2025-03-01,a,P,2,3.5", "2,2025-03-01,,P,1,1.5", "C3,2025-03-02,a,P,-2,3.5", "4,2025-03-02,b,P,1,3.5")
	once := clean(t, o, features.NoCustomer, features.Duplicate, features.NetCancelled)
	twice, err := clean(t, o, features.NoCustomer).Clean(features.Duplicate, features.NetCancelled)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(once.Rules(), twice.Rules()) || once.Ledger.Closing != twice.Ledger.Closing {
		t.Errorf("at once %v %+v, in steps %v %+v", once.Rules(), once.Ledger.Closing, twice.Rules(), twice.Ledger.Closing)
	}
}

// Features of the same orders are tied to each other: basket is spend by orders, hour came from the same days, and what was bought
// later, under the same names, did not. Overlapping days make an outcome none.
func TestFeaturesKnowWhereTheyComeFrom(t *testing.T) {
	var rows []string
	for i := range 60 {
		for n := range 1 + i%4 {
			rows = append(rows, fmt.Sprintf("%d,2025-%02d-10,c%d,P%d,%d,2.5", 100*i+n, 1+(i+n)%6, i, n, 1+i%3))
		}
	}
	c := clean(t, orders(t, rows...))
	asOf := time.Date(2025, 4, 30, 0, 0, 0, 0, time.UTC)
	customers, err := c.Features(asOf)
	if err != nil {
		t.Fatal(err)
	}
	for _, column := range customers.Raw().Columns {
		if !slices.IsSorted(column.Ancestry.Columns) {
			t.Errorf("what %s was made of is in no order to be searched: %q", column.Name, column.Ancestry.Columns)
		}
	}
	s, err := (&rulebook.Book{Rules: []rulebook.Rule{{Name: "often", When: "orders > 1"}}}).Assign(customers)
	if err != nil {
		t.Fatal(err)
	}
	next, err := c.Outcome(asOf, 30)
	if err != nil {
		t.Fatal(err)
	}
	ties := func(x *table.Table) (circular, same []string) {
		p, err := describe.Segments(x, s)
		if err != nil {
			t.Fatal(err)
		}
		for j, e := range p.Effects {
			if e.Circular {
				circular = append(circular, p.Columns[j].Name)
			}
			if e.SameSource {
				same = append(same, p.Columns[j].Name)
			}
		}
		return circular, same
	}
	circular, same := ties(customers)
	if !slices.Equal(circular, []string{"orders", "basket", "items", "gap", "weekend_share"}) ||
		!slices.Equal(same, []string{"recency", "spend", "tenure", "products", "return_share"}) {
		t.Errorf("segments of orders: circular are %q, of the same source %q", circular, same)
	}
	if circular, same := ties(next); circular != nil || same != nil {
		t.Errorf("afterwards: circular %q, same source %q", circular, same)
	}
	early, err := c.Outcome(time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), 60)
	if err != nil {
		t.Fatal(err)
	}
	known, err := customers.Where(`orders > 0`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = judge.Segments(known, s, judge.Options{Outcome: early})
	if want := "its days (the orders of orders.csv, 2025-04-02 to 2025-05-31) overlap those that formed the segments (the orders of orders.csv, 2025-01-10 to 2025-04-30)"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("an outcome of days that formed the segments: %v", err)
	}
}

// Days on which customers bought something, by customer and day: two orders of a day are one day, a later cancellation is not known yet, and one that is known takes its money off, and the
// day with it where nothing is left.
func TestOrderDaysByHand(t *testing.T) {
	c := clean(t, orders(t, "2,2025-03-02,b,Q,1,1.5", "1,2025-03-01,a,P,2,3.5", "3,2025-03-01,a,Q,1,1.5", "4,2025-03-05,a,R,1,9", "C5,2025-03-20,a,P,-2,3.5", "6,2025-03-25,a,Q,1,1.5", "C7,2025-03-26,b,Q,-1,1.5"), features.NetCancelled)
	date := func(day int) time.Time { return time.Date(2025, 3, day, 0, 0, 0, 0, time.UTC) }
	for _, w := range []struct {
		after time.Time
		upTo  int
		want  string
	}{
		{time.Time{}, 10, "a 1 8.5 2, a 5 9 1, b 2 1.5 1"}, {time.Time{}, 25, "a 1 1.5 1, a 5 9 1, a 25 1.5 1, b 2 1.5 1"},
		{date(1), 31, "a 5 9 1, a 25 1.5 1"}, {date(5), 24, ""},
	} {
		days, err := c.OrderDays(w.after, date(w.upTo))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for id, d := range days {
			got = append(got, fmt.Sprint(id, " ", d.Date.Day(), " ", d.Revenue, " ", d.Orders))
		}
		if text := strings.Join(got, ", "); text != w.want {
			t.Errorf("up to March %d: %q, want %q", w.upTo, text, w.want)
		}
	}
}
