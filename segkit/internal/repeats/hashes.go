package repeats

// Hashes collects hashes in memory, and counts the different ones at the end: eight bytes for each that is added. They lie in buckets by their
// first byte, which are counted one after another, so that the table in which they are looked up stays small.
type Hashes struct {
	buckets [256][][]uint64 // pages of page hashes
	added   int
}

// page is how many hashes are made room for at a time.
const page = 512

// Add takes one more hash.
func (h *Hashes) Add(hash uint64) {
	b := &h.buckets[hash>>56]
	if n := len(*b); n == 0 || len((*b)[n-1]) == page {
		*b = append(*b, make([]uint64, 0, page))
	}
	last := &(*b)[len(*b)-1]
	*last = append(*last, hash)
	h.added++
}

// Different is how many different hashes were added.
func (h *Hashes) Different() (n int) {
	var slots []uint64
	for _, pages := range h.buckets {
		size := 1
		for size < 2*page*len(pages) {
			size *= 2
		}
		if len(slots) < size {
			slots = make([]uint64, size)
		}
		clear(slots[:size])
		mask := uint64(size - 1)
		for _, hashes := range pages {
			for _, hash := range hashes {
				hash |= 1 // 0 is free: half a bit of 64 is given up
				p := hash >> 1 & mask
				for slots[p] != 0 && slots[p] != hash {
					p = (p + 1) & mask
				}
				if slots[p] == 0 {
					slots[p] = hash
					n++
				}
			}
		}
	}
	return n
}

// Again is how many were added that had been added before.
func (h *Hashes) Again() int { return h.added - h.Different() }
