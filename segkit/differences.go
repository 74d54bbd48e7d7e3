package segkit

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/sheet"
)

// In which columns the segments differ, and by how much: the profile's effects, for reading.

// Differences are the columns of a profile, those in which the segments differ most first; columns that formed the segments come
// last, since that they differ there is no finding.
type Differences struct {
	Columns []Column // (d)
	Effects []Effect // (d)
	Says    []string // (d) the effect in a word: "large", "medium", "small", "hardly any", "may be chance"
}

var _ sheet.Sheeter = (*Differences)(nil)

// addEffects measures every column. The columns that formed the segments are circular: their P is dropped.
func (p *Profile) addEffects(raw *Table, s *Segments, labels Labels) error {
	p.Effects = make([]Effect, len(raw.columns))
	err := par.Items(DefaultContext, len(raw.columns), func(j int) {
		c, e := raw.columns[j], &p.Effects[j]
		if c.Categorical() {
			*e = levelEffect(raw.values(j), raw.weights, raw.weighting, labels, s.K(), len(c.Levels))
		} else {
			*e = numberEffect(raw.values(j), raw.weights, raw.weighting, labels, s.K())
		}
		if slices.Contains(s.FormedBy, c.Name) && c.Role != Outcome { // orders afterwards are not the orders that formed them
			e.Circular, e.P = true, math.NaN()
		}
	})
	adjust(p.Effects)
	return err
}

// Differences lists in which columns the segments differ.
func (p *Profile) Differences() *Differences {
	order := allRows(len(p.Columns))
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := p.Effects[a], p.Effects[b]
		if x.Circular != y.Circular {
			return map[bool]int{true: 1, false: -1}[x.Circular]
		}
		return cmp.Compare(y.correlation(), x.correlation()) // NaN is lowest
	})
	d := &Differences{}
	for _, j := range order {
		d.Columns, d.Effects = append(d.Columns, p.Columns[j]), append(d.Effects, p.Effects[j])
		d.Says = append(d.Says, p.Effects[j].inWords())
	}
	return d
}

// correlation puts both measures on one scale: the correlation ratio of a number beside the V of a category.
func (e Effect) correlation() float64 {
	if e.Measure == etaName {
		return math.Sqrt(e.Value)
	}
	return e.Value
}

// inWords uses the bounds of Cohen (1988, Statistical Power Analysis, 8.2 and 7.2): small from .01 of eta squared, medium from .06,
// large from .14; of V .1, .3 and .5.
func (e Effect) inWords() string {
	bounds := [...]float64{.01, .06, .14}
	if e.Measure == cramerName {
		bounds = [...]float64{.1, .3, .5}
	}
	switch {
	case math.IsNaN(e.Value):
		return "undefined"
	case e.Adjusted > .05:
		return "may be chance"
	case e.Value >= bounds[2]:
		return "large"
	case e.Value >= bounds[1]:
		return "medium"
	case e.Value >= bounds[0]:
		return "small"
	}
	return "hardly any"
}

// Sheet lays the columns out with effect, interval, and adjusted P.
func (d *Differences) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: d.finding(), Total: len(d.Columns), Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "role", Text: true},
		{Name: "difference", Text: true}, {Name: "effect"}, {Name: "95 % interval"}, {Name: "measure", Text: true}, {Name: "adjusted P"}}}
	var circular []string
	for i, c := range d.Columns {
		e, role := d.Effects[i], d.Columns[i].Role.String()
		p := sheet.Missing
		switch {
		case e.Circular:
			role, p = "formed the segments", "circular"
			circular = append(circular, c.Name)
		case e.Adjusted < .001:
			p = "< 0.001"
		case !math.IsNaN(e.Adjusted):
			p = sheet.Fixed(e.Adjusted, 3)
		}
		interval := sheet.Missing
		if !math.IsNaN(e.Low) {
			interval = sheet.Fixed(e.Low, 2) + " to " + sheet.Fixed(e.High, 2)
		}
		out.Rows = append(out.Rows, []string{c.Name, role, d.Says[i], sheet.Fixed(e.Value, 2), interval, e.Measure, p})
	}
	out.Notes = []string{"Eta squared is the share of a column's spread that lies between the segments; Cramér's V is 0 for a category that is " +
		"alike in all of them, and 1 for one that tells them apart without fail.",
		"P: Kruskal-Wallis for numbers, chi-squared for categories, adjusted for the number of columns (Holm). With many customers small effects " +
			"have a small P too: look at the effect."}
	if circular != nil {
		out.Notes = append(out.Notes, fmt.Sprintf("%s formed the segments, which differ there by construction, and nearly so in what is computed "+
			"from it: neither is evidence that the segments are real.", capital(sheet.List(circular))))
	} else {
		out.Notes = append(out.Notes, "Which columns formed these segments is not known: in those they differ by construction.")
	}
	return out
}

// finding is the caption: the largest effect of a column that did not form the segments.
func (d *Differences) finding() string {
	if len(d.Columns) == 0 || d.Effects[0].Circular || math.IsNaN(d.Effects[0].Value) {
		return "No column but those that formed the segments"
	}
	e := d.Effects[0]
	if e.Adjusted > .05 {
		return "The segments differ in none of the columns by more than chance would do"
	}
	return fmt.Sprintf("The segments differ most in %s: %s %s, %s", d.Columns[0].Name, e.Measure, sheet.Fixed(e.Value, 2), d.Says[0])
}

// Frame returns a row per column: column, role, circular, measure, effect, low, high, p, adjusted_p, says.
func (d *Differences) Frame() dataframe.DataFrame {
	var names, roles, measures []string
	var circular []bool
	var numbers [5][]float64
	for i, c := range d.Columns {
		e := d.Effects[i]
		names, roles = append(names, c.Name), append(roles, c.Role.String())
		measures, circular = append(measures, e.Measure), append(circular, e.Circular)
		for n, v := range [...]float64{e.Value, e.Low, e.High, e.P, e.Adjusted} {
			numbers[n] = append(numbers[n], v)
		}
	}
	columns := []series.Series{series.New(names, series.String, "column"), series.New(roles, series.String, "role"),
		series.New(circular, series.Bool, "circular"), series.New(measures, series.String, "measure")}
	for n, name := range [...]string{"effect", "low", "high", "p", "adjusted_p"} {
		columns = append(columns, series.New(numbers[n], series.Float, name))
	}
	return dataframe.New(append(columns, series.New(d.Says, series.String, "says"))...)
}
