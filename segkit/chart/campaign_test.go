package chart

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// tested is the result of a test in which an offer changed spend in each segment by so much.
func tested(t testing.TB, names []string, changes ...float64) *campaign.Result {
	t.Helper()
	const each = 240
	r := seed.Stream(1, "tested", 0)
	ids := wording.Numbered(each * len(names))
	labels, before, after := make(table.Labels, len(ids)), make([]float64, 0, 2*len(ids)), make([]float64, 0, 2*len(ids))
	spends := func() (active, spend float64) {
		if r.Float64() < .4 {
			return 1, math.Exp(3 + .5*r.NormFloat64())
		}
		return 0, 0
	}
	columns := []table.Column{{Name: "active"}, {Name: "spend", Unit: "EUR"}}
	for i := range ids {
		labels[i] = i % len(names)
		a, s := spends()
		before = append(before, a, s)
	}
	segments := trial.Sure(table.NewSegments(ids, labels, names))
	test := campaign.Test{Name: "letter", Response: "active", Revenue: "spend", Contact: 1, Margin: .5}
	m := trial.Sure(test.Draw(trial.Sure(table.New(ids, columns, before)), segments))
	var drawn []string
	for _, d := range m.Drawn {
		a, s := spends()
		if d.Arm == campaign.Offered {
			s += changes[d.Segment]
		}
		drawn, after = append(drawn, d.Customer), append(after, a, s)
	}
	return trial.Sure(m.Read(trial.Sure(table.New(drawn, columns, after))))
}

func TestUplift(t *testing.T) {
	r := tested(t, []string{"Often", "Big <baskets>", "Left"}, 0, 15, -10)
	for _, e := range []*campaign.Effects{r.Response, r.Revenue, r.Return} {
		fig := trial.Sure(Uplift(e))
		for _, part := range []string{"Big <baskets>", "all segments", "no effect shown"} {
			if e == r.Revenue && !strings.Contains(fig.Alt, part) {
				t.Errorf("the description lacks %q: %s", part, fig.Alt)
			}
		}
	}
	fig := trial.Sure(Uplift(r.Revenue))
	if !strings.HasPrefix(fig.Title, "The offer raised spending in “Big <baskets>” (+") || !strings.Contains(fig.Title, ", and lowered it in “Left” (−") ||
		!strings.HasSuffix(fig.Title, " EUR a customer); no effect is shown in the other segment") {
		t.Error(fig.Title)
	}
	if none := trial.Sure(Uplift(tested(t, []string{"Often", "Left"}, 0, 0).Revenue)); none.Title != "No effect on spending is shown in any of 2 segments" {
		t.Error(none.Title)
	}
	golden(t, "uplift", fig)
	if _, err := Uplift(nil); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
	if _, err := Uplift(&campaign.Effects{}); !errors.Is(err, fault.ErrEmpty) {
		t.Error(err)
	}
}

func TestTierWaterfall(t *testing.T) {
	customers := trial.Sure(table.New([]string{"a", "b", "c", "d"}, []table.Column{{Name: "spend", Unit: "EUR"}, {Name: "orders"}}, []float64{20, 1, 200, 2, 300, 3, 2000, 9}))
	p := campaign.Programme{Tiers: []campaign.Tier{{Name: "Basic"}, {Name: "Silver", Spend: 100, Back: .03}, {Name: "Gold", Spend: 500, Orders: 5, Back: .05, PerMember: 10}}}
	fig := trial.Sure(TierWaterfall(trial.Sure(p.Place(customers))))
	if want := "The programme costs 125 EUR, 5 % of what its members spent; 88 % of the cost is for “Gold”, with 1 of the 4 members"; fig.Title != want {
		t.Errorf("%q, want %q", fig.Title, want)
	}
	golden(t, "tier-waterfall", fig)
	p.Tiers = p.Tiers[:1]
	if fig = trial.Sure(TierWaterfall(trial.Sure(p.Place(customers)))); !strings.HasPrefix(fig.Title, "The programme costs nothing") {
		t.Error(fig.Title)
	}
	if _, err := TierWaterfall(nil); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
}

// What the titles say, by hand, for none, one and several: in each segment, the interval that is not shown is as wide as it takes.
func TestTitlesOfAnOffer(t *testing.T) {
	effects := func(measure string, total float64, values ...float64) *campaign.Effects {
		e := &campaign.Effects{Measure: measure, Unit: "EUR", Test: campaign.Test{Level: .05}}
		of := func(name string, v float64) campaign.Effect {
			p := .01
			if v == 0 {
				p = .9
			}
			return campaign.Effect{Segment: name, Offered: 9, HeldOut: 9, Value: v, Low: v - 1, High: v + 1, SE: .5, P: p, Corrected: p, Shrunk: math.NaN()}
		}
		for i, v := range values {
			e.Segments = append(e.Segments, of(string(rune('A'+i)), v))
		}
		e.Total = of("all segments", total)
		return e
	}
	for want, e := range map[string]*campaign.Effects{
		"The offer raised spending in “A” (+2.00 EUR a customer)":                                                                           effects("revenue", 2, 2),
		"The offer lowered spending in “B” (−3.00 EUR a customer); no effect is shown in the other 2 segments":                              effects("revenue", 0, 0, -3, 0),
		"The offer brought a profit in “B” (+3.00 EUR a customer) and “A” (+2.00 EUR a customer), and a loss in “C” (−1.00 EUR a customer)": effects("return", 0, 2, 3, -1),
		"Neither profit nor loss is shown":                      effects("return", 0, 0),
		"Neither profit nor loss is shown in any of 2 segments": effects("return", 0, 0, 0),
		"The offer brought a loss in “C” (−1.00 EUR a customer); neither profit nor loss is shown in the other 2 segments":                     effects("return", 0, 0, 0, -1),
		"The offer brought a profit in “A” (+2.00 EUR a customer); neither profit nor loss is shown in the other segment":                      effects("return", 0, 2, 0),
		"The offer raised spending in all segments together (+1.00 EUR a customer), but no segment shows it on its own":                        effects("revenue", 1, 0, 0),
		"The offer raised spending in “F” (+6.00 EUR a customer), “E” (+5.00 EUR a customer), “D” (+4.00 EUR a customer) and 3 other segments": effects("revenue", 3, 1, 2, 3, 4, 5, 6),
	} {
		titled(t, want)(Uplift(e))
	}
	nothing := effects("revenue", 0, 2, 0)
	nothing.Segments[1].Corrected = 0 // an effect of exactly 0 is none, whatever its P
	titled(t, "The offer raised spending in “A” (+2.00 EUR a customer); no effect is shown in the other segment")(Uplift(nothing))
	one := trial.Sure(Uplift(effects("revenue", 2, 2)))
	if strings.Contains(one.Note, "among several segments") {
		t.Errorf("one segment is not several: %s", one.Note)
	}
}

func TestTitlesOfAProgramme(t *testing.T) {
	tier := func(name string, members int, spend, cost float64) campaign.TierStanding {
		return campaign.TierStanding{Name: name, Asks: "any customer", Members: members, Spend: spend, Cost: cost}
	}
	for want, tiers := range map[string][]campaign.TierStanding{
		"The programme costs 1,000,000 EUR, 10 % of what its members spent; 75 % of the cost is for “Gold”, with 2 of the 1,002 members": {tier("Silver", 1000, 4e6, 250_000), tier("Gold", 2, 6e6, 750_000)},
		"The programme costs 5 EUR, 5 % of what its members spent; “Gold” has all of its members":                                        {tier("Silver", 0, 0, 0), tier("Gold", 1, 100, 5)},
		"The programme costs 5 EUR; “Gold” has all of its members":                                                                       {tier("Gold", 1, 0, 5)},
		"The programme costs nothing: no tier with a reward has a member":                                                                {tier("Gold", 0, 0, 0)},
	} {
		for _, below := range []int{0, 1, 2} {
			fig, err := TierWaterfall(&campaign.Standing{Unit: "EUR", Tiers: tiers, Below: below})
			titled(t, want)(fig, err)
			if says := []string{"without it.", "1 customer is in no tier.", "2 customers are in no tier."}[below]; !strings.HasSuffix(fig.Note, says) {
				t.Errorf("%q does not end in %q", fig.Note, says)
			}
		}
	}
}
