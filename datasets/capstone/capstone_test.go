package capstone

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segkit/lab/datasets"
	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/describe"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/prep"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// work is what somebody does for a shop, as the model hand-in does: the tests change one step of it at a time.
type work struct {
	clean     *features.Cleaned
	customers *table.Table
	recipe    segkit.Recipe
}

func begin(name string, rules ...features.Rule) work {
	rules = append([]features.Rule{features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled}, rules...)
	w := work{clean: sure(sure(datasets.Orders(name)).Clean(rules...))}
	w.customers = sure(w.clean.Features(Day))
	w.recipe = segkit.Recipe{Columns: []string{"recency", "orders", "basket"},
		Prep: []prep.Transformer{prep.Log1p{}, prep.Standardize{}}, Method: cluster.KMeans{K: 3, Seed: 1}}
	return w
}

func (w work) shop(groups Answer) Shop {
	return Shop{Ledger: w.clean.Ledger, Groups: groups, Evidence: sure(choose.SweepK(w.customers, w.recipe, 1, 8, choose.SweepOptions{Draws: 99}))}
}

// segments fills in everything of the shop with groups. One customer in so many (every) is held back from making the rules; 0 means none.
func (w work) segments(h *HandIn, every int, options rulebook.Options) {
	h.Model = sure(w.recipe.Fit(w.customers))
	for i := range h.Model.Names {
		h.Model.Names[i] = "kind " + string(rune('A'+i))
	}
	segments := sure(h.Model.Score(w.customers))
	var made, held []int
	for i := range w.customers.Len() {
		if every > 0 && i%every == 0 {
			held = append(held, i)
		} else {
			made = append(made, i)
		}
	}
	h.Rules = sure(rulebook.Explain(w.customers.Rows(made), segments, options))
	h.Fidelity = h.Rules.Fidelity.Accuracy
	if held != nil {
		h.Fidelity = sure(rulebook.Adopt(w.customers.Rows(held), &h.Rules.Book, segments)).History[0].Accuracy
	}
	h.Cards = sure(describe.Segments(w.customers, segments)).Personas(h.Rules)
	h.Plan = w.plan(h.Model, campaign.Test{Response: "active", Worth: Effect}, h.Model.Names)
}

// plan sizes a test among the segments of these names.
func (w work) plan(m *segkit.Model, test campaign.Test, names []string) *campaign.Sizes {
	earlier := Day.AddDate(0, 0, -90)
	then := sure(only(sure(m.Score(sure(w.clean.Features(earlier)))), names))
	today := sure(only(sure(m.Score(w.customers)), names))
	return sure(sure(test.Size(sure(w.clean.Outcome(earlier, 90)), then)).For(today))
}

var model = sync.OnceValues(func() (w [2]work, h HandIn) {
	w = [2]work{begin("shop-a", features.ZeroPrice), begin("shop-b", features.Without("country", "Belgium"))}
	h = HandIn{A: w[0].shop(No), B: w[1].shop(Yes), Strike: []int{2, 3, 5, 7}}
	w[1].segments(&h, 5, rulebook.Options{})
	return w, h
})

// lost is how many points a hand-in loses of each criterion, those without loss left out.
func lost(t *testing.T, h HandIn) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, c := range sure(Check(h)).Criteria {
		if c.Points < c.Of {
			out[c.Name] = c.Of - c.Points
			if c.Hint == "" {
				t.Errorf("%s: points are lost without a hint: %s", c.Name, c.Found)
			}
		}
		if c.Found == "" || c.Points < 0 || c.Points > c.Of || c.Points == c.Of && c.Hint != "" {
			t.Errorf("%+v", c)
		}
	}
	return out
}

func TestModelHandInHasAllPoints(t *testing.T) {
	_, h := model()
	report := sure(Check(h))
	if points, of := report.Points(); points != 100 || of != 100 {
		t.Errorf("%d of %d points\n%s", points, of, report.Sheet().Text())
	}
	h.Light, h.A = true, Shop{}
	if points, of := sure(Check(h)).Points(); points != 80 || of != 80 {
		t.Errorf("light: %d of %d points", points, of)
	}
}

func TestNothingGetsNothing(t *testing.T) {
	report := sure(Check(HandIn{}))
	if points, of := report.Points(); points != 0 || of != 100 {
		t.Errorf("%d of %d points\n%s", points, of, report.Sheet().Text())
	}
}

// Lesson 01, copied with its rules of cleaning, its number of segments and its names, does not pass.
func TestLessonCopiedBlindlyDoesNotPass(t *testing.T) {
	a, b := begin("shop-a"), begin("shop-b")
	h := HandIn{A: a.shop(Yes), B: b.shop(Yes)}
	b.recipe.Method = cluster.KMeans{K: 4, Seed: 1}
	h.Model = sure(b.recipe.Fit(b.customers))
	segments := sure(h.Model.Score(b.customers))
	h.Rules = sure(rulebook.Explain(b.customers, segments, rulebook.Options{MaxConditions: 2}))
	h.Cards = sure(describe.Segments(b.customers, segments)).Personas(h.Rules)
	report := sure(Check(h))
	if points, _ := report.Points(); points > 40 {
		t.Errorf("%d points\n%s", points, report.Sheet().Text())
	}
}

// What is empty, or of the wrong shop, is graded like the rest, and gets nothing.
func TestEmptyThingsGetNothing(t *testing.T) {
	w, good := model()
	empty := Shop{Ledger: &features.Ledger{}, Evidence: &choose.Sweep{}}
	for name, h := range map[string]HandIn{
		"empty": {A: empty, B: empty, Model: &segkit.Model{}, Cards: describe.Personas{}, Rules: &rulebook.Explanation{}, Fidelity: math.NaN(),
			Plan: &campaign.Sizes{}, Strike: []int{-1}},
		"without a plan's segments": {Model: good.Model, Plan: &campaign.Sizes{Test: campaign.Test{Response: "active", Worth: Effect}}},
	} {
		if got := lost(t, h); got["rules"] != 10 || got["held back"] != 10 || got["size of the test"] != 8 || got["ledger of shop-a"] != 10 {
			t.Errorf("%s: loses %v", name, got)
		}
	}
	h := good
	w[0].segments(&h, 5, rulebook.Options{})
	got := lost(t, h)
	for _, name := range []string{"few segments", "as many as there are", "names", "cards", "rules", "held back", "size of the test"} {
		if got[name] == 0 {
			t.Errorf("segments of the shop without groups lose nothing for %s", name)
		}
	}
}

// Work on the shop without groups alone gets nothing, though its rules describe its segments well: they were made of every customer of that shop, who
// are fewer than nine tenths of those of the other.
func TestWorkOnTheOtherShopGetsNothing(t *testing.T) {
	a := begin("shop-a")
	a.recipe.Method = cluster.KMeans{K: 4, Seed: 1}
	h := HandIn{A: a.shop(Yes)}
	a.segments(&h, 0, rulebook.Options{})
	h.Plan = nil
	report := sure(Check(h))
	if points, _ := report.Points(); points != 0 {
		t.Errorf("%d points\n%s", points, report.Sheet().Text())
	}
}

// What the report says is in sentences: one is one, a comma in a name is not one of the list, and a sentence does not begin small.
func TestReportReadsWell(t *testing.T) {
	_, good := model()
	h := good
	again := *good.Model
	again.Names = []string{"new, small", "old, large", "new, large"}
	h.Model, h.Cards, h.A.Groups, h.Strike = &again, h.Cards[:1], Yes, []int{1, 2, 3, 5}
	found, hints := map[string]string{}, map[string]string{}
	for _, c := range sure(Check(h)).Criteria {
		found[c.Name], hints[c.Name] = c.Found, c.Hint
	}
	if want := "1 sentence left in claims too much, 1 is struck without need"; found["memo"] != want {
		t.Errorf("the memo: %q, want %q", found["memo"], want)
	}
	if want := `"new, small", "old, large" and "new, large"`; found["names"] != want {
		t.Errorf("names: %s, want %s", found["names"], want)
	}
	if want := "1 card for 3 segments"; !strings.HasPrefix(found["cards"], want) {
		t.Errorf("cards: %q, want %q", found["cards"], want)
	}
	if hint := hints["groups in shop-a?"]; strings.Contains(hint, ". the ") || !strings.Contains(hint, "; the answer and") {
		t.Errorf("groups: %q", hint)
	}
}

// What the memo says of the past is so.
func TestMemoTellsTheTruthOfThePast(t *testing.T) {
	w, h := model()
	profile := sure(describe.Segments(w[1].customers, sure(h.Model.Score(w[1].customers))))
	basket, largest, share := profile.Index("basket"), 0.0, 0.0
	for _, s := range profile.Segments {
		if median := s.Stats[basket].Median; median > largest {
			largest, share = median, s.ValueShare[0]
		}
	}
	if share <= .5 {
		t.Errorf("the customers with the largest baskets brought %.2f of the money", share)
	}
	for _, from := range []time.Time{Day, Day.AddDate(0, 0, -90)} {
		active, ordered := sure(sure(w[1].clean.Outcome(from, 90)).Values("active")), 0.0
		for _, v := range active {
			ordered += v
		}
		if rate := ordered / float64(len(active)); rate < .55 || rate > .68 {
			t.Errorf("%.2f order within 90 days of %s", rate, from)
		}
	}
}

// A bad hand-in loses the points of what is bad about it, and no others.
func TestBadHandInsLoseTheirPoints(t *testing.T) {
	w, good := model()
	b := w[1]
	for name, c := range map[string]struct {
		spoil func(h *HandIn)
		lost  map[string]int
	}{
		"a cent off": {func(h *HandIn) {
			ledger := *h.A.Ledger
			ledger.Steps = slices.Clone(ledger.Steps)
			ledger.Closing.Sales.Units--
			ledger.Steps[0].Removed.Sales.Units++
			h.A.Ledger = &ledger
		}, map[string]int{"ledger of shop-a": 10}},
		"a ledger that does not reconcile": {func(h *HandIn) {
			ledger := *h.B.Ledger
			ledger.Steps = ledger.Steps[1:]
			h.B.Ledger = &ledger
		}, map[string]int{"ledger of shop-b": 10}},
		"lines at no price": {func(h *HandIn) { h.A.Ledger = begin("shop-a").clean.Ledger }, map[string]int{"ledger of shop-a": 10}},
		"Belgium stays":     {func(h *HandIn) { h.B.Ledger = begin("shop-b").clean.Ledger }, map[string]int{"ledger of shop-b": 10}},
		"cancellations dropped alone": {func(h *HandIn) {
			orders := sure(datasets.Orders("shop-b"))
			h.B.Ledger = sure(orders.Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.Cancelled,
				features.Without("country", "Belgium"))).Ledger
		}, map[string]int{"ledger of shop-b": 10}},
		"the other shop's ledger": {func(h *HandIn) { h.A.Ledger = h.B.Ledger }, map[string]int{"ledger of shop-a": 10}},

		"segments claimed where there are none":     {func(h *HandIn) { h.A.Groups = Yes }, map[string]int{"groups in shop-a?": 10}},
		"groups overlooked":                         {func(h *HandIn) { h.B.Groups = No }, map[string]int{"groups in shop-b?": 10}},
		"right, with a curve and no control":        {func(h *HandIn) { h.A.Evidence = uncontrolled(w[0]) }, map[string]int{"groups in shop-a?": 4}},
		"right, with the control of the other shop": {func(h *HandIn) { h.A.Evidence = h.B.Evidence }, map[string]int{"groups in shop-a?": 4}},

		"rules made of all customers": {func(h *HandIn) { b.segments(h, 0, rulebook.Options{}) }, map[string]int{"held back": 10}},
		"Belgium stays, and a ninth is held back": {func(h *HandIn) {
			all := begin("shop-b")
			h.B.Ledger = all.clean.Ledger
			all.segments(h, 9, rulebook.Options{})
		}, map[string]int{"ledger of shop-b": 10}},
		"a fidelity that is no number": {func(h *HandIn) { h.Fidelity = math.NaN() }, map[string]int{"held back": 10}},
		"a fidelity that was made up":  {func(h *HandIn) { h.Fidelity = 1.2 }, map[string]int{"held back": 10}},
		"rules of one condition":       {func(h *HandIn) { b.segments(h, 5, rulebook.Options{MaxConditions: 1}) }, map[string]int{"rules": 10, "cards": 6}},

		"a plan for one segment": {func(h *HandIn) {
			h.Plan = b.plan(h.Model, campaign.Test{Response: "active", Worth: Effect}, h.Model.Names[2:])
		}, map[string]int{"size of the test": 8}},
		"a plan for a larger effect": {func(h *HandIn) {
			h.Plan = b.plan(h.Model, campaign.Test{Response: "active", Worth: .2}, h.Model.Names)
		}, map[string]int{"size of the test": 8}},
		"a plan that holds hardly anybody out": {func(h *HandIn) {
			h.Plan = b.plan(h.Model, campaign.Test{Response: "active", Worth: Effect, Holdout: .05}, h.Model.Names)
		}, map[string]int{"hold-out": 4, "size of the test": 8}},
		"a plan that counts more customers than there are": {func(h *HandIn) {
			plan := *h.Plan
			plan.Total.Customers *= 2
			h.Plan = &plan
		}, map[string]int{"size of the test": 8}},

		"a claim stays":            {func(h *HandIn) { h.Strike = []int{2, 3, 5} }, map[string]int{"memo": 2}},
		"everything is struck":     {func(h *HandIn) { h.Strike = []int{1, 2, 3, 4, 5, 6, 7, 8} }, map[string]int{"memo": 8}},
		"a sentence there is none": {func(h *HandIn) { h.Strike = []int{2, 3, 5, 7, 9} }, map[string]int{"memo": 2}},

		"the machine's names": {func(h *HandIn) {
			again := *h.Model
			again.Names = sure(b.recipe.Fit(b.customers)).Names
			segments := sure(again.Score(b.customers))
			h.Model, h.Rules = &again, sure(rulebook.Explain(b.customers.Rows(everyOther(b.customers.Len())), segments, rulebook.Options{}))
			h.Cards = sure(describe.Segments(b.customers, segments)).Personas(h.Rules)
			h.Plan = b.plan(&again, campaign.Test{Response: "active", Worth: Effect}, again.Names)
		}, map[string]int{"names": 4}},
		"a card is missing": {func(h *HandIn) { h.Cards = h.Cards[1:] }, map[string]int{"cards": 6}},
		"cards without rules": {func(h *HandIn) {
			h.Cards = sure(describe.Segments(b.customers, sure(h.Model.Score(b.customers)))).Personas()
		}, map[string]int{"cards": 6}},
		"four segments": {func(h *HandIn) {
			w := b
			w.recipe.Method = cluster.KMeans{K: 4, Seed: 1}
			w.segments(h, 5, rulebook.Options{})
		}, map[string]int{"as many as there are": 5}},
		"eight segments": {func(h *HandIn) {
			w := b
			w.recipe.Method = cluster.KMeans{K: 8, Seed: 1}
			w.segments(h, 5, rulebook.Options{MaxConditions: 5, Worth: -1})
		}, map[string]int{"few segments": 5, "as many as there are": 5}},
	} {
		h := good
		c.spoil(&h)
		if got := lost(t, h); !maps.Equal(got, c.lost) {
			t.Errorf("%s: loses %v, want %v\n%s", name, got, c.lost, sure(Check(h)).Sheet().Text())
		}
	}
}

func uncontrolled(w work) *choose.Sweep {
	return sure(choose.SweepK(w.customers, w.recipe, 1, 8, choose.SweepOptions{Draws: -1}))
}

func everyOther(n int) (rows []int) {
	for i := 0; i < n; i += 2 {
		rows = append(rows, i)
	}
	return rows
}

// The order of the rules decides nothing, so that a ledger that somebody else made in another order is as right.
func TestLedgerDoesNotHangOnTheOrderOfRules(t *testing.T) {
	for which, list := range rules {
		orders := sure(datasets.Orders("shop-" + which))
		want := sure(orders.Clean(list...)).Ledger.Closing
		for i := range list {
			turned := slices.Concat(list[i:], list[:i])
			if got := sure(orders.Clean(turned...)).Ledger.Closing; got != want {
				t.Errorf("%v leave %+v, and %v leave %+v", turned, got, list, want)
			}
		}
	}
}

// What cleaning leaves is what the generator made and did not spoil: counted from its orders, without package features.
func TestLedgerIsThatOfTheGenerator(t *testing.T) {
	for which, n := range map[string]int{"a": 1400, "b": 1800} {
		made := shop.Generate(shop.Options{Unseen: which, Seed: 90, Customers: n})
		ledger := sure(map[string]func() (*known, error){"a": shopA, "b": shopB}[which]()).clean.Ledger
		for i, want := range []int{made.Dirt.GuestLines, made.Dirt.Duplicates, made.Dirt.TestLines} {
			if got := ledger.Steps[i].Removed.Lines; got != want {
				t.Errorf("shop-%s: %s removes %d lines, and %d were planted", which, ledger.Steps[i].Rule, got, want)
			}
		}
		if ledger.Closing.Refunds.Units != 0 {
			t.Errorf("shop-%s: %s of refunds stay", which, ledger.Closing.Refunds)
		}
	}
}

// The shops are what they are meant to be: the control finds groups in one alone, and they are those that were planted.
func TestShopsAreAsPlanted(t *testing.T) {
	w, h := model()
	if h.A.Evidence.Control.Structure || !h.B.Evidence.Control.Structure {
		t.Errorf("structure in shop-a %v, in shop-b %v", h.A.Evidence.Control.Structure, h.B.Evidence.Control.Structure)
	}
	if k := h.B.Evidence.Advice().K; k != 3 {
		t.Errorf("the sweep of shop-b advises %d segments", k)
	}
	made := shop.Generate(shop.Options{Unseen: "b", Seed: 90, Customers: 1800})
	var ids []string
	var labels table.Labels
	for _, c := range made.Customers {
		ids, labels = append(ids, c.ID), append(labels, c.Segment)
	}
	truth := sure(table.NewSegments(ids, labels, made.Options.SegmentNames()))
	here := sure(table.NewSegments(w[1].customers.IDs(), sure(truth.LabelsOf(w[1].customers)), truth.Names))
	if m := sure(compare.Match(here, sure(h.Model.Score(w[1].customers)))); m.AdjustedRand < .65 {
		t.Errorf("adjusted Rand of the segments with what was planted: %.2f", m.AdjustedRand)
	}
}

// What is true of the shops is not a Tab away.
func TestTruthIsKept(t *testing.T) {
	for _, name := range []string{"shop-a", "shop-b"} {
		if _, err := datasets.Truth(name); err == nil || !strings.Contains(err.Error(), "for you to find out") {
			t.Errorf("Truth(%q): %v", name, err)
		}
		if _, err := datasets.Campaign(name, nil); err == nil {
			t.Errorf("Campaign(%q) gives what an offer does", name)
		}
	}
}

func sure[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
