package compare

import (
	"math"
	"math/big"
	"slices"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/internal/grouping"
	"github.com/segkit/lab/segkit/table"
)

// How far two divisions of the same customers agree. All measures take labels in any numbering, count Noise as one more
// group, and treat a and b alike.

// AdjustedRand returns how far two divisions of the same n customers agree: 1 for the same division, whatever its
// numbering, about 0 for unrelated ones, negative for less than that (Hubert & Arabie 1985, doi:10.1007/BF01908075). Noise
// counts as one more group. All counting is exact. It costs O(n) with labels 0..k-1, as everywhere here.
// Match has it of two Segments, whose customers it joins by id (Matching.AdjustedRand).
//
// It is ErrUndefined if chance leaves no room: with fewer than two customers, or if both divisions have all customers
// together, or both have every customer apart. (Some libraries return 1 in these cases.)
func AdjustedRand(a, b table.Labels) (float64, error) {
	pairsA, pairsB, both, err := together("compare.AdjustedRand", a, b)
	if err != nil {
		return 0, err
	}
	inA, inB := big.NewInt(pairsA), big.NewInt(pairsB)
	all := big.NewInt(grouping.Pairs(int64(len(a))))
	// (both - inA inB / all) / ((inA + inB)/2 - inA inB / all), times 2 all above and below
	expected := new(big.Int).Mul(inA, inB)
	expected.Lsh(expected, 1)
	above := new(big.Int).Mul(big.NewInt(both), all)
	above.Lsh(above, 1).Sub(above, expected)
	below := new(big.Int).Add(inA, inB)
	below.Mul(below, all).Sub(below, expected)
	if below.Sign() == 0 {
		return 0, fault.Errorf(fault.ErrUndefined, "segkit: compare.AdjustedRand: all customers are together, or all apart, in both divisions")
	}
	ratio, _ := new(big.Rat).SetFrac(above, below).Float64()
	return ratio, nil
}

// WeightedRand returns AdjustedRand of two divisions of the rows of t, in which customers count by the table's Weighting; NaN if
// undefined. A pair of rows counts by the product of its weights, and rows that are repeated make pairs among themselves.
func WeightedRand(t *table.Table, a, b table.Labels) float64 {
	if t.Raw().Weights == nil {
		if v, err := AdjustedRand(a, b); err == nil {
			return v
		}
		return math.NaN()
	}
	inA, inB, joint, err := crossed("compare.AdjustedRand", a, b)
	if err != nil {
		return math.NaN()
	}
	all := weightedPairs(t, make([]int, len(a)), 1)
	pa, pb, both := weightedPairs(t, inA.Labels, len(inA.Sizes))/all, weightedPairs(t, inB.Labels, len(inB.Sizes))/all, weightedPairs(t, joint.Labels, len(joint.Sizes))/all
	if below := (pa+pb)/2 - float64(pa*pb); below > 1e-12 {
		return (both - float64(pa*pb)) / below
	}
	return math.NaN()
}

// pairs is the weight of all pairs of customers who are in the same group, 0..k-1 (n).
func weightedPairs(t *table.Table, of []int, k int) (sum float64) {
	total, alone := make([]float64, k), make([]float64, k)
	for i, g := range of {
		w := t.Weight(i)
		total[g] += w
		if t.Raw().Weighting == table.FrequencyWeights {
			alone[g] += w // a customer makes no pair with itself
		} else {
			alone[g] += float64(w * w)
		}
	}
	for g := range total {
		sum += max(0, float64(total[g]*total[g])-alone[g]) / 2
	}
	return sum
}

// PairJaccard returns, of the pairs of customers that are together in either division, the share that are together in
// both (Jaccard 1912, doi:10.1111/j.1469-8137.1912.tb05611.x): 1 for the same division, 0 if no pair is together in both.
// It is not corrected for chance: large groups agree anyway. Counting is exact, in O(n). It is ErrUndefined if no pair is
// together at all.
func PairJaccard(a, b table.Labels) (float64, error) {
	inA, inB, both, err := together("compare.PairJaccard", a, b)
	if err != nil {
		return 0, err
	}
	either := inA + inB - both
	if either == 0 {
		return 0, fault.Errorf(fault.ErrUndefined, "segkit: compare.PairJaccard: all customers are apart in both divisions")
	}
	return float64(both) / float64(either), nil
}

// VariationOfInformation returns how much each of two divisions leaves unknown about the other, added up, in nats (Meilă
// 2007, doi:10.1016/j.jmva.2006.11.013): 0 for the same division, at most ln n. It is a distance between divisions: a
// detour through a third is never shorter. It costs O(n). It is ErrUndefined without customers.
func VariationOfInformation(a, b table.Labels) (float64, error) {
	ga, gb, joint, err := crossed("compare.VariationOfInformation", a, b)
	if err != nil {
		return 0, err
	}
	if len(a) == 0 {
		return 0, fault.Errorf(fault.ErrUndefined, "segkit: compare.VariationOfInformation: there are no customers")
	}
	return max(0, 2*joint.Entropy()-(ga.Entropy()+gb.Entropy())), nil
}

// AdjustedMutualInfo returns the information that two divisions share, corrected for chance: 1 for the same division, about 0
// for unrelated ones (Vinh, Epps & Bailey 2010, "Information theoretic measures for clusterings comparison", JMLR 11), with
// the arithmetic mean of the two entropies as its upper bound, as in scikit-learn. Compared with AdjustedRand, it gives small
// groups more weight. It costs O(n), and for the expected value at most the number of groups of one division times n.
//
// It is ErrUndefined when AdjustedRand is: with fewer than two customers, or if both divisions have all customers together,
// or both have every customer apart. (Some libraries return 1 in these cases.)
func AdjustedMutualInfo(a, b table.Labels) (float64, error) {
	ga, gb, joint, err := crossed("compare.AdjustedMutualInfo", a, b)
	if err != nil {
		return 0, err
	}
	n := len(a)
	if len(ga.Sizes) == len(gb.Sizes) && (len(ga.Sizes) <= 1 || len(ga.Sizes) == n) {
		return 0, fault.Errorf(fault.ErrUndefined, "segkit: compare.AdjustedMutualInfo: all customers are together, or all apart, in both divisions")
	}
	ha, hb := ga.Entropy(), gb.Entropy()
	expected := expectedInfo(ga, gb)
	return (ha + hb - joint.Entropy() - expected) / ((ha+hb)/2 - expected), nil
}

// expectedInfo is the mean mutual information of two divisions with these sizes of groups, over all ways to deal the
// customers out: each overlap is hypergeometric. Equal sizes are reckoned once.
func expectedInfo(a, b grouping.Grouping) (sum float64) {
	n := len(a.Labels)
	countsB := b.BySize()
	for _, u := range a.BySize() {
		for _, v := range countsB {
			sum += float64(u.Groups) * float64(v.Groups) * expectedOverlap(u.Size, v.Size, n)
		}
	}
	return sum
}

// expectedOverlap is the mean of o/n ln(n o/(a b)) over the overlap o of a and b of n customers. Probabilities are taken
// relative to the likeliest overlap, whence they fall to both sides by exact ratios: no factorials, no cancellation.
func expectedOverlap(a, b, n int) float64 {
	fa, fb, fn := float64(a), float64(b), float64(n)
	mode := int((fa + 1) * (fb + 1) / (fn + 2))
	var total, info float64
	add := func(o int, p float64) {
		total += p
		if o > 0 {
			info += p * float64(o) / fn * math.Log(fn/fa*float64(o)/fb)
		}
	}
	add(mode, 1)
	for o, p := mode, 1.0; o < min(a, b) && p > 0; {
		p *= (fa - float64(o)) / float64(o+1) * (fb - float64(o)) / (fn - fa - fb + float64(o+1))
		o++
		add(o, p)
	}
	for o, p := mode, 1.0; o > max(0, a+b-n) && p > 0; {
		p *= float64(o) / (fa - float64(o-1)) * (fn - fa - fb + float64(o)) / (fb - float64(o-1))
		o--
		add(o, p)
	}
	return info / total
}

// together counts the pairs of customers who are together in a, in b, and in both. A few groups are counted in one table, several
// times as fast as many groups are numbered.
func together(op string, a, b table.Labels) (inA, inB, both int64, err error) {
	if len(a) == len(b) && len(a) > 0 {
		lowA, lowB := slices.Min(a), slices.Min(b)
		spanA, spanB := slices.Max(a)-lowA, slices.Max(b)-lowB
		if few := len(a); spanA >= 0 && spanB >= 0 && spanA < few && spanB < few/(spanA+1) {
			rows, columns, cells := make([]int64, spanA+1), make([]int64, spanB+1), make([]int64, (spanA+1)*(spanB+1))
			for i, l := range a {
				cells[(l-lowA)*(spanB+1)+b[i]-lowB]++
			}
			for at, n := range cells {
				rows[at/(spanB+1)] += n
				columns[at%(spanB+1)] += n
				both += grouping.Pairs(n)
			}
			for _, n := range rows {
				inA += grouping.Pairs(n)
			}
			for _, n := range columns {
				inB += grouping.Pairs(n)
			}
			return inA, inB, both, nil
		}
	}
	ga, gb, joint, err := crossed(op, a, b)
	return ga.Pairs(), gb.Pairs(), joint.Pairs(), err
}

// crossed returns the groups of a, of b, and of both at once.
func crossed(op string, a, b table.Labels) (ga, gb, joint grouping.Grouping, err error) {
	if len(a) != len(b) {
		err = fault.Errorf(fault.ErrSchema, "segkit: %s: %d labels against %d, want two divisions of the same customers", op, len(a), len(b))
		return ga, gb, joint, err
	}
	ga, gb = grouping.Of(a), grouping.Of(b)
	both := make(table.Labels, len(a))
	for i := range both {
		both[i] = ga.Labels[i]*len(gb.Sizes) + gb.Labels[i]
	}
	return ga, gb, grouping.Of(both), nil
}
