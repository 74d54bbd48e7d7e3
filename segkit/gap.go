package segkit

// GapStatistic compares log costs with those of data without groups (Tibshirani, Walther & Hastie 2001,
// doi:10.1111/1467-9868.00293).
type GapStatistic struct {
	Method    string
	Reference Reference
	Draws     int
	K         []int     // (ks)
	LogCost   []float64 // (ks) ln of the cost on the data
	Expected  []float64 // (ks) its mean on the reference draws
	Gap       []float64 // (ks) Expected - LogCost
	SE        []float64 // (ks) standard error of Gap: sd of the draws times sqrt(1 + 1/Draws)
}

// Reference is the shape of the data without groups that a gap statistic compares with.
type Reference uint8

const (
	UniformBox    Reference = iota // uniform over the range of every column
	PrincipalAxes                  // uniform over the range along the principal axes
)

// GapRule chooses a number of segments from a gap curve.
type GapRule uint8

const (
	FirstSEMax    GapRule = iota // the first k within SE of the first local maximum, as R's clusGap prefers
	Tibs2001SEMax                // the first k with Gap(k) >= Gap(k+1) - SE(k+1), as in the paper
	GlobalSEMax                  // the first k within SE of the largest gap
	FirstMax                     // the first local maximum
	GlobalMax                    // the largest gap
)
