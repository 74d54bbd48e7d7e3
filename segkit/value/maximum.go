package value

// Maximum likelihood: one search for all models.

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/sheet"
)

// Search says how to search for the most likely parameters.
type Search struct {
	Starts  int     // starting points, the first by moments and the others at random; 0 means 3
	Penalty float64 // shrinks the logarithms of all parameters towards 0, as a weak prior: half of it times their squares is subtracted from the log-likelihood of all customers; 0 for none
	Seed    int     // of the random starts
}

func (o Search) check(method string) error {
	switch {
	case o.Starts < 0 || o.Starts > 1000:
		return fault.Option(method, "Starts", o.Starts, "1 to 1000, or 0 for 3")
	case !(o.Penalty >= 0) || math.IsInf(o.Penalty, 0):
		return fault.Option(method, "Penalty", o.Penalty, "0 or more")
	}
	return nil
}

// Parameter is one estimated number of a model.
type Parameter struct {
	Name, Meaning string
	Value, SE     float64 // SE is its standard error, NaN if the data do not give one
	Low, High     float64 // 95 % interval, symmetric in the logarithm because all parameters are above 0
}

// Estimate is the result of maximum likelihood, and how far it can be trusted.
type Estimate struct {
	Model         string // "BG/NBD"
	Parameters    []Parameter
	LogLikelihood float64 // at the parameters, without the penalty
	Customers     int
	Groups        int       // different histories among them
	Starts        []float64 // log-likelihood that each start reached
	Slope         float64   // the largest slope of the log-likelihood in the logarithm of a parameter; 0 at a maximum (the first Karush-Kuhn-Tucker condition). Parameters that ran to the edge are left out, because there the likelihood rises outwards
	Peaked        bool      // the log-likelihood falls in all directions (the second condition)
	Converged     bool      // Slope is practically 0, and Peaked
	Doubts        []string  // sentences: what the data cannot tell, or what speaks against the model; nil if there is nothing

	theta      []float64
	covariance *mat.SymDense // of the logarithms of the parameters (p x p); nil where the data give none
}

// Value returns the parameter of that name, NaN if there is none.
func (e *Estimate) Value(name string) float64 {
	if e != nil {
		for _, p := range e.Parameters {
			if p.Name == name {
				return p.Value
			}
		}
	}
	return math.NaN()
}

// farthest is how far a draw may go where the data hardly know a parameter's logarithm.
const farthest = 3

// draw returns parameters (p) that the data leave possible: normal in their logarithms, from standard normal values z (p).
func (e *Estimate) draw(z []float64) []float64 {
	theta := slices.Clone(e.theta)
	var c mat.Cholesky
	if e.covariance == nil || !c.Factorize(e.covariance) {
		return theta
	}
	var l mat.TriDense
	c.LTo(&l)
	for i := range theta {
		shift := 0.0
		for j := 0; j <= i; j++ {
			shift += float64(l.At(i, j) * z[j])
		}
		theta[i] *= math.Exp(min(max(shift, -farthest), farthest))
	}
	return theta
}

// problem is a likelihood to maximise over positive parameters.
type problem struct {
	model      string
	parameters []Parameter // names and meanings
	typical    []float64   // (p) of what size the parameters are where all is well, by moments
	customers  int
	groups     int
	likelihood func(theta, grad []float64) float64 // grad (p) out: by theta
}

// slack is the largest slope that passes for 0: a step of one standard error changes the log-likelihood by a half.
const slack = 1e-4

// maximize finds the most likely parameters. Every search runs on the logarithms of the parameters, by BFGS with exact gradients, and ends with Newton's steps.
func maximize(ctx context.Context, op string, p problem, o Search) (*Estimate, error) {
	if err := o.check(op); err != nil {
		return nil, err
	}
	if o.Starts == 0 {
		o.Starts = 3
	}
	e := &Estimate{Model: p.model, Customers: p.customers, Groups: p.groups}
	var best []float64
	highest := math.Inf(-1)
	for i := range o.Starts {
		start := make([]float64, len(p.typical))
		r := seed.Stream(o.Seed, "start "+p.model, i)
		for j, v := range p.typical {
			if start[j] = math.Log(v); i > 0 {
				start[j] += 1.2 * r.NormFloat64()
			}
		}
		at, value := p.climb(ctx, start, o.Penalty, 1e-5)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.Starts = append(e.Starts, value)
		if value > highest {
			best, highest = at, value
		}
	}
	if best == nil {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: the likelihood has no maximum that can be found for these %d customers", op, p.customers)
	}
	if p.ranAway(exp(best)) { // Newton's steps would leave the box
		if at, value := p.climb(ctx, best, o.Penalty, 1e-9); value >= highest {
			best = at
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	hessian := p.newton(best, o.Penalty)
	e.theta = exp(best)
	grad := make([]float64, len(best))
	p.value(best, grad, o.Penalty)
	for j, g := range grad {
		if !p.atEdge(e.theta, j) {
			e.Slope = max(e.Slope, math.Abs(g))
		}
	}
	e.LogLikelihood = p.likelihood(e.theta, grad)
	e.covariance = inverse(hessian)
	e.Peaked = e.covariance != nil
	e.Converged = e.Peaked && e.Slope <= slack
	for j, param := range p.parameters {
		param.Value, param.SE, param.Low, param.High = e.theta[j], math.NaN(), math.NaN(), math.NaN()
		if e.covariance != nil {
			sd := math.Sqrt(e.covariance.At(j, j))
			param.SE, param.Low, param.High = param.Value*sd, param.Value*math.Exp(-stats.Normal95*sd), param.Value*math.Exp(stats.Normal95*sd)
		}
		e.Parameters = append(e.Parameters, param)
	}
	e.doubt(p)
	return e, nil
}

// climb returns where a search from start (logarithms) ends, with no slope above steep left for one customer, and the log-likelihood there. It cannot leave
// the box of reach around what is typical: a likelihood that is flat towards infinity, as where customers do not differ, ends at its edge.
func (p problem) climb(ctx context.Context, start []float64, penalty, steep float64) ([]float64, float64) {
	n := float64(p.customers)
	inside := func(free []float64) []float64 {
		at := make([]float64, len(free))
		for j, v := range free {
			at[j] = math.Log(p.typical[j]) + reach*math.Tanh(v/reach)
		}
		return at
	}
	var last []float64 // where value and slope were found: the search asks for one, then for the other
	height, slope := 0.0, make([]float64, len(p.typical))
	find := func(free []float64) {
		if slices.Equal(free, last) {
			return
		}
		last = append(last[:0], free...)
		height = -p.value(inside(free), slope, penalty) / n
		for j, v := range free {
			bend := math.Tanh(v / reach)
			slope[j] *= (1 - float64(bend*bend)) / -n
		}
		if math.IsNaN(height) {
			height = math.Inf(1)
		}
	}
	problem := optimize.Problem{
		Func: func(free []float64) float64 { find(free); return height },
		Grad: func(grad, free []float64) { find(free); copy(grad, slope) },
		Status: func() (optimize.Status, error) {
			if err := ctx.Err(); err != nil {
				return optimize.Failure, err
			}
			return optimize.NotTerminated, nil
		},
	}
	free := make([]float64, len(start))
	for j, v := range start {
		free[j] = reach * math.Atanh(min(max((v-math.Log(p.typical[j]))/reach, -.99), .99))
	}
	settings := &optimize.Settings{GradientThreshold: steep, MajorIterations: 300, Converger: &optimize.FunctionConverge{Relative: 1e-14, Iterations: 10}}
	found, _ := optimize.Minimize(problem, free, settings, &optimize.BFGS{}) // a line search that finds nothing higher has arrived as far as rounding allows
	if found == nil || math.IsInf(found.F, 0) {
		return nil, math.Inf(-1)
	}
	return inside(found.X), -found.F * n
}

// reach is how far the logarithm of a parameter may be from what is typical: a factor of a thousand either way. Who comes near has run away.
const reach, near = 6.9, 5.5

// value is the log-likelihood less the penalty at logarithms of parameters (p), and its gradient by them where grad is not nil.
func (p problem) value(at, grad []float64, penalty float64) float64 {
	theta, by := exp(at), make([]float64, len(at))
	total := p.likelihood(theta, by)
	for j, v := range at {
		total -= float64(penalty / 2 * v * v)
		if grad != nil {
			grad[j] = float64(by[j]*theta[j]) - float64(penalty*v)
		}
	}
	return total
}

func exp(at []float64) []float64 {
	out := make([]float64, len(at))
	for j, v := range at {
		out[j] = math.Exp(v)
	}
	return out
}

// newton ends a search with up to five of Newton's steps, as long as they climb, and returns the second derivatives (p x p) at the end: differences of exact gradients.
func (p problem) newton(at []float64, penalty float64) *mat.SymDense {
	for step := 0; ; step++ {
		h := p.curvature(at, penalty)
		grad := make([]float64, len(at))
		before := p.value(at, grad, penalty)
		v := inverse(h)
		if v == nil || step == 5 || p.ranAway(exp(at)) || largest(grad) < 1e-11*float64(p.customers) {
			return h
		}
		next, flatter := slices.Clone(at), make([]float64, len(at))
		for i := range at {
			for j := range at {
				next[i] += float64(v.At(i, j) * grad[j])
			}
		}
		if after := p.value(next, flatter, penalty); !(after >= before-1e-9*math.Abs(before)) || largest(flatter) >= largest(grad) {
			return h
		}
		copy(at, next)
	}
}

// atEdge reports whether parameter j has run away.
func (p problem) atEdge(theta []float64, j int) bool {
	return math.Abs(math.Log(theta[j]/p.typical[j])) > near
}

// ranAway reports whether any of the parameters has.
func (p problem) ranAway(theta []float64) bool {
	for j := range theta {
		if p.atEdge(theta, j) {
			return true
		}
	}
	return false
}

func largest(v []float64) (most float64) {
	for _, x := range v {
		most = max(most, math.Abs(x))
	}
	return most
}

func (p problem) curvature(at []float64, penalty float64) *mat.SymDense {
	const step = 1e-4
	n := len(at)
	rows := make([][]float64, n)
	for i := range at {
		up, down, moved := make([]float64, n), make([]float64, n), slices.Clone(at)
		moved[i] = at[i] + step
		p.value(moved, up, penalty)
		moved[i] = at[i] - step
		p.value(moved, down, penalty)
		rows[i] = make([]float64, n)
		for j := range rows[i] {
			rows[i][j] = (up[j] - down[j]) / (2 * step)
		}
	}
	h := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			h.SetSym(i, j, (rows[i][j]+rows[j][i])/2)
		}
	}
	return h
}

// inverse returns the covariance that second derivatives say, nil where they do not fall in all directions.
func inverse(hessian *mat.SymDense) *mat.SymDense {
	var minus, out mat.SymDense
	minus.ScaleSym(-1, hessian)
	var c mat.Cholesky
	if !c.Factorize(&minus) || c.Cond() > 1e12 || c.InverseTo(&out) != nil {
		return nil
	}
	return &out
}

// wide is the standard error of a parameter's logarithm from which the data hardly know it: its interval spans a factor of fifty.
const wide = 1

// doubt says what the search and the data leave open.
func (e *Estimate) doubt(p problem) {
	for j, param := range e.Parameters {
		switch {
		case p.atEdge(e.theta, j):
			e.Doubts = append(e.Doubts, fmt.Sprintf("%s ran to the edge (%s): the data show no such differences between customers, and a simpler model says as much.", param.Name, sheet.Number(param.Value)))
		case param.SE > wide*param.Value:
			e.Doubts = append(e.Doubts, fmt.Sprintf("%s is hardly known: %s to %s with 95 %%.", param.Name, sheet.Number(param.Low), sheet.Number(param.High)))
		}
	}
	switch {
	case !e.Peaked:
		e.Doubts = append(e.Doubts, "The likelihood is flat at its top: other parameters are just as likely, and there are no standard errors.")
	case !e.Converged:
		e.Doubts = append(e.Doubts, fmt.Sprintf("The search has not converged: a slope of %s is left.", sheet.Number(e.Slope)))
	}
	if hits := e.hits(); hits == 1 && len(e.Starts) > 2 {
		e.Doubts = append(e.Doubts, fmt.Sprintf("Only 1 of %d starts reached this maximum: try more (Starts).", len(e.Starts)))
	}
}

// hits counts the starts that came to the best maximum.
func (e *Estimate) hits() (n int) {
	top := slices.Max(e.Starts)
	for _, v := range e.Starts {
		if top-v < .01 {
			n++
		}
	}
	return n
}
