package campaign

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

var club = Programme{Margin: .4, Tiers: []Tier{
	{Name: "Basic"},
	{Name: "Silver", Spend: 100, Orders: 2, Back: .03, PerMember: 1, Lift: .10},
	{Name: "Gold", Spend: 300, Orders: 4, Back: .05, PerOrder: .5, PerMember: 5, Lift: .20},
}}

// members are n customers who spent and ordered so much in a year.
func members(t testing.TB, n, random int) *table.Table {
	t.Helper()
	r := seed.Stream(random, "members", 0)
	var data []float64
	for range n {
		orders := math.Floor(1 + r.ExpFloat64()*3)
		data = append(data, math.Round(orders*math.Exp(3+.6*r.NormFloat64())*100)/100, orders)
	}
	return trial.Sure(table.New(wording.Numbered(n), []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "orders"}}, data))
}

// By hand: five customers, what they reach and what it costs.
func TestPlace(t *testing.T) {
	customers := trial.Sure(table.New([]string{"a", "b", "c", "d", "e", "f"}, []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "orders"}},
		[]float64{50, 5, 100, 2, 300, 3, 300, 4, 1000, 1, -20, 2}))
	s := trial.Sure(club.Place(customers))
	if !slices.Equal(s.Members.Labels, table.Labels{0, 1, 1, 2, 0, 0}) {
		t.Error(s.Members.Labels)
	}
	for l, want := range []float64{0, .03*400 + 2, .05*300 + .5*4 + 5} {
		trial.Nearly(t, s.Tiers[l].Name, s.Tiers[l].Cost, want, 1e-12)
	}
	if s.Tiers[2].Asks != "from 300 EUR and 4 orders" || s.Tiers[0].Asks != "everybody" {
		t.Errorf("%q, %q", s.Tiers[2].Asks, s.Tiers[0].Asks)
	}
	if text := s.Sheet().Text(); !strings.Contains(text, "1 customer got back more than they paid") || !strings.Contains(text, "What members spent is not what") {
		t.Error(text)
	}
	high := club
	high.Tiers = high.Tiers[1:]
	if s = trial.Sure(high.Place(customers)); s.Below != 3 || s.Members.Labels[0] != table.Noise {
		t.Errorf("%d in no tier", s.Below)
	}
	r := trial.Sure(s.By(trial.Sure(table.NewSegments(customers.IDs(), table.Labels{0, 0, 1, 1, -1, 0}, []string{"A", "B"})), customers))
	if trial.Nearly(t, "rewards", r.Cost[0]+r.Cost[1], s.Cost(), 1e-12); r.Members[1][0] != 1 || r.Members[1][1] != 1 || r.Members[0][0] != 1 {
		t.Errorf("%+v", r)
	}
}

// Laws of a cut that moves: the counts add up, only customers between the cuts move, and back again is the same.
func TestCompare(t *testing.T) {
	customers := members(t, 500, 1)
	other := club
	other.Tiers = slices.Clone(club.Tiers)
	other.Tiers[2].Spend = 400
	m := trial.Sure(club.Compare(other, customers))
	moved := trial.Sure(m.Movers("Gold", "Silver"))
	spend := trial.Sure(customers.Values("spend"))
	for i, id := range customers.IDs() {
		if in := spend[i] >= 300 && spend[i] < 400 && trial.Sure(customers.Values("orders"))[i] >= 4; in != slices.Contains(moved, id) {
			t.Errorf("customer %s with %g EUR moves: %v", id, spend[i], !in)
		}
	}
	back := trial.Sure(other.Compare(club, customers))
	if len(moved) == 0 || m.Customers[2][1] != len(moved) || back.Customers[1][2] != len(moved) || m.After.Cost() >= m.Before.Cost() {
		t.Errorf("%v, back %v", m.Customers, back.Customers)
	}
	if _, err := m.Movers("Gold", "Bronze"); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
	if text := m.Sheet().Text(); !strings.Contains(text, "EUR less") {
		t.Error(text)
	}
}

// Up at once, down only after the time of grace; who is not there did nothing.
func TestReplay(t *testing.T) {
	day := func(month int) time.Time { return time.Date(2025, time.Month(month), 1, 0, 0, 0, 0, time.UTC) }
	at := func(spends ...float64) *table.Table { // of a, b, c …; negative: not there
		var ids []string
		var data []float64
		for i, v := range spends {
			if v >= 0 {
				ids, data = append(ids, string(rune('a'+i))), append(data, v, 9)
			}
		}
		return trial.Sure(table.New(ids, []table.Column{{Name: "spend"}, {Name: "orders"}}, data))
	}
	p := club
	p.Grace = 1
	dates := []time.Time{day(1), day(2), day(3), day(4)}
	r := trial.Sure(p.Replay(dates, []*table.Table{at(300, 50, 120, -1), at(50, 300, 120, 400), at(50, 50, -1, 400), at(300, 50, -1, 50)}))
	var tiers []string
	for d := range dates {
		tiers = append(tiers, strings.Join(r.Members[d].NameOfEach(), " "))
	}
	want := []string{"Gold Basic Silver", "Gold Gold Silver Gold", "Basic Gold Silver Gold", "Gold Basic Basic Gold"}
	if !slices.Equal(tiers, want) {
		t.Errorf("%q, want %q", tiers, want)
	}
	if !slices.Equal(r.Up, []int{0, 2, 0, 1}) || !slices.Equal(r.Down, []int{0, 0, 1, 2}) || !slices.Equal(r.Kept, []int{0, 1, 2, 1}) {
		t.Errorf("up %v, down %v, kept %v", r.Up, r.Down, r.Kept)
	}
	p.Grace = 0
	r = trial.Sure(p.Replay(dates[:2], []*table.Table{at(300, 50), at(50, 300)}))
	if got := strings.Join(r.Members[1].NameOfEach(), " "); got != "Basic Gold" {
		t.Error(got)
	}
	if _, err := p.Replay(dates[:1], nil); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
	if _, err := p.Replay([]time.Time{day(2), day(1)}, []*table.Table{at(1), at(1)}); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
}

// The best cuts are those that trying every pair on every customer finds.
func TestBestAgainstBruteForce(t *testing.T) {
	customers := members(t, 400, 2)
	search := Search{Budget: 900, Spend: []float64{50, 100, 150, 200, 300, 500}, Orders: []float64{0, 2, 3, 5}, Fewest: 10}
	best := math.Inf(-1)
	var cheapest = math.Inf(1)
	for _, s1 := range search.Spend {
		for _, o1 := range search.Orders {
			for _, s2 := range search.Spend {
				for _, o2 := range search.Orders {
					p := club
					p.Tiers = slices.Clone(club.Tiers)
					p.Tiers[1].Spend, p.Tiers[1].Orders, p.Tiers[2].Spend, p.Tiers[2].Orders = s1, o1, s2, o2
					s, err := p.Place(customers)
					if err != nil { // the higher tier asks for less
						continue
					}
					if s.Tiers[1].Members < 10 || s.Tiers[2].Members < 10 {
						continue
					}
					if cheapest = min(cheapest, s.Cost()); s.Cost() > 900 {
						continue
					}
					best = max(best, .4*(.1*s.Tiers[1].Spend+.2*s.Tiers[2].Spend)-s.Cost())
				}
			}
		}
	}
	c := trial.Sure(club.Best(customers, search))
	trial.Nearly(t, "gain", c.Gain, best, 1e-9)
	if c.Standing.Cost() > 900 || c.Within == 0 || c.Within > c.Tried {
		t.Errorf("%+v", c)
	}
	if !strings.Contains(c.Sheet().Text(), "Assumed until a test has shown it") {
		t.Error(c.Sheet().Text())
	}
	// a budget that nothing fits
	search.Budget = math.Floor(cheapest) - 1
	_, err := club.Best(customers, search)
	if err == nil || !errors.Is(err, fault.ErrOption) || !strings.Contains(err.Error(), "the cheapest of these sets costs that much") || !strings.Contains(err.Error(), "at least "+wordsOf(math.Ceil(cheapest))) {
		t.Errorf("cheapest %g: %v", cheapest, err)
	}
	search.Budget = math.Ceil(cheapest)
	if c = trial.Sure(club.Best(customers, search)); c.Standing.Cost() > search.Budget {
		t.Error(c.Standing.Cost())
	}
	if c = trial.Sure(club.Best(customers, Search{Budget: 2000})); c.Tried < 50 {
		t.Errorf("%d round cuts", c.Tried)
	}
}

func wordsOf(v float64) string { return wording.Number(v) }

func TestProgrammesThatCannotBe(t *testing.T) {
	customers := members(t, 50, 1)
	change := func(f func(p *Programme)) Programme {
		p := club
		p.Tiers = slices.Clone(club.Tiers)
		f(&p)
		return p
	}
	for want, p := range map[string]Programme{
		"campaign.Programme.Tiers = none":                                {},
		`Tiers[2] (Gold).Spend = 50, want to ask for more than "Silver"`: change(func(p *Programme) { p.Tiers[2].Spend = 50 }),
		"(Silver).Back = 1.2":                                            change(func(p *Programme) { p.Tiers[1].Back = 1.2 }),
		"(Gold).PerOrder = -1":                                           change(func(p *Programme) { p.Tiers[2].PerOrder = -1 }),
		"a name that no other tier has":                                  change(func(p *Programme) { p.Tiers[2].Name = "Silver" }),
		"campaign.Programme.Grace = -1":                                  change(func(p *Programme) { p.Grace = -1 }),
		"campaign.Programme.Margin = 40":                                 change(func(p *Programme) { p.Margin = 40 }),
		"revenue":                                                        change(func(p *Programme) { p.Spend = "revenue" }),
	} {
		if _, err := p.Place(customers); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	for want, c := range map[string]struct {
		p Programme
		s Search
	}{
		"campaign.Search.Budget = 0":    {club, Search{}},
		"campaign.Tier.Lift = 0":        {change(func(p *Programme) { p.Tiers[1].Lift, p.Tiers[2].Lift = 0, 0 }), Search{Budget: 10}},
		"two or more":                   {change(func(p *Programme) { p.Tiers = p.Tiers[:1] }), Search{Budget: 10}},
		"leaves 60 members in each":     {club, Search{Budget: 1e6, Fewest: 60}},
		"too many (at most 50,000,000)": {club, Search{Budget: 10, Spend: make([]float64, 9000)}},
	} {
		if _, err := c.p.Best(customers, c.s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := club.Place(nil); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
}

// The break-even by hand: of two customers who would bring 100 EUR and leave with chance .5, an offer of 1 EUR to each, and 4 to those who stay, costs 2 + 4. It keeps .5 (.5 x 100 - 4) each at most, 46 in all.
func TestShortlist(t *testing.T) {
	customers := trial.Sure(table.New([]string{"a", "b", "c", "d", "e"}, []table.Column{{Name: "value", Unit: "EUR"}, {Name: "risk"}},
		[]float64{100, .5, 100, .5, 0, .9, -5, .9, 10, .1}))
	test := Test{Revenue: "spend", Response: "active", Contact: 1, Reward: 4, Margin: .5}
	s := trial.Sure(test.Shortlist(customers, "value", "risk", 2))
	trial.Nearly(t, "break-even", s.BreakEven, 6./46, 1e-12)
	trial.Nearly(t, "at stake", s.Stake, 100, 1e-12)
	if len(s.Customers) != 2 || s.Customers[0].ID != "a" || !strings.Contains(s.Sheet().Text(), "Left out: 2 customers without a value above zero") {
		t.Errorf("%+v\n%s", s.Customers, s.Sheet().Text())
	}
	if b := trial.Sure(test.Shortlist(customers, "value", "risk", 0)).Bands(); !slices.Equal(b.IDs, []string{"e", "a", "b"}) || !slices.Equal(b.Labels, table.Labels{0, 1, 2}) {
		t.Errorf("%+v", b)
	}
	for cost, want := range map[float64]string{0: "costs nothing", .0001: "even if it keeps only 0.1 % of", .1: "if it keeps 0.4 % of"} { // .2 of at most 50
		cheap := Test{Revenue: "spend", Response: "active", Contact: cost, Margin: .5}
		if text := strings.Join(trial.Sure(cheap.Shortlist(customers, "value", "risk", 2)).Sheet().Notes, " "); !strings.Contains(text, want) || strings.Contains(text, "0.0 %") {
			t.Errorf("%v: %s", cost, text)
		}
	}
	test.Reward = 80
	if s = trial.Sure(test.Shortlist(customers, "value", "risk", 2)); !strings.Contains(s.Sheet().Text(), "cannot pay") {
		t.Error(s.Sheet().Text())
	}
	if _, err := test.Shortlist(customers, "risk", "value", 0); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "id a") {
		t.Error(err)
	}
	if _, err := test.Shortlist(nil, "value", "risk", 0); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	if _, err := test.Shortlist(trial.Sure(customers.Where("value <= 0")), "value", "risk", 0); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
}
