package measure

import (
	"context"
	"math"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/separation"
	"github.com/segkit/lab/segkit/job"
	"github.com/segkit/lab/segkit/table"
)

// How compact segments are and how far apart, in one number. Each measure favours round segments of similar width, as k-means
// does, and none knows of a single segment: they compare solutions on the same columns, and say nothing on whether there are
// groups at all. The table's Weighting is respected: means and mean distances are weighted, and degrees of freedom come from what the
// rows are worth; Dunn's two distances need no weights. Noise counts nowhere.

// CalinskiHarabasz returns the spread between the segments' means divided by the spread within the segments, each over its degrees
// of freedom (Calinski & Harabasz 1974, doi:10.1080/03610927408827101). Higher is better, but the scale has no absolute meaning;
// +Inf, the best possible value, means that all customers of each segment are alike. The rows of x (n x d, the columns that were
// clustered, scaled as they were) are joined to s by id. It is ErrUndefined with fewer than two segments, if every customer is
// alone, and if all customers are alike. It costs n*d.
func CalinskiHarabasz(x *table.Table, s *table.Segments) (float64, error) {
	return measured("measure.CalinskiHarabasz", x, s, separation.CalinskiHarabasz, "all customers are identical")
}

// DaviesBouldin returns how wide segments are relative to how far apart they are (Davies & Bouldin 1979,
// doi:10.1109/TPAMI.1979.4766909). For two segments, it divides the sum of their customers' mean distances to their own mean by
// the distance between the two means; the result is the mean, over the segments, of each one's worst ratio. 0 is best, and +Inf
// says that two segments have the same mean. x and s are as in CalinskiHarabasz. It is ErrUndefined with fewer than two segments,
// if every customer is alone, and if all customers of two segments are alike. It costs n*d + k*k*d.
func DaviesBouldin(x *table.Table, s *table.Segments) (float64, error) {
	return measured("measure.DaviesBouldin", x, s, separation.DaviesBouldin, "all customers of two segments are identical")
}

// Dunn returns the distance between the nearest two customers of different segments, divided by the distance between the farthest
// two of the same segment (Dunn 1974, doi:10.1080/01969727408546059). Higher is better; it is +Inf if all customers of each segment
// are alike. So few customers decide it that a single outlier can. x and s are as in CalinskiHarabasz. It is ErrUndefined with fewer
// than two segments, if every customer is alone, and if all customers of each segment are alike and two segments are alike as well.
// It costs n*n*d and O(n) memory. It runs under job.DefaultContext.
func Dunn(x *table.Table, s *table.Segments) (float64, error) {
	return DunnContext(job.DefaultContext, x, s)
}

// DunnContext is Dunn under ctx.
func DunnContext(ctx context.Context, x *table.Table, s *table.Segments) (float64, error) {
	dunn := func(x *table.Table, labels table.Labels) float64 { return separation.Dunn(ctx, x, labels) }
	v, err := measured("measure.Dunn", x, s, dunn, "all customers of each segment are identical, and so are those of two segments")
	if ctx.Err() != nil { // the pairs were not all looked at
		return 0, ctx.Err()
	}
	return v, err
}

// measured is a measure of the division s of x; why says what else than too few customers makes it NaN.
func measured(op string, x *table.Table, s *table.Segments, measure func(*table.Table, table.Labels) float64, why string) (float64, error) {
	if err := x.CheckNumbers(op); err != nil {
		return 0, err
	}
	labels, err := s.LabelsFor(op, x)
	if err != nil {
		return 0, err
	}
	switch m := separation.CentroidsOf(x, labels); {
	case len(m.Counts) < 2:
		return 0, separation.OneSegment(op)
	case !m.Comparable():
		return 0, &fault.CellError{Op: op, Why: "every customer is alone in a segment", Err: fault.ErrUndefined}
	}
	v := measure(x, labels)
	if math.IsNaN(v) {
		return 0, &fault.CellError{Op: op, Why: why, Err: fault.ErrUndefined}
	}
	return v, nil
}
