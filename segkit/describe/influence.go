package describe

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Influences says how much every column contributes to a clustering, so that nobody clusters on one column unawares.
type Influences struct {
	Columns []ColumnInfluence // (d)
}

// ColumnInfluence is the part of one column in customers' distances from the centre of all, and from that of their segment.
type ColumnInfluence struct {
	Column string
	Total  float64 // distances of all customers to the centre of all customers, in this column only
	Within float64 // the same to the centre of their own segment
	Share  float64 // Total as a share of all columns' total: how much the column weighs; NaN if nothing differs
	Apart  float64 // Total - Within as a share of the same for all columns: how much of what separates the segments; NaN if nothing does
	Known  float64 // 1 - Within/Total: how much of the column the segments explain; NaN if the column is constant
}

var _ sheet.Sheeter = (*Influences)(nil)

// Influence breaks the distances of a clustering of x (n x d, the columns that were clustered, scaled as they were) down by
// column: s is joined by id, m is the method that formed the segments. Distances are those of the method: squares from the mean
// for most; distances from the median for k-medoids with Manhattan and Gower; for categories, gamma for every customer who is not
// in the most frequent level with k-prototypes, 1 with other methods. For k-means and k-prototypes the Within add up to the cost.
// Rows count by the table's weights; missing cells and customers in no segment are left out. It costs n*d*log n.
func Influence(x *table.Table, s *table.Segments, m cluster.Method) (*Influences, error) {
	if x == nil {
		return nil, fault.Nil("describe.Influence", "table")
	}
	if x.Len() == 0 {
		return nil, fmt.Errorf("segkit: describe.Influence: %w", fault.ErrEmpty)
	}
	labels, err := s.LabelsFor("describe.Influence", x)
	if err != nil {
		return nil, err
	}
	spreads, rows := spreadsOf(m, x)
	out := &Influences{}
	all, apart := 0.0, 0.0
	whole, k := make(table.Labels, x.Len()), max(1, s.K())
	for i, l := range labels {
		whole[i] = min(l, 0) // all customers in one segment, but noise
	}
	for j, c := range x.Raw().Columns {
		column := make([]float64, x.Len())
		for i := range column {
			column[i] = rows[i*len(x.Raw().Columns)+j]
		}
		total := spreads[j].sum(column, x.Raw().Weights, whole, 1)
		within := spreads[j].sum(column, x.Raw().Weights, labels, k)
		out.Columns = append(out.Columns, ColumnInfluence{Column: c.Name, Total: total, Within: within, Known: ratio(total-within, total)})
		all += total
		apart += total - within
	}
	for j := range out.Columns {
		c := &out.Columns[j]
		c.Share, c.Apart = ratio(c.Total, all), ratio(c.Total-c.Within, apart)
	}
	return out, nil
}

// ratio is a/b, NaN where b is not positive.
func ratio(a, b float64) float64 {
	if !(b > 0) {
		return math.NaN()
	}
	return a / b
}

// spread is how the distances in one column are measured.
type spread struct {
	from   middle
	factor float64 // what a unit of it counts
}

// middle is the value that distances are measured from.
type middle uint8

const (
	fromMean   middle = iota // squares
	fromMedian               // differences
	fromMode                 // 1 for any other value
)

// spreadsOf returns how method m measures distances in every column of x (d), and the rows (n*d) that it measures them on.
func spreadsOf(m cluster.Method, x *table.Table) ([]spread, []float64) {
	out := make([]spread, len(x.Raw().Columns))
	for j, c := range x.Raw().Columns {
		if out[j] = (spread{fromMean, 1}); c.Categorical() {
			out[j].from = fromMode
		}
	}
	switch m := m.(type) {
	case cluster.KPrototypes:
		gamma := m.Mixing(x)
		for j, c := range x.Raw().Columns {
			if c.Categorical() {
				out[j].factor = gamma
			}
		}
	case cluster.KMedoids:
		space := m.Distance.Space(x, m.Asymmetric...)
		for j := range out {
			switch category, step := space.Unit(j); {
			case category:
				out[j] = spread{fromMode, 1}
			case m.Distance == distance.Gower:
				out[j] = spread{fromMedian, step}
			case m.Distance == distance.Manhattan:
				out[j].from = fromMedian
			}
		}
		return out, space.Ready(x)
	}
	return out, x.Raw().Data
}

// sum adds up the distances of values (n) to the middle of their segment, over segments 0..k-1. Missing values are left out.
func (s spread) sum(values, weights []float64, labels table.Labels, k int) (sum float64) {
	rows := make([][]int, k)
	for i, l := range labels {
		if l >= 0 && !math.IsNaN(values[i]) {
			rows[l] = append(rows[l], i)
		}
	}
	for _, rows := range rows {
		if len(rows) == 0 {
			continue
		}
		v, w := pick.At(values, rows), slices.Repeat([]float64{1}, len(rows))
		if weights != nil {
			w = pick.At(weights, rows)
		}
		at := s.from.of(v, w)
		for i := range v {
			e := math.Abs(v[i] - at)
			switch {
			case s.from == fromMean:
				e *= e
			case s.from == fromMode && e > 0:
				e = 1
			}
			sum += float64(w[i] * e)
		}
	}
	return s.factor * sum
}

// of returns the middle of values v with weights w.
func (m middle) of(v, w []float64) float64 {
	if m == fromMean {
		mean, _, _ := stats.Moments(v, w)
		return mean
	}
	order, total := pick.All(len(v)), 0.0
	for i := range order {
		total += w[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	best, most, below, same := v[order[0]], 0.0, 0.0, 0.0
	for p, i := range order {
		if p == 0 || v[i] != v[order[p-1]] {
			same = 0
		}
		same += w[i]
		below += w[i]
		if m == fromMedian && 2*below >= total {
			return v[i]
		}
		if same > most {
			best, most = v[i], same
		}
	}
	return best
}

// dominant is the share of the distances from which one column decides nearly alone.
const dominant = 0.8

// Sheet lists the columns in order of decreasing weight.
func (f *Influences) Sheet() sheet.Sheet {
	columns := slices.Clone(f.Columns)
	slices.SortStableFunc(columns, func(a, b ColumnInfluence) int { return cmp.Compare(b.Share, a.Share) })
	out := sheet.Sheet{Caption: "No customer differs from any other",
		Columns: []sheet.Column{{Name: "column", Text: true}, {Name: "of all distances"}, {Name: "of what sets segments apart"}, {Name: "of the column explained by segments"}},
		Notes:   []string{"Distances are measured from the middle of all customers; what sets segments apart is the part that goes away when each customer is measured from the middle of their own segment."}}
	for _, c := range columns {
		out.Rows = append(out.Rows, []string{c.Column, sheet.Percent(c.Share), sheet.Percent(c.Apart), sheet.Percent(c.Known)})
	}
	if len(columns) == 0 || math.IsNaN(columns[0].Share) {
		return out
	}
	rest := fmt.Sprintf("%d columns", len(columns)-1)
	if len(columns) == 2 {
		rest = wording.InWords(columns[1].Column)
	}
	most := wording.InWords(columns[0].Column)
	out.Caption = fmt.Sprintf("%s of the distances come from %s, the rest from %s", sheet.Percent(columns[0].Share), most, rest)
	if len(columns) == 1 {
		out.Caption = "All distances come from " + most
	} else if columns[0].Share > dominant {
		out.Notes = append(out.Notes, fmt.Sprintf("These segments are nearly made by %s alone: bring the columns to one scale first (Standardize), or leave the others out.", most))
	}
	return out
}

// Frame returns one row per column.
func (f *Influences) Frame() table.Frame {
	return frame.New(
		frame.Each("column", f.Columns, func(c ColumnInfluence) string { return c.Column }),
		frame.Numbers([]string{"total", "within", "share", "apart", "known"}, f.Columns, func(c ColumnInfluence) []float64 {
			return []float64{c.Total, c.Within, c.Share, c.Apart, c.Known}
		}))
}
