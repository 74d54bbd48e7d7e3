// Package heap keeps rows by a number, the smallest on top: a binary heap (Williams 1964, doi:10.1145/512274.512284). Elements
// are plain data of one type, so that comparisons compile to two instructions.
package heap

// Item is a row and the number that it is ordered by; ties go to the lower row.
type Item struct {
	Key float64
	Row int32
}

func (a Item) before(b Item) bool { return a.Key < b.Key || a.Key == b.Key && a.Row < b.Row }

// Heap has its smallest item at 0.
type Heap []Item

// Order makes a heap of items in any order. It costs their number.
func (h Heap) Order() {
	for at := len(h)/2 - 1; at >= 0; at-- {
		h.sink(at)
	}
}

// Push puts an item in.
func (h *Heap) Push(item Item) {
	*h = append(*h, item)
	all := *h
	for at := len(all) - 1; at > 0; {
		parent := (at - 1) / 2
		if !all[at].before(all[parent]) {
			return
		}
		all[at], all[parent] = all[parent], all[at]
		at = parent
	}
}

// Pop takes the smallest item out.
func (h *Heap) Pop() {
	last := len(*h) - 1
	(*h)[0] = (*h)[last]
	*h = (*h)[:last]
	h.sink(0)
}

// Replace puts an item in the place of the smallest.
func (h Heap) Replace(item Item) {
	h[0] = item
	h.sink(0)
}

func (h Heap) sink(at int) {
	for {
		child := 2*at + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(h[at]) {
			return
		}
		h[at], h[child] = h[child], h[at]
		at = child
	}
}
