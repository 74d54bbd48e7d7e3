package vec

import (
	"math/rand/v2"
	"testing"
)

func benchData(n, d, k int) (x, c []float64) {
	r := rand.New(rand.NewPCG(1, 2))
	x, c = make([]float64, n*d), make([]float64, k*d)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	for i := range c {
		c[i] = r.NormFloat64()
	}
	return
}

func BenchmarkNearest(b *testing.B) {
	const n, d, k = 2048, 6, 5
	x, c := benchData(n, d, k)
	l, q := make([]int32, n), make([]float64, n)
	for b.Loop() {
		Nearest(x, d, c, l, q)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/k, "ns/distance")
}
