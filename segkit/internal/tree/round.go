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
	best := gaps[0]
	largest := 0.0
	for _, g := range gaps {
		if g.right > best.right+tie {
			best = g
		}
		largest = max(largest, math.Abs(exactly(g)))
	}
	if c.Ordered || largest == 0 {
		return exactly(best)
	}
	top := int(math.Floor(math.Log10(largest)))
	for exponent := top; exponent > top-15; exponent-- {
		for _, digit := range []int{10, 5, 2} { // steps of 10, 5 and 2 times 10^(exponent-1)
			found, right := math.NaN(), math.Inf(-1)
			for _, g := range gaps {
				if t := multiple(g, c, digit, exponent-1); g.right > right+tie && !math.IsNaN(t) {
					found, right = t, g.right
				}
			}
			if !math.IsNaN(found) {
				return found
			}
		}
	}
	return exactly(best)
}

// multiple returns a multiple of digit * 10^exponent that parts the two values of the gap, NaN if there is none: the one with
// the fewest digits would do, the nearest to the value that the threshold names is taken.
func multiple(g gap, c Column, digit, exponent int) float64 {
	step := float64(digit) * math.Pow10(exponent)
	count := math.Floor(g.above / step)
	if c.AtMost {
		count = math.Ceil(g.below / step)
	}
	for _, near := range []float64{count, count - 1, count + 1} { // the quotient is rounded
		t, err := strconv.ParseFloat(fmt.Sprintf("%.0fe%d", near*float64(digit), exponent), 64)
		if err == nil && c.low(g.below, t) && !c.low(g.above, t) {
			return t
		}
	}
	return math.NaN()
}
