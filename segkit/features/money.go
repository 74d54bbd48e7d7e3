package features

import (
	"math"
	"math/bits"

	"github.com/segkit/lab/segkit/internal/cell"
)

// Money is an exact amount: Units times ten to the power of minus Decimals. 8,911,407.904 is {8911407904, 3}.
type Money struct {
	Units    int64
	Decimals int
}

// Float returns the nearest float64.
func (m Money) Float() float64 { return float64(m.Units) / pow10(m.Decimals) }

// String formats m with thousands separators and all its decimals: "8,911,407.904".
func (m Money) String() string {
	return cell.Amount(m).String()
}

// Text formats m as people write money, with two decimals even if one would do for all amounts of a file: "8,911,407.90".
func (m Money) Text() string {
	if m.Decimals == 1 {
		return m.String() + "0"
	}
	return m.String()
}

// maxDecimals is how many decimals a number may have before the reader asks to round it.
const maxDecimals = cell.MaxDecimals

func pow10(n int) float64 { return math.Pow10(n) }

// powers are those of ten, up to the most decimals.
var powers = [maxDecimals + 1]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

// scaled returns v times ten to the power of n, and false if that overflows.
func scaled(v int64, n int) (int64, bool) {
	for range n {
		if v > math.MaxInt64/10 || v < math.MinInt64/10 {
			return 0, false
		}
		v *= 10
	}
	return v, true
}

// product returns a times b, and false if that overflows.
func product(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	return a * b, true
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}
