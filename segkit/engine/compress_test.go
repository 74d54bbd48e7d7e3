package engine

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segkit/lab/segkit/internal/quantile"
	"github.com/segkit/lab/segkit/table"
)

// A crowd of snapped customers (n*d, in steps of the grid) drawn by rapid.
func crowd(t *rapid.T, d int) (steps [][]int64) {
	for range rapid.IntRange(1, 60).Draw(t, "n") {
		row := make([]int64, d)
		for j := range row {
			row[j] = rapid.Int64Range(-4*snapSteps, 4*snapSteps).Draw(t, "step")
		}
		steps = append(steps, row)
	}
	return steps
}

// grouped adds customers up in cells of a width, as the database does.
func grouped(steps [][]int64, d int, width int64) *cells {
	type sums struct {
		n, squares int64
		sums       []int64
	}
	of := map[string]*sums{}
	for _, row := range steps {
		key := ""
		for _, u := range row {
			key += fmt.Sprint(int64(math.Floor(float64(u)/float64(width))), " ")
		}
		if of[key] == nil {
			of[key] = &sums{sums: make([]int64, d)}
		}
		of[key].n++
		for j, u := range row {
			of[key].sums[j] += u
			of[key].squares += u * u
		}
	}
	out := newCells(d)
	for _, s := range of {
		own := make([]exact, d)
		for j, v := range s.sums {
			own[j] = exact{big.NewInt(v)}
		}
		out.add(exact{big.NewInt(s.n)}, exact{new(big.Int)}, exact{big.NewInt(s.squares)}, own)
	}
	return out
}

func costOf(rows []float64, weights []float64, centers [][]float64) (cost float64) {
	d := len(centers[0])
	for i := 0; i*d < len(rows); i++ {
		best := math.Inf(1)
		for _, c := range centers {
			sum := 0.0
			for j := range c {
				sum += (rows[i*d+j] - c[j]) * (rows[i*d+j] - c[j])
			}
			best = min(best, sum)
		}
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		cost += w * best
	}
	return cost
}

// The bound of the grid: for any centres the roots of the cost on the cells and of that on all customers differ by at most the root of W; and W
// is what the cells hide.
func TestTheBoundOfTheGridHoldsForAnyCenters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 4).Draw(t, "d")
		steps := crowd(t, d)
		of := grouped(steps, d, 1<<rapid.IntRange(0, 22).Draw(t, "width"))
		var rows []float64
		for _, row := range steps {
			for _, u := range row {
				rows = append(rows, float64(u)/snapSteps)
			}
		}
		var centers [][]float64
		for range rapid.IntRange(1, 5).Draw(t, "k") {
			center := make([]float64, d)
			for j := range center {
				center[j] = rapid.Float64Range(-6, 6).Draw(t, "center")
			}
			centers = append(centers, center)
		}
		w, all, small := of.within(), costOf(rows, nil, centers), costOf(of.means, of.counts, centers)
		if math.Abs(math.Sqrt(all)-math.Sqrt(small)) > math.Sqrt(w)*(1+1e-12)+1e-9 {
			t.Fatalf("cost %g on %d customers and %g on %d cells, W = %g", all, len(steps), small, len(of.counts), w)
		}
		if of.n != int64(len(steps)) {
			t.Fatalf("%d customers in cells of %d", of.n, len(steps))
		}
	})
}

// The exact cost from counts and sums is the sum of squared distances, whatever the centres are.
func TestTheCostFromSumsIsTheSumOfSquares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(1, 4).Draw(t, "d")
		steps := crowd(t, d)
		k := rapid.IntRange(1, 4).Draw(t, "k")
		of := grouped(steps, d, 1)
		centers, counts, sums := make([][]float64, k), make([]float64, k), make([][]*big.Int, k)
		for l := range k {
			sums[l] = make([]*big.Int, d)
			for j := range d {
				centers[l], sums[l][j] = append(centers[l], rapid.Float64Range(-6, 6).Draw(t, "center")), new(big.Int)
			}
		}
		want := 0.0
		for i, row := range steps {
			l := i % k
			counts[l]++
			for j, u := range row {
				sums[l][j].Add(sums[l][j], big.NewInt(u))
				away := float64(u)/snapSteps - centers[l][j]
				want += away * away
			}
		}
		got := totals{int64(len(steps)), of.sums, of.squares}.cost(centers, counts, sums)
		if math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("%v from sums, %v added up", got, want)
		}
	})
}

// Sorted side by side, every column keeps its quantiles, its missing values and its customers.
func TestSideBySideKeepsEveryColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		columns := [][]float64{make([]float64, n), make([]float64, n)}
		var of []marginal
		for j := range columns {
			counts := map[float64]int64{}
			m := marginal{}
			for i := range n {
				v := float64(rapid.IntRange(0, 5).Draw(t, "value"))
				if v == 5 {
					v = math.NaN()
					m.missing++
				} else {
					counts[v]++
				}
				columns[j][i] = v
			}
			for v := range 5 {
				if counts[float64(v)] > 0 {
					m.values, m.counts = append(m.values, float64(v)), append(m.counts, counts[float64(v)])
				}
			}
			of = append(of, m)
		}
		x := sideBySide(table.FromRaw(table.Raw{Columns: []table.Column{{Name: "a"}, {Name: "b"}}}), of)
		if x.Count() != n {
			t.Fatalf("%d customers of %d", x.Count(), n)
		}
		for j := range columns {
			p := rapid.Float64Range(0, 1).Draw(t, "p")
			got, want := quantile.Of(x.Raw().Column(j), x.Raw().Weights, true).At(p), quantile.Of(columns[j], nil, true).At(p)
			if got != want && !(math.IsNaN(got) && math.IsNaN(want)) && math.Abs(got-want) > 1e-12 {
				t.Fatalf("quantile %g of %v is %g, %g side by side", p, columns[j], want, got)
			}
		}
	})
}

// Bins in which no rank falls may be as coarse as they like: the quantiles asked for stay exact.
func TestCoarseBinsHoldTheRanksAskedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 10), 1, 80).Draw(t, "values")
		shares := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 4).Draw(t, "shares")
		found, width := map[int64]bin{}, rapid.Float64Range(.1, 5).Draw(t, "width")
		for _, v := range values {
			b, ok := found[int64(v/width)]
			if !ok {
				b = bin{0, v, v}
			}
			found[int64(v/width)] = bin{b.count + 1, min(b.low, v), max(b.high, v)}
		}
		m, wanted := coarse(found, shares)
		var known []float64 // every bin at its largest value, but for those that are wanted
		for i, v := range m.values {
			if !slices.ContainsFunc(wanted, func(b bin) bool { return b.high == v }) {
				known = append(known, slices.Repeat([]float64{v}, int(m.counts[i]))...)
			}
		}
		for _, v := range values {
			if slices.ContainsFunc(wanted, func(b bin) bool { return b.low <= v && v <= b.high }) {
				known = append(known, v)
			}
		}
		for _, p := range shares {
			if got, want := quantile.Of(known, nil, true).At(p), quantile.Of(values, nil, true).At(p); got != want {
				t.Fatalf("quantile %g of %v is %g, %g from bins", p, values, want, got)
			}
		}
	})
}
