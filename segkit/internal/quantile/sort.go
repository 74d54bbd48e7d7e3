package quantile

import (
	"math"
	"sort"
)

// few is how many values are sorted by comparing them: there counting would take longer.
const few = 1 << 11

// ascending sorts values, none of which is NaN. Many are sorted by their digits of 11 bits, the last one first (Knuth, The Art of
// Computer Programming, volume 3, section 5.2.5): six passes, however many there are.
func ascending(values []float64) {
	if len(values) < few {
		sort.Float64s(values)
		return
	}
	const digits, size = 7, 10
	keys, spare := make([]uint64, len(values)), make([]uint64, len(values))
	var counts [digits][1 << size]uint32
	for i, v := range values {
		k := rising(v)
		keys[i] = k
		for d := range counts {
			counts[d][k>>(d*size)&(1<<size-1)]++
		}
	}
	for d := range counts {
		at, shift := &counts[d], d*size
		if int(at[keys[0]>>shift&(1<<size-1)]) == len(keys) { // all have the same digit
			continue
		}
		sum := uint32(0)
		for b, n := range at {
			at[b], sum = sum, sum+n
		}
		for _, k := range keys {
			b := k >> shift & (1<<size - 1)
			spare[at[b]] = k
			at[b]++
		}
		keys, spare = spare, keys
	}
	for i, k := range keys {
		values[i] = fromRising(k)
	}
}

const sign = 1 << 63

// rising returns a number that rises with v.
func rising(v float64) uint64 {
	bits := math.Float64bits(v)
	if bits&sign != 0 {
		return ^bits
	}
	return bits | sign
}

// fromRising is the value that rising made a number of.
func fromRising(k uint64) float64 {
	if k&sign != 0 {
		return math.Float64frombits(k &^ sign)
	}
	return math.Float64frombits(^k)
}
