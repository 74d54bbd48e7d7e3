// Package value asks who will order again, and what it will be worth: how many orders to expect, who has left without a word, and what
// a customer will bring in the time ahead.
//
//	summary, err := value.Summarize(clean, asOf)     // days with an order: how many, the last, since when, and what they brought
//	buying, err := value.BGNBD{}.Fit(summary)        // when customers order and when they leave
//	spend, err := value.GammaGamma{}.Fit(summary)    // what an order brings
//	ahead, err := buying.Forecast(summary, value.Horizon{Days: 365, Spend: spend, Discount: .1})
//	worth, err := ahead.By(segments)                 // sums with intervals, and what is at risk
//	proof, err := buying.Holdout(summary)            // beside what was held out, beside "as last time" and beside nothing
//	shown, err := proof.By(segments)                 // the same by segment; in money, too, with value.Horizon{Spend: spend}
//
// Models of customers without a contract, who leave without saying so:
//
//	BGNBD      a customer may leave after each repeat order, and orders at a steady pace until then (Fader, Hardie & Lee 2005)
//	MBGNBD     the same, but a customer may also leave after the first order (Batislam, Denizel & Filiztekin 2007)
//	ParetoNBD  a customer may leave at any time (Schmittlein, Morrison & Colombo 1987)
//	NBD        nobody leaves: the baseline for the others (Ehrenberg 1959)
//
// Models of other customers, and what can be said without one:
//
//	BGBB                  yes or no at every occasion, without a contract: gifts, visits to a match (Fader, Hardie & Shang 2010)
//	ShiftedBetaGeometric  contracts that are renewed or not (Fader & Hardie 2007)
//	SurvivalOf            how long customers stay, where leaving has a date, and whether segments differ (Kaplan & Meier 1958)
//	ChurnScore            who will leave, by any predictor, learned from others for whom it is known
//
// All models are fitted by maximum likelihood with exact gradients from several starts. An Estimate says how certain its parameters are, whether
// the search converged, and in Doubts what the data cannot tell.
//
// What a model says about a customer is not what an offer would change. The customers at risk are a list for a test, not a list of
// customers who can be kept.
package value
