package measure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/segkit/lab/segkit/distance"
	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/frame"
	"github.com/segkit/lab/segkit/internal/memory"
	"github.com/segkit/lab/segkit/internal/option"
	"github.com/segkit/lab/segkit/internal/pick"
	"github.com/segkit/lab/segkit/internal/separation"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/sheet"
	"github.com/segkit/lab/segkit/table"
)

// Silhouettes says for every customer how much nearer its own segment is than the next: 1 deep inside, 0 on the border,
// negative if nearer to another segment (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7).
type Silhouettes struct {
	IDs             []string            // (n)
	Values          []float64           // (n) NaN for noise, and for customers who were not drawn
	Labels          table.Labels        // (n)
	Names           []string            // (k)
	Mean            float64             // over all customers in a segment, or those drawn
	Low, High       float64             // 95 % interval of the mean of all customers; the mean itself if all were used
	Sampled         int                 // customers drawn; 0 if all were used
	Distance        distance.Distance   // between customers
	ByDissimilarity bool                // by a Dissimilarity instead
	Simplified      bool                // distances to the segments' means instead
	Segments        []SegmentSilhouette // (k)
}

// SegmentSilhouette summarises the silhouettes of one segment.
type SegmentSilhouette struct {
	Size      int     // customers, drawn or not
	Mean      float64 // NaN for an empty segment, or one from which nobody was drawn
	BelowZero float64 // share of customers who are nearer to another segment, NaN likewise
}

// SilhouetteOptions say which distance to use, and for how many customers. The zero value is the exact silhouette by Euclidean distances.
type SilhouetteOptions struct {
	Distance      distance.Distance // zero means Euclidean; the others are slower
	Asymmetric    []string          // Gower: as in KMedoids
	Dissimilarity mat.Matrix        // (n x n) distances to use instead: row i belongs to row i of the table, of which only the ids are then used
	Rows          int               // customers drawn at random whose silhouettes are computed, each against all; 0 means all; 5,000 give the mean to about .01
	Simplified    bool              // distances to the segments' means instead of to their customers: n*k*d
	Seed          int               // of the draw
}

var _ sheet.Sheeter = (*Silhouettes)(nil)

// Silhouette computes the silhouette of every row of x (n x d, the columns that were clustered, scaled as they were), joined to s by id.
// A customer alone in a segment has 0; noise has none and is ignored. The table's Weighting is respected: mean distances and means are
// weighted, and repeated rows count as that many customers. With fewer than two segments it is ErrUndefined.
//
// It costs n*n*d and O(n d) memory. For large tables there are Rows, which gives an unbiased mean with an interval, and
// Simplified, which means something different and is usually higher (Hruschka, Campello & de Castro 2006,
// doi:10.1016/j.ins.2005.07.015).
func Silhouette(x *table.Table, s *table.Segments, o ...SilhouetteOptions) (*Silhouettes, error) {
	return SilhouetteContext(job.DefaultContext, x, s, o...)
}

// SilhouetteContext is Silhouette under ctx.
func SilhouetteContext(ctx context.Context, x *table.Table, s *table.Segments, o ...SilhouetteOptions) (*Silhouettes, error) {
	if x == nil {
		return nil, fault.Nil("measure.Silhouette", "table")
	}
	opt, err := option.AtMostOne("measure.Silhouette", o)
	if err != nil {
		return nil, err
	}
	if err := opt.check(x); err != nil {
		return nil, err
	}
	labels, err := s.LabelsFor("measure.Silhouette", x)
	if err != nil {
		return nil, err
	}
	compute := func() (*Silhouettes, error) { return opt.ofCustomers(ctx, x, labels, s.Names) }
	if opt.Dissimilarity != nil { // as large as the work itself
		return compute()
	}
	return memory.Recall(ctx, memory.Key("silhouettes", x.Fingerprint(), labels, s.Names, opt), compute)
}

// check refuses options that do not go together, or with x.
func (o SilhouetteOptions) check(x *table.Table) error {
	given := o.Dissimilarity != nil
	switch {
	case o.Rows < 0 || o.Rows == 1:
		return fault.Option("measure.Silhouette", "Rows", o.Rows, "at least 2 customers, or 0 for all")
	case given && (o.Distance != distance.Euclidean || o.Asymmetric != nil):
		return fault.Option("measure.Silhouette", "Distance", o.Distance, "nothing: Dissimilarity already holds the distances")
	case o.Simplified && (given || o.Distance != distance.Euclidean):
		return fault.Option("measure.Silhouette", "Simplified", true, "false: only Euclidean distances have means")
	case o.Simplified && o.Rows > 0:
		return fault.Option("measure.Silhouette", "Rows", o.Rows, "0 with Simplified, which is fast for all customers")
	case !given:
		return o.Distance.Check("measure.Silhouette", x, o.Asymmetric)
	}
	if r, c := o.Dissimilarity.Dims(); r != x.Len() || c != x.Len() {
		return fault.Option("measure.Silhouette", "Dissimilarity", fmt.Sprintf("a %d x %d matrix", r, c),
			fmt.Sprintf("%d x %[1]d, a row and a column for each customer", x.Len()))
	}
	for i := range x.Raw().IDs {
		for j := range x.Raw().IDs {
			if v := o.Dissimilarity.At(i, j); !(v >= 0) || math.IsInf(v, 0) {
				return fault.Option("measure.Silhouette", "Dissimilarity",
					fmt.Sprintf("%v at row %d, column %d (ids %s, %s)", v, i+1, j+1, wording.Clip(x.Raw().IDs[i]), wording.Clip(x.Raw().IDs[j])), "finite distances of 0 or more")
			}
		}
	}
	return nil
}

// ofCustomers computes the silhouettes of the rows of x, of repeated ones from those of every customer.
func (o SilhouetteOptions) ofCustomers(ctx context.Context, x *table.Table, labels table.Labels, names []string) (*Silhouettes, error) {
	long, of := x.Repeated()
	if of == nil {
		return o.compute(ctx, x, labels, names)
	}
	if o.Dissimilarity != nil {
		o.Dissimilarity = repeatedRows{o.Dissimilarity, of}
	}
	s, err := o.compute(ctx, long, pick.At(labels, of), names)
	if err != nil {
		return nil, err
	}
	values := slices.Repeat([]float64{math.NaN()}, x.Len())
	for p, i := range of { // all customers of a row have the same, or were not drawn
		if !math.IsNaN(s.Values[p]) {
			values[i] = s.Values[p]
		}
	}
	s.IDs, s.Labels, s.Values = x.IDs(), labels, values
	return s, nil
}

// repeatedRows is a matrix of distances between rows, seen by the customers (n) who are in these rows.
type repeatedRows struct {
	mat.Matrix
	of []int
}

func (r repeatedRows) At(i, j int) float64 { return r.Matrix.At(r.of[i], r.of[j]) }

func (o SilhouetteOptions) compute(ctx context.Context, x *table.Table, labels table.Labels, names []string) (*Silhouettes, error) {
	n := x.Len()
	out := &Silhouettes{IDs: x.IDs(), Labels: labels, Names: names, Segments: make([]SegmentSilhouette, len(names)),
		Distance: o.Distance, ByDissimilarity: o.Dissimilarity != nil, Simplified: o.Simplified, Values: slices.Repeat([]float64{math.NaN()}, n)}
	rows := pick.All(n)
	if in := separation.InSegments(labels); o.Rows > 0 && o.Rows < len(in) {
		rows = pick.At(in, separation.Sample(len(in), o.Rows, o.Seed))
		out.Sampled = o.Rows
	}
	var values []float64
	var err error
	if o.Simplified {
		values, err = separation.SimplifiedSilhouettes(ctx, x, labels)
	} else {
		values, err = separation.Silhouettes(ctx, x, labels, rows, o.sums(x, labels))
	}
	if err != nil {
		return nil, err
	}
	drawn := make([]float64, len(names))
	for p, i := range rows {
		out.Values[i] = values[p]
		if labels[i] == table.Noise {
			continue
		}
		seg := &out.Segments[labels[i]]
		drawn[labels[i]] += x.Weight(i)
		seg.Mean += float64(x.Weight(i) * values[p])
		if values[p] < 0 {
			seg.BelowZero += x.Weight(i)
		}
	}
	for l, size := range labels.Counts() {
		out.Segments[l].Size = size
	}
	for l := range out.Segments {
		out.Segments[l].Mean /= drawn[l]
		out.Segments[l].BelowZero /= drawn[l]
	}
	out.Mean, out.Low, out.High = separation.MeanInterval(values, separation.WeightsOf(x, rows), len(separation.InSegments(labels)))
	return out, nil
}

// sums returns how distances are summed.
func (o SilhouetteOptions) sums(x *table.Table, labels table.Labels) separation.Sums {
	switch {
	case o.Dissimilarity != nil:
		return separation.PairSums(labels, x.Raw().Weights, o.Dissimilarity.At)
	case o.Distance == distance.Euclidean:
		return separation.SumsOf(x, labels)
	}
	_, d := x.Dims()
	space := o.Distance.Space(x, o.Asymmetric...)
	rows, between := space.Ready(x), space.Between()
	return separation.PairSums(labels, x.Raw().Weights, func(i, j int) float64 { return between(rows[i*d:(i+1)*d], rows[j*d:(j+1)*d]) })
}

// Sheet lists the segments.
func (s *Silhouettes) Sheet() sheet.Sheet {
	name, mean := "silhouette", sheet.Fixed(s.Mean, 2)
	if s.Simplified {
		name = "simplified silhouette"
	}
	out := sheet.Sheet{
		Columns: []sheet.Column{{Name: "segment", Text: true}, {Name: "customers"}, {Name: "mean " + name}, {Name: "nearer to another segment"}},
	}
	if s.Sampled > 0 {
		mean = fmt.Sprintf("%s (%s to %s)", sheet.Fixed(s.Mean, 3), sheet.Fixed(s.Low, 3), sheet.Fixed(s.High, 3))
		out.Notes = append(out.Notes, fmt.Sprintf(
			"From %s customers drawn at random, each compared with all; in brackets, the 95 %% interval of the mean of all.", sheet.Count(s.Sampled)))
	}
	switch {
	case s.ByDissimilarity:
		out.Notes = append(out.Notes, "From the distances that were given.")
	case s.Distance != distance.Euclidean:
		out.Notes = append(out.Notes, fmt.Sprintf("From %s distances.", s.Distance))
	}
	if s.Simplified {
		out.Notes = append(out.Notes, "Simplified: from distances to the segments' means, not to their customers; usually higher than the silhouette itself.")
	}
	out.Caption = fmt.Sprintf("Mean %s %s: 1 is deep inside a segment, below 0 is nearer to another", name, mean)
	for l, seg := range s.Segments {
		out.Rows = append(out.Rows, []string{s.Names[l], sheet.Count(seg.Size), sheet.Fixed(seg.Mean, 2), sheet.Percent(seg.BelowZero)})
	}
	return out
}

// Frame returns one row per customer: id, segment, silhouette.
func (s *Silhouettes) Frame() table.Frame {
	return frame.New(frame.Column("id", s.IDs),
		frame.Each("segment", s.Labels, func(l int) string {
			if l == table.Noise {
				return ""
			}
			return s.Names[l]
		}),
		frame.Column("silhouette", s.Values))
}
