package rfm

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/rulebook"
	"github.com/segkit/lab/segkit/table"
)

// customers makes a table from recency, orders and spend (n each).
func customers(t interface{ Fatal(...any) }, recency, orders, spend []float64) *table.Table {
	var ids []string
	var data []float64
	for i := range recency {
		ids = append(ids, fmt.Sprintf("c%03d", i))
		data = append(data, recency[i], orders[i], spend[i])
	}
	table, err := table.New(ids, []table.Column{{Name: "recency", Unit: "days"}, {Name: "orders"}, {Name: "spend", Unit: "EUR"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func upTo(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = float64(i + 1)
	}
	return v
}

func TestDistinctValuesFillTheScoresEvenly(t *testing.T) {
	s, err := Score(customers(t, upTo(100), upTo(100), upTo(100)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for p := range s.Bands {
		for _, b := range s.Bands[p] {
			if b.Customers != 20 {
				t.Errorf("column %d: %+v", p, b)
			}
		}
	}
	if s.Code(0) != "511" || s.Code(99) != "155" || s.Empty() != nil {
		t.Errorf("first %s, last %s, empty %v", s.Code(0), s.Code(99), s.Empty())
	}
	if b := s.Bands[0][0]; b.Low != 1 || b.High != 20 {
		t.Errorf("best recency %+v", b)
	}
}

// R package rfm, its order data: cuts 115 181 297.4 482 of recency, 4 5 6 8 of orders and 255.8 382 506.4 666 of spend,
// upper ends excluded and one above the quantile; three customers with their published scores.
func TestFrozenCutsGiveThePublishedScores(t *testing.T) {
	below := func(cuts ...float64) []float64 { // the largest whole numbers below exclusive upper ends
		for i := range cuts {
			cuts[i] = math.Ceil(cuts[i]) - 1
		}
		return cuts
	}
	cuts := &Cuts{below(115, 181, 297.4, 482), below(4, 5, 6, 8), below(255.8, 382, 506.4, 666)}
	s, err := Score(customers(t, []float64{205, 98, 140}, []float64{6, 7, 3}, []float64{472, 596, 340}), Options{Cuts: cuts})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"343", "544", "412"} {
		if s.Code(i) != want {
			t.Errorf("customer %d scores %s, want %s", i, s.Code(i), want)
		}
	}
}

func TestTiesShareAScoreAndEmptyScoresAreTold(t *testing.T) {
	orders := []float64{1, 1, 1, 1, 1, 1, 1, 1, 2, 9}
	s, err := Score(customers(t, upTo(10), orders, upTo(10)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range orders {
		if want := map[float64]int{1: 1, 2: 5, 9: 5}[n]; s.F[i] != want { // cuts 1 1 1 1.2
			t.Errorf("%g orders score %d, want %d", n, s.F[i], want)
		}
	}
	if told := strings.Join(s.Empty(), " "); !strings.Contains(told, "Scores of orders that no customer has, because too many share one value: 4, 3 and 2.") || strings.Contains(told, "recency") {
		t.Errorf("told %q", told)
	}
}

func TestScoreLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		draw := func(name string) []float64 {
			v := make([]float64, n)
			for i := range v {
				v[i] = float64(rapid.IntRange(0, 12).Draw(t, name))
			}
			return v
		}
		recency, orders, spend := draw("recency"), draw("orders"), draw("spend")
		bins := rapid.IntRange(2, 9).Draw(t, "bins")
		table := customers(t, recency, orders, spend)
		s, err := Score(table, Options{Bins: bins})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			for j := range n {
				if recency[i] <= recency[j] && s.R[i] < s.R[j] || orders[i] <= orders[j] && s.F[i] > s.F[j] || spend[i] <= spend[j] && s.M[i] > s.M[j] {
					t.Fatalf("customers %v and %v score %s and %s", table.Row(i), table.Row(j), s.Code(i), s.Code(j))
				}
			}
		}
		again, err := Score(table.Head(n/2+1), Options{Cuts: &s.Cuts})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.R, s.R[:n/2+1]) || !slices.Equal(again.M, s.M[:n/2+1]) {
			t.Fatal("frozen cuts gave other scores")
		}
	})
}

func TestScoreErrors(t *testing.T) {
	good := customers(t, upTo(3), upTo(3), upTo(3))
	nan := customers(t, []float64{1, math.NaN(), math.NaN()}, upTo(3), upTo(3))
	for name, c := range map[string]struct {
		table *table.Table
		o     Options
		parts []string
	}{
		"no such column": {good, Options{Monetary: "revenue"}, []string{`no column "revenue"`}},
		"missing":        {nan, Options{}, []string{`"recency"`, "row 2", "c001", "2 such", "Impute"}},
		"unknown breaks": {good, Options{By: 9}, []string{"By = 9", "Quantiles or Jenks"}},
		"no cuts given":  {good, Options{By: FixedCuts}, []string{"By", "Cuts"}},
		"empty":          {good.Head(0), Options{}, []string{"no rows"}},
		"one bin":        {good, Options{Bins: 1}, []string{"Bins = 1", "2 to 9"}},
		"uneven cuts":    {good, Options{Cuts: &Cuts{[]float64{1, 2}, []float64{1}, []float64{1, 2}}}, []string{"Cuts.Frequency", "2 ascending"}},
		"cuts unsorted":  {good, Options{Cuts: &Cuts{[]float64{2, 1}, []float64{1, 2}, []float64{1, 2}}}, []string{"Cuts.Recency"}},
		"no cuts":        {good, Options{Cuts: &Cuts{}}, []string{"Cuts.Recency"}},
	} {
		_, err := Score(c.table, c.o)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, part := range c.parts {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %q", name, err, part)
			}
		}
	}
}

// The map as its tutorials print it: patterns of recency and frequency score, looked up for all 25 cells.
func TestTenSegmentsIsThePublishedMap(t *testing.T) {
	published := map[string]string{"[1-2][1-2]": "Hibernating", "[1-2][3-4]": "At risk", "[1-2]5": "Can't lose", "3[1-2]": "About to sleep",
		"33": "Need attention", "[3-4][4-5]": "Loyal", "41": "Promising", "51": "New", "[4-5][2-3]": "Potential loyalists", "5[4-5]": "Champions"}
	scores := everyScore()
	lint, err := scores.Lint(TenSegments())
	if err != nil {
		t.Fatal(err)
	}
	if c := lint.Cells; c.N != 125 || c.None != 0 || c.Several != 0 {
		t.Errorf("of %d combinations %d are in none and %d in several", c.N, c.None, c.Several)
	}
	segments, err := scores.Segments(nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range segments.Labels {
		cell := scores.Code(i)[:2]
		var want []string
		for pattern, name := range published {
			if regexp.MustCompile("^" + pattern + "$").MatchString(cell) {
				want = append(want, name)
			}
		}
		if got := segments.Names[l]; len(want) != 1 || got != want[0] {
			t.Errorf("cell %s is %q, want %q", cell, got, want)
		}
	}
}

// everyScore makes a customer of every combination of five scores.
func everyScore() *Scores {
	s := &Scores{Bins: 5}
	for r := 1; r <= 5; r++ {
		for f := 1; f <= 5; f++ {
			for m := 1; m <= 5; m++ {
				s.IDs = append(s.IDs, fmt.Sprint(r, f, m))
				s.R, s.F, s.M = append(s.R, r), append(s.F, f), append(s.M, m)
			}
		}
	}
	return s
}

func TestSegmentsNameEveryCustomerOnce(t *testing.T) {
	s, err := Score(customers(t, upTo(50), upTo(50), upTo(50)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	segments, err := s.Segments(nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, n := range segments.Counts() {
		sum += n
	}
	if sum != 50 || segments.K() != 10 || segments.Name(segments.Labels[0]) != "New" || segments.Name(segments.Labels[49]) != "Can't lose" {
		t.Errorf("%d customers in %d segments, first %s, last %s", sum, segments.K(), segments.Name(segments.Labels[0]), segments.Name(segments.Labels[49]))
	}
	three, err := Score(customers(t, upTo(50), upTo(50), upTo(50)), Options{Bins: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := three.Segments(nil); !errors.Is(err, fault.ErrSchema) || !strings.Contains(err.Error(), `"Champions" (r == 5 and f >= 4) holds for no scores from 1 to 3`) {
		t.Errorf("ten segments of three scores: %v", err)
	}
	own := &rulebook.Book{Rules: []rulebook.Rule{{Name: "Here", When: "r >= 2"}, {Name: "Big", When: `rfm == "113"`}}, Rest: "Gone"}
	if _, err := three.Segments(own); !errors.Is(err, fault.ErrMissingColumn) {
		t.Errorf("a rule on the code: %v", err)
	}
	own.Rules[1].When = "m == 3"
	if got, err := three.Segments(own); err != nil || !slices.Equal(got.Names, []string{"Here", "Big", "Gone"}) {
		t.Errorf("rules of one's own: %v, %v", got, err)
	}
	if !slices.Equal(segments.FormedBy, []string{"r", "f", "recency", "orders", "spend"}) {
		t.Errorf("formed by %q", segments.FormedBy)
	}
	if f := s.Frame(); f.Err != nil || f.Nrow() != 50 {
		t.Errorf("frame: %v", f.Err)
	}
}
