// Package separation has the arithmetic of silhouettes and of spread between and within segments.
package separation

import (
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// centroids is a division of rows, seen from the means of its segments. Segments without customers are left out.
type centroids struct {
	d      int
	at     []float64 // (k*d)
	Counts []int     // (k) rows
	weight []float64 // (k) customers that they are worth
	w      []float64 // (n) evidence, or nil
	labels []int32   // (n) place among the means, -1 for noise
}

// CentroidsOf costs n*d.
func CentroidsOf(x *table.Table, labels table.Labels) centroids {
	_, d := x.Dims()
	m := centroids{d: d, labels: make([]int32, len(labels)), w: x.EvidenceWeights()}
	place := make([]int32, labels.K())
	for l, n := range labels.Counts() {
		if place[l] = int32(len(m.Counts)); n > 0 {
			m.Counts = append(m.Counts, 0)
		}
	}
	m.at, m.weight = make([]float64, len(m.Counts)*d), make([]float64, len(m.Counts))
	for i, l := range labels {
		if l == table.Noise {
			m.labels[i] = table.Noise
			continue
		}
		s := place[l]
		m.labels[i] = s
		w := m.of(i)
		m.Counts[s]++
		m.weight[s] += w
		mean := m.mean(int(s))
		for j, v := range x.Raw().Row(i) { // a running mean leaves equal values what they are
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

// Size is how many customers the rows in segments are worth.
func (m centroids) Size() (n float64) {
	for _, w := range m.weight {
		n += w
	}
	return n
}

// Comparable reports whether there are two segments, and more customers than segments: what the measures need.
func (m centroids) Comparable() bool { return len(m.Counts) >= 2 && m.Size() > float64(len(m.Counts)) }

// CalinskiHarabasz of the rows of x (n x d), numbers all; NaN where it is undefined. It costs n*d.
func CalinskiHarabasz(x *table.Table, labels table.Labels) float64 {
	m := CentroidsOf(x, labels)
	if !m.Comparable() {
		return math.NaN()
	}
	// The mean of all is that of the segments' means, so that one pass over the rows is enough.
	n, k := m.Size(), float64(len(m.Counts))
	all := make([]float64, m.d)
	seen := 0.0
	for s, weight := range m.weight {
		seen += weight
		for j, v := range m.mean(s) {
			all[j] += float64((v - all[j]) * (weight / seen))
		}
	}
	between, within := 0.0, 0.0
	for s, weight := range m.weight {
		between += float64(weight * vec.Square(m.mean(s), all))
	}
	for i, s := range m.labels {
		if s != table.Noise {
			within += float64(m.of(i) * vec.Square(x.Raw().Row(i), m.mean(int(s))))
		}
	}
	return between / (k - 1) / (within / (n - k)) // +Inf with nothing within, NaN with nothing between either
}

// DaviesBouldin of the rows of x (n x d), numbers all; NaN where it is undefined. It costs n*d + k*k*d.
func DaviesBouldin(x *table.Table, labels table.Labels) float64 {
	m := CentroidsOf(x, labels)
	if !m.Comparable() {
		return math.NaN()
	}
	width := make([]float64, len(m.Counts)) // mean distance to the mean
	for i, s := range m.labels {
		if s != table.Noise {
			width[s] += float64(m.of(i) * math.Sqrt(vec.Square(x.Raw().Row(i), m.mean(int(s)))))
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

// Dunn of the rows of x (n x d), numbers all; NaN where it is undefined, and once ctx is done.
func Dunn(ctx context.Context, x *table.Table, labels table.Labels) float64 {
	nearest, farthest := slices.Repeat([]float64{math.Inf(1)}, len(labels)), make([]float64, len(labels)) // (n) squares
	err := par.Items(ctx, len(labels), func(i int) {
		for j := range i {
			switch {
			case labels[i] == table.Noise || labels[j] == table.Noise:
			case labels[i] == labels[j]:
				farthest[i] = max(farthest[i], vec.Square(x.Raw().Row(i), x.Raw().Row(j)))
			default:
				nearest[i] = min(nearest[i], vec.Square(x.Raw().Row(i), x.Raw().Row(j)))
			}
		}
	})
	wide := slices.Max(farthest)
	if err != nil {
		return math.NaN()
	}
	return math.Sqrt(slices.Min(nearest) / wide) // +Inf with no width, NaN if two segments touch besides
}
