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
	if out.Values, err = silhouettes(ctx, x, labels); err != nil {
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

// silhouettes returns the silhouette of every row of x, NaN for noise; ErrUndefined with fewer than two segments.
func silhouettes(ctx context.Context, x *Table, labels Labels) ([]float64, error) {
	_, d := x.Dims()
	counts := labels.Counts()
	segments := 0
	for _, n := range counts {
		if n > 0 {
			segments++
		}
	}
	if segments < 2 {
		return nil, &CellError{Op: "Silhouette", Why: "it compares segments, and there are not two with customers in them", Err: ErrUndefined}
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
	values := make([]float64, len(labels))
	tiles := (len(labels) + silhouetteTile - 1) / silhouetteTile
	err := par.Items(ctx, tiles, func(tile int) {
		from := tile * silhouetteTile
		to := min(from+silhouetteTile, len(labels))
		rows := x.data[from*d : to*d]
		sums := make([][]float64, len(counts)) // (k) of (rows): distances to all rows of a segment
		for l, others := range sorted {
			sums[l] = make([]float64, to-from)
			for a := 0; a < len(others) && ctx.Err() == nil; a += silhouetteOthers * d {
				vec.AddDistances(rows, others[a:min(len(others), a+silhouetteOthers*d)], d, sums[l])
			}
		}
		for i := from; i < to; i++ {
			values[i] = silhouette(labels[i], counts, func(l int) float64 { return sums[l][i-from] })
		}
	})
	return values, err
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
	if a == b { // also where all customers are alike
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
