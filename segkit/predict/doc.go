// Package predict says who will be in which segment, from what is known early: a prospect's answers, a customer's first order.
//
//	Random, Stratified, ByGroup, ByTime  split the customers into those to learn from and a hold-out (Split)
//	Fit        trains a Predictor to name the segment (Classifier), which then names those of others (Predictions) and can be saved
//	Classifier.Evaluate  judges it on unseen customers (Report), compared with naming the largest segment and with guessing
//	Prove      does all of this: segments from the training part only, the hold-out labelled by the frozen model, and a null
//	Classifier.Prospects, Lookalikes  rank customers by likeness to a segment, or to customers of your choice (Likeness)
//
// That a segment can be predicted does not prove that it exists: k-means cuts even a single cloud of customers into parts, and a forest
// can distinguish these parts almost without error. Prove therefore does the same with data from one group, and the report shows both.
//
// Predictors are options whose zero value works: LargestSegment, StratifiedGuess, NearestCenter, Neighbors, Logistic, Tree,
// Forest, Boosted, and Tuned, which chooses among others by cross-validation within the training part. They accept numbers,
// categories and missing values, return probabilities, and give exactly the same result on any number of processors.
package predict
