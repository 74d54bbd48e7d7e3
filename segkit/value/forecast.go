package value

// What is to be expected of each customer in the time ahead, and of all together.

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/job"
)

// Horizon says how far to look ahead, and what counts.
type Horizon struct {
	Days     int       // from the as-of date on; 0 means 365
	Spend    *Spending // what an order brings; nil forecasts only orders
	Discount float64   // per year: with .1, money a year from now is worth 1/1.1 of today's; 0 for none
	Step     int       // money is discounted in steps of this many days, at the end of each; 0 means 30
	Draws    int       // possible futures from which intervals are computed; 0 means 500
	Seed     int       // of the draws
}

func (h Horizon) check() error {
	const method = "value.Horizon"
	switch {
	case h.Days < 0:
		return fault.Option(method, "Days", h.Days, "at least 1, or 0 for 365")
	case !(h.Discount >= 0) || math.IsInf(h.Discount, 0):
		return fault.Option(method, "Discount", h.Discount, "0 or more: .1 for 10 % a year")
	case h.Step < 0:
		return fault.Option(method, "Step", h.Step, "at least 1 day, or 0 for 30")
	case h.Draws < 0 || h.Draws > 0 && h.Draws < 40:
		return fault.Option(method, "Draws", h.Draws, "at least 40, or 0 for 500")
	}
	return nil
}

func (h Horizon) filled() Horizon {
	h.Days, h.Step, h.Draws = cmp.Or(h.Days, 365), cmp.Or(h.Step, 30), cmp.Or(h.Draws, 500)
	return h
}

// steps returns the ends of the steps in days, and what money of each counts for.
func (h Horizon) steps() (ends, worth []float64) {
	if h.Discount == 0 {
		return []float64{float64(h.Days)}, []float64{1}
	}
	for end := min(h.Step, h.Days); ; end = min(end+h.Step, h.Days) {
		ends, worth = append(ends, float64(end)), append(worth, math.Pow(1+h.Discount, -float64(end)/365))
		if end == h.Days {
			return ends, worth
		}
	}
}

// Range is an expected value with a 95 % interval for chance and the uncertainty of the parameters, if the model holds. It does not cover seasons,
// changes of pace, or what the customers of a segment have in common beyond their histories: Holdout shows how much that matters.
type Range struct{ Mean, Low, High float64 }

// rangeNote says what a Range is where one is shown.
const rangeNote = "In brackets, the middle 95 % of what chance and the estimation of the parameters leave open, if the model holds. They leave out seasons, changes of pace, and what customers of a segment have in common beyond their histories: compare them with a hold-out."

// Forecast is what to expect from each customer of a summary. Each of many draws takes parameters that are compatible with
// the data, and simulates every customer's future once.
type Forecast struct {
	Model      string
	Horizon    Horizon
	Currency   string
	IDs        []string  // (n)
	Alive      []float64 // (n) probability of still being a customer; see the caution at Buying.Alive
	Orders     []float64 // (n) expected days with an order
	Silent     []float64 // (n) probability of no order at all: the risk, whether the customer has left or is only slow
	OrderSpend []float64 // (n) expected money per order; nil without Spend
	Value      []float64 // (n) expected money, discounted: the lifetime value up to the horizon; nil without Spend
	Low, High  []float64 // (n) 95 % interval of the actual money, or of the orders without Spend
	AtRisk     []float64 // (n) what they would bring (or order) if they were still customers, minus what is expected: the cost of leaving
	Overdue    []float64 // (n) time since the last order, in multiples of the customer's own mean gap: 1 is due, 3 long overdue; NaN for those who ordered once

	AllOrders, AllValue Range // of all customers together
	ExpectedSilent      float64

	buying  *Buying
	summary *Summary
}

// Forecast looks ahead from the as-of date of a summary, usually the one to which the model was fitted. It costs a few microseconds a customer, and another third of
// a microsecond for each draw.
func (b *Buying) Forecast(s *Summary, h Horizon) (*Forecast, error) {
	return b.ForecastContext(job.DefaultContext, s, h)
}

// ForecastContext is Forecast under ctx.
func (b *Buying) ForecastContext(ctx context.Context, s *Summary, h Horizon) (*Forecast, error) {
	const op = "value.Buying.Forecast"
	if err := b.fits(op, s); err != nil {
		return nil, err
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	h = h.filled()
	n := len(s.IDs)
	f := &Forecast{Model: b.Model, Horizon: h, Currency: s.Currency, IDs: slices.Clone(s.IDs), buying: b, summary: s,
		Alive: make([]float64, n), Orders: make([]float64, n), Silent: make([]float64, n), Low: make([]float64, n), High: make([]float64, n), AtRisk: make([]float64, n), Overdue: make([]float64, n)}
	if h.Spend != nil {
		f.OrderSpend, f.Value = make([]float64, n), make([]float64, n)
	}
	ends, worth := h.steps()
	unit := b.Unit.days()
	err := par.Rows(ctx, n, func(_, from, to int) {
		for i := from; i < to; i++ {
			x, last, age := s.Repeats[i], s.Last[i], s.Age[i]
			alive := b.process.alive(x, last, age)
			orders, counted, before := 0.0, 0.0, 0.0
			for e, end := range ends {
				orders = b.process.orders(x, age, end/unit)
				counted += float64((orders - before) * worth[e])
				before = orders
			}
			f.Alive[i], f.Orders[i] = alive, alive*orders
			f.Silent[i] = 1 - alive + float64(alive*b.process.silent(x, age, float64(h.Days)/unit))
			f.AtRisk[i] = (1 - alive) * orders
			if h.Spend != nil {
				f.OrderSpend[i] = h.Spend.Mean(x, s.Spend[i])
				f.Value[i], f.AtRisk[i] = alive*counted*f.OrderSpend[i], (1-alive)*counted*f.OrderSpend[i]
			}
			f.Overdue[i] = math.NaN()
			if x > 0 {
				f.Overdue[i] = (age - last) / (last / float64(x))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for _, p := range f.Silent {
		f.ExpectedSilent += p
	}
	futures, err := b.futures(ctx, s, h, make([]int, n), 1, f.Low, f.High)
	if err != nil {
		return nil, err
	}
	f.AllOrders = between(sum(f.Orders), futures[0].orders)
	if h.Spend != nil {
		f.AllValue = between(sum(f.Value), futures[0].value)
	}
	return f, nil
}

// fits refuses a summary that a model cannot speak of.
func (b *Buying) fits(op string, s *Summary) error {
	switch {
	case b == nil || b.process == nil:
		return fault.Nil(op, "model")
	case s == nil:
		return fault.Nil(op, "summary")
	case len(s.IDs) == 0:
		return fault.Errorf(fault.ErrEmpty, "segkit: %s: the summary has no customers", op)
	case cmp.Or(s.Unit, Week) != cmp.Or(b.Unit, Week):
		return fault.Errorf(fault.ErrSchema, "segkit: %s: the model counts time in %s, but the summary in %s: make both with the same Unit", op, b.Unit, s.Unit)
	}
	return nil
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}

func between(mean float64, draws []float64) Range {
	q := quantile.Of(draws, nil, false)
	return Range{mean, q.At(.025), q.At(.975)}
}

// future is what some customers did in each draw (draws).
type future struct{ orders, value []float64 }

// futures lives the time ahead of every customer in each draw, and adds it up by group: of (n, below 0 for none) says in which of k each customer is. The middle 95 % of each
// customer go to low and high (n) where they are given.
func (b *Buying) futures(ctx context.Context, s *Summary, h Horizon, of []int, k int, low, high []float64) ([]future, error) {
	processes, spends := make([]process, h.Draws), make([][]float64, h.Draws)
	for d := range h.Draws {
		r := seed.Stream(h.Seed, "parameters", d)
		processes[d] = b.process.with(b.draw(normals(r, len(b.theta))))
		if h.Spend != nil {
			spends[d] = h.Spend.Estimate.draw(normals(r, len(h.Spend.theta)))
		}
	}
	ends, worth := h.steps()
	parts := make([][]future, par.Chunks(len(s.IDs)))
	err := par.Rows(ctx, len(s.IDs), func(chunk, from, to int) {
		part := make([]future, k)
		for l := range part {
			part[l] = future{make([]float64, h.Draws), make([]float64, h.Draws)}
		}
		seen, counts := make([]float64, h.Draws), make([]int, len(ends))
		for i := from; i < to; i++ {
			if of[i] < 0 {
				continue
			}
			r, wallet := seed.Stream(h.Seed, "future", i), seed.Stream(h.Seed, "money", i) // two, so that orders are the same with and without money
			x, last, age := s.Repeats[i], s.Last[i], s.Age[i]
			for d, p := range processes {
				clear(counts)
				orders, value := 0, 0.0
				if r.Float64() < p.alive(x, last, age) {
					p.live(r, x, age, float64(h.Days)/b.Unit.days(), func(after float64) bool {
						orders++
						counts[min(sortedAt(ends, after*b.Unit.days()), len(ends)-1)]++
						return true
					})
				}
				if orders > 0 && h.Spend != nil {
					money := h.Spend.draw(wallet, spends[d], x, s.Spend[i])
					for e, n := range counts {
						if n > 0 {
							value += float64(money(n) * worth[e])
						}
					}
				}
				part[of[i]].orders[d] += float64(orders)
				part[of[i]].value[d] += value
				if seen[d] = value; h.Spend == nil {
					seen[d] = float64(orders)
				}
			}
			if low != nil {
				r := between(0, seen)
				low[i], high[i] = r.Low, r.High
			}
		}
		parts[chunk] = part
	})
	if err != nil {
		return nil, err
	}
	out := make([]future, k)
	for l := range out {
		out[l] = future{make([]float64, h.Draws), make([]float64, h.Draws)}
		for _, part := range parts {
			for d := range h.Draws {
				out[l].orders[d] += part[l].orders[d]
				out[l].value[d] += part[l].value[d]
			}
		}
	}
	return out, nil
}

// sortedAt returns the place of the first of ends (ascending) that is not below v.
func sortedAt(ends []float64, v float64) int { at, _ := slices.BinarySearch(ends, v); return at }

func normals(r *rand.Rand, n int) []float64 {
	z := make([]float64, n)
	for j := range z {
		z[j] = r.NormFloat64()
	}
	return z
}
