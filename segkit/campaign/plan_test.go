package campaign

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// kinds are customers of four kinds, as package features would describe them, in segments of these names.
func kinds(t *testing.T, names ...string) (*table.Table, *table.Segments) {
	t.Helper()
	r := seed.Stream(1, "kinds", 0)
	ids, labels, data := wording.Numbered(400), make(table.Labels, 400), []float64(nil)
	for i := range ids {
		labels[i] = i % 4
		middle := [][3]float64{{20, 1, 18}, {300, 15, 34}, {15, 16, 30}, {60, 5, 148}}[i%4] // recency, orders, basket
		about := func(v float64) float64 { return v * math.Exp(.1*r.NormFloat64()) }
		orders := math.Round(about(middle[1]))
		basket := about(middle[2])
		data = append(data, about(middle[0]), orders, basket, orders*basket)
	}
	raw := trial.Sure(table.New(ids, []table.Column{{Name: "recency", Unit: "days", LowerIsBetter: true, Phrase: "last order %s ago"}, {Name: "orders", Phrase: "%s order|%s orders"}, {Name: "basket", Unit: "EUR"},
		{Name: "spend", Unit: "EUR", Role: table.Value}}, data))
	return raw, trial.Sure(table.NewSegments(ids, labels, names))
}

func TestPlan(t *testing.T) {
	raw, s := kinds(t, "Once", "Gone", "Loyal", "Big <b>")
	p := trial.Sure(describe.Segments(raw, s))
	sizes := &Sizes{Unit: "EUR", Segments: []Size{{Segment: "Gone", Offered: 50, HeldOut: 50, Finds: 4.5, FindsRate: .05}}}
	ahead := &value.Worth{Days: 90, Currency: "EUR", Money: true, Segments: []value.SegmentWorth{{Segment: "Loyal", Customers: 100, Value: value.Range{Mean: 9000, Low: 8000, High: 10000}, Silent: .04}}}
	plan := trial.Sure(Plan(p, PlanOptions{Sizes: sizes, Ahead: ahead}))
	for l, want := range []string{"Second order", "Win back", "Thank", "One order more"} {
		g := plan.Segments[l]
		if g.Play.Name != want || g.Because == "" || g.Hypothesis == "" {
			t.Errorf("%s: %q because %q", g.Segment, g.Play.Name, g.Because)
		}
		basket := p.Segments[l].Stats[2].Median
		trial.Nearly(t, "a point of "+g.Segment, g.Point, basket, 1e-12) // 100 customers: one in a hundred is one basket
		trial.Nearly(t, "spent by "+g.Segment, g.Spent, p.Segments[l].ValueShare[0]*p.ValueTotals[0], 1e-12)
	}
	if b := plan.Segments[1].Because; !regexp.MustCompile(`^last order \d+ days ago, against \d+ days for the typical customer$`).MatchString(b) {
		t.Error(b)
	}
	if got := plan.Segments[1].Test; got != "50 get an offer, 50 get nothing, chosen at random: detects 4.50 EUR a customer or more" {
		t.Error(got)
	}
	if plan.Segments[0].Test != "not in the test" || plan.Segments[2].Risk != .04 || plan.Days != 90 {
		t.Errorf("%+v", plan.Segments)
	}
	text, page := plan.Sheet().Text(), plan.HTML()
	for _, word := range []string{"recency", "NaN", "Inf"} {
		if strings.Contains(text, word) || strings.Contains(page, word) {
			t.Errorf("a manager reads %q:\n%s", word, text)
		}
	}
	if strings.Contains(page, "<b>") || !strings.Contains(page, "Big &lt;b&gt;") || !strings.Contains(page, "next 90 days, if nothing is done") && !strings.Contains(page, "Next 90 days, if nothing is done") {
		t.Error(page)
	}
	path := filepath.Join(t.TempDir(), "plan.html")
	if err := plan.Save(path); err != nil {
		t.Fatal(err)
	}
	if saved, _ := os.ReadFile(path); !strings.Contains(string(saved), page) || strings.Contains(string(saved), "http") {
		t.Error("the page needs something from elsewhere")
	}
}

// A play book is the user's: the first play that fits is proposed, and one that cannot be read is named.
func TestOwnPlayBook(t *testing.T) {
	raw, s := kinds(t, "Once", "Gone", "Loyal", "Big")
	p := trial.Sure(describe.Segments(raw, s))
	plan := trial.Sure(Plan(p, PlanOptions{Plays: []Play{{Name: "Call them", When: "spend > 500 and customers >= 50", Because: "spend", Do: "Ring.", Hypothesis: "that calls help"}}}))
	if plan.Segments[3].Play.Name != "Call them" || !math.IsNaN(plan.Segments[3].Point) || plan.Segments[0].Play.Name != "No play fits" {
		t.Errorf("%+v", plan.Segments)
	}
	for want, play := range map[string]Play{
		`play 1, "X"`: {Name: "X", When: "spnd > 500"},
		"nosuch":      {Name: "X", When: "spend > 500", Because: "nosuch"},
	} {
		if _, err := Plan(p, PlanOptions{Plays: []Play{play}}); err == nil || !errors.Is(err, fault.ErrCondition) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := Plan(p, PlanOptions{Spent: "revenue"}); !errors.Is(err, fault.ErrMissingColumn) {
		t.Error(err)
	}
	if _, err := Plan(nil); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	if _, err := Plan(p, PlanOptions{Ahead: &value.Worth{Segments: []value.SegmentWorth{{Segment: "Elsewhere"}}}}); !errors.Is(err, fault.ErrUnmatched) || !strings.Contains(err.Error(), "Ahead") {
		t.Error(err)
	}
	bare := trial.Sure(describe.Segments(trial.Sure(raw.Select("recency")), s)) // no orders, no money: the package's plays pass over what is missing
	plan = trial.Sure(Plan(bare))
	if plan.Segments[0].Play.Name != "No play fits" || strings.Contains(plan.Sheet().Text(), "NaN") {
		t.Error(plan.Sheet().Text())
	}
}

// What a test showed stands in the plan, and leaves less to be hoped for.
func TestPlanWithAResult(t *testing.T) {
	raw, s := kinds(t, "Once", "Gone", "Loyal", "Big")
	p := trial.Sure(describe.Segments(raw, s))
	test := Test{Name: "letter", Revenue: "spend", Contact: 1}
	m := trial.Sure(test.Draw(trial.Sure(raw.Select("spend")), s))
	plan := trial.Sure(Plan(p, PlanOptions{Result: trial.Sure(m.Read(trial.Sure(raw.Select("spend"))))}))
	if g := plan.Segments[1]; !strings.HasPrefix(g.Shown, "Letter: ") || g.Play.Name != "Win back" {
		t.Errorf("a test that shows nothing changes the plan: %+v", g)
	}
	result := &Result{Test: trial.Sure(test.checked())}
	effect := func(segment string, value, p float64) Effect {
		return Effect{Segment: segment, Value: value, Low: value - 1, High: value + 1, SE: .5, Corrected: p}
	}
	result.Return = &Effects{Measure: "return", Unit: "EUR", Test: result.Test, Segments: []Effect{effect("Once", -2, .001), effect("Gone", 5, .001), effect("Loyal", .1, .8), effect("Big", 0, .9)}}
	result.Revenue = result.Return
	plan = trial.Sure(Plan(p, PlanOptions{Result: result}))
	for l, want := range []string{"Do not send it", "Send it", "Thank", "One order more"} {
		if g := plan.Segments[l]; g.Play.Name != want || g.Test != "" {
			t.Errorf("%s: %q, %q, want %q", g.Segment, g.Play.Name, g.Test, want)
		}
	}
	if got := plan.Sheet().Caption; got != `Shown to pay: "Gone"` {
		t.Error(got)
	}
	trial.Nearly(t, "a point of who responds", plan.Segments[1].Point, 5, 1e-12) // one customer in 100 of 100, by what an offer leaves
}
