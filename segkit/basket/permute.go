package basket

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
)

// A customer who fills the same basket every week makes one habit look like fifty baskets, and Fisher's test, which takes baskets for
// independent, believes it. So what survives that test is tried again by permutation: the consequents of a customer's baskets go,
// all together and in any order, to another customer with as many baskets. What habits alone make of a rule stays; what ties its
// sides together in one basket goes. Where nobody has as many baskets, they change their order only.
//
// Thousands of candidates want probabilities far below what some hundred draws can count. They come from a gamma distribution
// with the mean, variance and skewness of the draws (Winkler, Ridgway, Douaud, Nichols & Smith 2016, "Faster permutation inference
// in brain imaging", doi:10.1016/j.neuroimage.2016.05.068).

// permute fills in CustomerP of the candidates (q is theirs so far) that are discoveries without it.
func (b *Baskets) permute(ctx context.Context, m *mined, all []candidate, q []float64) error {
	var alive []int
	for i, v := range q {
		if v <= m.options.Level {
			alive = append(alive, i)
		}
	}
	if len(alive) == 0 {
		return nil
	}
	holds := b.places(m)
	// candidates with one consequent share what becomes of it in each draw
	type consequent struct {
		told []int32   // baskets that hold it
		of   []int     // its candidates, by their place in alive
		with [][]int32 // baskets that hold the antecedent of each
	}
	var consequents []*consequent
	at := map[string]*consequent{}
	for a, i := range alive {
		set, antecedent, mask := m.sides(all[i])
		key := string(appendKey(nil, picked(set, mask)))
		c := at[key]
		if c == nil {
			c = &consequent{told: meeting(holds, picked(set, mask))}
			at[key] = c
			consequents = append(consequents, c)
		}
		c.of, c.with = append(c.of, a), append(c.with, meeting(holds, picked(set, antecedent)))
	}
	met := make([][]int32, m.options.Permutations) // (draws, alive) baskets with both sides
	alike := b.alike(m)
	err := par.Items(ctx, len(met), func(d int) {
		to, moved := shuffled(alike, m.n, m.options.Seed, d), make([]bool, m.n)
		met[d] = make([]int32, len(alive))
		for _, c := range consequents {
			for _, place := range c.told {
				moved[to[place]] = true
			}
			for g, places := range c.with {
				for _, place := range places {
					if moved[place] {
						met[d][c.of[g]]++
					}
				}
			}
			for _, place := range c.told {
				moved[to[place]] = false
			}
		}
	})
	if err != nil {
		return err
	}
	draws := make([]float64, len(met))
	for a, i := range alive {
		for d := range met {
			draws[d] = float64(met[d][a])
		}
		all[i].customerP = gammaTail(draws, float64(m.counts[all[i].set]))
	}
	return nil
}

func picked(set []int32, mask uint32) (out []int32) {
	for i, c := range set {
		if mask>>i&1 == 1 {
			out = append(out, c)
		}
	}
	return out
}

// places lists for every item the counted baskets that hold it, by their place among these.
func (b *Baskets) places(m *mined) [][]int32 {
	out := make([][]int32, len(b.items))
	for at, i := range m.rows {
		for _, item := range b.row(int(i)) {
			out[item] = append(out[item], int32(at))
		}
	}
	return out
}

// meeting returns the baskets that hold all of the items, ascending.
func meeting(holds [][]int32, items []int32) []int32 {
	rows := holds[items[len(items)-1]] // the rarest
	for _, item := range items[:len(items)-1] {
		rows = both(rows, holds[item])
	}
	return rows
}

// both returns what stands in both ascending lists.
func both(short, long []int32) (out []int32) {
	at := 0
	for _, row := range short {
		if len(long)-at > 16*len(short) {
			n, _ := slices.BinarySearch(long[at:], row)
			at += n
		} else {
			for at < len(long) && long[at] < row {
				at++
			}
		}
		if at < len(long) && long[at] == row {
			out = append(out, row)
		}
	}
	return out
}

// alike returns the customers by how many of the counted baskets they have, as places of these. Baskets without a customer are each
// by themselves.
func (b *Baskets) alike(m *mined) (bySize [][][]int32) {
	at := make([]int, len(b.customers))
	var customers [][]int32
	for place, i := range m.rows {
		c := b.customer(int(i))
		if c >= 0 && at[c] > 0 {
			customers[at[c]-1] = append(customers[at[c]-1], int32(place))
			continue
		}
		customers = append(customers, []int32{int32(place)})
		if c >= 0 {
			at[c] = len(customers)
		}
	}
	for _, places := range customers {
		for len(bySize) <= len(places) {
			bySize = append(bySize, nil)
		}
		bySize[len(places)] = append(bySize[len(places)], places)
	}
	return bySize
}

// shuffled returns, for each of n counted baskets, the basket whose antecedents its consequents meet in draw d.
func shuffled(alike [][][]int32, n, random, d int) []int32 {
	r := seed.Stream(random, "baskets of customers", d)
	to := make([]int32, n)
	var order []int32
	for _, customers := range alike {
		for from, other := range r.Perm(len(customers)) {
			taken := append(order[:0], customers[other]...)
			for j, place := range customers[from] {
				at := j + r.IntN(len(taken)-j)
				taken[j], taken[at] = taken[at], taken[j]
				to[place] = taken[j]
			}
			order = taken
		}
	}
	return to
}

// gammaTail is the probability of at least the observed value under a gamma distribution with the moments of the draws, shifted; one
// that is skewed to the left, or not at all, is taken for normal. Where ten draws or more came as far, they are counted.
func gammaTail(draws []float64, observed float64) float64 {
	n := float64(len(draws))
	mean := 0.0
	for _, v := range draws {
		mean += v / n
	}
	variance, third, asFar := 0.0, 0.0, 0.0
	for _, v := range draws {
		variance += (v - mean) * (v - mean) / n
		third += (v - mean) * (v - mean) * (v - mean) / n
		if v >= observed {
			asFar++
		}
	}
	if asFar >= 10 {
		return (asFar + 1) / (n + 1)
	}
	if variance == 0 {
		if observed > mean {
			return 1 / (n + 1) // nothing could be permuted: draws say no more
		}
		return 1
	}
	sd := math.Sqrt(variance)
	z := (observed - .5 - mean) / sd // counts are whole: half a one is between this and the one below
	skew := third / (variance * sd)
	if skew < 1e-6 {
		return distuv.UnitNormal.Survival(z)
	}
	shape := 4 / (skew * skew)
	x := shape + z*math.Sqrt(shape) // of the standard gamma distribution
	if x <= 0 {
		return 1
	}
	return distuv.Gamma{Alpha: shape, Beta: 1}.Survival(x)
}
