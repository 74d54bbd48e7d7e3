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
	if !strings.HasPrefix(fig.Title, "The offer brings more money in “Big <baskets>” (+") || !strings.Contains(fig.Title, ", and less money in “Left” (−") {
		t.Error(fig.Title)
	}
	if none := trial.Sure(Uplift(tested(t, []string{"Often", "Left"}, 0, 0).Revenue)); none.Title != "No effect is shown in any segment" {
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
	if want := "The programme costs 125 EUR; 88 % of it goes to “Gold”, 25 % of the members, who spent 79 % of the money"; fig.Title != want {
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
