// Package bintree grows classification and regression trees by the hundred: columns are cut into at most 255 bins once, and
// every question of every tree is then found by counting what lies in the bins (as LightGBM: Ke et al. 2017, "LightGBM: A
// Highly Efficient Gradient Boosting Decision Tree", NeurIPS 30). Columns with no more distinct values than that lose nothing.
//
// A missing value has a bin of its own, and each question learns on which side such rows belong.
package bintree

import (
	"math"
	"slices"
)

// Missing is the bin of values that are not known, and of levels that were not there when the bins were made.
const Missing = 255

const mostBins = 255 // beside that of missing values

// Bins say how the values of one column are cut.
type Bins struct {
	Cuts   []float64 `json:"cuts,omitempty"`   // of a number, rising: bin b holds the values above cut b-1 up to cut b
	Levels []uint8   `json:"levels,omitempty"` // of a category: the bin of each level
}

// NumberBins cuts a column (n, NaN is missing) between neighbouring values where there are few of them, and otherwise where bins
// hold about equally many rows. Cost n log n.
func NumberBins(values []float64) Bins {
	known := make([]float64, 0, len(values))
	for _, v := range values {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	slices.Sort(known)
	var cuts []float64
	between := func(a, b float64) {
		cut := a + (b-a)/2
		if cut >= b || math.IsInf(cut, 0) { // neighbours in floating point, or of opposite ends
			cut = a
		}
		cuts = append(cuts, cut)
	}
	distinct := slices.Compact(slices.Clone(known))
	if len(distinct) <= mostBins {
		for i := 1; i < len(distinct); i++ {
			between(distinct[i-1], distinct[i])
		}
		return Bins{Cuts: cuts}
	}
	for b := 1; b < mostBins; b++ {
		at := b * len(known) / mostBins
		if a, v := known[at-1], known[at]; a < v && (cuts == nil || a > cuts[len(cuts)-1]) {
			between(a, v)
		} else if i, _ := slices.BinarySearch(distinct, v); i > 0 && distinct[i-1] > slices.Max(append(cuts, math.Inf(-1))) {
			between(distinct[i-1], v) // in front of a value that fills the place of a cut
		}
	}
	return Bins{Cuts: cuts}
}

// LevelBins gives each of k levels of a category (values n, NaN is missing) a bin of its own; of more than 255 levels the rarest
// share the last.
func LevelBins(values []float64, k int) Bins {
	counts, order := make([]int, k), make([]int, k)
	for l := range order {
		order[l] = l
	}
	for _, v := range values {
		if !math.IsNaN(v) {
			counts[int(v)]++
		}
	}
	if k > mostBins {
		slices.SortStableFunc(order, func(a, b int) int { return counts[b] - counts[a] })
	}
	b := Bins{Levels: make([]uint8, k)}
	for rank, l := range order {
		b.Levels[l] = uint8(min(rank, mostBins-1))
	}
	return b
}

// Categorical reports whether the bins are levels without an order.
func (b Bins) Categorical() bool { return b.Levels != nil }

// Count is how many bins there are, that of missing values apart.
func (b Bins) Count() int {
	if b.Categorical() {
		return min(len(b.Levels), mostBins)
	}
	return len(b.Cuts) + 1
}

// Codes returns the bins of values (n).
func (b Bins) Codes(values []float64) []uint8 {
	out := make([]uint8, len(values))
	for i, v := range values {
		switch {
		case math.IsNaN(v) || b.Categorical() && (v < 0 || int(v) >= len(b.Levels)):
			out[i] = Missing
		case b.Categorical():
			out[i] = b.Levels[int(v)]
		default:
			low, high := 0, len(b.Cuts)
			for low < high {
				if mid := (low + high) / 2; b.Cuts[mid] < v {
					low = mid + 1
				} else {
					high = mid
				}
			}
			out[i] = uint8(low)
		}
	}
	return out
}
