package value_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// public returns the path of a public data set, or skips.
func public(t testing.TB, path string) string {
	t.Helper()
	full := filepath.Join(os.Getenv("SEGKIT_DATA"), filepath.FromSlash(path))
	if _, err := os.Stat(full); os.Getenv("SEGKIT_DATA") == "" || err != nil {
		t.Skipf("%s is not on this machine: let SEGKIT_DATA name the folder of the public sets", path)
	}
	return full
}

// published is the summary of the CDNOW tenth as Fader and Hardie published it (times in weeks, rounded to two decimals), which the package lifetimes ships: 2,357 customers, 1,411 of
// them with one order, 2,457 repeat days.
func published(t testing.TB) *value.Summary {
	t.Helper()
	return readPublished(t, "cdnow/cdnow_customers_summary_with_transactions.csv", value.Columns{Repeats: "x", Last: "t_x", Age: "T", Spend: "zbar"})
}

func readPublished(t testing.TB, path string, c value.Columns) *value.Summary {
	t.Helper()
	rows, err := table.ReadCSV(public(t, path), "ID")
	check(t, err)
	s, err := value.FromTable(rows, c)
	check(t, err)
	sum, zero := 0, 0
	for _, x := range s.Repeats {
		if sum += x; x == 0 {
			zero++
		}
	}
	if len(s.IDs) != 2357 || sum != 2457 || zero != 1411 {
		t.Fatalf("%d customers, %d repeats, %d without: not the published file", len(s.IDs), sum, zero)
	}
	return s
}

// sample reads the orders of the same customers.
func sample(t testing.TB) *features.Cleaned {
	t.Helper()
	orders, err := features.ReadOrders(public(t, "cdnow/CDNOW_sample.txt"), features.OrdersOptions{
		Header: []string{"master", "customer", "date", "cds", "amount"}, Customer: "customer", Date: "date", Amount: "amount", Quantity: "cds", Currency: "USD", Descriptors: []string{}})
	check(t, err)
	clean, err := orders.Clean()
	check(t, err)
	return clean
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// The summary that is counted from the orders is the published one.
func TestSummaryOfCDNOWIsThePublishedOne(t *testing.T) {
	want := published(t)
	got, err := value.Summarize(sample(t), time.Date(1997, 9, 30, 0, 0, 0, 0, time.UTC), value.SummaryOptions{Holdout: 273})
	check(t, err)
	if len(got.IDs) != len(want.IDs) {
		t.Fatalf("%d customers, want %d", len(got.IDs), len(want.IDs))
	}
	for i := range want.IDs {
		if got.Repeats[i] != want.Repeats[i] || math.Abs(got.Last[i]-want.Last[i]) > .0051 || math.Abs(got.Age[i]-want.Age[i]) > .0051 {
			t.Fatalf("customer %s: %d, %v, %v, published as %d, %v, %v", got.IDs[i], got.Repeats[i], got.Last[i], got.Age[i], want.Repeats[i], want.Last[i], want.Age[i])
		}
		if want.Repeats[i] > 0 && math.Abs(got.Spend[i]-want.Spend[i]) > .0051 {
			t.Fatalf("customer %s spent %v, published as %v", got.IDs[i], got.Spend[i], want.Spend[i])
		}
	}
	later, before := 0, 0
	for i := range got.IDs {
		later, before = later+got.Later.Orders[i], before+got.Later.Before[i]
	}
	if later != 1882 || before != 2457 { // recomputed with pandas
		t.Errorf("%d days with an order in the next 39 weeks and %d repeat days in the last 39, want 1,882 and 2,457", later, before)
	}
}

// Fader, Hardie & Lee (2005), table 2, and CLVTools for the finer digits; the log-likelihood is that of this file, whose times are rounded. Standard errors and
// intervals are those of the documentation of lifetimes 0.11.
func TestBGNBDOnCDNOW(t *testing.T) {
	m, err := value.BGNBD{}.Fit(published(t))
	check(t, err)
	for _, want := range []struct {
		name             string
		value, tolerance float64
		se, low, high    float64
	}{
		{"r", .2425945, 2e-5, .012557, .217981, .267205}, // the tolerance is what rounding the times moves
		{"alpha", 4.4136019, 4e-4, .378221, math.NaN(), math.NaN()},
		{"a", .7929199, 3e-4, .185719, .428877, 1.156895},
		{"b", 2.4258881, 3e-3, .705345, 1.043276, 3.808229},
	} {
		near(t, want.name, m.Value(want.name), want.value, want.tolerance)
		for _, p := range m.Parameters {
			if p.Name != want.name {
				continue
			}
			near(t, "the standard error of "+want.name, p.SE, want.se, 5e-4*max(1, want.value))
			if !math.IsNaN(want.low) {
				near(t, "the published lower end of "+want.name, p.Value-1.959964*p.SE, want.low, 2e-3)
				near(t, "the published upper end of "+want.name, p.Value+1.959964*p.SE, want.high, 2e-3)
			}
			if !(0 < p.Low && p.Low < p.Value && p.Value < p.High) {
				t.Errorf("%s: %v to %v", p.Name, p.Low, p.High)
			}
		}
	}
	near(t, "the log-likelihood", m.LogLikelihood, -9582.42556, 5e-6)
	if !m.Converged || !m.Peaked || m.Slope > 1e-4 || len(m.Doubts) > 0 {
		t.Errorf("%+v", m.Estimate)
	}
	for _, c := range []struct {
		id         string
		x          int
		last, age  float64
		t, orders1 float64
	}{{"1516", 26, 30.86, 31, 7, .710623}, {"157", 29, 37.71, 38, 7, .662396}, {"841", 19, 34, 34.14, 7, .474738}, {"1981", 17, 28.43, 28.86, 7, .486526}, {"509", 18, 35.14, 35.86, 7, .424877}} {
		near(t, "orders of customer "+c.id, m.Orders(c.x, c.last, c.age, c.t), c.orders1, 2e-6)
	}
}

// With the parameters of the paper to three digits: P(alive) and E[Y(39)] by their formulas, the distribution by the manual of BTYD, as in the tests of lifetimes.
func TestBGNBDByItsFormulas(t *testing.T) {
	m := value.BGNBDOf(.243, 4.414, .793, 2.426)
	for _, c := range []struct {
		x         int
		last, age float64
		want      float64
	}{{2, 30.43, 38.86, .726579}, {1, 1.71, 38.86, .212101}, {26, 30.86, 31, .968916}, {5, 30, 39, .705627}, {10, 30, 39, .571552}, {20, 30, 39, .196820}, {0, 0, 39, 1}} {
		near(t, "P(alive)", m.Alive(c.x, c.last, c.age), c.want, 6e-7)
	}
	near(t, "E[Y(39)]", m.Orders(2, 30.43, 38.86, 39*7), 1.22603, 2e-5)
	finer := value.BGNBDOf(.2425945, 4.4136019, .7929199, 2.4258881)
	for weeks, want := range map[float64]float64{.1429: .00782, 1: .05318, 3: .15063, 31.8571: 1.04049, 32: 1.04373, 78: 1.85796} {
		near(t, "expected of a new customer", finer.NewOrders(7*weeks), want, 5.1e-6)
	}
	near(t, "P(X(2)=10)", m.Count(10, 14), 1.07869e-7, 1e-12)
	near(t, "P(X(39)=0)", m.Count(0, 39*7), .5737864, 1e-7)
	for i, want := range []float64{.0019995214, .0015170236, .0011633150, .0009003148, .0007023638, .0005517902, .0004361913, .0003467171, .0002769613, .0002222260} {
		near(t, "P(X(30))", m.Count(11+i, 210), want, 1e-9)
	}
}

// The log-likelihood at two places of the same file, recomputed with numpy.
func TestBGNBDLikelihoodAtGivenParameters(t *testing.T) {
	s := published(t)
	near(t, "the log-likelihood at 1, 1, 1, 1", value.LogLikelihood(value.BGNBDOf(1, 1, 1, 1), s), -13887.694644, 1e-6)
	near(t, "the log-likelihood at .5, 6, 1.2, 3.3", value.LogLikelihood(value.BGNBDOf(.5, 6, 1.2, 3.3), s), -9783.441082, 1e-6)
}

// MBG/NBD and NBD recomputed with scipy; the former as in BTYDplus to three digits.
func TestMBGNBDAndNBDOnCDNOW(t *testing.T) {
	s := published(t)
	m, err := value.MBGNBD{}.Fit(s)
	check(t, err)
	for name, want := range map[string]float64{"r": .524838, "alpha": 6.182992, "a": .891356, "b": 1.613999} {
		near(t, name, m.Value(name), want, 1e-6)
	}
	near(t, "the log-likelihood", m.LogLikelihood, -9582.13268, 6e-6)
	near(t, "P(alive) of one order", m.Alive(0, 0, 38.86), .38972, 6e-6)
	n, err := value.NBD{}.Fit(s)
	check(t, err)
	near(t, "r", n.Value("r"), .384768, 1e-6)
	near(t, "alpha", n.Value("alpha"), 12.072085, 2e-6)
	near(t, "the log-likelihood", n.LogLikelihood, -9763.66022, 6e-6)
}

// No order in 39 weeks: recomputed with scipy.
func TestSilence(t *testing.T) {
	s := published(t)
	m, err := value.BGNBD{}.Fit(s)
	check(t, err)
	near(t, "one order", m.Silent(0, 0, 38.86, 273), .85567, 6e-6)
	near(t, "two repeat days", m.Silent(2, 30.43, 38.86, 273), .44539, 6e-6)
	sum := 0.0
	for i, x := range s.Repeats {
		sum += m.Silent(x, s.Last[i], s.Age[i], 273)
	}
	near(t, "customers expected silent", sum, 1740, .5)
}

// Pareto/NBD recomputed with scipy; the same as Fader, Hardie & Lee (2005) and CLVTools to three digits, with the standard errors of the latter.
func TestParetoNBDOnCDNOW(t *testing.T) {
	m, err := value.ParetoNBD{}.Fit(published(t))
	check(t, err)
	for name, want := range map[string][3]float64{"r": {.553276, .0476264, 2e-6}, "alpha": {10.577613, .8427222, 2e-5}, "s": {.606214, .1872594, 2e-6}, "beta": {11.667916, 6.2105448, 1e-4}} {
		near(t, name, m.Value(name), want[0], want[2])
		for _, p := range m.Parameters {
			if p.Name == name {
				near(t, "the standard error of "+name, p.SE, want[1], 2e-3*want[1])
			}
		}
	}
	near(t, "the log-likelihood", m.LogLikelihood, -9594.97393, 6e-6)
	if !m.Converged || len(m.Doubts) > 0 {
		t.Errorf("%+v", m.Estimate)
	}
	near(t, "P(alive) of customer 1516", m.Alive(26, 30.86, 31), .9979, 6e-5)
	near(t, "orders of customer 1516 in 52 weeks", m.Orders(26, 30.86, 31, 364), 25.46, 6e-3)
	for x, want := range map[int]float64{10: .08038851, 15: .01113881, 20: .00131508, 25: .00014533} { // the midpoint rule with 200,000 steps
		near(t, "P(alive)", m.Alive(x, 20, 39), want, 2e-7)
	}
	for x, want := range map[int]float64{10: .69363937, 15: .52827610, 20: .34434746, 25: .19117294} {
		near(t, "P(alive)", m.Alive(x, 30, 39), want, 1e-6)
	}
}

// Gamma-Gamma on the 946 who ordered again: CLVTools, and the documentation of lifetimes for the means; the log-likelihood is that of the rounded file.
func TestGammaGammaOnCDNOW(t *testing.T) {
	s := published(t)
	m, err := value.GammaGamma{}.Fit(s)
	check(t, err)
	near(t, "p", m.Value("p"), 6.25, 6e-3)
	near(t, "q", m.Value("q"), 3.74, 6e-3)
	near(t, "v", m.Value("v"), 15.445, 6e-3)
	near(t, "the log-likelihood", m.LogLikelihood, -4055.9233, 6e-5)
	near(t, "the correlation", m.Correlation, .113884, 6e-7)
	sum, n := 0.0, 0.0
	for i, x := range s.Repeats {
		if x > 0 {
			sum, n = sum+s.Spend[i], n+1
		}
	}
	if n != 946 {
		t.Errorf("%v customers ordered again", n)
	}
	near(t, "mean spend", sum/n, 35.078551797, 6e-10)
	for _, c := range []struct {
		x          int
		mean, want float64
	}{{2, 22.35, 24.6586}, {1, 11.77, 18.9115}, {0, 0, 35.1710}, {7, 73.74, 71.4628}, {2, 25.55, 27.2824}} {
		near(t, "mean of an order", m.Mean(c.x, c.mean), c.want, 3e-3) // lifetimes stops its search earlier
	}
	// Those who ordered again and brought nothing are left out, and counted.
	with := *s
	with.IDs, with.Repeats, with.Spend = append(slices.Clone(s.IDs), "x", "y"), append(slices.Clone(s.Repeats), 1, 3), append(slices.Clone(s.Spend), 0, -5)
	with.Last, with.Age = append(slices.Clone(s.Last), 1, 2), append(slices.Clone(s.Age), 9, 9)
	without, err := value.GammaGamma{}.Fit(&with)
	check(t, err)
	if without.LeftOut != m.LeftOut+2 || without.Value("p") != m.Value("p") || !slices.Contains(without.Doubts, fmt.Sprintf("%d customers who ordered again brought in nothing, or less, and are left out.", m.LeftOut+2)) {
		t.Errorf("%d and %d left out; %q", m.LeftOut, without.LeftOut, without.Doubts)
	}
}

// The documentation of lifetimes: value of twelve steps at 1 % each, from a fit to the same file. It takes the weeks of the file for days, so that its months are 30 weeks.
func TestLifetimeValueOnCDNOW(t *testing.T) {
	s := published(t)
	m, err := value.BGNBD{}.Fit(s)
	check(t, err)
	spend, err := value.GammaGamma{}.Fit(s)
	check(t, err)
	const step = 30 * 7
	f, err := m.Forecast(s, value.Horizon{Days: 12 * step, Step: step, Discount: math.Pow(1.01, 365./step) - 1, Spend: spend, Draws: 40})
	check(t, err)
	for i, want := range []float64{140.096, 18.943, 38.181, 38.181, 38.181, 1003.868, 28.110, 38.181, 167.418, 38.181} {
		near(t, "value of customer "+f.IDs[i], f.Value[i], want, 1e-3*want)
	}
}

// From the orders themselves, with times that nobody rounded: the digits of CLVTools, which takes days too.
func TestFitsOfUnroundedTimes(t *testing.T) {
	s, err := value.Summarize(sample(t), time.Date(1997, 9, 30, 0, 0, 0, 0, time.UTC))
	check(t, err)
	m, err := value.BGNBD{}.Fit(s)
	check(t, err)
	near(t, "the log-likelihood", m.LogLikelihood, -9582.429, 6e-4)
	for name, want := range map[string]float64{"r": .2425945, "alpha": 4.4136019, "a": .7929199, "b": 2.4258881} {
		near(t, name, m.Value(name), want, 2e-5*want)
	}
	p, err := value.ParetoNBD{Starts: 1}.Fit(s)
	check(t, err)
	near(t, "the log-likelihood", p.LogLikelihood, -9594.976, 6e-4)
	g, err := value.GammaGamma{}.Fit(s)
	check(t, err)
	near(t, "the log-likelihood", g.LogLikelihood, -4055.9177, 6e-5)
}

// The hold-out of 39 weeks, recomputed with numpy and scipy: means by repeat days, totals, silence and errors.
func TestHoldoutOfCDNOW(t *testing.T) {
	s, err := value.Summarize(sample(t), time.Date(1997, 9, 30, 0, 0, 0, 0, time.UTC), value.SummaryOptions{Holdout: 273})
	check(t, err)
	for _, c := range []struct {
		fit interface {
			Fit(*value.Summary) (*value.Buying, error)
		}
		total    float64
		off      float64
		forecast []float64
	}{
		{value.BGNBD{}, 1653, .785, []float64{.225, .523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157}},
		{value.ParetoNBD{Starts: 1}, 1666, .755, []float64{.138, .600, 1.196, 1.714, 2.398, 2.907, 3.819, 6.403}}, // 2.39835 by the midpoint rule with 4,000 steps a customer
	} {
		m, err := c.fit.Fit(published(t)) // the recomputation took the rounded times
		check(t, err)
		h, err := m.Holdout(s)
		check(t, err)
		near(t, "the total", h.Orders.Mean, c.total, .5)
		near(t, "mean absolute error", h.OffPerCustomer, c.off, 6e-4)
		near(t, "mean absolute error of 0", h.ZeroOff, .798, 6e-4)
		if h.Actual != 1882 || h.AsLastTime != 2457 || h.WereSilent != 1673 || h.Orders.Low >= h.Orders.Mean || h.Orders.High <= h.Orders.Mean {
			t.Errorf("%+v", h)
		}
		for g, actual := range []float64{.237, .697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359} {
			near(t, "later orders of "+h.Model, h.Groups[g].Actual, actual, 6e-4)
			near(t, "forecast of "+h.Model, h.Groups[g].Forecast, c.forecast[g], 6e-4)
		}
		customers, expected := 0, 0.0
		for _, k := range h.Groups {
			customers, expected = customers+k.Customers, expected+k.Expected
		}
		if customers != 2357 || math.Abs(expected-2357) > 1e-6 {
			t.Errorf("%d customers counted, %v expected", customers, expected)
		}
		if none := h.Groups[0]; math.Abs(none.Expected-float64(none.Customers)) > 40 { // both models are known to fit these customers well
			t.Errorf("%s: %d customers did not order again, %v were expected", h.Model, none.Customers, none.Expected)
		}
		for _, l := range h.Lift {
			if l.ByModel > l.AtBest || l.AsLastTime > l.AtBest || l.ByModel < l.Customers {
				t.Errorf("%+v", l)
			}
		}
	}
}
