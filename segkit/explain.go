package segkit

// Segments said as rules, with what the saying costs.

// RuleOptions are the choices of Explain.
type RuleOptions struct {
	Columns       []string // to speak of; nil means the columns that formed the segments where they are known, else all features
	MaxConditions int      // in one rule; 0 means 3
	Folds         int      // of the cross-validation; 0 means 5
	Seed          int      // of the folds
}

// Explanation is a rule book that says segments made otherwise, and how well it does. Its Rules are exclusive.
type Explanation struct {
	RuleBook
	Of       *Segments      // what is explained
	Evidence []RuleEvidence // (rules)
	Fidelity Fidelity       // of the whole, on the customers it was made from
	Held     Fidelity       // the same cross-validated: rules made without the customers they are tried on
	Shorter  []Fidelity     // with at most 1, 2, … MaxConditions conditions, cross-validated
}

// RuleEvidence is how well one rule says its segment.
type RuleEvidence struct {
	Segment   string
	Customers int     // whom the rule takes
	Coverage  float64 // share of all customers whom it takes
	Precision float64 // share of them who are in the segment
	Recall    float64 // share of the segment whom it takes
	Lift      float64 // Precision / share of the segment among all
}

// Fidelity is how far rules and segments agree.
type Fidelity struct {
	Conditions   int     // at most so many in a rule
	Accuracy     float64 // share of customers who get their own segment
	AdjustedRand float64
}
