package weblog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/weblog"
)

func Example() {
	const hits = `visitor,time,page,user_agent
anna,2025-03-01 10:00:00,/product/1,Mozilla/5.0
anna,2025-03-01 10:05:00,/cart,Mozilla/5.0
anna,2025-03-09 20:00:00,/product/2,Mozilla/5.0
crawler,2025-03-02 03:00:00,/product/1,Googlebot/2.1
`
	visits, err := weblog.ParseVisits(strings.NewReader(hits), "hits.csv", weblog.VisitsOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	clean, err := visits.Clean(weblog.KnownBot)
	if err != nil {
		fmt.Println(err)
		return
	}
	visitors, err := clean.Features(time.Date(2025, 3, 10, 0, 0, 0, 0, time.UTC), weblog.Spec{Features: []string{"visit_recency", "visits", "pages", "duration"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(clean.Ledger.Sheet().Caption)
	fmt.Println(visitors.IDs(), visitors.Row(0))
	// Output:
	// Cleaning leaves 3 of 4 hits, 2 of 3 visits and 1 of 2 visitors
	// [anna] [1 2 3 300]
}

// Whatever the bytes, reading answers or refuses with a sentence, and every ledger reconciles.
func FuzzParseVisits(f *testing.F) {
	f.Add(hits)
	f.Add(server)
	f.Add("visitor,time,pages,seconds,ordered\na,2025-01-01 10:00,3,0:05:31,yes\n")
	f.Add("user,date,time,url\na,1.2.2025,10:00,https://x.example/p?q#r\n")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := weblog.ParseVisits(strings.NewReader(text), "fuzz", weblog.VisitsOptions{})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "segkit: weblog.ParseVisits: ") {
				t.Errorf("%q", err)
			}
			return
		}
		c := clean(t, v, weblog.ClockReset, weblog.Duplicate, weblog.KnownBot, weblog.NotAPage, weblog.TooFast, weblog.TooMany, weblog.AllDay, weblog.SamePerson, weblog.NoTime, weblog.NoVisitor)
		if _, last, err := c.Period(); err == nil && c.Ledger.Closing.Visits > 0 {
			if x, err := c.Features(last, weblog.Spec{Steps: 0}); err != nil || x.Len() == 0 {
				t.Errorf("%v", err)
			}
		}
		v.Audit()
		v.Sheet()
	})
}

func FuzzParsePaths(f *testing.F) {
	f.Add(msnbc, false)
	f.Add("a,x,y\nb,z\n", true)
	f.Fuzz(func(t *testing.T, text string, visitor bool) {
		v, err := weblog.ParsePaths(strings.NewReader(text), "fuzz", weblog.PathsOptions{Visitor: visitor})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "segkit: weblog.ParsePaths: ") {
				t.Errorf("%q", err)
			}
			return
		}
		if _, err := clean(t, v, weblog.TooMany).Transitions(time.Time{}); err != nil {
			t.Error(err)
		}
	})
}

func FuzzParseSpec(f *testing.F) {
	f.Add([]byte(`{"Rules": [{"Name": "known bot"}], "AsOf": "2025-09-30T00:00:00Z", "Window": 90, "Funnel": ["product", "cart"], "Levels": 3, "Steps": 2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := weblog.ParseSpec(data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "segkit: ") {
				t.Fatal(err)
			}
			return
		}
		written, err := json.Marshal(s)
		if err != nil {
			t.Fatalf("%+v cannot be written: %v", s, err)
		}
		again, err := weblog.ParseSpec(written)
		if twice, _ := json.Marshal(again); err != nil || !bytes.Equal(twice, written) {
			t.Fatalf("%s comes back as %s, %v", written, twice, err)
		}
	})
}
