package segkit

import "cmp"

// What each criterion of a sweep says, side by side.

// Goal is what a segmentation is for, as plain data: advice and verdict start from it.
type Goal struct {
	Metric      string  // column of the outcome table that the segments should tell apart, such as "spend"
	MinShare    float64 // smallest share of customers, or of value, that is worth a treatment of its own; 0 means .05
	MaxSegments int     // as many as people will act on; 0 means 5
}

// resolved fills in the defaults.
func (g Goal) resolved() Goal {
	g.MinShare, g.MaxSegments = cmp.Or(g.MinShare, .05), cmp.Or(g.MaxSegments, 5)
	return g
}

// Panel lists what each criterion chooses. There is no vote: where criteria disagree, that is the finding.
type Panel struct {
	Criteria []Criterion
}

// Criterion is one way to choose the number of segments, and what it says.
type Criterion struct {
	Name      string  // "silhouette", "gap", …
	K         int     // its choice; 0 where it makes none
	Value     float64 // at that k
	Low, High float64 // interval of Value, NaN where there is none
	Decisive  bool    // the choice stands clear of the next best, and of data without groups
	Says      string  // one sentence
}

// Advice says which number of segments the evidence favours within the limits, where it disagrees, and what another choice costs.
type Advice struct {
	K         int  // favoured, within the limits
	Structure bool // false: no natural segments, any split is a construction
	Sentences []string
}
