package segkit

import (
	"math"
	"strconv"

	"github.com/segkit/lab/segkit/internal/formula"
)

// Parts of a condition written so that they read back as what they are.

// writtenColumn is a column's name in a condition: spend, or col("Annual income") where the name is not one word.
func writtenColumn(name string) string {
	if n, err := formula.Parse(name); err == nil && n.Kind == formula.Column && n.Name == name {
		return name
	}
	return "col(" + strconv.Quote(name) + ")"
}

// writtenNumber is a number in the fewest digits that give it back exactly, without an exponent where that stays short.
func writtenNumber(v float64) string {
	if a := math.Abs(v); v != 0 && (a < 1e-5 || a >= 1e15) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
