package weblog_test

// Files of many origins: logs of servers, exports of known systems, times in every form, and what cannot be read.

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/fault"
	orderlines "github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/weblog"
)

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

// The log of a server that writes the Common Log Format says nothing of user agents, and the note says so.
func TestCommonLogFormat(t *testing.T) {
	v := read(t, `203.0.113.7 - - [10/Oct/2025:13:55:36 +0200] "GET /product/7 HTTP/1.1" 200 2326
203.0.113.8 - - [10/Oct/2025:13:56:36 +0200] "GET /cart HTTP/1.1" 200 2326
`, weblog.VisitsOptions{})
	notes, _ := v.Notes()
	if said := strings.Join(notes, " "); !strings.Contains(said, "in the Common Log Format, which names no user agents") || strings.Contains(said, "Combined") {
		t.Error(said)
	}
}

// Exports of Segment, Snowplow, PostHog and Matomo are read without a word about their columns.
func TestHeadersOfTrackers(t *testing.T) {
	for _, header := range []string{
		"anonymous_id,received_at,path,context_campaign_source",
		"domain_userid\tcollector_tstamp\tpage_urlpath\trefr_source",
		"distinct_id,timestamp,$current_url,$referring_domain",
		"visitorId,serverTimestamp,url,referrerName",
	} {
		cell := map[bool]string{true: "\t", false: ","}[strings.Contains(header, "\t")]
		v := read(t, header+"\n"+strings.Join([]string{"v1", "2025-10-10 13:55:36", "/a", "news"}, cell)+"\n"+strings.Join([]string{"v2", "2025-10-10 14:55:36", "/b", "search"}, cell)+"\n", weblog.VisitsOptions{})
		m, err := v.Mapping()
		if err != nil || len(m) != 4 {
			t.Errorf("%s: %v, %v", header, m, err)
		}
	}
}
