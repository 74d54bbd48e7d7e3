package value

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
)

// GammaGamma models what an order brings: the money of a customer's orders varies about an individual mean, and the means vary between customers, both with gamma
// distributions (Fader & Hardie 2013, "The gamma-gamma model of monetary value", www.brucehardie.com/notes/025, after Colombo & Jiang 1999). It assumes that what
// customers spend per order is independent of how often they order. The mean of a customer with few orders is shrunk towards that of the others.
type GammaGamma Search

// Spending is what an order brings, fitted to the customers of a summary who ordered again.
type Spending struct {
	Estimate
	Correlation float64 // between repeat days and mean money; the model assumes 0
	Dependence  string  // a sentence, if customers who ordered once spend so differently that the model says too much or too little of them; otherwise ""
	LeftOut     int     // customers who ordered again but brought nothing, or less
	Currency    string

	p, q, v float64
}

// Correlations from which the assumption of the model is bent, and broken. They are judged by their size: of a thousand customers even .07 is "significant".
const bent, broken = .1, .3

// Fit finds the most likely parameters from the customers with repeat days. If q comes out at 1 or less, the mean of all customers' means is
// infinite, and so is every value computed from it; this is refused. It costs some 30 passes over these customers, per start.
func (m GammaGamma) Fit(s *Summary) (*Spending, error) { return m.FitContext(job.DefaultContext, s) }

// FitContext is Fit under ctx.
func (m GammaGamma) FitContext(ctx context.Context, s *Summary) (*Spending, error) {
	const op = "value.GammaGamma"
	if s == nil {
		return nil, fault.Nil(op, "summary")
	}
	var x, mean []float64
	out, unknown := &Spending{Currency: s.Currency}, 0
	for i, n := range s.Repeats {
		switch {
		case n == 0:
		case math.IsNaN(s.Spend[i]) || math.IsInf(s.Spend[i], 0):
			unknown++
		case s.Spend[i] <= 0:
			out.LeftOut++
		default:
			x, mean = append(x, float64(n)), append(mean, s.Spend[i])
		}
	}
	switch {
	case unknown > 0:
		return nil, fault.Errorf(fault.ErrNotFinite, "segkit: %s: the money of %s who ordered again is not known: give the summary a column of it (Columns.Spend)", op, wording.Plural(unknown, "customer"))
	case len(x) < fewestRepeaters:
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: these data cannot support the model: %d customers ordered again and brought in more than 0 (%d brought in 0 or less), and at least %d are needed", op, len(x), out.LeftOut, fewestRepeaters)
	}
	e, err := maximize(ctx, op, problem{model: "Gamma-Gamma", customers: len(x), groups: len(x), typical: []float64{4, 4, stat.Mean(mean, nil) * .75},
		parameters: []Parameter{{Name: "p", Meaning: "shape of the money of one customer's orders: the larger, the more alike they are"},
			{Name: "q", Meaning: "shape of the distribution over customers: the larger, the more alike they are"},
			{Name: "v", Meaning: "its scale, in money: an order brings in p v / (q-1) on average"}},
		likelihood: func(theta, grad []float64) float64 { clear(grad); return gammaGamma(theta, grad, x, mean) }}, Search(m))
	if err != nil {
		return nil, err
	}
	out.Estimate, out.p, out.q, out.v = *e, e.theta[0], e.theta[1], e.theta[2]
	if out.q <= 1 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: these data cannot support the model: q = %s, and with 1 or less the mean spend of customers is infinite: look at the largest amounts, or take the plain means", op, sheet.Number(out.q))
	}
	out.Correlation = stat.Correlation(x, mean, nil)
	if size := math.Abs(out.Correlation); size >= broken {
		out.Doubts = append(out.Doubts, fmt.Sprintf("Spend goes with frequency: a correlation of %s, which the model assumes to be 0. Value would be wrong for the most frequent customers: fit groups separately.", sheet.Fixed(out.Correlation, 2)))
	}
	if out.Dependence = out.dependence(s); out.Dependence != "" {
		out.Doubts = append(out.Doubts, out.Dependence)
	}
	if out.LeftOut > 0 {
		out.Doubts = append(out.Doubts, fmt.Sprintf("%s who ordered again brought in nothing, or less, and %s left out.", wording.Plural(out.LeftOut, "customer"), wording.Be(out.LeftOut)))
	}
	return out, nil
}

// unlike is how many times one mean must be the other before the model is said to be wrong about customers who ordered once.
const unlike = 1.5

// dependence compares the first orders of customers who ordered once with those of all others. The model is fitted to the others alone, and takes their mean for both.
func (s *Spending) dependence(of *Summary) string {
	if of.First == nil {
		return ""
	}
	var once, again []float64
	for i, x := range of.Repeats {
		if x == 0 {
			once = append(once, of.First[i])
		} else {
			again = append(again, of.First[i])
		}
	}
	if len(once) < fewestRepeaters {
		return ""
	}
	meanOnce, varianceOnce := stat.MeanVariance(once, nil)
	meanAgain, varianceAgain := stat.MeanVariance(again, nil)
	taken, error := s.Mean(0, 0), math.Sqrt(varianceOnce/float64(len(once))+varianceAgain/float64(len(again)))
	much := "high"
	switch {
	case math.Abs(meanOnce-meanAgain) < 2*error: // chance
		return ""
	case taken >= unlike*meanOnce && meanAgain > meanOnce:
	case meanOnce >= unlike*taken && meanOnce > meanAgain:
		much = "low"
	default:
		return ""
	}
	money := func(v float64) string { return sheet.Fixed(v, 2) + spaced(s.Currency) }
	return fmt.Sprintf("The model assumes that what people spend has nothing to do with how often they order, and here it has: the first order of the %s who ordered once brought in %s on average, and that of the %s who ordered again %s. "+
		"For each further order of those who ordered once the model takes %s, which is probably too %s: do not plan with what it expects of them.",
		wording.Plural(len(once), "customer"), money(meanOnce), sheet.Count(len(again)), money(meanAgain), money(taken), much)
}

// gammaGamma is equation 1a of the note, of customers with x orders of a mean.
func gammaGamma(theta, grad, x, mean []float64) (total float64) {
	p, q, v := theta[0], theta[1], theta[2]
	type terms struct{ value, dp, dq float64 }
	byOrders := map[float64]terms{} // gamma functions depend on the number of orders alone
	lq, dq, lv := lgamma(q), mathext.Digamma(q), math.Log(v)
	for i, n := range x {
		t, known := byOrders[n]
		if !known {
			di := mathext.Digamma(p*n + q)
			t = terms{lgamma(p*n+q) - lgamma(p*n) - lq + float64(q*lv) + float64(p*n*math.Log(n)), n * (di - mathext.Digamma(p*n) + math.Log(n)), di - dq + lv}
			byOrders[n] = t
		}
		lm, ls := math.Log(mean[i]), math.Log(v+float64(n*mean[i]))
		total += t.value + float64((p*n-1)*lm) - float64((p*n+q)*ls)
		grad[0] += t.dp + float64(n*(lm-ls))
		grad[1] += t.dq - ls
		grad[2] += q/v - (p*n+q)/(v+float64(n*mean[i]))
	}
	return total
}

// Mean returns the expected money of an order, for a customer with that many repeat days and that mean money; the money is ignored for a customer
// without repeat days.
func (s *Spending) Mean(repeats int, money float64) float64 {
	x, sum := weigh(repeats, money)
	return s.p * (s.v + sum) / (s.p*x + s.q - 1)
}

// weigh returns the orders and the money that a customer's own history counts for.
func weigh(repeats int, money float64) (x, sum float64) {
	if repeats == 0 || math.IsNaN(money) {
		return 0, 0
	}
	return float64(repeats), float64(repeats) * max(money, 0)
}

// draw returns what a customer's future orders bring: a function of their number, with the customer's own mean drawn from what is known.
func (s *Spending) draw(r *rand.Rand, theta []float64, repeats int, money float64) func(orders int) float64 {
	x, sum := weigh(repeats, money)
	rate := drawGamma(r, theta[0]*x+theta[1], theta[2]+sum)
	return func(orders int) float64 { return drawGamma(r, theta[0]*float64(orders), rate) }
}

// Sheet lays out the parameters, and how strongly spend is correlated with frequency.
func (s *Spending) Sheet() sheet.Sheet {
	if s == nil {
		return sheet.Sheet{}
	}
	out := s.Estimate.Sheet()
	size := "next to none"
	switch c := math.Abs(s.Correlation); {
	case c >= broken:
		size = "too much for this model"
	case c >= bent:
		size = "little, and usual"
	}
	unit := ""
	if s.Currency != "" {
		unit = " " + s.Currency
	}
	out.Notes = append([]string{fmt.Sprintf("An order brings in %s%s on average. Correlation of frequency and spend: %s, %s (the model assumes 0; from %s on it does not hold).",
		sheet.Number(s.Mean(0, 0)), unit, sheet.Fixed(s.Correlation, 3), size, sheet.Fixed(broken, 1))}, out.Notes...)
	return out
}
