package geo

import "math"

// Point is a place on the earth, in degrees: latitude -90 (south pole) to 90, longitude -180 to 180 (east of Greenwich).
type Point struct{ Latitude, Longitude float64 }

// earthRadius is the mean radius in km: (2a + b) / 3 of the ellipsoid GRS 80 (Moritz 2000, doi:10.1007/s001900050278).
const earthRadius = 6371.0088

// Distance returns the kilometres between two points along the sphere, by the haversine formula (Sinnott 1984, Virtues of the Haversine,
// Sky and Telescope 68: 159), which keeps its digits for near points. The earth is not quite a sphere: true distances differ by up
// to half a per cent. Roads are longer.
func Distance(a, b Point) float64 {
	half := func(degrees float64) float64 { s := math.Sin(radians(degrees) / 2); return float64(s * s) }
	h := half(b.Latitude-a.Latitude) + float64(math.Cos(radians(a.Latitude))*math.Cos(radians(b.Latitude))*half(b.Longitude-a.Longitude))
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// unit is the point on the sphere of radius 1 (3): straight lines between such points order as the ways along the sphere do.
func (p Point) unit() []float64 {
	south, east := math.Sincos(radians(p.Latitude))
	y, x := math.Sincos(radians(p.Longitude))
	return []float64{float64(east * x), float64(east * y), south}
}

// chord2 is the square of the straight line between two units that are so many km apart; 4 is across the whole sphere.
func chord2(km float64) float64 {
	if km >= math.Pi*earthRadius {
		return math.Inf(1)
	}
	s := 2 * math.Sin(km/earthRadius/2)
	return float64(s * s)
}

func (p Point) known() bool { return !math.IsNaN(p.Latitude) }

var nowhere = Point{math.NaN(), math.NaN()}

func (p Point) turned() Point { return Point{p.Longitude, p.Latitude} }

func (p Point) possible() bool { return math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180 }
