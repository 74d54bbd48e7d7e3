package value

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"

	"github.com/segkit/lab/segkit/job"
)

// NBD is the negative binomial distribution: each customer orders at an individual steady rate, rates are gamma distributed, and nobody leaves (Ehrenberg 1959,
// "The pattern of consumer purchases", Applied Statistics 8, 26-41, doi:10.2307/2985810). It is the baseline that models with leaving must beat.
type NBD Search

// Fit finds the most likely parameters. It costs some 30 passes over the different histories, per start.
func (m NBD) Fit(s *Summary) (*Buying, error) { return m.FitContext(job.DefaultContext, s) }

// FitContext is Fit under ctx.
func (m NBD) FitContext(ctx context.Context, s *Summary) (*Buying, error) {
	return fit(ctx, "value.NBD", "NBD", s, Search(m), nbd{}, gammaRates)
}

// nbd is a gamma distribution of rates.
type nbd struct{ r, alpha float64 }

func (nbd) with(theta []float64) process { return nbd{theta[0], theta[1]} }

func (m nbd) likelihood(g *groups, grad []float64) float64 {
	ages := logs(g.ages, m.alpha)
	return m.counts(g, grad) + g.sum(2, grad, func(i int, w float64, out []float64) float64 {
		rx := m.r + float64(g.x[i])
		la := ages[g.age[i]]
		out[0] -= float64(w * rx * la)
		out[1] -= float64(w * la)
		out[2] -= float64(w * rx / (m.alpha + g.ages[g.age[i]]))
		return 1
	})
}

// counts is the part of a log-likelihood that depends on the numbers of repeat days alone: of lgamma(r+x) - lgamma(r) + r log(alpha).
func (m nbd) counts(g *groups, grad []float64) (total float64) {
	lg, dg := lgamma(m.r), mathext.Digamma(m.r)
	for x, n := range g.repeats {
		if n > 0 && x > 0 {
			total += float64(n * (lgamma(m.r+float64(x)) - lg))
			grad[0] += float64(n * (mathext.Digamma(m.r+float64(x)) - dg))
		}
	}
	grad[0] += float64(g.n * math.Log(m.alpha))
	grad[1] += g.n * m.r / m.alpha
	return total + float64(g.n*m.r*math.Log(m.alpha))
}

func lgamma(v float64) float64 { l, _ := math.Lgamma(v); return l }

func (m nbd) alive(int, float64, float64) float64 { return 1 }

func (m nbd) orders(x int, age, t float64) float64 { return (m.r + float64(x)) / (m.alpha + age) * t }

func (m nbd) silent(x int, age, t float64) float64 {
	return math.Exp(-(m.r + float64(x)) * math.Log1p(t/(m.alpha+age)))
}

// count is the probability of k orders in a time t without leaving.
func (m nbd) count(k int, t float64) float64 {
	if t == 0 {
		return map[bool]float64{true: 1}[k == 0]
	}
	x := float64(k)
	return math.Exp(lgamma(m.r+x) - lgamma(m.r) - lgamma(x+1) - float64(m.r*math.Log1p(t/m.alpha)) - float64(x*math.Log1p(m.alpha/t)))
}

// atLeast is the probability of k orders or more in a time t without leaving.
func (m nbd) atLeast(k int, t float64) float64 {
	if k == 0 {
		return 1
	}
	return mathext.RegIncBeta(float64(k), m.r, t/(m.alpha+t))
}

func (m nbd) live(r *rand.Rand, x int, age, t float64, order func(after float64) bool) {
	rate := drawGamma(r, m.r+float64(x), m.alpha+age)
	for at := r.ExpFloat64() / rate; at <= t && order(at); at += r.ExpFloat64() / rate {
	}
}
