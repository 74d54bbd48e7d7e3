package track

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// Whatever the moves: every customer is counted once, entries less exits are the growth, and the money is that of the log, to the cent.
func TestMovesReconcile(t *testing.T) {
	names := []string{"A", "B", "C"}
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"a", "b", "c", "d", "e", "f", "g"}
		labels := make([]map[string]int, 2)
		for at := range labels {
			labels[at] = map[string]int{}
			for _, id := range ids[:6] {
				if l := rapid.IntRange(-2, 2).Draw(t, id); l > -2 { // -1: in no segment
					labels[at][id] = l
				}
			}
		}
		h := madeHistory(names, 30, labels, nil)
		type line struct {
			id         string
			day, cents int
		}
		var lines []line
		total, before := 0, 0
		for range rapid.IntRange(0, 30).Draw(t, "lines") {
			l := line{rapid.SampledFrom(ids).Draw(t, "customer"), rapid.IntRange(-40, 40).Draw(t, "day"), rapid.IntRange(-999, 9999).Draw(t, "cents")}
			lines = append(lines, l)
			if l.day > 0 && l.day <= 30 {
				total += l.cents
			}
		}
		h.spent = func(after, upTo time.Time) (map[string]features.Money, error) {
			out := map[string]features.Money{}
			for _, l := range lines {
				if day(l.day).After(after) && !day(l.day).After(upTo) {
					out[l.id] = features.Money{Units: out[l.id].Units + int64(l.cents), Decimals: 2}
				}
			}
			return out, nil
		}
		m, err := h.Migration(0, 1, DrawOptions{Draws: -1})
		if err != nil {
			t.Fatal(err)
		}
		s := len(m.States)
		from, to := 0, 0
		for a := range m.Customers {
			for b, n := range m.Customers[a] {
				if ids, _ := m.Movers(m.States[a], m.States[b]); len(ids) != n {
					t.Fatalf("%d customers, and the ids %v", n, ids)
				}
				if a < s-1 {
					from += n
				}
				if b < s-1 {
					to += n
				}
			}
		}
		if from != len(labels[0]) || to != len(labels[1]) {
			t.Fatalf("%d and %d customers counted of %d and %d", from, to, len(labels[0]), len(labels[1]))
		}
		entries, exits := trial.Sure(m.Movers(notThere, "")), trial.Sure(m.Movers("", notThere))
		if len(entries)-len(exits) != to-from {
			t.Fatalf("%d came and %d left, but there are %d more", len(entries), len(exits), to-from)
		}
		spent := 0.0
		known := map[string]bool{}
		for a := range m.Spend {
			for b := range m.Spend[a] {
				spent += m.Spend[a][b]
				for _, id := range m.ids[a][b] {
					known[id] = true
				}
			}
		}
		if int(math.Round(100*spent)) != total {
			t.Fatalf("%v spent, the log has %d cents", spent, total)
		}
		for _, l := range lines { // the same customers, in the 30 days up to the first date
			if known[l.id] && l.day > -30 && l.day <= 0 {
				before += l.cents
			}
		}
		earlier := 0.0
		for a := range m.Before {
			for b := range m.Before[a] {
				earlier += m.Before[a][b]
			}
		}
		if int(math.Round(100*earlier)) != before {
			t.Fatalf("%v spent before, the log has %d cents", earlier, before)
		}
	})
}

// topTenth puts the tenth of customers with most orders into "Best", of equals those who come first by id.
func topTenth(raw *table.Table) (*table.Segments, error) {
	orders := trial.Sure(raw.Values("orders"))
	rows := make([]int, len(orders))
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(orders[b], orders[a]) })
	labels := make(table.Labels, len(orders))
	for rank, i := range rows {
		if rank >= len(rows)/10 {
			labels[i] = 1
		}
	}
	return table.NewSegments(raw.IDs(), labels, []string{"Best", "Others"})
}

// Regression to the mean: customers of steady habits (a Poisson process each, the rates gamma: the NBD of Ehrenberg 1959) fall out of the best tenth by chance
// alone. Here 62 % of it would be in the best tenth of the next year, as a simulation of counts without any log says; the draws say the same, and nobody
// is said to have changed. Where half the best customers do lapse, it is seen.
func TestStandingStillFindsRegressionToTheMean(t *testing.T) {
	const customers, year, perYear = 1500, 180, 5.
	r := seedOf(11)
	gamma := func() float64 { return r.ExpFloat64() + r.ExpFloat64()/2 } // a shape between 1 and 2
	var counts [][2]int
	for range 60_000 {
		rate := perYear * gamma()
		if a, b := poisson(r, rate), poisson(r, rate); a+b > 0 {
			counts = append(counts, [2]int{a, b})
		}
	}
	in := func(year int) map[int]bool {
		rows := make([]int, len(counts))
		for i := range rows {
			rows[i] = i
		}
		slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(counts[b][year], counts[a][year]) })
		out := map[int]bool{}
		for _, i := range rows[:len(rows)/10] {
			out[i] = true
		}
		return out
	}
	first, second := in(0), in(1)
	both := 0
	for i := range first {
		if second[i] {
			both++
		}
	}
	theory := float64(both) / float64(len(first))
	if math.Abs(theory-.62) > .03 {
		t.Fatalf("of the best tenth %.3f stay in theory: the example is not the one that is told", theory)
	}
	history := func(lapse bool) *History {
		var orders []bought
		for i := range customers {
			rate := perYear / year * gamma()
			last := 3 * year
			if lapse && i%2 == 0 {
				last = 2 * year
			}
			for at := r.ExpFloat64() / rate; at < float64(last); at += r.ExpFloat64() / rate {
				orders = append(orders, bought{fmt.Sprintf("%04d", i), int(at), 100})
			}
		}
		orders = append(orders, bought{"9999", 3*year - 1, 100})
		return trial.Sure(follow(t.Context(), "Follow", logOf(t, orders), features.Spec{Window: year, Features: []string{"orders"}}, []time.Time{day(2*year - 1), day(3*year - 1)}, topTenth))
	}
	m := trial.Sure(history(false).Migration(0, 1, DrawOptions{Draws: 10}))
	share, still := m.Stayed(0)
	if math.Abs(still-theory) > .04 || math.Abs(share-still) > .13 {
		t.Errorf("%.3f stayed, %.3f in draws, %.3f in theory", share, still, theory)
	}
	if got := strings.Join(m.Changes(), " "); !strings.Contains(got, "In no segment") {
		t.Errorf("habits did not change, but: %s", got)
	}
	m = trial.Sure(history(true).Migration(0, 1, DrawOptions{Draws: 10}))
	if got := strings.Join(m.Changes(), " "); !strings.Contains(got, "Best: ") || !strings.Contains(got, "fewer") {
		t.Errorf("half the customers lapsed, but: %s", got)
	}
}

func TestMoversOfUnknownStatesAreRefused(t *testing.T) {
	m := trial.Sure(madeHistory([]string{"A"}, 30, []map[string]int{{"a": 0, "b": 0}, {"a": 0}}, nil).Migration(0, 1, DrawOptions{Draws: -1}))
	for want, states := range map[string][2]string{`Movers.from = "Z"`: {"Z", "A"}, `Movers.to = "z"`: {"A", "z"}, `Movers.from = ""`: {"", ""}} {
		if _, err := m.Movers(states[0], states[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if ids := trial.Sure(m.Movers("A", "")); !slices.Equal(ids, []string{"b"}) {
		t.Errorf("left A: %v", ids)
	}
}
