package overlap

import (
	"math"
	"slices"
	"testing"

	"github.com/segkit/lab/segkit/table"
)

// Two segments without customers have no overlap, neither none nor all; one of them beside another that has some has none.
func TestJaccardOfNothing(t *testing.T) {
	o := New(table.Labels{0, 0, table.Noise}, table.Labels{0, 0, 0}, 2, 2) // segment 1 is empty on both sides
	for _, c := range []struct {
		a, b int
		want float64
	}{{0, 0, 2. / 3}, {0, 1, 0}, {1, 0, 0}, {1, 1, math.NaN()}} {
		if got := o.Jaccard(c.a, c.b); got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%d and %d: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	if best, _ := Recovered(table.Labels{0, 0, 2}, table.Labels{1, 1, 1}, 3); best[0] != 2./3 || !math.IsNaN(best[1]) || best[2] != 1./3 {
		t.Errorf("recovered %v: a segment that was not drawn has no overlap", best)
	}
}

func TestUsed(t *testing.T) {
	rows, columns := Used([][]int{{0, 0, 0}, {0, 3, 0}, {1, 2, 0}})
	if !slices.Equal(rows, []int{1, 2}) || !slices.Equal(columns, []int{0, 1}) {
		t.Errorf("rows %v, columns %v", rows, columns)
	}
	if rows, columns := Used([][]int{{0}}); rows != nil || columns != nil {
		t.Errorf("nothing counted: rows %v, columns %v", rows, columns)
	}
}
