package campaign

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// heterogeneity is Cochran's Q of the effects, with the chance of as large a Q where all segments have one effect; NaN with fewer than two.
// (Cochran 1954, "The combination of estimates from different experiments", Biometrics 10, 101-129, doi:10.2307/3001666.)
func heterogeneity(effects []Effect) (q, p float64) {
	var weight, weighted float64
	k := 0
	for _, e := range effects {
		if v := e.SE * e.SE; v > 0 {
			weight += 1 / v
			weighted += e.Value / v
			k++
		}
	}
	if k < 2 {
		return math.NaN(), math.NaN()
	}
	for _, e := range effects {
		if v := e.SE * e.SE; v > 0 {
			d := e.Value - weighted/weight
			q += float64(d * d / v)
		}
	}
	return q, mathext.GammaIncRegComp(float64(k-1)/2, q/2)
}

// shrinkSteps is on how many values of the between-segment variance the integral stands.
const shrinkSteps = 100

// shrink fills in Shrunk with its interval, 95 %, of segments that have a standard error; fewer than two leave it undefined. Effects are compared in
// standard deviations of the segment's customers, since 10 EUR are more where customers spend 20 than where they spend 200.
func shrink(effects []Effect) {
	var of []int
	var values, errors, units []float64
	for l, e := range effects {
		if e.SE > 0 {
			own := math.Sqrt(1/float64(e.Offered) + 1/float64(e.HeldOut)) // the standard error in standard deviations
			unit := e.SE / own
			of, values, errors, units = append(of, l), append(values, e.Value/unit), append(errors, own), append(units, unit)
		}
	}
	if len(of) < 2 {
		return
	}
	for at, p := range drawn(values, errors) {
		e, unit := &effects[of[at]], units[at]
		e.Shrunk, e.ShrunkLow, e.ShrunkHigh = unit*p.mean, unit*p.low, unit*p.high
	}
}

// guess is what is known of one effect: its mean and the middle 95 %.
type guess struct{ mean, low, high float64 }

// drawn draws effects (k, at least 2) with the given standard errors (k) together. True effects are taken as normal about a common mean of which nothing is known. How far apart they
// are is not estimated, since a handful of segments often gives the estimate 0 and then one effect for all; the variance between them is integrated over
// instead, with a prior under which the share of shrinkage of a typical segment, s²/(s² + variance), is uniform on 0 to 1, s² being the harmonic mean of
// the squared standard errors (the uniform shrinkage prior: Daniels 1999, "A prior for the variance in hierarchical models", Canadian Journal
// of Statistics 27; its DOI could not be checked here).
func drawn(values, errors []float64) []guess {
	inverse := 0.0
	for _, se := range errors {
		inverse += 1 / (se * se)
	}
	typical := float64(len(errors)) / inverse
	weights, logs, most := make([]float64, shrinkSteps), make([]float64, shrinkSteps), math.Inf(-1)
	means, deviations := make([][]float64, shrinkSteps), make([][]float64, shrinkSteps)
	for step := range weights {
		share := (float64(step) + .5) / shrinkSteps
		between := typical * (1 - share) / share
		var precision, center float64
		for l, se := range errors {
			w := 1 / (se*se + between)
			precision += w
			center += w * values[l]
			logs[step] += math.Log(w) / 2
		}
		center /= precision
		logs[step] -= math.Log(precision) / 2
		for l, se := range errors {
			v, d := se*se, values[l]-center
			logs[step] -= d * d / (v + between) / 2
			back := v / (v + between)
			means[step] = append(means[step], back*center+(1-back)*values[l])
			deviations[step] = append(deviations[step], math.Sqrt((1-back)*v+back*back/precision))
		}
		most = max(most, logs[step])
	}
	total := 0.0
	for step, l := range logs {
		weights[step] = math.Exp(l - most)
		total += weights[step]
	}
	out := make([]guess, len(values))
	for l, v := range values {
		g := &out[l]
		for step, w := range weights {
			g.mean += w / total * means[step][l]
		}
		below := func(x float64) (p float64) {
			for step, w := range weights {
				p += w / total * distuv.UnitNormal.CDF((x-means[step][l])/deviations[step][l])
			}
			return p
		}
		reach := 10*errors[l] + math.Abs(v-g.mean)
		g.low, g.high = crosses(below, .025, g.mean-reach, g.mean), crosses(below, .975, g.mean, g.mean+reach)
	}
	return out
}

// crosses returns where the rising function f is p between low and high.
func crosses(f func(x float64) float64, p, low, high float64) float64 {
	for range 40 {
		if middle := (low + high) / 2; f(middle) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
