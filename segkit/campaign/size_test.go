package campaign

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// people are n customers of an earlier period with "active" (yes with the given chance) and "spend" (lognormal, 0 for who was not active), in k segments of equal size by turns.
func people(t testing.TB, n, k int, active float64, random int) (*table.Table, *table.Segments) {
	t.Helper()
	r := seed.Stream(random, "people", 0)
	ids, labels, data := wording.Numbered(n), make(table.Labels, n), make([]float64, 0, 2*n)
	names := []string{"Often", "Rarely", "Once", "New", "Left"}[:k]
	for i := range ids {
		labels[i] = i % k
		a, s := 0.0, 0.0
		if r.Float64() < active {
			a, s = 1, math.Exp(3+r.NormFloat64())
		}
		data = append(data, a, s)
	}
	earlier, err := table.New(ids, []table.Column{{Name: "active"}, {Name: "spend", Unit: "EUR"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := table.NewSegments(ids, labels, names)
	if err != nil {
		t.Fatal(err)
	}
	return earlier, s
}

var voucher = Test{Name: "voucher", Response: "active", Revenue: "spend", Contact: .5, Reward: 5, Margin: .4, Seed: 1}

// The help page of R's power.prop.test: power.prop.test(n = 50, p1 = .50, p2 = .75) has power = 0.7401659, and
// power.prop.test(p1 = .50, p2 = .75, power = .90) has n = 76.7 in each group.
func TestSharesAsInR(t *testing.T) {
	q := Test{Power: .7401659}.question(.05)
	trial.Nearly(t, "rise", q.findsRate(.5, 50, 50), .25, 1e-6)
	test := Test{Response: "active", Worth: .25, Power: .9, Holdout: .5}
	if n := test.needed(test.question(.05), Size{Rate: .5}); n != 154 { // 2 x 76.7
		t.Errorf("%d customers", n)
	}
}

// The textbook case: half a standard deviation at 5 % and 80 % takes 62.8 in each arm by the normal approximation:
// 2 (1.95996 + 0.84162)^2 / .5^2 = 62.79 (Cohen 1988, who counts with Student's t, has 64).
func TestMeansAsInTextbooks(t *testing.T) {
	test := Test{Revenue: "spend", Worth: 5, Power: .8, Holdout: .5}
	q := test.question(.05)
	if n := test.needed(q, Size{SD: 10}); n != 126 {
		t.Errorf("%d customers", n)
	}
	trial.Nearly(t, "finds", q.finds(10, 62.79, 62.79), 5, 1e-4)
	test.Holdout = .1 // 1/.9 + 1/.1 where .5 has 4
	if n, want := test.needed(q, Size{SD: 10}), int(math.Ceil(31.39541*(1/.9+10))); n != want {
		t.Errorf("%d customers with a tenth held out, want %d", n, want)
	}
}

// Law: an effect of the size that a test says it finds is found about as often as it says.
func TestPowerIsWhatItSays(t *testing.T) {
	const base, n1, n0 = .2, 300.0, 100.0
	q := Test{Power: .8}.question(.05)
	rise, found := q.findsRate(base, n1, n0), 0
	r := seed.Stream(1, "power", 0)
	count := func(p, n float64) (k float64) {
		for range int(n) {
			if r.Float64() < p {
				k++
			}
		}
		return k
	}
	for range 4000 {
		a, b := count(base+rise, n1), count(base, n0)
		pooled := (a + b) / (n1 + n0)
		if math.Abs(a/n1-b/n0) > q.level*math.Sqrt(pooled*(1-pooled)*(1/n1+1/n0)) {
			found++
		}
	}
	if power := float64(found) / 4000; power < .77 || power > .83 {
		t.Errorf("an effect of %g is found in %g of 4,000 tests", rise, power)
	}
}

func TestSizes(t *testing.T) {
	earlier, s := people(t, 4000, 4, .3, 1)
	sizes := trial.Sure(voucher.Size(earlier, s))
	for _, g := range sizes.Segments {
		if g.Customers != 1000 || g.HeldOut != 500 || g.Offered != 500 {
			t.Errorf("%+v", g)
		}
		if g.Finds <= sizes.Total.Finds || g.FindsRate <= sizes.Total.FindsRate {
			t.Errorf("a quarter finds %g, all find %g", g.Finds, sizes.Total.Finds)
		}
		trial.Nearly(t, "what pays", g.Pays, (.5+5*g.Rate)/.4, 1e-12)
		if g.Needed <= g.Customers != (g.Finds <= g.Pays) {
			t.Errorf("needs %d customers of %d, finds %g, pays from %g", g.Needed, g.Customers, g.Finds, g.Pays)
		}
	}
	told := false
	for l, row := range sizes.Sheet().Rows[:len(sizes.Segments)] {
		g := sizes.Segments[l]
		short := slices.Contains(row, "more than there are")
		if told = told || short; short != (g.Needed > g.Customers) || short == slices.Contains(row, sheet.Count(g.Needed)) {
			t.Errorf("needs %d customers of %d: %q", g.Needed, g.Customers, row)
		}
	}
	if said := strings.Contains(sizes.Sheet().Text(), "cannot be found with the customers"); said != (told || sizes.Total.Needed > sizes.Total.Customers) {
		t.Errorf("said %v", said)
	}
	dear := voucher
	dear.Contact = 1e-6 // pays from an effect too small to be measured
	dear.Reward = 0
	if text := trial.Sure(dear.Size(earlier, s)).Sheet().Text(); !strings.Contains(text, "cannot be found with the customers") || !strings.Contains(text, "more than") {
		t.Error(text)
	}
	capped := voucher
	capped.Winsor = .95
	with := trial.Sure(capped.Size(earlier, s))
	for l, g := range with.Segments {
		if whole := sizes.Segments[l]; g.SD >= whole.SD || g.Skew >= whole.Skew || g.SkewNeeds >= whole.SkewNeeds {
			t.Errorf("winsorised: %+v, whole: %+v", g, whole)
		}
	}
	if text := with.Sheet().Text(); !strings.Contains(text, "all segments") || strings.Contains(text, "NaN") {
		t.Error(text)
	}
}

// The warning: 1,000 customers of whom one in two hundred spends much have a mean that is far from normal; spread evenly they have not.
func TestSkewedMoneyIsWarnedOf(t *testing.T) {
	ids, spend, even := wording.Numbered(2000), make([]float64, 2000), make([]float64, 2000)
	for i := range spend {
		if even[i] = float64(i % 10); i%200 == 0 {
			spend[i] = 1000
		}
	}
	s := trial.Sure(table.NewSegments(ids, make(table.Labels, 2000), nil))
	for name, c := range map[string]struct {
		values []float64
		trust  bool
	}{"few spend much": {spend, false}, "even": {even, true}} {
		earlier := trial.Sure(table.New(ids, []table.Column{{Name: "spend", Unit: "EUR"}}, c.values))
		sizes := trial.Sure(Test{Revenue: "spend"}.Size(earlier, s))
		if g := sizes.Segments[0]; g.Trusted() != c.trust || strings.Contains(sizes.Sheet().Text(), "yes: skewness") == c.trust {
			t.Errorf("%s: skewness %g wants %d of %d", name, g.Skew, g.SkewNeeds, g.HeldOut)
		}
	}
}

func TestTestsThatCannotBe(t *testing.T) {
	earlier, s := people(t, 300, 3, .3, 1)
	none := trial.Sure(table.NewSegments(s.IDs[:3], table.Labels{-1, -1, -1}, []string{"A"}))
	for want, c := range map[string]struct {
		test Test
		s    *table.Segments
		kind error
	}{
		"campaign.Test.Revenue":                       {Test{}, s, fault.ErrOption},
		"campaign.Test.Holdout = 1.5":                 {Test{Revenue: "spend", Holdout: 1.5}, s, fault.ErrOption},
		"campaign.Test.Contact = -1":                  {Test{Revenue: "spend", Contact: -1}, s, fault.ErrOption},
		"campaign.Test.Margin = -0.4":                 {Test{Revenue: "spend", Margin: -.4}, s, fault.ErrOption},
		"campaign.Test.Margin = 40":                   {Test{Revenue: "spend", Margin: 40}, s, fault.ErrOption},
		"campaign.Test.Winsor = 0.2":                  {Test{Revenue: "spend", Winsor: .2}, s, fault.ErrOption},
		"campaign.Test.Reward = 5, want 0":            {Test{Revenue: "spend", Reward: 5}, s, fault.ErrOption},
		"campaign.Test.Response = \"spend\"":          {Test{Revenue: "spend", Response: "spend"}, s, fault.ErrOption},
		"campaign.Test.Worth = 0":                     {Test{Response: "active", Contact: 1}, s, fault.ErrOption},
		"sepnd":                                       {Test{Revenue: "sepnd"}, s, fault.ErrMissingColumn},
		"is neither 0 nor 1":                          {Test{Response: "spend"}, s, fault.ErrSchema},
		"no customer is in any segment":               {Test{Revenue: "spend"}, none, fault.ErrEmpty},
		"campaign.Test.Size: the segmentation is nil": {Test{Revenue: "spend"}, nil, fault.ErrNil},
	} {
		_, err := c.test.Size(earlier, c.s)
		if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, c.kind) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := voucher.Size(nil, s); !errors.Is(err, fault.ErrNil) {
		t.Error(err)
	}
}

// Nobody spent anything: there is no spread to plan with, and that is said.
func TestSizesOfNothing(t *testing.T) {
	ids := wording.Numbered(100)
	s := trial.Sure(table.NewSegments(ids, make(table.Labels, 100), nil))
	earlier := trial.Sure(table.New(ids, []table.Column{{Name: "spend"}}, make([]float64, 100)))
	sizes := trial.Sure(Test{Revenue: "spend"}.Size(earlier, s))
	if g := sizes.Segments[0]; !math.IsNaN(g.Finds) || g.Needed != -1 || !strings.Contains(sizes.Sheet().Text(), "nobody spent anything") {
		t.Errorf("%+v\n%s", g, sizes.Sheet().Text())
	}
}

// Law: a test of as many customers finds as much, whoever they are; four times as many halve what the money must differ by.
func TestSizesOfOtherCustomers(t *testing.T) {
	earlier, then := people(t, 4000, 4, .3, 1)
	was := trial.Sure(voucher.Size(earlier, then))
	same := trial.Sure(was.For(then))
	if got, want := fmt.Sprint(same.Segments, same.Total), fmt.Sprint(was.Segments, was.Total); got != want { // bit for bit, also where there is no number
		t.Errorf("%s, want %s", got, want)
	}
	_, today := people(t, 16000, 4, .3, 2)
	sizes := trial.Sure(was.For(today))
	for l, g := range sizes.Segments {
		if g.Offered != 2000 || g.HeldOut != 2000 || g.Mean != was.Segments[l].Mean || g.Needed != was.Segments[l].Needed {
			t.Errorf("%+v", g)
		}
		trial.Nearly(t, "finds", g.Finds, was.Segments[l].Finds/2, 1e-12)
	}
	if sizes.Total.Customers != 16000 {
		t.Errorf("%d customers", sizes.Total.Customers)
	}
	few := trial.Sure(table.NewSegments([]string{"a", "b"}, table.Labels{1, 1}, []string{"Rarely", "Often"}))
	if g := trial.Sure(was.For(few)).Segments; g[0].Customers != 2 || g[1].Customers != 0 {
		t.Errorf("segments are taken by place: %+v", g)
	}
	other := trial.Sure(table.NewSegments([]string{"a"}, table.Labels{0}, []string{"Elsewhere"}))
	if _, err := was.For(other); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), "Elsewhere") {
		t.Error(err)
	}
}
