package segkit

// How a solution fares when the customers are drawn again.

// StabilityOptions are the choices of Stability beside the method's own.
type StabilityOptions struct {
	Pairs int // pairs of bootstrap samples; 0 means 50
	Draws int // one-group draws on which the same is done, for comparison; 0 means 5, negative means none
	Seed  int
}

// Stabilities says how a method's solution fares when the customers are drawn again: as a whole, segment by segment, and
// customer by customer.
type Stabilities struct {
	Method    string
	K         int // segments of the solution
	Pairs     int
	Segments  *Segments          // the solution on all customers, that everything below speaks of
	Rand      []float64          // (Pairs) adjusted Rand between the two solutions of a pair, each extended to all customers
	Mean      float64            // of Rand
	Low, High float64            // interval of Mean, 95 %
	Null      []float64          // (draws) Mean on data with one group; nil where that was not asked for
	Each      []SegmentStability // (K)
	Survival  []float64          // (n) share of resamples that put the customer into the same segment, NaN for noise
}

// SegmentStability is the stability of one segment within its solution (SLSw).
type SegmentStability struct {
	Name      string
	Size      int
	Jaccard   []float64 // (Pairs) best overlap with a segment of a resample, mean of the two of the pair
	Mean      float64
	Dissolved float64   // share of resamples in which the best overlap is .5 or less
	Recovered float64   // share in which it is .75 or more
	Null      []float64 // (draws) Mean of the segment of the same rank in size on data with one group; nil where not asked for
}
