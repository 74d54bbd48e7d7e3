package heap

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is put in and taken out, the items come in the order of a sorted list, ties by row.
func TestItemsComeOutInOrder(t *testing.T) {
	order := func(a, b Item) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Row, b.Row)) }
	rapid.Check(t, func(t *rapid.T) {
		item := rapid.Custom(func(t *rapid.T) Item {
			return Item{float64(rapid.IntRange(0, 5).Draw(t, "key")), rapid.Int32Range(0, 9).Draw(t, "row")}
		})
		h := Heap(rapid.SliceOfN(item, 0, 20).Draw(t, "first"))
		sorted := slices.SortedFunc(slices.Values(h), order)
		h.Order()
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			switch step := rapid.IntRange(0, 2).Draw(t, "step"); {
			case step == 0:
				v := item.Draw(t, "item")
				h.Push(v)
				sorted = append(sorted, v)
			case len(h) == 0:
				continue
			case step == 1:
				h.Pop()
				sorted = sorted[1:]
			default:
				v := item.Draw(t, "item")
				h.Replace(v)
				sorted[0] = v
			}
			slices.SortFunc(sorted, order)
			if len(h) != len(sorted) || len(h) > 0 && h[0] != sorted[0] {
				t.Fatalf("%v is on top of %v, want that of %v", h[:min(1, len(h))], h, sorted)
			}
		}
		for len(h) > 0 {
			if h[0] != sorted[0] {
				t.Fatalf("%v comes before %v", h[0], sorted[0])
			}
			h.Pop()
			sorted = sorted[1:]
		}
	})
}
