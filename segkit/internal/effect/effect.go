// Package effect measures how far segments differ in a column: an effect size with its interval, and a test. Effect sizes come
// first: with thousands of customers every difference is significant, and few matter.
package effect

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/table"
)

// Size is how far the segments differ: 0 not at all, 1 as far as possible. What is undefined is NaN.
type Size struct {
	Value     float64
	Low, High float64 // interval of Value, 95 %
	P         float64 // of a difference as large by chance
}

const rareLevel = 5 // a level of fewer customers is counted together with the other rare ones: tests say nothing about it

// between is the one-way layout of a column: the customers who have a value and a segment.
type between struct {
	values, weights []float64 // (n) weights count in customers: they add up to what the sample is worth
	groups          []int     // (n) 0..k-1
	n               float64   // customers, of unequal weights as many as they are worth
	k               int       // segments with at least one of them
}

// newBetween leaves out customers without a value or without a segment. Weights may be nil.
func newBetween(values, weights []float64, weighting table.Weighting, labels table.Labels, k int) between {
	b := between{values: make([]float64, 0, len(values)), weights: make([]float64, 0, len(values)), groups: make([]int, 0, len(values))}
	index, sum := slices.Repeat([]int{-1}, k), 0.0
	for i, v := range values {
		l := labels[i]
		if math.IsNaN(v) || l == table.Noise {
			continue
		}
		if index[l] < 0 {
			index[l] = b.k
			b.k++
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		sum += w
		b.values, b.weights, b.groups = append(b.values, v), append(b.weights, w), append(b.groups, index[l])
	}
	b.n = float64(len(b.values))
	if weights != nil {
		b.n = weighting.Worth(b.weights)
		for i := range b.weights {
			b.weights[i] *= b.n / sum
		}
	}
	return b
}

// OfNumber of values (n), weights (n, nil for ones) and labels (n, 0..k-1 or Noise) is eta squared, the share of a number's sum of squares that lies between the segments. P is that of Kruskal &
// Wallis (1952, doi:10.1080/01621459.1952.10483441), which compares ranks, so that neither skew nor a few large values decide.
//
// The interval (see interval) assumes neither normal values nor equal variances: the standard error is that of the delta
// method for a ratio of sums of squares. Everything is NaN with fewer than two segments, as many segments as customers, or all
// values equal.
func OfNumber(values, weights []float64, weighting table.Weighting, labels table.Labels, k int) Size {
	b := newBetween(values, weights, weighting, labels, k)
	e := undefined()
	if b.k < 2 || b.n <= float64(b.k) || slices.Min(b.values) == slices.Max(b.values) {
		return e
	}
	eta2, sd := b.eta2(b.values)
	e.Value = eta2
	e.Low, e.High = interval(eta2, sd/math.Sqrt(b.n-float64(b.k)), b.n, float64(b.k-1))
	e.Low, e.High = e.Low*e.Low, e.High*e.High
	onRanks, _ := b.eta2(b.ranks())
	e.P = chiSquaredSurvival((b.n-1)*onRanks, float64(b.k-1))
	return e
}

func undefined() Size {
	nan := math.NaN()
	return Size{nan, nan, nan, nan}
}

// eta2 returns eta squared of values (n), and the standard deviation of one customer's influence on it.
func (b between) eta2(values []float64) (eta2, sd float64) {
	means, totals, mean := make([]float64, b.k), make([]float64, b.k), 0.0
	for i, v := range values {
		means[b.groups[i]] += float64(b.weights[i] * v)
		totals[b.groups[i]] += b.weights[i]
	}
	total := 0.0
	for g := range means {
		mean += means[g]
		total += totals[g]
		means[g] /= totals[g]
	}
	mean /= total
	var among, all, influence float64
	for i, v := range values {
		d := v - mean
		all += float64(b.weights[i] * d * d)
	}
	for g, m := range means {
		d := m - mean
		among += float64(totals[g] * d * d)
	}
	eta2 = min(among/all, 1)
	for i, v := range values {
		d, within := v-mean, v-means[b.groups[i]]
		f := float64((1-eta2)*d*d) - float64(within*within)
		influence += float64(b.weights[i] * f * f)
	}
	return eta2, math.Sqrt(influence/total) / (all / total)
}

// ranks are the places of the values, equal values sharing the middle of theirs.
func (b between) ranks() []float64 {
	type place struct { // side by side, which sorts twice as fast as positions
		value float64
		at    int
	}
	places, ranks := make([]place, len(b.values)), make([]float64, len(b.values))
	for i, v := range b.values {
		places[i] = place{v, i}
	}
	slices.SortFunc(places, func(a, c place) int { return cmp.Compare(a.value, c.value) })
	below := 0.0
	for from := 0; from < len(places); {
		to, tied := from, 0.0
		for ; to < len(places) && places[to].value == places[from].value; to++ {
			tied += b.weights[places[to].at]
		}
		for _, p := range places[from:to] {
			ranks[p.at] = below + tied/2
		}
		below += tied
		from = to
	}
	return ranks
}

// OfLevels of values (n, indexes of levels), weights (n, nil for ones) and labels (n, 0..k-1 or Noise) is Cramér's V of segments and levels, corrected for what chance alone would give (Bergsma 2013,
// doi:10.1016/j.jkss.2012.10.002), with P of the chi-squared test. Levels of fewer than 5 customers are counted as one. The
// interval is the delta method for the multinomial (Bishop, Fienberg & Holland 1975, 11.3), on the scale of Fisher's z.
func OfLevels(values, weights []float64, weighting table.Weighting, labels table.Labels, k, levels int) Size {
	b := newBetween(values, weights, weighting, labels, k)
	e := undefined()
	p, rows, columns := b.crosstab(levels)
	if b.k < 2 || len(columns) < 2 {
		return e
	}
	r, c, n := float64(len(rows)), float64(len(columns)), b.n
	inRow, inColumn := make([]float64, len(rows)), make([]float64, len(columns))
	phi2 := -1.0
	for i := range p {
		for j, cell := range p[i] {
			part := cell * cell / (rows[i] * columns[j])
			phi2 += part
			inRow[i] += part
			inColumn[j] += part
		}
	}
	phi2 = max(phi2, 0)
	influence := 0.0
	for i := range p {
		for j, cell := range p[i] {
			f := 2*cell/(rows[i]*columns[j]) - inRow[i]/rows[i] - inColumn[j]/columns[j]
			influence += float64(cell * f * f)
		}
	}
	degrees := (r - 1) * (c - 1)
	e.P = chiSquaredSurvival(n*phi2, degrees)
	corrected := phi2 - degrees/(n-1)
	most := min(r-(r-1)*(r-1)/(n-1), c-(c-1)*(c-1)/(n-1)) - 1
	if most <= 0 {
		return e
	}
	e.Value = math.Sqrt(min(max(corrected, 0)/most, 1))
	most = min(r, c) - 1 // that of the plain V, whose bias the interval takes out in its own way
	e.Low, e.High = interval(min(phi2/most, 1), math.Sqrt(influence/n)/most, n, degrees)
	return e
}

// crosstab returns the shares of customers by segment and level (k x levels with customers), and their sums.
func (b between) crosstab(levels int) (p [][]float64, rows, columns []float64) {
	counts := make([]float64, levels)
	for i, v := range b.values {
		counts[int(v)] += b.weights[i]
	}
	to, rare := make([]int, levels), -1
	for l, n := range counts {
		switch {
		case n >= rareLevel-1e-9: // weights add up with rounding
			to[l], columns = len(columns), append(columns, 0)
		case n > 0 && rare < 0:
			rare, columns = len(columns), append(columns, 0)
			to[l] = rare
		default:
			to[l] = rare
		}
	}
	rows = make([]float64, b.k)
	p = make([][]float64, b.k)
	for g := range p {
		p[g] = make([]float64, len(columns))
	}
	for i, v := range b.values {
		share := b.weights[i] / b.n
		p[b.groups[i]][to[int(v)]] += share
		rows[b.groups[i]] += share
		columns[to[int(v)]] += share
	}
	return p, rows, columns
}

// interval is the interval, 95 %, of an effect whose square, 0 to 1, has the given standard error in a sample of n. Fisher's z
// of the effect over its standard error, squared, is taken as noncentral chi-squared with the test's degrees of freedom. So the
// interval starts at 0 where chance alone would do, however many segments and levels there are. In simulations of 4 segments of
// unequal size it held the true eta squared in 91 to 97 % of samples of 300 and more customers (normal, gamma, log-normal and
// zero-inflated amounts, eta squared 0 to .6); with 60 customers and long tails in 85 %.
func interval(squared, se, n, degrees float64) (low, high float64) {
	if squared == 1 {
		return 1, 1
	}
	effect := math.Sqrt(squared)
	step := 1 / math.Sqrt(n) // without effect: that of a correlation
	if squared > 1e-12 {
		if step = se / (2 * effect * (1 - squared)); step < 1e-9 { // no customer moves it: what is left of se is rounding
			return effect, effect
		}
	}
	x := math.Atanh(effect) / step
	return math.Tanh(step * math.Sqrt(noncentrality(x*x, degrees, .975))), math.Tanh(step * math.Sqrt(noncentrality(x*x, degrees, .025)))
}

// noncentrality returns the noncentrality parameter with which a chi-squared variable is at most x with probability p, 0 where
// none is small enough.
func noncentrality(x, degrees, p float64) float64 {
	low, high := 0.0, x+50+10*math.Sqrt(x)
	if noncentralChiSquared(x, degrees, 0) < p {
		return 0
	}
	for range 60 { // halving leaves nothing of a double
		middle := (low + high) / 2
		if noncentralChiSquared(x, degrees, middle) > p {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// noncentralChiSquared is the probability of at most x: exact for one degree of freedom, else by the normal approximation of
// Sankaran (1963, doi:10.1093/biomet/50.1-2.199) to a power of x, which is good to .01.
func noncentralChiSquared(x, degrees, noncentral float64) float64 {
	if x <= 0 {
		return 0
	}
	normal := distuv.UnitNormal.CDF
	if degrees == 1 {
		return normal(math.Sqrt(x)-math.Sqrt(noncentral)) - normal(-math.Sqrt(x)-math.Sqrt(noncentral))
	}
	k, l := degrees, noncentral
	h := 1 - 2*(k+l)*(k+3*l)/(3*(k+2*l)*(k+2*l))
	p := (k + 2*l) / ((k + l) * (k + l))
	m := (h - 1) * (1 - 3*h)
	return normal((math.Pow(x/(k+l), h) - 1 - h*p*(h-1-(2-h)*m*p/2)) / (h * math.Sqrt(2*p) * (1 + m*p/2)))
}

// chiSquaredSurvival is the probability that a chi-squared variable exceeds x.
func chiSquaredSurvival(x, degrees float64) float64 {
	return mathext.GammaIncRegComp(degrees/2, max(x, 0)/2)
}
