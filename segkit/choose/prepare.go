package choose

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// preparedK returns the table as a recipe prepares it, and its method, whose number of segments must be given.
func preparedK(op string, raw *table.Table, r segkit.Recipe) (*table.Table, cluster.KMethod, error) {
	switch {
	case raw == nil:
		return nil, nil, fault.Nil(op, "table")
	case r.Method == nil:
		return nil, nil, fault.Option("Recipe", "Method", nil, "a method such as cluster.KMeans{}")
	}
	m, ok := r.Method.(cluster.KMethod)
	if !ok {
		return nil, nil, fault.Option("Recipe", "Method", wording.TypeName(r.Method), "a method whose number of segments is given, such as cluster.KMeans")
	}
	x, err := r.Prepare(raw)
	return x, m, err
}

// hasLikelihood refuses methods whose cost is a log-likelihood, before anything is asked of the options.
func hasLikelihood(op string, m cluster.KMethod, from, to int) error {
	switch m.(type) {
	case cluster.GaussianMixture, cluster.LatentClass:
		return bySweepBIC(op, wording.TypeName(m), from, to)
	}
	return nil
}

// bySweepBIC is the error for a method that has a likelihood.
func bySweepBIC(op, method string, from, to int) error {
	return fault.Option(op, "Method", method, fmt.Sprintf("a method whose cost is a sum of distances: %s has a likelihood, so numbers of segments are compared by BIC: "+
		"x, err := recipe.Prepare(customers), then choose.SweepBIC(x, %d, %d, cluster.%s{})", method, from, to, method))
}

// onPrepared prepares the table and runs the recipe's method on it, with the options that the caller of op gave or none.
func onPrepared[O, R any](ctx context.Context, op string, raw *table.Table, r segkit.Recipe, from, to int, o []O,
	run func(ctx context.Context, x *table.Table, m cluster.KMethod, from, to int, o O) (*R, error)) (*R, error) {
	x, m, err := preparedK(op, raw, r)
	if err != nil {
		return nil, err
	}
	one, err := option.AtMostOne(op, o)
	if err != nil {
		return nil, err
	}
	return run(ctx, x, m, from, to, one)
}

// checkRange refuses numbers of segments that m cannot find in x.
func checkRange(op string, x *table.Table, m cluster.KMethod, from, to int) error {
	switch {
	case m == nil:
		return fault.Option(op, "method", nil, "a method such as cluster.KMeans{}")
	case from < 1:
		return fault.Option(op, "from", from, "at least 1 segment")
	case to < from:
		return fault.Option(op, "to", to, fmt.Sprintf("at least from = %d", from))
	}
	for _, k := range []int{from, to} {
		if err := m.WithK(k).Check(x); err != nil && k > from {
			return fmt.Errorf("segkit: %s: a sweep from %d to %d: %w", op, from, to, fault.Trimmed(err))
		} else if err != nil {
			return err
		}
	}
	return nil
}
