package value

import (
	"context"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/integrate/quad"

	"github.com/segkit/lab/segkit/job"
)

// ParetoNBD is the Pareto/NBD model: each customer orders at an individual steady rate and leaves at a random time, at another individual rate; both rates are
// gamma distributed, independently of each other (Schmittlein, Morrison & Colombo 1987, "Counting your customers: who are they and what will they do next?",
// Management Science 33, 1-24, doi:10.1287/mnsc.33.1.1). The published formulas have differences of hypergeometric functions, which lose all digits for busy
// customers; here, the integral for which they stand is computed instead, together with its derivatives.
type ParetoNBD Search

// Fit finds the most likely parameters. It costs some 40 passes over the different histories, per start, of about a microsecond each.
func (m ParetoNBD) Fit(s *Summary) (*Buying, error) { return m.FitContext(job.DefaultContext, s) }

// FitContext is Fit under ctx.
func (m ParetoNBD) FitContext(ctx context.Context, s *Summary) (*Buying, error) {
	return fit(ctx, "value.ParetoNBD", "Pareto/NBD", s, Search(m), pareto{}, append(gammaRates[:2:2],
		Parameter{Name: "s", Meaning: "shape of the gamma distribution of rates of leaving"},
		Parameter{Name: "beta", Meaning: "its scale, in units of time: s / beta of the customers leave a unit, at first"}), .5, 1)
}

type pareto struct{ r, alpha, s, beta float64 }

func (pareto) with(theta []float64) process { return pareto{theta[0], theta[1], theta[2], theta[3]} }

func (m pareto) rates() nbd { return nbd{m.r, m.alpha} }

// likelihood is equation A11 of the paper, whose difference of hypergeometric functions is the integral over the time of leaving.
func (m pareto) likelihood(g *groups, grad []float64) float64 {
	total := m.rates().counts(g, grad)
	total += float64(g.n * m.s * math.Log(m.beta))
	grad[2] += float64(g.n * math.Log(m.beta))
	grad[3] += g.n * m.s / m.beta
	return total + g.sum(4, grad, func(i int, w float64, out []float64) float64 {
		rx, age, last := m.r+float64(g.x[i]), g.ages[g.age[i]], g.lasts[g.last[i]]
		la, lb := math.Log(m.alpha+age), math.Log(m.beta+age)
		j := integral(rx, m.s+1, m.alpha, m.beta, last, age)
		larger, factor, gone := mixture(-float64(rx*la)-float64(m.s*lb), math.Log(m.s)+j.log)
		here := 1 - gone
		out[0] += float64(w * larger)
		if gone == 0 { // also where nobody can have left yet, and the integral's means are of nothing
			j = powers{}
		}
		out[1] -= float64(w * (here*la + gone*j.logAlpha))
		out[2] -= float64(w * rx * (here/(m.alpha+age) + gone*j.overAlpha))
		out[3] -= float64(w * (here*lb + gone*(j.logBeta-1/m.s)))
		out[4] -= float64(w * (here*m.s/(m.beta+age) + gone*(m.s+1)*j.overBeta))
		return factor
	})
}

func (m pareto) alive(x int, last, age float64) float64 {
	rx := m.r + float64(x)
	j := integral(rx, m.s+1, m.alpha, m.beta, last, age)
	_, _, gone := mixture(-float64(rx*math.Log(m.alpha+age))-float64(m.s*math.Log(m.beta+age)), math.Log(m.s)+j.log)
	return 1 - gone
}

func (m pareto) orders(x int, age, t float64) float64 {
	stay := math.Log1p(t / (m.beta + age)) // (1 - (1 + t/(beta+age))^(1-s)) / (s-1), whose limit at s = 1 this is
	if m.s != 1 {
		stay = -math.Expm1(-(m.s-1)*stay) / (m.s - 1)
	}
	return (m.r + float64(x)) / (m.alpha + age) * (m.beta + age) * stay
}

func (m pareto) silent(x int, age, t float64) float64 {
	rx := m.r + float64(x)
	j := integral(rx+1, m.s, m.alpha+age, m.beta+age, 0, t)
	return max(0, -math.Expm1(math.Log(rx)+float64(rx*math.Log(m.alpha+age))+float64(m.s*math.Log(m.beta+age))+j.log))
}

func (m pareto) count(k int, t float64) float64 {
	here := m.rates().count(k, t) * math.Exp(-m.s*math.Log1p(t/m.beta))
	gone := 0.0
	overTime(min(m.alpha, m.beta), 0, t, m.r+m.s+float64(k)+1, func(u, du float64) {
		gone += float64(du * m.s / m.beta * math.Exp(-(m.s+1)*math.Log1p(u/m.beta)) * m.rates().count(k, u))
	})
	return here + gone
}

func (m pareto) live(r *rand.Rand, x int, age, t float64, order func(after float64) bool) {
	rate := drawGamma(r, m.r+float64(x), m.alpha+age)
	t = min(t, r.ExpFloat64()/drawGamma(r, m.s, m.beta+age))
	for at := r.ExpFloat64() / rate; at <= t && order(at); at += r.ExpFloat64() / rate {
	}
}

// powers is the integral of f(u) = (alpha+u)^-p (beta+u)^-q over a stretch of time, and the means over it, with f as their density, that its derivatives are made of.
type powers struct {
	log       float64 // of the integral; -Inf for an empty stretch
	logAlpha  float64 // mean of log(alpha+u)
	overAlpha float64 // mean of 1/(alpha+u)
	logBeta   float64
	overBeta  float64
}

// integral returns the powers of u from low to high.
func integral(p, q, alpha, beta, low, high float64) (out powers) {
	top := -float64(p*math.Log(alpha+low)) - float64(q*math.Log(beta+low)) // f falls with u
	sum := 0.0
	overTime(min(alpha, beta), low, high, p+q, func(u, du float64) {
		la, lb := math.Log(alpha+u), math.Log(beta+u)
		f := du * math.Exp(-float64(p*la)-float64(q*lb)-top)
		sum += f
		out.logAlpha += float64(f * la)
		out.overAlpha += f / (alpha + u)
		out.logBeta += float64(f * lb)
		out.overBeta += f / (beta + u)
	})
	out.log = top + math.Log(sum)
	if sum > 0 {
		out.logAlpha /= sum
		out.overAlpha /= sum
		out.logBeta /= sum
		out.overBeta /= sum
	}
	return out
}

// nodes and weights of the Gauss-Legendre rule on 0..1.
var nodes, weights = func() (x, w []float64) {
	x, w = make([]float64, 16), make([]float64, 16)
	quad.Legendre{}.FixedLocations(x, w, 0, 1)
	return x, w
}()

// overTime calls at with the places u from low to high, and the lengths du that they stand for, at which a smooth function need be known for its integral to be right to some
// 11 digits. The function may fall like (c+u)^-steep: the logarithm of c+u is cut into pieces in which it falls by a factor of e^20 at most.
func overTime(c, low, high, steep float64, at func(u, du float64)) {
	length := math.Log1p((high - low) / (c + low))
	if !(length > 0) {
		return
	}
	pieces := math.Ceil(length * (steep + 1) / 20)
	last := min(pieces, 400)
	for piece := range int(last) {
		for i, node := range nodes {
			y := (float64(piece) + node) / pieces * length
			u := low + (c+low)*math.Expm1(y)
			at(u, weights[i]*length/pieces*(c+u))
		}
	}
}
