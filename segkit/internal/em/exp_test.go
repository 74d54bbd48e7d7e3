package em

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exact is e to the power of x by the series, to 200 bits.
func exact(x float64) *big.Float {
	sum, term := big.NewFloat(1).SetPrec(200), big.NewFloat(1).SetPrec(200)
	half := new(big.Float).SetPrec(200).SetFloat64(x / 64) // a power of two: exact
	for i := 1; i < 60; i++ {
		term.Mul(term, half).Quo(term, big.NewFloat(float64(i)))
		sum.Add(sum, term)
	}
	for range 6 {
		sum.Mul(sum, sum)
	}
	return sum
}

// Powers are right to a unit in the last place, at the ends and where the table's entries meet.
func TestExp(t *testing.T) {
	if exp(0) != 1 {
		t.Errorf("exp(0) = %v", exp(0))
	}
	r := rand.New(rand.NewPCG(1, 2))
	worst := 0.0
	for i := range 20_000 {
		x := negligible * r.Float64()
		switch i % 4 {
		case 1:
			x = math.Nextafter(-float64(r.IntN(1700))*math.Ln2/64, -float64(r.IntN(2)))
		case 2:
			x = -math.Exp(-40 * r.Float64())
		}
		got, want := new(big.Float).SetPrec(200).SetFloat64(exp(x)), exact(x)
		off, _ := new(big.Float).Quo(got.Sub(got, want), want).Float64()
		worst = max(worst, math.Abs(off))
	}
	if worst > 0x1p-52 {
		t.Errorf("off by up to %.3g of the value", worst)
	}
}

func BenchmarkExp(b *testing.B) {
	for _, f := range []struct {
		name string
		exp  func(float64) float64
	}{{"here", exp}, {"math", math.Exp}} {
		b.Run(f.name, func(b *testing.B) {
			sum := 0.0
			for i := range b.N {
				sum += f.exp(-float64(i%37) / 1.01)
			}
			if sum < 0 {
				b.Fatal(sum)
			}
		})
	}
}
