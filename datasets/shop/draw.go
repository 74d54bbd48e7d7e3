package shop

// Random draws that come out alike on every machine: integers wherever possible, and floating-point operations kept
// apart by float64(...) where a compiler might fuse them into one rounding. math.Exp is avoided, because some machines
// have it in assembly with other last digits.

import "math/rand/v2"

// A stream is the random source of one work item.
type stream struct{ *rand.Rand }

// newStream gives item i of the named purpose its own stream, whatever the number of other items.
func newStream(seed int, purpose string, i int) stream {
	a := mix(uint64(seed))
	for _, c := range []byte(purpose) {
		a = mix(a ^ uint64(c))
	}
	return stream{rand.New(rand.NewPCG(a, mix(a^uint64(i))))}
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// chance is true with probability p.
func (s stream) chance(p float64) bool { return s.Float64() < p }

// between draws a whole number from..to, both included.
func (s stream) between(from, to int) int { return from + s.IntN(to-from+1) }

// normal is the sum of twelve uniform numbers less six: mean 0, standard deviation 1, nothing beyond ±6.
func (s stream) normal() float64 {
	sum := -6.0
	for range 12 {
		sum += s.Float64()
	}
	return sum
}

// lognormal draws from the lognormal distribution with this median and this standard deviation of the logarithm.
func (s stream) lognormal(median, sigma float64) float64 {
	return median * exp(sigma*s.normal())
}

// pick draws an index in proportion to the weights, which are not all zero.
func (s stream) pick(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	r := s.IntN(total)
	for i, w := range weights {
		if r -= w; r < 0 {
			return i
		}
	}
	panic("shop: weights add up to nothing")
}

// exp is e^x for |x| < 20 to about 12 digits: a Taylor series near zero, squared eight times.
func exp(x float64) float64 {
	r := x / 256
	p := 1.0
	for n := 7.0; n >= 1; n-- {
		p = 1 + float64(r*p)/n
	}
	for range 8 {
		p *= p
	}
	return p
}
