package segkit

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
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
func CalinskiHarabasz(x *Table, s *Segments) (float64, error) {
	return measured("CalinskiHarabasz", x, s, calinskiHarabasz, "all customers are alike")
}

// DaviesBouldin is how wide segments are for how far apart they are (Davies & Bouldin 1979, doi:10.1109/TPAMI.1979.4766909):
// the mean, over the segments, of the worst ratio of the two mean distances to the own mean to the distance of the two means;
// 0 is best, and +Inf says that two segments have the same mean. x and s are as in CalinskiHarabasz. It is ErrUndefined with fewer
// than two segments, with every customer alone, and where all customers of two segments are alike. It costs n*d + k*k*d.
func DaviesBouldin(x *Table, s *Segments) (float64, error) {
	return measured("DaviesBouldin", x, s, daviesBouldin, "all customers of two segments are alike")
}

// Dunn is the distance of the nearest two customers of different segments over that of the farthest two of the same segment
// (Dunn 1974, doi:10.1080/01969727408546059): higher is better; +Inf where all customers of each segment are alike. Two customers
// decide it, so that a single outlier can; x and s are as in CalinskiHarabasz. It is ErrUndefined with fewer than two segments, with
// every customer alone, and where all customers of each segment are alike, two segments among each other as well. It costs n*n*d and
// O(n) memory.
func Dunn(x *Table, s *Segments) (float64, error) {
	v, err := measured("Dunn", x, s, dunn, "all customers of each segment are alike, and those of two segments too")
	if DefaultContext.Err() != nil { // the pairs were not all looked at
		return 0, DefaultContext.Err()
	}
	return v, err
}

// measured is a measure of the division s of x; why says what else than too few customers makes it NaN.
func measured(op string, x *Table, s *Segments, measure func(*Table, Labels) float64, why string) (float64, error) {
	if err := checkNumbers(op, x); err != nil {
		return 0, err
	}
	labels, err := s.labelsFor(op, x)
	if err != nil {
		return 0, err
	}
	switch m := centroidsOf(x, labels); {
	case len(m.counts) < 2:
		return 0, oneSegment(op)
	case !m.comparable():
		return 0, &CellError{Op: op, Why: "every customer is alone in a segment", Err: ErrUndefined}
	}
	v := measure(x, labels)
	if math.IsNaN(v) {
		return 0, &CellError{Op: op, Why: why, Err: ErrUndefined}
	}
	return v, nil
}

// centroids is a division of rows, seen from the means of its segments. Segments without customers are left out.
type centroids struct {
	d      int
	at     []float64 // (k*d)
	counts []int     // (k) rows
	weight []float64 // (k) customers that they are worth
	w      []float64 // (n) evidence, or nil
	labels []int32   // (n) place among the means, -1 for noise
}

// centroidsOf costs n*d.
func centroidsOf(x *Table, labels Labels) centroids {
	_, d := x.Dims()
	m := centroids{d: d, labels: make([]int32, len(labels)), w: x.evidence()}
	place := make([]int32, labels.K())
	for l, n := range labels.Counts() {
		if place[l] = int32(len(m.counts)); n > 0 {
			m.counts = append(m.counts, 0)
		}
	}
	m.at, m.weight = make([]float64, len(m.counts)*d), make([]float64, len(m.counts))
	for i, l := range labels {
		if l == Noise {
			m.labels[i] = Noise
			continue
		}
		s := place[l]
		m.labels[i] = s
		w := m.of(i)
		m.counts[s]++
		m.weight[s] += w
		mean := m.mean(int(s))
		for j, v := range x.row(i) { // a running mean leaves equal values what they are
			mean[j] += float64((v-mean[j])*w) / m.weight[s]
		}
	}
	return m
}

func (m centroids) mean(s int) []float64 { return m.at[s*m.d : (s+1)*m.d] }

// of is how many customers row i is worth.
func (m centroids) of(i int) float64 {
	if m.w == nil {
		return 1
	}
	return m.w[i]
}

// size is how many customers the rows in segments are worth.
func (m centroids) size() (n float64) {
	for _, w := range m.weight {
		n += w
	}
	return n
}

// comparable reports whether there are two segments, and more customers than segments: what the measures need.
func (m centroids) comparable() bool { return len(m.counts) >= 2 && m.size() > float64(len(m.counts)) }

// calinskiHarabasz of the rows of x (n x d), numbers all; NaN where it is undefined. It costs n*d.
func calinskiHarabasz(x *Table, labels Labels) float64 {
	m := centroidsOf(x, labels)
	if !m.comparable() {
		return math.NaN()
	}
	// The mean of all is that of the segments' means, so that one pass over the rows is enough.
	n, k := m.size(), float64(len(m.counts))
	all := make([]float64, m.d)
	seen := 0.0
	for s, weight := range m.weight {
		seen += weight
		for j, v := range m.mean(s) {
			all[j] += (v - all[j]) * (weight / seen)
		}
	}
	between, within := 0.0, 0.0
	for s, weight := range m.weight {
		between += float64(weight * vec.Square(m.mean(s), all))
	}
	for i, s := range m.labels {
		if s != Noise {
			within += float64(m.of(i) * vec.Square(x.row(i), m.mean(int(s))))
		}
	}
	return between / (k - 1) / (within / (n - k)) // +Inf with nothing within, NaN with nothing between either
}

// daviesBouldin of the rows of x (n x d), numbers all; NaN where it is undefined. It costs n*d + k*k*d.
func daviesBouldin(x *Table, labels Labels) float64 {
	m := centroidsOf(x, labels)
	if !m.comparable() {
		return math.NaN()
	}
	width := make([]float64, len(m.counts)) // mean distance to the mean
	for i, s := range m.labels {
		if s != Noise {
			width[s] += float64(m.of(i) * math.Sqrt(vec.Square(x.row(i), m.mean(int(s)))))
		}
	}
	for s := range width {
		width[s] /= m.weight[s]
	}
	sum := 0.0
	for s := range width {
		worst := 0.0
		for o := range width {
			if o != s { // +Inf for the same mean, NaN if neither segment has any width
				worst = max(worst, (width[s]+width[o])/math.Sqrt(vec.Square(m.mean(s), m.mean(o))))
			}
		}
		sum += worst
	}
	return sum / float64(len(width))
}

// dunn of the rows of x (n x d), numbers all; NaN where it is undefined, and once DefaultContext is done.
func dunn(x *Table, labels Labels) float64 {
	nearest, farthest := slices.Repeat([]float64{math.Inf(1)}, len(labels)), make([]float64, len(labels)) // (n) squares
	err := par.Items(DefaultContext, len(labels), func(i int) {
		for j := range i {
			switch {
			case labels[i] == Noise || labels[j] == Noise:
			case labels[i] == labels[j]:
				farthest[i] = max(farthest[i], vec.Square(x.row(i), x.row(j)))
			default:
				nearest[i] = min(nearest[i], vec.Square(x.row(i), x.row(j)))
			}
		}
	})
	wide := slices.Max(farthest)
	if err != nil {
		return math.NaN()
	}
	return math.Sqrt(slices.Min(nearest) / wide) // +Inf with no width, NaN if two segments touch besides
}
