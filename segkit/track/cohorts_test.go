package track

import (
	"fmt"
	"math"
	"testing"

	"github.com/segkit/lab/segkit/internal/trial"
)

// Fader & Hardie (2007, table 1 and section 3): customers of two segments, in percent, who are left after 1 to 7 years, of 1,000 each; alpha, beta as printed, and the
// likelihood of High End.
func TestSortingFitsFaderAndHardie(t *testing.T) {
	for _, c := range []struct {
		left        []float64
		alpha, beta float64
	}{
		{[]float64{86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1}, .668, 3.806},
		{[]float64{63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1}, .704, 1.182},
	} {
		died, stayed := []float64{0}, []float64{0}
		before := 1000.0
		for _, percent := range c.left {
			died, stayed = append(died, before-10*percent), append(stayed, 0)
			before = 10 * percent
		}
		stayed[len(stayed)-1] = before
		s := fitSorting(died, stayed)
		if s == nil || math.Abs(s.Alpha-c.alpha) > .001 || math.Abs(s.Beta-c.beta) > .002 {
			t.Fatalf("%+v, want alpha %v, beta %v", s, c.alpha, c.beta)
		}
		for t1 := 2; t1 < len(s.Survival); t1++ { // retention rises, though no customer changes
			if s.Survival[t1]/s.Survival[t1-1] <= s.Survival[t1-1]/s.Survival[t1-2] {
				t.Errorf("retention falls in year %d", t1)
			}
		}
	}
}

// Cohorts by hand: a comes in January and orders in March, b comes in February, and gets money back in March; c only ever returned goods.
func TestCohortsByHand(t *testing.T) {
	c := trial.Sure(CohortsOf(logOf(t, []bought{{"a", 3, 1000}, {"b", 40, 500}, {"a", 65, 250}, {"b", 70, -500}, {"c", 41, -100}})))
	if got := fmt.Sprint(c.Customers, c.Active, c.Returning, c.Spend); got !=
		"[1 1 0] [[1 0 1] [1 0] [0]] [[1 1 1] [1 0] [0]] [[10 0 2.5] [5 -5] [0]]" {
		t.Error(got)
	}
}

// Where customers differ in how readily they leave and none changes, the curve that is found is the one that made them. Old customers, who are in the
// file from its first day on, must not pass for new ones.
func TestSortingIsFoundInOrders(t *testing.T) {
	const months, alpha, beta = 24, 1.0, 3.0
	r := seedOf(10)
	var orders []bought
	leaves := func() (month int) { // of the shifted beta-geometric, by the law of its hazards
		for r.Float64() >= alpha/(alpha+beta+float64(month)) {
			month++
		}
		return month
	}
	for i := range 6000 {
		start, stay := r.IntN(months), leaves()
		id := fmt.Sprint("new ", i)
		if i%4 == 0 {
			start, stay, id = 0, 1000, fmt.Sprint("old ", i) // loyal since long ago
		}
		for m := start; m < months && m <= start+stay; m++ {
			orders = append(orders, bought{id, int(30.4375*float64(m)) + 10, 100})
		}
	}
	s := trial.Sure(CohortsOf(logOf(t, orders))).Sorting
	if s == nil {
		t.Fatal("no curve")
	}
	for m, got := range s.Survival[:12] {
		want := 1.0
		for j := range m {
			want *= (beta + float64(j)) / (alpha + beta + float64(j))
		}
		if math.Abs(got-want) > .03 || math.Abs(s.Seen[m]-want) > .04 {
			t.Errorf("month %d: fitted %v, seen %v, made with %v", m, got, s.Seen[m], want)
		}
	}
}
