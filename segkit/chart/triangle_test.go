package chart

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

func TestAlikeThingsStandTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Things of one group are more alike than any of two groups: every group must come out in one piece.
		group := rapid.SliceOfN(rapid.IntRange(0, 4), 1, 14).Draw(t, "group")
		within, across := rapid.Float64Range(0.6, 1), rapid.Float64Range(-1, 0.5)
		names := make([]string, len(group))
		for i := range names {
			names[i] = fmt.Sprint(i)
		}
		p, _ := newPairwise(names, func(i, j int) (float64, error) {
			if group[i] == group[j] {
				return within.Draw(t, "within"), nil
			}
			return across.Draw(t, "across"), nil
		})
		order := p.similar(func(v float64) float64 { return v })
		seen := slices.Sorted(slices.Values(order))
		for i := range group {
			if seen[i] != i {
				t.Fatalf("order %v misses %d", order, i)
			}
		}
		changes, kinds := 0, map[int]bool{}
		for a, i := range order {
			kinds[group[i]] = true
			if a > 0 && group[i] != group[order[a-1]] {
				changes++
			}
		}
		if changes != len(kinds)-1 {
			t.Fatalf("order %v of groups %v breaks a group", order, group)
		}
	})
	if order := (pairwise{}).similar(math.Abs); len(order) != 0 {
		t.Errorf("nothing has the order %v", order)
	}
}

func TestPickKeepsPairs(t *testing.T) {
	p, _ := newPairwise([]string{"a", "b", "c"}, func(i, j int) (float64, error) { return float64(10*max(i, j) + min(i, j)), nil })
	got := p.pick([]int{2, 0})
	if got.names[0] != "c" || got.names[1] != "a" || got.value[0][1] != 20 || got.value[1][0] != 20 {
		t.Errorf("%v", got)
	}
}

func TestCoefficientsFitTheirCells(t *testing.T) {
	for v, want := range map[float64][2]string{0.421: {"0.42", ".42"}, -0.421: {"−0.42", "−.42"}, 0.999: {"1.00", "1"}, -1: {"−1.00", "−1"}, 0: {"0.00", ".00"}} {
		if wide, narrow := coefficient(v, 60), coefficient(v, 20); wide != want[0] || narrow != want[1] {
			t.Errorf("%v is written %q and %q, want %q", v, wide, narrow, want)
		}
	}
	narrowest := (defaultWidth - 2*margin - 8 - widestName - 8) / (mostCorrelated - 1)
	if room := sans(small).Width(coefficient(-0.44, narrowest)); room > narrowest {
		t.Errorf("a number of %v in a cell of %v", room, vg.Length(narrowest))
	}
}
