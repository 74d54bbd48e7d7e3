package judge

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Are the customers of a segment alike in what did not form it? A segment of mean age 45 may hold nobody of 45.

var _ sheet.Sheeter = ColumnSpreads(nil)

// alike tells of every column that did not form the segments how much of its spread is left within them.
func (j *judge) alike() {
	for c, e := range j.profile.Effects {
		if e.Circular || math.IsNaN(e.Value) {
			continue
		}
		column, within := j.profile.Columns[c], 1-e.Value // eta squared of a number
		if column.Categorical() {
			within = giniWithin(j.raw.Raw().Column(c), j.raw.Raw().Weights, j.labels, len(column.Levels), j.s.K())
		}
		j.out.SpreadWithin = append(j.out.SpreadWithin, ColumnSpread{column.Name, within})
	}
	slices.SortStableFunc(j.out.SpreadWithin, func(a, b ColumnSpread) int { return cmp.Compare(a.Within, b.Within) })
}

// giniWithin is the mean chance, within a segment, that two customers differ in a category, as a share of that chance among
// all: the analysis of variance of categories (Light & Margolin 1971, doi:10.1080/01621459.1971.10482297). Weights may be nil; only
// their ratios matter.
func giniWithin(values, weights []float64, labels table.Labels, levels, k int) float64 {
	counts, sizes := make([]float64, levels*k), make([]float64, k)
	all, n := make([]float64, levels), 0.0
	for i, v := range values {
		if l := labels[i]; l >= 0 && !math.IsNaN(v) {
			w := 1.0
			if weights != nil {
				w = weights[i]
			}
			counts[l*levels+int(v)] += w
			sizes[l] += w
			all[int(v)] += w
			n += w
		}
	}
	alike := func(counts []float64, n float64) (sum float64) { // n times the chance that two are alike
		for _, c := range counts {
			sum += float64(c * c)
		}
		return sum / n
	}
	within := n
	for l, size := range sizes {
		if size > 0 {
			within -= alike(counts[l*levels:(l+1)*levels], size)
		}
	}
	return within / (n - alike(all, n))
}

// says puts Within into words, by Cohen's conventions for the share that the segments account for.
func (a ColumnSpread) says() string {
	switch between := 1 - a.Within; {
	case between >= .14:
		return "a segment says much about it"
	case between >= .06:
		return "a segment says something about it"
	case between >= .01:
		return "a segment says little about it"
	}
	return "a segment says nothing about it"
}

// finding names the columns at both ends.
func (as ColumnSpreads) finding() string {
	if len(as) == 0 {
		return "All columns formed the segments"
	}
	first, last := as[0], as[len(as)-1]
	says := fmt.Sprintf("Within segments, %s of the spread of %s is left", sheet.Percent(first.Within), first.Column)
	if len(as) > 1 {
		says += fmt.Sprintf(", and %s of the spread of %s", sheet.Percent(last.Within), last.Column)
	}
	return says
}

// Sheet has a row per column.
func (as ColumnSpreads) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: as.finding(), Total: len(as), Columns: []sheet.Column{
		{Name: "column", Text: true}, {Name: "spread left within segments"}, {Name: "so that", Text: true}}}
	for _, a := range as {
		out.Rows = append(out.Rows, []string{a.Column, sheet.Percent(a.Within), a.says()})
	}
	out.Notes = []string{"Spread: the variance of a number; for a category, how often two customers differ in it. Left: 100 % means that customers within " +
		"a segment differ as much as all customers do."}
	return out
}

// Frame returns a row per column: column, within.
func (as ColumnSpreads) Frame() table.Frame {
	return frame.New(
		frame.Each("column", as, func(a ColumnSpread) string { return a.Column }),
		frame.Each("within", as, func(a ColumnSpread) float64 { return a.Within }))
}
