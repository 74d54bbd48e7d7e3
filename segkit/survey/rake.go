package survey

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/table"
)

// Margins are what is known about the population, column by column: {"gender": {"female": .51, "male": .49}, "age": {…}}. Shares,
// percentages or counts will do, because only their proportions matter.
type Margins map[string]map[string]float64

// RakeOptions are the choices of Rake.
type RakeOptions struct {
	Cap float64 // largest weight, as a multiple of the mean; 0 means no limit. With a limit, margins may be missed, and Weighting says so
}

// Weighting gives each respondent a weight, so that the sheets represent the population as far as the margins go.
type Weighting struct {
	IDs       []string  // (n)
	Weights   []float64 // (n) with mean 1
	Effective float64   // how many respondents with equal weights would tell as much: Kish's (sum w)²/sum w²
	Margins   []Margin
	Rounds    int     // passes over all margins
	Missed    float64 // the largest difference between a weighted share and its target
	capped    int     // weights at the limit
	unknown   int     // respondents without a value in some margin
}

// Margin is one level of one column, as a share of those who have a value.
type Margin struct {
	Column, Level            string
	Count                    int // respondents
	Sample, Target, Weighted float64
}

// mostRounds is where raking gives up; margins that can be met take some ten.
const mostRounds = 1000

// Rake weights the rows of t so that every margin holds: it scales the weights to one margin after another until all hold (W. E. Deming and
// F. F. Stephan, "On a least squares adjustment of a sampled frequency table when the expected marginal totals are known", Annals of
// Mathematical Statistics 11(4), 1940, doi:10.1214/aoms/1177731829). With one margin this is post-stratification. The columns are categories;
// rows without a value keep their weight in that margin. If t has weights, it starts from them.
//
// Weights correct what the margins cover, at a price: Effective says how many respondents' worth of certainty is left (L. Kish, "Weighting
// for unequal Pi", Journal of Official Statistics 8(2), 1992). Errors: a level that the margins or the sheets lack, a level with nobody in
// it, margins that cannot all hold. Cost n·margins a round.
func Rake(t *table.Table, margins Margins, o RakeOptions) (*Weighting, error) {
	const op = "survey.Rake"
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	if len(margins) == 0 {
		return nil, fault.Option(op, "Margins", "none", `at least one column with the shares of its levels, as {"gender": {"female": .51, "male": .49}}`)
	}
	if o.Cap != 0 && !(o.Cap > 1) {
		return nil, fault.Option("survey.RakeOptions", "Cap", o.Cap, "more than 1 times the mean, or 0 for no limit")
	}
	w := &Weighting{IDs: t.IDs(), Weights: make([]float64, t.Len())}
	for i := range w.Weights {
		w.Weights[i] = t.Weight(i)
	}
	w.level()
	var of []raked
	for _, name := range slices.Sorted(maps.Keys(margins)) {
		r, err := w.margin(op, t, name, margins[name])
		if err != nil {
			return nil, err
		}
		of = append(of, r)
	}
	for i := range w.Weights {
		if slices.ContainsFunc(of, func(r raked) bool { return r.at[i] < 0 }) {
			w.unknown++
		}
	}
	for w.Rounds < mostRounds {
		w.Rounds++
		for _, r := range of {
			w.scale(r)
		}
		w.level()
		w.cap(o.Cap)
		w.compare(of)
		if w.Missed < 1e-10 {
			break
		}
	}
	if w.Missed > 1e-6 && w.capped == 0 {
		m := slices.MaxFunc(w.Margins, func(a, b Margin) int {
			return int(math.Copysign(1, math.Abs(a.Weighted-a.Target)-math.Abs(b.Weighted-b.Target)))
		})
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: %s: the margins cannot all be met in these sheets: after %d rounds, %q of %q is at %s where %s is wanted: merge levels that few respondents have",
			op, w.Rounds, m.Level, m.Column, wording.Percent(m.Weighted), wording.Percent(m.Target))
	}
	sum, squares := 0., 0.
	for _, v := range w.Weights {
		sum, squares = sum+v, squares+float64(v*v)
	}
	w.Effective = sum * sum / squares
	return w, nil
}

// raked is one margin: the level of everybody (n), -1 for none, and where each level stands in Weighting.Margins.
type raked struct {
	at     []int
	target []float64
	first  int
}

// margin looks at a column and its shares, and appends its levels to w.Margins.
func (w *Weighting) margin(op string, t *table.Table, name string, shares map[string]float64) (r raked, err error) {
	c, err := t.Column(name)
	if err != nil {
		return r, fmt.Errorf("segkit: %s: %w", op, fault.Trimmed(err))
	}
	if !c.Categorical() {
		return r, &fault.CellError{Op: op, File: t.Raw().Source, Column: name, Why: "is a number, and margins are for levels", Remedy: "cut it into bands first", Err: fault.ErrSchema}
	}
	values, err := t.Values(name)
	if err != nil {
		return r, err
	}
	r = raked{at: make([]int, len(values)), target: make([]float64, len(c.Levels)), first: len(w.Margins)}
	count := make([]int, len(c.Levels))
	for i, v := range values {
		if r.at[i] = -1; !math.IsNaN(v) {
			r.at[i] = int(v)
			count[int(v)]++
		}
	}
	known, all := 0, 0.
	for _, n := range count {
		known += n
	}
	for _, level := range slices.Sorted(maps.Keys(shares)) {
		l, ok := c.LevelOf(level)
		share := shares[level]
		switch e := (&fault.CellError{Op: op, File: t.Raw().Source, Column: name, Value: level, Err: fault.ErrSchema}); {
		case !(share >= 0) || math.IsInf(share, 0):
			return r, fault.Option(op, fmt.Sprintf("Margins[%q][%q]", name, level), share, "a share, a percentage or a count, at least 0")
		case !ok:
			e.Why, e.Remedy = "is not a level in the sheets", "its levels are "+wording.List(c.Levels)
			return r, e
		case count[l] == 0 && share > 0:
			e.Why, e.Remedy = "has a share in the population, but no respondent to weight up", "merge it with a similar level"
			return r, e
		}
		r.target[l] = share
		all += share
	}
	for l, level := range c.Levels {
		if _, given := shares[level]; !given && count[l] > 0 && r.target[l] == 0 {
			return r, &fault.CellError{Op: op, File: t.Raw().Source, Column: name, Value: level, Count: count[l], Err: fault.ErrSchema,
				Why: "has respondents, but no share in Margins", Remedy: "say what share of the population it is"}
		}
	}
	if all == 0 {
		return r, fault.Option(op, fmt.Sprintf("Margins[%q]", name), all, "shares that add up to more than 0")
	}
	for l, level := range c.Levels {
		r.target[l] /= all
		w.Margins = append(w.Margins, Margin{Column: name, Level: level, Count: count[l], Sample: float64(count[l]) / float64(known), Target: r.target[l]})
	}
	return r, nil
}

// totals are the weights of the levels of r, and of all that have one.
func (w *Weighting) totals(r raked) (of []float64, all float64) {
	of = make([]float64, len(r.target))
	for i, l := range r.at {
		if l >= 0 {
			of[l] += w.Weights[i]
			all += w.Weights[i]
		}
	}
	return of, all
}

// scale makes the shares of r those wanted.
func (w *Weighting) scale(r raked) {
	of, all := w.totals(r)
	for i, l := range r.at {
		if l >= 0 && of[l] > 0 {
			w.Weights[i] *= r.target[l] * all / of[l]
		}
	}
}

// level makes the mean 1.
func (w *Weighting) level() {
	sum := 0.
	for _, v := range w.Weights {
		sum += v
	}
	for i := range w.Weights {
		w.Weights[i] *= float64(len(w.Weights)) / sum
	}
}

// cap cuts weights above most; 0 is no limit.
func (w *Weighting) cap(most float64) {
	w.capped = 0
	for i, v := range w.Weights {
		if most > 0 && v >= most {
			w.Weights[i] = most
			w.capped++
		}
	}
}

// compare sets the weighted shares beside their targets.
func (w *Weighting) compare(of []raked) {
	w.Missed = 0
	for _, r := range of {
		totals, all := w.totals(r)
		for l := range totals {
			m := &w.Margins[r.first+l]
			m.Weighted = totals[l] / all
			w.Missed = max(w.Missed, math.Abs(m.Weighted-m.Target))
		}
	}
}

// Apply gives the weights to a table of the same respondents, joined by id, as sampling weights. Errors: a respondent without a weight.
func (w *Weighting) Apply(t *table.Table) (*table.Table, error) {
	const op = "survey.Weighting.Apply"
	if w == nil {
		return nil, fault.Nil(op, "weighting")
	}
	if t == nil {
		return nil, fault.Nil(op, "table")
	}
	of := make(map[string]float64, len(w.IDs))
	for i, id := range w.IDs {
		of[id] = w.Weights[i]
	}
	weights := make([]float64, t.Len())
	for i, id := range t.Raw().IDs {
		v, ok := of[id]
		if !ok {
			return nil, &fault.CellError{Op: op, File: t.Raw().Source, Row: i + 1, ID: id, Why: "the respondent has no weight", Remedy: "rake the table that holds all", Err: fault.ErrUnmatched}
		}
		weights[i] = v
	}
	return t.WithWeights(weights, table.SamplingWeights)
}
