package segkit

import (
	"fmt"
	"math/big"
)

// AdjustedRand says how far two divisions of the same n customers agree: 1 for the same division, whatever its numbers,
// about 0 for unrelated ones, negative below that (Hubert & Arabie 1985, doi:10.1007/BF01908075). Noise counts as one more
// group. All counting is exact. It costs O(n) with labels 0..k-1, as everywhere here.
//
// It is ErrUndefined where chance leaves no room: fewer than two customers, or both divisions with all customers together,
// or both with every customer apart. (Some libraries say 1 there.)
func AdjustedRand(a, b Labels) (float64, error) {
	if len(a) != len(b) {
		return 0, fmt.Errorf("segkit: AdjustedRand: %d labels against %d, want two divisions of the same customers: %w", len(a), len(b), ErrSchema)
	}
	ga, gb := groups(a), groups(b)
	both := int64(0) // pairs of customers together in a and in b
	overlap := make([]int64, len(gb.sizes))
	for _, rows := range ga.rows() {
		for _, i := range rows {
			overlap[gb.of[i]]++
		}
		for _, i := range rows {
			both += pairs(overlap[gb.of[i]])
			overlap[gb.of[i]] = 0
		}
	}
	inA, inB := big.NewInt(ga.pairs()), big.NewInt(gb.pairs())
	all := big.NewInt(pairs(int64(len(a))))
	// (both - inA inB / all) / ((inA + inB)/2 - inA inB / all), times 2 all above and below
	expected := new(big.Int).Mul(inA, inB)
	expected.Lsh(expected, 1)
	above := new(big.Int).Mul(big.NewInt(both), all)
	above.Lsh(above, 1).Sub(above, expected)
	below := new(big.Int).Add(inA, inB)
	below.Mul(below, all).Sub(below, expected)
	if below.Sign() == 0 {
		return 0, fmt.Errorf("segkit: AdjustedRand: all customers are together, or all apart, in both divisions: %w", ErrUndefined)
	}
	ratio, _ := new(big.Rat).SetFrac(above, below).Float64()
	return ratio, nil
}

// pairs returns the number of pairs among n.
func pairs(n int64) int64 { return n * (n - 1) / 2 }

// grouping is a division with its groups numbered by first row, noise included.
type grouping struct {
	of    []int // (n) 0..len(sizes)-1
	sizes []int
}

func groups(l Labels) grouping {
	number := make(map[int]int)
	g := grouping{of: make([]int, len(l))}
	last, at := 0, -1 // labels often come in runs
	for i, s := range l {
		if at < 0 || s != last {
			known := false
			if at, known = number[s]; !known {
				at = len(g.sizes)
				number[s] = at
				g.sizes = append(g.sizes, 0)
			}
			last = s
		}
		g.of[i] = at
		g.sizes[at]++
	}
	return g
}

func (g grouping) pairs() (sum int64) {
	for _, n := range g.sizes {
		sum += pairs(int64(n))
	}
	return sum
}

// rows returns the rows of each group.
func (g grouping) rows() [][]int {
	out := make([][]int, len(g.sizes))
	for s, n := range g.sizes {
		out[s] = make([]int, 0, n)
	}
	for i, s := range g.of {
		out[s] = append(out[s], i)
	}
	return out
}
