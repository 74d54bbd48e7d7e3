package typing

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/choose"
	"github.com/segkit/lab/segkit/compare"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/predict"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// How good the tool is, from respondents who had no part in it, and how good it can be.

// tally is a share of respondents, weighted.
type tally struct{ right, all, squares float64 }

func (t *tally) add(weight float64, right bool) {
	t.all += weight
	t.squares += float64(weight * weight)
	if right {
		t.right += weight
	}
}

// interval is Wilson's; weighted respondents are worth Kish's effective number.
func (t tally) interval() predict.Interval {
	if t.all == 0 {
		return predict.Interval{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	}
	share := t.right / t.all
	low, high := stats.Wilson(share, t.all*t.all/t.squares, stats.Normal95)
	return predict.Interval{Value: share, Low: low, High: high}
}

// judge fills in what the folds of the chosen length say; probability (n x k) is out of fold.
func (s *study) judge(ctx context.Context, t *Tool, of []int, count int, probability [][]float64, learned func(f int) *fold) error {
	share := shares(s.labels, s.weights, s.k)
	t.Largest = slices.Max(share)
	var all, hand tally
	in, named := make([]tally, s.k), make([]tally, s.k)
	sure := make([]tally, len(sureSteps))
	t.Confusion = square(s.k)
	lead := make([]tally, 2) // clear, close
	var missing tally
	for f := range count {
		train, test := split(of, f)
		one := learned(f)
		var err error
		if one.points, err = s.points(ctx, *one, train, t.Names); err != nil {
			return err
		}
		for _, i := range test {
			totals := one.points.totals(pick.At(s.replies[i], one.asked))
			right := likeliest(totals) == s.labels[i]
			w := weightAt(s.weights, i)
			hand.add(w, right)
			if first, second := ahead(totals); first-second < one.points.Clear {
				lead[1].add(w, right)
			} else {
				lead[0].add(w, right)
			}
		}
		for left := range one.asked {
			x := s.replies.numbers(s.questions, test, one.asked, s.ids, nil)
			for a := range test {
				x.Raw().Row(a)[left] = math.NaN() // made for this
			}
			p, err := one.fitted.Probabilities(ctx, x)
			if err != nil {
				return err
			}
			for a, i := range test {
				missing.add(weightAt(s.weights, i), likeliest(p[a]) == s.labels[i])
			}
		}
	}
	gains := make([]float64, len(s.labels))
	for i, l := range s.labels {
		w, best := weightAt(s.weights, i), likeliest(probability[i])
		all.add(w, best == l)
		in[l].add(w, best == l)
		named[best].add(w, best == l)
		t.Confusion[l][best] += w
		for step, least := range sureSteps {
			if probability[i][best] >= least {
				sure[step].add(w, best == l)
			}
		}
		gains[i] = math.Log(math.Max(probability[i][l], 1e-300) / share[l])
	}
	t.Accuracy, t.Hand = all.interval(), hand.interval()
	t.OneMissing = missing.right / missing.all
	t.Points.Sure, t.Points.Close = lead[0].interval(), lead[1].interval()
	t.Points.CloseShare = lead[1].all / hand.all
	mean, sd, _ := stats.Moments(gains, s.weights)
	low, high := stats.MeanInterval(mean, sd, hand.all*hand.all/hand.squares)
	t.Gain = predict.Interval{Value: mean, Low: low, High: high}
	counts := s.labels.Counts()
	for l, name := range t.Names {
		each := SegmentAccuracy{Name: name, Named: in[l].interval(), Right: named[l].interval(), Ceiling: math.NaN()}
		if l < len(counts) {
			each.Respondents = counts[l]
		}
		t.Each = append(t.Each, each)
	}
	for step, least := range sureSteps {
		t.Sure = append(t.Sure, predict.CoveragePoint{Least: least, Coverage: sure[step].all / all.all, Right: sure[step].interval()})
	}
	return nil
}

// rates counts whom a tool with these very questions names as what, scores learned out of fold: the confusion of one tool, where that of the
// folds' own choices is the confusion of several.
func (s *study) rates(ctx context.Context, asked, of []int, count int) ([][]float64, error) {
	named, errs := make(table.Labels, len(s.labels)), make([]error, count)
	err := par.Items(ctx, count, func(f int) {
		train, test := split(of, f)
		one, err := s.learn(par.Inside(ctx), asked, train)
		if err == nil {
			var p [][]float64
			p, err = one.fitted.Probabilities(par.Inside(ctx), s.replies.numbers(s.questions, test, asked, s.ids, nil))
			for a := range p {
				named[test[a]] = likeliest(p[a])
			}
		}
		errs[f] = err
	})
	if err == nil {
		err = firstOf(errs)
	}
	if err != nil {
		return nil, err
	}
	out := square(s.k)
	for i, l := range s.labels {
		out[l][named[i]] += weightAt(s.weights, i)
	}
	return out, nil
}

func square(k int) [][]float64 {
	out := make([][]float64, k)
	for l := range out {
		out[l] = make([]float64, k)
	}
	return out
}

var sureSteps = []float64{.5, .6, .7, .8, .9}

// ahead returns the highest of the totals and the next.
func ahead(totals []int) (first, second int) {
	first, second = math.MinInt, math.MinInt
	for _, v := range totals {
		switch {
		case v > first:
			first, second = v, first
		case v > second:
			second = v
		}
	}
	return first, second
}

// ceilingOf returns how often each customer of the recipe's table comes into the same segment when others are drawn, by id; nil where no recipe
// is given. It refuses a recipe that did not make the segments.
func ceilingOf(ctx context.Context, op string, answers *table.Table, segments *table.Segments, o Options) (map[string]float64, error) {
	if o.Recipe.Method == nil {
		return nil, nil
	}
	from := o.From
	if from == nil {
		from = answers
	}
	labels, err := segments.LabelsFor(op, from)
	if err != nil {
		return nil, err
	}
	again, err := choose.StabilityContext(ctx, from, o.Recipe, choose.StabilityOptions{Pairs: (o.Samples + 1) / 2, Draws: -1, Seed: o.Seed})
	if err != nil {
		return nil, err
	}
	if same, err := compare.AdjustedRand(labels, again.Segments.Labels); err == nil && same < .99 {
		return nil, &fault.CellError{Op: op, Err: fault.ErrSchema, Why: fmt.Sprintf("the recipe makes different segments of the table (adjusted Rand index %s with yours), so their ceiling is not that of yours",
			sheet.Fixed(same, 2)), Remedy: "give the recipe and the table (From) that made the segments, or leave Recipe out"}
	}
	out := make(map[string]float64, from.Len())
	for i, id := range from.Raw().IDs {
		out[id] = again.Survival[i]
	}
	return out, nil
}

// setCeilings fills in the share of each segment's respondents who come into it again.
func (t *Tool) setCeilings(again map[string]float64, labels table.Labels, answers *table.Table) {
	if again == nil {
		return
	}
	sums, weights := make([]float64, len(t.Names)), make([]float64, len(t.Names))
	for i, id := range answers.Raw().IDs {
		v, known := again[id]
		if l := labels[i]; known && l >= 0 && !math.IsNaN(v) {
			sums[l] += float64(answers.Weight(i) * v)
			weights[l] += answers.Weight(i)
		}
	}
	sum, all := 0.0, 0.0
	for l := range sums {
		t.Each[l].Ceiling = sums[l] / weights[l]
		sum += sums[l]
		all += weights[l]
	}
	t.Ceiling = sum / all
}
