package cell

import (
	"math"
	"math/bits"
	"strconv"
)

// Amount is an exact decimal: Units of ten to the power of minus Decimals.
type Amount struct {
	Units    int64
	Decimals int
}

// String formats a with thousands separators and all its decimals: "8,911,407.904".
func (a Amount) String() string {
	sign, u := "", uint64(a.Units)
	if a.Units < 0 {
		sign, u = "−", -u
	}
	digits := strconv.FormatUint(u, 10)
	for len(digits) <= a.Decimals {
		digits = "0" + digits
	}
	whole, fraction := digits[:len(digits)-a.Decimals], digits[len(digits)-a.Decimals:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// MaxDecimals is how many decimals a number keeps; Parse may return more of what was written so, up to 18, for the caller to
// round or refuse.
const MaxDecimals = 9

// mostDecimals is how many decimals of a cell are looked at.
const mostDecimals = 18

// sum adds decimals exactly: 128 bits for each number of decimals.
type sum [mostDecimals + 1]struct {
	hi int64
	lo uint64
}

func (s *sum) add(v int64, decimals int) {
	t := &s[decimals]
	var carry uint64
	t.lo, carry = bits.Add64(t.lo, uint64(v), 0)
	t.hi += v>>63 + int64(carry)
}

func (s *sum) join(from *sum) {
	for d := range s {
		var carry uint64
		s[d].lo, carry = bits.Add64(s[d].lo, from[d].lo, 0)
		s[d].hi += from[d].hi + int64(carry)
	}
}

// amount is the sum at the fewest decimals that hold it. Where it is too large for that, exact is false and it is cut to
// the decimals that fit; beyond 64 bits even without decimals it is the largest number there is.
func (s *sum) amount() (a Amount, exact bool) {
	var hi int64
	var lo uint64
	exact = true
	for d := range s {
		h, l := hi, lo
		if d > 0 {
			var over uint64
			over, l = bits.Mul64(lo, 10)
			if hi > math.MaxInt64/16 || hi < math.MinInt64/16 {
				return a, false
			}
			h = hi*10 + int64(over)
		}
		var carry uint64
		l, carry = bits.Add64(l, s[d].lo, 0)
		h += s[d].hi + int64(carry)
		hi, lo = h, l
		if s[d].hi == 0 && s[d].lo == 0 && d > 0 {
			continue
		}
		if h == 0 && l <= math.MaxInt64 || h == -1 && l > math.MaxInt64 {
			a, exact = Amount{int64(l), d}, true
			continue
		}
		if exact = false; d == 0 {
			a = Amount{Units: math.MaxInt64}
			if h < 0 {
				a.Units = math.MinInt64
			}
			return a, false
		}
	}
	a.Units, a.Decimals = trimmed(a.Units, a.Decimals)
	return a, exact
}

// plus returns the sum of both, unchanged themselves.
func (s sum) plus(t *sum) sum {
	s.join(t)
	return s
}

// rounded rounds v from the given decimals to fewer, halves away from zero.
func rounded(v int64, decimals, to int) int64 {
	for ; decimals > to+1; decimals-- {
		v /= 10 // cutting first cannot turn less than a half into a half: only the sign of the rest could, and it is dropped
	}
	if decimals > to {
		r := v % 10
		v /= 10
		if r >= 5 {
			v++
		} else if r <= -5 {
			v--
		}
	}
	return v
}
