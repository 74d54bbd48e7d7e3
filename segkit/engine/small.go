package engine

// What is tried many times happens on the small table, with its weights.

import (
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit"
	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/judge"
)

// Sweep tries all numbers of segments between from and to on the small table, as choose.SweepK does in memory. It costs no scan. Costs and silhouettes are
// weighted, so they estimate those of all customers; with a grid, they leave out the spread within cells, whose part of the cost is Within. A null draw has as
// many customers as the weighted rows are worth.
func (s *Compressed) Sweep(from, to int, o ...choose.SweepOptions) (*choose.Sweep, error) {
	return s.SweepContext(job.DefaultContext, from, to, o...)
}

// SweepContext is Sweep under ctx.
func (s *Compressed) SweepContext(ctx context.Context, from, to int, o ...choose.SweepOptions) (*choose.Sweep, error) {
	if s == nil {
		return nil, fault.Nil("engine.Compressed.Sweep", "small table")
	}
	if s.Kind == AllRows {
		return choose.SweepKContext(ctx, s.Rows, s.Recipe, from, to, o...)
	}
	return choose.SweepKContext(ctx, s.Prepared, segkit.Recipe{Method: s.Recipe.Method}, from, to, o...)
}

// Stability draws the rows of the small table repeatedly, as choose.Stability draws customers. It costs no scan.
//
// It can say whether the solution depends on a few places in the space: rows are drawn with all the customers whom they represent, who come and go together, which
// is harsher than drawing customers one by one. It cannot say how little the solution would move if so many customers were drawn again, because that is far less
// than this shows. Nor can it say what another compression would have given; Spread does that. Survival refers to a row.
func (s *Compressed) Stability(o ...choose.StabilityOptions) (*choose.Stabilities, error) {
	return s.StabilityContext(job.DefaultContext, o...)
}

// StabilityContext is Stability under ctx.
func (s *Compressed) StabilityContext(ctx context.Context, o ...choose.StabilityOptions) (*choose.Stabilities, error) {
	if s == nil {
		return nil, fault.Nil("engine.Compressed.Stability", "small table")
	}
	if s.Kind == AllRows {
		return choose.StabilityContext(ctx, s.Rows, s.Recipe, o...)
	}
	return choose.StabilityContext(ctx, s.Prepared, segkit.Recipe{Method: s.Recipe.Method}, o...)
}

// Judge judges the segments of a model on the rows of the small table, as judge.Segments does. It costs no scan. The rows are customers in their own units;
// with a grid, one is drawn from each cell, as in a stratified sample, so that weighted shares, means and effects estimate those of all customers. Intervals
// and tests use what the weighted rows are worth, which is less than all customers.
func (s *Compressed) Judge(m *segkit.Model, o judge.Options) (*judge.Verdict, error) {
	return s.JudgeContext(job.DefaultContext, m, o)
}

// JudgeContext is Judge under ctx.
func (s *Compressed) JudgeContext(ctx context.Context, m *segkit.Model, o judge.Options) (*judge.Verdict, error) {
	switch {
	case s == nil:
		return nil, fault.Nil("engine.Compressed.Judge", "small table")
	case m == nil:
		return nil, fault.Nil("engine.Compressed.Judge", "model")
	}
	segments, err := m.Score(s.Rows)
	if err != nil {
		return nil, err
	}
	return judge.SegmentsContext(ctx, s.Rows, segments, o)
}

// Spread draws the coreset again with other seeds, clusters each without improving its centres, and returns the exact cost of all customers at those centres, in
// rising order. The distance between the first and the last shows the effect of chance on a draw. It costs two scans for each draw.
func (s *Compressed) Spread(draws int) (costs []float64, err error) {
	return s.SpreadContext(job.DefaultContext, draws)
}

// SpreadContext is Spread under ctx.
func (s *Compressed) SpreadContext(ctx context.Context, draws int) (costs []float64, err error) {
	switch {
	case s == nil:
		return nil, fault.Nil("engine.Compressed.Spread", "small table")
	case s.Kind != Coreset:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: engine.Compressed.Spread: %s are not drawn", s.Kind)
	case draws < 1:
		return nil, fault.Option("engine.Compressed.Spread", "draws", draws, "at least 1")
	}
	for i := range draws {
		cost, err := s.redraw(ctx, s.seed+1+i)
		if err != nil {
			return nil, err
		}
		costs = append(costs, cost)
	}
	slices.Sort(costs)
	return costs, nil
}

// redraw is one draw of Spread.
func (s *Compressed) redraw(ctx context.Context, seed int) (float64, error) {
	r := s.c.engine.run(ctx, 2)
	defer r.end()
	other, l := *s, *s.learner
	l.run = r
	if err := other.draw(&l, seed); err != nil {
		return math.NaN(), err
	}
	found, err := other.cluster(ctx)
	if err != nil {
		return math.NaN(), err
	}
	nearest, ok := found.Assigner.(cluster.Nearest)
	if !ok {
		return math.NaN(), fault.Errorf(fault.ErrNotPortable, "segkit: engine.Compressed.Spread: %T has no means", s.Recipe.Method)
	}
	counts, sums, err := other.pass(r, nearest)
	if err != nil {
		return math.NaN(), err
	}
	return s.total.cost(nearest.Centers, counts, sums), nil
}
