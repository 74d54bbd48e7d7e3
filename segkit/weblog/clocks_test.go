package weblog_test

// What comes after what when clocks are set, and which columns are known.

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/weblog"
)

// Clocks in Berlin went back at 01:00 UTC: half past two came twice, and only hours and days are those of the clock.
func TestClocksThatGoBack(t *testing.T) {
	const utc = "visitor,time,page\nv,2025-10-26T01:10:00Z,/b\nv,2025-10-26T00:30:00Z,/a\nw,2025-10-26T00:50:00Z,/a\nw,2025-10-26T01:10:00Z,/b\nx,2025-10-26T00:30:00Z,/a\nx,2025-10-26T01:30:00Z,/a\n"
	berlin := strings.NewReplacer("T01:10:00Z", "T02:10:00+01:00", "T00:30:00Z", "T02:30:00+02:00", "T00:50:00Z", "T02:50:00+02:00", "T01:30:00Z", "T02:30:00+01:00").Replace(utc)
	for name, v := range map[string]*weblog.Visits{
		"converted":  read(t, utc, weblog.VisitsOptions{Zone: "Europe/Berlin", Gap: 45 * time.Minute}),
		"as written": read(t, berlin, weblog.VisitsOptions{Zone: "as written", Gap: 45 * time.Minute}),
		"a server's log": read(t, `v - - [26/Oct/2025:02:10:00 +0100] "GET /b HTTP/1.1" 200 1 "-" "-"
v - - [26/Oct/2025:02:30:00 +0200] "GET /a HTTP/1.1" 200 1 "-" "-"
w - - [26/Oct/2025:02:50:00 +0200] "GET /a HTTP/1.1" 200 1 "-" "-"
w - - [26/Oct/2025:02:10:00 +0100] "GET /b HTTP/1.1" 200 1 "-" "-"
x - - [26/Oct/2025:02:30:00 +0200] "GET /a HTTP/1.1" 200 1 "-" "-"
x - - [26/Oct/2025:02:30:00 +0100] "GET /a HTTP/1.1" 200 1 "-" "-"
`, weblog.VisitsOptions{Gap: 45 * time.Minute}),
	} {
		c := clean(t, v, weblog.Duplicate) // an hour apart is no repetition
		x := features(t, c, "2025-10-31", weblog.Spec{})
		for _, want := range []struct {
			id, column string
			value      float64
		}{{"v", "visits", 1}, {"v", "duration", 2400}, {"v", "visit_hour", 2}, {"v", "visit_recency", 5}, {"w", "duration", 1200}, {"x", "visits", 2}, {"x", "pages", 2}} {
			if have := cell(t, x, want.id, want.column); have != want.value {
				t.Errorf("%s: %s of %s is %v, want %v", name, want.column, want.id, have, want.value)
			}
		}
		paths, err := c.Transitions(day("2025-10-31"))
		if err != nil {
			t.Fatal(err)
		}
		a, b := slices.Index(paths.Kinds, "a"), slices.Index(paths.Kinds, "b")
		if paths.Counts[a][b] != 2 || paths.Counts[b][a] != 0 {
			t.Errorf("%s: %v %v", name, paths.Kinds, paths.Counts)
		}
	}
}

// Whatever the zone, visits are cut alike and take as long: instants do not depend on the clock on the wall.
func TestVisitsDoNotDependOnTheZone(t *testing.T) {
	var b strings.Builder
	random := rand.New(rand.NewPCG(1, 2))
	b.WriteString("visitor,time,page\n")
	for i := range 5000 {
		at := time.Date(2025, 10, 25, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(3*86400)) * time.Second)
		fmt.Fprintf(&b, "v%d,%s,/p\n", i%40, at.Format(time.RFC3339))
	}
	want, _ := read(t, b.String(), weblog.VisitsOptions{Zone: "UTC"}).Count()
	plain := features(t, clean(t, read(t, b.String(), weblog.VisitsOptions{Zone: "UTC"})), "2025-11-10", weblog.Spec{})
	for _, zone := range []string{"Europe/Berlin", "Asia/Kolkata", "America/St_Johns"} {
		v := read(t, b.String(), weblog.VisitsOptions{Zone: zone})
		if have, err := v.Count(); err != nil || have != want {
			t.Errorf("%s: %v (%v), want %v", zone, have, err, want)
		}
		x := features(t, clean(t, v), "2025-11-10", weblog.Spec{})
		for _, id := range plain.IDs() {
			if have, want := cell(t, x, id, "duration"), cell(t, plain, id, "duration"); have != want {
				t.Errorf("%s: duration of %s is %v, want %v", zone, id, have, want)
			}
		}
	}
}

const german = `Besucher;Kundennr;Zeitpunkt;Seite;Browser
ck0;K1;2025-07-20T08:45:00Z;/;Mozilla/5.0 (Windows NT 10.0) Firefox/128.0
ck1;K1;2025-07-20T09:45:00Z;/;Mozilla/5.0 (iPhone) Safari/605
ck2;;2025-07-20T10:45:00Z;/;Mozilla/5.0 (compatible) Googlebot/2.1
`

func mapped(t *testing.T, v *weblog.Visits) map[string]string {
	t.Helper()
	mapping, err := v.Mapping()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range mapping {
		out[m.Meaning] = m.Header
	}
	return out
}

// Customers are called as in files of orders, and user agents are known by what they say.
func TestColumnsAreRecognised(t *testing.T) {
	v := read(t, german, weblog.VisitsOptions{})
	if m := mapped(t, v); m["customer"] != "Kundennr" || m["agent"] != "Browser" || m["time"] != "Zeitpunkt" || m["descriptor"] != "" {
		t.Errorf("%v", m)
	}
	c := clean(t, v, weblog.KnownBot, weblog.SamePerson)
	if c.Ledger.Steps[0].Removed.Hits != 1 || c.Ledger.Closing.Visitors != 1 || features(t, c, "2025-08-01", weblog.Spec{}).IDs()[0] != "K1" {
		t.Errorf("%+v", c.Ledger)
	}
	for _, header := range []string{"customer_no", "Kunde", "N° client", "ID cliente", "codice cliente", "klantnummer", "cod_cliente"} {
		if m := mapped(t, read(t, strings.Replace(german, "Kundennr", header, 1), weblog.VisitsOptions{})); m["customer"] != header {
			t.Errorf("%s: %v", header, m)
		}
	}
	for _, header := range []string{"time", "Zeit", "heure", "hora", "ora", "tijdstip", "Data hora"} {
		if m := mapped(t, read(t, strings.Replace(german, "Zeitpunkt", header, 1), weblog.VisitsOptions{})); m["time"] != header {
			t.Errorf("%s: %v", header, m)
		}
	}
	if m := mapped(t, read(t, strings.Replace(german, "Kundennr", "client_id", 1), weblog.VisitsOptions{})); m["customer"] != "" {
		t.Errorf("a second name of the browser is no customer: %v", m)
	}
	short := strings.NewReplacer("Mozilla/5.0 (Windows NT 10.0) Firefox/128.0", "Firefox", "Mozilla/5.0 (iPhone) Safari/605", "Safari").Replace(german)
	if m := mapped(t, read(t, strings.Replace(short, "Mozilla/5.0 (compatible) Googlebot/2.1", "Chrome", 1), weblog.VisitsOptions{})); m["agent"] != "" || m["descriptor"] != "Browser" {
		t.Errorf("names of browsers are no user agents: %v", m)
	}
	if m := mapped(t, read(t, german, weblog.VisitsOptions{Descriptors: []string{"Browser"}})); m["agent"] != "" {
		t.Errorf("what the options say counts: %v", m)
	}
}

// A rule that lacks its column says which columns were not read, and where to name it.
func TestRulesNameWhatTheyLack(t *testing.T) {
	unknown := strings.NewReplacer("Kundennr", "Mandant", "Browser", "Programm", "Mozilla/5.0 ", "").Replace(german)
	v := read(t, unknown, weblog.VisitsOptions{})
	c := clean(t, v, weblog.KnownBot, weblog.SamePerson)
	notes := strings.Join(c.Ledger.Notes, "\n")
	for _, want := range []string{"KnownBot: no column of user agents", "weblog.VisitsOptions.Agent; not read: Mandant and Programm.", "SamePerson: no column of customers was recognised", "weblog.VisitsOptions.Customer; not read"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no %q in %s", want, notes)
		}
	}
	if all, err := v.Notes(); err != nil || !strings.Contains(strings.Join(all, " "), "Mandant and Programm") {
		t.Errorf("%q (%v)", all, err)
	}
	alone := clean(t, read(t, strings.Replace(unknown, "Besucher;Mandant", "Mandant;Kunde", 1), weblog.VisitsOptions{}), weblog.SamePerson)
	if note := strings.Join(alone.Ledger.Notes, ""); !strings.Contains(note, "no column of visitors beside that of customers") || !strings.Contains(note, "weblog.VisitsOptions.Visitor; not read: Mandant") {
		t.Error(note)
	}
	customers, err := table.New([]string{"K1", "K9"}, []table.Column{{Name: "spend"}}, []float64{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	overlap := func(v *weblog.Visits, rules ...weblog.Rule) *weblog.Overlap {
		o, err := clean(t, v, rules...).Overlap(day("2025-08-01"), customers)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if o := overlap(v); !strings.Contains(o.Why, `like "ck0"`) || !strings.Contains(o.Why, "weblog.VisitsOptions.Customer; not read: Mandant") || !slices.Contains(o.Sheet().Notes, o.Why) {
		t.Error(o.Why)
	}
	if o := overlap(read(t, german, weblog.VisitsOptions{})); !strings.Contains(o.Why, "Clean with weblog.SamePerson first") {
		t.Error(o.Why)
	}
	if o := overlap(read(t, german, weblog.VisitsOptions{}), weblog.SamePerson); o.Both != 1 || o.Why != "" {
		t.Errorf("%+v", o)
	}
}
