package separation

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// How silhouettes are computed: exactly, for rows drawn at random, and by distances to the segments' means.

// silhouetteTile is how many rows share one pass over the others, and how many others between two looks at ctx.
const silhouetteTile, silhouetteOthers = 64, 1024

// OneSegment is the error of a measure that needs two.
func OneSegment(op string) error {
	return &fault.CellError{Op: op, Why: "it compares segments, and there are not two with customers in them", Err: fault.ErrUndefined}
}

// Sums adds to sums (k x rows) the distances from each of the given rows to all rows of every segment.
type Sums func(ctx context.Context, rows []int, sums [][]float64)

// SumsOf returns how Euclidean distances are summed: by the rows' weights where these differ, which is slower.
func SumsOf(x *table.Table, labels table.Labels) Sums {
	if x.EvidenceWeights() == nil {
		return EuclideanSums(x, labels)
	}
	return PairSums(labels, x.Raw().Weights, func(i, j int) float64 { return math.Sqrt(vec.Square(x.Raw().Row(i), x.Raw().Row(j))) })
}

// EuclideanSums lays the rows of each segment side by side, so that a distance needs no look at labels.
func EuclideanSums(x *table.Table, labels table.Labels) Sums {
	_, d := x.Dims()
	counts := labels.Counts()
	sorted := make([][]float64, len(counts))
	for l, n := range counts {
		sorted[l] = make([]float64, 0, n*d)
	}
	for i, l := range labels {
		if l != table.Noise {
			sorted[l] = append(sorted[l], x.Raw().Row(i)...)
		}
	}
	return func(ctx context.Context, rows []int, sums [][]float64) {
		these := make([]float64, 0, len(rows)*d)
		for _, i := range rows {
			these = append(these, x.Raw().Row(i)...)
		}
		for l, others := range sorted {
			for a := 0; a < len(others) && ctx.Err() == nil; a += silhouetteOthers * d {
				vec.AddDistances(these, others[a:min(len(others), a+silhouetteOthers*d)], d, sums[l])
			}
		}
	}
}

// PairSums takes the distances of rows i and j from a function. Weights (n) may be nil.
func PairSums(labels table.Labels, weights []float64, between func(i, j int) float64) Sums {
	return func(ctx context.Context, rows []int, sums [][]float64) {
		for p, i := range rows {
			if ctx.Err() != nil {
				return
			}
			for j, l := range labels {
				switch {
				case l == table.Noise || j == i:
				case weights != nil:
					sums[l][p] += float64(weights[j] * between(i, j))
				default:
					sums[l][p] += between(i, j)
				}
			}
		}
	}
}

// Silhouettes returns the silhouette of the given rows (m) of x, each by its distances to all rows, NaN for noise; ErrUndefined
// with fewer than two segments.
func Silhouettes(ctx context.Context, x *table.Table, labels table.Labels, rows []int, add Sums) ([]float64, error) {
	itself := make([]int, len(labels.Counts()))
	for l := range itself {
		itself[l] = l
	}
	values, err := silhouettes(ctx, x, []table.Labels{labels}, [][]int{itself}, rows, add)
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// silhouettes are those of several segmentations of x. Distances are added up by groups of which every segment is made: the g-th is part
// of segment of[s][g] in segmentation s.
func silhouettes(ctx context.Context, x *table.Table, all []table.Labels, of [][]int, rows []int, add Sums) ([][]float64, error) {
	values, counts, weights := make([][]float64, len(all)), make([][]int, len(all)), make([][]float64, len(all))
	for s, labels := range all {
		counts[s] = labels.Counts()
		weights[s] = x.Sums(labels, len(counts[s]))
		values[s] = make([]float64, len(rows))
		if !SeveralSegments(counts[s]) {
			return nil, OneSegment("Silhouette")
		}
	}
	tiles := (len(rows) + silhouetteTile - 1) / silhouetteTile
	report := job.Steps(ctx, "silhouettes", tiles)
	err := par.Items(ctx, tiles, func(tile int) {
		from := tile * silhouetteTile
		these := rows[from:min(from+silhouetteTile, len(rows))]
		groups := zeros(len(of[0]), len(these))
		add(ctx, these, groups)
		for s, labels := range all {
			sums := zeros(len(counts[s]), len(these))
			for g, l := range of[s] {
				if l == table.Noise {
					continue
				}
				for p, sum := range groups[g] {
					sums[l][p] += sum
				}
			}
			for p, i := range these {
				values[s][from+p] = silhouette(labels[i], counts[s], weights[s], x.Weight(i), func(l int) float64 { return sums[l][p] })
			}
		}
		report()
	})
	return values, err
}

func zeros(rows, columns int) [][]float64 {
	out := make([][]float64, rows)
	for i := range out {
		out[i] = make([]float64, columns)
	}
	return out
}

// together groups the rows (out: n) that are in one segment of every segmentation, and says of which (out: segmentations x groups).
func together(all []table.Labels) (groups table.Labels, of [][]int) {
	groups = make(table.Labels, len(all[0]))
	n := 0
	for _, labels := range all {
		found := map[[2]int]int{}
		for i, l := range labels {
			pair := [2]int{groups[i], l}
			g, known := found[pair]
			if !known {
				g = len(found)
				found[pair] = g
			}
			groups[i] = g
		}
		n = len(found)
	}
	for _, labels := range all {
		segments := make([]int, n)
		for i, g := range groups {
			segments[g] = labels[i]
		}
		of = append(of, segments)
	}
	return groups, of
}

// SeveralSegments reports whether two segments have customers (counts: in, k).
func SeveralSegments(counts []int) bool {
	segments := 0
	for _, n := range counts {
		if n > 0 {
			segments++
		}
	}
	return segments >= 2
}

// SampledSilhouettes estimates the mean silhouette of several segmentations of x (n x d) from that of the given rows, drawn at random: each by its
// distances to all rows, so that nothing but the draw separates the mean from that of all. Low and high are its 95 %
// interval, equal to it where the rows are all there are. All are NaN where x has no Euclidean distances (categories, missing
// cells), and for one segment only. It costs rows*n*d for all segmentations together where the rows are a draw, and for each where they are all.
func SampledSilhouettes(ctx context.Context, x *table.Table, all []table.Labels, rows []int) (out []Interval, err error) {
	out = make([]Interval, len(all))
	var several []table.Labels
	var at []int
	for s, labels := range all {
		out[s] = Interval{math.NaN(), math.NaN(), math.NaN()}
		if SeveralSegments(labels.Counts()) {
			several, at = append(several, labels), append(at, s)
		}
	}
	if several == nil || x.CheckNumbers("Silhouette") != nil {
		return out, nil
	}
	values := make([][]float64, len(several))
	groups, of := together(several)
	if n := len(groups); len(rows) < n && n >= fewInGroup*len(of[0]) && x.EvidenceWeights() == nil {
		values, err = silhouettes(ctx, x, several, of, rows, EuclideanSums(x, groups))
	} else {
		for s, labels := range several {
			if values[s], err = Silhouettes(ctx, x, labels, rows, SumsOf(x, labels)); err != nil {
				break
			}
		}
	}
	if err != nil {
		return nil, err
	}
	for s, labels := range several {
		o := &out[at[s]]
		o.Mean, o.Low, o.High = MeanInterval(values[s], WeightsOf(x, rows), len(InSegments(labels)))
	}
	return out, nil
}

// Interval is an estimate with its 95 % interval.
type Interval struct{ Mean, Low, High float64 }

// fewInGroup is how many rows a group must have on average for distances to be added up by groups.
const fewInGroup = 20

// InSegments returns the rows (out: ascending) that are in a segment, of labels (in: n).
func InSegments(labels table.Labels) (rows []int) {
	for i, l := range labels {
		if l != table.Noise {
			rows = append(rows, i)
		}
	}
	return rows
}

// MeanInterval returns the mean of the values that are not NaN, drawn without replacement from so many in all, and its 95 %
// interval; NaN for a single value that is not all there is. Weights (as many as values) may be nil: the mean is then the ratio of two
// sums over the draw, and the interval that of a ratio (Cochran 1977, Sampling Techniques, 6.4).
func MeanInterval(values, weights []float64, all int) (mean, low, high float64) {
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	total, squares, m := 0.0, 0.0, 0
	for i, v := range values {
		if !math.IsNaN(v) {
			mean += float64(weight(i) * v)
			total += weight(i)
			m++
		}
	}
	mean /= total
	for i, v := range values {
		if !math.IsNaN(v) {
			d := weight(i) * (v - mean)
			squares += float64(d * d)
		}
	}
	if m == all {
		return mean, mean, mean
	}
	drawn := float64(m)
	left := 1 - drawn/float64(all) // what is drawn already is no more in doubt
	half := float64(1.96 * math.Sqrt(squares/(drawn-1)*drawn/(total*total)*left))
	return mean, mean - half, mean + half
}

// WeightsOf returns the weights (out: as many) of some rows (in: places in t), nil without weights.
func WeightsOf(t *table.Table, rows []int) []float64 {
	if t.Raw().Weights == nil {
		return nil
	}
	return pick.At(t.Raw().Weights, rows)
}

// silhouette is the definition: (b - a) / max(a, b), of a, the mean distance to the others of its own segment, and b, that
// to the nearest other segment. Weights are those of the segments (k), weight that of the customer.
func silhouette(own int, counts []int, weights []float64, weight float64, sum func(l int) float64) float64 {
	switch {
	case own == table.Noise:
		return math.NaN()
	case counts[own] == 1:
		return 0
	}
	a, b := sum(own)/(weights[own]-weight), math.Inf(1)
	for l, n := range counts {
		if l != own && n > 0 {
			b = min(b, sum(l)/weights[l])
		}
	}
	return closeness(a, b)
}

// closeness is (b - a) / max(a, b), 0 where they are equal, also where all customers are alike.
func closeness(a, b float64) float64 {
	if a == b {
		return 0
	}
	return (b - a) / max(a, b)
}

// SimplifiedSilhouette is the mean of simplifiedSilhouettes, NaN where there are none.
func SimplifiedSilhouette(x *table.Table, labels table.Labels) float64 {
	values, err := SimplifiedSilhouettes(context.Background(), x, labels)
	if err != nil {
		return math.NaN()
	}
	mean, _, _ := MeanInterval(values, x.Raw().Weights, len(values))
	return mean
}

// SimplifiedSilhouettes returns the silhouette of every row of x (n x d, numbers all) by distances to the segments' means
// instead of to their customers, NaN for noise; ErrUndefined with fewer than two segments. It costs n*k*d.
func SimplifiedSilhouettes(ctx context.Context, x *table.Table, labels table.Labels) ([]float64, error) {
	m := CentroidsOf(x, labels)
	if len(m.Counts) < 2 {
		return nil, OneSegment("Silhouette")
	}
	n := len(labels)
	values := make([]float64, n)
	err := par.Rows(ctx, n, func(_, from, to int) {
		nearest, first, second := make([]int32, to-from), make([]float64, to-from), make([]float64, to-from)
		vec.NearestTwo(x.Raw().Data[from*m.d:to*m.d], m.d, m.at, nearest, first, second)
		for i := from; i < to; i++ {
			switch own := m.labels[i]; {
			case own == table.Noise:
				values[i] = math.NaN()
			case m.Counts[own] == 1: // its own mean, as near as can be: it has 0 as in the definition
			case nearest[i-from] == own:
				values[i] = closeness(math.Sqrt(first[i-from]), math.Sqrt(second[i-from]))
			default:
				values[i] = closeness(math.Sqrt(vec.Square(x.Raw().Row(i), m.mean(int(own)))), math.Sqrt(first[i-from]))
			}
		}
	})
	return values, err
}

// SampleRows is how many customers of a larger table have their silhouettes computed unless more are asked for.
const SampleRows = 5_000

// Sample draws the rows of n whose silhouettes are computed: the same for whoever asks with the same seed, so that one solution has one silhouette.
func Sample(n, rows, of int) []int {
	return pick.Sample(n, rows, seed.Stream(of, "silhouette sample", 0))
}
