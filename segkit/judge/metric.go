package judge

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/effect"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// metric compares what customers of each segment did afterwards: of the solution, how much of the differences between
// customers lies between segments; of every segment, the difference between its customers' mean and that of all others. Customers
// count by the weights of the judged table, not by those of the outcome table.
func (j *judge) metric() error {
	const demand = "metric"
	for l := range j.out.Segments {
		j.out.Segments[l] = []Check{unjudged(demand, "No outcome was given.")}
	}
	if j.o.Outcome == nil {
		j.out.Metric = unjudged(demand, "Whether the segments differ in what the business is after was not tested: give judge.Options.Outcome, "+
			"what customers did after the as-of date. What formed the segments cannot judge them.")
		return nil
	}
	c, values, absent, err := j.outcome()
	if err != nil {
		return err
	}
	effect := effect.OfNumber(values, j.raw.Raw().Weights, j.raw.Raw().Weighting, j.labels, j.s.K())
	means, best, worst, say := make([]float64, j.s.K()), -1, -1, speechOf(c, values)
	for l := range means {
		inside, outside := apart(table.Part{Values: values, Weights: j.raw.Raw().Weights, Weighting: j.raw.Raw().Weighting}, j.labels, l)
		means[l], _, _ = stats.Moments(inside.Values, inside.Weights)
		d := welch(inside, outside)
		each := &j.out.Segments[l][0]
		*each = Check{Demand: demand, Value: d.mean, Low: d.low, High: d.high, Grade: NotJudged, Reads: signed(d.mean, say.difference(d.mean), say.unit)}
		says := fmt.Sprintf("Afterwards %s %s, and %s among all others", say.is, say.amount(means[l]), say.amount(means[l]-d.mean))

		switch {
		case math.IsNaN(d.low):
			each.Says = fmt.Sprintf("Too few customers to compare their %s.", c.Name)
		case d.low > 0 || d.high < 0:
			each.Grade = Pass
			each.Says = fmt.Sprintf("%s: a difference of %s to %s.", says, say.difference(d.low), strings.TrimSpace(say.difference(d.high)+" "+say.unit))
		default:
			each.Grade = Fail
			each.Says = says + ": they may be the same."
		}
		if !math.IsNaN(means[l]) {
			if best < 0 || means[l] > means[best] {
				best = l
			}
			if worst < 0 || means[l] < means[worst] {
				worst = l
			}
		}
	}
	m := Check{Demand: demand, Value: effect.Value, Low: effect.Low, High: effect.High, Reads: sheet.Percent(effect.Value)}
	switch {
	case math.IsNaN(effect.Value) || best < 0:
		m = unjudged(demand, fmt.Sprintf("All customers have the same %s, or only one segment has customers.", c.Name))
	case effect.Low >= .01: // a small effect (Cohen 1988), at the least
		m.Grade = Pass
	case effect.Low > 0:
		m.Grade = Weak
	default:
		m.Grade = Fail
	}
	if m.Grade != NotJudged {
		m.Says = fmt.Sprintf("Afterwards %s %s in %q, and %s in %q.",
			say.is, say.amount(means[best]), j.s.Name(best), say.amount(means[worst]), j.s.Name(worst))
		m = m.by("The segments account for %s of the differences between customers (%s to %s).",
			sheet.Percent(effect.Value), sheet.Percent(effect.Low), sheet.Percent(effect.High))
		if m.Grade == Fail {
			m.Says += " That may be chance."
		}
	}
	if absent > 0 {
		m.Says += fmt.Sprintf(" Left out: %s of the table without an outcome.", wording.Plural(absent, "customer"))
	}
	j.out.Metric = m
	return nil
}

// outcome returns the goal's metric for every row of raw, NaN for customers of whom nothing is known.
func (j *judge) outcome() (c table.Column, values []float64, absent int, err error) {
	next := j.o.Outcome
	name := next.MetricName(j.o.Goal.Metric)
	if name == "" {
		return c, nil, 0, &fault.CellError{Op: "judge.Segments", Why: "the outcome table has no column of numbers or of two levels", Remedy: "make one, as in " +
			"next.With(\"churned\", \"orders == 0\")", Err: fault.ErrSchema}
	}
	if slices.ContainsFunc(j.raw.Raw().Columns, func(have table.Column) bool { return have.Name == name && have.Role == table.Outcome }) {
		return c, nil, 0, &fault.CellError{Op: "judge.Segments", Column: name, Why: "formed the segments, and cannot judge them",
			Remedy: fmt.Sprintf("form them without it: table.Drop(%q)", name), Err: fault.ErrSchema}
	}
	if err := j.raw.Raw().NamedAs("judge.Segments", next.Raw()); err != nil {
		return c, nil, 0, err
	}
	if c, values, absent, err = next.MetricFor(j.raw.Raw().IDs, name); err != nil {
		return c, nil, 0, err
	}
	before := j.s.FormingColumns(j.raw).Ancestry
	if j.s.FormedBy == nil { // any of the table's columns may have
		before = table.MadeOf(slices.DeleteFunc(j.raw.Columns(), func(c table.Column) bool { return c.Role == table.Outcome })...)
	}
	return c, values, absent, before.CheckAfter("judge.Segments", c)
}

// speech is how a metric is spoken of, whatever its column is called: a number as a mean in its unit, yes and no as a share.
type speech struct {
	is         string                 // "the mean of spend is", "churned is true"
	amount     func(v float64) string // "114 EUR", "of 40.6 %"
	difference func(v float64) string // a number without unit: "87.06", "28.6"
	unit       string                 // of a difference: "EUR", "points"
}

func speechOf(c table.Column, values []float64) speech {
	if slices.ContainsFunc(values, func(v float64) bool { return v != 0 && v != 1 && !math.IsNaN(v) }) {
		return speech{is: "the mean of " + wording.InWords(c.Name) + " is", amount: func(v float64) string { return cell.Figure(v, c.Unit) },
			difference: func(v float64) string { return cell.Bare(v, c.Unit) }, unit: c.Unit}
	}
	return speech{is: c.Name + " is true", amount: func(v float64) string { return "of " + sheet.Percent(v) },
		difference: func(v float64) string { return sheet.Fixed(100*v, 1) }, unit: "points"}
}

// signed reads like "+87.06 EUR".
func signed(v float64, text, unit string) string {
	if v > 0 {
		text = "+" + text
	}
	return strings.TrimSpace(text + " " + unit)
}

// apart returns the known values of the customers of segment l, and of all others in a segment.
func apart(all table.Part, labels table.Labels, l int) (inside, outside table.Part) {
	var in, out []int
	for i, v := range all.Values {
		switch {
		case math.IsNaN(v) || labels[i] == table.Noise:
		case labels[i] == l:
			in = append(in, i)
		default:
			out = append(out, i)
		}
	}
	return all.Of(in), all.Of(out)
}

// difference is that of two means, with its interval of 95 %.
type difference struct{ mean, low, high float64 }

// welch returns how much larger the mean of a is than that of b, for unequal variances (Welch 1947,
// doi:10.1093/biomet/34.1-2.28). A side that is worth no more than one value, or no spread on either, leaves no interval.
func welch(a, b table.Part) difference {
	meanA, sdA, _ := stats.Moments(a.Values, a.Weights)
	meanB, sdB, _ := stats.Moments(b.Values, b.Weights)
	d := difference{meanA - meanB, math.NaN(), math.NaN()}
	na, nb := a.Weighting.EffectiveSize(a.Values, a.Weights), b.Weighting.EffectiveSize(b.Values, b.Weights)
	va, vb := sdA*sdA/(na-1), sdB*sdB/(nb-1) // moments divides by n, a standard error by n (n-1)
	if na <= 1 || nb <= 1 || va+vb == 0 {
		return d
	}
	degrees := (va + vb) * (va + vb) / (va*va/(na-1) + vb*vb/(nb-1))
	half := float64(stats.Student95(degrees) * math.Sqrt(va+vb))
	d.low, d.high = d.mean-half, d.mean+half
	return d
}
