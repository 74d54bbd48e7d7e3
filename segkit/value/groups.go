package value

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/par"
)

// fewAlike is how many customers of one group are cheaper to multiply than to weight.
const fewAlike = 8

// groups are customers with the same history taken together: the likelihood of a million of them is that of some thousand groups. The last order
// and the age are days of a calendar, so that their logarithms are taken once each.
type groups struct {
	x, last, age []int32   // (g) repeat days, and where Last and Age stand in lasts and ages
	count        []float64 // (g) customers
	lasts, ages  []float64 // distinct times
	upTo         int       // most repeat days
	repeats      []float64 // (upTo+1) customers by repeat days
	n            float64
}

func group(s *Summary) *groups {
	g := &groups{upTo: slices.Max(s.Repeats), n: float64(len(s.Repeats))}
	g.repeats = make([]float64, g.upTo+1)
	var at [2][]int32 // (n)
	g.lasts, at[0] = distinct(s.Last)
	g.ages, at[1] = distinct(s.Age)
	type history struct{ x, last, age int32 }
	index := map[history]int{}
	for i, x := range s.Repeats {
		h := history{int32(x), at[0][i], at[1][i]}
		j, known := index[h]
		if !known {
			j = len(g.x)
			index[h] = j
			g.x, g.last, g.age, g.count = append(g.x, h.x), append(g.last, h.last), append(g.age, h.age), append(g.count, 0)
		}
		g.count[j]++
		g.repeats[x]++
	}
	return g
}

// distinct returns the different values, ascending, and where in them each of values (n) stands.
func distinct(values []float64) (sorted []float64, at []int32) {
	number := map[float64]int32{}
	for _, v := range values {
		number[v] = 0
	}
	for v := range number {
		sorted = append(sorted, v)
	}
	slices.SortFunc(sorted, cmp.Compare)
	for i, v := range sorted {
		number[v] = int32(i)
	}
	at = make([]int32, len(values))
	for i, v := range values {
		at[i] = number[v]
	}
	return sorted, at
}

// sum adds what each group says, in parallel and in chunk order. each adds the log likelihood of one customer of group i and its gradient to out (1+p), times
// their number, but for a factor of 1 to 2 that it returns: these are multiplied first, since a logarithm for each would take most of the time.
func (g *groups) sum(p int, grad []float64, each func(i int, weight float64, out []float64) (factor float64)) (total float64) {
	parts := make([][]float64, par.Chunks(len(g.x)))
	par.Rows(context.Background(), len(g.x), func(chunk, from, to int) {
		out := make([]float64, 1+p)
		product := 1.0
		for i := from; i < to; i++ {
			switch factor := each(i, g.count[i], out); {
			case factor == 1:
			case g.count[i] > fewAlike:
				out[0] += float64(g.count[i] * math.Log(factor))
			default:
				for range int(g.count[i]) {
					product *= factor
				}
				if product > 1e200 {
					out[0] += math.Log(product)
					product = 1
				}
			}
		}
		out[0] += math.Log(product)
		parts[chunk] = out
	})
	for _, part := range parts {
		total += part[0]
		for j := range p {
			grad[j] += part[1+j]
		}
	}
	return total
}
