package cluster

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/internal/par"
	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/internal/vec"
	"github.com/segkit/lab/segkit/table"
)

// The first centre is drawn by weight, the second by weight x squared distance to the first.
func TestPlusPlusDrawsByWeightAndDistance(t *testing.T) {
	x, err := trial.Numbers(t, 1, 0, 1, 3).WithWeights([]float64{1, 2, 5})
	if err != nil {
		t.Fatal(err)
	}
	p := newLloyd(context.Background(), KMeans{K: 1}.resolved(), x, par.InTurn)
	const draws = 20_000
	first, second := map[float64]int{}, map[int]int{}
	far, dist, parts := []float64{100, 100, 100}, make([]float64, 3), make([]float64, 1)
	err = p.try(t.Context(), []candidate{{[]float64{3}, dist, parts}}, far)
	if err != nil || !slices.Equal(dist, []float64{9, 4, 0}) || parts[0] != 9+8 {
		t.Fatalf("potential %v of %v, %v, want 1*9 + 2*4 + 5*0", parts, dist, err)
	}
	for i := range draws {
		centers, err := p.plusPlus(t.Context(), seed.Stream(1, "first", i))
		if err != nil {
			t.Fatal(err)
		}
		first[centers[0]]++
		second[p.draw(seed.Stream(1, "second", i), dist, parts)]++
	}
	near := func(what string, got int, share float64) {
		if sd := math.Sqrt(draws * share * (1 - share)); math.Abs(float64(got)-draws*share) > 4*sd {
			t.Errorf("%s: drawn %d times of %d, want about %.0f", what, got, draws, draws*share)
		}
	}
	near("first centre at 0", first[0], 1./8)
	near("first centre at 3", first[3], 5./8)
	near("second centre at 0", second[0], 9./17)
	if second[2] != 0 {
		t.Errorf("the first centre was drawn again %d times", second[2])
	}
}

// Candidates that are tried together have the sums that each has alone, with and without weights.
func TestCandidatesTogetherAreThoseAlone(t *testing.T) {
	plain := trial.Numbers(t, 2, 0, 1, 3, 0, 7, 2, 5, 5)
	weighted, err := plain.WithWeights([]float64{1, 2, 5, .1})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []*table.Table{plain, weighted} {
		p := newLloyd(t.Context(), KMeans{K: 2}.resolved(), x, par.InTurn)
		dist := []float64{40, 8, .3, 90}
		for many := 1; many <= 7; many++ {
			candidates := make([]candidate, many)
			for at := range candidates {
				candidates[at] = candidate{[]float64{float64(at), float64(6-at) / 3}, make([]float64, 4), make([]float64, 1)}
			}
			if err := p.try(t.Context(), candidates, dist); err != nil {
				t.Fatal(err)
			}
			for at, c := range candidates {
				want := 0.0
				for i, was := range dist {
					want += p.weight(i) * min(was, vec.Square(p.row(i), c.point))
				}
				if math.Abs(c.parts[0]-want) > 1e-12*want {
					t.Errorf("candidate %d of %d: %v, want %v", at+1, many, c.parts[0], want)
				}
			}
		}
	}
}

// Rounding between the sums of chunks and those of rows never draws a row of potential 0.
func TestDrawAtTheEdge(t *testing.T) {
	x := trial.Numbers(t, 1, 0, 1, 2)
	p := newLloyd(context.Background(), KMeans{K: 2}.resolved(), x, par.InTurn)
	r := seed.Stream(1, "edge", 0)
	if i := p.draw(r, []float64{0, 1, 0}, []float64{1e-300}); i != 1 {
		t.Fatalf("drew row %d", i)
	}
	if i := p.draw(r, []float64{0, 1, 0}, []float64{1e300}); i != 1 { // more is left than the rows hold
		t.Fatalf("drew row %d", i)
	}
}

// Greedy k-means++ is named for this: of the rows that are drawn, the one that lowers the distances most becomes the centre. Of two centres k-means
// and k-prototypes therefore have the better of two draws, which are repeated here.
func TestGreedyStartsTakeTheBestDraw(t *testing.T) {
	x := trial.Numbers(t, 1, 0, 1, 2, 30, 31, 33, 60, 64)
	values := x.Raw().Data
	potential := func(centers ...float64) (sum float64) {
		for _, v := range values {
			nearest := math.Inf(1)
			for _, c := range centers {
				nearest = min(nearest, (v-c)*(v-c))
			}
			sum += nearest
		}
		return sum
	}
	squares := func(to float64) (out []float64) {
		for _, v := range values {
			out = append(out, (v-to)*(v-to))
		}
		return out
	}
	p := newLloyd(t.Context(), KMeans{K: 2}.resolved(), x, par.InTurn)
	q := newPrototypeSearch(t.Context(), KPrototypes{K: 2}.resolved(x), x)
	ones := slices.Repeat([]float64{1}, len(values))
	differ := 0
	for i := range 50 {
		centers, err := p.plusPlus(t.Context(), seed.Stream(2, "start", i))
		if err != nil {
			t.Fatal(err)
		}
		prototypes, err := q.begin(t.Context(), seed.Stream(2, "start", i))
		if err != nil {
			t.Fatal(err)
		}
		again := seed.Stream(2, "start", i)
		first := values[q.draw(again, ones, float64(len(ones)))]
		one, two := values[q.draw(again, squares(first), potential(first))], values[q.draw(again, squares(first), potential(first))]
		best := one
		if potential(first, two) < potential(first, one) {
			best = two
		}
		if one != two {
			differ++
		}
		if want := []float64{first, best}; !slices.Equal(centers, want) || !slices.Equal(prototypes.numbers, want) {
			t.Errorf("start %d: k-means begins at %v, k-prototypes at %v; the draws were %v, then %v and %v", i, centers, prototypes.numbers, first, one, two)
		}
	}
	if differ < 20 {
		t.Errorf("only %d starts had a choice", differ)
	}
}

// A pile that lies nearer to another centre than to its own is looked at first of all.
func TestAStrangerInItsSegmentIsMoved(t *testing.T) {
	m := &mover{piles: &piles{n: 4, x: []float64{0, 1, 9, 10}}, k: 2, d: 1, least: 1, enough: 1e-9, centers: []float64{10. / 3, 10}, weights: []float64{3, 1}, sizes: []int{3, 1},
		labels: []int32{0, 0, 0, 1}, room: make([]float64, 4), floor: make([]float64, 2)}
	if err := m.survey(t.Context(), par.InTurn); err != nil {
		t.Fatal(err)
	}
	if !m.round() || !slices.Equal(m.labels, []int32{0, 0, 1, 1}) || math.Abs(m.centers[0]-.5) > 1e-12 || math.Abs(m.centers[1]-9.5) > 1e-12 {
		t.Errorf("labels %v, centres %v", m.labels, m.centers)
	}
}

// Whitened columns have mean 0, variance 1 and no correlation; a direction without width is 0.
func TestWhitenedColumns(t *testing.T) {
	r := seed.Stream(3, "whitened", 0)
	var data []float64
	for range 200 {
		a, b := 5+3*r.NormFloat64(), r.NormFloat64()
		data = append(data, a, 2*a+b, a-b) // the third is 3 times the first less the second
	}
	x := whitened(trial.Numbers(t, 3, data...))
	n, d := x.Dims()
	wide := 0
	for i := range d {
		a, total := x.Raw().Column(i), 0.0
		for _, v := range a {
			total += v
		}
		if math.Abs(total/float64(n)) > 1e-9 {
			t.Errorf("direction %d has the mean %v", i+1, total/float64(n))
		}
		for j := range i + 1 {
			product := 0.0
			for at, v := range x.Raw().Column(j) {
				product += v * a[at]
			}
			want := 0.0
			if i == j && product > 0 {
				want = 1
				wide++
			}
			if math.Abs(product/float64(n)-want) > .01 { // by n or by n-1
				t.Errorf("directions %d and %d have the covariance %v", i+1, j+1, product/float64(n))
			}
		}
	}
	if wide != 2 {
		t.Errorf("%d directions have a width, want 2", wide)
	}
}
