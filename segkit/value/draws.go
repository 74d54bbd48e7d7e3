package value

import (
	"math"
	"math/rand/v2"
)

// drawGamma draws from the gamma distribution of a shape and a rate (Marsaglia & Tsang 2000, doi:10.1145/358407.358414).
func drawGamma(r *rand.Rand, shape, rate float64) float64 {
	if shape < 1 {
		return drawGamma(r, shape+1, rate) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		z := r.NormFloat64()
		v := 1 + float64(c*z)
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.Float64()) < z*z/2+d-float64(d*v)+float64(d*math.Log(v)) {
			return d * v / rate
		}
	}
}

// drawBeta draws from the beta distribution of two shapes.
func drawBeta(r *rand.Rand, a, b float64) float64 {
	x, y := drawGamma(r, a, 1), drawGamma(r, b, 1)
	if x+y == 0 { // both too small for a number
		return map[bool]float64{true: 1}[r.Float64()*(a+b) < a]
	}
	return x / (x + y)
}
