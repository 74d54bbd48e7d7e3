package compare

import (
	"context"
	"fmt"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/effect"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Which of two divisions of the same customers says more about what happened afterwards? Two intervals that overlap do not answer
// that: the customers are the same, so that chance moves both figures together. The difference has an interval of its own.

// Comparison says how much of the differences between customers in a metric each of two divisions accounts for.
type Comparison struct {
	Metric        table.Column
	Customers     int     // with a value, and with a segment in both
	First, Second float64 // eta squared of each, 0 to 1
	Difference    float64 // First minus Second, each adjusted for its number of segments (Kelley 1935, doi:10.1073/pnas.21.9.554)
	Low, High     float64 // 95 % interval of Difference, by paired bootstrap; NaN if all values are alike
}

var _ sheet.Sheeter = (*Comparison)(nil)

// Outcomes says how much more the segments of first say about a column of next than those of second, joined by id. The column is a number or has two levels
// (Table.Metric). Customers of next who are missing from one of the two, or in no segment of it, are left out. Weights are respected; frequency weights repeat the
// rows. The seed is for the draws (400, of customers with replacement, the same for both). It costs 400 n.
func Outcomes(next *table.Table, column string, first, second *table.Segments, seed int) (*Comparison, error) {
	return OutcomesContext(job.DefaultContext, next, column, first, second, seed)
}

// OutcomesContext is Outcomes under ctx.
func OutcomesContext(ctx context.Context, next *table.Table, column string, first, second *table.Segments, seed int) (*Comparison, error) {
	const op = "compare.Outcomes"
	if next == nil {
		return nil, fault.Nil(op, "table")
	}
	c, values, err := next.Metric(column)
	if err != nil {
		return nil, err
	}
	var labels [2]table.Labels
	for i, s := range []*table.Segments{first, second} {
		at, err := s.ByID(op)
		if err != nil {
			return nil, err
		}
		labels[i] = make(table.Labels, next.Len())
		for row, id := range next.Raw().IDs {
			l, ok := at[id]
			if labels[i][row] = l; !ok {
				labels[i][row] = table.Noise
			}
		}
	}
	weights := next.Raw().Weights
	if long, of := next.Repeated(); of != nil {
		values, weights = pick.At(values, of), long.Raw().Weights
		labels[0], labels[1] = pick.At(labels[0], of), pick.At(labels[1], of)
	}
	p, err := effect.Compare(ctx, values, weights, labels[0], labels[1], seed)
	if err != nil {
		return nil, err
	}
	if p.Customers == 0 {
		return nil, &fault.CellError{Op: op, Column: column, Why: "no customer has a value and a segment in both: they are joined by id", Err: fault.ErrUnmatched}
	}
	return &Comparison{c, p.Customers, p.First, p.Second, p.Difference, p.Low, p.High}, nil
}

// Says returns text like "3.2 points more (1.9 to 4.5)".
func (c *Comparison) Says() string { return effect.More(c.Difference, c.Low, c.High) }

// Sheet lays out the comparison, with the finding as the caption.
func (c *Comparison) Sheet() sheet.Sheet {
	caption := fmt.Sprintf("The first segmentation says more about %s: %s", c.Metric.Name, c.Says())
	switch {
	case math.IsNaN(c.Low):
		caption = fmt.Sprintf("Nothing to compare: %s is the same for all", c.Metric.Name)
	case c.High < 0:
		caption = fmt.Sprintf("The second segmentation says more about %s: the first accounts for %s", c.Metric.Name, c.Says())
	case c.Low <= 0:
		caption = fmt.Sprintf("Which segmentation says more about %s may be chance: the first accounts for %s", c.Metric.Name, c.Says())
	}
	return sheet.Sheet{Caption: caption, Total: 1,
		Columns: []sheet.Column{{Name: "metric", Text: true}, {Name: "customers"}, {Name: "first"}, {Name: "second"}, {Name: "difference", Unit: "points"}, {Name: "95 % interval", Unit: "points"}},
		Rows: [][]string{{c.Metric.Name, sheet.Count(c.Customers), sheet.Percent(c.First), sheet.Percent(c.Second), points(c.Difference),
			points(c.Low) + " to " + points(c.High)}},
		Notes: []string{"Eta squared: the share of the differences between customers that lies between segments. The difference is adjusted for " +
			"the number of segments; its interval comes from drawing the same customers again for both."}}
}

// points writes a difference between two shares.
func points(difference float64) string { return sheet.Fixed(100*difference, 1) }
