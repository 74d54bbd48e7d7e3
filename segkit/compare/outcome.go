package compare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Which of two divisions of the same customers says more about what happened afterwards? Two intervals that overlap do not answer
// that: the customers are the same, so that chance moves both figures together. The difference has an interval of its own.

// Comparison is how much of the differences between customers in a metric two divisions account for.
type Comparison struct {
	Metric        table.Column
	Customers     int     // with a value, and with a segment in both
	First, Second float64 // eta squared of each, 0 to 1
	Difference    float64 // of First less Second, each adjusted for its number of segments (Kelley 1935, doi:10.1073/pnas.21.9.554)
	Low, High     float64 // interval of Difference, 95 %, by paired bootstrap; NaN where all is alike
}

var _ sheet.Sheeter = (*Comparison)(nil)

// comparisonDraws is how often customers are drawn again.
const comparisonDraws = 400

// Outcomes tells how much more the segments of first say about a column of next than those of second, joined by id. The
// column is a number or has two levels (Table.Metric). Customers of next whom one of them does not have, or has in no segment, are left out. Weights are
// respected: rows that repeat are repeated for it. seed is that of the draws (400, of customers with replacement, the same ones for both). It costs 400 n.
func Outcomes(next *table.Table, column string, first, second *table.Segments, seed int) (*Comparison, error) {
	const op = "Outcomes"
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
	out, err := Labels(job.DefaultContext, values, weights, labels[0], labels[1], seed)
	if err != nil {
		return nil, err
	}
	if out.Customers == 0 {
		return nil, &fault.CellError{Op: op, Column: column, Why: "no customer has a value and a segment in both: they are joined by id", Err: fault.ErrSchema}
	}
	out.Metric = c
	return out, nil
}

// Labels is Compare of labels (n) of the same rows. Weights may be nil.
func Labels(ctx context.Context, values, weights []float64, first, second table.Labels, random int) (*Comparison, error) {
	var v, w []float64
	var groups [2][]int
	for i, x := range values {
		if math.IsNaN(x) || first[i] == table.Noise || second[i] == table.Noise {
			continue
		}
		v, groups[0], groups[1] = append(v, x), append(groups[0], first[i]), append(groups[1], second[i])
		if weights == nil {
			w = append(w, 1)
		} else {
			w = append(w, weights[i])
		}
	}
	n, nan := len(v), math.NaN()
	out := &Comparison{Customers: n, First: nan, Second: nan, Difference: nan, Low: nan, High: nan}
	if n == 0 || slices.Min(v) == slices.Max(v) {
		return out, nil
	}
	var k [2]int
	for s := range groups {
		k[s] = slices.Max(groups[s]) + 1
	}
	worth := table.EffectiveSize(v, w, table.SamplingWeights)
	shares := func(w []float64) (share [2]float64, difference float64) {
		for s := range groups {
			eta2, filled := shareBetween(v, w, groups[s], k[s])
			if worth <= float64(filled) {
				return share, nan
			}
			adjusted := 1 - (1-eta2)*(worth-1)/(worth-float64(filled))
			if share[s] = eta2; s == 1 {
				adjusted = -adjusted
			}
			difference += adjusted
		}
		return share, difference
	}
	share, difference := shares(w)
	out.First, out.Second, out.Difference = share[0], share[1], difference
	drawn := make([]float64, comparisonDraws)
	err := par.Items(ctx, comparisonDraws, func(b int) {
		r, again := seed.Stream(random, "compare", b), make([]float64, n)
		for range n {
			i := r.IntN(n)
			again[i] += w[i]
		}
		_, drawn[b] = shares(again)
	})
	if err != nil {
		return nil, err
	}
	drawn = slices.DeleteFunc(drawn, math.IsNaN) // one customer drawn again and again differs from nobody
	if len(drawn) == 0 {
		return out, nil
	}
	mean := 0.0
	for _, d := range drawn {
		mean += d / float64(len(drawn))
	}
	// Drawn again, many small segments account for more than they do: only how far the draws lie apart is taken from them.
	q := quantile.Of(drawn, nil, false)
	out.Low, out.High = difference+q.At(.025)-mean, difference+q.At(.975)-mean
	return out, nil
}

// shareBetween is eta squared of values (n) with weights that may be 0, and how many of the k groups have any; NaN where values are alike.
func shareBetween(values, weights []float64, groups []int, k int) (eta2 float64, filled int) {
	sums, totals := make([]float64, k), make([]float64, k)
	var sum, total, squares, among float64
	for i, v := range values {
		w := weights[i]
		sums[groups[i]] += float64(w * v)
		totals[groups[i]] += w
		sum += float64(w * v)
		total += w
	}
	mean := sum / total
	for i, v := range values {
		squares += float64(weights[i] * (v - mean) * (v - mean))
	}
	for g, t := range totals {
		if t > 0 {
			filled++
			among += float64(t * (sums[g]/t - mean) * (sums[g]/t - mean))
		}
	}
	if squares == 0 {
		return math.NaN(), filled
	}
	return min(among/squares, 1), filled
}

// Says reads like "3.2 points more (1.9 to 4.5)".
func (c *Comparison) Says() string {
	word, sign, low, high := "more", 1.0, c.Low, c.High
	if c.Difference < 0 {
		word, sign, low, high = "less", -1, -c.High, -c.Low
	}
	points := func(v float64) string { return sheet.Fixed(100*v, 1) }
	return fmt.Sprintf("%s points %s (%s to %s)", points(sign*c.Difference), word, points(low), points(high))
}

// Sheet lays the comparison out, with what it says as the caption.
func (c *Comparison) Sheet() sheet.Sheet {
	caption := fmt.Sprintf("The first say more about %s: %s", c.Metric.Name, c.Says())
	switch {
	case math.IsNaN(c.Low):
		caption = fmt.Sprintf("Nothing to compare: %s is the same for all", c.Metric.Name)
	case c.High < 0:
		caption = fmt.Sprintf("The second say more about %s: the first account for %s", c.Metric.Name, c.Says())
	case c.Low <= 0:
		caption = fmt.Sprintf("Which of the two say more about %s may be chance: the first account for %s", c.Metric.Name, c.Says())
	}
	return sheet.Sheet{Caption: caption, Total: 1,
		Columns: []sheet.Column{{Name: "metric", Text: true}, {Name: "customers"}, {Name: "first"}, {Name: "second"}, {Name: "difference"}, {Name: "95 % interval"}},
		Rows: [][]string{{c.Metric.Name, sheet.Count(c.Customers), sheet.Percent(c.First), sheet.Percent(c.Second), sheet.Percent(c.Difference),
			sheet.Percent(c.Low) + " to " + sheet.Percent(c.High)}},
		Notes: []string{"Eta squared: the share of the differences between customers that lies between segments. The difference is adjusted for " +
			"the number of segments; its interval comes from drawing the same customers again for both."}}
}
