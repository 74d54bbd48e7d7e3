package weblog_test

import (
	"testing"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/weblog"
)

// The shop's log page by page says which hits are a robot's: the rules take all of them, and nothing of people but what was counted twice and
// what a wrong clock says.
func TestRulesFindTheRobotsOfTheShop(t *testing.T) {
	text, err := datasets.Hits("shop")
	if err != nil {
		t.Fatal(err)
	}
	v, err := weblog.ParseVisits(text, "shop", weblog.VisitsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	robots, people, seen := 0, 0, map[shop.Hit]bool{}
	for _, h := range shop.Generate(shop.Options{}).Hits() {
		switch {
		case h.Robot:
			robots++
		case h.Second >= 0 && !seen[h]:
			people++
			seen[h] = true
		}
	}
	c := clean(t, v, weblog.ClockReset, weblog.Duplicate, weblog.KnownBot, weblog.TooFast, weblog.AllDay, weblog.SamePerson)
	gone := 0
	for _, s := range c.Ledger.Steps[2:5] {
		if s.Removed.Lines == 0 {
			t.Errorf("%s finds nothing", s.Rule)
		}
		gone += s.Removed.Lines
	}
	if gone != robots || c.Ledger.Closing.Lines != people {
		t.Errorf("the rules took %d hits of %d by robots, and left %d of %d by people", gone, robots, c.Ledger.Closing.Lines, people)
	}
	if s := c.Ledger.Steps[0].Removed; s.Lines != 6 {
		t.Errorf("clock resets: %+v", s)
	}
}
