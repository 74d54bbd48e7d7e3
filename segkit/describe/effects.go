package describe

import (
	"cmp"
	"math"
	"slices"

	"github.com/segkit/lab/segkit/internal/effect"
)

const (
	etaName  = "eta squared"
	CramersV = "Cramér's V"
)

// effectOf is what was measured, before the tests of all columns are adjusted.
func effectOf(measure string, s effect.Size) Effect {
	return Effect{Measure: measure, Value: s.Value, Low: s.Low, High: s.High, P: s.P, Adjusted: math.NaN()}
}

// adjust fills in Adjusted of the effects that have a P and are not circular, by Holm (1979, Scandinavian Journal of Statistics
// 6:65-70): the smallest P counts as often as there are tests, the next once less, and none less than the one before.
func adjust(effects []Effect) {
	var order []int
	for j, e := range effects {
		if !e.Circular && !math.IsNaN(e.P) {
			order = append(order, j)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(effects[a].P, effects[b].P) })
	least := 0.0
	for i, j := range order {
		least = max(least, min(1, float64(len(order)-i)*effects[j].P))
		effects[j].Adjusted = least
	}
}
