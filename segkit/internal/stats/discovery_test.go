package stats

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// Fifteen p-values of the original paper (Benjamini & Hochberg 1995, section 3.1): at .05 four are discoveries, where Bonferroni finds three.
func TestFalseDiscoveryFindsFourOfFifteen(t *testing.T) {
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	found := func(q []float64) (n int) {
		for _, v := range q {
			if v <= .05 {
				n++
			}
		}
		return n
	}
	if n := found(FalseDiscovery(p, len(p), false)); n != 4 {
		t.Errorf("%d discoveries, want 4", n)
	}
	// by the definition for any dependence: p * n * (1 + 1/2 + … + 1/n) / rank
	sum := 0.0
	for i := range p {
		sum += 1 / float64(i+1)
	}
	if q := FalseDiscovery(p, len(p), true); math.Abs(q[0]-p[0]*15*sum) > 1e-15 || found(q) != 3 {
		t.Errorf("for any dependence: %v", q)
	}
	// tests that are not there count as many p-values of 1 would
	padded := append(append([]float64{}, p...), 1, 1, 1, 1, 1)
	for i, v := range FalseDiscovery(p, 20, false) {
		if w := FalseDiscovery(padded, 20, false)[i]; v != w {
			t.Errorf("q of %v is %v, among twenty %v", p[i], v, w)
		}
	}
}

func TestHarmonicSumsMeet(t *testing.T) {
	plain := 0.0
	for i := 2_000_000; i > 0; i-- {
		plain += 1 / float64(i)
	}
	if h := harmonic(2_000_000); math.Abs(h-plain) > 1e-12 {
		t.Errorf("%v, want %v", h, plain)
	}
}

// The lady tasting tea (Fisher 1935): three of four cups right has a probability of 17/70, four of 1/70.
func TestFisherOnTheLadyTastingTea(t *testing.T) {
	f := NewFisher(8)
	for both, want := range map[int]float64{4: 1. / 70, 3: 17. / 70, 0: 1} {
		if p := f.More(both, 4, 4, 8); math.Abs(p-want) > 1e-14 {
			t.Errorf("%d cups: %v, want %v", both, p, want)
		}
	}
}

// Against whole numbers of any length.
func TestFisherIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	f := NewFisher(500)
	for range 300 {
		n := 1 + random.IntN(500)
		first, second := random.IntN(n+1), random.IntN(n+1)
		both := max(0, first+second-n) + random.IntN(min(first, second)-max(0, first+second-n)+1)
		sum := func(from, to int) float64 {
			total := new(big.Int)
			for x := from; x <= to; x++ {
				if second-x >= 0 && second-x <= n-first {
					total.Add(total, new(big.Int).Mul(new(big.Int).Binomial(int64(first), int64(x)), new(big.Int).Binomial(int64(n-first), int64(second-x))))
				}
			}
			share, _ := new(big.Rat).SetFrac(total, new(big.Int).Binomial(int64(n), int64(second))).Float64()
			return share
		}
		if got, want := f.More(both, first, second, n), sum(both, min(first, second)); math.Abs(got-want) > 1e-11*want+1e-12 {
			t.Errorf("more than %d of %d, %d, %d: %v, want %v", both, first, second, n, got, want)
		}
		if got, want := f.Fewer(both, first, second, n), sum(0, both); math.Abs(got-want) > 1e-11*want+1e-12 {
			t.Errorf("fewer than %d of %d, %d, %d: %v, want %v", both, first, second, n, got, want)
		}
	}
}
