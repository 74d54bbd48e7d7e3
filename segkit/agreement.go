package segkit

import (
	"fmt"
	"math"
	"math/big"
	"slices"
)

// How far two divisions of the same customers agree. All measures take labels in any numbering, count Noise as one more
// group, and treat a and b alike.

// AdjustedRand says how far two divisions of the same n customers agree: 1 for the same division, whatever its numbers,
// about 0 for unrelated ones, negative below that (Hubert & Arabie 1985, doi:10.1007/BF01908075). Noise counts as one more
// group. All counting is exact. It costs O(n) with labels 0..k-1, as everywhere here.
//
// It is ErrUndefined where chance leaves no room: fewer than two customers, or both divisions with all customers together,
// or both with every customer apart. (Some libraries say 1 there.)
func AdjustedRand(a, b Labels) (float64, error) {
	pairsA, pairsB, both, err := together("AdjustedRand", a, b)
	if err != nil {
		return 0, err
	}
	inA, inB := big.NewInt(pairsA), big.NewInt(pairsB)
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

// adjustedRand is AdjustedRand of two divisions of the rows of t, in which customers count by the table's Weighting; NaN where it is
// undefined. A pair of rows counts by the product of its weights, and rows that are repeated make pairs among themselves.
func (t *Table) adjustedRand(a, b Labels) float64 {
	if t.weights == nil {
		if v, err := AdjustedRand(a, b); err == nil {
			return v
		}
		return math.NaN()
	}
	inA, inB, joint, err := crossed("AdjustedRand", a, b)
	if err != nil {
		return math.NaN()
	}
	all := t.pairs(make([]int, len(a)), 1)
	pa, pb, both := t.pairs(inA.of, len(inA.sizes))/all, t.pairs(inB.of, len(inB.sizes))/all, t.pairs(joint.of, len(joint.sizes))/all
	if below := (pa+pb)/2 - pa*pb; below > 1e-12 {
		return (both - pa*pb) / below
	}
	return math.NaN()
}

// pairs is the weight of all pairs of customers who are in the same group, 0..k-1 (n).
func (t *Table) pairs(of []int, k int) (sum float64) {
	total, alone := make([]float64, k), make([]float64, k)
	for i, g := range of {
		w := t.weight(i)
		total[g] += w
		if t.weighting == FrequencyWeights {
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

// PairJaccard is the share of the pairs of customers that are together in both divisions among those that are together in
// either (Jaccard 1912, doi:10.1111/j.1469-8137.1912.tb05611.x): 1 for the same division, 0 where no pair is together
// twice. It is not corrected for chance: large groups agree by themselves. Counting is exact, in O(n). It is ErrUndefined
// where no pair is together at all.
func PairJaccard(a, b Labels) (float64, error) {
	inA, inB, both, err := together("PairJaccard", a, b)
	if err != nil {
		return 0, err
	}
	either := inA + inB - both
	if either == 0 {
		return 0, fmt.Errorf("segkit: PairJaccard: all customers are apart in both divisions: %w", ErrUndefined)
	}
	return float64(both) / float64(either), nil
}

// VariationOfInformation is what one division leaves unknown about the other, both ways, in nats (Meilă 2007,
// doi:10.1016/j.jmva.2006.11.013): 0 for the same division, at most ln n. It is a distance between divisions: the way by a
// third one is never shorter. It costs O(n). It is ErrUndefined without customers.
func VariationOfInformation(a, b Labels) (float64, error) {
	ga, gb, joint, err := crossed("VariationOfInformation", a, b)
	if err != nil {
		return 0, err
	}
	if len(a) == 0 {
		return 0, fmt.Errorf("segkit: VariationOfInformation: there are no customers: %w", ErrUndefined)
	}
	return max(0, 2*joint.entropy()-(ga.entropy()+gb.entropy())), nil
}

// AdjustedMutualInfo is the information that two divisions share, corrected for chance: 1 for the same division, about 0 for
// unrelated ones (Vinh, Epps & Bailey 2010, "Information theoretic measures for clusterings comparison", JMLR 11), with the
// arithmetic mean of the two entropies as its upper bound, as in scikit-learn. Against AdjustedRand it gives small groups more
// say. It costs O(n), and for the expected value at most the number of groups of one division times n.
//
// It is ErrUndefined where AdjustedRand is: fewer than two customers, or both divisions with all customers together, or both
// with every customer apart. (Some libraries say 1 there.)
func AdjustedMutualInfo(a, b Labels) (float64, error) {
	ga, gb, joint, err := crossed("AdjustedMutualInfo", a, b)
	if err != nil {
		return 0, err
	}
	n := len(a)
	if len(ga.sizes) == len(gb.sizes) && (len(ga.sizes) <= 1 || len(ga.sizes) == n) {
		return 0, fmt.Errorf("segkit: AdjustedMutualInfo: all customers are together, or all apart, in both divisions: %w", ErrUndefined)
	}
	ha, hb := ga.entropy(), gb.entropy()
	expected := expectedInfo(ga, gb)
	return (ha + hb - joint.entropy() - expected) / ((ha+hb)/2 - expected), nil
}

// expectedInfo is the mean mutual information of two divisions with these sizes of groups, over all ways to deal the
// customers out: each overlap is hypergeometric. Equal sizes are reckoned once.
func expectedInfo(a, b grouping) (sum float64) {
	n := len(a.of)
	countsB := b.bySize()
	for _, u := range a.bySize() {
		for _, v := range countsB {
			sum += float64(u.groups) * float64(v.groups) * expectedOverlap(u.size, v.size, n)
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
func together(op string, a, b Labels) (inA, inB, both int64, err error) {
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
				both += pairs(n)
			}
			for _, n := range rows {
				inA += pairs(n)
			}
			for _, n := range columns {
				inB += pairs(n)
			}
			return inA, inB, both, nil
		}
	}
	ga, gb, joint, err := crossed(op, a, b)
	return ga.pairs(), gb.pairs(), joint.pairs(), err
}

// crossed returns the groups of a, of b, and of both at once.
func crossed(op string, a, b Labels) (ga, gb, joint grouping, err error) {
	if len(a) != len(b) {
		err = fmt.Errorf("segkit: %s: %d labels against %d, want two divisions of the same customers: %w", op, len(a), len(b), ErrSchema)
		return ga, gb, joint, err
	}
	ga, gb = groups(a), groups(b)
	both := make(Labels, len(a))
	for i := range both {
		both[i] = ga.of[i]*len(gb.sizes) + gb.of[i]
	}
	return ga, gb, groups(both), nil
}

// pairs returns the number of pairs among n.
func pairs(n int64) int64 { return n * (n - 1) / 2 }

// grouping is a division with its groups numbered by first row, noise included.
type grouping struct {
	of    []int // (n) 0..len(sizes)-1
	sizes []int
}

func groups(l Labels) grouping {
	g := grouping{of: make([]int, len(l))}
	if len(l) == 0 {
		return g
	}
	number := numbering(l)
	for i, s := range l {
		at := number(s)
		if *at == 0 {
			g.sizes = append(g.sizes, 0)
			*at = len(g.sizes)
		}
		g.of[i] = *at - 1
		g.sizes[*at-1]++
	}
	return g
}

// numbering returns where the number of each label is kept, 0 at first: side by side unless the labels are far apart.
func numbering(l Labels) func(label int) *int {
	low, high := slices.Min(l), slices.Max(l)
	if span := high - low; span >= 0 && span <= 4*len(l) {
		numbers := make([]int, span+1)
		return func(label int) *int { return &numbers[label-low] }
	}
	numbers := make(map[int]*int)
	return func(label int) *int {
		if numbers[label] == nil {
			numbers[label] = new(int)
		}
		return numbers[label]
	}
}

func (g grouping) pairs() (sum int64) {
	for _, n := range g.sizes {
		sum += pairs(int64(n))
	}
	return sum
}

// entropy is that of the group of a customer drawn at random, in nats.
func (g grouping) entropy() (h float64) {
	n := float64(len(g.of))
	for _, size := range g.sizes {
		h += float64(size) / n * math.Log(n/float64(size))
	}
	return h
}

// sizeCount is a size and how many groups have it.
type sizeCount struct{ size, groups int }

// bySize returns the different sizes, ascending.
func (g grouping) bySize() (counts []sizeCount) {
	for _, size := range slices.Sorted(slices.Values(g.sizes)) {
		if last := len(counts) - 1; last >= 0 && counts[last].size == size {
			counts[last].groups++
			continue
		}
		counts = append(counts, sizeCount{size, 1})
	}
	return counts
}
