package choose

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/internal/seed"
	"github.com/segkit/lab/segkit/internal/stats"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// peaks counts the rises after a fall of the margin's density.
func (m margin) peaks() (count int) {
	rising, last, before := true, 0.0, 0.0
	count = 1
	for i, up := range m.upTo {
		density := (up - before) / (m.edges[i+1] - m.edges[i])
		switch {
		case density > last*(1+1e-9) && !rising:
			count, rising = count+1, true
		case density < last*(1-1e-9):
			rising = false
		}
		last, before = density, up
	}
	return count
}

func TestMarginsHaveOnePeak(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for name, draw := range map[string]func() float64{
		"one normal":    r.NormFloat64,
		"two groups":    func() float64 { return 8*float64(r.IntN(2)) + r.NormFloat64() },
		"three, uneven": func() float64 { return []float64{0, 0, 0, 6, 20}[r.IntN(5)] + r.NormFloat64() },
		"lognormal":     func() float64 { return math.Exp(2 * r.NormFloat64()) },
		"dice":          func() float64 { return float64(r.IntN(6)) },
		"constant":      func() float64 { return 3 },
	} {
		values := make([]float64, 2000)
		for i := range values {
			values[i] = draw()
		}
		column := inOrder(values, nil)
		m, scores := unimodal(column), newDeviates(len(values), column).scores
		if got := m.peaks(); got != 1 {
			t.Errorf("%s: %d peaks", name, got)
		}
		if last := m.upTo[len(m.upTo)-1]; math.Abs(last-1) > 1e-9 || !slices.IsSorted(m.upTo) || !slices.IsSorted(m.edges) {
			t.Errorf("%s: shares add up to %v", name, last)
		}
		if mean := stats.MeanKnown(scores); math.Abs(mean) > 1e-9 {
			t.Errorf("%s: normal deviates have mean %v", name, mean)
		}
	}
}

// A column with one peak keeps its distribution, values that many share among it; the gap between two groups is filled.
func TestMarginsKeepOnePeakAndFillGaps(t *testing.T) {
	var counts []float64
	for v, n := range []int{512, 256, 128, 64, 32, 16, 8, 4, 2, 1} {
		counts = append(counts, slices.Repeat([]float64{float64(v + 1)}, n)...)
	}
	m := unimodal(inOrder(counts, nil))
	for i := range 1000 {
		u := (float64(i) + .5) / 1000
		if want := slices.Sorted(slices.Values(counts))[int(u*float64(len(counts)))]; m.at(u) != want {
			t.Fatalf("the %v quantile of counts is %v, want %v", u, m.at(u), want)
		}
	}
	answers := append(slices.Repeat([]float64{0}, 91), slices.Repeat([]float64{1}, 9)...)
	if m := unimodal(inOrder(answers, nil)); m.at(.905) != 0 || m.at(.915) != 1 {
		t.Errorf("yes or no became %v and %v", m.at(.905), m.at(.915))
	}
	weighted := unimodal(inOrder([]float64{0, 1}, []float64{91, 9}))
	if plain := unimodal(inOrder(answers, nil)); !slices.Equal(weighted.edges, plain.edges) || weighted.at(.905) != 0 || weighted.at(.915) != 1 {
		t.Error("a weight of 9 is not nine customers")
	}

	r := rand.New(rand.NewPCG(2, 2))
	normal, two := make([]float64, 4000), make([]float64, 4000)
	for i := range normal {
		normal[i] = r.NormFloat64()
		two[i] = 10*float64(i%2) + r.NormFloat64()
	}
	sorted := slices.Sorted(slices.Values(normal))
	m = unimodal(inOrder(normal, nil))
	for _, u := range []float64{.01, .1, .3, .5, .7, .9, .99} {
		if got, want := m.at(u), sorted[int(u*4000)]; math.Abs(got-want) > .1 {
			t.Errorf("the %v quantile of a normal column is %v, want %v", u, got, want)
		}
	}
	m = unimodal(inOrder(two, nil))
	in := 0
	for i := range 1000 {
		if v := m.at((float64(i) + .5) / 1000); v > 3 && v < 7 {
			in++
		}
	}
	if in < 100 {
		t.Errorf("%d of 1000 lie in the gap of 4 between two groups 10 apart", in)
	}
}

// Draws from the copula have the rank correlation of the data, also where many customers share a value.
func TestCopulaBlobKeepsRankCorrelation(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var data []float64
	for range 3000 {
		a := r.NormFloat64()
		b := -.6*a + .8*r.NormFloat64()
		data = append(data, math.Exp(a), b, math.Floor(math.Exp(.7*a+.7*r.NormFloat64())), 5)
	}
	x := trial.Numbers(t, 4, data...)
	draw := newCopulaBlob(x).draw(seed.Stream(1, "copula", 0))
	spearman := func(t *table.Table, a, b int) float64 {
		ra, rb := ranks(t.Raw().Column(a)), ranks(t.Raw().Column(b))
		var sab, saa, sbb float64
		ma, mb := stats.MeanKnown(ra), stats.MeanKnown(rb)
		for i := range ra {
			sab, saa, sbb = sab+(ra[i]-ma)*(rb[i]-mb), saa+(ra[i]-ma)*(ra[i]-ma), sbb+(rb[i]-mb)*(rb[i]-mb)
		}
		return sab / math.Sqrt(saa*sbb)
	}
	for _, pair := range [][2]int{{0, 1}, {0, 2}, {1, 2}} {
		if want, got := spearman(x, pair[0], pair[1]), spearman(draw, pair[0], pair[1]); math.Abs(got-want) > .05 {
			t.Errorf("columns %v: rank correlation %.3f, the data have %.3f", pair, got, want)
		}
	}
	if low, high := slices.Min(draw.Raw().Column(3)), slices.Max(draw.Raw().Column(3)); low != 5 || high != 5 {
		t.Errorf("a constant column varies from %v to %v", low, high)
	}
}

// The tetrachoric correlation: two yes-or-no questions split at the median agree with probability 1/2 + asin(r)/pi.
func TestDeviatesBehindAnswers(t *testing.T) {
	for _, r := range []float64{-.9, -.5, 0, .3, .8, .95} {
		agree := int(math.Round(10_000 * (.5 + math.Asin(r)/math.Pi)))
		var a, b []float64
		for i := range 20_000 {
			a, b = append(a, float64(i%2)), append(b, float64(i%2))
			if i/2 >= agree {
				b[i] = 1 - b[i]
			}
		}
		da, db := newDeviates(len(a), inOrder(a, nil)), newDeviates(len(b), inOrder(b, nil))
		covariance := 0.0
		for i := range a {
			covariance += da.scores[i] * db.scores[i] / float64(len(a))
		}
		if got := da.correlation(db, covariance); math.Abs(got-r) > .01 {
			t.Errorf("correlation %.3f behind answers, want %v", got, r)
		}
	}
}

// at returns the value with a share of u of the customers below it.
func (m margin) at(u float64) float64 {
	piece, low := m.piece(u), 0.0
	if piece > 0 {
		low = m.upTo[piece-1]
	}
	return m.within(piece, min(1, (u-low)/(m.upTo[piece]-low)))
}

// ranks gives equal values the mean of their ranks.
func ranks(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		for _, w := range values {
			switch {
			case w < v:
				out[i]++
			case w == v:
				out[i] += .5
			}
		}
	}
	return out
}
