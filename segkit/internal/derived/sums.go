package derived

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/pick"
)

// Sums, and products as sums of logarithms.

// sample holds the values of some customers (rows), nil if they cannot be added up.
type sample []float64

// thinned returns the numbers of some customers, evenly spread: enough to find a sum, since with five for each column none fits by chance.
func thinned(n int, columns []Column) []sample {
	some := make([]sample, len(columns))
	for c, column := range columns {
		if column.Category {
			continue
		}
		size := min(n, max(2000, 20*len(columns)))
		for i := range size {
			some[c] = append(some[c], column.At(i*n/size))
		}
	}
	return some
}

// logarithms returns the samples that are positive for every customer as logarithms.
func logarithms(some []sample) []sample {
	logs := make([]sample, len(some))
	for c, values := range some {
		if slices.ContainsFunc(values, func(v float64) bool { return v <= 0 }) {
			continue
		}
		for _, v := range values {
			logs[c] = append(logs[c], math.Log(v))
		}
	}
	return logs
}

// sums ties columns that are sums of those that formed something, each times a number, and those that add to one of these. What is subtracted is
// free: where online = orders - offline, orders hold online, but offline does not.
func sums(some []sample, columns []Column, formed []bool, ties [][]string) {
	s, at := newSpace(some)
	var formers []int // places in the space
	for v, c := range at {
		if formed[c] {
			formers = append(formers, v)
		}
	}
	for v, c := range at {
		if formed[c] || ties[c] != nil || !s.spans(formers, v) {
			continue
		}
		if of := s.needed(nil, formers, v); s.sure(v, len(of)) {
			for _, f := range of {
				ties[c] = append(ties[c], columns[at[f]].Name)
			}
		}
	}
	for _, f := range formers {
		others := slices.DeleteFunc(slices.Clone(formers), func(v int) bool { return v == f })
		for {
			free := slices.DeleteFunc(pick.All(len(at)), func(v int) bool { return formed[at[v]] || ties[at[v]] != nil })
			if s.spans(others, f) || !s.spans(append(slices.Clone(others), free...), f) {
				break
			}
			parts := s.needed(others, free, f)
			added := s.added(append(slices.Clone(others), parts...), parts, f)
			if len(added) == 0 || !s.sure(f, len(parts)) {
				break
			}
			for _, v := range added {
				ties[at[v]] = []string{columns[at[f]].Name}
			}
		}
	}
}

// space holds how columns vary together.
type space struct {
	d    int
	corr []float64   // (d x d) correlations
	data [][]float64 // (d, rows) standardised
}

// newSpace returns the space of the samples that vary, and where they are among all: none if there are too few customers to tell.
func newSpace(some []sample) (*space, []int) {
	at := slices.DeleteFunc(pick.All(len(some)), func(c int) bool { return some[c] == nil })
	if len(at) == 0 {
		return nil, nil
	}
	var rows []int
	for i := range some[at[0]] {
		if !slices.ContainsFunc(at, func(c int) bool { return math.IsNaN(some[c][i]) || math.IsInf(some[c][i], 0) }) {
			rows = append(rows, i)
		}
	}
	var data [][]float64
	kept := at[:0]
	for _, c := range at {
		if v := standard(some[c], rows); v != nil {
			kept, data = append(kept, c), append(data, v)
		}
	}
	if len(rows) < 5*len(kept) {
		return nil, nil
	}
	s := &space{len(kept), make([]float64, len(kept)*len(kept)), data}
	for a := range data {
		for b := range a + 1 {
			sum := 0.0
			for i, v := range data[a] {
				sum += float64(v * data[b][i])
			}
			s.corr[a*s.d+b], s.corr[b*s.d+a] = sum, sum
		}
	}
	return s, kept
}

// standard returns the values of rows with mean 0 and a sum of squares of 1, nil if they do not vary.
func standard(values sample, rows []int) []float64 {
	mean, squares, most := 0.0, 0.0, 0.0
	for _, i := range rows {
		mean += values[i] / float64(len(rows))
		most = max(most, math.Abs(values[i]))
	}
	out := make([]float64, len(rows))
	for at, i := range rows {
		out[at] = values[i] - mean
		squares += float64(out[at] * out[at])
	}
	norm := math.Sqrt(squares)
	if !(norm > 1e-9*most) || math.IsInf(norm, 0) {
		return nil
	}
	for at := range out {
		out[at] /= norm
	}
	return out
}

// spans reports whether v is a sum of the columns by, up to rounding.
func (s *space) spans(by []int, v int) bool {
	_, _, left := s.project(by, v)
	return left <= rounding
}

// added returns those of parts that have a positive factor in the sum of the columns by that is v.
func (s *space) added(by, parts []int, v int) (added []int) {
	by, factors, _ := s.project(by, v)
	for at, c := range by {
		if factors[at] > 0 && slices.Contains(parts, c) {
			added = append(added, c)
		}
	}
	return added
}

// project returns the sum of the columns by that comes closest to v: the columns that say something that those before them do not, their factors, and
// the share of v's spread that is left.
func (s *space) project(by []int, v int) (used []int, factors []float64, left float64) {
	const dependent = 1e-9
	var lower [][]float64 // rows of the Cholesky factor
	row := func(c int) (r []float64, left float64) {
		left = 1
		for b, other := range lower {
			x := s.corr[c*s.d+used[b]]
			for j := range b {
				x -= float64(other[j] * r[j])
			}
			r = append(r, x/other[b])
			left -= float64(r[b] * r[b])
		}
		return r, left
	}
	for _, c := range by {
		if r, left := row(c); left > dependent {
			lower, used = append(lower, append(r, math.Sqrt(left))), append(used, c)
		}
	}
	factors, left = row(v)
	for b := len(used) - 1; b >= 0; b-- {
		for j := b + 1; j < len(used); j++ {
			factors[b] -= float64(lower[j][b] * factors[j])
		}
		factors[b] /= lower[b][b]
	}
	return used, factors, left
}

// needed returns those of the columns of without which v is no longer a sum of them and of the columns given: a smallest set.
func (s *space) needed(given, of []int, v int) []int {
	for at := len(of) - 1; at >= 0; at-- {
		without := slices.Delete(slices.Clone(of), at, at+1)
		if s.spans(append(slices.Clone(given), without...), v) {
			of = without
		}
	}
	return slices.Clone(of)
}

// sure reports whether v could not be a sum of so many columns by chance: of two rare answers, one may be the other's by accident.
func (s *space) sure(v, columns int) bool {
	rows := pick.All(len(s.data[v]))
	return sureOf(times(func(i int) float64 { return s.data[v][i] }, rows), float64(columns)*math.Log(float64(len(rows))))
}
