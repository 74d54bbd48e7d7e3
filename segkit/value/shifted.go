package value

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/job"
)

// ShiftedBetaGeometric models how long customers under contract stay, if they differ in how readily they leave and none of them ever changes (Fader & Hardie 2007,
// "How to project customer retention", Journal of Interactive Marketing 21, 76-90, doi:10.1002/dir.20074). Retention rates rise with time, because those who leave
// readily leave first.
type ShiftedBetaGeometric Search

// Stays counts customers by the last period (month, year, …) in which their contract was observed.
type Stays struct {
	Ended []float64 // (periods) who left at the end of the 1st, 2nd, … period
	Going []float64 // (periods) who were last observed then and were still customers; nil for none, and shorter if the rest are zero
}

// Retention is a fitted ShiftedBetaGeometric.
type Retention struct{ Estimate }

// Fit finds the most likely parameters. Its cost does not depend on the number of customers.
func (m ShiftedBetaGeometric) Fit(s Stays) (*Retention, error) {
	return m.FitContext(job.DefaultContext, s)
}

// FitContext is Fit under ctx.
func (m ShiftedBetaGeometric) FitContext(ctx context.Context, s Stays) (*Retention, error) {
	const op = "value.ShiftedBetaGeometric"
	if len(s.Going) > len(s.Ended) {
		return nil, fault.Option("value.Stays", "Going", len(s.Going), "as many periods as Ended, or fewer")
	}
	going := make([]float64, len(s.Ended))
	copy(going, s.Going)
	all, left := 0.0, 0.0
	for t := range s.Ended {
		for _, v := range []float64{s.Ended[t], going[t]} {
			if !(v >= 0) || math.IsInf(v, 0) {
				return nil, fault.Errorf(fault.ErrOption, "segkit: %s: period %d counts %v customers: want a number, 0 or more", op, t+1, v)
			}
		}
		all, left = all+s.Ended[t]+going[t], left+s.Ended[t]
	}
	switch {
	case all == 0:
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: %s: there are no customers", op)
	case len(s.Ended) < 2 || left == 0:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: these data cannot support the model: %v of %v customers left within %d periods, and it takes at least two periods and one who left", op, left, all, len(s.Ended))
	}
	e, err := maximize(ctx, op, problem{model: "shifted beta-geometric", customers: int(all), groups: 2 * len(s.Ended), typical: []float64{1, 4},
		parameters: []Parameter{{Name: "alpha", Meaning: "of the beta distribution of the chance to leave in a period: alpha / (alpha+beta) at first"}, {Name: "beta", Meaning: "the larger alpha + beta, the more alike customers are in that"}},
		likelihood: func(theta, grad []float64) float64 { clear(grad); return stays(theta, grad, s.Ended, going) }}, Search(m))
	if err != nil {
		return nil, err
	}
	return &Retention{*e}, nil
}

// stays is equations 5 to 7 of the paper: of who ended, and who were going, at the end of each period.
func stays(theta, grad, ended, going []float64) (total float64) {
	a, b := theta[0], theta[1]
	lasts, da, db := 0.0, 0.0, 0.0 // logarithm of the share that has not left before, and its derivatives
	for t := range ended {
		at := float64(t)
		whole := 1 / (a + b + at)
		total += float64(ended[t] * (lasts + math.Log(a*whole)))
		grad[0] += float64(ended[t] * (da + 1/a - whole))
		grad[1] += float64(ended[t] * (db - whole))
		lasts += math.Log((b + at) * whole)
		da -= whole
		db += 1/(b+at) - whole
		total += float64(going[t] * lasts)
		grad[0] += float64(going[t] * da)
		grad[1] += float64(going[t] * db)
	}
	return total
}

// Survival returns the share of customers who stay for more than this many periods.
func (r *Retention) Survival(periods int) float64 {
	share := 1.0
	for t := range periods {
		share *= r.Rate(t + 1)
	}
	return share
}

// Rate returns the share of customers in a period (from 1 on) who stay beyond it.
func (r *Retention) Rate(period int) float64 {
	t := float64(period - 1)
	return (r.theta[1] + t) / (r.theta[0] + r.theta[1] + t)
}
