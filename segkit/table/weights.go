package table

import (
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
)

// What a customer counts for. There is one policy for everything that meets a table. What is called customers counts those who were seen:
// rows, each as often as frequency weights repeat it, while sampling weights change no count. Shares, means, quantiles, costs and every
// other estimate are weighted. Intervals, tests, BIC and whatever else depends on how many were seen ask the table's Weighting how many
// customers its rows are worth. Segments remember how often their rows count (Segments.Times).

// Weighting says what the weights of a table mean.
type Weighting uint8

const (
	// SamplingWeights describe how customers were drawn: each row is one customer who was seen, and who stands for as many as the
	// weight says. Only the ratios of weights matter. Estimates are weighted; for intervals, tests and BIC, the rows are worth
	// Kish's effective size, (sum w)^2 / sum w^2 (1965, Survey Sampling, 11.7): 900 rows of weight 1 and 100 of weight 9 are worth
	// 360 customers.
	SamplingWeights Weighting = iota
	// FrequencyWeights repeat rows: a row of weight 3 is three identical customers. Every result is as if the rows were repeated.
	FrequencyWeights
)

func (w Weighting) String() string {
	return [...]string{"sampling weights", "frequency weights", "unknown weights"}[min(w, FrequencyWeights+1)]
}

// Worth returns how many customers rows with these weights are worth as evidence: the sum of weights that repeat rows, and
// Kish's effective size for weights that describe sampling. It is NaN for no weights.
func (w Weighting) Worth(weights []float64) float64 {
	sum, squares := 0.0, 0.0
	for _, v := range weights {
		sum += v
		squares += float64(v * v)
	}
	if w == FrequencyWeights && len(weights) > 0 {
		return sum
	}
	return sum * sum / squares
}

// Weights returns a copy of the customers' weights (n), or nil when every customer counts once.
func (t *Table) Weights() []float64 { return slices.Clone(t.raw.Weights) }

// Weighting says what the weights mean; SamplingWeights if there are none.
func (t *Table) Weighting() Weighting { return t.raw.Weighting }

// WithWeights returns the table with a weight for every customer (n): how many customers of the whole each row stands for. They are
// taken as SamplingWeights, which never claim more evidence than there is, unless you name FrequencyWeights, which must be whole
// numbers.
func (t *Table) WithWeights(weights []float64, as ...Weighting) (*Table, error) {
	if t == nil {
		return nil, fault.Nil("table.Table.WithWeights", "table")
	}
	weighting, err := option.AtMostOne("table.Table.WithWeights", as)
	switch {
	case err != nil:
		return nil, err
	case weighting > FrequencyWeights:
		return nil, fault.Option("table.Table.WithWeights", "as", uint8(weighting), "table.SamplingWeights or table.FrequencyWeights")
	case len(weights) != t.Len():
		return nil, fault.Errorf(fault.ErrSchema, "segkit: %d weights for %d customers", len(weights), t.Len())
	}
	for i, w := range weights {
		bad := &fault.CellError{Op: "table.Table.WithWeights", Row: i + 1, ID: t.raw.IDs[i], Value: fmt.Sprint(w), Err: fault.ErrNotFinite}
		switch {
		case !(w > 0) || math.IsInf(w, 0):
			bad.Why = "is not a weight: weights are positive numbers"
			return nil, bad
		case weighting == FrequencyWeights && w != math.Trunc(w):
			bad.Why, bad.Remedy, bad.Err = "is not a whole number, and a row cannot be repeated that often", "use table.SamplingWeights", fault.ErrSchema
			return nil, bad
		}
	}
	out := *t
	out.raw.Weights, out.raw.Weighting = slices.Clone(weights), weighting
	return &out, nil
}

// Weight returns how much customer i counts in an estimate.
func (t *Table) Weight(i int) float64 {
	if t.raw.Weights == nil {
		return 1
	}
	return t.raw.Weights[i]
}

// Customers returns how many customers row i counts as: its weight if weights repeat rows, otherwise one.
func (t *Table) Customers(i int) int { return t.raw.Weighting.customers(t.raw.Weights, i) }

func (w Weighting) customers(weights []float64, i int) int {
	if weights == nil || w != FrequencyWeights {
		return 1
	}
	return int(weights[i])
}

// Times returns how many customers each row is (n) if weights repeat rows; nil if each is one.
func (t *Table) Times() (times []int) {
	if t.raw.Weights == nil || t.raw.Weighting != FrequencyWeights {
		return nil
	}
	times = make([]int, t.Len())
	for i := range times {
		times[i] = t.Customers(i)
	}
	return times
}

// Count returns how many customers the rows count as.
func (t *Table) Count() (n int) {
	for i := range t.raw.IDs {
		n += t.Customers(i)
	}
	return n
}

// PerCustomer returns the mean weight of a customer: 1 if weights repeat rows.
func (t *Table) PerCustomer() float64 {
	total := 0.0
	for i := range t.raw.IDs {
		total += t.Weight(i)
	}
	return total / float64(t.Count())
}

// Sums returns the total weight of the customers with each of the labels 0..k-1; noise is left out.
func (t *Table) Sums(labels Labels, k int) []float64 {
	out := make([]float64, k)
	for i, l := range labels {
		if l >= 0 {
			out[l] += t.Weight(i)
		}
	}
	return out
}

// OfRows returns the segments of the rows of a table from s, the segments of its repeated rows; first is the place of each row among those.
func (s *Segments) OfRows(first []int) *Segments {
	out := *s
	out.IDs, out.Labels, out.Times = pick.At(s.IDs, first), pick.At(s.Labels, first), pick.Times(first, len(s.IDs))
	if s.Distance != nil {
		out.Distance = pick.At(s.Distance, first)
	}
	if s.Margin != nil {
		out.Margin = pick.At(s.Margin, first)
	}
	return &out
}

// Repeated returns the table with every row repeated as often as its weight says, and the row of t that each comes from (n of the
// long table); t itself and nil if weights do not repeat rows. The first copy of a row keeps its id. Whatever draws customers at
// random or counts their neighbours works on the long table, and so by construction gives the result of repeated rows, at their
// cost.
func (t *Table) Repeated() (long *Table, of []int) {
	if t == nil || t.raw.Weights == nil || t.raw.Weighting != FrequencyWeights {
		return t, nil
	}
	taken := make(map[string]bool, t.Len())
	for _, id := range t.raw.IDs {
		taken[id] = true
	}
	var ids []string
	for i, id := range t.raw.IDs {
		ids, of = append(ids, id), append(of, i)
		copies := 1
		for number := 2; copies < t.Customers(i); number++ {
			if next := fmt.Sprintf("%s #%d", id, number); !taken[next] {
				ids, of = append(ids, next), append(of, i)
				copies++
			}
		}
	}
	long = t.Rows(of)
	long.raw.IDs, long.raw.Weights, long.raw.Weighting = ids, nil, SamplingWeights
	return long, of
}

// Repeated returns the segments of the repeated rows of a table, whose labels (n of the table) are given.
func (s *Segments) Repeated(labels Labels, long *Table, of []int) *Segments {
	out := *s
	out.IDs, out.Labels, out.Distance, out.Margin, out.Times = long.raw.IDs, pick.At(labels, of), nil, nil, nil
	return &out
}

// Worth returns how many customers the rows are worth as evidence.
func (t *Table) Worth() float64 {
	if t.raw.Weights == nil {
		return float64(t.Len())
	}
	return t.raw.Weighting.Worth(t.raw.Weights)
}

// EvidenceWeights returns the weights (n), scaled so that they add up to the evidence in the rows (Worth). It is nil if every row counts
// once, as rows with equal sampling weights do.
func (t *Table) EvidenceWeights() []float64 {
	return t.raw.Weighting.evidence(t.raw.Weights)
}

// evidence returns the weights as they are where they repeat rows, and otherwise scaled to add up to what they are worth. Weights
// may be nil.
func (w Weighting) evidence(weights []float64) []float64 {
	switch {
	case weights == nil || w == FrequencyWeights:
		return weights
	case !slices.ContainsFunc(weights, func(v float64) bool { return v != weights[0] }):
		return nil
	}
	sum, squares := 0.0, 0.0
	for _, v := range weights {
		sum += v
		squares += float64(v * v)
	}
	out := make([]float64, len(weights))
	for i, v := range weights {
		out[i] = v * (sum / squares)
	}
	return out
}
