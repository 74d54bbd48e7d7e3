package geo

import (
	"math"

	"github.com/segkit/lab/segkit/internal/sphere"
)

// Point is a place on the earth, in degrees: latitude -90 (south pole) to 90, longitude -180 to 180 (east of Greenwich).
type Point struct{ Latitude, Longitude float64 }

// Distance returns the kilometres between two points along a sphere of the earth's mean radius, by the haversine formula (Sinnott 1984, Virtues of the
// Haversine, Sky and Telescope 68: 159). The earth is not quite a sphere: true distances differ by up to half a percent. Roads are longer.
func Distance(a, b Point) float64 {
	return sphere.Distance(a.Latitude, a.Longitude, b.Latitude, b.Longitude)
}

func (p Point) unit() []float64 { return sphere.Unit(p.Latitude, p.Longitude) }

func (p Point) known() bool { return !math.IsNaN(p.Latitude) }

var nowhere = Point{math.NaN(), math.NaN()}

func (p Point) turned() Point { return Point{p.Longitude, p.Latitude} }

func (p Point) possible() bool { return math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180 }
