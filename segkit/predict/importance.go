package predict

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/table"
)

// Permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019, JMLR 20:177): what is lost on the hold-out when a column tells
// each customer's value of another customer. Columns that say much the same are moved together: moved alone, each would look
// unimportant, since the other still tells.

// Importance says what a group of columns contributes.
type Importance struct {
	Columns  []string // a group of correlated columns, in the order of the table
	Accuracy float64  // how much lower the accuracy is without them
	LogLoss  Interval // how much higher the log loss is; from the lowest to the highest of the shuffles
}

// correlated is the rank correlation from which columns are moved together.
const correlated = .7

// importance fills the importances in.
func (r *Report) importance(ctx context.Context, x *table.Table, named table.Labels, o Options) error {
	groups := correlatedGroups(x)
	k, n := r.Classifier.K(), x.Len()
	whole := r.lossOf(r.Probability, named)
	type trial struct{ loss, right float64 }
	trials, failed := make([]trial, len(groups)*o.Shuffles), make([]error, len(groups)*o.Shuffles)
	err := par.Items(ctx, len(trials), func(at int) {
		group := groups[at/o.Shuffles]
		first := x.Raw().Columns[group[0]].Name // so that other columns do not change the draw
		order := seed.Stream(o.Seed, "shuffle "+first, at%o.Shuffles).Perm(n)
		moved := x.WithData(x.Raw().Columns, slices.Clone(x.Raw().Data))
		for i := range n {
			for _, j := range group {
				moved.Raw().Row(i)[j] = x.At(order[i], j)
			}
		}
		p, err := r.Classifier.predict(par.Inside(ctx), moved, 0)
		if failed[at] = err; err == nil {
			t := r.lossOf(p.Probability, p.Labels)
			trials[at] = trial{t.loss/t.all - whole.loss/whole.all, whole.accuracy(k) - t.accuracy(k)}
		}
	})
	if err != nil {
		return err
	}
	for g, group := range groups {
		out := Importance{LogLoss: Interval{0, math.Inf(1), math.Inf(-1)}}
		for _, j := range group {
			out.Columns = append(out.Columns, x.Raw().Columns[j].Name)
		}
		for s := range o.Shuffles {
			if err := failed[g*o.Shuffles+s]; err != nil {
				return err
			}
			t := trials[g*o.Shuffles+s]
			out.Accuracy += t.right / float64(o.Shuffles)
			out.LogLoss.Value += t.loss / float64(o.Shuffles)
			out.LogLoss.Low, out.LogLoss.High = min(out.LogLoss.Low, t.loss), max(out.LogLoss.High, t.loss)
		}
		r.Importance = append(r.Importance, out)
	}
	slices.SortStableFunc(r.Importance, func(a, b Importance) int { return int(math.Copysign(1, b.LogLoss.Value-a.LogLoss.Value)) })
	return nil
}

// lossOf adds up what probabilities and names make of the hold-out.
func (r *Report) lossOf(prob [][]float64, named table.Labels) tally {
	units := make([]int, len(r.Truth))
	return r.count(r.newGuess(named, func(i int) []float64 { return prob[i] }), units, []float64{1})
}

// correlatedGroups joins columns whose ranks are correlated, directly or through others; the groups by their first column. A category
// without order is joined with another by Cramér's V, and with a number by the root of the share of ranks that lies between levels.
func correlatedGroups(x *table.Table) (groups [][]int) {
	_, d := x.Dims()
	of, ranks := make([]int, d), make([][]float64, d)
	for j := range d {
		of[j], ranks[j] = j, ranked01(x.Raw().Column(j))
	}
	for j := range d {
		for i := range j {
			if of[i] != of[j] && association(x.Raw().Columns[i], x.Raw().Columns[j], ranks[i], ranks[j]) >= correlated {
				from, to := max(of[i], of[j]), min(of[i], of[j])
				for m := range of {
					if of[m] == from {
						of[m] = to
					}
				}
			}
		}
	}
	for j := range d {
		if of[j] == j {
			groups = append(groups, nil)
			for m := range d {
				if of[m] == j {
					groups[len(groups)-1] = append(groups[len(groups)-1], m)
				}
			}
		}
	}
	return groups
}

// ranked01 returns the ranks of values (n) from 0 to 1, ties sharing theirs and missing ones in the middle.
func ranked01(values []float64) []float64 {
	var known []int
	out := make([]float64, len(values))
	for i, v := range values {
		if out[i] = .5; !math.IsNaN(v) {
			known = append(known, i)
		}
	}
	slices.SortFunc(known, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	for from := 0; from < len(known); {
		to := from + 1
		for to < len(known) && values[known[to]] == values[known[from]] {
			to++
		}
		for _, i := range known[from:to] {
			out[i] = float64(from+to) / 2 / float64(len(known))
		}
		from = to
	}
	return out
}

// association is how strongly two columns go together, 0 to 1, by their ranks (n each): of categories without order, ranks are levels.
func association(a, b table.Column, x, y []float64) float64 {
	nominal := func(c table.Column) bool { return c.Categorical() && !c.Ordered && len(c.Levels) > 2 }
	switch {
	case nominal(a) && nominal(b):
		return cramersV(x, y)
	case nominal(a):
		return eta(x, y)
	case nominal(b):
		return eta(y, x)
	}
	return math.Abs(stat.Correlation(x, y, nil)) // NaN for a constant, which goes with nothing
}

// eta is the correlation ratio: the root of the share of the differences in values that lies between groups.
func eta(groups, values []float64) float64 {
	sum, n, all := map[float64]float64{}, map[float64]float64{}, stat.Mean(values, nil)
	total := 0.0
	var order []float64
	for i, g := range groups {
		if n[g] == 0 {
			order = append(order, g)
		}
		sum[g] += values[i] - all
		n[g]++
		total += float64((values[i] - all) * (values[i] - all))
	}
	between := 0.0
	for _, g := range order {
		between += sum[g] * sum[g] / n[g]
	}
	return math.Sqrt(between / total)
}

// cramersV is that of two divisions (Cramér 1946, 21.9).
func cramersV(x, y []float64) float64 {
	cells, rows, columns := map[[2]float64]float64{}, map[float64]float64{}, map[float64]float64{}
	var order [][2]float64
	for i := range x {
		at := [2]float64{x[i], y[i]}
		if cells[at] == 0 {
			order = append(order, at)
		}
		cells[at]++
		rows[x[i]]++
		columns[y[i]]++
	}
	sum := 0.0
	for _, at := range order {
		sum += cells[at] * cells[at] / (rows[at[0]] * columns[at[1]])
	}
	return math.Sqrt((sum - 1) / float64(min(len(rows), len(columns))-1))
}
