package chart

// Correlation: which columns move together.

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// mostCorrelated columns are drawn; where there are more, those that go along with another one most.
const mostCorrelated = 20

// Correlation draws Spearman's rank correlation (Spearman 1904, doi:10.2307/1412159) of every pair of columns, with similar
// columns side by side; if none are named, of all numbers and ordered categories. It uses ranks because amounts are skewed: a
// few very large customers would make or break Pearson's correlation, and ranks do not change when a column is logged or
// scaled.
//
// Each pair is computed from the customers who have both values; ties share their mean rank, and weights are respected. A
// column that is the same for all customers has no correlation and is named in the note. So are columns beyond the 20
// that are most strongly correlated with another. Cost d n log n + d² n.
func Correlation(t *table.Table, columns ...string) (*Figure, error) {
	if t == nil {
		return nil, fault.Nil("chart.Correlation", "table")
	}
	if len(columns) == 0 {
		for _, c := range t.Columns() {
			if !c.Categorical() || c.Ordered {
				columns = append(columns, c.Name)
			}
		}
	}
	x, err := t.Select(columns...)
	if err != nil {
		return nil, err
	}
	for _, c := range x.Columns() {
		if c.Categorical() && !c.Ordered {
			return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.Correlation: column %q holds %d unordered levels: leave it out", c.Name, len(c.Levels))
		}
	}
	if len(columns) < 2 {
		return nil, fault.Errorf(fault.ErrSchema, "segkit: chart.Correlation: a correlation needs two columns of numbers or ordered categories, and %s",
			thereAre(len(columns)))
	}
	if x.Len() < 3 {
		return nil, fault.Errorf(fault.ErrEmpty, "segkit: chart.Correlation: %s in the table, and any two lie on a line: at least three are needed", count(x.Len(), "customer"))
	}

	var names, alike []string
	var ranked []ranking
	missing := false
	for j, c := range x.Columns() {
		r := newRanking(x, j)
		missing = missing || len(r.order) < x.Len()
		if r.alike() {
			alike = append(alike, short(clean(c.Name)))
			continue
		}
		names, ranked = append(names, clean(c.Name)), append(ranked, r)
	}
	if len(names) < 2 {
		return nil, fault.Errorf(fault.ErrUndefined, "segkit: chart.Correlation: %s the same for all customers: choose columns that vary", sheet.List(alike))
	}
	all, _ := newPairwise(names, func(i, j int) (float64, error) { return spearman(ranked[i], ranked[j], x.Weights()), nil })
	shown, left := all.strongest(mostCorrelated)
	shown = shown.pick(shown.similar(math.Abs)) // also columns that say the same the other way round

	fig := &Figure{Title: correlationTitle(all)}
	fig.remark("Spearman's rank correlation of %s: 1 where two columns rank customers alike, −1 where they rank them the other way round, about 0 where they are unrelated.",
		count(allCustomers(x), "customer"))
	if missing {
		fig.remark("Each pair uses the customers who have both values.")
	}
	if len(alike) > 0 {
		fig.remark("Not drawn because the same for all customers: %s.", sheet.List(alike))
	}
	if len(left) > 0 {
		fig.remark("Not drawn because less correlated: %s.", sheet.List(left))
	}
	all.describe(fig, "Rank correlations")
	shown.triangle(fig)
	return fig, nil
}

// correlationTitle names the strongest pair, and says so where even that one is weak (below 0.1: Cohen 1988).
func correlationTitle(p pairwise) string {
	i, j, ok := p.extreme(math.Abs)
	if !ok {
		return "No two columns share enough customers for a correlation"
	}
	a, b, r := wording.InWords(short(p.names[i])), wording.InWords(short(p.names[j])), p.value[i][j]
	d := len(p.names)
	which := fmt.Sprintf(", the strongest of %s pairs", sheet.Count(d*(d-1)/2))
	if d == 2 {
		which = ""
	}
	said := sheet.Fixed(r, 2)
	switch {
	case math.Abs(r) < 0.1 && d == 2:
		return fmt.Sprintf("%s and %s are hardly related: rank correlation %s", wording.Capital(a), b, said)
	case math.Abs(r) < 0.1:
		return fmt.Sprintf("No two columns are related: even %s and %s have a rank correlation of only %s", a, b, said)
	case r < 0:
		return fmt.Sprintf("%s and %s move in opposite directions: rank correlation %s%s", wording.Capital(a), b, said, which)
	default:
		return fmt.Sprintf("%s and %s rise together: rank correlation %s%s", wording.Capital(a), b, said, which)
	}
}

// strongest keeps the things whose strongest tie to another one is strongest, in their order, and names the others.
func (p pairwise) strongest(most int) (kept pairwise, left []string) {
	tie := make([]float64, len(p.names))
	order := pick.All(len(p.names))
	for i := range p.names {
		for j, v := range p.value[i] {
			if i != j && finite(v) {
				tie[i] = max(tie[i], math.Abs(v))
			}
		}
	}
	if len(order) <= most {
		return p, nil
	}
	sort.SliceStable(order, func(a, b int) bool { return tie[order[a]] > tie[order[b]] })
	for _, i := range order[most:] {
		left = append(left, short(p.names[i]))
	}
	order = order[:most]
	slices.Sort(order)
	return p.pick(order), left
}

// ranking is a column with its rows in rising order.
type ranking struct {
	values []float64 // (n)
	order  []int     // rows with a value
}

func newRanking(x *table.Table, column int) ranking {
	r := ranking{values: make([]float64, x.Len())}
	for i := range r.values {
		if r.values[i] = x.At(i, column); finite(r.values[i]) {
			r.order = append(r.order, i)
		}
	}
	sort.SliceStable(r.order, func(a, b int) bool { return r.values[r.order[a]] < r.values[r.order[b]] })
	return r
}

// alike reports whether no two rows differ.
func (r ranking) alike() bool {
	return len(r.order) == 0 || r.values[r.order[0]] == r.values[r.order[len(r.order)-1]]
}

// spearman returns the correlation of the ranks among the rows that have both values; NaN where fewer than three do, or
// where one of the columns is the same for all of them. Weights (n) may be nil.
func spearman(a, b ranking, weights []float64) float64 {
	x, y := a.centred(b, weights), b.centred(a, weights)
	var sxy, sxx, syy float64
	both := 0
	for i := range x {
		if !finite(a.values[i]) || !finite(b.values[i]) {
			continue
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		both++
		sxy += w * x[i] * y[i]
		sxx += w * x[i] * x[i]
		syy += w * y[i] * y[i]
	}
	if both < 3 || sxx == 0 || syy == 0 {
		return math.NaN()
	}
	return max(-1, min(1, sxy/math.Sqrt(sxx)/math.Sqrt(syy)))
}

// centred returns the ranks (n) among the rows that the other column has too, minus their mean; ties share a rank. A row
// counts as many customers as it weighs.
func (r ranking) centred(other ranking, weights []float64) []float64 {
	ranks := make([]float64, len(r.values))
	var ties []int
	below, tied := 0.0, 0.0
	settle := func() {
		for _, i := range ties {
			ranks[i] = below + tied/2
		}
		below += tied
		ties, tied = ties[:0], 0
	}
	for _, i := range r.order {
		if !finite(other.values[i]) {
			continue
		}
		if len(ties) > 0 && r.values[i] != r.values[ties[0]] {
			settle()
		}
		ties = append(ties, i)
		if weights == nil {
			tied++
		} else {
			tied += weights[i]
		}
	}
	settle()
	for i := range ranks {
		ranks[i] -= below / 2 // the weighted mean of all ranks, exactly 0 apart where all are tied
	}
	return ranks
}
