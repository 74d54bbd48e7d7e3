package value_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// proved is 300 made-up customers, a tenth of whom order once, with 60 days held out, and their three segments.
func proved(t testing.TB) (*value.Summary, *table.Segments) {
	t.Helper()
	var lines strings.Builder
	labels, ids := make(table.Labels, 300), make([]string, 300)
	for i := range 300 {
		ids[i], labels[i] = fmt.Sprintf("c%03d", i), i*3/300
		for at := i % 20; at < 260; at += 10 + i%50 {
			fmt.Fprintf(&lines, "c%03d,%s,%d\n", i, day("2024-01-01").AddDate(0, 0, at).Format("2006-01-02"), 10+(i*7+at)%25)
			if i < 30 {
				break
			}
		}
	}
	fmt.Fprintln(&lines, "late,2024-09-30,5")
	s, err := value.Summarize(orders(t, lines.String()), day(""), value.SummaryOptions{Holdout: 60})
	check(t, err)
	segments, err := table.NewSegments(ids, labels, []string{"first", "second", "third"})
	check(t, err)
	return s, segments
}

// A hold-out has the intervals of the forecast with the same horizon, with money and without; what was seen in segments adds up to all that was
// seen; and sheets say what the intervals leave out, and who was taken to spend the mean.
func TestHoldoutIsProvedBySegmentAndInMoney(t *testing.T) {
	s, segments := proved(t)
	buying, err := value.NBD{}.Fit(s)
	check(t, err)
	spend, err := value.GammaGamma{}.Fit(s)
	check(t, err)
	h := value.Horizon{Spend: spend, Draws: 100, Seed: 3}
	proof, err := buying.Holdout(s, h)
	check(t, err)
	bare, err := buying.Holdout(s, value.Horizon{Draws: 100, Seed: 3})
	check(t, err)
	h.Days = 60
	ahead, err := buying.Forecast(s, h)
	check(t, err)
	if proof.Orders != ahead.AllOrders || proof.Orders != bare.Orders || proof.Value != ahead.AllValue {
		t.Errorf("one forecast, several intervals: %v, %v and %v; money %v and %v", proof.Orders, bare.Orders, ahead.AllOrders, proof.Value, ahead.AllValue)
	}
	by, err := proof.By(segments)
	check(t, err)
	seen, money, forecast := 0, 0.0, 0.0
	for _, g := range by.Segments {
		seen, money, forecast = seen+g.SeenOrders, money+g.SeenValue, forecast+g.Orders.Mean
		if inside := float64(g.SeenOrders) >= g.Orders.Low && float64(g.SeenOrders) <= g.Orders.High; inside != g.OrdersInside() {
			t.Errorf("%+v", g)
		}
	}
	if seen == 0 || seen != proof.Actual || math.Abs(money-proof.ActualValue) > 1e-9 || math.Abs(forecast-proof.Orders.Mean) > 1e-9 {
		t.Errorf("segments have %d orders, %v of money, %v forecast; all %d, %v, %v", seen, money, forecast, proof.Actual, proof.ActualValue, proof.Orders.Mean)
	}
	worth, err := ahead.By(segments)
	check(t, err)
	columns, err := ahead.Table()
	check(t, err)
	if !slices.Equal(columns.IDs(), ahead.IDs) {
		t.Errorf("the table has other ids: %v", columns.IDs()[:3])
	}
	for name, want := range map[string][]float64{"alive": ahead.Alive, "orders_ahead": ahead.Orders, "silent": ahead.Silent, "overdue": ahead.Overdue, "at_risk": ahead.AtRisk,
		"low": ahead.Low, "high": ahead.High, "order_spend": ahead.OrderSpend, "value": ahead.Value} {
		if got, err := columns.Values(name); err != nil || !slices.EqualFunc(got, want, func(a, b float64) bool { return a == b || a != a && b != b }) {
			t.Errorf("column %s of the table: %v (%v)", name, got[:3], err)
		}
	}
	label, err := segments.ByID("test")
	check(t, err)
	for l, g := range worth.Segments {
		var silent, alive, orders, atRisk float64
		customers, overdue := 0, 0
		for i, id := range ahead.IDs {
			if label[id] == l {
				customers++
				silent, alive, orders, atRisk = silent+ahead.Silent[i], alive+ahead.Alive[i], orders+ahead.Orders[i], atRisk+ahead.AtRisk[i]
				if ahead.Overdue[i] >= 3 {
					overdue++
				}
			}
		}
		near := func(got, want float64) bool { return math.Abs(got-want) <= 1e-9*(1+want) }
		if customers != g.Customers || overdue != g.Overdue || !near(g.Silent, silent/float64(customers)) || !near(g.Alive, alive/float64(customers)) || !near(g.Orders.Mean, orders) || !near(g.AtRisk, atRisk) {
			t.Errorf("%+v of %d customers, %v silent, %v alive, %v orders, %v at risk, %d overdue", g, customers, silent, alive, orders, atRisk, overdue)
		}
	}
	others, err := table.NewSegments(append([]string{"nobody", "no one", "unsorted"}, ahead.IDs...), append(table.Labels{0, 1, table.Noise}, make(table.Labels, len(ahead.IDs))...), []string{"first", "second"})
	check(t, err)
	wider, err := ahead.By(others)
	check(t, err)
	if wider.Unforeseen != 2 || worth.Unforeseen != 0 || wider.Unsorted != 0 || worth.Unsorted != len(ahead.IDs)-300 {
		t.Errorf("%d and %d customers of segments without a forecast, %d and %d of the forecast without a segment", wider.Unforeseen, worth.Unforeseen, wider.Unsorted, worth.Unsorted)
	}
	once := 0
	for _, x := range s.Repeats {
		if x == 0 {
			once++
		}
	}
	for _, shown := range []sheet.Sheeter{worth, by, ahead, proof, spend, buying, s} { // a cell for each column
		out := shown.Sheet()
		for _, row := range out.Rows {
			if len(row) != len(out.Columns) {
				t.Errorf("%T: %d cells below %d columns: %q", shown, len(row), len(out.Columns), row)
				break
			}
		}
	}
	for what, notes := range map[string][]string{"worth": worth.Sheet().Notes, "proof": by.Sheet().Notes, "forecast": ahead.Sheet().Notes} {
		if said := strings.Join(notes, " "); !strings.Contains(said, "They leave out seasons, changes of pace") || !strings.Contains(said, fmt.Sprintf("%d customers ordered once: each further order is assumed", once)) {
			t.Errorf("%s: %q", what, said)
		}
	}
	if said := strings.Join(worth.Sheet().Notes, " "); !strings.Contains(said, fmt.Sprintf("%d customers ordered once and cannot be counted there", once)) {
		t.Error(said)
	}
	if _, err := bare.By(segments); err != nil {
		t.Error(err)
	}
	for want, h := range map[string]value.Horizon{"60 days that are held out": {Days: 61}, "not discounted": {Discount: .1}} {
		if _, err := buying.Holdout(s, h); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", h, err)
		}
	}
}

// How far off a forecast was has a sign of either kind, and nothing is said of what was not seen.
func TestOffHasASign(t *testing.T) {
	for _, c := range []struct {
		forecast, seen float64
		want           string
	}{{131, 100, "+31"}, {88, 100, "−12"}, {100, 100, "+0"}, {0, 50, "−100"}, {3, 0, "–"}} {
		if got := value.Off(c.forecast, c.seen); got != c.want {
			t.Errorf("%v forecast, %v seen: %q, want %q", c.forecast, c.seen, got, c.want)
		}
	}
}
