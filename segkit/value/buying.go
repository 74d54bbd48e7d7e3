package value

// A fitted model of when customers order and when they leave.

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/segkit/lab/segkit/fault"
)

// Buying is a model of when customers order and when they leave, fitted to a summary.
type Buying struct {
	Estimate
	Unit Unit // of time

	process process
}

// process is one model with its parameters. Times are in the summary's unit; x counts repeat days within an age, the last of them at last.
type process interface {
	with(theta []float64) process
	likelihood(g *groups, grad []float64) float64
	alive(x int, last, age float64) float64                                   // probability of still being a customer
	orders(x int, age, t float64) float64                                     // expected in the next t, of one who still is
	silent(x int, age, t float64) float64                                     // probability of no order in the next t, of one who still is
	count(k int, t float64) float64                                           // probability of k repeat orders in the first t
	live(r *rand.Rand, x int, age, t float64, order func(after float64) bool) // one possible future of one who still is, order by order
}

// fewest is how many customers must have ordered again before a model is fitted at all, and trusted without a word.
const fewestRepeaters, fewRepeaters = 10, 50

// fit finds the most likely parameters of a process of that name. from gives the size of its parameters by moments: of the rate
// of orders (shape r, scale alpha) and of the chance to leave.
func fit(ctx context.Context, op, model string, s *Summary, o Search, p process, parameters []Parameter, leave ...float64) (*Buying, error) {
	if s == nil {
		return nil, fault.Nil(op, "summary")
	}
	n, again := len(s.IDs), s.repeaters()
	longest := 0.0
	for _, age := range s.Age {
		longest = max(longest, age)
	}
	switch {
	case n == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: the summary has no customers", op)
	case longest == 0:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: all %d customers placed their first order on the as-of date: a history of one day has no pace", op, n)
	case again < fewestRepeaters:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: these data cannot support the model: %d of %d customers ordered again, and at least %d are needed to see a pace", op, again, n, fewestRepeaters)
	}
	g := group(s)
	r, alpha := moments(s)
	typical := append([]float64{r, alpha}, leave...)
	if len(typical) == 4 && model == "Pareto/NBD" {
		typical[3] *= alpha
	}
	e, err := maximize(ctx, op, problem{model: model, parameters: parameters, typical: typical, customers: n, groups: len(g.x),
		likelihood: func(theta, grad []float64) float64 { clear(grad); return p.with(theta).likelihood(g, grad) }}, o)
	if err != nil {
		return nil, err
	}
	if again < fewRepeaters {
		e.Doubts = append(e.Doubts, fmt.Sprintf("Only %d of %d customers ordered again: forecasts rest only on them.", again, n))
	}
	return &Buying{*e, s.Unit, p.with(e.theta)}, nil
}

// moments gives the order of size of the gamma distribution of rates.
func moments(s *Summary) (shape, scale float64) {
	x, age := 0.0, 0.0
	for i, n := range s.Repeats {
		x, age = x+float64(n), age+s.Age[i]
	}
	return .5, .5 * age / x
}

// Alive returns the probability that someone is still a customer who had that many repeat days. last is the time from the first order to the last, and age the
// time from the first order to now, both in b.Unit (weeks, unless the summary was made in another). Mind what it means: BGNBD says 1 for everyone who ordered
// once, because in that model customers leave only after a repeat order, and a customer who used to order often is given up sooner than one who did not.
func (b *Buying) Alive(repeats int, last, age float64) float64 {
	return b.process.alive(repeats, last, age)
}

// Orders returns the expected number of days with an order in the next days, for a customer with that history: last and age are in b.Unit, as in Alive, and
// days are days.
func (b *Buying) Orders(repeats int, last, age float64, days float64) float64 {
	return b.process.alive(repeats, last, age) * b.process.orders(repeats, age, days/b.Unit.days())
}

// Silent returns the probability of no order in the next days, from the same as Orders, whether or not the customer has left: what most companies call churn.
func (b *Buying) Silent(repeats int, last, age float64, days float64) float64 {
	p := b.process.alive(repeats, last, age)
	return 1 - p + float64(p*b.process.silent(repeats, age, days/b.Unit.days()))
}

// Count returns the probability that a new customer has the given number of repeat days in the days after the first order.
func (b *Buying) Count(repeats int, days float64) float64 {
	return b.process.count(repeats, days/b.Unit.days())
}

// NewOrders returns the expected number of repeat days of a new customer in the days after the first order.
func (b *Buying) NewOrders(days float64) float64 { return b.Orders(0, 0, 0, days) }

// mixture returns exp(a) + exp(b) as the logarithm of the larger and a factor of 1 to 2, and the share of the second.
func mixture(a, b float64) (larger, factor, share float64) {
	if a >= b {
		d := math.Exp(b - a)
		return a, 1 + d, d / (1 + d)
	}
	d := math.Exp(a - b)
	return b, 1 + d, 1 / (1 + d)
}

// logs returns the logarithm of shift + v of each of values.
func logs(values []float64, shift float64) []float64 {
	out := slices.Clone(values)
	for i, v := range out {
		out[i] = math.Log(shift + v)
	}
	return out
}

var gammaRates = []Parameter{{Name: "r", Meaning: "shape of the gamma distribution of rates: the smaller, the more customers differ"},
	{Name: "alpha", Meaning: "its scale, in units of time: r / alpha orders a unit on average"}}
