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
	g := generator(base(seed, purpose), i)
	return rand.New(&g)
}

// First returns the first number of the stream of every work item, for those who need many of them.
func First(seed int, purpose string) func(i int) uint64 {
	a := base(seed, purpose)
	return func(i int) uint64 {
		g := generator(a, i)
		return g.Uint64()
	}
}

func base(seed int, purpose string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return mix(uint64(seed) ^ mix(h.Sum64()))
}

func generator(base uint64, i int) (g rand.PCG) {
	g.Seed(base, mix(base^mix(uint64(i)+1)))
	return g
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2714064.2660195): neighbouring
// inputs give unrelated outputs.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
