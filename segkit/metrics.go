package segkit

import (
	"context"
	"fmt"
	"math"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/sheet"
)

// Silhouettes says for every customer how much nearer the own segment is than the next: 1 deep inside, 0 on the border,
// negative nearer to another segment (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7).
type Silhouettes struct {
	IDs      []string            // (n)
	Values   []float64           // (n) NaN for noise
	Labels   Labels              // (n)
	Names    []string            // (k)
	Mean     float64             // over all customers in a segment
	Segments []SegmentSilhouette // (k)
}

// SegmentSilhouette sums up the silhouettes of one segment.
type SegmentSilhouette struct {
	Size      int
	Mean      float64 // NaN for an empty segment
	BelowZero float64 // share of customers who are nearer to another segment, NaN for an empty segment
}

var _ sheet.Sheeter = (*Silhouettes)(nil)

// Silhouette computes the exact silhouette of every row of x (n x d, the columns that were clustered, scaled as they were),
// joined to s by id. A customer alone in a segment has 0; noise has none and counts nowhere; the table's weights are not
// used. With fewer than two segments it is ErrUndefined. It costs n*n*d and O(n) memory.
func Silhouette(x *Table, s *Segments) (*Silhouettes, error) {
	return SilhouetteContext(DefaultContext, x, s)
}

// SilhouetteContext is Silhouette under ctx.
func SilhouetteContext(ctx context.Context, x *Table, s *Segments) (*Silhouettes, error) {
	if err := checkNumbers("Silhouette", x); err != nil {
		return nil, err
	}
	labels, err := s.labelsFor("Silhouette", x)
	if err != nil {
		return nil, err
	}
	out := &Silhouettes{IDs: x.IDs(), Labels: labels, Names: s.Names, Segments: make([]SegmentSilhouette, s.K())}
	if out.Values, err = silhouettes(ctx, x, labels, allRows(x.Len())); err != nil {
		return nil, err
	}
	for i, v := range out.Values {
		if labels[i] == Noise {
			continue
		}
		seg := &out.Segments[labels[i]]
		seg.Size++
		seg.Mean += v
		if v < 0 {
			seg.BelowZero++
		}
	}
	out.Mean = meanKnown(out.Values)
	for l := range out.Segments {
		seg := &out.Segments[l]
		seg.Mean /= float64(seg.Size)
		seg.BelowZero /= float64(seg.Size)
	}
	return out, nil
}

// silhouetteTile is how many rows share one pass over the others, and how many others between two looks at ctx.
const silhouetteTile, silhouetteOthers = 64, 1024

// oneSegment is the error of a measure that needs two.
func oneSegment(op string) error {
	return &CellError{Op: op, Why: "it compares segments, and there are not two with customers in them", Err: ErrUndefined}
}

// silhouettes returns the silhouette of the given rows of x (m), each by its distances to all rows, NaN for noise;
// ErrUndefined with fewer than two segments.
func silhouettes(ctx context.Context, x *Table, labels Labels, rows []int) ([]float64, error) {
	_, d := x.Dims()
	counts := labels.Counts()
	segments := 0
	for _, n := range counts {
		if n > 0 {
			segments++
		}
	}
	if segments < 2 {
		return nil, oneSegment("Silhouette")
	}
	// The rows of each segment side by side, so that a distance needs no look at labels.
	sorted := make([][]float64, len(counts))
	for l, n := range counts {
		sorted[l] = make([]float64, 0, n*d)
	}
	for i, l := range labels {
		if l != Noise {
			sorted[l] = append(sorted[l], x.row(i)...)
		}
	}
	values := make([]float64, len(rows))
	tiles := (len(rows) + silhouetteTile - 1) / silhouetteTile
	err := par.Items(ctx, tiles, func(tile int) {
		from := tile * silhouetteTile
		to := min(from+silhouetteTile, len(rows))
		these := make([]float64, 0, (to-from)*d)
		for _, i := range rows[from:to] {
			these = append(these, x.row(i)...)
		}
		sums := make([][]float64, len(counts)) // (k) of (rows): distances to all rows of a segment
		for l, others := range sorted {
			sums[l] = make([]float64, to-from)
			for a := 0; a < len(others) && ctx.Err() == nil; a += silhouetteOthers * d {
				vec.AddDistances(these, others[a:min(len(others), a+silhouetteOthers*d)], d, sums[l])
			}
		}
		for p := from; p < to; p++ {
			values[p] = silhouette(labels[rows[p]], counts, func(l int) float64 { return sums[l][p-from] })
		}
	})
	return values, err
}

// sampledSilhouette estimates the mean silhouette from that of the given rows of x (n x d), drawn at random: each by its
// distances to all rows, so that nothing but the draw separates the mean from that of all. Low and high are its 95 %
// interval, equal to it where the rows are all there are. All are NaN where x has no Euclidean distances (categories, missing
// cells) or only one segment. It costs rows*n*d.
func sampledSilhouette(ctx context.Context, x *Table, labels Labels, rows []int) (mean, low, high float64, err error) {
	nan := math.NaN()
	if checkNumbers("Silhouette", x) != nil {
		return nan, nan, nan, nil
	}
	values, err := silhouettes(ctx, x, labels, rows)
	switch {
	case ctx.Err() != nil:
		return 0, 0, 0, ctx.Err()
	case err != nil:
		return nan, nan, nan, nil
	}
	mean, low, high = meanInterval(values, centroidsOf(x, labels).rows())
	return mean, low, high, nil
}

// meanInterval returns the mean of the values that are not NaN, drawn without replacement from so many in all, and its 95 %
// interval; NaN for a single value that is not all there is.
func meanInterval(values []float64, all int) (mean, low, high float64) {
	mean = meanKnown(values)
	squares, m := 0.0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			squares += float64((v - mean) * (v - mean))
			m++
		}
	}
	if m == all {
		return mean, mean, mean
	}
	left := 1 - float64(m)/float64(all) // what is drawn already is no more in doubt
	half := 1.96 * math.Sqrt(squares/float64(m-1)/float64(m)*left)
	return mean, mean - half, mean + half
}

// silhouette is the definition: (b - a) / max(a, b), of a, the mean distance to the others of the own segment, and b, that
// to the nearest other segment.
func silhouette(own int, counts []int, sum func(l int) float64) float64 {
	switch {
	case own == Noise:
		return math.NaN()
	case counts[own] == 1:
		return 0
	}
	a, b := sum(own)/float64(counts[own]-1), math.Inf(1)
	for l, n := range counts {
		if l != own && n > 0 {
			b = min(b, sum(l)/float64(n))
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

// meanKnown returns the mean of the values that are not NaN.
func meanKnown(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

// Sheet lists the segments.
func (s *Silhouettes) Sheet() sheet.Sheet {
	out := sheet.Sheet{
		Caption: fmt.Sprintf("Mean silhouette %s: 1 is deep inside the own segment, below 0 is nearer to another", sheet.Fixed(s.Mean, 2)),
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "mean silhouette"}, {Name: "nearer to another segment"}},
	}
	for l, seg := range s.Segments {
		out.Rows = append(out.Rows, []string{s.Names[l], sheet.Count(seg.Size), sheet.Fixed(seg.Mean, 2), sheet.Percent(seg.BelowZero)})
	}
	return out
}

// Frame returns one row per customer: id, segment, silhouette.
func (s *Silhouettes) Frame() dataframe.DataFrame {
	names := make([]string, len(s.Labels))
	for i, l := range s.Labels {
		if l != Noise {
			names[i] = s.Names[l]
		}
	}
	return dataframe.New(series.New(s.IDs, series.String, "id"), series.New(names, series.String, "segment"),
		series.New(s.Values, series.Float, "silhouette"))
}
