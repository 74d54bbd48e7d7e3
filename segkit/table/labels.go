package table

// Noise is the label of a customer whom a method leaves out of every segment.
const Noise = -1

// Labels says which segment each row is in (n): 0..k-1 in order of decreasing weight, ties by first row; Noise = -1.
type Labels []int

// K returns the number of segments: one more than the largest label.
func (l Labels) K() int {
	k := 0
	for _, s := range l {
		k = max(k, s+1)
	}
	return k
}

// Counts returns the number of rows in each segment (k), not counting noise.
func (l Labels) Counts() []int {
	counts := make([]int, l.K())
	for _, s := range l {
		if s >= 0 {
			counts[s]++
		}
	}
	return counts
}

// Renumber gives the rows of segment order[s] the label s; noise stays.
func (l Labels) Renumber(order []int) Labels {
	to := make([]int, len(order))
	for s, old := range order {
		to[old] = s
	}
	out := make(Labels, len(l))
	for i, old := range l {
		out[i] = Noise
		if old >= 0 {
			out[i] = to[old]
		}
	}
	return out
}
