package features

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/segkit/lab/segkit/sheet"
)

// Money is an exact amount: Units of ten to the power of minus Decimals. 8,911,407.904 is {8911407904, 3}.
type Money struct {
	Units    int64
	Decimals int
}

// Float returns the nearest float64.
func (m Money) Float() float64 { return float64(m.Units) / pow10(m.Decimals) }

// String formats m with thousands separators and all its decimals: "8,911,407.904".
func (m Money) String() string {
	sign, u := "", uint64(m.Units)
	if m.Units < 0 {
		sign, u = "−", -u
	}
	digits := strconv.FormatUint(u, 10)
	for len(digits) <= m.Decimals {
		digits = "0" + digits
	}
	whole, fraction := digits[:len(digits)-m.Decimals], digits[len(digits)-m.Decimals:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// maxDecimals is how many decimals a number may have before the reader asks to round it.
const maxDecimals = 9

func pow10(n int) float64 { return math.Pow10(n) }

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

// parseDecimal reads "-12.50" as -125 with 1 decimal: zeros at the end do not count. It accepts a sign, digits and one
// decimal mark, nothing else.
func parseDecimal(b []byte, mark byte) (v int64, decimals int, ok bool) {
	i, negative := 0, false
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		negative = b[i] == '-'
		i++
	}
	digits, point, zeros := 0, -1, 0
	for ; i < len(b); i++ {
		c := b[i]
		if c == mark && point < 0 {
			point, zeros = i, 0
			continue
		}
		d := c - '0'
		if d > 9 {
			return 0, 0, false
		}
		digits++
		if point >= 0 && d == 0 { // held back until another digit follows
			zeros++
			continue
		}
		for ; zeros > 0; zeros-- {
			if v > math.MaxInt64/10 {
				return 0, 0, false
			}
			v *= 10
			decimals++
		}
		if v > (math.MaxInt64-9)/10 {
			return 0, 0, false
		}
		v = v*10 + int64(d)
		if point >= 0 {
			decimals++
		}
	}
	if digits == 0 {
		return 0, 0, false
	}
	if negative {
		v = -v
	}
	return v, decimals, true
}

// percent is a share of a whole for people; the share of nothing is missing.
func percent(part, whole int64) string {
	if whole == 0 {
		return sheet.Missing
	}
	return sheet.Percent(float64(part) / float64(whole))
}
