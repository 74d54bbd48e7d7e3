package cluster

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Likelihood says how probable a mixture makes the customers that it was fitted to, and with how many parameters. More
// segments always raise it; BIC and AIC add a penalty for the parameters, and the lowest wins.
type Likelihood struct {
	Log        float64 // of all customers together
	Parameters int     // free ones
	Customers  float64 // how many the rows are worth as evidence, by the table's Weighting
}

// newLikelihood takes the log-likelihood of x, summed by its weights, to that of as many customers as the rows are worth.
func newLikelihood(x *table.Table, log float64, parameters int) *Likelihood {
	return &Likelihood{log * logUnits(x), parameters, x.Worth()}
}

// logUnits is how much likelihood a unit of weighted log-likelihood of x is: rows count for as many customers as they are worth.
func logUnits(x *table.Table) float64 {
	total := 0.0
	for i := range x.Raw().IDs {
		total += x.Weight(i)
	}
	return x.Worth() / total
}

// BIC returns the Bayesian information criterion -2 ln L + p ln n (Schwarz 1978, doi:10.1214/aos/1176344136). A difference
// of 10 is clear evidence.
func (l Likelihood) BIC() float64 {
	return -2*l.Log + float64(l.Parameters)*math.Log(l.Customers)
}

// AIC returns Akaike's information criterion -2 ln L + 2p (1974, doi:10.1109/TAC.1974.1100705). It tends to choose more segments than BIC.
func (l Likelihood) AIC() float64 { return -2*l.Log + 2*float64(l.Parameters) }

// membership is how a fitted mixture or its like answers for the rows of a table: the likeliest segment of each, and if wanted the
// probability of every segment (n x k).
type membership func(ctx context.Context, x *table.Table, want bool) (table.Labels, *mat.Dense, error)

// likeliest returns the likeliest segment of every row of x, for callers outside.
func likeliest(op string, x *table.Table, of membership) (table.Labels, error) {
	if x == nil {
		return nil, fault.Nil(op, "table")
	}
	labels, _, err := of(job.DefaultContext, x, false)
	return labels, err
}

// probabilities returns those of every segment for every row of x, of which there must be some, for callers outside.
func probabilities(op string, x *table.Table, of membership) (*mat.Dense, error) {
	if x == nil {
		return nil, fault.Nil(op, "table")
	}
	if x.Len() == 0 {
		return nil, fmt.Errorf("segkit: %s: %w", op, fault.ErrEmpty)
	}
	_, shares, err := of(job.DefaultContext, x, true)
	return shares, err
}
