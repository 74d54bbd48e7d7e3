// Package refit fits a method again, to customers drawn from those that it was fitted to.
package refit

import (
	"context"
	"errors"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/table"
)

// Starts is how many starts a sample gets at most: a poor start is part of what would differ the next time.
const Starts = 3

// Afresh returns m with few starts and another seed.
func Afresh(m cluster.Method, seed int) cluster.Method {
	if again, ok := m.(cluster.Restarter); ok {
		m = again.Reseeded(seed)
	}
	return WithStarts(m, Starts)
}

// WithStarts returns m with so many starts at most.
func WithStarts(m cluster.Method, starts int) cluster.Method {
	if again, ok := m.(cluster.Restarter); ok {
		return again.AtMost(starts)
	}
	return m
}

// AtMost fits m, whose number of segments is k, with fewer where x has fewer different customers: those of a rare kind may not have been drawn.
func AtMost(ctx context.Context, x *table.Table, m cluster.Method, k int) (*cluster.Clustering, error) {
	c, err := cluster.FitContext(ctx, x, m)
	var refused *fault.OptionError
	for km, ok := m.(cluster.KMethod); ok && k > 1 && errors.As(err, &refused) && refused.Field == "K"; {
		k--
		c, err = cluster.FitContext(ctx, x, km.WithK(k))
	}
	return c, err
}
