package basket

import "math"

// Measures say how a consequent goes with an antecedent, from four counts: the baskets with both, with each, and in all.
type Measures struct {
	Support    float64 // share of all baskets with both
	Confidence float64 // share of the baskets with the antecedent that also have the consequent
	Lift       float64 // how many times as often as if they were independent (Brin et al. 1997, doi:10.1145/253260.253325)
	Leverage   float64 // share of all baskets with both, less the share expected by chance (Piatetsky-Shapiro 1991)
	Conviction float64 // how many times as often the rule would fail by chance; infinite if it never fails, though by chance it would (Brin et al. 1997)
	Zhang      float64 // -1 never together, 0 by chance, 1 always (Zhang 2000, "Association rules", PAKDD, doi:10.1007/3-540-45571-X_31)
	Jaccard    float64 // baskets with both, as a share of those with either
	Certainty  float64 // how far the antecedent moves the share of the consequent towards 1 (or towards 0), as a part of the whole way
	Kulczynski float64 // mean of the confidences in both directions
}

// Measure computes the measures from counts of baskets: with both sides, with the antecedent, with the consequent, and in all.
// Anything undefined, as when an antecedent never occurs, is NaN.
func Measure(both, antecedent, consequent, all int) Measures {
	n := float64(all)
	s, a, c := float64(both)/n, float64(antecedent)/n, float64(consequent)/n
	confidence := float64(both) / float64(antecedent)
	m := Measures{
		Support:    s,
		Confidence: confidence,
		Lift:       float64(both) * n / (float64(antecedent) * float64(consequent)),
		Leverage:   s - float64(a*c),
		Conviction: math.Inf(1),
		Jaccard:    float64(both) / float64(antecedent+consequent-both),
		Kulczynski: (confidence + float64(both)/float64(consequent)) / 2,
	}
	if both < antecedent || antecedent == 0 || consequent == all {
		m.Conviction = (1 - c) / (1 - confidence)
	}
	if d := max(s*(1-a), a*(c-s)); d > 0 {
		m.Zhang = m.Leverage / d
	} else if antecedent == 0 || consequent == 0 {
		m.Zhang = math.NaN()
	}
	switch {
	case confidence > c:
		m.Certainty = (confidence - c) / (1 - c)
	case confidence < c:
		m.Certainty = (confidence - c) / c
	case confidence != confidence:
		m.Certainty = math.NaN()
	}
	return m
}
