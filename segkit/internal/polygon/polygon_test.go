package polygon

import "testing"

// A horseshoe, open to the east: what lies between its arms is outside.
var horseshoe = [][2]float64{{0, 0}, {9, 0}, {9, 3}, {3, 3}, {3, 6}, {9, 6}, {9, 9}, {0, 9}}

func TestHolds(t *testing.T) {
	closed := append(horseshoe[:len(horseshoe):len(horseshoe)], horseshoe[0])
	for _, c := range []struct {
		x, y float64
		want bool
	}{{1, 1, true}, {8, 1, true}, {8, 8, true}, {2, 4.5, true}, {6, 4.5, false}, {10, 1, false}, {-1, 1, false}, {1, 10, false}, {1, -1, false}, {-1, 0, false}} {
		if Holds(horseshoe, c.x, c.y) != c.want || Holds(closed, c.x, c.y) != c.want {
			t.Errorf("%g, %g: want %v, of the ring with its first place again at its end, too", c.x, c.y, c.want)
		}
	}
	if Holds(nil, 0, 0) || Holds([][2]float64{{0, 0}}, 0, 0) {
		t.Error("a ring without an area holds a place")
	}
}
