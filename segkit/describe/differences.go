package describe

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/derived"
	"github.com/segkit/lab/segkit/internal/effect"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// In which columns the segments differ, and by how much: the profile's effects, for reading.

// Differences lists the columns of a profile, beginning with those in which the segments differ most. Columns from the same source
// as those that formed the segments come after independent ones. Last come the columns that formed the segments, their parts and
// what is made from them, because a difference there is not a finding.
type Differences struct {
	Columns  []table.Column // (d)
	Effects  []Effect       // (d)
	Says     []string       // (d) the effect in a word: "large", "medium", "small", "hardly any", "may be chance"
	FormedBy []string       // columns that formed the segments, nil if unknown
}

var _ sheet.Sheeter = (*Differences)(nil)

// addEffects measures every column. The P of those that are circular is dropped.
func (p *Profile) addEffects(ctx context.Context, raw *table.Table, s *table.Segments, labels table.Labels) error {
	p.Effects = make([]Effect, len(raw.Raw().Columns))
	formers := s.FormingColumns(raw)
	err := par.Items(ctx, len(raw.Raw().Columns), func(j int) {
		c, e := raw.Raw().Columns[j], &p.Effects[j]
		if c.Categorical() {
			*e = effectOf(CramersV, effect.OfLevels(raw.Raw().Column(j), raw.Raw().Weights, raw.Raw().Weighting, labels, s.K(), len(c.Levels)))
		} else {
			*e = effectOf(etaName, effect.OfNumber(raw.Raw().Column(j), raw.Raw().Weights, raw.Raw().Weighting, labels, s.K()))
		}
		if e.Circular, e.SameSource = formers.Tie(c); e.Circular {
			e.P = math.NaN()
		}
	})
	tie(p.Effects, raw, formers.Columns)
	adjust(p.Effects)
	return err
}

// tie makes those of the seemingly independent columns circular whose values show that they were made from what formed the segments, or that this was
// made from them. Columns computed before the table was read have no ancestry that says so.
func tie(effects []Effect, raw *table.Table, formers []string) {
	var columns []derived.Column
	var formed []bool
	var at []int
	for j, c := range raw.Raw().Columns {
		if in := slices.Contains(formers, c.Name); c.Role != table.Outcome && (in || !effects[j].Circular && !effects[j].SameSource) {
			columns = append(columns, derived.Column{Name: c.Name, Category: c.Categorical(), At: func(i int) float64 { return raw.At(i, j) }})
			formed, at = append(formed, in), append(at, j)
		}
	}
	if !slices.Contains(formed, true) || !slices.Contains(formed, false) {
		return
	}
	for c, of := range derived.Ties(raw.Len(), columns, formed) {
		if of != nil {
			e := &effects[at[c]]
			e.Circular, e.TiedTo, e.P = true, sheet.List(of), math.NaN()
		}
	}
}

// Differences lists in which columns the segments differ.
func (p *Profile) Differences() *Differences {
	order := pick.All(len(p.Columns))
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := p.Effects[a], p.Effects[b]
		return cmp.Or(cmp.Compare(x.Tied(), y.Tied()), cmp.Compare(y.Correlation(), x.Correlation())) // NaN is lowest
	})
	d := &Differences{FormedBy: p.FormedBy}
	for _, j := range order {
		d.Columns, d.Effects = append(d.Columns, p.Columns[j]), append(d.Effects, p.Effects[j])
		d.Says = append(d.Says, p.Effects[j].inWords())
	}
	return d
}

// Tied returns how closely a column is tied to what formed the segments: 0 not at all, 1 by the same source, 2 by construction.
func (e Effect) Tied() int {
	switch {
	case e.Circular:
		return 2
	case e.SameSource:
		return 1
	}
	return 0
}

// Correlation puts both measures on one scale: the correlation ratio for a number, V for a category.
func (e Effect) Correlation() float64 {
	if e.Measure == etaName {
		return math.Sqrt(e.Value)
	}
	return e.Value
}

// inWords uses the bounds of Cohen (1988, Statistical Power Analysis, 8.2 and 7.2): small from .01 of eta squared, medium from .06,
// large from .14; of V .1, .3 and .5.
func (e Effect) inWords() string {
	bounds := [...]float64{.01, .06, .14}
	if e.Measure == CramersV {
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
	return hardlyAny
}

const hardlyAny = "hardly any"

// Evidence says in a word or two what a difference in column i is worth as evidence for the segments.
func (d *Differences) Evidence(i int) string {
	switch e := d.Effects[i]; {
	case d.FormedBy == nil:
		return "not known"
	case slices.Contains(d.FormedBy, d.Columns[i].Name) && e.Circular:
		return "none: formed the segments"
	case e.TiedTo != "":
		return "none: its values are tied to " + e.TiedTo
	case e.Circular:
		return "none: a part of what formed them, or made from it"
	case e.SameSource:
		return "same source"
	}
	return "independent"
}

// Sheet lays the columns out with the worth of their differences as evidence, the effect, its interval, and adjusted P.
func (d *Differences) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: d.finding(), Total: len(d.Columns), Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "role", Text: true},
		{Name: "evidence", Text: true}, {Name: "difference", Text: true}, {Name: "effect"}, {Name: "95 % interval"}, {Name: "measure", Text: true},
		{Name: "adjusted P"}}}
	var circular, tied, same []string
	for i, c := range d.Columns {
		e, p := d.Effects[i], sheet.Missing
		if e.TiedTo != "" {
			tied = append(tied, c.Name)
		}
		if e.SameSource {
			same = append(same, c.Name)
		}
		switch {
		case e.Circular:
			p = "circular"
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
		out.Rows = append(out.Rows, []string{c.Name, c.Role.String(), d.Evidence(i), d.Says[i], sheet.Fixed(e.Value, 2), interval, e.Measure, p})
	}
	out.Notes = []string{"Eta squared is the share of a column's spread that lies between the segments; Cramér's V is 0 for a category that is " +
		"distributed alike in all of them, and 1 for one that always tells them apart.",
		"P comes from Kruskal-Wallis for numbers and chi-squared for categories, adjusted for the number of columns (Holm). With many customers, even small " +
			"effects have a small P: look at the effect."}
	if circular != nil {
		out.Notes = append(out.Notes, wording.Columns(circular, "is", "are")+" what formed the segments, part of it or made from it. There the segments "+
			"differ by construction, which is no evidence that they are real.")
	}
	if tied != nil {
		out.Notes = append(out.Notes, "For "+wording.ColumnList(tied)+", no formula says so, but the values do: they follow from other columns without exception, as in a copy "+
			"in other units, bands, or a sum and its parts.")
	}
	if same != nil {
		out.Notes = append(out.Notes, wording.Columns(same, "comes", "come")+" from the same records as what formed the segments, which creates "+
			"differences by itself.")
	}
	if d.FormedBy == nil {
		out.Notes = append(out.Notes, "Which columns formed these segments is not known (Segments.FormedBy): in those they differ by construction.")
	}
	return out
}

// finding is the caption: the largest effect of a column that did not form the segments.
func (d *Differences) finding() string {
	if len(d.Columns) == 0 || d.Effects[0].Circular || math.IsNaN(d.Effects[0].Value) {
		return "The table has no columns but those that formed the segments"
	}
	e := d.Effects[0]
	if e.Adjusted > .05 {
		return "The segments differ in none of the columns by more than chance would explain"
	}
	says := fmt.Sprintf("The segments differ most in %s: %s %s, %s", d.Columns[0].Name, e.Measure, sheet.Fixed(e.Value, 2), d.Says[0])
	if d.Says[0] == hardlyAny {
		says = fmt.Sprintf("The segments hardly differ: the largest effect is in %s, %s %s", d.Columns[0].Name, e.Measure, sheet.Fixed(e.Value, 2))
	}
	switch {
	case d.FormedBy == nil:
		says += "; it is not known whether it formed them"
	case e.SameSource:
		says += "; but it came from the same source as what formed them"
	}
	return says
}

// Frame returns a row per column: column, role, evidence, circular, measure, effect, low, high, p, adjusted_p, says.
func (d *Differences) Frame() table.Frame {
	evidence := make([]string, len(d.Columns))
	for i := range evidence {
		evidence[i] = d.Evidence(i)
	}
	return frame.New(
		frame.Each("column", d.Columns, func(c table.Column) string { return c.Name }),
		frame.Each("role", d.Columns, func(c table.Column) string { return c.Role.String() }),
		frame.Column("evidence", evidence),
		frame.Each("circular", d.Effects, func(e Effect) bool { return e.Circular }),
		frame.Each("measure", d.Effects, func(e Effect) string { return e.Measure }),
		frame.Numbers([]string{"effect", "low", "high", "p", "adjusted_p"}, d.Effects, func(e Effect) []float64 {
			return []float64{e.Value, e.Low, e.High, e.P, e.Adjusted}
		}),
		frame.Column("says", d.Says))
}
