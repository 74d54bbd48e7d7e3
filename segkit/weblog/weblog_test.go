package weblog_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/fault"
	orderlines "github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
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

// The shop knows its robots: TooFast takes all of them, and nobody else.
func TestTooFastFindsTheShopsRobots(t *testing.T) {
	text, err := datasets.Visits("shop")
	if err != nil {
		t.Fatal(err)
	}
	v, err := weblog.ParseVisits(text, "shop", weblog.VisitsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	robots, pages := 0, 0
	for _, visit := range shop.Generate(shop.Options{}).Visits() {
		if visit.Robot {
			robots, pages = robots+1, pages+visit.Pages
		}
	}
	l := clean(t, v, weblog.TooFast, weblog.NoVisitor).Ledger
	if have := l.Steps[0].Removed; robots == 0 || have.Visits != robots || have.Hits != pages {
		t.Errorf("TooFast took %+v, the shop has %d visits of robots with %d pages", have, robots, pages)
	}
}

const server = `203.0.113.7 - - [10/Oct/2025:13:55:36 +0200] "GET / HTTP/1.1" 200 2326 "https://www.google.com/" "Mozilla/5.0 (Macintosh)"
203.0.113.7 - - [10/Oct/2025:13:55:37 +0200] "GET /style.css HTTP/1.1" 200 99 "https://shop.example/" "Mozilla/5.0 (Macintosh)"
203.0.113.7 - - [10/Oct/2025:13:56:00 +0200] "GET /product/7?ref=\"x\" HTTP/1.1" 200 2326 "https://shop.example/" "Mozilla/5.0 (Macintosh)"
203.0.113.7 - anna [10/Oct/2025:13:56:30 +0200] "POST /cart HTTP/1.1" 302 0 "https://shop.example/product/7" "Mozilla/5.0 (Macintosh)"
203.0.113.7 - anna [10/Oct/2025:13:56:31 +0200] "GET /cart HTTP/1.1" 200 10 "https://shop.example/product/7" "Mozilla/5.0 (Macintosh)"
203.0.113.7 - - [10/Oct/2025:14:00:00 +0200] "GET / HTTP/1.1" 200 10 "-" "Mozilla/5.0 (iPhone)"
66.249.66.1 - - [10/Oct/2025:14:00:00 +0200] "GET /product/7 HTTP/1.1" 200 10 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
198.51.100.4 - - [26/Oct/2025:02:30:00 +0200] "GET /robots.txt HTTP/1.0" 404 10 "-" "Mozilla/5.0"
198.51.100.4 - - [26/Oct/2025:02:30:00 +0100] "GET / HTTP/1.0" 200 10 "-" "Mozilla/5.0"
\x16\x03\x01 no request at all
`

func TestServersLogs(t *testing.T) {
	v := read(t, server, weblog.VisitsOptions{})
	count, _ := v.Count()
	if want := (weblog.Count{Lines: 9, Hits: 9, Visits: 5, Visitors: 4}); count != want { // the last two requests are an hour apart: clocks went back between them
		t.Errorf("%+v, want %+v", count, want)
	}
	notes, _ := v.Notes()
	if !strings.Contains(strings.Join(notes, " "), "1 line not in the Combined Log Format") || !strings.Contains(strings.Join(notes, " "), "shop.example") {
		t.Errorf("notes %q", notes)
	}
	c := clean(t, v, weblog.KnownBot, weblog.NotAPage)
	if a, b := c.Ledger.Steps[0].Removed, c.Ledger.Steps[1].Removed; a.Lines != 3 || a.Visitors != 2 || b.Lines != 2 || b.Visitors != 0 {
		t.Errorf("robots %+v, no pages %+v", a, b)
	}
	x := features(t, c, "2025-10-10")
	if ids := x.IDs(); !slices.Equal(ids, []string{"203.0.113.7", "203.0.113.7 (2)"}) {
		t.Errorf("visitors %q", ids)
	}
	for column, want := range map[string]float64{"pages": 3, "duration": 55, "source_search": 1, "visit_hour": 13, "pages_product": 1. / 3} {
		if have := cell(t, x, "203.0.113.7", column); have != want {
			t.Errorf("%s is %v, want %v", column, have, want)
		}
	}
	utc := features(t, clean(t, read(t, server, weblog.VisitsOptions{Zone: "UTC"}), weblog.NotAPage), "2025-10-10")
	if have := cell(t, utc, "203.0.113.7", "visit_hour"); have != 11 {
		t.Errorf("in UTC the visit begins at %v", have)
	}
}

// The rules that go by what robots do.
func TestRobotsAreKnownByWhatTheyDo(t *testing.T) {
	var b strings.Builder
	b.WriteString("visitor,time,page\nhuman,2025-01-02 09:00,/a\nhuman,2025-01-02 09:05,/b\n")
	start := day("2025-01-02")
	for i := range 1001 {
		fmt.Fprintf(&b, "many,%s,/p%d\n", start.Add(time.Duration(i)*40*time.Second).Format(time.DateTime), i)
	}
	for i := range 20 {
		fmt.Fprintf(&b, "awake,%s,/p\n", start.Add(time.Duration(i)*time.Hour).Format(time.DateTime))
		fmt.Fprintf(&b, "fast,%s,/q%d\n", start.Add(time.Duration(i/2)*time.Second).Format(time.DateTime), i)
	}
	v := read(t, b.String(), weblog.VisitsOptions{})
	for _, c := range []struct {
		rule weblog.Rule
		gone int
	}{{weblog.TooMany, 1001}, {weblog.AllDay, 20}, {weblog.TooFast, 20}, {weblog.KnownBot, 0}} {
		l := clean(t, v, c.rule).Ledger
		if have := l.Steps[0].Removed.Lines; have != c.gone || c.gone > 0 && l.Steps[0].Removed.Visitors != 1 {
			t.Errorf("%s took %+v, want %d lines of one visitor", c.rule, l.Steps[0].Removed, c.gone)
		}
	}
}

// Two ids of one person become one visitor; an id that two people share keeps what nobody claims.
func TestSamePerson(t *testing.T) {
	const text = `cookie,customer_id,time,page
phone,,2025-01-01 10:00:00,/
phone,anna,2025-01-01 10:05:00,/login
laptop,anna,2025-01-01 10:10:00,/cart
family,ben,2025-01-02 10:00:00,/
family,cleo,2025-01-02 12:00:00,/
family,,2025-01-02 14:00:00,/
lone,,2025-01-03 10:00:00,/
ben,,2025-01-04 10:00:00,/
`
	c := clean(t, read(t, text, weblog.VisitsOptions{}), weblog.SamePerson)
	x := features(t, c, "2025-01-05")
	if ids := x.IDs(); !slices.Equal(ids, []string{"anna", "ben", "cleo", "family", "lone"}) {
		t.Fatalf("visitors %q", ids)
	}
	if v := cell(t, x, "ben", "visits"); v != 2 {
		t.Errorf("ben, who is also the name of a browser, has %v visits, want 2", v)
	}
	if v, p := cell(t, x, "anna", "visits"), cell(t, x, "anna", "pages"); v != 1 || p != 3 {
		t.Errorf("anna has %v visits of %v pages, want 1 of 3", v, p)
	}
	if note := strings.Join(c.Ledger.Notes, " "); !strings.Contains(note, "1 customer came with several browsers, 2 in all; on 1 browser several customers logged in") {
		t.Errorf("note %q", note)
	}
}

func TestDuplicatesAndClockResets(t *testing.T) {
	const text = `visitor,time,page
a,2025-01-01 10:00:00,/
a,2025-01-01 10:00:00,/
a,2025-01-01 10:00:00,/cart
a,1970-01-01 00:00:12,/
b,2025-02-01 10:00:00,/
b,NA,/
,2025-02-01 10:00:00,/
`
	v := read(t, text, weblog.VisitsOptions{})
	c := clean(t, v, weblog.Duplicate, weblog.ClockReset, weblog.NoTime, weblog.NoVisitor)
	for i, want := range []weblog.Count{{Lines: 1, Hits: 1}, {Lines: 1, Hits: 1, Visits: 1}, {Lines: 1, Hits: 1}, {Lines: 1, Hits: 1}} {
		if have := c.Ledger.Steps[i].Removed; have != want {
			t.Errorf("%s removed %+v, want %+v", c.Ledger.Steps[i].Rule, have, want)
		}
	}
	analytics := read(t, "visitor,time,page\n(not set),2025-02-01 10:00:00,/\na,2025-02-01 10:00:00,/\n(not set),2025-02-02 10:00:00,(not set)\n", weblog.VisitsOptions{})
	if removed := clean(t, analytics, weblog.NoVisitor).Ledger.Steps[0].Removed; removed.Lines != 2 {
		t.Errorf("NoVisitor removed %d of the two hits whose visitor is (not set)", removed.Lines)
	}
	for _, rules := range [][]weblog.Rule{{weblog.NoTime}, {weblog.NoVisitor}} {
		if _, err := clean(t, v, rules...).Features(day("2025-02-02")); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("after %v: %v", rules, err)
		}
	}
}

// Events of Google Analytics: pages are what page_view and screen_view say; the start of a visit, a cart and a purchase are events that give it its time and its order.
func TestEventsAreNoPages(t *testing.T) {
	v := read(t, `event_date,event_timestamp,event_name,user_pseudo_id,user_id,ga_session_id,page_location
20250403,1743674400000000,session_start,a,K1,1,https://shop.example/sale
20250403,1743674405000000,page_view,a,K1,1,https://shop.example/tents
20250403,1743674430000000,scroll,a,K1,1,https://shop.example/tents
20250404,1743760800000000,session_start,b,,2,https://shop.example/sale
20250404,1743760801000000,page_view,b,,2,https://shop.example/tents
20250404,1743760811000000,screen_view,b,,2,https://shop.example/cart
20250404,1743760901000000,purchase,b,,2,https://shop.example/done
20250405,1743847200000000,user_engagement,c,,3,https://shop.example/tents
`, weblog.VisitsOptions{})
	if c, err := v.Count(); err != nil || (c != weblog.Count{Lines: 8, Hits: 3, Visits: 3, Visitors: 3}) {
		t.Errorf("%+v: %v", c, err)
	}
	m, err := v.Mapping()
	if err != nil || !slices.Contains(m, orderlines.Mapping{Meaning: "customer", Header: "user_id"}) || !slices.Contains(m, orderlines.Mapping{Meaning: "visitor", Header: "user_pseudo_id"}) {
		t.Errorf("%v: %v", m, err)
	}
	if said := strings.Join(v.Audit().Facts, "\n"); !strings.Contains(said, "5 of 8 lines are events other than pages: pages are lines of page_view and screen_view") || !strings.Contains(said, "1 of 3 visits (33.3 %) have one page") {
		t.Errorf("%s", said)
	}
	x, err := clean(t, v).Features(day("2025-04-30"), weblog.Spec{Features: []string{"pages", "bounce_share", "duration", "order_visits", "pages_tents", "first_kind", "last_kind"}})
	if err != nil {
		t.Fatal(err)
	}
	raw := x.Raw()
	for name, want := range map[string][]string{"pages": {"1", "2", "0"}, "bounce_share": {"1", "0", "0"}, "duration": {"30", "101", "NaN"}, "order_visits": {"0", "1", "0"},
		"pages_tents": {"1", "0.5", "NaN"}, "first_kind": {"tents", "tents", "NaN"}, "last_kind": {"tents", "cart", "NaN"}} {
		j := slices.IndexFunc(raw.Columns, func(c table.Column) bool { return c.Name == name })
		for i, v := range raw.Column(j) {
			have := fmt.Sprint(v)
			if c := raw.Columns[j]; c.Categorical() && v == v {
				have = c.Levels[int(v)]
			}
			if have != want[i] {
				t.Errorf("%s of %s: %s, want %s", name, raw.IDs[i], have, want[i])
			}
		}
	}
}

// Exports of Google Analytics give the time to the minute or to the hour, under names of their own. An hour has as many digits as seconds since 1970 have: the
// header tells them apart, unless the cells are no hours.
func TestTimesOfGoogleAnalytics(t *testing.T) {
	for header, times := range map[string][3]string{
		"date_hour_minute":         {"202504030700", "202504130719", "2025-04-13 07:19:00"},
		"dateHourMinute":           {"202504030700", "202504130719", "2025-04-13 07:19:00"},
		"Date hour and minute":     {"202504030700", "202504130719", "2025-04-13 07:19:00"},
		"dateHour":                 {"2025040307", "2025041323", "2025-04-13 23:00:00"},
		"Date + hour (YYYYMMDDHH)": {"2025040307", "2025041323", "2025-04-13 23:00:00"},
		"date_hour":                {"1743663600", "1744528740", "2025-04-13 07:19:00"},
		"timestamp":                {"1743663600", "1744528740", "2025-04-13 07:19:00"},
	} {
		v := read(t, fmt.Sprintf("date,user_pseudo_id,%s,page_path,session_source_medium\n20250403,a,%s,/,newsletter / email\n20250413,b,%s,/x,(direct) / (none)\n", header, times[0], times[1]), weblog.VisitsOptions{})
		var at []string
		for hit := range trial.Sure(v.Hits()) {
			if at = append(at, hit.Time.Format(time.DateTime)); hit.Source == "" {
				t.Errorf("%s: the source is not read: %+v", header, hit)
			}
		}
		if want := []string{"2025-04-03 07:00:00", times[2]}; !slices.Equal(at, want) {
			t.Errorf("%s: %q, want %q", header, at, want)
		}
	}
}

// Matomo's names of the time, the visit and where it came from are known: a visit is what Matomo calls one, whatever the pause in it.
func TestVisitsOfMatomo(t *testing.T) {
	v := read(t, "idVisit,visitorId,userId,serverTimestamp,referrerType,deviceType,pageUrl\n1,f0,C1,1743663600,search,Desktop,/\n1,f0,C1,1743667200,search,Desktop,/x\n2,f0,C1,1743667260,direct,Desktop,/\n", weblog.VisitsOptions{})
	if n := trial.Sure(v.Count()); n.Visits != 2 {
		t.Errorf("%d visits, want 2", n.Visits)
	}
	for hit := range trial.Sure(v.Hits()) {
		if hit.Source == "" || hit.Time.Year() != 2025 {
			t.Errorf("%+v", hit)
		}
	}
}

// What cannot be read is said with its place and the remedy.
func TestBadInput(t *testing.T) {
	for _, c := range []struct {
		name, text string
		o          weblog.VisitsOptions
		says       []string
	}{
		{"empty", "", weblog.VisitsOptions{}, []string{"hits.csv", "empty"}},
		{"header alone", "visitor,time\n", weblog.VisitsOptions{}, []string{"nothing below it"}},
		{"no visitor", "time,page\n2025-01-01 10:00,/\n", weblog.VisitsOptions{}, []string{"no column for the visitor", "VisitsOptions.Visitor"}},
		{"no time", "visitor,page\na,/\n", weblog.VisitsOptions{}, []string{"no column for the time", "ReadPaths"}},
		{"time without a date", "visitor,time,page\na,10:00:00,/\nb,11:00:00,/\n", weblog.VisitsOptions{}, []string{"line 2", `"time"`, `"10:00:00"`, "time without a date", "VisitsOptions.Day"}},
		{"one time without a date", "visitor,time,page\na,2025-01-01 10:00:00,/\nb,2025-01-01 10:00:00,/\nb,11:00:00,/\n", weblog.VisitsOptions{}, []string{"line 4", `"11:00:00"`, "time without a date"}},
		{"no date", "visitor,time,page\na,2025-01-01 10:00:00,/\nb,soon,/\n", weblog.VisitsOptions{}, []string{"line 3", `"time"`, `"soon"`}},
		{"two readings", "visitor,time,page\na,03/04/2025 10:00:00,/\n", weblog.VisitsOptions{}, []string{"line 2", "is 3 April 2025 (day first, as in 2/1/2006) or 4 March 2025", "VisitsOptions.DateLayout"}},
		{"two zones", "visitor,time,page\na,2025-01-01T10:00:00Z,/\na,2025-01-01T10:00:00+01:00,/\n", weblog.VisitsOptions{}, []string{"line 3", "zone", "VisitsOptions.Zone"}},
		{"ragged", "visitor,time,page\na,2025-01-01 10:00:00\n", weblog.VisitsOptions{}, []string{"line 2", "2 fields", "3 columns"}},
		{"header twice", "visitor,time,page\na,2025-01-01 10:00:00,/\nvisitor,time,page\n", weblog.VisitsOptions{}, []string{"line 3", "header again"}},
		{"pages", "visitor,time,pages\na,2025-01-01 10:00:00,-3\n", weblog.VisitsOptions{}, []string{"line 2", `"pages"`, "is negative"}},
		{"half a page", "visitor,time,pages\na,2025-01-01 10:00:00,1.5\n", weblog.VisitsOptions{}, []string{"line 2", "whole number"}},
		{"ordered", "visitor,time,pages,ordered\na,2025-01-01 10:00:00,1,perhaps\n", weblog.VisitsOptions{}, []string{"line 2", `"perhaps"`, "yes or no"}},
		{"column", "visitor,time,page\na,2025-01-01 10:00:00,/\n", weblog.VisitsOptions{Visitor: "visiter"}, []string{`"visiter"`, `did you mean "visitor"?`}},
		{"gap", hits, weblog.VisitsOptions{Gap: -1}, []string{"Gap", "30 minutes"}},
		{"zone", hits, weblog.VisitsOptions{Zone: "Mars"}, []string{"Zone", "Europe/Berlin"}},
	} {
		_, err := weblog.ParseVisits(strings.NewReader(c.text), "hits.csv", c.o)
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", c.name, err, part)
			}
		}
	}
	if _, err := weblog.ReadVisits("nowhere.csv", weblog.VisitsOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	v := read(t, hits, weblog.VisitsOptions{})
	if _, err := v.Clean(weblog.Rule{Name: "known bots"}); err == nil || !strings.Contains(err.Error(), "weblog.KnownBot?") {
		t.Errorf("a rule there is not: %v", err)
	}
	if _, err := clean(t, v).Features(day("2025-03-10"), weblog.Spec{Features: []string{"visit"}}); !errors.Is(err, fault.ErrMissingColumn) || !strings.Contains(err.Error(), `"visits"`) {
		t.Errorf("a feature there is not: %v", err)
	}
	if _, err := clean(t, v).Funnel(day("2025-03-10"), "product", "kart"); err == nil || !strings.Contains(err.Error(), `"cart"`) {
		t.Errorf("a step there is not: %v", err)
	}
	if _, err := clean(t, v).Features(time.Time{}); !errors.Is(err, fault.ErrEmpty) || !strings.Contains(err.Error(), "90 days") {
		t.Errorf("ten days of visits without an as-of date: %v", err)
	}
}

// Days in one column and times in another are one time; dates alone make a visit a day.
func TestDaysAndTimesApart(t *testing.T) {
	apart := features(t, clean(t, read(t, "visitor,date,time,page\na,2025-01-01,10:00,/\na,2025-01-01,10:20,/\na,2025-01-01,12:00,/\n", weblog.VisitsOptions{})), "2025-01-02")
	if have := cell(t, apart, "a", "visits"); have != 2 || cell(t, apart, "a", "duration") != 1200 {
		t.Errorf("%v visits, want 2", have)
	}
	v := read(t, "visitor,date,page\na,2025-01-01,/\na,2025-01-01,/x\na,2025-01-02,/\n", weblog.VisitsOptions{})
	alone := features(t, clean(t, v), "2025-01-02")
	if have := cell(t, alone, "a", "visits"); have != 2 {
		t.Errorf("%v visits on two days", have)
	}
	if names := alone.Names(); slices.Contains(names, "duration") || slices.Contains(names, "visit_hour") {
		t.Errorf("columns %v of dates without times", names)
	}
}

// A file with a line for each visit and a column for each kind of page: without ids and times, every line is a visitor.
func TestVisitsByKindsOfPage(t *testing.T) {
	const text = "Info,Product,Info_Duration,Product_Duration,Traffic,Revenue\n1,0,0,0,1,FALSE\n0,5,0,62.5,2,TRUE\n2,2,30,30,1,FALSE\n"
	v := read(t, text, weblog.VisitsOptions{Pages: []string{"Info", "Product"}, Seconds: []string{"Info_Duration", "Product_Duration"}, Source: "Traffic"})
	x := features(t, clean(t, v), "")
	for _, want := range []struct {
		id, column string
		value      float64
	}{{"1", "bounce_share", 1}, {"1", "duration", math.NaN()}, {"2", "duration", 63}, {"2", "order_visits", 1}, {"3", "pages_info", .5}, {"3", "source_1", 1}, {"3", "pages", 4}} {
		if have := cell(t, x, want.id, want.column); have != want.value && !(math.IsNaN(have) && math.IsNaN(want.value)) {
			t.Errorf("%s of %s is %v, want %v", want.column, want.id, have, want.value)
		}
	}
	if slices.Contains(x.Names(), "visit_recency") {
		t.Error("recency without days")
	}
	f, err := clean(t, v).Funnel(time.Time{}, weblog.StepVisit, "Product", weblog.StepOrder)
	if err != nil || !slices.Equal(f.Visits, []int{3, 2, 1}) {
		t.Errorf("%+v (%v)", f, err)
	}
}

// A file of a door has a line for each visit, tells how long it was, and knows no pages: none are counted.
func TestVisitsWithoutPages(t *testing.T) {
	v := read(t, "member_no,time,duration,club\na,2025-01-01 07:00:00,3600,x\na,2025-01-01 07:10:00,1800,x\nb,2025-01-02 18:00:00,600,y\n",
		weblog.VisitsOptions{Seconds: []string{"duration"}, Descriptors: []string{"club"}})
	x := features(t, clean(t, v), "2025-01-03")
	if visits, seconds := cell(t, x, "a", "visits"), cell(t, x, "a", "duration"); visits != 2 || seconds != 2700 {
		t.Errorf("%v visits of %v seconds, want 2 of 2700", visits, seconds)
	}
	for _, name := range []string{"pages", "depth", "bounce_share"} {
		if slices.Contains(x.Names(), name) {
			t.Errorf("column %s of a file without pages", name)
		}
	}
	if notes := strings.Join(v.Audit().Sheet().Notes, " "); strings.Contains(notes, "one page") || strings.Contains(notes, "of all pages") {
		t.Errorf("the audit counts pages: %s", notes)
	}
	_, err := weblog.ParseVisits(strings.NewReader("visitor,time,page,duration\na,2025-01-01 07:00:00,/,30\n"), "hits.csv", weblog.VisitsOptions{Seconds: []string{"duration"}})
	if err == nil || !strings.Contains(err.Error(), `column "page"`) || !strings.Contains(err.Error(), "leave Seconds out") {
		t.Errorf("seconds of a visit beside pages: %v", err)
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

const msnbc = `% Different categories found in input file:

frontpage news tech


% Sequences:

1 1
2
3 2 2 1
`

func TestPathsWithoutTimes(t *testing.T) {
	v, err := weblog.ParsePaths(strings.NewReader(msnbc), "msnbc.seq", weblog.PathsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	count, _ := v.Count()
	if want := (weblog.Count{Lines: 7, Hits: 7, Visits: 3, Visitors: 3}); count != want {
		t.Errorf("%+v, want %+v", count, want)
	}
	c := clean(t, v, weblog.TooMany)
	x := features(t, c, "", weblog.Spec{Steps: 2})
	if cell(t, x, "3", "pages_news") != .5 || cell(t, x, "1", "frontpage_to_frontpage") != 1 || cell(t, x, "3", "frontpage_to_frontpage") != 0 || !math.IsNaN(cell(t, x, "2", "frontpage_to_frontpage")) {
		t.Errorf("%v", x.Names())
	}
	if slices.Contains(x.Names(), "visit_recency") || slices.Contains(x.Names(), "duration") {
		t.Errorf("columns %v without times", x.Names())
	}
	moves, err := c.Transitions(time.Time{})
	if err != nil || !slices.Equal(moves.Kinds, []string{"frontpage", "news", "tech"}) || !slices.Equal(moves.Counts[1], []int{1, 1, 0}) || moves.First[0] != 1./3 || moves.Last[0] != 2./3 {
		t.Errorf("%+v (%v)", moves, err)
	}
	for _, bad := range []struct {
		text, says string
		o          weblog.PathsOptions
	}{
		{"1 2\n1 4\n", `line 2: "4" is not the number of one of the 3 kinds`, weblog.PathsOptions{Kinds: []string{"a", "b", "c"}}},
		{"a,x,y\nb,x\na,z\n", `line 3: "a" has a line above already`, weblog.PathsOptions{Visitor: true}},
		{"x,,y\n", "line 1", weblog.PathsOptions{}},
		{"% nothing\n", "no line with pages", weblog.PathsOptions{}},
	} {
		if _, err := weblog.ParsePaths(strings.NewReader(bad.text), "paths.csv", bad.o); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("%q: %v, want %q", bad.text, err, bad.says)
		}
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

// What an audit counts is what the rules remove.
func TestAuditCountsWhatTheRulesRemove(t *testing.T) {
	v := read(t, server, weblog.VisitsOptions{})
	looked := map[string]int{}
	for _, f := range v.Audit().Findings {
		looked[f.Remedy] = f.Lines
	}
	for name, rule := range map[string]weblog.Rule{"KnownBot": weblog.KnownBot, "NotAPage": weblog.NotAPage, "Duplicate": weblog.Duplicate, "TooFast": weblog.TooFast, "NoTime": weblog.NoTime} {
		removed := clean(t, v, rule).Ledger.Steps[0].Removed.Lines
		if lines, ok := looked["weblog."+name]; !ok || lines != removed {
			t.Errorf("the audit counts %d lines for %s, which removes %d", lines, name, removed)
		}
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

// Times without a date are counted over the whole file, from the first on, and one word makes all of them missing.
func TestTimesWithoutADate(t *testing.T) {
	var b strings.Builder
	b.WriteString("visitor,time,page\n")
	for line := 2; line <= 9001; line++ {
		switch at := fmt.Sprintf("%02d:%02d:00", line/60%24, line%60); {
		case line%1000 == 2 && line > 5000:
			fmt.Fprintf(&b, "v%d,%s,/\n", line%50, at)
		default:
			fmt.Fprintf(&b, "v%d,2025-01-%02dT%s,/\n", line%50, 1+line/1440, at)
		}
	}
	_, err := weblog.ParseVisits(strings.NewReader(b.String()), "late.csv", weblog.VisitsOptions{})
	var e *fault.CellError
	if !errors.As(err, &e) || e.Line != 5002 || e.Count != 4 || !strings.Contains(e.Why, "time without a date") || !strings.Contains(e.Remedy, "VisitsOptions.Missing") {
		t.Fatalf("%v, want 4 times without a date from line 5002 on", err)
	}
	v := read(t, b.String(), weblog.VisitsOptions{Missing: []string{"time without a date"}})
	for _, f := range v.Audit().Findings {
		if f.Name == "no time" && f.Lines != 4 {
			t.Errorf("%d hits have no time, want 4", f.Lines)
		}
	}
	if _, err := v.Clean(weblog.NoTime); err != nil {
		t.Error(err)
	}
	_, err = weblog.ParseVisits(strings.NewReader("visitor,time,page\na,2025-01-01 10:00,/\nb,11:00,/\nc,12:00,/\n"), "hits.csv", weblog.VisitsOptions{})
	if !errors.As(err, &e) || e.Line != 3 || e.Count != 2 || !strings.Contains(e.Remedy, "VisitsOptions.Day") {
		t.Errorf("%v, want line 3, 2 cells and the column of days", err)
	}
}
