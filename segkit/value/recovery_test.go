package value

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/par"
)

// How many made-up cohorts of each model are fitted; `make calibrate` takes 200.
var cohorts = flag.Int("cohorts", 4, "made-up cohorts of each model whose parameters are estimated")

// Parameters of made-up cohorts are found again: the 95 % intervals hold the true values about as often as they say, the mean estimate lies near them, and of the
// intervals of all orders ahead, lived on by the same truth, as many hold what came. The bounds leave room for chance in so many cohorts: four standard errors.
func TestKnownParametersAreFound(t *testing.T) {
	n := *cohorts
	for _, c := range []struct {
		name  string
		truth process
		fit   interface {
			FitContext(context.Context, *Summary) (*Buying, error)
		}
	}{
		{"BG/NBD", bgnbd{.5, 6, .8, 2.5, 0}, BGNBD{Starts: 2}}, {"MBG/NBD", bgnbd{.7, 6, .8, 2, 1}, MBGNBD{Starts: 2}},
		{"Pareto/NBD", pareto{.7, 8, .8, 12}, ParetoNBD{Starts: 1}}, {"NBD", nbd{.5, 8}, NBD{Starts: 2}},
	} {
		theta := parametersOf(c.truth)
		type found struct {
			held         []bool    // (p) by the interval
			off          []float64 // (p) logarithm of estimate over truth
			ahead, known bool
		}
		all := make([]found, n)
		par.Items(context.Background(), n, func(i int) {
			s := cohort(c.truth, 3000, uint64(100+i))
			ctx := par.Inside(context.Background())
			b, err := c.fit.FitContext(ctx, s)
			if err != nil {
				t.Errorf("%s, cohort %d: %v", c.name, i, err)
				return
			}
			for j, p := range b.Parameters {
				all[i].held = append(all[i].held, p.Low <= theta[j] && theta[j] <= p.High)
				all[i].off = append(all[i].off, math.Log(p.Value/theta[j]))
			}
			f, err := b.ForecastContext(ctx, s, Horizon{Days: 210, Draws: 200, Seed: i})
			if err != nil {
				t.Errorf("%s, cohort %d: %v", c.name, i, err)
				return
			}
			came, r := 0.0, rand.New(rand.NewPCG(uint64(i), 99))
			for k, x := range s.Repeats {
				if r.Float64() < c.truth.alive(x, s.Last[k], s.Age[k]) {
					c.truth.live(r, x, s.Age[k], 30, func(float64) bool { came++; return true })
				}
			}
			all[i].ahead, all[i].known = f.AllOrders.Low <= came && came <= f.AllOrders.High, true
		})
		held, ahead, fitted := make([]float64, len(theta)), 0., 0.
		off := make([]float64, len(theta))
		for _, f := range all {
			if !f.known {
				continue
			}
			fitted++
			for j := range theta {
				off[j] += f.off[j]
				if f.held[j] {
					held[j]++
				}
			}
			if f.ahead {
				ahead++
			}
		}
		room := 4 * math.Sqrt(.95*.05/fitted)
		t.Logf("%s: intervals hold the truth in %v of %v cohorts, in the order of the parameters, and what came in %v", c.name, held, fitted, ahead)
		for j := range theta {
			if math.Abs(held[j]/fitted-.95) > max(room, .05) && held[j]/fitted < .95 {
				t.Errorf("%s: intervals of parameter %d hold the truth in %v of %v cohorts", c.name, j, held[j], fitted)
			}
			if math.Abs(off[j]/fitted) > .25 {
				t.Errorf("%s: parameter %d is off by a factor of %v on average", c.name, j, math.Exp(off[j]/fitted))
			}
		}
		if ahead/fitted < .95-max(room, .05) {
			t.Errorf("%s: intervals of all orders ahead hold what came in %v of %v cohorts", c.name, ahead, fitted)
		}
	}
}

// Gamma-Gamma is found again, and heavier tails than it can bear are refused with the number.
func TestSpendIsFoundOrRefused(t *testing.T) {
	made := func(p, q, v float64, seed uint64) *Summary {
		r := rand.New(rand.NewPCG(seed, 3))
		s := cohort(nbd{1, 5}, 3000, seed)
		for i, x := range s.Repeats {
			if x > 0 {
				rate := drawGamma(r, q, v)
				s.Spend[i] = drawGamma(r, p*float64(x), rate) / float64(x)
			}
		}
		return s
	}
	n, held := *cohorts, [3]int{}
	for i := range n {
		m, err := GammaGamma{Starts: 2}.Fit(made(6, 4, 15, uint64(i)))
		if err != nil {
			t.Fatal(err)
		}
		for j, truth := range []float64{6, 4, 15} {
			if p := m.Parameters[j]; p.Low <= truth && truth <= p.High {
				held[j]++
			}
		}
		if math.Abs(m.Mean(0, 0)-6*15./3) > 3 {
			t.Errorf("cohort %d: an order brings %v, want 30", i, m.Mean(0, 0))
		}
	}
	t.Logf("Gamma-Gamma: intervals hold the truth in %v of %d cohorts", held, n)
	for j, h := range held {
		if float64(h)/float64(n) < .95-max(.05, 4*math.Sqrt(.95*.05/float64(n))) {
			t.Errorf("intervals of parameter %d hold the truth in %d of %d cohorts", j, h, n)
		}
	}
	if _, err := (GammaGamma{}).Fit(made(6, .8, 15, 1)); err == nil {
		t.Error("a mean that is infinite is no answer")
	}
}

// A model needs ten customers who ordered again, and says up to fifty of them that it rests on few.
func TestFewWhoOrderedAgain(t *testing.T) {
	all := cohort(bgnbd{.5, 6, .8, 2.5, 0}, 300, 7)
	for _, c := range []struct {
		again         int
		refused, told bool
	}{{9, true, false}, {10, false, true}, {49, false, true}, {50, false, false}} {
		s := &Summary{Unit: all.Unit}
		again := 0
		for i, x := range all.Repeats {
			if x > 0 {
				if again++; again > c.again {
					continue
				}
			}
			s.IDs, s.Repeats, s.Last, s.Age = append(s.IDs, all.IDs[i]), append(s.Repeats, x), append(s.Last, all.Last[i]), append(s.Age, all.Age[i])
		}
		if again < 50 {
			t.Fatalf("only %d of the cohort ordered again", again)
		}
		b, err := NBD{Starts: 1}.Fit(s)
		if refused := err != nil && strings.Contains(err.Error(), fmt.Sprintf("%d of %d customers ordered again", c.again, len(s.IDs))); refused != c.refused {
			t.Errorf("%d ordered again: %v", c.again, err)
			continue
		}
		if told := err == nil && slices.ContainsFunc(b.Doubts, func(text string) bool { return strings.HasPrefix(text, fmt.Sprintf("Only %d of", c.again)) }); told != c.told {
			t.Errorf("%d ordered again: doubts %q", c.again, b.Doubts)
		}
	}
}

// The slope by which maxima are found is that of the log-likelihood less the penalty, by finite differences.
func TestSlopesAreThoseOfTheHeight(t *testing.T) {
	p := problem{typical: []float64{2, 3}, customers: 10, likelihood: func(theta, grad []float64) float64 {
		grad[0] += 40/theta[0] - theta[1]
		grad[1] += 30/theta[1] - theta[0]
		return 40*math.Log(theta[0]) + 30*math.Log(theta[1]) - theta[0]*theta[1]
	}}
	for _, at := range [][]float64{{.3, -.8}, {2, 1.5}, {-1, .2}} {
		slope := make([]float64, 2)
		p.value(at, slope, .7)
		for j := range at {
			const h = 1e-5
			up, down := slices.Clone(at), slices.Clone(at)
			up[j], down[j] = at[j]+h, at[j]-h
			if want := (p.value(up, nil, .7) - p.value(down, nil, .7)) / (2 * h); math.Abs(slope[j]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("at %v the slope by parameter %d is %v, want %v", at, j+1, slope[j], want)
			}
		}
	}
}

// Starts that end within a hundredth of the highest have found the same maximum.
func TestStartsThatFoundTheMaximum(t *testing.T) {
	e := Estimate{Starts: []float64{-520, -512.004, -512, -512.02}}
	if n := e.hits(); n != 2 {
		t.Errorf("%d of %v found the maximum, want 2", n, e.Starts)
	}
}

// What is drawn for a customer's future orders is on average what an order of theirs is expected to bring, times their number.
func TestDrawnSpendIsTheExpectedOne(t *testing.T) {
	s := &Spending{p: 6, q: 4, v: 15}
	r := rand.New(rand.NewPCG(5, 5))
	for _, c := range []struct {
		repeats int
		money   float64
	}{{0, math.NaN()}, {3, 40}, {12, 2}} {
		const draws = 20_000
		sum, want := 0.0, 2*s.Mean(c.repeats, c.money)
		for range draws {
			sum += s.draw(r, []float64{s.p, s.q, s.v}, c.repeats, c.money)(2)
		}
		if got := sum / draws; math.Abs(got-want) > .05*want {
			t.Errorf("%d repeat days of %v: two orders bring %v on average, want %v", c.repeats, c.money, got, want)
		}
	}
}

// What is forecast of a customer adds up: the money is that of the orders, and what is at risk is what the customer would bring if still one, less that.
func TestForecastsOfACustomerAddUp(t *testing.T) {
	s := cohort(bgnbd{.5, 6, .8, 2.5, 0}, 400, 9)
	for i := range s.IDs {
		if s.Spend = append(s.Spend[:i:i], math.NaN()); s.Repeats[i] > 0 {
			s.Spend[i] = 20 + float64(i*i%37)
		}
	}
	b, err := BGNBD{Starts: 1}.Fit(s)
	if err != nil {
		t.Fatal(err)
	}
	spend, err := GammaGamma{Starts: 1}.Fit(s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Forecast(s, Horizon{Days: 90, Draws: 40, Spend: spend})
	if err != nil {
		t.Fatal(err)
	}
	for what, r := range map[string]Range{"orders": f.AllOrders, "money": f.AllValue} { // futures that are drawn, one order among them, are those that are expected
		if !(r.Low < r.Mean && r.Mean < r.High) {
			t.Errorf("%s of all: %v expected, %v to %v drawn", what, r.Mean, r.Low, r.High)
		}
	}
	some := 0
	for i, alive := range f.Alive {
		if alive < .9 {
			some++
		}
		if value := f.Orders[i] * f.OrderSpend[i]; math.Abs(f.Value[i]-value) > 1e-9*(1+value) {
			t.Errorf("customer %d: %v orders of %v bring %v", i, f.Orders[i], f.OrderSpend[i], f.Value[i])
		}
		if math.Abs(f.AtRisk[i]*alive-f.Value[i]*(1-alive)) > 1e-9*(1+f.Value[i]) {
			t.Errorf("customer %d, still one with %v: %v expected, %v at risk", i, alive, f.Value[i], f.AtRisk[i])
		}
		if f.Silent[i] < 1-alive-1e-12 || f.Silent[i] > 1+1e-12 {
			t.Errorf("customer %d, still one with %v: silent with %v", i, alive, f.Silent[i])
		}
	}
	if some < 50 {
		t.Errorf("only %d may have left", some)
	}
}
