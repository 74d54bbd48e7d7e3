//go:build !purego

package vec

import "golang.org/x/sys/cpu"

var (
	avx2   = kernels{8, nearestAVX2, nearestTwoAVX2, screenAVX2, 4, lowerAVX2, addDistancesAVX2, sumRowsAVX2, scaleAVX2, withinAVX2, marginsAVX2}
	avx512 = kernels{16, nearestAVX512, nearestTwoAVX512, screenAVX512, 8, lowerAVX512, addDistancesAVX512, sumRowsAVX512, scaleAVX512, withinAVX512, marginsAVX512}
)

func init() {
	if sets := available(); len(sets) > 0 {
		wide = sets[len(sets)-1]
	}
}

// available are the sets that this processor has, best last.
func available() (sets []kernels) {
	if has := cpu.X86; has.HasAVX2 && has.HasFMA && has.HasPOPCNT {
		sets = append(sets, avx2)
		if has.HasAVX512F && has.HasAVX512DQ {
			sets = append(sets, avx512)
		}
	}
	return sets
}
