package value

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"

	"github.com/segkit/lab/segkit/job"
)

// BGNBD is the beta-geometric/NBD model: each customer orders at an individual steady rate and leaves after each repeat order with an individual probability;
// rates are gamma distributed and probabilities beta distributed, independently of each other (Fader, Hardie & Lee 2005, "Counting your customers the easy
// way", Marketing Science 24, 275-284, doi:10.1287/mksc.1040.0098). A customer who ordered once cannot have left yet; if that matters, use MBGNBD.
type BGNBD Search

// Fit finds the most likely parameters. It costs some 30 passes over the different histories, per start.
func (m BGNBD) Fit(s *Summary) (*Buying, error) { return m.FitContext(job.DefaultContext, s) }

// FitContext is Fit under ctx.
func (m BGNBD) FitContext(ctx context.Context, s *Summary) (*Buying, error) {
	return fit(ctx, "value.BGNBD", "BG/NBD", s, Search(m), bgnbd{}, append(gammaRates[:2:2], betaLeaving...), 1, 3)
}

// MBGNBD is BGNBD in which a customer may leave right after the first order (Batislam, Denizel & Filiztekin 2007, "Empirical validation and comparison of models
// for customer base analysis", International Journal of Research in Marketing 24, 201-209, doi:10.1016/j.ijresmar.2006.12.005).
type MBGNBD Search

// Fit finds the most likely parameters. It costs some 30 passes over the different histories, per start.
func (m MBGNBD) Fit(s *Summary) (*Buying, error) { return m.FitContext(job.DefaultContext, s) }

// FitContext is Fit under ctx.
func (m MBGNBD) FitContext(ctx context.Context, s *Summary) (*Buying, error) {
	return fit(ctx, "value.MBGNBD", "MBG/NBD", s, Search(m), bgnbd{first: 1}, append(gammaRates[:2:2], betaLeaving...), 1, 3)
}

var betaLeaving = []Parameter{{Name: "a", Meaning: "of the beta distribution of the chance to leave after an order: a / (a+b) on average"},
	{Name: "b", Meaning: "the larger a + b, the more alike customers are in that"}}

// bgnbd is both models: first is 1 where the first order, too, is one after which a customer may leave.
type bgnbd struct {
	r, alpha, a, b float64
	first          int
}

func (m bgnbd) with(theta []float64) process {
	return bgnbd{theta[0], theta[1], theta[2], theta[3], m.first}
}

func (m bgnbd) rates() nbd { return nbd{m.r, m.alpha} }

// left is the logarithm of the odds, before the times are looked at, that the last of k chances to leave was taken rather than none.
func (m bgnbd) left(k int) float64 { return math.Log(m.a) - math.Log(m.b+float64(k)-1) }

func (m bgnbd) likelihood(g *groups, grad []float64) float64 {
	ages, lasts := logs(g.ages, m.alpha), logs(g.lasts, m.alpha)
	left := make([]float64, g.upTo+1)
	total := m.rates().counts(g, grad)
	whole, wholeDi := lgamma(m.a+m.b)-lgamma(m.b), mathext.Digamma(m.a+m.b)
	bDi := mathext.Digamma(m.b)
	for x, n := range g.repeats {
		k := float64(x + m.first)
		if n == 0 || k == 0 {
			continue
		}
		left[x] = m.left(x + m.first)
		total += float64(n * (whole + lgamma(m.b+k) - lgamma(m.a+m.b+k)))
		di := mathext.Digamma(m.a + m.b + k)
		grad[2] += float64(n * (wholeDi - di))
		grad[3] += float64(n * (wholeDi + mathext.Digamma(m.b+k) - bDi - di))
	}
	return total + g.sum(4, grad, func(i int, w float64, out []float64) float64 {
		x := int(g.x[i])
		k, rx := x+m.first, m.r+float64(x)
		la, age := ages[g.age[i]], m.alpha+g.ages[g.age[i]]
		if k == 0 {
			out[0] -= float64(w * rx * la)
			out[1] -= float64(w * la)
			out[2] -= float64(w * rx / age)
			return 1
		}
		ll, last := lasts[g.last[i]], m.alpha+g.lasts[g.last[i]]
		larger, factor, gone := mixture(-rx*la, left[x]-float64(rx*ll))
		out[0] += float64(w * larger)
		out[1] -= float64(w * (float64((1-gone)*la) + float64(gone*ll)))
		out[2] -= float64(w * rx * ((1-gone)/age + gone/last))
		out[3] += float64(w * gone / m.a)
		out[4] -= float64(w * gone / (m.b + float64(k) - 1))
		return factor
	})
}

func (m bgnbd) alive(x int, last, age float64) float64 {
	k := x + m.first
	if k == 0 {
		return 1
	}
	return 1 / (1 + math.Exp(m.left(k)+float64((m.r+float64(x))*math.Log((m.alpha+age)/(m.alpha+last)))))
}

// orders is equation 10 of Fader, Hardie & Lee without P(alive), in the one of two forms whose series has no terms of different signs.
func (m bgnbd) orders(x int, age, t float64) float64 {
	if off := (m.a - 1) / 2e-5; math.Abs(off) < 1 { // near 0/0: by the line through two places on either side
		low, high := m, m
		low.a, high.a = 1-4e-5, 1+4e-5
		return float64((2-off)/4*low.orders(x, age, t)) + float64((2+off)/4*high.orders(x, age, t))
	}
	k, rx := m.b+float64(x+m.first), m.r+float64(x)
	c := m.a + k - 1
	z := t / (m.alpha + age + t)
	still := 0.0
	if c >= rx {
		still = hypergeometric(m.a-1, c-rx, c, z, m.a-1) // after Euler's transformation
	} else {
		still = hypergeometric(rx, k, c, z, rx)
	}
	return c / (m.a - 1) * (1 - still)
}

// hypergeometric returns (1-z)^e 2F1(a, b; c; z) for 0 <= z < 1 by its series, kept within the range of numbers: mathext.Hypergeo gives up where the two factors are huge and
// tiny, as they are where customers hardly differ in how they leave.
func hypergeometric(a, b, c, z, e float64) float64 {
	const high = 1e200
	sum, term, scale := 1.0, 1.0, float64(e*math.Log1p(-z))
	for n := 0.0; n < 1e6; n++ {
		ratio := (a + n) / (c + n) * (b + n) / (n + 1) * z
		term *= ratio
		sum += term
		if math.Abs(sum) > high {
			sum, term, scale = sum/high, term/high, scale+math.Log(high)
		}
		if math.Abs(ratio) < 1 && math.Abs(term) <= 1e-17*math.Abs(sum)*(1-z) {
			break
		}
	}
	return sum * math.Exp(scale)
}

func (m bgnbd) silent(x int, age, t float64) float64 { return m.rates().silent(x, age, t) }

func (m bgnbd) count(x int, t float64) float64 {
	k := float64(x + m.first)
	chance := math.Exp(mathext.Lbeta(m.a, m.b+k)-mathext.Lbeta(m.a, m.b)) * m.rates().count(x, t)
	if k > 0 {
		chance += math.Exp(mathext.Lbeta(m.a+1, m.b+k-1)-mathext.Lbeta(m.a, m.b)) * m.rates().atLeast(x, t)
	}
	return chance
}

func (m bgnbd) live(r *rand.Rand, x int, age, t float64, order func(after float64) bool) {
	rate := drawGamma(r, m.r+float64(x), m.alpha+age)
	leave := drawBeta(r, m.a, m.b+float64(x+m.first))
	for at := r.ExpFloat64() / rate; at <= t && order(at) && r.Float64() >= leave; at += r.ExpFloat64() / rate {
	}
}
