package value

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// models draws one of each model with parameters as they occur.
func models(t *rapid.T) map[string]process {
	at := func(name string, low, high float64) float64 {
		return math.Exp(rapid.Float64Range(math.Log(low), math.Log(high)).Draw(t, name))
	}
	r, alpha := at("r", .2, 5), at("alpha", .5, 30)
	return map[string]process{"NBD": nbd{r, alpha}, "BG/NBD": bgnbd{r, alpha, at("a", .2, 4), at("b", .5, 8), 0}, "MBG/NBD": bgnbd{r, alpha, at("a", .2, 4), at("b", .5, 8), 1},
		"Pareto/NBD": pareto{r, alpha, at("s", .2, 4), at("beta", .5, 30)}}
}

// Counts of new customers are a distribution, whose zero is that of silence and whose mean is that of orders.
func TestCountsAreADistribution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		time := rapid.Float64Range(.1, 3).Draw(t, "time")
		for name, p := range models(t) {
			total, mean, last := 0., 0., 0.
			for k := range 400 {
				last = p.count(k, time)
				if total, mean = total+last, mean+float64(k)*last; last < 1e-14 && k > 20 {
					break
				}
			}
			if last > 1e-12 {
				continue // busier than is added up
			}
			alive := p.alive(0, 0, 0)
			if math.Abs(total-1) > 1e-9 || math.Abs(mean-alive*p.orders(0, 0, time)) > 1e-7*(1+mean) {
				t.Fatalf("%s: chances add up to %v, and their mean is %v, not %v", name, total, mean, alive*p.orders(0, 0, time))
			}
			if zero := 1 - alive + alive*p.silent(0, 0, time); math.Abs(zero-p.count(0, time)) > 1e-9 {
				t.Fatalf("%s: no order with %v, and none counted with %v", name, zero, p.count(0, time))
			}
		}
	})
}

// The gradient is that of the likelihood, by differences.
func TestGradientsAreExact(t *testing.T) {
	g := group(cohort(bgnbd{.6, 5, 1, 2, 0}, 400, 1))
	rapid.Check(t, func(t *rapid.T) {
		for name, p := range models(t) {
			theta := parametersOf(p)
			grad := make([]float64, len(theta))
			p.likelihood(g, grad)
			for j := range theta {
				h := 1e-5 * theta[j]
				up, down := append([]float64(nil), theta...), append([]float64(nil), theta...)
				up[j], down[j] = theta[j]+h, theta[j]-h
				none := make([]float64, len(theta))
				slope := (p.with(up).likelihood(g, none) - p.with(down).likelihood(g, none)) / (2 * h)
				if math.Abs(slope-grad[j]) > 2e-5*(math.Abs(slope)+100/theta[j]) {
					t.Fatalf("%s %v: parameter %d: %v, by differences %v", name, theta, j, grad[j], slope)
				}
			}
		}
	})
}

func parametersOf(p process) []float64 {
	switch m := p.(type) {
	case nbd:
		return []float64{m.r, m.alpha}
	case bgnbd:
		return []float64{m.r, m.alpha, m.a, m.b}
	}
	m := p.(pareto)
	return []float64{m.r, m.alpha, m.s, m.beta}
}

// cohort lives n customers who came in a stretch of 30 units and were watched until 60.
func cohort(p process, n int, seed uint64) *Summary {
	r := rand.New(rand.NewPCG(seed, 7))
	s := &Summary{Unit: Week}
	for i := range n {
		age, last, x := 60-30*r.Float64(), 0., 0
		age = math.Round(7*age) / 7
		if r.Float64() < p.alive(0, 0, 0) {
			p.live(r, 0, 0, age, func(at float64) bool { last, x = at, x+1; return true })
		}
		s.IDs, s.Repeats, s.Last, s.Age, s.Spend = append(s.IDs, fmt.Sprint(i)), append(s.Repeats, x), append(s.Last, last), append(s.Age, age), append(s.Spend, math.NaN())
	}
	return s
}

// What is expected of a customer with a history is what customers who happened to have it did next: lived by the million, without a formula.
func TestForecastsOfHistoriesByBruteForce(t *testing.T) {
	const watched, ahead, n = 10., 8., 150_000
	for name, p := range map[string]process{"BG/NBD": bgnbd{.8, 4, .9, 2, 0}, "MBG/NBD": bgnbd{.8, 4, .9, 2, 1}, "Pareto/NBD": pareto{.8, 4, .7, 6}} {
		r := rand.New(rand.NewPCG(3, 4))
		type seen struct{ customers, orders, silent float64 }
		by := map[string]*seen{}
		expected := map[string]*seen{}
		for range n {
			x, last, next := 0, 0., 0
			if r.Float64() < p.alive(0, 0, 0) {
				p.live(r, 0, 0, watched+ahead, func(at float64) bool {
					if at <= watched {
						x, last = x+1, at
					} else {
						next++
					}
					return true
				})
			}
			key := fmt.Sprint(min(x, 3), math.Floor(last/4))
			if by[key] == nil {
				by[key], expected[key] = &seen{}, &seen{}
			}
			s, e := by[key], expected[key]
			alive := p.alive(x, last, watched)
			s.customers++
			s.orders += float64(next)
			e.orders += alive * p.orders(x, watched, ahead)
			e.silent += 1 - alive + alive*p.silent(x, watched, ahead)
			if next == 0 {
				s.silent++
			}
		}
		for key, s := range by {
			if s.customers < 2000 {
				continue
			}
			e, root := expected[key], math.Sqrt(s.customers)
			if math.Abs(s.silent-e.silent) > 4*.5*root || math.Abs(s.orders-e.orders) > 4*root*(1+2*e.orders/s.customers) {
				t.Errorf("%s, history %s, %v customers: %v orders and %v silent, expected %v and %v", name, key, s.customers, s.orders, s.silent, e.orders, e.silent)
			}
		}
	}
}

// The same seed gives the same forecast, bit by bit, and segments add up to the whole.
func TestFuturesRepeatAndAddUp(t *testing.T) {
	s := cohort(bgnbd{.6, 5, 1, 2, 0}, 5000, 2)
	b, err := BGNBD{}.Fit(s)
	if err != nil {
		t.Fatal(err)
	}
	h := Horizon{Days: 100, Draws: 60, Seed: 5}.filled()
	all, err := b.futures(context.Background(), s, h, make([]int, 5000), 1, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	of := make([]int, 5000)
	for i := range of {
		of[i] = i % 3
	}
	parts, err := b.futures(context.Background(), s, h, of, 3, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range all[0].orders {
		if got := parts[0].orders[d] + parts[1].orders[d] + parts[2].orders[d]; got != want {
			t.Fatalf("draw %d: %v in parts, %v in all", d, got, want)
		}
	}
}

// The mean over customers' own chances to leave, by the midpoint rule, is what the series gives, also where customers hardly differ or are busy.
func TestExpectedOrdersByQuadrature(t *testing.T) {
	for _, c := range []struct {
		m      bgnbd
		x      int
		age, t float64
	}{{bgnbd{.7, 6, 5, 90, 0}, 3, 40, 13}, {bgnbd{.7, 6, 700, 9000, 0}, 3, 40, 13}, {bgnbd{.7, 6, 700, 9000, 1}, 60, 40, 300}, {bgnbd{90, 400, 2.2, 4, 0}, 2, 40, 1000}, {bgnbd{.24, 4.4, 3, 2.4, 0}, 29, 38, 39}} {
		const steps = 100_000
		a, b := c.m.a, c.m.b+float64(c.x+c.m.first)
		sum, mass := 0.0, 0.0
		for i := range steps {
			p := (float64(i) + .5) / steps
			w := math.Exp((a-1)*math.Log(p) + (b-1)*math.Log1p(-p) - (a-1)*math.Log(a/(a+b)) - (b-1)*math.Log(b/(a+b)))
			sum += w * -math.Expm1(-(c.m.r+float64(c.x))*math.Log1p(p*c.t/(c.m.alpha+c.age))) / p
			mass += w
		}
		if got, want := c.m.orders(c.x, c.age, c.t), sum/mass; !(math.Abs(got-want) < 1e-6*want) {
			t.Errorf("%+v: %v, by quadrature %v", c, got, want)
		}
	}
}
