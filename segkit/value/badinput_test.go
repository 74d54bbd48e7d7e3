package value_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
	"github.com/segkit/lab/segkit/value"
)

// orders reads order lines "customer,date,amount".
func orders(t testing.TB, lines string) *features.Cleaned {
	t.Helper()
	read, err := features.ParseOrders(strings.NewReader("customer_id,date,amount\n"+lines), "orders.csv", features.OrdersOptions{Currency: "EUR"})
	check(t, err)
	clean, err := read.Clean()
	check(t, err)
	return clean
}

func day(text string) time.Time { d, _ := time.Parse(time.DateOnly, text); return d }

// Two orders on one day are one, the first day is no repeat and its money does not count, and nothing behind the as-of date is looked at.
func TestSummaryByHand(t *testing.T) {
	clean := orders(t, "a,2024-01-01,10\na,2024-01-01,5\na,2024-01-15,20\na,2024-01-15,20\na,2024-01-29,30\na,2024-03-01,99\nb,2024-01-08,7\nc,2024-02-26,7\n")
	s, err := value.Summarize(clean, day("2024-02-12"), value.SummaryOptions{Holdout: 18})
	check(t, err)
	if fmt.Sprint(s.IDs, s.Repeats, s.Last, s.Age) != "[a b] [2 0] [4 0] [6 5]" || fmt.Sprint(s.First) != "[15 7]" || s.Spend[0] != 35 || s.Spend[1] == s.Spend[1] {
		t.Errorf("%+v", s)
	}
	if l := s.Later; fmt.Sprint(l.Orders, l.Spend, l.Before) != "[1 0] [99 0] [1 0]" {
		t.Errorf("hold-out %+v", l)
	}
	since, err := value.Summarize(clean, day("2024-02-12"), value.SummaryOptions{Since: day("2024-01-02"), Unit: value.Day})
	check(t, err)
	if fmt.Sprint(since.IDs, since.Age, since.First) != "[b] [35] [7]" || !strings.Contains(strings.Join(since.Notes, " "), "1 customer whose first order was before 2024-01-02 is left out") {
		t.Errorf("%+v", since)
	}
}

// An as-of date behind the orders is told wherever what was made of it is shown.
func TestSilenceIsTold(t *testing.T) {
	lines := ""
	for i := range 60 {
		lines += fmt.Sprintf("c%d,2025-01-%02d,9\nc%d,2025-06-%02d,%d\n", i, 1+i%30, i%40, 1+i%30, 5+i%7)
	}
	clean := orders(t, lines)
	segments, err := table.NewSegments([]string{"c0", "c1"}, table.Labels{0, 0}, []string{"all"})
	check(t, err)
	for asOf, want := range map[string]bool{"2026-01-01": true, "2025-06-30": false} {
		s, err := value.Summarize(clean, day(asOf))
		check(t, err)
		b, err := value.NBD{}.Fit(s)
		check(t, err)
		ahead, err := b.Forecast(s, value.Horizon{Draws: 40})
		check(t, err)
		worth, err := ahead.By(segments)
		check(t, err)
		for _, shown := range []sheet.Sheeter{s, ahead, worth} {
			if notes := strings.Join(shown.Sheet().Notes, " "); strings.Contains(notes, "2025-06-30, 185 days before the as-of date") != want {
				t.Errorf("%T on %s: %q", shown, asOf, notes)
			}
		}
	}
}

// What cannot be summarised or fitted is a sentence with names and numbers.
func TestBadInputIsASentence(t *testing.T) {
	rows := func(frequency, recency, age float64) error {
		tab, err := table.New([]string{"x1"}, []table.Column{{Name: "frequency"}, {Name: "recency"}, {Name: "T"}}, []float64{frequency, recency, age})
		check(t, err)
		_, err = value.FromTable(tab, value.Columns{})
		return err
	}
	fit := func(lines string) error {
		s, err := value.Summarize(orders(t, lines), time.Time{})
		check(t, err)
		_, err = value.BGNBD{}.Fit(s)
		return err
	}
	clean := orders(t, "a,2024-01-01,10\na,2024-02-01,5\n")
	_, late := value.Summarize(clean, day("2024-01-20"), value.SummaryOptions{Holdout: 30})
	_, early := value.Summarize(clean, day("2023-12-20"))
	_, since := value.Summarize(clean, time.Time{}, value.SummaryOptions{Since: day("2024-01-02")})
	_, starts := value.BGNBD{Starts: -1}.Fit(many(20, 5))
	for _, c := range []struct {
		err  error
		kind error
		says string
	}{
		{rows(2, 30, 20), fault.ErrOption, `column "recency", row 1 (id x1): "30" is not a time between the first and last orders of a customer known for 20`},
		{rows(1.5, 3, 20), fault.ErrOption, `"1.5" is not a number of days with an order after the first`},
		{rows(2, 0, 20), fault.ErrOption, "leaves no time for 2 repeat days"},
		{rows(0, 3, 20), fault.ErrOption, "never ordered again"},
		{rows(0, 0, -1), fault.ErrOption, `"-1" is not a time since the first order`},
		{fit("a,2024-01-01,10\nb,2024-01-01,5\n"), fault.ErrUndefined, "all 2 customers placed their first order on the as-of date: a history of one day has no pace"},
		{fit("a,2024-01-01,10\na,2024-01-05,5\nb,2024-01-02,5\n"), fault.ErrUndefined, "1 of 2 customers ordered again, and at least 10 are needed"},
		{late, fault.ErrEmpty, "30 days after 2024-01-20 end on 2024-02-19, but the orders end on 2024-02-01: choose fewer days, or an as-of date up to 2024-01-02"},
		{early, fault.ErrEmpty, "no order was placed up to 2023-12-20: the first is dated 2024-01-01"},
		{since, fault.ErrEmpty, "no customer placed a first order from 2024-01-02 to 2024-02-01"},
		{starts, fault.ErrOption, "value.BGNBD.Starts = -1, want 1 to 1000, or 0 for 3"},
	} {
		if c.err == nil || !errors.Is(c.err, c.kind) || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%v, want %q", c.err, c.says)
		}
	}
}

// Nobody was followed for less than no time, or for ever.
func TestTimesOfSurvivalAreRefused(t *testing.T) {
	for _, time := range []float64{-1, math.Inf(1), math.Inf(-1)} {
		rows, err := table.New([]string{"a", "b"}, []table.Column{{Name: "weeks"}, {Name: "left"}}, []float64{3, 1, time, 0})
		if err == nil {
			_, err = value.SurvivalOf(rows, "weeks", "left", nil)
		}
		if err == nil || !errors.Is(err, fault.ErrOption) || !strings.Contains(err.Error(), "is not a time for which a customer was followed") || !strings.Contains(err.Error(), "row 2 (id b)") {
			t.Errorf("%v: %v", time, err)
		}
	}
}

// What customers who ordered once are taken to spend is said where there is one, and money.
func TestSpendOfOnceIsSaid(t *testing.T) {
	const said = "1 customer ordered once: each further order is assumed to bring in what the orders of all customers bring in on average"
	for _, c := range []struct {
		of   value.Worth
		want bool
	}{{value.Worth{Money: true, Once: 1}, true}, {value.Worth{Money: true}, false}, {value.Worth{Once: 1}, false}} {
		if notes := strings.Join(c.of.Sheet().Notes, " "); strings.Contains(notes, said) != c.want || strings.Contains(notes, "is assumed to bring in") != c.want {
			t.Errorf("%+v: %s", c.of, notes)
		}
	}
}

// The share of a segment that is expected not to order stands in percent, and not at all where nobody is in it.
func TestSharesOfSilenceAreInPercent(t *testing.T) {
	rows := (&value.Worth{Days: 90, Segments: []value.SegmentWorth{{Segment: "calm", Customers: 4, Silent: .25}, {Segment: "none", Silent: .5}}}).Sheet().Rows
	if rows[0][3] != "25" || rows[1][3] != sheet.Missing {
		t.Errorf("%q", rows)
	}
}

// many is a summary of n customers who ordered on x days more each, at an even pace of a week, and were then watched for as long again.
func many(n, x int) *value.Summary {
	s := &value.Summary{}
	for i := range n {
		s.IDs, s.Repeats = append(s.IDs, fmt.Sprint(i)), append(s.Repeats, x)
		s.Last, s.Age, s.Spend = append(s.Last, float64(x)), append(s.Age, float64(2*x)), append(s.Spend, 10)
	}
	return s
}

// Customers who are all alike give no differences to estimate: the fit says so instead of naming numbers with confidence.
func TestAlikeCustomersRaiseDoubts(t *testing.T) {
	m, err := value.NBD{}.Fit(many(200, 6))
	check(t, err)
	if len(m.Doubts) == 0 || !strings.Contains(strings.Join(m.Doubts, " "), "r ran to the edge") && !strings.Contains(strings.Join(m.Doubts, " "), "hardly known") {
		t.Errorf("%q", m.Doubts)
	}
}
