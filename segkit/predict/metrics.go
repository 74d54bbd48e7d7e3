package predict

import (
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// What is right and wrong on the hold-out, beside the two baselines, and what chance could have made of it: the same customers are drawn
// again for all three, so that a difference has an interval of its own.

// Interval is an estimate with its 95 % interval, by bootstrap (Efron & Tibshirani 1993) unless stated otherwise; NaN if there is none.
type Interval struct {
	Value, Low, High float64
}

// Score is one measure of the whole, with the baselines.
type Score struct {
	Name string
	Interval
	LowerIsBetter bool
	Largest       float64  // of naming the largest segment for all
	Guess         float64  // of guessing by the segments' shares; the mean of all guesses if it can be computed
	OverLargest   Interval // how much better than naming the largest; above 0 is better
	OverGuess     Interval
}

// SegmentScore says how well one segment is found.
type SegmentScore struct {
	Name              string
	Customers         int      // of the hold-out in it
	Named             int      // customers who were assigned to it
	Precision, Recall Interval // share of those named who are in it; share of those in it who are named
	F1                Interval // their harmonic mean
}

// Decision is what the predictions bring per customer, by the payoff that the user gave.
type Decision struct {
	Likeliest Interval // each customer is treated as the predicted segment
	Best      Interval // each customer is treated as the segment with the highest expected payoff
	Largest   float64  // all are treated as the largest segment
	OneForAll float64  // all are treated as the one segment that pays best among the training customers
	Treatment string   // that segment
	Gain      Interval // Best less OneForAll
}

// guess is what one of several predictions says of each customer (n): which segment it names, and what its probabilities cost.
type guess struct {
	named     table.Labels
	loss, rps []float64
}

func (r *Report) newGuess(named table.Labels, prob func(i int) []float64) guess {
	g := guess{named, make([]float64, len(named)), make([]float64, len(named))}
	for i, l := range r.Truth {
		p := prob(i)
		g.loss[i], g.rps[i] = logLoss(p[l]), ranked(p, l)
	}
	return g
}

// tally is what a score is reckoned from: sums over customers, weighted.
type tally struct {
	confusion []float64 // (k x k)
	loss, rps float64
	all       float64
}

// count adds the customers up, each as often as times says (n of the units).
func (r *Report) count(g guess, units []int, times []float64) tally {
	k := r.Classifier.K()
	t := tally{confusion: make([]float64, k*k)}
	for i, l := range r.Truth {
		w := r.Weights[i] * times[units[i]]
		if w == 0 {
			continue
		}
		t.confusion[l*k+g.named[i]] += w
		t.loss += float64(w * g.loss[i])
		t.rps += float64(w * g.rps[i])
		t.all += w
	}
	return t
}

// ranked is the ranked probability score (Epstein 1969, doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2), divided by k-1:
// squared distances of the cumulative probabilities from the truth. 0 is best, 1 worst.
func ranked(p []float64, truth int) (sum float64) {
	upTo := 0.0
	for l := range len(p) - 1 {
		upTo += p[l]
		if is := 0.0; l >= truth {
			is = 1
			sum += float64((upTo - is) * (upTo - is))
		} else {
			sum += float64(upTo * upTo)
		}
	}
	return sum / float64(len(p)-1)
}

func (t tally) accuracy(k int) (right float64) {
	for l := range k {
		right += t.confusion[l*k+l]
	}
	return right / t.all
}

// segment returns precision, recall and F1 of one segment. A segment that is never named has no precision (NaN) and, if it has
// customers, F1 0; one without customers has no recall, and no F1 unless it is named.
func (t tally) segment(l, k int) (precision, recall, f1 float64) {
	in, named, right := 0.0, 0.0, t.confusion[l*k+l]
	for m := range k {
		in += t.confusion[l*k+m]
		named += t.confusion[m*k+l]
	}
	return right / named, right / in, 2 * right / (in + named)
}

// macroF1 is the mean F1 of the segments that have customers or are named.
func (t tally) macroF1(k int) float64 {
	sum, n := 0.0, 0.0
	for l := range k {
		if _, _, f1 := t.segment(l, k); !math.IsNaN(f1) {
			sum += f1
			n++
		}
	}
	return sum / n
}

func (t tally) payoff(of [][]float64) (sum float64) {
	for l, row := range of {
		for m, v := range row {
			sum += float64(t.confusion[l*len(of)+m] * v)
		}
	}
	return sum / t.all
}

// measure is a score as it is reckoned.
type measure struct {
	name          string
	lowerIsBetter bool
	of            func(tally) float64
}

// score fills in everything that is reckoned from who was named and with which probability.
func (r *Report) score(ctx context.Context, x *table.Table, named table.Labels, units []int, o Options) error {
	payoff := o.payoff(r.Classifier.Names)
	again, err := r.draw(ctx, r.guesses(x, named, payoff, o), units, o)
	if err != nil {
		return err
	}
	r.scores(again, x.Len(), o)
	r.segments(again, named)
	if payoff != nil {
		shares := r.Classifier.Shares
		pays := func(g int) Interval { return again.interval(func(t []tally) float64 { return t[g].payoff(payoff) }) }
		r.Decision = &Decision{Likeliest: pays(byClassifier), Best: pays(byPayoff), Largest: again.whole[byLargest].payoff(payoff),
			OneForAll: again.whole[byPayoffOfAll].payoff(payoff), Treatment: r.Classifier.Names[treatment(shares, payoff)],
			Gain: again.interval(func(t []tally) float64 { return t[byPayoff].payoff(payoff) - t[byPayoffOfAll].payoff(payoff) })}
	}
	return nil
}

// The guesses that are compared, in order.
const (
	byClassifier  = iota // what the classifier says
	byLargest            // the largest segment for everybody
	byChance             // a segment drawn by the shares
	byPayoff             // the treatment that pays best for the customer; only where there is a payoff, as the next
	byPayoffOfAll        // the one treatment that pays best for everybody
)

// guesses returns what is compared, in the order above.
func (r *Report) guesses(x *table.Table, named table.Labels, payoff [][]float64, o Options) []guess {
	shares := r.Classifier.Shares
	byShare := func(int) []float64 { return shares }
	everybody := func(label int) guess { return r.newGuess(slices.Repeat(table.Labels{label}, x.Len()), byShare) }
	largest := 0
	for l, share := range shares {
		if share > shares[largest] {
			largest = l
		}
	}
	out := []guess{r.newGuess(named, func(i int) []float64 { return r.Probability[i] }), everybody(largest),
		r.newGuess(fittedGuess{fittedShares{shares}, o.Seed}.names(x), byShare)}
	if payoff == nil {
		return out
	}
	best := make(table.Labels, x.Len())
	for i, p := range r.Probability {
		best[i] = treatment(p, payoff)
	}
	return append(out, r.newGuess(best, byShare), everybody(treatment(shares, payoff)))
}

// drawnAgain counts each guess, over all customers of the hold-out and over those of every draw.
type drawnAgain struct {
	whole []tally   // (guesses)
	draws [][]tally // (draws x guesses)
}

// draw draws the units of the hold-out again, with replacement.
func (r *Report) draw(ctx context.Context, guesses []guess, units []int, o Options) (drawnAgain, error) {
	once := slices.Repeat([]float64{1}, slices.Max(units)+1)
	a := drawnAgain{make([]tally, len(guesses)), make([][]tally, o.Draws)}
	for g, each := range guesses {
		a.whole[g] = r.count(each, units, once)
	}
	return a, par.Items(ctx, o.Draws, func(b int) {
		random, times := seed.Stream(o.Seed, "hold-out again", b), make([]float64, len(once))
		for range times {
			times[random.IntN(len(times))]++
		}
		for _, each := range guesses {
			a.draws[b] = append(a.draws[b], r.count(each, units, times))
		}
	})
}

func (a drawnAgain) interval(of func([]tally) float64) Interval {
	values := make([]float64, len(a.draws))
	for b := range a.draws {
		values[b] = of(a.draws[b])
	}
	q := quantile.Of(values, nil, false)
	return Interval{of(a.whole), q.At(.025), q.At(.975)}
}

// settled returns i, or Wilson's interval where all n customers are right, or all wrong, and so are in every draw.
func settled(i Interval, n int) Interval {
	if n > 0 && (i.Value == 0 || i.Value == 1) {
		return wilson(i.Value, float64(n))
	}
	return i
}

// scores measures the classifier (n customers) against the guesses that know only the shares.
func (r *Report) scores(a drawnAgain, n int, o Options) {
	k := r.Classifier.K()
	measures := []measure{
		{"accuracy", false, func(t tally) float64 { return t.accuracy(k) }},
		{"macro F1", false, func(t tally) float64 { return t.macroF1(k) }},
		{"log loss", true, func(t tally) float64 { return t.loss / t.all }},
	}
	if o.Ordered {
		measures = append(measures, measure{"ranked probability score", true, func(t tally) float64 { return t.rps / t.all }})
	}
	for _, m := range measures {
		s := Score{Name: m.name, LowerIsBetter: m.lowerIsBetter, Largest: m.of(a.whole[byLargest]), Guess: m.of(a.whole[byChance])}
		s.Interval = a.interval(func(t []tally) float64 { return m.of(t[byClassifier]) })
		better := func(over int) Interval {
			return a.interval(func(t []tally) float64 {
				if m.lowerIsBetter {
					return m.of(t[over]) - m.of(t[byClassifier])
				}
				return m.of(t[byClassifier]) - m.of(t[over])
			})
		}
		s.OverLargest, s.OverGuess = better(byLargest), better(byChance)
		if m.name == "accuracy" {
			s.Interval = settled(s.Interval, n)
		}
		r.Scores = append(r.Scores, s)
	}
}

// segments counts and measures what the classifier says of each segment.
func (r *Report) segments(a drawnAgain, named table.Labels) {
	k := r.Classifier.K()
	r.Confusion = matrix(k, k)
	for l := range k {
		copy(r.Confusion[l], a.whole[byClassifier].confusion[l*k:(l+1)*k])
		at := func(which int) Interval {
			return a.interval(func(t []tally) float64 {
				precision, recall, f1 := t[byClassifier].segment(l, k)
				return [...]float64{precision, recall, f1}[which]
			})
		}
		s := SegmentScore{Name: r.Classifier.Names[l], Precision: at(0), Recall: at(1), F1: at(2)}
		for i, truth := range r.Truth {
			if truth == l {
				s.Customers++
			}
			if named[i] == l {
				s.Named++
			}
		}
		s.Precision, s.Recall = settled(s.Precision, s.Named), settled(s.Recall, s.Customers)
		r.Each = append(r.Each, s)
	}
}

// treatment is the segment as which to treat a customer, for the highest expected payoff; ties to the first.
func treatment(p []float64, payoff [][]float64) (best int) {
	most := math.Inf(-1)
	for m := range payoff {
		sum := 0.0
		for l, row := range payoff {
			sum += float64(p[l] * row[m])
		}
		if sum > most {
			best, most = m, sum
		}
	}
	return best
}
