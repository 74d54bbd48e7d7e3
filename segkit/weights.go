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
