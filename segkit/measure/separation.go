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

// CalinskiHarabasz is the spread between the segments' means over that within the segments, each over its degrees of freedom
// (Calinski & Harabasz 1974, doi:10.1080/03610927408827101): higher is better, without a scale of its own; +Inf where all customers
// of each segment are alike, which is as good as can be. The rows of x (n x d, the columns that were clustered, scaled as they were)
// are joined to s by id. It is ErrUndefined with fewer than two segments, with every customer alone, and where all customers are
// alike. It costs n*d.
func CalinskiHarabasz(x *table.Table, s *table.Segments) (float64, error) {
	return measured("measure.CalinskiHarabasz", x, s, separation.CalinskiHarabasz, "all customers are identical")
}

// DaviesBouldin is how wide segments are for how far apart they are (Davies & Bouldin 1979, doi:10.1109/TPAMI.1979.4766909):
// the mean, over the segments, of the worst ratio of the two mean distances to the own mean to the distance of the two means;
// 0 is best, and +Inf says that two segments have the same mean. x and s are as in CalinskiHarabasz. It is ErrUndefined with fewer
// than two segments, with every customer alone, and where all customers of two segments are alike. It costs n*d + k*k*d.
func DaviesBouldin(x *table.Table, s *table.Segments) (float64, error) {
	return measured("measure.DaviesBouldin", x, s, separation.DaviesBouldin, "all customers of two segments are identical")
}

// Dunn is the distance of the nearest two customers of different segments over that of the farthest two of the same segment
// (Dunn 1974, doi:10.1080/01969727408546059): higher is better; +Inf where all customers of each segment are alike. Two customers
// decide it, so that a single outlier can; x and s are as in CalinskiHarabasz. It is ErrUndefined with fewer than two segments, with
// every customer alone, and where all customers of each segment are alike, two segments among each other as well. It costs n*n*d and
// O(n) memory. It runs under job.DefaultContext.
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
