package segkit

import (
	"fmt"
	"math"
	"slices"
)

// What a customer counts for. There is one policy for everything that meets a table: sizes that are called customers count rows; shares,
// means, quantiles, costs and every other estimate are weighted; intervals, tests, BIC and whatever else depends on how many were seen
// ask the table's Weighting how many customers its rows are worth.

// Weighting says what the weights of a table mean.
type Weighting uint8

const (
	// SamplingWeights describe how customers were drawn: each row is one customer who was seen, and who stands for so many. Only the
	// ratios of weights matter. Estimates are weighted, and for intervals, tests and BIC the rows are worth Kish's effective size,
	// (sum w)^2 / sum w^2 (1965, Survey Sampling, 11.7): 900 rows of weight 1 and 100 of weight 9 are worth 360 customers.
	SamplingWeights Weighting = iota
	// FrequencyWeights repeat rows: a row of weight 3 is three customers who are alike. Everything is as if the rows were repeated.
	FrequencyWeights
)

func (w Weighting) String() string {
	return [...]string{"sampling weights", "frequency weights", "unknown weights"}[min(w, FrequencyWeights+1)]
}

// Worth returns how many customers rows of these weights are worth as evidence: their sum where they repeat rows, and Kish's
// effective size where they describe sampling. It is NaN for no weights.
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
func (t *Table) Weights() []float64 { return slices.Clone(t.weights) }

// Weighting says what the weights mean; SamplingWeights where there are none.
func (t *Table) Weighting() Weighting { return t.weighting }

// WithWeights returns the table with a weight for every customer (n): how many customers of the whole each row stands for. They are
// taken as SamplingWeights, which never claim more evidence than there is, unless FrequencyWeights are named; those are whole numbers.
func (t *Table) WithWeights(weights []float64, as ...Weighting) (*Table, error) {
	weighting, err := only("WithWeights", as)
	switch {
	case err != nil:
		return nil, err
	case weighting > FrequencyWeights:
		return nil, &OptionError{"WithWeights", "as", uint8(weighting), "SamplingWeights or FrequencyWeights"}
	case len(weights) != t.Len():
		return nil, fmt.Errorf("segkit: %d weights for %d customers: %w", len(weights), t.Len(), ErrSchema)
	}
	for i, w := range weights {
		bad := &CellError{Op: "WithWeights", Row: i + 1, ID: t.ids[i], Value: fmt.Sprint(w), Err: ErrNotFinite}
		switch {
		case !(w > 0) || math.IsInf(w, 0):
			bad.Why = "is not a weight: weights are positive numbers"
			return nil, bad
		case weighting == FrequencyWeights && w != math.Trunc(w):
			bad.Why, bad.Remedy, bad.Err = "is no whole number, and a row cannot be repeated so often", "use SamplingWeights", ErrSchema
			return nil, bad
		}
	}
	out := *t
	out.weights, out.weighting = slices.Clone(weights), weighting
	return &out, nil
}

// weight returns how much customer i counts in an estimate.
func (t *Table) weight(i int) float64 {
	if t.weights == nil {
		return 1
	}
	return t.weights[i]
}

// customers returns how many customers row i is where they are counted: its weight where weights repeat rows, and otherwise one.
func (t *Table) customers(i int) int { return t.weighting.customers(t.weights, i) }

func (w Weighting) customers(weights []float64, i int) int {
	if weights == nil || w != FrequencyWeights {
		return 1
	}
	return int(weights[i])
}

// count returns how many customers the rows are where they are counted.
func (t *Table) count() (n int) {
	for i := range t.ids {
		n += t.customers(i)
	}
	return n
}

// perCustomer is the mean weight of a customer: 1 where weights repeat rows.
func (t *Table) perCustomer() float64 {
	total := 0.0
	for i := range t.ids {
		total += t.weight(i)
	}
	return total / float64(t.count())
}

// sums adds up the weights of the customers with each of the labels 0..k-1; noise is left out.
func (t *Table) sums(labels Labels, k int) []float64 {
	out := make([]float64, k)
	for i, l := range labels {
		if l >= 0 {
			out[l] += t.weight(i)
		}
	}
	return out
}

// ofRows returns the segments of the rows of a table, of those of its repeated rows; first is the place of each row there.
func (s *Segments) ofRows(first []int) *Segments {
	out := *s
	out.IDs, out.Labels = picked(s.IDs, first), picked(s.Labels, first)
	if s.Distance != nil {
		out.Distance = picked(s.Distance, first)
	}
	if s.Margin != nil {
		out.Margin = picked(s.Margin, first)
	}
	return &out
}

// ofRows is Segments.ofRows for the stability of repeated rows.
func (s *Stabilities) ofRows(first []int) {
	s.Segments, s.Survival = s.Segments.ofRows(first), picked(s.Survival, first)
}

// enough is the weight that so many customers need have, a little less than their number since weights add up with rounding.
func enough(customers int) float64 { return float64(customers) * (1 - 1e-9) }

// repeated returns the table with every row as often as its weight says, and the row of t that each comes from (n of the long
// table); t itself and nil where weights do not repeat rows. The first of a row keeps its id. Whatever draws customers at random or
// counts their neighbours works on the long table, and so gives by construction what repeated rows give, at their cost.
func (t *Table) repeated() (long *Table, of []int) {
	if t == nil || t.weights == nil || t.weighting != FrequencyWeights {
		return t, nil
	}
	taken := make(map[string]bool, t.Len())
	for _, id := range t.ids {
		taken[id] = true
	}
	var ids []string
	for i, id := range t.ids {
		ids, of = append(ids, id), append(of, i)
		copies := 1
		for number := 2; copies < t.customers(i); number++ {
			if next := fmt.Sprintf("%s #%d", id, number); !taken[next] {
				ids, of = append(ids, next), append(of, i)
				copies++
			}
		}
	}
	long = t.pick(of)
	long.ids, long.weights, long.weighting = ids, nil, SamplingWeights
	return long, of
}

// repeatedAs returns a table joined to rows by id with a row for every one of long, the repeated rows, as far as it has one. Nil stays
// nil.
func (t *Table) repeatedAs(rows, long *Table, of []int) *Table {
	if t == nil {
		return nil
	}
	at := make(map[string]int, t.Len())
	for i, id := range t.ids {
		at[id] = i
	}
	var mine []int
	var ids []string
	for p, i := range of {
		if here, ok := at[rows.ids[i]]; ok {
			mine, ids = append(mine, here), append(ids, long.ids[p])
		}
	}
	out := t.pick(mine)
	out.ids = ids
	return out
}

// firsts returns the first place of every row in of.
func firsts(of []int) (at []int) {
	for p, i := range of {
		if p == 0 || of[p-1] != i {
			at = append(at, p)
		}
	}
	return at
}

// repeated returns the segments of the repeated rows of a table, whose labels (n of the table) are given.
func (s *Segments) repeated(labels Labels, long *Table, of []int) *Segments {
	out := *s
	out.IDs, out.Labels, out.Distance, out.Margin = long.ids, picked(labels, of), nil, nil
	return &out
}

// size returns how many customers the rows are worth as evidence.
func (t *Table) size() float64 {
	if t.weights == nil {
		return float64(t.Len())
	}
	return t.weighting.Worth(t.weights)
}

// evidence returns the weights (n) in customers seen: they add up to size. It is nil where every row counts once, as rows of equal
// sampling weights do.
func (t *Table) evidence() []float64 {
	return t.weighting.evidence(t.weights)
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
