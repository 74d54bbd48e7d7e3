package judge

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/effect"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// The simple way: quartiles of the goal's metric, as it was before. Segments that say no more about what happens afterwards are not
// worth their trouble for that.

// informative: do the segments tell the metric apart better than quartiles of the metric itself?
func (j *judge) informative(ctx context.Context) error {
	const demand = "informative"
	if j.o.Outcome == nil {
		j.add(unjudged(demand, "No outcome was given on which to compare the segments with quartiles of the earlier metric."), nil)
		return nil
	}
	c, values, _, err := j.outcome()
	if err != nil {
		return err
	}
	before := j.before(c)
	if before < 0 {
		j.add(unjudged(demand, fmt.Sprintf("Nothing in the table could be cut into quartiles for comparison: it holds no earlier %s, and no column with the "+
			"role Value. Join one.", c.Name)), nil)
		return nil
	}
	name := j.raw.Raw().Columns[before].Name
	found, err := effect.Compare(ctx, values, j.raw.Raw().Weights, j.labels, quartiles(j.raw.Raw().Column(before), j.raw.Raw().Weights), j.o.Seed)
	if err != nil {
		return err
	}
	if math.IsNaN(found.Low) {
		j.add(unjudged(demand, fmt.Sprintf("All customers have the same %s, or none of them has an earlier %s.", c.Name, name)), nil)
		return nil
	}
	check := graded(demand, Weak, found.Difference, signed(found.Difference, sheet.Fixed(100*found.Difference, 1), "points"),
		"They may say no more about %s afterwards than quartiles of %s before.", c.Name, name).by("Segments account for %s of the differences, quartiles for "+
		"%s: %s when the same customers are drawn again.", sheet.Percent(found.First), sheet.Percent(found.Second), effect.More(found.Difference, found.Low, found.High))
	check.Low, check.High = found.Low, found.High
	switch {
	case found.Low > 0:
		check.Grade = Pass
		check.Says = fmt.Sprintf("They say more about %s afterwards than quartiles of %s before.", c.Name, name)
	case found.High < 0:
		check.Grade = Fail
		check.Says = fmt.Sprintf("Quartiles of %s before say more about %s afterwards than they do.", name, c.Name)
	}
	j.add(check, nil)
	return nil
}

// before is the column of the customers' table whose quartiles are the simple way: the metric's own name, else the first value; -1
// where there is none.
func (j *judge) before(metric table.Column) int {
	own := slices.IndexFunc(j.raw.Raw().Columns, func(c table.Column) bool {
		return c.Name == metric.Name && c.Numeric() && c.Role != table.Outcome
	})
	if own >= 0 {
		return own
	}
	return slices.IndexFunc(j.raw.Raw().Columns, func(c table.Column) bool { return c.Role == table.Value && c.Numeric() })
}

// quartiles labels values (n) by quartile, 0 the lowest; a value equal to a cut belongs below it, and one that is missing is Noise.
func quartiles(values, weights []float64) table.Labels {
	cuts := quantile.Of(values, weights, false)
	labels := make(table.Labels, len(values))
	for i, v := range values {
		if math.IsNaN(v) {
			labels[i] = table.Noise
			continue
		}
		for _, p := range [...]float64{.25, .5, .75} {
			if v > cuts.At(p) {
				labels[i]++
			}
		}
	}
	return labels
}
