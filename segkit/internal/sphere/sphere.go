// Package sphere measures ways along the earth, taken for a ball.
package sphere

import "math"

// Radius is the mean radius of the earth in km: (2a + b) / 3 of the ellipsoid GRS 80 (Moritz 2000, doi:10.1007/s001900050278).
const Radius = 6371.0088

// Distance returns the kilometres between two places in degrees, by the haversine formula (Sinnott 1984, Virtues of the Haversine, Sky and
// Telescope 68: 159), which keeps its digits for near places.
func Distance(latitude, longitude, toLatitude, toLongitude float64) float64 {
	half := func(degrees float64) float64 { s := math.Sin(Radians(degrees) / 2); return float64(s * s) }
	h := half(toLatitude-latitude) + float64(math.Cos(Radians(latitude))*math.Cos(Radians(toLatitude))*half(toLongitude-longitude))
	return 2 * Radius * math.Asin(math.Sqrt(min(h, 1)))
}

func Radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// Unit is the place on the ball of radius 1 (3): straight lines between such places order as the ways along the ball do.
func Unit(latitude, longitude float64) []float64 {
	up, out := math.Sincos(Radians(latitude))
	y, x := math.Sincos(Radians(longitude))
	return []float64{float64(out * x), float64(out * y), up}
}

// Chord2 is the square of the straight line between two units that are so many km apart; infinite for more than half the way around.
func Chord2(km float64) float64 {
	if km >= math.Pi*Radius {
		return math.Inf(1)
	}
	s := 2 * math.Sin(km/Radius/2)
	return float64(s * s)
}
