package segkit

import (
	"errors"
	"math"
	"slices"
	"testing"
)

func TestTopIsSortedStableAndKeepsRowsTogether(t *testing.T) {
	nan := math.NaN()
	x, err := NewTable([]string{"a", "b", "c", "d", "e"}, []Column{{Name: "spend"}, {Name: "orders"}},
		[]float64{5, 1, nan, 2, 9, 3, 5, 4, 9, 5})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int][]string{-1: {}, 0: {}, 3: {"c", "e", "a"}, 9: {"c", "e", "a", "d", "b"}} {
		top, err := x.Top(n, "spend")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(top.IDs(), want) {
			t.Errorf("Top(%d) = %v, want %v", n, top.IDs(), want)
		}
		if n == 3 && top.At(2, 1) != 1 {
			t.Errorf("row of a is %v: rows were torn apart", top.Row(2))
		}
	}
	if _, err := x.Top(3, "sepnd"); !errors.Is(err, ErrMissingColumn) {
		t.Errorf("Top by a column that is not there: %v", err)
	}
}
