package segkit

// Is it any good? What every textbook demands of segments, checked.

// Grade is the outcome of one check.
type Grade uint8

const (
	NotJudged Grade = iota // what it needs was not given
	Fail
	Weak
	Pass
)

// Check is one demand on a solution or on one of its segments, and how it is met.
type Check struct {
	Demand    string // "few", "exclusive", "homogeneous", "distinct", "stable", "substantial", "identifiable", "actionable"
	Grade     Grade
	Value     float64 // the number it rests on, NaN where there is none
	Low, High float64 // interval of Value, NaN where there is none
	Says      string  // one sentence with the number
}

// Verdict is what Judge finds: the goal's metric first, then every demand on the solution, then on each segment.
type Verdict struct {
	Metric   Check // does the goal's metric, measured after the as-of date, differ between the segments?
	Solution []Check
	Names    []string  // (k)
	Segments [][]Check // (k x demands)
	Natural  bool      // false: no natural segments, a construction that may still be useful
	Summary  string
}
