// Package polygon tells what lies inside an outline.
package polygon

// Holds tells whether a place lies within a ring of places (n, 2), whose last one leads to the first: it counts the edges to the right of the
// place, of which an odd number is crossed inside (Shimrat 1962, doi:10.1145/368637.368653). On an edge it may be either.
func Holds(ring [][2]float64, x, y float64) (inside bool) {
	if len(ring) == 0 {
		return false
	}
	a := ring[len(ring)-1]
	for _, b := range ring {
		if (a[1] > y) != (b[1] > y) && x < a[0]+float64((y-a[1])/(b[1]-a[1])*(b[0]-a[0])) {
			inside = !inside
		}
		a = b
	}
	return inside
}
