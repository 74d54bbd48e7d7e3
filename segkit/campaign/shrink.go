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

// shrink fills in Shrunk with its interval, 95 %. Segments' true effects are taken as normal about a common mean of which nothing is known. How far apart they
// are is not estimated, since a handful of segments often gives the estimate 0 and then one effect for all; the variance between them is integrated over
// instead, with a prior under which the share of shrinkage of a typical segment, s²/(s² + variance), is uniform on 0 to 1, s² being the harmonic mean of
// the squared standard errors (the uniform shrinkage prior: Daniels 1999, "A prior for the variance in hierarchical models", Canadian Journal
// of Statistics 27, 567-578). Fewer than two segments with a standard error leave it undefined.
func shrink(effects []Effect) {
	var of []int
	inverse := 0.0
	for l, e := range effects {
		if e.SE > 0 {
			of = append(of, l)
			inverse += 1 / (e.SE * e.SE)
		}
	}
	if len(of) < 2 {
		return
	}
	typical := float64(len(of)) / inverse
	weights, logs, most := make([]float64, shrinkSteps), make([]float64, shrinkSteps), math.Inf(-1)
	means, deviations := make([][]float64, shrinkSteps), make([][]float64, shrinkSteps)
	for step := range weights {
		share := (float64(step) + .5) / shrinkSteps
		between := typical * (1 - share) / share
		var precision, center float64
		for _, l := range of {
			w := 1 / (effects[l].SE*effects[l].SE + between)
			precision += w
			center += w * effects[l].Value
			logs[step] += math.Log(w) / 2
		}
		center /= precision
		logs[step] -= math.Log(precision) / 2
		for _, l := range of {
			v, d := effects[l].SE*effects[l].SE, effects[l].Value-center
			logs[step] -= d * d / (v + between) / 2
			back := v / (v + between)
			means[step] = append(means[step], back*center+(1-back)*effects[l].Value)
			deviations[step] = append(deviations[step], math.Sqrt((1-back)*v+back*back/precision))
		}
		most = max(most, logs[step])
	}
	total := 0.0
	for step, l := range logs {
		weights[step] = math.Exp(l - most)
		total += weights[step]
	}
	for at, l := range of {
		e := &effects[l]
		e.Shrunk = 0
		for step, w := range weights {
			e.Shrunk += w / total * means[step][at]
		}
		below := func(x float64) (p float64) {
			for step, w := range weights {
				p += w / total * distuv.UnitNormal.CDF((x-means[step][at])/deviations[step][at])
			}
			return p
		}
		reach := 10*e.SE + math.Abs(e.Value-e.Shrunk)
		e.ShrunkLow, e.ShrunkHigh = crosses(below, .025, e.Shrunk-reach, e.Shrunk), crosses(below, .975, e.Shrunk, e.Shrunk+reach)
	}
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
