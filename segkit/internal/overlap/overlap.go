// Package overlap pairs the segments of two divisions of the same customers.
package overlap

import (
	"maps"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/assign"
	"github.com/segkit/lab/segkit/table"
)

// Overlap counts the customers that the segments of two divisions share.
type Overlap struct {
	Both   [][]int // (kBefore x kAfter)
	Before []int   // (kBefore) customers of each, those in no segment of the other included
	After  []int   // (kAfter)
}

// New counts over rows with a label in before and in after (n each).
func New(before, after table.Labels, kBefore, kAfter int) Overlap {
	o := Overlap{make([][]int, kBefore), make([]int, kBefore), make([]int, kAfter)}
	for a := range o.Both {
		o.Both[a] = make([]int, kAfter)
	}
	for i, a := range before {
		b := after[i]
		if a >= 0 {
			o.Before[a]++
		}
		if b >= 0 {
			o.After[b]++
		}
		if a >= 0 && b >= 0 {
			o.Both[a][b]++
		}
	}
	return o
}

// Used returns the rows and the columns of a table of counts in which there is any.
func Used(counts [][]int) (rows, columns []int) {
	in := map[int]bool{}
	for a, row := range counts {
		for b, n := range row {
			if n > 0 {
				in[b] = true
				if rows == nil || rows[len(rows)-1] != a {
					rows = append(rows, a)
				}
			}
		}
	}
	return rows, slices.Sorted(maps.Keys(in))
}

// Jaccard is customers in both / in either, NaN where both are empty.
func (o Overlap) Jaccard(a, b int) float64 {
	return float64(o.Both[a][b]) / float64(o.Before[a]+o.After[b]-o.Both[a][b])
}

// Match returns the segment of before that each of after continues (out: kAfter), -1 for none. One whole number holds what decides,
// the weightiest first: the customers in both, the overlap, whether the labels are the same.
func (o Overlap) Match() []int {
	const steps = 1 << 16 // of the overlap
	k := min(len(o.Before), len(o.After))
	value := make([][]int, len(o.After))
	for b := range value {
		value[b] = make([]int, len(o.Before))
		for a := range value[b] {
			if o.Both[a][b] == 0 {
				continue
			}
			v := o.Both[a][b]*(steps*k+1) + int(steps*o.Jaccard(a, b))
			v *= k + 1
			if a == b {
				v++
			}
			value[b][a] = v
		}
	}
	of := assign.Most(value)
	for b, a := range of {
		if a >= 0 && o.Both[a][b] == 0 {
			of[b] = -1
		}
	}
	return of
}

// Continue returns after (n) renumbered to continue before (n): a segment that continues one of before has its label as
// far as there are so many segments in after, the others take the labels that are left, by falling size as they came.
func Continue(before, after table.Labels) table.Labels {
	k := after.K()
	order, placed := make([]int, k), make([]bool, k)
	for s := range order {
		order[s] = -1
	}
	for b, a := range New(before, after, before.K(), k).Match() {
		if a >= 0 && a < k {
			order[a], placed[b] = b, true
		}
	}
	for s := range order {
		if order[s] < 0 {
			order[s] = slices.Index(placed, false)
			placed[order[s]] = true
		}
	}
	return after.Renumber(order)
}

// SLSA says how purely each segment of after (k) comes out of one of before: 1 - entropy of its customers' origins / ln k of
// before (Dolnicar & Leisch 2017, doi:10.1007/s11002-017-9423-8). It is NaN for a segment without customers from before, and
// where before has one segment only.
func SLSA(before, after table.Labels) []float64 {
	o := New(before, after, before.K(), after.K())
	out := make([]float64, after.K())
	for b := range out {
		total, entropy := 0, 0.0
		for a := range o.Both {
			total += o.Both[a][b]
		}
		for a := range o.Both {
			if n := o.Both[a][b]; n > 0 {
				share := float64(n) / float64(total)
				entropy -= float64(share * math.Log(share))
			}
		}
		out[b] = math.NaN()
		if total > 0 && len(o.Both) > 1 {
			out[b] = 1 - entropy/math.Log(float64(len(o.Both)))
		}
	}
	return out
}

// Absent is the label of a customer of whom a solution says nothing: not drawn, by a method that cannot assign others.
const Absent = table.Noise - 1

// Recovered returns the best overlap (out: k) of each of the k segments of reference (in: n) with a segment of labels (in: n), NaN for
// one without customers there, and the segment of reference that each of labels continues (out: one for each segment of labels), -1
// for none.
func Recovered(reference, labels table.Labels, k int) (jaccard []float64, of []int) {
	before, after := Present(reference, labels)
	o := New(before, after, k, after.K())
	for a := range k {
		best := math.NaN()
		if o.Before[a] > 0 {
			best = 0
			for b := range o.After {
				best = max(best, o.Jaccard(a, b))
			}
		}
		jaccard = append(jaccard, best)
	}
	return jaccard, o.Match()
}

// Present returns the labels of the customers of whom both solutions say something.
func Present(a, b table.Labels) (_, _ table.Labels) {
	missing := 0
	for i := range a {
		if a[i] == Absent || b[i] == Absent {
			missing++
		}
	}
	if missing == 0 {
		return a, b
	}
	inA, inB := make(table.Labels, 0, len(a)-missing), make(table.Labels, 0, len(a)-missing)
	for i := range a {
		if a[i] != Absent && b[i] != Absent {
			inA, inB = append(inA, a[i]), append(inB, b[i])
		}
	}
	return inA, inB
}
