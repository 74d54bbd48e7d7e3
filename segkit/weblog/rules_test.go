package weblog_test

// What rules remove, and what an audit says of it beforehand.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/weblog"
)

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
