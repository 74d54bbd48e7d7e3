package segkit

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/table"
)

// Distribution is what a model keeps about a column of the training table, to compare later customers with it; it contains no customer.
// Shares and moments are weighted if the table was.
type Distribution struct {
	Count   int       `json:"count"`             // customers with a value
	Missing int       `json:"missing,omitempty"` // customers without
	Min     float64   `json:"min"`               // 0 for a category
	Max     float64   `json:"max"`               // 0 for a category
	Mean    float64   `json:"mean"`              // 0 for a category
	SD      float64   `json:"sd"`                // with n as divisor; 0 for a category
	Cuts    []float64 `json:"cuts,omitempty"`    // (c) in rising order: the quantiles at 5 %, 10 %, … 95 %, without repeats; none for a category
	Shares  []float64 `json:"shares,omitempty"`  // (c+1) of customers up to the first cut, above it and up to the next, …, above the last; of a category (levels)
}

// cutsWanted is how many quantiles are kept: every twentieth of the customers.
const cutsWanted = 19

// distributionOf describes values (n; NaN is missing) with weights (n or nil), which say how often rows are repeated or how they were drawn.
func distributionOf(c table.Column, values, weights []float64, repeated bool) Distribution {
	var d Distribution
	customers := func(i int) int { // that row i is
		if repeated && weights != nil {
			return int(weights[i])
		}
		return 1
	}
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	if c.Categorical() {
		d.Shares = make([]float64, len(c.Levels))
	} else {
		sample := quantile.Of(values, weights, repeated)
		for q := 1; q <= cutsWanted; q++ {
			if v := sample.At(float64(q) / (cutsWanted + 1)); v == v {
				d.Cuts = append(d.Cuts, v)
			}
		}
		d.Cuts = slices.Compact(d.Cuts)
		d.Shares = make([]float64, len(d.Cuts)+1)
		d.Min, d.Max = math.Inf(1), math.Inf(-1)
	}
	total := 0.0
	for i, v := range values {
		if math.IsNaN(v) {
			d.Missing += customers(i)
			continue
		}
		d.Count += customers(i)
		total += weight(i)
		at := int(v)
		if !c.Categorical() {
			at = d.bin(v)
			d.Mean += float64((v - d.Mean) * (weight(i) / total)) // a sum could overflow
			d.Min, d.Max = min(d.Min, v), max(d.Max, v)
		}
		d.Shares[at] += weight(i)
	}
	if total == 0 {
		return Distribution{Missing: d.Missing}
	}
	for b := range d.Shares {
		d.Shares[b] /= total
	}
	if c.Categorical() {
		return d
	}
	if span := max(d.Max-d.Mean, d.Mean-d.Min); span > 0 {
		square := 0.0
		for i, v := range values {
			if z := (v - d.Mean) / span; z == z {
				square += float64(weight(i) * float64(z*z))
			}
		}
		d.SD = span * math.Sqrt(square/total)
	}
	return d
}

// bin returns which of the shares a number counts in.
func (d Distribution) bin(v float64) int { return sort.SearchFloat64s(d.Cuts, v) }

// Bins returns the share of values (n; NaN is left out; levels of a category as indexes) in each of the bins of d, in the order of d.Shares, and the
// number of values.
func (d Distribution) Bins(values []float64) (shares []float64, n int) {
	shares = make([]float64, len(d.Shares))
	for _, v := range values {
		at := int(v)
		switch {
		case math.IsNaN(v):
			continue
		case d.Cuts != nil:
			at = d.bin(v)
		case at < 0 || at >= len(shares):
			continue
		}
		shares[at]++
		n++
	}
	for b := range shares {
		shares[b] /= float64(max(n, 1))
	}
	return shares, n
}

// valid refuses what cannot have been a distribution of column c, as a file may say.
func (d Distribution) valid(c table.Column) error {
	wrong := func(why string) error {
		return fault.Errorf(fault.ErrFormat, "segkit: model: the distribution of %q %s", c.Name, why)
	}
	if d.Count < 0 || d.Missing < 0 {
		return wrong("counts a negative number of customers")
	}
	if d.Count == 0 {
		return nil
	}
	bins := len(d.Cuts) + 1
	if c.Categorical() {
		bins = len(c.Levels)
	}
	if len(d.Shares) != bins || c.Categorical() && d.Cuts != nil {
		return wrong(fmt.Sprintf("has %d shares where %d belong", len(d.Shares), bins))
	}
	for b, share := range d.Shares {
		if !(share >= 0 && share <= 1) {
			return wrong(fmt.Sprintf("has a share of %v", share))
		}
		if b > 0 && b < len(d.Cuts) && !(d.Cuts[b] > d.Cuts[b-1]) {
			return wrong("has cuts that do not increase")
		}
	}
	if !(d.Min <= d.Max) {
		return wrong(fmt.Sprintf("goes from %v to %v", d.Min, d.Max))
	}
	return nil
}
