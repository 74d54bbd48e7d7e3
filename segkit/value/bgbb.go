package value

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/job"
)

// BGBB is the beta-geometric/beta-binomial model of yes or no at every occasion, without a contract: who gives in the yearly appeal, who comes to the match. Before
// each occasion a customer leaves for good with an individual probability, and otherwise says yes with an individual probability; both are beta distributed (Fader,
// Hardie & Shang 2010, "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29, 1086-1108, doi:10.1287/mksc.1100.0580).
type BGBB Search

// Occasions says who said yes how often. Rows with the same history may be combined, with their number in Customers.
type Occasions struct {
	Yes       []int // (n) occasions with a yes
	Last      []int // (n) the last occasion with a yes, from 1 on; 0 for those who never said yes
	Of        []int // (n) number of occasions
	Customers []int // (n) how many have this history; nil for one each
}

// Attendance is a fitted BGBB.
type Attendance struct {
	Estimate

	bgbb bgbb
}

// Fit finds the most likely parameters. It costs some 30 passes over the rows, per start, times the occasions since the last yes.
func (m BGBB) Fit(o Occasions) (*Attendance, error) { return m.FitContext(job.DefaultContext, o) }

// FitContext is Fit under ctx.
func (m BGBB) FitContext(ctx context.Context, o Occasions) (*Attendance, error) {
	const op = "value.BGBB"
	n := len(o.Yes)
	if len(o.Last) != n || len(o.Of) != n || o.Customers != nil && len(o.Customers) != n {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: %s: %d rows of Yes, %d of Last, %d of Of and %d of Customers: want the same number of each", op, n, len(o.Last), len(o.Of), len(o.Customers))
	}
	number, order, customers, again := map[occasions]float64{}, []occasions(nil), 0, 0
	for i, yes := range o.Yes {
		times := 1
		if o.Customers != nil {
			times = o.Customers[i]
		}
		h := occasions{yes, o.Last[i], o.Of[i]}
		if why := h.wrong(times); why != "" {
			return nil, fault.Errorf(fault.ErrOption, "segkit: %s: row %d: %s", op, i+1, why)
		}
		if _, known := number[h]; !known {
			order = append(order, h)
		}
		number[h] += float64(times)
		customers += times
		if yes > 0 {
			again += times
		}
	}
	switch {
	case customers == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: there are no customers", op)
	case again < fewestRepeaters:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: these data cannot support the model: %d of %d customers ever said yes, and at least %d are needed", op, again, customers, fewestRepeaters)
	}
	e, err := maximize(ctx, op, problem{model: "BG/BB", customers: customers, groups: len(order), typical: []float64{1, 1, 1, 3},
		parameters: []Parameter{{Name: "alpha", Meaning: "of the beta distribution of the chance to say yes: alpha / (alpha+beta) on average"}, {Name: "beta", Meaning: "the larger alpha + beta, the more alike customers are in that"},
			{Name: "gamma", Meaning: "of the beta distribution of the chance to leave before an occasion: gamma / (gamma+delta) on average"}, {Name: "delta", Meaning: "the larger gamma + delta, the more alike customers are in that"}},
		likelihood: func(theta, grad []float64) (total float64) {
			clear(grad)
			m := bgbb{theta[0], theta[1], theta[2], theta[3]}
			one := make([]float64, 4)
			for _, h := range order {
				clear(one)
				total += float64(number[h] * m.chance(h.yes, h.last, h.of, one))
				for j, v := range one {
					grad[j] += float64(number[h] * v)
				}
			}
			return total
		}}, Search(m))
	if err != nil {
		return nil, err
	}
	return &Attendance{*e, bgbb{e.theta[0], e.theta[1], e.theta[2], e.theta[3]}}, nil
}

// occasions is one history.
type occasions struct{ yes, last, of int }

// wrong says why so many customers cannot have this history, "" if they can.
func (h occasions) wrong(customers int) string {
	switch {
	case customers < 0:
		return fmt.Sprintf("%d customers", customers)
	case h.of < 1:
		return fmt.Sprintf("%d occasions: there must be at least one", h.of)
	case h.yes < 0 || h.last < h.yes || h.last > h.of:
		return fmt.Sprintf("%d times yes with the last at occasion %d of %d is impossible", h.yes, h.last, h.of)
	case h.yes == 0 && h.last > 0:
		return fmt.Sprintf("the last yes was at occasion %d, but there was none", h.last)
	}
	return ""
}

type bgbb struct{ alpha, beta, gamma, delta float64 }

// chance is the logarithm of the chance of a history (equation 2 of the paper), and by how much the parameters change it (4).
func (m bgbb) chance(yes, last, of int, grad []float64) float64 {
	x := float64(yes)
	whole := mathext.Lbeta(m.alpha, m.beta) + mathext.Lbeta(m.gamma, m.delta)
	terms, top := make([]float64, 0, of-last+1), math.Inf(-1)
	for i := last; i <= of; i++ { // gone before occasion i+1, or there at all of them
		gone := 1.0
		if i == of {
			gone = 0
		}
		v := mathext.Lbeta(m.alpha+x, m.beta+float64(i)-x) + mathext.Lbeta(m.gamma+gone, m.delta+float64(i)) - whole
		terms, top = append(terms, v), max(top, v)
	}
	sum := 0.0
	for _, v := range terms {
		sum += math.Exp(v - top)
	}
	if grad == nil {
		return top + math.Log(sum)
	}
	di := mathext.Digamma
	ab, gd := di(m.alpha+m.beta), di(m.gamma+m.delta)
	grad[0], grad[1], grad[2], grad[3] = ab-di(m.alpha), ab-di(m.beta), gd-di(m.gamma), gd-di(m.delta)
	for j, v := range terms {
		i, gone := float64(last+j), 1.0
		if last+j == of {
			gone = 0
		}
		w := math.Exp(v-top) / sum
		both, stay := di(m.alpha+m.beta+i), di(m.gamma+gone+m.delta+i)
		grad[0] += float64(w * (di(m.alpha+x) - both))
		grad[1] += float64(w * (di(m.beta+i-x) - both))
		grad[2] += float64(w * (di(m.gamma+gone) - stay))
		grad[3] += float64(w * (di(m.delta+i) - stay))
	}
	return top + math.Log(sum)
}

// there is the chance of being there at a later occasion, and of saying yes so many times more there.
func (m bgbb) there(yes, last, of, later, more int) float64 {
	x, whole := float64(yes), mathext.Lbeta(m.alpha, m.beta)+mathext.Lbeta(m.gamma, m.delta)
	return math.Exp(mathext.Lbeta(m.alpha+x+float64(more), m.beta+float64(of)-x) + mathext.Lbeta(m.gamma, m.delta+float64(of+later)) - whole - m.chance(yes, last, of, nil))
}

// Alive returns the probability that someone who said yes that often, last at that occasion, out of that many, is still there at the next
// one.
func (a *Attendance) Alive(yes, last, of int) float64 { return a.bgbb.there(yes, last, of, 1, 0) }

// Expected returns how often they are expected to say yes at the next occasions.
func (a *Attendance) Expected(yes, last, of, next int) (sum float64) {
	for later := 1; later <= next; later++ {
		sum += a.bgbb.there(yes, last, of, later, 1)
	}
	return sum
}
