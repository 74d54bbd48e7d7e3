// Package combine brings all traces of the same customers together: orders, visits, answers, demographics. Who has what, do their
// segments agree, and what do segments cost that combine them?
//
//	Tables     joins tables of several sources by customer id into one (Combined): what is not known stays missing
//	Coverage   who has what: how many customers each combination of sources knows
//	Bias       are those whom a source knows like the others
//
//	joined, err := combine.Tables(combine.Sources{{"orders", customers}, {"survey", answers}})
//	basis, err := joined.Basis("survey")      // the customers of the survey; the columns of all other sources describe
//	says, err := recipe.Fit(basis)            // a recipe without columns clusters the answers
//
// A View is how one source divides the customers: the segments of a model, of rules, of a column.
//
//	Agreement  how far do the views agree, beyond chance
//	Cross      a segment for every combination of segments that has enough customers; the rare ones go where least is lost (Combination)
//	Consensus  customers who are together in most views are together (Combination)
//	Price      what combinations cost in stability and number, what they still tell of each view, and whether they say more of what customers did
//
// All is by customer id, on the customers whom the views have in common. Neither the order of sources and views nor that of customers changes
// a result.
package combine
