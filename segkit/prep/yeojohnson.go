package prep

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/table"
)

// YeoJohnson transforms every column by a power of its own, so that it comes as close to a normal distribution as a power
// can (Yeo & Johnson 2000, doi:10.1093/biomet/87.4.954). It takes logarithms of columns that need them, changes nothing if
// they do not, and accepts negative values. Lambda is the most likely power: 1 changes nothing, 0 is ln(1+x). It does not
// scale, so Standardize afterwards. Missing values stay missing. The likelihood is weighted by the table's weights. Fit
// costs c·n log n and some 20 passes over the column.
type YeoJohnson struct {
	Columns []string `json:"columns,omitempty"` // empty: every numeric column
}

// fittedYeoJohnson is YeoJohnson with its powers.
type fittedYeoJohnson struct {
	table.Schema
	Lambda []float64 `json:"lambda"` // (c)
}

var (
	_ Transformer = YeoJohnson{}
	_ Inverter    = fittedYeoJohnson{}
)

// Fit finds the most likely powers.
func (o YeoJohnson) Fit(t *table.Table) (Fitted, error) {
	b, at, err := table.SchemaOf("prep.YeoJohnson", t, o.Columns, table.Column.Numeric)
	if err != nil {
		return nil, err
	}
	f := fittedYeoJohnson{Schema: b, Lambda: make([]float64, len(at))}
	for p, j := range at {
		var why, remedy string
		if f.Lambda[p], why, remedy = likeliestPower(t.Raw().Column(j), t.Raw().Weights); why != "" {
			return nil, &fault.CellError{Op: "prep.YeoJohnson", File: t.Raw().Source, Column: t.Raw().Columns[j].Name, Err: fault.ErrUndefined, Why: why, Remedy: remedy}
		}
	}
	return f, nil
}

// weighted is a value and how often it counts.
type weighted struct{ v, w float64 }

// byValue orders by value, then by weight.
func byValue(a, b weighted) int { return cmp.Or(cmp.Compare(a.v, b.v), cmp.Compare(a.w, b.w)) }

// likeliestPower solves for the lambda at which the slope of the likelihood is 0. It says why there is none.
func likeliestPower(values, weights []float64) (lambda float64, why, remedy string) {
	if v, alike := stats.OnlyValue(values); alike && math.IsNaN(v) {
		return 0, "has no value at all", "leave the column out"
	} else if alike {
		return 0, fmt.Sprintf("is %v for every customer, so no power brings it closer to a normal distribution", v), "leave the column out"
	}
	var sample []weighted
	reach := 0.0 // of ln(1+|x|)
	for i, v := range values {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		if !math.IsNaN(v) {
			sample = append(sample, weighted{v, w})
			reach = max(reach, math.Log1p(math.Abs(v)))
		}
	}
	slices.SortFunc(sample, byValue) // so that the order of customers shows in no bit
	most := 300 / reach              // beyond it, squares overflow
	low, high := 1.0, 1.0
	for step := .5; powerSlope(sample, low) < 0 && 2-low < most; step *= 2 {
		high, low = low, low-step
	}
	for step := .5; powerSlope(sample, high) > 0 && high < most; step *= 2 {
		low, high = high, high+step
	}
	if !(powerSlope(sample, low) >= 0 && powerSlope(sample, high) <= 0) {
		return 0, "has no most likely power: its values lie too close together, or too far from a normal distribution", "use prep.Quantile for this column"
	}
	return root(func(lambda float64) float64 { return powerSlope(sample, lambda) }, low, high), "", ""
}

// root returns where f, which is not negative at low and not positive at high, crosses 0: by secants, of which an end that
// stays has its value halved (the Illinois algorithm, Dowell & Jarratt 1971, doi:10.1007/BF01934364).
func root(f func(float64) float64, low, high float64) float64 {
	atLow, atHigh := f(low), f(high)
	last := low
	for range 100 {
		x := low
		if atLow != atHigh {
			x = low + float64((high-low)*(atLow/(atLow-atHigh)))
		}
		if math.Abs(x-last) <= 1e-15*math.Abs(x) {
			return x
		}
		switch v := f(x); {
		case v == 0:
			return x
		case v > 0:
			if last == low { // low has moved twice
				atHigh /= 2
			}
			low, atLow = x, v
		default:
			if last == high {
				atLow /= 2
			}
			high, atHigh = x, v
		}
		last = x
	}
	return last
}

// powerSlope is the derivative, by lambda, of the mean log-likelihood of a sample that lambda makes normal; NaN where the
// values become too alike for their size.
func powerSlope(sample []weighted, lambda float64) float64 {
	var total, mean, meanSlope, pull float64
	for _, x := range sample {
		y, slope, log := power(x.v, lambda)
		total += x.w
		mean += float64(x.w * y)
		meanSlope += float64(x.w * slope)
		pull += float64(x.w * log)
	}
	mean /= total
	meanSlope /= total
	var variance, covariance float64
	for _, x := range sample {
		y, slope, _ := power(x.v, lambda)
		variance += float64(x.w * (y - mean) * (y - mean))
		covariance += float64(x.w * (y - mean) * (slope - meanSlope))
	}
	if variance <= 1e-12*total*mean*mean {
		return math.NaN()
	}
	return pull/total - covariance/variance
}

// power returns the Yeo-Johnson power y of x, its derivative by lambda, and the logarithm whose coefficient lambda-1 is in
// the likelihood: sign(x) ln(1+|x|).
func power(x, lambda float64) (y, slope, log float64) {
	u := math.Log1p(math.Abs(x))
	if x >= 0 {
		y, slope = bend(u, lambda)
		return y, slope, u
	}
	y, slope = bend(u, 2-lambda)
	return -y, slope, -u
}

// bend returns (exp(l u) - 1)/l, which is u at l = 0, and its derivative by l.
func bend(u, l float64) (y, slope float64) {
	z := l * u
	if math.Abs(z) > .1 {
		e := math.Expm1(z)
		return e / l, (float64(u*(e+1)) - e/l) / l
	}
	// Taylor series of (exp z - 1)/z and of its derivative.
	var phi, slopePhi float64
	term := 1.0 // z^m / m!
	for m := range 12 {
		phi += term / float64(m+1)
		slopePhi += term / float64(m+2)
		term *= z / float64(m+1)
	}
	return u * phi, u * u * slopePhi
}

// Apply takes the powers. The unit "EUR" becomes "power of EUR".
func (f fittedYeoJohnson) Apply(t *table.Table) (*table.Table, error) {
	at, err := f.Find("prep.YeoJohnson", t)
	if err != nil {
		return nil, err
	}
	out := change(t, at, f.value)
	return left(out, at, func(c table.Column) string {
		if c.Unit == "" {
			return "power"
		}
		return "power of " + c.Unit
	}), nil
}

func (f fittedYeoJohnson) value(p int, v float64) float64 {
	y, _, _ := power(v, f.Lambda[p])
	return y
}

// Invert restores the columns in their own units. A value that no customer can have had, beyond the bound set by a negative
// power, becomes missing.
func (f fittedYeoJohnson) Invert(t *table.Table) (*table.Table, error) {
	at, err := f.FindBack("prep.YeoJohnson", t)
	if err != nil {
		return nil, err
	}
	return f.Restore(change(t, at, func(p int, v float64) float64 {
		if v >= 0 {
			return unbend(v, f.Lambda[p])
		}
		return -unbend(-v, 2-f.Lambda[p])
	}), at), nil
}

// unbend returns the x >= 0 with bend(ln(1+x), l) = y.
func unbend(y, l float64) float64 {
	if math.Abs(l*y) < 1e-9 {
		return math.Expm1(y * (1 - l*y/2))
	}
	return math.Expm1(math.Log1p(l*y) / l) // NaN for l y < -1
}

// Kind is "yeojohnson".
func (fittedYeoJohnson) Kind() string { return "yeojohnson" }

func (f fittedYeoJohnson) Valid() error { return f.Check("yeojohnson", f.Lambda) }
