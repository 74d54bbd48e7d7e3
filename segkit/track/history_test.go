package track

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// day is the nth of a made-up calendar.
func day(n int) time.Time { return time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

// bought is an order of one line.
type bought struct {
	customer string
	day      int
	cents    int
}

// logOf is an order log without anything to clean.
func logOf(t testing.TB, orders []bought) *features.Cleaned {
	t.Helper()
	var b strings.Builder
	b.WriteString("order_id,order_date,customer_id,product_id,quantity,unit_price\n")
	for i, o := range orders {
		quantity, cents := 1, o.cents
		if cents < 0 {
			quantity, cents = -1, -cents
		}
		fmt.Fprintf(&b, "%d,%s,%s,p,%d,%d.%02d\n", i, day(o.day).Format(time.DateOnly), o.customer, quantity, cents/100, cents%100)
	}
	parsed, err := features.ParseOrders(strings.NewReader(b.String()), "orders.csv", features.OrdersOptions{Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	return trial.Sure(parsed.Clean())
}

// madeHistory is a history whose segments are given: labels[t] by customer, missing customers are not there.
func madeHistory(names []string, apart int, labels []map[string]int, margins []map[string]float64) *History {
	h := &History{Names: names, unit: "EUR", spec: features.Spec{Window: apart}, spent: func(_, _ time.Time) (map[string]features.Money, error) { return nil, nil }}
	for t, at := range labels {
		h.Dates = append(h.Dates, day(t*apart))
		s := &table.Segments{Names: names}
		for id := range at {
			s.IDs = append(s.IDs, id)
		}
		slices.Sort(s.IDs)
		for _, id := range s.IDs {
			s.Labels = append(s.Labels, at[id])
			if margins != nil {
				s.Margin = append(s.Margin, margins[t][id])
			}
		}
		h.Segments = append(h.Segments, s)
	}
	return h
}

// poisson counts the events of a process of rate 1 in time.
func poisson(r *rand.Rand, time float64) (n int) {
	for time -= r.ExpFloat64(); time > 0; time -= r.ExpFloat64() {
		n++
	}
	return n
}

func TestMonthEnds(t *testing.T) {
	var got []string
	for _, d := range MonthEnds(time.Date(2023, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)) {
		got = append(got, d.Format(time.DateOnly))
	}
	if want := []string{"2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A date is the day of its own calendar, in whatever zone the clock of the job runs.
func TestDatesAreDaysOfTheirOwnZone(t *testing.T) {
	clean := logOf(t, []bought{{"a", 0, 100}, {"b", 10, 100}, {"a", 20, 100}})
	score := func(raw *table.Table) (*table.Segments, error) {
		return table.NewSegments(raw.IDs(), make(table.Labels, raw.Len()), []string{"all"})
	}
	here := time.FixedZone("east", 2*3600)
	h, err := follow(t.Context(), "Follow", clean, features.Spec{}, []time.Time{time.Date(2023, 1, 10, 0, 0, 0, 0, here), time.Date(2023, 1, 11, 0, 0, 0, 0, here)}, score)
	if err != nil {
		t.Fatal(err)
	}
	if h.Segments[0].IDs == nil || len(h.Segments[0].IDs) != 1 || len(h.Segments[1].IDs) != 2 || !h.Dates[1].Equal(day(10)) {
		t.Errorf("customers %v and %v on %v", h.Segments[0].IDs, h.Segments[1].IDs, h.Dates)
	}
}

func TestDatesThatCannotBeAreRefused(t *testing.T) {
	clean := logOf(t, []bought{{"a", 5, 100}, {"a", 20, 100}})
	for want, dates := range map[string][]time.Time{
		"at least one date": nil,
		"dates in rising order, but 2023-01-10 comes before it": {day(9), day(9)},
		"dates from 2023-01-06 to 2023-01-21":                   {day(1), day(9)},
		"days after the last order line":                        {day(9), day(300)},
	} {
		_, err := follow(t.Context(), "Follow", clean, features.Spec{}, dates, func(raw *table.Table) (*table.Segments, error) {
			return table.NewSegments(raw.IDs(), make(table.Labels, raw.Len()), []string{"all"})
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func seedOf(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, n)) }

func TestHistoryIsCountedByItsDates(t *testing.T) {
	day := func(m time.Month) time.Time { return time.Date(2025, m, 1, 0, 0, 0, 0, time.UTC) }
	none := &table.Segments{}
	for want, h := range map[string]*History{
		"Customers in 1 segment on 2025-01-01":                              {Names: []string{"a"}, Dates: []time.Time{day(1)}},
		"Customers in 4 segments on 3 dates, from 2025-01-01 to 2025-03-01": {Names: []string{"a", "b", "c", "d"}, Dates: []time.Time{day(1), day(2), day(3)}},
	} {
		for range h.Dates {
			h.Segments = append(h.Segments, none)
		}
		if got := h.Sheet().Caption; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if notes := (&Life{}).Sheet().Notes; len(notes) != 1 {
		t.Errorf("nothing is left out, and the notes say %q", notes)
	}
}
