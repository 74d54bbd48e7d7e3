// Package grouping numbers the groups that labels make, and counts pairs within them.
package grouping

import (
	"math"
	"slices"

	"github.com/segkit/lab/segkit/table"
)

// Pairs returns the number of pairs among n.
func Pairs(n int64) int64 { return n * (n - 1) / 2 }

// Grouping is a division with its groups numbered by first row, noise included.
type Grouping struct {
	Labels []int // (n) 0..len(sizes)-1
	Sizes  []int
}

func Of(l table.Labels) Grouping {
	g := Grouping{Labels: make([]int, len(l))}
	if len(l) == 0 {
		return g
	}
	number := numbering(l)
	for i, s := range l {
		at := number(s)
		if *at == 0 {
			g.Sizes = append(g.Sizes, 0)
			*at = len(g.Sizes)
		}
		g.Labels[i] = *at - 1
		g.Sizes[*at-1]++
	}
	return g
}

// numbering returns where the number of each label is kept, 0 at first: side by side unless the labels are far apart.
func numbering(l table.Labels) func(label int) *int {
	low, high := slices.Min(l), slices.Max(l)
	if span := high - low; span >= 0 && span <= 4*len(l) {
		numbers := make([]int, span+1)
		return func(label int) *int { return &numbers[label-low] }
	}
	numbers := make(map[int]*int)
	return func(label int) *int {
		if numbers[label] == nil {
			numbers[label] = new(int)
		}
		return numbers[label]
	}
}

func (g Grouping) Pairs() (sum int64) {
	for _, n := range g.Sizes {
		sum += Pairs(int64(n))
	}
	return sum
}

// Entropy is that of the group of a customer drawn at random, in nats.
func (g Grouping) Entropy() (h float64) {
	n := float64(len(g.Labels))
	for _, size := range g.Sizes {
		h += float64(size) / n * math.Log(n/float64(size))
	}
	return h
}

// SizeCount is a size and how many groups have it.
type SizeCount struct{ Size, Groups int }

// BySize returns the different sizes, ascending.
func (g Grouping) BySize() (counts []SizeCount) {
	for _, size := range slices.Sorted(slices.Values(g.Sizes)) {
		if last := len(counts) - 1; last >= 0 && counts[last].Size == size {
			counts[last].Groups++
			continue
		}
		counts = append(counts, SizeCount{size, 1})
	}
	return counts
}
