package datasets

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/campaign"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
)

// quarters are the 90 days before and after the as-of date of the lessons, and the latent segments of those who were customers by then.
func quarters(t *testing.T, name string) (before, after *table.Table, truth *table.Segments) {
	t.Helper()
	clean := sure(sure(Orders(name)).Clean(features.NoCustomer, features.Duplicate, features.TestOrder, features.NetCancelled))
	asOf := time.Date(2025, time.September, 30, 0, 0, 0, 0, time.UTC)
	before, after = sure(clean.Outcome(asOf.AddDate(0, 0, -90), 90)), sure(clean.Outcome(asOf, 90))
	truth = sure(Truth(name))
	labels := sure(truth.LabelsOf(after))
	return before, after, sure(table.NewSegments(after.IDs(), labels, truth.Names))
}

// An offer changes nothing for customers who do not get it, and only adds orders for those who do.
func TestCampaignChangesOnlyWhoIsOffered(t *testing.T) {
	_, after, _ := quarters(t, "shop")
	if none := sure(Campaign("shop", nil)); !slices.Equal(none.Raw().Data, after.Raw().Data) {
		t.Error("an offer to nobody changes what customers did")
	}
	ids := after.IDs()
	half, all := sure(Campaign("shop", ids[:len(ids)/2])), sure(Campaign("shop", ids))
	persuaded := 0
	for i := range ids {
		was, with := after.Row(i), all.Row(i)
		if some := half.Row(i); i < len(ids)/2 && !slices.Equal(some, with) || i >= len(ids)/2 && !slices.Equal(some, was) {
			t.Fatalf("customer %s did %v, offered with others %v", ids[i], some, with)
		}
		switch {
		case with[1] == was[1]+1 && with[0] == 1 && with[2] > was[2]:
			persuaded++
		case !slices.Equal(with, was):
			t.Fatalf("customer %s: %v became %v", ids[i], was, with)
		}
	}
	if persuaded < 250 || persuaded > 450 {
		t.Errorf("%d of %d are persuaded", persuaded, len(ids))
	}
	if _, err := Campaign("shop", []string{"99999"}); !errors.Is(err, fault.ErrUnmatched) {
		t.Error(err)
	}
	if _, err := Campaign("shoop", nil); err == nil {
		t.Error("a shop that is not there")
	}
}

// What Persuaded says is what a customer's extra order does on average.
func TestPersuadedIsTheTruth(t *testing.T) {
	for l, p := range sure(Persuaded("shop")) {
		const n = 40_000
		count, spend := 0.0, 0.0
		for i := range n {
			if cents := (shop.Options{}).ExtraOrder(string(rune('1'+i%9))+pad(i), l); cents > 0 {
				count++
				spend += float64(cents) / 100
			}
		}
		if math.Abs(count/n-p.Extra) > 3*math.Sqrt(p.Extra*(1-p.Extra)/n) {
			t.Errorf("%s: %g persuaded, want %g", p.Segment, count/n, p.Extra)
		}
		if math.Abs(spend/n-p.Spend) > .08*p.Spend {
			t.Errorf("%s: %g EUR, want %g", p.Segment, spend/n, p.Spend)
		}
	}
}

func pad(i int) string {
	digits := []byte("00000")
	for at := len(digits) - 1; i > 0; at-- {
		digits[at] = byte('0' + i%10)
		i /= 10
	}
	return string(digits)
}

// A test finds the truth: over 40 draws, intervals hold what the offer does to the customers of each segment, money is shown to come in from big baskets nearly always, and from the
// regulars, on whom it does nothing, hardly ever; in the shop without segments no difference between halves is found.
func TestCampaignTestFindsTheTruth(t *testing.T) {
	const draws = 40
	before, after, truth := quarters(t, "shop")
	all := sure(Campaign("shop", after.IDs()))
	real := make([]float64, truth.K()) // what it does to just these customers
	for i, l := range truth.Labels {
		if l >= 0 {
			real[l] += (all.At(i, 2) - after.At(i, 2)) / float64(truth.Counts()[l])
		}
	}
	held, shown := 0, make([]int, truth.K())
	for random := range draws {
		test := campaign.Test{Name: "voucher", Response: "active", Revenue: "spend", Contact: .6, Reward: 5, Margin: .4, Seed: random}
		m := sure(test.Draw(before, truth))
		r := sure(m.Read(sent(after, all, m)))
		for l, e := range r.Revenue.Segments {
			if e.Low <= real[l] && real[l] <= e.High {
				held++
			}
			if e.Shown(.05) && e.Value > 0 {
				shown[l]++
			}
		}
	}
	if rate := float64(held) / draws / 4; rate < .9 {
		t.Errorf("intervals hold the truth in %.2f", rate)
	}
	if big, regulars := shown[slices.Index(truth.Names, "big baskets")], shown[slices.Index(truth.Names, "regulars")]; big < 36 || regulars > 3 {
		t.Errorf("money is shown to come from big baskets in %d, from regulars in %d of %d draws", big, regulars, draws)
	}
	before, after, _ = quarters(t, "shop-without-segments")
	all = sure(Campaign("shop-without-segments", after.IDs()))
	labels := make(table.Labels, after.Len())
	for i := range labels {
		labels[i] = i % 2
	}
	halves, differ := sure(table.NewSegments(after.IDs(), labels, []string{"one half", "the other"})), 0
	for random := range draws {
		m := sure(campaign.Test{Response: "active", Seed: random}.Draw(before, halves))
		if sure(m.Read(sent(after, all, m))).Response.Differ() {
			differ++
		}
	}
	if differ > 7 {
		t.Errorf("halves of one population differ in %d of %d tests", differ, draws)
	}
}

// sent is what Campaign returns for the customers of a manifest, put together from the outcomes of offering nobody and everybody.
func sent(nobody, everybody *table.Table, m *campaign.Manifest) *table.Table {
	offered, ids := map[string]bool{}, nobody.IDs()
	for _, id := range m.Offered() {
		offered[id] = true
	}
	var data []float64
	for i, id := range ids {
		if offered[id] {
			data = append(data, everybody.Row(i)...)
		} else {
			data = append(data, nobody.Row(i)...)
		}
	}
	return nobody.WithData(nobody.Columns(), data)
}

func sure[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
