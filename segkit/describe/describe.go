package describe

import (
	"context"
	"fmt"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// Segments profiles the segments s on the columns of raw, joined by id. Every customer of raw must be in s; customers who are only in s
// are counted in Absent. A transformed table is refused, because nobody can act on a z-score. The table's Weighting is respected:
// estimates are weighted, and tests and intervals use what the rows are worth. Exemplars are rows, and Small counts rows unless weights
// repeat them. Missing values are left out of means and quantiles, and count as 0 in value shares. A segment without customers is
// described with NaN. It costs d n log n, and for the exemplars at most 1,000 n distances. It runs under job.DefaultContext.
func Segments(raw *table.Table, s *table.Segments) (*Profile, error) {
	return SegmentsContext(job.DefaultContext, raw, s)
}

// SegmentsContext is Segments under ctx.
func SegmentsContext(ctx context.Context, raw *table.Table, s *table.Segments) (*Profile, error) {
	p, labels, err := describe(ctx, raw, s)
	if err != nil {
		return nil, err
	}
	for _, g := range p.each() {
		g.Markers = p.markers(g)
	}
	if err := p.addEffects(ctx, raw, s, labels); err != nil {
		return nil, err
	}
	return p, p.addExemplars(ctx, raw, s, labels)
}

// describe makes the part of a profile that names need, and returns the label of every row of raw.
func describe(ctx context.Context, raw *table.Table, s *table.Segments) (*Profile, table.Labels, error) {
	labels, err := s.LabelsFor("describe.Segments", raw)
	if err != nil {
		return nil, nil, err
	}
	if raw.Raw().Transformed {
		return nil, nil, &fault.CellError{Op: "describe.Segments", Why: "the table holds transformed values, which cannot be acted on",
			Remedy: "describe the segments on the table before transforming", Err: fault.ErrSchema}
	}
	if raw.Len() == 0 {
		return nil, nil, fmt.Errorf("segkit: describe.Segments: %w", fault.ErrEmpty)
	}
	d := len(raw.Raw().Columns)
	p := &Profile{Columns: raw.Columns(), All: make([]table.Stats, d), Scale: make([]Scale, d),
		Weighted: raw.Raw().Weights != nil && raw.Raw().Weighting == table.SamplingWeights, FormedBy: slices.Clone(s.FormedBy), Absent: len(s.IDs) - raw.Len()}
	p.group(s, labels, raw)
	groups := p.each()
	members := make([][]int, len(groups))
	for i, l := range labels {
		if l == table.Noise {
			l = s.K()
		}
		members[l] = append(members[l], i)
	}
	values := make([][]float64, d) // sums of a value column: of each group, then of the whole
	err = par.Items(ctx, d, func(j int) {
		whole := table.NewPart(raw.Raw().Columns[j], raw.Raw().Column(j), raw.Raw().Weights, raw.Raw().Weighting)
		all := whole.Stats()
		p.Scale[j] = scaleOf(whole)
		p.All[j] = against(all, all, p.Scale[j])
		for g, rows := range members {
			group := whole.Of(rows)
			groups[g].Stats[j] = against(group.Stats(), all, p.Scale[j])
			values[j] = append(values[j], group.Sum())
		}
		values[j] = append(values[j], whole.Sum())
	})
	if err != nil {
		return nil, nil, err
	}
	for j, c := range raw.Raw().Columns {
		if c.Role == table.Value && !c.Categorical() {
			p.share(c.Name, values[j])
		}
	}
	return p, labels, nil
}
