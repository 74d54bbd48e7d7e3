package combine_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/combine"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// pairOf draws n customers from a joint distribution of two divisions.
func pairOf(joint [][]float64, n int, random *rand.Rand) combine.Views {
	var a, b []int
	for range n {
		u := random.Float64()
	cells:
		for i := range joint {
			for j, p := range joint[i] {
				if u -= p; u < 0 {
					a, b = append(a, i), append(b, j)
					break cells
				}
			}
		}
	}
	return combine.Views{seen("a", a...), seen("b", b...)}
}

// Leaving out one of each cell is leaving out every customer in turn.
func TestIntervalIsTheJackknifeOverCustomers(t *testing.T) {
	views := pairOf([][]float64{{.3, .1, .05}, {.05, .2, .3}}, 60, rand.New(rand.NewPCG(1, 2)))
	a, b := views[0].Segments.Labels, views[1].Segments.Labels
	n := len(a)
	var each []float64
	mean := 0.0
	for i := range n {
		x, y := append(append(table.Labels{}, a[:i]...), a[i+1:]...), append(append(table.Labels{}, b[:i]...), b[i+1:]...)
		each = append(each, trial.Sure(compare.AdjustedRand(x, y)))
		mean += each[i] / float64(n)
	}
	squares := 0.0
	for _, v := range each {
		squares += (v - mean) * (v - mean)
	}
	got := trial.Sure(combine.Agreement(views)).Pairs[0]
	want := got.Rand - 1.959963984540054*math.Sqrt(float64(n-1)/float64(n)*squares)
	if math.Abs(got.RandLow-want) > 1e-9 || got.Rand != trial.Sure(compare.AdjustedRand(a, b)) {
		t.Errorf("%+v, want from %v", got, want)
	}
}

// The interval holds the index of the whole population about 95 times of 100, and 5 of 100 unrelated pairs look related.
func TestAgreementIsCalibrated(t *testing.T) {
	joint := [][]float64{{.25, .08, .02}, {.05, .2, .05}, {.02, .03, .3}}
	// The population index: pairs together in both, in a, in b, as shares.
	var both, inA, inB float64
	for i := range joint {
		row := 0.0
		for _, p := range joint[i] {
			both += p * p
			row += p
		}
		inA += row * row
	}
	for j := range joint[0] {
		column := 0.0
		for i := range joint {
			column += joint[i][j]
		}
		inB += column * column
	}
	truth := (both - inA*inB) / ((inA+inB)/2 - inA*inB)
	random := rand.New(rand.NewPCG(3, 4))
	const times = 400
	covered, related := 0, 0
	for range times {
		got := trial.Sure(combine.Agreement(pairOf(joint, 250, random), combine.AgreementOptions{Shuffles: 19})).Pairs[0]
		if got.RandLow <= truth && truth <= got.RandHigh {
			covered++
		}
		unrelated := pairOf([][]float64{{.15, .15, .2}, {.15, .15, .2}}, 80, random)
		if trial.Sure(combine.Agreement(unrelated, combine.AgreementOptions{Shuffles: 19})).Pairs[0].P <= .05 {
			related++
		}
	}
	if covered < 365 || covered > 394 { // binomial, 95 %: 380 with a standard deviation of 4.4
		t.Errorf("%d of %d intervals hold %.3f", covered, times, truth)
	}
	if related < 5 || related > 38 { // at most 20 on average, ties making it fewer
		t.Errorf("%d of %d unrelated pairs look related", related, times)
	}
}

func TestAgreementSaysWhichViewsAgree(t *testing.T) {
	var a, c []int
	for i := range 300 {
		a, c = append(a, i%3), append(c, (i/3)%2)
	}
	b := append([]int{}, a...)
	for i := range 60 {
		b[i*5] = (b[i*5] + 1) % 3
	}
	g := trial.Sure(combine.Agreement(combine.Views{seen("orders", a...), seen("visits", b...), seen("survey", c...)}))
	if len(g.Pairs) != 3 || g.Pairs[0].A+g.Pairs[0].B != "ordersvisits" || g.Pairs[0].P > .01 || g.Pairs[0].Rand < .4 {
		t.Fatalf("%+v", g.Pairs)
	}
	last := g.Pairs[2]
	if last.P <= .05 || last.Reading() != "no more than chance" || math.Abs(last.Rand) > .02 {
		t.Errorf("%+v", last)
	}
	if s := g.Sheet(); !strings.HasPrefix(s.Caption, "orders and visits agree most (adjusted Rand 0.52: related") || len(s.Rows) != 3 {
		t.Errorf("caption %q", s.Caption)
	}
	// On the customers that both have: a view of fewer customers, in another order.
	few := combine.View{Name: "few", Segments: trial.Sure(table.NewSegments([]string{"c005", "c001", "nobody", "c003"}, table.Labels{2, 1, 0, 0}, nil))}
	if p := trial.Sure(combine.Agreement(combine.Views{seen("orders", a...), few})).Pairs[0]; p.Customers != 3 {
		t.Errorf("%+v", p)
	}
	flat := make([]int, 300)
	if p := trial.Sure(combine.Agreement(combine.Views{seen("x", flat...), seen("y", flat...)})).Pairs[0]; !math.IsNaN(p.Rand) || !strings.HasPrefix(p.Reading(), "undefined") {
		t.Errorf("%+v", p)
	}
	if _, err := combine.Agreement(combine.Views{seen("a", a...), seen("c", c...)}, combine.AgreementOptions{Shuffles: 5}); !errors.Is(err, fault.ErrOption) {
		t.Error(err)
	}
	_ = fmt.Sprint(g.Frame())
}
