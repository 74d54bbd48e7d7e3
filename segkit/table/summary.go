package table

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// Who are our customers, before we split them?

// Summary describes every column of a table.
type Summary struct {
	N       int             // customers
	Columns []ColumnSummary // (d)
	Notes   []string        // how the file was read, where its contents do not show it
}

// ColumnSummary describes one column. Numbers are NaN for a categorical column, and if there is no value.
type ColumnSummary struct {
	Column                   Column
	N, Missing               int // customers with and without a value
	Mean, SD, Skewness       float64
	Min, Q1, Median, Q3, Max float64
	Zeros                    float64   // share of zeros among the values, such as 0.5 if half the customers never returned anything
	Levels                   []float64 // share of each level among the values; nil for a number
}

// Summary describes every column: what is missing, mean, quartiles, extremes, skewness (above 1 a logarithm usually
// helps), and the share of each level of a category. Weights are respected. Cost n log n for each column.
func (t *Table) Summary() *Summary {
	s := &Summary{N: t.Len()}
	if t.raw.Note != "" {
		s.Notes = []string{t.raw.Note}
	}
	for j, c := range t.raw.Columns {
		p := NewPart(c, t.Raw().Column(j), t.raw.Weights, t.raw.Weighting)
		typical, nan := p.Stats(), math.NaN()
		out := ColumnSummary{Column: c, N: typical.N, Missing: typical.Missing, Mean: typical.Mean, SD: nan, Skewness: nan, Min: nan,
			Q1: typical.Q1, Median: typical.Median, Q3: typical.Q3, Max: nan, Zeros: nan, Levels: typical.Levels}
		if !c.Categorical() {
			_, out.SD, out.Skewness = stats.Moments(p.Values, p.Weights)
			out.Min, out.Max = p.Quantile(0), p.Quantile(1)
			out.Zeros = zeros(p.Values, p.Weights)
		}
		s.Columns = append(s.Columns, out)
	}
	return s
}

// zeros is the weighted share of zeros among the values that are there.
func zeros(values, weights []float64) float64 {
	is := make([]float64, len(values))
	for i, v := range values {
		switch {
		case math.IsNaN(v):
			is[i] = v
		case v == 0:
			is[i] = 1
		}
	}
	share, _, _ := stats.Moments(is, weights)
	return share
}

// Sheet lays the summary out with a row per number and a note per category, or a row per category if there are no numbers.
func (s *Summary) Sheet() sheet.Sheet {
	out := sheet.Sheet{Caption: fmt.Sprintf("%s, %s", wording.Plural(s.N, "customer"), wording.Plural(len(s.Columns), "column"))}
	for _, name := range []string{"column", "missing", "mean", "min", "first quartile", "median", "third quartile", "max", "skewness"} {
		out.Columns = append(out.Columns, sheet.Column{Name: name, Text: name == "column"})
	}
	var categories [][]string
	for _, c := range s.Columns {
		row := []string{c.Column.Label(), sheet.Count(c.Missing)}
		if c.Column.Categorical() {
			categories = append(categories, append(row, mostFrequent(c.Column, c.Levels)))
			continue
		}
		for _, v := range []float64{c.Mean, c.Min, c.Q1, c.Median, c.Q3, c.Max} {
			row = append(row, sheet.Number(v))
		}
		out.Rows = append(out.Rows, append(row, sheet.Fixed(c.Skewness, 1)))
	}
	if out.Rows == nil {
		out.Columns = append(out.Columns[:2], sheet.Column{Name: "most frequent", Text: true})
		out.Rows, out.Notes = categories, s.Notes
		return out
	}
	if empty := s.empty(); len(empty) > 0 {
		out.Notes = append(out.Notes, "No customer has a value of "+sheet.List(empty)+".")
	}
	for _, c := range categories {
		note := fmt.Sprintf("%s: %s", c[0], c[2])
		if c[1] != "0" {
			note += fmt.Sprintf("; %s missing", c[1])
		}
		out.Notes = append(out.Notes, note)
	}
	out.Notes = append(out.Notes, s.Notes...)
	return out
}

// empty are the labels of the numbers that nobody has a value of. The rows of such categories say so themselves.
func (s *Summary) empty() (labels []string) {
	for _, c := range s.Columns {
		if c.N == 0 && !c.Column.Categorical() {
			labels = append(labels, c.Column.Label())
		}
	}
	return labels
}

// mostFrequent reads like "Leeds 41 %, York 30 %, Hull 20 %, 4 more"; where nobody has a value, there are no shares.
func mostFrequent(c Column, shares []float64) string {
	if !slices.ContainsFunc(shares, func(share float64) bool { return share > 0 }) {
		return "no customer has a value"
	}
	const most = 3
	order := make([]int, len(c.Levels))
	for l := range order {
		order[l] = l
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(shares[b], shares[a]) })
	var parts []string
	for _, l := range order[:min(most, len(order))] {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", wording.Clip(c.Word(l)), 100*shares[l]))
	}
	if more := len(c.Levels) - most; more > 0 {
		parts = append(parts, sheet.Count(more)+" more")
	}
	return strings.Join(parts, ", ")
}

// Frame returns the summary as a gota frame with a row per column of the table.
func (s *Summary) Frame() Frame {
	return frame.New(
		frame.Each("column", s.Columns, func(c ColumnSummary) string { return c.Column.Name }),
		frame.Each("unit", s.Columns, func(c ColumnSummary) string { return c.Column.Unit }),
		frame.Each("n", s.Columns, func(c ColumnSummary) int { return c.N }),
		frame.Each("missing", s.Columns, func(c ColumnSummary) int { return c.Missing }),
		frame.Numbers([]string{"mean", "sd", "min", "q1", "median", "q3", "max", "skewness", "zeros"}, s.Columns, func(c ColumnSummary) []float64 {
			return []float64{c.Mean, c.SD, c.Min, c.Q1, c.Median, c.Q3, c.Max, c.Skewness, c.Zeros}
		}))
}
