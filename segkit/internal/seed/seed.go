// Package seed derives independent random streams from one whole number.
//
// Work item i of a purpose draws from its own stream, which depends on the seed, the purpose and i alone: not on the
// number of workers, nor on how many items there are. So the first ten of twenty restarts are the ten of ten.
package seed

import (
	"hash/fnv"
	"math/rand/v2"
)

// Stream returns the generator of work item i for the given seed and purpose.
func Stream(seed int, purpose string, i int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	a := mix(uint64(seed) ^ mix(h.Sum64()))
	return rand.New(rand.NewPCG(a, mix(a^mix(uint64(i)+1))))
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195): neighbouring
// inputs give unrelated outputs.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
