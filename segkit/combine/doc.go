// Package combine brings together all data about the same customers: orders, visits, answers, demographics. Which sources know
// whom, do their segments agree, and what does it cost to combine them?
//
//	Tables     joins tables of several sources by customer id into one (Combined); what is unknown stays missing
//	Coverage   how many customers each combination of sources knows
//	Bias       whether those whom a source knows are like the others
//
//	joined, err := combine.Tables(combine.Sources{{"orders", customers}, {"survey", answers}})
//	basis, err := joined.Basis("survey")      // the customers of the survey; the columns of all other sources describe
//	says, err := recipe.Fit(basis)            // a recipe without columns clusters the answers
//
// A View is how one source divides the customers: the segments of a model, of rules, of a column.
//
//	Agreement  how far the views agree, beyond chance
//	Cross      a segment for every combination of segments with enough customers; rare ones go where least is lost (Combination)
//	Consensus  segments of customers who are together in most views (Combination)
//	Price      what combinations cost in stability and number, what they still say about each view, and whether they say more about what customers did
//
// Everything is joined by customer id, on the customers whom the views have in common. Neither the order of sources and views nor that of
// customers changes a result.
package combine
