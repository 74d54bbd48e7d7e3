package weblog_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	orderlines "github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/weblog"
)

func read(t *testing.T, text string, o weblog.VisitsOptions) *weblog.Visits {
	t.Helper()
	v, err := weblog.ParseVisits(strings.NewReader(text), "hits.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func clean(t *testing.T, v *weblog.Visits, rules ...weblog.Rule) *weblog.Cleaned {
	t.Helper()
	c, err := v.Clean(rules...)
	if err != nil {
		t.Fatal(err)
	}
	reconciles(t, c.Ledger)
	return c
}

func features(t *testing.T, c *weblog.Cleaned, asOf string, s ...weblog.Spec) *table.Table {
	t.Helper()
	x, err := c.Features(day(asOf), s...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func day(text string) time.Time {
	d, _ := time.Parse(time.DateOnly, text)
	return d
}

// cell is a value of a visitor.
func cell(t *testing.T, x *table.Table, id, column string) float64 {
	t.Helper()
	i := slices.Index(x.IDs(), id)
	values, err := x.Values(column)
	if err != nil || i < 0 {
		t.Fatalf("%s of %s: %v", column, id, err)
	}
	return values[i]
}

// reconciles checks that what was read, less what each rule removed, is what is left.
func reconciles(t *testing.T, l *weblog.Ledger) {
	t.Helper()
	left := l.Opening
	for _, s := range l.Steps {
		left.Lines -= s.Removed.Lines
		left.Hits -= s.Removed.Hits
		left.Visits -= s.Removed.Visits
		left.Visitors -= s.Removed.Visitors
	}
	if left != l.Closing {
		t.Errorf("the ledger leaves %+v, but %+v are there", left, l.Closing)
	}
}

const hits = `visitor,time,page,source,device
a,2025-03-01 10:00:00,/,search,mobile
a,2025-03-01 10:10:00,/product/1?colour=red,search,mobile
a,2025-03-01 10:40:00,/de/product/2,search,mobile
a,2025-03-01 11:10:01,/cart,direct,desktop
b,2025-03-02 23:50:00,https://shop.example/product/9#top,ad,mobile
b,2025-03-03 00:10:00,/cart,ad,mobile
b,2025-03-03 00:12:00,/order-confirmation,ad,mobile
c,2025-03-08 09:00:00,/index.html,,desktop
`

// Hits become visits: half an hour without a hit ends one, and a second more than that begins another.
func TestHitsAreCutIntoVisits(t *testing.T) {
	v := read(t, hits, weblog.VisitsOptions{})
	count, err := v.Count()
	if want := (weblog.Count{Lines: 8, Hits: 8, Visits: 4, Visitors: 3}); err != nil || count != want {
		t.Errorf("%+v (%v), want %+v", count, err, want)
	}
	x := features(t, clean(t, v), "2025-03-10", weblog.Spec{Funnel: []string{"product", "cart", "order-confirmation"}})
	for _, want := range []struct {
		id, column string
		value      float64
	}{
		{"a", "visits", 2}, {"a", "pages", 4}, {"a", "depth", 2}, {"a", "duration", 2400}, {"a", "bounce_share", .5}, {"a", "visit_recency", 9}, {"a", "visit_tenure", 9},
		{"a", "visit_gap", 0}, {"a", "visit_weekend_share", 1}, {"a", "visit_hour", 10}, {"a", "step", 1}, {"a", "order_visits", 0}, {"a", "source_search", .5}, {"a", "source_direct", .5},
		{"a", "device_mobile", .5}, {"a", "pages_product", .5}, {"a", "pages_home", .25}, {"a", "pages_cart", .25},
		{"b", "visits", 1}, {"b", "duration", 22 * 60}, {"b", "step", 3}, {"b", "order_visits", 1}, {"b", "visit_recency", 8}, {"b", "visit_hour", 23}, {"b", "visit_gap", math.NaN()},
		{"c", "duration", math.NaN()}, {"c", "bounce_share", 1}, {"c", "source_search", math.NaN()}, {"c", "visit_weekend_share", 1}, {"c", "pages_home", 1},
	} {
		if have := cell(t, x, want.id, want.column); have != want.value && !(math.IsNaN(have) && math.IsNaN(want.value)) {
			t.Errorf("%s of %s is %v, want %v", want.column, want.id, have, want.value)
		}
	}
	for column, want := range map[string]string{"source_search": "0.5 of visits from search", "device_mobile": "0.5 of visits on mobile",
		"pages_product": "0.5 of pages are product", "pages_order_confirmation": "0.5 of pages are order confirmation"} { // as personas say it
		if c, err := x.Column(column); err != nil || c.Saying("0.5") != want {
			t.Errorf("%s reads %q (%v), want %q", column, c.Saying("0.5"), err, want)
		}
	}
	funnel, err := clean(t, v).Funnel(day("2025-03-10"), "product", "cart", "order-confirmation")
	if err != nil || !slices.Equal(funnel.Visits, []int{2, 1, 1}) || !slices.Equal(funnel.Visitors, []int{2, 1, 1}) {
		t.Errorf("%+v (%v)", funnel, err)
	}
	moves, err := clean(t, v).Transitions(day("2025-03-10"))
	if err != nil {
		t.Fatal(err)
	}
	// product 3 pages, then cart and home, 2 each, by name: away from product, one step to product and one to cart
	if want := []string{"product", "cart", "home", "order-confirmation"}; !slices.Equal(moves.Kinds, want) {
		t.Errorf("kinds %v, want %v", moves.Kinds, want)
	}
	if !slices.Equal(moves.Shares[0], []float64{.5, .5, 0, 0}) || moves.First[2] != .5 || moves.Last[0] != .25 {
		t.Errorf("%+v", moves)
	}
}

// The kind of a page is the first part of its address that is no language, or what the options say.
func TestKindsOfPages(t *testing.T) {
	for _, c := range []struct{ page, kind string }{{"/", "home"}, {"/index.html", "home"}, {"/de/", "home"}, {"/en-gb/cart", "cart"}, {"/tv/42", "tv"}, {"/%C3%B6", "%c3%b6"}, {"/ö", "ö"}, {"/About.html?x=1", "about"},
		{"https://shop.example", "home"}, {"checkout", "checkout"}, {"/p/123", "product"}, {"/p/sale/1", "offer"}} {
		v := read(t, "visitor,time,page\na,2025-01-01 10:00,"+c.page+"\n", weblog.VisitsOptions{Kinds: map[string]string{"/p/": "product", "/p/sale": "offer"}})
		seq, err := v.Hits()
		if err != nil {
			t.Fatal(err)
		}
		for h := range seq {
			if h.Kind != c.kind {
				t.Errorf("%s is of kind %q, want %q", c.page, h.Kind, c.kind)
			}
		}
	}
}

// Nothing after the as-of date counts, not even the rest of a visit that goes on behind midnight: the features are those of a file that ends there.
func TestNothingLaterCounts(t *testing.T) {
	log := random(7, 40, 400)
	whole := features(t, clean(t, read(t, log.text(nil), weblog.VisitsOptions{})), "2025-01-20", weblog.Spec{Steps: 3})
	before := features(t, clean(t, read(t, log.text(func(h hit) bool { return h.when.Before(day("2025-01-21")) }), weblog.VisitsOptions{})), "2025-01-20", weblog.Spec{Steps: 3})
	same(t, whole, before)
}

// The order of the lines means nothing.
func TestLinesMayStandInAnyOrder(t *testing.T) {
	log := random(8, 30, 500)
	sorted := features(t, clean(t, read(t, log.text(nil), weblog.VisitsOptions{})), "2025-01-31")
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(log), func(i, j int) { log[i], log[j] = log[j], log[i] })
	same(t, sorted, features(t, clean(t, read(t, log.text(nil), weblog.VisitsOptions{})), "2025-01-31"))
}

// A plain count, hit by hit, gives the same visits, durations and bounces.
func TestVisitsAreThoseOfAPlainReckoning(t *testing.T) {
	log := random(9, 50, 3000)
	x := features(t, clean(t, read(t, log.text(nil), weblog.VisitsOptions{Gap: 20 * time.Minute})), "2025-02-28")
	byVisitor := map[string][]hit{}
	for _, h := range log {
		byVisitor[h.visitor] = append(byVisitor[h.visitor], h)
	}
	if x.Len() != len(byVisitor) {
		t.Fatalf("%d visitors, want %d", x.Len(), len(byVisitor))
	}
	for id, all := range byVisitor {
		slices.SortStableFunc(all, func(a, b hit) int { return a.when.Compare(b.when) })
		visits, bounces, known, seconds, n := 0, 0, 0, 0.0, 0
		for i, h := range all {
			n++
			if i+1 < len(all) && all[i+1].when.Sub(h.when) <= 20*time.Minute {
				continue
			}
			visits++
			if n == 1 {
				bounces++
			} else {
				known++
				seconds += h.when.Sub(all[i-n+1].when).Seconds()
			}
			n = 0
		}
		duration := math.NaN()
		if known > 0 {
			duration = seconds / float64(known)
		}
		for column, want := range map[string]float64{"visits": float64(visits), "pages": float64(len(all)), "bounce_share": float64(bounces) / float64(visits), "duration": duration} {
			if have := cell(t, x, id, column); math.Abs(have-want) > 1e-9 || math.IsNaN(have) != math.IsNaN(want) {
				t.Errorf("%s of %s is %v, want %v", column, id, have, want)
			}
		}
	}
}

// Shares add up to one in each family, with as few columns as one likes.
func TestSharesAddUpToOne(t *testing.T) {
	v := read(t, random(10, 60, 2000).text(nil), weblog.VisitsOptions{})
	for _, levels := range []int{1, 2, 3, 0} {
		x := features(t, clean(t, v), "2025-02-28", weblog.Spec{Levels: levels})
		for _, family := range []string{"source_", "device_", "pages_"} {
			for i := range x.Len() {
				sum, columns := 0.0, 0
				for j, name := range x.Names() {
					if strings.HasPrefix(name, family) {
						sum += x.At(i, j)
						columns++
					}
				}
				if levels > 0 && columns > levels+1 || math.Abs(sum-1) > 1e-9 {
					t.Fatalf("%d levels: %d columns of %s add up to %v", levels, columns, family, sum)
				}
			}
		}
	}
}

// hit is a line of a random log.
type hit struct {
	visitor, page, source, device string
	when                          time.Time
}

type hitLog []hit

// random is a log with so many visitors and hits, in January and February 2025.
func random(seed uint64, visitors, n int) (out hitLog) {
	r := rand.New(rand.NewPCG(seed, 0))
	pages, sources, devices := []string{"/", "/product/1", "/product/2", "/cart", "/help"}, []string{"ad", "search", "social", "mail"}, []string{"mobile", "desktop"}
	at := day("2025-01-01")
	for range n {
		at = at.Add(time.Duration(r.IntN(int(80*24*time.Hour/time.Second)/n/2)) * time.Second)
		out = append(out, hit{fmt.Sprint("v", r.IntN(visitors)), pages[r.IntN(5)], sources[r.IntN(4)], devices[r.IntN(2)], at.Add(time.Duration(r.IntN(3)) * 15 * time.Minute)})
	}
	return out
}

// text is the log as CSV, of the hits that keep says.
func (l hitLog) text(keep func(hit) bool) string {
	var b strings.Builder
	b.WriteString("visitor,time,page,source,device\n")
	for _, h := range l {
		if keep == nil || keep(h) {
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s\n", h.visitor, h.when.Format(time.DateTime), h.page, h.source, h.device)
		}
	}
	return b.String()
}

// same checks that two tables have the same visitors and values, whatever the order of their columns.
func same(t *testing.T, a, b *table.Table) {
	t.Helper()
	if !slices.Equal(a.IDs(), b.IDs()) {
		t.Fatalf("%d and %d visitors", a.Len(), b.Len())
	}
	of := func(x *table.Table) map[string][]float64 {
		out := map[string][]float64{}
		for j, c := range x.Columns() {
			for i := range x.Len() {
				v := x.At(i, j)
				if c.Levels != nil && !math.IsNaN(v) {
					v = float64(len(c.Levels[int(v)])) + float64(c.Levels[int(v)][0])
				}
				if math.IsNaN(v) {
					v = math.Inf(1)
				}
				out[c.Name] = append(out[c.Name], v)
			}
		}
		return out
	}
	if x, y := of(a), of(b); !maps.EqualFunc(x, y, slices.Equal) {
		for name := range x {
			if !slices.Equal(x[name], y[name]) {
				t.Errorf("%s differs: %v and %v", name, x[name][:min(5, len(x[name]))], y[name][:min(5, len(y[name]))])
			}
		}
		t.Errorf("columns %v and %v", a.Names(), b.Names())
	}
}

// The estimate for visitors who were not followed long enough is that of Kaplan and Meier, worked out here by hand: of four visitors, one
// buys after 2 days, one is lost after 3, one buys after 5, one is followed for 9.
func TestConversionCountsThoseWhoHaveNotBought(t *testing.T) {
	const text = `visitor,time,page
a,2025-01-01 10:00,/
a,2025-01-03 10:00,/order
b,2025-01-07 10:00,/
c,2025-01-01 10:00,/
c,2025-01-06 10:00,/order
d,2025-01-01 10:00,/
`
	c := clean(t, read(t, text, weblog.VisitsOptions{}))
	k, err := c.Conversion(day("2025-01-10"))
	if err != nil {
		t.Fatal(err)
	}
	if k.Visitors != 4 || k.Buyers != 2 || k.Mean != 3.5 || k.Half != -1 && k.Half != 5 {
		t.Errorf("%+v", k)
	}
	for _, want := range []struct {
		days  int
		share float64
	}{{1, 0}, {2, .25}, {4, .25}, {5, 1 - .75*.5}, {9, 1 - .75*.5}} {
		if have, low, high := k.Within(want.days); math.Abs(have-want.share) > 1e-12 || low > have || high < have {
			t.Errorf("%v (%v to %v) within %d days, want %v", have, low, high, want.days, want.share)
		}
	}
	if _, _, beyond := k.Within(10); !math.IsNaN(beyond) {
		t.Error("nobody was followed for 10 days")
	}
	cookies, err := c.Cookies(day("2025-01-10"), 7)
	if err != nil || cookies.Visitors != 4 || cookies.Within != 1 || cookies.Longest != 9 {
		t.Errorf("%+v (%v)", cookies, err)
	}
}

// The shop's orders and visits are of the same customers: every order of the web shop has its visit, so both ways of knowing who bought agree
// where the log has all orders.
func TestVisitsJoinOrders(t *testing.T) {
	text, err := datasets.Visits("shop")
	if err != nil {
		t.Fatal(err)
	}
	v, err := weblog.ParseVisits(text, "shop", weblog.VisitsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := clean(t, v, weblog.TooFast, weblog.NoVisitor)
	orders, err := datasets.Orders("shop")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := orders.Clean(orderlines.NoCustomer, orderlines.Duplicate, orderlines.NetCancelled)
	if err != nil {
		t.Fatal(err)
	}
	customers, err := lines.Features(day("2025-09-30"))
	if err != nil {
		t.Fatal(err)
	}
	both, err := c.Overlap(day("2025-09-30"), customers)
	if err != nil || both.Both == 0 || both.Both > both.Visitors || both.Both > both.Customers || both.BothVisits > both.Visits {
		t.Errorf("%+v (%v)", both, err)
	}
	known := map[string]bool{}
	for _, id := range customers.IDs() {
		known[id] = true
	}
	visitors := features(t, c, "2025-09-30")
	n := 0
	for _, id := range visitors.IDs() {
		if known[id] {
			n++
		}
	}
	if n != both.Both {
		t.Errorf("%d visitors are customers, the count says %d", n, both.Both)
	}
	joined, err := customers.Join(visitors) // no column of the one is called like one of the other
	if err != nil || joined.Len() != customers.Len() {
		t.Errorf("%v", err)
	}
	curve, err := c.Conversion(day("2025-09-30"), lines)
	if err != nil || curve.Before == 0 || curve.Visitors+curve.Before != both.Visitors {
		t.Errorf("%+v (%v)", curve, err)
	}
}

// Each visit counts in the hour of the week in which it begins.
func TestHabits(t *testing.T) {
	h, err := clean(t, read(t, hits, weblog.VisitsOptions{})).Habits(day("2025-03-10"))
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for _, hours := range h.Visits {
		for _, n := range hours {
			all += n
		}
	}
	if all != 4 || h.Visits[5][10] != 1 || h.Visits[5][11] != 1 || h.Visits[6][23] != 1 || h.Orders[6][23] != 1 || h.Visits[5][9] != 1 {
		t.Errorf("%v", h)
	}
	if says, want := h.Says(), "Busiest hour: Saturday, 9 to 10, when 25.0 % of visits begin; 100.0 % of all begin on a weekend, which has 28.6 % of the days"; says != want {
		t.Errorf("%q, want %q", says, want)
	}
}
