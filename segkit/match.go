package segkit

// Two segmentations of the same customers side by side: which segment of one continues which of the other.

// Matching says how the segments of one segmentation continue those of another, so that a segment keeps its number and its
// colour from k to k, from run to run, from month to month.
type Matching struct {
	From, To     *Segments // as given
	Customers    int       // whom both know
	Counts       [][]int   // (From.K() x To.K()) customers in both segments; noise is left out
	Of           []int     // (To.K()) the segment of From that each segment of To continues, -1 for a new one
	Jaccard      []float64 // (To.K()) overlap with it: customers in both / in either; NaN for a new one
	AdjustedRand float64   // of the two, over the customers both know; NaN where undefined
}
