package tree

import (
	"fmt"
	"math"
	"strconv"
)

// Round numbers. 90 is rounder than 85, 85 than 87: a number is the rounder the fewer digits it has, and of those with one
// more digit, the ones that end in 5 and then the even ones come first.

// roundest returns the roundest threshold that lies in one of the gaps; of equally round ones the one that puts most rows
// right, then the lowest.
func roundest(gaps []gap, c Column, tie float64) float64 {
	exactly := func(g gap) float64 {
		if c.AtMost {
			return g.below
		}
		return g.above
	}
	largest := 0.0
	for _, g := range gaps {
		largest = max(largest, math.Abs(exactly(g)))
	}
	pick := func(threshold func(g gap) float64) float64 {
		found, right := math.NaN(), math.Inf(-1)
		for _, g := range gaps {
			if t := threshold(g); g.right > right+tie && c.parts(g, t) {
				found, right = t, g.right
			}
		}
		return found
	}
	if c.Ordered {
		return pick(exactly)
	}
	if t := pick(func(gap) float64 { return 0 }); t == 0 {
		return t
	}
	top := int(math.Floor(math.Log10(largest)))
	for exponent := top; exponent > top-15; exponent-- {
		for _, digit := range []int{10, 5, 2} { // steps of 10, 5 and 2 times 10^(exponent-1)
			if t := pick(func(g gap) float64 { return multiple(g, c, digit, exponent-1) }); !math.IsNaN(t) {
				return t
			}
		}
	}
	return pick(exactly)
}

// multiple returns the multiple of digit * 10^exponent in the gap that is nearest to its middle, NaN if there is none.
func multiple(g gap, c Column, digit, exponent int) float64 {
	count := math.Round((g.below + (g.above-g.below)/2) / (float64(digit) * math.Pow10(exponent)))
	for _, near := range []float64{count, count - 1, count + 1} { // an end of the gap can be as near as a point beyond the other
		t, err := strconv.ParseFloat(fmt.Sprintf("%.0fe%d", near*float64(digit), exponent), 64)
		if err == nil && c.parts(g, t) {
			return t
		}
	}
	return math.NaN()
}

// parts reports whether the two values of the gap lie on either side of t.
func (c Column) parts(g gap, t float64) bool { return c.low(g.below, t) && !c.low(g.above, t) }
