// Package segkit turns a table of customers into a few segments that people can act on: the analysis as plain data, and its result.
//
//	Recipe  columns, transforms, method: Fit gives a Model
//	Model   a fitted recipe: scores new customers, is saved as a small file without customers in it (Save, LoadModel)
//
// An analysis goes through the packages around it, each of which answers one question:
//
//	features  what customers did: orders to one row per customer          rfm       recency, frequency and monetary scores
//	table     who they are, and who is in which segment                   prep      what makes two customers alike
//	cluster   which of them form groups                                   choose    how many groups, and can they be trusted
//	describe  who is in each                                              rulebook  how to put it so that a colleague can repeat it
//	judge     is it any good                                              compare   how far do two segmentations agree
//	measure   how far apart are the segments                              campaign  what an offer changes, by a test with a hold-out
//	basket    what is bought together, and what to offer next             predict   who will be in which segment, from what is known early
//	value     who will order again, and what it will be worth             track     how segments live on, and when a model has grown old
//	inspect   what a data file holds, and what it leaves open             chart     every picture
//	combine   orders, visits and answers of the same customers together   typing    which few questions tell the segment of a respondent
//	geo       where customers are, and what is known of such places        privacy   what may be shown, and to whom
//	survey    what respondents said                                       weblog    how visitors use a website: hits to one row per visitor
//
//	var recipe = segkit.Recipe{
//		Columns: []string{"recency", "orders", "basket"},
//		Prep:    []prep.Transformer{prep.Log1p{}, prep.Standardize{}},
//		Method:  cluster.KMeans{K: 4, Seed: 1},
//	}
//	sweep, err := choose.SweepK(customers, recipe, 2, 8) // sweep.Advice() says which k
//	model, err := recipe.Fit(customers)
//	segments, err := model.Score(customers)
//	profile, err := describe.Segments(customers, segments)
//	rules, err := rulebook.Explain(customers, segments, rulebook.Options{})
//	verdict, err := judge.Segments(customers, segments, judge.Options{Outcome: next})
//
// Segments need no clustering: rules, scores and columns can form them too, and everything that takes Segments takes any of these.
// Every result has Sheet, laid out for reading, and Frame, to compute with. Options are struct literals whose zero value works.
// The same input and seed give the same result on any number of processors. Errors are sentences that name the row, the column and
// the remedy (package fault).
package segkit
